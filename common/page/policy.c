/* policy.c -- see policy.h. */
#include "page/policy.h"

#include "policy/list.h"

/* The list's own names, and what a person wants to know of them. */
static const struct {
	const char *name, *means;
} members[] = {
	{"id", "The image, by the name that it was given."},
	{"command", "What is started, word for word."},
	{"layers", "The root hashes of the image's layers: these bytes and no "
	    "others."},
	{"env_rules", "The environment it may be given: exact texts, or "
	    "patterns."},
	{"mounts", "What may be mounted into it."},
	{"exec_processes", "What the host may start in it besides."},
	{"signals", "What the host may signal it with."},
	{"allow_elevated", "If true, it may have all privileges of the guest."},
	{"allow_stdio_access", "If true, the host sees what it prints and may "
	    "type into it."},
	{"no_new_privileges", "If true, what it starts gains no privileges."},
	{"capabilities", "The privileges it has."},
	{"user", "Whom it may run as."},
	{"working_dir", "Where it is started."},
	{"issuer", "Whoever signs in this name may add containers, and the "
	    "host data stays the same."},
	{"minimum_svn", "From this version on."},
	{"includes", "What may be added."},
};

static const char *
means(struct json_val member)
{
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++)
		if (json_text_is(json_name(member), members[i].name))
			return members[i].means;
	return NULL;
}

static void
put_member(struct json_val v, const char *says, struct buf *out)
{
	struct html_row row = {.json = v, .means = says};
	struct buf name = {0};
	struct err e;

	if (json_text(json_name(v), "name", &name, &e) == 0) {
		row.name = slice_buf(&name);
		html_row(&row, out);
	}
	buf_free(&name);
}

/* The elements of a list, each with its members. */
static void
put_list(const char *one, struct json_val list, const char *title,
    struct buf *out)
{
	struct buf text = {0};
	struct json_val v, in;
	struct err e;
	size_t i = 0;

	for (v = json_first(list); json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		buf_addf(&text, "%s %zu ", one, i++);
		if (json_is(json_get(v, title), JSON_STRING))
			(void)json_text(json_get(v, title), "title", &text,
			    &e);
		html_subtitle(slice_buf(&text), out);
		html_rows(false, out);
		if (json_is(v, JSON_OBJECT))
			for (in = json_first(v); json_has(in);
			    in = json_next(in))
				put_member(in, means(in), out);
		else
			html_row(&(struct html_row){.name = slice_str(one),
			    .json = v}, out);
		html_rows_end(out);
	}
	buf_free(&text);
}

static bool
is_list(struct json_val v)
{
	return json_text_is(json_name(v), "containers") ||
	    json_text_is(json_name(v), "fragments");
}

static void
put_settings(struct json_val policy, struct buf *out)
{
	struct json_val rules = json_get(policy, "rules"), v;
	struct json_val unread = json_get(policy, "unread");

	html_subtitle(slice_str("Settings"), out);
	html_rows(false, out);
	put_member(json_get(policy, "package"), NULL, out);
	for (v = json_first(rules); json_has(v); v = json_next(v))
		if (!is_list(v))
			put_member(v, NULL, out);
	for (v = json_first(json_get(policy, "defaults")); json_has(v);
	    v = json_next(v))
		put_member(v, "This, wherever no rule says otherwise.", out);
	if (json_count(unread) > 0)
		put_member(unread, "Rules that are not literal: what they "
		    "allow was not worked out.", out);
	html_rows_end(out);
}

static void
put_read(const struct rego *r, struct buf *out)
{
	struct json *doc = NULL;
	struct buf text = {0};
	struct json_val root, rules, containers;
	struct err e;

	policylist_json(r, &text);
	if (json_parse(slice_buf(&text), &doc, &e) < 0) {
		html_line(slice_str(e.text), out);
		buf_free(&text);
		return;
	}
	root = json_root(doc);
	rules = json_get(root, "rules");
	containers = json_get(rules, "containers");
	if (json_count(containers) == 0)
		html_line(slice_str("It lists no containers: "
		    "what may run is not said by name."), out);
	put_list("Container", containers, "name", out);
	put_list("Fragment", json_get(rules, "fragments"), "feed", out);
	put_settings(root, out);
	json_free(doc);
	buf_free(&text);
}

void
page_policy(struct slice policy, bool holds, struct buf *out)
{
	struct rego r;
	struct err e;

	html_section("The policy's containers", holds ?
	    "The host data is the hash of this policy. What its rules allow "
	    "besides the list is for policy-hash --lint to judge." :
	    "The host data was not proved to be the hash of this policy: it is "
	    "the one that was given, not one that the guest is known to keep.",
	    out);
	if (rego_read(policy, &r, &e) < 0) {
		html_line(slice_str("The policy cannot be read, so that "
		    "nothing is said of what it allows:"), out);
		html_line(slice_str(e.text), out);
	} else {
		put_read(&r, out);
		rego_free(&r);
	}
	html_section_end(out);
}
