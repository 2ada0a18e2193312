/* akvtarget.c -- the token a key is released to; see akv.h. */
#include "format/akv.h"

#include "format/claims.h"
#include "format/jwk.h"

static bool
has_element(struct json_val array, const char *text)
{
	struct json_val v;

	for (v = json_first(array); json_has(v); v = json_next(v))
		if (json_text_is(v, text))
			return true;
	return false;
}

/* The vault wraps for the first of the runtime's keys that says so. */
static struct json_val
wrapping_key(struct json_val claims)
{
	struct json_val v = json_first(json_get(json_get(claims,
	    "x-ms-runtime"), "keys"));

	for (; json_has(v); v = json_next(v))
		if (json_text_is(json_get(v, "use"), "enc") ||
		    json_text_is(json_get(v, "key_use"), "enc") ||
		    has_element(json_get(v, "key_ops"), "encrypt"))
			break;
	return v;
}

static int
check_wrap(struct json_val claims, const struct key *wrap, struct err *e)
{
	struct json_val jwk = wrapping_key(claims);
	struct key *key = NULL;
	bool same;

	if (!json_has(jwk)) {
		(void)err_set(e, E_NO, "token: x-ms-runtime.keys: no wrapping "
		    "key in it");
		return err_hint(e, "attest with the runtime data that "
		    "key-release -G printed");
	}
	if (jwk_key(jwk, &key, e) < 0)
		return err_in(e, "token: x-ms-runtime.keys");
	same = key_same(key, wrap);
	key_free(key);
	if (same)
		return 0;
	(void)err_set(e, E_NO, "token: it was made for another wrapping key");
	return err_hint(e, "attest with the runtime data that key-release -G "
	    "printed for this key");
}

int
akv_target(struct slice token, const struct key *wrap, struct err *e)
{
	struct json *doc = NULL;
	struct jws jws = {0};
	int ret = -1;

	if (jws_parse(token, &jws, e) < 0)
		return err_in(e, "token");
	if (claims_parse(&jws, &doc, e) < 0)
		(void)err_in(e, "token");
	else if (wrap == NULL)
		ret = 0;
	else
		ret = check_wrap(json_root(doc), wrap, e);
	json_free(doc);
	jws_free(&jws);
	return ret;
}
