/* rules.c -- see rules.h: the file. */
#include "evidence/rules.h"

#include <stddef.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "evidence/rules_in.h"
#include "ground/spell.h"
#include "value/json.h"

const struct rules_field rules_fields[RULES_LISTS] = {
	[RULES_MEASUREMENT] = {"measurement", SNP_MEASUREMENT,
	    CHECK_MEASUREMENT, 48},
	[RULES_HOST_DATA] = {"host-data", SNP_HOST_DATA, CHECK_HOST_DATA, 32},
	[RULES_CHIP_ID] = {"chip-id", SNP_CHIP_ID, CHECK_CHIP_ID, 64},
	[RULES_FAMILY_ID] = {"family-id", SNP_FAMILY_ID, CHECK_FAMILY_ID, 16},
	[RULES_IMAGE_ID] = {"image-id", SNP_IMAGE_ID, CHECK_IMAGE_ID, 16},
	[RULES_REPORT_ID] = {"report-id", SNP_REPORT_ID, CHECK_REPORT_ID, 32},
	[RULES_REPORT_ID_MA] = {"report-id-ma", SNP_REPORT_ID_MA,
	    CHECK_REPORT_ID_MA, 32},
	[RULES_ID_KEY] = {"id-key-digest", SNP_ID_KEY_DIGEST, CHECK_ID_KEY,
	    48},
	[RULES_AUTHOR_KEY] = {"author-key-digest", SNP_AUTHOR_KEY_DIGEST,
	    CHECK_AUTHOR_KEY, 48},
	[RULES_BLOCK_ID] = {"id-key-digest", SNP_ID_KEY_DIGEST,
	    CHECK_ID_BLOCK, 48},
	[RULES_BLOCK_AUTHOR] = {"author-key-digest", SNP_AUTHOR_KEY_DIGEST,
	    CHECK_ID_BLOCK, 48},
};

const struct rules_bit rules_bits[] = {
	{"smt", 16, false}, {"cxl_allow", 21, false},
	{"single_socket", 20, true}, {"mem_aes_256_xts", 22, true},
	{"rapl_dis", 23, true}, {"ciphertext_hiding_dram", 24, true},
	{"page_swap_disable", 25, true}, {0},
};

/* One value, or each of several; which of the fields, or where in the rules. */
typedef int each(struct json_val, struct snp_rules *, size_t, struct err *);

static int
for_each(struct json_val v, struct snp_rules *r, size_t which, each *f,
    struct err *e)
{
	if (!json_is(v, JSON_ARRAY))
		return f(v, r, which, e);
	if (json_count(v) == 0)
		return err_set(e, E_INPUT, "an empty list accepts nothing");
	for (v = json_first(v); json_has(v); v = json_next(v))
		if (f(v, r, which, e) < 0)
			return -1;
	return 0;
}

static int
read_hex(struct json_val v, struct snp_rules *r, size_t which, struct err *e)
{
	struct buf text = {0}, raw = {0};
	size_t n = rules_fields[which].n;
	int ret = json_text(v, "value", &text, e);

	if (ret == 0)
		ret = hex_decode(slice_buf(&text), &raw, e);
	/* Turin's chip id is shorter */
	if (ret == 0 && which == RULES_CHIP_ID && raw.n == 8)
		memset(buf_more(&raw, n - 8), 0, n - 8);
	if (ret == 0 && raw.n != n)
		ret = err_set(e, E_INPUT, "%zu bytes where %zu belong", raw.n,
		    n);
	if (ret == 0)
		buf_add(&r->list[which], slice_buf(&raw));
	buf_free(&text);
	buf_free(&raw);
	return ret;
}

static int
read_product(struct json_val v, struct snp_rules *r, size_t which,
    struct err *e)
{
	int p;

	(void)which;
	for (p = PRODUCT_MILAN; p <= PRODUCT_TURIN; p++)
		if (json_text_is(v, product_name((enum product)p)))
			break;
	if (p > PRODUCT_TURIN)
		return err_set(e, E_INPUT, "neither Milan, Genoa nor Turin");
	r->said_product = r->product[p] = true;
	return 0;
}

/* YAML knows no kinds: its numbers come as text. */
static bool
number(struct json_val v, int64_t *n)
{
	struct buf text = {0};
	struct err ignored;
	size_t i;
	bool ok;

	if (json_int(v, n))
		return *n >= 0;
	ok = json_text(v, "number", &text, &ignored) == 0 && text.n > 0 &&
	    text.n <= 10;
	for (*n = 0, i = 0; ok && i < text.n; i++) {
		ok = text.p[i] >= '0' && text.p[i] <= '9';
		*n = *n * 10 + text.p[i] - '0';
	}
	buf_free(&text);
	return ok;
}

static int
read_vmpl(struct json_val v, struct snp_rules *r, size_t which, struct err *e)
{
	int64_t n;

	(void)which;
	if (json_text_is(v, "any"))
		r->vmpl = 15;
	else if (number(v, &n) && n <= 3)
		r->vmpl |= 1U << n;
	else
		return err_set(e, E_INPUT, "neither 0 to 3 nor any");
	return 0;
}

/* "snp=24,ucode=219" for each product. */
static int
read_floors(struct json_val v, struct tcb_floor *to, bool *said,
    struct err *e)
{
	struct buf text = {0};
	int p, ret = json_is(v, JSON_OBJECT) && json_count(v) > 0 ? 0 :
	    err_set(e, E_INPUT, "not a floor for each product");

	for (v = json_first(v); ret == 0 && json_has(v); v = json_next(v)) {
		for (p = PRODUCT_MILAN; p <= PRODUCT_TURIN && !json_text_is(
		    json_name(v), product_name((enum product)p)); p++)
			;
		buf_cut(&text, 0);
		if (p > PRODUCT_TURIN)
			ret = err_set(e, E_INPUT, "neither Milan, Genoa nor "
			    "Turin");
		else
			ret = json_text(v, "floor", &text, e);
		buf_addc(&text, '\0');
		if (ret == 0 && (ret = tcb_floor_parse((const char *)text.p,
		    &to[p], e)) < 0)
			e->code = E_INPUT;
		if (ret == 0)
			said[p] = true;
	}
	buf_free(&text);
	return ret;
}

static int
read_count(struct json_val v, int64_t *to, struct err *e)
{
	if (number(v, to) && *to <= UINT32_MAX)
		return 0;
	return err_set(e, E_INPUT, "no number from 0 to %u", UINT32_MAX);
}

static int
read_bool(struct json_val v, bool *to, struct err *e)
{
	if (json_bool(v, to))
		return 0;
	*to = json_text_is(v, "true");
	return *to || json_text_is(v, "false") ? 0 : err_set(e, E_INPUT,
	    "neither true nor false");
}

/* "1.55.29": n numbers from 0 to 255. */
static int
read_version(struct json_val v, int *to, int n, struct err *e)
{
	struct buf text = {0};
	struct slice s, part;
	int i, ret = json_text(v, "version", &text, e);
	size_t j;

	s = slice_buf(&text);
	for (i = 0; ret == 0 && i < n; i++) {
		part = slice_head(s, slice_find(s, '.'));
		s = slice_from(s, part.n + 1);
		for (to[i] = 0, j = 0; j < part.n && part.p[j] >= '0' &&
		    part.p[j] <= '9' && to[i] <= 255; j++)
			to[i] = to[i] * 10 + part.p[j] - '0';
		if (part.n == 0 || j < part.n || to[i] > 255)
			ret = -1;
	}
	if (ret < 0 || s.n > 0)
		ret = err_set(e, E_INPUT, "not %s as text, of numbers from 0 "
		    "to 255", n == 3 ? "major.minor.build" : "major.minor");
	buf_free(&text);
	return ret;
}

/* What a bit permits may be forbidden, what it restricts may be demanded. */
static int
read_policy(struct json_val v, struct snp_rules *r, struct err *e)
{
	const struct rules_bit *b;
	bool on;

	if (!json_is(v, JSON_OBJECT))
		return err_set(e, E_INPUT, "not an object of flags");
	for (v = json_first(v); json_has(v); v = json_next(v)) {
		for (b = rules_bits; b->name != NULL &&
		    !json_text_is(json_name(v), b->name); b++)
			;
		if (b->name == NULL)
			return err_set(e, E_INPUT, "a flag that is not known");
		if (read_bool(v, &on, e) < 0)
			return err_in(e, "%s", b->name);
		if (b->restricts && on)
			r->policy_must |= 1U << b->bit;
		else if (!b->restricts && !on)
			r->policy_not |= 1U << b->bit;
	}
	r->said_policy = true;
	return 0;
}

/* "0x3f" */
static int
read_flags(struct json_val v, uint64_t *to, bool *said, const char *what,
    struct err *e)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	struct buf text = {0};
	const char *hex;
	int ret = json_text(v, "flags", &text, e);

	buf_addc(&text, '\0');
	hex = (const char *)text.p + 2;
	if (ret < 0 || !slice_starts(slice_buf(&text), "0x") || *hex == '\0' ||
	    hex[strspn(hex, digits)] != '\0' || text.n > 19)
		ret = err_set(e, E_INPUT, "not the flags that %s be set, as "
		    "text, \"0x...\"", what);
	else
		*to = strtoull(hex, NULL, 16);
	*said = true;
	buf_free(&text);
	return ret;
}

static int
read_endorser(struct json_val v, struct snp_rules *r, struct err *e)
{
	if (!json_is(v, JSON_OBJECT) || json_count(v) != 2 ||
	    json_text(json_get(v, "issuer"), "issuer", &r->issuer, e) < 0 ||
	    json_text(json_get(v, "feed"), "feed", &r->feed, e) < 0 ||
	    r->issuer.n == 0 || r->feed.n == 0)
		return err_set(e, E_INPUT, "not an object of issuer and feed");
	buf_addc(&r->issuer, '\0');
	buf_addc(&r->feed, '\0');
	return 0;
}

/* The keys of which one must have signed the ID block, or the key that did. */
static int
read_block(struct json_val v, struct snp_rules *r, struct err *e)
{
	size_t i;

	if (!json_is(v, JSON_OBJECT) || json_count(v) == 0)
		return err_set(e, E_INPUT, "not an object of id-key-digest and "
		    "author-key-digest");
	for (v = json_first(v); json_has(v); v = json_next(v)) {
		for (i = RULES_ALONE; i < RULES_LISTS && !json_text_is(
		    json_name(v), rules_fields[i].name); i++)
			;
		if (i == RULES_LISTS)
			return err_set(e, E_INPUT, "neither id-key-digest nor "
			    "author-key-digest");
		if (for_each(v, r, i, read_hex, e) < 0)
			return err_in(e, "%s", rules_fields[i].name);
	}
	return 0;
}

/* What follows fits the table: at is the list, or the member of the rules. */
static void *
member(struct snp_rules *r, size_t at)
{
	return (char *)r + at;
}

static int
field(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return for_each(v, r, at, read_hex, e);
}

static int
products(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return for_each(v, r, at, read_product, e);
}

static int
levels(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return for_each(v, r, at, read_vmpl, e);
}

static int
floors(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	bool launch = at == offsetof(struct snp_rules, launch);

	return read_floors(v, member(r, at), launch ? r->said_launch :
	    r->said_tcb, e);
}

static int
count(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return read_count(v, member(r, at), e);
}

static int
yes(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return read_bool(v, member(r, at), e);
}

static int
version(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return read_version(v, member(r, at), at == offsetof(struct snp_rules,
	    firmware) ? 3 : 2, e);
}

static int
may(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	return read_flags(v, member(r, at), &r->said_platform, "may", e);
}

static int
must(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	bool launch = at == offsetof(struct snp_rules, launch_mit);

	return read_flags(v, member(r, at), launch ? &r->said_launch_mit :
	    &r->said_current_mit, "must", e);
}

static int
bits(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	(void)at;
	return read_policy(v, r, e);
}

static int
block(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	(void)at;
	return read_block(v, r, e);
}

static int
endorser(struct json_val v, struct snp_rules *r, size_t at, struct err *e)
{
	(void)at;
	return read_endorser(v, r, e);
}

/* Each has a case that passes and one that is refused in snp-rules.bats,
 * which reads the names here. */
#define OF(NAME) offsetof(struct snp_rules, NAME)
static const struct rule {
	const char *name;
	each *read;
	size_t at;
} table[] = {
	{"product", products, 0},
	{"min-tcb", floors, OF(tcb)},
	{"launch-tcb", floors, OF(launch)},
	{"measurement", field, RULES_MEASUREMENT},
	{"host-data", field, RULES_HOST_DATA},
	{"chip-id", field, RULES_CHIP_ID},
	{"family-id", field, RULES_FAMILY_ID},
	{"image-id", field, RULES_IMAGE_ID},
	{"report-id", field, RULES_REPORT_ID},
	{"report-id-ma", field, RULES_REPORT_ID_MA},
	{"id-key-digest", field, RULES_ID_KEY},
	{"author-key-digest", field, RULES_AUTHOR_KEY},
	{"author-key", yes, OF(author_key)},
	{"id-block", block, 0},
	{"vmpl", levels, 0},
	{"guest-svn", count, OF(guest_svn)},
	{"uvm-svn", count, OF(uvm_svn)},
	{"debug", yes, OF(debug)},
	{"migration", yes, OF(migration)},
	{"open-policy", yes, OF(open_policy)},
	{"firmware", version, OF(firmware)},
	{"abi", version, OF(abi)},
	{"policy", bits, 0},
	{"platform-info", may, OF(platform)},
	{"launch-mitigations", must, OF(launch_mit)},
	{"current-mitigations", must, OF(current_mit)},
	{"committed", yes, OF(committed)},
	{"endorser", endorser, 0},
};

static int
unknown(struct slice name, struct err *e)
{
	struct spell s;
	size_t i;

	spell_start(&s, name);
	for (i = 0; i < sizeof table / sizeof *table; i++)
		spell_try(&s, slice_str(table[i].name));
	(void)err_set(e, E_INPUT, "no rule that is known");
	if (s.best.n > 0)
		(void)err_hint(e, "did you mean %.*s?", (int)s.best.n,
		    (const char *)s.best.p);
	return -1;
}

static int
read_rule(struct slice name, struct json_val v, struct snp_rules *r,
    struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (slice_is(name, table[i].name))
			return table[i].read(v, r, table[i].at, e);
	return unknown(name, e);
}

static int
read_all(struct json_val root, struct snp_rules *r, struct err *e)
{
	struct buf name = {0};
	struct json_val v;
	int ret = 0;

	/* one document of YAML */
	if (json_is(root, JSON_ARRAY) && json_count(root) == 1)
		root = json_at(root, 0);
	if (!json_is(root, JSON_OBJECT))
		return err_set(e, E_INPUT, "not an object of rules");
	for (v = json_first(root); ret == 0 && json_has(v); v = json_next(v)) {
		buf_cut(&name, 0);
		if ((ret = json_text(json_name(v), "name", &name, e)) == 0 &&
		    (ret = read_rule(slice_buf(&name), v, r, e)) < 0)
			(void)err_in(e, "%.*s", (int)slice_head(
			    slice_buf(&name), 80).n, (const char *)name.p);
	}
	if (ret == 0)
		json_compact(root, &r->text);
	buf_free(&name);
	return ret;
}

int
snp_rules_read(struct slice text, struct snp_rules *out, struct err *e)
{
	struct snp_rules r = {.guest_svn = -1, .uvm_svn = -1,
	    .firmware = {-1}, .abi = {-1}};
	struct json *json = NULL;
	int ret;

	if ((ret = json_parse(text, &json, e)) == 0)
		ret = read_all(json_root(json), &r, e);
	json_free(json);
	if (ret == 0)
		*out = r;
	else
		snp_rules_free(&r);
	return ret;
}

bool
snp_rules_says(const struct snp_rules *r, const char *name)
{
	struct json *json;
	struct err ignored;
	bool says = false;

	if (r->text.n > 0 && json_parse(slice_buf(&r->text), &json,
	    &ignored) == 0) {
		says = json_has(json_get(json_root(json), name));
		json_free(json);
	}
	return says;
}

void
snp_rules_free(struct snp_rules *r)
{
	size_t i;

	for (i = 0; i < RULES_LISTS; i++)
		buf_free(&r->list[i]);
	buf_free(&r->issuer);
	buf_free(&r->feed);
	buf_free(&r->text);
}
