/* pile.h -- certificates as people have them, in any order and with others
 * among them, and the chain of a report picked out of them.  What is picked is
 * not proved: that is for evidence/proof.h.  Pure. */
#ifndef EVIDENCE_PILE_H
#define EVIDENCE_PILE_H

#include "evidence/amdchain.h"

enum {
	PILE_CERTS_MAX = 20000,
	PILE_TEXT_MAX = 32 << 20,	/* bytes of one document: so many */
};

struct pile_cert;

/* {0} is empty; pile_free() releases. */
struct pile {
	struct certs certs;
	struct pile_cert *of;	/* what is known of each of them */
	char **names;		/* of documents */
	size_t n_names;
};

/* A chain out of a pile, borrowed from it. */
struct picked {
	struct cert *v[AMD_CHAIN];
	const char *from[AMD_CHAIN];	/* documents; NULL: the tool's own */
	bool tied;	/* there were more leaves that say the same */
};

/* Append the certificates of a document, told by its bytes: PEM with text
 * around, DER, the two behind each other, THIM JSON, a host's certificate
 * table, and the base64 of any.  Those that are there already are passed
 * over.  name is where they are from.  None, one that is malformed, and what
 * is something else, such as a report, is E_INPUT; nothing was appended. */
int pile_add(struct pile *, struct slice text, const char *name,
    struct err *);
/* text is a certificate, or certificates, rather than anything else. */
bool pile_looks(struct slice text);
/* Append those that AMD publishes for all chips (amdcerts.h) and that those
 * there name as their issuers; to an empty pile, for what is to come, all. */
void pile_add_own(struct pile *);
void pile_free(struct pile *);

/* Pick leaf, ASK and ARK for the report r, or if it is empty those of the first
 * leaf.  Of several leaves the one that says the same of signer, chip and TCB,
 * and if there are several of them, the one whose key signed it; of several
 * issuers the one whose key signed.  The tool's own count only where no other
 * has the name, and with a root, which may be NULL, not at all; root (of the
 * document root_name) is an ARK then.  One that is missing is E_INPUT, unless
 * three certificates were given that do not hang together, whose chain is one
 * to be refused.  Where one is missing, those below it are in the result. */
int pile_chain(const struct pile *, struct slice r, struct cert *root,
    const char *root_name, struct picked *, struct err *);

/* The chain as certificates, borrowed. */
struct certs picked_certs(struct picked *);
/* Append "leaf from vcek.der, ASK and ARK built in". */
void picked_text(const struct picked *, struct buf *out);
/* Append {"leaf":"vcek.der","ask":null,"ark":null}. */
void picked_json(const struct picked *, struct buf *out);

#endif
