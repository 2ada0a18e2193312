/* rego -- a policy text: read, judged, listed and compared with itself.  What
 * is read has no difference from itself, and what is shown is JSON. */
#include <stdlib.h>

#include "lint/lint.h"
#include "policy/diff.h"
#include "policy/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must_parse(const struct buf *text)
{
	struct json *doc;
	struct err e;

	if (json_parse(slice_buf(text), &doc, &e) < 0)
		abort();
	json_free(doc);
}

static void
judge(const struct rego *r)
{
	struct buf out = {0};
	struct lint l;

	lint_policy(r, &l);
	/* what was not read is never said to be all right */
	if (json_count(rego_unread(r)) > 0 && lint_status(&l) == E_OK)
		abort();
	if (l.class == LINT_FRAMEWORK && json_count(rego_unread(r)) > 0)
		abort();
	lint_text(&l, &out);
	buf_cut(&out, 0);
	lint_json(&l, &out);
	must_parse(&out);
	lint_free(&l);
	buf_free(&out);
}

static void
show(const struct rego *r)
{
	struct policydiff d;
	struct buf out = {0};

	policylist_text(r, &out);
	buf_cut(&out, 0);
	policylist_json(r, &out);
	must_parse(&out);
	policydiff(r, r, &d);
	if (d.n > 0)
		abort();
	policydiff_text(&d, &out);
	buf_cut(&out, 0);
	policydiff_json(&d, &out);
	must_parse(&out);
	policydiff_free(&d);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = {0};
	struct rego r;
	struct err e = {0};

	/* inputs begin where the first statement does, those for Kata after
	 * an @ */
	if (size > 0 && data[0] == '@')
		buf_adds(&text, "package agent_policy\n");
	else
		buf_adds(&text, "package policy\n");
	buf_add(&text, slice_from(slice_of(data, size),
	    size > 0 && data[0] == '@'));
	if (rego_read(slice_buf(&text), &r, &e) == 0) {
		judge(&r);
		show(&r);
		rego_free(&r);
	} else if (e.code != E_INPUT) {
		abort();
	}
	buf_free(&text);
	return 0;
}
