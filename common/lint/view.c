/* view.c -- see view.h. */
#include "lint/view.h"

#include "codec/b64.h"
#include "codec/hex.h"
#include "lint/lint.h"
#include "policy/diff.h"
#include "policy/list.h"
#include "ground/sumline.h"
#include "ground/text.h"

static void
hash(const struct policyview *ask, const struct viewed *v, struct buf *out)
{
	struct slice sum = slice_of(v->sum, v->sum_n);
	struct buf text = {0};

	if (ask->base64)
		b64_encode(sum, B64_STD | B64_PAD, &text);
	else
		hex_encode(sum, &text);
	if (ask->titled || v->several) {
		sumline(slice_buf(&text), v->file, v->several ?
		    slice_buf(&v->policy->name) : (struct slice){0}, out);
	} else {
		buf_add(out, slice_buf(&text));
		buf_addc(out, '\n');
	}
	buf_free(&text);
}

/* What comes before a policy's lines. */
static void
title(const struct policyview *ask, const struct viewed *v, struct buf *out)
{
	if (!ask->titled && !v->several)
		return;
	text_escape(slice_str(v->file), out);
	if (v->several) {
		buf_addc(out, '#');
		text_escape(slice_buf(&v->policy->name), out);
	}
	buf_adds(out, ":\n");
}

static int
judge(const struct policyview *ask, const struct rego *r, struct buf *out,
    struct err *e)
{
	struct lint l;
	enum status s;
	size_t unsafe, broken;

	lint_policy(r, &l);
	if (ask->json)
		lint_json(&l, out);
	else
		lint_text(&l, out);
	s = lint_status(&l);
	unsafe = lint_count(&l, LINT_UNSAFE);
	broken = lint_count(&l, LINT_BROKEN);
	lint_free(&l);
	if (unsafe > 0)
		return err_set(e, E_NO, "%zu unsafe %s", unsafe,
		    unsafe == 1 ? "setting" : "settings");
	if (broken > 0)
		return err_set(e, E_NO, "%zu broken %s: what carries the "
		    "policy does not start", broken,
		    broken == 1 ? "setting" : "settings");
	return s == E_OK ? 0 : err_set(e, s, "not all of it can be assessed");
}

static int
compare(const struct policyview *ask, const struct rego *r, struct buf *out,
    struct err *e)
{
	struct policydiff d;
	struct rego old;
	enum status s;

	if (rego_read(ask->other, &old, e) < 0)
		return err_in(e, "the policy compared to");
	policydiff(&old, r, &d);
	if (ask->json)
		policydiff_json(&d, out);
	else
		policydiff_text(&d, out);
	s = policydiff_status(&d);
	if (s == E_NO)
		(void)err_set(e, E_NO, "it differs in %zu %s", d.n,
		    d.n == 1 ? "place" : "places");
	else if (s != E_OK)
		(void)err_set(e, s, "not all of it can be compared");
	policydiff_free(&d);
	rego_free(&old);
	return s == E_OK ? 0 : -1;
}

/* The views that need the policy read. */
static int
inside(const struct policyview *ask, const struct viewed *v, struct buf *out,
    struct err *e)
{
	struct rego r;
	int ret = 0;

	if (ask->what == VIEW_DIFF && slice_eq(ask->other, v->policy->text)) {
		if (ask->json)
			policydiff_json_bytes(out);
		else
			buf_adds(out, "same bytes\n");
		return 0;
	}
	if (rego_read(v->policy->text, &r, e) < 0)
		return -1;
	if (ask->what == VIEW_LINT)
		ret = judge(ask, &r, out, e);
	else if (ask->what == VIEW_DIFF)
		ret = compare(ask, &r, out, e);
	else if (ask->json)
		policylist_json(&r, out);
	else
		policylist_text(&r, out);
	rego_free(&r);
	return ret;
}

static int
as_json(const struct policyview *ask, const struct viewed *v,
    struct buf *out, struct err *e)
{
	static const char *const members[] = {NULL, NULL, "policy", "lint",
	    "diff"};
	enum hash algorithm;
	struct buf view = {0};
	struct slice hashed;
	int ret = 0;

	if (members[ask->what] != NULL) {
		ret = inside(ask, v, &view, e);
		if (ret < 0 && view.n == 0)
			return -1;
	}
	buf_adds(out, "{\"file\":");
	json_quote(slice_str(v->file), out);
	if (v->policy->name.n > 0) {
		buf_adds(out, ",\"name\":");
		json_quote(slice_buf(&v->policy->name), out);
	}
	hashed = policy_hashed(v->policy, &algorithm);
	buf_addf(out, ",\"%s\":\"", hash_name(algorithm));
	hex_encode(slice_of(v->sum, v->sum_n), out);
	buf_addf(out, "\",\"bytes\":%zu", hashed.n);
	if (v->policy->initdata)
		buf_adds(out, ",\"initdata\":true");
	if (members[ask->what] != NULL) {
		buf_addf(out, ",\"%s\":", members[ask->what]);
		buf_add(out, slice_buf(&view));
	}
	buf_adds(out, "}\n");
	buf_free(&view);
	return ret;
}

int
policyview(const struct policyview *ask, const struct viewed *v,
    struct buf *out, struct err *e)
{
	size_t was = out->n, titled;
	int ret;

	if (ask->what == VIEW_TEXT) {
		buf_add(out, v->policy->text);
		return 0;
	}
	if (ask->json)
		return as_json(ask, v, out, e);
	if (ask->what == VIEW_HASH) {
		hash(ask, v, out);
		return 0;
	}
	title(ask, v, out);
	titled = out->n;
	ret = inside(ask, v, out, e);
	if (ret < 0 && out->n == titled)
		buf_cut(out, was);
	return ret;
}
