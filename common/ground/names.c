/* names.c -- see names.h. */
#include "ground/names.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "ground/buf.h"

/* Above what the kernel lets nobody map (vm.mmap_min_addr), below where
 * programs begin; the parts are whole pages of any size there is. */
static const struct names_range part[NAMES_USES] = {
	[NAMES_MADE] = {0x10000, 0x20000},
	[NAMES_READ] = {0x20000, NAMES_END},
};

static struct {
	uint32_t used[NAMES_USES];	/* up to where */
	bool overflow[NAMES_USES];
	bool shut;
} window;

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

static void *
address(uint32_t at)
{
	return (void *)(uintptr_t)at;
}

/* Older kernels take the address for a wish. */
static bool
map(enum names_use use)
{
	size_t size = part[use].end - part[use].start;
	void *got, *want = address(part[use].start);

	if (window.used[use] != 0)
		return true;
	got = mmap(want, size, PROT_READ | PROT_WRITE, MAP_PRIVATE |
	    MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
	if (got == MAP_FAILED)
		return false;
	if (got != want) {
		(void)munmap(got, size);
		return false;
	}
	window.used[use] = part[use].start;
	return true;
}

const char *
names_keep(enum names_use use, const char *name)
{
	size_t n = strlen(name) + 1;
	char *at;

	if (window.shut || !map(use) || n > part[use].end - window.used[use]) {
		window.overflow[use] = true;
		return slice_dup(slice_str(name));
	}
	at = address(window.used[use]);
	memcpy(at, name, n);
	window.used[use] += (uint32_t)n;
	return at;
}

void
names_shut(struct names_range range[NAMES_USES], bool overflow[NAMES_USES])
{
	size_t use;

	for (use = 0; use < NAMES_USES; use++) {
		range[use] = (struct names_range){0, 0};
		overflow[use] = window.overflow[use];
		if (window.used[use] == 0)
			continue;
		range[use] = (struct names_range){part[use].start,
		    window.used[use]};
		if (mprotect(address(part[use].start), part[use].end -
		    part[use].start, PROT_READ) < 0)
			overflow[use] = true;
	}
	window.shut = true;
}
