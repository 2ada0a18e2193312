/* child.h -- run a function in a process of its own: what it writes on one
 * descriptor, and the status it ends with. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ground/buf.h"

/* fd is replaced by a pipe, whose text goes to out.  Returns the status the
 * child exits with, what f returns if it does, or -1 if it is killed. */
static inline int
child(int fd, int (*f)(void), struct buf *out)
{
	int ends[2], status;
	uint8_t part[4096];
	ssize_t n;
	pid_t pid;

	(void)fflush(stdout);
	if (pipe(ends) < 0 || (pid = fork()) < 0)
		exit(1);
	if (pid == 0) {
		if (dup2(ends[1], fd) < 0)
			_exit(99);
		(void)close(ends[0]);
		(void)close(ends[1]);
		_exit(f());
	}
	(void)close(ends[1]);
	while ((n = read(ends[0], part, sizeof part)) > 0)
		buf_add(out, slice_of(part, (size_t)n));
	(void)close(ends[0]);
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

#endif
