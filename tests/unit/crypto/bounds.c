/* What the cryptography refuses by its size or shape before it begins, and
 * that a refusal holds nothing. */
#include "crypto/cbc.h"
#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/oaep.h"
#include "crypto/wrap.h"
#include "unit/tap.h"

enum { PASSPHRASE_MAX = 1024 };	/* bytes, libcrypto's */

static const struct slice none = {NULL, 0};

static const uint8_t zero[64];

static void
parts_of_blocks(void)
{
	struct cbc *c = NULL;
	struct buf out = {0};
	struct err e;

	if (!CHECK(cbc_open_start(slice_of(zero, 32), slice_of(zero, 16), true,
	    &c, &e) == 0, "CBC"))
		return;
	CHECK(cbc_open_end(c, &out, &e) < 0 && e.code == E_INPUT &&
	    strcmp(e.text, "ciphertext: 0 bytes are no whole blocks of 16") ==
	    0, "nothing is no block");
	cbc_open_more(c, slice_of(zero, 15), &out);
	CHECK(cbc_open_end(c, &out, &e) < 0 && e.code == E_INPUT &&
	    strcmp(e.text, "ciphertext: 15 bytes are no whole blocks of 16") ==
	    0 && out.n == 0, "nor is a byte less than one");
	cbc_free(c);
	buf_free(&out);
}

/* Numbers of another length than X25519's, of which libcrypto knows that too,
 * or would not. */
static void
raw_keys(void)
{
	static const size_t sizes[][2] = {{0, 0}, {31, 0}, {33, 0}, {0, 31},
	    {0, 33}, {31, 32}, {33, 32}};
	struct key *key = NULL;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		CHECK(key_from_raw(KEY_X25519, slice_of(zero, sizes[i][0]),
		    slice_of(zero, sizes[i][1]), &key, &e) < 0 && key == NULL &&
		    e.code == E_INPUT && strcmp(e.text, "key: not 32 bytes") ==
		    0, "raw keys of %zu and %zu bytes", sizes[i][0],
		    sizes[i][1]);
}

static void
of_wraps(void)
{
	struct buf in = {0}, out = {0};
	struct oaep_run *r = NULL;
	struct key *rsa = NULL, *oct = NULL;
	struct cbc *c = NULL;
	struct err e;

	if (!CHECK(key_generate_rsa(2048, &rsa, &e) == 0 &&
	    key_from_oct(slice_of(zero, 32), &oct, &e) == 0 &&
	    oaep_start(rsa, &oaep_sha256, true, &r, &e) == 0 &&
	    /* what is wrapped so is no AES key */
	    oaep_seal(r, slice_of(zero, 20), &in, &e) == 0, "keys"))
		return;
	buf_add(&in, slice_of(zero, 24));
	CHECK(wrap_rsa_aes_open(rsa, HASH_SHA256, slice_buf(&in), &out, &e) <
	    0 && e.code == E_NO && out.n == 0 &&
	    strcmp(e.text, "decryption failed") == 0,
	    "a wrapping key of 20 bytes is a failed decryption");
	CHECK(wrap_rsa_aes_open(oct, HASH_SHA256, slice_buf(&in), &out, &e) <
	    0 && e.code == E_INPUT && out.n == 0, "a key that is not RSA");
	CHECK(cbc_open_start(slice_of(zero, 31), slice_of(zero, 16), true, &c,
	    &e) < 0 && e.code == E_NO && c == NULL &&
	    strcmp(e.text, "decryption failed") == 0,
	    "a CBC key of 31 bytes is a failed decryption");
	parts_of_blocks();
	raw_keys();
	oaep_free(r);
	key_free(rsa);
	key_free(oct);
	buf_free(&in);
	buf_free(&out);
}

/* SEQUENCE of n bytes. */
static void
sequence(struct buf *b, size_t n)
{
	buf_addc(b, 0x30);
	buf_addc(b, 0x83);
	buf_addc(b, (uint8_t)(n >> 16));
	buf_addc(b, (uint8_t)(n >> 8));
	buf_addc(b, (uint8_t)n);
	(void)memset(buf_more(b, n), 0, n);
}

static void
of_keys(void)
{
	struct buf big = {0}, words = {0};
	struct key *k = NULL;
	struct err e;

	sequence(&big, KEY_PEM_MAX + 1);
	CHECK(key_from_pkcs8(slice_buf(&big), &k, &e) < 0 && k == NULL &&
	    e.code == E_INPUT && strstr(e.text, "more than") != NULL,
	    "PKCS#8 larger than may be");
	CHECK(key_from_spki(slice_buf(&big), &k, &e) < 0 && k == NULL &&
	    e.code == E_INPUT && strstr(e.text, "more than") != NULL,
	    "so SPKI");
	CHECK(key_from_pem(slice_buf(&big), none, &k, &e) < 0 && k == NULL &&
	    e.code == E_INPUT && strstr(e.text, "more than") != NULL,
	    "so any text");
	CHECK(key_from_pem(slice_str("-----BEGIN PUBLIC KEY-----x\n"
	    "AAAA\n-----END PUBLIC KEY-----\n"), none, &k, &e) < 0 &&
	    k == NULL && e.code == E_INPUT, "a label with more behind it");
	(void)memset(buf_more(&words, PASSPHRASE_MAX + 1), 'x',
	    PASSPHRASE_MAX + 1);
	CHECK(key_from_pem(slice_str("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	    "MBwwFgYJKoZIhvcNAQUDMAkEBDEyMzQCAQEEAgAA\n"
	    "-----END ENCRYPTED PRIVATE KEY-----\n"), slice_buf(&words), &k,
	    &e) < 0 && k == NULL && e.code == E_NO &&
	    strcmp(e.text, "wrong passphrase") == 0,
	    "a passphrase longer than libcrypto takes: %s", e.text);
	buf_free(&big);
	buf_free(&words);
}

static void
of_certificates(void)
{
	static const uint8_t empty[] = {0x30, 0};
	struct certs c = {0};
	struct buf big = {0};
	struct err e;

	sequence(&big, CERT_MAX + 1);
	CHECK(certs_add_der(&c, slice_buf(&big), 4, &e) < 0 &&
	    e.code == E_INPUT && strstr(e.text, "more than") != NULL,
	    "a certificate larger than may be");
	CHECK(certs_add_der(&c, slice_of(empty, sizeof empty), 0, &e) < 0 &&
	    e.code == E_INPUT && strstr(e.text, "more than 0") != NULL,
	    "more of them than may be");
	CHECK(certs_add_der(&c, slice_of(empty, sizeof empty), 4, &e) < 0 &&
	    e.code == E_INPUT && c.n == 0 && c.v == NULL,
	    "the first refused leaves nothing to release");
	buf_free(&big);
}

int
main(void)
{
	of_wraps();
	of_keys();
	of_certificates();
	return tap_done();
}
