/* csefind.c -- see cse_in.h: the metadata in a JSON document. */
#include "blob/cse_in.h"

#include <strings.h>

static const char enc[] = "encryptiondata";

int
cse_blobxfer(struct err *e)
{
	return err_set(e, E_INPUT,
	    "blobxfer's own encryption is not supported");
}

/* The member of that name in any case: names of metadata are those of HTTP
 * headers, which every tool spells as it likes. */
static int
member(struct json_val in, const char *name, struct json_val *out,
    struct err *e)
{
	struct buf is = {0};
	struct json_val v;
	int ret = 0;

	*out = (struct json_val){0};
	if (!json_is(in, JSON_OBJECT))
		return 0;
	for (v = json_first(in); json_has(v) && ret == 0; v = json_next(v)) {
		buf_cut(&is, 0);
		ret = json_text(json_name(v), name, &is, e);
		if (ret < 0 || is.n != strlen(name) ||
		    strncasecmp((const char *)is.p, name, is.n) != 0)
			continue;
		if (json_has(*out))
			ret = err_set(e, E_INPUT, "%s: more than once", name);
		*out = v;
	}
	buf_free(&is);
	return ret;
}

/* The one of an object of metadata, which may have none. */
static int
metadata(struct json_val in, struct json_val *out, struct err *e)
{
	struct json_val other;

	if (member(in, enc, out, e) < 0 ||
	    member(in, "encryptiondata_authentication", &other, e) < 0)
		return -1;
	return json_has(other) ? cse_blobxfer(e) : 0;
}

/* "az storage blob show" tells kind and size of the blob. */
static int
properties(struct json_val root, struct cse_found *f, struct err *e)
{
	struct json_val in = json_get(root, "properties");
	struct json_val size = json_get(in, "contentLength");
	int64_t n;

	f->page = json_text_is(json_get(in, "blobType"), "PageBlob");
	if (!json_has(size) || json_is(size, JSON_NULL))
		return 0;
	if (!json_int(size, &n) || n < 0)
		return err_set(e, E_INPUT, "contentLength: not a size");
	f->sized = true;
	f->size = (uint64_t)n;
	return 0;
}

static int
look(struct json_val root, struct cse_found *f, struct err *e)
{
	struct json_val inner = json_get(root, "metadata"), top, below;
	bool itself = json_has(json_get(root, "WrappedContentKey")) ||
	    json_has(json_get(root, "EncryptionAgent"));
	struct slice span = json_span(root);

	if (json_is(root, JSON_STRING))
		return json_text(root, enc, &f->text, e);
	if (metadata(root, &top, e) < 0 || metadata(inner, &below, e) < 0)
		return -1;
	if (itself + json_has(top) + json_has(below) > 1)
		return err_set(e, E_INPUT, "%s: more than once", enc);
	if (itself) {
		buf_add(&f->text, span);
		return 0;
	}
	if (json_has(top))
		return json_text(top, enc, &f->text, e);
	if (json_has(below))
		return properties(root, f, e) < 0 ? -1 :
		    json_text(below, enc, &f->text, e);
	return err_set(e, E_INPUT, "%s: neither this JSON nor a member of it "
	    "or of its metadata", enc);
}

int
cse_find_json(struct slice text, struct cse_found *f, struct err *e)
{
	struct json *doc;
	int ret;

	if (json_parse(text, &doc, e) < 0)
		return err_in(e, "%s", enc);
	ret = look(json_root(doc), f, e);
	json_free(doc);
	return ret;
}
