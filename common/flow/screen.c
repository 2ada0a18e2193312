/* screen.c -- see screen.h. */
#include "flow/screen.h"

#include "ground/text.h"

static int
insist(struct err *e)
{
	return err_hint(e, "name a file with -o, or insist with -o -");
}

int
screen_put(struct screen *s, struct slice in, struct err *e)
{
	if (in.n > SCREEN_MAX - s->text.n) {
		(void)err_set(e, E_USAGE, "refusing to write more than %d "
		    "bytes to a terminal", SCREEN_MAX);
		return insist(e);
	}
	buf_add(&s->text, in);
	return 0;
}

int
screen_end(struct screen *s, struct io_out *out, struct err *e)
{
	if (text_is_plain(slice_buf(&s->text)))
		return io_put(out, slice_buf(&s->text), e);
	(void)err_set(e, E_USAGE, "refusing to write binary data to a "
	    "terminal");
	return insist(e);
}

void
screen_free(struct screen *s)
{
	buf_free(&s->text);
}
