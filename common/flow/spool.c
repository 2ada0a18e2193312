/* spool.c -- see spool.h. */
#include "flow/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ground/io.h"

enum { PIECE = 256 << 10 };	/* bytes copied at once */

static int
copy(struct source *s, struct io_out *o, struct err *e)
{
	struct buf piece = {0};
	bool last = false;
	int ret = 0;

	while (ret == 0 && !last) {
		piece.n = 0;
		ret = source_take(s, PIECE, &piece, &last, e);
		if (ret == 0)
			ret = io_put(o, slice_buf(&piece), e);
	}
	buf_free(&piece);
	return ret;
}

int
spool(struct source *s, struct err *e)
{
	const char *dir = getenv("TMPDIR");
	struct io_out o;

	if (s->sized)
		return 0;
	if (dir == NULL || *dir == '\0')
		dir = "/var/tmp";
	o = (struct io_out){.path = dir, .fd = open(dir, O_RDWR | O_TMPFILE |
	    O_CLOEXEC, 0600)};
	if (o.fd < 0)
		return err_sys(e, "%s", dir);
	if (copy(s, &o, e) < 0) {
		(void)close(o.fd);
		return -1;
	}
	if (s->fd > STDERR_FILENO)
		(void)close(s->fd);
	s->fd = o.fd;
	s->size = s->taken;
	s->sized = true;
	return source_again(s, e);
}
