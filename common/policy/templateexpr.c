/* templateexpr.c -- expressions: read and evaluated in one go.  See
 * template.h. */
#include "policy/template_in.h"

#include <stdlib.h>

#include "policy/templatelex.h"

/* An expression being read. */
struct expr {
	struct slice left;
	struct arm at;		/* the string it stands in */
	struct template *t;
	int skipped;		/* only read: it is not wanted */
	struct err *e;
};

static int expression(struct expr *, struct result *);

/* What stands in the way of reading on. */
static int
unread(struct expr *x, const char *wanted)
{
	return err_set(x->e, E_INPUT, "expression: %s expected before "
	    "'%.*s'", wanted, (int)(x->left.n < 20 ? x->left.n : 20),
	    (const char *)x->left.p);
}

static void
args_free(struct template_call *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		result_free(&c->arg[i]);
	free(c->arg);
}

static struct result *
args_add(struct template_call *c)
{
	struct result *more = c->arg;

	if ((c->n & (c->n - 1)) == 0)
		more = realloc(c->arg, (c->n == 0 ? 1 : c->n * 2) *
		    sizeof *more);
	if (more == NULL)
		err_nomem();
	c->arg = more;
	c->arg[c->n] = (struct result){0};
	return &c->arg[c->n];
}

/* The arguments of a function, up to and with its ')'. */
static int
arguments(struct expr *x, const struct template_function *f,
    struct template_call *c)
{
	bool want;
	int ret = 0;

	if (!templatelex_eat(&x->left, '('))
		return unread(x, "'('");
	if (templatelex_eat(&x->left, ')'))
		return 0;
	while (ret == 0) {
		want = f == NULL || f->wants == NULL || x->skipped > 0 ||
		    f->wants(c);
		x->skipped += !want;
		ret = expression(x, args_add(c));
		x->skipped -= !want;
		c->n++;
		if (ret == 0 && !templatelex_eat(&x->left, ','))
			break;
	}
	if (ret == 0 && !templatelex_eat(&x->left, ')'))
		ret = unread(x, "')'");
	return ret;
}

static int
call(struct expr *x, struct slice name, struct result *out)
{
	const struct template_function *f = template_function(name);
	struct template_call c = {.t = x->t, .at = x->at, .e = x->e};
	int ret;

	if (f == NULL && x->skipped == 0)
		return template_wrong(x->e, "function", name,
		    "is not evaluated here");
	ret = template_step(x->t, 1, x->e);
	if (ret == 0)
		ret = arguments(x, f, &c);
	if (ret == 0 && f != NULL && x->skipped == 0) {
		if (c.n < f->min || c.n > f->max)
			ret = template_wrong(x->e, "function", name,
			    "has another number of arguments");
		else
			ret = f->call(&c, out);
	}
	args_free(&c);
	return ret;
}

/* An index: a whole number that is not negative. */
static bool
is_index(const struct result *r, size_t *i)
{
	int64_t n;

	if (r->own || r->v.copied || !json_int(r->v.v, &n) || n < 0)
		return false;
	*i = (size_t)n;
	return true;
}

/* What stands behind the value, name or index. */
static int
step_to(struct expr *x, const struct result *name, struct result *out)
{
	struct buf shown = {0};
	struct arm v = {0};
	size_t i = 0;
	int ret = 0;

	if (name->own && !out->own) {
		buf_add(&shown, slice_buf(&name->text));
		ret = template_member(x->t, out->v, slice_buf(&name->text),
		    &v, x->e);
	} else if (is_index(name, &i)) {
		buf_addf(&shown, "%zu", i);
		if (!out->own)
			ret = template_element(x->t, out->v, i, &v, x->e);
	} else {
		ret = unread(x, "a name or an index");
	}
	if (ret == 0 && !json_has(v.v))
		ret = template_wrong(x->e, "expression:", slice_buf(&shown),
		    "is not in the value");
	buf_free(&shown);
	return ret < 0 ? -1 : template_result(x->t, v, out, x->e);
}

/* .name, ['name'] or [0] behind a value. */
static int
step(struct expr *x, bool bracket, struct result *out)
{
	struct result name = {0};
	int ret = 0;

	if (bracket) {
		ret = expression(x, &name);
		if (ret == 0 && !templatelex_eat(&x->left, ']'))
			ret = unread(x, "']'");
	} else {
		name.own = true;
		buf_add(&name.text, templatelex_word(&x->left));
		if (name.text.n == 0)
			ret = unread(x, "a name");
	}
	if (ret == 0 && x->skipped == 0)
		ret = step_to(x, &name, out);
	result_free(&name);
	return ret;
}

/* A whole number; the sign has been read. */
static int
number(struct expr *x, bool minus, struct slice digits, struct result *out)
{
	struct buf text = {0};
	size_t i;
	int ret = 0;

	for (i = 0; i < digits.n; i++)
		if (digits.p[i] < '0' || digits.p[i] > '9')
			ret = template_wrong(x->e, "expression:", digits,
			    "is no number");
	if (ret == 0 && digits.n == 0)
		ret = unread(x, "a number");
	if (ret == 0) {
		buf_adds(&text, minus ? "-" : "");
		buf_add(&text, digits);
		result_free(out);
		ret = template_make(x->t, &text, &out->v, x->e);
	}
	buf_free(&text);
	return ret;
}

/* What an expression begins with. */
static int
first(struct expr *x, struct result *out)
{
	struct slice w;

	if (templatelex_at(&x->left, '\'')) {
		out->own = true;
		return templatelex_quoted(&x->left, &out->text) ? 0 :
		    unread(x, "the end of a text");
	}
	if (templatelex_eat(&x->left, '-'))
		return number(x, true, templatelex_word(&x->left), out);
	w = templatelex_word(&x->left);
	if (w.n == 0)
		return unread(x, "a function");
	if (w.p[0] >= '0' && w.p[0] <= '9')
		return number(x, false, w, out);
	return call(x, w, out);
}

static int
expression(struct expr *x, struct result *out)
{
	int ret;

	result_free(out);
	if (x->t->nested == TEMPLATE_NESTED_MAX)
		return err_set(x->e, E_INPUT, "expressions in expressions, "
		    "more than %d", TEMPLATE_NESTED_MAX);
	x->t->nested++;
	ret = first(x, out);
	while (ret == 0) {
		if (templatelex_eat(&x->left, '.'))
			ret = step(x, false, out);
		else if (templatelex_eat(&x->left, '['))
			ret = step(x, true, out);
		else
			break;
	}
	x->t->nested--;
	return ret;
}

int
template_expression(struct template *t, struct arm v, struct slice text,
    struct result *r, struct err *e)
{
	struct expr x = {.left = text, .at = v, .t = t, .e = e};

	if (expression(&x, r) < 0)
		return -1;
	(void)templatelex_at(&x.left, 0);
	if (x.left.n > 0)
		return template_wrong(e, "expression:", x.left,
		    "is not evaluated here");
	return 0;
}
