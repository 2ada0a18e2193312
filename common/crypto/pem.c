/* pem.c -- see pem_in.h. */
#include "crypto/pem_in.h"

#include "codec/b64.h"

static const char begins[] = "-----BEGIN ";
static const char ends[] = "-----END ";
static const char dashes[] = "-----";

static bool
eat(struct slice *s, const char *text)
{
	if (!slice_starts(*s, text))
		return false;
	*s = slice_from(*s, strlen(text));
	return true;
}

/* Blanks up to and with the end of the line, or of the text. */
static bool
eat_eol(struct slice *s)
{
	while (s->n > 0 && (s->p[0] == ' ' || s->p[0] == '\t' ||
	    s->p[0] == '\r'))
		*s = slice_from(*s, 1);
	if (s->n > 0 && s->p[0] != '\n')
		return false;
	*s = slice_from(*s, 1);
	return true;
}

/* "LABEL-----" and the end of the line. */
static bool
eat_label(struct slice *s, struct slice *label)
{
	*label = slice_head(*s, slice_search(*s, dashes));
	if (label->n == s->n || label->n == 0 ||
	    slice_find(*label, '\n') < label->n)
		return false;
	*s = slice_from(*s, label->n);
	return eat(s, dashes) && eat_eol(s);
}

/* The headers end with an empty line; base64 has no colon. */
static void
split(struct slice inside, struct pem *p)
{
	size_t n = 0, lf, crlf;

	if (slice_find(inside, ':') < inside.n) {
		lf = slice_search(inside, "\n\n");
		crlf = slice_search(inside, "\n\r\n");
		n = lf < crlf ? lf + 2 : crlf + 3;
	}
	p->headers = slice_head(inside, n);
	p->body = slice_from(inside, n);
}

int
pem_take(struct slice *text, struct pem *out, struct err *e)
{
	struct slice s = slice_trim(*text), inside, label;
	struct pem p;

	if (!eat(&s, begins) || !eat_label(&s, &p.label))
		return err_set(e, E_INPUT, "PEM: no BEGIN line");
	inside = slice_head(s, slice_search(s, ends));
	s = slice_from(s, inside.n);
	if (!eat(&s, ends) || !eat_label(&s, &label) ||
	    !slice_eq(label, p.label))
		return err_set(e, E_INPUT, "PEM: no line ends the %.*s",
		    (int)slice_head(p.label, 64).n, (const char *)p.label.p);
	split(inside, &p);
	*out = p;
	*text = s;
	return 0;
}

bool
pem_find(struct slice *text)
{
	struct slice s = *text;

	while (!slice_starts(s, begins)) {
		s = slice_from(s, slice_find(s, '\n'));
		if (s.n == 0)
			return false;
		s = slice_from(s, 1);
	}
	*text = s;
	return true;
}

int
pem_decode(const struct pem *p, struct buf *der, struct err *e)
{
	if (p->headers.n > 0)
		return err_set(e, E_INPUT, "PEM: headers where none belong");
	if (b64_decode(p->body, B64_STD | B64_PAD | B64_CRLF | B64_BLANK,
	    der, e) < 0)
		return err_in(e, "PEM");
	return 0;
}

void
pem_write(const char *label, struct slice der, struct buf *out)
{
	struct buf text = {0};
	struct slice s;

	b64_encode(der, B64_STD | B64_PAD, &text);
	buf_addf(out, "%s%s%s\n", begins, label, dashes);
	for (s = slice_buf(&text); s.n > 0; s = slice_from(s, 64)) {
		buf_add(out, slice_head(s, 64));
		buf_addc(out, '\n');
	}
	buf_addf(out, "%s%s%s\n", ends, label, dashes);
	buf_free(&text);
}

int
der_take(struct slice *s, uint8_t tag, const char *what, struct slice *value,
    struct err *e)
{
	size_t i, bytes = 0, n = 0;

	if (s->n < 2 || s->p[0] != tag)
		goto bad;
	if (s->p[1] < 0x80) {
		n = s->p[1];
	} else {
		bytes = s->p[1] & 0x7f;
		/* X.690 10.1: definite, in as few bytes as will do */
		if (bytes < 1 || bytes > 4 || s->n < 2 + bytes || s->p[2] == 0)
			goto bad;
		for (i = 0; i < bytes; i++)
			n = n << 8 | s->p[2 + i];
		if (n < 0x80)
			goto bad;
	}
	if (n > s->n - 2 - bytes)
		return err_set(e, E_INPUT, "%s: truncated", what);
	*value = slice_head(*s, 2 + bytes + n);
	*s = slice_from(*s, value->n);
	return 0;
bad:
	return err_set(e, E_INPUT, "%s: not DER", what);
}

int
der_whole(struct slice s, uint8_t tag, const char *what, struct err *e)
{
	struct slice value;

	if (der_take(&s, tag, what, &value, e) < 0)
		return -1;
	return s.n == 0 ? 0 : err_set(e, E_INPUT, "%s: %zu bytes behind its "
	    "end", what, s.n);
}
