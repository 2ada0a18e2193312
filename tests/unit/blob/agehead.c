/* The header of an age file: its grammar line by line, with an HMAC that is
 * right, so that nothing else refuses what the parser lets pass. */
#include "unit/age_whole.h"

#include "codec/b64.h"
#include "crypto/oaep.h"
#include "blob/age_in.h"
#include "unit/tap.h"

#define LINE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define GREASE "-> grease-x !~ a\nAAAA\n"
#define BYTES "VUZvME9FbFdOMHQ1Y1dzeFozRnpTMnRzVjFCNlQwUnM"
#define X25519 "-> X25519 " BYTES "\n" BYTES "\n"
#define SALT "UFo0OElWN0t5cWsxZ3FzSw"
#define SCRYPT "-> scrypt " SALT " 18\n" BYTES "\n"

static struct key *key;
static const uint8_t file_key[AGE_FILE_KEY_SIZE + 1] = "YELLOW SUBMARINE";

static struct slice
the_file_key(void)
{
	return slice_of(file_key, AGE_FILE_KEY_SIZE);
}

/* Append an HMAC that fits, the nonce, and the payload "x". */
static void
finish(struct buf *blob, struct slice fk)
{
	uint8_t mac[SHA256_SIZE];
	struct slice nonce;
	struct chunks *c;
	struct err e;

	buf_adds(blob, "---");
	age_mac(fk, slice_buf(blob), mac);
	buf_addc(blob, ' ');
	b64_encode(slice_of(mac, sizeof mac), B64_STD, blob);
	buf_addc(blob, '\n');
	memset(buf_more(blob, AGE_NONCE_SIZE), 7, AGE_NONCE_SIZE);
	nonce = slice_from(slice_buf(blob), blob->n - AGE_NONCE_SIZE);
	c = age_chunks(fk, nonce, true);
	(void)age_turn(c, slice_str("x"), blob, &e);
	c->free(c);
}

static enum status
open_it(const struct buf *blob, struct err *e)
{
	struct buf out = {0};
	enum status as;

	e->text[0] = '\0';
	as = age_whole_open(slice_buf(blob), key, &out, e);
	if (as == E_OK ? !slice_is(slice_buf(&out), "x") : out.n != 0)
		as = E_SYSTEM;	/* which it never is */
	buf_free(&out);
	return as;
}

/* What stands in front of the stanza for our key and behind it; NULL for no
 * such stanza.  why is part of the message. */
static const struct {
	const char *name, *before, *after;
	enum status as;
	const char *why;
} cases[] = {
	{"nothing else", AGE_VERSION, "", E_OK, ""},
	{"a recipient of another kind before", AGE_VERSION X25519, "", E_OK,
	    ""},
	{"and behind", AGE_VERSION, X25519 GREASE, E_OK, ""},
	{"an empty body", AGE_VERSION "-> x\n\n", "", E_OK, ""},
	{"a body of one full line", AGE_VERSION "-> x\n" LINE "\n\n", "",
	    E_OK, ""},
	{"a body of two lines", AGE_VERSION "-> x\n" LINE "\nAA\n", "", E_OK,
	    ""},
	{"no version", "", "", E_INPUT, "line 1: not \"age-enc"},
	{"another version", "age-encryption.org/v2\n", "", E_INPUT,
	    "version v2, and only v1 is known"},
	{"text behind the version", "age-encryption.org/v1 \n", "", E_INPUT,
	    "version v1 , and"},
	{"CR LF behind the version", "age-encryption.org/v1\r\n", "", E_INPUT,
	    "line 1: CR LF"},
	{"CR LF in a stanza", AGE_VERSION "-> x\r\n\n", "", E_INPUT,
	    "line 2: CR LF"},
	{"CR LF in a body", AGE_VERSION "-> x\nAAAA\r\n", "", E_INPUT,
	    "line 3: CR LF"},
	{"an empty line", AGE_VERSION "\n", "", E_INPUT, "line 2: neither"},
	{"a line of text", AGE_VERSION, "AAAA\n", E_INPUT, "neither"},
	{"no space behind the arrow", AGE_VERSION "->x\n\n", "", E_INPUT,
	    "line 2: neither"},
	{"no argument", AGE_VERSION "-> \n\n", "", E_INPUT, "no arguments"},
	{"two spaces", AGE_VERSION "-> x  y\n\n", "", E_INPUT,
	    "no arguments"},
	{"a space in front", AGE_VERSION "->  x\n\n", "", E_INPUT,
	    "no arguments"},
	{"a space behind", AGE_VERSION "-> x \n\n", "", E_INPUT,
	    "no arguments"},
	{"a tab", AGE_VERSION "-> x\ty\n\n", "", E_INPUT, "no arguments"},
	{"a letter that is not ASCII", AGE_VERSION "-> \xc3\xa9\n\n", "",
	    E_INPUT, "no arguments"},
	{"a control character", AGE_VERSION "-> x\x7f\n\n", "", E_INPUT,
	    "no arguments"},
	{"no body", AGE_VERSION "-> x\n", "", E_INPUT, "line 3: base64"},
	{"no short line", AGE_VERSION "-> x\n" LINE "\n", "", E_INPUT,
	    "line 4: base64"},
	{"no short line at the end", AGE_VERSION, "-> x\n" LINE "\n",
	    E_INPUT, "base64"},
	{"a long line", AGE_VERSION "-> x\n" LINE "AAAA\n\n", "", E_INPUT,
	    "line 3: longer"},
	{"a short line before a full one", AGE_VERSION "-> x\nAAAA\n" LINE
	    "\n\n", "", E_INPUT, "line 4: neither"},
	{"padding", AGE_VERSION "-> x\nAA==\n", "", E_INPUT, "padding"},
	{"bits that are not used", AGE_VERSION "-> x\nAB\n", "", E_INPUT,
	    "unused bits"},
	{"a group cut short", AGE_VERSION "-> x\nAAAAA\n", "", E_INPUT,
	    "cut short"},
	{"base64 of URLs", AGE_VERSION "-> x\nAA-_\n", "", E_INPUT,
	    "alphabet"},
	{"a space in a body", AGE_VERSION "-> x\nAA AA\n", "", E_INPUT,
	    "white space"},
	{"scrypt before", AGE_VERSION SCRYPT, "", E_INPUT, "scrypt"},
	{"scrypt behind", AGE_VERSION, SCRYPT, E_INPUT, "scrypt"},
	{"scrypt twice", AGE_VERSION SCRYPT SCRYPT, NULL, E_INPUT, "scrypt"},
	{"scrypt alone", AGE_VERSION SCRYPT, NULL, E_NO,
	    "kinds of its recipients: scrypt"},
	{"no recipient", AGE_VERSION, NULL, E_INPUT, "no recipient"},
	{"none that is RSA", AGE_VERSION X25519 GREASE X25519, NULL, E_NO,
	    "recipients: X25519, grease-x"},
	{"many kinds", AGE_VERSION "-> a\n\n-> b\n\n-> c\n\n-> d\n\n-> e\n\n"
	    "-> a\n\n-> f\n\n", NULL, E_NO, "a, b, c, d, e, and more"},
	{"X25519 without an argument", AGE_VERSION "-> X25519\n" BYTES "\n", "",
	    E_INPUT, "line 2: X25519: its arguments"},
	{"X25519 with two", AGE_VERSION "-> X25519 " BYTES " x\n" BYTES "\n",
	    "", E_INPUT, "line 2: X25519: its arguments"},
	{"X25519 with a short share", AGE_VERSION "-> X25519 " SALT "\n" BYTES
	    "\n", "", E_INPUT, "line 2: X25519: its arguments"},
	{"X25519 with a short key", AGE_VERSION "-> X25519 " BYTES "\n" SALT
	    "\n", "", E_INPUT, "line 2: X25519: 16 bytes where 32 belong"},
	{"ssh-ed25519 without a tag", AGE_VERSION "-> ssh-ed25519 " BYTES "\n"
	    BYTES "\n", "", E_INPUT, "line 2: ssh-ed25519: its arguments"},
	{"ssh-ed25519 with more", AGE_VERSION "-> ssh-ed25519 AAAAAA " BYTES
	    " x\n" BYTES "\n", "", E_INPUT, "ssh-ed25519: its arguments"},
	{"scrypt without work", AGE_VERSION "-> scrypt " SALT "\n" BYTES "\n",
	    NULL, E_INPUT, "line 2: scrypt: its arguments"},
	{"scrypt with a zero before", AGE_VERSION "-> scrypt " SALT " 010\n"
	    BYTES "\n", NULL, E_INPUT, "line 2: scrypt: its arguments"},
	{"scrypt with 0", AGE_VERSION "-> scrypt " SALT " 0\n" BYTES "\n",
	    NULL, E_INPUT, "line 2: scrypt: its arguments"},
	{"scrypt with too much work", AGE_VERSION "-> scrypt " SALT " 23\n"
	    BYTES "\n", NULL, E_INPUT, "a work factor of 23"},
	{"scrypt with a long salt", AGE_VERSION "-> scrypt " BYTES " 18\n"
	    BYTES "\n", NULL, E_INPUT, "line 2: scrypt: its arguments"},
	{"scrypt with a short key", AGE_VERSION "-> scrypt " SALT " 18\n" SALT
	    "\n", NULL, E_INPUT, "scrypt: 16 bytes where 32 belong"},
	{"ssh-rsa without an argument", AGE_VERSION "-> ssh-rsa\nAAAA\n", "",
	    E_INPUT, "line 2: ssh-rsa"},
	{"ssh-rsa with two", AGE_VERSION "-> ssh-rsa AAAAAA x\nAAAA\n", "",
	    E_INPUT, "line 2: ssh-rsa"},
	{"a tag of three bytes", AGE_VERSION "-> ssh-rsa AAAA\nAAAA\n", "",
	    E_INPUT, "line 2: ssh-rsa"},
	{"a tag that is padded", AGE_VERSION "-> ssh-rsa AAAAAA==\nAAAA\n",
	    "", E_INPUT, "line 2: ssh-rsa"},
	{"a tag that is not canonical", AGE_VERSION
	    "-> ssh-rsa AAAAAB\nAAAA\n", "", E_INPUT, "line 2: ssh-rsa"},
	{"another key's tag", AGE_VERSION "-> ssh-rsa AAAAAA\nAAAA\n", "",
	    E_OK, ""},
};

static void
grammar(size_t i)
{
	struct buf blob = {0};
	enum status as;
	struct err e;

	buf_adds(&blob, cases[i].before);
	if (cases[i].after != NULL) {
		if (age_ssh_seal(key, the_file_key(), &blob, &e) < 0)
			exit(1);
		buf_adds(&blob, cases[i].after);
	}
	finish(&blob, the_file_key());
	as = open_it(&blob, &e);
	CHECK(as == cases[i].as && strstr(e.text, cases[i].why) != NULL,
	    "%s: %d %s", cases[i].name, (int)as, e.text);
	buf_free(&blob);
}

/* The last line of the header's text, before or after the right one. */
static const struct {
	const char *name, *from, *to;
	enum status as;
} endings[] = {
	{"the right HMAC", "--- ", "--- ", E_OK},
	{"no space", "--- ", "---", E_INPUT},
	{"two spaces", "--- ", "---  ", E_INPUT},
	{"four dashes", "--- ", "---- ", E_INPUT},
	{"a space behind", "\n", " \n", E_INPUT},
	{"CR LF", "\n", "\r\n", E_INPUT},
	{"padding", "\n", "=\n", E_INPUT},
	{"more behind", "\n", "AAAA\n", E_INPUT},
	{"another argument", "\n", " AAAA\n", E_INPUT},
	{"a stanza behind", "\n", "\n-> x\n\n", E_NO},
};

/* Replace what the header's last line begins or ends with. */
static void
ending(size_t i)
{
	const char *from = endings[i].from;
	struct buf right = {0}, blob = {0};
	struct slice head, tail;
	struct err e;
	enum status as;
	size_t at;

	buf_adds(&right, AGE_VERSION);
	(void)age_ssh_seal(key, the_file_key(), &right, &e);
	at = right.n;
	finish(&right, the_file_key());
	if (from[0] == '\n')
		at += strlen("--- ") + 43;
	head = slice_head(slice_buf(&right), at);
	tail = slice_from(slice_buf(&right), at + strlen(from));
	buf_add(&blob, head);
	buf_adds(&blob, endings[i].to);
	buf_add(&blob, tail);
	as = open_it(&blob, &e);
	CHECK(as == endings[i].as, "last line: %s: %d %s", endings[i].name,
	    (int)as, e.text);
	buf_free(&right);
	buf_free(&blob);
}

/* A header changed after it was made, without breaking its grammar. */
static void
edited(const char *name, const char *insert)
{
	struct buf right = {0}, blob = {0};
	struct err e;
	size_t at = strlen(AGE_VERSION);

	buf_adds(&right, AGE_VERSION);
	(void)age_ssh_seal(key, the_file_key(), &right, &e);
	finish(&right, the_file_key());
	buf_add(&blob, slice_head(slice_buf(&right), at));
	buf_adds(&blob, insert);
	buf_add(&blob, slice_from(slice_buf(&right), at));
	CHECK(open_it(&blob, &e) == E_NO &&
	    strcmp(e.text, "decryption failed") == 0, "%s", name);
	buf_free(&right);
	buf_free(&blob);
}

/* A stanza for our key around an RSA block of our making. */
static void
add_block(struct buf *blob, struct slice block)
{
	struct buf tag = {0}, text = {0};
	struct slice rest;

	age_ssh_tag(key, &tag);
	buf_adds(blob, "-> ssh-rsa ");
	b64_encode(slice_buf(&tag), B64_STD, blob);
	buf_addc(blob, '\n');
	b64_encode(block, B64_STD, &text);
	for (rest = slice_buf(&text); rest.n >= AGE_COLUMNS;
	    rest = slice_from(rest, AGE_COLUMNS)) {
		buf_add(blob, slice_head(rest, AGE_COLUMNS));
		buf_addc(blob, '\n');
	}
	buf_add(blob, rest);
	buf_addc(blob, '\n');
	buf_free(&tag);
	buf_free(&text);
}

/* A file key of n bytes, wrapped in some way. */
static enum status
wrapped(const struct oaep *how, size_t n, struct err *e)
{
	struct buf fk = {0}, block = {0}, blob = {0};
	struct oaep_run *run;
	enum status as;

	memset(buf_more(&fk, n), 'k', n);
	if (oaep_start(key, how, true, &run, e) < 0 ||
	    oaep_seal(run, slice_buf(&fk), &block, e) < 0)
		exit(1);
	oaep_free(run);
	buf_adds(&blob, AGE_VERSION);
	add_block(&blob, slice_buf(&block));
	finish(&blob, slice_buf(&fk));
	as = open_it(&blob, e);
	buf_free(&fk);
	buf_free(&block);
	buf_free(&blob);
	return as;
}

static bool
failed(enum status as, const struct err *e)
{
	return as == E_NO && strcmp(e->text, "decryption failed") == 0;
}

static void
wrappings(void)
{
	struct oaep o = oaep_sha256;
	struct err e;

	o.label = slice_str(AGE_OAEP_LABEL);
	CHECK(wrapped(&o, 16, &e) == E_OK, "a file key of 16 bytes");
	CHECK(failed(wrapped(&o, 15, &e), &e), "not of 15");
	CHECK(failed(wrapped(&o, 17, &e), &e), "nor of 17");
	CHECK(failed(wrapped(&o, 32, &e), &e), "nor of 32");
	CHECK(failed(wrapped(&o, 0, &e), &e), "nor of none");
	o.label = slice_str("age-encryption.org/v1/ssh-rsA");
	CHECK(failed(wrapped(&o, 16, &e), &e), "another label");
	o.label = slice_str("");
	CHECK(failed(wrapped(&o, 16, &e), &e), "no label");
	o.label = slice_str(AGE_OAEP_LABEL);
	o.mgf1 = HASH_SHA1;
	CHECK(failed(wrapped(&o, 16, &e), &e), "another hash");
}

/* Stanzas with our key's tag that do not yield a file key. */
static void
collisions(void)
{
	struct buf block = {0}, blob = {0};
	struct err e;
	enum status as;

	memset(buf_more(&block, 256), 1, 256);
	buf_adds(&blob, AGE_VERSION);
	add_block(&blob, slice_buf(&block));
	(void)age_ssh_seal(key, the_file_key(), &blob, &e);
	finish(&blob, the_file_key());
	CHECK(open_it(&blob, &e) == E_OK, "the second stanza of that tag");
	buf_cut(&blob, 0);
	buf_adds(&blob, AGE_VERSION);
	add_block(&blob, slice_buf(&block));
	finish(&blob, the_file_key());
	CHECK(failed(open_it(&blob, &e), &e), "no second one");
	buf_cut(&blob, 0);
	buf_adds(&blob, AGE_VERSION);
	add_block(&blob, slice_head(slice_buf(&block), 255));
	finish(&blob, the_file_key());
	as = open_it(&blob, &e);
	CHECK(as == E_INPUT, "a block of another size: %s", e.text);
	buf_free(&block);
	buf_free(&blob);
}

static void
limits(void)
{
	struct buf blob = {0};
	enum status as;
	struct err e;
	int i;

	buf_adds(&blob, AGE_VERSION);
	for (i = 1; i < AGE_STANZAS_MAX; i++)
		buf_adds(&blob, "-> x\n\n");
	(void)age_ssh_seal(key, the_file_key(), &blob, &e);
	finish(&blob, the_file_key());
	CHECK(open_it(&blob, &e) == E_OK, "as many stanzas as may be");
	buf_cut(&blob, strlen(AGE_VERSION));
	for (i = 0; i < AGE_STANZAS_MAX; i++)
		buf_adds(&blob, "-> x\n\n");
	(void)age_ssh_seal(key, the_file_key(), &blob, &e);
	finish(&blob, the_file_key());
	as = open_it(&blob, &e);
	CHECK(as == E_INPUT, "one more: %s", e.text);
	buf_cut(&blob, strlen(AGE_VERSION));
	buf_adds(&blob, "-> x");
	memset(buf_more(&blob, AGE_HEADER_MAX), 'x', AGE_HEADER_MAX);
	buf_adds(&blob, "\n\n");
	finish(&blob, the_file_key());
	as = open_it(&blob, &e);
	CHECK(as == E_INPUT && strstr(e.text, "more than 1048576 bytes") !=
	    NULL, "a line without an end: %s", e.text);
	buf_free(&blob);
}

/* A header that fills what may be to the byte, and one byte more. */
static void
largest(void)
{
	struct buf stanza = {0}, blob = {0};
	struct slice rest;
	struct err e;
	size_t fill, more;
	enum status as;

	(void)age_ssh_seal(key, the_file_key(), &stanza, &e);
	rest = slice_buf(&stanza);
	for (more = 0; more < 2; more++) {
		fill = AGE_HEADER_MAX - strlen(AGE_VERSION) -
		    strlen("-> \n\n") - rest.n - strlen("--- \n") - 43 -
		    AGE_NONCE_SIZE + more;
		buf_cut(&blob, 0);
		buf_adds(&blob, AGE_VERSION "-> ");
		memset(buf_more(&blob, fill), 'x', fill);
		buf_adds(&blob, "\n\n");
		buf_add(&blob, rest);
		finish(&blob, the_file_key());
		as = open_it(&blob, &e);
		CHECK(as == (more == 0 ? E_OK : E_INPUT),
		    "a header of %zu bytes: %s", AGE_HEADER_MAX + more,
		    e.text);
	}
	buf_free(&stanza);
	buf_free(&blob);
}

int
main(void)
{
	struct err e;
	size_t i;

	if (key_generate_rsa(2048, &key, &e) < 0)
		return 1;
	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		grammar(i);
	for (i = 0; i < sizeof endings / sizeof *endings; i++)
		ending(i);
	edited("a stanza more", GREASE);
	edited("an empty stanza more", "-> x\n\n");
	edited("a recipient more", X25519);
	wrappings();
	collisions();
	limits();
	largest();
	key_free(key);
	return tap_done();
}
