/* Keys as text: every form openssl writes is read, and nothing beside it. */
#include "crypto/key.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/key_in.h"
#include "unit/tap.h"

static const struct slice none = {NULL, 0};
static EVP_PKEY *rsa, *ec;

/* The bytes of bio, which is freed. */
static struct buf
taken(BIO *bio)
{
	struct buf b = {0};
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	buf_add(&b, slice_of(p, (size_t)n));
	BIO_free(bio);
	return b;
}

static struct buf
text_of(EVP_PKEY *pkey, const char *form, const EVP_CIPHER *cipher)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n = cipher != NULL ? 6 : 0;
	char pass[] = "secret";
	void *p = cipher != NULL ? pass : NULL;

	if (strcmp(form, "spki") == 0)
		(void)PEM_write_bio_PUBKEY(bio, pkey);
	else if (strcmp(form, "pkcs8") == 0)
		(void)PEM_write_bio_PKCS8PrivateKey(bio, pkey, cipher, p, n,
		    NULL, NULL);
	else if (strcmp(form, "legacy") == 0)
		(void)PEM_write_bio_PrivateKey_traditional(bio, pkey, cipher,
		    p, n, NULL, NULL);
	else if (strcmp(form, "pkcs8 der") == 0)
		(void)i2d_PKCS8PrivateKey_bio(bio, pkey, NULL, NULL, 0, NULL,
		    NULL);
	else if (strcmp(form, "spki der") == 0)
		(void)i2d_PUBKEY_bio(bio, pkey);
	return taken(bio);
}

static struct buf
cert_of(EVP_PKEY *pkey)
{
	BIO *bio = BIO_new(BIO_s_mem());
	X509 *x = X509_new();

	(void)X509_set_version(x, X509_VERSION_3);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 60);
	(void)X509_set_pubkey(x, pkey);
	(void)X509_sign(x, pkey, EVP_sha256());
	(void)PEM_write_bio_X509(bio, x);
	X509_free(x);
	return taken(bio);
}

/* 0, or the class of the refusal. */
static enum status
reads(struct slice text, struct slice pass)
{
	struct err e = {.code = E_OK};
	struct key *k = NULL;

	if (key_from_pem(text, pass, &k, &e) == 0)
		key_free(k);
	return e.code;
}

/* text is read as the key of pkey, its private half or not. */
static bool
is_key(struct slice text, struct slice pass, EVP_PKEY *pkey, bool private)
{
	struct buf spki = text_of(pkey, "spki", NULL);
	struct key *k = NULL, *want = NULL;
	struct err e;
	bool ok;

	ok = key_from_pem(text, pass, &k, &e) == 0 &&
	    key_from_pem(slice_buf(&spki), none, &want, &e) == 0 &&
	    key_same(k, want) && key_private(k) == private;
	key_free(k);
	key_free(want);
	buf_free(&spki);
	return ok;
}

/* Line ends as Windows writes them. */
static struct buf
crlf(struct slice s)
{
	struct buf b = {0};
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_addc(&b, '\r');
		buf_addc(&b, s.p[i]);
	}
	return b;
}

static struct buf
joined(const char *before, struct slice s, const char *after)
{
	struct buf b = {0};

	buf_adds(&b, before);
	buf_add(&b, s);
	buf_adds(&b, after);
	return b;
}

static void
around(struct slice text)
{
	static const struct {
		const char *name, *before, *after;
		enum status want;
	} cases[] = {
		{"blank lines around it", "\n \r\n", "\n\n", E_OK},
		{"a word in front", "key\n", "", E_INPUT},
		{"a word behind", "", "key\n", E_INPUT},
		{"a control character behind", "", "\x01", E_INPUT},
		{"a byte order mark", "\xef\xbb\xbf", "", E_INPUT},
		{"another object behind", "",
		    "-----BEGIN X-----\nAAAA\n-----END X-----\n", E_INPUT},
		{"another object in front",
		    "-----BEGIN X-----\nAAAA\n-----END X-----\n", "", E_INPUT},
		{"curve parameters in front",
		    "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
		    "-----END EC PARAMETERS-----\n", "", E_INPUT},
	};
	struct buf b;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		b = joined(cases[i].before, text, cases[i].after);
		CHECK(reads(slice_buf(&b), none) == cases[i].want, "  %s",
		    cases[i].name);
		buf_free(&b);
	}
}

static void
form(const char *name, EVP_PKEY *pkey, const char *how, bool private)
{
	struct buf b = text_of(pkey, how, NULL), other;
	struct slice s = slice_buf(&b);
	bool pem = b.p[0] == '-';
	size_t i, read = 0;

	CHECK(is_key(s, none, pkey, private), "%s", name);
	CHECK(is_key(s, slice_str("any"), pkey, private),
	    "  a passphrase does no harm");
	for (i = 0; i < s.n - (pem ? 1 : 0); i++)
		read += reads(slice_head(s, i), none) != E_INPUT;
	CHECK(read == 0, "  every shorter one is malformed");
	if (pem) {
		other = crlf(s);
		CHECK(is_key(slice_buf(&other), none, pkey, private),
		    "  CR LF is a line end");
	} else {
		other = joined("", s, "\n");
		CHECK(reads(slice_buf(&other), none) == E_INPUT,
		    "  a byte behind its end is refused");
	}
	buf_free(&other);
	buf_free(&b);
}

static void
encrypted(const char *name, EVP_PKEY *pkey, const char *how)
{
	struct buf b = text_of(pkey, how, EVP_aes_128_cbc()), w;
	struct slice s = slice_buf(&b);
	struct err e = {.code = E_OK};
	struct key *k;
	int i;

	CHECK(is_key(s, slice_str("secret"), pkey, true), "%s", name);
	w = crlf(s);
	CHECK(is_key(slice_buf(&w), slice_str("secret"), pkey, true),
	    "  CR LF is a line end");
	buf_free(&w);
	CHECK(key_from_pem(s, none, &k, &e) < 0 && e.code == E_NO &&
	    strcmp(e.text, "passphrase needed") == 0, "  asks for one");
	CHECK(reads(s, slice_str("")) == E_NO, "  an empty one is wrong");
	CHECK(reads(s, slice_str("Secret")) == E_NO, "  so is another");
	/* some in 256 pass the padding by chance */
	for (i = 0; i < 600 && strcmp(how, "legacy") == 0; i++) {
		w = (struct buf){0};
		buf_addf(&w, "secret%d", i);
		if (reads(s, slice_buf(&w)) != E_NO)
			CHECK(false, "  wrong passphrase %d", i);
		buf_free(&w);
	}
	buf_cut(&b, b.n - 60);
	CHECK(reads(slice_buf(&b), slice_str("secret")) == E_INPUT,
	    "  a truncated one");
	buf_free(&b);
}

static void
wrong(void)
{
	static const struct {
		const char *name, *text;
	} cases[] = {
		{"nothing", ""}, {"blanks", " \n"}, {"a word", "secret\n"},
		{"a JWK", "{\"kty\":\"RSA\"}"}, {"a sequence", "0\x03\x02"},
		{"the first line alone", "-----BEGIN PRIVATE KEY-----\n"},
		{"no base64", "-----BEGIN PRIVATE KEY-----\n!\n"
		    "-----END PRIVATE KEY-----\n"},
		{"no DER", "-----BEGIN PRIVATE KEY-----\nAAAA\n"
		    "-----END PRIVATE KEY-----\n"},
		{"an empty body", "-----BEGIN PRIVATE KEY-----\n"
		    "-----END PRIVATE KEY-----\n"},
		{"ends that differ", "-----BEGIN PRIVATE KEY-----\nMAA=\n"
		    "-----END PUBLIC KEY-----\n"},
		{"another kind", "-----BEGIN X509 CRL-----\nMAA=\n"
		    "-----END X509 CRL-----\n"},
		{"an empty kind", "-----BEGIN -----\nMAA=\n-----END -----\n"},
		{"unknown headers", "-----BEGIN RSA PRIVATE KEY-----\n"
		    "Proc-Type: 4,ENCRYPTED\nDEK-Info: ROT-13,00\n\nMAA=\n"
		    "-----END RSA PRIVATE KEY-----\n"},
		{"headers where none belong", "-----BEGIN PUBLIC KEY-----\n"
		    "A: b\n\nMAA=\n-----END PUBLIC KEY-----\n"},
		{"headers without end", "-----BEGIN RSA PRIVATE KEY-----\n"
		    "Proc-Type: 4,ENCRYPTED\n-----END RSA PRIVATE KEY-----\n"},
	};
	struct buf big = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK(reads(slice_str(cases[i].text), slice_str("x")) ==
		    E_INPUT, "%s is malformed", cases[i].name);
	memset(buf_more(&big, KEY_PEM_MAX + 1), '\n', KEY_PEM_MAX + 1);
	CHECK(reads(slice_buf(&big), none) == E_INPUT, "so is one too large");
	buf_free(&big);
}

/* Kinds of key that are well formed and not ours. */
static void
unfit(void)
{
	static const struct {
		const char *name, *type;
		size_t arg;
		const char *curve;
	} cases[] = {
		{"RSA of 1024 bits", "RSA", 1024, NULL},
		{"RSA-PSS", "RSA-PSS", 2048, NULL},
		{"Ed448", "ED448", 0, NULL},
		{"X448", "X448", 0, NULL},
		{"secp256k1", "EC", 0, "secp256k1"},
	};
	EVP_PKEY_CTX *ctx;
	EVP_PKEY *pkey;
	struct buf b;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		pkey = NULL;
		ctx = EVP_PKEY_CTX_new_from_name(NULL, cases[i].type, NULL);
		(void)EVP_PKEY_keygen_init(ctx);
		if (cases[i].arg > 0)
			(void)EVP_PKEY_CTX_set_rsa_keygen_bits(ctx,
			    (int)cases[i].arg);
		if (cases[i].curve != NULL)
			(void)EVP_PKEY_CTX_set_group_name(ctx, cases[i].curve);
		(void)EVP_PKEY_generate(ctx, &pkey);
		b = text_of(pkey, "pkcs8", NULL);
		CHECK(b.n > 0 && reads(slice_buf(&b), none) == E_INPUT,
		    "%s is refused", cases[i].name);
		buf_free(&b);
		b = text_of(pkey, "spki", NULL);
		CHECK(b.n > 0 && reads(slice_buf(&b), none) == E_INPUT,
		    "  so is its public half");
		buf_free(&b);
		EVP_PKEY_free(pkey);
		EVP_PKEY_CTX_free(ctx);
	}
}

/* Keys that are 32 bytes are read from PEM as well. */
static void
raw(void)
{
	static const char *const types[] = {"ED25519", "X25519"};
	EVP_PKEY *pkey;
	struct buf b;
	size_t i;

	for (i = 0; i < 2; i++) {
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, types[i]);
		b = text_of(pkey, "pkcs8", NULL);
		CHECK(b.n > 0 && reads(slice_buf(&b), none) == E_OK,
		    "%s is read", types[i]);
		buf_free(&b);
		b = text_of(pkey, "spki", NULL);
		CHECK(b.n > 0 && reads(slice_buf(&b), none) == E_OK,
		    "  so is its public half");
		buf_free(&b);
		EVP_PKEY_free(pkey);
	}
}

/* RFC 8017 keys with three primes, and curves spelt out number by number. */
static void
peculiar(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *pkey = NULL;
	struct buf b;

	(void)EVP_PKEY_keygen_init(ctx);
	(void)EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048);
	(void)EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, 3);
	(void)EVP_PKEY_generate(ctx, &pkey);
	b = text_of(pkey, "pkcs8", NULL);
	CHECK(b.n > 0 && reads(slice_buf(&b), none) == E_INPUT,
	    "RSA with three primes is refused");
	buf_free(&b);
	EVP_PKEY_free(pkey);
	EVP_PKEY_CTX_free(ctx);
	pkey = EVP_PKEY_dup(ec);
	(void)EVP_PKEY_set_utf8_string_param(pkey, "encoding", "explicit");
	b = text_of(pkey, "pkcs8", NULL);
	CHECK(b.n > 300 && reads(slice_buf(&b), none) == E_INPUT,
	    "P-256 spelt out is refused");
	buf_free(&b);
	EVP_PKEY_free(pkey);
}

static void
written(const char *name, EVP_PKEY *pkey)
{
	struct buf in = text_of(pkey, "pkcs8", NULL), out = {0};
	struct buf spki = text_of(pkey, "spki", NULL);
	struct buf der = text_of(pkey, "spki der", NULL);
	struct key *k = NULL;
	struct err e;

	if (CHECK(key_from_pem(slice_buf(&in), none, &k, &e) == 0, "%s",
	    name)) {
		key_to_pkcs8_pem(k, &out);
		CHECK(slice_eq(slice_buf(&out), slice_buf(&in)),
		    "  is written as openssl does");
		buf_cut(&out, 0);
		key_to_spki_pem(k, &out);
		CHECK(slice_eq(slice_buf(&out), slice_buf(&spki)),
		    "  so is its public half");
		buf_cut(&out, 0);
		key_to_spki(k, &out);
		CHECK(slice_eq(slice_buf(&out), slice_buf(&der)),
		    "  in DER too");
	}
	key_free(k);
	buf_free(&in);
	buf_free(&out);
	buf_free(&spki);
	buf_free(&der);
}

/* 0, or the class of the refusal of DER. */
static int
der_says(struct slice der, struct slice pass, struct err *e)
{
	struct key *k = NULL;
	int ret = key_from_der(der, pass, &k, e);

	if (ret == 0)
		key_free(k);
	return ret == 0 ? 0 : (int)e->code;
}

/* The shape of a key, and nothing in it that is one. */
static void
hollow(void)
{
	static const uint8_t public[] = {0x30, 0x06, 0x30, 0x00, 0x03, 0x02,
	    0x00, 0x00};
	static const uint8_t private[] = {0x30, 0x09, 0x02, 0x01, 0x00, 0x30,
	    0x00, 0x04, 0x02, 0x30, 0x00};
	/* by the algorithm 1.2.3 */
	static const uint8_t locked[] = {0x30, 0x0b, 0x30, 0x04, 0x06, 0x02,
	    0x2a, 0x03, 0x04, 0x03, 0x01, 0x02, 0x03};
	struct slice secret = slice_str("secret");
	struct err e = {.code = E_OK};

	CHECK(der_says(slice_of(public, sizeof public), none, &e) == E_INPUT &&
	    strcmp(e.text, "key: malformed PUBLIC KEY") == 0,
	    "a hollow SPKI: %s", e.text);
	CHECK(der_says(slice_of(private, sizeof private), none, &e) ==
	    E_INPUT && strcmp(e.text, "key: malformed PRIVATE KEY") == 0,
	    "a hollow PKCS#8: %s", e.text);
	CHECK(der_says(slice_of(locked, sizeof locked), none, &e) == E_NO &&
	    strcmp(e.text, key_locked) == 0,
	    "one encrypted by nobody knows what: %s", e.text);
	CHECK(der_says(slice_of(locked, sizeof locked), secret, &e) ==
	    E_INPUT && strcmp(e.text, "key: encrypted in a way libcrypto does "
	    "not read") == 0, "  with a passphrase: %s", e.text);
}

/* Blanks of DER behind a key: more than is read, whatever it is. */
static void
too_large(void)
{
	struct buf b = text_of(rsa, "pkcs8 der", NULL);
	struct err e;

	CHECK(der_says(slice_buf(&b), none, &e) == 0, "a key in DER");
	(void)memset(buf_more(&b, KEY_PEM_MAX + 1), 0, KEY_PEM_MAX + 1);
	b.n = KEY_PEM_MAX;
	CHECK(der_says(slice_buf(&b), none, &e) == E_INPUT && strstr(e.text,
	    "more than") == NULL, "  with something behind it: %s", e.text);
	b.n++;
	CHECK(der_says(slice_buf(&b), none, &e) == E_INPUT && strcmp(e.text,
	    "key: more than 65536 bytes") == 0, "  too much: %s", e.text);
	/* encrypted, which is told by its first bytes alone */
	memcpy(b.p, "\x30\x82\xff\xff\x30\x00\x04\x00", 8);
	CHECK(der_says(slice_buf(&b), slice_str("secret"), &e) == E_INPUT &&
	    strcmp(e.text, "key: more than 65536 bytes") == 0,
	    "  encrypted: %s", e.text);
	buf_free(&b);
}

/* The second of two lines is never passed over. */
static void
two_lines(void)
{
	static const char line[] = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAA"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	struct key *k = NULL;
	struct buf two = {0};
	struct err e = {.code = E_OK};

	CHECK(key_from_ssh_line(slice_str(line), &k, &e) == 0,
	    "a line of SSH's: %s", e.text);
	key_free(k);
	buf_addf(&two, "%s\n%s\n", line, line);
	CHECK(key_from_ssh_line(slice_buf(&two), &k, &e) < 0 && e.code ==
	    E_INPUT && strcmp(e.text, "ssh: more than one line") == 0,
	    "  two: %s", e.text);
	buf_cut(&two, 0);
	buf_addf(&two, "%s comment\nssh-rsa", line);
	CHECK(key_from_ssh_line(slice_buf(&two), &k, &e) < 0 && e.code ==
	    E_INPUT && strcmp(e.text, "ssh: more than one line") == 0,
	    "  a second one behind a comment: %s", e.text);
	buf_free(&two);
}

static void
others(void)
{
	struct buf b = cert_of(rsa), c;

	CHECK(is_key(slice_buf(&b), none, rsa, false),
	    "a certificate gives its key");
	c = joined("", slice_buf(&b), "");
	buf_add(&c, slice_buf(&b));
	CHECK(reads(slice_buf(&c), none) == E_INPUT, "  two of them do not");
	buf_free(&b);
	buf_free(&c);
}

static void
half(void)
{
	struct key *key = NULL;
	struct err e;

	CHECK(key_from_pem(slice_str("-----BEGIN EC PARAMETERS-----\n"
	    "BggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"), none, &key,
	    &e) < 0 && e.code == E_INPUT && strcmp(e.text,
	    "key: PEM: no BEGIN line") == 0,
	    "curve parameters alone: %s", e.text);
	CHECK(key_from_pem(slice_str("a key"), none, &key, &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "key: PEM: no BEGIN line") ==
	    0, "and what is no PEM: %s", e.text);
}

int
main(void)
{
	struct buf b, sec1;

	rsa = EVP_RSA_gen(2048);
	ec = EVP_EC_gen("P-256");
	form("RSA, PKCS#8", rsa, "pkcs8", true);
	form("RSA, PKCS#1", rsa, "legacy", true);
	form("RSA, SPKI", rsa, "spki", false);
	form("RSA, PKCS#8 in DER", rsa, "pkcs8 der", true);
	form("RSA, SPKI in DER", rsa, "spki der", false);
	form("EC, PKCS#8", ec, "pkcs8", true);
	form("EC, SEC1", ec, "legacy", true);
	form("EC, SPKI", ec, "spki", false);
	encrypted("RSA, PKCS#8, encrypted", rsa, "pkcs8");
	encrypted("RSA, PKCS#1, encrypted", rsa, "legacy");
	encrypted("EC, SEC1, encrypted", ec, "legacy");
	b = text_of(rsa, "pkcs8", NULL);
	CHECK(b.n > 0, "RSA, PKCS#8, with things around it");
	around(slice_buf(&b));
	buf_free(&b);
	sec1 = text_of(ec, "legacy", NULL);
	b = joined("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
	    "-----END EC PARAMETERS-----\n", slice_buf(&sec1), "");
	CHECK(is_key(slice_buf(&b), none, ec, true),
	    "curve parameters in front of a SEC1 key");
	buf_free(&b);
	buf_free(&sec1);
	half();
	others();
	wrong();
	unfit();
	raw();
	peculiar();
	hollow();
	too_large();
	two_lines();
	written("an RSA key", rsa);
	written("an EC key", ec);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	return tap_done();
}
