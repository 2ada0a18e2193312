/* blob.c -- see blob.h. */
#include "format/blob.h"

#include "codec/hex.h"
#include "format/fields.h"
#include "format/oaepblob.h"
#include "ground/text.h"

static int
open_oaep(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return oaepblob_open(in, job->key, &job->oaep, out, e);
}

static int
seal_oaep(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return oaepblob_seal(in, job->key, &job->oaep, job->raw, out, e);
}

/* JSON by its first character; but a raw block may begin with any, so what
 * has exactly a block's size must be text as well. */
static bool
is_fields(struct slice in, const struct key *key)
{
	struct slice s = slice_trim(in);

	if (!slice_starts(s, "{") && !slice_starts(s, "["))
		return false;
	return key_type(key) != KEY_RSA || in.n != key_size(key) ||
	    text_is_utf8(in);
}

static int
run_open(struct fields *f, struct blob_job *job, struct oaep_run *run,
    struct err *e)
{
	size_t block = key_size(job->key), i;

	for (i = 0; i < fields_count(f); i++) {
		if (fields_open(f, i, run, e) == 0)
			continue;
		if (!job->skip || (e->code != E_NO &&
		    !fields_foreign(f, i, block)))
			return -1;
		fields_leave(f, i);
	}
	job->skipped = fields_left(f);
	job->records = fields_records(f);
	return 0;
}

static int
open_fields(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	struct fields *f = NULL;
	struct oaep_run *run;
	int ret;

	if (oaep_start(job->key, &job->oaep, false, &run, e) < 0)
		return -1;
	ret = fields_sealed(in, &f, e);
	if (ret == 0)
		ret = run_open(f, job, run, e);
	if (ret == 0)
		fields_write(f, out);
	oaep_free(run);
	fields_free(f);
	return ret;
}

static int
seal_fields(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	struct fields *f = NULL;
	struct oaep_run *run;
	size_t i;
	int ret;

	if (oaep_start(job->key, &job->oaep, true, &run, e) < 0)
		return -1;
	ret = fields_clear(in, slice_str(job->fields), &f, e);
	for (i = 0; ret == 0 && i < fields_count(f); i++)
		ret = fields_seal(f, i, run, e);
	if (ret == 0)
		fields_write(f, out);
	oaep_free(run);
	fields_free(f);
	return ret;
}

/* In the order in which they are recognised. */
static const struct blob_format formats[] = {
	{"fields", "JSON with <field>_encrypted members", is_fields,
	    open_fields, seal_fields},
	{"oaep", "an RSA-OAEP block of this key or base64 of one",
	    oaepblob_is, open_oaep, seal_oaep},
};

int
blob_oaep(const char *hash, const char *mgf1, const char *label,
    struct buf *keep, struct oaep *out, struct err *e)
{
	struct oaep o = oaep_sha256;

	if (!hash_by_name(hash, &o.hash) ||
	    !hash_by_name(mgf1 != NULL ? mgf1 : hash, &o.mgf1))
		return err_set(e, E_USAGE, "not a hash: %s, %s", hash,
		    mgf1 != NULL ? mgf1 : hash);
	if (label != NULL && hex_decode(slice_str(label), keep, e) < 0) {
		e->code = E_USAGE;
		return err_in(e, "--label");
	}
	o.label = slice_buf(keep);
	*out = o;
	return 0;
}

const struct blob_format *
blob_row(size_t i)
{
	return i < sizeof formats / sizeof *formats ? &formats[i] : NULL;
}

const struct blob_format *
blob_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

const struct blob_format *
blob_recognise(struct slice in, const struct key *key, struct err *e)
{
	const size_t n = sizeof formats / sizeof *formats;
	struct buf looks = {0};
	size_t i;

	if (in.n == 0) {
		(void)err_set(e, E_INPUT, "empty");
		return NULL;
	}
	for (i = 0; i < n; i++)
		if (formats[i].is(in, key))
			return &formats[i];
	for (i = 0; i < n; i++)
		buf_addf(&looks, "%s%s", i > 0 ? ", " : "", formats[i].looks);
	(void)err_set(e, E_INPUT, "of no format that is known; looked for: "
	    "%.*s", (int)looks.n, (const char *)looks.p);
	if (key_type(key) == KEY_RSA)
		(void)err_hint(e, "a block of this key has %zu bytes; -f "
		    "insists on a format and says what is wrong",
		    key_size(key));
	buf_free(&looks);
	return NULL;
}
