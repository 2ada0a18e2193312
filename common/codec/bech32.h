/* bech32.h -- bytes as text with a name before and a checksum behind (BIP
 * 173), of any length, as age writes keys.  Codec: pure. */
#ifndef CODEC_BECH32_H
#define CODEC_BECH32_H

#include "ground/buf.h"
#include "ground/err.h"

/* Append the bytes of s, which begins with name, in whose case all letters
 * stand, and "1".  E_INPUT for another name or character, a checksum that is
 * not right, or bits left over; out is as it was then. */
int bech32_decode(struct slice s, const char *name, struct buf *out,
    struct err *);

#endif
