/* agehead.c -- see age_in.h: the grammar of a header, to the byte.  Anyone can
 * write one, so that all of it is parsed before a key is put to work. */
#include "blob/age_in.h"

#include "codec/b64.h"

enum { ARG_SHOWN_MAX = 32 };	/* bytes of a version in a message */

static const char dashes[] = "--- ";

/* The text ahead, and how far it is. */
struct lines {
	struct slice rest;
	unsigned at;		/* of the line taken last, from 1 */
	bool whole;		/* no more text could be had */
};

static int
wrong(const struct lines *l, struct err *e, const char *why)
{
	return err_set(e, E_INPUT, "header line %u: %s", l->at, why);
}

static int
ended(const struct lines *l, struct err *e)
{
	if (!l->whole)
		return err_set(e, E_INPUT, "header: more than %d bytes",
		    AGE_HEADER_MAX);
	return err_set(e, E_INPUT, "header: cut short");
}

/* Take a line, its LF left out. */
static int
take_line(struct lines *l, struct slice *line, struct err *e)
{
	size_t n = slice_find(l->rest, '\n');

	if (n == l->rest.n)
		return ended(l, e);
	l->at++;
	*line = slice_head(l->rest, n);
	l->rest = slice_from(l->rest, n + 1);
	if (n > 0 && line->p[n - 1] == '\r')
		return wrong(l, e, "CR LF, and the header is no text to "
		    "convert");
	return 0;
}

/* Arguments: visible ASCII, one space between two. */
static bool
are_args(struct slice s)
{
	bool space = true;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' ? space : s.p[i] < '!' || s.p[i] > '~')
			return false;
		space = s.p[i] == ' ';
	}
	return !space;
}

/* Append the bytes of one line of base64. */
static int
decode_line(struct slice line, struct buf *out, struct err *e)
{
	return b64_decode(line, B64_STD | B64_NOPAD, out, e);
}

/* Full lines, then one that is shorter. */
static int
take_body(struct lines *l, struct err *e)
{
	struct buf bytes = {0};
	struct slice line;
	int ret;

	do {
		ret = take_line(l, &line, e);
		if (ret == 0 && line.n > AGE_COLUMNS)
			ret = wrong(l, e, "longer than 64 characters");
		if (ret == 0 && decode_line(line, &bytes, e) < 0)
			ret = err_in(e, "header line %u", l->at);
	} while (ret == 0 && line.n == AGE_COLUMNS);
	buf_free(&bytes);
	return ret;
}

/* One stanza of text that is not yet known to be one. */
static int
take_stanza(struct lines *l, struct age_head *h, bool *scrypt, struct err *e)
{
	struct slice from = l->rest, line;
	struct age_stanza st = {0};
	unsigned at;

	if (take_line(l, &line, e) < 0)
		return -1;
	at = l->at;
	if (!slice_starts(line, AGE_ARROW))
		return wrong(l, e, "neither \"-> ...\" nor \"--- ...\"");
	if (!are_args(slice_from(line, strlen(AGE_ARROW))))
		return wrong(l, e, "no arguments with single spaces between");
	if (take_body(l, e) < 0)
		return -1;
	if (++h->count > AGE_STANZAS_MAX)
		return err_set(e, E_INPUT, "header: more than %d stanzas",
		    AGE_STANZAS_MAX);
	(void)age_stanza(&from, &st);
	if (slice_is(st.type, "scrypt"))
		*scrypt = true;
	if (*scrypt && h->count > 1)
		return err_set(e, E_INPUT, "header line %u: a scrypt stanza "
		    "beside another", at);
	if (age_stanza_check(&st, e) < 0)
		return err_in(e, "header line %u", at);
	return 0;
}

/* The line of the HMAC, which ends the header. */
static int
take_mac(struct lines *l, struct age_head *h, struct err *e)
{
	struct buf mac = {0};
	struct slice line;
	int ret;

	if (take_line(l, &line, e) < 0)
		return -1;
	line = slice_from(line, strlen(dashes));
	if (decode_line(line, &mac, e) < 0)
		ret = err_in(e, "header line %u", l->at);
	else if (mac.n != sizeof h->mac)
		ret = wrong(l, e, "no HMAC of 32 bytes");
	else
		ret = 0;
	if (ret == 0)
		memcpy(h->mac, mac.p, sizeof h->mac);
	buf_free(&mac);
	return ret;
}

static int
take_version(struct lines *l, struct err *e)
{
	struct slice line;

	if (take_line(l, &line, e) < 0)
		return -1;
	if (!slice_starts(line, AGE_FAMILY))
		return wrong(l, e, "not \"age-encryption.org/v1\"");
	line = slice_from(line, strlen(AGE_FAMILY));
	if (!slice_is(line, "v1"))
		return err_set(e, E_INPUT, "version %.*s, and only v1 is known",
		    (int)slice_head(line, ARG_SHOWN_MAX).n,
		    (const char *)line.p);
	return 0;
}

int
age_head_parse(struct slice head, struct age_head *out, struct err *e)
{
	struct lines l = {.whole = head.n < AGE_HEADER_MAX};
	struct age_head h = {0};
	bool scrypt = false;
	const uint8_t *end;

	if (head.p == NULL)
		return ended(&l, e);
	head = slice_head(head, AGE_HEADER_MAX);
	l.rest = head;
	if (take_version(&l, e) < 0)
		return -1;
	h.stanzas = l.rest;
	while (!slice_starts(l.rest, dashes))
		if (take_stanza(&l, &h, &scrypt, e) < 0)
			return -1;
	end = l.rest.p;
	h.stanzas.n = (size_t)(end - h.stanzas.p);
	/* up to and with the dashes, without their space */
	h.signs = slice_head(head, (size_t)(end - head.p) +
	    strlen(dashes) - 1);
	if (take_mac(&l, &h, e) < 0)
		return -1;
	if (h.count == 0)
		return err_set(e, E_INPUT, "header: no recipient");
	if (l.rest.n < AGE_NONCE_SIZE)
		return ended(&l, e);
	h.nonce = slice_head(l.rest, AGE_NONCE_SIZE);
	h.size = (size_t)(h.nonce.p - head.p) + AGE_NONCE_SIZE;
	*out = h;
	return 0;
}
