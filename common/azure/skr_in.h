/* skr_in.h -- between skr.c, which reads the sidecar's answers, and
 * skrsay.c and skrrefused.c, which read its errors.  Pure. */
#ifndef AZURE_SKR_IN_H
#define AZURE_SKR_IN_H

#include "azure/skr.h"
#include "value/json.h"

/* Where the JSON object that s begins with ends; s.n if it does not end.
 * Whether it is one is json_parse()'s to say. */
size_t skr_object_end(struct slice s);

/* The two values of a TCB that differs, the report's and the certificate's, as
 * the sidecar prints them in decimal or as skr_say() does; false in any other
 * text. */
bool skr_tcbs(struct slice text, uint64_t *report, uint64_t *cert);

/* Append what the "error" of an answer says, as one line: who refused what the
 * sidecar asked, with which status, code and sentence. */
void skr_say(struct json_val answer, struct buf *out);

#endif
