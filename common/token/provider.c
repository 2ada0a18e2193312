/* provider.c -- see provider.h. */
#include "token/provider.h"

#include "codec/b64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "jose/jws.h"

static const char claim[] = "x-ms-policy-hash";

/* What providers begin with, by the type of what is attested; taken from
 * tokens of providers that nobody gave a policy. */
static const struct {
	const char *type, *hash, *whose;
} defaults[] = {
	{"sevsnpvm", "9NY0VnTQ-IiBriBplVUpFbczcDaEBUwsiFYAzHu_gco",
	    "the provider's default policy for SEV-SNP guests"},
	{"azurevm", "wm9mHlvTU82e8UqoOy1Yj1FBRSNkfe99-69IYDq9eWs",
	    "the provider's default policy for virtual machines"},
};

static void
encode(const uint8_t sum[SHA256_SIZE], struct buf *out)
{
	b64_encode(slice_of(sum, SHA256_SIZE), B64_URL, out);
}

void
provider_hash(struct slice text, struct buf *out)
{
	uint8_t sum[SHA256_SIZE];
	struct buf coded = {0};

	b64_encode(text, B64_URL, &coded);
	hash_sha256(slice_buf(&coded), sum);
	encode(sum, out);
	buf_free(&coded);
}

/* Append the text out of the payload {"AttestationPolicy": base64url}. */
static int
out_of_jws(const struct jws *jws, struct buf *text, struct err *e)
{
	struct json *doc;
	struct buf coded = {0};
	int ret = -1;

	if (json_parse(slice_buf(&jws->payload), &doc, e) < 0)
		return -1;
	if (json_text(json_get(json_root(doc), "AttestationPolicy"),
	    "AttestationPolicy", &coded, e) == 0)
		ret = b64_decode(slice_buf(&coded), B64_JOSE, text, e);
	buf_free(&coded);
	json_free(doc);
	return ret;
}

/* Append the policy's text. */
static int
text_of(struct slice file, struct buf *text, struct err *e)
{
	struct slice bare = slice_trim(file);
	struct jws jws;
	int ret;

	/* no policy begins as a JWS does: its first word is "version" */
	if (!slice_starts(bare, "ey")) {
		buf_add(text, file);
		ret = 0;
	} else if ((ret = jws_parse_any(bare, &jws, e)) == 0) {
		ret = out_of_jws(&jws, text, e);
		jws_free(&jws);
	}
	if (ret == 0 && text->n == 0)
		ret = err_set(e, E_INPUT, "no text");
	return ret < 0 ? err_in(e, "provider's policy") : 0;
}

int
provider_hash_of(struct slice file, struct buf *out, struct err *e)
{
	struct buf text = {0};
	int ret = text_of(file, &text, e);

	if (ret == 0)
		provider_hash(slice_buf(&text), out);
	buf_free(&text);
	return ret;
}

int
provider_hash_parse(struct slice text, struct buf *out, struct err *e)
{
	struct buf raw = {0};
	int ret;

	if (text.n == 2 * SHA256_SIZE)
		ret = hex_decode(text, &raw, e);
	else
		ret = b64_decode(text, B64_URL, &raw, e);
	if (ret < 0 || raw.n != SHA256_SIZE)
		ret = err_set(e, E_USAGE, "neither base64url of 32 bytes, nor "
		    "64 hex digits, nor @FILE");
	else
		encode(raw.p, out);
	buf_free(&raw);
	return ret;
}

/* Append text with other line ends: as Unix or Windows has them, and with
 * more or less of them at the end. */
static void
respell(struct slice text, bool windows, size_t ends, struct buf *out)
{
	struct slice line;
	size_t i;

	while (text.n > 0 && (text.p[text.n - 1] == '\n' ||
	    text.p[text.n - 1] == '\r'))
		text.n--;
	while (text.n > 0) {
		line = slice_head(text, slice_find(text, '\n'));
		text = slice_from(text, line.n + 1);
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		buf_add(out, line);
		if (text.n > 0)
			buf_adds(out, windows ? "\r\n" : "\n");
	}
	for (i = 0; i < ends; i++)
		buf_adds(out, windows ? "\r\n" : "\n");
}

/* The claim is the hash of the file's policy, but for its line ends. */
static bool
near(struct json_val v, struct slice file)
{
	struct buf text = {0}, other = {0}, hash = {0};
	bool found = false;
	struct err e;
	size_t i;

	if (text_of(file, &text, &e) < 0)
		return false;
	for (i = 0; i < 6 && !found; i++) {
		buf_cut(&other, 0);
		buf_cut(&hash, 0);
		respell(slice_buf(&text), i % 2 == 1, i / 2, &other);
		provider_hash(slice_buf(&other), &hash);
		found = json_text_eq(v, slice_buf(&hash));
	}
	buf_free(&text);
	buf_free(&other);
	buf_free(&hash);
	return found;
}

int
provider_check(struct json_val claims, struct slice hash, struct slice file,
    struct err *e)
{
	struct json_val v = json_get(claims, claim);
	const char *whose = provider_whose(claims);

	if (!json_has(v))
		return err_set(e, E_NO, "claims: %s is missing", claim);
	if (json_text_eq(v, hash))
		return 0;
	(void)err_set(e, E_NO, "claims: %s is %.*s, not \"%.*s\"", claim,
	    (int)slice_head(json_span(v), 2 * PROVIDER_HASH_SIZE).n,
	    (const char *)json_span(v).p, (int)hash.n, (const char *)hash.p);
	if (file.n > 0 && near(v, file))
		(void)err_hint(e, "the token's is the hash of this policy with "
		    "other line ends");
	else if (whose != NULL)
		(void)err_hint(e, "the token's is that of %s", whose);
	return -1;
}

const char *
provider_whose(struct json_val claims)
{
	struct json_val v = json_get(claims, claim);
	struct buf text = {0}, hash = {0};
	const char *whose = NULL;
	struct err e;
	size_t i;

	if (json_text(v, claim, &text, &e) == 0 &&
	    provider_hash_parse(slice_buf(&text), &hash, &e) == 0)
		whose = "a policy of the provider's owner";
	for (i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (json_text_is(json_get(claims, "x-ms-attestation-type"),
		    defaults[i].type) && json_text_is(v, defaults[i].hash))
			whose = defaults[i].whose;
	buf_free(&text);
	buf_free(&hash);
	return whose;
}
