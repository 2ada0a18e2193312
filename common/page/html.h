/* html.h -- the parts of a page that shows what was judged: one document by
 * itself, with a style sheet that its content security policy names by hash,
 * without script, link or anything that is fetched.  Pure.
 *
 * Every struct slice is text from outside, and escaped here; every const char *
 * is the tool's own.  Neither goes into an attribute. */
#ifndef PAGE_HTML_H
#define PAGE_HTML_H

#include "value/json.h"

/* What is said of a thing, by a word and a colour. */
enum html_mark { HTML_PLAIN, HTML_YES, HTML_NO, HTML_OPEN };

void html_begin(const char *title, struct buf *out);
void html_end(struct buf *out);

/* Append s for people: control characters, bidirectional controls and what is
 * no UTF-8 as \xHH, and the characters that HTML knows as references. */
void html_text(struct slice s, struct buf *out);

/* The verdict, above all else: "PASS" and what it is of; lines, until the
 * end. */
void html_verdict(enum html_mark, const char *word, const char *of,
    struct buf *out);
void html_verdict_end(struct buf *out);

/* A section with a sentence or NULL; what is in it, until the end. */
void html_section(const char *title, const char *says, struct buf *out);
void html_section_end(struct buf *out);
/* A title of less weight, that may have come from outside. */
void html_subtitle(struct slice, struct buf *out);
/* A paragraph. */
void html_line(struct slice, struct buf *out);

/* A row: what is left empty is left out. */
struct html_row {
	enum html_mark mark;
	const char *word;	/* "pass", with a mark */
	const char *path;	/* what stands before the name */
	struct slice name;
	struct slice value;	/* as text, or */
	struct json_val json;	/* as lists and members */
	struct slice note;	/* what the value is to a person */
	const char *means;	/* a sentence */
	struct slice command;	/* that settles it */
	const char *option;	/* of the command line */
};
/* The word of a row of what was not proved: whether an option asks it. */
const char *html_gap(const char *option);
/* Rows stand between these; few: as cards side by side. */
void html_rows(bool few, struct buf *out);
void html_row(const struct html_row *, struct buf *out);
void html_rows_end(struct buf *out);

#endif
