/* jweread.c -- see jwe_in.h: a JWE taken apart by the rules of RFC 7516 that
 * need no key (section 5.2 steps 1 to 8 and section 7). */
#include "jose/jwe_in.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "ground/text.h"

struct slice
jwe_line(struct slice text)
{
	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n > 0 && text.p[text.n - 1] == '\r')
		text.n--;
	return text;
}

static int
decode(struct slice s, const char *name, struct buf *out, struct err *e)
{
	if (b64_decode(s, B64_JOSE, out, e) < 0)
		return err_in(e, "%s", name);
	return 0;
}

/* The same of a string in the JSON.  Base64url needs no escapes, so that the
 * text is decoded where it stands: it may be large. */
static int
decode_member(struct json_val v, const char *name, struct buf *out,
    struct err *e)
{
	struct buf text = {0};
	struct slice span;
	int ret;

	if (json_is(v, JSON_STRING)) {
		span = json_span(v);
		span = slice_of(span.p + 1, span.n - 2);
		if (slice_find(span, '\\') == span.n)
			return decode(span, name, out, e);
	}
	if (json_text(v, name, &text, e) < 0)
		return -1;
	ret = decode(slice_buf(&text), name, out, e);
	buf_free(&text);
	return ret;
}

/* What a length is wrong for, whatever the key. */
static int
check_to(struct jwe *j, const struct jwe_to *to, struct err *e)
{
	enum jwe_way way = to->alg->way;
	bool wraps = way == JWE_KW || way == JWE_PASS ||
	    (way == JWE_AGREE && to->alg->kek > 0);
	bool alone = way == JWE_DIR || (way == JWE_AGREE && !wraps);

	if (alone && j->n > 1)
		return err_set(e, E_INPUT, "alg %s: with other recipients",
		    to->alg->name);
	if (alone && to->ek.n > 0)
		return err_set(e, E_INPUT, "encrypted_key: not empty, but "
		    "alg is %s", to->alg->name);
	if (way == JWE_PASS && (j->rounds += to->rounds) > JWE_ROUNDS_MAX)
		return err_set(e, E_INPUT, "p2c: more than %d of all "
		    "recipients together", JWE_ROUNDS_MAX);
	if (wraps && to->ek.n != j->enc->key + 8)
		return err_set(e, E_INPUT,
		    "encrypted_key: %zu bytes where %zu belong", to->ek.n,
		    j->enc->key + 8);
	if (to->alg->way == JWE_GCMKW && to->ek.n != j->enc->key)
		return err_set(e, E_INPUT,
		    "encrypted_key: %zu bytes where %zu belong", to->ek.n,
		    j->enc->key);
	if (to->alg->way == JWE_OAEP && to->ek.n == 0)
		return err_set(e, E_INPUT, "encrypted_key: empty");
	return 0;
}

static int
check_iv(const struct jwe *j, struct err *e)
{
	if (j->iv.n != j->enc->iv)
		return err_set(e, E_INPUT, "iv: %zu bytes where %zu belong",
		    j->iv.n, j->enc->iv);
	return 0;
}

/* tag goes behind the ciphertext, once both have the lengths of enc. */
static int
check_content(struct jwe *j, struct slice tag, struct err *e)
{
	if (check_iv(j, e) < 0)
		return -1;
	if (tag.n != j->enc->tag)
		return err_set(e, E_INPUT, "tag: %zu bytes where %zu belong",
		    tag.n, j->enc->tag);
	if (!j->enc->gcm && (j->body.n == 0 ||
	    j->body.n % CBCHS_BLOCK_SIZE != 0))
		return err_set(e, E_INPUT,
		    "ciphertext: %zu bytes are no whole blocks of %d",
		    j->body.n, CBCHS_BLOCK_SIZE);
	buf_add(&j->body, tag);
	return 0;
}

/* The protected header, a base64url text of at least one character. */
static int
read_protected(struct jwe *j, struct slice text, struct err *e)
{
	if (text.n == 0)
		return err_set(e, E_INPUT, "protected: empty");
	if (decode(text, "protected", &j->header, e) < 0)
		return -1;
	if (json_parse(slice_buf(&j->header), &j->head, e) < 0)
		return err_in(e, "protected");
	if (!json_is(json_root(j->head), JSON_OBJECT))
		return err_set(e, E_INPUT, "protected: not a JSON object");
	buf_add(&j->aad, text);
	return 0;
}

static void
recipients(struct jwe *j, size_t n)
{
	j->to = calloc(n, sizeof *j->to);
	if (j->to == NULL)
		err_nomem();
	j->n = n;
}

/* The three parts before the ciphertext. */
static int
read_head(const struct slice part[3], struct jwe *j, struct err *e)
{
	struct jwe_heads h = {0};

	recipients(j, 1);
	if (read_protected(j, part[0], e) < 0)
		return -1;
	h.part[0] = json_root(j->head);
	if (jwe_header(&h, j, j->to, e) < 0 ||
	    decode(part[1], "encrypted_key", &j->to->ek, e) < 0 ||
	    check_to(j, j->to, e) < 0)
		return -1;
	return decode(part[2], "iv", &j->iv, e);
}

int
jwe_parse_head(struct slice text, struct jwe *out, struct err *e)
{
	struct slice part[3];
	struct jwe j = {0};
	size_t i, at;

	for (i = 0; i < 3; i++) {
		at = slice_find(text, '.');
		part[i] = slice_head(text, at);
		text = slice_from(text, at + 1);
	}
	if (read_head(part, &j, e) < 0 || check_iv(&j, e) < 0) {
		jwe_free(&j);
		return err_in(e, "jwe");
	}
	*out = j;
	return 0;
}

static int
read_compact(struct slice text, struct jwe *j, struct err *e)
{
	struct buf tag = {0};
	struct slice part[5];
	size_t i, at;
	int ret = -1;

	for (i = 0; i < 5; i++) {
		at = slice_find(text, '.');
		part[i] = slice_head(text, at);
		if ((at == text.n) != (i == 4))
			return err_set(e, E_INPUT, "neither a JSON object nor "
			    "five parts with dots between them");
		text = slice_from(text, at + 1);
	}
	if (read_head(part, j, e) == 0 &&
	    decode(part[3], "ciphertext", &j->body, e) == 0 &&
	    decode(part[4], "tag", &tag, e) == 0)
		ret = check_content(j, slice_buf(&tag), e);
	buf_free(&tag);
	return ret;
}

/* A header that is JSON and not text of it. */
static int
plain_header(struct json_val in, const char *name, struct json_val *out,
    struct err *e)
{
	*out = json_get(in, name);
	if (json_has(*out) && !json_is(*out, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s: %s, not an object", name,
		    json_kind_name(*out));
	return 0;
}

/* from has header and encrypted_key: an entry of recipients or, flattened,
 * the whole. */
static int
read_to(struct jwe *j, struct jwe_heads h, struct json_val from,
    struct jwe_to *to, struct err *e)
{
	struct json_val ek = json_get(from, "encrypted_key");

	if (!json_is(from, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s, not an object",
		    json_kind_name(from));
	if (plain_header(from, "header", &h.part[2], e) < 0 ||
	    jwe_header(&h, j, to, e) < 0)
		return -1;
	if (json_has(ek) && decode_member(ek, "encrypted_key", &to->ek, e) < 0)
		return -1;
	return check_to(j, to, e);
}

static int
read_recipients(struct jwe *j, struct jwe_heads h, struct err *e)
{
	struct json_val root = json_root(j->doc), v;
	struct json_val list = json_get(root, "recipients");
	size_t i;

	if (!json_has(list)) {
		recipients(j, 1);
		return read_to(j, h, root, j->to, e);
	}
	/* go-jose has the first recipient's key once more at the top */
	if (json_has(json_get(root, "header")) ||
	    (json_has(json_get(root, "encrypted_key")) &&
	    !json_equal(json_get(root, "encrypted_key"),
	    json_get(json_at(list, 0), "encrypted_key"))))
		return err_set(e, E_INPUT, "header or encrypted_key beside "
		    "recipients (RFC 7516 7.2.1)");
	if (!json_is(list, JSON_ARRAY) || json_count(list) == 0 ||
	    json_count(list) > JWE_RECIPIENTS_MAX)
		return err_set(e, E_INPUT, "recipients: no array of 1 to %d",
		    JWE_RECIPIENTS_MAX);
	recipients(j, json_count(list));
	v = json_first(list);
	for (i = 0; i < j->n; i++, v = json_next(v))
		if (read_to(j, h, v, &j->to[i], e) < 0)
			return err_in(e, "recipient %zu", i + 1);
	return 0;
}

/* The content's additional data are the protected header's text and, after a
 * dot, the text of aad (RFC 7516 section 5.1 step 14). */
static int
read_aad(struct jwe *j, struct err *e)
{
	struct json_val aad = json_get(json_root(j->doc), "aad");
	struct buf bytes = {0};
	int ret;

	if (!json_has(aad))
		return 0;
	ret = decode_member(aad, "aad", &bytes, e);
	if (ret == 0 && bytes.n == 0)
		ret = err_set(e, E_INPUT, "aad: empty");
	buf_addc(&j->aad, '.');
	if (ret == 0)
		ret = json_text(aad, "aad", &j->aad, e);
	buf_free(&bytes);
	return ret;
}

static int
read_json(struct slice text, struct jwe *j, struct err *e)
{
	struct json_val root, prot;
	struct jwe_heads h = {0};
	struct buf keep = {0}, tag = {0};
	int ret = -1;

	if (json_parse(text, &j->doc, e) < 0)
		return -1;
	root = json_root(j->doc);
	prot = json_get(root, "protected");
	if (json_has(prot) && (json_text(prot, "protected", &keep, e) < 0 ||
	    read_protected(j, slice_buf(&keep), e) < 0))
		goto out;
	if (json_has(prot))
		h.part[0] = json_root(j->head);
	if (plain_header(root, "unprotected", &h.part[1], e) == 0 &&
	    read_recipients(j, h, e) == 0 &&
	    read_aad(j, e) == 0 &&
	    decode_member(json_get(root, "iv"), "iv", &j->iv, e) == 0 &&
	    decode_member(json_get(root, "ciphertext"), "ciphertext", &j->body,
	    e) == 0 &&
	    decode_member(json_get(root, "tag"), "tag", &tag, e) == 0)
		ret = check_content(j, slice_buf(&tag), e);
out:
	buf_free(&keep);
	buf_free(&tag);
	return ret;
}

int
jwe_parse(struct slice text, struct jwe *out, struct err *e)
{
	struct jwe j = {0};
	int ret;

	if (text_no_bom(text, "jwe", e) < 0)
		return -1;
	if (text.n > JWE_MAX)
		ret = err_set(e, E_INPUT, "larger than %d bytes", JWE_MAX);
	else if (slice_starts(slice_trim(text), "{"))
		ret = read_json(text, &j, e);
	else
		ret = read_compact(jwe_line(text), &j, e);
	if (ret < 0) {
		jwe_free(&j);
		return err_in(e, "jwe");
	}
	*out = j;
	return 0;
}

void
jwe_free(struct jwe *j)
{
	size_t i;

	for (i = 0; i < j->n; i++) {
		buf_free(&j->to[i].ek);
		buf_free(&j->to[i].iv);
		buf_free(&j->to[i].tag);
		key_free(j->to[i].epk);
		buf_free(&j->to[i].apu);
		buf_free(&j->to[i].apv);
		buf_free(&j->to[i].salt);
	}
	free(j->to);
	json_free(j->head);
	json_free(j->doc);
	buf_free(&j->header);
	buf_free(&j->aad);
	buf_free(&j->iv);
	buf_free(&j->body);
	*j = (struct jwe){0};
}
