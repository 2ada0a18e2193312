/* find.c -- see policy.h: the table of what carries policies, in the order its
 * rows are tried. */
#include "policy/policy.h"

#include "policy/bicep.h"
#include "policy/carrier.h"
#include "policy/rego.h"

enum { KINDS = 6 };

static int
find_rego(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	(void)ask;
	(void)e;
	policy_is_raw(policies_add(out), file);
	return 0;
}

static int
find_base64(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	(void)e;
	policy_is_base64(policies_add(out), file, ask->as != NULL);
	return 0;
}

static const struct policy_kind rego_kind = {"rego", rego_is, find_rego};
static const struct policy_kind base64_kind = {"base64", policy_may_be_base64,
    find_base64};

static int
unknown(struct slice file, struct err *e)
{
	if (policy_is_other(file, e) < 0)
		return -1;
	(void)err_set(e, E_INPUT, "no policy: neither Rego, whose first word "
	    "is \"package\", nor base64 of it, nor a document that carries "
	    "one");
	return err_hint(e, "policy-hash --as rego hashes it all the "
	    "same");
}

int
policies_find(struct slice file, const struct policy_ask *how,
    struct policies *out, struct err *e)
{
	const struct policy_ask ask = how != NULL ? *how :
	    (struct policy_ask){0};
	/* in the order they are tried */
	const struct policy_kind *const kinds[KINDS] = {&rego_kind,
	    &carrier_kind, ask.initdata, &bicep_kind, ask.yaml, &base64_kind};
	struct policies found = {0};
	size_t i;

	for (i = 0; i < KINDS; i++) {
		if (kinds[i] == NULL || (ask.as != NULL ?
		    strcmp(kinds[i]->name, ask.as) != 0 : !kinds[i]->is(file)))
			continue;
		if (kinds[i]->find(file, &ask, &found, e) < 0) {
			policies_free(&found);
			return -1;
		}
		*out = found;
		return 0;
	}
	return unknown(file, e);
}
