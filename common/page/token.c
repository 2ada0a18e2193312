/* token.c -- see token.h. */
#include "page/token.h"

#include "codec/hex.h"
#include "ground/text.h"
#include "page/policy.h"
#include "token/claims.h"
#include "token/claimtable.h"
#include "token/features.h"

static bool
verified(const struct page_token *p)
{
	return p->rules->keys != NULL;
}

static void
put_verdict(const struct page_token *p, struct buf *out)
{
	static const char unchecked[] = "The signature was not checked: "
	    "nothing vouches for these claims, which anybody could have "
	    "written.";
	enum html_mark mark = p->no != NULL ? HTML_NO : verified(p) ?
	    HTML_YES : HTML_OPEN;
	struct buf status = {0};

	html_verdict(mark, p->no != NULL ? "FAIL" : verified(p) ? "PASS" :
	    "PASS, BUT NOT VERIFIED", "Attestation token", out);
	if (!verified(p))
		html_line(slice_str(unchecked), out);
	else if (p->token == NULL)
		html_line(slice_str("It is not genuine, or nothing shows that "
		    "it is: what it claims is not shown."), out);
	else
		html_line(slice_str(p->no == NULL ? "The signature was "
		    "verified, and every check that was asked for holds." :
		    "The signature was verified, but what was asked for does "
		    "not hold."), out);
	if (p->no != NULL) {
		html_line(slice_str(p->no->text), out);
		html_line(slice_str(p->no->hint), out);
	}
	buf_addf(&status, "Exit status %d of jwt-claims; %s.",
	    p->no != NULL ? (int)p->no->code : E_OK, p->name);
	html_line(slice_buf(&status), out);
	html_verdict_end(out);
	buf_free(&status);
}

static void
put_features(const struct page_token *p, struct buf *out)
{
	struct feature f[FEATURES];
	size_t i;

	(void)features_of(p->token->claims, verified(p), f);
	html_section("Six features", verified(p) ? "Each with the claim that "
	    "decides it." : "Each with the claim that decides it; nothing "
	    "vouches for these claims.", out);
	html_rows(true, out);
	for (i = 0; i < FEATURES; i++)
		html_row(&(struct html_row){
		    .mark = f[i].has ? verified(p) ? HTML_YES : HTML_OPEN :
		    HTML_NO, .word = f[i].has ? verified(p) ? "yes" :
		    "claimed" : "no", .name = slice_str(f[i].name),
		    .value = slice_buf(&f[i].why)}, out);
	html_rows_end(out);
	html_section_end(out);
	features_free(f);
}

static void
put_checks(const struct page_token *p, struct buf *out)
{
	const struct answer *a;
	size_t i;

	html_section("What was checked", NULL, out);
	html_rows(false, out);
	html_row(&(struct html_row){
	    .mark = verified(p) ? HTML_YES : HTML_OPEN,
	    .word = verified(p) ? "pass" : "skip",
	    .name = slice_str("signature"),
	    .value = slice_str(verified(p) ? p->rules->alg : "not checked"),
	    .note = slice_str(verified(p) ? p->rules->keys_name : "")}, out);
	for (i = 0; i < p->answers->n; i++) {
		a = &p->answers->v[i];
		html_row(&(struct html_row){
		    .mark = a->yes ? HTML_YES : HTML_NO,
		    .word = a->yes ? "pass" : "FAIL",
		    .name = slice_str(a->name), .value = slice_buf(&a->what),
		    .note = slice_buf(&a->why)}, out);
	}
	html_rows_end(out);
	html_section_end(out);
}

/* Some -c is about that claim. */
static bool
compared(const struct token_rules *r, const char *claim)
{
	size_t i, n = strlen(claim);

	for (i = 0; i < r->nchecks; i++)
		if (strncmp(r->checks[i], claim, n) == 0 &&
		    (r->checks[i][n] == '=' || r->checks[i][n] == ':'))
			return true;
	return false;
}

static void
gap(bool open, const char *name, const char *means, const char *option,
    struct buf *out)
{
	if (open)
		html_row(&(struct html_row){.mark = HTML_OPEN,
		    .word = html_gap(option), .name = slice_str(name),
		    .means = means, .option = option}, out);
}

static void
put_gaps(const struct page_token *p, struct buf *out)
{
	const struct token_rules *r = p->rules;

	html_section("What was not proved", "A check that was not asked for "
	    "was not made, and some things no token can prove.", out);
	html_rows(false, out);
	gap(!verified(p), "signature", "Whoever wrote this token: it need not "
	    "be an attestation service.", "-k FILE", out);
	gap(!r->times, "times", "It may have expired long ago.",
	    "-k FILE, or --at TIME", out);
	gap(r->issuer == NULL && !compared(r, "iss"), "issuer", "Any issuer "
	    "whose key is among those given would do.", "-i ISSUER", out);
	gap(r->nonce == NULL && !compared(r, "nonce"), "freshness", "It may "
	    "be an earlier token of the same guest, shown again.",
	    "--nonce TEXT", out);
	gap(!r->has_runtime && !compared(r, "x-ms-sevsnpvm-reportdata"),
	    "runtime data", "That the keys that the guest made are those you "
	    "know.", "-r FILE", out);
	gap(!r->has_host_data && !compared(r, "x-ms-sevsnpvm-hostdata"),
	    "policy", "Which containers may run in the guest: the host data "
	    "was not compared with a policy.", "-p FILE", out);
	gap(!r->refuse_open_policy, "open policy", "That the policy is none "
	    "that was published and allows everything.",
	    "--refuse-open-policy", out);
	gap(!r->has_vmpl && !compared(r, "x-ms-sevsnpvm-vmpl"),
	    "privilege level", "Which level of the guest asked for the "
	    "report.", "-l 0", out);
	gap(!r->has_min_tcb, "firmware", "That the machine's firmware is new "
	    "enough.", "--min-tcb LIST", out);
	gap(r->min_uvm_svn == 0, "utility VM", "That the guest's own system "
	    "is new enough.", "--min-uvm-svn N", out);
	gap(r->provider_hash.n == 0 && !compared(r, "x-ms-policy-hash"),
	    "provider's policy", "That the attestation provider judged by the "
	    "rules you know.", "--provider-policy HASH", out);
	gap(true, "hardware report", "The token is the service's word that it "
	    "verified the report of the hardware. It was not verified again: "
	    "snp-verify does that, with the report itself.", NULL, out);
	gap(true, "the present", "What was attested was so when the token was "
	    "made. It says nothing of the time since.", NULL, out);
	gap(true, "the software", "A policy says which containers run, not "
	    "what they do with the data they are given.", NULL, out);
	html_rows_end(out);
	html_section_end(out);
}

static void
put_claim(const struct claimrow *r, void *arg)
{
	struct buf *out = arg;

	if (r->first) {
		html_rows_end(out);
		html_subtitle(slice_str(r->group), out);
		html_rows(false, out);
	}
	html_row(&(struct html_row){.path = r->path, .name = r->name,
	    .json = r->value, .note = r->note, .means = r->means}, out);
}

static void
put_claims(const struct page_token *p, struct buf *out)
{
	html_section("Claims", verified(p) ? "All that the token says." :
	    "All that the token says; nothing vouches for it.", out);
	html_rows(false, out);
	claimtable_each(p->token->claims, put_claim, out);
	html_rows_end(out);
	html_section_end(out);
}

static void
put_evidence(const struct page_token *p, struct buf *out)
{
	struct json_val head = json_root(p->token->jws.head), v;
	struct buf text = {0};
	uint8_t sum[SHA256_SIZE];
	struct err e;

	html_section("Evidence", "The token's header, and what tells this "
	    "token from others.", out);
	html_rows(false, out);
	for (v = json_first(head); json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		if (json_text(json_name(v), "name", &text, &e) == 0)
			html_row(&(struct html_row){
			    .name = slice_buf(&text), .json = v}, out);
	}
	buf_cut(&text, 0);
	hash_sha256(slice_buf(&p->token->compact), sum);
	hex_encode(slice_of(sum, sizeof sum), &text);
	html_row(&(struct html_row){.name = slice_str("SHA-256"),
	    .value = slice_buf(&text), .means = "Of the token as it came, "
	    "without a line end."}, out);
	buf_cut(&text, 0);
	text_time(p->rules->now, &text);
	html_row(&(struct html_row){.name = slice_str("judged at"),
	    .value = slice_buf(&text)}, out);
	html_rows_end(out);
	html_section_end(out);
	buf_free(&text);
}

/* The policy that was given is the one in the token. */
static bool
holds(const struct page_token *p)
{
	struct err e;

	return verified(p) && claims_host_data(p->token->claims,
	    slice_of(p->rules->host_data, sizeof p->rules->host_data),
	    &e) == 0;
}

void
page_token(const struct page_token *p, struct buf *out)
{
	html_begin("Attestation token", out);
	put_verdict(p, out);
	if (p->token != NULL) {
		put_features(p, out);
		put_checks(p, out);
		put_gaps(p, out);
		put_claims(p, out);
		if (p->policy.n > 0)
			page_policy(p->policy, holds(p), out);
		put_evidence(p, out);
	}
	html_end(out);
}
