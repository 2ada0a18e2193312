/* verify.c -- every byte of a report and of an endorsement changed, one at
 * a time: whatever it is, somebody notices.  Real ones where there are any,
 * and the stand-in's. */
#include "evidence/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "unit/child.h"
#include "evidence/thim.h"
#include "ground/io.h"
#include "unit/tap.h"

/* Any time while the real chain is valid; the stand-in's is of today. */
enum { AT_REAL = 1790000000 };

struct set {
	struct certs certs, root;
	struct buf report, cose;
	int64_t at;
	const char *name;
	const struct snp_chain *chain;	/* judged before, or NULL */
};

static int
slurp(const char *dir, const char *name, struct buf *out)
{
	struct buf path = {0};
	struct err e;
	int ret;

	buf_addf(&path, "%s/%s", dir, name);
	buf_addc(&path, '\0');
	ret = io_read((char *)path.p, THIM_MAX, out, &e);
	buf_free(&path);
	return ret;
}

/* 0, or the class of the refusal. */
static int
judge_report(const struct set *s)
{
	struct snp_case in = {.report = slice_buf(&s->report),
	    .certs = &s->certs, .chain = s->chain, .root_name = "root",
	    .trust = {s->root.n > 0 ? s->root.v[0] : NULL, s->at, {0}},
	    .want = {.vmpl = SNP_VMPL_ANY, .min_svn = -1,
	    .allow_open_policy = true},
	    .uvm = {.min_svn = -1}};
	struct snp_outcome o = {0};
	struct err e = {.code = E_OK};

	if (snp_verify(&in, &o, &e) == 0)
		(void)checks_verdict(&o.checks, &e);
	snp_outcome_free(&o);
	return (int)e.code;
}

static int
judge_endorsement(const struct set *s)
{
	const struct uvm_want want = {.min_svn = -1};
	struct checks c = {0};
	struct err e = {.code = E_OK};
	struct uvm_judged u;

	if (uvm_judge(slice_buf(&s->cose), &want, &u, &e) < 0)
		return (int)e.code;
	uvm_check(&u, slice_buf(&s->report), &want, &c);
	if (c.v[CHECK_ENDORSEMENT].result != RESULT_PASS)
		e.code = E_NO;
	checks_free(&c);
	uvm_judged_free(&u);
	return (int)e.code;
}

/* Change a bit of each byte from from to to, and count those that are
 * accepted and those that are refused as anything but 1 or 3. */
static void
sweep(struct set *s, int (*judge)(const struct set *), struct buf *b,
    size_t from, size_t to, const char *what)
{
	size_t i, kept = 0, odd = 0;
	uint8_t bit;
	int got;

	for (i = from; i < to; i++) {
		bit = (uint8_t)(1 << i % 8);
		b->p[i] ^= bit;
		got = judge(s);
		b->p[i] ^= bit;
		kept += got == E_OK;
		odd += got != E_NO && got != E_INPUT && got != E_OK;
	}
	CHECK(kept == 0 && odd == 0, "%s: %zu bytes of the %s: %zu accepted, "
	    "%zu refused otherwise", s->name, to - from, what, kept, odd);
}

static void
report_bytes(struct set *s)
{
	struct buf *r = &s->report;

	CHECK(judge_report(s) == E_OK, "%s: the report as it is", s->name);
	sweep(s, judge_report, r, 0, SNP_SIGNED, "signed part");
	sweep(s, judge_report, r, SNP_SIGNED, 0x330, "signature");
	sweep(s, judge_report, r, 0x330, SNP_SIZE, "trailer");
}

/* A chain that is judged once is as good as its certificates are valid, and
 * proves no report that it would not have proved by itself. */
static void
judged_once(struct set *s)
{
	const int64_t day = 24 * 60 * 60, ages = 100 * 365 * day;
	struct snp_trust trust = {s->root.n > 0 ? s->root.v[0] : NULL, s->at,
	    {0}};
	struct snp_chain chain, late;
	struct err e;

	if (!CHECK(snp_chain_judge(&s->certs, &trust, &chain, &e) == 0,
	    "%s: the chain is judged", s->name))
		return;
	CHECK(snp_chain_lasts(&chain, &s->certs, s->at) &&
	    snp_chain_lasts(&chain, &s->certs, s->at + day),
	    "%s: it lasts for a day", s->name);
	CHECK(!snp_chain_lasts(&chain, &s->certs, s->at + ages) &&
	    !snp_chain_lasts(&chain, &s->certs, s->at - ages),
	    "%s: not behind its end, nor before its beginning", s->name);
	s->chain = &chain;
	CHECK(judge_report(s) == E_OK, "%s: it proves the report", s->name);
	sweep(s, judge_report, &s->report, SNP_SIGNED, 0x330, "signature, the "
	    "chain judged once");
	s->chain = NULL;
	snp_chain_free(&chain);
	trust.at = s->at + ages;
	if (!CHECK(snp_chain_judge(&s->certs, &trust, &late, &e) == 0,
	    "%s: the chain is judged too late", s->name))
		return;
	CHECK(!snp_chain_lasts(&late, &s->certs, s->at),
	    "%s: what was not sound does not become so", s->name);
	snp_chain_free(&late);
}

/* A part of the document, found by its bytes. */
static void
part(struct set *s, struct slice bytes, const char *what)
{
	const uint8_t *at = memmem(s->cose.p, s->cose.n, bytes.p, bytes.n);
	size_t from = at != NULL ? (size_t)(at - s->cose.p) : s->cose.n;

	CHECK(at != NULL, "%s: the %s is in it", s->name, what);
	if (at != NULL)
		sweep(s, judge_endorsement, &s->cose, from, from + bytes.n,
		    what);
}

static void
endorsement_bytes(struct set *s)
{
	struct cose c;
	struct err e;

	CHECK(judge_endorsement(s) == E_OK, "%s: the endorsement as it is",
	    s->name);
	if (!CHECK(cose_read(slice_buf(&s->cose), &c, &e) == 0, "%s: COSE",
	    s->name))
		return;
	part(s, c.protected, "protected header");
	part(s, c.payload, "payload");
	part(s, c.signature, "signature");
	cose_free(&c);
}

static void
done(struct set *s)
{
	buf_free(&s->report);
	buf_free(&s->cose);
	certs_free(&s->certs);
	certs_free(&s->root);
}

static void
real(const char *dir, const char *name)
{
	struct set s = {.name = name, .at = AT_REAL};
	struct buf path = {0}, pem = {0};
	struct err e;

	buf_addf(&path, "%s/snp/%s", dir, name);
	buf_addc(&path, '\0');
	if (slurp((char *)path.p, "chain.pem", &pem) < 0 ||
	    slurp((char *)path.p, "report.bin", &s.report) < 0) {
		tap_skip(name, "no vectors");
	} else if (CHECK(thim_certs(slice_buf(&pem), &s.certs, &e) == 0,
	    "%s: its chain", name)) {
		report_bytes(&s);
		judged_once(&s);
		if (slurp((char *)path.p, "reference-info.cose",
		    &s.cose) == 0)
			endorsement_bytes(&s);
	}
	buf_free(&path);
	buf_free(&pem);
	done(&s);
}

/* snp-report before the stand-in device; returns only if it cannot be run. */
static int
run_snp_report(void)
{
	struct buf preload = {0}, pki = {0}, program = {0};

	buf_addf(&preload, "%s/sev.so", getenv("FAKE"));
	buf_addf(&pki, "%s/pki/turin", getenv("FAKE"));
	buf_addf(&program, "%s/snp-report", getenv("BIN"));
	buf_addc(&preload, '\0');
	buf_addc(&pki, '\0');
	buf_addc(&program, '\0');
	(void)setenv("LD_PRELOAD", (char *)preload.p, 1);
	(void)setenv("FAKE_SEV_PKI", (char *)pki.p, 1);
	(void)setenv("FAKE_SEV_VERSION", "5", 1);
	(void)execl((char *)program.p, "snp-report", "-s", "sev-guest",
	    (char *)NULL);
	return 127;
}

/* A report that the stand-in device signs. */
static bool
stand_in_report(struct buf *out)
{
	return child(STDOUT_FILENO, run_snp_report, out) == 0 &&
	    out->n == SNP_SIZE;
}

static void
stand_in(const char *fake)
{
	struct set s = {.name = "stand-in", .at = time(NULL)};
	struct buf path = {0}, pem = {0}, ark = {0};
	struct err e;

	buf_addf(&path, "%s/pki/turin", fake);
	buf_addc(&path, '\0');
	if (slurp((char *)path.p, "full.pem", &pem) < 0 ||
	    slurp((char *)path.p, "ark.pem", &ark) < 0 ||
	    !stand_in_report(&s.report))
		tap_skip("stand-in", "no stand-in device");
	else if (CHECK(thim_certs(slice_buf(&pem), &s.certs, &e) == 0 &&
	    certs_add_pem(&s.root, slice_buf(&ark), 1, &e) == 0,
	    "stand-in: its chain")) {
		report_bytes(&s);
		judged_once(&s);
	}
	buf_free(&path);
	buf_free(&pem);
	buf_free(&ark);
	done(&s);
}

int
main(void)
{
	const char *vectors = getenv("VECTORS"), *fake = getenv("FAKE");

	if (vectors == NULL || *vectors == '\0')
		tap_skip("real", "no vectors");
	else
		real(vectors, "aci-v3-milan-svn101");
	if (fake == NULL || getenv("BIN") == NULL)
		tap_skip("stand-in", "no stand-in device");
	else
		stand_in(fake);
	return tap_done();
}
