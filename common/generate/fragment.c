/* fragment.c -- references to fragments, which a source or a file lists.  See
 * want.h. */
#include "generate/want.h"

#include "generate/read.h"

static int
text(struct json_val fragment, const char *name, struct buf *out,
    struct err *e)
{
	if (json_text(json_get(fragment, name), name, out, e) < 0)
		return -1;
	return out->n > 0 ? 0 : err_set(e, E_INPUT, "%s: empty", name);
}

/* Digits, as a string or as a number. */
static int
svn(struct json_val fragment, struct buf *out, struct err *e)
{
	struct json_val v = json_get(fragment, "minimum_svn");
	int64_t n;
	size_t i;

	if (json_int(v, &n))
		buf_addf(out, "%lld", (long long)n);
	else if (text(fragment, "minimum_svn", out, e) < 0)
		return -1;
	for (i = 0; i < out->n; i++)
		if (out->p[i] < '0' || out->p[i] > '9')
			return err_set(e, E_INPUT, "minimum_svn: no whole "
			    "number");
	return 0;
}

static int
includes(struct json_val fragment, struct words *out, struct err *e)
{
	struct json_val list = json_get(fragment, "includes"), v;

	if (!json_is(list, JSON_ARRAY) || json_count(list) == 0)
		return err_set(e, E_INPUT, "includes: no list of what it "
		    "brings");
	if (json_count(list) > WANT_WORDS_MAX)
		return err_set(e, E_INPUT, "includes: too many");
	for (v = json_first(list); json_has(v); v = json_next(v))
		if (json_text(v, "includes", words_add(out), e) < 0)
			return -1;
	return 0;
}

int
want_fragments(struct json_val list, struct want_fragment **v, size_t *n,
    struct err *e)
{
	struct want_fragment *f;
	struct json_val at;

	if (json_is(list, JSON_OBJECT))
		list = json_get(list, "fragments");
	if (!json_is(list, JSON_ARRAY))
		return err_set(e, E_INPUT, "fragments: %s where an array "
		    "belongs", json_kind_name(list));
	for (at = json_first(list); json_has(at); at = json_next(at)) {
		if (*n == WANT_GROUPS_MAX)
			return err_set(e, E_INPUT, "fragments: more than %d",
			    WANT_GROUPS_MAX);
		*v = want_grow(*v, *n, sizeof **v);
		f = &(*v)[(*n)++];
		*f = (struct want_fragment){0};
		if (text(at, "feed", &f->feed, e) < 0 ||
		    text(at, "issuer", &f->issuer, e) < 0 ||
		    svn(at, &f->minimum_svn, e) < 0 ||
		    includes(at, &f->includes, e) < 0)
			return err_in(e, "fragments[%zu]", *n - 1);
	}
	return 0;
}
