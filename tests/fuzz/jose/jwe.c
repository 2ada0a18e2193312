/* jwe -- a JWE from outside, opened with the keys that the corpus was made
 * with, symmetric and on X25519.  What opens is recognised, what does not
 * leaves nothing behind,
 * and what is written of the same bytes opens again. */
#include <stdlib.h>

#include "jose/jwe_in.h"
#include "jose/jwelong.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const size_t sizes[] = {16, 24, 32, 48, 64};
enum {
	OCT = sizeof sizes / sizeof *sizes,
	KEYS = OCT + 2,
	ROUNDS_MAX = 2000,	/* of PBKDF2, which is not what is looked for */
};
static struct key *keys[KEYS];

static void
make_keys(void)
{
	uint8_t bytes[64];
	struct err e;
	size_t i;

	memset(bytes, 'k', sizeof bytes);
	for (i = 0; i < OCT; i++)
		if (key_from_oct(slice_of(bytes, sizes[i]), &keys[i], &e) < 0)
			abort();
	if (key_from_raw(KEY_X25519, slice_of(NULL, 0), slice_of(bytes, 32),
	    &keys[OCT], &e) < 0)
		abort();
	/* any key: what is sealed for it is opened again */
	agree_generate(keys[OCT], &keys[OCT + 1]);
}

static bool
is_slow(struct slice text)
{
	struct jwe j = {0};
	struct err e;
	bool slow = false;

	if (jwe_parse(text, &j, &e) == 0) {
		slow = j.rounds > ROUNDS_MAX;
		jwe_free(&j);
	}
	return slow;
}

static void
open_one(struct slice text, const struct key *key, const char *kid)
{
	struct buf out = {0};
	struct err e;

	if (jwe_open(text, key, slice_str(kid), &out, &e) == 0) {
		if (!jwe_is(text))
			abort();
	} else if (out.n != 0 || (e.code != E_NO && e.code != E_INPUT)) {
		abort();
	}
	buf_free(&out);
}

/* In pieces the same comes out, unless it is of a kind that is not read so. */
static void
open_long(struct slice text, const struct key *key)
{
	struct buf out = {0}, whole = {0};
	struct jwelong *l;
	size_t used, step;
	struct slice rest;
	struct err e;
	int ret = 0;

	if (!jwelong_is(text) || jwelong_start(text, &(struct keys){&key, 1},
	    slice_str(""), &used, &l, &e) < 0)
		return;
	step = 1 + text.n % 9;
	for (rest = slice_from(text, used); ret == 0 && rest.n > 0;
	    rest = slice_from(rest, step))
		ret = jwelong_more(l, slice_head(rest, step), &out, &e);
	if (ret == 0)
		ret = jwelong_end(l, &e);
	if ((ret == 0) != (jwe_open(text, key, slice_str(""), &whole,
	    &e) == 0) || (ret == 0 && !slice_eq(slice_buf(&out),
	    slice_buf(&whole))))
		abort();
	jwelong_free(l);
	buf_free(&out);
	buf_free(&whole);
}

static void
round_trip(struct slice plain, size_t at)
{
	const struct jwe_recipient r[] = {
		{.key = keys[at % 3], .kid = slice_head(plain, at)},
		{.key = keys[at % 4 < 2 ? (at + 1) % 3 : OCT + 1]},
	};
	struct buf text = {0}, out = {0};
	struct err e;

	if (jwe_seal(plain, r, 1 + at % 2, JWE_GENERAL, &text, &e) == 0 &&
	    (!jwe_is(slice_buf(&text)) || jwe_open(slice_buf(&text),
	    r[at % 2].key, slice_str(""), &out, &e) < 0 ||
	    !slice_eq(slice_buf(&out), plain)))
		abort();
	buf_free(&text);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	size_t i;

	if (size > 64 << 10)
		return 0;
	if (keys[0] == NULL)
		make_keys();
	if (is_slow(text))
		return 0;
	for (i = 0; i < KEYS; i++) {
		open_one(text, keys[i], "");
		open_long(text, keys[i]);
		open_one(text, keys[i], "k");
	}
	round_trip(text, size > 0 ? data[0] : 0);
	return 0;
}
