/* split.c -- see split.h.  Bytes are looked at once, whatever the pieces they
 * come in. */
#include "blob/split.h"

#include <stdlib.h>

/* Of a document. */
enum { BEGIN, FIRST, NEXT, IN, AFTER, END };

enum records_kind
records_kind_named(const char *name)
{
	return strcmp(name, "json") == 0 ? RECORDS_JSON :
	    strcmp(name, "lines") == 0 ? RECORDS_LINES :
	    strcmp(name, "csv") == 0 ? RECORDS_CSV : RECORDS_AUTO;
}

static void
add(struct split *s, struct spans *out, size_t at, size_t end)
{
	if (out->n == out->cap) {
		out->cap = out->cap > 0 ? 2 * out->cap : 64;
		out->v = reallocarray(out->v, out->cap, sizeof *out->v);
		if (out->v == NULL)
			err_nomem();
	}
	out->v[out->n++] = (struct span){at, end - at, s->number};
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static int
too_large(const struct split *s, struct err *e)
{
	if (s->one) {
		(void)err_set(e, E_INPUT, "a document of more than %d bytes "
		    "that is one record", RECORD_MAX);
		return err_hint(e, "arrays of records and JSON lines may be "
		    "of any size");
	}
	(void)err_set(e, E_INPUT, "more than %d bytes", RECORD_MAX);
	return s->kind == RECORDS_JSON ?
	    err_in(e, ".[%ju]", (uintmax_t)s->number) :
	    err_in(e, s->kind == RECORDS_LINES ? "line %ju" : "record %ju",
	    (uintmax_t)s->number);
}

/* --- JSON --- */

static int
wrong(const struct split *s, const char *why, struct err *e)
{
	return err_set(e, E_INPUT, "json: %s after .[%ju]", why,
	    (uintmax_t)s->number - (s->number > 0));
}

/* The classes of bytes that end a run of what does not matter. */
enum { QUOTE = 1, OPEN, CLOSE, STOP };

static const uint8_t classes[256] = {
	['"'] = QUOTE, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE,
	[']'] = CLOSE, [','] = STOP, [' '] = STOP, ['\n'] = STOP,
	['\t'] = STOP, ['\r'] = STOP,
};

/* Behind the end of the string that pos is in; false if it is not there. */
static bool
skip_string(struct split *s, struct slice text)
{
	const uint8_t *q;
	size_t i, end;

	for (;;) {
		q = memchr(text.p + s->pos, '"', text.n - s->pos);
		end = q != NULL ? (size_t)(q - text.p) : text.n;
		/* the quote counts if no odd number of backslashes is before */
		for (i = end; i > s->start && text.p[i - 1] == '\\'; i--)
			continue;
		if (q == NULL) {
			/* look at the backslashes again, with what follows */
			s->pos = i;
			return false;
		}
		s->pos = end + 1;
		if ((end - i) % 2 == 0) {
			s->string = false;
			return true;
		}
	}
}

/* The value that pos is in: true once it has ended, at pos. */
static bool
skip_value(struct split *s, struct slice text)
{
	uint8_t class;

	while (s->pos < text.n) {
		if (s->string) {
			if (!skip_string(s, text))
				return false;
			if (s->depth == 0)
				return true;
			continue;
		}
		class = classes[text.p[s->pos]];
		if (s->depth == 0 && s->pos > s->start && class != 0 &&
		    class != QUOTE && class != OPEN)
			return true;
		s->pos++;
		if (class == QUOTE)
			s->string = true;
		else if (class == OPEN)
			s->depth++;
		else if (class == CLOSE && s->depth > 0 && --s->depth == 0)
			return true;
	}
	return false;
}

/* What a byte outside of the records means. */
static int
between(struct split *s, uint8_t c, struct err *e)
{
	switch (s->state) {
	case BEGIN:
		s->one = c != '[';
		s->state = s->one ? IN : FIRST;
		break;
	case FIRST:
	case NEXT:
		if (c == ',' || (c == ']' && s->state == NEXT))
			return wrong(s, "no value", e);
		s->state = c == ']' ? END : IN;
		break;
	case AFTER:
		if (c != ',' && c != ']')
			return wrong(s, "neither a comma nor the end of the "
			    "array", e);
		s->state = c == ',' ? NEXT : END;
		break;
	default:
		(void)err_set(e, E_INPUT, "json: text after the value");
		return err_hint(e, "one value in each line is read too; "
		    "--records lines insists on it, and jq -c . makes "
		    "it; a table is --records csv");
	}
	if (s->state == IN) {
		s->start = s->pos;
		s->depth = 0;
		s->string = false;
	} else {
		s->pos++;
	}
	return 0;
}

static int
json_end(struct split *s, struct slice text, struct spans *out,
    struct err *e)
{
	if (s->state == IN && s->one) {
		/* whether it is whole is for the reader of it */
		add(s, out, s->start, text.n);
		s->number++;
		s->state = END;
	}
	if (s->state == BEGIN)
		return err_set(e, E_INPUT, "json: ends too early at offset "
		    "%zu", text.n);
	return s->state == END ? 0 : wrong(s, "ends too early", e);
}

static int
json_more(struct split *s, struct slice text, bool end, struct spans *out,
    struct err *e)
{
	while (s->pos < text.n) {
		if (s->state != IN && blank(text.p[s->pos])) {
			s->pos++;
			continue;
		}
		if (s->state != IN && between(s, text.p[s->pos], e) < 0)
			return -1;
		if (s->state != IN)
			continue;
		if (!skip_value(s, text))
			break;
		add(s, out, s->start, s->pos);
		s->number++;
		s->state = s->one ? END : AFTER;
	}
	return end ? json_end(s, text, out, e) : 0;
}

/* --- lines --- */

static int
lines_more(struct split *s, struct slice text, bool end, struct spans *out)
{
	const uint8_t *lf;
	struct slice line;
	size_t stop;

	if (s->number == 0)
		s->number = 1;
	while (s->start < text.n) {
		lf = memchr(text.p + s->pos, '\n', text.n - s->pos);
		if (lf == NULL && !end) {
			s->pos = text.n;
			break;
		}
		stop = lf != NULL ? (size_t)(lf - text.p) : text.n;
		line = slice_trim(slice_of(text.p + s->start,
		    stop - s->start));
		if (line.n > 0)
			add(s, out, (size_t)(line.p - text.p),
			    (size_t)(line.p - text.p) + line.n);
		s->number++;
		s->pos = s->start = lf != NULL ? stop + 1 : text.n;
	}
	return 0;
}

/* --- CSV --- */

/* A row ends with the line's end outside of quotes, which is LF or CR LF. */
static void
row(struct split *s, struct slice text, size_t stop, bool lf,
    struct spans *out)
{
	size_t end = stop;

	if (end > s->start && text.p[end - 1] == '\r')
		end--;
	/* nothing behind the last line end is no row */
	if (lf || stop > s->start) {
		add(s, out, s->start, end);
		s->number++;
	}
	s->pos = s->start = lf ? stop + 1 : text.n;
}

static int
csv_more(struct split *s, struct slice text, bool end, struct spans *out,
    struct err *e)
{
	const uint8_t *lf = NULL, *q;
	size_t limit;

	while (s->pos < text.n) {
		if (s->quoted) {
			q = memchr(text.p + s->pos, '"', text.n - s->pos);
			s->quoted = q == NULL;
			s->pos = q != NULL ? (size_t)(q - text.p) + 1 : text.n;
			continue;
		}
		if (lf == NULL || lf < text.p + s->pos)
			lf = memchr(text.p + s->pos, '\n', text.n - s->pos);
		limit = lf != NULL ? (size_t)(lf - text.p) : text.n;
		q = memchr(text.p + s->pos, '"', limit - s->pos);
		if (q != NULL) {
			s->quoted = true;
			s->pos = (size_t)(q - text.p) + 1;
		} else if (lf != NULL) {
			row(s, text, limit, true, out);
		} else {
			s->pos = text.n;
		}
	}
	if (!end)
		return 0;
	if (s->quoted)
		return err_set(e, E_INPUT, "record %ju: a quote that is not "
		    "closed", (uintmax_t)s->number);
	row(s, text, text.n, false, out);
	return 0;
}

int
split_more(struct split *s, struct slice text, bool end, struct spans *out,
    size_t *cut, struct err *e)
{
	int ret;

	ret = s->kind == RECORDS_JSON ? json_more(s, text, end, out, e) :
	    s->kind == RECORDS_LINES ? lines_more(s, text, end, out) :
	    csv_more(s, text, end, out, e);
	*cut = s->kind != RECORDS_JSON || s->state == IN ? s->start : s->pos;
	if (ret == 0 && text.n - *cut > RECORD_MAX)
		ret = too_large(s, e);
	return ret;
}

void
split_taken(struct split *s, size_t n)
{
	s->pos -= n;
	s->start -= s->start > n ? n : s->start;
}

enum records_kind
split_recognise(struct slice head, bool all)
{
	struct split s = {.kind = RECORDS_JSON, .state = IN};
	struct slice rest;

	while (s.pos < head.n && blank(head.p[s.pos]))
		s.pos++;
	s.start = s.pos;
	if (s.pos == head.n || !skip_value(&s, head))
		return all ? RECORDS_JSON : RECORDS_AUTO;
	rest = slice_from(head, s.pos);
	if (slice_trim(rest).n == 0)
		return all ? RECORDS_JSON : RECORDS_AUTO;
	/* a value over several lines is none of a list of lines */
	if (slice_find(slice_of(head.p + s.start, s.pos - s.start), '\n') <
	    s.pos - s.start)
		return RECORDS_JSON;
	return slice_find(rest, '\n') < (size_t)(slice_trim(rest).p - rest.p) ?
	    RECORDS_LINES : RECORDS_JSON;
}
