/* tokenstream.h -- a file of tokens, one a line, judged on all cores.
 * World. */
#ifndef FLOW_TOKENSTREAM_H
#define FLOW_TOKENSTREAM_H

#include "token/out.h"
#include "flow/work.h"

struct tokenstream {
	const char *program;		/* -j, or NULL */
	const char *const *require;
	size_t n;
	unsigned threads;		/* 0: one a core */
};

/* Read path (NULL or "-": standard input) and write a line for each line, in
 * order, as token_lines() has them, to out_path.  *worst is the highest
 * status of the lines; -1 is a failure of the run itself. */
int tokenstream_run(const char *path, const char *out_path,
    const struct token_rules *, const struct token_style *,
    const struct tokenstream *, int *worst, struct err *);

#endif
