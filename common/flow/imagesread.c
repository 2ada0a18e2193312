/* imagesread.c -- the layers of images: verified and hashed, each distinct one
 * once; see images.h. */
#include <stdlib.h>

#include "codec/hex.h"
#include "flow/images_in.h"
#include "flow/layers.h"
#include "flow/work.h"

/* A layer that is to be read. */
struct todo {
	const struct imagefile *file;
	const struct imagelayer *layer;
	size_t number;			/* in its image, from 1 */
	uint64_t size;			/* of its blob */
	struct known_layer result;
};

struct reading {
	struct images *im;
	struct todo *todo;
	size_t n, next;
};

static const struct known_layer *
known(const struct images *im, const uint8_t *diff_id)
{
	const struct known_layer *k =
	    (const struct known_layer *)(const void *)im->known.p;
	size_t n = im->known.n / sizeof *k;

	for (; n > 0; n--, k++)
		if (memcmp(k->diff_id, diff_id, SHA256_SIZE) == 0)
			return k;
	return NULL;
}

static int
in_layer(const struct todo *t, struct err *e)
{
	return err_in(e, "%s: layer %zu (%s)", archivefile_path(t->file->file),
	    t->number, t->layer->path);
}

static int
not_there(const struct todo *t, struct err *e)
{
	(void)err_set(e, E_INPUT, "it is not in the archive");
	return in_layer(t, e);
}

/* How large it is, without reading it: 0. */
static int
measure(struct todo *t, struct err *e)
{
	struct member m;
	int ret = archivefile_find(t->file->file, slice_str(t->layer->path),
	    &m, e);

	if (ret < 0)
		return in_layer(t, e);
	if (ret == 0)
		return not_there(t, e);
	t->size = m.size;
	member_close(&m);
	return 0;
}

static int
compare(const struct todo *t, const struct layers_said *said,
    const uint8_t *blob, struct err *e)
{
	const struct digest *want = &t->layer->blob;
	struct buf hex = {0};

	if (want->n > 0 && !slice_eq(slice_of(blob, want->n),
	    slice_of(want->bytes, want->n))) {
		hex_encode(slice_of(blob, want->n), &hex);
		(void)err_set(e, E_NO, "the blob has another digest: %.*s",
		    (int)hex.n, (const char *)hex.p);
	} else if (memcmp(said->diff_id, t->layer->diff_id, SHA256_SIZE) !=
	    0) {
		hex_encode(slice_of(said->diff_id, SHA256_SIZE), &hex);
		(void)err_set(e, E_NO, "it has another DiffID than the "
		    "configuration says: %.*s", (int)hex.n,
		    (const char *)hex.p);
	} else {
		return 0;
	}
	buf_free(&hex);
	return -1;
}

/* Bytes that are not what they should be are said to be that, even if they
 * also could not be converted: who damaged them chooses no message. */
static int
check_rest(const struct todo *t, const struct member *m, struct err *e)
{
	const struct digest *want = &t->layer->blob;
	struct hash_run *h;
	uint8_t sum[HASH_SIZE_MAX];
	struct filefeed f;
	struct feed from;
	struct slice piece;
	struct err again;

	if (want->n == 0 || e->code != E_INPUT)
		return -1;
	filefeed_part(m->fd, m->at, m->size, t->layer->path, &f);
	from = filefeed(&f);
	h = hash_start(want->hash);
	while (from.more(from.ctx, &piece, &again) == 0 && piece.n > 0)
		hash_more(h, piece);
	hash_end(h, sum);
	filefeed_close(&f);
	if (slice_eq(slice_of(sum, want->n), slice_of(want->bytes, want->n)))
		return -1;
	return err_set(e, E_NO, "the blob has another digest");
}

static int
read_member(const struct images *im, struct todo *t, const struct member *m,
    unsigned threads, struct err *e)
{
	const struct digest *want = &t->layer->blob;
	struct layers_rules rules = {.threads = threads, .diff_id = true,
	    .max_size = im->rules.max_size};
	uint8_t blob[HASH_SIZE_MAX] = {0};
	struct layers_said said;
	struct filefeed f;
	int ret;

	filefeed_part(m->fd, m->at, m->size, t->layer->path, &f);
	/* a plain tar's digest is its DiffID, which is hashed anyway */
	if (want->n > 0 && (want->hash != HASH_SHA256 || memcmp(want->bytes,
	    t->layer->diff_id, SHA256_SIZE) != 0))
		rules.blob = hash_start(want->hash);
	ret = layers_root(filefeed(&f), &rules, &said, e);
	if (rules.blob != NULL)
		hash_end(rules.blob, blob);
	else if (ret == 0)
		memcpy(blob, said.diff_id, SHA256_SIZE);
	filefeed_close(&f);
	if (ret < 0)
		return check_rest(t, m, e);
	if (compare(t, &said, blob, e) < 0)
		return -1;
	memcpy(t->result.diff_id, said.diff_id, SHA256_SIZE);
	memcpy(t->result.root, said.root, SHA256_SIZE);
	return 0;
}

static int
read_layer(const struct images *im, struct todo *t, unsigned threads,
    struct err *e)
{
	struct member m;
	int ret = archivefile_find(t->file->file, slice_str(t->layer->path),
	    &m, e);

	if (ret == 0)
		return not_there(t, e);
	if (ret > 0) {
		ret = read_member(im, t, &m, threads, e);
		member_close(&m);
	}
	return ret < 0 ? in_layer(t, e) : 0;
}

/* The layers that several threads share, one each. */
static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	struct reading *r = ctx;
	size_t i = r->next;

	(void)e;
	if (i == r->n)
		return 0;
	r->next++;
	buf_add(&p->in, slice_of(&i, sizeof i));
	return 1;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	const struct reading *r = ctx;
	size_t i;

	(void)state;
	memcpy(&i, p->in.p, sizeof i);
	return read_layer(r->im, &r->todo[i], 1, e);
}

static int
put(void *ctx, struct slice result, struct err *e)
{
	(void)ctx;
	(void)result;
	(void)e;
	return 0;
}

static int
largest_first(const void *a, const void *b)
{
	const struct todo *x = a, *y = b;

	return x->size == y->size ? 0 : x->size > y->size ? -1 : 1;
}

/* A layer that would keep one thread busy when the others are through is read
 * by all of them; the others by one each. */
static int
read_all(struct reading *r, struct err *e)
{
	const struct work work = {.ctx = r, .next = next, .turn = turn,
	    .put = put};
	unsigned threads = r->im->rules.threads;
	uint64_t left = 0;
	size_t i;

	if (threads == 0)
		threads = work_cores();
	if (r->n > 0)
		qsort(r->todo, r->n, sizeof *r->todo, largest_first);
	for (i = 0; i < r->n; i++)
		left += r->todo[i].size;
	for (; r->next < r->n && r->todo[r->next].size > left / threads / 2;
	    r->next++) {
		left -= r->todo[r->next].size;
		if (read_layer(r->im, &r->todo[r->next], threads, e) < 0)
			return -1;
	}
	return work_run(&work, threads, e);
}

/* Every layer of an image that is not known and not in the list yet. */
static int
list_layers(struct reading *r, size_t which, struct err *e)
{
	const struct numbered *n = &r->im->images[which];
	struct todo t;
	size_t i, k;

	for (i = 0; i < n->image->n_layers; i++) {
		const struct imagelayer *layer = &n->image->layers[i];

		t = (struct todo){.file = &r->im->files[n->file],
		    .layer = layer, .number = i + 1};
		/* it must be there, even if its like is read elsewhere */
		if (measure(&t, e) < 0)
			return -1;
		for (k = 0; k < r->n && memcmp(r->todo[k].layer->diff_id,
		    layer->diff_id, SHA256_SIZE) != 0; k++)
			;
		if (k < r->n || known(r->im, layer->diff_id) != NULL)
			continue;
		r->todo = reallocarray(r->todo, r->n + 1, sizeof *r->todo);
		if (r->todo == NULL)
			err_nomem();
		r->todo[r->n++] = t;
	}
	return 0;
}

static void
fill_in(struct numbered *n, const struct images *im)
{
	size_t i, count = n->image->n_layers;

	if (n->roots != NULL)
		return;
	n->roots = calloc(count + 1, sizeof *n->roots);
	n->diff_ids = calloc(count + 1, sizeof *n->diff_ids);
	if (n->roots == NULL || n->diff_ids == NULL)
		err_nomem();
	for (i = 0; i < count; i++) {
		const uint8_t *id = n->image->layers[i].diff_id;

		memcpy(n->diff_ids[i], id, SHA256_SIZE);
		memcpy(n->roots[i], known(im, id)->root, SHA256_SIZE);
	}
}

int
images_read(struct images *im, const size_t *which, size_t n, struct err *e)
{
	struct reading r = {.im = im};
	int ret = 0;
	size_t i;

	for (i = 0; ret == 0 && i < n; i++)
		ret = list_layers(&r, which[i], e);
	if (ret == 0)
		ret = read_all(&r, e);
	for (i = 0; ret == 0 && i < r.n; i++)
		buf_add(&im->known, slice_of(&r.todo[i].result,
		    sizeof r.todo[i].result));
	for (i = 0; ret == 0 && i < n; i++)
		fill_in(&im->images[which[i]], im);
	free(r.todo);
	return ret;
}
