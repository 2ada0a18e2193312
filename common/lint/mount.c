/* mount.c -- what the host mounts into a container, and over what: where
 * programs and libraries are, its files are the code that runs. */
#include "lint/lint_in.h"
#include "lint/codepath.h"

/* of is that folder, or in it. */
static bool
is_in(struct slice of, struct slice folder)
{
	return of.n >= folder.n && slice_eq(slice_head(of, folder.n),
	    folder) && (of.n == folder.n || of.p[folder.n] == '/');
}

/* A part of a path is where programs or libraries are, in whatever folder. */
static bool
is_code(struct slice part)
{
	static const char *const names[] = {"bin", "sbin", "libexec",
	    "site-packages", "dist-packages", "node_modules"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is(part, names[i]))
			return true;
	return false;
}

/* Libraries and the like: elsewhere such a name may be one of data. */
static bool
is_library(struct slice part)
{
	return slice_is(part, "lib") || slice_is(part, "lib32") ||
	    slice_is(part, "lib64") || slice_is(part, "libx32") ||
	    slice_is(part, "plugins") || slice_is(part, "modules");
}

/* The parts of a path say that programs or libraries are there: deep in /usr
 * and /opt any of them, what is right below /usr, elsewhere a folder of
 * programs, or of libraries at the end; but for those where data are. */
static bool
names_code(struct slice to)
{
	static const char *const data[] = {"/etc", "/var", "/run", "/tmp",
	    "/proc", "/sys", "/dev"};
	bool usr = slice_starts(to, "/usr/"), code = false;
	bool system = usr || slice_starts(to, "/opt/");
	struct slice part, left;
	size_t n, i, depth = 0;

	for (i = 0; i < sizeof data / sizeof *data; i++)
		if (is_in(to, slice_str(data[i])))
			return false;
	for (left = slice_from(to, 1); left.n > 0;
	    left = slice_from(left, n + 1)) {
		n = slice_find(left, '/');
		part = slice_head(left, n);
		code |= is_code(part) || (is_library(part) && (system ||
		    (n == left.n && slice_starts(part, "lib"))));
		depth++;
	}
	return code || (depth == 2 && usr);
}

/* Where every image has them. */
static bool
over_system(struct slice to)
{
	static const char *const whole[] = {"", "/opt", "/root", "/etc",
	    "/usr", "/nix", "/nix/store", "/snap"};
	size_t i;

	for (i = 0; i < sizeof whole / sizeof *whole; i++)
		if (slice_is(to, whole[i]))
			return true;
	return slice_starts(to, "/etc/ld.so") || slice_starts(to, "/lib") ||
	    names_code(to);
}

/* The files that the platform gives every container, by its own sources. */
static bool
is_usual(struct json_val mount, struct slice to)
{
	static const char *const files[] = {"/etc/resolv.conf", "/etc/hosts",
	    "/etc/hostname", "/dev/termination-log"};
	static const char *const from[] = {
	    "sandbox:///tmp/atlas/resolvconf/.+",
	    "sandbox:///tmp/atlas/emptydir/.+"};
	size_t i, k;

	for (i = 0; i < sizeof files / sizeof *files; i++)
		for (k = 0; k < sizeof from / sizeof *from; k++)
			if (slice_is(to, files[i]) && json_text_is(json_get(
			    mount, "source"), from[k]))
				return true;
	return false;
}

static bool
has_option(struct json_val mount, const char *name)
{
	struct json_val o = json_first(json_get(mount, "options"));

	for (; json_has(o); o = json_next(o))
		if (json_text_is(o, name))
			return true;
	return false;
}

/* The kernel makes what is in it, not the host.  To a runtime a mount with the
 * option is one of what its source is, whatever its type. */
static bool
is_kernels(struct json_val mount)
{
	static const char *const types[] = {"proc", "sysfs", "tmpfs",
	    "devpts", "mqueue", "cgroup", "cgroup2"};
	size_t i;

	if (has_option(mount, "bind") || has_option(mount, "rbind"))
		return false;
	for (i = 0; i < sizeof types / sizeof *types; i++)
		if (json_text_is(json_get(mount, "type"), types[i]))
			return true;
	return false;
}

static void
mount(struct judge *j, const char *where, struct json_val m,
    struct slice to, const struct codepaths *code)
{
	bool ro = has_option(m, "ro") && !has_option(m, "rw");
	struct buf text = {0};
	int n;

	lint_quote(json_get(m, "destination"), &text);
	n = (int)text.n;
	if (over_system(to) || codepaths_in(code, to))
		lint_say(j, LINT_UNSAFE, where, "no mount there", "mounts: "
		    "%.*s is the host's, over programs or libraries: it "
		    "brings the code that runs", n, (const char *)text.p);
	else if (is_in(to, slice_str("/etc")))
		lint_say(j, LINT_WEAK, where, "no mount there", "mounts: the "
		    "host configures the system: what is in %.*s is its own%s",
		    n, (const char *)text.p, ro ? "" : " and may be written");
	else
		lint_say(j, ro ? LINT_NOTE : LINT_WEAK, where, ro ? NULL :
		    "ro", "mounts: what is in %.*s is the host's%s", n,
		    (const char *)text.p, ro ? "" : " and may be written");
	buf_free(&text);
}

void
lint_mounts(struct judge *j, const char *where, struct json_val m,
    const struct codepaths *code)
{
	struct buf text = {0}, to = {0};

	for (m = json_first(m); json_has(m); m = json_next(m)) {
		buf_cut(&text, 0);
		lint_text_of(json_get(m, "destination"), &text);
		lint_clean(slice_buf(&text), &to);
		if (!is_usual(m, slice_buf(&to)) && !is_kernels(m))
			mount(j, where, m, slice_buf(&to), code);
	}
	buf_free(&text);
	buf_free(&to);
}
