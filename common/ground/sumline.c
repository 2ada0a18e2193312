/* sumline.c -- see sumline.h. */
#include "ground/sumline.h"

#include "ground/text.h"

/* Append s with sha256sum's escapes; returns whether it needed any. */
static bool
add_escaped(struct slice s, struct buf *out)
{
	static const char special[] = "\\\n\r", letters[] = "\\nr";
	bool escaped = false;
	const char *at;

	for (; s.n > 0; s = slice_from(s, 1)) {
		at = memchr(special, s.p[0], sizeof special - 1);
		if (at != NULL)
			buf_addc(out, '\\');
		buf_addc(out, at != NULL ? (uint8_t)letters[at - special] :
		    s.p[0]);
		escaped |= at != NULL;
	}
	return escaped;
}

/* The same of a name out of a document, which nobody chose who reads it: what
 * would move a cursor is escaped too. */
static bool
add_name(struct slice s, struct buf *out)
{
	bool escaped = false;
	size_t was, n;

	while (s.n > 0) {
		for (n = 0; n < s.n && memchr("\\\n\r", s.p[n], 3) == NULL; n++)
			;
		was = out->n;
		text_escape(slice_head(s, n), out);
		escaped |= out->n - was != n;
		s = slice_from(s, n);
		escaped |= add_escaped(slice_head(s, 1), out);
		s = slice_from(s, 1);
	}
	return escaped;
}

void
sumline(struct slice sum, const char *file, struct slice name,
    struct buf *out)
{
	struct buf shown = {0};
	bool escaped;

	escaped = add_escaped(slice_str(file), &shown);
	if (name.n > 0) {
		buf_addc(&shown, '#');
		escaped |= add_name(name, &shown);
	}
	/* a backslash before the line says that there are escapes in it */
	if (escaped)
		buf_addc(out, '\\');
	buf_add(out, sum);
	buf_adds(out, "  ");
	buf_add(out, slice_buf(&shown));
	buf_addc(out, '\n');
	buf_free(&shown);
}
