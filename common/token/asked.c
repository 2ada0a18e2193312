/* asked.c -- see asked.h. */
#include "token/asked.h"

#include <inttypes.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "ground/text.h"
#include "token/claims.h"
#include "token/provider.h"
#include "token/release.h"

/* In the order of asking. */
enum ask {
	ASK_TYPE, ASK_TIMES, ASK_ISSUER, ASK_NONCE, ASK_RUNTIME, ASK_HOST_DATA,
	ASK_OPEN_POLICY, ASK_VMPL, ASK_TCB, ASK_UVM_SVN, ASK_PROVIDER,
	ASK_CHECK, ASK_RELEASE,
	ASKS
};

static const char *const names[ASKS] = {
	[ASK_TYPE] = "type",
	[ASK_TIMES] = "times",
	[ASK_ISSUER] = "issuer",
	[ASK_NONCE] = "nonce",
	[ASK_RUNTIME] = "report data",
	[ASK_HOST_DATA] = "host data",
	[ASK_OPEN_POLICY] = "open policy",
	[ASK_VMPL] = "privilege level",
	[ASK_TCB] = "firmware",
	[ASK_UVM_SVN] = "endorsement",
	[ASK_PROVIDER] = "provider's policy",
	[ASK_CHECK] = "claim",
	[ASK_RELEASE] = "release policy",
};

/* How many times it is asked. */
static size_t
times(const struct token_rules *r, enum ask a)
{
	const size_t n[ASKS] = {
		[ASK_TYPE] = r->keys != NULL,
		[ASK_TIMES] = r->times,
		[ASK_ISSUER] = r->issuer != NULL,
		[ASK_NONCE] = r->nonce != NULL,
		[ASK_RUNTIME] = r->has_runtime,
		[ASK_HOST_DATA] = r->has_host_data,
		[ASK_OPEN_POLICY] = r->refuse_open_policy,
		[ASK_VMPL] = r->has_vmpl,
		[ASK_TCB] = r->has_min_tcb,
		[ASK_UVM_SVN] = r->min_uvm_svn > 0,
		[ASK_PROVIDER] = r->provider_hash.n > 0,
		[ASK_CHECK] = r->nchecks,
		[ASK_RELEASE] = r->release != NULL,
	};

	return n[a];
}

static int
not_open(struct json_val claims, struct err *e)
{
	const char *open = claims_open_policy(claims);

	if (open == NULL)
		return 0;
	(void)err_set(e, E_NO, "claims: the host data is a published policy "
	    "that allows everything: %s", open);
	return err_hint(e, "policy-hash --lint FILE says what the policy that "
	    "was deployed allows");
}

/* One question, the i-th of its kind. */
static int
ask(struct token *t, const struct token_rules *r, enum ask a, size_t i,
    struct err *e)
{
	switch (a) {
	case ASK_TYPE:
		return claims_typ(&t->jws, e);
	case ASK_TIMES:
		return claims_time(t->claims, r->now, r->leeway, e);
	case ASK_ISSUER:
		return claims_issuer(&t->jws, t->claims, r->issuer, e);
	case ASK_NONCE:
		return claims_nonce(t->claims, r->nonce, e);
	case ASK_RUNTIME:
		return claims_runtime(t->claims, r->runtime, e);
	case ASK_HOST_DATA:
		return claims_host_data(t->claims, slice_of(r->host_data,
		    sizeof r->host_data), e);
	case ASK_OPEN_POLICY:
		return not_open(t->claims, e);
	case ASK_VMPL:
		return claims_vmpl(t->claims, r->vmpl, e);
	case ASK_TCB:
		return claims_tcb(t->claims, &r->min_tcb, e);
	case ASK_UVM_SVN:
		return claims_uvm_svn(t->claims, r->min_uvm_svn, e);
	case ASK_PROVIDER:
		return provider_check(t->claims, r->provider_hash,
		    r->provider_file, e);
	case ASK_CHECK:
		return claims_check(t->claims, r->checks[i], e);
	case ASK_RELEASE:
		buf_cut(&t->held, 0);
		return release_holds(json_root(r->release), t->claims,
		    &t->held, NULL, e);
	case ASKS:
		break;
	}
	return 0;
}

int
asked_of(struct token *t, const struct token_rules *r, struct err *e)
{
	enum ask a;
	size_t i;

	for (a = 0; a < ASKS; a++)
		for (i = 0; i < times(r, a); i++)
			if (ask(t, r, a, i, e) < 0)
				return -1;
	return 0;
}

static void
floor_text(const struct tcb_floor *floor, struct buf *out)
{
	int i;

	buf_adds(out, "at least");
	for (i = 0; i < TCB_PARTS; i++)
		if (floor->part[i] >= 0)
			buf_addf(out, " %s %d", tcb_name((enum tcb_part)i),
			    floor->part[i]);
}

/* What the claim was compared with. */
static void
what(const struct token *t, const struct token_rules *r, enum ask a, size_t i,
    struct buf *out)
{
	uint8_t sum[SHA256_SIZE];

	switch (a) {
	case ASK_TYPE:
		buf_adds(out, "the header says JWT, or nothing");
		break;
	case ASK_TIMES:
		buf_adds(out, "exp, nbf and iat, judged at ");
		text_time(r->now, out);
		buf_addf(out, " with a tolerance of %u seconds", r->leeway);
		break;
	case ASK_ISSUER:
		buf_addf(out, "iss is %s", r->issuer);
		break;
	case ASK_NONCE:
		buf_addf(out, "nonce is %s", r->nonce);
		break;
	case ASK_RUNTIME:
		buf_adds(out, "the SHA-256 of the runtime data, ");
		hash_sha256(r->runtime, sum);
		hex_encode(slice_of(sum, sizeof sum), out);
		break;
	case ASK_HOST_DATA:
		buf_adds(out, "the SHA-256 of the policy, ");
		hex_encode(slice_of(r->host_data, sizeof r->host_data), out);
		break;
	case ASK_OPEN_POLICY:
		buf_adds(out, "no published policy that allows everything");
		break;
	case ASK_VMPL:
		if (r->vmpl == CLAIMS_VMPL_ANY)
			buf_adds(out, "that of a guest, not the host");
		else
			buf_addf(out, "it is %d", r->vmpl);
		break;
	case ASK_TCB:
		floor_text(&r->min_tcb, out);
		break;
	case ASK_UVM_SVN:
		buf_addf(out, "at least version %" PRId64, r->min_uvm_svn);
		break;
	case ASK_PROVIDER:
		buf_adds(out, "x-ms-policy-hash is ");
		buf_add(out, r->provider_hash);
		break;
	case ASK_CHECK:
		buf_adds(out, r->checks[i]);
		break;
	case ASK_RELEASE:
		buf_add(out, slice_buf(&t->held));
		if (t->held.n > 0)
			buf_adds(out, " holds");
		else
			buf_adds(out, "a vault would release its key");
		break;
	case ASKS:
		break;
	}
}

void
answers_add(struct answers *all, const char *name, struct slice asked, int ret,
    const struct err *e)
{
	struct answer *a;

	all->v = realloc(all->v, (all->n + 1) * sizeof *all->v);
	if (all->v == NULL)
		err_nomem();
	a = &all->v[all->n++];
	*a = (struct answer){.name = name, .yes = ret == 0};
	buf_add(&a->what, asked);
	if (ret == 0)
		return;
	buf_adds(&a->why, e->text);
	if (e->hint[0] != '\0')
		buf_addf(&a->why, " (%s)", e->hint);
}

void
answers_to(struct token *t, const struct token_rules *r, struct answers *all)
{
	struct buf asked = {0};
	struct err e;
	enum ask a;
	size_t i;
	int ret;

	for (a = 0; a < ASKS; a++)
		for (i = 0; i < times(r, a); i++) {
			ret = ask(t, r, a, i, &e);
			buf_cut(&asked, 0);
			what(t, r, a, i, &asked);
			answers_add(all, names[a], slice_buf(&asked), ret, &e);
		}
	buf_free(&asked);
}

void
answers_free(struct answers *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		buf_free(&all->v[i].what);
		buf_free(&all->v[i].why);
	}
	free(all->v);
	*all = (struct answers){0};
}
