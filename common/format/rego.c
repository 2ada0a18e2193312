/* rego.c -- see rego.h. */
#include "format/rego.h"

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
