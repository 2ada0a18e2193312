/* xwing.c -- see xwing.h. */
#include "crypto/xwing.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypto/agree.h"
#include "crypto/key_in.h"
#include "crypto/need.h"

enum {				/* bytes */
	PQ_SEED_SIZE = 64,	/* of ML-KEM-768: d and z; */
	PQ_PUBLIC_SIZE = XWING_PUBLIC_SIZE - KEY_RAW_SIZE,
	PQ_SHARE_SIZE = XWING_SHARE_SIZE - KEY_RAW_SIZE,
};

static const char pq_name[] = "ML-KEM-768";
static const char label[] = "\\.//^\\";
static const struct slice none = {NULL, 0};

bool
xwing_able(void)
{
	EVP_KEYMGMT *found = EVP_KEYMGMT_fetch(NULL, pq_name, NULL);
	bool able = found != NULL;

	EVP_KEYMGMT_free(found);
	ERR_clear_error();
	return able;
}

/* What both kinds of key must be. */
static int
check(struct slice bytes, size_t want, struct err *e)
{
	if (bytes.n != want)
		return err_set(e, E_INPUT, "key: %zu bytes where %zu belong",
		    bytes.n, want);
	if (xwing_able())
		return 0;
	(void)err_set(e, E_SYSTEM, "key: for mlkem768x25519, and libcrypto "
	    "has no ML-KEM");
	return err_hint(e, "OpenSSL 3.5 has it, as on Debian 13");
}

static EVP_PKEY *
pq_public(struct slice s)
{
	return EVP_PKEY_new_raw_public_key_ex(NULL, pq_name, NULL, s.p,
	    PQ_PUBLIC_SIZE);
}

/* The seed in libcrypto's own parameter, which 3.0 has no name for. */
static EVP_PKEY *
pq_private(struct slice seed)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, pq_name, NULL);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string("seed",
		    (void *)(uintptr_t)seed.p, PQ_SEED_SIZE),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY *pkey = NULL;

	need(ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) == 1,
	    pq_name);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* The key takes x over. */
static struct key *
make(EVP_PKEY *pq, struct key *x)
{
	struct key *k = key_new(KEY_XWING, pq);
	size_t n = PQ_PUBLIC_SIZE;

	need(EVP_PKEY_get_raw_public_key(pq, buf_more(&k->oct, n), &n) == 1,
	    "raw public key");
	key_to_raw(x, &k->oct, NULL);
	k->x = x;
	k->secret = key_private(x);
	k->bits = 8 * XWING_PUBLIC_SIZE;
	return k;
}

int
xwing_from_public(struct slice bytes, struct key **out, struct err *e)
{
	EVP_PKEY *pq;
	struct key *x;

	if (check(bytes, XWING_PUBLIC_SIZE, e) < 0)
		return -1;
	if ((pq = pq_public(bytes)) == NULL) {
		ERR_clear_error();
		return err_set(e, E_INPUT, "key: no key of %s", pq_name);
	}
	if (key_from_raw(KEY_X25519, slice_from(bytes, PQ_PUBLIC_SIZE), none,
	    &x, e) < 0) {
		EVP_PKEY_free(pq);
		return -1;
	}
	*out = make(pq, x);
	return 0;
}

static void
shake256(struct slice in, uint8_t *out, size_t n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	need(ctx != NULL && EVP_DigestInit_ex2(ctx, EVP_shake256(), NULL) ==
	    1 && EVP_DigestUpdate(ctx, in.p, in.n) == 1 &&
	    EVP_DigestFinalXOF(ctx, out, n) == 1, "SHAKE256");
	EVP_MD_CTX_free(ctx);
}

int
xwing_from_seed(struct slice seed, struct key **out, struct err *e)
{
	struct buf both = {0};
	struct key *x;
	int ret;

	if (check(seed, XWING_SEED_SIZE, e) < 0)
		return -1;
	shake256(seed, buf_more(&both, PQ_SEED_SIZE + KEY_RAW_SIZE),
	    PQ_SEED_SIZE + KEY_RAW_SIZE);
	ret = key_from_raw(KEY_X25519, none, slice_from(slice_buf(&both),
	    PQ_SEED_SIZE), &x, e);
	if (ret == 0)
		*out = make(pq_private(slice_buf(&both)), x);
	buf_free(&both);
	return ret;
}

/* Append the one secret that the two make, with what X25519's was made of:
 * ML-KEM's holds its share by itself. */
static int
combine(const struct key *mine, const struct key *other, struct slice pq,
    const struct key *share, const struct key *to, struct buf *out,
    struct err *e)
{
	struct buf b = {0};
	int ret;

	buf_add(&b, pq);
	if ((ret = agree_secret(mine, other, &b, e)) == 0) {
		key_to_raw(share, &b, NULL);
		key_to_raw(to, &b, NULL);
		buf_adds(&b, label);
		need(EVP_Digest(b.p, b.n, buf_more(out, XWING_SECRET_SIZE),
		    NULL, EVP_sha3_256(), NULL) == 1, "SHA3-256");
	} else {
		(void)err_set(e, E_INPUT, "a point of low order");
	}
	buf_free(&b);
	return ret;
}

int
xwing_seal(const struct key *to, struct buf *share, struct buf *secret,
    struct err *e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, to->pkey, NULL);
	size_t n = PQ_SHARE_SIZE, z = XWING_SECRET_SIZE;
	struct buf both = {0}, pq = {0};
	struct key *mine;
	int ret;

	need(ctx != NULL && to->type == KEY_XWING &&
	    EVP_PKEY_encapsulate_init(ctx, NULL) == 1 &&
	    EVP_PKEY_encapsulate(ctx, buf_more(&both, n), &n, buf_more(&pq,
	    z), &z) == 1, pq_name);
	EVP_PKEY_CTX_free(ctx);
	agree_generate(to->x, &mine);
	key_to_raw(mine, &both, NULL);
	ret = combine(mine, to->x, slice_buf(&pq), mine, to->x, secret, e);
	if (ret == 0)
		buf_add(share, slice_buf(&both));
	key_free(mine);
	buf_free(&both);
	buf_free(&pq);
	return ret;
}

int
xwing_open(const struct key *key, struct slice share, struct buf *secret,
    struct err *e)
{
	EVP_PKEY_CTX *ctx;
	size_t z = XWING_SECRET_SIZE;
	struct buf pq = {0};
	struct key *other;
	int ret;

	if (share.n != XWING_SHARE_SIZE)
		return err_set(e, E_INPUT, "%zu bytes where %d belong",
		    share.n, XWING_SHARE_SIZE);
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
	need(ctx != NULL && key->type == KEY_XWING && key->secret &&
	    EVP_PKEY_decapsulate_init(ctx, NULL) == 1 &&
	    EVP_PKEY_decapsulate(ctx, buf_more(&pq, z), &z, share.p,
	    PQ_SHARE_SIZE) == 1, pq_name);
	EVP_PKEY_CTX_free(ctx);
	ret = key_from_raw(KEY_X25519, slice_from(share, PQ_SHARE_SIZE), none,
	    &other, e);
	if (ret == 0) {
		ret = combine(key->x, other, slice_buf(&pq), other, key->x,
		    secret, e);
		key_free(other);
	}
	buf_free(&pq);
	return ret;
}
