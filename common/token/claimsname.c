/* claimsname.c -- see claims.h and claims_in.h: claims by name, the same name
 * twice, and names that are nearly those of the token. */
#include "token/claims_in.h"

#include <ctype.h>

enum {
	NAME_MAX = 96,		/* bytes of a name that is compared */
	DEPTH_MAX = 3,		/* objects in each other that are looked into */
	FAR = 3,		/* edits that make it another name */
	MEMBERS_MAX = 1000,	/* names that are compared */
	SHOWN_MAX = 160,	/* bytes of a value in a message */
};

struct json_val
claims_find(struct json_val claims, struct slice name)
{
	struct json_val val = json_get_s(claims, name);
	size_t dot;

	/* the longest first part that is a member wins: names hold dots */
	for (dot = name.n; !json_has(val) && dot > 0; dot--)
		if (name.p[dot - 1] == '.' && json_is(json_get_s(claims,
		    slice_head(name, dot - 1)), JSON_OBJECT))
			val = claims_find(json_get_s(claims,
			    slice_head(name, dot - 1)), slice_from(name, dot));
	return val;
}

/* --- the same name twice --- */

/* What a report or an endorsement of the guest says, and nothing else that
 * both levels have in their own right, such as the attestation type. */
static bool
of_guest(struct slice name)
{
	return slice_starts(name, "x-ms-sevsnpvm-") ||
	    slice_is(name, "x-ms-compliance-status");
}

int
claims_once(struct json_val claims, struct slice name, struct json_val val,
    struct json_val *nested, struct err *e)
{
	struct slice top = slice_head(json_span(val), SHOWN_MAX), low;

	*nested = claims_find(json_get(claims, CLAIMS_NESTED), name);
	if (!of_guest(name) || !json_has(*nested) || json_equal(val, *nested))
		return 0;
	low = slice_head(json_span(*nested), SHOWN_MAX);
	(void)err_set(e, E_NO, "claims: %.*s is %.*s at the top, but %.*s "
	    "under " CLAIMS_NESTED, (int)name.n, (const char *)name.p,
	    (int)top.n, (const char *)top.p, (int)low.n, (const char *)low.p);
	return err_hint(e, "which of the two is the guest's nobody can say; "
	    "Microsoft's tokens have it once");
}

int
claims_snp(struct json_val claims, const char *name, struct json_val *out,
    struct err *e)
{
	struct json_val val = json_get(claims, name), nested;

	if (!json_has(val)) {
		*out = json_get(json_get(claims, CLAIMS_NESTED), name);
		return 0;
	}
	*out = val;
	return claims_once(claims, slice_str(name), val, &nested, e);
}

int
claims_need(struct json_val claims, const char *name, struct json_val *out,
    struct err *e)
{
	if (claims_snp(claims, name, out, e) < 0)
		return -1;
	return json_has(*out) ? 0 :
	    claims_missing(claims, slice_str(name), e);
}

struct json_val
claims_twice(struct json_val claims)
{
	struct json_val v, nested;
	struct buf name = {0};
	bool twice = false;
	struct err e;

	for (v = json_first(claims); json_has(v); v = json_next(v)) {
		buf_cut(&name, 0);
		if (json_text(json_name(v), "name", &name, &e) == 0)
			twice = claims_once(claims, slice_buf(&name), v,
			    &nested, &e) < 0;
		if (twice)
			break;
	}
	buf_free(&name);
	return twice ? json_name(v) : (struct json_val){0};
}

/* --- nearly the same name --- */

/* A search for the name of the token that is nearest to one that is none. */
struct search {
	struct slice want;
	struct buf path;	/* of the object looked into, with its dot */
	struct buf best;
	size_t distance;	/* of best */
	size_t members;		/* seen so far */
};

static uint8_t
plain(uint8_t c)
{
	return c == '_' ? '-' : (uint8_t)tolower(c);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits that make a into b, case and underscores aside (Levenshtein). */
static size_t
distance(struct slice a, struct slice b)
{
	size_t row[NAME_MAX + 1], i, j, was, next;

	if (a.n > NAME_MAX || b.n > NAME_MAX)
		return FAR;
	for (j = 0; j <= b.n; j++)
		row[j] = j;
	for (i = 1; i <= a.n; i++) {
		was = row[0];
		row[0] = i;
		for (j = 1; j <= b.n; j++) {
			next = was + (plain(a.p[i - 1]) != plain(b.p[j - 1]));
			was = row[j];
			row[j] = least(next, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[b.n];
}

/* "hostdata" for "x-ms-sevsnpvm-hostdata". */
static bool
ends_with(struct slice whole, struct slice part)
{
	return part.n >= 4 && whole.n > part.n &&
	    whole.p[whole.n - part.n - 1] == '-' &&
	    distance(slice_from(whole, whole.n - part.n), part) == 0;
}

/* A member against what is wanted, by its name and by its path. */
static void
consider(struct search *s, struct slice name)
{
	size_t was = s->path.n, d;

	buf_add(&s->path, name);
	d = least(distance(name, s->want), distance(slice_buf(&s->path),
	    s->want));
	if (ends_with(name, s->want))
		d = 0;
	/* of short names many are near */
	if (d * 3 >= s->want.n + 1)
		d = FAR;
	if (d < s->distance) {
		s->distance = d;
		buf_cut(&s->best, 0);
		buf_add(&s->best, slice_buf(&s->path));
	}
	buf_cut(&s->path, was);
}

static void
look(struct search *s, struct json_val object, int depth)
{
	struct json_val v;
	struct buf name = {0};
	size_t was = s->path.n;
	struct err e;

	for (v = json_first(object); json_has(v) && s->members < MEMBERS_MAX;
	    v = json_next(v)) {
		s->members++;
		buf_cut(&name, 0);
		if (json_text(json_name(v), "name", &name, &e) < 0)
			continue;
		consider(s, slice_buf(&name));
		if (!json_is(v, JSON_OBJECT) || depth == DEPTH_MAX)
			continue;
		buf_add(&s->path, slice_buf(&name));
		buf_addc(&s->path, '.');
		look(s, v, depth + 1);
		buf_cut(&s->path, was);
	}
	buf_free(&name);
}

int
claims_missing(struct json_val claims, struct slice name, struct err *e)
{
	struct search s = {.want = name, .distance = FAR};

	(void)err_set(e, E_NO, "claims: %.*s is missing", (int)name.n,
	    (const char *)name.p);
	look(&s, claims, 0);
	if (s.distance < FAR)
		(void)err_hint(e, "the token has %.*s",
		    (int)slice_head(slice_buf(&s.best), SHOWN_MAX).n,
		    (const char *)s.best.p);
	buf_free(&s.path);
	buf_free(&s.best);
	return -1;
}
