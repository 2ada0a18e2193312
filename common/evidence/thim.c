/* thim.c -- see thim.h. */
#include "evidence/thim.h"

#include "codec/b64.h"
#include "crypto/cert.h"
#include "ground/text.h"
#include "value/json.h"

enum { CHAIN = 3 };	/* certificates: leaf, ASK, ARK */

static int
from_json(struct slice text, struct buf *pem, struct err *e)
{
	struct json *json;
	struct json_val root;
	int ret = -1;

	if (json_parse(text, &json, e) < 0)
		return -1;
	root = json_root(json);
	if (json_text(json_get(root, "vcekCert"), "vcekCert", pem, e) == 0 &&
	    json_text(json_get(root, "certificateChain"), "certificateChain",
	    pem, e) == 0)
		ret = 0;
	json_free(json);
	return ret;
}

static int
from_base64(struct slice text, struct buf *pem, struct err *e)
{
	struct buf raw = {0};
	int ret = -1;

	if (b64_decode(text, B64_TEXT, &raw, e) < 0)
		(void)err_set(e, E_INPUT, "neither THIM JSON, its base64, "
		    "nor PEM");
	else
		ret = from_json(slice_buf(&raw), pem, e);
	buf_free(&raw);
	return ret;
}

/* The PEM text of any form, not looked into. */
static int
find(struct slice text, struct buf *pem, struct err *e)
{
	struct slice s = slice_trim(text);

	if (s.n == 0)
		return err_set(e, E_INPUT, "empty");
	if (text_no_bom(text, "certificates", e) < 0)
		return -1;
	if (s.p[0] == '{')
		return from_json(text, pem, e);
	if (!slice_starts(s, "-----BEGIN "))
		return from_base64(text, pem, e);
	buf_add(pem, text);
	return 0;
}

/* Reading them here finds what is no certificate before a service does. */
static int
both(struct slice text, struct buf *pem, struct certs *certs, struct err *e)
{
	int ret = find(text, pem, e);

	if (ret == 0)
		ret = certs_add_pem(certs, slice_buf(pem), CHAIN, e);
	if (ret == 0 && certs->n != CHAIN)
		ret = err_set(e, E_INPUT, "%zu certificates instead of "
		    "three: leaf, ASK, ARK", certs->n);
	return ret == 0 ? 0 : err_in(e, "certificates");
}

int
thim_pem(struct slice text, struct buf *out, struct err *e)
{
	struct certs certs = {0};
	struct buf pem = {0};
	int ret;

	if ((ret = both(text, &pem, &certs, e)) == 0)
		buf_add(out, slice_buf(&pem));
	certs_free(&certs);
	buf_free(&pem);
	return ret;
}

int
thim_certs(struct slice text, struct certs *out, struct err *e)
{
	struct certs certs = {0};
	struct buf pem = {0};
	int ret;

	if ((ret = both(text, &pem, &certs, e)) == 0)
		*out = certs;
	else
		certs_free(&certs);
	buf_free(&pem);
	return ret;
}

void
thim_tcbm(struct slice text, struct buf *out)
{
	struct slice s = slice_trim(text);
	struct json *json = NULL;
	struct buf raw = {0};
	struct err ignored;

	if (s.n > 0 && s.p[0] != '{') {
		/* which PEM is not: then there is nothing to parse */
		(void)b64_decode(s, B64_TEXT, &raw, &ignored);
		s = slice_buf(&raw);
	}
	if (json_parse(s, &json, &ignored) == 0) {
		(void)json_text(json_get(json_root(json), "tcbm"), "tcbm", out,
		    &ignored);
		json_free(json);
	}
	buf_free(&raw);
}
