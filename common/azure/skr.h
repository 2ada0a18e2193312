/* skr.h -- the secure key release sidecar's HTTP API: bodies out, answers in,
 * with its defects (an error followed by a second JSON value, four lines of
 * advice between what failed and why, errors without a text, a made-up report
 * when there is no device).  Pure. */
#ifndef AZURE_SKR_H
#define AZURE_SKR_H

#include "azure/service.h"
#include "ground/buf.h"
#include "ground/err.h"

/* The body of POST /attest/raw and of /attest/combined: {"runtime_data"} in
 * padded standard base64.  The sidecar refuses empty runtime data. */
void skr_raw_request(struct slice runtime, struct buf *out);
/* The body of POST /attest/maa.  host is the attestation provider's, without
 * a scheme. */
void skr_maa_request(struct slice host, struct slice runtime,
    struct buf *out);
/* The body of POST /key/release: hosts without scheme, key "NAME" or
 * "NAME/VERSION", access_token left out if empty. */
void skr_release_request(struct slice maa_host, struct slice vault_host,
    struct slice key, struct slice access_token, struct buf *out);

/* All answers: a body that says {"error"} is E_REFUSED with the innermost
 * message, whatever stands behind it; anything else that is not the one JSON
 * object expected is E_INPUT. */

/* Append the 1184 bytes of {"report": hex}.  A report of version 1, which is
 * the one the sidecar makes up outside an SNP guest, is E_SYSTEM. */
int skr_raw_answer(struct slice body, struct buf *report, struct err *);

/* The answer of /attest/combined, also when it is wrapped once more as
 * {"combined_report": "<text>"}; release with skr_combined_free(). */
struct skr_combined {
	struct buf report;	/* 1184 bytes, checked as above */
	struct buf certs;	/* PEM: leaf, ASK, ARK */
	struct buf endorsement;	/* COSE_Sign1; empty if it has none */
	struct buf tcb;		/* 16 hex digits, in either byte order */
};
int skr_combined_answer(struct slice body, struct skr_combined *out,
    struct err *);
void skr_combined_free(struct skr_combined *);

/* Append the JWT of {"token"}; empty is E_INPUT. */
int skr_maa_answer(struct slice body, struct buf *token, struct err *);
/* Append the JWK of {"key"}, a string that holds JSON or the object itself,
 * compact. */
int skr_release_answer(struct slice body, struct buf *jwk, struct err *);
/* E_OK if {"message"} is "Status OK"; another message is E_NO with it. */
int skr_status_answer(struct slice body, struct err *);

/* Append the innermost message of a body that says {"error"}; false, and
 * nothing, for any other. */
bool skr_error(struct slice body, struct buf *text);

/* Set the error for an answer that is no 200, and return -1: as
 * service_refused() has it, with the innermost message and a hint. */
int skr_refused(const struct service_answer *, struct err *);
/* A message of skr_refused() says that the vault refused the attestation token,
 * and not the caller or its address. */
bool skr_refused_target(const char *text);

#endif
