/* guardnet.c -- see guard.h: what a tool that asks services calls behind the
 * guard, beside the calls of guardcalls.c, and the paths that it may use.
 *
 *	what			what is left to an intruder
 *	sockets			any address of IPv4 and IPv6, the kernel's
 *				table of addresses; none is bound to a port of
 *				TCP (Landlock), none listens
 *	  of this machine	if a resolver listens on one: any of them that
 *				has a name in the file system
 *	open			to read what its user may, by Landlock only in
 *				/etc, /usr, /lib and the like, and the tool's
 *				own files; never to write
 *	with guard_may(MAKE)	files beneath that folder (Landlock)
 *	stat, readlink		whether something is there
 *	memory			a library's can be executed, never written:
 *				the modules of nsswitch.conf
 *	the one that serves	connections to the sockets that listen
 *				already; the guest's device
 */
#include "host/guard_in.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ground/io.h"

/* Calls that not every machine has. */
#ifndef SYS_open
#define SYS_open		-1
#define SYS_pipe		-1
#define SYS_select		-1
#define SYS_epoll_wait		-1
#define SYS_eventfd		-1
#define SYS_mkdir		-1
#define SYS_rmdir		-1
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2		439
#endif
#ifndef SYS_epoll_pwait2
#define SYS_epoll_pwait2	441
#endif

/* glibc binds a socket of the kernel's to ask for addresses; musl binds the
 * resolver's as well. */
#ifdef __GLIBC__
#define BINDING GUARD_BIND
#else
#define BINDING GUARD_ALWAYS
#endif

static const struct guard_call net[] = {
	{SYS_open, GUARD_READING}, {SYS_openat, GUARD_READING_AT},
	{SYS_statx, GUARD_ALWAYS}, {SYS_faccessat2, GUARD_ALWAYS},
	{SYS_flock, GUARD_ALWAYS}, {SYS_mmap, GUARD_MAP_LIBRARY},
	/* sockets */
	{SYS_socket, GUARD_SOCKET}, {SYS_socketpair, GUARD_PAIR},
	{SYS_bind, BINDING}, {SYS_connect, GUARD_ALWAYS},
	{SYS_getsockname, GUARD_ALWAYS}, {SYS_getpeername, GUARD_ALWAYS},
	{SYS_getsockopt, GUARD_ALWAYS}, {SYS_setsockopt, GUARD_SETTING},
	{SYS_sendto, GUARD_ALWAYS}, {SYS_sendmsg, GUARD_ALWAYS},
	{SYS_sendmmsg, GUARD_ALWAYS}, {SYS_recvfrom, GUARD_ALWAYS},
	{SYS_recvmsg, GUARD_ALWAYS}, {SYS_recvmmsg, GUARD_ALWAYS},
	{SYS_shutdown, GUARD_ALWAYS},
	/* waiting */
	{SYS_select, GUARD_ALWAYS}, {SYS_pselect6, GUARD_ALWAYS},
	{SYS_pipe, GUARD_ALWAYS}, {SYS_pipe2, GUARD_ALWAYS},
	{SYS_eventfd, GUARD_ALWAYS}, {SYS_eventfd2, GUARD_ALWAYS},
	{SYS_prctl, GUARD_TITLE},
};
const struct guard_list guard_net = {net, sizeof net / sizeof *net};

static const struct guard_call serve[] = {
	{SYS_open, GUARD_USING}, {SYS_openat, GUARD_USING_AT},
	{SYS_mkdir, GUARD_ALWAYS}, {SYS_mkdirat, GUARD_ALWAYS},
	{SYS_rmdir, GUARD_ALWAYS},
	{SYS_accept, GUARD_ALWAYS}, {SYS_accept4, GUARD_ALWAYS},
	{SYS_epoll_create1, GUARD_ALWAYS}, {SYS_epoll_ctl, GUARD_ALWAYS},
	{SYS_epoll_wait, GUARD_ALWAYS}, {SYS_epoll_pwait, GUARD_ALWAYS},
	{SYS_epoll_pwait2, GUARD_ALWAYS}, {SYS_sendfile, GUARD_ALWAYS},
	{SYS_rt_sigtimedwait, GUARD_ALWAYS},
};
const struct guard_list guard_serve = {serve, sizeof serve / sizeof *serve};

const unsigned guard_net_ioctls[] = {TIOCGWINSZ, TCGETS, FIONREAD, FIONBIO,
    SIOCGIFINDEX, SIOCGIFNAME,
    /* SNP_GET_REPORT, SNP_GET_EXT_REPORT, and AMD's first driver's */
    _IOC(_IOC_READ | _IOC_WRITE, 'S', 0, 32),
    _IOC(_IOC_READ | _IOC_WRITE, 'S', 2, 32),
    _IOC(_IOC_READ | _IOC_WRITE, 'S', 1, 40)};
const size_t guard_net_ioctls_n = sizeof guard_net_ioctls /
    sizeof *guard_net_ioctls;
const size_t guard_device_ioctls_n = 3;

const unsigned guard_net_fcntls[] = {F_GETFD, F_SETFD, F_GETFL, F_SETFL,
    F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_SETPIPE_SZ};
const size_t guard_net_fcntls_n = sizeof guard_net_fcntls /
    sizeof *guard_net_fcntls;

/* What the C library, the resolver and their modules read. */
static const struct {
	enum guard_may may;
	const char *path;
} ours[] = {
	{GUARD_READ, "/etc"}, {GUARD_READ, "/usr"}, {GUARD_READ, "/lib"},
	{GUARD_READ, "/lib64"}, {GUARD_READ, "/nix/store"},
	{GUARD_READ, "/gnu/store"},
	/* links of /etc lead there */
	{GUARD_READ, "/etc/resolv.conf"}, {GUARD_READ, "/etc/hosts"},
	{GUARD_READ, "/etc/nsswitch.conf"},
	{GUARD_READ, "/run/systemd/resolve"}, {GUARD_READ, "/run/resolvconf"},
	{GUARD_READ, "/run/NetworkManager"}, {GUARD_READ, "/run/connman"},
	{GUARD_READ, "/run/netconfig"}, {GUARD_READ, "/run/nscd"},
	{GUARD_READ, "/var/lib/libvirt/dnsmasq"},
	{GUARD_READ, "/proc/sys"}, {GUARD_READ, "/sys/devices/system/cpu"},
	{GUARD_READ, "/dev/null"}, {GUARD_READ, "/dev/urandom"},
	{GUARD_READ, "/dev/random"},
};

/* Sockets on which a resolver listens: without one, nothing of this machine is
 * asked by a socket with a name. */
static const char *const resolvers[] = {
	"/run/systemd/resolve/io.systemd.Resolve", "/run/nscd/socket",
	"/var/run/nscd/socket", "/run/avahi-daemon/socket",
	"/var/run/avahi-daemon/socket", "/run/nslcd/socket",
	"/run/samba/winbindd/pipe", "/run/systemd/userdb/io.systemd.Machine",
};

static struct {
	struct { enum guard_may may; const char *path; } *v;
	size_t n;
} wanted;

void
guard_may(enum guard_may may, const char *path)
{
	void *more;

	if (path == NULL || io_is_std(path))
		return;
	more = realloc(wanted.v, (wanted.n + 1) * sizeof *wanted.v);
	if (more == NULL)
		err_nomem();
	wanted.v = more;
	wanted.v[wanted.n].may = may;
	wanted.v[wanted.n++].path = path;
}

void
guard_each(void (*give)(void *, enum guard_may, const char *), void *arg)
{
	size_t i;

	for (i = 0; i < sizeof ours / sizeof *ours; i++)
		give(arg, ours[i].may, ours[i].path);
	for (i = 0; i < wanted.n; i++)
		give(arg, wanted.v[i].may, wanted.v[i].path);
}

unsigned
guard_network(bool serves)
{
	struct guard_wish wish = {.net = true, .serves = serves,
	    .local = serves && getenv("NOTIFY_SOCKET") != NULL};
	unsigned done;
	size_t i;

	for (i = 0; i < sizeof resolvers / sizeof *resolvers; i++)
		wish.local |= access(resolvers[i], F_OK) == 0;
	for (i = 0; i < wanted.n; i++)
		wish.makes |= wanted.v[i].may == GUARD_MAKE;
	done = guard_set(wish);
	free(wanted.v);
	wanted.v = NULL;
	wanted.n = 0;
	return done;
}

void
guard_text(unsigned set, struct buf *out)
{
	if ((set & GUARD_SECCOMP) != 0)
		buf_addf(out, "system calls%s", (set & GUARD_THREADS) != 0 ?
		    " of all threads" : "");
	if ((set & GUARD_LANDLOCK) != 0)
		buf_addf(out, "%sfiles", out->n > 0 ? ", " : "");
	if (set == 0)
		buf_adds(out, "none, the kernel has neither seccomp nor "
		    "Landlock");
}
