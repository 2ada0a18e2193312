/* akvtarget.c -- the token a key is released to; see akv.h. */
#include "azure/akv.h"

#include <stdio.h>
#include <string.h>

#include "codec/b64.h"
#include "token/claims.h"
#include "jose/jwk.h"
#include "token/release.h"

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

/* The policy out of {"release_policy":{"data": base64url of JSON}}. */
static int
read_policy(struct slice bundle, struct json **policy, struct buf *text,
    struct err *e)
{
	struct json *doc = NULL;
	struct buf data = {0};
	int ret = -1;

	if (json_parse(bundle, &doc, e) < 0)
		return -1;
	if (json_text(json_get(json_get(json_root(doc), "release_policy"),
	    "data"), "release_policy.data", &data, e) == 0 &&
	    b64_decode(slice_buf(&data), B64_TEXT, text, e) == 0)
		ret = release_parse(slice_buf(text), policy, e);
	buf_free(&data);
	json_free(doc);
	return ret;
}

/* Put what differs besides the first behind it, as far as a hint has room. */
static void
add_others(struct slice lines, struct err *e)
{
	static const char rest[] = " (and 0000 more, see -v)";
	size_t n = strlen(e->text), more = 0;
	struct slice line;

	for (lines = slice_from(lines, slice_find(lines, '\n') + 1);
	    lines.n > 0; lines = slice_from(lines, line.n + 1)) {
		line = slice_head(lines, slice_find(lines, '\n'));
		if (more > 0 || n + line.n + sizeof rest + 2 > ERR_HINT_MAX) {
			more++;
			continue;
		}
		n += (size_t)snprintf(e->text + n, sizeof e->text - n,
		    "; %.*s", (int)line.n, (const char *)line.p);
	}
	if (more > 0)
		(void)snprintf(e->text + n, sizeof e->text - n,
		    " (and %zu more, see -v)", more);
}

static int
check_policy(struct json_val policy, struct json_val claims, int64_t now,
    struct buf *differ, struct err *e)
{
	struct buf held = {0};
	size_t before = differ->n;
	int64_t exp;
	int ret;

	if (json_int(json_get(claims, "exp"), &exp) && exp <= now)
		return err_set(e, E_NO, "the attestation token expired %lld s "
		    "ago", (long long)(now - exp));
	ret = release_holds(policy, claims, &held, differ, e);
	if (ret < 0)
		add_others(slice_from(slice_buf(differ), before), e);
	buf_free(&held);
	return ret;
}

int
akv_policy(struct slice bundle, struct slice token, int64_t now,
    struct buf *differ, struct err *e)
{
	struct json *policy = NULL, *doc = NULL;
	struct buf text = {0};
	struct jws jws = {0};
	int ret = -1;

	if (read_policy(bundle, &policy, &text, e) == 0 &&
	    jws_parse(token, &jws, e) == 0 &&
	    claims_parse(&jws, &doc, e) == 0)
		ret = check_policy(json_root(policy), json_root(doc), now,
		    differ, e);
	json_free(doc);
	json_free(policy);
	jws_free(&jws);
	buf_free(&text);
	return ret;
}
