/* explain.h -- what it means that a check failed, for a person: the commonest
 * causes as far as this report shows signs of them, and the command that
 * settles it.  Nothing is decided here.  Pure. */
#ifndef EVIDENCE_EXPLAIN_H
#define EVIDENCE_EXPLAIN_H

#include "evidence/verify.h"

/* {0} is empty; explained_free() releases. */
struct explained {
	struct buf text;	/* sentences, one blank between them */
	struct buf command;	/* for a shell; never empty */
};

/* Explain a check that failed; both are appended to. */
void snp_explain(const struct snp_case *, const struct snp_outcome *,
    enum check, struct explained *);
void explained_free(struct explained *);

/* Append, for each check that failed, an empty line, its name, the text in
 * lines of at most 79 columns, and the command behind a "$". */
void snp_explain_text(const struct snp_case *, const struct snp_outcome *,
    struct buf *out);
/* Append a JSON array of {"name","text","command"}. */
void snp_explain_json(const struct snp_case *, const struct snp_outcome *,
    struct buf *out);

#endif
