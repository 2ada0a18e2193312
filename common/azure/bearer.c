/* bearer.c -- see bearer.h. */
#include "azure/bearer.h"

#include <ctype.h>
#include <string.h>

#include "codec/b64.h"
#include "ground/text.h"
#include "value/json.h"

/* RFC 6750 section 2.1, b64token. */
static bool
token_ok(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!isalnum(s.p[i]) && (s.p[i] == '\0' ||
		    strchr("-._~+/=", s.p[i]) == NULL))
			return false;
	return s.n > 0;
}

static int
from_object(struct slice text, struct buf *out, struct err *e)
{
	struct json *doc = NULL;
	struct json_val v;
	int ret;

	if (json_parse(text, &doc, e) < 0)
		return -1;
	v = json_get(json_root(doc), "access_token");
	if (!json_has(v))
		v = json_get(json_root(doc), "accessToken");
	ret = json_text(v, "access_token", out, e);
	json_free(doc);
	return ret;
}

/* What is wrong with it is not shown: it may be another secret. */
static int
take(const struct buf *token, struct buf *out, struct err *e)
{
	if (token->n == 0)
		return err_set(e, E_INPUT, "access token: empty");
	if (!token_ok(slice_buf(token)))
		return err_set(e, E_INPUT, "access token: a character that no "
		    "token has");
	buf_add(out, slice_buf(token));
	return 0;
}

int
bearer_answer(struct slice body, struct buf *out, struct err *e)
{
	struct buf token = {0};
	int ret;

	if ((ret = from_object(body, &token, e)) == 0)
		ret = take(&token, out, e);
	buf_free(&token);
	return ret;
}

int
bearer_read(struct slice text, struct buf *out, struct err *e)
{
	static const char header[] = "Authorization:";
	struct buf token = {0};
	int ret = 0;

	if (text_no_bom(text, "access token", e) < 0)
		return -1;
	text = slice_trim(text);
	/* as a file for curl -H @FILE has it */
	if (slice_starts_nocase(text, header))
		text = slice_trim(slice_from(text, strlen(header)));
	if (slice_starts(text, "{"))
		ret = from_object(text, &token, e);
	else if (slice_starts_nocase(text, "Bearer") &&
	    (text.n == 6 || text.p[6] == ' '))
		buf_add(&token, slice_trim(slice_from(text, 6)));
	else
		buf_add(&token, text);
	if (ret == 0)
		ret = take(&token, out, e);
	buf_free(&token);
	return ret;
}

static void
string_claim(struct json_val claims, const char *name, struct buf *out)
{
	struct json_val v = json_get(claims, name);
	struct err ignored;

	if (json_is(v, JSON_STRING))
		(void)json_text(v, name, out, &ignored);
}

void
bearer_claims(struct slice token, struct bearer_claims *out)
{
	struct slice payload = slice_from(token, slice_find(token, '.') + 1);
	struct json *doc = NULL;
	struct buf text = {0};
	struct err ignored;

	*out = (struct bearer_claims){0};
	payload = slice_head(payload, slice_find(payload, '.'));
	if (b64_decode(payload, B64_JOSE, &text, &ignored) == 0 &&
	    json_parse(slice_buf(&text), &doc, &ignored) == 0) {
		string_claim(json_root(doc), "aud", &out->aud);
		string_claim(json_root(doc), "tid", &out->tid);
		(void)json_int(json_get(json_root(doc), "exp"), &out->exp);
	}
	json_free(doc);
	buf_free(&text);
}

void
bearer_claims_free(struct bearer_claims *c)
{
	buf_free(&c->aud);
	buf_free(&c->tid);
}
