/* pilechain.c -- see pile.h: a chain out of a pile. */
#include "evidence/pile.h"

#include "evidence/pile_in.h"
#include "evidence/proof.h"
#include "value/json.h"

enum { TRIES = 64 };	/* leaves whose key is tried */

static const char *const places[AMD_CHAIN] = {"leaf", "ASK", "ARK"};

void
pile_describe(const struct cert *c, struct pile_cert *out)
{
	struct buf cn = {0};
	struct slice name;
	struct err ignored;

	*out = (struct pile_cert){.place = PILE_OTHER};
	cert_subject_cn(c, &cn);
	name = slice_buf(&cn);
	if (slice_is(name, "SEV-VCEK") || slice_is(name, "SEV-VLEK")) {
		out->place = PILE_LEAF;
		out->read = vcek_read(c, &out->leaf, &ignored) == 0;
	} else if (slice_starts(name, "ARK-")) {
		out->place = PILE_ARK;
	} else if (slice_starts(name, "SEV-")) {
		out->place = PILE_ASK;
	}
	buf_free(&cn);
}

/* How much of what a report says a leaf says too. */
static int
score(const struct pile_cert *c, struct slice r)
{
	bool vlek = r.n > 0 && snp_signer(r) == SNP_SIGNER_VLEK;

	if (!c->read || r.n == 0)
		return c->read;
	return 1 + 4 * (vlek ? c->leaf.vlek : c->leaf.vcek) +
	    2 * vcek_of_chip(&c->leaf, snp_get(r, SNP_CHIP_ID)) +
	    vcek_of_tcb(&c->leaf, snp_get(r, SNP_REPORTED_TCB));
}

/* Where the leaf is, or the number of certificates. */
static size_t
pick_leaf(const struct pile *p, struct slice r, bool *tied)
{
	size_t i, n = 0, at = p->certs.n;
	struct err ignored;
	int is, best = -1;

	for (i = 0; i < p->certs.n; i++) {
		if (p->of[i].place != PILE_LEAF)
			continue;
		if ((is = score(&p->of[i], r)) > best) {
			best = is;
			at = i;
			n = 0;
		}
		n += is == best;
	}
	*tied = n > 1;
	/* several are alike: whose key is it? */
	for (i = at; n > 1 && n <= TRIES && r.n > 0 && i < p->certs.n; i++)
		if (p->of[i].place == PILE_LEAF && score(&p->of[i], r) ==
		    best && snp_signed_by(r, p->certs.v[i], &ignored) == 0)
			return i;
	return at;
}

/* The issuer of c among the certificates of a place, those given or the
 * tool's own: the one whose key signed c, else the first of that name; NULL if
 * none has it. */
static struct cert *
pick_issuer(const struct pile *p, const struct cert *c, int place, bool own,
    const char **from)
{
	struct cert *found = NULL;
	struct err ignored;
	bool signer;
	size_t i;

	for (i = 0; i < p->certs.n; i++) {
		if ((int)p->of[i].place != place || p->of[i].own != own ||
		    !cert_names_issuer(c, p->certs.v[i]))
			continue;
		signer = cert_signed_by(c, p->certs.v[i], &ignored) == 0;
		if (found == NULL || signer) {
			found = p->certs.v[i];
			*from = p->of[i].from;
		}
		if (signer)
			break;
	}
	return found;
}

static size_t
count_given(const struct pile *p)
{
	size_t i, n = 0;

	for (i = 0; i < p->certs.n; i++)
		n += !p->of[i].own;
	return n;
}

/* A chain of three that does not hang together is still one to judge. */
static struct cert *
pick_any(const struct pile *p, int place, const char **from)
{
	size_t i;

	for (i = 0; count_given(p) == AMD_CHAIN && i < p->certs.n; i++)
		if ((int)p->of[i].place == place && !p->of[i].own) {
			*from = p->of[i].from;
			return p->certs.v[i];
		}
	return NULL;
}

static int
missing(const struct pile *p, int place, const struct cert *below,
    struct err *e)
{
	struct buf name = {0};
	size_t given = count_given(p);

	if (below == NULL)
		return err_set(e, E_INPUT, "certificates: no leaf: none of "
		    "%zu is a VCEK or VLEK", given);
	cert_issuer_cn(below, &name);
	(void)err_set(e, E_INPUT, "certificates: no %s: none of %zu is the "
	    "%.*s that the %s names, and it is not built in", places[place],
	    given, (int)name.n, (const char *)name.p, places[place - 1]);
	buf_free(&name);
	return -1;
}

int
pile_chain(const struct pile *p, struct slice r, struct cert *root,
    const char *root_name, struct picked *out, struct err *e)
{
	struct picked *c = out;
	size_t at;
	int i;

	*c = (struct picked){0};
	if ((at = pick_leaf(p, r, &c->tied)) == p->certs.n)
		return missing(p, AMD_LEAF, NULL, e);
	c->v[AMD_LEAF] = p->certs.v[at];
	c->from[AMD_LEAF] = p->of[at].from;
	for (i = AMD_ASK; i < AMD_CHAIN; i++) {
		c->v[i] = pick_issuer(p, c->v[i - 1], i, false, &c->from[i]);
		if (c->v[i] == NULL && root == NULL)
			c->v[i] = pick_issuer(p, c->v[i - 1], i, true,
			    &c->from[i]);
		if (c->v[i] == NULL)
			c->v[i] = pick_any(p, i, &c->from[i]);
		if (c->v[i] == NULL && i == AMD_ARK && root != NULL) {
			c->v[i] = root;
			c->from[i] = root_name;
		}
		if (c->v[i] == NULL)
			return missing(p, i, c->v[i - 1], e);
	}
	return 0;
}

struct certs
picked_certs(struct picked *c)
{
	return (struct certs){c->v, AMD_CHAIN};
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

void
picked_text(const struct picked *c, struct buf *out)
{
	int i, j;

	for (i = 0; i < AMD_CHAIN; i = j) {
		for (j = i; j < AMD_CHAIN && same(c->from[i], c->from[j]); j++)
			buf_addf(out, "%s%s", j == 0 ? "" : j == i ? "; " :
			    j + 1 == AMD_CHAIN || !same(c->from[i],
			    c->from[j + 1]) ? " and " : ", ", places[j]);
		buf_adds(out, c->from[i] != NULL ? " from " : " built in");
		if (c->from[i] != NULL)
			buf_adds(out, c->from[i]);
	}
}

void
picked_json(const struct picked *c, struct buf *out)
{
	static const char *const names[AMD_CHAIN] = {"leaf", "ask", "ark"};
	int i;

	for (i = 0; i < AMD_CHAIN; i++) {
		buf_addf(out, "%c\"%s\":", i == 0 ? '{' : ',', names[i]);
		if (c->from[i] != NULL)
			json_quote(slice_str(c->from[i]), out);
		else
			buf_adds(out, "null");
	}
	buf_addc(out, '}');
}
