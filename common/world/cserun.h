/* cserun.h -- version 1.0 of Azure Storage's client-side encryption, from a
 * file to a file.  World. */
#ifndef WORLD_CSERUN_H
#define WORLD_CSERUN_H

#include "crypto/cbc.h"
#include "ground/io.h"
#include "world/source.h"

/* Read the source, which spool() made fit, twice: once to see that its padding
 * is right, and then to write the plaintext. */
int cserun_v1(struct cbc *, struct source *, const char *out_path,
    unsigned how, struct err *);

#endif
