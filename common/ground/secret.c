/* secret.c -- see secret.h. */
#include "ground/secret.h"

#include <stdlib.h>

#include "ground/err.h"

enum {
	JWK_BEGIN = 8,	/* bytes by which a JWK that was cut is known again */
};

/* Runs of letters, digits and marks, by how they begin.  A header of a JWS or
 * JWE is base64url of a "{" and a quote, or of white space between. */
static const struct shape {
	const char *begin;
	size_t least;		/* bytes of the whole run */
	const char *what;
} shapes[] = {
	{"eyJ", 16, "token"}, {"eyA", 16, "token"}, {"ewo", 16, "token"},
	{"ew0", 16, "token"}, {"ewk", 16, "token"},
	{"MII", 64, "key"}, {"AGE-SECRET-KEY-1", 24, "key"},
	{"AGE-SECRET-KEY-PQ-1", 24, "key"},
};

/* JWKs among the arguments, borrowed from argv. */
static struct slice *jwks;
static size_t njwks;
static bool argued;

static bool
letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* The alphabets of base 64, the dots of a token, and line ends, at which
 * pasted text is broken. */
static bool
of_run(uint8_t c)
{
	return letter(c) || c == '.' || c == '+' || c == '/' || c == '=' ||
	    c == '%' || c == '\r' || c == '\n';
}

/* How many bytes of a token or key s begins with; 0 if none. */
static size_t
run(struct slice s, const char **what)
{
	size_t i, n;

	for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (!slice_starts(s, shapes[i].begin))
			continue;
		for (n = 0; n < s.n && of_run(s.p[n]); n++)
			continue;
		*what = shapes[i].what;
		return n >= shapes[i].least ? n : 0;
	}
	return 0;
}

/* The same for PEM, which ends with its END line or with the text. */
static size_t
pem(struct slice s, const char **what)
{
	size_t end, dashes;

	if (!slice_starts(s, "-----BEGIN "))
		return 0;
	*what = "key";
	end = slice_search(s, "-----END ");
	dashes = slice_search(slice_from(s, end + 9), "-----");
	end += 9 + dashes + 5;
	return end < s.n ? end : s.n;
}

/* The same for a JWK that was an argument, or its beginning. */
static size_t
jwk(struct slice s, const char **what)
{
	size_t i, n, most = 0;

	for (i = 0; i < njwks; i++) {
		for (n = 0; n < s.n && n < jwks[i].n &&
		    s.p[n] == jwks[i].p[n]; n++)
			continue;
		if (n >= JWK_BEGIN && n > most)
			most = n;
	}
	*what = "key";
	return most;
}

/* s at the beginning of a word; 0 if it is not to be hidden. */
static size_t
secret(struct slice s, bool word, const char **what)
{
	size_t n = word ? run(s, what) : 0;

	if (n == 0)
		n = pem(s, what);
	return n > 0 ? n : jwk(s, what);
}

bool
secret_hide(struct slice text, struct buf *out)
{
	const char *what;
	bool hidden = false, word = true;
	size_t n;

	while (text.n > 0) {
		n = secret(text, word, &what);
		if (n > 0)
			buf_addf(out, "[a %s, not repeated]", what);
		else
			buf_addc(out, text.p[0]);
		hidden |= n > 0;
		word = !letter(text.p[0]);
		text = slice_from(text, n > 0 ? n : 1);
	}
	return hidden;
}

/* Members that only a private or symmetric key has are enough anywhere; what
 * is compared with a claim may be a public one. */
static bool
is_jwk(struct slice s, bool whole)
{
	/* a JWK in a string has a backslash before each quote */
	return slice_search(s, "\"kty") < s.n && (whole ||
	    slice_search(s, "\"d\"") < s.n || slice_search(s, "\"k\"") < s.n);
}

void
secret_argument(const char *arg)
{
	struct slice all = slice_str(arg), s;
	struct buf ignored = {0};
	size_t at = slice_find(all, '{');

	s = slice_from(all, at);
	if (s.n > JWK_BEGIN && is_jwk(s, slice_trim(all).p == s.p)) {
		jwks = realloc(jwks, (njwks + 1) * sizeof *jwks);
		if (jwks == NULL)
			err_nomem();
		jwks[njwks++] = s;
	}
	argued |= secret_hide(all, &ignored);
	buf_free(&ignored);
}

bool
secret_argued(void)
{
	return argued;
}
