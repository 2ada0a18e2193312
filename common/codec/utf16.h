/* utf16.h -- UTF-16 with a byte order mark (RFC 2781), which PowerShell and
 * old editors write.  Codec: pure. */
#ifndef CODEC_UTF16_H
#define CODEC_UTF16_H

#include "ground/buf.h"

/* s begins with a UTF-16 byte order mark of either order. */
bool utf16_marked(struct slice s);

/* Append marked s, less the mark, as UTF-8; false, and out as it was, if it
 * is not marked, its length is odd or a surrogate stands alone. */
bool utf16_to_utf8(struct slice s, struct buf *out);

/* Append s, UTF-8, as little-endian UTF-16 with a mark; false, and out as it
 * was, if it is no UTF-8. */
bool utf16_from_utf8(struct slice s, struct buf *out);

#endif
