/* jweseal.c -- see jwe.h: writing. */
#include "jose/jwe_in.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "crypto/wrap.h"
#include "ground/text.h"
#include "jose/jwk.h"

/* The content's key for one recipient; iv and tag are A*GCMKW's, epk is
 * ECDH-ES's. */
struct wrapped {
	struct buf ek, iv, tag;
	struct key *epk;
};

/* A JWE on its way. */
struct sealed {
	const struct jwe_enc *enc;
	struct buf cek, prot, iv, body;	/* prot is text already */
	struct wrapped *to;		/* a recipient each */
};

static void
add_b64(struct buf *out, struct slice s)
{
	b64_encode(s, B64_URL, out);
}

static const struct jwe_alg *
alg_of(const struct jwe_recipient *r)
{
	return r->direct ? jwe_dir : jwe_alg_for(r->key);
}

/* The content's key is not wrapped, but agreed on. */
static bool
makes_cek(const struct jwe_recipient *r)
{
	return alg_of(r)->way == JWE_AGREE && alg_of(r)->kek == 0;
}

static int
check(const struct jwe_recipient *r, size_t n, enum jwe_form form,
    struct err *e)
{
	size_t i;

	if (n == 0 || n > JWE_RECIPIENTS_MAX)
		return err_set(e, E_USAGE, "%zu recipients where 1 to %d may "
		    "be", n, JWE_RECIPIENTS_MAX);
	if (n > 1 && form != JWE_GENERAL)
		return err_set(e, E_USAGE, "several recipients take the "
		    "general JSON serialization");
	for (i = 0; i < n; i++) {
		if (!text_is_utf8(r[i].kid))
			return err_set(e, E_INPUT, "kid: no UTF-8");
		if (r[i].direct && n > 1)
			return err_set(e, E_USAGE,
			    "direct encryption has one recipient");
		if (r[i].direct && (key_type(r[i].key) != KEY_OCT ||
		    jwe_enc_direct(key_oct(r[i].key).n) == NULL))
			return err_set(e, E_INPUT, "key: not symmetric of a "
			    "size that a content encryption has");
		if (!r[i].direct && jwe_alg_for(r[i].key) == NULL)
			return jwe_alg_none(r[i].key, e);
		if (n > 1 && makes_cek(&r[i]))
			return err_set(e, E_USAGE,
			    "alg ECDH-ES has one recipient");
	}
	return 0;
}

/* Append "name":"base64url" and what follows. */
static void
add_member(struct buf *out, const char *name, struct slice s, const char *end)
{
	buf_addf(out, "\"%s\":\"", name);
	add_b64(out, s);
	buf_addf(out, "\"%s", end);
}

/* "alg", "kid" and what else the algorithm has as members without braces;
 * alg's names need no escapes. */
static void
add_alg(struct buf *out, const struct jwe_recipient *r,
    const struct wrapped *w)
{
	const struct jwe_alg *alg = alg_of(r);

	buf_addf(out, "\"alg\":\"%s\"", alg->name);
	if (r->kid.n > 0) {
		buf_adds(out, ",\"kid\":");
		json_quote(r->kid, out);
	}
	if (w->tag.n > 0) {
		buf_adds(out, ",");
		add_member(out, "iv", slice_buf(&w->iv), ",");
		add_member(out, "tag", slice_buf(&w->tag), "");
	}
	if (w->epk != NULL) {
		buf_adds(out, ",\"epk\":");
		jwk_write(w->epk, false, slice_of(NULL, 0),
		    (struct json_val){0}, out);
	}
}

/* The header that is authenticated: all of it, but for what differs from one
 * recipient to the next. */
static void
protect(struct sealed *s, const struct jwe_recipient *r, size_t n)
{
	struct buf head = {0};

	buf_adds(&head, "{");
	if (n == 1) {
		add_alg(&head, r, s->to);
		buf_adds(&head, ",");
	}
	buf_addf(&head, "\"enc\":\"%s\"}", s->enc->name);
	add_b64(&s->prot, slice_buf(&head));
	buf_free(&head);
}

static int
wrap_oaep(const struct jwe_alg *alg, const struct key *key, struct slice cek,
    struct buf *out, struct err *e)
{
	const struct oaep how = {alg->hash, alg->hash, {NULL, 0}};
	struct oaep_run *run;
	int ret;

	if (oaep_start(key, &how, true, &run, e) < 0)
		return -1;
	ret = oaep_seal(run, cek, out, e);
	oaep_free(run);
	return ret;
}

static int
wrap_gcm(const struct jwe_alg *alg, const struct key *key, struct slice cek,
    struct wrapped *out, struct err *e)
{
	struct aead *a;
	size_t at;

	if (aead_start(alg->aead, key_oct(key), &a, e) < 0)
		return -1;
	hash_random(buf_more(&out->iv, AEAD_NONCE_SIZE), AEAD_NONCE_SIZE);
	aead_seal(a, slice_buf(&out->iv), slice_of(NULL, 0), cek, &out->ek);
	aead_free(a);
	at = out->ek.n - AEAD_TAG_SIZE;
	buf_add(&out->tag, slice_from(slice_buf(&out->ek), at));
	buf_cut(&out->ek, at);
	return 0;
}

/* Append what the recipient's key and a fresh one agree on. */
static int
agree(const struct sealed *s, const struct jwe_recipient *r,
    struct wrapped *w, struct buf *out, struct err *e)
{
	agree_generate(r->key, &w->epk);
	if (jwe_agree(alg_of(r), s->enc, slice_of(NULL, 0), slice_of(NULL, 0),
	    w->epk, r->key, out, e) == 0)
		return 0;
	return err_set(e, E_INPUT, "key: a point of low order");
}

static int
wrap_agreed(const struct sealed *s, const struct jwe_recipient *r,
    struct wrapped *w, struct err *e)
{
	struct buf kek = {0};
	int ret;

	if ((ret = agree(s, r, w, &kek, e)) == 0)
		ret = wrap_kw_seal(slice_buf(&kek), slice_buf(&s->cek),
		    &w->ek, e);
	buf_free(&kek);
	return ret;
}

/* The content's key, wrapped. */
static int
wrap_key(const struct sealed *s, const struct jwe_recipient *r,
    struct wrapped *out, struct err *e)
{
	const struct jwe_alg *alg = alg_of(r);
	struct slice cek = slice_buf(&s->cek);

	switch (alg->way) {
	case JWE_OAEP:
		return wrap_oaep(alg, r->key, cek, &out->ek, e);
	case JWE_KW:
		return wrap_kw_seal(key_oct(r->key), cek, &out->ek, e);
	case JWE_GCMKW:
		return wrap_gcm(alg, r->key, cek, out, e);
	case JWE_AGREE:
		return makes_cek(r) ? 0 : wrap_agreed(s, r, out, e);
	default:
		return 0;
	}
}

static void
write_compact(const struct sealed *s, struct buf *out)
{
	struct slice body = slice_buf(&s->body);
	size_t at = body.n - s->enc->tag;

	buf_add(out, slice_buf(&s->prot));
	buf_adds(out, ".");
	add_b64(out, slice_buf(&s->to->ek));
	buf_adds(out, ".");
	add_b64(out, slice_buf(&s->iv));
	buf_adds(out, ".");
	add_b64(out, slice_head(body, at));
	buf_adds(out, ".");
	add_b64(out, slice_from(body, at));
	buf_adds(out, "\n");
}

/* In JSON an encrypted key is nothing, not an empty member, if it is direct
 * (RFC 7516 section 7.2.1). */
static void
add_key(const struct wrapped *w, const char *end, struct buf *out)
{
	if (w->ek.n > 0)
		add_member(out, "encrypted_key", slice_buf(&w->ek), end);
}

/* The members encrypted_key or, in the general form, recipients, and a comma
 * behind. */
static void
add_recipients(const struct sealed *s, const struct jwe_recipient *r,
    size_t n, enum jwe_form form, struct buf *out)
{
	size_t i;

	if (form == JWE_FLATTENED) {
		add_key(s->to, ",", out);
		return;
	}
	buf_adds(out, "\"recipients\":[");
	for (i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? ",{" : "{");
		if (n > 1) {
			buf_adds(out, "\"header\":{");
			add_alg(out, &r[i], &s->to[i]);
			buf_adds(out, "},");
		}
		add_key(&s->to[i], "", out);
		buf_adds(out, "}");
	}
	buf_adds(out, "],");
}

static void
write_json(const struct sealed *s, const struct jwe_recipient *r, size_t n,
    enum jwe_form form, struct buf *out)
{
	struct slice body = slice_buf(&s->body);
	size_t at = body.n - s->enc->tag;

	buf_adds(out, "{");
	add_recipients(s, r, n, form, out);
	buf_adds(out, "\"protected\":\"");
	buf_add(out, slice_buf(&s->prot));
	buf_adds(out, "\",");
	add_member(out, "iv", slice_buf(&s->iv), ",");
	add_member(out, "ciphertext", slice_head(body, at), ",");
	add_member(out, "tag", slice_from(body, at), "}\n");
}

/* Choose keys and iv, and encrypt. */
static int
seal_content(struct sealed *s, struct slice plain,
    const struct jwe_recipient *r, size_t n, struct err *e)
{
	size_t i;

	if ((s->to = calloc(n, sizeof *s->to)) == NULL)
		err_nomem();
	if (r->direct) {
		s->enc = jwe_enc_direct(key_oct(r->key).n);
		buf_add(&s->cek, key_oct(r->key));
	} else if (s->enc = jwe_enc_default, makes_cek(r)) {
		if (agree(s, r, s->to, &s->cek, e) < 0)
			return -1;
	} else {
		hash_random(buf_more(&s->cek, s->enc->key), s->enc->key);
	}
	hash_random(buf_more(&s->iv, s->enc->iv), s->enc->iv);
	for (i = 0; i < n; i++)
		if (wrap_key(s, &r[i], &s->to[i], e) < 0)
			return -1;
	protect(s, r, n);
	jwe_content_seal(s->enc, slice_buf(&s->cek), slice_buf(&s->iv),
	    slice_buf(&s->prot), plain, &s->body);
	return 0;
}

static void
sealed_free(struct sealed *s, size_t n)
{
	size_t i;

	for (i = 0; s->to != NULL && i < n; i++) {
		buf_free(&s->to[i].ek);
		buf_free(&s->to[i].iv);
		buf_free(&s->to[i].tag);
		key_free(s->to[i].epk);
	}
	free(s->to);
	buf_free(&s->cek);
	buf_free(&s->prot);
	buf_free(&s->iv);
	buf_free(&s->body);
}

int
jwe_seal(struct slice plain, const struct jwe_recipient *r, size_t n,
    enum jwe_form form, struct buf *out, struct err *e)
{
	struct sealed s = {0};
	struct buf text = {0};
	int ret = 0;

	if (check(r, n, form, e) < 0)
		return err_in(e, "jwe");
	/* more than fits by far is not worth the work */
	if (plain.n <= JWE_MAX)
		ret = seal_content(&s, plain, r, n, e);
	if (ret == 0 && plain.n <= JWE_MAX && form == JWE_COMPACT)
		write_compact(&s, &text);
	else if (ret == 0 && plain.n <= JWE_MAX)
		write_json(&s, r, n, form, &text);
	if (ret == 0 && (plain.n > JWE_MAX || text.n > JWE_MAX))
		ret = err_set(e, E_INPUT, "plaintext: %zu bytes make a JWE "
		    "of more than %d", plain.n, JWE_MAX);
	if (ret == 0)
		buf_add(out, slice_buf(&text));
	else
		(void)err_in(e, "jwe");
	sealed_free(&s, n);
	buf_free(&text);
	return ret;
}
