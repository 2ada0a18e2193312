/* cbor_in.h -- between cborscan.c and cbor.c.  Value: pure. */
#ifndef VALUE_CBOR_IN_H
#define VALUE_CBOR_IN_H

#include "value/cbor.h"

/* Refuse everything cbor.h refuses, and append the text as libcbor takes it:
 * libcbor 0.8 knows the heads of tags 6 to 20 only in the longer form. */
int cbor_scan(struct slice text, struct buf *out, struct err *);

#endif
