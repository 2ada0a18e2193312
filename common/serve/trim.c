/* trim.c -- see trim.h. */
#include "serve/trim.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A segment that is never written to is the file's own, page by page; what
 * relocation changed lies in those that may be. */
static int
give_back(struct dl_phdr_info *info, size_t size, void *arg)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from, to;
	const ElfW(Phdr) *h;
	void *at;
	int i;

	(void)size;
	(void)arg;
	if (strncmp(info->dlpi_name, "linux-vdso", 10) == 0)
		return 0;
	for (i = 0; i < info->dlpi_phnum; i++) {
		h = &info->dlpi_phdr[i];
		if (h->p_type != PT_LOAD || (h->p_flags & PF_W) != 0)
			continue;
		/* a page that it shares with its neighbours stays */
		from = (info->dlpi_addr + h->p_vaddr + page - 1) / page *
		    page;
		to = (info->dlpi_addr + h->p_vaddr + h->p_memsz) / page *
		    page;
		if (to <= from)
			continue;
		memcpy(&at, &from, sizeof at);
		(void)madvise(at, to - from, MADV_DONTNEED);
	}
	return 0;
}

void
trim_image(void)
{
	(void)malloc_trim(0);
	(void)dl_iterate_phdr(give_back, NULL);
}
