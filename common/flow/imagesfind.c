/* imagesfind.c -- which image a reference means; see images.h. */
#include "flow/images_in.h"

enum { SHOWN = 8 };		/* references in a hint */

/* What is asked for. */
struct question {
	const char *text;	/* NULL: the only one */
	struct ref ref;
	const struct alias *alias;
};

static bool
has_digest(const struct imagefile_image *i, const struct ref *r)
{
	size_t k;

	for (k = 0; k < i->n_digests; k++)
		if (digest_eq(&i->digests[k], &r->digest))
			return true;
	return false;
}

static bool
has_name(const struct imagefile_image *i, const struct ref *r)
{
	size_t k;

	for (k = 0; k < i->n_names; k++)
		if (slice_eq(slice_buf(&i->names[k].name),
		    slice_buf(&r->name)))
			return true;
	return false;
}

static bool
in_alias(const struct alias *a, size_t file)
{
	size_t k, which;

	for (k = 0; k < a->files.n; k += sizeof which) {
		memcpy(&which, a->files.p + k, sizeof which);
		if (which == file)
			return true;
	}
	return false;
}

/* Images of an alias's files that differ and can be used. */
static size_t
usable(const struct images *im, const struct alias *a)
{
	const struct imagefile_image *x, *first = NULL;
	size_t i, n = 0;

	for (i = 0; i < im->n; i++) {
		x = im->images[i].image;
		if ((a != NULL && !in_alias(a, im->images[i].file)) ||
		    x->foreign)
			continue;
		if (first == NULL || x->err.code != E_OK ||
		    memcmp(x->id, first->id, SHA256_SIZE) != 0)
			n++;
		if (first == NULL)
			first = x;
	}
	return n;
}

static bool
means(const struct images *im, const struct question *q, size_t i,
    bool alone)
{
	const struct imagefile_image *x = im->images[i].image;

	if (q->text == NULL)
		return true;
	if (q->alias != NULL && !in_alias(q->alias, im->images[i].file))
		return false;
	if (q->ref.digest.n > 0)
		return has_digest(x, &q->ref);
	if (has_name(x, &q->ref))
		return true;
	/* a map says so; or nothing else can be meant */
	return alone && (q->alias != NULL || x->n_names == 0);
}

/* Returns ret. */
static int
hint_names(const struct images *im, int ret, struct err *e)
{
	struct buf text = {0};
	size_t i, k, n = 0;

	for (i = 0; i < im->n; i++)
		for (k = 0; k < im->images[i].image->n_names; k++) {
			if (n++ >= SHOWN)
				continue;
			buf_adds(&text, n > 1 ? ", " : "");
			buf_add(&text, slice_buf(
			    &im->images[i].image->names[k].name));
		}
	if (n > SHOWN)
		buf_addf(&text, " and %zu more", n - SHOWN);
	if (n == 0 && im->n > 0)
		(void)err_hint(e, "the archives name none; a map says which is "
		    "which: {\"REFERENCE\": \"PATH\"}");
	else if (n > 0)
		(void)err_hint(e, "there are: %.*s", (int)text.n,
		    (const char *)text.p);
	buf_free(&text);
	return ret;
}

/* Put what was asked for in front of why there is no answer. */
static int
about(const struct question *q, struct err *e)
{
	return q->text != NULL ? err_in(e, "%s", q->text) : -1;
}

/* The one image among those that are meant. */
static int
choose(const struct images *im, const struct question *q, size_t *which,
    struct err *e)
{
	const struct imagefile_image *x, *wrong = NULL, *found = NULL;
	bool alone = usable(im, q->alias) == 1;
	size_t i;

	for (i = 0; i < im->n; i++) {
		x = im->images[i].image;
		if (!means(im, q, i, alone))
			continue;
		if (x->err.code != E_OK) {
			/* what is for others, or bytes that are not what they
			 * should be: the latter counts more */
			if (wrong == NULL || (wrong->foreign && !x->foreign) ||
			    (!x->foreign && x->err.code == E_NO))
				wrong = x;
			continue;
		}
		if (found != NULL && memcmp(found->id, x->id,
		    SHA256_SIZE) != 0) {
			(void)err_set(e, E_INPUT, q->text != NULL ?
			    "two different images have this name" :
			    "more than one image");
			return hint_names(im, about(q, e), e);
		}
		if (found == NULL)
			*which = i;
		found = found != NULL ? found : x;
	}
	if (wrong != NULL && (found == NULL || (!wrong->foreign &&
	    wrong->err.code == E_NO))) {
		*e = wrong->err;
		return about(q, e);
	}
	if (found != NULL)
		return 0;
	(void)err_set(e, E_INPUT, q->text != NULL ?
	    "not in the image archives" : "no image");
	return hint_names(im, about(q, e), e);
}

/* A nameless image is what it was called first. */
static int
claim(struct images *im, const struct question *q, size_t which,
    struct err *e)
{
	struct numbered *n = &im->images[which];

	if (q->text == NULL || q->alias != NULL || q->ref.digest.n > 0 ||
	    n->image->n_names > 0)
		return 0;
	if (n->claimed.name.n == 0) {
		buf_add(&n->claimed.name, slice_buf(&q->ref.name));
		return 0;
	}
	if (slice_eq(slice_buf(&n->claimed.name), slice_buf(&q->ref.name)))
		return 0;
	(void)err_set(e, E_INPUT, "%s: the only image there is has no name, "
	    "and was taken for %.*s", q->text, (int)n->claimed.name.n,
	    (const char *)n->claimed.name.p);
	return err_hint(e, "a map says which archive is which image: "
	    "{\"REFERENCE\": \"PATH\"}");
}

/* Is this what a map calls it? */
static bool
called(const struct alias *a, const struct ref *r)
{
	if (r->digest.n > 0 || a->ref.digest.n > 0)
		return digest_eq(&a->ref.digest, &r->digest) &&
		    ref_same_path(&a->ref, r);
	return slice_eq(slice_buf(&a->ref.name), slice_buf(&r->name));
}

int
images_find(struct images *im, const char *ref, size_t *which, struct err *e)
{
	struct question q = {.text = ref};
	size_t i, found = 0;
	int ret;

	if (ref != NULL && ref_parse(slice_str(ref), &q.ref, e) < 0)
		return err_in(e, "%s", ref);
	for (i = 0; ref != NULL && i < im->n_aliases && q.alias == NULL; i++)
		if (called(&im->aliases[i], &q.ref))
			q.alias = &im->aliases[i];
	ret = choose(im, &q, &found, e);
	if (ret == 0)
		ret = claim(im, &q, found, e);
	ref_free(&q.ref);
	if (ret == 0)
		*which = found;
	return ret;
}
