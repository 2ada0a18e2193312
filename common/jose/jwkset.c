/* jwkset.c -- see jwk.h: key sets, and what is given instead of one. */
#include "jose/jwk.h"

#include <string.h>

#include "ground/text.h"

/* Members by which documents are known that are no key set. */
static const struct {
	const char *member, *what, *hint;
} others[] = {
	{"jwks_uri", "an OpenID configuration, not a key set", "the keys are "
	    "at its jwks_uri; maa-token --keys fetches those of Microsoft "
	    "Azure Attestation"},
	{"key", "a key bundle, not a key set", "jq .key takes the key out"},
	{"token", "a token, not a key set", NULL},
	{"access_token", "a token, not a key set", NULL},
	{"error", "an error answer, not a key set", NULL},
};

static int
no_set(struct json_val doc, struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof others / sizeof *others; i++) {
		if (!json_has(json_get(doc, others[i].member)))
			continue;
		(void)err_set(e, E_INPUT, "%s", others[i].what);
		return others[i].hint == NULL ? -1 :
		    err_hint(e, "%s", others[i].hint);
	}
	return err_set(e, E_INPUT, "neither a JWK Set nor a JWK");
}

static int
from_json(struct slice text, struct json **out, struct err *e)
{
	struct json *doc;
	struct json_val root;

	if (json_parse(text, &doc, e) < 0)
		return -1;
	root = json_root(doc);
	if (json_has(json_get(root, "keys")) || json_has(json_get(root,
	    "kty"))) {
		*out = doc;
		return 0;
	}
	(void)no_set(root, e);
	json_free(doc);
	return -1;
}

/* From where a block of PEM begins, behind what openssl(1) says of it for
 * people; nothing if there is none, or the text is JSON. */
static struct slice
pem_of(struct slice s)
{
	static const char begin[] = "\n-----BEGIN ";
	size_t at = slice_search(s, begin);

	if (slice_starts(s, begin + 1))
		return s;
	return slice_starts(s, "{") || at == s.n ? slice_head(s, 0) :
	    slice_from(s, at + 1);
}

/* One block alone, of the text: of a chain it would be for us to choose. */
static int
from_pem(struct slice pem, struct buf *text, struct json **out, struct err *e)
{
	struct slice none = {NULL, 0};
	struct key *key = NULL;
	struct buf jwk = {0};

	if (slice_search(pem, "PRIVATE KEY-----") < pem.n) {
		(void)err_set(e, E_INPUT, "a private key, where the public "
		    "one is enough");
		return err_hint(e, "openssl pkey -pubout takes it out");
	}
	if (slice_search(slice_from(pem, 1), "\n-----BEGIN ") + 1 < pem.n) {
		(void)err_set(e, E_INPUT, "several blocks of PEM, where one "
		    "key belongs");
		return err_hint(e, "leave the one whose key it is, of a chain "
		    "the first");
	}
	if (key_from_pem(pem, none, &key, e) < 0)
		return -1;
	jwk_write(key, false, none, (struct json_val){0}, &jwk);
	key_free(key);
	buf_cut(text, 0);
	buf_add(text, slice_buf(&jwk));
	buf_free(&jwk);
	return json_parse(slice_buf(text), out, e);
}

int
jwk_set_read(struct buf *text, struct json **doc, bool *bare, struct err *e)
{
	struct slice s = slice_trim(slice_buf(text)), pem = pem_of(s);

	if (text_no_bom(slice_buf(text), "key set", e) < 0)
		return -1;
	*bare = pem.n > 0;
	if (*bare)
		return from_pem(pem, text, doc, e);
	if (s.n == 0)
		return err_set(e, E_INPUT, "key set: empty");
	if (slice_starts(s, "ey"))
		return err_set(e, E_INPUT, "a token, not a key set");
	if (strchr("{[\"", s.p[0]) == NULL) {
		(void)err_set(e, E_INPUT, "no key set: neither JSON nor PEM");
		return err_hint(e, "maa-token --keys fetches those of "
		    "Microsoft Azure Attestation");
	}
	return from_json(slice_buf(text), doc, e);
}
