/* out.c -- see out.h. */
#include "token/out.h"

#include <stdlib.h>

#include "token/claimtable.h"
#include "token/features.h"
#include "ground/text.h"

int
token_programs_new(const char *print, const char *const *require, size_t n,
    struct token_programs *out, struct err *e)
{
	struct token_programs p = {0};
	size_t i;

	p.require = calloc(n + 1, sizeof(struct filter *));
	if (p.require == NULL)
		err_nomem();
	if (print != NULL && filter_new(print, &p.print, e) < 0) {
		(void)err_in(e, "-j");
		goto fail;
	}
	for (i = 0; i < n; i++, p.n++)
		if (filter_new(require[i], &p.require[i], e) < 0) {
			(void)err_in(e, "--require");
			goto fail;
		}
	*out = p;
	return 0;
fail:
	token_programs_free(&p);
	return -1;
}

void
token_programs_free(struct token_programs *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		filter_free(p->require[i]);
	filter_free(p->print);
	free(p->require);
	*p = (struct token_programs){0};
}

int
token_require(const struct token *t, const struct token_programs *p,
    struct err *e)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (filter_true(p->require[i], t->claims, e) < 0)
			return err_in(e, "--require");
	return 0;
}

void
token_require_answers(const struct token *t, const struct token_programs *p,
    const char *const *texts, struct answers *all)
{
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < p->n; i++) {
		ret = filter_true(p->require[i], t->claims, &e);
		answers_add(all, "expression", slice_str(texts[i]), ret, &e);
	}
}

enum token_format
token_format_by_name(const char *name)
{
	static const char *const names[] = {"json", "header", "features",
	    "table"};
	size_t i;

	for (i = 0; i < 4 && strcmp(name, names[i]) != 0; i++)
		continue;
	return (enum token_format)i;
}

/* JSON from outside may hold what a terminal would obey. */
static void
tame(const struct token_style *style, size_t was, struct buf *out)
{
	struct buf tamed = {0};

	if (!style->terminal)
		return;
	text_escape_json(slice_from(slice_buf(out), was), &tamed);
	buf_cut(out, was);
	buf_add(out, slice_buf(&tamed));
	buf_free(&tamed);
}

int
token_print(const struct token *t, const struct token_style *style,
    const struct token_programs *p, struct buf *out, bool *complete,
    struct err *e)
{
	struct feature f[FEATURES];
	size_t was = out->n;

	*complete = true;
	if (p->print != NULL) {
		if (filter_run(p->print, t->claims, style->raw,
		    out, e) < 0)
			return -1;
		tame(style, was, out);
		return 0;
	}
	switch (style->format) {
	case TOKEN_JSON:
		json_compact(t->claims, out);
		buf_addc(out, '\n');
		tame(style, was, out);
		break;
	case TOKEN_HEADER:
		json_compact(json_root(t->jws.head), out);
		buf_addc(out, '\n');
		tame(style, was, out);
		break;
	case TOKEN_FEATURES:
		*complete = features_of(t->claims, style->verified, f);
		features_print(f, style->marks, out);
		features_provider(t->claims, style->marks, out);
		features_free(f);
		break;
	case TOKEN_TABLE:
		claimtable_print(t->claims, style->width, out);
		break;
	case TOKEN_HTML:
		break;
	}
	return 0;
}

static void
complain(uint64_t number, const struct err *e,
    const struct token_style *style, struct buf *out)
{
	size_t was = out->n;

	buf_addf(out, "{\"line\":%llu,\"status\":%d,\"error\":",
	    (unsigned long long)number, (int)e->code);
	json_quote(slice_str(e->text), out);
	buf_adds(out, "}\n");
	tame(style, was, out);
}

static int
one_line(struct slice line, const struct token_rules *rules,
    const struct token_style *style, struct token_keys *keys,
    const struct token_programs *p, struct buf *out, struct err *e)
{
	size_t was = out->n;
	struct token t;
	bool complete;
	int ret;

	if (token_judge(line, rules, keys, &t, e) < 0)
		return -1;
	ret = token_require(&t, p, e);
	if (ret == 0)
		ret = token_print(&t, style, p, out, &complete, e);
	if (ret == 0 && (out->n == was || slice_find(slice_from(slice_buf(out),
	    was), '\n') != out->n - was - 1))
		ret = err_set(e, E_NO,
		    "-j: not one value, which a line must have");
	if (ret < 0)
		buf_cut(out, was);
	token_free(&t);
	return ret;
}

int
token_lines(struct slice lines, uint64_t first,
    const struct token_rules *rules, const struct token_style *style,
    struct token_keys *keys, const struct token_programs *p, struct buf *out)
{
	struct slice line;
	struct err e;
	int worst = E_OK;

	for (; lines.n > 0; first++) {
		line = slice_head(lines, slice_find(lines, '\n'));
		lines = slice_from(lines, line.n + 1);
		if (one_line(line, rules, style, keys, p, out, &e) == 0)
			continue;
		complain(first, &e, style, out);
		if ((int)e.code > worst)
			worst = (int)e.code;
	}
	return worst;
}
