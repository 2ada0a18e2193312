/* secret.h -- what looks like a token or a key is not repeated in a message,
 * which may end in a log.  Ground. */
#ifndef GROUND_SECRET_H
#define GROUND_SECRET_H

#include "ground/buf.h"

/* Look at an argument of the command line, which lives on: if it holds a
 * token (a compact JWS or JWE), a key in PEM, DER's base64, age's form, or a
 * JWK, secret_argued() is true from then on. */
void secret_argument(const char *arg);
bool secret_argued(void);

/* Append text, with what looks like a token or a key replaced by a remark:
 * also where it was cut short, also when it was no argument.  A JWK, whose
 * public kind stands in messages about claims, is replaced only if it was an
 * argument.  Returns whether something was replaced. */
bool secret_hide(struct slice text, struct buf *out);

#endif
