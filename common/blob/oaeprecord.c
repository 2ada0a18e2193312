/* oaeprecord.c -- see oaeprecord.h. */
#include "blob/oaeprecord.h"

#include "codec/b64.h"
#include "value/jsonb64.h"

/* A member by the name a blob has it under, or a table. */
static struct json_val
either(struct json_val root, const char *name, const char *table_name)
{
	struct json_val v = json_get(root, name);

	return json_has(v) ? v : json_get(root, table_name);
}

static struct json_val
ciphertext_of(struct json_val root)
{
	return either(root, "ciphertext", "Ciphertext");
}

static struct json_val
algorithm_of(struct json_val root)
{
	return either(root, "algorithm", "Algorithm");
}

static bool
looks(struct json_val root)
{
	return json_is(ciphertext_of(root), JSON_STRING) &&
	    json_is(algorithm_of(root), JSON_STRING) &&
	    !json_has(json_get(root, "tag"));
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

static int
check_algorithm(struct json_val name, const struct oaep *how, struct err *e)
{
	struct slice s = slice_head(json_span(name), 40);

	if (!json_text_is(name, "RSA-OAEP-SHA256") &&
	    !json_text_is(name, "RSA-OAEP-256"))
		return err_set(e, E_INPUT, "algorithm %.*s is not supported",
		    (int)s.n, (const char *)s.p);
	if (how->hash != HASH_SHA256 || how->mgf1 != HASH_SHA256 ||
	    how->label.n > 0)
		return err_set(e, E_INPUT, "algorithm %.*s is not the OAEP "
		    "asked for", (int)s.n, (const char *)s.p);
	return 0;
}

/* The key that the record names, for whoever has another. */
static void
hint(struct json_val root, struct err *e)
{
	struct json_val id = either(root, "keyId", "KeyId");
	struct buf name = {0};
	struct err none;

	if (!json_has(id))
		id = json_get(root, "key_id");
	if (json_text(id, "keyId", &name, &none) == 0 && name.n > 0)
		(void)err_hint(e, "it names the key %.*s",
		    (int)slice_head(slice_buf(&name), 200).n,
		    (const char *)name.p);
	buf_free(&name);
}

static int
open_root(struct json_val root, const struct key *key,
    const struct oaep *how, struct buf *out, struct err *e)
{
	struct buf text = {0}, block = {0};
	struct oaep_run *run = NULL;
	int ret = -1;

	if (!looks(root)) {
		(void)err_set(e, E_INPUT, "ciphertext and algorithm are not "
		    "both there as strings");
		goto out;
	}
	if (check_algorithm(algorithm_of(root), how, e) < 0 ||
	    json_text(ciphertext_of(root), "ciphertext", &text, e) < 0)
		goto out;
	if (b64_decode(slice_buf(&text), B64_TEXT, &block, e) < 0) {
		(void)err_in(e, "ciphertext");
		goto out;
	}
	ret = oaep_start(key, how, false, &run, e);
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
    const struct oaep *how, struct buf *out, struct err *e)
{
	struct buf keep = {0};
	struct json *doc = NULL;
	int ret;

	ret = jsonb64_parse(text, OAEPRECORD_MAX, &keep, &doc, e);
	if (ret == 0) {
		ret = open_root(json_root(doc), key, how, out, e);
		json_free(doc);
	}
	buf_free(&keep);
	return ret;
}
