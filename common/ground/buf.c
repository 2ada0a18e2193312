/* buf.c -- see buf.h. */
#include "ground/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/mman.h>

#include "ground/err.h"

enum {				/* bytes */
	PAGE = 4096,
	LARGE = 64 << 10,
	HUGE_PAGE = 2 << 20,
};

bool
slice_eq(struct slice a, struct slice b)
{
	uint8_t diff = 0;
	size_t i;

	if (a.n != b.n)
		return false;
	for (i = 0; i < a.n; i++)
		diff |= (uint8_t)(a.p[i] ^ b.p[i]);
	return diff == 0;
}

int
slice_order(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return d != 0 ? d : a.n < b.n ? -1 : a.n > b.n;
}

bool
slice_is(struct slice s, const char *text)
{
	return slice_eq(s, slice_str(text));
}

bool
slice_starts(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && (n == 0 || memcmp(s.p, prefix, n) == 0);
}

bool
slice_starts_nocase(struct slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && (n == 0 ||
	    strncasecmp((const char *)s.p, prefix, n) == 0);
}

size_t
slice_find(struct slice s, uint8_t c)
{
	const uint8_t *at = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return at != NULL ? (size_t)(at - s.p) : s.n;
}

size_t
slice_search(struct slice s, const char *text)
{
	const uint8_t *at = NULL;

	if (s.n > 0)
		at = memmem(s.p, s.n, text, strlen(text));
	return at != NULL ? (size_t)(at - s.p) : s.n;
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice
slice_trim(struct slice s)
{
	while (s.n > 0 && blank(s.p[0]))
		s = slice_from(s, 1);
	while (s.n > 0 && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
slice_zero(struct slice s)
{
	uint8_t all = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		all |= s.p[i];
	return all == 0;
}

/* What is large begins a page: a read(2) from the page cache takes three times
 * as long, on AMD's Zen at least, where the target lies a few bytes farther
 * into its page than the source, and that is where malloc(3) puts it, 16 bytes
 * behind the beginning of one.  And of what is larger still each page costs a
 * fault when it is first written to, more than all else that is done to it:
 * there pages of 2 MiB are asked for. */
static uint8_t *
allocate(size_t n)
{
	void *p;

	if (n < LARGE)
		p = malloc(n);
	else if (posix_memalign(&p, n < HUGE_PAGE ? PAGE : HUGE_PAGE, n) != 0)
		p = NULL;
	if (p == NULL)
		err_nomem();
	if (n >= HUGE_PAGE)
		(void)madvise(p, n, MADV_HUGEPAGE);
	return p;
}

/* Never realloc(3): it may leave a copy of a secret behind. */
static void
reserve(struct buf *b, size_t more)
{
	/* what is large from the start is not made larger: who knows its size
	 * asks for it at once */
	size_t cap = b->cap > 0 ? b->cap : more > 4096 ? more : 64;
	uint8_t *p;

	/* at first even for nothing, so that there is a place to return */
	if (b->p != NULL && more <= b->cap - b->n)
		return;
	if (more > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		err_nomem();
	while (cap < b->n + more)
		cap *= 2;
	p = allocate(cap);
	if (b->p != NULL) {
		memcpy(p, b->p, b->n);
		explicit_bzero(b->p, b->cap);
	}
	free(b->p);
	b->p = p;
	b->cap = cap;
}

uint8_t *
buf_more(struct buf *b, size_t n)
{
	reserve(b, n);
	b->n += n;
	return b->p + b->n - n;
}

void
buf_add(struct buf *b, struct slice s)
{
	if (s.n > 0)
		memcpy(buf_more(b, s.n), s.p, s.n);
}

void
buf_addc(struct buf *b, uint8_t c)
{
	*buf_more(b, 1) = c;
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, slice_str(s));
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		err_nomem();
	/* vsnprintf wants room for its NUL, which is given back below */
	reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	(void)vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n >= b->n)
		return;
	explicit_bzero(b->p + n, b->n - n);
	b->n = n;
}

void
buf_free(struct buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->cap);
	free(b->p);
	*b = (struct buf){0};
}

char *
slice_dup(struct slice s)
{
	char *p = malloc(s.n + 1);

	if (p == NULL)
		err_nomem();
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}
