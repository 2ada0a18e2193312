/* age: what is sealed opens; every byte changed, every truncation, chunks
 * moved about, other keys: refused, and nothing of it is ever put out. */
#include "unit/age_whole.h"

#include "crypto/aead.h"
#include "unit/tap.h"

enum { SEALED = AGE_CHUNK_SIZE + AEAD_TAG_SIZE };	/* bytes of a chunk */

static struct key *key, *public, *second, *third;

static bool
seal(const struct key *to, struct slice plain, struct buf *out)
{
	struct err e;

	return age_whole_seal(&to, 1, plain, out, &e) == 0;
}

static size_t
header_size(struct slice blob, const struct key *k)
{
	struct chunks *c = NULL;
	struct err e;
	size_t used = 0;

	if (age_open(slice_head(blob, AGE_HEADER_MAX), k, &used, &c, &e) == 0)
		c->free(c);
	return used;
}

static void
round_trip(size_t n)
{
	size_t chunks = n == 0 ? 1 : (n + AGE_CHUNK_SIZE - 1) / AGE_CHUNK_SIZE;
	struct buf plain = {0}, blob = {0}, out = {0};
	struct err e;

	age_plain(n, &plain);
	buf_adds(&out, "kept");
	CHECK(seal(public, slice_buf(&plain), &blob), "%zu bytes", n);
	CHECK(blob.n - header_size(slice_buf(&blob), key) ==
	    n + chunks * AEAD_TAG_SIZE, "  a tag for each chunk");
	CHECK(age_whole_open(slice_buf(&blob), key, &out, &e) == E_OK &&
	    slice_starts(slice_buf(&out), "kept") &&
	    slice_eq(slice_from(slice_buf(&out), 4), slice_buf(&plain)),
	    "  open again");
	buf_free(&plain);
	buf_free(&blob);
	buf_free(&out);
}

/* Is blob refused as it should be, and nothing put out but a beginning of
 * plain? */
static bool
refused(struct slice blob, struct slice plain, enum status *as)
{
	struct buf out = {0};
	struct err e;
	bool good;

	*as = age_whole_open(blob, key, &out, &e);
	good = (*as == E_INPUT || (*as == E_NO &&
	    (strcmp(e.text, "decryption failed") == 0 ||
	    slice_starts(slice_str(e.text), "not sealed for this key")))) &&
	    out.n % AGE_CHUNK_SIZE == 0 && out.n <= plain.n &&
	    (out.n == 0 || memcmp(out.p, plain.p, out.n) == 0);
	buf_free(&out);
	return good;
}

static void
flips(struct buf *blob, struct slice plain)
{
	size_t head = header_size(slice_buf(blob), key), i, bad = 0, other = 0;
	enum status as;

	for (i = 0; i < blob->n; i++) {
		blob->p[i] ^= (uint8_t)(1 << i % 8);
		bad += !refused(slice_buf(blob), plain, &as);
		/* from the nonce on there is no shape that could be wrong */
		other += i >= head - 16 && as != E_NO;
		blob->p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(bad == 0, "a flipped bit in any byte is refused");
	CHECK(other == 0, "  behind the text of the header with status 1");
}

static void
cuts(struct slice blob, struct slice plain)
{
	struct buf longer = {0};
	size_t n, bad = 0;
	enum status as;

	for (n = 0; n < blob.n; n++)
		bad += !refused(slice_head(blob, n), plain, &as);
	CHECK(bad == 0, "every truncation is refused");
	buf_add(&longer, blob);
	buf_addc(&longer, 0);
	CHECK(refused(slice_buf(&longer), plain, &as) && as == E_NO,
	    "so is a byte more");
	buf_free(&longer);
}

static void
small(void)
{
	struct slice plain = slice_str("a secret of few bytes\n");
	struct buf blob = {0}, out = {0};
	struct err e;

	CHECK(seal(public, plain, &blob), "a small blob");
	flips(&blob, plain);
	cuts(slice_buf(&blob), plain);
	CHECK(age_whole_open(slice_buf(&blob), key, &out, &e) == E_OK &&
	    slice_eq(slice_buf(&out), plain), "and after that it still opens");
	buf_free(&blob);
	buf_free(&out);
}

/* A blob of which chunks are taken in an order of ours. */
struct mix {
	const char *name;
	int order[6];		/* -1 ends */
	enum status as;
};

static const struct mix mixes[] = {
	{"the chunks as they are", {0, 1, 2, 3, -1}, E_OK},
	{"the first two swapped", {1, 0, 2, 3, -1}, E_NO},
	{"the middle two swapped", {0, 2, 1, 3, -1}, E_NO},
	{"the last in front", {3, 0, 1, 2, -1}, E_NO},
	{"the first dropped", {1, 2, 3, -1}, E_NO},
	{"one in the middle dropped", {0, 2, 3, -1}, E_NO},
	{"the last dropped", {0, 1, 2, -1}, E_NO},
	{"all but the first dropped", {0, -1}, E_NO},
	{"all but the last dropped", {3, -1}, E_NO},
	{"all dropped", {-1}, E_INPUT},
	{"the first twice", {0, 0, 1, 2, 3, -1}, E_NO},
	{"the last twice", {0, 1, 2, 3, 3, -1}, E_NO},
};

/* The last chunk has half the size: two of them are one that is whole. */
static void
moved(void)
{
	const size_t n = 3 * AGE_CHUNK_SIZE + AGE_CHUNK_SIZE / 2;
	struct buf plain = {0}, blob = {0}, mix = {0};
	struct slice body;
	enum status as;
	size_t i, head;
	const int *at;
	bool no;

	age_plain(n, &plain);
	CHECK(seal(public, slice_buf(&plain), &blob), "four chunks");
	head = header_size(slice_buf(&blob), key);
	body = slice_from(slice_buf(&blob), head);
	for (i = 0; i < sizeof mixes / sizeof *mixes; i++) {
		buf_cut(&mix, 0);
		buf_add(&mix, slice_head(slice_buf(&blob), head));
		for (at = mixes[i].order; *at >= 0; at++)
			buf_add(&mix, slice_head(slice_from(body,
			    (size_t)*at * SEALED), SEALED));
		no = refused(slice_buf(&mix), slice_buf(&plain), &as);
		CHECK(as == mixes[i].as && no == (as != E_OK), "%s: %d",
		    mixes[i].name, (int)mixes[i].as);
	}
	buf_free(&plain);
	buf_free(&blob);
	buf_free(&mix);
}

/* A payload whose chunks are sealed with flags and sizes of ours. */
struct flags {
	const char *name;
	struct { size_t n; bool last; } chunk[4];	/* n = SIZE_MAX ends */
	enum status as;
};

static const struct flags flagged[] = {
	{"two full chunks", {{AGE_CHUNK_SIZE, false}, {AGE_CHUNK_SIZE, true},
	    {SIZE_MAX, false}}, E_OK},
	{"no flag on the last", {{AGE_CHUNK_SIZE, false}, {9, false},
	    {SIZE_MAX, false}}, E_NO},
	{"no flag on the only one", {{9, false}, {SIZE_MAX, false}}, E_NO},
	{"a flag too early", {{AGE_CHUNK_SIZE, true}, {9, true},
	    {SIZE_MAX, false}}, E_NO},
	{"a flag on the first alone", {{AGE_CHUNK_SIZE, true}, {9, false},
	    {SIZE_MAX, false}}, E_NO},
	{"an empty last chunk", {{AGE_CHUNK_SIZE, false}, {0, true},
	    {SIZE_MAX, false}}, E_INPUT},
	{"a short chunk before the last", {{100, false}, {9, true},
	    {SIZE_MAX, false}}, E_NO},
	{"nothing", {{0, true}, {SIZE_MAX, false}}, E_OK},
};

static void
flag(const struct flags *f)
{
	struct buf plain = {0}, blob = {0}, out = {0};
	const struct key *to = public;
	struct slice rest;
	struct chunks *c;
	struct err e;
	void *state;
	size_t i;

	age_plain(4 * AGE_CHUNK_SIZE, &plain);
	rest = slice_buf(&plain);
	if (age_seal(&to, 1, &blob, &c, &e) < 0 || c->begin(c, &state, &e) < 0)
		exit(1);
	for (i = 0; f->chunk[i].n != SIZE_MAX; i++) {
		(void)c->turn(c, state, i, f->chunk[i].last,
		    slice_head(rest, f->chunk[i].n), &blob, &e);
		rest = slice_from(rest, f->chunk[i].n);
	}
	c->end(state);
	c->free(c);
	e.text[0] = '\0';
	CHECK(age_whole_open(slice_buf(&blob), key, &out, &e) == f->as &&
	    (f->as != E_NO || strcmp(e.text, "decryption failed") == 0),
	    "%s: %s", f->name, f->as == E_OK ? "opens" : e.text);
	buf_free(&plain);
	buf_free(&blob);
	buf_free(&out);
}

/* The second chunk of one blob in another for the same key. */
static void
spliced(void)
{
	struct buf plain = {0}, a = {0}, b = {0}, out = {0};
	struct err e;
	size_t at;

	age_plain(AGE_CHUNK_SIZE + 10, &plain);
	if (!seal(public, slice_buf(&plain), &a) ||
	    !seal(public, slice_buf(&plain), &b) || a.n != b.n)
		exit(1);
	CHECK(!slice_eq(slice_buf(&a), slice_buf(&b)),
	    "the same sealed twice differs");
	at = header_size(slice_buf(&a), key) + SEALED;
	memcpy(a.p + at, b.p + at, a.n - at);
	CHECK(age_whole_open(slice_buf(&a), key, &out, &e) == E_NO &&
	    out.n == AGE_CHUNK_SIZE, "a chunk of another blob is refused");
	memcpy(a.p, b.p, at - SEALED - 16);
	buf_cut(&out, 0);
	CHECK(age_whole_open(slice_buf(&a), key, &out, &e) == E_NO &&
	    out.n == 0, "so is another's header");
	buf_free(&plain);
	buf_free(&a);
	buf_free(&b);
	buf_free(&out);
}

static void
recipients(void)
{
	const struct key *to[] = {public, second};
	struct slice plain = slice_str("for two");
	struct buf blob = {0}, out = {0};
	struct err e;

	CHECK(age_whole_seal(to, 2, plain, &blob, &e) == 0, "two recipients");
	CHECK(age_whole_open(slice_buf(&blob), key, &out, &e) == E_OK &&
	    slice_eq(slice_buf(&out), plain), "  the first opens");
	buf_cut(&out, 0);
	CHECK(age_whole_open(slice_buf(&blob), second, &out, &e) == E_OK &&
	    slice_eq(slice_buf(&out), plain), "  the second opens");
	buf_cut(&out, 0);
	CHECK(age_whole_open(slice_buf(&blob), third, &out, &e) == E_NO &&
	    out.n == 0 && strcmp(e.text, "not sealed for this key; kinds of "
	    "its recipients: ssh-rsa") == 0, "  a third does not: %s", e.text);
	buf_free(&blob);
	buf_free(&out);
}

static void
many(void)
{
	const struct key *to[AGE_STANZAS_MAX + 1];
	struct buf head = {0};
	struct chunks *c = NULL;
	struct err e;
	size_t i;

	for (i = 0; i <= AGE_STANZAS_MAX; i++)
		to[i] = public;
	CHECK(age_seal(to, 0, &head, &c, &e) < 0 && e.code == E_USAGE,
	    "no recipient: %s", e.text);
	CHECK(age_seal(to, AGE_STANZAS_MAX + 1, &head, &c, &e) < 0 &&
	    e.code == E_USAGE, "too many: %s", e.text);
	if (CHECK(age_seal(to, AGE_STANZAS_MAX, &head, &c, &e) == 0 &&
	    head.n <= AGE_HEADER_MAX, "as many as may be fit"))
		c->free(c);
	CHECK(header_size(slice_buf(&head), key) == head.n, "  and are read");
	buf_free(&head);
}

static void
unfit(void)
{
	struct buf blob = {0}, out = {0};
	const struct key *to[2] = {public};
	struct chunks *c = NULL;
	struct key *oct;
	struct err e;

	(void)key_from_oct(slice_str("0123456789abcdef"), &oct, &e);
	(void)seal(public, slice_str("x"), &blob);
	CHECK(age_whole_open(slice_buf(&blob), public, &out, &e) == E_INPUT,
	    "a public key does not open: %s", e.text);
	CHECK(age_whole_open(slice_buf(&blob), oct, &out, &e) == E_INPUT,
	    "nor a symmetric one: %s", e.text);
	buf_cut(&blob, 0);
	to[1] = oct;
	CHECK(age_seal(to, 2, &blob, &c, &e) < 0 && e.code == E_INPUT &&
	    blob.n == 0 && c == NULL, "nor does it seal: %s", e.text);
	key_free(oct);
	buf_free(&blob);
	buf_free(&out);
}

static void
recognised(void)
{
	CHECK(age_is(slice_str("age-encryption.org/v1\n-> ")), "an age file");
	CHECK(age_is(slice_str("age-encryption.org/v2\n")),
	    "of another version too");
	CHECK(!age_is(slice_str("age-encryption.or")) &&
	    !age_is(slice_str("")) && !age_is(slice_str(" age-encryption.org/"
	    "v1\n")), "nothing else");
}

int
main(void)
{
	static const size_t sizes[] = {0, 1, AGE_CHUNK_SIZE - 1,
	    AGE_CHUNK_SIZE, AGE_CHUNK_SIZE + 1, 2 * AGE_CHUNK_SIZE,
	    3 * AGE_CHUNK_SIZE + 5};
	struct buf spki = {0};
	struct err e;
	size_t i;

	if (key_generate_rsa(2048, &key, &e) < 0 ||
	    key_generate_rsa(3072, &second, &e) < 0 ||
	    key_generate_rsa(2048, &third, &e) < 0)
		return 1;
	key_to_spki(key, &spki);
	if (key_from_spki(slice_buf(&spki), &public, &e) < 0)
		return 1;
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		round_trip(sizes[i]);
	small();
	moved();
	for (i = 0; i < sizeof flagged / sizeof *flagged; i++)
		flag(&flagged[i]);
	spliced();
	recipients();
	many();
	unfit();
	recognised();
	key_free(key);
	key_free(public);
	key_free(second);
	key_free(third);
	buf_free(&spki);
	return tap_done();
}
