/* skrrefused.c -- what to do about a sidecar's failure; see skr.h. */
#include "azure/skr_in.h"

#include <stdlib.h>
#include <string.h>

#include "azure/akv.h"

#define NO_DEVICE "no SEV-SNP device there: the container group needs the " \
	"Confidential SKU"
#define BY_ITSELF "; the sidecar does not try again by itself"

/* In order, the first word that stands in the line. */
static const struct {
	const char *word, *hint;
} hints[] = {
	{"certificate endpoint not set", "the sidecar's certificates are not "
	    "of the report's TCB: outside the Confidential SKU it makes the "
	    "report up; after a firmware update SkrSideCarArgs needs a "
	    "certcache"},
	{"ioctl failed", "the SEV-SNP device failed; an error of its firmware "
	    "disables the guest's key (VMPCK) until the container group is "
	    "made anew"},
	{"error opening SNP device", "the sidecar may not open the SEV-SNP "
	    "device"},
	{"SEV device is not found", NO_DEVICE},
	{"/dev/sev", NO_DEVICE},
	{"SNP device", NO_DEVICE},
	{"report version", NO_DEVICE},
	{"Identity not found", "assign an identity to the container group, or "
	    "name one with --access-token-file"},
	{"the identity endpoint said", "the container group has no managed "
	    "identity, or it is not ready yet; --access-token-file shows "
	    "another token"},
	{"retrieving authentication token", "the sidecar got no access token: "
	    "has the container group a managed identity? "
	    "--access-token-file shows another"},
	{"expired or is not yet valid", "is the sidecar's clock right? Else "
	    "whoever runs the service has to renew its certificate"},
	{"unknown authority", "the sidecar's image lacks the roots of the "
	    "service, or something stands in between"},
	{"x509:", "the certificate is not to the sidecar's liking; something "
	    "may stand in between"},
	{"no such host", "the sidecar cannot resolve the endpoint it was "
	    "given: is the name right, and has the container group a "
	    "resolver?"},
	{"name resolution", "the sidecar's resolver does not answer"},
	{"server misbehaving", "the sidecar's resolver does not answer"},
	{"connection refused", "nobody listens there: check the endpoint, its "
	    "port and the firewall"},
	{"no route to host", "the sidecar's network does not lead there"},
	{"network is unreachable", "the sidecar's network does not lead "
	    "there"},
	{"timeout", "the sidecar got no answer from there: is a firewall in "
	    "between?"},
	{"deadline exceeded", "the sidecar got no answer from there: is a "
	    "firewall in between?"},
	{"connection reset", "something in between may have cut the "
	    "connection; trying again may help"},
	{"\": EOF", "the service closed the connection; trying again may help"},
	{"Entra ID said", "the sidecar's workload identity does not work: "
	    "AZURE_CLIENT_ID, AZURE_TENANT_ID and the federated credential"},
	{"No certificate chain found", "the sidecar got no certificates of "
	    "the platform: its certcache was not reached, or was busy"},
	{"the source of certificates said", "the certcache of SkrSideCarArgs "
	    "has no certificates for this report"},
	{"Refreshing CertChain failed", "the sidecar's certificates are not "
	    "of the report's TCB, and its certcache gives no others"},
	{"attestation statement", "what runs here does not meet the key's "
	    "release policy: maa-token --skr and jwt-claims --release-policy "
	    "compare"},
	{"jws token", "the vault's answer is not signed as it should be: is "
	    "something in between?"},
	{"leaf's certificate chain", "the vault's answer is not signed as it "
	    "should be: is something in between?"},
	{"aes key unwrap failed", "the vault wrapped the key for another "
	    "wrapping key than the sidecar's"},
	{"InvalidParameter", "the provider refuses the report: outside the "
	    "Confidential SKU the sidecar makes one up"},
	{"A Deny claim was issued", "the provider's policy does not permit "
	    "this report"},
	{"PolicyEvaluationError", "the provider's policy does not permit this "
	    "report"},
	{"the provider said 401", "this provider asks for an access token, "
	    "which the sidecar does not show; maa-token without --skr does"},
	{"the provider said 403", "the provider may be behind a firewall or "
	    "private endpoint"},
	{"the provider said 404", "there may be no such provider; check "
	    "--endpoint"},
	{"AKV10046", "the vault could not check the access token just then; "
	    "trying again may help"},
	{"the vault said 401", "the sidecar's access token is not one for this "
	    "vault; see --access-token-file"},
	{"said 429", "the service behind the sidecar is busy" BY_ITSELF},
	{"said 5", "the service behind the sidecar failed, which may pass"
	    BY_ITSELF},
	{"does not say why", "it answers so to a request it cannot read, and "
	    "when a setting is missing; its log may say more"},
};

/* The certificate is for another name than the one asked for, which is how a
 * port or a scheme shows: the sidecar takes them for part of it. */
static const char *
name_hint(const char *text)
{
	const char *name = NULL, *at;
	size_t n;

	if (strstr(text, "x509: ") == NULL)
		return NULL;
	if ((at = strstr(text, "but wanted to match ")) != NULL)
		name = at + strlen("but wanted to match ");
	else if ((at = strstr(text, "certificate is valid for ")) != NULL &&
	    (at = strstr(at, ", not ")) != NULL)
		name = at + strlen(", not ");
	if (name == NULL)
		return NULL;
	n = strcspn(name, " ");
	if (memmem(name, n, "//", 2) != NULL)
		return "a sidecar takes a host, not the address of one";
	if (memchr(name, ':', n) != NULL)
		return "a sidecar takes a vault on port 443 only, and no port "
		    "in its name";
	return "the certificate is another host's: check the endpoint; "
	    "something may stand in between";
}

/* Of a TCB that differs. */
static const char *
tcb_hint(const char *text)
{
	uint64_t report, cert;
	unsigned i, in_report, in_cert;

	if (!skr_tcbs(slice_str(text), &report, &cert))
		return NULL;
	for (i = 0; i < 64; i += 8) {
		in_report = report >> i & 0xff;
		in_cert = cert >> i & 0xff;
		/* an INTEGER of 128 and more begins with a zero byte */
		if (in_report >= 0x80 && in_cert == 0)
			return "with certcache AzCache the sidecar misreads "
			    "parts of a certificate's TCB from 128 on as 0: "
			    "endpoint_type LocalTHIM helps, a restart does "
			    "not";
	}
	return report > cert ? "the sidecar's certificates are older than the "
	    "firmware: restart it" : "the sidecar's certificates are not of "
	    "this machine's firmware: restart it";
}

/* The status that the vault behind the sidecar gave, or 0. */
static long
vault_status(const char *text)
{
	static const char of[] = "the vault said ";
	const char *at = strstr(text, of);

	return at != NULL ? strtol(at + sizeof of - 1, NULL, 10) : 0;
}

bool
skr_refused_target(const char *text)
{
	return vault_status(text) == 403 && (strstr(text, "AccessDenied") !=
	    NULL || strstr(text, "attestation") != NULL);
}

static const char *
find_hint(const struct service_answer *a, const char *text)
{
	const char *hint;
	size_t i;

	if (a->status == 500 && slice_trim(a->body).n == 0)
		return "the sidecar crashed over what a service answered, or "
		    "over the request; its log has the trace";
	if ((hint = tcb_hint(text)) != NULL ||
	    (hint = name_hint(text)) != NULL)
		return hint;
	for (i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(text, hints[i].word) != NULL)
			return hints[i].hint;
	if (a->status == 404 && vault_status(text) == 0)
		return "something else than the sidecar listens there";
	return akv_hint(vault_status(text), text);
}

int
skr_refused(const struct service_answer *a, struct err *e)
{
	struct buf text = {0};
	const char *hint;
	struct err was;

	/* its 403 stands for any failure behind it, a 500 for its own */
	(void)service_refused(a, e);
	was = *e;
	if (skr_error(a->body, &text)) {
		service_ids(a, &text);
		if (a->saved)
			(void)err_set(e, was.code, "%s: %.*s", a->who,
			    (int)text.n, (const char *)text.p);
		else
			(void)err_set(e, was.code, "%s: %ld: %.*s", a->who,
			    a->status, (int)text.n, (const char *)text.p);
	}
	hint = find_hint(a, e->text);
	if (was.hint[0] != '\0')
		(void)err_hint(e, "%s", was.hint);
	else if (hint != NULL)
		(void)err_hint(e, "%s", hint);
	buf_free(&text);
	return -1;
}
