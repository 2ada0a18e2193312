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

/* The SNP claim of that name: at the top (containers) or under
 * x-ms-isolation-tee (confidential VMs). */
struct json_val claims_snp(struct json_val claims, const char *name);

/* A check as -c takes it, "NAME=VALUE" or "NAME:=JSON".  E_NO if the claim is
 * missing or differs, E_USAGE if the check is not of that form. */
int claims_check(struct json_val claims, const char *check, struct err *);

/* E_USAGE alone: the check is of that form, to be asked before any token. */
int claims_check_form(const char *check, struct err *);

/* The name of the published policy that allows everything whose digest
 * x-ms-sevsnpvm-hostdata is; NULL if it is none of these. */
const char *claims_open_policy(struct json_val claims);

/* x-ms-sevsnpvm-reportdata is SHA-256 of the runtime data and zeros;
 * x-ms-sevsnpvm-hostdata is that digest.  E_NO otherwise. */
int claims_runtime(struct json_val claims, struct slice runtime,
    struct err *);
int claims_host_data(struct json_val claims, struct slice digest,
    struct err *);
/* nonce is that text; E_NO otherwise. */
int claims_nonce(struct json_val claims, const char *nonce, struct err *);
/* The four firmware versions are at least the floor's; a component that MAA
 * makes no claim of (fmc), or that is missing, is E_NO. */
int claims_tcb(struct json_val claims, const struct tcb_floor *,
    struct err *);
/* The UVM endorsement's version, a number or its decimal text, is at least
 * that; E_NO otherwise. */
int claims_uvm_svn(struct json_val claims, int64_t floor, struct err *);

#endif
