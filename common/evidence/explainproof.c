/* explainproof.c -- see explain.h: a report that is not proved genuine. */
#include "evidence/explain_in.h"

#include "codec/hex.h"
#include "evidence/kds.h"

enum {
	SHOWN = 8,		/* bytes of a chip id in a sentence */
	NUMBER = 48, NUMBER_ROOM = 72,	/* bytes of r and s, and their room */
	KEY_MASK_CHIP = 1 << 1,
};

/* How a leaf's TCB lies to the report's. */
enum order { EQUAL, OLDER, NEWER, MIXED };

static enum order
order_of(const struct vcek *leaf, struct slice tcb)
{
	bool below = false, above = false;
	int i, is;

	for (i = 0; i < TCB_PARTS; i++) {
		is = tcb_value(leaf->product, tcb, (enum tcb_part)i);
		below = below || leaf->spl[i] < is;
		above = above || leaf->spl[i] > is;
	}
	return below && above ? MIXED : below ? OLDER : above ? NEWER : EQUAL;
}

/* Which of the report's other TCBs the leaf was fetched for. */
static const char *
fetched_for(const struct explain *x)
{
	static const struct {
		enum snp_id id;
		const char *name;
	} others[] = {
		{SNP_CURRENT_TCB, "current"},
		{SNP_COMMITTED_TCB, "committed"},
		{SNP_LAUNCH_TCB, "launch"},
	};
	size_t i;

	for (i = 0; i < sizeof others / sizeof *others; i++)
		if (vcek_of_tcb(&x->o->leaf, snp_get(x->r, others[i].id)))
			return others[i].name;
	return NULL;
}

/* An update moves the reported TCB; once it is for good, the committed one
 * goes along. */
static void
say_update(const struct explain *x)
{
	struct buf is = {0};

	tcb_text(x->product, snp_get(x->r, SNP_COMMITTED_TCB), &is);
	if (slice_eq(snp_get(x->r, SNP_REPORTED_TCB),
	    snp_get(x->r, SNP_COMMITTED_TCB)))
		explain_say(x, "No component of the leaf is above the "
		    "report's, and the report's is committed as well, as after "
		    "an update: the firmware was updated after the certificate "
		    "was fetched.");
	else
		explain_say(x, "No component of the leaf is above the "
		    "report's: the firmware was updated after the certificate "
		    "was fetched; the update is provisional, for the committed "
		    "TCB is %.*s.", (int)is.n, (const char *)is.p);
	buf_free(&is);
}

static void
say_tcb_signs(const struct explain *x)
{
	const char *other = fetched_for(x);

	if (other != NULL) {
		explain_say(x, "The leaf's is the report's %s TCB: it was "
		    "fetched for that one.", other);
		return;
	}
	switch (order_of(&x->o->leaf, snp_get(x->r, SNP_REPORTED_TCB))) {
	case OLDER:
		say_update(x);
		break;
	case NEWER:
		explain_say(x, "No component of the leaf is below the "
		    "report's: the report is from before an update, or the "
		    "host lowered the TCB that it lets be reported.");
		break;
	case MIXED:
		explain_say(x, "Some components are lower and some are higher, "
		    "which no update does: it is another machine's "
		    "certificate.");
		break;
	case EQUAL:
		break;
	}
}

void
explain_tcb(const struct explain *x)
{
	const struct vcek *leaf = &x->o->leaf;

	explain_say(x, "The leaf and the report do not name the same versions "
	    "of the firmware: %.*s. AMD derives another key for each TCB, and "
	    "the one that counts is reported_tcb.",
	    (int)x->o->checks.v[CHECK_TCB].detail.n,
	    (const char *)x->o->checks.v[CHECK_TCB].detail.p);
	if (leaf->product != x->product || leaf->product == PRODUCT_UNKNOWN)
		explain_say(x, "The leaf is of %s and the report of %s, whose "
		    "components lie elsewhere: it is another machine's "
		    "certificate.", product_name(leaf->product),
		    product_name(x->product));
	else if (!tcb_rest_zero(leaf->product,
	    snp_get(x->r, SNP_REPORTED_TCB)))
		explain_say(x, "The report has something between the "
		    "components that %s has: it is of a later product, or it "
		    "was changed.", product_name(leaf->product));
	else
		say_tcb_signs(x);
	explain_run_certs(x);
}

static void
say_chips(const struct explain *x)
{
	const struct vcek *leaf = &x->o->leaf;
	struct buf is = {0}, of = {0};

	hex_encode(slice_head(snp_get(x->r, SNP_CHIP_ID), SHOWN), &is);
	hex_encode(slice_of(leaf->chip_id, SHOWN), &of);
	explain_say(x, "The report is of chip %.*s..., the certificate of chip "
	    "%.*s...: one of the two is from another machine, as when a guest "
	    "was moved, or files of several were mixed up.", (int)is.n,
	    (const char *)is.p, (int)of.n, (const char *)of.p);
	buf_free(&is);
	buf_free(&of);
}

void
explain_chip_id(const struct explain *x)
{
	const struct vcek *leaf = &x->o->leaf;
	struct slice id = snp_get(x->r, SNP_CHIP_ID);

	explain_say(x, "The report does not come from the processor that it "
	    "has to come from.");
	if (!leaf->vlek && slice_zero(id) &&
	    (snp_number(x->r, SNP_KEY_INFO) & KEY_MASK_CHIP) == 0)
		explain_say(x, "Its chip id is zero, but key_info does not say "
		    "that the host masks it, as a processor would: the report "
		    "is made up, or of an emulator.");
	else if (!leaf->vlek && leaf->chip_id_size == 0)
		explain_say(x, "The certificate is named as a chip's and names "
		    "none: AMD makes no such certificate.");
	else if (!leaf->vlek && !slice_zero(id) &&
	    !vcek_of_chip(leaf, id))
		say_chips(x);
	else
		explain_say(x, "Certificate and report agree; it is none of "
		    "the chips that were asked for%s.", slice_zero(id) ?
		    ", as the chip id is masked" : "");
	if (slice_zero(id) || vcek_of_chip(leaf, id))
		explain_run_show(x, "chip_id");
	explain_run_certs(x);
}

static bool
sound_numbers(struct slice sig)
{
	int half;

	for (half = 0; half < 2; half++)
		if (!slice_zero(slice_of(sig.p + half * NUMBER_ROOM + NUMBER,
		    NUMBER_ROOM - NUMBER)))
			return false;
	return true;
}

/* Why the right key did not sign it. */
static void
say_changed(const struct explain *x)
{
	if (slice_zero(snp_get(x->r, SNP_CHIP_ID)) && !x->o->leaf.vlek)
		explain_say(x, "The host masks its chip id, so that the "
		    "certificate of another machine cannot be told from the "
		    "right one: take the one that the host itself gives.");
	else
		explain_say(x, "The certificate names the signer, the chip and "
		    "the TCB of the report, so that it is the right one, and "
		    "the report is not as it was signed: a program that "
		    "decoded it and wrote it again, a copy as text, or "
		    "somebody changed it. Let it travel as the %d bytes that "
		    "they are.", SNP_SIZE);
}

void
explain_signature(const struct explain *x)
{
	struct slice sig = snp_get(x->r, SNP_SIGNATURE);

	explain_say(x, "The key of the certificate did not sign this report: "
	    "either another key did, or a byte of the report is another than "
	    "when it was signed.");
	if (slice_zero(sig)) {
		explain_say(x, "The signature is nothing but zeros: an "
		    "emulator wrote the report, or whoever stored it left the "
		    "signature out.");
	} else if (!sound_numbers(sig)) {
		explain_say(x, "The signature has bytes where no P-384 "
		    "signature has any: the file is damaged or made up.");
	} else if (explain_failed(x, CHECK_SIGNER)) {
		explain_say(x, "It was another key: what is said of signer "
		    "says why.");
		explain_run_certs(x);
	} else if (explain_failed(x, CHECK_PRODUCT) ||
	    explain_failed(x, CHECK_CHIP_ID) || explain_failed(x, CHECK_TCB)) {
		explain_say(x, "It was another key: what is said of %s says "
		    "why.", explain_failed(x, CHECK_PRODUCT) ? "product" :
		    explain_failed(x, CHECK_CHIP_ID) ? "chip-id" : "tcb");
		explain_run_certs(x);
	} else {
		say_changed(x);
	}
	explain_run_report(x);
}

void
explain_chain(const struct explain *x)
{
	explain_say(x, "The certificates do not lead from the one that signed "
	    "the report to AMD's root: %.*s.",
	    (int)x->o->checks.v[CHECK_CHAIN].detail.n,
	    (const char *)x->o->checks.v[CHECK_CHAIN].detail.p);
	if (x->o->ark == PRODUCT_UNKNOWN && x->in->trust.root == NULL) {
		explain_say(x, "The root is none that AMD publishes: the "
		    "chain is of a test bed, or somebody made it up. If it is "
		    "your own test bed, name its root with --root; else trust "
		    "nothing of the report.");
	} else if (x->o->ark == PRODUCT_UNKNOWN) {
		explain_say(x, "The root in the chain is not the one that "
		    "--root names, or it is named as no root of AMD's is.");
	} else if (!x->o->in_time) {
		explain_say(x, "A certificate is out of its time%s. An old "
		    "report is judged by the time it was made with --at; for a "
		    "new one look at this machine's clock first.",
		    x->o->leaf.vlek ? ": a VLEK lives for a year, and the "
		    "provider hands out a new one" : "");
		explain_run(x, "date -u");
	} else {
		explain_say(x, "The root is right and the link below it is "
		    "not: a certificate was damaged or is of another product, "
		    "or an attacker put the genuine root behind a chain of his "
		    "own.");
	}
	explain_run_certs(x);
}

void
explain_signer(const struct explain *x)
{
	const struct vcek *leaf = &x->o->leaf;
	unsigned by = snp_signer(x->r);

	explain_say(x, "key_info of the report says that %s signed it, and the "
	    "certificate is %s.", by == SNP_SIGNER_VCEK ? "the chip's key, a "
	    "VCEK," : by == SNP_SIGNER_VLEK ? "the provider's key, a VLEK," :
	    by == SNP_SIGNER_NONE ? "no key" : "a key of no known kind",
	    leaf->vlek ? "a VLEK" : leaf->vcek ? "a VCEK" : "neither a VCEK "
	    "nor a VLEK");
	if (by == SNP_SIGNER_VLEK && !leaf->vlek)
		explain_say(x, "Clouds such as AWS load a VLEK into their "
		    "hosts. AMD's server gives it to the provider alone; the "
		    "guest gets it from the host, with the report.");
	else if (by == SNP_SIGNER_VCEK && leaf->vlek)
		explain_say(x, "The host has a VLEK, and this report was asked "
		    "for with the chip's key: its VCEK is AMD's to give.");
	else if (by == SNP_SIGNER_NONE)
		explain_say(x, "The host was told to sign no reports, or the "
		    "report was asked for so: it proves nothing.");
	else if (leaf->vlek && leaf->csp_size == 0)
		explain_say(x, "A VLEK names its provider, and this one does "
		    "not: AMD makes no such certificate.");
	else
		explain_say(x, "AMD makes no such pair: the report or the "
		    "certificate is made up.");
	explain_run_certs(x);
}

void
explain_product(const struct explain *x)
{
	struct slice id = snp_get(x->r, SNP_CPUID);
	enum product by_id = product_by_cpuid(x->r);

	explain_say(x, "Report, leaf and root are not all of one product, or "
	    "not of one that is accepted: the report's processor is %s, the "
	    "leaf's %s, the root's %s.", snp_version(x->r) < 3 ? "not said "
	    "(version 2)" : product_name(by_id),
	    product_name(x->o->leaf.product), product_name(x->o->ark));
	if (x->o->ark == PRODUCT_UNKNOWN)
		explain_say(x, "The root is no known one: what is said of "
		    "chain says why.");
	else if (snp_version(x->r) >= 3 && by_id == PRODUCT_UNKNOWN)
		explain_say(x, "Family 0x%02x model 0x%02x is a processor for "
		    "which AMD had no public root when this program was made: "
		    "look for a newer one.", id.p[0], id.p[1]);
	else if (by_id == x->o->ark && x->o->leaf.product == x->o->ark)
		explain_say(x, "The three agree; the rules accept others.");
	else
		explain_say(x, "The certificate is of another machine.");
	if (by_id == PRODUCT_UNKNOWN)
		explain_run_show(x, "cpuid");
	explain_run_certs(x);
}

void
explain_trailer(const struct explain *x)
{
	struct slice t = snp_get(x->r, SNP_TRAILER);
	size_t at = 0;

	while (at < t.n && t.p[at] == 0)
		at++;
	explain_say(x, "The first byte behind the signature that is not zero "
	    "is 0x%03zx. Nobody signed those bytes and a processor leaves "
	    "them zero: a program put something there, or the file was joined "
	    "with another. The part that is signed may be sound all the same, "
	    "but what is behind it is anybody's word.",
	    (size_t)snp_fields[SNP_TRAILER].at + at);
	explain_run_report(x);
}

void
explain_crl(const struct explain *x)
{
	explain_say(x, "The revocation list does not clear the certificates: "
	    "%.*s. A list lives for some months and is of one product; one "
	    "that has passed its next update is fetched anew. A certificate "
	    "that is on it must not be trusted, whatever else holds: its key "
	    "was withdrawn by AMD.",
	    (int)x->o->checks.v[CHECK_CRL].detail.n,
	    (const char *)x->o->checks.v[CHECK_CRL].detail.p);
	if (kds_no_leaf(x->r, x->product) == NULL)
		explain_run(x, "snp-certs --crl -o certs.pem %s && snp-verify "
		    "--certs certs.pem --crl certs.pem %s", explain_report(x),
		    explain_report(x));
	explain_run(x, "openssl crl -noout -text -in CRL");
}
