/* jweseal.c -- see jwe.h: writing. */
#include "jose/jwe_in.h"

#include "codec/b64.h"
#include "jose/keywrap.h"
#include "ground/text.h"

/* A JWE on its way. */
struct sealed {
	const struct jwe_enc *enc;
	struct buf cek, prot, iv, body;	/* prot is text already */
};

static void
add_b64(struct buf *out, struct slice s)
{
	b64_encode(s, B64_URL, out);
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
		if (r[i].direct ? key_type(r[i].key) != KEY_OCT ||
		    jwe_enc_direct(key_oct(r[i].key).n) == NULL :
		    jwe_alg_for(r[i].key) == NULL)
			return err_set(e, E_INPUT, "key: neither RSA nor "
			    "symmetric of a size that AES has");
	}
	return 0;
}

/* "alg" and "kid" as members without braces; alg's names need no escapes. */
static void
add_alg(struct buf *out, const struct jwe_recipient *r)
{
	const struct jwe_alg *alg = r->direct ? jwe_dir : jwe_alg_for(r->key);

	buf_addf(out, "\"alg\":\"%s\"", alg->name);
	if (r->kid.n > 0) {
		buf_adds(out, ",\"kid\":");
		json_quote(r->kid, out);
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
		add_alg(&head, r);
		buf_adds(&head, ",");
	}
	buf_addf(&head, "\"enc\":\"%s\"}", s->enc->name);
	add_b64(&s->prot, slice_buf(&head));
	buf_free(&head);
}

/* Append the content's key, wrapped. */
static int
wrap_key(const struct sealed *s, const struct jwe_recipient *r,
    struct buf *out, struct err *e)
{
	if (r->direct)
		return 0;
	return keywrap_seal(keywrap_for(r->key), r->key, slice_buf(&s->cek),
	    out, e);
}

/* Append "name":"base64url" and what follows. */
static void
add_member(struct buf *out, const char *name, struct slice s, const char *end)
{
	buf_addf(out, "\"%s\":\"", name);
	add_b64(out, s);
	buf_addf(out, "\"%s", end);
}

/* Append the wrapped key as the form has it; in JSON it is nothing, not an
 * empty member, if it is direct (RFC 7516 section 7.2.1). */
static int
add_key(const struct sealed *s, const struct jwe_recipient *r,
    enum jwe_form form, struct buf *out, struct err *e)
{
	struct buf ek = {0};
	int ret;

	ret = wrap_key(s, r, &ek, e);
	if (ret == 0 && form == JWE_COMPACT)
		add_b64(out, slice_buf(&ek));
	else if (ret == 0 && ek.n > 0)
		add_member(out, "encrypted_key", slice_buf(&ek),
		    form == JWE_FLATTENED ? "," : "");
	buf_free(&ek);
	return ret;
}

static int
write_compact(const struct sealed *s, const struct jwe_recipient *r,
    struct buf *out, struct err *e)
{
	struct slice body = slice_buf(&s->body);
	size_t at = body.n - s->enc->tag;

	buf_add(out, slice_buf(&s->prot));
	buf_adds(out, ".");
	if (add_key(s, r, JWE_COMPACT, out, e) < 0)
		return -1;
	buf_adds(out, ".");
	add_b64(out, slice_buf(&s->iv));
	buf_adds(out, ".");
	add_b64(out, slice_head(body, at));
	buf_adds(out, ".");
	add_b64(out, slice_from(body, at));
	buf_adds(out, "\n");
	return 0;
}

/* The members encrypted_key or, in the general form, recipients, and a comma
 * behind. */
static int
add_recipients(const struct sealed *s, const struct jwe_recipient *r,
    size_t n, enum jwe_form form, struct buf *out, struct err *e)
{
	size_t i;

	if (form == JWE_FLATTENED)
		return add_key(s, r, form, out, e);
	buf_adds(out, "\"recipients\":[");
	for (i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? ",{" : "{");
		if (n > 1) {
			buf_adds(out, "\"header\":{");
			add_alg(out, &r[i]);
			buf_adds(out, "},");
		}
		if (add_key(s, &r[i], form, out, e) < 0)
			return -1;
		buf_adds(out, "}");
	}
	buf_adds(out, "],");
	return 0;
}

static int
write_json(const struct sealed *s, const struct jwe_recipient *r, size_t n,
    enum jwe_form form, struct buf *out, struct err *e)
{
	struct slice body = slice_buf(&s->body);
	size_t at = body.n - s->enc->tag;

	buf_adds(out, "{");
	if (add_recipients(s, r, n, form, out, e) < 0)
		return -1;
	buf_adds(out, "\"protected\":\"");
	buf_add(out, slice_buf(&s->prot));
	buf_adds(out, "\",");
	add_member(out, "iv", slice_buf(&s->iv), ",");
	add_member(out, "ciphertext", slice_head(body, at), ",");
	add_member(out, "tag", slice_from(body, at), "}\n");
	return 0;
}

/* Choose keys and iv, and encrypt. */
static void
seal_content(struct sealed *s, struct slice plain,
    const struct jwe_recipient *r, size_t n)
{
	if (r->direct) {
		s->enc = jwe_enc_direct(key_oct(r->key).n);
		buf_add(&s->cek, key_oct(r->key));
	} else {
		s->enc = jwe_enc_default;
		hash_random(buf_more(&s->cek, s->enc->key), s->enc->key);
	}
	hash_random(buf_more(&s->iv, s->enc->iv), s->enc->iv);
	protect(s, r, n);
	jwe_content_seal(s->enc, slice_buf(&s->cek), slice_buf(&s->iv),
	    slice_buf(&s->prot), plain, &s->body);
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
	if (plain.n <= JWE_MAX) {
		seal_content(&s, plain, r, n);
		ret = form == JWE_COMPACT ?
		    write_compact(&s, r, &text, e) :
		    write_json(&s, r, n, form, &text, e);
	}
	if (ret == 0 && (plain.n > JWE_MAX || text.n > JWE_MAX))
		ret = err_set(e, E_INPUT, "plaintext: %zu bytes make a JWE "
		    "of more than %d", plain.n, JWE_MAX);
	if (ret == 0)
		buf_add(out, slice_buf(&text));
	else
		(void)err_in(e, "jwe");
	buf_free(&s.cek);
	buf_free(&s.prot);
	buf_free(&s.iv);
	buf_free(&s.body);
	buf_free(&text);
	return ret;
}
