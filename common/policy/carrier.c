/* carrier.c -- see carrier.h. */
#include "policy/carrier.h"

#include <strings.h>

#include "policy/hostdata.h"
#include "policy/jsonc.h"
#include "value/jsonpath.h"
#include "policy/template.h"
#include "ground/text.h"

static const char arm_name[] = "ccePolicy";
static const char initdata[] = "io.katacontainers.config.hypervisor."
    "cc_init_data";
static const char *const annotations[] = {
	"microsoft.containerinstance.virtualnode.ccepolicy",
	"virtual-kubelet.io/confidential-compute-cce-policy",
	"io.katacontainers.config.agent.policy",
	"io.microsoft.virtualmachine.lcow.securitypolicy",
	"io.microsoft.virtualmachine.wcow.securitypolicy",
	initdata,
};

/* What a member of that name carries: NULL if nothing for us. */
static const char *
carries(struct slice name)
{
	size_t i;

	if (name.n == sizeof arm_name - 1 &&
	    strncasecmp((const char *)name.p, arm_name, name.n) == 0)
		return arm_name;
	for (i = 0; i < sizeof annotations / sizeof *annotations; i++)
		if (slice_is(name, annotations[i]))
			return annotations[i];
	return NULL;
}

/* The string member "name" of an object or of its metadata. */
static struct json_val
name_in(struct json_val object)
{
	struct json_val v = json_get(object, "name");

	if (!json_is(v, JSON_STRING))
		v = json_get(json_get(object, "metadata"), "name");
	return v;
}

static void
name_it(struct template *t, struct arm at, struct buf *out)
{
	struct json_val up, name;
	struct arm arm = at;
	struct buf text = {0};
	struct err e;

	for (up = json_parent(at.v); json_has(up); up = json_parent(up)) {
		name = name_in(up);
		if (!json_is(name, JSON_STRING))
			continue;
		/* what is not evaluated stays as it is written */
		arm.v = name;
		if (template_string(t, arm, &text, &e) < 0)
			(void)json_text(name, "name", &text, &e);
		break;
	}
	if (text.n > 0)
		buf_add(out, slice_buf(&text));
	else
		jsonpath(at.v, out);
	buf_free(&text);
}

/* The value of a member that carries a policy. */
static void
add(struct template *t, struct arm at, const char *what, struct policies *out)
{
	struct policy *p = policies_add(out);

	name_it(t, at, &p->name);
	if (what == initdata) {
		(void)policy_is_initdata(&p->err);
	} else if (what == arm_name) {
		if (template_string(t, at, &p->from, &p->err) < 0)
			(void)err_in(&p->err, "%s", arm_name);
	} else {
		(void)json_text(at.v, what, &p->from, &p->err);
	}
	if (p->err.code != E_OK)
		return;
	policy_is_base64(p, slice_buf(&p->from), false);
	if (p->err.code != E_OK)
		(void)err_in(&p->err, "%s", what);
}

/* The value of cc_init_data: base64 of gzip, or of the document itself. */
static void
add_initdata(struct template *t, struct arm at, const struct policy_ask *ask,
    struct policies *out)
{
	size_t was = out->n;
	struct buf text = {0};
	struct policy *p;
	struct err e;
	int ret;

	ret = json_text(at.v, initdata, &text, &e);
	if (ret == 0)
		ret = ask->initdata->find(slice_buf(&text), ask, out, &e);
	p = out->n > was ? &out->v[was] : policies_add(out);
	name_it(t, at, &p->name);
	if (ret < 0)
		p->err = e;
	buf_free(&text);
}

/* A member of snp.hostData, which CCF's join policy is: its name is the hash
 * that its text is to have. */
static bool
is_joining(struct json_val v, struct slice name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (!((name.p[i] >= '0' && name.p[i] <= '9') ||
		    (name.p[i] >= 'a' && name.p[i] <= 'f')))
			return false;
	return name.n == (size_t)2 * SHA256_SIZE &&
	    json_text_is(json_name(json_parent(v)), "hostData") &&
	    json_text_is(json_name(json_parent(json_parent(v))), "snp");
}

static void
add_joining(struct json_val v, struct slice name, struct policies *out)
{
	struct policy *p = policies_add(out);
	uint8_t want[SHA256_SIZE], sum[SHA256_SIZE];

	buf_add(&p->name, name);
	if (json_text(v, "hostData", &p->own, &p->err) < 0)
		return;
	policy_is_raw(p, slice_buf(&p->own));
	if (p->err.code != E_OK || hostdata_parse(name, want, &p->err) < 0)
		return;
	hash_sha256(p->text, sum);
	(void)hostdata_check(p->text, (struct slice){0}, sum, want, &p->err);
}

/* Azure takes names in any case; then two of them are one too many. */
static int
refuse_twice(struct json_val v, struct err *e)
{
	struct json_val sib;
	struct buf name = {0};
	unsigned seen = 0;

	for (sib = json_first(json_parent(v)); json_has(sib);
	    sib = json_next(sib)) {
		buf_cut(&name, 0);
		(void)json_text(json_name(sib), "name", &name, e);
		seen += carries(slice_buf(&name)) == arm_name;
	}
	buf_free(&name);
	return seen < 2 ? 0 : err_set(e, E_INPUT, "two members of one object "
	    "are named %s", arm_name);
}

static int
none(struct json_val root, struct err *e)
{
	(void)err_set(e, E_INPUT, "no policy: no member is named %s, nor is "
	    "there an annotation with one", arm_name);
	if (json_has(json_get(root, "parameters")) &&
	    !json_has(json_get(root, "resources")))
		return err_hint(e, "a parameters file goes with its template: "
		    "--parameters");
	return -1;
}

/* The same, in each turn of the copy loops around it. */
static int
add_turns(struct template *t, struct json_val v, const char *what,
    const struct policy_ask *ask, struct policies *out, struct err *e)
{
	size_t i, n;
	struct arm at;

	if (template_turns(t, v, &n, e) < 0)
		return -1;
	for (i = 0; i < n; i++) {
		at = template_turn(t, v, i);
		if (what == initdata && ask->initdata != NULL)
			add_initdata(t, at, ask, out);
		else
			add(t, at, what, out);
	}
	return 0;
}

int
carrier_find(struct json_val root, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	struct template *t = template_new(ask->parameters);
	struct buf name = {0};
	struct json_val v;
	const char *what;
	int ret = 0;

	for (v = root; ret == 0 && json_has(v); v = jsonpath_next(v)) {
		/* a parameter's declaration is an object, no policy is null */
		if (!json_is(v, JSON_STRING) || !json_has(json_name(v)))
			continue;
		buf_cut(&name, 0);
		(void)json_text(json_name(v), "name", &name, e);
		if (is_joining(v, slice_buf(&name)))
			add_joining(v, slice_buf(&name), out);
		if ((what = carries(slice_buf(&name))) == NULL)
			continue;
		if (what == arm_name)
			ret = refuse_twice(v, e);
		if (ret == 0)
			ret = add_turns(t, v, what, ask, out, e);
	}
	template_free(t);
	buf_free(&name);
	if (ret == 0 && out->n == 0)
		ret = none(root, e);
	return ret;
}

/* A template from PowerShell begins with a mark, which Azure's tools take. */
static bool
is_marked(struct slice file)
{
	return slice_starts(file, "\xef\xbb\xbf");
}

static bool
is_json(struct slice file)
{
	struct slice s = jsonc_skip(slice_from(file, is_marked(file) ? 3 : 0));

	return slice_starts(s, "{") || slice_starts(s, "[");
}

static int
find_json(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	struct slice text = slice_from(file, is_marked(file) ? 3 : 0);
	struct buf clear = {0};
	struct json *doc;
	bool comments;
	int ret = 0;

	if (text_no_bom(text, "json", e) < 0)
		return -1;
	buf_add(&clear, text);
	comments = jsonc_clear(clear.p, clear.n);
	if (json_parse(slice_buf(&clear), &doc, e) < 0) {
		buf_free(&clear);
		return -1;
	}
	/* of a policy itself the mark is a part */
	if (policy_is_old(json_root(doc)))
		policy_is_raw(policies_add(out), file);
	else
		ret = carrier_find(json_root(doc), ask, out, e);
	if (ret == 0 && text.n < file.n && out->n > 0)
		out->v[0].notes |= POLICY_CARRIED_MARK;
	if (ret == 0 && comments && out->n > 0)
		out->v[0].notes |= POLICY_COMMENTS;
	json_free(doc);
	buf_free(&clear);
	return ret;
}

const struct policy_kind carrier_kind = {"json", is_json, find_json};
