/* certcache.c -- see certcache.h. */
#include "host/certcache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "codec/hex.h"
#include "ground/io.h"

enum {
	PRIVATE = 0700,
	SHARED = S_IWGRP | S_IWOTH,
	LOOK = 50,		/* ms between two looks at a lock */
};

/* A folder that is ours, made if it is not there; its parent must be. */
static int
folder(const char *path, bool ours, struct err *e)
{
	struct stat st;

	if (mkdir(path, PRIVATE) < 0 && errno != EEXIST)
		return err_sys(e, "%s", path);
	if (stat(path, &st) < 0)
		return err_sys(e, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, E_SYSTEM, "%s: no folder", path);
	if (ours && (st.st_uid != geteuid() || (st.st_mode & SHARED) != 0))
		return err_set(e, E_SYSTEM, "%s: others may write to it", path);
	return 0;
}

static int
base(struct buf *dir, struct err *e)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	/* the specification wants a relative one ignored */
	if (xdg != NULL && xdg[0] == '/') {
		buf_adds(dir, xdg);
		return 0;
	}
	if (home == NULL || home[0] != '/')
		return err_set(e, E_SYSTEM, "neither XDG_CACHE_HOME nor HOME "
		    "is set");
	buf_addf(dir, "%s/.cache", home);
	return 0;
}

/* The path so far as a string, for a moment. */
static int
make(struct buf *dir, bool ours, struct err *e)
{
	int ret;

	buf_addc(dir, '\0');
	ret = folder((const char *)dir->p, ours, e);
	buf_cut(dir, dir->n - 1);
	return ret;
}

int
certcache_open(enum product p, struct certcache *c, struct err *e)
{
	struct buf dir = {0};
	int ret = -1;

	*c = (struct certcache){.lock = -1};
	if (base(&dir, e) < 0 || make(&dir, false, e) < 0)
		goto out;
	buf_adds(&dir, "/teeutils");
	if (make(&dir, true, e) < 0)
		goto out;
	buf_addf(&dir, "/%s", product_name(p));
	ret = make(&dir, true, e);
	buf_addc(&dir, '\0');
out:
	if (ret == 0)
		c->dir = dir;
	else
		buf_free(&dir);
	return ret;
}

void
certcache_close(struct certcache *c)
{
	if (c->lock > 0)
		(void)close(c->lock);
	buf_free(&c->dir);
	*c = (struct certcache){.lock = -1};
}

void
certcache_leaf(struct slice r, enum product p, struct buf *out)
{
	hex_encode(slice_head(snp_get(r, SNP_CHIP_ID),
	    product_chip_id_size(p)), out);
	buf_addc(out, '-');
	hex_encode(snp_get(r, SNP_REPORTED_TCB), out);
}

static const char *
path_of(const struct certcache *c, const char *name, const char *ending,
    struct buf *path)
{
	buf_addf(path, "%s/%s%s", (const char *)c->dir.p, name, ending);
	buf_addc(path, '\0');
	return (const char *)path->p;
}

bool
certcache_get(const struct certcache *c, const char *name, struct buf *out)
{
	struct buf path = {0};
	struct err ignored;
	size_t was = out->n;
	struct stat st;
	const char *at;
	bool got;

	if (c->dir.n == 0)
		return false;
	at = path_of(c, name, "", &path);
	got = stat(at, &st) == 0 && S_ISREG(st.st_mode) &&
	    io_read(at, CERTCACHE_MAX, out, &ignored) == 0;
	if (!got)
		buf_cut(out, was);
	buf_free(&path);
	return got;
}

int
certcache_put(const struct certcache *c, const char *name, struct slice data,
    struct err *e)
{
	struct buf path = {0};
	int ret = 0;

	if (c->dir.n > 0)
		ret = io_write(path_of(c, name, "", &path), IO_SECRET, data,
		    e);
	buf_free(&path);
	return ret;
}

void
certcache_drop(const struct certcache *c, const char *name)
{
	struct buf path = {0};

	if (c->dir.n > 0)
		(void)unlink(path_of(c, name, "", &path));
	buf_free(&path);
}

bool
certcache_lock(struct certcache *c, const char *name, unsigned ms)
{
	const struct timespec look = {.tv_nsec = LOOK * 1000000L};
	struct buf path = {0};
	unsigned waited = 0;
	bool busy;

	if (c->dir.n == 0)
		return true;
	if (c->lock > 0)
		(void)close(c->lock);
	c->lock = open(path_of(c, name, ".lock", &path), O_CREAT | O_RDWR |
	    O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	buf_free(&path);
	for (;; waited += LOOK) {
		busy = c->lock >= 0 && flock(c->lock, LOCK_EX | LOCK_NB) < 0 &&
		    errno == EWOULDBLOCK;
		if (!busy || waited >= ms)
			break;
		(void)nanosleep(&look, NULL);
	}
	/* a file system without locks is no reason to have no certificates */
	return !busy;
}
