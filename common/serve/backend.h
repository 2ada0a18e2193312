/* backend.h -- what the routes do: reports made and verified, exchanged for
 * tokens and keys.  World; safe with threads. */
#ifndef SERVE_BACKEND_H
#define SERVE_BACKEND_H

#include "serve/answer.h"
#include "serve/serve.h"

struct backend;
/* Read all files; what they lack is E_INPUT or E_SYSTEM.  Certificates and
 * device may come later. */
int backend_new(const struct serve_config *, struct backend **, struct err *);
void backend_free(struct backend *);

/* Whether there are device and certificates; why not is appended. */
bool backend_ready(struct backend *, struct buf *why);
/* Try to get the certificates; asked in vain, not again for a while. */
void backend_prepare(struct backend *);

/* The certificates that the files hold can be used; E_INPUT, E_SYSTEM. */
int backend_check(struct backend *, struct err *);

/* Do what a route is for.  aa is the report data of /aa/evidence. */
void backend_do(struct backend *, enum route, const struct request *,
    struct outcome *);

/* What vouches for the machine, for the log's first line. */
const struct platform *backend_platform(const struct backend *);

#endif
