/* The limits of the readers of YAML, CBOR and jq programs: what is one more
 * than they take is refused, what is not is taken. */
#include "unit/tap.h"
#include "value/cbor.h"
#include "value/filter.h"
#include "value/yaml.h"

enum { PAGE = 4096 };

static void
repeat(struct buf *b, const char *text, size_t n)
{
	for (; n > 0; n--)
		buf_adds(b, text);
}

/* The class of what comes of a text, and that it leaves nothing behind. */
static int
yaml(const struct buf *text, bool whole, const char *why)
{
	struct err e = {.code = E_OK};
	struct buf out = {0};
	int ret;

	ret = whole ? yaml_to_json_whole(slice_buf(text), &out, &e) :
	    yaml_to_json(slice_buf(text), &out, &e);
	if (ret < 0 && (out.n != 0 || why == NULL ||
	    strstr(e.text, why) == NULL)) {
		(void)printf("# %s\n", e.text);
		e.code = E_SYSTEM;
	}
	buf_free(&out);
	return (int)e.code;
}

static int
yaml_text(const char *text, bool whole, const char *why)
{
	struct buf b = {0};
	int ret;

	buf_adds(&b, text);
	ret = yaml(&b, whole, why);
	buf_free(&b);
	return ret;
}

static void
of_yaml(void)
{
	struct buf b = {0};
	size_t i;

	repeat(&b, "[", YAML_DEPTH_MAX - 1);
	repeat(&b, "]", YAML_DEPTH_MAX - 1);
	CHECK(yaml(&b, false, NULL) == E_OK, "as deep as may be");
	buf_cut(&b, 0);
	repeat(&b, "[", YAML_DEPTH_MAX + 1);
	repeat(&b, "]", YAML_DEPTH_MAX + 1);
	CHECK(yaml(&b, false, "nested too deeply") == E_INPUT, "deeper");
	buf_cut(&b, 0);
	for (i = 0; i < YAML_ANCHORS_MAX; i++)
		buf_addf(&b, "- &a%zu x\n", i);
	CHECK(yaml(&b, false, NULL) == E_OK, "as many anchors as may be");
	buf_adds(&b, "- &b x\n");
	CHECK(yaml(&b, false, "too many anchors") == E_INPUT, "one more");
	buf_cut(&b, 0);
	for (i = 0; i < YAML_ANCHORS_MAX; i++)
		buf_addf(&b, "- &a%zu x\n", i);
	buf_adds(&b, "- &b []\n");
	CHECK(yaml(&b, false, "too many anchors") == E_INPUT,
	    "one more, of a collection");
	buf_cut(&b, 0);
	CHECK(yaml_text("a: &x [1]\n*x : 2\n", false, "no scalar") == E_INPUT &&
	    yaml_text("a: &x [1]\n*x : 2\n", true, "no scalar") == E_INPUT,
	    "a key that is an alias of a collection");
	CHECK(yaml_text("a: &x null\n*x : 2\n", false, "a key that is null") ==
	    E_INPUT, "or of null");
	CHECK(yaml_text("a: &x b\n*x : 2\n", false, NULL) == E_OK,
	    "one of a scalar is taken");
	/* 9 times 10 in each other; the last three would be over the limit */
	buf_adds(&b, "- &a0 ");
	repeat(&b, "x", PAGE);
	for (i = 1; i < 9; i++) {
		buf_addf(&b, "\n- &a%zu [", i);
		for (size_t j = 0; j < 10; j++)
			buf_addf(&b, "%s*a%zu", j > 0 ? "," : "", i - 1);
		buf_addc(&b, ']');
	}
	buf_addc(&b, '\n');
	CHECK(yaml(&b, true, "too much of it") == E_INPUT,
	    "aliases that grow beyond all bounds");
	CHECK(yaml(&b, false, NULL) == E_OK, "where they are null they do not");
	buf_free(&b);
}

static int
cbor(struct buf *text, const char *why)
{
	struct err e = {.code = E_OK};
	struct cbor *c;

	if (cbor_read(slice_buf(text), &c, &e) == 0)
		cbor_drop(c);
	else if (why == NULL || strstr(e.text, why) == NULL) {
		(void)printf("# %s\n", e.text);
		e.code = E_SYSTEM;
	}
	buf_cut(text, 0);
	return (int)e.code;
}

static void
pairs(struct buf *b, unsigned n)
{
	unsigned i;

	buf_addc(b, 0xb9);
	buf_addc(b, (uint8_t)(n >> 8));
	buf_addc(b, (uint8_t)n);
	for (i = 0; i < n; i++) {
		buf_addc(b, 0x42);
		buf_addc(b, (uint8_t)(i >> 8));
		buf_addc(b, (uint8_t)i);
		buf_addc(b, 0xf6);
	}
}

static void
items(struct buf *b, unsigned n)
{
	/* the shortest form is the only one */
	buf_addc(b, n > UINT16_MAX ? 0x9a : 0x99);
	if (n > UINT16_MAX) {
		buf_addc(b, (uint8_t)(n >> 24));
		buf_addc(b, (uint8_t)(n >> 16));
	}
	buf_addc(b, (uint8_t)(n >> 8));
	buf_addc(b, (uint8_t)n);
	for (; n > 0; n--)
		buf_addc(b, 0xf6);
}

static void
of_cbor(void)
{
	struct buf b = {0};

	pairs(&b, CBOR_MAP_MAX);
	CHECK(cbor(&b, NULL) == E_OK, "as many pairs as may be");
	pairs(&b, CBOR_MAP_MAX + 1);
	CHECK(cbor(&b, "too many pairs") == E_INPUT, "one more");
	items(&b, CBOR_ITEMS_MAX - 1);
	CHECK(cbor(&b, NULL) == E_OK, "as many items as may be");
	items(&b, CBOR_ITEMS_MAX);
	CHECK(cbor(&b, "too many items") == E_INPUT, "one more");
	buf_free(&b);
}

static int
program(const char *text, const char *why)
{
	struct err e = {.code = E_OK};
	struct filter *f;

	if (filter_new(text, &f, &e) == 0)
		filter_free(f);
	else if (why == NULL || strstr(e.text, why) == NULL)
		e.code = E_SYSTEM;
	return (int)e.code;
}

static void
of_programs(void)
{
	struct buf b = {0};

	CHECK(program("\"a\\(try -1)\"", "brackets") == E_USAGE,
	    "in an interpolation");
	CHECK(program("env # \\", "backslash") == E_USAGE,
	    "a comment behind a word that is refused");
	repeat(&b, "if ", 600);
	buf_addc(&b, '\0');
	CHECK(program((const char *)b.p, "nested too deeply") == E_USAGE,
	    "conditions nested too deeply");
	buf_cut(&b, 0);
	repeat(&b, ".", FILTER_MAX + 1);
	buf_addc(&b, '\0');
	CHECK(program((const char *)b.p, "longer than") == E_USAGE,
	    "a program longer than may be");
	buf_free(&b);
}

int
main(void)
{
	of_yaml();
	of_cbor();
	of_programs();
	return tap_done();
}
