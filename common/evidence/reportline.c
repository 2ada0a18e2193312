/* reportline.c -- see reportline.h. */
#include "evidence/reportline.h"

#include "codec/b64.h"
#include "policy/rego.h"
#include "value/json.h"

enum { REPORT, CERTS, ENDORSEMENT, POLICY, RUNTIME, ID, MEMBERS };

static const char *const names[MEMBERS] = {"report", "certs", "endorsement",
    "policy", "runtime", "id"};

static int
read_report(struct slice text, struct reportline *l, struct err *e)
{
	if (snp_decode(text, &l->raw, e) < 0)
		return -1;
	l->report = slice_buf(&l->raw);
	l->in_hcl = hcl_is(l->report);
	if (l->in_hcl && hcl_read(l->report, &l->hcl, e) < 0)
		return -1;
	if (l->in_hcl)
		l->report = l->hcl.report;
	return snp_check(l->report, e);
}

static int
read_base64(struct slice text, struct buf *out, struct err *e)
{
	if (text.n == 0)
		return err_set(e, E_INPUT, "empty");
	return b64_decode(text, B64_TEXT, out, e);
}

static int
read_policy(struct slice text, struct reportline *l, struct err *e)
{
	struct buf raw = {0};
	int ret = 0;

	if (rego_is(text))
		buf_add(&raw, text);
	else
		ret = read_base64(text, &raw, e);
	if (ret == 0) {
		hash_sha256(slice_buf(&raw), l->policy);
		l->has_policy = true;
	}
	buf_free(&raw);
	return ret;
}

static int
read_runtime(struct slice text, struct reportline *l, struct err *e)
{
	struct buf raw = {0};
	int ret = read_base64(text, &raw, e);

	if (ret == 0) {
		snp_runtime_report_data(slice_buf(&raw), l->report_data);
		l->has_runtime = true;
	}
	buf_free(&raw);
	return ret;
}

/* One member that is a text. */
static int
read_text(int which, struct json_val v, struct reportline *l, struct err *e)
{
	struct buf text = {0};
	struct slice s;
	int ret;

	if ((ret = json_text(v, names[which], &text, e)) < 0)
		goto out;
	s = slice_buf(&text);
	if (which == CERTS && s.n == 0)
		ret = err_set(e, E_INPUT, "empty");
	else if (which == CERTS)
		buf_add(&l->certs, s);
	else
		ret = which == REPORT ? read_report(s, l, e) :
		    which == ENDORSEMENT ? read_base64(s, &l->endorsement, e) :
		    which == POLICY ? read_policy(s, l, e) :
		    read_runtime(s, l, e);
	if (ret < 0 && which != REPORT)
		(void)err_in(e, "%s", names[which]);
out:
	buf_free(&text);
	return ret;
}

static int
find_name(struct json_val member)
{
	struct buf name = {0};
	struct err ignored;
	int i = MEMBERS;

	if (json_text(json_name(member), "name", &name, &ignored) == 0)
		for (i = 0; i < MEMBERS && !slice_is(slice_buf(&name),
		    names[i]); i++)
			;
	buf_free(&name);
	return i;
}

/* The id first, so that whatever is wrong with the rest can be said of it. */
static int
read_members(struct json_val root, struct reportline *l, struct err *e)
{
	struct json_val v = json_get(root, names[ID]);
	struct slice name;
	int which;

	if (json_has(v))
		json_compact(v, &l->id);
	for (v = json_first(root); json_has(v); v = json_next(v)) {
		name = json_span(json_name(v));
		if ((which = find_name(v)) == MEMBERS)
			return err_set(e, E_INPUT, "no member that is known: "
			    "%.*s", (int)slice_head(name, 80).n,
			    (const char *)name.p);
		if (which == CERTS && json_is(v, JSON_OBJECT))
			json_compact(v, &l->certs);
		else if (which != ID && read_text(which, v, l, e) < 0)
			return -1;
	}
	return l->report.n > 0 ? 0 : err_set(e, E_INPUT, "no report");
}

int
reportline_read(struct slice line, struct reportline *l, struct err *e)
{
	struct slice s = slice_trim(line);
	struct json *json;
	int ret;

	if (line.n > REPORTLINE_MAX)
		return err_set(e, E_INPUT, "longer than %d bytes",
		    REPORTLINE_MAX);
	if (s.n == 0)
		return err_set(e, E_INPUT, "empty");
	if (s.p[0] != '{')
		return read_report(s, l, e);
	if (json_parse(s, &json, e) < 0)
		return -1;
	ret = read_members(json_root(json), l, e);
	json_free(json);
	return ret;
}

void
reportline_clear(struct reportline *l)
{
	struct reportline was = *l;

	buf_cut(&was.raw, 0);
	buf_cut(&was.certs, 0);
	buf_cut(&was.endorsement, 0);
	buf_cut(&was.id, 0);
	*l = (struct reportline){.raw = was.raw, .certs = was.certs,
	    .endorsement = was.endorsement, .id = was.id};
}

void
reportline_free(struct reportline *l)
{
	buf_free(&l->raw);
	buf_free(&l->certs);
	buf_free(&l->endorsement);
	buf_free(&l->id);
	*l = (struct reportline){0};
}
