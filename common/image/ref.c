/* ref.c -- see ref.h. */
#include "image/ref.h"

#include <ctype.h>

static bool
is_host(struct slice first)
{
	return slice_find(first, '.') < first.n ||
	    slice_find(first, ':') < first.n || slice_is(first, "localhost");
}

/* Nothing but what the grammar has between its separators. */
static bool
plain(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!isalnum(s.p[i]) && strchr("._-/:", s.p[i]) == NULL)
			return false;
	return s.n > 0 && memchr(s.p, '\0', s.n) == NULL;
}

/* Where the tag's colon is, or s.n: behind the last slash. */
static size_t
tag_at(struct slice s)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != '/' && s.p[i - 1] != ':')
		i--;
	return i > 0 && s.p[i - 1] == ':' ? i - 1 : s.n;
}

static void
complete(struct slice path, struct slice tag, struct buf *out)
{
	size_t slash = slice_find(path, '/');
	struct slice host = slice_str("docker.io");

	if (slash < path.n && is_host(slice_head(path, slash))) {
		host = slice_head(path, slash);
		path = slice_from(path, slash + 1);
		if (slice_is(host, "index.docker.io"))
			host = slice_str("docker.io");
	}
	buf_add(out, host);
	buf_addc(out, '/');
	if (slice_is(host, "docker.io") && slice_find(path, '/') == path.n)
		buf_adds(out, "library/");
	buf_add(out, path);
	buf_addc(out, ':');
	buf_add(out, tag.n > 0 ? tag : slice_str("latest"));
}

int
ref_parse(struct slice text, struct ref *r, struct err *e)
{
	size_t at = slice_find(text, '@'), colon;
	struct slice name = slice_head(text, at), tag;

	*r = (struct ref){0};
	if (text.n > REF_MAX)
		return err_set(e, E_INPUT, "a reference of more than %d "
		    "bytes", REF_MAX);
	if (at < text.n && digest_parse(slice_from(text, at + 1), &r->digest,
	    e) < 0)
		return -1;
	colon = tag_at(name);
	tag = slice_from(name, colon + 1);
	if (!plain(name) || (colon < name.n && tag.n == 0) || colon == 0)
		return err_set(e, E_INPUT, "no reference to an image "
		    "(NAME:TAG or NAME@DIGEST)");
	r->tagged = colon < name.n;
	complete(slice_head(name, colon), tag, &r->name);
	return 0;
}

void
ref_free(struct ref *r)
{
	buf_free(&r->name);
}

bool
ref_same_path(const struct ref *a, const struct ref *b)
{
	struct slice x = slice_buf(&a->name), y = slice_buf(&b->name);

	return slice_eq(slice_head(x, tag_at(x)), slice_head(y, tag_at(y)));
}
