/* agescrypt.c -- see age_in.h: the scrypt stanza, for a passphrase.  Its
 * arguments are a salt and the logarithm of the work. */
#include "blob/age_in.h"

#include "codec/b64.h"
#include "crypto/pass.h"

enum { SALT_SIZE = 16 };	/* bytes */

static const char scrypt[] = "scrypt";
static const char label[] = "age-encryption.org/v1/scrypt";

/* A number from 1 as one writes it, of at most two digits. */
static bool
read_work(struct slice s, unsigned *out)
{
	size_t i;

	if (s.n < 1 || s.n > 2 || s.p[0] == '0')
		return false;
	for (*out = 0, i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = 10 * *out + (unsigned)(s.p[i] - '0');
	}
	return true;
}

/* Append the salt. */
static int
take_args(const struct age_stanza *st, struct buf *salt, unsigned *work,
    struct err *e)
{
	size_t n = slice_find(st->args, ' ');
	struct err why;

	if (b64_decode(slice_head(st->args, n), B64_STD | B64_NOPAD, salt,
	    &why) < 0 || salt->n != SALT_SIZE ||
	    !read_work(slice_from(st->args, n + 1), work))
		return err_set(e, E_INPUT, "scrypt: its arguments are not %d "
		    "bytes in base64 and a work factor", SALT_SIZE);
	if (*work > AGE_WORK_MAX)
		return err_set(e, E_INPUT, "scrypt: a work factor of %u, "
		    "where at most %d is done", *work, AGE_WORK_MAX);
	return 0;
}

int
age_scrypt_check(const struct age_stanza *st, struct err *e)
{
	struct buf salt = {0}, body = {0};
	unsigned work;
	int ret;

	age_body(st, &body);
	ret = take_args(st, &salt, &work, e);
	if (ret == 0 && body.n != AGE_WRAPPED_SIZE)
		ret = err_set(e, E_INPUT, "scrypt: %zu bytes where %d belong",
		    body.n, AGE_WRAPPED_SIZE);
	buf_free(&salt);
	buf_free(&body);
	return ret;
}

static void
wrapping_key(const struct key *phrase, struct slice salt, unsigned work,
    struct buf *out)
{
	struct buf salted = {0};

	buf_adds(&salted, label);
	buf_add(&salted, salt);
	pass_scrypt(key_oct(phrase), slice_buf(&salted), work, AGE_WRAP_SIZE,
	    out);
	buf_free(&salted);
}

int
age_scrypt_open(const struct age_head *h, const struct key *phrase,
    struct buf *out, struct err *e)
{
	struct buf salt = {0}, kek = {0};
	struct slice rest = h->stanzas;
	struct age_stanza st = {0};
	unsigned work;
	int ret;

	if (!age_stanza(&rest, &st) || !slice_is(st.type, scrypt))
		return age_refuse(h, e);
	if ((ret = take_args(&st, &salt, &work, e)) == 0) {
		wrapping_key(phrase, slice_buf(&salt), work, &kek);
		ret = age_unwrap(slice_buf(&kek), &st, out, e);
	}
	buf_free(&salt);
	buf_free(&kek);
	return ret;
}

void
age_scrypt_seal_at(const struct key *phrase, unsigned work,
    struct slice file_key, struct buf *out)
{
	uint8_t salt[SALT_SIZE];
	struct buf kek = {0};

	hash_random(salt, sizeof salt);
	wrapping_key(phrase, slice_of(salt, sizeof salt), work, &kek);
	buf_addf(out, "-> %s ", scrypt);
	b64_encode(slice_of(salt, sizeof salt), B64_STD, out);
	buf_addf(out, " %u\n", work);
	age_wrap(slice_buf(&kek), file_key, out);
	buf_free(&kek);
}

int
age_scrypt_seal(const struct key *phrase, struct slice file_key,
    struct buf *out, struct err *e)
{
	(void)e;
	age_scrypt_seal_at(phrase, AGE_WORK, file_key, out);
	return 0;
}
