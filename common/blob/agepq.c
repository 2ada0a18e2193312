/* agepq.c -- see age_in.h: the mlkem768x25519 stanza, which a quantum computer
 * does not open.  Its argument is HPKE's share, its body what HPKE made of the
 * file key. */
#include "blob/age_in.h"

#include "codec/b64.h"
#include "crypto/hpke.h"
#include "crypto/xwing.h"

static const char label[] = "age-encryption.org/mlkem768x25519";

/* Append the share. */
static int
take_share(const struct age_stanza *st, struct buf *share)
{
	struct err e;

	return b64_decode(st->args, B64_STD | B64_NOPAD, share, &e) < 0 ||
	    share->n != XWING_SHARE_SIZE ? -1 : 0;
}

int
age_pq_check(const struct age_stanza *st, struct err *e)
{
	struct buf share = {0}, body = {0};
	int ret;

	age_body(st, &body);
	if ((ret = take_share(st, &share)) < 0)
		(void)err_set(e, E_INPUT, "%s: not one argument, base64 of "
		    "%d bytes", AGE_PQ, XWING_SHARE_SIZE);
	else if (body.n != AGE_WRAPPED_SIZE)
		ret = err_set(e, E_INPUT, "%s: %zu bytes where %d belong",
		    AGE_PQ, body.n, AGE_WRAPPED_SIZE);
	buf_free(&share);
	buf_free(&body);
	return ret;
}

static int
open_one(const struct key *key, const struct age_stanza *st,
    struct buf *out, struct err *e)
{
	struct buf share = {0}, body = {0};
	int ret;

	(void)take_share(st, &share);
	age_body(st, &body);
	ret = hpke_open(key, slice_str(label), slice_buf(&share),
	    slice_buf(&body), out, e);
	if (ret < 0 && e->code == E_INPUT)
		(void)err_in(e, "%s", AGE_PQ);
	buf_free(&share);
	buf_free(&body);
	return ret;
}

/* They do not say whom they are for: all are tried. */
int
age_pq_open(const struct age_head *h, const struct key *key, struct buf *out,
    struct err *e)
{
	struct slice rest = h->stanzas;
	struct age_stanza st;

	while (age_stanza(&rest, &st)) {
		if (!slice_is(st.type, AGE_PQ))
			continue;
		if (open_one(key, &st, out, e) == 0)
			return 0;
		if (e->code != E_NO)
			return -1;
	}
	return age_refuse(h, e);
}

int
age_pq_seal(const struct key *key, struct slice file_key, struct buf *out,
    struct err *e)
{
	struct buf share = {0}, body = {0};
	int ret;

	ret = hpke_seal(key, slice_str(label), file_key, &share, &body, e);
	if (ret == 0) {
		buf_addf(out, "-> %s ", AGE_PQ);
		b64_encode(slice_buf(&share), B64_STD, out);
		buf_addc(out, '\n');
		age_put_body(slice_buf(&body), out);
	} else {
		(void)err_in(e, "%s", AGE_PQ);
	}
	buf_free(&share);
	buf_free(&body);
	return ret;
}
