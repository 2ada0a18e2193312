/* fetch.h -- the certificates of a report from where the operator said: the
 * metadata service, AMD's key server or Azure's cache of it.  World. */
#ifndef SERVE_FETCH_H
#define SERVE_FETCH_H

#include "serve/platform.h"

/* Append THIM JSON or PEM.  report may be empty for SOURCE_THIM alone;
 * the others have nothing without one (E_INPUT). */
int fetch_certs(const struct platform_files *, struct slice report,
    struct buf *out, struct err *);

#endif
