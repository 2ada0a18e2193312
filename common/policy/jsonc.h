/* jsonc.h -- comments in JSON, which Azure's tools take in templates and
 * parameters files and JSON does not have.  Pure. */
#ifndef POLICY_JSONC_H
#define POLICY_JSONC_H

#include "ground/buf.h"

/* s behind blanks and comments of both kinds. */
struct slice jsonc_skip(struct slice s);

/* Make blanks of the comments outside of texts, line ends but for, so that
 * every place stays where it is; whether there were any.  One that does not
 * end is left. */
bool jsonc_clear(uint8_t *p, size_t n);

#endif
