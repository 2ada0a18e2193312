/* features.c -- see features.h. */
#include "token/features.h"

#include "codec/hex.h"
#include "crypto/hash.h"
#include "token/claims.h"
#include "token/provider.h"
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

/* The claim that decides, as a reason; false if it stands twice with different
 * values, of which none decides. */
static bool
decides(struct feature *f, struct json_val claims, const char *name,
    struct json_val *v)
{
	struct err e;

	if (claims_snp(claims, name, v, &e) < 0) {
		buf_adds(&f->why, e.text + strlen("claims: "));
		return false;
	}
	because(f, name, *v);
	return true;
}

/* What stands around the claims of a confidential VM says so or nothing. */
static bool
around(struct json_val type)
{
	return !json_has(type) || json_text_is(type, "azurevm") ||
	    json_text_is(type, "sevsnpvm");
}

/* A confidential VM has x-ms-isolation-tee; but those of another maker have it
 * too and say so inside. */
static void
tee(struct json_val claims, bool verified, struct feature *f)
{
	static const char type[] = "x-ms-attestation-type";
	struct json_val vm = json_get(claims, CLAIMS_NESTED);
	struct json_val top = json_get(claims, type), v;

	(void)verified;
	f->name = "AMD SEV-SNP TEE";
	v = json_has(vm) ? json_get(vm, type) : top;
	f->has = json_text_is(v, "sevsnpvm") ||
	    (json_is(vm, JSON_OBJECT) && !json_has(v));
	if (json_is(vm, JSON_OBJECT) && !around(top)) {
		f->has = false;
		because(f, type, top);
		buf_adds(&f->why, " around ");
	}
	if (json_is(vm, JSON_OBJECT) && !json_has(v)) {
		buf_adds(&f->why, CLAIMS_NESTED " is there");
		return;
	}
	if (json_is(vm, JSON_OBJECT))
		buf_adds(&f->why, CLAIMS_NESTED ".");
	because(f, type, v);
}

/* The host may ask for a report too, and then nothing of it is a guest's. */
static void
memory(struct json_val claims, bool verified, struct feature *f)
{
	struct err e;
	struct json_val v;

	(void)verified;
	f->name = "memory encryption";
	f->has = claims_vmpl(claims, CLAIMS_VMPL_ANY, &e) == 0;
	if (f->has)
		(void)decides(f, claims, "x-ms-sevsnpvm-vmpl", &v);
	else
		buf_adds(&f->why, e.text + strlen("claims: "));
}

static void
confidential(struct json_val claims, bool verified, struct feature *f)
{
	static const char name[] = "x-ms-compliance-status";
	struct json_val v;

	(void)verified;
	f->name = "data confidentiality";
	f->has = decides(f, claims, name, &v) &&
	    (json_text_is(v, "azure-compliant-cvm") ||
	    json_text_is(v, "azure-compliant-uvm") ||
	    json_text_is(v, "azure-signed-katacc-uvm"));
}

static void
policy(struct json_val claims, bool verified, struct feature *f)
{
	static const char name[] = "x-ms-sevsnpvm-hostdata";
	const char *open = claims_open_policy(claims);
	uint8_t sum[SHA256_SIZE];
	struct buf text = {0};
	struct json_val v;
	struct err e;

	(void)verified;
	f->name = "security policy";
	if (decides(f, claims, name, &v) &&
	    json_text(v, name, &text, &e) == 0 && hex_exact(slice_buf(&text),
	    sum, sizeof sum, &e) == 0)
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
	struct json_val v;

	(void)verified;
	f->name = "runtime protection";
	f->has = decides(f, claims, name, &v) && json_is(v, JSON_FALSE);
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
features_print(const struct feature f[FEATURES], bool signs, struct buf *out)
{
	size_t i;

	for (i = 0; i < FEATURES; i++) {
		buf_addf(out, "%s  %-21s ", signs ?
		    (f[i].has ? "\u2714" : "\u2718") :
		    (f[i].has ? "yes" : "no "), f[i].name);
		text_escape(slice_buf(&f[i].why), out);
		buf_addc(out, '\n');
	}
}

void
features_provider(struct json_val claims, bool signs, struct buf *out)
{
	static const char name[] = "x-ms-policy-hash";
	struct feature note = {0};
	const char *whose = provider_whose(claims);

	because(&note, name, json_get(claims, name));
	if (whose != NULL)
		buf_addf(&note.why, ", %s", whose);
	buf_addf(out, "%s  %-21s ", signs ? "-" : "-  ", "provider's policy");
	text_escape(slice_buf(&note.why), out);
	buf_addc(out, '\n');
	buf_free(&note.why);
}
