/* collect.c -- see collect.h. */
#include "net/collect.h"

#include "evidence/kds.h"
#include "evidence/proof.h"
#include "host/certfiles.h"
#include "host/guard.h"
#include "net/metadata.h"

static const char chain_name[] = "-chain.pem", crl_name[] = ".crl";

/* Under way: the report and whose it may be. */
struct search {
	const struct collect *how;
	struct slice r;
	enum product product;
	bool vlek;
	struct certcache cache;
	struct buf leaf;	/* its file's name, with a NUL */
	bool fetched;		/* leaf or chain came from the network */
	struct buf got_leaf, got_chain;
	struct collected *out;
};

/* The chain is AMD's, or the given root's, and the leaf is this report's. */
static int
prove(const struct search *s, struct picked *p, struct err *e)
{
	static const enum check needed[] = {CHECK_CHAIN, CHECK_SIGNER,
	    CHECK_PRODUCT, CHECK_TCB, CHECK_CHIP_ID, CHECK_SIGNATURE};
	struct snp_trust trust = {.root = s->how->root, .at = s->how->at};
	struct certs certs = picked_certs(p);
	struct checks c = {0};
	struct buf *why;
	size_t i;
	int ret;

	ret = snp_prove(s->r, &certs, &trust, &c, e);
	for (i = 0; ret == 0 && i < sizeof needed / sizeof *needed; i++)
		if (c.v[needed[i]].result != RESULT_PASS) {
			why = &c.v[needed[i]].detail;
			ret = err_set(e, E_NO, "certificates: %.*s",
			    (int)why->n, (const char *)why->p);
		}
	checks_free(&c);
	return ret;
}

/* Make a chain of what there is, and prove it. */
static int
settle(struct search *s, struct err *e)
{
	struct collected *out = s->out;

	return pile_chain(&out->pile, s->r, s->how->root, s->how->root_name,
	    &out->picked, e) < 0 ? -1 : prove(s, &out->picked, e);
}

static void
restart(struct search *s)
{
	pile_free(&s->out->pile);
	pile_add_own(&s->out->pile);
}

static const char *
name_of(const struct search *s, const char *ending, struct buf *name)
{
	buf_cut(name, 0);
	buf_addf(name, "%s%s", s->vlek ? "vlek" : "vcek", ending);
	buf_addc(name, '\0');
	return (const char *)name->p;
}

/* Something that the cache has; what is wrong with it is said, and it goes. */
static bool
cached(struct search *s, const char *name)
{
	struct buf text = {0}, from = {0};
	struct err e;
	bool ok;

	if (*name == '\0' || !certcache_get(&s->cache, name, &text))
		return false;
	buf_addf(&from, "%s/%s", (const char *)s->cache.dir.p, name);
	buf_addc(&from, '\0');
	ok = pile_add(&s->out->pile, slice_buf(&text), (const char *)from.p,
	    &e) == 0;
	if (!ok) {
		buf_addf(&s->out->stale, "%s: %s\n", (const char *)from.p,
		    e.text);
		certcache_drop(&s->cache, name);
	}
	buf_free(&from);
	buf_free(&text);
	return ok;
}

/* With the cache alone. */
static int
from_cache(struct search *s, struct err *e)
{
	const char *leaf = (const char *)s->leaf.p;
	struct picked *p = &s->out->picked;
	struct buf name = {0};
	bool chain;
	int ret;

	restart(s);
	if (!cached(s, leaf))
		return err_set(e, E_INPUT, "certificates: not in the cache");
	chain = cached(s, name_of(s, chain_name, &name));
	ret = settle(s, e);
	/* that the chain is missing is no fault of the leaf's */
	if (ret < 0 && (chain || p->v[AMD_ARK] != NULL ||
	    p->v[AMD_LEAF] == NULL)) {
		buf_addf(&s->out->stale, "%s/%s: %s\n",
		    (const char *)s->cache.dir.p, leaf, e->text);
		certcache_drop(&s->cache, leaf);
		certcache_drop(&s->cache, (const char *)name.p);
	}
	buf_free(&name);
	return ret;
}

/* An answer of the key server's, of which what is kept so long as it proves
 * right. */
static int
fetch(struct search *s, const char *route, const char *where,
    struct buf *kept, bool *absent, struct err *e)
{
	struct buf name = {0};
	int ret;

	buf_cut(kept, 0);
	buf_add(&name, s->how->kds.base);
	buf_adds(&name, where);
	buf_addc(&name, '\0');
	ret = kds_get(&s->how->kds, route, kept, absent, e);
	if (ret == 0 && (ret = pile_add(&s->out->pile, slice_buf(kept),
	    (const char *)name.p, e)) < 0) {
		e->hint[0] = '\0';
		(void)err_in(e, "%.*s", (int)s->how->kds.base.n,
		    (const char *)s->how->kds.base.p);
	}
	buf_free(&name);
	return ret;
}

static bool
complete(struct search *s)
{
	struct err ignored;

	return pile_chain(&s->out->pile, s->r, s->how->root,
	    s->how->root_name, &s->out->picked, &ignored) == 0;
}

/* ASK and ARK, where they are neither built in nor known. */
static int
fetch_chain(struct search *s, struct err *e)
{
	struct buf route = {0}, name = {0};
	int ret = 0;

	if (!complete(s) && !(cached(s, name_of(s, chain_name, &name)) &&
	    complete(s)) && !s->how->offline) {
		kds_chain(s->product, s->vlek, &route);
		buf_addc(&route, '\0');
		ret = fetch(s, (const char *)route.p, (const char *)route.p,
		    &s->got_chain, NULL, e);
	}
	buf_free(&route);
	buf_free(&name);
	return ret;
}

/* The leaf, of the one product or the other that a report of version 2 may be
 * of. */
static int
fetch_leaf(struct search *s, struct err *e)
{
	struct buf route = {0};
	bool absent = false;
	int ret;

	(void)kds_leaf(s->r, s->product, &route);
	buf_addc(&route, '\0');
	ret = fetch(s, (const char *)route.p, "", &s->got_leaf, &absent, e);
	if (ret < 0 && absent && snp_version(s->r) < 3 &&
	    s->product == PRODUCT_MILAN) {
		buf_cut(&route, 0);
		s->product = PRODUCT_GENOA;
		(void)kds_leaf(s->r, s->product, &route);
		buf_addc(&route, '\0');
		ret = fetch(s, (const char *)route.p, "", &s->got_leaf,
		    &absent, e);
	}
	if (ret < 0 && absent)
		(void)err_hint(e, "the server knows no such chip with that "
		    "TCB: %s", (const char *)route.p);
	buf_free(&route);
	return ret;
}

static int
from_thim(struct search *s, struct err *e)
{
	int ret = metadata_thim(&s->got_leaf, e);

	if (ret == 0)
		ret = pile_add(&s->out->pile, slice_buf(&s->got_leaf),
		    "the metadata service", e);
	return ret;
}

/* Whoever asks first asks for all others. */
static int
from_network(struct search *s, struct err *e)
{
	const char *leaf = (const char *)s->leaf.p;

	if (s->leaf.n > 1 && !certcache_lock(&s->cache, leaf,
	    ask_left(s->how->kds.ask)))
		return err_set(e, E_NETWORK, "certificates: another process "
		    "has been asking for the same for too long");
	if (s->cache.dir.n > 0 && from_cache(s, e) == 0)
		return 0;
	restart(s);
	s->fetched = true;
	if ((s->how->from == COLLECT_THIM ? from_thim(s, e) :
	    fetch_leaf(s, e)) < 0 || fetch_chain(s, e) < 0)
		return -1;
	return settle(s, e);
}

static int
from_files(struct search *s, struct err *e)
{
	size_t i;

	restart(s);
	for (i = 0; i < s->how->files.n; i++)
		if (certfiles_add(s->how->files.v[i], &s->out->pile, e) < 0)
			return -1;
	s->fetched = true;
	return fetch_chain(s, e) < 0 ? -1 : settle(s, e);
}

/* What proved right is kept; a cache that cannot is no failure. */
static void
keep(struct search *s)
{
	struct buf name = {0};
	struct err *e = &s->out->no_cache;

	if (s->cache.dir.n > 0 && s->got_leaf.n > 0 && s->leaf.n > 1)
		(void)certcache_put(&s->cache, (const char *)s->leaf.p,
		    slice_buf(&s->got_leaf), e);
	if (s->cache.dir.n > 0 && s->got_chain.n > 0)
		(void)certcache_put(&s->cache, name_of(s, chain_name, &name),
		    slice_buf(&s->got_chain), e);
	buf_free(&name);
}

/* The list is asked for each time: what was revoked since is what matters. */
static int
get_crl(struct search *s, struct err *e)
{
	struct certs all = picked_certs(&s->out->picked);
	struct certs listed = {all.v, AMD_ARK};
	struct buf route = {0}, name = {0};
	struct err ignored;
	int ret = 0;

	(void)name_of(s, crl_name, &name);
	kds_crl(s->product, s->vlek, &route);
	buf_addc(&route, '\0');
	if (!s->how->offline)
		ret = kds_get(&s->how->kds, (const char *)route.p,
		    &s->out->crl, NULL, e);
	else if (!certcache_get(&s->cache, (const char *)name.p,
	    &s->out->crl))
		ret = err_set(e, E_INPUT, "revocation list: not in the "
		    "cache");
	if (ret == 0)
		ret = cert_crl_check(slice_buf(&s->out->crl), all.v[AMD_ARK],
		    &listed, s->how->at, e);
	if (ret == 0 && !s->how->offline)
		(void)certcache_put(&s->cache, (const char *)name.p,
		    slice_buf(&s->out->crl), &ignored);
	buf_free(&route);
	buf_free(&name);
	return ret;
}

/* That AMD's server cannot have it is said before anybody is asked. */
static int
possible(const struct search *s, struct err *e)
{
	const char *why = kds_no_leaf(s->r, s->product);

	if (s->how->from != COLLECT_KDS || why == NULL)
		return 0;
	(void)err_set(e, E_INPUT, "no certificate to ask AMD for: %s", why);
	return err_hint(e, "the host may have it: snp-report --certs-out FILE, "
	    "or --from thim on Azure");
}

static void
open_cache(struct search *s)
{
	struct err *e = &s->out->no_cache;

	e->text[0] = '\0';
	(void)certcache_open(s->product, &s->cache, e);
	/* a chip that is not named has no place in the cache: one host's leaf
	 * would be taken for another's */
	if (!slice_zero(snp_get(s->r, SNP_CHIP_ID)))
		certcache_leaf(s->r, s->product, &s->leaf);
	buf_addc(&s->leaf, '\0');
}

/* Behind it: certificates in files, the cache, the network. */
static void
guard(const struct search *s)
{
	const struct collect *how = s->how;
	size_t i;

	for (i = 0; how->from == COLLECT_FILES && i < how->files.n; i++)
		guard_may(GUARD_READ, how->files.v[i]);
	if (s->cache.dir.n > 0)
		guard_may(GUARD_MAKE, (const char *)s->cache.dir.p);
	guard_may(GUARD_READ, how->kds.ask->cacert);
	http_guard_now(how->kds.ask->verbose);
}

int
collect(const struct collect *how, struct slice r, struct collected *out,
    struct err *e)
{
	struct search s = {.how = how, .r = r, .out = out,
	    .product = product_guess(r), .vlek = snp_signer(r) ==
	    SNP_SIGNER_VLEK, .cache = {.lock = -1}};
	int ret = possible(&s, e);

	if (ret < 0)
		return -1;
	open_cache(&s);
	if (how->guard)
		guard(&s);
	if (how->from == COLLECT_FILES)
		ret = from_files(&s, e);
	else if ((ret = from_cache(&s, e)) < 0 && how->offline)
		(void)err_hint(e, "without --offline it is asked for");
	else if (ret < 0)
		ret = from_network(&s, e);
	if (ret == 0 && s.fetched)
		keep(&s);
	if (ret == 0 && how->crl)
		ret = get_crl(&s, e);
	certcache_close(&s.cache);
	buf_free(&s.leaf);
	buf_free(&s.got_leaf);
	buf_free(&s.got_chain);
	return ret;
}

void
collected_free(struct collected *c)
{
	pile_free(&c->pile);
	buf_free(&c->crl);
	buf_free(&c->stale);
}
