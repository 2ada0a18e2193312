/* sumline.h -- a line as sha256sum(1) writes it.  Ground. */
#ifndef GROUND_SUMLINE_H
#define GROUND_SUMLINE_H

#include "ground/buf.h"

/* Append "SUM  FILE\n", or with a name "SUM  FILE#NAME\n", with sha256sum's
 * escapes; of the name, which nobody chose who reads it, what would move a
 * cursor is escaped too. */
void sumline(struct slice sum, const char *file, struct slice name,
    struct buf *out);

#endif
