/* out.h -- a token that passed: what the user's jq programs say of it,
 * and how it is printed, alone or as one line of many.  Pure. */
#ifndef TOKEN_OUT_H
#define TOKEN_OUT_H

#include "token/asked.h"
#include "value/filter.h"

/* The user's programs, compiled; for one thread.  {0}: none. */
struct token_programs {
	struct filter *print;		/* NULL: print as the format says */
	struct filter **require;	/* each must be true */
	size_t n;
};

/* print may be NULL.  A program that does not compile is E_USAGE. */
int token_programs_new(const char *print, const char *const *require,
    size_t n, struct token_programs *, struct err *);
void token_programs_free(struct token_programs *);
/* E_NO if one of the required ones is not true. */
int token_require(const struct token *, const struct token_programs *,
    struct err *);

/* Append an answer to each of them, whose texts are given. */
void token_require_answers(const struct token *,
    const struct token_programs *, const char *const *texts,
    struct answers *);

enum token_format { TOKEN_JSON, TOKEN_HEADER, TOKEN_FEATURES, TOKEN_TABLE,
    TOKEN_HTML /* page/token.h, not here */ };
/* By name: "json", "header", "features", "table", "html". */
enum token_format token_format_by_name(const char *);

struct token_style {
	enum token_format format;
	bool raw;		/* strings of a program without quotes */
	bool verified;		/* the signature was proved */
	bool terminal;		/* JSON's controls as \u */
	bool marks;		/* of features, not yes and no */
	unsigned width;		/* of a table, in columns */
};

/* Append the token; *complete says whether all features were there (true in
 * the other formats). */
int token_print(const struct token *, const struct token_style *,
    const struct token_programs *, struct buf *out, bool *complete,
    struct err *);

/* Judge each line of lines, the first of which has the number first: append
 * one line for each, what token_print() makes of it, which must be one line
 * (formats json and header), or {"line","status","error"}.  Returns the
 * highest status. */
int token_lines(struct slice lines, uint64_t first,
    const struct token_rules *, const struct token_style *,
    struct token_keys *, const struct token_programs *, struct buf *out);

#endif
