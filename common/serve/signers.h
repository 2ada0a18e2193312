/* signers.h -- the signing keys of attestation providers, kept for a while.
 * World; safe with threads. */
#ifndef SERVE_SIGNERS_H
#define SERVE_SIGNERS_H

#include "net/attest.h"

enum {
	SIGNERS_LIFE = 3600,	/* seconds a set is believed */
	SIGNERS_PAUSE = 10,	/* seconds before it is asked for again */
};

struct signers;
struct signers *signers_new(void);
void signers_free(struct signers *);

/* The token is the provider's (RS256, by a key of its set), valid now, and
 * says issuer, nonce and runtime data as asked.  A key that the set has not is
 * looked for once more.  E_NO, E_INPUT; else as attest_keys(). */
int signers_judge(struct signers *, struct attest *, struct slice token,
    const char *nonce, struct slice runtime, struct err *);

#endif
