/*
 * remains.c: preloaded, with noguard.so, leaves in the file $FAKE_REMAINS what
 * a process has in its memory when it ends: every mapping that it may write to.
 */
#undef _FORTIFY_SOURCE

#include <sys/syscall.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SAVED = 901,	/* a descriptor that nobody else gets */
	PAGE = 4096,
};

/* But for pages of zeros, which are most of it. */
static void
save_pages(const char *from, const char *to)
{
	static const char zeros[PAGE];

	for (; from < to; from += PAGE)
		if (memcmp(from, zeros, PAGE) != 0 &&
		    write(SAVED, from, PAGE) != PAGE)
			abort();
}

static void
save(void)
{
	char line[4096], flags[8];
	uintptr_t from, to;
	FILE *maps = fopen("/proc/self/maps", "re");

	while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%lx-%lx %7s", &from, &to, flags) == 3 &&
		    flags[0] == 'r' && flags[1] == 'w')
			save_pages((const char *)from, (const char *)to);
}

/* First of all, so that what others do at the end is done before. */
__attribute__((constructor))
static void
begin(void)
{
	const char *path = getenv("FAKE_REMAINS");
	int fd;

	if (path == NULL)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || dup3(fd, SAVED, O_CLOEXEC) < 0 || atexit(save) != 0)
		abort();
	(void)close(fd);
}

/* Where a process ends without that. */
void
_exit(int status)
{
	save();
	for (;;)
		(void)syscall(SYS_exit_group, status);
}
