/* rego.h -- Rego policies, without an engine.  Format: pure. */
#ifndef FORMAT_REGO_H
#define FORMAT_REGO_H

#include "ground/buf.h"

/* After a byte order mark, blanks and lines that begin with #, the first word
 * of s is "package".  UTF-16 with its mark is looked into as well. */
bool rego_is(struct slice s);

#endif
