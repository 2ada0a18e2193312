/* What is asked for and cannot be: too much of it, or things that do not go
 * together. */
#include "blob/blob.h"

#include "blob/age.h"
#include "blob/csv.h"
#include "blob/oaeprecord.h"
#include "unit/tap.h"

static bool
says(int ret, const struct err *e, enum status code, const char *text)
{
	return ret < 0 && e->code == code && strcmp(e->text, text) == 0;
}

/* A public key of 8192 bits, whose modulus has no small factor. */
static struct key *
large(void)
{
	struct key_rsa r = {0};
	struct key *key = NULL;
	struct err e;

	(void)memset(buf_more(&r.n, 1024), 0, 1024);
	r.n.p[0] = 0xff;
	r.n.p[1023] = 41;
	buf_add(&r.e, slice_of("\1\0\1", 3));
	if (key_from_rsa(&r, &key, &e) < 0)
		(void)printf("# %s\n", e.text);
	key_rsa_free(&r);
	return key;
}

static void
age(void)
{
	const struct key *to[AGE_STANZAS_MAX], *pair[2];
	struct key *key = large(), *pass = NULL;
	struct chunks *c = NULL;
	struct buf out = {0};
	struct err e = {.code = E_OK};
	size_t i;

	for (i = 0; i < AGE_STANZAS_MAX; i++)
		to[i] = key;
	CHECK(says(age_seal(to, AGE_STANZAS_MAX, &out, &c, &e), &e, E_USAGE,
	    "age: 1000 recipients make a header of more than 1048576 bytes") &&
	    out.n == 0, "a header that nobody reads: %s", e.text);
	if (CHECK(age_seal(to, 1, &out, &c, &e) == 0, "one of them"))
		c->free(c);
	buf_cut(&out, 0);
	(void)key_from_pass(slice_str("secret"), &pass, &e);
	for (i = 0; i < 2; i++) {
		pair[i] = pass;
		pair[1 - i] = key;
		CHECK(says(age_seal(pair, 2, &out, &c, &e), &e, E_USAGE,
		    "age: a passphrase must be the only recipient") &&
		    out.n == 0, "a passphrase beside a key: %s", e.text);
	}
	buf_free(&out);
	key_free(key);
	key_free(pass);
}

static void
oaep(void)
{
	struct blob_job job = {.oaep = oaep_sha256, .oaep_asked = true};
	struct buf keep = {0}, out = {0};
	struct key *key = large();
	struct slice none = {NULL, 0};
	struct oaep o;
	struct err e = {.code = E_OK};

	CHECK(blob_oaep("sha256", NULL, NULL, &keep, &o, &e) == 0, "hashes");
	CHECK(says(blob_oaep("md5", NULL, NULL, &keep, &o, &e), &e, E_USAGE,
	    "not a hash: md5, md5"), "  none: %s", e.text);
	CHECK(says(blob_oaep("sha256", "md5", NULL, &keep, &o, &e), &e,
	    E_USAGE, "not a hash: sha256, md5"), "  nor in MGF1: %s", e.text);
	key_mark(key, none, slice_str("RSA-OAEP"));
	CHECK(says(blob_oaep_of(&job, key, &o, &e), &e, E_NO, "the key says "
	    "that it is for alg RSA-OAEP, which is not the OAEP asked for"),
	    "another OAEP than the key's: %s", e.text);
	job.oaep.hash = HASH_SHA1;
	CHECK(says(blob_oaep_of(&job, key, &o, &e), &e, E_NO, "the key says "
	    "that it is for alg RSA-OAEP, which is not the OAEP asked for"),
	    "  than the key's MGF1: %s", e.text);
	job.oaep.mgf1 = HASH_SHA1;
	CHECK(blob_oaep_of(&job, key, &o, &e) == 0 && o.hash == HASH_SHA1 &&
	    o.mgf1 == HASH_SHA1, "  the key's");
	o.label = slice_str("label");
	CHECK(says(oaeprecord_open(slice_str("{\"algorithm\":\"RSA-OAEP\","
	    "\"ciphertext\":\"AAAA\"}"), key, &o, true, &out, &e), &e,
	    E_INPUT, "algorithm \"RSA-OAEP\" has no label"),
	    "a record and a label: %s", e.text);
	CHECK(says(oaeprecord_open(slice_str("{\"algorithm\":\"RSA-OAEP\"}"),
	    key, &o, true, &out, &e), &e, E_INPUT, "neither ciphertext "
	    "and algorithm nor kid and value are there as strings"),
	    "no record: %s", e.text);
	buf_free(&keep);
	buf_free(&out);
	key_free(key);
}

/* n names, a0 and so on. */
static void
names(size_t n, struct buf *out)
{
	size_t i;

	buf_cut(out, 0);
	for (i = 0; i < n; i++)
		buf_addf(out, "%sa%zu", i > 0 ? "," : "", i);
}

static void
columns(void)
{
	struct fieldask ask = {0}, many = {0};
	struct buf row = {0};
	struct csv c = {0};
	struct err e = {.code = E_OK};

	CHECK(fieldask_read(&ask, "a0", &e) == 0, "one field");
	CHECK(says(csv_head(&ask, slice_str("a0,\"b"), &c, &e), &e, E_INPUT,
	    "a quote that is not closed"), "an open quote: %s", e.text);
	CHECK(says(csv_head(&ask, slice_str("a0,\"b\"\""), &c, &e), &e,
	    E_INPUT, "a quote that is not closed"), "  a doubled one: %s",
	    e.text);
	names(CSV_COLUMNS_MAX, &row);
	if (CHECK(csv_head(&ask, slice_buf(&row), &c, &e) == 0,
	    "as many columns as may be"))
		csv_free(&c);
	names(CSV_COLUMNS_MAX + 1, &row);
	CHECK(says(csv_head(&ask, slice_buf(&row), &c, &e), &e, E_INPUT,
	    "more than 100000 columns"), "one more: %s", e.text);
	fieldask_free(&ask);
	names(FIELDS_NAMES_MAX, &row);
	buf_addc(&row, '\0');
	CHECK(fieldask_read(&many, (const char *)row.p, &e) == 0,
	    "as many fields as may be");
	fieldask_free(&many);
	many = (struct fieldask){0};
	names(FIELDS_NAMES_MAX + 1, &row);
	buf_addc(&row, '\0');
	CHECK(says(fieldask_read(&many, (const char *)row.p, &e), &e, E_USAGE,
	    "more than 1000 fields"), "one more: %s", e.text);
	fieldask_free(&many);
	buf_free(&row);
}

int
main(void)
{
	age();
	oaep();
	columns();
	return tap_done();
}
