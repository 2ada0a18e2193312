/* member.c -- the members that the enforcer needs of a container: without
 * one, or with a value of another kind, no request matches it and it never
 * starts.  hcsshim, pkg/securitypolicy/framework.rego: create_container,
 * check_container and those that they call. */
#include "lint/lint_in.h"

#define EVER UINT64_MAX

enum kind { LIST, TRUTH, TEXT, OBJECT, ANY };

/* From and before which versions of the framework it is asked for. */
static const struct member {
	const char *name;
	enum kind kind;
	uint64_t since, before;
	bool windows;	/* of Windows containers too */
} members[] = {
	{"command", LIST, 0, EVER, true},
	{"env_rules", LIST, 0, EVER, true},
	{"layers", LIST, 0, EVER, false},
	{"mounts", LIST, 0, EVER, false},
	{"allow_elevated", ANY, 0, EVER, false},
	{"allow_stdio_access", TRUTH, 0, EVER, true},
	{"working_dir", TEXT, 0, EVER, true},
	/* the newest takes a container as it is */
	{"exec_processes", ANY, 0, VERSION(0, 5, 0), false},
	{"signals", ANY, 0, VERSION(0, 5, 0), false},
	{"no_new_privileges", ANY, VERSION(0, 2, 0), EVER, false},
	{"user", OBJECT, VERSION(0, 2, 1), EVER, false},
	{"capabilities", ANY, VERSION(0, 2, 2), EVER, false},
	{"seccomp_profile_sha256", TEXT, VERSION(0, 2, 3), EVER, false},
};

static bool
is_kind(struct json_val v, enum kind k)
{
	bool yes;

	switch (k) {
	case LIST:
		return json_is(v, JSON_ARRAY);
	case TRUTH:
		return json_bool(v, &yes);
	case TEXT:
		return json_is(v, JSON_STRING);
	case OBJECT:
		return json_is(v, JSON_OBJECT);
	case ANY:
		return json_has(v);
	}
	return false;
}

static void
member(struct judge *j, const char *where, struct json_val c,
    const struct member *m)
{
	static const char *const kinds[] = {"a list", "true or false",
	    "a text", "an object", ""};
	struct json_val v = json_get(c, m->name);

	if (!json_has(v))
		lint_say(j, LINT_BROKEN, where, m->kind == ANY ? NULL :
		    kinds[m->kind], "%s: missing, so that it never starts",
		    m->name);
	else if (!is_kind(v, m->kind))
		lint_say(j, LINT_BROKEN, where, NULL, "%s: %s, not %s, so "
		    "that it never starts", m->name, json_kind_name(v),
		    kinds[m->kind]);
}

/* The platform compares the five sets, whatever is in them. */
static void
capabilities(struct judge *j, const char *where, struct json_val c)
{
	static const char *const sets[] = {"bounding", "effective",
	    "inheritable", "permitted", "ambient"};
	size_t i;

	if (!json_has(c) || json_is(c, JSON_NULL) ||
	    lint_framework_before(j, VERSION(0, 2, 2)))
		return;
	for (i = 0; i < sizeof sets / sizeof *sets; i++)
		if (!json_is(json_get(c, sets[i]), JSON_ARRAY)) {
			lint_say(j, LINT_BROKEN, where, "a list",
			    "capabilities: no list of those that are %s, so "
			    "that it never starts", sets[i]);
			return;
		}
}

static bool
is_id(struct json_val v)
{
	return json_is(json_get(v, "pattern"), JSON_STRING) &&
	    json_is(json_get(v, "strategy"), JSON_STRING);
}

/* As the platform writes it, which compares it as a text. */
static bool
is_umask(struct json_val v)
{
	struct buf text = {0};
	bool is;
	size_t i;

	lint_text_of(v, &text);
	is = text.n == 4;
	for (i = 0; is && i < text.n; i++)
		is = text.p[i] >= '0' && text.p[i] <= '7';
	buf_free(&text);
	return is;
}

static void
user(struct judge *j, const char *where, struct json_val u)
{
	bool good = is_umask(json_get(u, "umask")) &&
	    is_id(json_get(u, "user_idname")) &&
	    json_is(json_get(u, "group_idnames"), JSON_ARRAY);

	if (json_is(u, JSON_OBJECT) && !good &&
	    !lint_framework_before(j, VERSION(0, 2, 1)))
		lint_say(j, LINT_BROKEN, where, NULL, "user: without umask "
		    "(four octal digits), user_idname or group_idnames as "
		    "they are to be, so that it never starts");
}

static bool
is_hex64(struct json_val v)
{
	struct slice s = json_span(v);
	size_t i;

	if (!json_is(v, JSON_STRING) || s.n != 66)
		return false;
	for (i = 1; i < 65; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		    (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return true;
}

/* The platform compares a hash that it makes, or that there is no profile. */
static void
seccomp(struct judge *j, const char *where, struct json_val v)
{
	if (json_is(v, JSON_STRING) && !json_text_is(v, "") && !is_hex64(v) &&
	    !lint_framework_before(j, VERSION(0, 2, 3)))
		lint_say(j, LINT_BROKEN, where, "a profile's hash",
		    "seccomp_profile_sha256: not 64 hex digits in lower case, "
		    "so that it never starts");
}

/* Layers and command: there, but nothing in them, or nothing that fits. */
static void
runnable(struct judge *j, const char *where, struct json_val c)
{
	struct json_val layers = json_get(c, "layers"),
	    command = json_get(c, "command"), v;
	bool bad = false;

	if (json_is(layers, JSON_ARRAY) && json_count(layers) == 0 &&
	    json_count(json_get(c, "mounted_cim")) == 0)
		lint_say(j, LINT_BROKEN, where, NULL, "it has no layers");
	for (v = json_first(layers); json_has(v); v = json_next(v))
		bad |= !is_hex64(v);
	if (bad)
		lint_say(j, LINT_BROKEN, where, NULL,
		    "a layer is not 64 hex digits in lower case");
	bad = false;
	for (v = json_first(command); json_has(v); v = json_next(v))
		bad |= !json_is(v, JSON_STRING);
	if (json_is(command, JSON_ARRAY) && json_count(command) == 0)
		lint_say(j, LINT_BROKEN, where, NULL, "it has no command, and "
		    "so matches no container");
	else if (bad)
		lint_say(j, LINT_BROKEN, where, NULL, "a word of its command "
		    "is no text, so that it never starts");
}

void
lint_members(struct judge *j, const char *where, struct json_val c)
{
	/* what is not known is taken for the newest but for what it alone
	 * does without */
	uint64_t version = j->framework.state == VERSION_GIVEN ?
	    j->framework.n : VERSION(0, 5, 0);
	bool windows = lint_is_windows(c);
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++)
		if (version >= members[i].since &&
		    version < members[i].before &&
		    (!windows || members[i].windows))
			member(j, where, c, &members[i]);
	runnable(j, where, c);
	if (windows)
		return;
	capabilities(j, where, json_get(c, "capabilities"));
	user(j, where, json_get(c, "user"));
	seccomp(j, where, json_get(c, "seccomp_profile_sha256"));
}
