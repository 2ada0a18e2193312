/* release.c -- see release.h. */
#include "token/release.h"

#include <stdio.h>

#include "token/claims.h"
#include "codec/b64.h"
#include "ground/text.h"

enum { SHOWN_MAX = 160 };	/* bytes of a value in a message */

/* --- the grammar --- */

static int conditions(struct json_val, const char *where, int depth,
    struct err *);

/* Which of the two an object has; nothing if both or neither. */
static struct json_val
branches(struct json_val v, bool *all)
{
	struct json_val any_of = json_get(v, "anyOf");
	struct json_val all_of = json_get(v, "allOf");

	if (json_has(any_of) && json_has(all_of))
		return (struct json_val){0};
	*all = json_has(all_of);
	return *all ? all_of : any_of;
}

static int
condition(struct json_val v, const char *where, int depth, struct err *e)
{
	struct json_val equals = json_get(v, "equals");

	if (!json_is(v, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s is %s, not an object", where,
		    json_kind_name(v));
	if (!json_has(json_get(v, "claim"))) {
		if (json_count(v) != 1)
			return err_set(e, E_INPUT, "%s is neither a claim nor "
			    "one anyOf or allOf", where);
		return conditions(v, where, depth + 1, e);
	}
	if (!json_is(json_get(v, "claim"), JSON_STRING))
		return err_set(e, E_INPUT, "%s: claim is no string", where);
	if (json_count(v) != 2 || !json_has(equals))
		return err_set(e, E_INPUT, "%s: not one claim and equals, the "
		    "only operator vaults take", where);
	if (json_is(equals, JSON_NULL) || json_is(equals, JSON_ARRAY) ||
	    json_is(equals, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s: equals is %s", where,
		    json_kind_name(equals));
	return 0;
}

static int
conditions(struct json_val v, const char *where, int depth, struct err *e)
{
	struct json_val list, item;
	char at[64];
	size_t i = 0;
	bool all = false;

	list = branches(v, &all);
	if (depth > RELEASE_DEPTH_MAX)
		return err_set(e, E_INPUT, "nested over %d deep",
		    RELEASE_DEPTH_MAX);
	if (!json_is(list, JSON_ARRAY) || json_count(list) == 0)
		return err_set(e, E_INPUT,
		    "%s has no one array anyOf or allOf", where);
	for (item = json_first(list); json_has(item);
	    item = json_next(item), i++) {
		(void)snprintf(at, sizeof at, "%.40s...%s[%zu]", where,
		    all ? "allOf" : "anyOf", i);
		if (condition(item, at, depth, e) < 0)
			return -1;
	}
	return 0;
}

static int
grammar(struct json_val policy, struct err *e)
{
	struct json_val list = json_get(policy, "anyOf"), item;
	struct json_val version = json_get(policy, "version");
	char at[32];
	size_t i = 0;

	if (!json_is(policy, JSON_OBJECT) || json_count(policy) != 2 ||
	    !json_is(list, JSON_ARRAY) || json_count(list) == 0)
		return err_set(e, E_INPUT,
		    "not {\"version\": ..., \"anyOf\": [authorities]}");
	if (!json_text_is(version, "1.0.0") && !json_text_is(version, "0.2"))
		return err_set(e, E_INPUT, "version is neither 1.0.0 nor 0.2");
	for (item = json_first(list); json_has(item);
	    item = json_next(item), i++) {
		(void)snprintf(at, sizeof at, "anyOf[%zu]", i);
		if (!json_is(json_get(item, "authority"), JSON_STRING) ||
		    json_count(item) != 2)
			return err_set(e, E_INPUT, "%s is not an authority and "
			    "one anyOf or allOf", at);
		if (conditions(item, at, 1, e) < 0)
			return -1;
	}
	return 0;
}

/* az and the SDKs have their own words for a member. */
static struct json_val
either(struct json_val v, const char *a, const char *b)
{
	struct json_val val = json_get(v, a);

	return json_has(val) ? val : json_get(v, b);
}

/* Out of {"contentType", "data"}: the only type there is, if it is named. */
static int
unwrap(struct json_val v, struct buf *out, struct err *e)
{
	struct json_val data = either(v, "data", "encodedPolicy");
	struct json_val type = json_get(v, "contentType");
	struct buf text = {0}, name = {0};
	int ret = 0;

	if (json_has(type) && ((ret = json_text(type, "contentType", &name,
	    e)) < 0 || !slice_starts(slice_buf(&name), "application/json")))
		ret = err_set(e, E_INPUT, "contentType is not "
		    "application/json");
	if (ret == 0)
		ret = json_text(data, "data", &text, e);
	/* az prints it decoded */
	if (ret == 0 && slice_starts(slice_trim(slice_buf(&text)), "{"))
		buf_add(out, slice_buf(&text));
	else if (ret == 0 && (ret = b64_decode(slice_buf(&text), B64_TEXT, out,
	    e)) < 0)
		(void)err_in(e, "data");
	buf_free(&text);
	buf_free(&name);
	return ret;
}

int
release_text(struct slice file, struct buf *out, struct err *e)
{
	struct json_val v, bundled;
	struct json *doc;
	int ret = 0;

	if (file.n > RELEASE_MAX)
		return err_set(e, E_INPUT,
		    "release policy: larger than %d bytes", RELEASE_MAX);
	if (json_parse(file, &doc, e) < 0)
		return err_in(e, "release policy");
	v = json_root(doc);
	bundled = either(v, "release_policy", "releasePolicy");
	if (json_is(bundled, JSON_OBJECT))
		v = bundled;
	if (json_has(either(v, "data", "encodedPolicy")))
		ret = unwrap(v, out, e);
	else if (json_has(json_get(v, "key")) && !json_has(bundled))
		ret = err_set(e, E_INPUT, "the key has none");
	else if (json_has(bundled))
		buf_add(out, json_span(v));
	else
		buf_add(out, file);
	json_free(doc);
	return ret < 0 ? err_in(e, "release policy") : 0;
}

int
release_parse(struct slice text, struct json **out, struct err *e)
{
	struct json *doc;

	if (text.n > RELEASE_MAX)
		return err_set(e, E_INPUT,
		    "release policy: larger than %d bytes", RELEASE_MAX);
	if (json_parse(text, &doc, e) < 0)
		return err_in(e, "release policy");
	if (grammar(json_root(doc), e) < 0) {
		json_free(doc);
		return err_in(e, "release policy");
	}
	*out = doc;
	return 0;
}

/* --- the judgement --- */

/* A policy's string stands for a number or boolean that is written so in the
 * token; nothing else is converted. */
static bool
equal(struct json_val claim, struct json_val want)
{
	if (json_is(want, JSON_STRING) && (json_is(claim, JSON_NUMBER) ||
	    json_is(claim, JSON_TRUE) || json_is(claim, JSON_FALSE)))
		return json_text_eq(want, json_span(claim));
	return json_equal(claim, want);
}

/* What a walk over the conditions finds. */
struct walk {
	struct json_val claims;
	struct buf differ;	/* a line for each that does not hold */
};

static void
tell(struct walk *w, struct slice name, struct json_val claim,
    struct json_val want)
{
	struct slice is = slice_head(json_span(claim), SHOWN_MAX);
	struct slice not = slice_head(json_span(want), SHOWN_MAX);
	struct buf line = {0};

	if (json_has(claim))
		buf_addf(&line, "%.*s is %.*s in the token, but the policy "
		    "wants %.*s", (int)name.n, (const char *)name.p,
		    (int)is.n, (const char *)is.p, (int)not.n,
		    (const char *)not.p);
	else
		buf_addf(&line, "%.*s is missing in the token; the policy "
		    "wants %.*s", (int)name.n, (const char *)name.p,
		    (int)not.n, (const char *)not.p);
	/* a name may have a line end in it */
	text_escape(slice_buf(&line), &w->differ);
	buf_addc(&w->differ, '\n');
	buf_free(&line);
}

static bool
holds(struct walk *w, struct json_val v)
{
	struct json_val list, item, claim, want = json_get(v, "equals");
	size_t good = 0, before = w->differ.n;
	struct buf name = {0};
	struct err e;
	bool all = false, ok;

	if (json_has(want)) {
		ok = json_text(json_get(v, "claim"), "claim", &name, &e) == 0;
		claim = claims_find(w->claims, slice_buf(&name));
		ok = ok && json_has(claim) && equal(claim, want);
		if (!ok)
			tell(w, slice_head(slice_buf(&name), SHOWN_MAX), claim,
			    want);
		buf_free(&name);
		return ok;
	}
	list = branches(v, &all);
	for (item = json_first(list); json_has(item); item = json_next(item))
		good += holds(w, item);
	/* of alternatives one is enough, and the others are no difference */
	if (!all && good > 0)
		buf_cut(&w->differ, before);
	return all ? good == json_count(list) : good > 0;
}

/* Append which branch it was, as far as anyOf alone leads. */
static void
branch(struct walk *w, struct json_val v, struct buf *held)
{
	struct json_val item;
	bool all = false;
	size_t i = 0;

	item = json_first(branches(v, &all));
	if (all || !json_has(item))
		return;
	for (; !holds(w, item); item = json_next(item))
		i++;
	buf_addf(held, ", anyOf[%zu]", i);
	branch(w, item, held);
}

/* Microsoft's own policies write authorities with and without a slash at
 * the end, and vaults take both. */
static bool
same_authority(struct json_val authority, struct json_val iss)
{
	struct buf a = {0}, b = {0};
	struct err e;
	bool same = json_text(authority, "authority", &a, &e) == 0 &&
	    json_text(iss, "iss", &b, &e) == 0;

	if (same && a.n > 0 && a.p[a.n - 1] == '/')
		buf_cut(&a, a.n - 1);
	if (same && b.n > 0 && b.p[b.n - 1] == '/')
		buf_cut(&b, b.n - 1);
	same = same && a.n > 0 && slice_eq(slice_buf(&a), slice_buf(&b));
	buf_free(&a);
	buf_free(&b);
	return same;
}

int
release_holds(struct json_val policy, struct json_val claims,
    struct buf *held, struct buf *differ, struct err *e)
{
	struct json_val item, iss = json_get(claims, "iss"), authority;
	struct walk w = {.claims = claims};
	struct buf why = {0};
	bool met = false;
	size_t i = 0;
	int ret;

	for (item = json_first(json_get(policy, "anyOf")); json_has(item);
	    item = json_next(item), i++) {
		authority = json_get(item, "authority");
		if (!same_authority(authority, iss))
			continue;
		w.differ = (struct buf){0};
		if (holds(&w, item)) {
			buf_free(&why);
			buf_addf(held, "anyOf[%zu], authority ", i);
			ret = json_text(authority, "authority", held, e);
			if (ret == 0)
				branch(&w, item, held);
			buf_free(&w.differ);
			return ret;
		}
		if (met)
			buf_free(&w.differ);
		else
			why = w.differ;
		met = true;
	}
	ret = err_set(e, E_NO, "release policy: no authority is the token's "
	    "issuer %.*s", (int)slice_head(json_span(iss), SHOWN_MAX).n,
	    (const char *)json_span(iss).p);
	if (met)
		ret = err_set(e, E_NO, "release policy: %.*s",
		    (int)slice_find(slice_buf(&why), '\n'),
		    (const char *)why.p);
	if (differ != NULL)
		buf_add(differ, slice_buf(&why));
	buf_free(&why);
	return ret;
}
