/* claimsfloor.c -- see claims.h: versions and their floors. */
#include "token/claims.h"

/* The level in a report that the host asked for (AMD 56860). */
static const int64_t vmpl_of_host = 0xffffffff;

/* The claim of each component; MAA has none of the boot loader of Turin's
 * first stage. */
static const char *const names[TCB_PARTS] = {
	[TCB_BL] = "x-ms-sevsnpvm-bootloader-svn",
	[TCB_TEE] = "x-ms-sevsnpvm-tee-svn",
	[TCB_SNP] = "x-ms-sevsnpvm-snpfw-svn",
	[TCB_UCODE] = "x-ms-sevsnpvm-microcode-svn",
};

int
claims_tcb(struct json_val claims, const struct tcb_floor *floor,
    struct err *e)
{
	struct json_val val;
	int64_t is;
	int i;

	for (i = 0; i < TCB_PARTS; i++) {
		if (floor->part[i] < 0)
			continue;
		if (names[i] == NULL)
			return err_set(e, E_NO, "claims: nothing is said of %s",
			    tcb_name((enum tcb_part)i));
		if (claims_need(claims, names[i], &val, e) < 0)
			return -1;
		if (!json_int(val, &is))
			return err_set(e, E_INPUT, "claims: %s is no whole "
			    "number", names[i]);
		if (is < floor->part[i])
			return err_set(e, E_NO, "claims: %s is %lld, below %d",
			    names[i], (long long)is, floor->part[i]);
	}
	return 0;
}

int
claims_vmpl(struct json_val claims, int want, struct err *e)
{
	static const char name[] = "x-ms-sevsnpvm-vmpl";
	struct json_val val;
	struct slice text;
	int64_t is;

	if (claims_need(claims, name, &val, e) < 0)
		return -1;
	text = slice_head(json_span(val), 40);
	if (json_int(val, &is) && is == vmpl_of_host)
		return err_set(e, E_NO, "claims: %s is %lld: asked for by the "
		    "host, not by a guest", name, (long long)is);
	if (!json_int(val, &is) || is < 0 || is > CLAIMS_VMPL_MAX)
		return err_set(e, E_NO, "claims: %s is %.*s, no level from 0 "
		    "to %d", name, (int)text.n, (const char *)text.p,
		    CLAIMS_VMPL_MAX);
	if (want != CLAIMS_VMPL_ANY && is != want)
		return err_set(e, E_NO, "claims: %s is %lld instead of %d",
		    name, (long long)is, want);
	return 0;
}

static bool
is_host(struct json_val object)
{
	int64_t is;

	return json_int(json_get(object, "x-ms-sevsnpvm-vmpl"), &is) &&
	    is == vmpl_of_host;
}

bool
claims_of_host(struct json_val claims)
{
	return is_host(claims) || is_host(json_get(claims, CLAIMS_NESTED));
}

bool
claims_debuggable(struct json_val claims)
{
	static const char name[] = "x-ms-sevsnpvm-is-debuggable";

	return json_is(json_get(claims, name), JSON_TRUE) ||
	    json_is(json_get(json_get(claims, CLAIMS_NESTED), name), JSON_TRUE);
}

/* A whole number, or a string that spells one: MAA writes "100". */
static bool
whole(struct json_val val, int64_t *out)
{
	struct buf text = {0};
	struct json *doc;
	struct err e;
	bool ok;

	if (!json_is(val, JSON_STRING))
		return json_int(val, out);
	ok = json_text(val, "svn", &text, &e) == 0 &&
	    json_parse(slice_buf(&text), &doc, &e) == 0;
	if (ok) {
		/* the text alone: no blanks around the digits */
		ok = json_int(json_root(doc), out) &&
		    json_span(json_root(doc)).n == text.n;
		json_free(doc);
	}
	buf_free(&text);
	return ok;
}

int
claims_uvm_svn(struct json_val claims, int64_t floor, struct err *e)
{
	static const char outer[] = "x-ms-sevsnpvm-uvm-endorsement";
	static const char inner[] = "x-ms-sevsnpvm-guestsvn";
	struct json_val val;
	int64_t is;

	if (claims_need(claims, outer, &val, e) < 0)
		return -1;
	val = json_get(val, inner);
	if (!json_has(val))
		return err_set(e, E_NO, "claims: %s.%s is missing", outer,
		    inner);
	if (!whole(val, &is))
		return err_set(e, E_INPUT, "claims: %s.%s is no whole number",
		    outer, inner);
	if (is < floor)
		return err_set(e, E_NO, "claims: the UVM's version is %lld, "
		    "below %lld", (long long)is, (long long)floor);
	return 0;
}
