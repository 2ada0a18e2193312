/* rego.c -- see rego.h: what a policy is, and what was read of it. */
#include "policy/rego.h"

#include "codec/utf16.h"

/* s from where its first word begins. */
static struct slice
first_word(struct slice s)
{
	if (slice_starts(s, "\xef\xbb\xbf"))
		s = slice_from(s, 3);
	while (s.n > 0) {
		if (s.p[0] == '#')
			s = slice_from(s, slice_find(s, '\n'));
		else if (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\r' ||
		    s.p[0] == '\n')
			s = slice_from(s, 1);
		else
			break;
	}
	return s;
}

static bool
begins(struct slice s)
{
	static const char word[] = "package";

	s = first_word(s);
	return slice_starts(s, word) && s.n > sizeof word - 1 &&
	    (s.p[sizeof word - 1] == ' ' || s.p[sizeof word - 1] == '\t');
}

bool
rego_is(struct slice s)
{
	struct buf text = {0};
	bool is;

	if (!utf16_marked(s))
		return begins(s);
	is = utf16_to_utf8(s, &text) && begins(slice_buf(&text));
	buf_free(&text);
	return is;
}

void
rego_free(struct rego *r)
{
	json_free(r->doc);
	buf_free(&r->text);
	*r = (struct rego){0};
}

static struct json_val
part(const struct rego *r, const char *name)
{
	return json_get(json_root(r->doc), name);
}

bool
rego_sure(const struct rego *r, const char *name)
{
	struct json_val v;

	for (v = json_first(rego_unread(r)); json_has(v); v = json_next(v))
		if (json_text_is(json_get(v, "name"), name) ||
		    json_text_is(json_get(v, "name"), ""))
			return false;
	return true;
}

static struct json_val
literal(const struct rego *r, const char *where, const char *name)
{
	if (!rego_sure(r, name))
		return (struct json_val){0};
	return json_get(json_get(part(r, where), name), "value");
}

struct json_val
rego_value(const struct rego *r, const char *name)
{
	struct json_val v = literal(r, "rules", name);

	return json_has(v) ? v : literal(r, "defaults", name);
}

struct json_val
rego_default(const struct rego *r, const char *name)
{
	return json_get(json_get(part(r, "defaults"), name), "value");
}

struct json_val
rego_rules(const struct rego *r)
{
	return part(r, "rules");
}

struct json_val
rego_defaults(const struct rego *r)
{
	return part(r, "defaults");
}

struct json_val
rego_unread(const struct rego *r)
{
	return part(r, "unread");
}

struct json_val
rego_faults(const struct rego *r)
{
	return part(r, "faults");
}

struct json_val
rego_uses(const struct rego *r)
{
	return part(r, "uses");
}

/* The one member of an object that stands for something JSON has not. */
static struct json_val
marked(struct json_val v, const char *mark, size_t n)
{
	struct buf name = {0};
	struct json_val in = json_first(v);
	struct err e;
	bool is;

	is = json_is(v, JSON_OBJECT) && json_count(v) == 1 &&
	    json_text(json_name(in), "mark", &name, &e) == 0 &&
	    slice_eq(slice_buf(&name), slice_of(mark, n));
	buf_free(&name);
	return is ? in : (struct json_val){0};
}

bool
rego_is_ref(struct json_val v, const char *what)
{
	struct json_val ref = marked(v, "\0ref", 4);

	return json_has(ref) && (what == NULL || json_text_is(ref, what));
}

struct json_val
rego_set(struct json_val v)
{
	return marked(v, "\0set", 4);
}

bool
rego_is_set(struct json_val array)
{
	return json_has(array) &&
	    rego_set(json_parent(array)).at == array.at;
}
