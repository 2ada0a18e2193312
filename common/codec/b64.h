/* b64.h -- base 64 (RFC 4648 sections 4 and 5).  Each caller names its
 * rules; there is no lenient default.  Codec: pure. */
#ifndef CODEC_B64_H
#define CODEC_B64_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	B64_STD = 1,	/* + and / may stand */
	B64_URL = 2,	/* - and _ may stand; with B64_STD one text may use
			 * the one or the other, not both */
	B64_PAD = 4,	/* padding must stand where it belongs */
	B64_NOPAD = 8,	/* padding is refused; neither: it is optional */
	B64_CRLF = 16,	/* CR and LF are skipped */
	B64_BLANK = 32,	/* space and tab too */
	B64_LOOSE = 64,	/* unused bits of the last character may be set */

	/* parts of a JWS or JWE, members of a JWK */
	B64_JOSE = B64_URL | B64_NOPAD,
	/* ciphertext and keys as text, JSON members, security context */
	B64_TEXT = B64_STD | B64_URL | B64_CRLF | B64_BLANK,
	/* policies: what Go's base64.StdEncoding decodes, so the platform */
	B64_POLICY = B64_STD | B64_PAD | B64_CRLF | B64_LOOSE,
};

/* Append the decoded bytes of s to out.  Anything the rules do not allow is
 * E_INPUT with its offset, and leaves out as it was.  The empty text is the
 * empty value. */
int b64_decode(struct slice s, unsigned rules, struct buf *out, struct err *);

/* Whether s decoded under rules with B64_LOOSE had unused bits set. */
bool b64_loose(struct slice s);

/* Append s in the alphabet named (B64_STD or B64_URL), padded with B64_PAD. */
void b64_encode(struct slice s, unsigned how, struct buf *out);

#endif
