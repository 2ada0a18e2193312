/* layer.c -- see layer.h. */
#include "image/layer.h"

#include <inttypes.h>
#include <stdlib.h>

#include "image/ext4.h"
#include "image/tar.h"

enum {
	NAME_SHOWN = 200,	/* bytes of a name in a message */
	MANIFEST_SEEN = 64 << 10, /* bytes of a manifest.json looked at */
};

enum at {
	AT_ENTRY,		/* the next header is read */
	AT_DATA,		/* a file's data */
	AT_DATA_END,		/* it is through, and filled up */
	AT_END,			/* no more entries */
};

/* Names that image archives have and layers hardly ever. */
enum seen { SEEN_BLOBS = 1, SEEN_INDEX = 2, SEEN_MANIFEST = 4 };

struct layer {
	struct tar *tar;
	struct ext4 *fs;
	struct tar_entry entry;
	enum at at;
	size_t pending;		/* bytes of ext4_pending() taken */
	struct slice data;	/* then these */
	uint64_t zeros;		/* and so many zeros */
	uint64_t given;		/* bytes of the image */
	unsigned seen;
	bool keep;		/* the data are those of manifest.json */
	struct buf manifest;
};

struct layer *
layer_open(struct feed from)
{
	struct layer *l = calloc(1, sizeof *l);

	if (l == NULL)
		err_nomem();
	l->tar = tar_open(from);
	l->fs = ext4_new();
	return l;
}

void
layer_close(struct layer *l)
{
	if (l == NULL)
		return;
	tar_close(l->tar);
	ext4_free(l->fs);
	buf_free(&l->manifest);
	free(l);
}

static int
in_entry(const struct layer *l, struct err *e)
{
	struct slice name = l->entry.name;

	if (e->code != E_INPUT)
		return -1;
	return err_in(e, "entry %" PRIu64 ", %.*s%s", l->entry.number,
	    (int)(name.n < NAME_SHOWN ? name.n : NAME_SHOWN),
	    (const char *)name.p, name.n < NAME_SHOWN ? "" : "...");
}

static uint16_t
type_of(uint8_t flag)
{
	switch (flag) {
	case '2':
		return EXT4_LINK;
	case '3':
		return EXT4_CHAR;
	case '4':
		return EXT4_BLOCKDEV;
	case '5':
		return EXT4_DIR;
	case '6':
		return EXT4_FIFO;
	default:
		return EXT4_REG;
	}
}

/* "DIR/.wh.NAME" hides NAME of the layers below, "DIR/.wh..wh..opq" all of
 * DIR.  *done: it was one of them. */
static int
whiteout(struct layer *l, struct slice path, bool *done, struct err *e)
{
	const struct ext4_file gone = {.mode = EXT4_CHAR};
	struct buf to = {0};
	struct slice name;
	size_t dir = path.n;
	int ret;

	while (dir > 0 && path.p[dir - 1] != '/')
		dir--;
	name = slice_from(path, dir);
	*done = slice_starts(name, ".wh.");
	if (!*done)
		return 0;
	if (slice_is(name, ".wh..wh..opq"))
		return ext4_opaque(l->fs, slice_head(path, dir), e);
	buf_add(&to, slice_head(path, dir));
	buf_add(&to, slice_from(name, strlen(".wh.")));
	ret = ext4_create(l->fs, slice_buf(&to), &gone, e);
	if (ret < 0 && e->hint[0] == '\0')
		(void)err_hint(e, "a whiteout hides what layers below have; "
		    "this one is of the same layer");
	buf_free(&to);
	return ret;
}

/* Without "./" and "/" in front. */
static struct slice
plain(struct slice path)
{
	while (slice_starts(path, "/") || slice_starts(path, "./"))
		path = slice_from(path, 1);
	return path;
}

static void
look(struct layer *l, const struct tar_entry *t)
{
	struct slice name = plain(t->name);

	l->keep = false;
	if (slice_starts(name, "blobs/sha256/"))
		l->seen |= SEEN_BLOBS;
	if (slice_is(name, "index.json"))
		l->seen |= SEEN_INDEX;
	if (slice_is(name, "manifest.json")) {
		l->seen |= SEEN_MANIFEST;
		l->keep = true;
	}
}

static int
put_file(struct layer *l, const struct tar_entry *t, struct err *e)
{
	uint16_t type = type_of(t->type);
	const struct ext4_file f = {
		.mode = (uint16_t)((t->mode & 07777) | type),
		.uid = (uint32_t)t->uid,
		.gid = (uint32_t)t->gid,
		.major = (uint32_t)t->major,
		.minor = (uint32_t)t->minor,
		.size = (uint64_t)t->size,
		.mtime = ext4_time(t->mtime),
		.atime = ext4_time(t->atime),
		.ctime = ext4_time(t->ctime),
		.link = t->link,
		.xattrs = t->xattrs,
		.n_xattrs = t->n_xattrs,
	};

	if (ext4_create(l->fs, t->name, &f, e) < 0)
		return -1;
	if (type == EXT4_REG) {
		look(l, t);
		l->at = AT_DATA;
	}
	return 0;
}

static int
one_entry(struct layer *l, struct err *e)
{
	const struct tar_entry *t = &l->entry;
	bool done;

	if (ext4_parents(l->fs, t->name, e) < 0 ||
	    whiteout(l, t->name, &done, e) < 0)
		return -1;
	if (done)
		return 0;
	if (t->type == '1')
		return ext4_link(l->fs, t->link, t->name, e);
	return put_file(l, t, e);
}

/* Some more of a file's data, or their end. */
static int
data(struct layer *l, struct err *e)
{
	if (tar_read(l->tar, &l->data, &l->zeros, e) < 0)
		return -1;
	if (l->keep && l->manifest.n < MANIFEST_SEEN)
		buf_add(&l->manifest, slice_head(l->data, MANIFEST_SEEN -
		    l->manifest.n));
	if (l->data.n > 0 || l->zeros > 0)
		return 0;
	l->at = l->entry.size > 0 ? AT_DATA_END : AT_ENTRY;
	l->zeros = -(uint64_t)l->entry.size % VERITY_BLOCK;
	return 0;
}

/* Have something to take: 1; 0 when there is nothing any more. */
static int
step(struct layer *l, struct err *e)
{
	int ret;

	switch (l->at) {
	case AT_ENTRY:
		if ((ret = tar_next(l->tar, &l->entry, e)) < 0)
			return -1;
		if (ret == 0)
			l->at = AT_END;
		else if (one_entry(l, e) < 0)
			return in_entry(l, e);
		return 1;
	case AT_DATA:
		return data(l, e) < 0 ? in_entry(l, e) : 1;
	case AT_DATA_END:
		ext4_data_done(l->fs);
		l->at = AT_ENTRY;
		return 1;
	case AT_END:
	default:
		return ext4_finish(l->fs, &l->zeros, e);
	}
}

/* Take what is there, up to the end of a part. */
static bool
take(struct layer *l, struct buf *out)
{
	struct buf *pending = ext4_pending(l->fs);
	struct slice rest = slice_from(slice_buf(pending), l->pending);
	size_t room = LAYER_PART - out->n, n;

	if (rest.n > 0) {
		rest = slice_head(rest, room);
		buf_add(out, rest);
		l->pending += rest.n;
		if (l->pending == pending->n)
			l->pending = pending->n = 0;
	} else if (l->data.n > 0) {
		rest = slice_head(l->data, room);
		buf_add(out, rest);
		l->data = slice_from(l->data, rest.n);
	} else if (l->zeros > 0) {
		n = l->zeros < room ? (size_t)l->zeros : room;
		memset(buf_more(out, n), 0, n);
		l->zeros -= n;
	} else {
		return false;
	}
	return true;
}

/* Whole groups of zeros that are next. */
static uint64_t
zero_groups(struct layer *l)
{
	uint64_t n = l->zeros / VERITY_GROUP;

	if (l->given % VERITY_GROUP != 0 || l->data.n > 0 ||
	    l->pending < ext4_pending(l->fs)->n)
		return 0;
	l->zeros %= VERITY_GROUP;
	return n;
}

int
layer_next(struct layer *l, struct layer_part *p, struct buf *out,
    struct err *e)
{
	int ret = 1;

	p->zeros = 0;
	while (ret > 0 && out->n < LAYER_PART) {
		if (out->n == 0 && (p->zeros = zero_groups(l)) > 0)
			break;
		if (!take(l, out) && (ret = step(l, e)) < 0)
			return -1;
	}
	if (ret == 0 && out->n == 0)
		return 0;
	p->changes = ext4_changes(l->fs, l->given / VERITY_GROUP);
	l->given += p->zeros * VERITY_GROUP + out->n;
	return 1;
}

void
layer_late(struct layer *l, struct verity *v)
{
	ext4_late(l->fs, v);
}

int
layer_drain(struct layer *l, struct err *e)
{
	return tar_drain(l->tar, e);
}

bool
layer_is_archive(const struct layer *l)
{
	struct slice s = slice_buf(&l->manifest);

	if ((l->seen & (SEEN_BLOBS | SEEN_INDEX)) == (SEEN_BLOBS | SEEN_INDEX))
		return true;
	return (l->seen & SEEN_MANIFEST) != 0 &&
	    slice_search(s, "\"Config\"") < s.n &&
	    slice_search(s, "\"Layers\"") < s.n &&
	    slice_search(s, "\"RepoTags\"") < s.n;
}
