/* container.c -- the containers of a policy, one by one. */
#include "lint/lint_in.h"

#include <stdio.h>

#include "lint/codepath.h"
#include "lint/re2.h"

static const char pause_layer[] =
    "16b514057a06ad665f92c02863aca074fd5976c755d26bff16365299169e8415";

static bool
is_pause(struct json_val c)
{
	struct json_val layers = json_get(c, "layers");

	return json_count(layers) == 1 &&
	    json_text_is(json_first(layers), pause_layer);
}

/* A member that must be true or false. */
static void
boolean(struct judge *j, const char *where, struct json_val c,
    const char *name, bool safe, enum lint_level level, const char *allows)
{
	struct json_val v = json_get(c, name);
	bool is = false;

	if (json_has(v) && !json_bool(v, &is))
		lint_say(j, LINT_UNSURE, where, NULL, "%s is not literal",
		    name);
	else if (is != safe)
		lint_say(j, level, where, safe ? "true" : "false", "%s: %s",
		    name, allows);
}

struct json_val
lint_list(struct judge *j, const char *where, struct json_val c,
    const char *name)
{
	struct json_val v = json_get(c, name);

	if (json_is(v, JSON_ARRAY))
		return v;
	if (json_has(v))
		lint_say(j, LINT_BROKEN, where, "a list", "%s: %s, not a list",
		    name, json_kind_name(v));
	return (struct json_val){0};
}

/* Who fits an id of a user or group. */
enum who { NOBODY, ONE, SOME, ANYBODY };

static enum who
who_fits(struct json_val id)
{
	struct buf text = {0}, whole = {0};
	struct re2 *re = NULL;
	enum who who = NOBODY;
	struct json_val strategy = json_get(id, "strategy");

	lint_text_of(json_get(id, "pattern"), &text);
	if (json_text_is(strategy, "any")) {
		who = ANYBODY;
	} else if (json_text_is(strategy, "re2")) {
		re2_anchor(slice_buf(&text), &whole);
		who = re2_compile(slice_buf(&whole), &re) == RE2_WRONG ?
		    NOBODY : re == NULL || re2_match(re, slice_str("root")) ?
		    ANYBODY : SOME;
	} else if (json_is(json_get(id, "pattern"), JSON_STRING) &&
	    (json_text_is(strategy, "id") || json_text_is(strategy, "name"))) {
		who = ONE;
	}
	re2_free(re);
	buf_free(&whole);
	buf_free(&text);
	return who;
}

/* Every process has a group, so that one must fit. */
static void
user(struct judge *j, const char *where, struct json_val u)
{
	struct json_val v = json_first(json_get(u, "group_idnames"));
	enum who user = who_fits(json_get(u, "user_idname")), group = NOBODY,
	    one;

	for (; json_has(v); v = json_next(v)) {
		one = who_fits(v);
		group = one > group ? one : group;
	}
	if (!json_is(u, JSON_OBJECT))
		return;		/* said of the member */
	if (user == NOBODY || group == NOBODY)
		lint_say(j, LINT_BROKEN, where, "strategy id or name", "user: "
		    "no %s fits it, so that it never starts",
		    user == NOBODY ? "user" : "group");
	else if (user == ANYBODY || group == ANYBODY)
		lint_say(j, LINT_WEAK, where, "strategy id or name",
		    "user: the host chooses user and groups, root included");
	else if (user == SOME || group == SOME)
		lint_say(j, LINT_WEAK, where, "strategy id or name", "user: "
		    "the host chooses one that a pattern fits, which older "
		    "platforms do not anchor");
}

/* Those of a runtime when nobody asks for any. */
static bool
is_usual(struct json_val capability)
{
	static const char *const usual[] = {"CAP_AUDIT_WRITE", "CAP_CHOWN",
	    "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
	    "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW",
	    "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
	    "CAP_SYS_CHROOT"};
	size_t i;

	for (i = 0; i < sizeof usual / sizeof *usual; i++)
		if (json_text_is(capability, usual[i]))
			return true;
	return false;
}

static void
capabilities(struct judge *j, const char *where, struct json_val c)
{
	struct json_val set, v;
	struct buf text = {0};

	if (!json_has(c) || json_is(c, JSON_NULL)) {
		lint_say(j, LINT_WEAK, where, "the sets it needs",
		    "capabilities: those of the runtime, all if privileged");
		return;
	}
	for (set = json_first(c); json_has(set); set = json_next(set))
		for (v = json_first(set); json_has(v); v = json_next(v)) {
			if (is_usual(v) || text.n > 0)
				continue;
			lint_quote(v, &text);
			lint_say(j, LINT_WEAK, where, "the sets it needs",
			    "capabilities: beyond those of a runtime: %.*s",
			    (int)text.n, (const char *)text.p);
		}
	buf_free(&text);
}

static void
signals(struct judge *j, const char *where, struct json_val v)
{
	int64_t n;

	for (; json_has(v); v = json_next(v))
		if (!json_int(v, &n) || n != 15) {
			lint_say(j, LINT_NOTE, where, NULL, "signals: the "
			    "host may send others than SIGTERM");
			return;
		}
}

/* What a Windows container has not. */
static void
linux_only(struct judge *j, const char *where, struct json_val c)
{
	struct json_val v;

	boolean(j, where, c, "no_new_privileges", true, LINT_WEAK,
	    "its processes may gain privileges by setuid programs");
	capabilities(j, where, json_get(c, "capabilities"));
	v = json_get(c, "seccomp_profile_sha256");
	if (!json_has(v) || json_text_is(v, ""))
		lint_say(j, LINT_WEAK, where, "a profile's hash",
		    "seccomp_profile_sha256: it runs without a profile");
}

bool
lint_is_windows(struct json_val c)
{
	return (json_is(json_get(c, "user"), JSON_STRING) ||
	    json_has(json_get(c, "mounted_cim"))) &&
	    !json_has(json_get(c, "capabilities")) &&
	    !json_has(json_get(c, "seccomp_profile_sha256")) &&
	    !json_has(json_get(c, "no_new_privileges")) &&
	    !json_has(json_get(c, "mounts"));
}

/* An image that is named by what may be another tomorrow. */
static void
image(struct judge *j, const char *where, struct json_val id)
{
	struct buf text = {0};
	struct slice s;
	size_t tag;

	lint_text_of(id, &text);
	s = slice_buf(&text);
	if (s.n > 0 && slice_search(s, "@sha256:") == s.n) {
		while ((tag = slice_find(s, '/')) < s.n)
			s = slice_from(s, tag + 1);
		tag = slice_find(s, ':');
		lint_say(j, LINT_NOTE, where, NULL, "id: an image %s: the "
		    "layers are what they are, but a new image of this name "
		    "has others", tag == s.n || slice_is(slice_from(s, tag),
		    ":latest") ? "of the newest version" : "without a digest");
	}
	buf_free(&text);
}

static void
mounts(struct judge *j, const char *where, struct json_val c)
{
	struct json_val list = json_get(c, "mounts");
	struct codepaths code = {0};

	if (json_count(list) == 0)
		return;
	codepaths_add(&code, c);
	codepaths_sort(&code);
	lint_mounts(j, where, list, &code);
	codepaths_free(&code);
}

static void
container(struct judge *j, const char *where, struct json_val c)
{
	bool elevated = false, windows = lint_is_windows(c);
	struct json_val v = json_get(c, "allow_stdio_access");

	lint_members(j, where, c);
	if (json_is(v, JSON_TRUE))
		lint_say(j, LINT_UNSAFE, where, "false", "allow_stdio_access: "
		    "the host reads its output and writes its input");
	v = json_get(c, "allow_elevated");
	if (json_has(v) && !json_bool(v, &elevated))
		lint_say(j, LINT_UNSURE, where, "false",
		    "allow_elevated is not literal");
	else if (elevated)
		lint_say(j, LINT_UNSAFE, where, "false",
		    "allow_elevated: it may run privileged");
	lint_execs(j, where, c);
	lint_environment(j, where, json_get(c, "env_rules"));
	lint_command(j, where, c);
	mounts(j, where, c);
	if (is_pause(c))
		return;		/* the platform's; the rest is its business */
	image(j, where, json_get(c, "id"));
	if (!windows && !lint_framework_before(j, VERSION(0, 2, 1)))
		user(j, where, json_get(c, "user"));
	signals(j, where, json_first(lint_list(j, where, c, "signals")));
	if (!windows)
		linux_only(j, where, c);
}

/* Where a container is, and what it is called. */
static void
place(struct json_val c, size_t i, struct buf *out)
{
	struct json_val name = json_get(c, "name");

	if (!json_is(name, JSON_STRING))
		name = json_get(c, "id");
	buf_cut(out, 0);
	buf_addf(out, "containers[%zu]", i);
	if (is_pause(c)) {
		buf_adds(out, " pause");
	} else if (json_is(name, JSON_STRING)) {
		buf_addc(out, ' ');
		lint_quote(name, out);
	}
	buf_addc(out, '\0');
}

/* Containers may come otherwise: create_container is not the framework's, or
 * not known to be, or a fragment may bring them. */
static bool
may_come(struct judge *j)
{
	struct json_val f = rego_value(j->rego, "fragments");

	return !rego_is_ref(rego_value(j->rego, "create_container"),
	    "data.framework.create_container") ||
	    !rego_sure(j->rego, "fragments") || json_count(f) > 0 ||
	    (json_has(f) && !json_is(f, JSON_ARRAY)) || lint_refers(f);
}

void
lint_containers(struct judge *j)
{
	struct json_val list = rego_value(j->rego, "containers"), v;
	struct buf where = {0};
	size_t i = 0;

	if (!rego_sure(j->rego, "containers") ||
	    (json_has(list) && !json_is(list, JSON_ARRAY)) ||
	    json_count(list) > LINT_CONTAINERS_MAX) {
		lint_say(j, LINT_UNSURE, "containers", NULL,
		    "not a list, or more than %d", LINT_CONTAINERS_MAX);
		return;
	}
	if (json_count(list) == 0 && !may_come(j))
		lint_say(j, LINT_BROKEN, "containers", NULL, "none, nor a "
		    "fragment that could bring one: nothing ever starts");
	for (v = json_first(list); json_has(v); v = json_next(v)) {
		place(v, i++, &where);
		if (json_is(v, JSON_OBJECT) && !lint_refers(v))
			container(j, (char *)where.p, v);
		else
			lint_say(j, LINT_UNSURE, (char *)where.p, NULL,
			    "not literal");
	}
	lint_twins(j, list);
	buf_free(&where);
}
