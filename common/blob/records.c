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

static int
begin(const struct parts *p, void **state, struct err *e)
{
	const struct records *r = (const struct records *)p;
	struct oaep_run *run;

	if (oaep_start(r->job->key, &r->job->oaep, r->seal, &run, e) < 0)
		return -1;
	*state = run;
	return 0;
}

static void
end(void *state)
{
	oaep_free(state);
}

static int
turn(struct parts *p, void *state, size_t i, struct err *e)
{
	struct records *r = (struct records *)p;

	if (r->seal)
		return fields_seal(r->fields, i, state, e);
	if (fields_open(r->fields, i, state, e) == 0)
		return 0;
	if (!r->job->skip || (e->code != E_NO &&
	    !fields_foreign(r->fields, i, key_size(r->job->key))))
		return -1;
	r->left[i] = true;
	return 0;
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
	struct oaep_run *run;

	if (oaep_start(job->key, &job->oaep, seal, &run, e) < 0)
		return -1;
	oaep_free(run);
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
