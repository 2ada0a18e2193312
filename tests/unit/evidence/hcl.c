/* The blob of a vTPM, wrong in one number each. */
#include "evidence/hcl.h"

#include "codec/bytes.h"
#include "unit/tap.h"

/* Where the runtime data begins, and where its JSON does. */
enum { DATA = 0x4c0, JSON = 0x4d4 };

static const char json[] = "{}";
static uint8_t blob[JSON + sizeof json - 1 + 4];	/* zeros behind */

static void
make(void)
{
	memset(blob, 0, sizeof blob);
	memcpy(blob, "HCLA", 4);
	put_le32(blob + 0x04, 2);
	put_le32(blob + 0x0c, 2);
	put_le32(blob + DATA, JSON - DATA + sizeof json - 1);
	put_le32(blob + 0x4c4, 1);
	put_le32(blob + 0x4c8, 2);
	put_le32(blob + 0x4cc, 1);
	put_le32(blob + 0x4d0, sizeof json - 1);
	memcpy(blob + JSON, json, sizeof json - 1);
}

static const struct {
	size_t at;
	uint32_t value;
	const char *says;	/* NULL: it is read */
} rows[] = {
	{0x04, 1, NULL}, {0x04, 2, NULL},
	{0x04, 0, "hcl: unknown version 0"},
	{0x04, 3, "hcl: unknown version 3"},
	{0x0c, 1, "hcl: unknown request type 1"},
	{0x10, 7, "hcl: made with status 7"},
	{0x4c4, 0, "hcl: unknown version of the runtime data 0"},
	{0x4c4, 2, "hcl: unknown version of the runtime data 2"},
	{0x4c8, 4, "hcl: not a report of SEV-SNP but of type 4"},
	{0x4cc, 2, NULL}, {0x4cc, 3, NULL},
	{0x4cc, 0, "hcl: unknown hash type 0"},
	{0x4cc, 4, "hcl: unknown hash type 4"},
	{0x4d0, 1, "hcl: runtime data of a wrong size, 1"},
	{0x4d0, 0xffffffff, "hcl: runtime data of a wrong size, 4294967295"},
	{DATA, 2, "hcl: runtime data of a wrong size, 2"},
	{JSON + sizeof json - 1, 1, "hcl: bytes after the runtime data"},
};

int
main(void)
{
	struct hcl h;
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		make();
		put_le32(blob + rows[i].at, rows[i].value);
		e = (struct err){.code = E_OK};
		ret = hcl_read(slice_of(blob, sizeof blob), &h, &e);
		CHECK(rows[i].says == NULL ? ret == 0 && slice_is(h.runtime,
		    json) : ret < 0 && e.code == E_INPUT &&
		    strcmp(e.text, rows[i].says) == 0, "%u at %zu: %s",
		    rows[i].value, rows[i].at, e.text);
	}
	make();
	for (i = 0; i < JSON; i += JSON - 1)
		CHECK(hcl_read(slice_of(blob, i), &h, &e) < 0 &&
		    e.code == E_INPUT && strcmp(e.text, "hcl: cut short") ==
		    0, "%zu bytes", i);
	blob[0] = 'h';
	CHECK(hcl_read(slice_of(blob, sizeof blob), &h, &e) < 0 &&
	    e.code == E_INPUT, "of another name");
	return tap_done();
}
