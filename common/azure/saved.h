/* saved.h -- an error answer that somebody saved and now wants read.  Pure. */
#ifndef AZURE_SAVED_H
#define AZURE_SAVED_H

#include "ground/buf.h"
#include "ground/err.h"

/* 0 if body is no error answer.  Else -1 with the error, code, sentence and
 * hint, that asking who would have set: of a provider or a vault, or of the
 * sidecar, which quotes them.  The status is not in a body; its class is that
 * of the code. */
int saved_maa(struct slice body, const char *who, struct err *);
int saved_akv(struct slice body, const char *who, struct err *);

#endif
