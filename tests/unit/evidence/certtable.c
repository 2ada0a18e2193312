/* certtable.c -- the host's certificate table, and hostile ones. */
#include "evidence/certtable.h"

#include "codec/bytes.h"
#include "unit/tap.h"

enum { ENTRY = 24, ROOM = 512 };

static const uint8_t vcek[16] = {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45,
    0x64, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd};
static const uint8_t ask[16] = {0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f,
    0xe4, 0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82};
static const uint8_t ark[16] = {0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49,
    0x52, 0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae};

static uint8_t table[ROOM];

static void
entry(size_t i, const uint8_t *guid, uint32_t at, uint32_t n)
{
	memcpy(table + i * ENTRY, guid, 16);
	put_le32(table + i * ENTRY + 16, at);
	put_le32(table + i * ENTRY + 20, n);
}

/* Three entries and something for them to point at. */
static void
make(void)
{
	size_t i;

	memset(table, 0, sizeof table);
	for (i = 4 * ENTRY; i < ROOM; i++)
		table[i] = (uint8_t)i;
	entry(0, vcek, 96, 100);
	entry(1, ask, 196, 50);
	entry(2, ark, 246, 1);
}

static int
reads(size_t n)
{
	struct certtable t;
	struct err e;

	return certtable_read(slice_of(table, n), &t, &e) == 0 ? 0 :
	    (int)e.code;
}

static void
good(void)
{
	struct certtable t;
	struct buf pem = {0};
	struct err e;

	CHECK(certtable_read(slice_of(table, ROOM), &t, &e) == 0, "read");
	CHECK(t.vcek.p == table + 96 && t.vcek.n == 100 && t.ask.n == 50 &&
	    t.ark.n == 1, "its entries");
	CHECK(t.vlek.n == 0 && t.crl.n == 0, "nothing else");
	CHECK(certtable_pem(&t, false, &pem, &e) == 0 && slice_starts(
	    slice_buf(&pem), "-----BEGIN CERTIFICATE-----\nYGFi"), "PEM");
	buf_cut(&pem, 0);
	CHECK(certtable_pem(&t, true, &pem, &e) < 0 && pem.n == 0,
	    "no VLEK in it");
	buf_free(&pem);
	memset(table, 0, sizeof table);
	CHECK(reads(ROOM) == 0, "all zeros is empty");
	CHECK(certtable_read(slice_of(table, 0), &t, &e) == 0 &&
	    t.vcek.n == 0, "and so is nothing");
}

static void
bad(void)
{
	static const struct {
		const char *name;
		uint32_t at, n;
	} rows[] = {
		{"in the directory", 95, 10},
		{"at its beginning", 0, 10},
		{"behind the end", ROOM + 1, 0},
		{"across the end", ROOM - 5, 6},
		{"length that wraps", 200, UINT32_MAX - 100},
		{"offset and length that wrap", UINT32_MAX, UINT32_MAX},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		make();
		entry(1, ask, rows[i].at, rows[i].n);
		CHECK(reads(ROOM) == E_INPUT, "%s", rows[i].name);
	}
	make();
	entry(2, vcek, 246, 1);
	CHECK(reads(ROOM) == E_INPUT, "one kind twice");
	make();
	for (i = 0; i < 4 * ENTRY; i++)
		CHECK(i == 0 || reads(i) == E_INPUT, "cut after %zu", i);
	memset(table, 1, sizeof table);
	CHECK(reads(ROOM) == E_INPUT, "no end");
}

int
main(void)
{
	make();
	good();
	bad();
	return tap_done();
}
