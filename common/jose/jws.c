/* jws.c -- see jws.h. */
#include "jose/jws.h"

#include "codec/b64.h"
#include "ground/text.h"

/* Every name of RFC 7518 section 3.1, RFC 8037 and RFC 8812: what is a known
 * algorithm, though not the one wanted, is an answer (no); what is none of
 * them is malformed. */
static const char *const known[] = {
	"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
	"ES512", "HS256", "HS384", "HS512", "none", "EdDSA", "ES256K",
};

static int
check_alg(struct json_val head, struct buf *alg, struct err *e)
{
	struct json_val val = json_get(head, "alg");
	size_t i;

	if (json_text(val, "alg", alg, e) < 0)
		return -1;
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_is(slice_buf(alg), known[i]))
			return 0;
	return err_set(e, E_INPUT, "alg is no known algorithm: %.*s",
	    (int)slice_head(slice_buf(alg), 40).n, (const char *)alg->p);
}

static int
check_header(struct jws *j, struct err *e)
{
	struct json_val head, val;

	if (json_parse(slice_buf(&j->header), &j->head, e) < 0)
		return -1;
	head = json_root(j->head);
	if (!json_is(head, JSON_OBJECT))
		return err_set(e, E_INPUT, "not a JSON object");
	if (check_alg(head, &j->alg, e) < 0)
		return -1;
	/* RFC 7515 section 4.1.11: what is critical must be understood, and
	 * no extension is */
	if (json_has(json_get(head, "crit")))
		return err_set(e, E_INPUT,
		    "crit names extensions that are not understood");
	val = json_get(head, "b64");
	if (json_has(val) && !json_is(val, JSON_TRUE))
		return err_set(e, E_INPUT, "b64 is not true (RFC 7797)");
	val = json_get(head, "typ");
	if (json_has(val) && !json_is(val, JSON_STRING))
		return err_set(e, E_INPUT, "typ is %s", json_kind_name(val));
	val = json_get(head, "kid");
	if (!json_has(val))
		return 0;
	if (json_text(val, "kid", &j->kid, e) < 0)
		return -1;
	/* an empty kid is one too: p must not stay NULL */
	buf_addc(&j->kid, '\0');
	buf_cut(&j->kid, j->kid.n - 1);
	return 0;
}

static int
split(struct slice text, struct slice part[3], bool bare, struct err *e)
{
	size_t i, dots = 0, at;
	struct slice rest;

	for (rest = text; (at = slice_find(rest, '.')) < rest.n; dots++)
		rest = slice_from(rest, at + 1);
	if (dots != 2)
		return err_set(e, E_INPUT, "%zu dots where 2 belong", dots);
	for (i = 0; i < 3; i++) {
		at = slice_find(text, '.');
		part[i] = slice_head(text, at);
		text = slice_from(text, at + 1);
		if (at == 0 && (i < 2 || !bare))
			return err_set(e, E_INPUT, "part %zu is empty", i + 1);
	}
	return 0;
}

/* bare: without a signature, if alg is none. */
static int
parse(struct slice text, bool bare, struct jws *j, struct err *e)
{
	static const char *const name[] = {"header", "payload", "signature"};
	struct buf *to[] = {&j->header, &j->payload, &j->sig};
	struct slice part[3];
	size_t i;

	if (text.n > JWS_MAX)
		return err_set(e, E_INPUT, "larger than %d bytes", JWS_MAX);
	if (split(text, part, bare, e) < 0)
		return -1;
	for (i = 0; i < 3; i++)
		if (b64_decode(part[i], B64_JOSE, to[i], e) < 0)
			return err_in(e, "%s", name[i]);
	j->signing_input = slice_head(text, part[0].n + 1 + part[1].n);
	if (check_header(j, e) < 0)
		return err_in(e, "header");
	if (part[2].n == 0 && !slice_is(slice_buf(&j->alg), "none"))
		return err_set(e, E_INPUT, "part 3 is empty");
	return 0;
}

static int
parse_either(struct slice text, bool bare, struct jws *out, struct err *e)
{
	struct jws j = {0};

	if (parse(text, bare, &j, e) < 0) {
		jws_free(&j);
		return err_in(e, "jws");
	}
	*out = j;
	return 0;
}

int
jws_parse(struct slice text, struct jws *out, struct err *e)
{
	return parse_either(text, false, out, e);
}

int
jws_parse_any(struct slice text, struct jws *out, struct err *e)
{
	return parse_either(text, true, out, e);
}

void
jws_free(struct jws *j)
{
	json_free(j->head);
	buf_free(&j->header);
	buf_free(&j->payload);
	buf_free(&j->sig);
	buf_free(&j->alg);
	buf_free(&j->kid);
	*j = (struct jws){0};
}

int
jws_alg(const struct jws *j, enum key_sig want, struct err *e)
{
	if (slice_is(slice_buf(&j->alg), key_sig_name(want)))
		return 0;
	return err_set(e, E_NO, "jws: alg is %.*s, not %s (RFC 8725 3.1)",
	    (int)j->alg.n, (const char *)j->alg.p, key_sig_name(want));
}

int
jws_verify(const struct jws *j, const struct key *key, enum key_sig want,
    struct err *e)
{
	if (jws_alg(j, want, e) < 0)
		return -1;
	if (key_verify(key, want, j->signing_input, slice_buf(&j->sig), e) < 0)
		return err_in(e, "jws");
	return 0;
}

int
jws_check(const struct jws *j, struct key_check *check, struct err *e)
{
	if (key_check_run(check, j->signing_input, slice_buf(&j->sig), e) < 0)
		return err_in(e, "jws");
	return 0;
}

static int
from_json(struct slice text, struct buf *out, struct err *e)
{
	struct json *doc;
	int ret;

	if (json_parse(text, &doc, e) < 0)
		return -1;
	ret = json_text(json_get(json_root(doc), "token"), "token", out, e);
	json_free(doc);
	return ret;
}

int
jws_token(struct slice text, struct buf *out, struct err *e)
{
	if (text_no_bom(text, "token", e) < 0)
		return -1;
	if (text.n > 0 && text.p[0] == '{')
		return from_json(text, out, e);
	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n > 0 && text.p[text.n - 1] == '\r')
		text.n--;
	if (slice_starts(text, "Bearer "))
		text = slice_from(text, strlen("Bearer "));
	if (text.n == 0)
		return err_set(e, E_INPUT, "token: empty");
	buf_add(out, text);
	return 0;
}
