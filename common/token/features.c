/* features.c -- see features.h. */
#include "token/features.h"

#include "codec/hex.h"
#include "crypto/hash.h"
#include "token/claims.h"
#include "ground/text.h"

enum { SHOWN_MAX = 80 };	/* bytes of a claim in a reason */

/* The reason: the claim and its value, or that it is missing. */
static void
because(struct feature *f, const char *name, struct json_val v)
{
	if (json_has(v))
		buf_addf(&f->why, "%s = %.*s", name,
		    (int)slice_head(json_span(v), SHOWN_MAX).n,
		    (const char *)json_span(v).p);
	else
		buf_addf(&f->why, "%s is missing", name);
}

/* A confidential VM has x-ms-isolation-tee; but those of another maker have it
 * too and say so inside. */
static void
tee(struct json_val claims, bool verified, struct feature *f)
{
	static const char type[] = "x-ms-attestation-type";
	struct json_val vm = json_get(claims, "x-ms-isolation-tee");
	struct json_val v = json_get(json_has(vm) ? vm : claims, type);

	(void)verified;
	f->name = "AMD SEV-SNP TEE";
	f->has = json_text_is(v, "sevsnpvm") ||
	    (json_is(vm, JSON_OBJECT) && !json_has(v));
	if (json_is(vm, JSON_OBJECT) && !json_has(v)) {
		buf_adds(&f->why, "x-ms-isolation-tee is there");
		return;
	}
	if (json_is(vm, JSON_OBJECT))
		buf_adds(&f->why, "x-ms-isolation-tee.");
	because(f, type, v);
}

static void
memory(struct json_val claims, bool verified, struct feature *f)
{
	static const char name[] = "x-ms-sevsnpvm-vmpl";
	struct json_val v = claims_snp(claims, name);

	(void)verified;
	f->name = "memory encryption";
	f->has = json_is(v, JSON_NUMBER);
	because(f, name, v);
}

static void
confidential(struct json_val claims, bool verified, struct feature *f)
{
	static const char name[] = "x-ms-compliance-status";
	struct json_val v = claims_snp(claims, name);

	(void)verified;
	f->name = "data confidentiality";
	f->has = json_text_is(v, "azure-compliant-cvm") ||
	    json_text_is(v, "azure-compliant-uvm") ||
	    json_text_is(v, "azure-signed-katacc-uvm");
	because(f, name, v);
}

static void
policy(struct json_val claims, bool verified, struct feature *f)
{
	static const char name[] = "x-ms-sevsnpvm-hostdata";
	struct json_val v = claims_snp(claims, name);
	struct buf text = {0};
	uint8_t sum[SHA256_SIZE];
	const char *open = claims_open_policy(claims);
	struct err e;

	(void)verified;
	f->name = "security policy";
	because(f, name, v);
	if (json_text(v, name, &text, &e) == 0 &&
	    hex_exact(slice_buf(&text), sum, sizeof sum, &e) == 0)
		f->has = open == NULL &&
		    !slice_zero(slice_of(sum, sizeof sum));
	if (open != NULL)
		buf_addf(&f->why, ", a published policy that allows "
		    "everything (%s)", open);
	buf_free(&text);
}

static void
attestation(struct json_val claims, bool verified, struct feature *f)
{
	(void)claims;
	f->name = "remote attestation";
	f->has = verified;
	buf_adds(&f->why, verified ? "the signature was verified here" :
	    "the signature was not checked");
}

static void
runtime(struct json_val claims, bool verified, struct feature *f)
{
	static const char name[] = "x-ms-sevsnpvm-is-debuggable";
	struct json_val v = claims_snp(claims, name);

	(void)verified;
	f->name = "runtime protection";
	f->has = json_is(v, JSON_FALSE);
	because(f, name, v);
}

bool
features_of(struct json_val claims, bool verified,
    struct feature out[FEATURES])
{
	static void (*const rules[FEATURES])(struct json_val, bool,
	    struct feature *) = {
		tee, memory, confidential, policy, attestation, runtime,
	};
	bool all = true;
	size_t i;

	for (i = 0; i < FEATURES; i++) {
		out[i] = (struct feature){0};
		rules[i](claims, verified, &out[i]);
		all &= out[i].has;
	}
	return all;
}

void
features_free(struct feature f[FEATURES])
{
	size_t i;

	for (i = 0; i < FEATURES; i++)
		buf_free(&f[i].why);
}

void
features_print(const struct feature f[FEATURES], bool signs, bool colour,
    struct buf *out)
{
	const char *mark;
	size_t i;

	for (i = 0; i < FEATURES; i++) {
		mark = signs ? (f[i].has ? "\u2714" : "\u2718") :
		    (f[i].has ? "yes" : "no ");
		buf_addf(out, "%s%s%s  %-21s ",
		    !colour ? "" : f[i].has ? "\033[32m" : "\033[31m", mark,
		    colour ? "\033[0m" : "", f[i].name);
		text_escape(slice_buf(&f[i].why), out);
		buf_addc(out, '\n');
	}
}
