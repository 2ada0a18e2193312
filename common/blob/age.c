/* age.c -- see age.h. */
#include "blob/age.h"

#include "codec/b64.h"
#include "blob/age_in.h"

bool
age_is(struct slice head)
{
	return slice_starts(head, AGE_FAMILY);
}

void
age_mac(struct slice file_key, struct slice signs, uint8_t out[SHA256_SIZE])
{
	struct buf key = {0};

	hash_hkdf(HASH_SHA256, file_key, slice_of(NULL, 0),
	    slice_str("header"), buf_more(&key, SHA256_SIZE), SHA256_SIZE);
	hash_hmac(HASH_SHA256, slice_buf(&key), signs, out);
	buf_free(&key);
}

static int
check_mac(const struct age_head *h, struct slice file_key, struct err *e)
{
	uint8_t mac[SHA256_SIZE];

	age_mac(file_key, h->signs, mac);
	if (!slice_eq(slice_of(mac, sizeof mac),
	    slice_of(h->mac, sizeof h->mac)))
		return err_set(e, E_NO, "decryption failed");
	return 0;
}

int
age_open(struct slice head, const struct key *key, size_t *used,
    struct chunks **out, struct err *e)
{
	const struct age_kind *kind;
	struct buf file_key = {0};
	struct age_head h;
	int ret;

	if (age_head_parse(head, &h, e) < 0 || age_kind_of(key, &kind, e) < 0)
		return err_in(e, "age");
	ret = kind->open(&h, key, &file_key, e);
	/* "decryption failed" stays the one text it is */
	if (ret < 0 && e->code == E_INPUT)
		(void)err_in(e, "age");
	if (ret == 0)
		ret = check_mac(&h, slice_buf(&file_key), e);
	if (ret == 0) {
		*out = age_chunks(slice_buf(&file_key), h.nonce, false);
		*used = h.size;
	}
	buf_free(&file_key);
	return ret;
}

/* The file would be no safer than its weakest recipient. */
static int
mixed(struct err *e)
{
	(void)err_set(e, E_USAGE, "%s beside recipients that a quantum "
	    "computer opens", AGE_PQ);
	return err_hint(e, "give recipients of that kind alone, or seal a file "
	    "for the others");
}

/* Append the header for the file key. */
static int
write_head(const struct key *const *to, size_t n, struct slice file_key,
    struct buf *out, struct err *e)
{
	const struct age_kind *kind;
	uint8_t mac[SHA256_SIZE];
	size_t i;

	buf_adds(out, AGE_VERSION);
	for (i = 0; i < n; i++) {
		if (age_kind_of(to[i], &kind, e) < 0)
			return -1;
		/* who opens it by the passphrase knows who made it */
		if (kind->type == KEY_PASS && n > 1)
			return err_set(e, E_USAGE, "a passphrase must be the "
			    "only recipient");
		if ((kind->type == KEY_XWING) != (key_type(to[0]) == KEY_XWING))
			return mixed(e);
		if (kind->seal(to[i], file_key, out, e) < 0)
			return -1;
	}
	buf_adds(out, "---");
	age_mac(file_key, slice_buf(out), mac);
	buf_addc(out, ' ');
	b64_encode(slice_of(mac, sizeof mac), B64_STD, out);
	buf_addc(out, '\n');
	if (out->n + AGE_NONCE_SIZE > AGE_HEADER_MAX)
		return err_set(e, E_USAGE, "%zu recipients make a header of "
		    "more than %d bytes", n, AGE_HEADER_MAX);
	return 0;
}

int
age_seal(const struct key *const *to, size_t n, struct buf *header,
    struct chunks **out, struct err *e)
{
	struct buf file_key = {0}, text = {0};
	uint8_t nonce[AGE_NONCE_SIZE];
	int ret;

	if (n == 0 || n > AGE_STANZAS_MAX)
		return err_set(e, E_USAGE, "age: %zu recipients where 1 to %d "
		    "may be", n, AGE_STANZAS_MAX);
	hash_random(buf_more(&file_key, AGE_FILE_KEY_SIZE),
	    AGE_FILE_KEY_SIZE);
	hash_random(nonce, sizeof nonce);
	ret = write_head(to, n, slice_buf(&file_key), &text, e);
	if (ret == 0) {
		buf_add(&text, slice_of(nonce, sizeof nonce));
		buf_add(header, slice_buf(&text));
		*out = age_chunks(slice_buf(&file_key),
		    slice_of(nonce, sizeof nonce), true);
	} else {
		(void)err_in(e, "age");
	}
	buf_free(&file_key);
	buf_free(&text);
	return ret;
}
