/* collect.h -- the certificates that prove a report, from wherever they are:
 * built in, in the cache, in files, at AMD's key server, or Azure's metadata
 * service.  World. */
#ifndef NET_COLLECT_H
#define NET_COLLECT_H

#include "evidence/pile.h"
#include "host/certcache.h"
#include "ground/opt.h"
#include "net/kds.h"

enum collect_from { COLLECT_KDS, COLLECT_THIM, COLLECT_FILES };

struct collect {
	enum collect_from from;
	struct opt_list files;		/* or folders, of COLLECT_FILES */
	struct kds kds;
	bool offline;			/* ask nobody */
	bool crl;			/* get the revocation list too */
	bool guard;			/* set the guard, with what is asked of
					 * here and nothing else to use */
	struct cert *root;		/* another ARK, or NULL */
	const char *root_name;
	int64_t at;			/* when they must be valid */
};

/* What was found, and proved to be this report's.  {0} is empty;
 * collected_free() releases. */
struct collected {
	struct pile pile;
	struct picked picked;
	struct buf crl;		/* DER or PEM; empty unless asked for */
	struct buf stale;	/* what of the cache was not right, one a line:
				 * it was fetched anew */
	struct err no_cache;	/* why there is none; its text may be empty */
};

/* Find leaf, ASK and ARK of the report r, and prove them and that the leaf
 * signed it: E_NO if they are not its, whoever gave them.  What the network
 * gave is kept in the cache then.  One that is nowhere: E_INPUT, or as the
 * network has it. */
int collect(const struct collect *, struct slice r, struct collected *,
    struct err *);
void collected_free(struct collected *);

#endif
