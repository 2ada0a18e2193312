/* fieldvalue.c -- see fieldvalue.h. */
#include "blob/fieldvalue.h"

#include <stdlib.h>

#include "codec/b64.h"

struct fieldvalue {
	const struct blob_job *job;
	struct oaep_run **run;	/* those keys that do OAEP */
	size_t *block;		/* bytes of theirs */
	size_t n;
	struct err none;	/* why there are none */
	struct buf in;		/* a block, written over */
};

/* It is one that JWE takes, though blocks do not. */
static bool
jwe_alone(const struct key *key)
{
	return key_type(key) != KEY_RSA && key_type(key) != KEY_ED25519;
}

static int
start(const struct blob_job *job, const struct key *key, bool seal,
    struct oaep_run **run, struct err *e)
{
	struct oaep how;

	if (blob_oaep_of(job, key, &how, e) < 0)
		return -1;
	return oaep_start(key, &how, seal, run, e);
}

int
fieldvalue_new(const struct blob_job *job, bool seal, struct fieldvalue **out,
    struct err *e)
{
	size_t n = job->keys != NULL ? job->keys->n : 1, i;
	struct fieldvalue *f = calloc(1, sizeof *f);
	bool good = false;
	struct err why;
	const struct key *key;

	if (f == NULL || (f->run = calloc(n, sizeof(void *))) == NULL ||
	    (f->block = calloc(n, sizeof(size_t))) == NULL)
		err_nomem();
	f->job = job;
	for (i = 0; i < n; i++) {
		key = job->keys != NULL ? job->keys->v[i] : job->key;
		if (start(job, key, seal, &f->run[f->n], &why) == 0)
			f->block[f->n++] = key_size(key);
		else if (f->none.code == E_OK)
			f->none = why;
		good = good || ((!seal || job->field_jwe) && jwe_alone(key));
	}
	if (f->n > 0 || good) {
		*out = f;
		return 0;
	}
	*e = f->none;
	fieldvalue_free(f);
	return -1;
}

void
fieldvalue_free(struct fieldvalue *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++)
		oaep_free(f->run[i]);
	free(f->run);
	free(f->block);
	buf_free(&f->in);
	free(f);
}

static int
seal_jwe(const struct blob_job *job, struct slice plain, struct buf *text,
    struct err *e)
{
	const struct jwe_recipient to = {.key = job->key, .kid = job->kid};

	if (jwe_seal(plain, &to, 1, JWE_COMPACT, text, e) < 0)
		return -1;
	buf_cut(text, text->n - 1);	/* its newline */
	return 0;
}

int
fieldvalue_seal(struct fieldvalue *f, struct slice plain, struct buf *text,
    struct err *e)
{
	if (f->job->field_jwe)
		return seal_jwe(f->job, plain, text, e);
	f->in.n = 0;
	if (oaep_seal(f->run[0], plain, &f->in, e) < 0)
		return e->code != E_INPUT ? -1 : err_hint(e,
		    "--field-format jwe holds values of any length");
	b64_encode(slice_buf(&f->in), B64_STD | B64_PAD, text);
	return 0;
}

static bool
fits_any(const struct fieldvalue *f, size_t block)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->block[i] == block)
			return true;
	return false;
}

/* Another's, by the length of its encrypted key, or by what came of it. */
static int
open_jwe(const struct fieldvalue *f, struct slice text, struct buf *plain,
    bool *other, struct err *e)
{
	struct slice ek = slice_from(text, slice_find(text, '.') + 1);
	int ret;

	ret = f->job->keys != NULL ?
	    jwe_open_any(text, f->job->keys, f->job->kid, plain, e) :
	    jwe_open(text, f->job->key, f->job->kid, plain, e);
	*other = ret < 0 && (e->code == E_NO ||
	    !fits_any(f, slice_find(ek, '.') * 3 / 4));
	return ret;
}

/* What is told is that decryption failed, if the block fits any key. */
static int
open_block(struct fieldvalue *f, struct buf *plain, bool *other,
    struct err *e)
{
	struct err why;
	size_t i;

	if (f->n == 0)
		*e = f->none;
	for (i = 0; i < f->n; i++) {
		if (oaep_open(f->run[i], slice_buf(&f->in), plain, &why) == 0)
			return 0;
		if (i == 0 || (why.code == E_NO && e->code != E_NO))
			*e = why;
	}
	*other = e->code == E_NO || !fits_any(f, f->in.n);
	return -1;
}

int
fieldvalue_open(struct fieldvalue *f, struct slice text, struct buf *plain,
    bool *other, struct err *e)
{
	int ret;

	*other = false;
	if (slice_find(text, '.') < text.n && jwe_is(text)) {
		ret = open_jwe(f, text, plain, other, e);
	} else {
		f->in.n = 0;
		if (b64_decode(text, B64_TEXT, &f->in, e) < 0)
			return -1;
		if (f->in.n == 0)
			return err_set(e, E_INPUT, "an empty text is no "
			    "ciphertext");
		ret = open_block(f, plain, other, e);
	}
	if (ret < 0 && *other && e->hint[0] == '\0')
		(void)err_hint(e, "another key's record, mostly: "
		    "--skip-undecryptable leaves those; or another OAEP: "
		    "--oaep-hash, --mgf1-hash, --label");
	return ret;
}
