/* inject.c -- see inject.h. */
#include "generate/inject.h"

#include <stdlib.h>

#include "generate/quote.h"
#include "value/yaml.h"

static const char props_name[] = "properties";
static const char cc_name[] = "confidentialComputeProperties";
static const char cce_name[] = "ccePolicy";

/* --- what is there ----------------------------------------------------- */

static int
carried_pod(const struct want_group *g, struct buf *base64, struct err *e)
{
	struct json_val v;

	v = json_get(json_get(json_get(g->pod, "metadata"), "annotations"),
	    INJECT_ANNOTATION);
	if (!json_has(v) || json_is(v, JSON_NULL))
		return 0;
	return json_text(v, INJECT_ANNOTATION, base64, e);
}

int
inject_carried(const struct wants *w, const struct want_group *g,
    struct json_val parameters, struct buf *base64, struct err *e)
{
	struct template *t;
	struct arm v;
	int ret;

	if (w->pods)
		return carried_pod(g, base64, e);
	t = template_new(parameters);
	ret = template_get(t, template_turn(t, g->place, g->turn), props_name,
	    &v, e);
	if (ret == 0)
		ret = template_get(t, v, cc_name, &v, e);
	if (ret == 0)
		ret = template_member(t, v, slice_str(cce_name), &v, e);
	if (ret == 0 && json_has(v.v) && !json_is(v.v, JSON_NULL) &&
	    (ret = template_string(t, v, base64, e)) < 0)
		(void)err_in(e, "%s", cce_name);
	template_free(t);
	return ret;
}

/* --- templates --------------------------------------------------------- */

/* The object that is a member as it stands; nothing if it is absent, E_INPUT
 * for anything but an object. */
static int
object_of(struct template *t, struct json_val v, const char *name,
    struct json_val *out, struct err *e)
{
	struct arm at;

	if (template_member(t, arm_of(v), slice_str(name), &at, e) < 0)
		return -1;
	*out = at.v;
	if (json_has(at.v) && (at.copied || !json_is(at.v, JSON_OBJECT)))
		return err_set(e, E_INPUT, "%s: %s, into which nothing can be "
		    "put", name, json_kind_name(at.v));
	return 0;
}

/* Where the policy of a group is to stand. */
static int
edit_of(struct template *t, struct json_val resource, struct slice base64,
    struct quote_edit *out, struct err *e)
{
	struct json_val props, cc;
	struct arm cce;

	if (object_of(t, resource, props_name, &props, e) < 0 ||
	    object_of(t, props, cc_name, &cc, e) < 0 ||
	    template_member(t, arm_of(cc), slice_str(cce_name), &cce, e) < 0)
		return -1;
	*out = (struct quote_edit){.at = props, .outer = cc_name,
	    .name = cce_name, .value = base64};
	if (json_has(cc)) {
		out->at = cc;
		out->outer = NULL;
	}
	if (json_has(cce.v)) {
		out->at = cce.v;
		out->name = NULL;
	}
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct quote_edit *x = a, *y = b;

	return (x->at.at > y->at.at) - (x->at.at < y->at.at);
}

/* The edits of all groups, in the order of their places. */
static int
edits(const struct wants *w, const struct slice *base64,
    struct quote_edit **out, size_t *n, struct err *e)
{
	struct template *t = template_new((struct json_val){0});
	struct quote_edit *v = calloc(w->n + 1, sizeof *v);
	size_t i;
	int ret = 0;

	if (v == NULL)
		err_nomem();
	*n = 0;
	for (i = 0; ret == 0 && i < w->n; i++) {
		if (base64[i].n == 0)
			continue;
		ret = edit_of(t, w->v[i].place, base64[i], &v[*n], e);
		if (ret < 0) {
			(void)err_in(e, "%.*s", (int)w->v[i].name.n,
			    (const char *)w->v[i].name.p);
		} else if (*n > 0 && v[*n - 1].at.at == v[*n].at.at) {
			if (!slice_eq(v[*n - 1].value, base64[i]))
				ret = err_set(e, E_INPUT, "%.*s: the turns of "
				    "its copy loop have policies that differ",
				    (int)w->v[i].name.n,
				    (const char *)w->v[i].name.p);
		} else {
			++*n;
		}
	}
	template_free(t);
	if (*n > 0)
		qsort(v, *n, sizeof *v, by_place);
	*out = v;
	return ret;
}

int
inject_rewrite(struct json_val root, const struct wants *w,
    const struct slice *base64, struct buf *out, struct err *e)
{
	struct quote_edit *v;
	size_t n;
	int ret;

	ret = edits(w, base64, &v, &n, e);
	if (ret == 0)
		ret = quote_json_edited(root, v, n, out, e);
	free(v);
	return ret;
}

/* What is put behind the last member of an object, as its own members are
 * set. */
static void
add_behind(struct json_val object, const struct quote_edit *edit,
    struct buf *out)
{
	struct json_val first = json_name(json_first(object));
	struct slice all = json_span(object), blanks = {0};

	if (json_has(first))
		blanks = slice_of(all.p + 1,
		    (size_t)(json_span(first).p - all.p) - 1);
	buf_adds(out, json_has(first) ? "," : "");
	buf_add(out, blanks);
	if (edit->outer != NULL)
		buf_addf(out, "\"%s\": {", edit->outer);
	buf_addf(out, "\"%s\": \"", edit->name);
	buf_add(out, edit->value);
	buf_adds(out, edit->outer != NULL ? "\"}" : "\"");
}

/* Where the last member of an object ends, or an empty one begins. */
static const uint8_t *
end_of(struct json_val object)
{
	struct json_val v, last = {0};
	struct slice s;

	for (v = json_first(object); json_has(v); v = json_next(v))
		last = v;
	if (!json_has(last))
		return json_span(object).p + 1;
	s = json_span(last);
	return s.p + s.n;
}

static int
splice_template(struct slice text, const struct wants *w,
    const struct slice *base64, struct buf *out, struct err *e)
{
	const uint8_t *done = text.p, *at;
	struct quote_edit *v;
	struct slice s;
	size_t n, i;
	int ret;

	ret = edits(w, base64, &v, &n, e);
	for (i = 0; ret == 0 && i < n; i++) {
		s = json_span(v[i].at);
		at = v[i].name == NULL ? s.p : end_of(v[i].at);
		buf_add(out, slice_of(done, (size_t)(at - done)));
		done = at;
		if (v[i].name != NULL) {
			add_behind(v[i].at, &v[i], out);
			continue;
		}
		buf_addc(out, '"');
		buf_add(out, v[i].value);
		buf_addc(out, '"');
		done += s.n;
	}
	if (ret == 0)
		buf_add(out, slice_from(text, (size_t)(done - text.p)));
	free(v);
	return ret;
}

/* --- manifests --------------------------------------------------------- */

enum { PATH_MAX_NAMES = 16 };

/* The names that lead to the pod's annotation, and its document. */
static int
path_of(const struct want_group *g, char *name[PATH_MAX_NAMES], size_t *n,
    size_t *document, struct err *e)
{
	struct json_val v, up;
	struct buf text = {0};
	char *first;
	size_t i;

	*n = 0;
	for (v = g->pod; v.at != g->place.at; v = json_parent(v)) {
		buf_cut(&text, 0);
		if (*n == PATH_MAX_NAMES - 3 ||
		    json_text(json_name(v), "name", &text, e) < 0)
			break;
		name[(*n)++] = slice_dup(slice_buf(&text));
	}
	buf_free(&text);
	for (i = 0; i < *n / 2; i++) {
		first = name[i];
		name[i] = name[*n - 1 - i];
		name[*n - 1 - i] = first;
	}
	name[(*n)++] = slice_dup(slice_str("metadata"));
	name[(*n)++] = slice_dup(slice_str("annotations"));
	name[(*n)++] = slice_dup(slice_str(INJECT_ANNOTATION));
	*document = 0;
	for (up = json_first(json_parent(g->place)); up.at != g->place.at;
	    up = json_next(up))
		++*document;
	return v.at == g->place.at ? 0 :
	    err_set(e, E_INPUT, "nested too deeply");
}

/* One annotation set. */
static int
splice_pod(struct slice text, const struct want_group *g,
    struct slice base64, struct buf *out, struct err *e)
{
	char *name[PATH_MAX_NAMES];
	const char *path[PATH_MAX_NAMES];
	size_t n, document, i;
	int ret;

	ret = path_of(g, name, &n, &document, e);
	for (i = 0; i < n; i++)
		path[i] = name[i];
	if (ret == 0)
		ret = yaml_set(text, document, path, n, base64, out, e);
	for (i = 0; i < n; i++)
		free(name[i]);
	return ret;
}

static int
splice_pods(struct slice text, const struct wants *w,
    const struct slice *base64, struct buf *out, struct err *e)
{
	struct buf now = {0}, next = {0};
	size_t i;
	int ret = 0;

	buf_add(&now, text);
	for (i = 0; ret == 0 && i < w->n; i++) {
		if (base64[i].n == 0)
			continue;
		buf_cut(&next, 0);
		ret = splice_pod(slice_buf(&now), &w->v[i], base64[i], &next,
		    e);
		if (ret < 0)
			(void)err_in(e, "%.*s", (int)w->v[i].name.n,
			    (const char *)w->v[i].name.p);
		buf_cut(&now, 0);
		buf_add(&now, slice_buf(&next));
	}
	if (ret == 0)
		buf_add(out, slice_buf(&now));
	buf_free(&now);
	buf_free(&next);
	return ret;
}

/* --- both -------------------------------------------------------------- */

/* Every group of the result carries its policy. */
static int
check(struct json_val root, const struct want_rules *rules,
    const struct slice *base64, struct err *e)
{
	struct wants again = {0};
	struct buf text = {0};
	size_t i;
	int ret;

	ret = wants_find(root, rules, &again, e);
	for (i = 0; ret == 0 && i < again.n; i++) {
		buf_cut(&text, 0);
		ret = inject_carried(&again, &again.v[i], rules->parameters,
		    &text, e);
		if (ret == 0 && base64[i].n > 0 &&
		    !slice_eq(slice_buf(&text), base64[i]))
			ret = err_set(e, E_INPUT, "the policy cannot be put "
			    "there");
	}
	buf_free(&text);
	wants_free(&again);
	return ret;
}

int
inject_splice(struct slice text, const struct wants *w,
    const struct want_rules *rules, const struct slice *base64,
    struct buf *out, struct err *e)
{
	struct buf done = {0}, made = {0};
	struct json *doc = NULL;
	int ret;

	ret = w->pods ? splice_pods(text, w, base64, &done, e) :
	    splice_template(text, w, base64, &done, e);
	if (ret == 0 && w->pods)
		ret = yaml_to_json_whole(slice_buf(&done), &made, e);
	if (ret == 0)
		ret = json_parse(slice_buf(w->pods ? &made : &done), &doc, e);
	if (ret == 0)
		ret = check(json_root(doc), rules, base64, e);
	if (ret == 0)
		buf_add(out, slice_buf(&done));
	json_free(doc);
	buf_free(&made);
	buf_free(&done);
	return ret;
}
