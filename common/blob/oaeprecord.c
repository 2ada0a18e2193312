/* oaeprecord.c -- see oaeprecord.h. */
#include "blob/oaeprecord.h"

#include "codec/b64.h"
#include "value/jsonb64.h"

/* The first of these members that is there, and not null, which az prints for
 * what there is not. */
static struct json_val
first_of(struct json_val root, const char *const names[])
{
	struct json_val v = {0};

	for (; *names != NULL && (!json_has(v) || json_is(v, JSON_NULL));
	    names++)
		v = json_get(root, *names);
	if (json_is(v, JSON_NULL))
		v = (struct json_val){0};
	return v;
}

static struct json_val
algorithm_of(struct json_val root)
{
	static const char *const names[] = {"algorithm", "Algorithm", NULL};

	return first_of(root, names);
}

static struct json_val
kid_of(struct json_val root)
{
	static const char *const names[] = {"keyId", "KeyId", "key_id", "kid",
	    NULL};

	return first_of(root, names);
}

/* A vault's answer has a kid and names no algorithm; az does. */
static struct json_val
ciphertext_of(struct json_val root)
{
	static const char *const names[] = {"ciphertext", "Ciphertext",
	    "result", NULL};
	static const char *const answer[] = {"value", NULL};

	if (json_has(algorithm_of(root)))
		return first_of(root, names);
	return json_is(json_get(root, "kid"), JSON_STRING) ?
	    first_of(root, answer) : (struct json_val){0};
}

static bool
looks(struct json_val root)
{
	static const char *const tags[] = {"tag", NULL};

	return json_is(ciphertext_of(root), JSON_STRING) &&
	    (json_is(algorithm_of(root), JSON_STRING) ||
	    !json_has(algorithm_of(root))) &&
	    !json_has(first_of(root, tags));
}

bool
oaeprecord_is(struct slice s)
{
	struct buf keep = {0};
	struct json *doc;
	struct err e;
	bool is = false;

	if (jsonb64_parse(s, OAEPRECORD_MAX, &keep, &doc, &e) == 0) {
		is = looks(json_root(doc));
		json_free(doc);
	}
	buf_free(&keep);
	return is;
}

/* What the algorithm means, for a caller that asks for nothing else. */
static int
read_algorithm(struct json_val name, bool asked, struct oaep *how,
    struct err *e)
{
	static const struct {
		const char *name;
		enum hash hash;
	} rows[] = {
		{"RSA-OAEP-SHA256", HASH_SHA256}, {"RSA-OAEP-256", HASH_SHA256},
		{"RSA-OAEP", HASH_SHA1},
	};
	struct slice s = slice_head(json_span(name), 40);
	size_t i;

	if (!json_has(name))
		return 0;
	for (i = 0; i < 3 && !json_text_is(name, rows[i].name); i++)
		continue;
	if (i == 3)
		return err_set(e, E_INPUT, "algorithm %.*s is not supported",
		    (int)s.n, (const char *)s.p);
	if (asked && (how->hash != rows[i].hash || how->mgf1 != rows[i].hash))
		return err_set(e, E_INPUT, "algorithm %.*s is not the OAEP "
		    "asked for", (int)s.n, (const char *)s.p);
	if (how->label.n > 0)
		return err_set(e, E_INPUT, "algorithm %.*s has no label",
		    (int)s.n, (const char *)s.p);
	how->hash = how->mgf1 = rows[i].hash;
	return 0;
}

static void
add_kid(struct json_val root, struct buf *kid)
{
	struct err none;

	(void)json_text(kid_of(root), "keyId", kid, &none);
}

void
oaeprecord_kid(struct slice text, struct buf *kid)
{
	struct buf keep = {0};
	struct json *doc;
	struct err e;

	if (jsonb64_parse(text, OAEPRECORD_MAX, &keep, &doc, &e) == 0) {
		if (looks(json_root(doc)))
			add_kid(json_root(doc), kid);
		json_free(doc);
	}
	buf_free(&keep);
}

/* The key that the record names, for whoever has another. */
static void
hint(struct json_val root, struct err *e)
{
	struct buf name = {0};

	add_kid(root, &name);
	if (name.n > 0)
		(void)err_hint(e, "it names the key %.*s",
		    (int)slice_head(slice_buf(&name), 200).n,
		    (const char *)name.p);
	buf_free(&name);
}

static int
open_root(struct json_val root, const struct key *key,
    struct oaep how, bool asked, struct buf *out, struct err *e)
{
	struct buf text = {0}, block = {0};
	struct oaep_run *run = NULL;
	int ret = -1;

	if (!looks(root)) {
		(void)err_set(e, E_INPUT, "neither ciphertext and algorithm "
		    "nor kid and value are there as strings");
		goto out;
	}
	if (read_algorithm(algorithm_of(root), asked, &how, e) < 0 ||
	    json_text(ciphertext_of(root), "ciphertext", &text, e) < 0)
		goto out;
	if (b64_decode(slice_buf(&text), B64_TEXT, &block, e) < 0) {
		(void)err_in(e, "ciphertext");
		goto out;
	}
	ret = oaep_start(key, &how, false, &run, e);
	if (ret == 0)
		ret = oaep_open(run, slice_buf(&block), out, e);
	if (ret < 0)
		hint(root, e);
out:
	oaep_free(run);
	buf_free(&text);
	buf_free(&block);
	return ret;
}

int
oaeprecord_open(struct slice text, const struct key *key,
    const struct oaep *how, bool asked, struct buf *out, struct err *e)
{
	struct buf keep = {0};
	struct json *doc = NULL;
	int ret;

	ret = jsonb64_parse(text, OAEPRECORD_MAX, &keep, &doc, e);
	if (ret == 0) {
		ret = open_root(json_root(doc), key, *how, asked, out,
		    e);
		json_free(doc);
	}
	buf_free(&keep);
	return ret;
}
