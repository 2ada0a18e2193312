/* tar_make.h -- a tar archive in memory, for tests: headers of ustar, of which
 * a test may change bytes before their sum is made, and data. */
#ifndef TESTS_TAR_MAKE_H
#define TESTS_TAR_MAKE_H

#include "ground/buf.h"

enum { TAR_MAKE_BLOCK = 512 };

static inline void
tar_make_octal(uint8_t *at, size_t n, unsigned long value)
{
	for (at[--n] = '\0'; n > 0; value >>= 3)
		at[--n] = (uint8_t)('0' + (value & 7));
}

static inline void
tar_make_head(uint8_t h[TAR_MAKE_BLOCK], char type, const char *name,
    const char *link, size_t size)
{
	memset(h, 0, TAR_MAKE_BLOCK);
	memcpy(h, name, strlen(name));
	tar_make_octal(h + 100, 8, 0755);
	tar_make_octal(h + 108, 8, 70000);
	tar_make_octal(h + 116, 8, 7);
	tar_make_octal(h + 124, 12, size);
	tar_make_octal(h + 136, 12, 1700000000);
	h[156] = (uint8_t)type;
	memcpy(h + 157, link, strlen(link));
	memcpy(h + 257, "ustar\0" "00", 8);
	tar_make_octal(h + 329, 8, 5);
	tar_make_octal(h + 337, 8, 300);
}

/* The header with its sum, appended. */
static inline void
tar_make_put(struct buf *out, uint8_t h[TAR_MAKE_BLOCK])
{
	size_t i, sum = 0;

	memset(h + 148, ' ', 8);
	for (i = 0; i < TAR_MAKE_BLOCK; i++)
		sum += h[i];
	tar_make_octal(h + 148, 7, sum);
	buf_add(out, slice_of(h, TAR_MAKE_BLOCK));
}

/* Data in whole blocks. */
static inline void
tar_make_data(struct buf *out, struct slice data)
{
	buf_add(out, data);
	memset(buf_more(out, -data.n % TAR_MAKE_BLOCK), 0,
	    -data.n % TAR_MAKE_BLOCK);
}

static inline void
tar_make_add(struct buf *out, char type, const char *name, const char *link,
    const char *data)
{
	uint8_t h[TAR_MAKE_BLOCK];

	tar_make_head(h, type, name, link, strlen(data));
	tar_make_put(out, h);
	tar_make_data(out, slice_str(data));
}

static inline void
tar_make_end(struct buf *out)
{
	memset(buf_more(out, 2 * TAR_MAKE_BLOCK), 0, 2 * TAR_MAKE_BLOCK);
}

#endif
