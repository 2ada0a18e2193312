/* jwehead.c -- see jwe_in.h: what the headers of a JWE say (RFC 7516 section
 * 4). */
#include "jose/jwe_in.h"

#include "codec/b64.h"

static struct json_val
find(const struct jwe_heads *h, const char *name)
{
	struct json_val v = {0};
	size_t i;

	for (i = 0; i < 3 && !json_has(v); i++)
		v = json_get(h->part[i], name);
	return v;
}

/* A name in two headers could be read either way (RFC 7516 section 4). */
static int
disjoint(const struct jwe_heads *h, struct err *e)
{
	struct json_val v;
	struct buf name = {0};
	size_t i, k;

	for (i = 0; i < 3; i++)
		if (json_count(h->part[i]) > JWE_NAMES_MAX)
			return err_set(e, E_INPUT,
			    "header: more than %d names", JWE_NAMES_MAX);
	for (i = 1; i < 3; i++)
		for (v = json_first(h->part[i]); json_has(v); v = json_next(v))
			for (k = 0; k < i; k++) {
				buf_cut(&name, 0);
				if (json_text(json_name(v), "header", &name,
				    e) < 0)
					goto out;
				if (!json_has(json_get_s(h->part[k],
				    slice_buf(&name))))
					continue;
				(void)err_set(e, E_INPUT, "header: %.*s "
				    "stands in two headers",
				    (int)slice_head(slice_buf(&name), 40).n,
				    (const char *)name.p);
				goto out;
			}
	buf_free(&name);
	return 0;
out:
	buf_free(&name);
	return -1;
}

/* What is said of algorithms that RFC 7518 may know, but we do not. */
static int
unsupported(struct json_val v, const char *what, struct err *e)
{
	struct buf name = {0};

	if (json_text(v, what, &name, e) == 0)
		(void)err_set(e, E_INPUT, "%s %.*s is not supported", what,
		    (int)slice_head(slice_buf(&name), 40).n,
		    (const char *)name.p);
	buf_free(&name);
	return -1;
}

/* A parameter of A*GCMKW (RFC 7518 section 4.7.1). */
static int
read_part(const struct jwe_heads *h, const char *name, size_t n,
    struct buf *out, struct err *e)
{
	struct buf text = {0};
	int ret;

	if (json_text(find(h, name), name, &text, e) < 0)
		return err_in(e, "header");
	ret = b64_decode(slice_buf(&text), B64_JOSE, out, e);
	if (ret == 0 && out->n != n)
		ret = err_set(e, E_INPUT, "%zu bytes where %zu belong",
		    out->n, n);
	buf_free(&text);
	return ret < 0 ? err_in(e, "header: %s", name) : 0;
}

static int
check_enc(const struct jwe_heads *h, struct jwe *j, struct err *e)
{
	struct json_val enc = find(h, "enc");
	const struct jwe_enc *row = jwe_enc_named(enc);

	if (row == NULL)
		return unsupported(enc, "enc", e);
	if (j->enc != NULL && j->enc != row)
		return err_set(e, E_INPUT,
		    "enc: not the same for all recipients");
	j->enc = row;
	return 0;
}

/* What only this algorithm has. */
static int
read_own(const struct jwe_heads *h, struct jwe_to *to, struct err *e)
{
	switch (to->alg->way) {
	case JWE_GCMKW:
		if (read_part(h, "iv", AEAD_NONCE_SIZE, &to->iv, e) < 0)
			return -1;
		return read_part(h, "tag", AEAD_TAG_SIZE, &to->tag, e);
	case JWE_AGREE:
		return jwe_agree_read(find(h, "epk"), find(h, "apu"),
		    find(h, "apv"), to, e);
	case JWE_PASS:
		return jwe_pass_read(find(h, "p2s"), find(h, "p2c"), to, e);
	default:
		return 0;
	}
}

/* Extensions that must be understood, and none is; and compression, which
 * lets a small text grow without bound (RFC 8725 section 3.6 says why else).
 */
int
jwe_header(const struct jwe_heads *h, struct jwe *j, struct jwe_to *to,
    struct err *e)
{
	static const char *const texts[] = {"alg", "enc", "kid", "typ", "cty"};
	struct json_val v;
	size_t i;

	if (disjoint(h, e) < 0)
		return -1;
	if (json_has(find(h, "crit")))
		return err_set(e, E_INPUT, "header: crit names extensions "
		    "that are not understood");
	if (json_has(find(h, "zip")))
		return err_set(e, E_INPUT, "header: zip is not supported");
	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		v = find(h, texts[i]);
		if (json_has(v) ? !json_is(v, JSON_STRING) : i < 2)
			return err_set(e, E_INPUT, json_has(v) ?
			    "header: %s is %s, not a string" :
			    "header: %s is %s", texts[i], json_kind_name(v));
	}
	to->name = find(h, "alg");
	to->kid = find(h, "kid");
	to->alg = jwe_alg_named(to->name);
	return read_own(h, to, e) < 0 ? -1 : check_enc(h, j, e);
}
