/* policy -- a template, configuration or manifest and, each behind a zero
 * byte, its parameters file and the configuration of all its images: made into
 * policies, which are put into it and found again. */
#include <stdlib.h>

#include "codec/b64.h"
#include "generate/inject.h"
#include "generate/policy.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { CONTAINERS_MAX = 32, GROUPS_MAX = 16 };

struct input {
	struct slice text, config;
	struct json *given, *doc;
	struct buf json;
	struct want_rules rules;
	struct wants wants;
	struct buf base64[GROUPS_MAX];
};

static struct slice
part(struct slice *left)
{
	struct slice one = slice_head(*left, slice_find(*left, 0));

	*left = slice_from(*left, one.n + 1);
	return one;
}

static int
parse(struct input *in, struct err *e)
{
	if (in->text.n > 0 && in->text.p[0] == '{')
		return json_parse(in->text, &in->doc, e);
	if (yaml_to_json_whole(in->text, &in->json, e) < 0)
		return -1;
	return json_parse(slice_buf(&in->json), &in->doc, e);
}

/* The text is ASCII, and a failure leaves none. */
static void
make(struct input *in, size_t i, const struct generate_image *image)
{
	struct generate_rules rules = {.stdio = true, .debug = i % 2 == 1,
	    .omit_id = i % 3 == 1};
	struct buf text = {0};
	struct err e = {0};
	size_t j;

	if (generate_policy(&in->wants.v[i], image, &rules, &text, &e) < 0) {
		if (text.n > 0 || e.code != E_INPUT)
			abort();
	} else {
		for (j = 0; j < text.n; j++)
			if (text.p[j] >= 0x80 || (text.p[j] < 0x20 &&
			    text.p[j] != '\n'))
				abort();
		b64_encode(slice_buf(&text), B64_STD | B64_PAD,
		    &in->base64[i]);
	}
	buf_free(&text);
}

static void
inject(struct input *in)
{
	struct slice values[GROUPS_MAX];
	struct buf out = {0}, carried = {0};
	struct err e = {0};
	size_t i;

	for (i = 0; i < in->wants.n; i++) {
		values[i] = slice_buf(&in->base64[i]);
		(void)inject_carried(&in->wants, &in->wants.v[i],
		    in->rules.parameters, &carried, &e);
	}
	if (json_is(json_root(in->doc), JSON_OBJECT) &&
	    !json_has(json_get(json_root(in->doc), "resources")))
		goto out;
	/* what is spliced is checked by what does it */
	if (inject_splice(in->text, &in->wants, &in->rules, values, &out,
	    &e) < 0 && e.code != E_INPUT)
		abort();
	buf_cut(&out, 0);
	if (!in->wants.pods && inject_rewrite(json_root(in->doc), &in->wants,
	    values, &out, &e) < 0 && e.code != E_INPUT)
		abort();
out:
	buf_free(&out);
	buf_free(&carried);
}

static void
try(struct input *in)
{
	static const uint8_t roots[1][32];
	struct generate_image image[CONTAINERS_MAX];
	struct err e = {0};
	size_t i;

	if (parse(in, &e) < 0 || wants_find(json_root(in->doc), &in->rules,
	    &in->wants, &e) < 0) {
		if (e.code != E_INPUT)
			abort();
		return;
	}
	for (i = 0; i < CONTAINERS_MAX; i++)
		image[i] = (struct generate_image){in->config, 1, roots};
	if (in->wants.n > GROUPS_MAX)
		return;
	for (i = 0; i < in->wants.n; i++)
		if (in->wants.v[i].n <= CONTAINERS_MAX)
			make(in, i, image);
	inject(in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice left = slice_of(data, size), given;
	struct input in = {.rules.wildcards = true};
	struct err e;
	size_t i;

	in.text = part(&left);
	given = part(&left);
	in.config = part(&left);
	if (given.n > 0 && json_parse(given, &in.given, &e) == 0)
		in.rules.parameters = json_root(in.given);
	try(&in);
	for (i = 0; i < GROUPS_MAX; i++)
		buf_free(&in.base64[i]);
	wants_free(&in.wants);
	json_free(in.doc);
	json_free(in.given);
	buf_free(&in.json);
	return 0;
}
