/* warm.c -- usage: warm PROGRAM [ARG...]
 *
 * Run a Python program of tests/fake by way of the process that tests/fake/warm
 * is, if $WARM names its socket; else as any other program.  PROGRAM may be
 * python3, and the arguments as it takes them: -c TEXT, -, or a file. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

static int
dial(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd;

	if (path == NULL || strlen(path) >= sizeof at.sun_path)
		return -1;
	memcpy(at.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

static void
put(FILE *to, const char *text)
{
	(void)fwrite(text, 1, strlen(text) + 1, to);
}

/* The umask, the directory, how many arguments, they, the environment; each
 * ended by a NUL. */
static char *
request(int argc, char *argv[], size_t *n)
{
	char *text = NULL, *dir = getcwd(NULL, 0), number[16];
	mode_t mask = umask(0);
	FILE *to = open_memstream(&text, n);
	int i;

	if (to == NULL || dir == NULL)
		exit(125);
	(void)umask(mask);
	(void)snprintf(number, sizeof number, "%o", (unsigned)mask);
	put(to, number);
	put(to, dir);
	(void)snprintf(number, sizeof number, "%d", argc);
	put(to, number);
	for (i = 0; i < argc; i++)
		put(to, argv[i]);
	for (i = 0; environ[i] != NULL; i++)
		put(to, environ[i]);
	if (fclose(to) != 0)
		exit(125);
	free(dir);
	return text;
}

/* The size, and the standard descriptors beside it; then the text. */
static int
send_all(int fd, const char *text, size_t n)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(3 * sizeof(int))];
	} control = {.head = {.cmsg_len = CMSG_LEN(3 * sizeof(int)),
	    .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
	const int fds[3] = {0, 1, 2};
	uint32_t size = (uint32_t)n;
	struct iovec part = {&size, sizeof size};
	struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1,
	    .msg_control = control.space,
	    .msg_controllen = sizeof control.space};
	ssize_t done;

	memcpy(CMSG_DATA(&control.head), fds, sizeof fds);
	if (sendmsg(fd, &m, MSG_NOSIGNAL) != (ssize_t)sizeof size)
		return -1;
	for (; n > 0; text += done, n -= (size_t)done)
		if ((done = send(fd, text, n, MSG_NOSIGNAL)) <= 0)
			return -1;
	return 0;
}

int
main(int argc, char *argv[])
{
	unsigned char status = 125;
	char *text;
	size_t n;
	int fd;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: warm PROGRAM [ARG...]\n");
		return 2;
	}
	if ((fd = dial(getenv("WARM"))) < 0) {
		(void)execvp(argv[1], &argv[1]);
		(void)fprintf(stderr, "warm: %s: %s\n", argv[1],
		    strerror(errno));
		return 126;
	}
	text = request(argc - 1, &argv[1], &n);
	if (send_all(fd, text, n) < 0 || read(fd, &status, 1) != 1)
		(void)fprintf(stderr, "warm: %s: no answer\n", argv[1]);
	free(text);
	return status;
}
