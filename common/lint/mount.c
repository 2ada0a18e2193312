/* mount.c -- what the host mounts into a container, and over what: where
 * programs and libraries are, its files are the code that runs. */
#include "lint/lint_in.h"

/* A path without . and .., repeated and last slashes: "" is the root. */
static void
clean(struct slice path, struct buf *out)
{
	struct slice part;
	size_t n;

	buf_cut(out, 0);
	while (path.n > 0) {
		n = slice_find(path, '/');
		part = slice_head(path, n);
		path = slice_from(path, n + 1);
		if (part.n == 0 || slice_is(part, "."))
			continue;
		if (!slice_is(part, "..")) {
			buf_addc(out, '/');
			buf_add(out, part);
			continue;
		}
		while (out->n > 0 && out->p[out->n - 1] != '/')
			buf_cut(out, out->n - 1);
		if (out->n > 0)
			buf_cut(out, out->n - 1);
	}
}

/* of is that folder, or in it. */
static bool
is_in(struct slice of, struct slice folder)
{
	return of.n >= folder.n && slice_eq(slice_head(of, folder.n),
	    folder) && (of.n == folder.n || of.p[folder.n] == '/');
}

/* A part of a path is where programs or libraries are. */
static bool
is_code(struct slice part)
{
	static const char *const names[] = {"bin", "sbin", "libexec",
	    "site-packages", "dist-packages", "node_modules", "plugins",
	    "modules"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is(part, names[i]))
			return true;
	return slice_is(part, "lib") || slice_is(part, "lib32") ||
	    slice_is(part, "lib64") || slice_is(part, "libx32");
}

/* Where every image has them: the whole of some folders, what is right below
 * /usr, and deeper in /usr and /opt where a part of the path says so. */
static bool
over_system(struct slice to)
{
	static const char *const whole[] = {"", "/opt", "/root", "/etc",
	    "/usr"};
	struct slice part;
	size_t n, i, depth = 0;
	bool code = false;

	for (i = 0; i < sizeof whole / sizeof *whole; i++)
		if (slice_is(to, whole[i]))
			return true;
	if (slice_starts(to, "/etc/ld.so") || slice_starts(to, "/lib") ||
	    is_in(to, slice_str("/bin")) || is_in(to, slice_str("/sbin")))
		return true;
	if (!slice_starts(to, "/usr/") && !slice_starts(to, "/opt/"))
		return false;
	for (part = slice_from(to, 5); part.n > 0;
	    part = slice_from(part, n + 1)) {
		n = slice_find(part, '/');
		code |= is_code(slice_head(part, n));
		depth++;
	}
	return code || (depth == 1 && slice_starts(to, "/usr/"));
}

/* Over a program of a command, or a folder that it is in.  What comes behind
 * one that runs others, its script, is a program too. */
static bool
over_command(struct slice to, struct json_val command)
{
	struct json_val word = json_first(command);
	struct buf text = {0}, path = {0};
	bool program = true, over = false, first = true;
	struct slice s;

	for (; json_has(word); word = json_next(word)) {
		buf_cut(&text, 0);
		lint_text_of(word, &text);
		s = slice_head(slice_buf(&text), slice_find(slice_buf(&text),
		    ' '));
		if (program && slice_starts(s, "/")) {
			clean(s, &path);
			over |= is_in(slice_buf(&path), to);
			program = false;
		}
		program = (program && !first) || lint_launches(word) ||
		    lint_runs_others(word, program);
		first = false;
	}
	buf_free(&text);
	buf_free(&path);
	return over;
}

/* Over where c has its programs: those of every image, its own, and where it
 * begins to work. */
static bool
over_code(struct slice to, struct json_val c)
{
	struct json_val v = json_first(json_get(c, "exec_processes"));
	struct buf text = {0}, path = {0};
	bool over = over_system(to) ||
	    over_command(to, json_get(c, "command"));

	for (; json_has(v) && !over; v = json_next(v))
		over = over_command(to, json_get(v, "command"));
	lint_text_of(json_get(c, "working_dir"), &text);
	clean(slice_buf(&text), &path);
	/* all is in the root, which says nothing */
	over |= path.n > 0 && is_in(slice_buf(&path), to);
	buf_free(&text);
	buf_free(&path);
	return over;
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

/* The kernel makes what is in it, not the host. */
static bool
is_kernels(struct json_val mount)
{
	static const char *const types[] = {"proc", "sysfs", "tmpfs",
	    "devpts", "mqueue", "cgroup", "cgroup2"};
	size_t i;

	for (i = 0; i < sizeof types / sizeof *types; i++)
		if (json_text_is(json_get(mount, "type"), types[i]))
			return true;
	return false;
}

static bool
is_read_only(struct json_val mount)
{
	struct json_val o = json_first(json_get(mount, "options"));
	bool ro = false, rw = false;

	for (; json_has(o); o = json_next(o)) {
		ro |= json_text_is(o, "ro");
		rw |= json_text_is(o, "rw");
	}
	return ro && !rw;
}

static void
mount(struct judge *j, const char *where, struct json_val m,
    struct slice to, struct json_val c)
{
	struct buf text = {0};
	bool ro = is_read_only(m);
	int n;

	lint_quote(json_get(m, "destination"), &text);
	n = (int)text.n;
	if (over_code(to, c))
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
lint_over(struct judge *j, const char *where, struct json_val m,
    struct json_val c)
{
	struct buf text = {0}, to = {0};

	for (m = json_first(m); json_has(m); m = json_next(m)) {
		buf_cut(&text, 0);
		lint_text_of(json_get(m, "destination"), &text);
		clean(slice_buf(&text), &to);
		if (!is_kernels(m) && over_code(slice_buf(&to), c))
			mount(j, where, m, slice_buf(&to), c);
	}
	buf_free(&text);
	buf_free(&to);
}

void
lint_mounts(struct judge *j, const char *where, struct json_val m,
    struct json_val c)
{
	struct buf text = {0}, to = {0};

	for (m = json_first(m); json_has(m); m = json_next(m)) {
		buf_cut(&text, 0);
		lint_text_of(json_get(m, "destination"), &text);
		clean(slice_buf(&text), &to);
		if (!is_usual(m, slice_buf(&to)) && !is_kernels(m))
			mount(j, where, m, slice_buf(&to), c);
	}
	buf_free(&text);
	buf_free(&to);
}
