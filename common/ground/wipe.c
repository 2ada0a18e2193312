/* wipe.c -- see wipe.h. */
#include "ground/wipe.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void
wipe_free(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void *
wipe_realloc(void *p, size_t n)
{
	size_t has = p != NULL ? malloc_usable_size(p) : 0;
	void *q;

	if (p != NULL && n <= has) {
		explicit_bzero((char *)p + n, has - n);
		return p;
	}
	if ((q = malloc(n)) == NULL)
		return NULL;
	if (p != NULL)
		memcpy(q, p, has);
	wipe_free(p);
	return q;
}
