/* wrapped.c -- see wrapped.h.  The writer's member names and order are those
 * of AnnotationPacket in confidential-sidecar-containers. */
#include "blob/wrapped.h"

#include "codec/b64.h"
#include "crypto/oaep.h"
#include "value/jsonb64.h"

bool
wrapped_is(struct slice s)
{
	struct buf keep = {0};
	struct json *doc;
	struct err e;
	bool is = false;

	if (jsonb64_parse(s, WRAPPED_MAX, &keep, &doc, &e) == 0) {
		is = json_is(json_get(json_root(doc), "wrapped_data"),
		    JSON_STRING);
		json_free(doc);
	}
	buf_free(&keep);
	return is;
}

/* A member there is no rule for may change what the others mean. */
static int
only_known(struct json_val root, struct err *e)
{
	static const char *const known[] = {"kid", "wrapped_data", "iv",
	    "wrap_type", "kms_endpoint", "attester_endpoint"};
	struct slice name;
	struct json_val v;
	size_t i;

	for (v = json_first(root); json_has(v); v = json_next(v)) {
		for (i = 0; i < sizeof known / sizeof *known; i++)
			if (json_text_is(json_name(v), known[i]))
				break;
		if (i < sizeof known / sizeof *known)
			continue;
		name = slice_head(json_span(json_name(v)), 40);
		return err_set(e, E_INPUT, "%.*s is no member it can have",
		    (int)name.n, (const char *)name.p);
	}
	return 0;
}

/* A string; absent is left empty if it may be. */
static int
text_of(struct json_val root, const char *name, bool optional,
    struct buf *out, struct err *e)
{
	struct json_val v = json_get(root, name);

	if (optional && !json_has(v))
		return 0;
	if (json_text(v, name, out, e) < 0)
		return -1;
	if (!optional && out->n == 0)
		return err_set(e, E_INPUT, "%s: empty", name);
	return 0;
}

/* Constants so far; anything else is another scheme. */
static int
check_scheme(struct json_val root, struct err *e)
{
	struct buf type = {0}, iv = {0};
	int ret = -1;

	if (text_of(root, "wrap_type", true, &type, e) < 0 ||
	    text_of(root, "iv", true, &iv, e) < 0)
		goto out;
	if (type.n > 0 && !slice_starts(slice_buf(&type), "rsa_"))
		(void)err_set(e, E_INPUT, "wrap_type %.*s is not supported",
		    (int)slice_head(slice_buf(&type), 40).n,
		    (const char *)type.p);
	else if (iv.n > 0)
		(void)err_set(e, E_INPUT, "iv: not empty, but RSA-OAEP has "
		    "none");
	else
		ret = 0;
out:
	buf_free(&type);
	buf_free(&iv);
	return ret;
}

static int
members(struct json_val root, struct wrapped *w, struct err *e)
{
	struct buf text = {0};
	int ret = -1;

	if (only_known(root, e) == 0 && check_scheme(root, e) == 0 &&
	    text_of(root, "kid", false, &w->kid, e) == 0 &&
	    text_of(root, "kms_endpoint", true, &w->kms_endpoint, e) == 0 &&
	    text_of(root, "attester_endpoint", true, &w->attester_endpoint,
	    e) == 0 &&
	    text_of(root, "wrapped_data", false, &text, e) == 0) {
		ret = b64_decode(slice_buf(&text), B64_TEXT, &w->data, e);
		if (ret == 0 && w->data.n == 0)
			ret = err_set(e, E_INPUT, "empty");
		if (ret < 0)
			(void)err_in(e, "wrapped_data");
	}
	buf_free(&text);
	return ret;
}

int
wrapped_parse(struct slice text, struct wrapped *out, struct err *e)
{
	struct wrapped w = {0};
	struct buf keep = {0};
	struct json *doc = NULL;
	int ret;

	ret = jsonb64_parse(text, WRAPPED_MAX, &keep, &doc, e);
	if (ret == 0) {
		ret = members(json_root(doc), &w, e);
		json_free(doc);
	}
	buf_free(&keep);
	if (ret < 0) {
		wrapped_free(&w);
		return err_in(e, "wrapped");
	}
	*out = w;
	return 0;
}

void
wrapped_free(struct wrapped *w)
{
	buf_free(&w->kid);
	buf_free(&w->data);
	buf_free(&w->kms_endpoint);
	buf_free(&w->attester_endpoint);
	*w = (struct wrapped){0};
}

/* b for a message: cut, and never a null pointer. */
static struct slice
shown(const struct buf *b)
{
	return b->n > 0 ? slice_head(slice_buf(b), 100) : slice_str("unknown");
}

int
wrapped_hint(const struct wrapped *w, struct err *e)
{
	struct slice kid = shown(&w->kid), kms = shown(&w->kms_endpoint);
	struct slice maa = shown(&w->attester_endpoint);

	return err_hint(e, "it takes the key %.*s of %.*s, attested by %.*s",
	    (int)kid.n, (const char *)kid.p, (int)kms.n, (const char *)kms.p,
	    (int)maa.n, (const char *)maa.p);
}

int
wrapped_open(struct slice text, const struct key *key, struct buf *out,
    struct err *e)
{
	struct oaep_run *run = NULL;
	struct wrapped w = {0};
	int ret;

	if (wrapped_parse(text, &w, e) < 0)
		return -1;
	ret = key_meant_for(key, "RSA-OAEP-256", e);
	if (ret == 0)
		ret = oaep_start(key, &oaep_sha256, false, &run, e);
	if (ret == 0)
		ret = oaep_open(run, slice_buf(&w.data), out, e);
	if (ret < 0)
		(void)wrapped_hint(&w, e);
	oaep_free(run);
	wrapped_free(&w);
	return ret;
}
