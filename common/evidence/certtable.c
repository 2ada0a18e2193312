/* certtable.c -- see certtable.h. */
#include "evidence/certtable.h"

#include "codec/b64.h"
#include "codec/bytes.h"

enum {
	GUID = 16,		/* bytes, as the text of RFC 4122 has them */
	ENTRY = 24,		/* GUID, offset, length */
	ENTRIES_MAX = 64,
	PEM_LINE = 48,		/* bytes that make a line of 64 characters */
};

enum { VCEK, VLEK, ASK, ARK, CRL, KINDS };

static const uint8_t guids[KINDS][GUID] = {
	[VCEK] = {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
	    0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd},
	[VLEK] = {0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
	    0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1},
	[ASK] = {0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
	    0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82},
	[ARK] = {0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
	    0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae},
	[CRL] = {0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d,
	    0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea},
};

/* Where the directory ends, its empty entry included; 0 if it does not. */
static size_t
directory_end(struct slice table)
{
	size_t at;

	for (at = 0; at + ENTRY <= table.n && at < ENTRIES_MAX * ENTRY;
	    at += ENTRY)
		if (slice_zero(slice_of(table.p + at, ENTRY)))
			return at + ENTRY;
	return 0;
}

static int
kind(const uint8_t guid[GUID])
{
	int i;

	for (i = 0; i < KINDS; i++)
		if (memcmp(guid, guids[i], GUID) == 0)
			break;
	return i;
}

bool
certtable_is(struct slice s)
{
	size_t at, end = directory_end(s);

	for (at = 0; at + ENTRY < end; at += ENTRY)
		if (kind(s.p + at) < KINDS)
			return true;
	return false;
}

int
certtable_read(struct slice table, struct certtable *out, struct err *e)
{
	struct slice found[KINDS] = {{0}};
	size_t end, at, from, n;
	int i;

	*out = (struct certtable){0};
	if (slice_zero(table))
		return 0;
	if ((end = directory_end(table)) == 0)
		return err_set(e, E_INPUT, "certificate table: no end");
	for (at = 0; at + ENTRY < end; at += ENTRY) {
		from = le32(table.p + at + GUID);
		n = le32(table.p + at + GUID + 4);
		if (from < end || from > table.n || n > table.n - from)
			return err_set(e, E_INPUT, "certificate table: entry "
			    "%zu lies outside", at / ENTRY);
		if ((i = kind(table.p + at)) == KINDS)
			continue;
		if (found[i].p != NULL)
			return err_set(e, E_INPUT, "certificate table: entry "
			    "%zu is of a kind that was there", at / ENTRY);
		found[i] = slice_of(table.p + from, n);
	}
	*out = (struct certtable){found[VCEK], found[VLEK], found[ASK],
	    found[ARK], found[CRL]};
	return 0;
}

static void
put_pem(struct slice der, struct buf *out)
{
	size_t n;

	buf_adds(out, "-----BEGIN CERTIFICATE-----\n");
	for (; der.n > 0; der = slice_from(der, n)) {
		n = der.n < PEM_LINE ? der.n : PEM_LINE;
		b64_encode(slice_head(der, n), B64_STD | B64_PAD, out);
		buf_addc(out, '\n');
	}
	buf_adds(out, "-----END CERTIFICATE-----\n");
}

int
certtable_pem(const struct certtable *t, bool vlek, struct buf *out,
    struct err *e)
{
	struct slice leaf = vlek ? t->vlek : t->vcek;

	if (leaf.n == 0 || t->ask.n == 0 || t->ark.n == 0)
		return err_set(e, E_INPUT, "certificate table: no %s",
		    leaf.n == 0 ? vlek ? "VLEK" : "VCEK" : t->ask.n == 0 ?
		    "ASK" : "ARK");
	put_pem(leaf, out);
	put_pem(t->ask, out);
	put_pem(t->ark, out);
	return 0;
}
