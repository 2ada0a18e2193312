/* agestanza.c -- see age_in.h: a stanza taken apart and written, of whatever
 * kind. */
#include "blob/age_in.h"

#include "codec/b64.h"
#include "crypto/aead.h"

enum {
	KINDS_SHOWN_MAX = 5,	/* kinds of recipients in a message */
	KIND_SHOWN_MAX = 32,	/* bytes of each */
};

/* The key is for this alone, so that its nonce may be the same. */
static const uint8_t nonce[AEAD_NONCE_SIZE];

static struct slice
first_arg(struct slice *args)
{
	struct slice arg = slice_head(*args, slice_find(*args, ' '));

	*args = slice_from(*args, arg.n + 1);
	return arg;
}

bool
age_stanza(struct slice *s, struct age_stanza *out)
{
	struct slice rest = *s;
	size_t n;

	if (rest.n == 0)
		return false;
	rest = slice_from(rest, strlen(AGE_ARROW));
	n = slice_find(rest, '\n');
	out->args = slice_head(rest, n);
	out->type = first_arg(&out->args);
	rest = slice_from(rest, n + 1);
	out->body = rest;
	do {
		n = slice_find(rest, '\n');
		rest = slice_from(rest, n + 1);
	} while (n == AGE_COLUMNS);
	out->body.n -= rest.n;
	*s = rest;
	return true;
}

void
age_body(const struct age_stanza *st, struct buf *out)
{
	struct slice rest = st->body;
	struct err e;
	size_t n;

	for (; rest.n > 0; rest = slice_from(rest, n + 1)) {
		n = slice_find(rest, '\n');
		(void)b64_decode(slice_head(rest, n), B64_STD | B64_NOPAD,
		    out, &e);
	}
}

void
age_wrap(struct slice kek, struct slice file_key, struct buf *out)
{
	struct buf body = {0};
	struct aead *a;
	struct err e;

	if (aead_start(AEAD_CHACHA20_POLY1305, kek, &a, &e) < 0)
		return;
	aead_seal(a, slice_of(nonce, sizeof nonce), slice_of(NULL, 0),
	    file_key, &body);
	aead_free(a);
	age_put_body(slice_buf(&body), out);
	buf_free(&body);
}

int
age_unwrap(struct slice kek, const struct age_stanza *st, struct buf *out,
    struct err *e)
{
	struct buf body = {0};
	struct aead *a;
	int ret = -1;

	age_body(st, &body);
	if (aead_start(AEAD_CHACHA20_POLY1305, kek, &a, e) == 0) {
		ret = aead_open(a, slice_of(nonce, sizeof nonce),
		    slice_of(NULL, 0), slice_buf(&body), out, e);
		aead_free(a);
	}
	buf_free(&body);
	return ret;
}

void
age_put_body(struct slice bytes, struct buf *out)
{
	struct buf text = {0};
	struct slice rest;

	b64_encode(bytes, B64_STD, &text);
	rest = slice_buf(&text);
	/* the last line is shorter, if need be empty */
	for (; rest.n >= AGE_COLUMNS; rest = slice_from(rest, AGE_COLUMNS)) {
		buf_add(out, slice_head(rest, AGE_COLUMNS));
		buf_addc(out, '\n');
	}
	buf_add(out, rest);
	buf_addc(out, '\n');
	buf_free(&text);
}

/* Name the kinds of recipients in the order of the header. */
int
age_refuse(const struct age_head *h, struct err *e)
{
	struct slice shown[KINDS_SHOWN_MAX], rest = h->stanzas;
	struct buf list = {0};
	struct age_stanza st;
	size_t n = 0, i;
	bool more = false;

	while (age_stanza(&rest, &st)) {
		for (i = 0; i < n && !slice_eq(shown[i], st.type); i++)
			;
		if (i < n)
			continue;
		if (n == KINDS_SHOWN_MAX) {
			more = true;
			continue;
		}
		shown[n++] = st.type;
		buf_adds(&list, n > 1 ? ", " : "");
		buf_add(&list, slice_head(st.type, KIND_SHOWN_MAX));
	}
	(void)err_set(e, E_NO, "not sealed for this key; kinds of its "
	    "recipients: %.*s%s", (int)list.n, (const char *)list.p,
	    more ? ", and more" : "");
	buf_free(&list);
	if (n == 1 && slice_is(shown[0], "scrypt"))
		return err_hint(e, "a passphrase opens it: "
		    "--passphrase-file or --passphrase, without -k");
	return -1;
}
