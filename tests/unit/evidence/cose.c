/* COSE_Sign1 documents and an endorsement's claims, each rule broken alone. */
#include "evidence/uvm.h"

#include "unit/cert_make.h"
#include "unit/tap.h"

static struct buf der;	/* a certificate */

enum { BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6 };

static void
put_string(struct buf *out, unsigned major, struct slice s)
{
	cbor_put_head(out, major, s.n);
	buf_add(out, s);
}

/* Append what stands in spec: a digit is a number, m and a maps and arrays of
 * as many as the digit behind them, C the
 * certificate, A PS384, H SHA-384, L and X the labels of the claims and the
 * chain, P that of a payload's hash, t a text. */
static void
build(const char *spec, struct buf *out)
{
	for (; *spec != '\0'; spec++)
		switch (*spec) {
		case 'm':
			cbor_put_head(out, MAP, (uint64_t)(*++spec - '0'));
			break;
		case 'a':
			cbor_put_head(out, ARRAY, (uint64_t)(*++spec - '0'));
			break;
		case 'C':
			put_string(out, BYTES, slice_buf(&der));
			break;
		case 'A':
			cbor_put_head(out, 1, 37);	/* -38 */
			break;
		case 'H':
			cbor_put_head(out, 1, 42);	/* -43 */
			break;
		case 'L':
			cbor_put_head(out, 0, 15);
			break;
		case 'X':
			cbor_put_head(out, 0, 33);
			break;
		case 'P':
			cbor_put_head(out, 0, 258);
			break;
		case 't':
			put_string(out, TEXT, slice_str("text"));
			break;
		default:
			cbor_put_head(out, 0, (uint64_t)(*spec - '0'));
		}
}

/* A document whose protected header is that; of zeros as its payload. */
static void
document(const char *header, struct buf *out)
{
	static const uint8_t zeros[SNP_MEASUREMENT_SIZE];
	struct buf head = {0};

	build(header, &head);
	buf_cut(out, 0);
	cbor_put_head(out, TAG, 18);
	cbor_put_head(out, ARRAY, 4);
	put_string(out, BYTES, slice_buf(&head));
	cbor_put_head(out, MAP, 0);
	put_string(out, BYTES, slice_of(zeros, sizeof zeros));
	put_string(out, BYTES, slice_str("signature"));
	buf_free(&head);
}

/* What the reading says of a document: 0, or the class. */
static int
reads(struct slice text, bool claims, struct err *e)
{
	struct cose c = {0};
	struct uvm u = {0};
	int ret;

	*e = (struct err){.code = E_OK};
	ret = claims ? uvm_read(text, &u, e) : cose_read(text, &c, e);
	uvm_free(&u);
	cose_free(&c);
	return ret == 0 ? 0 : (int)e->code;
}

int
main(void)
{
	static const struct {
		const char *header;
		bool claims;	/* read as an endorsement */
		const char *says;	/* NULL: it is read */
	} rows[] = {
		{"m21AXC", false, NULL},
		{"m21AXa2CC", false, NULL},
		{"m31A2a11XC", false, "cose: critical headers, none of which "
		    "is known"},
		{"m31A2a0XC", false, "cose: critical headers, none of which "
		    "is known"},
		{"m21AXa2C5", false, "cose: x5chain: no bytes"},
		{"m1XC", false, "cose: no algorithm in the protected header"},
		{"a0", false, "cose: protected header is no map"},
		{"1", false, "cose: protected header is no map"},
		{"m41AXCPHLm21t2t", true, NULL},
		{"m41AXCPHLm12t", true, "endorsement: no issuer, or no "
		    "subject"},
		{"m41AXCPHLm11t", true, "endorsement: no issuer, or no "
		    "subject"},
		{"m41AXCPHLm2112t", true, "endorsement: no issuer, or no "
		    "subject"},
		{"m41AXCPHLm21t22", true, "endorsement: no issuer, or no "
		    "subject"},
		{"m41AXCPHL1", true, "endorsement: no issuer, or no "
		    "subject"},
	};
	struct make m = {.cn = "signer", .key = EVP_EC_gen("P-384")};
	X509 *x = make_x509(&m);
	struct buf text = {0};
	struct err e;
	size_t i;
	int got;

	make_text(x, false, &der);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		document(rows[i].header, &text);
		got = reads(slice_buf(&text), rows[i].claims, &e);
		CHECK(rows[i].says == NULL ? got == 0 : got == E_INPUT &&
		    strcmp(e.text, rows[i].says) == 0, "%s: %s",
		    rows[i].header, e.text);
	}
	buf_free(&text);
	buf_free(&der);
	X509_free(x);
	EVP_PKEY_free(m.key);
	return tap_done();
}
