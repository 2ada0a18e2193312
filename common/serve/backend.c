/* backend.c -- see backend.h. */
#include "serve/backend.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "azure/maa.h"
#include "device/sev.h"
#include "evidence/verify.h"
#include "ground/io.h"
#include "jose/jwk.h"
#include "net/vault.h"
#include "serve/signers.h"

enum {
	WRAP_BITS = 2048,	/* what the original makes */
	AGAIN_MAX = 8,		/* seconds before certificates that were not
				 * there are looked for again: 1, 2, 4, ... */
};

struct backend {
	const struct serve_config *config;
	struct platform *platform;
	struct signers *keys;
	struct certs root;		/* none or one */
	struct certs release_roots;
	pthread_mutex_t device;		/* one request at a time */

	pthread_mutex_t lock;		/* for all that follows */
	bool have_certs, trying;
	int64_t tried, again;		/* seconds */
	struct err why;			/* there are none */
	bool known;			/* the endorsement, judged: */
	struct uvm_judged endorsement;
};

/* A report and what vouches for it. */
struct evidence_made {
	struct buf report;
	struct chain *chain;
};

static int
read_root(struct backend *b, const char *path, struct err *e)
{
	struct buf text = {0};
	int ret;

	if (path == NULL)
		return 0;
	if ((ret = io_read(path, CERT_MAX, &text, e)) == 0 &&
	    (ret = certs_add_pem(&b->root, slice_buf(&text), 1, e)) < 0)
		(void)err_in(e, "%s", path);
	buf_free(&text);
	return ret;
}

int
backend_new(const struct serve_config *c, struct backend **out, struct err *e)
{
	struct backend *b = calloc(1, sizeof *b);

	if (b == NULL)
		err_nomem();
	b->config = c;
	b->platform = platform_new(&c->files);
	b->keys = signers_new();
	(void)pthread_mutex_init(&b->device, NULL);
	(void)pthread_mutex_init(&b->lock, NULL);
	(void)err_set(&b->why, E_INPUT, "certificates: not there yet");
	if (platform_open(b->platform, e) < 0 ||
	    read_root(b, c->root, e) < 0 ||
	    (c->release_roots != NULL &&
	    vault_roots(c->release_roots, &b->release_roots, e) < 0)) {
		backend_free(b);
		return -1;
	}
	*out = b;
	return 0;
}

void
backend_free(struct backend *b)
{
	platform_free(b->platform);
	signers_free(b->keys);
	certs_free(&b->root);
	certs_free(&b->release_roots);
	uvm_judged_free(&b->endorsement);
	(void)pthread_mutex_destroy(&b->device);
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

const struct platform *
backend_platform(const struct backend *b)
{
	return b->platform;
}

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

void
backend_prepare(struct backend *b)
{
	struct err e;
	bool have;

	(void)pthread_mutex_lock(&b->lock);
	have = b->have_certs || b->trying || now() - b->tried < b->again;
	if (!have)
		b->trying = true;
	(void)pthread_mutex_unlock(&b->lock);
	if (have)
		return;
	have = b->config->files.source == SOURCE_THIM ||
	    b->config->files.certs.n > 0 ||
	    platform_context(b->platform) != NULL;
	/* AMD and its cache are asked with a report in hand */
	have = have ? platform_load(b->platform, &e) == 0 : true;
	(void)pthread_mutex_lock(&b->lock);
	b->have_certs = have;
	b->trying = false;
	b->tried = now();
	b->again = b->again == 0 ? 1 : b->again < AGAIN_MAX ? b->again * 2 :
	    AGAIN_MAX;
	if (!have)
		b->why = e;
	(void)pthread_mutex_unlock(&b->lock);
}

int
backend_check(struct backend *b, struct err *e)
{
	return platform_load(b->platform, e);
}

bool
backend_ready(struct backend *b, struct buf *why)
{
	bool have;

	(void)pthread_mutex_lock(&b->lock);
	have = b->have_certs;
	if (!have)
		buf_adds(why, b->why.text);
	(void)pthread_mutex_unlock(&b->lock);
	if (sev_present())
		return have;
	buf_cut(why, 0);
	buf_adds(why, "no SEV-SNP device");
	return false;
}

static int
ask_device(struct backend *b, const uint8_t data[SNP_REPORT_DATA_SIZE],
    struct buf *report, struct err *e)
{
	struct sev_answer answer = {0};
	struct sev_request rq = {0};
	int ret;

	memcpy(rq.data, data, sizeof rq.data);
	(void)pthread_mutex_lock(&b->device);
	ret = sev_report(SEV_AUTO, &rq, &answer, e);
	(void)pthread_mutex_unlock(&b->device);
	if (ret == 0)
		buf_add(report, slice_buf(&answer.report));
	else
		(void)err_in(e, "SEV-SNP report");
	sev_free(&answer);
	return ret;
}

/* The machine's endorsement, which is proved for the time of its signature
 * and so stays what it is; NULL if it cannot be read, which the checks say. */
static const struct uvm_judged *
endorsement(struct backend *b, const struct snp_case *in)
{
	struct err e;
	bool known;

	(void)pthread_mutex_lock(&b->lock);
	if (!b->known && in->endorsement.n > 0)
		b->known = uvm_judge(in->endorsement, &in->uvm,
		    &b->endorsement, &e) == 0;
	known = b->known;
	(void)pthread_mutex_unlock(&b->lock);
	return known ? &b->endorsement : NULL;
}

/* snp-verify's checks, with whatever the machine has to compare with.  What is
 * the same for every report is judged once. */
static int
verify(struct backend *b, struct slice report,
    const uint8_t data[SNP_REPORT_DATA_SIZE], struct chain *chain,
    struct err *e)
{
	const uint8_t *policy = platform_policy(b->platform);
	struct snp_case in = {.report = report, .certs = &chain->certs,
	    .trust = {.root = b->root.n > 0 ? b->root.v[0] : NULL,
	    .at = (int64_t)time(NULL)}, .root_name = b->config->root,
	    .want = {.min_svn = -1, .report_data = slice_of(data,
	    SNP_REPORT_DATA_SIZE)},
	    .endorsement = platform_endorsement_of(b->platform),
	    .uvm = {.issuer = b->config->uvm_issuer, .feed =
	    b->config->uvm_feed, .min_svn = -1}};
	struct snp_outcome o = {0};
	int ret;

	if (policy != NULL)
		in.want.policy_digest = slice_of(policy, SHA256_SIZE);
	if (in.endorsement.n == 0)
		in.uvm = (struct uvm_want){.min_svn = -1};
	in.chain = chain_judged(b->platform, chain, &in.trust);
	in.judged = endorsement(b, &in);
	if ((ret = snp_verify(&in, &o, e)) == 0)
		ret = snp_outcome_verdict(&in, &o, e);
	snp_outcome_free(&o);
	return ret < 0 ? err_in(e, "SEV-SNP report") : 0;
}

static int
make(struct backend *b, const uint8_t data[SNP_REPORT_DATA_SIZE], bool chain,
    struct evidence_made *out, struct err *e)
{
	if (ask_device(b, data, &out->report, e) < 0)
		return -1;
	if (!chain && b->config->no_verify)
		return 0;
	if (platform_chain(b->platform, slice_buf(&out->report), &out->chain,
	    e) < 0)
		return err_in(e, "SEV-SNP report");
	(void)pthread_mutex_lock(&b->lock);
	b->have_certs = true;
	(void)pthread_mutex_unlock(&b->lock);
	if (b->config->no_verify)
		return 0;
	return verify(b, slice_buf(&out->report), data, out->chain, e);
}

static void
made_free(struct backend *b, struct evidence_made *m)
{
	buf_free(&m->report);
	chain_put(b->platform, m->chain);
}

static void
do_report(struct backend *b, enum route route, const struct request *rq,
    struct outcome *o)
{
	uint8_t data[SNP_REPORT_DATA_SIZE] = {0};
	struct evidence_made m = {0};
	struct buf tcbm = {0};
	struct err e;

	if (route == ROUTE_AA_EVIDENCE)
		memcpy(data, rq->runtime.p, rq->runtime.n);
	else
		snp_runtime_report_data(slice_buf(&rq->runtime), data);
	if (make(b, data, route != ROUTE_RAW, &m, &e) < 0) {
		outcome_device(o, &e);
	} else if (route == ROUTE_RAW) {
		answer_raw(slice_buf(&m.report), &o->body);
	} else {
		buf_add(&tcbm, slice_buf(&m.chain->tcbm));
		if (tcbm.n == 0)
			buf_addf(&tcbm, "%016llX", (unsigned long long)
			    snp_number(slice_buf(&m.report),
			    SNP_REPORTED_TCB));
		answer_combined(slice_buf(&tcbm), slice_buf(&m.chain->pem),
		    slice_buf(&m.report),
		    platform_endorsement_of(b->platform), &o->body);
		buf_free(&tcbm);
	}
	made_free(b, &m);
}

/* It is the answer of a service, which is named as it is when it is not
 * reached: without https://. */
static int
err_from(struct slice base, struct err *e)
{
	struct slice at = slice_from(base, strlen("https://"));

	return err_in(e, "%.*s", (int)at.n, (const char *)at.p);
}

/* The exchange with a provider: what is sent, what must come back. */
static int
token(struct backend *b, const struct request *rq, struct slice runtime,
    const struct evidence_made *m, struct ask_said *said, struct buf *out,
    struct err *e)
{
	const struct serve_config *c = b->config;
	struct attest maa = {.ask = {.cacert = c->cacert, .timeout =
	    c->timeout, .retries = c->retries, .exact = true,
	    .said = said},
	    .issuer = slice_buf(&rq->issuer), .api_version = MAA_API_VERSION};
	struct buf body = {0}, answer = {0}, fresh = {0};
	struct maa_asked want = {.issuer = maa.issuer, .report_data =
	    snp_report_data(slice_buf(&m->report)), .runtime = runtime};
	int ret = -1;

	ask_nonce(&fresh);
	want.nonce = rq->nonce.n > 0 ? (const char *)rq->nonce.p :
	    (const char *)fresh.p;
	maa_body(&(struct maa_request){.report = slice_buf(&m->report),
	    .certs = slice_buf(&m->chain->pem), .endorsement =
	    platform_endorsement_of(b->platform), .runtime = runtime,
	    .nonce = want.nonce}, &body);
	ask_begin(&maa.ask);
	if (attest_token(&maa, &body, &answer, e) < 0)
		goto out;
	/* the keys have what is left of the time */
	maa.ask.timeout = ask_left(&maa.ask) / 1000 + 1;
	if (maa_answer(slice_buf(&answer), out, e) < 0 ||
	    maa_check(slice_buf(out), &want, e) < 0)
		(void)err_from(maa.issuer, e);
	else
		ret = signers_judge(b->keys, &maa, slice_buf(out), want.nonce,
		    runtime, e);
out:
	buf_free(&body);
	buf_free(&answer);
	buf_free(&fresh);
	return ret;
}

/* A report for runtime data, and the provider's token for that. */
static int
attest(struct backend *b, const struct request *rq, struct slice runtime,
    struct ask_said *said, struct buf *out, struct outcome *o)
{
	uint8_t data[SNP_REPORT_DATA_SIZE];
	struct evidence_made m = {0};
	struct err e;
	int ret;

	snp_runtime_report_data(runtime, data);
	if ((ret = make(b, data, true, &m, &e)) < 0)
		outcome_device(o, &e);
	else if ((ret = token(b, rq, runtime, &m, said, out, &e)) < 0)
		outcome_service(o, said, &e);
	made_free(b, &m);
	return ret;
}

static void
do_token(struct backend *b, const struct request *rq, struct outcome *o)
{
	struct ask_said said = {.retry_after = -1};
	struct buf token = {0};

	if (attest(b, rq, slice_buf(&rq->runtime), &said, &token, o) == 0)
		answer_token(slice_buf(&token), &o->body);
	buf_free(&token);
}

/* The system's roots are read when they are needed: they are large. */
static int
roots(struct backend *b, struct certs *own, const struct certs **out,
    struct err *e)
{
	*out = &b->release_roots;
	if (b->release_roots.n > 0)
		return 0;
	*out = own;
	return vault_roots(NULL, own, e);
}

static int
unwrap(struct backend *b, const struct request *rq, struct key *wrap,
    struct slice token, struct ask_said *said, struct buf *jwk, struct err *e)
{
	const struct serve_config *c = b->config;
	struct vault vault = {.ask = {.cacert = c->cacert, .timeout =
	    c->timeout, .retries = c->retries, .exact = true,
	    .said = said},
	    .bearer_path = c->bearer_path, .bearer = slice_buf(&rq->bearer),
	    .secret_path = c->secret_path, .identity = c->identity,
	    .resource = c->resource, .api_version = AKV_API_VERSION,
	    .token = token};
	struct buf body = {0}, answer = {0}, fresh = {0};
	struct certs own = {0};
	const struct certs *trusted;
	int ret = -1;

	ask_nonce(&fresh);
	akv_body(token, AKV_ENC, (const char *)fresh.p, &body);
	if (roots(b, &own, &trusted, e) == 0 &&
	    vault_release(&vault, &rq->key, &body, &answer, e) == 0 &&
	    (ret = akv_open(slice_buf(&answer), &(struct akv_asked){
	    .key = &rq->key, .enc = AKV_ENC, .nonce = (const char *)fresh.p,
	    .roots = trusted, .at = (int64_t)time(NULL), .wrap = wrap}, jwk,
	    e)) < 0)
		(void)err_from(slice_buf(&rq->key.base), e);
	certs_free(&own);
	buf_free(&body);
	buf_free(&answer);
	buf_free(&fresh);
	return ret;
}

/* What will have no report needs no key either, which takes long to make. */
static bool
has_device(struct backend *b, struct outcome *o)
{
	const uint8_t data[SNP_REPORT_DATA_SIZE] = {0};
	struct buf report = {0};
	struct err e;
	int ret = 0;

	if (!sev_present() && (ret = ask_device(b, data, &report, &e)) < 0)
		outcome_device(o, &e);
	buf_free(&report);
	return ret == 0;
}

static void
do_release(struct backend *b, const struct request *rq, struct outcome *o)
{
	struct ask_said said = {.by = "vault", .retry_after = -1};
	struct buf runtime = {0}, token = {0}, jwk = {0};
	struct key *wrap = NULL;
	struct err e;

	if (!has_device(b, o))
		return;
	if (key_generate_rsa(WRAP_BITS, &wrap, &e) < 0) {
		outcome_service(o, &said, &e);
		return;
	}
	jwk_runtime_data(wrap, &runtime);
	if (attest(b, rq, slice_buf(&runtime), &said, &token, o) == 0) {
		said = (struct ask_said){.by = "vault", .retry_after = -1};
		if (unwrap(b, rq, wrap, slice_buf(&token), &said, &jwk,
		    &e) < 0 || answer_key(slice_buf(&jwk), &o->body, &e) < 0)
			outcome_service(o, &said, &e);
	}
	key_free(wrap);
	buf_free(&runtime);
	buf_free(&token);
	buf_free(&jwk);
}

/* As the attestation agent has it: the token is for a key of its own, which
 * comes with it. */
static void
do_aa_token(struct backend *b, const struct request *rq, struct outcome *o)
{
	struct ask_said said = {.retry_after = -1};
	struct buf runtime = {0}, token = {0}, pem = {0};
	struct key *key = NULL;
	struct err e;

	if (key_generate_rsa(WRAP_BITS, &key, &e) < 0) {
		outcome_device(o, &e);
		return;
	}
	jwk_runtime_data(key, &runtime);
	if (attest(b, rq, slice_buf(&runtime), &said, &token, o) == 0) {
		key_to_pkcs8_pem(key, &pem);
		answer_aa_token(slice_buf(&token), slice_buf(&pem), &o->body);
	}
	key_free(key);
	buf_free(&runtime);
	buf_free(&token);
	buf_free(&pem);
}

void
backend_do(struct backend *b, enum route route, const struct request *rq,
    struct outcome *o)
{
	*o = (struct outcome){.status = 200, .meant = 200, .retry_after = -1};
	if (route == ROUTE_RELEASE)
		do_release(b, rq, o);
	else if (route == ROUTE_AA_TOKEN)
		do_aa_token(b, rq, o);
	else if (route == ROUTE_MAA)
		do_token(b, rq, o);
	else
		do_report(b, route, rq, o);
	if (b->config->compat)
		outcome_compat(o, route);
}
