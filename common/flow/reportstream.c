/* reportstream.c -- see reportstream.h. */
#include "flow/reportstream.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "evidence/reportline.h"
#include "flow/lines.h"
#include "ground/io.h"
#include "ground/text.h"
#include "host/guard.h"
#include "value/json.h"

enum { SLOTS = 4 * REPORTSTREAM_CHAINS };

/* A chain that was judged; it does not change once it can be found. */
struct known {
	uint8_t key[SHA256_SIZE];
	struct picked picked;
	struct snp_chain chain;
};

struct run {
	struct lines in;
	struct io_out out;
	const struct reportstream *how;
	atomic_int worst;
	pthread_mutex_t lock;	/* of the two below */
	struct known *slots[SLOTS];
	size_t n;
};

static void
known_free(struct known *k)
{
	snp_chain_free(&k->chain);
	free(k);
}

/* Everything that a chain is picked by. */
static void
key_of(const struct reportline *l, uint8_t key[SHA256_SIZE])
{
	struct buf all = {0};

	buf_add(&all, snp_get(l->report, SNP_CHIP_ID));
	buf_add(&all, snp_get(l->report, SNP_REPORTED_TCB));
	buf_add(&all, snp_get(l->report, SNP_KEY_INFO));
	buf_add(&all, slice_buf(&l->certs));
	hash_sha256(slice_buf(&all), key);
	buf_free(&all);
}

/* The slot of key, or the free one where it belongs; under the lock. */
static struct known **
slot(struct run *r, const uint8_t key[SHA256_SIZE])
{
	size_t i = (size_t)key[0] | (size_t)key[1] << 8;

	for (i %= SLOTS; r->slots[i] != NULL; i = (i + 1) % SLOTS)
		if (memcmp(r->slots[i]->key, key, SHA256_SIZE) == 0)
			break;
	return &r->slots[i];
}

/* Of a line's own certificates what was found out is kept, not themselves. */
static void
forget(struct known *k, bool of_line, const char *root_name)
{
	static const char line[] = "the line";
	int i;

	for (i = 0; i < AMD_CHAIN; i++) {
		if (of_line && k->picked.from[i] != NULL &&
		    k->picked.from[i] != root_name)
			k->picked.from[i] = line;
		k->picked.v[i] = NULL;
	}
}

static int
judge_chain(const struct run *r, const struct reportline *l, struct known *k,
    struct err *e)
{
	const struct snp_case *c = &r->how->common;
	const struct pile *from = r->how->pile;
	struct pile own = {0};
	struct certs certs;
	int ret = 0;

	if (l->certs.n > 0) {
		from = &own;
		if ((ret = pile_add(&own, slice_buf(&l->certs), "", e)) < 0)
			(void)err_in(e, "certs");
		else
			pile_add_own(&own);
	}
	if (ret == 0 && (ret = pile_chain(from, l->report, c->trust.root,
	    c->root_name, &k->picked, e)) == 0) {
		certs = picked_certs(&k->picked);
		ret = snp_chain_judge(&certs, &c->trust, &k->chain, e);
	}
	forget(k, l->certs.n > 0, c->root_name);
	pile_free(&own);
	return ret;
}

/* The chain of a line, judged now or before.  One that could be another for
 * another report, or for which there is no room, is *own and to be freed. */
static const struct known *
find_chain(struct run *r, const struct reportline *l, struct known **own,
    struct err *e)
{
	struct known *k, **at;
	uint8_t key[SHA256_SIZE];

	*own = NULL;
	key_of(l, key);
	(void)pthread_mutex_lock(&r->lock);
	k = *slot(r, key);
	(void)pthread_mutex_unlock(&r->lock);
	if (k != NULL)
		return k;
	if ((k = calloc(1, sizeof *k)) == NULL)
		err_nomem();
	memcpy(k->key, key, sizeof key);
	if (judge_chain(r, l, k, e) < 0) {
		known_free(k);
		return NULL;
	}
	(void)pthread_mutex_lock(&r->lock);
	at = slot(r, key);
	/* another worker may have been first */
	if (*at != NULL || k->picked.tied || r->n >= REPORTSTREAM_CHAINS) {
		*own = k;
	} else {
		*at = k;
		r->n++;
	}
	(void)pthread_mutex_unlock(&r->lock);
	return k;
}

/* What the line wants joins what all want; both of one kind would leave open
 * which counts. */
static int
join(const struct reportline *l, struct snp_case *c, struct err *e)
{
	if (l->has_runtime && c->want.report_data.n > 0)
		return err_set(e, E_INPUT, "runtime: report data is given for "
		    "all lines");
	if (l->has_policy && c->want.policy_digest.n > 0)
		return err_set(e, E_INPUT, "policy: one is given for all "
		    "lines");
	if (l->endorsement.n > 0 && c->endorsement.n > 0)
		return err_set(e, E_INPUT, "endorsement: one is given for all "
		    "lines");
	c->report = l->report;
	if (l->has_runtime)
		c->want.report_data = slice_of(l->report_data,
		    sizeof l->report_data);
	if (l->has_policy)
		c->want.policy_digest = slice_of(l->policy, sizeof l->policy);
	if (l->endorsement.n > 0)
		c->endorsement = slice_buf(&l->endorsement);
	if (l->in_hcl)
		c->want.hcl = &l->hcl;
	return 0;
}

/* Append what came of it as the members of an object. */
static int
verify(struct run *r, const struct reportline *l, struct buf *out,
    struct err *e)
{
	struct snp_case c = r->how->common;
	struct snp_outcome o = {0};
	const struct known *k;
	struct known *own;
	struct err no;
	int ret;

	if (join(l, &c, e) < 0 || (k = find_chain(r, l, &own, e)) == NULL)
		return -1;
	c.picked = &k->picked;
	c.chain = &k->chain;
	if ((ret = snp_verify(&c, &o, e)) == 0) {
		snp_outcome_json(&c, &o, out);
		ret = snp_outcome_verdict(&c, &o, &no) < 0;
		snp_outcome_free(&o);
	}
	if (own != NULL)
		known_free(own);
	return ret;
}

/* Append the result of one line; its status. */
static int
one_line(struct run *r, struct slice line, uint64_t number,
    struct reportline *l, struct buf *out)
{
	size_t was = out->n, at;
	struct err e;
	int ret;

	reportline_clear(l);
	ret = reportline_read(line, l, &e);
	if (l->id.n > 0) {
		buf_adds(out, "{\"id\":");
		buf_add(out, slice_buf(&l->id));
	}
	at = out->n;
	if (ret == 0)
		ret = verify(r, l, out, &e);
	if (ret < 0) {
		buf_cut(out, at);
		buf_addf(out, "{\"line\":%llu,\"status\":%d,\"error\":",
		    (unsigned long long)number, (int)e.code);
		json_quote(slice_str(e.text), out);
		buf_adds(out, "}\n");
		ret = (int)e.code;
	}
	/* one object */
	if (at > was)
		out->p[at] = ',';
	return ret;
}

static int
begin(void *ctx, void **state, struct err *e)
{
	(void)ctx;
	(void)e;
	if ((*state = calloc(1, sizeof(struct reportline))) == NULL)
		err_nomem();
	return 0;
}

static void
end(void *ctx, void *state)
{
	(void)ctx;
	reportline_free(state);
	free(state);
}

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	return lines_next(&((struct run *)ctx)->in, &p->in, e);
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	struct run *r = ctx;
	struct slice in = slice_buf(&p->in), line;
	uint64_t number = lines_first(&in);
	struct buf plain = {0};

	(void)e;
	for (; lines_take(&in, &line); number++)
		work_worst(&r->worst,
		    one_line(r, line, number, state, &p->out));
	if (r->how->terminal) {
		buf_add(&plain, slice_buf(&p->out));
		buf_cut(&p->out, 0);
		text_escape_json(slice_buf(&plain), &p->out);
		buf_free(&plain);
	}
	p->result = slice_buf(&p->out);
	return 0;
}

static int
put(void *ctx, struct slice out, struct err *e)
{
	return io_put(&((struct run *)ctx)->out, out, e);
}

static int
run(struct run *r, const char *path, const char *out_path, struct err *e)
{
	const struct work work = {.ctx = r, .next = next, .turn = turn,
	    .put = put, .begin = begin, .end = end};
	int ret;

	if (lines_open(path, REPORTLINE_MAX, &r->in, e) < 0)
		return -1;
	if ((ret = io_prepare(out_path, 0, e)) == 0) {
		(void)guard_filter(false);
		ret = io_open(out_path, 0, &r->out, e);
	}
	if (ret == 0) {
		ret = work_run(&work, r->how->threads, e);
		if (ret == 0)
			ret = io_commit(&r->out, e);
		else
			io_drop(&r->out);
	}
	lines_close(&r->in);
	return ret;
}

int
reportstream_run(const char *path, const char *out_path,
    const struct reportstream *how, int *worst, struct err *e)
{
	struct run *r = calloc(1, sizeof *r);
	size_t i;
	int ret;

	if (r == NULL)
		err_nomem();
	r->how = how;
	(void)pthread_mutex_init(&r->lock, NULL);
	ret = run(r, path, out_path, e);
	*worst = atomic_load(&r->worst);
	for (i = 0; i < SLOTS; i++)
		if (r->slots[i] != NULL)
			known_free(r->slots[i]);
	(void)pthread_mutex_destroy(&r->lock);
	free(r);
	return ret;
}
