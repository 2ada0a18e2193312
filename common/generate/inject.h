/* inject.h -- policies put into the document they were made for, or found
 * there.  Pure. */
#ifndef GENERATE_INJECT_H
#define GENERATE_INJECT_H

#include "generate/want.h"

/* What a group's place carries now: append its base64, evaluated; nothing is
 * appended if there is none. */
int inject_carried(const struct wants *, const struct want_group *,
    struct json_val parameters, struct buf *base64, struct err *);

/* The template root (of wants_find()) with base64[i] as the policy of group i,
 * if it is not empty, written as confcom writes it (QUOTE_INDENTED, no newline
 * at the end).  E_INPUT if a group's properties are an expression, or if
 * groups of one place differ, as the turns of a loop may. */
int inject_rewrite(struct json_val root, const struct wants *,
    const struct slice *base64, struct buf *out, struct err *);

/* Append the text that w was read from with nothing but the values' own bytes
 * changed; a value that is not there yet is put behind or before the others.
 * The result is read again: E_INPUT if it does not carry the policies. */
int inject_splice(struct slice text, const struct wants *,
    const struct want_rules *, const struct slice *base64, struct buf *out,
    struct err *);

/* The annotation of a virtual node's pod. */
#define INJECT_ANNOTATION "microsoft.containerinstance.virtualnode.ccepolicy"

#endif
