/* cbor -- what the scan accepts, libcbor must take and give back whole. */
#include <stdlib.h>

#include "value/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
walk(struct cbor_val v, unsigned depth)
{
	struct slice s;
	int64_t number;
	size_t n, i;

	if (depth > CBOR_DEPTH_MAX)
		abort();
	if (cbor_array(v, &n))
		for (i = 0; i < n; i++) {
			if (!cbor_has(cbor_at(v, i)))
				abort();
			walk(cbor_at(v, i), depth + 1);
		}
	(void)cbor_map(v, &n);
	(void)cbor_bytes(v, &s);
	(void)cbor_text(v, &s);
	(void)cbor_int(v, &number);
	if (cbor_has(cbor_untag(v, 18)))
		walk(cbor_untag(v, 18), depth + 1);
	(void)cbor_get(v, 33);
	(void)cbor_get_text(v, "iss");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cbor *c;
	struct err e;

	if (cbor_read(slice_of(data, size), &c, &e) < 0) {
		/* "libcbor cannot read it" would be a hole in the scan */
		if (e.code != E_INPUT || strstr(e.text, "libcbor") != NULL)
			abort();
		return 0;
	}
	walk(cbor_root(c), 0);
	cbor_drop(c);
	return 0;
}
