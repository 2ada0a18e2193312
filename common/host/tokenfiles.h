/* tokenfiles.h -- the files that say what is wanted of a token.  World. */
#ifndef HOST_TOKENFILES_H
#define HOST_TOKENFILES_H

#include "token/token.h"

/* Paths, NULL where there is no such file, and what the rules borrow from
 * them; {paths} to begin with, tokenfiles_free() it after the rules' use. */
struct tokenfiles {
	const char *keys;	/* as jwk_set_read() takes them, JWK_DOC_MAX */
	const char *release;	/* as release_text() takes it, RELEASE_MAX */
	const char *provider;	/* HASH or @FILE, PROVIDER_FILE_MAX */
	const char *runtime;	/* runtime data, as runtimefile.h reads it */
	const char *policy;	/* one policy of any form, POLICY_FILE_MAX */
	bool keep_policy;	/* its text is wanted too */

	struct buf keys_text, release_text, runtime_text;
	struct buf provider_hash, provider_text, policy_text;
	struct json *keys_doc, *release_doc;
};

/* Read them into the rules. */
int tokenfiles_read(struct tokenfiles *, struct token_rules *, struct err *);
void tokenfiles_free(struct tokenfiles *);

#endif
