/* sidecar.h -- reports from an SKR sidecar over HTTP.  World. */
#ifndef WORLD_SIDECAR_H
#define WORLD_SIDECAR_H

#include "format/snp.h"

/* A report that carries the runtime data's SHA-256, from the sidecar at base
 * ("http://localhost:8080"), which takes it whole.  A report that carries
 * anything else is E_NO. */
int sidecar_report(const char *base, struct slice runtime,
    struct buf *report, struct err *);

#endif
