/* tarsparse.c -- the maps of sparse files: GNU's old ones and pax 0.0, 0.1 and
 * 1.0; see tar.h. */
#include "image/tar_in.h"

/* A list of stretches in a header or in a block behind it. */
struct list {
	size_t at, n, more;	/* entries; the byte that says that a block
				 * follows */
};

static const struct list first = {386, 4, 482}, next = {0, 21, 504};
enum {
	HALF = 12,		/* bytes of an offset or a length */
	REAL_SIZE = 483,
};

static int
bad(struct err *e)
{
	return err_set(e, E_INPUT, "its sparse map is broken");
}

static void
add(struct tar *t, int64_t offset, int64_t length)
{
	struct tar_piece p = {offset, length};

	buf_add(&t->pieces, slice_of(&p, sizeof p));
}

static bool
read_list(struct tar *t, const uint8_t *block, struct list l)
{
	const uint8_t *p = block + l.at;
	int64_t offset, length;

	for (; l.n > 0 && p[0] != '\0'; l.n--, p += 2 * HALF) {
		if (!tar_number(p, HALF, &offset) ||
		    !tar_number(p + HALF, HALF, &length))
			return false;
		add(t, offset, length);
	}
	return true;
}

/* Type S: a list in the header, and blocks with more of them. */
static int
old_map(struct tar *t, struct tar_entry *entry, struct err *e)
{
	size_t read = TAR_BLOCK;
	struct list l = first;
	struct buf block = {0};
	int ret = 0;

	if (tar_form(t->head) != TAR_GNU ||
	    !tar_number(t->head + REAL_SIZE, HALF, &entry->size))
		return bad(e);
	buf_add(&block, slice_of(t->head, TAR_BLOCK));
	while (ret == 0) {
		if (!read_list(t, block.p, l))
			ret = bad(e);
		if (ret < 0 || block.p[l.more] == 0)
			break;
		block.n = 0;
		read += TAR_BLOCK;
		l = next;
		ret = read > TAR_SPECIAL_MAX ? err_set(e, E_INPUT,
		    "its sparse map is larger than %d bytes",
		    TAR_SPECIAL_MAX) : tar_take(t, TAR_BLOCK, &block, e);
	}
	buf_free(&block);
	return ret;
}

/* The text up to the mark, and both taken off the front. */
static struct slice
cut(struct slice *rest, uint8_t mark)
{
	struct slice s = slice_head(*rest, slice_find(*rest, mark));

	*rest = slice_from(*rest, s.n + 1);
	return s;
}

/* Versions 0.0 and 0.1: "OFFSET,LENGTH,..." in the header. */
static int
map_in_header(struct tar *t, struct err *e)
{
	struct slice rest = t->pax.value[KEY_MAP];
	int64_t blocks, offset, length;
	size_t n, commas = 0;

	if (!tar_decimal(t->pax.value[KEY_BLOCKS], &blocks) || blocks < 0)
		return bad(e);
	for (n = 0; n < rest.n; n++)
		commas += rest.p[n] == ',';
	n = rest.n > 0 ? commas + 1 : 0;
	if (n % 2 != 0 || n / 2 != (uint64_t)blocks)
		return bad(e);
	for (n /= 2; n > 0; n--) {
		if (!tar_decimal(cut(&rest, ','), &offset) ||
		    !tar_decimal(cut(&rest, ','), &length))
			return bad(e);
		add(t, offset, length);
	}
	return 0;
}

/* Have *lines more lines of the map in text, of whose data they are. */
static int
more_lines(struct tar *t, struct buf *text, uint64_t *lines, uint64_t want,
    struct err *e)
{
	size_t i;

	while (*lines < want) {
		if (text->n + TAR_BLOCK > TAR_SPECIAL_MAX)
			return err_set(e, E_INPUT, "its sparse map is larger "
			    "than %d bytes", TAR_SPECIAL_MAX);
		if (t->left < TAR_BLOCK)
			return bad(e);
		if (tar_take(t, TAR_BLOCK, text, e) < 0)
			return -1;
		t->left -= TAR_BLOCK;
		for (i = text->n - TAR_BLOCK; i < text->n; i++)
			*lines += text->p[i] == '\n';
	}
	return 0;
}

/* Version 1.0: lines in front of the data, in whole blocks. */
static int
map_in_data(struct tar *t, struct err *e)
{
	int64_t pieces, offset, length, i;
	struct buf text = {0};
	struct slice rest;
	uint64_t lines = 0;
	int ret;

	ret = more_lines(t, &text, &lines, 1, e);
	rest = slice_buf(&text);
	if (ret == 0 && (!tar_decimal(cut(&rest, '\n'), &pieces) ||
	    pieces < 0 || pieces > TAR_SPECIAL_MAX))
		ret = bad(e);
	if (ret == 0)
		ret = more_lines(t, &text, &lines, 1 + 2 * (uint64_t)pieces,
		    e);
	rest = slice_buf(&text);
	(void)cut(&rest, '\n');
	for (i = 0; ret == 0 && i < pieces; i++) {
		if (!tar_decimal(cut(&rest, '\n'), &offset) ||
		    !tar_decimal(cut(&rest, '\n'), &length))
			ret = bad(e);
		else
			add(t, offset, length);
	}
	buf_free(&text);
	return ret;
}

/* Does the pax header say that this is a sparse file, and in which way? */
static bool
said_by_pax(const struct tar_pax *p, bool *in_data)
{
	struct slice major = p->value[KEY_MAJOR], minor = p->value[KEY_MINOR];

	*in_data = slice_is(major, "1") && slice_is(minor, "0");
	if (*in_data)
		return true;
	if (slice_is(major, "0") && (slice_is(minor, "0") ||
	    slice_is(minor, "1")))
		return true;
	return major.n == 0 && minor.n == 0 && p->value[KEY_MAP].n > 0;
}

static int
pax_map(struct tar *t, struct tar_entry *entry, bool in_data, struct err *e)
{
	struct slice size = t->pax.value[KEY_SPARSE_SIZE];

	if (t->pax.value[KEY_SPARSE_NAME].n > 0)
		entry->name = t->pax.value[KEY_SPARSE_NAME];
	if (size.n == 0)
		size = t->pax.value[KEY_REALSIZE];
	if (size.n > 0 && !tar_decimal(size, &entry->size))
		return bad(e);
	return in_data ? map_in_data(t, e) : map_in_header(t, e);
}

/* In order, apart, and inside of the file. */
static bool
fits(const struct tar *t, int64_t size)
{
	const struct tar_piece *p =
	    (const struct tar_piece *)(const void *)t->pieces.p;
	size_t n = t->pieces.n / sizeof *p;
	int64_t end = 0;

	for (; n > 0; n--, p++) {
		if (p->offset < end || p->length < 0 || p->offset > size ||
		    p->length > size - p->offset)
			return false;
		end = p->offset + p->length;
	}
	return size >= 0;
}

int
tar_sparse(struct tar *t, struct tar_entry *entry, struct err *e)
{
	bool bare = entry->type >= '1' && entry->type <= '6', in_data;

	t->pieces.n = 0;
	t->piece = 0;
	t->pos = 0;
	t->sparse = false;
	if (entry->type == 'S') {
		if (old_map(t, entry, e) < 0)
			return -1;
	} else if (said_by_pax(&t->pax, &in_data)) {
		if (pax_map(t, entry, in_data, e) < 0)
			return -1;
	} else {
		return 0;
	}
	if (bare || !fits(t, entry->size))
		return bad(e);
	t->sparse = entry->sparse = true;
	t->size = entry->size;
	return 0;
}
