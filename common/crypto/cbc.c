/* cbc.c -- see cbc.h. */
#include "crypto/cbc.h"

#include <inttypes.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/need.h"

enum { PART_MAX = 1 << 30 };	/* bytes; EVP counts in int */

static const char name[] = "AES-256-CBC";

struct cbc {
	EVP_CIPHER_CTX *ctx;
	uint64_t n;		/* bytes so far */
	bool padded;
};

static int
failed(struct err *e)
{
	ERR_clear_error();
	return err_set(e, E_NO, "decryption failed");
}

int
cbc_open_start(struct slice key, struct slice iv, bool padded,
    struct cbc **out, struct err *e)
{
	struct cbc *c;

	need(iv.n == CBC_IV_SIZE, "iv of that length");
	if (key.n != CBC_KEY_SIZE)
		return failed(e);
	if ((c = malloc(sizeof *c)) == NULL)
		err_nomem();
	*c = (struct cbc){EVP_CIPHER_CTX_new(), 0, padded};
	need(c->ctx != NULL && EVP_DecryptInit_ex2(c->ctx, EVP_aes_256_cbc(),
	    key.p, iv.p, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(c->ctx, padded) == 1, name);
	*out = c;
	return 0;
}

void
cbc_free(struct cbc *c)
{
	if (c == NULL)
		return;
	EVP_CIPHER_CTX_free(c->ctx);
	free(c);
}

void
cbc_open_more(struct cbc *c, struct slice in, struct buf *out)
{
	size_t was = out->n, done = 0;
	uint8_t *to = buf_more(out, in.n + CBC_BLOCK_SIZE);
	int n, part;

	c->n += in.n;
	for (; in.n > 0; in = slice_from(in, (size_t)part)) {
		part = in.n < PART_MAX ? (int)in.n : PART_MAX;
		need(EVP_DecryptUpdate(c->ctx, to + done, &n, in.p, part) == 1,
		    name);
		done += (size_t)n;
	}
	/* what is above was never written to */
	out->n = was + done;
}

int
cbc_open_end(struct cbc *c, struct buf *out, struct err *e)
{
	uint8_t rest[CBC_BLOCK_SIZE];
	uint64_t all = c->n;
	bool ok;
	int n;

	ok = EVP_DecryptFinal_ex(c->ctx, rest, &n) == 1;
	if (ok)
		buf_add(out, slice_of(rest, (size_t)n));
	explicit_bzero(rest, sizeof rest);
	/* key and iv stay */
	c->n = 0;
	need(EVP_DecryptInit_ex2(c->ctx, NULL, NULL, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(c->ctx, c->padded) == 1, name);
	if (!ok && (all % CBC_BLOCK_SIZE != 0 || all == 0)) {
		ERR_clear_error();
		return err_set(e, E_INPUT, "ciphertext: %" PRIu64 " bytes are "
		    "no whole blocks of %d", all, CBC_BLOCK_SIZE);
	}
	return ok ? 0 : failed(e);
}
