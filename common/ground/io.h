/* io.h -- whole files in, whole files out.  The only user of read(2) and
 * write(2) on files.  Ground. */
#ifndef GROUND_IO_H
#define GROUND_IO_H

#include "ground/buf.h"
#include "ground/err.h"

/* How a result may be written. */
enum {
	IO_BINARY = 1,	/* refuse a terminal (E_USAGE) unless it is "-o -" */
	IO_SECRET = 2,	/* mode 0600; refuse a terminal likewise, and a
			 * regular file others can read as standard output */
	IO_NEW = 4,	/* refuse a file that is there (E_SYSTEM) */
};

/* Occupy standard descriptors that came closed, so that no file or socket
 * opened later can be taken for one; opt_parse() calls it. */
void io_start(void);

/* Append all of path to out, or of standard input if path is NULL or "-".
 * More than max bytes is E_INPUT; what the system refuses E_SYSTEM. */
int io_read(const char *path, size_t max, struct buf *out, struct err *);

/* path is NULL or "-": a standard stream is meant. */
bool io_is_std(const char *path);

/* What to call path in a message: "standard input" for NULL and "-". */
const char *io_name(const char *path);

/* A result under way: to standard output if path is NULL or "-", else beside
 * path and renamed onto it by io_commit(), so that path is whole or
 * untouched.  A path that is a device or a pipe is written to directly. */
struct io_out {
	const char *path;	/* for messages */
	/* NULL when written directly; self is the file by its descriptor */
	const char *final, *temp, *self;
	int fd, dir;		/* dir: final's; -1 if there is none */
	unsigned how;
	bool kept, named;	/* the names by names.h; temp exists */
};

/* Make ready what io_open() with the same path and how will take, so that
 * from there to the end no file is opened and only names kept by names.h are
 * linked, renamed or unlinked: before guard_filter().  path must last. */
int io_prepare(const char *path, unsigned how, struct err *);
/* The directory of the ith result made ready, -1 if it is none's (written
 * directly, or not asked for any more); false behind the last. */
bool io_prepared(size_t i, int *dir);

int io_open(const char *path, unsigned how, struct io_out *, struct err *);
int io_put(struct io_out *, struct slice, struct err *);
/* Sync, close and rename.  After it, or after io_drop(), o is done with. */
int io_commit(struct io_out *, struct err *);
/* Give up: nothing appears under the final name. */
void io_drop(struct io_out *);

/* The three in one. */
int io_write(const char *path, unsigned how, struct slice, struct err *);

/* Refuse early, before work is done, what io_open() would refuse later. */
int io_may_write(const char *path, unsigned how, struct err *);

#endif
