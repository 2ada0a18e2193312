/* agechunks.c -- see age_in.h: the payload, whose chunks have their place and
 * which of them is the last in their nonces. */
#include "blob/age_in.h"

#include <stdlib.h>

#include "codec/bytes.h"
#include "crypto/aead.h"

enum { PAYLOAD_KEY_SIZE = 32 };	/* bytes */

struct payload {
	struct chunks c;	/* first: it is what is handed out */
	struct buf key;
};

static const struct payload *
payload_of(const struct chunks *c)
{
	return (const struct payload *)(const void *)c;
}

static int
begin(const struct chunks *c, void **state, struct err *e)
{
	struct aead *a;

	if (aead_start(AEAD_CHACHA20_POLY1305, slice_buf(&payload_of(c)->key),
	    &a, e) < 0)
		return -1;
	*state = a;
	return 0;
}

static void
end(void *state)
{
	aead_free(state);
}

/* The counter, of which 64 of 88 bits are enough for any file, and whether
 * this is the last. */
static void
nonce_of(uint64_t i, bool last, uint8_t out[AEAD_NONCE_SIZE])
{
	memset(out, 0, AEAD_NONCE_SIZE);
	put_be64(out + 3, i);
	out[AEAD_NONCE_SIZE - 1] = last;
}

static int
open_chunk(const struct chunks *c, void *state, uint64_t i, bool last,
    struct slice in, struct buf *out, struct err *e)
{
	uint8_t nonce[AEAD_NONCE_SIZE];

	/* only the last is not of full size */
	if (in.n < AEAD_TAG_SIZE || in.n > c->in || (!last && in.n < c->in))
		return err_set(e, E_INPUT, "age: cut short in chunk %ju",
		    (uintmax_t)i);
	if (in.n == AEAD_TAG_SIZE && i > 0)
		return err_set(e, E_INPUT, "age: empty chunk %ju",
		    (uintmax_t)i);
	nonce_of(i, last, nonce);
	return aead_open(state, slice_of(nonce, sizeof nonce),
	    slice_of(NULL, 0), in, out, e);
}

static int
seal_chunk(const struct chunks *c, void *state, uint64_t i, bool last,
    struct slice in, struct buf *out, struct err *e)
{
	uint8_t nonce[AEAD_NONCE_SIZE];

	(void)c;
	(void)e;
	nonce_of(i, last, nonce);
	aead_seal(state, slice_of(nonce, sizeof nonce), slice_of(NULL, 0), in,
	    out);
	return 0;
}

static void
drop(struct chunks *c)
{
	struct payload *p = (struct payload *)(void *)c;

	buf_free(&p->key);
	free(p);
}

struct chunks *
age_chunks(struct slice file_key, struct slice nonce, bool seal)
{
	const size_t plain = AGE_CHUNK_SIZE, sealed = plain + AEAD_TAG_SIZE;
	struct payload *p = calloc(1, sizeof *p);

	if (p == NULL)
		err_nomem();
	hash_hkdf(HASH_SHA256, file_key, nonce, slice_str("payload"),
	    buf_more(&p->key, PAYLOAD_KEY_SIZE), PAYLOAD_KEY_SIZE);
	p->c = (struct chunks){
		.in = seal ? plain : sealed,
		.out = seal ? sealed : plain,
		.begin = begin,
		.end = end,
		.turn = seal ? seal_chunk : open_chunk,
		.free = drop,
	};
	return &p->c;
}
