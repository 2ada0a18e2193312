/* jwe.c -- see jwe.h: recognising and opening. */
#include "jose/jwe.h"

#include "codec/b64.h"
#include "crypto/wrap.h"
#include "jose/jwe_in.h"

static bool
is_compact(struct slice s)
{
	size_t i, dots = 0;

	s = jwe_line(s);
	if (slice_starts(s, "."))
		return false;
	for (i = 0; i < s.n; i++)
		if (s.p[i] == '.')
			dots++;
		else if ((s.p[i] < 'A' || s.p[i] > 'Z') &&
		    (s.p[i] < 'a' || s.p[i] > 'z') &&
		    (s.p[i] < '0' || s.p[i] > '9') &&
		    s.p[i] != '-' && s.p[i] != '_')
			return false;
	return dots == 4;
}

bool
jwe_is(struct slice s)
{
	struct json *doc;
	struct json_val root;
	struct err e;
	bool is;

	if (!slice_starts(slice_trim(s), "{"))
		return is_compact(s);
	if (json_parse(s, &doc, &e) < 0)
		return false;
	root = json_root(doc);
	is = json_is(json_get(root, "ciphertext"), JSON_STRING) &&
	    json_is(json_get(root, "iv"), JSON_STRING) &&
	    json_is(json_get(root, "tag"), JSON_STRING);
	json_free(doc);
	return is;
}

/* The key says nothing else of what it is for. */
static int
key_meant(const struct jwe *j, const struct jwe_to *to, const struct key *key,
    struct err *e)
{
	if (to->alg->way == JWE_DIR && slice_is(key_alg(key), j->enc->name))
		return 0;
	return key_meant_for(key, to->alg->name, e);
}

static int
agrees(const struct jwe_to *to, const struct key *key, struct err *e)
{
	if (to->epk == NULL)
		return err_set(e, E_INPUT, "epk: on a curve that is not "
		    "supported");
	if (!agree_same_curve(to->epk, key))
		return err_set(e, E_NO, "alg %s takes a key on the curve of "
		    "epk", to->alg->name);
	return 0;
}

/* The key is of the type that alg takes, and of the size: all this is public,
 * so that the reason may be said. */
static int
key_fits(const struct jwe *j, const struct jwe_to *to, const struct key *key,
    struct err *e)
{
	struct slice name = json_span(to->name);
	size_t want;

	if (key_type(key) == KEY_ED25519 || key_type(key) == KEY_XWING)
		return err_set(e, E_INPUT, "key: neither RSA, nor on a curve "
		    "to agree on one, nor symmetric, nor a passphrase");

	name = slice_head(slice_of(name.p + 1, name.n - 2), 40);
	if (to->alg->way == JWE_UNSUPPORTED)
		return err_set(e, E_INPUT, "alg %.*s is not supported",
		    (int)name.n, (const char *)name.p);
	if (to->alg->way == JWE_OAEP) {
		if (key_type(key) != KEY_RSA)
			return err_set(e, E_NO, "alg %s takes an RSA key",
			    to->alg->name);
		if (to->ek.n != key_size(key))
			return err_set(e, E_INPUT, "encrypted_key: %zu bytes "
			    "where the key makes %zu", to->ek.n,
			    key_size(key));
		return 0;
	}
	if (to->alg->way == JWE_AGREE)
		return agrees(to, key, e);
	if (to->alg->way == JWE_PASS)
		return key_type(key) == KEY_PASS || key_type(key) == KEY_OCT ?
		    0 : err_set(e, E_NO, "alg %s takes a passphrase",
		    to->alg->name);
	want = to->alg->way == JWE_DIR ? j->enc->key : to->alg->kek;
	if (key_type(key) == KEY_OCT && key_oct(key).n == want)
		return 0;
	return err_set(e, E_NO, "alg %s with enc %s takes a symmetric key of "
	    "%zu bytes", to->alg->name, j->enc->name, want);
}

/* named: some recipient has the kid asked for, so that one without is not
 * meant. */
static int
fits(const struct jwe *j, const struct jwe_to *to, const struct key *key,
    struct slice kid, bool named, struct err *e)
{
	if (kid.n > 0 && (named || json_has(to->kid)) &&
	    !json_text_eq(to->kid, kid))
		return err_set(e, E_NO, "its kid is not %.*s",
		    (int)slice_head(kid, 100).n, (const char *)kid.p);
	if (key_fits(j, to, key, e) < 0)
		return -1;
	return key_meant(j, to, key, e);
}

static int
open_gcm(const struct jwe_to *to, const struct key *key, struct buf *cek,
    struct err *e)
{
	struct buf body = {0};
	struct aead *a;
	int ret;

	if (aead_start(to->alg->aead, key_oct(key), &a, e) < 0)
		return -1;
	buf_add(&body, slice_buf(&to->ek));
	buf_add(&body, slice_buf(&to->tag));
	ret = aead_open(a, slice_buf(&to->iv), slice_of(NULL, 0),
	    slice_buf(&body), cek, e);
	aead_free(a);
	buf_free(&body);
	return ret;
}

static int
open_oaep(const struct jwe_to *to, const struct key *key, struct buf *cek,
    struct err *e)
{
	const struct oaep how = {to->alg->hash, to->alg->hash, {NULL, 0}};
	struct oaep_run *run;
	int ret;

	if (oaep_start(key, &how, false, &run, e) < 0)
		return -1;
	ret = oaep_open(run, slice_buf(&to->ek), cek, e);
	oaep_free(run);
	return ret;
}

/* By a key that was made for it. */
static int
open_made(const struct jwe *j, const struct jwe_to *to, const struct key *key,
    struct buf *cek, struct err *e)
{
	struct buf kek = {0};
	int ret = 0;

	if (to->alg->way == JWE_PASS)
		jwe_pass_kek(to, key, &kek);
	else
		ret = jwe_agree(to->alg, j->enc, slice_buf(&to->apu),
		    slice_buf(&to->apv), key, to->epk, &kek, e);
	if (ret == 0 && to->alg->kek == 0)
		buf_add(cek, slice_buf(&kek));
	else if (ret == 0)
		ret = wrap_kw_open(slice_buf(&kek), slice_buf(&to->ek), cek,
		    e);
	buf_free(&kek);
	return ret;
}

static int
open_key(const struct jwe *j, const struct jwe_to *to, const struct key *key,
    struct buf *cek, struct err *e)
{
	switch (to->alg->way) {
	case JWE_GCMKW:
		return open_gcm(to, key, cek, e);
	case JWE_KW:
		return wrap_kw_open(key_oct(key), slice_buf(&to->ek), cek, e);
	case JWE_AGREE:
	case JWE_PASS:
		return open_made(j, to, key, cek, e);
	case JWE_DIR:
		buf_add(cek, key_oct(key));
		return 0;
	default:
		return open_oaep(to, key, cek, e);
	}
}

/* A key that does not unwrap becomes a random one (RFC 7516 section 11.5):
 * what follows takes the same path and ends in the same message. */
static void
content_key(const struct jwe *j, const struct jwe_to *to,
    const struct key *key, struct buf *cek)
{
	struct err e;

	if (open_key(j, to, key, cek, &e) == 0 && cek->n == j->enc->key)
		return;
	buf_cut(cek, 0);
	hash_random(buf_more(cek, j->enc->key), j->enc->key);
}

/* Of several that fit nothing shows which it is before the very end. */
int
jwe_cek(const struct jwe *j, const struct keys *keys, struct slice kid,
    struct buf *cek, struct err *e)
{
	const struct key *key = NULL;
	bool named = json_text_eq(j->to->kid, kid);
	struct buf own = {0};
	struct err why, first = {.code = E_OK};
	size_t i;

	if (json_has(j->to->kid))
		(void)json_text(j->to->kid, "kid", &own, &why);
	for (i = 0; i < keys->n; i++) {
		if (!keys_meant(keys, i, slice_buf(&own)))
			continue;
		if (fits(j, j->to, keys->v[i], kid, named, &why) < 0) {
			if (first.code == E_OK)
				first = why;
			continue;
		}
		if (key != NULL) {
			buf_free(&own);
			(void)err_set(e, E_NO, "jwe: several keys could be "
			    "meant");
			return err_hint(e, "give just one with -k");
		}
		key = keys->v[i];
	}
	buf_free(&own);
	if (key == NULL) {
		*e = first;
		return err_in(e, "jwe");
	}
	content_key(j, j->to, key, cek);
	return 0;
}

static int
try(const struct jwe *j, const struct jwe_to *to, const struct key *key,
    struct buf *out, struct err *e)
{
	struct buf cek = {0};
	int ret;

	content_key(j, to, key, &cek);
	ret = jwe_content_open(j->enc, slice_buf(&cek), slice_buf(&j->iv),
	    slice_buf(&j->aad), slice_buf(&j->body), out, e);
	buf_free(&cek);
	return ret;
}

/* Why none of the recipients fits: its own reason if there is only one, or
 * if no key at all would do. */
static int
none_fits(const struct jwe *j, const struct err *first, bool supported,
    struct err *e)
{
	if (j->n == 1 || !supported)
		*e = *first;
	else
		(void)err_set(e, E_NO, "none of its %zu recipients is for "
		    "this key", j->n);
	return err_in(e, "jwe");
}

/* One recipient with each key that may be meant; *tried if one fitted. */
static int
open_to(const struct jwe *j, const struct jwe_to *to, const struct keys *keys,
    struct slice kid, bool named, bool *tried, struct buf *out,
    struct err *first, struct err *e)
{
	struct buf own = {0};
	struct err why;
	int ret = -1;
	size_t i;

	if (json_has(to->kid))
		(void)json_text(to->kid, "kid", &own, &why);
	for (i = 0; i < keys->n && ret < 0; i++) {
		if (!keys_meant(keys, i, slice_buf(&own)))
			continue;
		if (fits(j, to, keys->v[i], kid, named, &why) < 0) {
			if (first->code == E_OK)
				*first = why;
			continue;
		}
		*tried = true;
		ret = try(j, to, keys->v[i], out, e);
	}
	buf_free(&own);
	return ret;
}

static int
open_any(const struct jwe *j, const struct keys *keys, struct slice kid,
    struct buf *out, struct err *e)
{
	bool named = false, supported = false, tried = false;
	struct err first = {.code = E_OK};
	size_t i;
	int ret = -1;

	for (i = 0; i < j->n; i++) {
		named = named || json_text_eq(j->to[i].kid, kid);
		supported = supported ||
		    j->to[i].alg->way != JWE_UNSUPPORTED;
	}
	for (i = 0; i < j->n && ret < 0; i++)
		ret = open_to(j, &j->to[i], keys, kid, named, &tried, out,
		    &first, e);
	return tried ? ret : none_fits(j, &first, supported, e);
}

int
jwe_open_any(struct slice text, const struct keys *keys, struct slice kid,
    struct buf *out, struct err *e)
{
	struct jwe j = {0};
	int ret;

	if (jwe_parse(text, &j, e) < 0)
		return -1;
	ret = open_any(&j, keys, kid, out, e);
	jwe_free(&j);
	return ret;
}

int
jwe_open(struct slice text, const struct key *key, struct slice kid,
    struct buf *out, struct err *e)
{
	const struct keys one = {&key, 1};

	return jwe_open_any(text, &one, kid, out, e);
}
