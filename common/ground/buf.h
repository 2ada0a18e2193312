/* buf.h -- borrowed bytes (slice) and owned bytes (buf).  Ground. */
#ifndef GROUND_BUF_H
#define GROUND_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed, passed by value: valid as long as what it points into. */
struct slice {
	const uint8_t *p;
	size_t n;
};

/* Owned and growable; {0} is empty.  Every buf is wiped when freed, cut or
 * grown, so that nobody has to know which ones held a secret. */
struct buf {
	uint8_t *p;
	size_t n, cap;
};

static inline struct slice
slice_of(const void *p, size_t n)
{
	return (struct slice){p, n};
}

static inline struct slice
slice_str(const char *s)
{
	return (struct slice){(const uint8_t *)s, strlen(s)};
}

static inline struct slice
slice_buf(const struct buf *b)
{
	return (struct slice){b->p, b->n};
}

/* s without its first n bytes; n > s.n gives the empty slice. */
static inline struct slice
slice_from(struct slice s, size_t n)
{
	if (n >= s.n)
		return (struct slice){s.p ? s.p + s.n : s.p, 0};
	return (struct slice){s.p + n, s.n - n};
}

/* The first n bytes of s, or all of them if there are fewer. */
static inline struct slice
slice_head(struct slice s, size_t n)
{
	return (struct slice){s.p, n < s.n ? n : s.n};
}

/* Equal lengths and bytes; the time does not depend on the bytes. */
bool slice_eq(struct slice, struct slice);
/* Below, at or above 0, as memcmp(3); a beginning goes before what goes on.
 * The time does depend on the bytes. */
int slice_order(struct slice, struct slice);
/* The same against a C string. */
bool slice_is(struct slice, const char *);
bool slice_starts(struct slice, const char *prefix);
/* The same with the letters of ASCII in whatever case. */
bool slice_starts_nocase(struct slice, const char *prefix);
/* Where c first stands in s, or s.n. */
size_t slice_find(struct slice s, uint8_t c);
/* Where text, which is not empty, first stands in s, or s.n. */
size_t slice_search(struct slice s, const char *text);
/* s without ASCII blanks (space, tab, CR, LF) at both ends. */
struct slice slice_trim(struct slice s);
/* All bytes zero (true for the empty slice). */
bool slice_zero(struct slice s);

/* All of these end the process when memory runs out. */
void buf_add(struct buf *, struct slice);
void buf_addc(struct buf *, uint8_t);
void buf_adds(struct buf *, const char *);
void buf_addf(struct buf *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Append n bytes, not yet written to, and return where they begin. */
uint8_t *buf_more(struct buf *, size_t n);
/* Shorten to n bytes; what is cut off is wiped. */
void buf_cut(struct buf *, size_t n);
/* Wipe, release and make empty. */
void buf_free(struct buf *);
/* A NUL-terminated copy of s, to be released with free(). */
char *slice_dup(struct slice s);

#endif
