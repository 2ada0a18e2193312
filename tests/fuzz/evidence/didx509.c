/* didx509 -- a did:x509 identifier in the first line, and a chain of PEM
 * certificates behind it.  What resolves does so again, and names an
 * authority of the chain. */
#include <stdlib.h>

#include "evidence/didx509.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The seeds are valid then. */
enum { AT = 1800000000 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	struct slice did = slice_head(text, slice_find(text, '\n'));
	struct certs chain = {0};
	struct err e;
	int ret;

	if (certs_add_pem(&chain, slice_from(text, did.n + 1), CERT_CHAIN_MAX,
	    &e) < 0)
		goto out;
	ret = didx509_resolve(did, &chain, AT, &e);
	if (ret < 0 && e.code != E_NO)
		abort();
	if (ret == 0 && (chain.n < 2 || !slice_starts(did, "did:x509:0:sha") ||
	    didx509_resolve(did, &chain, AT, &e) < 0))
		abort();
out:
	certs_free(&chain);
	return 0;
}
