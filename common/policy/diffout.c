/* diffout.c -- see diff.h: changes shown. */
#include "policy/diff.h"

#include "ground/text.h"

/* A reference is shown by what it refers to. */
static void
value(const struct buf *v, struct buf *out)
{
	static const char ref[] = "{\"\\u0000ref\":";
	struct slice s = slice_buf(v);

	if (slice_starts(s, ref) && slice_find(s, '}') == s.n - 1) {
		s = slice_from(s, sizeof ref - 1);
		s.n--;
	}
	text_escape(s, out);
}

static void
one(const struct change *c, struct buf *out)
{
	bool env = slice_is(slice_buf(&c->member), "env_rules");

	text_escape(slice_buf(&c->where), out);
	if (c->member.n > 0) {
		buf_adds(out, " ");
		text_escape(slice_buf(&c->member), out);
	}
	buf_adds(out, c->old.n == 0 ? ": added" : c->new.n == 0 || env ?
	    ": removed" : ":");
	if (!c->whole && c->old.n > 0) {
		buf_addc(out, ' ');
		value(&c->old, out);
	}
	if (!c->whole && c->new.n > 0) {
		buf_adds(out, c->old.n == 0 ? " " : env ? " added " : " -> ");
		value(&c->new, out);
	}
	buf_addc(out, '\n');
}

void
policydiff_text(const struct policydiff *d, struct buf *out)
{
	size_t i;

	for (i = 0; i < d->n; i++)
		one(&d->v[i], out);
	if (d->unsure)
		buf_adds(out, "rules that are not literal: not compared\n");
	else if (d->n == 0)
		buf_adds(out, "same meaning, other bytes\n");
}

static void
member(const char *name, const struct buf *v, bool text, struct buf *out)
{
	if (v->n == 0)
		return;
	buf_addf(out, ",\"%s\":", name);
	if (text)
		json_quote(slice_buf(v), out);
	else
		buf_add(out, slice_buf(v));
}

void
policydiff_json(const struct policydiff *d, struct buf *out)
{
	const struct change *c;
	size_t i;

	buf_addf(out, "{\"bytes\":false,\"same\":%s,\"assessed\":%s,"
	    "\"changes\":[",
	    d->n == 0 && !d->unsure ? "true" : "false",
	    d->unsure ? "false" : "true");
	for (i = 0; i < d->n; i++) {
		c = &d->v[i];
		buf_adds(out, i > 0 ? ",{\"where\":" : "{\"where\":");
		json_quote(slice_buf(&c->where), out);
		member("member", &c->member, true, out);
		member("old", &c->old, false, out);
		member("new", &c->new, false, out);
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}

void
policydiff_json_bytes(struct buf *out)
{
	buf_adds(out, "{\"bytes\":true,\"same\":true,\"assessed\":true,"
	    "\"changes\":[]}");
}
