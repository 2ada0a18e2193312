/*
 * sev-tsm.c: configfs-tsm, as Documentation/ABI/testing/configfs-tsm-report
 * and the kernel's code: inblob is taken when its file is closed, the report
 * is made by the first read of outblob after a write, generation counts writes.
 * FAKE_SEV_PROVIDER (default sev_guest), FAKE_SEV_TSM_TAKEN=N: the first N
 * names are taken, FAKE_SEV_TSM_RACE=N: another process writes N times,
 * FAKE_SEV_TSM_ERRNO: of writing privlevel (EBUSY: generation would wrap),
 * FAKE_SEV_TSM_OPEN_ERRNO: of opening an attribute to write,
 * FAKE_SEV_TSM_SHORT=N: writes take so many bytes less.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sev.h"

enum attribute {
	DIRECTORY, INBLOB, OUTBLOB, AUXBLOB, PROVIDER, GENERATION, PRIVLEVEL,
	PRIVLEVEL_FLOOR, ATTRIBUTES
};

static const struct {
	const char *name;
	mode_t	 mode;
} attributes[ATTRIBUTES] = {
	[DIRECTORY] = { "", 0755 },
	[INBLOB] = { "inblob", 0200 },
	[OUTBLOB] = { "outblob", 0444 },
	[AUXBLOB] = { "auxblob", 0444 },
	[PROVIDER] = { "provider", 0444 },
	[GENERATION] = { "generation", 0444 },
	[PRIVLEVEL] = { "privlevel", 0200 },
	[PRIVLEVEL_FLOOR] = { "privlevel_floor", 0444 },
};

enum { ENTRIES = 8, FILES = 32, INBLOB_MAX = 64, PRIVLEVEL_MAX = 3 };

static struct entry {
	char	 name[64];	/* empty: free */
	uint8_t	 inblob[INBLOB_MAX];
	size_t	 inblob_n;
	unsigned int privlevel, generation, made;
	struct fake_answer answer;
} entries[ENTRIES];

static struct file {
	struct entry *entry;	/* NULL: the root directory */
	size_t	 in_n;
	int	 fd;		/* 0: free; 0 is never one of these */
	enum attribute what;
	int	 filled, written;
	uint8_t	 in[INBLOB_MAX];
} files[FILES];

static int
no(int error)
{
	errno = error;
	return -1;
}

int
tsm_path(const char *path)
{
	size_t n = strlen(TSM_ROOT);

	return strncmp(path, TSM_ROOT, n) == 0 &&
	    (path[n] == '\0' || path[n] == '/');
}

static struct entry *
find(const char *name, size_t n)
{
	for (int i = 0; i < ENTRIES; i++)
		if (n > 0 && strlen(entries[i].name) == n &&
		    memcmp(entries[i].name, name, n) == 0)
			return &entries[i];
	return NULL;
}

/* The name below the root, without slashes around it. */
static const char *
below(const char *path, size_t *n)
{
	const char *p = path + strlen(TSM_ROOT);

	p += strspn(p, "/");
	*n = strcspn(p, "/");
	return p;
}

/* 0 with *e (NULL: the root) and *what, or -1: no such file */
static int
resolve(const char *path, struct entry **e, enum attribute *what)
{
	size_t n;
	const char *p = below(path, &n), *rest = p + n + strspn(p + n, "/");

	*e = NULL;
	*what = DIRECTORY;
	if (n == 0)
		return 0;
	if ((*e = find(p, n)) == NULL)
		return -1;
	for (int i = DIRECTORY; i < ATTRIBUTES; i++)
		if (strcmp(rest, attributes[i].name) == 0) {
			*what = (enum attribute)i;
			return 0;
		}
	return -1;
}

int
tsm_exists(const char *path, int *is_dir, mode_t *mode)
{
	struct entry *e;
	enum attribute what;

	if (resolve(path, &e, &what) != 0)
		return 0;
	*is_dir = what == DIRECTORY;
	*mode = attributes[what].mode;
	return 1;
}

int
tsm_mkdir(const char *path)
{
	static unsigned long long taken;
	unsigned long long limit = 0;
	size_t n;
	const char *p = below(path, &n);
	int error = fake_errno("FAKE_SEV_OPEN_ERRNO");

	fake_log("tsm mkdir %s\n", p);
	if (error != 0)
		return no(error);
	fake_number("FAKE_SEV_TSM_TAKEN", &limit);
	if (n == 0 || find(p, n) != NULL || taken++ < limit)
		return no(EEXIST);
	if (p[n] != '\0' || n >= sizeof(entries[0].name))
		return no(EPERM);
	if (fake_prepare() != 0)
		return no(ENXIO);
	for (int i = 0; i < ENTRIES; i++)
		if (entries[i].name[0] == '\0') {
			memset(&entries[i], 0, sizeof(entries[i]));
			memcpy(entries[i].name, p, n);
			return 0;
		}
	return no(ENOMEM);
}

int
tsm_rmdir(const char *path)
{
	struct entry *e;
	enum attribute what;

	if (resolve(path, &e, &what) != 0 || e == NULL)
		return no(ENOENT);
	if (what != DIRECTORY)
		return no(ENOTDIR);
	fake_log("tsm rmdir %s\n", e->name);
	e->name[0] = '\0';
	return 0;
}

/* --- open files --- */

static struct file *
file_of(int fd)
{
	for (int i = 0; fd > 0 && i < FILES; i++)
		if (files[i].fd == fd)
			return &files[i];
	return NULL;
}

int
tsm_is(int fd)
{
	return file_of(fd) != NULL;
}

int
tsm_dir_path(int fd, char *path, size_t size)
{
	struct file *f = file_of(fd);

	if (f == NULL || f->what != DIRECTORY)
		return -1;
	snprintf(path, size, "%s/%s", TSM_ROOT,
	    f->entry != NULL ? f->entry->name : "");
	return 0;
}

static int
opened(struct file *f, int fd)
{
	f->fd = fd > 0 ? fd : 0;
	return fd;
}

int
tsm_open(const char *path, int flags)
{
	struct file *f = NULL;
	struct entry *e;
	enum attribute what;
	int wants_write = (flags & O_ACCMODE) != O_RDONLY;
	int wants_read = (flags & O_ACCMODE) != O_WRONLY;

	if (resolve(path, &e, &what) != 0)
		return no(ENOENT);
	for (int i = 0; i < FILES && f == NULL; i++)
		if (files[i].fd == 0)
			f = &files[i];
	if (f == NULL)
		return no(EMFILE);
	memset(f, 0, sizeof(*f));
	f->entry = e;
	f->what = what;
	if (what == DIRECTORY && wants_write)
		return no(EISDIR);
	if (what == DIRECTORY)
		return opened(f, (int)syscall(SYS_openat, AT_FDCWD,
		    "/proc/self", O_RDONLY | O_DIRECTORY |
		    (flags & O_CLOEXEC), 0));
	/* configfs checks the mode for root, too */
	if ((wants_read && (attributes[what].mode & 0444) == 0) ||
	    (wants_write && (attributes[what].mode & 0222) == 0))
		return no(EACCES);
	if (flags & O_DIRECTORY)
		return no(ENOTDIR);
	if (wants_write && fake_errno("FAKE_SEV_TSM_OPEN_ERRNO") != 0)
		return no(fake_errno("FAKE_SEV_TSM_OPEN_ERRNO"));
	return opened(f, memfd_create(attributes[what].name, MFD_CLOEXEC));
}

/* Text attributes are taken at each write. */
static int
store_privlevel(struct entry *e, const char *p, size_t n)
{
	unsigned long long level, lowest = 0;
	char text[24] = "", *end;

	memcpy(text, p, n < sizeof(text) ? n : sizeof(text) - 1);
	level = strtoull(text, &end, 0);
	if (end == text || (*end != '\0' && strcmp(end, "\n") != 0))
		return no(EINVAL);
	fake_number("FAKE_SEV_VMPL_FLOOR", &lowest);
	if (level < lowest || level > PRIVLEVEL_MAX)
		return no(EINVAL);
	if (fake_errno("FAKE_SEV_TSM_ERRNO") != 0)
		return no(fake_errno("FAKE_SEV_TSM_ERRNO"));
	e->privlevel = (unsigned int)level;
	e->generation++;
	return 0;
}

ssize_t
tsm_write(int fd, const void *p, size_t n)
{
	struct file *f = file_of(fd);
	unsigned long long less = 0;

	fake_number("FAKE_SEV_TSM_SHORT", &less);
	if (less < n)
		n -= (size_t)less;
	fake_log("tsm write %s %zu\n", attributes[f->what].name, n);
	switch (f->what) {
	case PRIVLEVEL:
		return store_privlevel(f->entry, p, n) == 0 ? (ssize_t)n : -1;
	case INBLOB:
		if (n > INBLOB_MAX - f->in_n)
			return no(EFBIG);
		memcpy(f->in + f->in_n, p, n);
		f->in_n += n;
		f->written = 1;
		return (ssize_t)n;
	default:
		return no(EBADF);
	}
}

int
tsm_close(int fd)
{
	struct file *f = file_of(fd);

	if (f->written) {
		memcpy(f->entry->inblob, f->in, f->in_n);
		f->entry->inblob_n = f->in_n;
		f->entry->generation++;
	}
	f->fd = 0;
	return 0;
}

/* Makes the report unless the one at hand is of the last write. */
static int
make(struct entry *e)
{
	static unsigned long long races;
	unsigned long long limit = 0;

	if (e->inblob_n != INBLOB_MAX)
		return no(EINVAL);
	if (e->made == e->generation)
		return 0;
	fake_number("FAKE_SEV_TSM_RACE", &limit);
	if (races++ < limit)
		e->generation++;
	fake_log("tsm report\n");
	fake_firmware(e->inblob, e->privlevel, 0, &e->answer);
	if (e->answer.error != 0)
		return no(e->answer.error);
	if (e->answer.status != 0)
		return no(ENXIO);
	e->made = e->generation;
	return 0;
}

static int
fill_outblob(struct file *f, const uint8_t **p, size_t *n)
{
	struct fake_answer *a = &f->entry->answer;

	if (make(f->entry) != 0)
		return -1;
	*p = a->report;
	*n = a->size < REPORT_SIZE ? a->size : REPORT_SIZE;
	if (f->what == AUXBLOB && (*p = fake_certs(n)) == NULL)
		*n = 0;
	return 0;
}

int
tsm_fill(int fd)
{
	struct file *f = file_of(fd);
	const char *provider = fake_env("FAKE_SEV_PROVIDER");
	unsigned long long lowest = 0;
	char text[64] = "";
	const uint8_t *p = (const uint8_t *)text;
	size_t n;

	if (f->filled)
		return 0;
	fake_number("FAKE_SEV_VMPL_FLOOR", &lowest);
	if (f->what == DIRECTORY)
		return no(EISDIR);
	if (f->what == PROVIDER)
		snprintf(text, sizeof(text), "%s\n",
		    provider != NULL ? provider : "sev_guest");
	else if (f->what == GENERATION)
		snprintf(text, sizeof(text), "%u\n", f->entry->generation);
	else if (f->what == PRIVLEVEL_FLOOR)
		snprintf(text, sizeof(text), "%llu\n", lowest);
	n = strlen(text);
	if ((f->what == OUTBLOB || f->what == AUXBLOB) &&
	    fill_outblob(f, &p, &n) != 0)
		return -1;
	if (pwrite(fd, p, n, 0) != (ssize_t)n)
		return no(EIO);
	f->filled = 1;
	return 0;
}
