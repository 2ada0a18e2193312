/* cse.c -- see cse.h: the body of 2.0 and 2.1, and the key of any. */
#include "blob/cse.h"

#include <inttypes.h>
#include <stdlib.h>

#include "blob/cse_in.h"
#include "codec/b64.h"
#include "codec/bytes.h"

enum {
	CEK_SIZE = 32,		/* bytes of the content's key */
	MARK_SIZE = 8,		/* the version before it, since 2.0 */
};

/* Whose way of counting regions. */
enum order { PYTHON, JAVA, DOTNET, ORDERS };

struct cse {
	struct chunks c;	/* first: it is what the caller has */
	struct buf cek;
	unsigned orders;	/* of bits 1 << enum order: still possible */
};

/* The version as it stands before the key. */
static void
mark_of(enum cse_version v, uint8_t out[MARK_SIZE])
{
	const char *name = cse_version_name(v);

	memset(out, 0, MARK_SIZE);
	memcpy(out, name, strlen(name));
}

/* Since 2.0 the version is wrapped with the key, so that metadata cannot turn
 * one version into another; before, a key alone. */
int
cse_unwrap(const struct cse_meta *m, const struct key *key, struct buf *cek,
    struct err *e)
{
	size_t mark = m->version == CSE_V1_0 ? 0 : MARK_SIZE;
	uint8_t want[MARK_SIZE];
	struct buf plain = {0};
	int ret;

	if (keywrap_fits(m->alg, key, e) < 0)
		return cse_meta_hint(m, e);
	mark_of(m->version, want);
	ret = keywrap_open(m->alg, key, slice_buf(&m->wrapped), &plain, e);
	/* no hint to what depends on the key: it would tell this failure from
	 * that of a region */
	if (ret < 0 && e->code == E_INPUT)
		(void)cse_meta_hint(m, e);
	if (ret == 0 && (plain.n != mark + CEK_SIZE ||
	    !slice_eq(slice_head(slice_buf(&plain), mark),
	    slice_of(want, mark))))
		ret = err_set(e, E_NO, "decryption failed");
	if (ret == 0)
		buf_add(cek, slice_from(slice_buf(&plain), mark));
	buf_free(&plain);
	return ret;
}

/* The nonce of region i.  Java's library counted in 32 bits with a sign until
 * August 2026: over 2^31 regions its blobs are refused. */
static void
nonce_of(enum order order, uint64_t i, uint8_t out[AEAD_NONCE_SIZE])
{
	memset(out, 0, AEAD_NONCE_SIZE);
	switch (order) {
	case JAVA:
		put_be64(out, i);
		break;
	case DOTNET:
		put_le32(out + 4, (uint32_t)(i + 1));
		put_le32(out + 8, (uint32_t)((i + 1) >> 32));
		break;
	default:
		put_be64(out + 4, i);
	}
}

int
cse_in_order(unsigned *orders, uint64_t i, const uint8_t *nonce,
    struct err *e)
{
	uint8_t want[AEAD_NONCE_SIZE];
	unsigned order;

	for (order = 0; order < ORDERS; order++) {
		nonce_of((enum order)order, i, want);
		if (memcmp(nonce, want, sizeof want) != 0)
			*orders &= ~(1U << order);
	}
	if (*orders == 0)
		return err_set(e, E_NO, "region %" PRIu64 ": its nonce is not "
		    "the one of its place", i);
	return 0;
}

/* An empty blob is no region to some writers, and an empty one to others. */
static int
shape(const struct chunks *c, uint64_t i, bool last, struct slice in,
    struct err *e)
{
	bool only = i == 0 && last;

	if (only && (in.n == 0 || in.n == CSE_EXTRA))
		return 0;
	if (in.n <= CSE_EXTRA || in.n > c->in || (!last && in.n < c->in))
		return err_set(e, E_INPUT, "region %" PRIu64 ": %zu bytes are "
		    "no length it can have", i, in.n);
	return 0;
}

static int
see(struct chunks *c, uint64_t i, bool last, struct slice in, struct err *e)
{
	struct cse *s = (struct cse *)c;

	if (shape(c, i, last, in, e) < 0)
		return -1;
	return in.n == 0 ? 0 : cse_in_order(&s->orders, i, in.p, e);
}

static int
begin(const struct chunks *c, void **state, struct err *e)
{
	const struct cse *s = (const struct cse *)c;
	struct aead *a;

	if (aead_start(AEAD_AES256_GCM, slice_buf(&s->cek), &a, e) < 0)
		return -1;
	*state = a;
	return 0;
}

static void
end(void *state)
{
	aead_free(state);
}

static int
open_region(const struct chunks *c, void *state, uint64_t i, bool last,
    struct slice in, struct buf *out, struct err *e)
{
	if (shape(c, i, last, in, e) < 0)
		return -1;
	if (in.n == 0)
		return 0;
	return aead_open(state, slice_head(in, AEAD_NONCE_SIZE),
	    slice_of(NULL, 0), slice_from(in, AEAD_NONCE_SIZE), out, e);
}

static int
seal_region(const struct chunks *c, void *state, uint64_t i, bool last,
    struct slice in, struct buf *out, struct err *e)
{
	uint8_t nonce[AEAD_NONCE_SIZE];
	size_t was = out->n;

	/* what would not be read again is not written */
	if (in.n > c->in || (in.n < c->in && !last) || (in.n == 0 && i > 0))
		return err_set(e, E_INPUT, "region %" PRIu64 ": %zu bytes of "
		    "%zu", i, in.n, c->in);
	if (in.n == 0)
		return 0;
	/* one growth, not three */
	(void)buf_more(out, in.n + CSE_EXTRA);
	out->n = was;
	nonce_of(PYTHON, i, nonce);
	buf_add(out, slice_of(nonce, sizeof nonce));
	aead_seal(state, slice_of(nonce, sizeof nonce), slice_of(NULL, 0), in,
	    out);
	return 0;
}

static void
release(struct chunks *c)
{
	struct cse *s = (struct cse *)c;

	buf_free(&s->cek);
	free(s);
}

/* Takes the key over. */
static struct chunks *
start(bool seal, size_t region, struct buf *cek)
{
	struct cse *s = calloc(1, sizeof *s);

	if (s == NULL)
		err_nomem();
	s->c = (struct chunks){
		.in = seal ? region : region + CSE_EXTRA,
		.out = seal ? region + CSE_EXTRA : region,
		.in_place = !seal,
		.at = AEAD_NONCE_SIZE,
		.see = seal ? NULL : see,
		.begin = begin,
		.end = end,
		.turn = seal ? seal_region : open_region,
		.free = release,
	};
	s->cek = *cek;
	s->orders = CSE_ANY_ORDER;
	*cek = (struct buf){0};
	return &s->c;
}

int
cse_open_start(const struct cse_meta *m, const struct key *key,
    struct chunks **out, struct err *e)
{
	struct buf cek = {0};

	if (m->version == CSE_V1_0)
		return err_set(e, E_INPUT, "Protocol 1.0: not authenticated");
	if (cse_unwrap(m, key, &cek, e) < 0)
		return -1;
	*out = start(false, m->region, &cek);
	return 0;
}

int
cse_v1_start(const struct cse_meta *m, const struct key *key,
    struct cbc **out, struct err *e)
{
	struct buf cek = {0};
	int ret;

	if (m->version != CSE_V1_0)
		return err_set(e, E_INPUT, "Protocol %s: not 1.0",
		    cse_version_name(m->version));
	ret = cse_unwrap(m, key, &cek, e);
	if (ret == 0)
		ret = cbc_open_start(slice_buf(&cek),
		    slice_of(m->iv, sizeof m->iv), !m->page, out, e);
	buf_free(&cek);
	return ret;
}

/* A text of a key's name that goes into an HTTP header as it is. */
static int
check_id(struct slice id, struct err *e)
{
	size_t i;

	for (i = 0; i < id.n && id.p[i] > 0x20 && id.p[i] < 0x7f; i++)
		;
	if (id.n > 0 && id.n <= CSE_KEY_ID_MAX && i == id.n)
		return 0;
	return err_set(e, E_USAGE, id.n == 0 ? "the key has no id, and "
	    "Azure's libraries find it by that" : "the key's id is not 1 to "
	    "%d characters of ASCII without blanks", CSE_KEY_ID_MAX);
}

/* In the order of .NET's and Java's libraries. */
static void
write_meta(const struct keywrap *alg, struct slice id, struct slice wrapped,
    struct buf *out)
{
	buf_adds(out, "{\"EncryptionMode\":\"FullBlob\","
	    "\"WrappedContentKey\":{\"KeyId\":");
	json_quote(id, out);
	buf_adds(out, ",\"EncryptedKey\":\"");
	b64_encode(wrapped, B64_STD | B64_PAD, out);
	buf_addf(out, "\",\"Algorithm\":\"%s\"},\"EncryptionAgent\":{"
	    "\"Protocol\":\"2.0\",\"EncryptionAlgorithm\":\"AES_GCM_256\"},"
	    "\"EncryptedRegionInfo\":{\"DataLength\":%d,\"NonceLength\":%d},"
	    "\"KeyWrappingMetadata\":{\"EncryptionLibrary\":\"teeutils\"}}\n",
	    alg->name, CSE_REGION, AEAD_NONCE_SIZE);
}

int
cse_seal_start(const struct key *key, struct slice key_id,
    struct chunks **out, struct buf *meta, struct err *e)
{
	const struct keywrap *alg;
	struct buf plain = {0}, cek = {0}, wrapped = {0};
	int ret;

	if (check_id(key_id, e) < 0 || (alg = keywrap_for(key, e)) == NULL)
		return -1;
	mark_of(CSE_V2_0, buf_more(&plain, MARK_SIZE));
	hash_random(buf_more(&cek, CEK_SIZE), CEK_SIZE);
	buf_add(&plain, slice_buf(&cek));
	ret = keywrap_seal(alg, key, slice_buf(&plain), &wrapped, e);
	if (ret == 0) {
		write_meta(alg, key_id, slice_buf(&wrapped), meta);
		*out = start(true, CSE_REGION, &cek);
	}
	buf_free(&plain);
	buf_free(&cek);
	buf_free(&wrapped);
	return ret;
}

bool
cse_sealed_size(size_t region, uint64_t n, uint64_t *sealed)
{
	uint64_t regions = n / region + (n % region != 0);

	if (regions > (UINT64_MAX - n) / CSE_EXTRA)
		return false;
	*sealed = n + regions * CSE_EXTRA;
	return true;
}

bool
cse_plain_size(size_t region, uint64_t sealed, uint64_t *n)
{
	uint64_t whole = region + CSE_EXTRA, rest = sealed % whole;

	if (rest > 0 && rest <= CSE_EXTRA && sealed != CSE_EXTRA)
		return false;
	*n = sealed - (sealed / whole + (rest > 0)) * CSE_EXTRA;
	return true;
}
