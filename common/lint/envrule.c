/* envrule.c -- see envrule.h.  A pattern is built as the platform builds it,
 * ^ before and $ behind, and then asked what could get through. */
#include "lint/envrule.h"

#include "lint/envname.h"
#include "lint/re2.h"

/* A rule in one of its forms, compiled: NAME=VALUE as a whole, or the two
 * apart, each either an expression or a text. */
struct form {
	bool apart;
	struct re2 *re[2];	/* the whole; or name and value */
	struct buf text[2];
	enum re2_fault fault;
	bool known;	/* every strategy is one that there is */
};

/* A text of the rule with its strategy. */
static void
part(struct form *f, int i, struct json_val text, struct json_val strategy)
{
	struct buf anchored = {0};
	enum re2_fault fault;
	struct err e;
	bool re2 = json_text_is(strategy, "re2");

	if (!json_is(text, JSON_STRING) ||
	    json_text(text, "rule", &f->text[i], &e) < 0 ||
	    (!re2 && !json_text_is(strategy, "string"))) {
		f->known = false;
	} else if (re2) {
		re2_anchor(slice_buf(&f->text[i]), &anchored);
		fault = re2_compile(slice_buf(&anchored), &f->re[i]);
		if (fault != RE2_GOOD && f->fault != RE2_WRONG)
			f->fault = fault;
		buf_free(&anchored);
	}
}

static void
form_make(struct form *f, struct json_val rule, bool apart)
{
	*f = (struct form){.apart = apart, .known = true};
	if (apart) {
		part(f, 0, json_get(rule, "name"),
		    json_get(rule, "name_strategy"));
		part(f, 1, json_get(rule, "value"),
		    json_get(rule, "value_strategy"));
	} else {
		part(f, 0, json_get(rule, "pattern"),
		    json_get(rule, "strategy"));
	}
}

static void
form_free(struct form *f)
{
	int i;

	for (i = 0; i < 2; i++) {
		re2_free(f->re[i]);
		buf_free(&f->text[i]);
	}
}

static bool
fits(struct re2 *re, const struct buf *text, struct slice s)
{
	return re != NULL ? re2_match(re, s) : slice_eq(slice_buf(text), s);
}

/* How many values the variable of that name may have. */
static enum re2_count
values(struct form *f, struct slice name)
{
	struct slice all = slice_buf(&f->text[0]);
	enum re2_count n;
	struct buf prefix = {0};

	if (f->apart)
		return !fits(f->re[0], &f->text[0], name) ? RE2_NONE :
		    f->re[1] == NULL ? RE2_ONE :
		    re2_after(f->re[1], (struct slice){0});
	if (f->re[0] == NULL)
		return slice_find(all, '=') < all.n && slice_eq(slice_head(all,
		    slice_find(all, '=')), name) ? RE2_ONE : RE2_NONE;
	buf_add(&prefix, name);
	buf_addc(&prefix, '=');
	n = re2_after(f->re[0], slice_buf(&prefix));
	buf_free(&prefix);
	return n;
}

/* The same of all names that begin so and have more behind it. */
static enum re2_count
family(struct form *f, struct slice prefix)
{
	enum re2_count n;

	if (!f->apart)
		return f->re[0] != NULL ? re2_family(f->re[0], prefix) :
		    RE2_NONE;
	if (f->re[0] == NULL)
		return slice_search(slice_buf(&f->text[0]),
		    (const char *)prefix.p) == 0 && f->text[0].n > prefix.n ?
		    values(f, slice_buf(&f->text[0])) : RE2_NONE;
	n = re2_after(f->re[0], prefix);
	if (n == RE2_NONE || (n == RE2_ONE && re2_match(f->re[0], prefix)))
		return RE2_NONE;
	return f->re[1] == NULL ? RE2_ONE :
	    re2_after(f->re[1], (struct slice){0});
}

/* A variable of that name that gets through, as NAME=VALUE, for a person:
 * none if it cannot be found. */
static void
example(struct form *f, struct slice name, struct buf *out)
{
	struct buf prefix = {0};

	buf_cut(out, 0);
	buf_add(&prefix, name);
	buf_addc(&prefix, '=');
	if (!f->apart && f->re[0] != NULL) {
		(void)re2_witness(f->re[0], slice_buf(&prefix), out);
	} else {
		buf_add(out, slice_buf(&prefix));
		if (f->apart && f->re[1] != NULL)
			(void)re2_witness(f->re[1], (struct slice){0}, out);
		else if (f->apart)
			buf_add(out, slice_buf(&f->text[1]));
	}
	buf_free(&prefix);
}

/* Names that nobody has heard of get through. */
static bool
any(struct form *f, struct envrule *out)
{
	const char *name;
	size_t i;

	for (i = 0; (name = envname_made_up(i)) != NULL; i++) {
		if (values(f, slice_str(name)) == RE2_NONE)
			continue;
		out->is = ENVRULE_ANY;
		/* one that hurts says more than one that does not */
		if (values(f, slice_str("LD_PRELOAD")) != RE2_NONE)
			name = "LD_PRELOAD";
		example(f, slice_str(name), &out->got);
		return true;
	}
	return false;
}

/* The row is about that name. */
static bool
is_about(const struct envname *row, struct slice name)
{
	return row->family ? slice_starts(name, row->name) &&
	    name.n > strlen(row->name) : slice_is(name, row->name);
}

/* Names that change what runs get through; the rule may be about one name
 * only, which is most of them. */
static bool
opens(struct form *f, const struct buf *only, struct envrule *out)
{
	const struct envname *row;
	enum re2_count n;
	size_t i;

	for (i = 0; (row = envname_row(i)) != NULL; i++) {
		if (only != NULL && !is_about(row, slice_buf(only)))
			continue;
		if (only != NULL)
			n = values(f, slice_buf(only));
		else if (row->family)
			n = family(f, slice_str(row->name));
		else
			n = values(f, slice_str(row->name));
		if (n == RE2_NONE)
			continue;
		out->gives = row->gives;
		if (only != NULL)
			example(f, slice_buf(only), &out->got);
		else if (!row->family)
			example(f, slice_str(row->name), &out->got);
		else
			buf_addf(&out->got, "%s...", row->name);
		out->is = n == RE2_MANY ? ENVRULE_OPENS : ENVRULE_PINNED;
		if (n == RE2_MANY)
			return true;
	}
	return out->is == ENVRULE_PINNED;
}

/* Values of every kind, of which a bound pattern lets not all pass. */
static bool
is_free(struct form *f, struct slice name)
{
	static const char *const kinds[] = {"x", "0", "/tmp/x",
	    "a b;c|d$(e)'f\"", "http://x.example/?y=z", "TRUE"};
	struct buf text = {0};
	bool is = true;
	size_t i;

	for (i = 0; is && i < sizeof kinds / sizeof *kinds; i++) {
		buf_cut(&text, 0);
		if (!f->apart) {
			buf_add(&text, name);
			buf_addc(&text, '=');
		}
		buf_adds(&text, kinds[i]);
		is = f->apart ? fits(f->re[1], &f->text[1], slice_buf(&text)) :
		    fits(f->re[0], &f->text[0], slice_buf(&text));
	}
	buf_free(&text);
	return is;
}

/* The one name that the rule is about, or how many. */
static enum re2_count
name_of(struct form *f, struct buf *name)
{
	enum re2_count n;

	if (!f->apart)
		return re2_name(f->re[0], name);
	if (f->re[0] == NULL) {
		buf_add(name, slice_buf(&f->text[0]));
		return RE2_ONE;
	}
	n = re2_after(f->re[0], (struct slice){0});
	if (n == RE2_ONE)
		(void)re2_witness(f->re[0], (struct slice){0}, name);
	return n;
}

/* What nobody need be afraid of, nearly: of one name, if n says so. */
static void
harmless(struct form *f, enum re2_count n, const struct buf *name,
    struct envrule *out)
{
	enum re2_count v = RE2_MANY;

	if (n == RE2_ONE)
		v = values(f, slice_buf(name));
	if (n == RE2_NONE || v == RE2_NONE)
		out->is = ENVRULE_NOTHING;
	else if (n == RE2_MANY)
		out->is = !f->apart && re2_forked(f->re[0]) ? ENVRULE_FORKED :
		    ENVRULE_SEVERAL;
	else if (envname_is_platform(slice_buf(name)))
		out->is = ENVRULE_USUAL;
	else if (v == RE2_ONE)
		out->is = ENVRULE_EXACT;
	else if (envname_is_place(slice_buf(name)))
		out->is = ENVRULE_PLACE;
	else
		out->is = is_free(f, slice_buf(name)) ? ENVRULE_FREE :
		    ENVRULE_BOUND;
}

/* What of the platform's own fits, of a rule that may be about one name
 * only. */
static uint32_t
sets(struct form *f, const struct buf *only)
{
	struct slice s, name, value;
	const char *v;
	uint32_t fit = 0;
	size_t i;

	for (i = 0; (v = envname_set(i)) != NULL; i++) {
		s = slice_str(v);
		name = slice_head(s, slice_find(s, '='));
		value = slice_from(s, name.n + 1);
		if (only != NULL && !slice_eq(slice_buf(only), name))
			continue;
		if (f->apart ? fits(f->re[0], &f->text[0], name) &&
		    fits(f->re[1], &f->text[1], value) :
		    fits(f->re[0], &f->text[0], s))
			fit |= (uint32_t)1 << i;
	}
	return fit;
}

/* What is not of the platform, nor a text. */
static void
judge_pattern(struct form *f, struct envrule *out)
{
	struct buf name = {0};
	enum re2_count n = name_of(f, &name);

	out->sets = sets(f, n == RE2_ONE ? &name : NULL);
	if ((n == RE2_ONE || !any(f, out)) &&
	    !opens(f, n == RE2_ONE ? &name : NULL, out))
		harmless(f, n, &name, out);
	if (n == RE2_ONE)
		buf_add(&out->name, slice_buf(&name));
	buf_free(&name);
}

static bool
is_text(const struct form *f)
{
	return f->re[0] == NULL && f->re[1] == NULL;
}

static void
judge(struct json_val rule, bool apart, struct envrule *out)
{
	struct form f;
	struct slice all;

	form_make(&f, rule, apart);
	all = slice_buf(&f.text[0]);
	buf_add(&out->what, apart ? all : slice_head(all,
	    slice_find(all, '=')));
	if (!f.known) {
		out->is = ENVRULE_UNKNOWN;
	} else if (f.fault != RE2_GOOD) {
		out->is = f.fault == RE2_WRONG ? ENVRULE_WRONG :
		    ENVRULE_LARGE;
	} else if (is_text(&f)) {
		out->is = !apart && envname_is_usual(all) ? ENVRULE_USUAL :
		    ENVRULE_FIXED;
		out->sets = sets(&f, NULL);
	} else if (!apart && envname_is_usual(all)) {
		out->is = ENVRULE_USUAL;
		out->sets = sets(&f, NULL);
		if (name_of(&f, &out->name) != RE2_ONE)
			buf_cut(&out->name, 0);
	} else {
		judge_pattern(&f, out);
	}
	out->ours = out->is != ENVRULE_USUAL;
	form_free(&f);
}

void
envrule_judge(struct json_val rule, struct envrule *out)
{
	bool apart = json_has(json_get(rule, "name"));
	struct envrule other = {0};

	*out = (struct envrule){0};
	judge(rule, apart, out);
	if (apart && json_has(json_get(rule, "pattern"))) {
		/* two names, it may be */
		buf_cut(&out->name, 0);
		judge(rule, false, &other);
		other.sets |= out->sets;
		other.ours |= out->ours;
		if (other.is > out->is) {
			envrule_free(out);
			*out = other;
			buf_cut(&out->name, 0);
		} else {
			out->sets = other.sets;
			out->ours = other.ours;
			envrule_free(&other);
		}
	}
	(void)json_bool(json_get(rule, "required"), &out->required);
	out->text = json_span(rule);
}

void
envrule_free(struct envrule *r)
{
	buf_free(&r->what);
	buf_free(&r->name);
	buf_free(&r->got);
}

static bool
lets(struct json_val rule, bool apart, struct slice name)
{
	struct form f;
	bool yes;

	form_make(&f, rule, apart);
	yes = f.known && f.fault == RE2_GOOD && !is_text(&f) &&
	    values(&f, name) == RE2_MANY;
	form_free(&f);
	return yes;
}

bool
envrule_lets(struct json_val rule, const char *name)
{
	return lets(rule, true, slice_str(name)) ||
	    lets(rule, false, slice_str(name));
}
