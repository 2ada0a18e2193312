/* listen.h -- the sockets a service listens on: its own, or those that the
 * service manager hands over (sd_listen_fds(3)), and what that is told
 * (sd_notify(3)).  World. */
#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

#include "ground/buf.h"
#include "ground/err.h"

enum { LISTEN_MAX = 8 };	/* sockets */

struct listener {
	int fd;
	bool handed;		/* the service manager's: it stays open */
	const char *path;	/* of a socket of our own, or NULL */
	char name[140];		/* "127.0.0.1:8080", "unix:/run/skr" */
};

struct listeners {
	struct listener v[LISTEN_MAX];
	size_t n;
};

/* Whether text is an ADDR (an IPv4 or IPv6 address, which may have a port
 * behind it: 0.0.0.0:80, [::1]:80) or unix:PATH. */
bool listen_ok(const char *text);

/* Those handed over, if $LISTEN_PID is this process; else those named; else
 * loopback, IPv4 and, where the machine has it, IPv6.  Port 0 is any that is
 * free.  A Unix socket is made with mode 0660, in the place of one that nobody
 * answers at.  E_SYSTEM. */
int listen_open(const char *const *names, size_t n, unsigned port,
    struct listeners *, struct err *);
void listen_close(struct listeners *);

/* Tell the service manager, if there is one: "READY=1". */
void listen_notify(const char *state);

#endif
