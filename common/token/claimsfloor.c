/* claimsfloor.c -- see claims.h: versions and their floors. */
#include "token/claims.h"

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
		val = claims_snp(claims, names[i]);
		if (!json_has(val))
			return err_set(e, E_NO, "claims: %s is missing",
			    names[i]);
		if (!json_int(val, &is))
			return err_set(e, E_INPUT, "claims: %s is no whole "
			    "number", names[i]);
		if (is < floor->part[i])
			return err_set(e, E_NO, "claims: %s is %lld, below %d",
			    names[i], (long long)is, floor->part[i]);
	}
	return 0;
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
	struct json_val val = json_get(claims_snp(claims, outer), inner);
	int64_t is;

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
