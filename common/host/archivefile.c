/* archivefile.c -- see archivefile.h. */
#include "host/archivefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "codec/inflate.h"
#include "image/tar.h"

enum {
	DEPTH_MAX = 3,		/* "blobs/sha256/HEX" */
	LINK_MAX = 4096,	/* bytes of a link's target */
};

/* A member of a tar. */
struct entry {
	char *name, *link;	/* cleaned; where it leads, or NULL */
	uint64_t at, size;
	size_t order;		/* the later one of a name counts */
	bool plain;		/* its bytes stand as they are */
};

struct archivefile {
	const char *path;
	int fd;
	bool folder;
	struct entry *entries;
	size_t n;
};

/* Clean path, a link's or a member's, from the folder base: "" for the top;
 * false if it leads out.  Slashes in front count for members alone. */
static bool
clean(struct slice base, struct slice path, struct buf *out)
{
	struct slice part;

	buf_cut(out, 0);
	buf_add(out, base);
	while (path.n > 0) {
		part = slice_head(path, slice_find(path, '/'));
		path = slice_from(path, part.n + 1);
		if (part.n == 0 || slice_is(part, "."))
			continue;
		if (slice_is(part, "..")) {
			if (out->n == 0)
				return false;
			while (out->n > 0 && out->p[--out->n] != '/')
				;
			continue;
		}
		if (out->n > 0)
			buf_addc(out, '/');
		buf_add(out, part);
	}
	return true;
}

static struct slice
folder_of(struct slice path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return slice_head(path, n > 0 ? n - 1 : 0);
}

static size_t
depth(struct slice path)
{
	size_t n = 1, i;

	for (i = 0; i < path.n; i++)
		n += path.p[i] == '/';
	return n;
}

/* One more member; false: nothing that image archives have. */
static bool
take(struct archivefile *a, const struct tar_entry *t, uint64_t end,
    struct buf *text)
{
	struct entry *to;
	bool link = t->type == '1' || t->type == '2';

	if (!clean(slice_str(""), t->name, text) || a->n ==
	    ARCHIVEFILE_MEMBERS_MAX || depth(slice_buf(text)) > DEPTH_MAX ||
	    (text->n > 0 && memchr(text->p, '\0', text->n) != NULL) ||
	    slice_search(slice_buf(text), "/.wh.") < text->n ||
	    (t->type >= '3' && t->type <= '6' && t->type != '5'))
		return false;
	if (t->type == '5' || t->type == 'g' || text->n == 0)
		return true;
	if (!link && (t->at > end || t->stored > end - t->at))
		return false;
	if ((a->n & (a->n - 1)) == 0)
		a->entries = reallocarray(a->entries, a->n > 0 ? 2 * a->n : 1,
		    sizeof *a->entries);
	if (a->entries == NULL)
		err_nomem();
	to = &a->entries[a->n];
	*to = (struct entry){.name = slice_dup(slice_buf(text)), .at = t->at,
	    .size = t->stored, .plain = !t->sparse && !link, .order = a->n};
	a->n++;
	if (!link)
		return true;
	/* a hard link's target begins at the top, and so does "/" */
	if (!clean(t->type == '1' || slice_starts(t->link, "/") ?
	    slice_str("") : folder_of(slice_str(to->name)), t->link, text) ||
	    slice_starts(t->link, "/"))
		buf_cut(text, 0);
	to->link = slice_dup(slice_buf(text));
	return true;
}

static int
by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : x->order < y->order ? -1 : 1;
}

static const struct entry *
entry(const struct archivefile *a, const char *name)
{
	size_t low = 0, high = a->n, mid;

	/* the first that is greater: the one before is the last of its name */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (strcmp(a->entries[mid].name, name) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 && strcmp(a->entries[low - 1].name, name) == 0 ?
	    &a->entries[low - 1] : NULL;
}

/* Every member of the tar: 1, 0 if it is no archive of images. */
static int
list(struct archivefile *a, uint64_t size, struct err *e)
{
	struct filefeed f;
	struct tar_entry t;
	struct buf text = {0};
	struct tar *tar;
	int ret;

	filefeed_part(a->fd, 0, size, a->path, &f);
	tar = tar_open(filefeed(&f));
	while ((ret = tar_next(tar, &t, e)) > 0)
		if (!take(a, &t, size, &text)) {
			ret = err_set(e, E_INPUT, "it has what image archives "
			    "do not have");
			break;
		}
	tar_close(tar);
	filefeed_close(&f);
	buf_free(&text);
	if (ret < 0)
		return e->code == E_INPUT ? 0 : -1;
	if (a->n > 0)
		qsort(a->entries, a->n, sizeof *a->entries, by_name);
	if (entry(a, "index.json") != NULL ||
	    entry(a, "manifest.json") != NULL)
		return 1;
	(void)err_set(e, E_INPUT, "neither index.json nor manifest.json in "
	    "it");
	return 0;
}

/* A regular file that is a tar. */
static int
open_tar(struct archivefile *a, const struct stat *st, struct err *e)
{
	uint8_t head[INFLATE_HEAD];
	ssize_t n = pread(a->fd, head, sizeof head, 0);
	enum inflate_kind kind;

	if (n < 0)
		return err_sys(e, "%s", a->path);
	kind = inflate_kind(slice_of(head, (size_t)n));
	if (kind != INFLATE_NOT) {
		(void)err_set(e, E_INPUT, "it is compressed with %s",
		    inflate_name(kind));
		return 0;
	}
	return list(a, (uint64_t)st->st_size, e);
}

static int
open_folder(struct archivefile *a, struct err *e)
{
	struct stat st;

	a->folder = true;
	if (fstatat(a->fd, "index.json", &st, AT_SYMLINK_NOFOLLOW) == 0 ||
	    fstatat(a->fd, "manifest.json", &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	(void)err_set(e, E_INPUT, "a folder with neither index.json nor "
	    "manifest.json");
	return 0;
}

int
archivefile_open(const char *path, struct archivefile **out, struct err *e)
{
	struct archivefile *a = calloc(1, sizeof *a);
	struct stat st;
	int ret;

	if (a == NULL)
		err_nomem();
	a->path = path;
	a->fd = -1;
	/* who writes into a pipe would take its opening for a reader's */
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode) &&
	    !S_ISREG(st.st_mode)) {
		(void)err_set(e, E_INPUT, "it is no regular file");
		ret = 0;
	} else if ((a->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY |
	    O_NONBLOCK)) < 0 || fstat(a->fd, &st) < 0) {
		ret = err_sys(e, "%s", path);
	} else if (S_ISDIR(st.st_mode)) {
		ret = open_folder(a, e);
	} else {
		ret = open_tar(a, &st, e);
	}
	if (ret > 0)
		*out = a;
	else
		archivefile_close(a);
	return ret;
}

void
archivefile_close(struct archivefile *a)
{
	size_t i;

	if (a == NULL)
		return;
	for (i = 0; i < a->n; i++) {
		free(a->entries[i].name);
		free(a->entries[i].link);
	}
	free(a->entries);
	if (a->fd >= 0)
		(void)close(a->fd);
	free(a);
}

const char *
archivefile_path(const struct archivefile *a)
{
	return a->path;
}

static int
leads_out(struct slice name, struct err *e)
{
	return err_set(e, E_INPUT, "%.*s: a link or name that leads out of "
	    "the archive", (int)(name.n < 200 ? name.n : 200),
	    (const char *)name.p);
}

static int
find_in_tar(const struct archivefile *a, struct slice name,
    struct member *m, struct err *e)
{
	char *text = slice_dup(name);
	const struct entry *found = entry(a, text);
	int links = 0;

	free(text);
	while (found != NULL && found->link != NULL) {
		if (found->link[0] == '\0' ||
		    ++links > ARCHIVEFILE_LINKS_MAX)
			return leads_out(name, e);
		found = entry(a, found->link);
	}
	if (found == NULL)
		return 0;
	if (!found->plain)
		return err_set(e, E_INPUT, "%s: a sparse file in an image "
		    "archive", found->name);
	*m = (struct member){.fd = a->fd, .at = found->at,
	    .size = found->size};
	return 1;
}

/* Open what stands in a folder of the folder, by names without links. */
static int
step_down(int at, const char *name, int how)
{
	return openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK | O_NOCTTY | how);
}

/* The folder that the last part of path is in, and that part. */
static int
walk(const struct archivefile *a, char *path, char **last)
{
	int at = step_down(a->fd, ".", O_DIRECTORY), next;
	char *slash;

	while (at >= 0 && (slash = strchr(path, '/')) != NULL) {
		*slash = '\0';
		next = step_down(at, path, O_DIRECTORY);
		(void)close(at);
		at = next;
		path = slash + 1;
	}
	*last = path;
	return at;
}

/* Open path, cleaned; if it is a link, *link is where it leads. */
static int
open_member(const struct archivefile *a, struct slice path, struct buf *link)
{
	char *text = slice_dup(path), *last;
	int at = walk(a, text, &last), fd = -1;
	ssize_t n;

	buf_cut(link, 0);
	if (at >= 0 && (fd = step_down(at, last, 0)) < 0 && errno == ELOOP) {
		n = readlinkat(at, last, (char *)buf_more(link, LINK_MAX),
		    LINK_MAX);
		link->n = n > 0 ? (size_t)n : 0;
	}
	if (at >= 0)
		(void)close(at);
	free(text);
	return fd;
}

static int
regular(int fd, struct slice name, struct member *m, struct err *e)
{
	struct stat st;

	*m = (struct member){.fd = fd, .own = true};
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		m->size = (uint64_t)st.st_size;
		return 1;
	}
	member_close(m);
	return err_set(e, E_INPUT, "%.*s: no regular file", (int)name.n,
	    (const char *)name.p);
}

static int
find_in_folder(const struct archivefile *a, struct slice name,
    struct member *m, struct err *e)
{
	struct buf at = {0}, link = {0}, next = {0};
	int fd = -1, links = 0, ret = 0;

	buf_add(&at, name);
	while ((fd = open_member(a, slice_buf(&at), &link)) < 0 &&
	    link.n > 0 && ret == 0) {
		if (++links > ARCHIVEFILE_LINKS_MAX || link.p[0] == '/' ||
		    !clean(folder_of(slice_buf(&at)), slice_buf(&link),
		    &next) || next.n == 0)
			ret = leads_out(name, e);
		buf_cut(&at, 0);
		buf_add(&at, slice_buf(&next));
	}
	if (fd >= 0)
		ret = regular(fd, name, m, e);
	else if (ret == 0 && errno != ENOENT && errno != ENOTDIR)
		ret = err_sys(e, "%s/%.*s", a->path, (int)name.n,
		    (const char *)name.p);
	buf_free(&at);
	buf_free(&link);
	buf_free(&next);
	return ret;
}

int
archivefile_find(const struct archivefile *a, struct slice name,
    struct member *m, struct err *e)
{
	struct buf path = {0};
	int ret;

	if (slice_starts(name, "/") || memchr(name.p, '\0', name.n) != NULL ||
	    !clean(slice_str(""), name, &path) || path.n == 0)
		ret = leads_out(name, e);
	else
		ret = (a->folder ? find_in_folder : find_in_tar)(a,
		    slice_buf(&path), m, e);
	buf_free(&path);
	return ret;
}

void
member_close(struct member *m)
{
	if (m->own && m->fd >= 0)
		(void)close(m->fd);
	*m = (struct member){.fd = -1};
}

static int
read_all(const struct member *m, const char *path, struct buf *out,
    struct err *e)
{
	struct filefeed f;
	struct feed from;
	struct slice piece;
	int ret;

	filefeed_part(m->fd, m->at, m->size, path, &f);
	from = filefeed(&f);
	while ((ret = from.more(from.ctx, &piece, e)) == 0 && piece.n > 0)
		buf_add(out, piece);
	filefeed_close(&f);
	return ret;
}

int
archivefile_read(const struct archivefile *a, struct slice name, size_t max,
    struct buf *out, struct err *e)
{
	struct member m;
	int ret = archivefile_find(a, name, &m, e);

	if (ret < 0)
		return -1;
	if (ret == 0)
		return err_set(e, E_INPUT, "%.*s is not in the archive",
		    (int)name.n, (const char *)name.p);
	if (m.size > max)
		ret = err_set(e, E_INPUT, "%.*s: larger than %zu bytes",
		    (int)name.n, (const char *)name.p, max);
	else
		ret = read_all(&m, a->path, out, e);
	member_close(&m);
	return ret;
}
