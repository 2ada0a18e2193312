/* claims.h -- what a token says, compared with what is wanted (RFC 7519; the
 * names are Microsoft Azure Attestation's).  That the token is genuine is
 * jws.h's business.  Pure. */
#ifndef TOKEN_CLAIMS_H
#define TOKEN_CLAIMS_H

#include "jose/jws.h"
#include "evidence/tcb.h"

enum {
	CLAIMS_LEEWAY = 60,		/* seconds, unless said */
	CLAIMS_LEEWAY_MAX = 3600,
};

/* Parse a payload: a strict JSON object, else E_INPUT. */
int claims_parse(const struct jws *, struct json **, struct err *);

/* typ, if present, is JWT ("application/jwt" too); E_INPUT otherwise. */
int claims_typ(const struct jws *, struct err *);

/* exp is there and ahead of now, nbf and iat, if there, are not, each within
 * leeway seconds.  E_NO; E_INPUT if one is no number from 0 to 2^53. */
int claims_time(struct json_val claims, int64_t now, unsigned leeway,
    struct err *);

/* iss is exactly issuer, and jku, if the header has one, issuer + "/certs";
 * E_NO otherwise. */
int claims_issuer(const struct jws *, struct json_val claims,
    const char *issuer, struct err *);

/* The claim of that name, tried whole and then as a path whose dots walk
 * into objects; nothing if absent. */
struct json_val claims_find(struct json_val claims, struct slice name);

/* Where the claims of a confidential VM's guest stand. */
#define CLAIMS_NESTED "x-ms-isolation-tee"

/* The SNP claim of that name: at the top (containers) or nested (confidential
 * VMs), nothing if in neither.  E_NO if it stands in both with different
 * values, of which nobody can say which is the guest's. */
int claims_snp(struct json_val claims, const char *name,
    struct json_val *out, struct err *);
/* E_NO as well if it stands nowhere. */
int claims_need(struct json_val claims, const char *name,
    struct json_val *out, struct err *);
/* The name of the first SNP claim that stands twice with different values, as
 * the token spells it; nothing if there is none. */
struct json_val claims_twice(struct json_val claims);

/* Say that the claim of that name is missing: E_NO, with a hint at what it may
 * be called instead. */
int claims_missing(struct json_val claims, struct slice name, struct err *);

/* A check as -c takes it, "NAME=VALUE" or "NAME:=JSON".  E_NO if the claim is
 * missing or differs, or is an SNP claim that stands twice with different
 * values; E_USAGE if the check is not of that form. */
int claims_check(struct json_val claims, const char *check, struct err *);

/* E_USAGE alone: the check is of that form, to be asked before any token. */
int claims_check_form(const char *check, struct err *);

/* The name of the published policy that allows everything whose digest
 * x-ms-sevsnpvm-hostdata is, at the top or nested; NULL if it is none. */
const char *claims_open_policy(struct json_val claims);

enum {
	CLAIMS_VMPL_ANY = -1,
	CLAIMS_VMPL_MAX = 3,
};

/* x-ms-sevsnpvm-vmpl is that privilege level, or any of a guest's, 0 to 3;
 * E_NO otherwise. */
int claims_vmpl(struct json_val claims, int want, struct err *);
/* The host asked for the report, not a guest: that level is 4294967295, at the
 * top or nested. */
bool claims_of_host(struct json_val claims);
/* x-ms-sevsnpvm-is-debuggable is true at the top or nested. */
bool claims_debuggable(struct json_val claims);

/* x-ms-sevsnpvm-reportdata is SHA-256 of the runtime data and zeros;
 * x-ms-sevsnpvm-hostdata is that digest.  E_NO otherwise. */
int claims_runtime(struct json_val claims, struct slice runtime,
    struct err *);
int claims_host_data(struct json_val claims, struct slice digest,
    struct err *);
/* nonce is that text or, where it is absent, x-ms-runtime.client-payload.nonce
 * is, as such or as its base64, which clients of confidential VMs write; E_NO
 * otherwise. */
int claims_nonce(struct json_val claims, const char *nonce, struct err *);
/* The four firmware versions are at least the floor's; a component that MAA
 * makes no claim of (fmc), or that is missing, is E_NO. */
int claims_tcb(struct json_val claims, const struct tcb_floor *,
    struct err *);
/* The UVM endorsement's version, a number or its decimal text, is at least
 * that; E_NO otherwise. */
int claims_uvm_svn(struct json_val claims, int64_t floor, struct err *);

#endif
