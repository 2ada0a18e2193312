/* uvm.c -- see uvm.h. */
#include "evidence/uvm.h"

#include "codec/hex.h"
#include "evidence/didx509.h"
#include "value/json.h"

enum {
	TAG_EPOCH = 1,		/* RFC 8949 section 3.4.2 */
	LABEL_CWT = 15,		/* RFC 9597 */
	CWT_ISS = 1, CWT_SUB = 2, CWT_IAT = 6,	/* RFC 8392 section 4 */
	LABEL_PAYLOAD_HASH = 258, /* the payload is a digest */
	ALG_SHA384 = -43,	/* RFC 9054 section 2.2 */
};

/* Root: Microsoft Supply Chain RSA Root CA 2022. */
#define MS "did:x509:0:sha256:I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s"

static const struct {
	const char *who, *issuer, *feed;
} endorsers[] = {
	{"Azure container groups", MS "::eku:1.3.6.1.4.1.311.76.59.1.2",
	    "ContainerPlat-AMD-UVM"},
	{"AKS", MS "::eku:1.3.6.1.4.1.311.76.59.1.5", "ConfAKS-AMD-UVM"},
};

static bool
read_time(struct cbor_val v, struct uvm *u)
{
	struct cbor_val tagged = cbor_untag(v, TAG_EPOCH);

	if (!cbor_has(v))
		return true;
	u->has_time = true;
	return cbor_int(cbor_has(tagged) ? tagged : v, &u->signed_at);
}

/* An SVN as a number or as decimal digits; false for anything else. */
static bool
decimal(struct slice s, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		v = v * 10 + (s.p[i] - '0');
	*out = v;
	return s.n > 0 && s.n <= 18 && i == s.n;
}

static int
take_svn(struct uvm *u, bool good, uint64_t svn, struct err *e)
{
	if (!good)
		return err_set(e, E_INPUT, "endorsement: its SVN is no "
		    "number");
	if (u->has_svn && u->svn != svn)
		return err_set(e, E_INPUT, "endorsement: two SVNs that "
		    "differ");
	u->has_svn = true;
	u->svn = svn;
	return 0;
}

static int
json_svn(struct json_val v, struct uvm *u, struct err *e)
{
	struct buf text = {0};
	uint64_t svn = 0;
	int64_t n;
	bool good = false;
	int ret;

	if (!json_has(v))
		return 0;
	if (json_int(v, &n) && n >= 0) {
		svn = (uint64_t)n;
		good = true;
	} else if (json_text(v, "svn", &text, e) == 0) {
		good = decimal(slice_buf(&text), &svn);
	}
	buf_free(&text);
	ret = take_svn(u, good, svn, e);
	return ret;
}

static int
json_payload(struct uvm *u, struct err *e)
{
	struct buf hex = {0};
	struct json_val root;
	struct json *json;
	int ret = -1;

	if (json_parse(u->cose.payload, &json, e) < 0)
		return err_in(e, "endorsement");
	root = json_root(json);
	if (json_text(json_get(root, "x-ms-sevsnpvm-launchmeasurement"),
	    "x-ms-sevsnpvm-launchmeasurement", &hex, e) < 0 ||
	    hex_exact(slice_buf(&hex), u->measurement,
	    sizeof u->measurement, e) < 0)
		(void)err_in(e, "endorsement: measurement");
	else if (json_svn(json_get(root, "x-ms-sevsnpvm-guestsvn"), u,
	    e) == 0 && json_svn(json_get(root,
	    "x-ms-sevsnpvm-guestsvn-int"), u, e) == 0)
		ret = 0;
	buf_free(&hex);
	json_free(json);
	return ret;
}

/* A hash envelope: the payload is the digest itself. */
static int
raw_payload(struct uvm *u, struct err *e)
{
	int64_t alg;

	if (!cbor_int(cbor_get(u->cose.header, LABEL_PAYLOAD_HASH), &alg) ||
	    alg != ALG_SHA384 || u->cose.payload.n != sizeof u->measurement)
		return err_set(e, E_INPUT, "endorsement: the payload is no "
		    "launch measurement");
	memcpy(u->measurement, u->cose.payload.p, sizeof u->measurement);
	return 0;
}

static int
cwt_claims(struct cbor_val cwt, struct uvm *u, struct err *e)
{
	struct cbor_val svn = cbor_get_text(cwt, "svn");
	struct slice text;
	uint64_t value = 0;
	int64_t n;
	bool good = false;

	if (!cbor_text(cbor_get(cwt, CWT_ISS), &u->issuer) ||
	    !cbor_text(cbor_get(cwt, CWT_SUB), &u->feed))
		return err_set(e, E_INPUT, "endorsement: no issuer, or no "
		    "subject");
	if (!read_time(cbor_get(cwt, CWT_IAT), u))
		return err_set(e, E_INPUT, "endorsement: no time of signing");
	if (!cbor_has(svn))
		return 0;
	if (cbor_int(svn, &n) && n >= 0) {
		value = (uint64_t)n;
		good = true;
	} else if (cbor_text(svn, &text)) {
		good = decimal(text, &value);
	}
	return take_svn(u, good, value, e);
}

/* A header of its own beside the claims says the same, or which counts would
 * be open. */
static int
check_other(const struct uvm *u, const char *name, struct slice want,
    struct err *e)
{
	struct cbor_val v = cbor_get_text(u->cose.header, name);
	struct slice is;

	if (!cbor_has(v) || (cbor_text(v, &is) && slice_eq(is, want)))
		return 0;
	return err_set(e, E_INPUT, "endorsement: %s is there twice, and "
	    "differs", name);
}

static int
read_claims(struct uvm *u, struct err *e)
{
	struct cbor_val head = u->cose.header, cwt = cbor_get(head, LABEL_CWT);

	if (cbor_has(cwt)) {
		if (cwt_claims(cwt, u, e) < 0 ||
		    check_other(u, "iss", u->issuer, e) < 0)
			return -1;
		return check_other(u, "feed", u->feed, e);
	}
	if (!cbor_text(cbor_get_text(head, "iss"), &u->issuer) ||
	    !cbor_text(cbor_get_text(head, "feed"), &u->feed))
		return err_set(e, E_INPUT, "endorsement: no issuer, or no "
		    "feed");
	if (!read_time(cbor_get_text(head, "signingtime"), u))
		return err_set(e, E_INPUT, "endorsement: no time of signing");
	return 0;
}

int
uvm_read(struct slice text, struct uvm *out, struct err *e)
{
	struct uvm u = {0};
	bool raw;

	if (cose_read(text, &u.cose, e) < 0)
		return err_in(e, "endorsement");
	raw = cbor_has(cbor_get(u.cose.header, LABEL_PAYLOAD_HASH));
	if (read_claims(&u, e) < 0 || (raw ? raw_payload(&u, e) :
	    json_payload(&u, e)) < 0) {
		uvm_free(&u);
		return -1;
	}
	*out = u;
	return 0;
}

void
uvm_free(struct uvm *u)
{
	cose_free(&u->cose);
	*u = (struct uvm){0};
}

static int
check_issuer(const struct uvm *u, const char *issuer, const char *feed,
    const char **who, struct err *e)
{
	size_t i;

	if (issuer != NULL) {
		*who = "the given issuer";
		if (slice_is(u->issuer, issuer) && slice_is(u->feed, feed))
			return 0;
	}
	for (i = 0; issuer == NULL &&
	    i < sizeof endorsers / sizeof *endorsers; i++)
		if (slice_is(u->issuer, endorsers[i].issuer) &&
		    slice_is(u->feed, endorsers[i].feed)) {
			*who = endorsers[i].who;
			return 0;
		}
	return err_set(e, E_NO, "issuer %.*s with feed %.*s is none that "
	    "endorses", (int)u->issuer.n, (const char *)u->issuer.p,
	    (int)u->feed.n, (const char *)u->feed.p);
}

int
uvm_prove(const struct uvm *u, const char *issuer, const char *feed,
    const char **who, struct err *e)
{
	const char *whose;

	if (check_issuer(u, issuer, feed, &whose, e) < 0)
		return -1;
	if (!u->has_time)
		return err_set(e, E_NO, "it does not say when it was signed");
	if (didx509_resolve(u->issuer, &u->cose.chain, u->signed_at, e) < 0 ||
	    cose_verify(&u->cose, e) < 0)
		return -1;
	if (who != NULL)
		*who = whose;
	return 0;
}
