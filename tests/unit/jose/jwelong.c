/* A compact JWE in pieces: whatever they are, it is what jwe_open() makes of
 * the whole, and what is changed is refused by both. */
#include "jose/jwelong.h"

#include "jose/jwe.h"
#include "unit/tap.h"

static struct key *key, *rsa;

/* All of text in pieces of step, as often as passes say. */
static int
open_in(struct slice text, const struct key *k, size_t step, int passes,
    struct buf *out, struct err *e)
{
	struct jwelong *l;
	struct slice rest;
	size_t used = 0;
	int ret;

	if (!jwelong_is(text))
		return err_set(e, E_INPUT, "not one");
	if (jwelong_start(text, &(struct keys){&k, 1}, slice_str(""), &used,
	    &l, e) < 0)
		return -1;
	for (ret = 0; ret == 0 && passes > 0; passes--) {
		out->n = 0;
		rest = slice_from(text, used);
		for (; ret == 0 && rest.n > 0; rest = slice_from(rest, step))
			ret = jwelong_more(l, slice_head(rest, step), out, e);
		if (ret == 0)
			ret = jwelong_end(l, e);
	}
	jwelong_free(l);
	return ret;
}

static void
seal(const struct key *k, bool direct, size_t n, struct buf *plain,
    struct buf *text)
{
	const struct jwe_recipient r = {.key = k, .direct = direct};
	struct err e;

	plain->n = text->n = 0;
	(void)memset(buf_more(plain, n + 1), 'x', n);
	plain->n = n;
	if (jwe_seal(slice_buf(plain), &r, 1, JWE_COMPACT, text, &e) < 0)
		printf("Bail out! %s\n", e.text);
}

static void
pieces(void)
{
	struct buf plain = {0}, text = {0}, out = {0};
	size_t n, step, bad = 0;
	struct err e;

	for (n = 0; n < 20; n++)
		for (step = 1; step < 40; step++) {
			seal(key, n % 2 == 0, n, &plain, &text);
			bad += open_in(slice_buf(&text), key, step, 2, &out,
			    &e) < 0 || !slice_eq(slice_buf(&out),
			    slice_buf(&plain));
		}
	CHECK(bad == 0, "any size in any pieces, twice");
	seal(rsa, false, 1000, &plain, &text);
	CHECK(open_in(slice_buf(&text), rsa, 333, 1, &out, &e) == 0 &&
	    slice_eq(slice_buf(&out), slice_buf(&plain)), "an RSA key");
	CHECK(open_in(slice_buf(&text), key, 333, 1, &out, &e) < 0 &&
	    e.code == E_NO, "another key: %s", e.text);
	buf_free(&plain);
	buf_free(&text);
	buf_free(&out);
}

/* Refused, in the class and the words of jwe_open() where the key decides. */
static bool
refused(struct slice text)
{
	struct buf out = {0}, other = {0};
	struct err e = {.code = E_OK}, whole = {.code = E_OK};
	bool good;

	good = open_in(text, key, 7, 1, &out, &e) < 0 &&
	    jwe_open(text, key, slice_str(""), &other, &whole) < 0;
	if (e.code == E_NO)
		good = good && strcmp(e.text, whole.text) == 0;
	else
		good = good && e.code == E_INPUT;
	buf_free(&out);
	buf_free(&other);
	return good;
}

static void
changes(void)
{
	struct buf plain = {0}, text = {0};
	size_t i, bad = 0;

	seal(key, false, 30, &plain, &text);
	for (i = 0; i + 1 < text.n; i++) {
		text.p[i] ^= 4;
		bad += !refused(slice_buf(&text));
		text.p[i] ^= 4;
	}
	CHECK(bad == 0, "each of %zu characters changed", text.n);
	bad = 0;
	for (i = 0; i + 1 < text.n; i++)
		bad += !refused(slice_head(slice_buf(&text), i));
	CHECK(bad == 0, "cut after each");
	buf_adds(&text, "A");
	CHECK(refused(slice_buf(&text)), "something behind the line's end");
	buf_free(&plain);
	buf_free(&text);
}

static void
kinds(void)
{
	static const char cbc[] = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2"
	    "In0..AAAAAAAAAAAAAAAAAAAAAA.";
	struct buf out = {0};
	struct err e;

	CHECK(jwelong_is(slice_str("a.b.c.d")) && jwelong_is(slice_str(
	    "a...")) && !jwelong_is(slice_str(".b.c.d")) &&
	    !jwelong_is(slice_str("a.b.c")) && !jwelong_is(slice_str(
	    "a.b.{.")) && !jwelong_is(slice_str("")),
	    "three dots behind base64url");
	CHECK(open_in(slice_str(cbc), key, 1, 1, &out, &e) < 0 &&
	    e.code == E_INPUT && strstr(e.text, "A128CBC-HS256") != NULL,
	    "only AES-GCM: %s", e.text);
	buf_free(&out);
}

int
main(void)
{
	struct err e;

	if (key_from_oct(slice_str("0123456789abcdef"), &key, &e) < 0 ||
	    key_generate_rsa(2048, &rsa, &e) < 0) {
		printf("Bail out! %s\n", e.text);
		return 1;
	}
	pieces();
	changes();
	kinds();
	key_free(key);
	key_free(rsa);
	return tap_done();
}
