/* text.h -- text from outside: is it UTF-8, and how to show it.  Ground. */
#ifndef GROUND_TEXT_H
#define GROUND_TEXT_H

#include "ground/buf.h"
#include "ground/err.h"

/* Length in bytes (1 to 4) of the well-formed UTF-8 character s begins with
 * (RFC 3629: no surrogate, nothing overlong, at most U+10FFFF), else 0. */
size_t text_utf8(struct slice s);
/* Append the character of that number, at most 0x10ffff, in UTF-8. */
void text_put(uint32_t c, struct buf *out);
/* All of s is well-formed UTF-8; true for the empty slice. */
bool text_is_utf8(struct slice s);

/* Append s with C0 and C1 control characters, DEL, the bidirectional
 * controls and bytes that are no UTF-8 as \xHH, one for each byte. */
void text_escape(struct slice s, struct buf *out);

/* Append s, which is UTF-8, with the same characters, but for line feeds, as
 * \uHHHH: JSON that says the same. */
void text_escape_json(struct slice s, struct buf *out);

/* A terminal shows s as it is: nothing but line ends and blanks at the ends of
 * lines would be escaped. */
bool text_is_plain(struct slice s);

#define TEXT_TIME_END INT64_C(253402300800)	/* the year 10000 */
/* Append epoch seconds as YYYY-MM-DDTHH:MM:SSZ, or, before 1970 and after
 * 9999, as their number. */
void text_time(int64_t at, struct buf *out);

/* E_INPUT with a hint if s begins with a byte order mark or is UTF-16;
 * what names the thing in the message ("token", "key"). */
int text_no_bom(struct slice s, const char *what, struct err *);

#endif
