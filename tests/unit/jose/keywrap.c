/* Keys wrapped in keys by name: each opens what it sealed, and nothing of the
 * others. */
#include "jose/keywrap.h"

#include "unit/tap.h"

static const struct {
	const char *name;
	size_t kek;		/* bytes; 0: RSA */
} rows[] = {
	{"RSA-OAEP-256", 0}, {"RSA-OAEP", 0}, {"A128KW", 16}, {"A192KW", 24},
	{"A256KW", 32},
};

enum { ROWS = sizeof rows / sizeof *rows, PLAIN = 40 };

static const struct keywrap *alg[ROWS];
static struct key *keys[ROWS];

static const struct keywrap *
named(const char *json)
{
	const struct keywrap *found = NULL;
	struct json *doc;
	struct err e;

	if (json_parse(slice_str(json), &doc, &e) == 0) {
		found = keywrap_named(json_root(doc));
		json_free(doc);
	}
	return found;
}

static bool
prepare(struct key *rsa)
{
	static const uint8_t bytes[32] = {1, 2, 3};
	char json[32];
	struct err e;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		(void)snprintf(json, sizeof json, "\"%s\"", rows[i].name);
		alg[i] = named(json);
		keys[i] = rsa;
		if (!CHECK(alg[i] != NULL && strcmp(alg[i]->name,
		    rows[i].name) == 0, "%s", rows[i].name) ||
		    (rows[i].kek > 0 && key_from_oct(slice_of(bytes,
		    rows[i].kek), &keys[i], &e) < 0))
			return false;
	}
	return true;
}

static void
round_trip(size_t i)
{
	static const uint8_t plain[PLAIN] = {4, 5, 6};
	struct buf wrapped = {0}, out = {0};
	struct err e = {.code = E_OK};
	size_t k;

	CHECK(keywrap_seal(alg[i], keys[i], slice_of(plain, PLAIN), &wrapped,
	    &e) == 0 && keywrap_open(alg[i], keys[i], slice_buf(&wrapped),
	    &out, &e) == 0 && slice_eq(slice_buf(&out),
	    slice_of(plain, PLAIN)), "%s opens what it sealed", rows[i].name);
	buf_cut(&out, 0);
	for (k = 0; k < ROWS; k++) {
		if (k == i)
			continue;
		CHECK(keywrap_open(alg[k], keys[i], slice_buf(&wrapped), &out,
		    &e) < 0 && e.code == E_NO && out.n == 0 &&
		    (rows[k].kek != rows[i].kek ||
		    strcmp(e.text, "decryption failed") == 0),
		    "  %s does not: %s", rows[k].name, e.text);
	}
	wrapped.p[0] ^= 1;
	CHECK(keywrap_open(alg[i], keys[i], slice_buf(&wrapped), &out, &e) <
	    0 && e.code == E_NO && out.n == 0 &&
	    strcmp(e.text, "decryption failed") == 0, "  nor it, changed");
	CHECK(keywrap_open(alg[i], keys[i], slice_head(slice_buf(&wrapped),
	    15), &out, &e) < 0 && e.code == E_INPUT, "  nor it, cut: %s",
	    e.text);
	CHECK(keywrap_for(keys[i], &e)->kek == rows[i].kek, "  its key's row");
	buf_free(&wrapped);
	buf_free(&out);
}

int
main(void)
{
	struct key *rsa, *odd;
	struct err e;
	size_t i;

	if (key_generate_rsa(2048, &rsa, &e) < 0 ||
	    key_from_oct(slice_str("x"), &odd, &e) < 0 || !prepare(rsa))
		return 1;
	for (i = 0; i < ROWS; i++)
		round_trip(i);
	CHECK(strcmp(keywrap_for(rsa, &e)->name, "RSA-OAEP-256") == 0,
	    "an RSA key's is the one with SHA-256");
	CHECK(keywrap_for(odd, &e) == NULL, "a key of no size has none");
	CHECK(named("\"RSA1_5\"") == NULL && named("\"dir\"") == NULL &&
	    named("\"a256kw\"") == NULL && named("\"\"") == NULL &&
	    named("1") == NULL && named("null") == NULL, "other names");
	for (i = 2; i < ROWS; i++)
		key_free(keys[i]);
	key_free(rsa);
	key_free(odd);
	return tap_done();
}
