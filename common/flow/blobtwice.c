/* blobtwice.c -- see blobtwice.h. */
#include "flow/blobtwice.h"

#include "blob/cselong.h"
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

/* Either of client-side encryption, with the key. */
struct cse {
	struct cbc *v1;
	struct cselong *later;
};

static int
start_with(const struct blob_job *job, const struct key *key, struct cse *c,
    struct err *e)
{
	return job->cse->version == CSE_V1_0 ?
	    cse_v1_start(job->cse, key, &c->v1, e) :
	    cselong_start(job->cse, key, &c->later, e);
}

/* With the key that is named, or the first that unwraps. */
static int
start_cse(const struct blob_job *job, struct cse *c, struct err *e)
{
	struct slice kid = slice_buf(&job->cse->key_id);
	int ret = -1;
	size_t i;

	if (job->keys == NULL)
		return start_with(job, job->key, c, e);
	for (i = 0; i < job->keys->n && ret < 0; i++)
		if (keys_meant(job->keys, i, kid))
			ret = start_with(job, job->keys->v[i], c, e);
	return ret;
}

static int
cse_more(void *ctx, struct slice in, struct buf *out, struct err *e)
{
	return cselong_more(ctx, in, out, e);
}

static int
cse_end(void *ctx, struct buf *out, struct err *e)
{
	(void)out;
	return cselong_end(ctx, e);
}

/* Version 1.0 of the client-side encryption has no regions, nor tags; those of
 * 2.1 may be larger than what is kept in memory. */
static int
open_cse(const struct blobrun *b, struct source *s, unsigned how,
    struct err *e)
{
	struct twice t = {.more = cbc_more, .end = cbc_end};
	struct cse c = {0};
	int ret;

	if (start_cse(b->job, &c, e) < 0)
		return err_in(e, "%s", s->name);
	t.ctx = c.v1;
	if (c.later != NULL)
		t = (struct twice){.ctx = c.later, .more = cse_more,
		    .end = cse_end};
	ret = twice_run(&t, s, b->out, how, e);
	cbc_free(c.v1);
	cselong_free(c.later);
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
	const struct cse_meta *cse = b->job->cse;

	*wants = cse != NULL && (cse->version == CSE_V1_0 ||
	    cse->region > CSE_REGION_CAP);
	if (cse != NULL)
		return 0;
	return is_long_jwe(b, s, wants, e);
}

int
blobtwice_open(const struct blobrun *b, struct source *s, unsigned how,
    struct err *e)
{
	return b->job->cse != NULL ? open_cse(b, s, how, e) :
	    open_jwe(b, s, how, e);
}
