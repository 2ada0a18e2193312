/* tar.c -- see tar.h. */
#include "image/tar.h"

#include <inttypes.h>
#include <stdlib.h>

#include "image/tar_in.h"

struct tar *
tar_open(struct feed from)
{
	struct tar *t = calloc(1, sizeof *t);

	if (t == NULL)
		err_nomem();
	t->from = from;
	return t;
}

void
tar_close(struct tar *t)
{
	if (t == NULL)
		return;
	buf_free(&t->pax.body);
	buf_free(&t->pax.map);
	buf_free(&t->pax.xattrs);
	buf_free(&t->long_name);
	buf_free(&t->long_link);
	buf_free(&t->name);
	buf_free(&t->pieces);
	free(t);
}

/* Have something in t->in unless the feed is at its end. */
static int
fill(struct tar *t, struct err *e)
{
	if (t->in.n > 0 || t->ended)
		return 0;
	if (t->from.more(t->from.ctx, &t->in, e) < 0)
		return -1;
	t->ended = t->in.n == 0;
	return 0;
}

static void
taken(struct tar *t, size_t n)
{
	t->in = slice_from(t->in, n);
	t->at += n;
}

static int
cut_short(struct err *e)
{
	return err_set(e, E_INPUT, "the archive is cut short");
}

int
tar_take(struct tar *t, size_t n, struct buf *out, struct err *e)
{
	struct slice part;

	while (n > 0) {
		if (fill(t, e) < 0)
			return -1;
		if (t->in.n == 0)
			return cut_short(e);
		part = slice_head(t->in, n);
		buf_add(out, part);
		taken(t, part.n);
		n -= part.n;
	}
	return 0;
}

/* Leave out n bytes; fewer are well if they may be missing. */
static int
skip(struct tar *t, uint64_t n, bool missing, struct err *e)
{
	size_t part;

	while (n > 0) {
		if (t->in.n == 0 && t->from.skip != NULL) {
			t->at += n;
			return t->from.skip(t->from.ctx, n, e);
		}
		if (fill(t, e) < 0)
			return -1;
		if (t->in.n == 0)
			return missing ? 0 : cut_short(e);
		part = t->in.n < n ? t->in.n : (size_t)n;
		taken(t, part);
		n -= part;
	}
	return 0;
}

/* The next block: 1; 0 at the end of the feed. */
static int
block(struct tar *t, struct err *e)
{
	size_t n = 0, part;

	while (n < TAR_BLOCK) {
		if (fill(t, e) < 0)
			return -1;
		if (t->in.n == 0)
			return n == 0 ? 0 : cut_short(e);
		part = t->in.n < TAR_BLOCK - n ? t->in.n : TAR_BLOCK - n;
		memcpy(t->head + n, t->in.p, part);
		taken(t, part);
		n += part;
	}
	return 1;
}

/* The next header: 1; 0 at the end of the archive. */
static int
head(struct tar *t, struct err *e)
{
	int ret = block(t, e);

	if (ret <= 0 || !slice_zero(slice_of(t->head, TAR_BLOCK)))
		return ret;
	ret = block(t, e);
	if (ret <= 0 || slice_zero(slice_of(t->head, TAR_BLOCK)))
		return ret < 0 ? -1 : 0;
	return err_set(e, E_INPUT, "a block of zeros, then more: no end of "
	    "an archive");
}

static bool
bare(uint8_t type)
{
	return type >= '1' && type <= '6';
}

/* What follows a header: as many bytes, and up to a block's end. */
static int
follow(struct tar *t, const struct tar_entry *entry, struct err *e)
{
	t->left = t->pad = 0;
	if (bare(entry->type))
		return 0;
	if (entry->size < 0)
		return err_set(e, E_INPUT, "its size is negative");
	t->left = (uint64_t)entry->size;
	t->pad = -t->left % TAR_BLOCK;
	return 0;
}

static int
special(struct tar *t, struct buf *out, struct err *e)
{
	uint64_t n = t->left;

	out->n = 0;
	if (n > TAR_SPECIAL_MAX)
		return err_set(e, E_INPUT, "a pax header or long name of more "
		    "than %d bytes", TAR_SPECIAL_MAX);
	t->left = 0;
	return tar_take(t, (size_t)n, out, e);
}

/* A pax global header: a file of that name, without data. */
static int
global(struct tar *t, struct tar_entry *entry, struct err *e)
{
	struct tar_entry said = *entry;
	struct err ignored;
	bool good;

	if (special(t, &t->pax.body, e) < 0 || tar_pax_parse(&t->pax, e) < 0)
		return -1;
	good = tar_pax_merge(&t->pax, &said, &ignored) == 0;
	if (!good && t->pax.value[KEY_PATH].n > 0)
		return err_set(e, E_INPUT, "a global pax header with a path "
		    "and a bad number: the platform reads it one way or "
		    "another by chance");
	*entry = (struct tar_entry){.type = 'g', .name = said.name,
	    .number = t->number};
	if (good) {
		entry->xattrs = said.xattrs;
		entry->n_xattrs = said.n_xattrs;
	}
	return 1;
}

/* The name of a 'L' or 'K' entry: up to the first NUL. */
static int
long_text(struct tar *t, struct buf *out, struct err *e)
{
	if (special(t, out, e) < 0)
		return -1;
	out->n = slice_find(slice_buf(out), '\0');
	return 0;
}

/* A header that says something of the one behind it: 1; or 0 if this is none
 * such. */
static int
about_next(struct tar *t, uint8_t type, struct err *e)
{
	switch (type) {
	case 'x':
		return special(t, &t->pax.body, e) < 0 ||
		    tar_pax_parse(&t->pax, e) < 0 ? -1 : 1;
	case 'L':
		return long_text(t, &t->long_name, e) < 0 ? -1 : 1;
	case 'K':
		return long_text(t, &t->long_link, e) < 0 ? -1 : 1;
	default:
		return 0;
	}
}

/* An entry with all that was said of it. */
static int
complete(struct tar *t, struct tar_entry *entry, struct err *e)
{
	if (tar_pax_merge(&t->pax, entry, e) < 0)
		return -1;
	if (t->long_name.n > 0)
		entry->name = slice_buf(&t->long_name);
	if (t->long_link.n > 0)
		entry->link = slice_buf(&t->long_link);
	if (entry->type == '\0')
		entry->type = entry->name.n > 0 &&
		    entry->name.p[entry->name.n - 1] == '/' ? '5' : '0';
	if (follow(t, entry, e) < 0)
		return -1;
	entry->stored = t->left;
	if (tar_sparse(t, entry, e) < 0)
		return -1;
	entry->number = ++t->number;
	entry->at = t->at;
	return 1;
}

static int
next(struct tar *t, struct tar_entry *entry, struct err *e)
{
	int ret;

	tar_pax_clear(&t->pax);
	t->long_name.n = t->long_link.n = 0;
	do {
		if (skip(t, t->left, false, e) < 0 ||
		    skip(t, t->pad, true, e) < 0)
			return -1;
		t->left = t->pad = 0;
		t->sparse = false;
		if ((ret = head(t, e)) <= 0)
			return ret;
		if (tar_header(t, entry, e) < 0 || follow(t, entry, e) < 0)
			return -1;
		if (entry->type == 'g')
			return global(t, entry, e);
		ret = about_next(t, entry->type, e);
	} while (ret > 0);
	return ret < 0 ? -1 : complete(t, entry, e);
}

int
tar_next(struct tar *t, struct tar_entry *entry, struct err *e)
{
	int ret = next(t, entry, e);

	return ret < 0 && e->code == E_INPUT ? err_in(e, "entry %" PRIu64,
	    t->number + 1) : ret;
}

/* Up to most of the bytes that are stored. */
static int
stored(struct tar *t, uint64_t most, struct slice *data, struct err *e)
{
	if (most > t->left)
		most = t->left;
	if (most == 0)
		return 0;
	if (fill(t, e) < 0)
		return -1;
	if (t->in.n == 0)
		return cut_short(e);
	*data = slice_head(t->in, most < SIZE_MAX ? (size_t)most : SIZE_MAX);
	taken(t, data->n);
	t->left -= data->n;
	return 0;
}

static int
unlike_map(struct err *e)
{
	return err_set(e, E_INPUT, "its data are more or fewer than its "
	    "sparse map says");
}

static int
sparse_read(struct tar *t, struct slice *data, uint64_t *zeros,
    struct err *e)
{
	const struct tar_piece *p =
	    (const struct tar_piece *)(const void *)t->pieces.p;
	size_t n = t->pieces.n / sizeof *p;
	int64_t end;

	while (t->piece < n && (p[t->piece].length == 0 ||
	    t->pos == p[t->piece].offset + p[t->piece].length))
		t->piece++;
	end = t->piece < n ? p[t->piece].offset : t->size;
	if (t->pos < end) {
		*zeros = (uint64_t)(end - t->pos);
		t->pos = end;
		return 0;
	}
	if (t->piece == n)
		return t->left > 0 ? unlike_map(e) : 0;
	end = p[t->piece].offset + p[t->piece].length;
	if (t->left == 0)
		return unlike_map(e);
	if (stored(t, (uint64_t)(end - t->pos), data, e) < 0)
		return -1;
	t->pos += (int64_t)data->n;
	return 0;
}

int
tar_read(struct tar *t, struct slice *data, uint64_t *zeros, struct err *e)
{
	*data = slice_of(NULL, 0);
	*zeros = 0;
	if (t->sparse)
		return sparse_read(t, data, zeros, e);
	return stored(t, t->left, data, e);
}

int
tar_drain(struct tar *t, struct err *e)
{
	do {
		taken(t, t->in.n);
		if (fill(t, e) < 0)
			return -1;
	} while (!t->ended);
	return 0;
}
