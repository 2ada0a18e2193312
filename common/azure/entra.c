/* entra.c -- see entra.h. */
#include "azure/entra.h"

#include <string.h>

static const struct {
	const char *code, *hint;
} hints[] = {
	{"AADSTS7000215", "the client secret is another: its value is wanted, "
	    "not its id"},
	{"AADSTS7000222", "the client secret has expired: make a new one"},
	{"AADSTS700027", "the application has no such certificate, or it has "
	    "expired"},
	{"AADSTS700016", "AZURE_CLIENT_ID is no application of the tenant in "
	    "AZURE_TENANT_ID"},
	{"AADSTS70021", "the application has no federated credential for this "
	    "cluster's issuer and this service account"},
	{"AADSTS700024", "the token in AZURE_FEDERATED_TOKEN_FILE has expired: "
	    "the cluster should have renewed it"},
	{"AADSTS90002", "AZURE_TENANT_ID names no tenant of this cloud; "
	    "AZURE_AUTHORITY_HOST names the cloud"},
	{"AADSTS500011", "the tenant knows no such resource; --resource says "
	    "what the access token is for"},
};

int
entra_refused(const struct service_answer *a, struct err *e)
{
	size_t i;

	(void)service_refused(a, e);
	for (i = 0; i < sizeof hints / sizeof *hints; i++)
		/* 70021 is of old, 700211 to 700213 are its cases */
		if (strstr(e->text, hints[i].code) != NULL) {
			(void)err_hint(e, "%s", hints[i].hint);
			break;
		}
	return -1;
}
