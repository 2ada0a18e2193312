/* template -- an ARM template and, behind a line of "---", its parameters:
 * every string of it evaluated. */
#include <stdlib.h>

#include "policy/carrier.h"
#include "value/jsonpath.h"
#include "policy/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
evaluate(struct json_val root, struct json_val parameters)
{
	struct policy_ask ask = {.parameters = parameters};
	struct template *t = template_new(parameters);
	struct policies found = {0};
	struct buf out = {0};
	struct json_val v;
	struct err e = {0};
	size_t turns = 0;
	int left = 200;

	for (v = root; json_has(v) && left-- > 0; v = jsonpath_next(v)) {
		if (!json_is(v, JSON_STRING))
			continue;
		buf_cut(&out, 0);
		if (template_turns(t, v, &turns, &e) < 0 || turns == 0)
			continue;
		if (template_string(t, template_turn(t, v, turns - 1), &out,
		    &e) < 0 && (out.n > 0 || e.code != E_INPUT))
			abort();
	}
	template_free(t);
	if (carrier_find(root, &ask, &found, &e) < 0 && e.code != E_INPUT)
		abort();
	policies_free(&found);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of(data, size), file = {0};
	struct json *doc, *given = NULL;
	const uint8_t *cut;
	struct err e;

	cut = size > 0 ? memmem(data, size, "\n---\n", 5) : NULL;
	if (cut != NULL) {
		file = slice_from(all, (size_t)(cut - data) + 5);
		all.n = (size_t)(cut - data);
	}
	if (file.n > 0 && json_parse(file, &given, &e) < 0)
		return 0;
	if (json_parse(all, &doc, &e) == 0) {
		evaluate(json_root(doc), given != NULL ? json_root(given) :
		    (struct json_val){0});
		json_free(doc);
	}
	json_free(given);
	return 0;
}
