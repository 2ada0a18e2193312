/* platform.h -- what vouches for this machine's reports: AMD's certificates,
 * kept per reported TCB and fetched anew when a report fits none of them, the
 * utility VM's endorsement, the policy's hash.  World; safe with threads. */
#ifndef SERVE_PLATFORM_H
#define SERVE_PLATFORM_H

#include "crypto/cert.h"
#include "crypto/hash.h"
#include "evidence/proof.h"
#include "ground/buf.h"
#include "ground/err.h"
#include "ground/opt.h"

/* Where certificates are from when the files have none that fit. */
enum cert_source { SOURCE_THIM, SOURCE_AMD, SOURCE_AZCACHE };

/* Borrowed; NULL where nothing was named. */
struct platform_files {
	const char *context;	/* folder */
	struct opt_list certs;	/* files and folders, as certfiles.h has them */
	const char *endorsement;
	enum cert_source source;
	const char *cache;	/* host of SOURCE_AMD or SOURCE_AZCACHE */
	const char *tee_type;	/* SOURCE_AZCACHE's "SevSnpVM" */
	const char *query;	/* "api-version=...&clientId=..." */
	const char *cacert;	/* TLS roots */
};

/* One chain, shared; chain_put() it. */
struct chain {
	unsigned users;
	struct buf pem;		/* leaf, ASK, ARK */
	struct buf tcbm;	/* as the host wrote it, or empty */
	struct certs certs;
	bool fits;		/* a report of the TCB and chip below did */
	uint8_t tcb[8], chip[64];
	bool known;		/* judged below, which stays as it is then */
	struct snp_chain judged;
};

struct platform;
struct platform *platform_new(const struct platform_files *);
void platform_free(struct platform *);

/* Read endorsement and policy; E_INPUT or E_SYSTEM if they are there and
 * cannot be read. */
int platform_open(struct platform *, struct err *);

/* Have certificates, whatever they are for; -1 says why there are none. */
int platform_load(struct platform *, struct err *);

/* The chain that fits a report: its leaf's TCB and chip are the report's and
 * its key signed it.  E_NO if the newest do not either. */
int platform_chain(struct platform *, struct slice report,
    struct chain **, struct err *);
void chain_put(struct platform *, struct chain *);
/* That chain judged, by now or before with the same root: for every report of
 * a TCB it is the same as long as it lasts.  NULL if it is not sound at the
 * time of trust, so that it is to be judged, and said why not, each time. */
const struct snp_chain *chain_judged(struct platform *, struct chain *,
    const struct snp_trust *);

/* Of the machine, read at the start: empty, or NULL, if there is none. */
struct slice platform_endorsement_of(const struct platform *);
const uint8_t *platform_policy(const struct platform *);
/* The folder in use, or NULL. */
const char *platform_context(const struct platform *);

#endif
