/* bech32.c -- see bech32.h. */
#include "codec/bech32.h"

enum { CHECK = 6 };	/* characters of the checksum */

static const char letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t
step(uint32_t sum, unsigned value)
{
	static const uint32_t generator[] = {
		0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3,
	};
	uint32_t top = sum >> 25;
	unsigned i;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (i = 0; i < 5; i++)
		if ((top >> i & 1) != 0)
			sum ^= generator[i];
	return sum;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
}

static uint32_t
of_name(struct slice name)
{
	uint32_t sum = 1;
	size_t i;

	for (i = 0; i < name.n; i++)
		sum = step(sum, lower(name.p[i]) >> 5);
	sum = step(sum, 0);
	for (i = 0; i < name.n; i++)
		sum = step(sum, lower(name.p[i]) & 31);
	return sum;
}

/* -1 if it is no letter in that case. */
static int
value_of(uint8_t c, bool upper)
{
	const char *at;

	if (c == 0 || (upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z'))
		return -1;
	at = strchr(letters, lower(c));
	return at == NULL ? -1 : (int)(at - letters);
}

static bool
is_upper(struct slice name)
{
	return name.n > 0 && name.p[0] >= 'A' && name.p[0] <= 'Z';
}

/* data, with its checksum, is what follows the name and the 1. */
static int
decode(struct slice data, uint32_t sum, bool upper, struct buf *out,
    struct err *e)
{
	unsigned bits = 0, have = 0;
	size_t i;
	int v;

	for (i = 0; i < data.n; i++) {
		if ((v = value_of(data.p[i], upper)) < 0)
			return err_set(e, E_INPUT,
			    "bech32: character %zu is none of its letters",
			    i + 1);
		sum = step(sum, (unsigned)v);
		if (i + CHECK >= data.n)
			continue;
		bits = (bits << 5 | (unsigned)v) & 0xfff;
		if ((have += 5) >= 8)
			buf_addc(out, (uint8_t)(bits >> (have -= 8)));
	}
	if (sum != 1)
		return err_set(e, E_INPUT, "bech32: the checksum is wrong: "
		    "there is a typing error in it");
	if (have >= 5 || (bits & ((1U << have) - 1)) != 0)
		return err_set(e, E_INPUT, "bech32: bits left over");
	return 0;
}

int
bech32_decode(struct slice s, const char *name, struct buf *out,
    struct err *e)
{
	struct slice n = slice_str(name);
	size_t was = out->n;

	if (!slice_starts(s, name) || s.n < n.n + 1 + CHECK ||
	    s.p[n.n] != '1')
		return err_set(e, E_INPUT, "bech32: not %s1 and what belongs "
		    "to it", name);
	if (decode(slice_from(s, n.n + 1), of_name(n), is_upper(n), out,
	    e) == 0)
		return 0;
	buf_cut(out, was);
	return -1;
}
