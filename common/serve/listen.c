/* listen.c -- see listen.h. */
#include "serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ground/names.h"

enum {
	FIRST_HANDED = 3,	/* SD_LISTEN_FDS_START */
	BACKLOG = 1024,		/* connections; the kernel may have less */
};

/* An address of any family. */
union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_un local;
	struct sockaddr_storage room;
};

static bool
number(const char *text, unsigned max, unsigned *out)
{
	char *end;
	unsigned long v;

	if (*text < '0' || *text > '9' || strlen(text) > 5)
		return false;
	v = strtoul(text, &end, 10);
	*out = (unsigned)v;
	return *end == '\0' && v <= max;
}

/* ADDR with or without a port. */
static bool
parse(const char *text, unsigned port, union address *out, socklen_t *n)
{
	const char *colon = strrchr(text, ':'), *close = strrchr(text, ']');
	char host[INET6_ADDRSTRLEN + 2] = "";
	size_t end = strlen(text);
	bool six = text[0] == '[' || strchr(text, ':') != colon;

	memset(out, 0, sizeof *out);
	if (text[0] == '[') {
		if (close == NULL)
			return false;
		if (close[1] == ':' && !number(close + 2, 65535, &port))
			return false;
		if (close[1] != '\0' && close[1] != ':')
			return false;
		end = (size_t)(close - ++text);
	} else if (!six && colon != NULL) {
		if (!number(colon + 1, 65535, &port))
			return false;
		end = (size_t)(colon - text);
	}
	if (end >= sizeof host)
		return false;
	memcpy(host, text, end);
	if (six) {
		out->six.sin6_family = AF_INET6;
		out->six.sin6_port = htons((uint16_t)port);
		*n = sizeof out->six;
		return inet_pton(AF_INET6, host, &out->six.sin6_addr) == 1;
	}
	out->four.sin_family = AF_INET;
	out->four.sin_port = htons((uint16_t)port);
	*n = sizeof out->four;
	return inet_pton(AF_INET, host, &out->four.sin_addr) == 1;
}

bool
listen_ok(const char *text)
{
	union address a;
	socklen_t n;

	if (strncmp(text, "unix:", 5) == 0)
		return text[5] != '\0' &&
		    strlen(text + 5) < sizeof a.local.sun_path;
	return parse(text, 0, &a, &n);
}

/* What to call a socket: its address with the port it really has. */
static void
call(struct listener *l)
{
	char host[INET6_ADDRSTRLEN] = "?";
	union address a;
	socklen_t n = sizeof a;

	memset(&a, 0, sizeof a);
	if (getsockname(l->fd, &a.any, &n) < 0)
		return;
	if (a.any.sa_family == AF_INET6) {
		(void)inet_ntop(AF_INET6, &a.six.sin6_addr, host, sizeof host);
		(void)snprintf(l->name, sizeof l->name, "[%s]:%u", host,
		    ntohs(a.six.sin6_port));
	} else if (a.any.sa_family == AF_INET) {
		(void)inet_ntop(AF_INET, &a.four.sin_addr, host, sizeof host);
		(void)snprintf(l->name, sizeof l->name, "%s:%u", host,
		    ntohs(a.four.sin_port));
	} else {
		(void)snprintf(l->name, sizeof l->name, "unix:%.107s",
		    a.local.sun_path);
	}
}

static int
add(struct listeners *all, int fd, bool handed, const char *path,
    struct err *e)
{
	struct listener *l = &all->v[all->n];

	if (all->n == LISTEN_MAX) {
		(void)close(fd);
		return err_set(e, E_USAGE, "more than %d sockets to listen on",
		    LISTEN_MAX);
	}
	*l = (struct listener){.fd = fd, .handed = handed};
	/* taken away behind the guard */
	if (path != NULL)
		l->path = names_keep(NAMES_MADE, path);
	call(l);
	all->n++;
	return 0;
}

static int
open_tcp(struct listeners *all, const union address *a, socklen_t n,
    const char *name, struct err *e)
{
	int fd, one = 1;

	fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_sys(e, "%s", name);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (a->any.sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one,
		    sizeof one);
	if (bind(fd, &a->any, n) < 0 || listen(fd, BACKLOG) < 0) {
		(void)err_sys(e, "%s", name);
		(void)close(fd);
		return -1;
	}
	return add(all, fd, false, NULL, e);
}

/* A socket file that a service left behind: nobody answers there. */
static void
clear_away(const union address *a)
{
	struct stat st;
	int fd;

	if (lstat(a->local.sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, &a->any, sizeof a->local) < 0 &&
	    errno == ECONNREFUSED)
		(void)unlink(a->local.sun_path);
	if (fd >= 0)
		(void)close(fd);
}

static int
open_unix(struct listeners *all, const char *path, struct err *e)
{
	union address a;
	mode_t was;
	int fd, ret;

	memset(&a, 0, sizeof a);
	a.local.sun_family = AF_UNIX;
	(void)snprintf(a.local.sun_path, sizeof a.local.sun_path, "%s", path);
	clear_away(&a);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_sys(e, "unix:%s", path);
	/* nobody may connect before the mode is what it shall be */
	was = umask(0117);
	ret = bind(fd, &a.any, sizeof a.local);
	(void)umask(was);
	if (ret < 0 || listen(fd, BACKLOG) < 0) {
		(void)err_sys(e, "unix:%s", path);
		(void)close(fd);
		return -1;
	}
	return add(all, fd, false, path, e);
}

static int
open_named(struct listeners *all, const char *name, unsigned port,
    struct err *e)
{
	union address a;
	socklen_t n;

	if (strncmp(name, "unix:", 5) == 0)
		return open_unix(all, name + 5, e);
	if (!parse(name, port, &a, &n))
		return err_set(e, E_USAGE, "%s: no address to listen on",
		    name);
	return open_tcp(all, &a, n, name, e);
}

/* Both loopback addresses, on the same port; a machine may have IPv4 alone. */
static int
open_loopback(struct listeners *all, unsigned port, struct err *e)
{
	union address a;
	struct err why;
	socklen_t n = 0;

	(void)parse("127.0.0.1", port, &a, &n);
	if (open_tcp(all, &a, n, "127.0.0.1", e) < 0)
		return -1;
	n = sizeof a;
	if (getsockname(all->v[0].fd, &a.any, &n) == 0)
		port = ntohs(a.four.sin_port);
	(void)parse("::1", port, &a, &n);
	if (open_tcp(all, &a, n, "::1", &why) == 0 || errno == EAFNOSUPPORT ||
	    errno == EADDRNOTAVAIL)
		return 0;
	*e = why;
	return -1;
}

/* How many sockets the service manager left open for us; the variables are
 * not for those whom we start. */
static unsigned
handed_over(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	unsigned n = 0;

	if (pid == NULL || fds == NULL ||
	    strtol(pid, NULL, 10) != (long)getpid() ||
	    !number(fds, LISTEN_MAX, &n))
		n = 0;
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	return n;
}

static int
take_handed(struct listeners *all, unsigned n, struct err *e)
{
	int fd, on, flags;
	socklen_t size;
	unsigned i;

	for (i = 0; i < n; i++) {
		fd = FIRST_HANDED + (int)i;
		size = sizeof on;
		on = 0;
		if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on,
		    &size) < 0 || on == 0)
			return err_set(e, E_SYSTEM, "descriptor %d: no socket "
			    "that listens", fd);
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		flags = fcntl(fd, F_GETFL);
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
		if (add(all, fd, true, NULL, e) < 0)
			return -1;
	}
	return 0;
}

int
listen_open(const char *const *names, size_t n, unsigned port,
    struct listeners *all, struct err *e)
{
	unsigned handed = handed_over();
	int ret = 0;
	size_t i;

	if (handed > 0)
		ret = take_handed(all, handed, e);
	else if (n == 0)
		ret = open_loopback(all, port, e);
	for (i = 0; handed == 0 && i < n && ret == 0; i++)
		ret = open_named(all, names[i], port, e);
	if (ret < 0)
		listen_close(all);
	return ret;
}

void
listen_close(struct listeners *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (all->v[i].fd >= 0)
			(void)close(all->v[i].fd);
		if (all->v[i].path != NULL)
			(void)unlink(all->v[i].path);
	}
	all->n = 0;
}

void
listen_notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	union address a;
	size_t n;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@') ||
	    (n = strlen(path)) >= sizeof a.local.sun_path)
		return;
	memset(&a, 0, sizeof a);
	a.local.sun_family = AF_UNIX;
	memcpy(a.local.sun_path, path, n);
	if (path[0] == '@')
		a.local.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, &a.any,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)close(fd);
}
