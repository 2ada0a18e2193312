/* maa.h -- Microsoft Azure Attestation: the body of POST /attest/SevSnpVm,
 * what comes back, and whether it answers what was asked.  Pure. */
#ifndef AZURE_MAA_H
#define AZURE_MAA_H

#include "azure/service.h"
#include "ground/buf.h"
#include "ground/err.h"

#define MAA_API_VERSION "2022-08-01"

enum {
	MAA_ANSWER_MAX = 1 << 20,	/* bytes of an answer */
};

/* What is sent; borrowed. */
struct maa_request {
	struct slice report;		/* 1184 bytes */
	struct slice certs;		/* PEM: leaf, ASK, ARK */
	struct slice endorsement;	/* COSE_Sign1; empty: none */
	struct slice runtime;		/* p NULL: none */
	const char *nonce;
};

/* Runtime data that is a JSON object goes as JSON and comes back as the claim
 * x-ms-runtime; other bytes go as Binary. */
bool maa_runtime_is_json(struct slice runtime);

/* Append the body, compact.  Base64url without padding throughout. */
void maa_body(const struct maa_request *, struct buf *out);

/* Append the JWT of {"token"}; anything else E_INPUT. */
int maa_answer(struct slice body, struct buf *token, struct err *);

/* What the token must say: borrowed. */
struct maa_asked {
	struct slice issuer;		/* "https://host" */
	struct slice report_data;	/* 64 bytes; empty: not compared */
	struct slice chip_id;		/* 64 bytes; compared if the token
					 * names a chip; empty: not compared */
	struct slice runtime;		/* compared if it is a JSON object */
	const char *nonce;		/* NULL: not compared */
};

/* The token is a JWS with a JSON payload (E_INPUT if not) whose iss, nonce,
 * x-ms-sevsnpvm-reportdata and x-ms-runtime are those asked for (E_NO if not,
 * missing ones too, x-ms-runtime aside), and that speaks of SEV-SNP (E_NO).
 * Its signature is jwt-claims' matter. */
int maa_check(struct slice token, const struct maa_asked *, struct err *);

/* Append the key set a 200 of /certs holds, compact.  No "keys" with
 * something in it is E_INPUT. */
int maa_keys(struct slice body, struct buf *out, struct err *);

/* A 200 of /.well-known/openid-configuration: its issuer, if it names one, and
 * its jwks_uri are the issuer's (E_NO if not). */
int maa_openid(struct slice body, struct slice issuer, struct err *);

/* Set the error for an answer that is no 200, with a hint; returns -1. */
int maa_refused(const struct service_answer *, struct err *);

#endif
