/* keywrap.c -- see keywrap.h. */
#include "jose/keywrap.h"

#include "crypto/wrap.h"

static const struct keywrap rows[] = {
	{"RSA-OAEP-256", 0, HASH_SHA256},
	{"RSA-OAEP", 0, HASH_SHA1},
	{"A128KW", 16, 0},
	{"A192KW", 24, 0},
	{"A256KW", 32, 0},
};

enum { ROWS = sizeof rows / sizeof *rows };

const struct keywrap *
keywrap_named(struct json_val v)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (json_text_is(v, rows[i].name))
			return &rows[i];
	return NULL;
}

static bool
fits(const struct keywrap *row, const struct key *key)
{
	return row->kek == 0 ? key_type(key) == KEY_RSA :
	    key_type(key) == KEY_OCT && key_oct(key).n == row->kek;
}

static int
no_kind(struct err *e)
{
	return err_set(e, E_INPUT, "key: neither RSA nor symmetric of a size "
	    "that AES has");
}

const struct keywrap *
keywrap_for(const struct key *key, struct err *e)
{
	const struct keywrap *first = NULL;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (!fits(&rows[i], key))
			continue;
		if (key_meant_for(key, rows[i].name, e) == 0)
			return &rows[i];
		first = first != NULL ? first : &rows[i];
	}
	if (first != NULL)
		(void)key_meant_for(key, first->name, e);
	else
		(void)no_kind(e);
	return NULL;
}

int
keywrap_fits(const struct keywrap *row, const struct key *key, struct err *e)
{
	if (fits(row, key))
		return key_meant_for(key, row->name, e);
	if (key_type(key) != KEY_RSA && key_type(key) != KEY_OCT)
		return no_kind(e);
	if (row->kek == 0)
		return err_set(e, E_NO, "%s takes an RSA key", row->name);
	return err_set(e, E_NO, "%s takes a symmetric key of %zu bytes",
	    row->name, row->kek);
}

/* One block. */
static int
oaep(const struct keywrap *row, const struct key *key, bool seal,
    struct slice in, struct buf *out, struct err *e)
{
	const struct oaep how = {row->hash, row->hash, {NULL, 0}};
	struct oaep_run *run;
	int ret;

	if (oaep_start(key, &how, seal, &run, e) < 0)
		return -1;
	ret = seal ? oaep_seal(run, in, out, e) : oaep_open(run, in, out, e);
	oaep_free(run);
	return ret;
}

int
keywrap_open(const struct keywrap *row, const struct key *key,
    struct slice wrapped, struct buf *out, struct err *e)
{
	if (keywrap_fits(row, key, e) < 0)
		return -1;
	return row->kek == 0 ? oaep(row, key, false, wrapped, out, e) :
	    wrap_kw_open(key_oct(key), wrapped, out, e);
}

int
keywrap_seal(const struct keywrap *row, const struct key *key,
    struct slice plain, struct buf *out, struct err *e)
{
	if (keywrap_fits(row, key, e) < 0)
		return -1;
	return row->kek == 0 ? oaep(row, key, true, plain, out, e) :
	    wrap_kw_seal(key_oct(key), plain, out, e);
}
