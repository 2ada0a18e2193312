/* env.c -- a container's rules about its environment, as a person is told of
 * them.  Names are shown, and of values what would get through, never one
 * that could be a secret. */
#include "lint/lint_in.h"

#include <stdio.h>

#include "lint/envname.h"

static const char by_text[] = "strategy string";

/* The start of a text for a message. */
struct shown {
	char text[80];
};

static struct shown
show(const struct buf *b)
{
	enum { SHOWN_MAX = 60 };
	struct shown s;

	(void)snprintf(s.text, sizeof s.text, "%.*s%s",
	    (int)(b->n < SHOWN_MAX ? b->n : SHOWN_MAX),
	    b->n > 0 ? (const char *)b->p : "",
	    b->n > SHOWN_MAX ? "..." : "");
	return s;
}

/* " (LD_PRELOAD=x gets through)", unless it might tell a secret. */
static struct shown
through(const struct envrule *r)
{
	struct shown s = show(&r->got), out = {""};

	if (r->got.n > 0 && r->got.n < 50 &&
	    lint_secret(r->text) == NULL)
		(void)snprintf(out.text, sizeof out.text,
		    " (%.60s gets through)", s.text);
	return out;
}

/* What is more than a name, or cannot be at all. */
static void
bad(struct judge *j, const char *where, const struct envrule *r)
{
	struct shown what = show(&r->what), got = through(r);

	switch (r->is) {
	case ENVRULE_ANY:
		lint_say(j, LINT_UNSAFE, where, by_text, "env_rules: the host "
		    "sets any variable: %s%s", what.text, got.text);
		break;
	case ENVRULE_OPENS:
		lint_say(j, LINT_UNSAFE, where, by_text, "env_rules: the host "
		    "sets one that %s: %s%s", r->gives, what.text, got.text);
		break;
	case ENVRULE_PINNED:
		lint_say(j, LINT_WEAK, where, by_text, "env_rules: by "
		    "pattern, one that %s: %s", r->gives, what.text);
		break;
	case ENVRULE_WRONG:
		lint_say(j, LINT_BROKEN, where, NULL, "env_rules: a pattern "
		    "that does not compile: %s", what.text);
		break;
	case ENVRULE_UNKNOWN:
		lint_say(j, LINT_BROKEN, where, by_text, "env_rules: a rule "
		    "that no platform reads, so that no variable fits: %s",
		    what.text);
		break;
	case ENVRULE_LARGE:
		lint_say(j, LINT_UNSURE, where, by_text, "env_rules: a "
		    "pattern too large to be looked at: %s", what.text);
		break;
	default:
		break;
	}
}

static void
tell(struct judge *j, const char *where, const struct envrule *r)
{
	struct shown what = show(&r->what);

	switch (r->is) {
	case ENVRULE_FORKED:
		lint_say(j, LINT_WEAK, where, "(a|b)", "env_rules: a | outside "
		    "brackets, which leaves both ends open: %s", what.text);
		break;
	case ENVRULE_SEVERAL:
		lint_say(j, LINT_WEAK, where, by_text, "env_rules: the host "
		    "sets any variable that fits %s", what.text);
		break;
	case ENVRULE_PLACE:
		lint_say(j, LINT_WEAK, where, by_text, "env_rules: the host "
		    "chooses the value of %s, which says where data goes",
		    what.text);
		break;
	case ENVRULE_FREE:
		lint_say(j, LINT_WEAK, where, by_text, "env_rules: the host "
		    "chooses the value of %s", what.text);
		break;
	case ENVRULE_BOUND:
	case ENVRULE_EXACT:
		lint_say(j, LINT_NOTE, where, NULL, "env_rules: by pattern, "
		    "which older platforms do not anchor: %s", what.text);
		break;
	case ENVRULE_NOTHING:
		lint_say(j, r->required ? LINT_BROKEN : LINT_NOTE, where,
		    NULL, "env_rules: no variable fits %s%s", what.text,
		    r->required ? ", which is required: it never starts" : "");
		break;
	default:
		bad(j, where, r);
		break;
	}
}

/* Name and value apart: lint_strings() sees only what is in one text. */
static void
secret(struct judge *j, const char *where, struct json_val rule)
{
	struct buf text = {0};
	const char *what;

	lint_text_of(json_get(rule, "name"), &text);
	buf_addc(&text, '=');
	lint_text_of(json_get(rule, "value"), &text);
	what = lint_secret(slice_buf(&text));
	if (what != NULL)
		lint_say(j, LINT_UNSAFE, where, LINT_NO_SECRET, "env_rules: "
		    "%s in clear text, for all who see the policy", what);
	buf_free(&text);
}

/* What the platform sets and no rule matches, by its names. */
static void
unmatched(struct judge *j, const char *where, uint32_t sets)
{
	struct buf names = {0};
	struct slice s;
	const char *v;
	size_t i;

	for (i = 0; (v = envname_set(i)) != NULL; i++) {
		if ((sets & (uint32_t)1 << i) != 0)
			continue;
		s = slice_str(v);
		if (names.n > 0)
			buf_adds(&names, ", ");
		buf_add(&names, slice_head(s, slice_find(s, '=')));
	}
	if (names.n > 0)
		lint_say(j, LINT_NOTE, where, NULL, "env_rules: it does not "
		    "start once the platform sets one of these, which no rule "
		    "matches: %.*s", (int)names.n, (const char *)names.p);
	buf_free(&names);
}

void
lint_environment(struct judge *j, const char *where, struct json_val rules)
{
	const struct envrule *r;
	size_t optional = 0;
	uint32_t sets = 0;
	struct json_val v;

	for (v = json_first(rules); json_has(v); v = json_next(v)) {
		r = envrules_judge(j->rules, v);
		tell(j, where, r);
		if (json_has(json_get(v, "name")))
			secret(j, where, v);
		optional += r->ours && !r->required;
		sets |= r->sets;
	}
	if (optional > 0)
		lint_say(j, LINT_WEAK, where, "required: true", "env_rules: "
		    "the host may leave out %zu of its variables", optional);
	if (j->no_dropping)
		unmatched(j, where, sets);
}
