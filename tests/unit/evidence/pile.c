/* A pile that is full. */
#include "evidence/pile.h"

#include "unit/cert_make.h"
#include "unit/tap.h"

int
main(void)
{
	struct make m = {.cn = "one", .key = EVP_EC_gen("P-256")};
	X509 *x = make_x509(&m);
	struct pile p = {0};
	struct buf pem = {0};
	struct err e = {.code = E_OK};

	make_text(x, true, &pem);
	CHECK(pile_add(&p, slice_buf(&pem), "a", &e) == 0 && p.certs.n == 1,
	    "one certificate");
	pile_free(&p);
	/* as many as there may be, as far as the count goes */
	p = (struct pile){.certs = {.n = PILE_CERTS_MAX}};
	CHECK(pile_add(&p, slice_buf(&pem), "a", &e) < 0 && e.code ==
	    E_INPUT && strstr(e.text, "more than 20000 certificates") != NULL
	    && p.certs.n == PILE_CERTS_MAX, "one more than a pile holds");
	buf_free(&pem);
	X509_free(x);
	EVP_PKEY_free(m.key);
	return tap_done();
}
