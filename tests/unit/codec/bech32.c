/* Bech32: keys that age-keygen wrote, and every character of them changed. */
#include "codec/bech32.h"

#include "codec/hex.h"
#include "unit/tap.h"

static const char public[] =
    "age1nmhjds438km522eftc02gclv8ez03a46cwawn48kj7v0vvnwxe0s"
    "53h4l8";
static const char public_hex[] =
    "9eef26c2b13db7452b295e1ea463ec3e44f8f6bac3bae9d4f69798f6"
    "326e365f";
static const char secret[] =
    "AGE-SECRET-KEY-15CSUHQTJVWW5XACTFLD8H2THP9Y6FKDFPR5ZZ23M"
    "ECU72FNK8DNQLJCDRM";
static const char secret_hex[] =
    "a621cb8172639d43770b4fda7ba9770949a4d9a908e8212a3bce39e5"
    "26763b66";

static void
sweep(const char *text, const char *name)
{
	static const char set[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	    "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L1bio -\n";
	struct buf copy = {0}, out = {0};
	size_t i, k, n = strlen(text), taken = 0, cut = 0;
	struct err e;

	buf_adds(&copy, text);
	for (i = 0; i < n; i++) {
		for (k = 0; k < sizeof set - 1; k++) {
			copy.p[i] = (uint8_t)set[k];
			taken += set[k] != text[i] && bech32_decode(
			    slice_buf(&copy), name, &out, &e) == 0;
		}
		copy.p[i] = (uint8_t)text[i];
		cut += bech32_decode(slice_head(slice_buf(&copy), i), name,
		    &out, &e) == 0;
	}
	CHECK(taken == 0, "  every character changed is refused");
	CHECK(cut == 0, "  and every one that is cut");
	CHECK(out.n == 0, "  without output");
	buf_free(&copy);
	buf_free(&out);
}

static void
reads(const char *text, const char *name, const char *want)
{
	struct buf out = {0}, hex = {0};
	struct err e = {.code = E_OK};

	CHECK(bech32_decode(slice_str(text), name, &out, &e) == 0, "%s1", name);
	hex_encode(slice_buf(&out), &hex);
	CHECK(slice_is(slice_buf(&hex), want), "  its bytes");
	buf_free(&out);
	buf_free(&hex);
	sweep(text, name);
}

/* The checksum is right, and behind the byte stand a letter too many, or bits
 * that are not zero; or there is no whole byte. */
static void
left_over(void)
{
	static const struct {
		const char *text, *says;	/* NULL: one byte */
	} rows[] = {
		{"age1ryla47ky", NULL},
		{"age1ryqhe9j02", "bech32: bits left over"},
		{"age1r9ztpttk", "bech32: bits left over"},
		{"age1rr7yzwk", "bech32: bits left over"},
	};
	struct buf out = {0};
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		e = (struct err){.code = E_OK};
		ret = bech32_decode(slice_str(rows[i].text), "age", &out, &e);
		CHECK(rows[i].says == NULL ? ret == 0 && out.n == 1 :
		    ret < 0 && e.code == E_INPUT && out.n == 0 &&
		    strcmp(e.text, rows[i].says) == 0, "%s: %s",
		    rows[i].text, e.text);
		buf_cut(&out, 0);
	}
	buf_free(&out);
}

int
main(void)
{
	struct buf out = {0};
	struct err e;

	reads(public, "age", public_hex);
	reads(secret, "AGE-SECRET-KEY-", secret_hex);
	/* right but for its name, and for its case */
	CHECK(bech32_decode(slice_str(public), "agd", &out, &e) < 0,
	    "another name");
	CHECK(bech32_decode(slice_str(secret), "age-secret-key-", &out,
	    &e) < 0, "another case");
	left_over();
	return tap_done();
}
