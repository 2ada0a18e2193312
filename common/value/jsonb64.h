/* jsonb64.h -- a JSON object that may stand in base64, as queues and pod
 * annotations carry it.  Pure. */
#ifndef VALUE_JSONB64_H
#define VALUE_JSONB64_H

#include "value/json.h"

/* The object of text, by json_parse(), if its first character is a brace;
 * else text is base64 (B64_TEXT) of one, and keep holds what it decodes to as
 * long as the document is used.  Over max bytes, a byte order mark, neither of
 * the two, and JSON that is no object are E_INPUT. */
int jsonb64_parse(struct slice text, size_t max, struct buf *keep,
    struct json **, struct err *);

#endif
