/* What looks like a token or a key is not repeated in a message. */
#include "ground/secret.h"

#include "unit/tap.h"

#define HEAD "eyJhbGciOiJSUzI1NiJ9"
#define JWK "{ \"kty\":\"oct\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQ\"}"
#define WRAPPED "{\"key\":\"{\\\"kty\\\":\\\"oct\\\",\\\"k\\\":\\\"c2Vj\\\"}\"}"
#define PUBLIC "{\"kty\":\"RSA\",\"e\":\"AQAB\"}"

static const struct {
	const char *text, *shown;
} cases[] = {
	{"plain: no such file", "plain: no such file"},
	{HEAD ".eyJhIjoxfQ.AAAA: no such file",
	    "[a token, not repeated]: no such file"},
	{"x: /tmp/" HEAD ".e30.AA: y", "x: /tmp/[a token, not repeated]: y"},
	{"Bearer " HEAD ".e30.AA", "Bearer [a token, not repeated]"},
	{"\"" HEAD ".e30.AA\"", "\"[a token, not repeated]\""},
	/* cut short, broken into lines, or of five parts */
	{"-c: " HEAD, "-c: [a token, not repeated]"},
	{HEAD ".eyJh\nIjoxfQ.\nAAAA: x", "[a token, not repeated]: x"},
	{HEAD ".a.b.c.d", "[a token, not repeated]"},
	/* headers with white space */
	{"eyAiYWxnIjoiUlMyNTYifQ.e30.AA", "[a token, not repeated]"},
	{"ewogICJhbGciOiAiUlMyNTYifQ.e30.AA", "[a token, not repeated]"},
	{"ew0KICJhbGciOiAiUlMyNTYifQ.e30.AA", "[a token, not repeated]"},
	/* names are no tokens */
	{"eyJ", "eyJ"}, {"eyes.tar.gz", "eyes.tar.gz"},
	{"keyJudgeOfManyLetters.txt", "keyJudgeOfManyLetters.txt"},
	{"MIIFILE.txt", "MIIFILE.txt"},
	{"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n: x",
	    "[a key, not repeated]\n: x"},
	{"a: -----BEGIN PRIVATE KEY-----\nMIIE", "a: [a key, not repeated]"},
	{"-----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA", /* cut there */
	    "[a key, not repeated]"},
	{"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj: x",
	    "[a key, not repeated]: x"},
	{"AGE-SECRET-KEY-1QQQQQQQQQQQQ: x", "[a key, not repeated]: x"},
};

static bool
shows(const char *text, const char *want)
{
	struct buf out = {0};
	bool hidden = secret_hide(slice_str(text), &out), ok;

	ok = slice_is(slice_buf(&out), want) &&
	    hidden == (strcmp(text, want) != 0);
	buf_free(&out);
	return ok;
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(shows(cases[i].text, cases[i].shown), "%zu: %.30s", i,
		    cases[i].text);
	CHECK(shows("x is " PUBLIC, "x is " PUBLIC),
	    "a public JWK may stand in a claim");
	secret_argument("-q");
	secret_argument("file");
	secret_argument("a:=" PUBLIC);
	CHECK(!secret_argued(), "nothing was pasted");
	CHECK(shows("x is " PUBLIC, "x is " PUBLIC),
	    "a claim compared with a public key");
	secret_argument("--kex=" JWK);
	CHECK(secret_argued(), "a JWK was pasted");
	CHECK(shows("unknown: --kex=" JWK,
	    "unknown: --kex=[a key, not repeated]"), "hidden whole");
	CHECK(shows("unknown: { \"kty\":\"oct\",\"k\":\"c2Vj",
	    "unknown: [a key, not repeated]"), "and cut short");
	secret_argument(WRAPPED);
	CHECK(shows(WRAPPED ": x", "[a key, not repeated]: x"),
	    "a JWK in a string, as the sidecar answers");
	secret_argument(PUBLIC);
	CHECK(shows(PUBLIC ": no such file", "[a key, not repeated]: no such "
	    "file"), "a JWK as an operand");
	return tap_done();
}
