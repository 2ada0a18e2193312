/* agearmor.h -- age's armor: strict PEM with the label AGE ENCRYPTED FILE (RFC
 * 7468 figure 3, c2sp.org/age), read and written piece by piece in constant
 * memory.  Pure.
 *
 * Read: full lines of 64 characters, then at most one that is shorter;
 * canonical base64 with padding; LF or CR LF ends a line, and none need end
 * the last; nothing else before and after but AGEARMOR_BLANK_MAX bytes of
 * ASCII blanks, those before in whole lines. */
#ifndef BLOB_AGEARMOR_H
#define BLOB_AGEARMOR_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	AGEARMOR_BLANK_MAX = 1024,	/* bytes before, and behind */
	AGEARMOR_LINE = 48,		/* bytes in a full line, 64 as text */
	AGEARMOR_TEXT_MAX = 66,		/* bytes of a line with CR LF */
};

/* head, the beginning of a stream, is that of an armored file. */
bool agearmor_is(struct slice head);

enum agearmor_state {
	AGEARMOR_BEFORE,	/* blank lines, then the first */
	AGEARMOR_INSIDE,	/* full lines so far */
	AGEARMOR_SHORT,		/* the END line must follow */
	AGEARMOR_BEHIND,	/* blanks */
};

/* Armor on its way in; {0} begins, and there is nothing to release. */
struct agearmor {
	enum agearmor_state state;
	uint8_t line[AGEARMOR_TEXT_MAX];	/* one that is not complete */
	size_t n;				/* bytes of it */
	size_t blanks;		/* before or behind */
	bool indent;		/* of them, since the last LF */
	uint64_t lines;		/* complete ones */
};

/* Append what text, the next piece, decodes to: with what is appended before,
 * all of it that is known.  E_INPUT "armor: line N: ..."; then out is as it
 * was and the rest of the text not to be asked for. */
int agearmor_more(struct agearmor *, struct slice text, struct buf *out,
    struct err *);
/* The text is over: E_INPUT unless the armor is too.  */
int agearmor_end(const struct agearmor *, struct err *);

/* Armor on its way out; {0} begins.  The bytes are ciphertext: nothing here
 * needs to be wiped. */
struct agearmor_out {
	uint8_t rest[AGEARMOR_LINE];	/* too few for a line */
	size_t n;
	bool begun;
};

/* Append the text of in, the next piece, as far as it fills lines. */
void agearmor_put(struct agearmor_out *, struct slice in, struct buf *out);
/* Append the rest of it, and the END line. */
void agearmor_put_end(struct agearmor_out *, struct buf *out);

#endif
