/* exec.c -- the processes that the host may start in a container.  A command
 * is matched word for word, but each of its words may be a program that does
 * what it is told by the next, by a file or by its input. */
#include "lint/lint_in.h"

/* Lower case, no path before, no .exe behind. */
static void
plain_name(struct slice word, struct buf *out)
{
	static const char exe[] = ".exe";
	size_t at, i;

	buf_cut(out, 0);
	while ((at = slice_find(word, '/')) < word.n ||
	    (at = slice_find(word, '\\')) < word.n)
		word = slice_from(word, at + 1);
	for (i = 0; i < word.n; i++)
		buf_addc(out, word.p[i] >= 'A' && word.p[i] <= 'Z' ?
		    word.p[i] | 32 : word.p[i]);
	at = sizeof exe - 1;
	if (out->n > at && slice_is(slice_from(slice_buf(out), out->n - at),
	    exe))
		buf_cut(out, out->n - at);
}

static bool
is_one_of(struct slice name, const char *const *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (slice_is(name, v[i]))
			return true;
	return false;
}

/* What stands behind a program's name where there are several of it: a
 * version, or what a distribution calls the one that it moved. */
static bool
is_variant(struct slice s)
{
	static const char *const v[] = {"static", "real", "orig", "distrib"};
	size_t i;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '.'))
		s = slice_from(s, 1);
	if (is_one_of(s, v, sizeof v / sizeof *v))
		return true;
	for (i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return false;
	return s.n > 0;
}

/* bash-5.2, zsh-static, sh.distrib */
static bool
is_shell_variant(struct slice name)
{
	static const char *const v[] = {"sh", "bash", "dash", "ash", "zsh",
	    "ksh", "mksh", "csh", "tcsh", "fish"};
	size_t i;

	for (i = 0; i < sizeof v / sizeof *v; i++)
		if (slice_starts(name, v[i]) &&
		    is_variant(slice_from(name, strlen(v[i]))))
			return true;
	return false;
}

/* Shells, debuggers and loaders, by names that are little else. */
static bool
is_shell(struct slice name)
{
	static const char *const v[] = {"sh", "bash", "dash", "ash", "zsh",
	    "ksh", "ksh93", "mksh", "oksh", "lksh", "loksh", "pdksh", "mrsh",
	    "yash", "csh", "tcsh", "rbash", "rzsh", "fish", "elvish",
	    "xonsh", "sash", "hush", "msh", "lash", "git-shell", "capsh",
	    "pwsh", "powershell", "powershell_ise", "cmd", "cscript",
	    "wscript", "mshta", "rundll32", "su", "sudo", "sudoedit", "doas",
	    "runuser", "pkexec", "chroot", "nsenter", "unshare", "bwrap",
	    "firejail", "xargs", "systemd-run", "machinectl", "nerdctl",
	    "crictl", "kubectl", "ld.so", "ld64.so", "gdb", "gdbserver",
	    "lldb", "lldb-server", "strace", "ltrace", "valgrind",
	    "bpftrace"};

	return is_one_of(name, v, sizeof v / sizeof *v) ||
	    is_shell_variant(name) || slice_starts(name, "ld-linux") ||
	    slice_starts(name, "ld-musl") ||
	    slice_starts(name, "ld.so") || slice_starts(name, "ld64.so") ||
	    slice_starts(name, "ld-2.");
}

static bool
is_interpreter(struct slice name)
{
	static const char *const v[] = {"awk", "gawk", "mawk", "nawk",
	    "original-awk", "tclsh", "irb", "jruby", "jshell", "jrunscript",
	    "groovy", "rscript", "ghci", "nodejs", "execlineb"};
	/* python3.11 and the like */
	static const char *const begin[] = {"python", "ipython", "pypy",
	    "micropython", "perl", "ruby", "node", "php", "phpdbg", "lua",
	    "tclsh"};
	size_t i, n;

	if (is_one_of(name, v, sizeof v / sizeof *v))
		return true;
	for (i = 0; i < sizeof begin / sizeof *begin; i++) {
		n = strlen(begin[i]);
		/* a version may follow, not another word */
		if (slice_starts(name, begin[i]) && (name.n == n ||
		    strchr("0123456789.-", name.p[n]) != NULL ||
		    slice_is(slice_from(name, n), "w") ||
		    slice_is(slice_from(name, n), "jit")))
			return true;
	}
	return false;
}

/* Names that are words too, and so count only where a program stands: what
 * starts a shell if nothing else is said, interpreters, editors, pagers. */
static bool
is_word_too(struct slice name)
{
	static const char *const v[] = {"posh", "nu", "wsl", "msbuild",
	    "login", "newgrp", "sg", "script", "screen", "tmux", "parallel",
	    "watch", "at", "batch", "crontab", "expect", "rlwrap", "docker",
	    "podman", "ctr", "runc", "crun", "sshd", "dropbear", "rsh",
	    "rexec", "telnetd", "dlv", "rr", "perf", "deno", "bun", "qjs",
	    "wish", "pry", "jdb", "jcmd", "scala", "kotlinc", "clojure", "r",
	    "julia", "guile", "racket", "sbcl", "clisp", "erl", "iex",
	    "elixir", "ocaml", "m4", "dc", "octave", "vi", "vim", "nvim",
	    "view", "vimdiff", "rvim", "ed", "ex", "emacs", "nano", "pico",
	    "joe", "mc", "less", "more", "most", "man", "make", "gmake",
	    "ansible", "tcc", "go", "csi", "fsi"};

	return is_one_of(name, v, sizeof v / sizeof *v);
}

/* What stands at a place where a program may: all counts; behind a mark, as
 * in --shell=sh, shells alone. */
enum place { PROGRAM, ARGUMENT, MARKED };

static bool
runs(struct slice word, enum place at, struct buf *name)
{
	plain_name(word, name);
	return is_shell(slice_buf(name)) || (at != MARKED &&
	    is_interpreter(slice_buf(name))) || (at == PROGRAM &&
	    is_word_too(slice_buf(name)));
}

/* What stands between blanks, quotes and the like: "sh -c 'x'" is a word of
 * several, --shell=/bin/sh and exec:/bin/sh name one behind a mark. */
static bool
any_part(struct slice word, enum place at, struct buf *name)
{
	static const char ends[] = " \t\r\n\"'`;|&()<>,{}$=:";
	bool is = false;
	size_t n;

	while (!is && word.n > 0) {
		for (n = 0; n < word.n && (word.p[n] == '\0' ||
		    strchr(ends, word.p[n]) == NULL); n++)
			;
		is = runs(slice_head(word, n), at, name);
		at = n < word.n && (word.p[n] == '=' || word.p[n] == ':') ?
		    MARKED : ARGUMENT;
		word = slice_from(word, n + 1);
	}
	return is;
}

bool
lint_runs_others(struct slice s, bool program)
{
	enum place at = program ? PROGRAM : ARGUMENT;
	struct buf name = {0};
	bool is;

	/* as one word first: what is behind a path with blanks; an address is
	 * no path */
	is = slice_search(s, "://") == s.n && (runs(s, at, &name) ||
	    any_part(s, at, &name));
	/* socat's system:COMMAND is a shell by another name */
	is |= slice_starts(s, "system:") || slice_starts(s, "SYSTEM:");
	buf_free(&name);
	return is;
}

bool
lint_interprets(struct slice word)
{
	struct buf name = {0};
	bool is;

	plain_name(word, &name);
	is = is_interpreter(slice_buf(&name));
	buf_free(&name);
	return is;
}

bool
lint_launches(struct slice word)
{
	static const char *const v[] = {"tini", "tini-static", "dumb-init",
	    "catatonit", "env", "timeout", "nice", "ionice", "chrt", "setsid",
	    "nohup", "stdbuf", "taskset", "numactl", "flock", "find", "gosu",
	    "su-exec", "setpriv", "setarch", "prlimit", "busybox", "toybox",
	    "time", "exec", "command", "eatmydata", "fakeroot", "faketime",
	    "s6-setuidgid", "s6-svscan", "supervisord", "java", "dotnet",
	    "start-stop-daemon", "chpst", "softlimit", "with-contenv",
	    "unbuffer", "proot", "fakechroot", "docker-entrypoint.sh",
	    "entrypoint.sh"};
	struct buf name = {0};
	bool is;

	plain_name(word, &name);
	is = is_one_of(slice_buf(&name), v, sizeof v / sizeof *v);
	buf_free(&name);
	return is;
}

static void
process(struct judge *j, const char *where, struct json_val v)
{
	struct json_val command = json_get(v, "command"), word, shell = {0};
	struct buf text = {0}, name = {0};
	bool program = true;

	word = json_first(command);
	if (json_count(command) == 0)
		shell = command;
	for (; json_has(word) && !json_has(shell); word = json_next(word)) {
		buf_cut(&text, 0);
		lint_text_of(word, &text);
		/* no text: who knows */
		if (!json_is(word, JSON_STRING) ||
		    lint_runs_others(slice_buf(&text), program))
			shell = word;
		/* its options and theirs may stand before the program */
		program = (program && word.at != json_first(command).at) ||
		    lint_launches(slice_buf(&text));
	}
	buf_cut(&text, 0);
	lint_quote(json_first(command), &text);
	lint_quote(shell, &name);
	if (json_has(shell) || !json_is(command, JSON_ARRAY))
		lint_say(j, LINT_UNSAFE, where, "[]", "exec_processes: the "
		    "host may start a shell, or what does as it is told: "
		    "%.*s%s%.*s", (int)text.n, (const char *)text.p,
		    slice_eq(slice_buf(&text), slice_buf(&name)) ? "" :
		    " with ", slice_eq(slice_buf(&text), slice_buf(&name)) ?
		    0 : (int)name.n, (const char *)name.p);
	else
		lint_say(j, LINT_WEAK, where, "[]", "exec_processes: the host "
		    "may start %.*s whenever it likes", (int)text.n,
		    (const char *)text.p);
	buf_free(&text);
	buf_free(&name);
}

void
lint_execs(struct judge *j, const char *where, struct json_val c)
{
	struct json_val v, stdio;
	bool yes;

	v = json_first(lint_list(j, where, c, "exec_processes"));
	for (; json_has(v); v = json_next(v)) {
		process(j, where, v);
		stdio = json_get(v, "allow_stdio_access");
		if (json_has(stdio) && !(json_bool(stdio, &yes) && !yes))
			lint_say(j, LINT_UNSAFE, where, "false",
			    "allow_stdio_access: the host reads the output of "
			    "what it starts");
	}
}
