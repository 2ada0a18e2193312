/* age's recipients with ML-KEM: what age made opens and what is sealed opens
 * again, where libcrypto is able; a stanza that is none of them and a key that
 * cannot be used are refused everywhere. */
#include "unit/age_whole.h"

#include <unistd.h>

#include "codec/b64.h"
#include "crypto/xwing.h"
#include "ground/io.h"
#include "ground/text.h"
#include "jose/jwk.h"
#include "blob/age_in.h"
#include "unit/tap.h"

static const struct slice none = {NULL, 0};

static int
read_keys(struct slice text, enum jwk_want want, struct keys *to,
    struct err *e)
{
	return jwk_read_all(text, none, none, want, to, e);
}

static struct key *key, *public, *rsa;
static struct buf blob;		/* sealed for key by age */

static bool
says(int ret, const struct err *e, enum status code, const char *text)
{
	return ret < 0 && e->code == code &&
	    slice_search(slice_str(e->text), text) < strlen(e->text);
}

/* --- whatever libcrypto can --- */

static const struct {
	const char *name, *args;
	size_t share, body;	/* bytes */
	const char *says;
} shapes[] = {
	{"no share", "", 0, 32, "not one argument, base64 of 1120 bytes"},
	{"a short one", " ", 1119, 32, "not one argument"},
	{"a long one", " ", 1121, 32, "not one argument"},
	{"two", " AAAA ", 1120, 32, "not one argument"},
	{"a short body", " ", 1120, 31, "31 bytes where 32 belong"},
	{"a long one", " ", 1120, 40, "40 bytes where 32 belong"},
};

static void
shape(size_t i)
{
	struct buf text = {0}, bytes = {0}, out = {0};
	struct err e;

	memset(buf_more(&bytes, 2000), 0, 2000);
	buf_addf(&text, "%s-> %s%s", AGE_VERSION, AGE_PQ, shapes[i].args);
	b64_encode(slice_head(slice_buf(&bytes), shapes[i].share), B64_STD,
	    &text);
	buf_addc(&text, '\n');
	age_put_body(slice_head(slice_buf(&bytes), shapes[i].body), &text);
	buf_adds(&text, "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	    "0123456789abcdef0123456789abcdef");
	CHECK(age_whole_open(slice_buf(&text), rsa, &out, &e) == E_INPUT &&
	    says(-1, &e, E_INPUT, shapes[i].says), "%s: %s", shapes[i].name,
	    e.text);
	buf_free(&text);
	buf_free(&bytes);
	buf_free(&out);
}

static void
sizes(void)
{
	uint8_t zeros[XWING_PUBLIC_SIZE + 1] = {0};
	struct key *none_made;
	struct err e;

	CHECK(says(xwing_from_public(slice_of(zeros, sizeof zeros),
	    &none_made, &e), &e, E_INPUT, "1217 bytes where 1216 belong"),
	    "a public key of another size: %s", e.text);
	CHECK(says(xwing_from_seed(slice_of(zeros, 31), &none_made, &e), &e,
	    E_INPUT, "31 bytes where 32 belong"),
	    "a private one: %s", e.text);
}

/* Read the identity that age-keygen made. */
static void
unable(void)
{
	struct buf text = {0}, about = {0};
	struct keys keys = {0};
	struct err e;

	(void)io_read("pq.txt", 1 << 16, &text, &e);
	CHECK(says(read_keys(slice_buf(&text), JWK_DECRYPT, &keys, &e), &e,
	    E_SYSTEM, "libcrypto has no ML-KEM"),
	    "without ML-KEM the key is named: %s", e.text);
	age_about(&about);
	CHECK(slice_search(slice_buf(&about), "; mlkem768x25519 takes") <
	    about.n, "and said to be out of reach");
	keys_free(&keys);
	buf_free(&text);
	buf_free(&about);
}

/* --- what it takes ML-KEM for --- */

static bool
prepare(void)
{
	struct buf text = {0};
	struct keys keys = {0};
	struct slice line;
	struct err e;
	bool good;

	good = io_read("pq.txt", 1 << 16, &text, &e) == 0 &&
	    io_read("pq.age", 1 << 16, &blob, &e) == 0 &&
	    read_keys(slice_buf(&text), JWK_DECRYPT, &keys, &e) == 0;
	if (good)
		key = keys_take(&keys, 0);
	/* "# public key: age1pq1..." */
	line = slice_from(slice_buf(&text), slice_search(slice_buf(&text),
	    "age1pq1"));
	line = slice_head(line, slice_find(line, '\n'));
	good = good && read_keys(line, JWK_ENCRYPT, &keys, &e) == 0;
	if (good)
		public = keys_take(&keys, 0);
	keys_free(&keys);
	buf_free(&text);
	return CHECK(good, "the keys are read");
}

static void
made(void)
{
	struct buf out = {0}, about = {0};
	struct err e = {.code = E_OK};

	CHECK(!key_private(public) && key_private(key) &&
	    key_same(key, public), "the identity gives the recipient");
	CHECK(age_whole_open(slice_buf(&blob), key, &out, &e) == E_OK &&
	    slice_is(slice_buf(&out), "sealed with ML-KEM by age\n"),
	    "what age sealed opens");
	age_about(&about);
	CHECK(slice_search(slice_buf(&about), " mlkem768x25519\n") < about.n,
	    "and it is said to");
	buf_free(&out);
	buf_free(&about);
}

static void
sealed(void)
{
	struct slice plain = slice_str("a secret of few bytes\n");
	const struct key *to[2] = {public, rsa};
	struct buf ours = {0}, out = {0};
	struct key *other = NULL;
	struct chunks *c = NULL;
	uint8_t seed[XWING_SEED_SIZE] = {7};
	struct err e = {.code = E_OK};
	size_t i, bad = 0;

	CHECK(age_whole_seal(to, 1, plain, &ours, &e) == 0 &&
	    age_whole_open(slice_buf(&ours), key, &out, &e) == E_OK &&
	    slice_eq(slice_buf(&out), plain), "what is sealed opens");
	(void)xwing_from_seed(slice_of(seed, sizeof seed), &other, &e);
	CHECK(!key_same(other, key) && age_whole_open(slice_buf(&ours), other,
	    &out, &e) == E_NO && says(-1, &e, E_NO, "not sealed for this key"),
	    "for another it does not: %s", e.text);
	buf_cut(&out, 0);
	for (i = 0; i < ours.n; i++) {
		ours.p[i] ^= (uint8_t)(1 << i % 8);
		bad += age_whole_open(slice_buf(&ours), key, &out, &e) ==
		    E_OK || out.n > 0;
		ours.p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(bad == 0, "a flipped bit in any byte is refused");
	for (i = 0; i < 2; i++) {
		to[i] = public;
		to[1 - i] = rsa;
		buf_cut(&ours, 0);
		CHECK(says(age_seal(to, 2, &ours, &c, &e), &e, E_USAGE,
		    "beside recipients that a quantum computer opens") &&
		    ours.n == 0, "none of another kind beside: %s", e.text);
	}
	key_free(other);
	buf_free(&ours);
	buf_free(&out);
}

/* Halves that are no points, or no numbers. */
static void
low_order(void)
{
	struct buf raw = {0}, share = {0}, out = {0}, unused = {0};
	const struct key *to[1];
	struct chunks *c = NULL;
	struct key *weak = NULL;
	struct err e;

	CHECK(xwing_seal(public, &raw, &unused, &e) == 0 &&
	    raw.n == XWING_SHARE_SIZE, "a share");
	memset(raw.p + raw.n - KEY_RAW_SIZE, 0, KEY_RAW_SIZE);
	CHECK(says(xwing_open(key, slice_buf(&raw), &out, &e), &e, E_INPUT,
	    "a point of low order") && out.n == 0, "of low order: %s",
	    e.text);
	CHECK(says(xwing_open(key, slice_head(slice_buf(&raw), 1119), &out,
	    &e), &e, E_INPUT, "1119 bytes where 1120 belong"), "cut: %s",
	    e.text);
	memset(buf_more(&share, XWING_PUBLIC_SIZE), 0, XWING_PUBLIC_SIZE);
	if (CHECK(xwing_from_public(slice_buf(&share), &weak, &e) == 0,
	    "a key of zeros has numbers in range")) {
		to[0] = weak;
		CHECK(says(age_seal(to, 1, &out, &c, &e), &e, E_INPUT,
		    "a point of low order") && out.n == 0,
		    "  and is refused: %s", e.text);
	}
	memset(share.p, 0xff, 3);
	CHECK(says(xwing_from_public(slice_buf(&share), &weak, &e), &e,
	    E_INPUT, "no key of ML-KEM-768"), "a number too large: %s",
	    e.text);
	key_free(weak);
	buf_free(&raw);
	buf_free(&share);
	buf_free(&out);
	buf_free(&unused);
}

int
main(void)
{
	const char *root = getenv("ROOT");
	char path[512];
	struct err e;
	size_t i;

	(void)snprintf(path, sizeof path, "%s/tests/data/age",
	    root != NULL ? root : ".");
	if (chdir(path) < 0 || key_generate_rsa(2048, &rsa, &e) < 0)
		return 1;
	for (i = 0; i < sizeof shapes / sizeof *shapes; i++)
		shape(i);
	sizes();
	if (!xwing_able()) {
		unable();
		tap_skip("the rest", "libcrypto has no ML-KEM");
	} else if (prepare()) {
		made();
		sealed();
		low_order();
	}
	key_free(rsa);
	key_free(key);
	key_free(public);
	buf_free(&blob);
	return tap_done();
}
