/* A pile that is full, and AMD's own in one. */
#include "evidence/pile.h"

#include "unit/cert_make.h"
#include "unit/tap.h"

/* A pile of one that names this issuer, itself, holds n with AMD's. */
static void
named(struct make m, const char *issuer, size_t n)
{
	X509 *x;
	struct pile p = {0};
	struct buf pem = {0};
	struct err e = {.code = E_OK};

	m.cn = issuer;
	x = make_x509(&m);
	make_text(x, true, &pem);
	(void)pile_add(&p, slice_buf(&pem), "a", &e);
	pile_add_own(&p);
	CHECK(p.certs.n == n, "named: %s", issuer);
	pile_free(&p);
	buf_free(&pem);
	X509_free(x);
}

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
	pile_add_own(&p);
	CHECK(p.certs.n == 1, "it names none of AMD's");
	pile_free(&p);
	pile_add_own(&p);
	CHECK(p.certs.n == 9, "all of AMD's for what is to come");
	pile_free(&p);
	named(m, "SEV-VLEK-Genoa", 3);
	named(m, "SEV-Turin", 3);
	named(m, "ARK-Milan", 2);
	named(m, "SEV-Naples", 1);
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
