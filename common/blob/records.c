/* records.c -- see records.h. */
#include "blob/records.h"

#include <stdlib.h>

#include "blob/fields.h"

struct records {
	struct parts parts;	/* first, so that the one is the other */
	struct fields *fields;
	struct blob_job *job;
	bool seal;
	/* A member each, its record is to be left: a record may have members
	 * in several hands. */
	bool *left;
};

/* A worker's keys made ready; those that do no OAEP are not among them. */
struct runs {
	struct oaep_run **v;
	size_t n;
};

static void
end(void *state)
{
	struct runs *r = state;
	size_t i;

	for (i = 0; i < r->n; i++)
		oaep_free(r->v[i]);
	free(r->v);
	free(r);
}

static int
start(const struct blob_job *job, const struct key *key, bool seal,
    struct oaep_run **run, struct err *e)
{
	struct oaep how;

	if (blob_oaep_of(job, key, &how, e) < 0)
		return -1;
	return oaep_start(key, &how, seal, run, e);
}

static int
start_all(const struct blob_job *job, bool seal, struct runs **out,
    struct err *e)
{
	size_t n = job->keys != NULL ? job->keys->n : 1, i;
	struct runs *r = calloc(1, sizeof *r);
	struct err why, first = {.code = E_OK};

	if (r == NULL || (r->v = calloc(n, sizeof(*r->v))) == NULL)
		err_nomem();
	for (i = 0; i < n; i++)
		if (start(job, job->keys != NULL ? job->keys->v[i] : job->key,
		    seal, &r->v[r->n], &why) == 0)
			r->n++;
		else if (first.code == E_OK)
			first = why;
	if (r->n > 0) {
		*out = r;
		return 0;
	}
	end(r);
	*e = first;
	return -1;
}

static int
begin(const struct parts *p, void **state, struct err *e)
{
	const struct records *r = (const struct records *)p;
	struct runs *runs;

	if (start_all(r->job, r->seal, &runs, e) < 0)
		return -1;
	*state = runs;
	return 0;
}

/* Another key's, by its size or by what came of it. */
static bool
is_other(const struct records *r, size_t i, const struct err *e)
{
	size_t k;

	if (e->code == E_NO)
		return true;
	if (r->job->keys == NULL)
		return fields_foreign(r->fields, i, key_size(r->job->key));
	for (k = 0; k < r->job->keys->n; k++)
		if (!fields_foreign(r->fields, i,
		    key_size(r->job->keys->v[k])))
			return false;
	return true;
}

/* With one key after the other; what is told is that decryption failed, if
 * the block has the size of any. */
static int
open_one(struct records *r, const struct runs *runs, size_t i, struct err *e)
{
	struct err why;
	size_t k;

	for (k = 0; k < runs->n; k++) {
		if (fields_open(r->fields, i, runs->v[k], &why) == 0)
			return 0;
		if (k == 0 || (why.code == E_NO && e->code != E_NO))
			*e = why;
	}
	return -1;
}

static int
turn(struct parts *p, void *state, size_t i, struct err *e)
{
	struct records *r = (struct records *)p;
	const struct runs *runs = state;

	if (r->seal)
		return fields_seal(r->fields, i, runs->v[0], e);
	if (open_one(r, runs, i, e) == 0)
		return 0;
	if (r->job->skip && is_other(r, i, e)) {
		r->left[i] = true;
		return 0;
	}
	if (is_other(r, i, e))
		(void)err_hint(e, "another key's record, mostly: "
		    "--skip-undecryptable leaves those; or another OAEP: "
		    "--oaep-hash, --mgf1-hash, --label");
	return -1;
}

static void
finish(struct parts *p, struct buf *out)
{
	struct records *r = (struct records *)p;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (r->left[i])
			fields_leave(r->fields, i);
	r->job->skipped = fields_left(r->fields);
	r->job->records = fields_records(r->fields);
	fields_write(r->fields, out);
}

static void
release(struct parts *p)
{
	struct records *r = (struct records *)p;

	fields_free(r->fields);
	free(r->left);
	free(r);
}

static struct parts *
parts_of(struct fields *fields, struct blob_job *job, bool seal)
{
	struct records *r = calloc(1, sizeof *r);
	size_t n = fields_count(fields);

	if (r == NULL || (r->left = calloc(n + 1, sizeof *r->left)) == NULL)
		err_nomem();
	r->parts = (struct parts){n, begin, end, turn, finish, release};
	r->fields = fields;
	r->job = job;
	r->seal = seal;
	return &r->parts;
}

/* A key that will not do is said before the document is judged. */
static int
key_does(const struct blob_job *job, bool seal, struct err *e)
{
	struct runs *runs;

	if (start_all(job, seal, &runs, e) < 0)
		return -1;
	end(runs);
	return 0;
}

int
blobfields_open(struct slice in, struct blob_job *job, struct parts **out,
    struct err *e)
{
	struct fields *f;

	if (key_does(job, false, e) < 0 || fields_sealed(in, &f, e) < 0)
		return -1;
	*out = parts_of(f, job, false);
	return 0;
}

int
blobfields_seal(struct slice in, struct blob_job *job, struct parts **out,
    struct err *e)
{
	struct fields *f;

	if (key_does(job, true, e) < 0 ||
	    fields_clear(in, slice_str(job->fields), &f, e) < 0)
		return -1;
	*out = parts_of(f, job, true);
	return 0;
}
