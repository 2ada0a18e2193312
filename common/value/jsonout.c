/* jsonout.c -- JSON written: strings quoted, a scanned value's own text
 * without its white space or indented.  See json.h. */
#include "value/json.h"

#include "ground/text.h"

static const char *
short_escape(uint8_t c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	}
	return NULL;
}

static void
quote_char(uint8_t c, struct buf *out)
{
	const char *text = short_escape(c);

	if (text != NULL)
		buf_adds(out, text);
	else if (c < 0x20)
		buf_addf(out, "\\u%04x", c);
	else
		buf_adds(out, "\xef\xbf\xbd");	/* U+FFFD */
}

/* How many bytes at its beginning need no escape: mostly ASCII, and all. */
static size_t
plain(struct slice s)
{
	size_t i = 0, n;

	while (i < s.n) {
		if (s.p[i] >= 0x80)
			n = text_utf8(slice_from(s, i));
		else
			n = s.p[i] >= 0x20 && s.p[i] != '"' &&
			    s.p[i] != '\\';
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

void
json_quote(struct slice s, struct buf *out)
{
	size_t i;

	buf_addc(out, '"');
	while ((i = plain(s)) < s.n) {
		buf_add(out, slice_head(s, i));
		quote_char(s.p[i], out);
		s = slice_from(s, i + 1);
	}
	buf_add(out, s);
	buf_addc(out, '"');
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* How many bytes the string has that s begins with, quotes included. */
static size_t
string(struct slice s)
{
	size_t n = 1 + slice_find(slice_from(s, 1), '"');

	/* most have no escapes, so that the first quote is the last */
	if (memchr(s.p, '\\', n) == NULL)
		return n + 1;
	for (n = 1; s.p[n] != '"'; n++)
		n += s.p[n] == '\\';
	return n + 1;
}

/* How many bytes of s, which begins outside of strings, are one token: a
 * string, a word, a number, a punctuation character. */
static size_t
token(struct slice s)
{
	size_t n = 1;

	if (s.p[0] == '"')
		return string(s);
	if (strchr("{}[]:,", s.p[0]) != NULL)
		return 1;
	while (n < s.n && !blank(s.p[n]) &&
	    memchr("{}[]:,\"", s.p[n], 7) == NULL)
		n++;
	return n;
}

static struct slice
skip(struct slice s)
{
	while (s.n > 0 && blank(s.p[0]))
		s = slice_from(s, 1);
	return s;
}

void
json_compact(struct json_val v, struct buf *out)
{
	struct slice s = json_span(v);
	size_t n;

	/* runs without white space go out in one piece */
	for (; s.n > 0; s = skip(slice_from(s, n))) {
		for (n = 0; n < s.n && !blank(s.p[n]); )
			n += s.p[n] == '"' ? string(slice_from(s, n)) : 1;
		buf_add(out, slice_head(s, n));
	}
}

static void
indent(size_t depth, struct buf *out)
{
	size_t i;

	buf_addc(out, '\n');
	for (i = 0; i < depth; i++)
		buf_adds(out, "  ");
}

void
json_pretty(struct json_val v, struct buf *out)
{
	struct slice s = json_span(v);
	size_t depth = 0, n;
	bool fresh = false;	/* right after an opening bracket */
	uint8_t c;

	for (; s.n > 0; s = skip(slice_from(s, n))) {
		n = token(s);
		c = s.p[0];
		if (c == '}' || c == ']') {
			depth--;
			if (!fresh)
				indent(depth, out);
		} else if (fresh) {
			indent(depth, out);
		}
		buf_add(out, slice_head(s, n));
		fresh = c == '{' || c == '[';
		depth += fresh;
		if (c == ',')
			indent(depth, out);
		else if (c == ':')
			buf_addc(out, ' ');
	}
}
