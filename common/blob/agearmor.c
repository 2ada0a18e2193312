/* agearmor.c -- see agearmor.h. */
#include "blob/agearmor.h"

#include "codec/b64.h"

enum { COLUMNS = 64 };	/* characters of a full line */

static const char first[] = "-----BEGIN AGE ENCRYPTED FILE-----";
static const char final[] = "-----END AGE ENCRYPTED FILE-----";

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool
agearmor_is(struct slice head)
{
	size_t n = 0;

	while (n < head.n && n < AGEARMOR_BLANK_MAX && blank(head.p[n]))
		n++;
	return slice_starts(slice_from(head, n), first);
}

static int
wrong(const struct agearmor *a, struct err *e, const char *why)
{
	return err_set(e, E_INPUT, "armor: line %ju: %s",
	    (uintmax_t)a->lines + 1, why);
}

/* Move text past the blanks it begins with, as many as may stand there. */
static int
skip_blanks(struct agearmor *a, struct slice *text, struct err *e)
{
	for (; text->n > 0 && blank(text->p[0]);
	    *text = slice_from(*text, 1)) {
		if (++a->blanks > AGEARMOR_BLANK_MAX)
			return wrong(a, e, "too much white space");
		a->indent = text->p[0] != '\n';
		if (!a->indent)
			a->lines++;
	}
	return 0;
}

/* A line of base64, its end left out. */
static int
decode(struct agearmor *a, struct slice line, struct buf *out, struct err *e)
{
	size_t was = out->n;

	if (line.n == 0)
		return wrong(a, e, "empty");
	if (line.n > COLUMNS)
		return wrong(a, e, "longer than 64 characters");
	if (b64_decode(line, B64_STD | B64_PAD, out, e) < 0)
		return err_in(e, "armor: line %ju", (uintmax_t)a->lines + 1);
	if (out->n - was < AGEARMOR_LINE)
		a->state = AGEARMOR_SHORT;
	return 0;
}

/* A whole line, its LF left out. */
static int
take(struct agearmor *a, struct slice line, struct buf *out, struct err *e)
{
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (a->state == AGEARMOR_BEFORE) {
		if (a->indent || !slice_is(line, first))
			return wrong(a, e,
			    "not \"-----BEGIN AGE ENCRYPTED FILE-----\"");
		a->state = AGEARMOR_INSIDE;
		a->blanks = 0;
	} else if (slice_is(line, final)) {
		a->state = AGEARMOR_BEHIND;
		a->indent = false;
	} else if (a->state == AGEARMOR_SHORT) {
		return wrong(a, e,
		    "not \"-----END AGE ENCRYPTED FILE-----\" after a line "
		    "that is not full");
	} else if (decode(a, line, out, e) < 0) {
		return -1;
	}
	a->lines++;
	return 0;
}

/* Take the next line off text, or keep what there is of it. */
static int
next(struct agearmor *a, struct slice *text, struct buf *out, struct err *e)
{
	size_t n = slice_find(*text, '\n');
	struct slice part = slice_head(*text, n), line = part;

	/* the LF is not kept */
	if (part.n > sizeof a->line - 1 - a->n)
		return wrong(a, e, "longer than 64 characters");
	if (a->n > 0 || n == text->n) {
		if (part.n > 0)
			memcpy(a->line + a->n, part.p, part.n);
		a->n += part.n;
		line = slice_of(a->line, a->n);
	}
	if (n < text->n) {
		a->n = 0;
		if (take(a, line, out, e) < 0)
			return -1;
	}
	*text = slice_from(*text, n + 1);
	return 0;
}

static int
pieces(struct agearmor *a, struct slice text, struct buf *out, struct err *e)
{
	while (text.n > 0) {
		if ((a->state == AGEARMOR_BEFORE && a->n == 0) ||
		    a->state == AGEARMOR_BEHIND) {
			if (skip_blanks(a, &text, e) < 0)
				return -1;
			if (text.n > 0 && a->state == AGEARMOR_BEHIND)
				return wrong(a, e, "text behind the armor");
		}
		if (text.n > 0 && next(a, &text, out, e) < 0)
			return -1;
	}
	return 0;
}

int
agearmor_more(struct agearmor *a, struct slice text, struct buf *out,
    struct err *e)
{
	size_t was = out->n;

	if (pieces(a, text, out, e) < 0) {
		buf_cut(out, was);
		return -1;
	}
	return 0;
}

int
agearmor_end(const struct agearmor *a, struct err *e)
{
	bool inside = a->state == AGEARMOR_INSIDE ||
	    a->state == AGEARMOR_SHORT;

	if (a->state == AGEARMOR_BEHIND ||
	    (inside && slice_is(slice_of(a->line, a->n), final)))
		return 0;
	return err_set(e, E_INPUT, "armor: cut short in line %ju",
	    (uintmax_t)a->lines + 1);
}

static void
begin(struct agearmor_out *a, struct buf *out)
{
	if (!a->begun) {
		buf_adds(out, first);
		buf_addc(out, '\n');
	}
	a->begun = true;
}

static void
put_line(struct slice bytes, struct buf *out)
{
	b64_encode(bytes, B64_STD | B64_PAD, out);
	buf_addc(out, '\n');
}

void
agearmor_put(struct agearmor_out *a, struct slice in, struct buf *out)
{
	size_t n;

	begin(a, out);
	while (a->n + in.n >= AGEARMOR_LINE) {
		n = AGEARMOR_LINE - a->n;
		if (a->n > 0) {
			memcpy(a->rest + a->n, in.p, n);
			put_line(slice_of(a->rest, AGEARMOR_LINE), out);
			a->n = 0;
		} else {
			put_line(slice_head(in, n), out);
		}
		in = slice_from(in, n);
	}
	if (in.n > 0)
		memcpy(a->rest + a->n, in.p, in.n);
	a->n += in.n;
}

void
agearmor_put_end(struct agearmor_out *a, struct buf *out)
{
	begin(a, out);
	if (a->n > 0)
		put_line(slice_of(a->rest, a->n), out);
	a->n = 0;
	buf_adds(out, final);
	buf_addc(out, '\n');
}
