/* terminalask.c -- see terminal.h: a line typed blindly. */
#include "host/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

/* The first are sent by others, and let in while a line is waited for and at no
 * other time, so that none comes between a look and the wait; the last two the
 * terminal itself says to those in the background. */
static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP,
    SIGTTIN, SIGTTOU};
enum {
	CAUGHT = sizeof caught / sizeof *caught,
	SENT = CAUGHT - 2,
};

static volatile sig_atomic_t signalled;

static void
note(int sig)
{
	signalled = sig;
}

/* A byte, or none at the end.  Without SA_RESTART a signal ends it. */
static ssize_t
get(int fd, const sigset_t *let_in, uint8_t *c)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (ppoll(&p, 1, NULL, let_in) < 0)
		return -1;
	return read(fd, c, 1);
}

/* Read up to the line end, byte by byte: what is typed after it is not
 * ours. */
static int
read_line(int fd, const sigset_t *let_in, size_t max, struct buf *out,
    struct err *e)
{
	size_t was = out->n;
	uint8_t c;
	ssize_t got;

	/* at once, so that nothing of it moves */
	(void)buf_more(out, max + 1);
	out->n = was;
	for (;;) {
		got = get(fd, let_in, &c);
		if (got < 0)
			return err_sys(e, "/dev/tty");
		if (got == 0 || c == '\n')
			break;
		if (out->n - was >= max)
			return err_set(e, E_INPUT, "more than %zu bytes were "
			    "typed", max);
		buf_addc(out, c);
	}
	if (out->n == was)
		return err_set(e, E_INPUT, "nothing was typed");
	return 0;
}

static int
ask(int fd, const sigset_t *let_in, const char *prompt, size_t max,
    struct buf *out, struct err *e)
{
	struct termios shown, hidden;
	size_t was = out->n;
	int ret;

	if (tcgetattr(fd, &shown) < 0)
		return err_sys(e, "/dev/tty");
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	hidden.c_lflag |= ICANON | ISIG;
	if (tcsetattr(fd, TCSAFLUSH, &hidden) < 0 ||
	    write(fd, prompt, strlen(prompt)) < 0)
		ret = err_sys(e, "/dev/tty");
	else
		ret = read_line(fd, let_in, max, out, e);
	(void)tcsetattr(fd, TCSAFLUSH, &shown);
	if (write(fd, "\n", 1) < 0 && ret == 0)
		ret = err_sys(e, "/dev/tty");
	if (ret < 0)
		buf_cut(out, was);
	return ret;
}

/* The terminal as it was, then the signal; from one that stops one comes back.
 */
static int
ask_once(int fd, const char *prompt, size_t max, struct buf *out,
    struct err *e)
{
	struct sigaction sa = {.sa_handler = note}, was[CAUGHT];
	sigset_t kept, before;
	int ret, i;

	(void)sigemptyset(&kept);
	for (i = 0; i < SENT; i++)
		(void)sigaddset(&kept, caught[i]);
	(void)pthread_sigmask(SIG_BLOCK, &kept, &before);
	signalled = 0;
	for (i = 0; i < CAUGHT; i++)
		(void)sigaction(caught[i], &sa, &was[i]);
	ret = ask(fd, &before, prompt, max, out, e);
	for (i = 0; i < CAUGHT; i++)
		(void)sigaction(caught[i], &was[i], NULL);
	if (signalled != 0)
		(void)raise((int)signalled);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ret;
}

static bool
stopped(void)
{
	return signalled == SIGTSTP || signalled == SIGTTIN ||
	    signalled == SIGTTOU;
}

int
terminal_ask(const char *prompt, size_t max, struct buf *out, struct err *e)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), ret;

	if (fd < 0)
		return err_sys(e, "/dev/tty");
	do
		ret = ask_once(fd, prompt, max, out, e);
	while (ret < 0 && stopped());
	(void)close(fd);
	return ret;
}
