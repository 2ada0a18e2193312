/* blob.c -- see blob.h. */
#include "blob/blob.h"

#include "blob/age.h"
#include "blob/agearmor.h"
#include "blob/records.h"
#include "blob/oaep.h"
#include "blob/oaeprecord.h"
#include "blob/wrapped.h"
#include "ground/text.h"

enum { JSON_LOOK = 16 };	/* bytes of what may be JSON */

/* JSON by its first character; a block that happens to begin with it is soon
 * no UTF-8. */
static bool
is_json(struct slice in)
{
	struct slice s = slice_trim(in);
	size_t i, n;

	if (!slice_starts(s, "{") && !slice_starts(s, "["))
		return false;
	for (i = 0; i < JSON_LOOK && i < s.n; i += n)
		if ((n = text_utf8(slice_from(s, i))) == 0)
			return false;
	return true;
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

/* Nothing tells which it was; who made the block elsewhere knows. */
static int
oaep_hint(const struct blob_job *job, struct err *e)
{
	if (e->code != E_NO || e->hint[0] != '\0' || job->skip)
		return -1;
	return err_hint(e, "another key, or another OAEP: --oaep-hash, "
	    "--mgf1-hash (Java's default is sha1) and --label name it");
}

static int
open_oaep(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	struct oaep how;

	if (blob_oaep_of(job, job->key, &how, e) < 0)
		return -1;
	/* what is no record tells why there */
	if (oaeprecord_is(in) || (is_json(in) && in.n != key_size(job->key)))
		return oaeprecord_open(in, job->key, &how,
		    job->oaep_asked || key_alg(job->key).n > 0, out, e);
	if (oaepblob_open(in, job->key, &how, out, e) == 0)
		return 0;
	return oaep_hint(job, e);
}

static int
seal_oaep(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	struct oaep how;

	if (blob_oaep_of(job, job->key, &how, e) < 0)
		return -1;
	return oaepblob_seal(in, job->key, &how, job->raw, out, e);
}

static void
oaep_named(struct slice in, const struct blob_job *job, struct buf *kid)
{
	(void)job;
	oaeprecord_kid(in, kid);
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
	if (job->keys != NULL)
		return jwe_open_any(in, job->keys, job->kid, out, e);
	return jwe_open(in, job->key, job->kid, out, e);
}

/* Its alg says that it encrypts the content itself. */
static bool
is_direct(const struct key *key)
{
	return key_type(key) == KEY_OCT && slice_is(key_alg(key), "dir");
}

static int
seal_jwe(struct slice in, struct blob_job *job, struct buf *out,
    struct err *e)
{
	const struct jwe_recipient one = {.key = job->key};
	struct jwe_recipient direct = {.key = job->key, .direct = true};

	if (job->n_to == 0)
		return jwe_seal(in, &one, 1, JWE_COMPACT, out, e);
	if (job->n_to == 1 && is_direct(job->key)) {
		direct.kid = job->to[0].kid;
		return jwe_seal(in, &direct, 1, JWE_COMPACT, out, e);
	}
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

static void
wrapped_named(struct slice in, const struct blob_job *job, struct buf *kid)
{
	struct wrapped w = {0};
	struct err e;

	(void)job;
	if (wrapped_parse(in, &w, &e) == 0)
		buf_add(kid, slice_buf(&w.kid));
	wrapped_free(&w);
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

static void
cse_named(struct slice in, const struct blob_job *job, struct buf *kid)
{
	(void)in;
	if (job->cse != NULL)
		buf_add(kid, slice_buf(&job->cse->key_id));
}

/* In the order in which they are recognised: what has a mark of its own
 * before what has only a shape. */
static const struct blob_format formats[] = {
	{.name = "age", .looks = "an age header or armor", .many = true,
	    .is = is_age, .head = AGE_HEADER_MAX, .open_chunks = open_age,
	    .seal_chunks = seal_age, .armor = true},
	{.name = "jwe", .looks = "a JWE", .many = true, .is = is_jwe,
	    .open = open_jwe, .all_keys = true, .seal = seal_jwe},
	{.name = "wrapped", .looks = "an annotation with wrapped_data",
	    .is = is_wrapped, .named = wrapped_named, .open = open_wrapped},
	{.name = "oaep", .looks = "an RSA-OAEP block of this key, base64 of "
	    "one or a record with one", .is = is_oaep, .open = open_oaep,
	    .named = oaep_named, .seal = seal_oaep, .lines = true},
	{.name = "fields", .looks = "JSON with <field>_encrypted members",
	    .is = is_fields, .all_keys = true, .records = true,
	    .open = records_open, .seal = records_seal},
	{.name = "cse", .looks = "a body beside --encryptiondata",
	    .named = cse_named, .open_chunks = open_cse,
	    .seal_chunks = seal_cse},
};

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

bool
blob_is(const struct blob_format *f, struct slice in,
    const struct blob_job *job)
{
	size_t i;

	if (job->keys == NULL)
		return f->is(in, job->key);
	for (i = 0; i < job->keys->n; i++)
		if (f->is(in, job->keys->v[i]))
			return true;
	return false;
}

const struct blob_format *
blob_recognise(struct slice in, const struct blob_job *job, struct err *e)
{
	const size_t n = sizeof formats / sizeof *formats;
	struct buf looks = {0};
	size_t i;

	if (in.n == 0) {
		(void)err_set(e, E_INPUT, "empty");
		return NULL;
	}
	for (i = 0; i < n; i++)
		if (formats[i].is != NULL && blob_is(&formats[i], in, job))
			return &formats[i];
	for (i = 0; i < n; i++)
		buf_addf(&looks, "%s%s", i > 0 ? ", " : "", formats[i].looks);
	(void)err_set(e, E_INPUT, "of no format that is known; looked for: "
	    "%.*s", (int)looks.n, (const char *)looks.p);
	if (key_type(job->key) == KEY_RSA)
		(void)err_hint(e, "a block of this key has %zu bytes; -f "
		    "insists on a format and says what is wrong",
		    key_size(job->key));
	buf_free(&looks);
	return NULL;
}

bool
blob_opens(const struct blob_format *f)
{
	return f->open != NULL || f->open_chunks != NULL;
}

bool
blob_seals(const struct blob_format *f)
{
	return f->seal != NULL || f->seal_chunks != NULL;
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

/* The doing with one key: of the whole, or of the header. */
struct doing {
	const struct blob_format *f;
	struct slice in;
	struct buf *out;
	size_t *used;
	struct chunks **chunks;
};

static int
do_one(const struct doing *d, struct blob_job *job, struct err *e)
{
	if (d->out != NULL)
		return d->f->open(d->in, job, d->out, e);
	return d->f->open_chunks(d->in, job, d->used, d->chunks, e);
}

/* The text ends so. */
static bool
is_failed(const struct err *e)
{
	static const char text[] = "decryption failed";
	size_t n = strlen(e->text), end = sizeof text - 1;

	return e->code == E_NO && n >= end &&
	    strcmp(e->text + n - end, text) == 0;
}

/* A key that does not fit, or does not open it, leaves it to the next one. */
static int
do_each(const struct doing *d, struct blob_job *job, struct err *e)
{
	const struct key *key = job->key;
	struct buf kid = {0};
	struct err why, told = {.code = E_OK};
	int ret = -1;
	size_t i;

	if (job->keys == NULL || job->keys->n < 2 || d->f->all_keys)
		return do_one(d, job, e);
	if (d->f->named != NULL)
		d->f->named(d->in, job, &kid);
	for (i = 0; i < job->keys->n && ret < 0; i++) {
		if (!keys_meant(job->keys, i, slice_buf(&kid)))
			continue;
		job->key = job->keys->v[i];
		ret = do_one(d, job, &why);
		if (ret < 0 && (told.code == E_OK || (is_failed(&why) &&
		    !is_failed(&told))))
			told = why;
	}
	job->key = key;
	buf_free(&kid);
	if (ret < 0)
		*e = told;
	return ret;
}

int
blob_open_chunks(const struct blob_format *f, struct slice head,
    struct blob_job *job, size_t *used, struct chunks **c, struct err *e)
{
	const struct doing d = {.f = f, .in = head, .used = used, .chunks = c};

	return do_each(&d, job, e);
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
		ret = blob_open_chunks(f, slice_head(in, f->head), job, &used,
		    &c, e);
	if (ret == 0)
		ret = run_chunks(c, slice_from(in, used), out->n, out, e);
	buf_free(&bare);
	return ret;
}

int
blob_open(const struct blob_format *f, struct slice in, struct blob_job *job,
    struct buf *out, struct err *e)
{
	const struct doing d = {.f = f, .in = in, .out = out};

	if (f->open != NULL)
		return do_each(&d, job, e);
	return open_chunks(f, in, job, out, e);
}

int
blob_seal(const struct blob_format *f, struct slice in, struct blob_job *job,
    struct buf *out, struct err *e)
{
	size_t was = out->n;
	struct chunks *c;

	if (f->seal != NULL)
		return f->seal(in, job, out, e);
	if (f->seal_chunks(job, out, &c, e) < 0)
		return -1;
	return run_chunks(c, in, was, out, e);
}
