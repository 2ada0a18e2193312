/* jsonpath.h -- where a value stands in its document.  Pure. */
#ifndef VALUE_JSONPATH_H
#define VALUE_JSONPATH_H

#include "value/json.h"

/* Append v's place as jq writes it: ".", ".[2].name", ".a[\"b c\"]". */
void jsonpath(struct json_val v, struct buf *out);

/* The value after v in the order of the text, what v holds first; nothing
 * after the last one. */
struct json_val jsonpath_next(struct json_val v);

#endif
