/* token.h -- an attestation token judged: genuine first (jws.h, jwk.h), then
 * what it claims compared with what is wanted (claims.h, release.h).
 * Pure. */
#ifndef TOKEN_TOKEN_H
#define TOKEN_TOKEN_H

#include "crypto/hash.h"
#include "jose/jws.h"
#include "evidence/tcb.h"

/* What is wanted.  {0} but for keys and alg asks for no more than a signature
 * and a current time. */
struct token_rules {
	const struct json *keys;	/* JWK Set or JWK; NULL: unverified */
	const char *keys_name;		/* for messages */
	const char *alg;		/* "RS256": the one accepted */
	bool any_kid;			/* the one key of a set that has no
					 * kid may stand for any */
	bool times;			/* judge exp, nbf, iat */
	int64_t now;
	unsigned leeway;		/* seconds */
	const char *issuer, *nonce;	/* NULL: not asked */
	const char *const *checks;	/* as claims_check() takes them */
	size_t nchecks;
	bool has_runtime, has_host_data, has_min_tcb, has_vmpl;
	bool refuse_open_policy;	/* one that allows everything */
	int vmpl;			/* as claims_vmpl() takes it */
	struct slice provider_hash;	/* empty: not asked */
	struct slice provider_file;	/* where it came from, or empty */
	struct slice runtime;
	uint8_t host_data[SHA256_SIZE];
	struct tcb_floor min_tcb;
	int64_t min_uvm_svn;		/* 0: not asked */
	const struct json *release;	/* a release policy; NULL: not asked */
};

/* Keys already read from the set, so that many tokens cost one reading. */
enum { TOKEN_KEYS = 8 };
struct token_keys {
	struct {
		bool named;	/* the token had a kid */
		struct buf kid;
		struct key_check *check;
	} v[TOKEN_KEYS];
	size_t n, next;
};
void token_keys_free(struct token_keys *);

/* A token that passed; token_free() it, {0} is empty. */
struct token {
	struct buf compact;
	struct jws jws;
	struct json *doc;
	struct json_val claims;
	struct buf held;	/* the rule of the release policy that held */
};

/* Judge text, a token as jws_token() takes it; what it is instead, if it is
 * something that people have at hand, is said.  The signature is checked before
 * the claims are parsed.  Without keys a token may have no signature. */
int token_judge(struct slice text, const struct token_rules *,
    struct token_keys *, struct token *out, struct err *);
/* The first half of that: the token is genuine, unless there are no keys;
 * what it claims is not compared yet (asked.h). */
int token_open(struct slice text, const struct token_rules *,
    struct token_keys *, struct token *out, struct err *);
void token_free(struct token *);

#endif
