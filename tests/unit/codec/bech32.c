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
	return tap_done();
}
