/* skr_in.h -- between skr.c, which reads the sidecar's answers, and
 * skrrefused.c, which reads its errors.  Pure. */
#ifndef AZURE_SKR_IN_H
#define AZURE_SKR_IN_H

#include "azure/skr.h"
#include "value/json.h"

/* Where the JSON object that s begins with ends; s.n if it does not end.
 * Whether it is one is json_parse()'s to say. */
size_t skr_object_end(struct slice s);

/* Append what an "error" member says, as one line: who refused what the
 * sidecar asked, with which status, code and sentence. */
void skr_say(struct json_val error, struct buf *out);

#endif
