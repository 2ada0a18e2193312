/* cert -- certificates as DER, PEM or a bundle, or a CRL.  What is read is
 * kept byte for byte, and whatever it says can be asked for. */
#include <stdlib.h>

#include "crypto/cert.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What the seeds' time is near to. */
enum { AT = 1800000000 };

static void
ask(const struct cert *c)
{
	uint8_t sum[SHA256_SIZE];
	struct buf b = {0};
	struct key *k;
	struct err e;

	cert_subject_cn(c, &b);
	cert_issuer_cn(c, &b);
	(void)cert_extension(c, "2.5.29.17", &b);
	(void)cert_has_eku(c, "1.3.6.1.5.5.7.3.1");
	if (cert_subject_is(c, "2.5.4.3", slice_str("none")) &&
	    !slice_is(slice_head(slice_buf(&b), 4), "none"))
		abort();
	(void)cert_has_name(c, CERT_DNS, slice_str("a.example"));
	(void)cert_has_name(c, CERT_URI, slice_str("https://a.example"));
	(void)cert_is_ca(c);
	if (cert_pathlen(c) < -1)
		abort();
	(void)cert_pss_sha384(c);
	cert_spki_sha256(c, sum);
	if (cert_valid_at(c, AT, &e) < 0 && e.code != E_NO)
		abort();
	if (cert_key(c, &k, &e) == 0)
		key_free(k);
	else if (e.code != E_INPUT)
		abort();
	buf_free(&b);
}

static void
check(const struct certs *all)
{
	struct certs one = {0};
	struct err e;
	size_t i;

	for (i = 0; i < all->n; i++) {
		ask(all->v[i]);
		(void)cert_signed_by(all->v[i], all->v[0], &e);
		if (certs_add_der(&one, cert_der(all->v[i]), 1, &e) < 0 ||
		    !slice_eq(cert_der(one.v[0]), cert_der(all->v[i])))
			abort();
		certs_free(&one);
	}
	(void)cert_chain_verify(all, all, AT, "a.example", &e);
}

/* A bundle is good for one thing. */
static void
bundle(const struct certs *roots)
{
	struct certs one = {0};
	struct err e = {.code = E_OK};

	if (certs_add_der(&one, cert_der(roots->v[0]), 1, &e) == 0 &&
	    cert_chain_verify(&one, roots, AT, "a.example", &e) < 0 &&
	    e.code != E_NO && e.code != E_INPUT)
		abort();
	certs_free(&one);
}

/* A certificate's length in two bytes, the certificate, a CRL. */
static void
crl(struct slice text)
{
	size_t n = (size_t)text.p[0] << 8 | text.p[1];
	struct certs issuer = {0};
	struct err e;

	text = slice_from(text, 2);
	if (certs_add_der(&issuer, slice_head(text, n), 1, &e) < 0)
		return;
	if (cert_crl_check(slice_from(text, n), issuer.v[0], &issuer, AT,
	    &e) < 0 && e.code != E_INPUT && e.code != E_NO)
		abort();
	certs_free(&issuer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	struct certs c = {0};
	struct err e;

	if (size > 16 << 10)
		return 0;
	if (certs_add_der(&c, text, 4, &e) == 0 ||
	    certs_add_pem(&c, text, 4, &e) == 0)
		check(&c);
	else if (certs_add_bundle(&c, text, &e) == 0)
		bundle(&c);
	else if (c.n != 0 || e.code != E_INPUT)
		abort();
	certs_free(&c);
	if (size > 2)
		crl(text);
	return 0;
}
