/* filter.h -- a user's jq program (libjq).  Value: pure.
 *
 * libjq 1.6 runs ~/.jq, which could redefine a check: programs are compiled
 * with HOME pointing nowhere, and with no place to search for modules.  What
 * would reach outside the text is refused by a scan of the program's words
 * outside strings, interpolations included:
 *   import include modulemeta env $ENV $__prog_args input inputs _input
 *   input_filename input_line_number debug stderr halt halt_error
 *   get_search_list get_jq_origin get_prog_origin
 * "$$" and "..." likewise, which versions read differently.
 * A field (.env), a member's name ({env: 1}) and a variable ($input) of such
 * a name are no such word; a function or parameter is ("def input: 1;").
 *
 * The answer is the same with every libjq from 1.6 on, for programs in the
 * language of 1.6.  Numbers are doubles that compare as the decimals do: those
 * of more than 15 digits are moved a step of the double where they would meet
 * another (E_NO if there is no room); none but 0 may be smaller than 1e-290
 * or larger than 1e290 (E_INPUT; in a program E_USAGE). */
#ifndef VALUE_FILTER_H
#define VALUE_FILTER_H

#include "ground/buf.h"
#include "ground/err.h"
#include "value/json.h"

enum { FILTER_MAX = 64 << 10 };		/* bytes of a program */

/* Compiled once (17 ms with libjq 1.6), run many times; one thread only. */
struct filter;

/* A program that does not compile or uses a refused word is E_USAGE. */
int filter_new(const char *program, struct filter **, struct err *);
void filter_free(struct filter *);
/* The scan alone, which filter_new() does first. */
int filter_allowed(struct slice program, struct err *);

/* Run over a value, and append each result as jq -c prints it, a newline
 * after each; raw prints strings as jq -r does.  A program that ends in error
 * is E_NO with its message.  out is as it was on failure. */
int filter_run(struct filter *, struct json_val, bool raw, struct buf *out,
    struct err *);
/* 0 if the program yields one result, that is true, and then ends without an
 * error; E_NO otherwise. */
int filter_true(struct filter *, struct json_val, struct err *);

#endif
