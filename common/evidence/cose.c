/* cose.c -- see cose.h. */
#include "evidence/cose.h"

enum {
	TAG_SIGN1 = 18,		/* RFC 9052 section 2 */
	LABEL_ALG = 1,
	LABEL_CRIT = 2,
	LABEL_X5CHAIN = 33,	/* RFC 9360 section 2 */
	LABEL_X5T = 34,
	LABEL_RECEIPTS = 394,	/* draft-ietf-cose-merkle-tree-proofs */
	ALG_ES384 = -35,	/* RFC 9053 section 2.1 */
	ALG_PS384 = -38,	/* RFC 8230 section 2 */
	ALG_SHA256 = -16,	/* RFC 9054 section 2.2 */

	MAJOR_BYTES = 2, MAJOR_TEXT = 3, MAJOR_ARRAY = 4,
};

static int
read_alg(struct cose *c, struct err *e)
{
	int64_t alg;

	if (!cbor_int(cbor_get(c->header, LABEL_ALG), &alg))
		return err_set(e, E_INPUT, "cose: no algorithm in the "
		    "protected header");
	if (alg == ALG_PS384)
		c->alg = SIG_PS384;
	else if (alg == ALG_ES384)
		c->alg = SIG_ES384;
	else
		return err_set(e, E_INPUT, "cose: algorithm %lld, neither "
		    "PS384 (-38) nor ES384 (-35)", (long long)alg);
	if (cbor_has(cbor_get(c->header, LABEL_CRIT)))
		return err_set(e, E_INPUT, "cose: critical headers, none of "
		    "which is known");
	return 0;
}

static int
read_chain(struct cose *c, struct err *e)
{
	struct cbor_val chain = cbor_get(c->header, LABEL_X5CHAIN);
	struct slice der;
	size_t n, i;

	if (cbor_bytes(chain, &der))
		return certs_add_der(&c->chain, der, CERT_CHAIN_MAX, e);
	if (!cbor_array(chain, &n) || n == 0)
		return err_set(e, E_INPUT, "cose: no x5chain in the protected "
		    "header");
	for (i = 0; i < n; i++) {
		if (!cbor_bytes(cbor_at(chain, i), &der))
			return err_set(e, E_INPUT, "cose: x5chain: no bytes");
		if (certs_add_der(&c->chain, der, CERT_CHAIN_MAX, e) < 0)
			return err_in(e, "cose: x5chain");
	}
	return 0;
}

static int
check_x5t(const struct cose *c, struct err *e)
{
	struct cbor_val x5t = cbor_get(c->header, LABEL_X5T);
	uint8_t sum[SHA256_SIZE];
	struct slice hash;
	int64_t alg;

	if (!cbor_has(x5t))
		return 0;
	cert_sha256(c->chain.v[0], sum);
	if (!cbor_int(cbor_at(x5t, 0), &alg) || alg != ALG_SHA256 ||
	    !cbor_bytes(cbor_at(x5t, 1), &hash))
		return err_set(e, E_INPUT, "cose: x5t is no SHA-256");
	if (!slice_eq(hash, slice_of(sum, sizeof sum)))
		return err_set(e, E_INPUT, "cose: x5t is not the leaf's hash");
	return 0;
}

/* An array of byte strings. */
static void
count_receipts(struct cose *c, struct cbor_val unprotected)
{
	struct cbor_val list = cbor_get(unprotected, LABEL_RECEIPTS);
	struct slice receipt;
	size_t n, i;

	if (!cbor_has(list))
		return;
	if (!cbor_array(list, &n))
		n = 0;
	for (i = 0; i < n && cbor_bytes(cbor_at(list, i), &receipt) &&
	    receipt.n > 0; i++)
		;
	c->receipts_odd = n == 0 || i < n;
	c->receipts = c->receipts_odd ? 0 : n;
}

static int
take_apart(struct slice text, struct cose *c, struct err *e)
{
	struct cbor_val parts;
	size_t n;

	if (cbor_read(text, &c->doc, e) < 0)
		return err_in(e, "cose");
	parts = cbor_untag(cbor_root(c->doc), TAG_SIGN1);
	if (!cbor_array(parts, &n) || n != 4 ||
	    !cbor_bytes(cbor_at(parts, 0), &c->protected) ||
	    !cbor_map(cbor_at(parts, 1), &n) ||
	    !cbor_bytes(cbor_at(parts, 3), &c->signature))
		return err_set(e, E_INPUT, "cose: no COSE_Sign1 (tag 18, "
		    "array of four)");
	count_receipts(c, cbor_at(parts, 1));
	if (!cbor_bytes(cbor_at(parts, 2), &c->payload))
		return err_set(e, E_INPUT, "cose: the payload is detached");
	if (cbor_read(c->protected, &c->head, e) < 0)
		return err_in(e, "cose: protected header");
	c->header = cbor_root(c->head);
	if (!cbor_map(c->header, &n))
		return err_set(e, E_INPUT, "cose: protected header is no map");
	return 0;
}

int
cose_read(struct slice text, struct cose *out, struct err *e)
{
	struct cose c = {0};

	if (take_apart(text, &c, e) < 0 || read_alg(&c, e) < 0 ||
	    read_chain(&c, e) < 0 || check_x5t(&c, e) < 0) {
		cose_free(&c);
		return -1;
	}
	*out = c;
	return 0;
}

void
cose_free(struct cose *c)
{
	cbor_drop(c->doc);
	cbor_drop(c->head);
	certs_free(&c->chain);
	*c = (struct cose){0};
}

static void
put(struct buf *out, unsigned major, struct slice s)
{
	cbor_put_head(out, major, s.n);
	buf_add(out, s);
}

/* RFC 9052 section 4.4: what is signed is this array. */
int
cose_verify(const struct cose *c, struct err *e)
{
	struct buf signed_ = {0};
	struct key *key;
	int ret;

	if (cert_key(c->chain.v[0], &key, e) < 0)
		return -1;
	cbor_put_head(&signed_, MAJOR_ARRAY, 4);
	put(&signed_, MAJOR_TEXT, slice_str("Signature1"));
	put(&signed_, MAJOR_BYTES, c->protected);
	put(&signed_, MAJOR_BYTES, slice_str(""));
	put(&signed_, MAJOR_BYTES, c->payload);
	ret = key_verify(key, c->alg, slice_buf(&signed_), c->signature, e);
	buf_free(&signed_);
	key_free(key);
	return ret;
}
