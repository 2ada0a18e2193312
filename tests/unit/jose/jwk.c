/* Key documents: what is no key, no set, or one of too many. */
#include "jose/jwk.h"

#include "codec/b64.h"
#include "unit/tap.h"

#define OCT "\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\""
#define ZEROS "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""
#define AGE "age1nmhjds438km522eftc02gclv8ez03a46cwawn48kj7v0vvnwxe0s53h4l8"

static const struct slice none = {NULL, 0};

static int
one(struct json_val doc, struct err *e)
{
	struct key *key = NULL;
	int ret = jwk_key(doc, &key, e);

	key_free(key);
	return ret;
}

static int
allowed(struct json_val doc, struct err *e)
{
	return jwk_allows(doc, JWK_DECRYPT, NULL, e);
}

static int
found(struct json_val doc, struct err *e)
{
	struct key *key = NULL;
	int ret = jwk_find(doc, slice_str("k"), &key, NULL, e);

	if (ret == 0)
		key_free(key);
	return ret;
}

static int
only(struct json_val doc, struct err *e)
{
	struct key *key = NULL;
	int ret = jwk_find(doc, none, &key, NULL, e);

	if (ret == 0)
		key_free(key);
	return ret;
}

/* What a question says of a document. */
static int
asked(struct slice text, int (*question)(struct json_val, struct err *),
    struct err *e)
{
	struct json *doc;
	int ret;

	*e = (struct err){.code = E_OK};
	if (json_parse(text, &doc, e) < 0)
		return -1;
	ret = question(json_root(doc), e);
	json_free(doc);
	return ret == 0 ? 0 : (int)e->code;
}

static void
documents(void)
{
	static const struct {
		int (*question)(struct json_val, struct err *);
		const char *text;
		int want;
		const char *says;
	} rows[] = {
		{one, "{" OCT "}", 0, ""},
		{one, "[{" OCT "}]", E_INPUT, "jwk: not a JSON object"},
		{one, "\"k\"", E_INPUT, "jwk: not a JSON object"},
		{one, "{\"kty\":\"EC\",\"crv\":\"P-192\",\"x\":" ZEROS
		    ",\"y\":" ZEROS "}", E_INPUT,
		    "jwk: crv: not one of P-256, P-384, P-521"},
		{one, "{\"kty\":\"EC\",\"x\":" ZEROS ",\"y\":" ZEROS "}",
		    E_INPUT, "jwk: crv: not one of P-256, P-384, P-521"},
		{allowed, "{" OCT ",\"key_ops\":[\"decrypt\"]}", 0, ""},
		{allowed, "{" OCT ",\"key_ops\":\"decrypt\"}", E_INPUT,
		    "jwk: key_ops is a string, not an array"},
		{allowed, "{" OCT ",\"key_ops\":[\"decrypt\",\"decrypt\"]}",
		    E_INPUT, "jwk: key_ops has an operation twice"},
		{only, "{\"keys\":[{" OCT "}]}", 0, ""},
		{only, "{\"keys\":[{" OCT "},{" OCT "}]}", E_NO,
		    "jwk set: 2 keys and no kid to choose by"},
		{only, "{\"keys\":[]}", E_NO,
		    "jwk set: 0 keys and no kid to choose by"},
		{found, "{\"keys\":[{" OCT ",\"kid\":\"k\"}]}", 0, ""},
		{found, "{\"keys\":{" OCT ",\"kid\":\"k\"}}", E_INPUT,
		    "jwk set: keys is no array of at most 1000"},
		{found, "{\"keys\":[1,{" OCT ",\"kid\":\"k\"}]}", E_INPUT,
		    "jwk set: a key is a number"},
	};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!CHECK(asked(slice_str(rows[i].text), rows[i].question,
		    &e) == rows[i].want && strcmp(e.text, rows[i].says) == 0,
		    "%s", rows[i].text))
			(void)printf("# %s\n", e.text);
}

/* 0, or the class of the refusal, of a key file. */
static int
read_file(struct slice text, enum jwk_want want, struct err *e)
{
	struct key *key = NULL;
	int ret;

	*e = (struct err){.code = E_OK};
	ret = jwk_read(text, none, none, want, &key, NULL, e);
	key_free(key);
	return ret == 0 ? 0 : (int)e->code;
}

static void
files(void)
{
	static const struct {
		const char *text;
		int want;
		const char *says;
	} rows[] = {
		{"{" OCT "}", 0, ""},
		{"{\"error\":\"gone\"}", E_INPUT,
		    "no key but an error answer: gone"},
		{"{\"error\":1}", E_INPUT, "no key but an error answer"},
		{"{\"error\":{\"message\":[]}}", E_INPUT,
		    "no key but an error answer"},
		{"{" OCT ",\"kid\":1}", E_INPUT,
		    "jwk: kid is a number, not a string"},
		{"{" OCT ",\"kid\":[\"k\"]}", E_INPUT,
		    "jwk: kid is an array, not a string"},
		{"{\"keys\":{\"k\":{" OCT "}}}", E_INPUT,
		    "jwk set: keys is no array of at most 1000"},
		{"{\"keys\":[{" OCT "},1]}", E_INPUT,
		    "jwk set: a key is a number"},
		{"{\"k\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", E_INPUT,
		    "JSON, but no JWK, JWK Set, key bundle or sidecar answer"},
		{AGE "\n", 0, ""},
	};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!CHECK(read_file(slice_str(rows[i].text), JWK_ENCRYPT,
		    &e) == rows[i].want && strcmp(e.text, rows[i].says) == 0,
		    "file: %s", rows[i].text))
			(void)printf("# %s\n", e.text);
}

/* A line of a key like no other i's. */
static void
ssh_line(size_t i, struct buf *out)
{
	static const uint8_t head[] = "\0\0\0\13ssh-ed25519\0\0\0 ";
	uint8_t point[KEY_RAW_SIZE] = {(uint8_t)i, (uint8_t)(i >> 8)};
	struct buf blob = {0};

	buf_add(&blob, slice_of(head, sizeof head - 1));
	buf_add(&blob, slice_of(point, sizeof point));
	buf_adds(out, "ssh-ed25519 ");
	b64_encode(slice_buf(&blob), B64_STD | B64_PAD, out);
	buf_adds(out, "\n");
	buf_free(&blob);
}

static void
lines(void)
{
	struct keys keys = {0};
	struct buf text = {0};
	struct err e;
	size_t i;

	for (i = 0; i < KEYS_MAX; i++) {
		ssh_line(i, &text);
		if (i == 1)
			CHECK(read_file(slice_buf(&text), JWK_ENCRYPT, &e) ==
			    E_NO && strcmp(e.text, "2 keys where one belongs")
			    == 0, "two lines: %s", e.text);
	}
	CHECK(jwk_read_all(slice_buf(&text), none, none, JWK_ENCRYPT, &keys,
	    &e) == 0 && keys.n == KEYS_MAX, "as many lines as may be");
	keys_free(&keys);
	ssh_line(i, &text);
	CHECK(jwk_read_all(slice_buf(&text), none, none, JWK_ENCRYPT, &keys,
	    &e) < 0 && e.code == E_INPUT && strcmp(e.text,
	    "more than 1000 keys") == 0 && keys.n == 0, "one more");
	buf_free(&text);
}

/* A set of n keys, the last one k. */
static void
set_of(size_t n, struct buf *out)
{
	buf_cut(out, 0);
	buf_adds(out, "{\"keys\":[");
	for (; n > 1; n--)
		buf_adds(out, "{\"kty\":\"none\"},");
	buf_adds(out, "{" OCT ",\"kid\":\"k\"}]}");
}

static void
limits(void)
{
	static const char many[] = "jwk set: keys is no array of at most 1000";
	struct buf text = {0};
	struct err e;

	set_of(JWK_KEYS_MAX, &text);
	CHECK(asked(slice_buf(&text), found, &e) == 0 &&
	    read_file(slice_buf(&text), JWK_DECRYPT, &e) == 0,
	    "a set as large as may be");
	set_of(JWK_KEYS_MAX + 1, &text);
	CHECK(asked(slice_buf(&text), found, &e) == E_INPUT &&
	    strcmp(e.text, many) == 0, "a larger one");
	CHECK(read_file(slice_buf(&text), JWK_DECRYPT, &e) == E_INPUT &&
	    strcmp(e.text, many) == 0, "  as a file");
	buf_free(&text);
}

static void
nothing(void)
{
	static const char *const texts[] = {"", " \n"};
	struct buf text = {0};
	struct json *doc;
	struct err e;
	size_t i;
	bool bare;

	for (i = 0; i < 2; i++) {
		buf_cut(&text, 0);
		buf_adds(&text, texts[i]);
		CHECK(jwk_set_read(&text, &doc, &bare, &e) < 0 &&
		    e.code == E_INPUT && strcmp(e.text, "key set: empty") ==
		    0, "a set of '%s'", texts[i]);
	}
	buf_free(&text);
}

int
main(void)
{
	documents();
	files();
	lines();
	limits();
	nothing();
	return tap_done();
}
