/* blobtwice.c -- see blobtwice.h. */
#include "flow/blobtwice.h"

#include "jose/jwelong.h"
#include "flow/twice.h"

static int
cbc_more(void *ctx, struct slice in, struct buf *out, struct err *e)
{
	(void)e;
	cbc_open_more(ctx, in, out);
	return 0;
}

static int
cbc_end(void *ctx, struct buf *out, struct err *e)
{
	return cbc_open_end(ctx, out, e);
}

/* With the key that is named, or the first that unwraps. */
static int
start_v1(const struct blob_job *job, struct cbc **c, struct err *e)
{
	struct slice kid = slice_buf(&job->cse->key_id);
	int ret = -1;
	size_t i;

	if (job->keys == NULL)
		return cse_v1_start(job->cse, job->key, c, e);
	for (i = 0; i < job->keys->n && ret < 0; i++)
		if (keys_meant(job->keys, i, kid))
			ret = cse_v1_start(job->cse, job->keys->v[i], c, e);
	return ret;
}

/* Version 1.0 of the client-side encryption has no chunks, nor tags. */
static int
open_v1(const struct blobrun *b, struct source *s, unsigned how,
    struct err *e)
{
	struct twice t = {.more = cbc_more, .end = cbc_end};
	struct cbc *c = NULL;
	int ret;

	if (start_v1(b->job, &c, e) < 0)
		return err_in(e, "%s", s->name);
	t.ctx = c;
	ret = twice_run(&t, s, b->out, how, e);
	cbc_free(c);
	return ret;
}

static int
jwe_more(void *ctx, struct slice in, struct buf *out, struct err *e)
{
	return jwelong_more(ctx, in, out, e);
}

static int
jwe_end(void *ctx, struct buf *out, struct err *e)
{
	(void)out;
	return jwelong_end(ctx, e);
}

static int
open_jwe(const struct blobrun *b, struct source *s, unsigned how,
    struct err *e)
{
	struct twice t = {.more = jwe_more, .end = jwe_end};
	const struct keys one = {&b->job->key, 1};
	struct jwelong *l = NULL;
	struct slice head;
	int ret;

	if (source_peek(s, JWELONG_HEAD, &head, e) < 0)
		return -1;
	if (jwelong_start(head, b->job->keys != NULL ? b->job->keys : &one,
	    b->job->kid, &t.skip, &l, e) < 0)
		return err_in(e, "%s", s->name);
	t.ctx = l;
	ret = twice_run(&t, s, b->out, how, e);
	jwelong_free(l);
	return ret;
}

/* A compact JWE larger than what is read whole.  Of a pipe that much is read
 * to know it. */
static int
is_long_jwe(const struct blobrun *b, struct source *s, bool *is,
    struct err *e)
{
	static const size_t steps[] = {JWELONG_HEAD, 1 << 20, 8 << 20,
	    BLOB_MAX + 1};
	struct slice head;
	size_t i;

	if (b->format != NULL && b->format != blob_named("jwe"))
		return 0;
	for (i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (source_peek(s, steps[i], &head, e) < 0)
			return -1;
		if (head.n < steps[i] || !jwelong_is(slice_head(head,
		    JWELONG_HEAD)))
			return 0;
		*is = s->sized ? s->size > BLOB_MAX : head.n > BLOB_MAX;
		if (s->sized)
			break;
	}
	return 0;
}

int
blobtwice_wants(const struct blobrun *b, struct source *s, bool *wants,
    struct err *e)
{
	*wants = b->job->cse != NULL && b->job->cse->version == CSE_V1_0;
	if (b->job->cse != NULL)
		return 0;
	return is_long_jwe(b, s, wants, e);
}

int
blobtwice_open(const struct blobrun *b, struct source *s, unsigned how,
    struct err *e)
{
	return b->job->cse != NULL ? open_v1(b, s, how, e) :
	    open_jwe(b, s, how, e);
}
