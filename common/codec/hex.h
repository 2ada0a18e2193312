/* hex.h -- base 16 (RFC 4648 section 8).  Codec: pure. */
#ifndef CODEC_HEX_H
#define CODEC_HEX_H

#include "ground/buf.h"
#include "ground/err.h"

/* Append 2 * s.n lower-case digits to out. */
void hex_encode(struct slice s, struct buf *out);

/* Append s.n / 2 bytes to out.  Either case is read; an odd count or any
 * other character, blanks included, is E_INPUT with its offset and leaves
 * out as it was. */
int hex_decode(struct slice s, struct buf *out, struct err *);

/* The same for a value of exactly n bytes at out; out is untouched on
 * failure. */
int hex_exact(struct slice s, uint8_t *out, size_t n, struct err *);

#endif
