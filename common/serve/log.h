/* log.h -- one line an event, logfmt or JSON: when, how grave, and what.
 * No token, key, bearer or body is ever given to it.  World; safe with
 * threads. */
#ifndef SERVE_LOG_H
#define SERVE_LOG_H

#include "ground/buf.h"
#include "ground/err.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* By the names that logrus has ("warn", "trace" too); false if it is none. */
bool log_level_by_name(const char *, enum log_level *);

struct log;
/* Lines up to level go to path, appended, or to standard error if it is
 * NULL. */
int log_open(const char *path, enum log_level, bool json, struct log **,
    struct err *);
void log_close(struct log *);

/* A line under way; {0} is empty. */
struct log_line {
	struct buf text;
	bool json;
};
/* Begin one, with the time and the level. */
void log_begin(const struct log *, enum log_level, struct log_line *);
void log_text(struct log_line *, const char *name, struct slice value);
void log_number(struct log_line *, const char *name, long value);
/* Write it, if its level is wanted, and release it. */
void log_end(struct log *, enum log_level, struct log_line *);

/* The line that has nothing but a message. */
void log_say(struct log *, enum log_level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
