/* cbor.c -- see cbor.h. */
#include "value/cbor.h"

#include <cbor.h>

#include "value/cbor_in.h"

/* libcbor's questions are not declared to leave an item alone, but do. */
static cbor_item_t *
of(struct cbor_val v)
{
	union {
		const void *p;
		cbor_item_t *item;
	} u = {v.item};

	return u.item;
}

static struct cbor_val
val(const cbor_item_t *item)
{
	return (struct cbor_val){item};
}

static bool
is(struct cbor_val v, cbor_type type)
{
	return v.item != NULL && cbor_typeof(of(v)) == type;
}

int
cbor_read(struct slice text, struct cbor **out, struct err *e)
{
	struct cbor_load_result result;
	cbor_item_t *root = NULL;
	struct buf copy = {0};
	int ret;

	if ((ret = cbor_scan(text, &copy, e)) == 0) {
		root = cbor_load(copy.p, copy.n, &result);
		if (root == NULL && result.error.code == CBOR_ERR_MEMERROR)
			err_nomem();
		if (root == NULL)
			ret = err_set(e, E_INPUT, "cbor: libcbor cannot "
			    "read it");
		else
			*out = (struct cbor *)root;
	}
	buf_free(&copy);
	return ret;
}

void
cbor_drop(struct cbor *c)
{
	cbor_item_t *root = (cbor_item_t *)c;

	if (root != NULL)
		cbor_decref(&root);
}

struct cbor_val
cbor_root(const struct cbor *c)
{
	return (struct cbor_val){c};
}

bool
cbor_has(struct cbor_val v)
{
	return v.item != NULL;
}

bool
cbor_int(struct cbor_val v, int64_t *out)
{
	uint64_t n;

	if (!is(v, CBOR_TYPE_UINT) && !is(v, CBOR_TYPE_NEGINT))
		return false;
	n = cbor_get_int(of(v));
	if (n > INT64_MAX)
		return false;
	*out = is(v, CBOR_TYPE_UINT) ? (int64_t)n : -1 - (int64_t)n;
	return true;
}

bool
cbor_bytes(struct cbor_val v, struct slice *out)
{
	if (!is(v, CBOR_TYPE_BYTESTRING))
		return false;
	*out = slice_of(cbor_bytestring_handle(of(v)),
	    cbor_bytestring_length(of(v)));
	return true;
}

bool
cbor_text(struct cbor_val v, struct slice *out)
{
	if (!is(v, CBOR_TYPE_STRING))
		return false;
	*out = slice_of(cbor_string_handle(of(v)), cbor_string_length(of(v)));
	return true;
}

bool
cbor_array(struct cbor_val v, size_t *count)
{
	if (!is(v, CBOR_TYPE_ARRAY))
		return false;
	*count = cbor_array_size(of(v));
	return true;
}

bool
cbor_map(struct cbor_val v, size_t *count)
{
	if (!is(v, CBOR_TYPE_MAP))
		return false;
	*count = cbor_map_size(of(v));
	return true;
}

struct cbor_val
cbor_at(struct cbor_val array, size_t i)
{
	if (!is(array, CBOR_TYPE_ARRAY) || i >= cbor_array_size(of(array)))
		return val(NULL);
	return val(cbor_array_handle(of(array))[i]);
}

struct cbor_val
cbor_get(struct cbor_val map, int64_t key)
{
	const struct cbor_pair *pairs;
	int64_t n;
	size_t i;

	if (!is(map, CBOR_TYPE_MAP))
		return val(NULL);
	pairs = cbor_map_handle(of(map));
	for (i = 0; i < cbor_map_size(of(map)); i++)
		if (cbor_int(val(pairs[i].key), &n) && n == key)
			return val(pairs[i].value);
	return val(NULL);
}

struct cbor_val
cbor_get_text(struct cbor_val map, const char *key)
{
	const struct cbor_pair *pairs;
	struct slice text;
	size_t i;

	if (!is(map, CBOR_TYPE_MAP))
		return val(NULL);
	pairs = cbor_map_handle(of(map));
	for (i = 0; i < cbor_map_size(of(map)); i++)
		if (cbor_text(val(pairs[i].key), &text) && slice_is(text, key))
			return val(pairs[i].value);
	return val(NULL);
}

struct cbor_val
cbor_untag(struct cbor_val v, uint64_t tag)
{
	cbor_item_t *item;

	if (!is(v, CBOR_TYPE_TAG) || cbor_tag_value(of(v)) != tag)
		return val(NULL);
	/* cbor_tag_item() takes a reference; the tag keeps its own */
	item = cbor_tag_item(of(v));
	return val(cbor_move(item));
}

void
cbor_put_head(struct buf *out, unsigned major, uint64_t n)
{
	unsigned size = n < 24 ? 0 : n < 1 << 8 ? 1 : n < 1 << 16 ? 2 :
	    n < 1ULL << 32 ? 4 : 8, info = 24;

	if (size == 0) {
		buf_addc(out, (uint8_t)(major << 5 | n));
		return;
	}
	while (1u << (info - 24) != size)
		info++;
	buf_addc(out, (uint8_t)(major << 5 | info));
	while (size-- > 0)
		buf_addc(out, (uint8_t)(n >> 8 * size));
}
