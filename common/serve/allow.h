/* allow.h -- which hosts may be asked: a request names them, and any process
 * of the group can send one.  Pure. */
#ifndef SERVE_ALLOW_H
#define SERVE_ALLOW_H

#include "ground/buf.h"
#include "ground/err.h"

enum allow_kind { ALLOW_MAA, ALLOW_VAULT };

/* A pattern is HOST, HOST:PORT or HOST:*, and HOST may begin with "*.", which
 * stands for one or more labels.  Without a port it is the standard one. */
bool allow_pattern_ok(const char *);

/* E_REFUSED unless base, "https://host[:port]", matches one of patterns; of
 * none, the suffixes of Azure's public and sovereign clouds for that kind. */
int allow_check(const char *const *patterns, size_t n, enum allow_kind,
    struct slice base, struct err *);

#endif
