/* agewrap.c -- see age_in.h: what the kinds of stanza have in common. */
#include "blob/age_in.h"

#include "codec/b64.h"
#include "crypto/aead.h"

enum {
	KINDS_SHOWN_MAX = 5,	/* kinds of recipients in a message */
	KIND_SHOWN_MAX = 32,	/* bytes of each */
};

/* The key is for this alone, so that its nonce may be the same. */
static const uint8_t nonce[AEAD_NONCE_SIZE];

static const struct age_kind kinds[] = {
	{"X25519", KEY_X25519, age_curve_check, age_curve_open,
	    age_curve_seal},
	{"ssh-rsa", KEY_RSA, age_ssh_check, age_ssh_open, age_ssh_seal},
	{"ssh-ed25519", KEY_ED25519, age_curve_check, age_curve_open,
	    age_curve_seal},
	{"scrypt", KEY_PASS, age_scrypt_check, age_scrypt_open,
	    age_scrypt_seal},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

int
age_kind_of(const struct key *key, const struct age_kind **out, struct err *e)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (kinds[i].type == key_type(key)) {
			*out = &kinds[i];
			return 0;
		}
	return err_set(e, E_INPUT, "key: age takes RSA, Ed25519, X25519 or a "
	    "passphrase");
}

int
age_stanza_check(const struct age_stanza *st, struct err *e)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (slice_is(st->type, kinds[i].name))
			return kinds[i].check(st, e);
	return 0;
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
