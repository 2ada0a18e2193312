/* cselong.c -- see cselong.h. */
#include "blob/cselong.h"

#include <inttypes.h>
#include <stdlib.h>

#include "blob/cse_in.h"

struct cselong {
	size_t region;		/* bytes of plaintext in one */
	struct aead *aead;
	/* of this pass: */
	unsigned orders;
	uint64_t i;		/* region in hand */
	struct buf nonce;	/* of it, as far as it was read */
	struct buf tail;	/* of it, what may be its tag */
	size_t fed;		/* bytes of its ciphertext */
};

int
cselong_start(const struct cse_meta *m, const struct key *key,
    struct cselong **out, struct err *e)
{
	struct cselong *l;
	struct buf cek = {0};
	struct aead *aead = NULL;
	int ret;

	if (m->version == CSE_V1_0)
		return err_set(e, E_INPUT, "Protocol 1.0: not authenticated");
	ret = cse_unwrap(m, key, &cek, e);
	if (ret == 0)
		ret = aead_start(AEAD_AES256_GCM, slice_buf(&cek), &aead, e);
	buf_free(&cek);
	if (ret < 0)
		return -1;
	if ((l = calloc(1, sizeof *l)) == NULL)
		err_nomem();
	l->region = m->region;
	l->aead = aead;
	l->orders = CSE_ANY_ORDER;
	*out = l;
	return 0;
}

void
cselong_free(struct cselong *l)
{
	if (l == NULL)
		return;
	aead_free(l->aead);
	buf_free(&l->nonce);
	buf_free(&l->tail);
	free(l);
}

/* Take up to n bytes off in, as long as what is kept has less than that. */
static void
fill(struct buf *keep, size_t n, struct slice *in)
{
	struct slice part = slice_head(*in, n - keep->n);

	buf_add(keep, part);
	*in = slice_from(*in, part.n);
}

static int
take_nonce(struct cselong *l, struct slice *in, struct err *e)
{
	fill(&l->nonce, AEAD_NONCE_SIZE, in);
	if (l->nonce.n < AEAD_NONCE_SIZE)
		return 0;
	if (cse_in_order(&l->orders, l->i, l->nonce.p, e) < 0)
		return -1;
	aead_open_begin(l->aead, slice_buf(&l->nonce), slice_of(NULL, 0));
	return 0;
}

/* What may be the tag is the end of what was read: all before it goes into the
 * cipher.  part is no more than what the region still has. */
static void
feed(struct cselong *l, struct slice part, struct buf *out)
{
	size_t n = l->tail.n + part.n, old, new;

	n = n > AEAD_TAG_SIZE ? n - AEAD_TAG_SIZE : 0;
	old = n < l->tail.n ? n : l->tail.n;
	new = n - old;
	aead_open_more(l->aead, slice_head(slice_buf(&l->tail), old), out);
	aead_open_more(l->aead, slice_head(part, new), out);
	l->fed += n;
	if (old > 0)
		(void)memmove(l->tail.p, l->tail.p + old, l->tail.n - old);
	l->tail.n -= old;
	buf_add(&l->tail, slice_from(part, new));
}

static int
end_region(struct cselong *l, struct err *e)
{
	int ret = aead_open_end(l->aead, slice_buf(&l->tail), e);

	l->nonce.n = l->tail.n = l->fed = 0;
	l->i++;
	return ret;
}

int
cselong_more(struct cselong *l, struct slice in, struct buf *out,
    struct err *e)
{
	struct slice part;

	while (in.n > 0) {
		if (l->nonce.n < AEAD_NONCE_SIZE) {
			if (take_nonce(l, &in, e) < 0)
				return -1;
			continue;
		}
		part = slice_head(in, l->region - l->fed + AEAD_TAG_SIZE -
		    l->tail.n);
		in = slice_from(in, part.n);
		feed(l, part, out);
		if (l->fed == l->region && l->tail.n == AEAD_TAG_SIZE &&
		    end_region(l, e) < 0)
			return -1;
	}
	return 0;
}

/* An empty blob is no region to some writers, and an empty one to others. */
int
cselong_end(struct cselong *l, struct err *e)
{
	bool only = l->i == 0;
	int ret = 0;

	if (l->nonce.n > 0 && (l->tail.n < AEAD_TAG_SIZE ||
	    (l->fed == 0 && !only)))
		ret = err_set(e, E_INPUT, "region %" PRIu64 ": %zu bytes are "
		    "no length it can have", l->i,
		    l->nonce.n + l->fed + l->tail.n);
	else if (l->nonce.n > 0)
		ret = end_region(l, e);
	l->nonce.n = l->tail.n = l->fed = 0;
	l->i = 0;
	l->orders = CSE_ANY_ORDER;
	return ret;
}
