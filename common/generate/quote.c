/* quote.c -- see quote.h. */
#include "generate/quote.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ground/text.h"

/* The character of n bytes that s begins with. */
static uint32_t
character(struct slice s, size_t n)
{
	uint32_t c;
	size_t i;

	if (n == 1)
		return s.p[0];
	c = s.p[0] & (0x7fU >> n);
	for (i = 1; i < n; i++)
		c = c << 6 | (s.p[i] & 0x3f);
	return c;
}

static void
quote_char(uint32_t c, struct buf *out)
{
	static const char from[] = "\"\\\n\r\t\b\f", to[] = "\"\\nrtbf";
	const char *at = c != 0 && c < 0x80 ? strchr(from, (int)c) : NULL;

	if (at != NULL) {
		buf_addc(out, '\\');
		buf_addc(out, (uint8_t)to[at - from]);
	} else if (c >= 0x20 && c < 0x80) {
		buf_addc(out, (uint8_t)c);
	} else if (c < 0x10000) {
		buf_addf(out, "\\u%04x", c);
	} else {
		c -= 0x10000;
		buf_addf(out, "\\u%04x\\u%04x", 0xd800 | c >> 10,
		    0xdc00 | (c & 0x3ff));
	}
}

void
quote_text(struct slice s, struct buf *out)
{
	size_t n;

	buf_addc(out, '"');
	for (; s.n > 0; s = slice_from(s, n)) {
		n = text_utf8(s);
		if (n == 0)	/* nothing that was JSON holds such bytes */
			n = 1;
		quote_char(character(s, n), out);
	}
	buf_addc(out, '"');
}

struct dump {
	const struct quote_edit *edit;
	size_t edits;
	enum quote how;
	struct buf *out;
	struct err *e;
};

static void
new_line(struct dump *d, int depth)
{
	if (d->how == QUOTE_INDENTED)
		buf_addf(d->out, "\n%*s", depth * 2, "");
}

/* Python's repr() of a number with a fraction or an exponent: the fewest
 * digits that read as the same number. */
static void
quote_double(double x, struct buf *out)
{
	char text[40], *mark;
	int digits, exponent;

	for (digits = 1; digits < 18; digits++) {
		(void)snprintf(text, sizeof text, "%.*e", digits - 1, x);
		if (strtod(text, NULL) == x)
			break;
	}
	mark = strchr(text, 'e');
	exponent = mark != NULL ? (int)strtol(mark + 1, NULL, 10) : 0;
	if (exponent < -4 || exponent >= 16) {
		buf_add(out, slice_of(text, (size_t)(mark - text)));
		buf_addf(out, "e%c%02d", exponent < 0 ? '-' : '+',
		    abs(exponent));
		return;
	}
	digits = digits - 1 - exponent;
	buf_addf(out, "%.*f", digits < 1 ? 1 : digits, x);
}

static int
quote_number(struct dump *d, struct json_val v)
{
	struct slice s = json_span(v);
	double x;

	if (memchr(s.p, '.', s.n) == NULL && memchr(s.p, 'e', s.n) == NULL &&
	    memchr(s.p, 'E', s.n) == NULL) {
		buf_add(d->out, s.n == 2 && s.p[0] == '-' && s.p[1] == '0' ?
		    slice_from(s, 1) : s);
		return 0;
	}
	if (!json_number(v, &x) || !isfinite(x))
		return err_set(d->e, E_INPUT, "a number that is too large");
	quote_double(x, d->out);
	return 0;
}

static int
quote_string(struct dump *d, struct json_val v)
{
	struct buf text = {0};
	int ret;

	ret = json_text(v, "string", &text, d->e);
	if (ret == 0)
		quote_text(slice_buf(&text), d->out);
	buf_free(&text);
	return ret;
}

/* The change at v, or NULL. */
static const struct quote_edit *
edit_at(const struct dump *d, struct json_val v)
{
	size_t low = 0, high = d->edits, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (d->edit[mid].at.at == v.at)
			return &d->edit[mid];
		if (d->edit[mid].at.at < v.at)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* The member that a change puts behind the others. */
static void
add_member(struct dump *d, const struct quote_edit *edit, bool first,
    int depth)
{
	if (!first)
		buf_addc(d->out, ',');
	new_line(d, depth + 1);
	if (edit->outer != NULL) {
		buf_addf(d->out, "\"%s\": {", edit->outer);
		new_line(d, depth + 2);
	}
	buf_addf(d->out, "\"%s\": \"", edit->name);
	buf_add(d->out, edit->value);
	buf_addc(d->out, '"');
	if (edit->outer != NULL) {
		new_line(d, depth + 1);
		buf_addc(d->out, '}');
	}
}

static int dump(struct dump *, struct json_val, int depth);

static int
dump_members(struct dump *d, struct json_val v, bool list, int depth)
{
	const struct quote_edit *edit = edit_at(d, v);
	struct json_val at;

	buf_addc(d->out, list ? '[' : '{');
	for (at = json_first(v); json_has(at); at = json_next(at)) {
		if (at.at != json_first(v).at)
			buf_addc(d->out, ',');
		new_line(d, depth + 1);
		if (!list) {
			if (quote_string(d, json_name(at)) < 0)
				return -1;
			buf_adds(d->out, d->how == QUOTE_INDENTED ? ": " :
			    ":");
		}
		if (dump(d, at, depth + 1) < 0)
			return -1;
	}
	if (edit != NULL && edit->name != NULL)
		add_member(d, edit, json_count(v) == 0, depth);
	if (json_count(v) > 0 || edit != NULL)
		new_line(d, depth);
	buf_addc(d->out, list ? ']' : '}');
	return 0;
}

/* The parser has seen to the depth. */
static int
dump(struct dump *d, struct json_val v, int depth)
{
	const struct quote_edit *edit = edit_at(d, v);

	if (edit != NULL && edit->name == NULL) {
		buf_addc(d->out, '"');
		buf_add(d->out, edit->value);
		buf_addc(d->out, '"');
		return 0;
	}
	switch (json_kind(v)) {
	case JSON_ARRAY:
	case JSON_OBJECT:
		return dump_members(d, v, json_is(v, JSON_ARRAY), depth);
	case JSON_STRING:
		return quote_string(d, v);
	case JSON_NUMBER:
		return quote_number(d, v);
	default:
		buf_add(d->out, json_span(v));
		return 0;
	}
}

int
quote_json(struct json_val v, enum quote how, struct buf *out, struct err *e)
{
	struct dump d = {.how = how, .out = out, .e = e};

	return dump(&d, v, 0);
}

int
quote_json_edited(struct json_val v, const struct quote_edit *edit, size_t n,
    struct buf *out, struct err *e)
{
	struct dump d = {.edit = edit, .edits = n, .how = QUOTE_INDENTED,
	    .out = out, .e = e};

	return dump(&d, v, 0);
}
