/* tsm.c -- configfs-tsm (Documentation/ABI/testing/configfs-tsm-report):
 * an entry of our own, one write, one read, and the entry goes away. */
#include "device/sev.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char root[] = "/sys/kernel/config/tsm/report";

enum {
	NAMES_MAX = 16,		/* names that may be taken before one is not */
	ATTRIBUTE_MAX = 256,	/* bytes of a line of text */
	PATH_ROOM = 128,
	WRITES = 2,		/* inblob and privlevel */
};

struct entry {
	char path[PATH_ROOM];
};

static int
make(struct entry *t, struct err *e)
{
	int i;

	for (i = 0; i < NAMES_MAX; i++) {
		(void)snprintf(t->path, sizeof t->path, "%s/snp-report.%ld.%d",
		    root, (long)getpid(), i);
		if (mkdir(t->path, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	if (errno == ENXIO) {
		(void)err_set(e, E_SYSTEM, "%s: no provider: not an SEV-SNP "
		    "guest, or its driver is not loaded", root);
		return sev_absent("in a guest, 'modprobe sev-guest' loads it",
		    e);
	}
	if (errno == EACCES || errno == EPERM) {
		(void)err_sys(e, "%s", root);
		return err_hint(e, "the interface is root's: run as root");
	}
	if (errno == ENOENT) {
		(void)err_sys(e, "%s", root);
		return sev_absent("it takes Linux 6.7, configfs mounted on "
		    "/sys/kernel/config, and 'modprobe sev-guest'", e);
	}
	return err_sys(e, "%s", root);
}

static const char *
attribute(const struct entry *t, const char *name, char path[PATH_ROOM + 32])
{
	(void)snprintf(path, PATH_ROOM + 32, "%s/%s", t->path, name);
	return path;
}

/* In one write(2): the kernel takes each write for the whole value. */
static int
put(const struct entry *t, const char *name, struct slice s, struct err *e)
{
	char path[PATH_ROOM + 32];
	int fd = open(attribute(t, name, path), O_WRONLY | O_CLOEXEC);
	ssize_t done;

	if (fd < 0)
		return err_sys(e, "%s", path);
	done = write(fd, s.p, s.n);
	if (done < 0)
		(void)err_sys(e, "%s", path);
	else if ((size_t)done != s.n)
		(void)err_set(e, E_SYSTEM, "%s: write cut short", path);
	if (close(fd) < 0 && done == (ssize_t)s.n) {
		done = -1;
		(void)err_sys(e, "%s", path);
	}
	return done == (ssize_t)s.n ? 0 : -1;
}

/* Leaves errno as the read that failed set it. */
static int
get(const struct entry *t, const char *name, size_t max, struct buf *out,
    struct err *e)
{
	char path[PATH_ROOM + 32];
	int fd = open(attribute(t, name, path), O_RDONLY | O_CLOEXEC), why;
	size_t was = out->n, room = max + 1;
	ssize_t got = fd;

	(void)buf_more(out, room);
	while (got >= 0 && room > 0) {
		got = read(fd, out->p + out->n - room, room);
		if (got == 0)
			break;
		if (got > 0)
			room -= (size_t)got;
	}
	why = got < 0 ? errno : room == 0 ? EFBIG : 0;
	buf_cut(out, why == 0 ? out->n - room : was);
	if (fd >= 0)
		(void)close(fd);
	errno = why;
	if (why == 0)
		return 0;
	(void)err_sys(e, "%s", path);
	errno = why;
	return -1;
}

static int
check_provider(const struct entry *t, struct err *e)
{
	struct buf text = {0};
	struct slice name;
	int ret = get(t, "provider", ATTRIBUTE_MAX, &text, e);

	name = slice_trim(slice_buf(&text));
	if (ret == 0 && !slice_is(name, "sev_guest"))
		ret = err_set(e, E_SYSTEM, "%s: the provider is %.*s, not "
		    "sev_guest: not an SEV-SNP guest", root, (int)name.n,
		    (const char *)name.p);
	buf_free(&text);
	return ret;
}

/* generation counts writes: more than ours, and what is read next need not be
 * the answer to what we asked. */
static int
check_generation(const struct entry *t, struct err *e)
{
	struct buf text = {0};
	char want[8];
	int ret = get(t, "generation", ATTRIBUTE_MAX, &text, e);

	(void)snprintf(want, sizeof want, "%d", WRITES);
	if (ret == 0 && !slice_is(slice_trim(slice_buf(&text)), want))
		ret = err_set(e, E_SYSTEM, "%s: another process wrote to it",
		    t->path);
	buf_free(&text);
	return ret;
}

static int
ask(const struct entry *t, const struct sev_request *rq,
    struct sev_answer *a, struct err *e)
{
	char level[16];

	(void)snprintf(level, sizeof level, "%u", rq->vmpl);
	if (check_provider(t, e) < 0 ||
	    put(t, "inblob", slice_of(rq->data, sizeof rq->data), e) < 0)
		return -1;
	if (put(t, "privlevel", slice_str(level), e) < 0)
		return err_hint(e, "privlevel_floor says which VMPL is the "
		    "lowest to ask for with -l");
	if (check_generation(t, e) < 0)
		return -1;
	/* the firmware is called by the first read of outblob */
	if (get(t, "outblob", SEV_CERTS_MAX, &a->report, e) < 0)
		return errno == ENXIO ? err_hint(e, "ask for the VMPL the "
		    "guest runs at, or a higher one, with -l") : err_hint(e,
		    "dmesg may name the firmware's error; after one only a "
		    "restart of the guest may help (VMPCK)");
	if (check_generation(t, e) < 0)
		return -1;
	if (a->report.n != SNP_SIZE)
		return err_set(e, E_SYSTEM, "%s: a report of %zu bytes "
		    "instead of %d", t->path, a->report.n, SNP_SIZE);
	if (rq->certs && get(t, "auxblob", SEV_CERTS_MAX, &a->certs, e) < 0)
		return -1;
	return 0;
}

/* Signals wait, so that the entry is removed whatever happens. */
int
sev_tsm_report(const struct sev_request *rq, struct sev_answer *a,
    struct err *e)
{
	struct entry t;
	sigset_t all, was;
	int ret;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &was);
	if ((ret = make(&t, e)) == 0) {
		ret = ask(&t, rq, a, e);
		(void)rmdir(t.path);
	}
	(void)pthread_sigmask(SIG_SETMASK, &was, NULL);
	return ret;
}
