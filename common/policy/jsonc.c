/* jsonc.c -- see jsonc.h. */
#include "policy/jsonc.h"

/* The length of a comment that s begins with; 0 if it begins with none. */
static size_t
comment(struct slice s)
{
	size_t n;

	if (slice_starts(s, "//"))
		return slice_find(s, '\n');
	if (!slice_starts(s, "/*"))
		return 0;
	n = slice_search(slice_from(s, 2), "*/");
	return n + 2 < s.n ? n + 4 : 0;
}

struct slice
jsonc_skip(struct slice s)
{
	size_t n = 1;

	while (s.n > 0 && n > 0) {
		n = s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\r' ||
		    s.p[0] == '\n' ? 1 : comment(s);
		s = slice_from(s, n);
	}
	return s;
}

bool
jsonc_clear(uint8_t *p, size_t n)
{
	size_t i, k, len;
	bool in_text = false, any = false;

	for (i = 0; i < n; i++) {
		if (in_text && p[i] == '\\') {
			i++;
			continue;
		}
		if (p[i] == '"')
			in_text = !in_text;
		if (in_text || p[i] != '/')
			continue;
		len = comment(slice_of(p + i, n - i));
		for (k = i; k < i + len; k++)
			if (p[k] != '\n')
				p[k] = ' ';
		any |= len > 0;
		i += len > 0 ? len - 1 : 0;
	}
	return any;
}
