/* age -- a blob from outside, as header, as armor and as a chunk.  What is
 * read is written again and must be the same bytes: nothing has two forms. */
#include <stdlib.h>

#include "codec/b64.h"
#include "blob/age_in.h"
#include "blob/agearmor.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct key *key;
static struct buf tag;		/* of the key, as text */

/* Append lines of 64 characters and one that is shorter. */
static void
wrap(struct slice body, struct buf *out)
{
	struct slice line;

	do {
		line = slice_head(body, AGE_COLUMNS / 4 * 3);
		b64_encode(line, B64_STD, out);
		buf_addc(out, '\n');
		body = slice_from(body, line.n);
	} while (line.n == AGE_COLUMNS / 4 * 3);
}

/* The header made from its parts. */
static void
header(struct slice head)
{
	struct buf out = {0}, body = {0};
	struct age_stanza st;
	struct age_head h;
	struct slice rest;
	struct err e;
	size_t n = 0;

	if (age_head_parse(head, &h, &e) < 0) {
		if (e.code != E_INPUT)
			abort();
		return;
	}
	buf_adds(&out, AGE_VERSION);
	for (rest = h.stanzas; age_stanza(&rest, &st); n++) {
		buf_adds(&out, "-> ");
		buf_add(&out, st.type);
		buf_adds(&out, st.args.n > 0 ? " " : "");
		buf_add(&out, st.args);
		buf_addc(&out, '\n');
		buf_cut(&body, 0);
		age_body(&st, &body);
		wrap(slice_buf(&body), &out);
	}
	buf_adds(&out, "---");
	if (!slice_eq(slice_buf(&out), h.signs) || n != h.count)
		abort();
	buf_addc(&out, ' ');
	b64_encode(slice_of(h.mac, sizeof h.mac), B64_STD, &out);
	buf_addc(&out, '\n');
	buf_add(&out, h.nonce);
	if (!age_is(head) ||
	    !slice_eq(slice_buf(&out), slice_head(head, h.size)))
		abort();
	buf_free(&out);
	buf_free(&body);
}

/* The blob, its first ssh-rsa stanza's tag replaced by the key's: nobody can
 * have made it for a key that is younger. */
static void
blob(struct slice in)
{
	static const char mark[] = "-> ssh-rsa ";
	struct chunks *c = NULL;
	struct buf copy = {0};
	uint8_t *at;
	struct err e;
	size_t used = 0;

	buf_add(&copy, in);
	at = in.n > 0 ? memmem(copy.p, copy.n, mark, strlen(mark)) : NULL;
	if (at != NULL && (size_t)(copy.p + copy.n - at) >=
	    strlen(mark) + tag.n)
		memcpy(at + strlen(mark), tag.p, tag.n);
	if (age_open(slice_buf(&copy), key, &used, &c, &e) == 0 ||
	    used != 0 || c != NULL || (e.code != E_NO && e.code != E_INPUT))
		abort();
	buf_free(&copy);
}

/* in as the last chunk, under a key that the corpus knows. */
static void
chunk(struct slice in, uint64_t i)
{
	static const uint8_t zero[AGE_FILE_KEY_SIZE];
	struct slice fk = slice_of(zero, sizeof zero);
	struct chunks *from = age_chunks(fk, fk, false);
	struct chunks *to = age_chunks(fk, fk, true);
	struct buf out = {0}, back = {0};
	void *open, *seal;
	struct err e;

	if (from->begin(from, &open, &e) < 0 || to->begin(to, &seal, &e) < 0)
		abort();
	if (from->turn(from, open, i, true, in, &out, &e) < 0) {
		if (out.n != 0 || (e.code != E_NO && e.code != E_INPUT))
			abort();
	} else if (to->turn(to, seal, i, true, slice_buf(&out), &back,
	    &e) < 0 || !slice_eq(slice_buf(&back), in)) {
		abort();
	}
	from->end(open);
	to->end(seal);
	from->free(from);
	to->free(to);
	buf_free(&out);
	buf_free(&back);
}

/* Decode text in pieces; false, and e, if it is not armor. */
static bool
decode(struct slice text, size_t size, struct buf *out, struct err *e)
{
	struct agearmor a = {0};

	for (; text.n > 0; text = slice_from(text, size))
		if (agearmor_more(&a, slice_head(text, size), out, e) < 0)
			return false;
	return agearmor_end(&a, e) == 0;
}

/* Pieces make no difference, and but for blanks and CR the text is the one
 * that is written of these bytes. */
static void
armor(struct slice text)
{
	struct buf whole = {0}, parts = {0}, plain = {0}, again = {0};
	struct agearmor_out a = {0};
	struct slice trimmed = slice_trim(text);
	struct err e, f;
	size_t i;
	bool is;

	is = decode(text, text.n, &whole, &e);
	if (decode(text, 1 + text.n % 97, &parts, &f) != is ||
	    (is ? !slice_eq(slice_buf(&whole), slice_buf(&parts)) :
	    e.code != E_INPUT || strcmp(e.text, f.text) != 0))
		abort();
	if (is) {
		for (i = 0; i < trimmed.n; i++)
			if (trimmed.p[i] != '\r')
				buf_addc(&plain, trimmed.p[i]);
		buf_addc(&plain, '\n');
		agearmor_put(&a, slice_buf(&whole), &again);
		agearmor_put_end(&a, &again);
		if (!agearmor_is(text) ||
		    !slice_eq(slice_buf(&again), slice_buf(&plain)))
			abort();
		header(slice_buf(&whole));
	}
	buf_free(&whole);
	buf_free(&parts);
	buf_free(&plain);
	buf_free(&again);
}

static void
make_key(void)
{
	struct buf bytes = {0};
	struct err e;

	if (key_generate_rsa(2048, &key, &e) < 0)
		abort();
	age_ssh_tag(key, &bytes);
	b64_encode(slice_buf(&bytes), B64_STD, &tag);
	buf_free(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);

	if (size > AGE_HEADER_MAX + 100)
		return 0;
	if (key == NULL)
		make_key();
	header(in);
	blob(in);
	chunk(in, 0);
	chunk(in, 1);
	armor(in);
	return 0;
}
