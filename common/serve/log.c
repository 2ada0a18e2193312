/* log.c -- see log.h. */
#include "serve/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ground/text.h"
#include "value/json.h"

struct log {
	int fd;
	enum log_level level;
	bool json;
};

static const struct {
	const char *name;
	enum log_level level;
} levels[] = {
	{"error", LOG_ERROR}, {"warning", LOG_WARNING}, {"info", LOG_INFO},
	{"debug", LOG_DEBUG}, {"warn", LOG_WARNING}, {"trace", LOG_DEBUG},
	{"fatal", LOG_ERROR}, {"panic", LOG_ERROR},
};

bool
log_level_by_name(const char *name, enum log_level *out)
{
	size_t i;

	for (i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strcmp(name, levels[i].name) == 0) {
			*out = levels[i].level;
			return true;
		}
	return false;
}

int
log_open(const char *path, enum log_level level, bool json, struct log **out,
    struct err *e)
{
	struct log *log;
	int fd = STDERR_FILENO;

	if (path != NULL && (fd = open(path, O_WRONLY | O_APPEND | O_CREAT |
	    O_CLOEXEC, 0640)) < 0)
		return err_sys(e, "%s", path);
	if ((log = calloc(1, sizeof *log)) == NULL)
		err_nomem();
	*log = (struct log){.fd = fd, .level = level, .json = json};
	*out = log;
	return 0;
}

void
log_close(struct log *log)
{
	if (log->fd != STDERR_FILENO)
		(void)close(log->fd);
	free(log);
}

/* Without the formatting functions of the C library, which would cost a
 * short answer as much as all the rest. */
static void
name(struct log_line *l, const char *text)
{
	if (l->json)
		buf_adds(&l->text, l->text.n == 0 ? "{\"" : ",\"");
	else if (l->text.n > 0)
		buf_addc(&l->text, ' ');
	buf_adds(&l->text, text);
	buf_adds(&l->text, l->json ? "\":" : "=");
}

/* The time in UTC; a thread writes the seconds anew once they change. */
static void
add_time(struct buf *out)
{
	static _Thread_local time_t second = -1;
	static _Thread_local char when[32];
	struct timespec t;
	struct tm tm;
	long ms;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	if (t.tv_sec != second) {
		(void)gmtime_r(&t.tv_sec, &tm);
		(void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S.", &tm);
		second = t.tv_sec;
	}
	ms = t.tv_nsec / 1000000;
	buf_adds(out, when);
	buf_addc(out, (uint8_t)('0' + ms / 100));
	buf_addc(out, (uint8_t)('0' + ms / 10 % 10));
	buf_addc(out, (uint8_t)('0' + ms % 10));
	buf_addc(out, 'Z');
}

void
log_begin(const struct log *log, enum log_level level, struct log_line *l)
{
	*l = (struct log_line){.json = log->json};
	name(l, "time");
	if (l->json)
		buf_addc(&l->text, '"');
	add_time(&l->text);
	if (l->json)
		buf_addc(&l->text, '"');
	log_text(l, "level", slice_str(levels[level].name));
}

/* logfmt has quotes where a value is more than a word. */
static bool
is_word(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"' ||
		    s.p[i] == '=' || s.p[i] == '\\')
			return false;
	return s.n > 0;
}

void
log_text(struct log_line *l, const char *what, struct slice value)
{
	struct buf shown = {0};

	name(l, what);
	if (!l->json && is_word(value)) {
		buf_add(&l->text, value);
		return;
	}
	text_escape(value, &shown);
	json_quote(slice_buf(&shown), &l->text);
	buf_free(&shown);
}

void
log_number(struct log_line *l, const char *what, long value)
{
	char digits[24];
	size_t at = sizeof digits;
	unsigned long left = value < 0 ? 0 - (unsigned long)value :
	    (unsigned long)value;

	name(l, what);
	do
		digits[--at] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		digits[--at] = '-';
	buf_add(&l->text, slice_of(digits + at, sizeof digits - at));
}

/* In one write(2), so that lines of threads do not mix. */
void
log_end(struct log *log, enum log_level level, struct log_line *l)
{
	ssize_t done;

	if (l->json)
		buf_addc(&l->text, '}');
	buf_addc(&l->text, '\n');
	if (level <= log->level) {
		done = write(log->fd, l->text.p, l->text.n);
		/* nowhere to complain to if this fails */
		(void)done;
	}
	buf_free(&l->text);
}

void
log_say(struct log *log, enum log_level level, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX + ERR_HINT_MAX];
	struct log_line l;
	va_list ap;

	if (level > log->level)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	log_begin(log, level, &l);
	log_text(&l, "msg", slice_str(text));
	log_end(log, level, &l);
}
