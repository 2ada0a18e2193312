/* akvrefused.c -- what a vault means when it says no; see akv.h. */
#include "azure/akv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "azure/bearer.h"
#include "ground/text.h"

#define RELEASE_ROLE "Key Vault Crypto Service Release User (Managed HSM " \
	"Crypto Service Release User)"

/* In order, the first that fits: status, a word of the line, the hint. */
static const struct {
	long status;
	const char *word;	/* NULL: any */
	const char *hint;
} hints[] = {
	{400, "AKV.SKR.1001", "secure key release needs the premium SKU and "
	    "--api-version 7.3 or later"},
	{400, "AKV.SKR.1003", "the key was made as one not to be exported, "
	    "which cannot be changed: make a new one"},
	{400, "AKV.SKR.1004", "the key has no release policy"},
	{400, "AKV.SKR.1005", "the key was made as one not to be exported"},
	{400, "AKV.SKR.1006", "only HSM-backed keys are released: RSA-HSM, "
	    "EC-HSM, oct-HSM"},
	{400, "AKV.SKR.1016", "the release policy is the key's, not a "
	    "version's: leave the version out"},
	{400, "AKV.SKR.1020", "the key's release policy cannot be changed: "
	    "make a new key"},
	{403, "ForbiddenByRbac", "the identity needs the role " RELEASE_ROLE
	    "; a new assignment takes minutes"},
	{403, "ForbiddenByPolicy", "the vault's access policy gives this "
	    "identity no permission release"},
	{403, "ForbiddenByFirewall", "the vault's firewall does not admit "
	    "this address"},
	{403, "ForbiddenByConnection", "the vault is reached through a "
	    "private endpoint only"},
	{403, "KeyNotExportable", "the key was made as one not to be "
	    "exported"},
	{403, "attestation", "the attestation token does not meet the key's "
	    "release policy, or it has expired"},
	{403, NULL, "the token may not meet the key's release policy, or the "
	    "identity may lack the role " RELEASE_ROLE},
	{404, NULL, "check the vault, the key's name and its version; a "
	    "deleted key is not found either"},
	{409, NULL, "the vault is at work on this key, or deletes it"},
};

/* RFC 9110 section 11.2: token "=" quoted string. */
struct slice
akv_challenge(const char *text, const char *name)
{
	size_t n = strlen(name);
	const char *p, *end;

	for (p = text; (p = strcasestr(p, name)) != NULL; p += n) {
		if (p > text && strchr(" ,\t", p[-1]) == NULL)
			continue;
		if (strncmp(p + n, "=\"", 2) != 0)
			continue;
		p += n + 2;
		end = strchr(p, '"');
		return slice_of(p, end == NULL ? 0 : (size_t)(end - p));
	}
	return (struct slice){0};
}

static bool
contains(struct slice s, struct slice part)
{
	return part.n > 0 && s.n >= part.n &&
	    memmem(s.p, s.n, part.p, part.n) != NULL;
}

/* The same resource, a slash at the end of either aside. */
static bool
same_resource(struct slice a, struct slice b)
{
	if (a.n > 0 && a.p[a.n - 1] == '/')
		a.n--;
	if (b.n > 0 && b.p[b.n - 1] == '/')
		b.n--;
	return slice_eq(a, b);
}

static void
expired(int64_t exp, struct err *e)
{
	struct buf text = {0};

	text_time(exp, &text);
	(void)err_hint(e, "the access token expired at %.*s", (int)text.n,
	    (const char *)text.p);
	buf_free(&text);
}

/* What the challenge asks for against what the bearer says it is. */
static void
compare(const char *challenge, struct slice bearer, int64_t now,
    struct err *e)
{
	struct slice who = akv_challenge(challenge, "authorization");
	struct slice what = akv_challenge(challenge, "resource");
	struct bearer_claims is;

	if (what.n == 0)
		what = akv_challenge(challenge, "scope");
	bearer_claims(bearer, &is);
	if (what.n > 0 && is.aud.n > 0 &&
	    !same_resource(slice_buf(&is.aud), what))
		(void)err_hint(e, "it wants an access token for %.*s, and this "
		    "one is for %.*s; --resource chooses",
		    (int)slice_head(what, 120).n, (const char *)what.p,
		    (int)slice_head(slice_buf(&is.aud), 120).n,
		    (const char *)is.aud.p);
	else if (who.n > 0 && is.tid.n > 0 &&
	    !contains(who, slice_buf(&is.tid)))
		(void)err_hint(e, "it wants an access token from %.*s, and "
		    "this one is of tenant %.*s", (int)slice_head(who, 120).n,
		    (const char *)who.p,
		    (int)slice_head(slice_buf(&is.tid), 120).n,
		    (const char *)is.tid.p);
	else if (is.exp > 0 && is.exp <= now)
		expired(is.exp, e);
	else if (what.n > 0)
		(void)err_hint(e, "it wants an access token for %.*s from "
		    "%.*s%s", (int)slice_head(what, 120).n,
		    (const char *)what.p, (int)slice_head(who, 120).n,
		    (const char *)who.p, is.aud.n + is.tid.n > 0 ||
		    is.exp > 0 ? "" : "; this one is no JWT of Entra ID");
	else
		(void)err_hint(e, "the access token is for another resource "
		    "or tenant, or has expired");
	bearer_claims_free(&is);
}

bool
akv_refused_target(const struct service_answer *a)
{
	struct service_error said;
	bool yes;

	if (a->status != 403)
		return false;
	(void)service_error_read(a->body, &said);
	yes = slice_is(slice_buf(&said.inner), "AccessDenied") ||
	    contains(slice_buf(&said.message), slice_str("attestation"));
	service_error_free(&said);
	return yes;
}

const char *
akv_hint(long status, const char *text)
{
	size_t i;

	for (i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints[i].status == status && (hints[i].word == NULL ||
		    strcasestr(text, hints[i].word) != NULL))
			return hints[i].hint;
	return NULL;
}

int
akv_refused(const struct service_answer *a, struct slice bearer, int64_t now,
    struct err *e)
{
	const char *hint;

	(void)service_refused(a, e);
	if (a->status == 401 && strstr(e->text, "AKV10046") != NULL)
		(void)err_hint(e, "the vault could not check the access token "
		    "just then; trying again may help");
	else if (a->status == 401)
		compare(a->challenge, bearer, now, e);
	else if ((hint = akv_hint(a->status, e->text)) != NULL)
		(void)err_hint(e, "%s", hint);
	return -1;
}

int
akv_unshown(const struct service_answer *a, struct slice bearer, int64_t now,
    struct err *e)
{
	(void)akv_refused(a, bearer, now, e);
	if (a->status != 403 ||
	    strstr(e->text, "ForbiddenByFirewall") != NULL ||
	    strstr(e->text, "ForbiddenByConnection") != NULL)
		return -1;
	return err_hint(e, "to read a key is another permission than to "
	    "release it: keys/get, as the role Key Vault Crypto User has");
}
