/* blob.c -- see blob.h. */
#include "blob/blob.h"

#include "codec/hex.h"
#include "blob/age.h"
#include "blob/agearmor.h"
#include "blob/records.h"
#include "blob/oaep.h"
#include "blob/oaeprecord.h"
#include "blob/wrapped.h"
#include "ground/text.h"

/* JSON by its first character. */
static bool
is_json(struct slice in)
{
	struct slice s = slice_trim(in);

	return slice_starts(s, "{") || slice_starts(s, "[");
}

/* A record says what is in it; JSON that has just a block's size is text. */
static bool
is_oaep(struct slice in, const struct key *key)
{
	if (oaeprecord_is(in))
		return true;
	return oaepblob_is(in, key) && !(in.n == key_size(key) &&
	    text_is_utf8(in) && is_json(in));
}

static int
open_oaep(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	if (oaeprecord_is(in))
		return oaeprecord_open(in, job->key, &job->oaep, out, e);
	return oaepblob_open(in, job->key, &job->oaep, out, e);
}

static int
seal_oaep(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return oaepblob_seal(in, job->key, &job->oaep, job->raw, out, e);
}

static bool
is_jwe(struct slice in, const struct key *key)
{
	(void)key;
	return jwe_is(in);
}

static int
open_jwe(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return jwe_open(in, job->key, job->kid, out, e);
}

static int
seal_jwe(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	const struct jwe_recipient one = {.key = job->key};

	if (job->n_to == 0)
		return jwe_seal(in, &one, 1, JWE_COMPACT, out, e);
	return jwe_seal(in, job->to, job->n_to, job->n_to == 1 ?
	    JWE_COMPACT : JWE_GENERAL, out, e);
}

static bool
is_wrapped(struct slice in, const struct key *key)
{
	(void)key;
	return wrapped_is(in);
}

static int
open_wrapped(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	return wrapped_open(in, job->key, out, e);
}

static bool
is_fields(struct slice in, const struct key *key)
{
	(void)key;
	return is_json(in);
}

static bool
is_age(struct slice head, const struct key *key)
{
	(void)key;
	return age_is(head) || agearmor_is(head);
}

static int
open_age(struct slice head, struct blob_job *job, size_t *used,
    struct chunks **out, struct err *e)
{
	return age_open(head, job->key, used, out, e);
}

static int
seal_age(struct blob_job *job, struct buf *header, struct chunks **out,
    struct err *e)
{
	const struct key *to[BLOB_TO_MAX] = {job->key};
	size_t i;

	for (i = 0; i < job->n_to && i < BLOB_TO_MAX; i++)
		to[i] = job->to[i].key;
	return age_seal(to, i > 0 ? i : 1, header, out, e);
}

static int
open_cse(struct slice head, struct blob_job *job, size_t *used,
    struct chunks **out, struct err *e)
{
	(void)head;
	*used = 0;
	if (job->cse == NULL)
		return err_set(e, E_INPUT, "no metadata beside it that says "
		    "how it is encrypted");
	return cse_open_start(job->cse, job->key, out, e);
}

static int
seal_cse(struct blob_job *job, struct buf *header, struct chunks **out,
    struct err *e)
{
	(void)header;
	if (cse_seal_start(job->key, job->kid, out, job->cse_meta, e) == 0)
		return 0;
	if (e->code == E_USAGE && job->kid.n == 0)
		(void)err_hint(e, "--kid gives it one, mostly the URL of the "
		    "key in its vault");
	return -1;
}

/* In the order in which they are recognised: what has a mark of its own
 * before what has only a shape. */
static const struct blob_format formats[] = {
	{.name = "age", .looks = "an age header or armor", .many = true,
	    .is = is_age, .head = AGE_HEADER_MAX, .open_chunks = open_age,
	    .seal_chunks = seal_age, .armor = true},
	{.name = "jwe", .looks = "a JWE", .many = true, .is = is_jwe,
	    .open = open_jwe, .seal = seal_jwe},
	{.name = "wrapped", .looks = "an annotation with wrapped_data",
	    .is = is_wrapped, .open = open_wrapped},
	{.name = "oaep", .looks = "an RSA-OAEP block of this key, base64 of "
	    "one or a record with one", .is = is_oaep, .open = open_oaep,
	    .seal = seal_oaep},
	{.name = "fields", .looks = "JSON with <field>_encrypted members",
	    .is = is_fields, .open_parts = blobfields_open,
	    .seal_parts = blobfields_seal},
	{.name = "cse", .looks = "a body beside --encryptiondata",
	    .open_chunks = open_cse, .seal_chunks = seal_cse},
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
		if (formats[i].is != NULL && formats[i].is(in, key))
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

bool
blob_opens(const struct blob_format *f)
{
	return f->open != NULL || f->open_parts != NULL ||
	    f->open_chunks != NULL;
}

bool
blob_seals(const struct blob_format *f)
{
	return f->seal != NULL || f->seal_parts != NULL ||
	    f->seal_chunks != NULL;
}

static int
run_parts(struct parts *p, struct buf *out, struct err *e)
{
	int ret = parts_run(p, out, e);

	parts_free(p);
	return ret;
}

/* Of the whole nothing is given before all of it is good. */
static int
run_chunks(struct chunks *c, struct slice in, size_t was, struct buf *out,
    struct err *e)
{
	int ret = chunks_run(c, in, out, e);

	if (ret < 0)
		buf_cut(out, was);
	chunks_free(c);
	return ret;
}

static int
open_chunks(const struct blob_format *f, struct slice in,
    struct blob_job *job, struct buf *out, struct err *e)
{
	struct agearmor armor = {0};
	struct buf bare = {0};
	struct chunks *c;
	size_t used;
	int ret = 0;

	if (f->armor && agearmor_is(in)) {
		ret = agearmor_more(&armor, in, &bare, e);
		if (ret == 0)
			ret = agearmor_end(&armor, e);
		in = slice_buf(&bare);
	}
	if (ret == 0)
		ret = f->open_chunks(slice_head(in, f->head), job, &used, &c,
		    e);
	if (ret == 0)
		ret = run_chunks(c, slice_from(in, used), out->n, out, e);
	buf_free(&bare);
	return ret;
}

int
blob_open(const struct blob_format *f, struct slice in, struct blob_job *job,
    struct buf *out, struct err *e)
{
	struct parts *p;

	if (f->open != NULL)
		return f->open(in, job, out, e);
	if (f->open_parts != NULL)
		return f->open_parts(in, job, &p, e) < 0 ? -1 :
		    run_parts(p, out, e);
	return open_chunks(f, in, job, out, e);
}

int
blob_seal(const struct blob_format *f, struct slice in, struct blob_job *job,
    struct buf *out, struct err *e)
{
	size_t was = out->n;
	struct chunks *c;
	struct parts *p;

	if (f->seal != NULL)
		return f->seal(in, job, out, e);
	if (f->seal_parts != NULL)
		return f->seal_parts(in, job, &p, e) < 0 ? -1 :
		    run_parts(p, out, e);
	if (f->seal_chunks(job, out, &c, e) < 0)
		return -1;
	return run_chunks(c, in, was, out, e);
}
