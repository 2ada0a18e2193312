/* What AMD writes into a leaf, malformed in one way each. */
#include "evidence/vcek.h"

#include "unit/cert_make.h"
#include "unit/tap.h"

#define AMD "1.3.6.1.4.1.3704.1."
#define MILAN "DER:16054d696c616e"	/* an IA5String */

int
main(void)
{
	static const struct {
		const char *ext[10], *says;	/* NULL: it is read */
	} rows[] = {
		{{AMD "2", MILAN, AMD "4", "DER:0102030405060708"}, NULL},
		{{AMD "2", MILAN, AMD "4", "DER:04080102030405060708"}, NULL},
		{{AMD "2", MILAN, AMD "5", "DER:160161"}, NULL},
		{{AMD "4", "DER:0102030405060708"}, "no product name"},
		{{AMD "2", "DER:0c054d696c616e"}, "product name: malformed"},
		{{AMD "2", "DER:16064d696c616e"}, "product name: malformed"},
		{{AMD "2", MILAN, AMD "4", "DER:01020304050607"},
		    "chip id: 7 bytes"},
		{{AMD "2", MILAN, AMD "4", "DER:0407010203040506ff"},
		    "chip id: 7 bytes"},
		{{AMD "2", MILAN, AMD "4", "DER:010203040506070809"},
		    "chip id: 9 bytes"},
		{{AMD "2", MILAN, AMD "5", "DER:0c0161"},
		    "provider's name: malformed"},
		{{AMD "2", MILAN, AMD "3.1", "DER:02020100"},
		    "extension " AMD "3.1: no number from 0 to 255"},
		{{AMD "2", MILAN, AMD "3.4", "DER:020101"},
		    "extension " AMD "3.4: 1 where only 0 is known"},
	};
	struct make m = {.cn = "SEV-VCEK", .key = EVP_EC_gen("P-384")};
	struct certs certs = {0};
	struct vcek v;
	struct err e;
	X509 *x;
	size_t i;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		memcpy(m.ext, rows[i].ext, sizeof m.ext);
		x = make_x509(&m);
		e = (struct err){.code = E_OK};
		ret = make_add(x, &certs) ? vcek_read(certs.v[0], &v, &e) : 1;
		CHECK(rows[i].says == NULL ? ret == 0 : ret < 0 &&
		    e.code == E_INPUT && strcmp(e.text, rows[i].says) == 0,
		    "%zu %s: %s", i, rows[i].ext[3], e.text);
		certs_free(&certs);
		X509_free(x);
	}
	EVP_PKEY_free(m.key);
	return tap_done();
}
