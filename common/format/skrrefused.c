/* skrrefused.c -- what the sidecar means when it fails; see skr.h. */
#include "format/skr.h"

#include <string.h>

/* In order, the first word that stands in the line. */
static const struct {
	const char *word, *hint;
} hints[] = {
	{"no such host", "the sidecar cannot resolve the endpoint it was "
	    "given"},
	{"x509:", "the sidecar's image lacks the roots of the service, or "
	    "something stands in between"},
	{"/dev/sev", "no SEV-SNP device there: the container group needs the "
	    "Confidential SKU"},
	{"SNP device", "no SEV-SNP device there: the container group needs "
	    "the Confidential SKU"},
	{"report version", "no SEV-SNP device there: the container group "
	    "needs the Confidential SKU"},
	{"doesn't match Certificate TCB", "the sidecar's certificates are "
	    "older than the firmware: restart it"},
	{"attestation statement", "what runs here does not meet the key's "
	    "release policy: maa-token --skr and jwt-claims --release-policy "
	    "compare"},
	{"Identity not found", "assign an identity to the container group, or "
	    "name one with --access-token-file"},
	{"ForbiddenByRbac", "the identity needs the role Key Vault Crypto "
	    "Service Release User; a new assignment takes minutes"},
	{"Forbidden", "the identity may not release the key, or the vault's "
	    "firewall does not admit it"},
	{"KeyNotFound", "check the vault, the key's name and its version"},
	{"InvalidParameter", "the provider refuses the report: outside the "
	    "Confidential SKU the sidecar makes one up"},
	{"A Deny claim was issued", "the provider's policy does not permit "
	    "this report"},
	{"Unauthorized", "the sidecar's access token is not one for this "
	    "vault; see --access-token-file"},
};

int
skr_refused(const struct service_answer *a, struct err *e)
{
	struct buf text = {0};
	size_t i;

	/* its 403 stands for any failure behind it, a 500 for its own */
	(void)service_refused(a, e);
	if (!skr_error(a->body, &text))
		return -1;
	(void)err_set(e, e->code, "%s: %ld: %.*s", a->who, a->status,
	    (int)text.n, (const char *)text.p);
	buf_free(&text);
	for (i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(e->text, hints[i].word) != NULL) {
			(void)err_hint(e, "%s", hints[i].hint);
			break;
		}
	return -1;
}
