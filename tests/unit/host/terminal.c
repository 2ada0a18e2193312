/* Asking on a terminal: what is typed there, too much, nothing, and none to
 * ask on.  The terminal is a pair of its own, whose other end types when it has
 * seen the question. */
#include "host/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/tap.h"

enum { MOST = 4 };	/* bytes of an answer */

/* In the child: a session of its own, with that terminal or without.  What
 * came of it goes into the pipe: the class, and the answer or the reason. */
static void
answer(const char *terminal, int to)
{
	struct buf out = {0}, said = {0};
	struct err e = {0};

	(void)setsid();
	/* the first that a leader opens becomes its controlling terminal */
	if (terminal != NULL && open(terminal, O_RDWR) < 0)
		exit(1);
	if (terminal_ask("? ", MOST, &out, &e) < 0)
		buf_addf(&said, "%d %s", (int)e.code, e.text);
	else
		buf_addf(&said, "0 %.*s", (int)out.n, (const char *)out.p);
	if (write(to, said.p, said.n) < 0)
		exit(1);
	buf_free(&out);
	buf_free(&said);
	exit(0);
}

/* Read from the terminal up to the question, then type. */
static void
type(int fd, const char *line)
{
	char c = '\0';

	while (read(fd, &c, 1) == 1 && c != '?')
		continue;
	if (c == '?' && write(fd, line, strlen(line)) < 0)
		return;
}

static void
check(const char *line, const char *want)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), ends[2];
	char said[200] = "";
	char *name;
	int status;
	pid_t pid;

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 ||
	    (name = ptsname(master)) == NULL || pipe(ends) < 0) {
		tap_skip(want, "no terminals here");
		return;
	}
	(void)fflush(stdout);
	if ((pid = fork()) == 0)
		answer(line != NULL ? name : NULL, ends[1]);
	(void)close(ends[1]);
	if (line != NULL)
		type(master, line);
	if (read(ends[0], said, sizeof said - 1) < 0)
		said[0] = '\0';
	(void)close(ends[0]);
	(void)close(master);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status),
	    "it has ended");
	CHECK(strcmp(said, want) == 0, "%s: %s", want, said);
}

int
main(void)
{
	check("abcd\n", "0 abcd");
	check("abcde\n", "3 more than 4 bytes were typed");
	check("\n", "3 nothing was typed");
	check(NULL, "4 /dev/tty: no such device or address");
	return tap_done();
}
