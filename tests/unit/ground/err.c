/* One failure: its text, and the lines it becomes. */
#include "ground/err.h"

#include <errno.h>

#include "unit/child.h"
#include "unit/tap.h"

static struct err said;

static int
report(void)
{
	return err_report(&said);
}

static int
warning(void)
{
	err_warn("odd: %s", "a\x1b[2Jb");
	return 0;
}

static int
quiet(void)
{
	err_quiet = true;
	err_warn("odd");
	return 0;
}

static int
no_memory(void)
{
	err_nomem();
}

static void
made(void)
{
	static char long_text[3000];
	struct err e = {.code = E_OK};

	CHECK(err_set(&e, E_NO, "jws: %d dots", 2) == -1 && e.code == E_NO &&
	    strcmp(e.text, "jws: 2 dots") == 0 && e.hint[0] == '\0', "set");
	CHECK(err_hint(&e, "try %s", "-k") == -1 && e.code == E_NO &&
	    strcmp(e.text, "jws: 2 dots") == 0 &&
	    strcmp(e.hint, "try -k") == 0, "hint");
	CHECK(err_in(&e, "%s", "t.jwt") == -1 && e.code == E_NO &&
	    strcmp(e.text, "t.jwt: jws: 2 dots") == 0 &&
	    strcmp(e.hint, "try -k") == 0, "context in front, hint stays");
	CHECK(err_set(&e, E_INPUT, "new") == -1 && e.hint[0] == '\0',
	    "a new text has no old hint");
	errno = ENOENT;
	CHECK(err_sys(&e, "%s", "x") == -1 && e.code == E_SYSTEM &&
	    strcmp(e.text, "x: no such file or directory") == 0,
	    "errno in lower case");
	errno = EIO;
	(void)err_sys(&e, "x");
	CHECK(strcmp(e.text, "x: input/output error") == 0, "EIO");
	errno = EDOTDOT;
	(void)err_sys(&e, "x");
	CHECK(strcmp(e.text, "x: RFS specific error") == 0,
	    "an abbreviation stays");
	memset(long_text, 'y', sizeof long_text - 1);
	(void)err_set(&e, E_INPUT, "%s", long_text);
	CHECK(strlen(e.text) == ERR_TEXT_MAX - 1, "long text is cut");
	(void)err_in(&e, "%s", "file");
	CHECK(strlen(e.text) == ERR_TEXT_MAX - 1 &&
	    strncmp(e.text, "file: yyy", 9) == 0, "with context too");
	errno = ENOENT;
	(void)err_sys(&e, "%s", long_text);
	CHECK(strlen(e.text) == ERR_TEXT_MAX - 1, "and with errno");
	(void)err_hint(&e, "%s", long_text);
	CHECK(strlen(e.hint) == ERR_HINT_MAX - 1, "a long hint is cut");
}

static void
printed(void)
{
	struct buf out = {0};

	err_tool = "tool";
	(void)err_set(&said, E_INPUT, "a: b");
	CHECK(child(2, report, &out) == E_INPUT &&
	    slice_is(slice_buf(&out), "tool: a: b\n"), "one line");
	(void)err_hint(&said, "do");
	buf_cut(&out, 0);
	CHECK(child(2, report, &out) == E_INPUT && slice_is(slice_buf(&out),
	    "tool: a: b\ntool: hint: do\n"), "and a hint");
	(void)err_set(&said, E_REFUSED, "a\nb\x1b]0;x\x07\xff \xc3\xa9");
	buf_cut(&out, 0);
	CHECK(child(2, report, &out) == E_REFUSED &&
	    slice_is(slice_buf(&out),
	    "tool: a\\x0ab\\x1b]0;x\\x07\\xff \xc3\xa9\n"), "escaped");
	buf_cut(&out, 0);
	CHECK(child(2, warning, &out) == 0 && slice_is(slice_buf(&out),
	    "tool: warning: odd: a\\x1b[2Jb\n"), "warning");
	buf_cut(&out, 0);
	CHECK(child(2, quiet, &out) == 0 && out.n == 0, "quiet");
	CHECK(child(2, no_memory, &out) == E_SYSTEM &&
	    slice_is(slice_buf(&out), "tool: out of memory\n"),
	    "out of memory");
	buf_free(&out);
}

int
main(void)
{
	made();
	printed();
	return tap_done();
}
