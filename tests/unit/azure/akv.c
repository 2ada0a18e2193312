/* The body for a vault, and what a release says once its signature holds. */
#include "azure/akv.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "crypto/wrap.h"
#include "jose/jwk.h"
#include "unit/tap.h"
#include "value/json.h"

#define KID "https://v.example/keys/k/1"

static struct key *wrap, *other, *inner;
static struct endpoint_key address;
static struct buf inner_der, public;	/* PKCS#8; the members of its JWK */

static void
b64(struct slice s, struct buf *out)
{
	b64_encode(s, B64_URL, out);
}

/* What CKM_RSA_AES_KEY_WRAP and its kin make of material. */
static void
seal(enum hash hash, struct slice material, struct buf *out)
{
	const struct oaep how = {.hash = hash, .mgf1 = hash};
	struct oaep_run *run;
	uint8_t kek[32];
	struct err e;

	hash_random(kek, sizeof kek);
	if (oaep_start(wrap, &how, true, &run, &e) < 0 ||
	    oaep_seal(run, slice_of(kek, sizeof kek), out, &e) < 0 ||
	    wrap_kwp_seal(slice_of(kek, sizeof kek), material, out, &e) < 0)
		exit(1);
	oaep_free(run);
}

/* What differs from a good payload; members left out are as they should be. */
struct payload {
	const char *request;	/* instead of {"enc","kid","nonce"} */
	const char *kid, *members, *header_enc;
	enum hash hash;
	struct slice material;
};

static void
make(const struct payload *p, struct buf *out)
{
	struct buf sealed = {0}, hsm = {0};

	seal(p->hash, p->material, &sealed);
	buf_addf(&hsm, "{\"schema_version\":\"1.0\",\"header\":{\"enc\":\"%s\"}"
	    ",\"ciphertext\":\"", p->header_enc);
	b64(slice_buf(&sealed), &hsm);
	buf_adds(&hsm, "\"}");
	buf_addf(out, "{\"request\":%s,\"response\":{\"key\":{\"key\":{"
	    "\"kid\":\"%s\",%s,\"key_ops\":[\"decrypt\"],\"key_hsm\":\"",
	    p->request, p->kid, p->members);
	b64(slice_buf(&hsm), out);
	buf_adds(out, "\"},\"attributes\":{}}}}");
	buf_free(&sealed);
	buf_free(&hsm);
}

static void
judge(const char *name, const struct payload *change, const char *enc,
    const struct key *with, enum status want, const char *says)
{
	struct akv_asked asked = {.key = &address, .enc = enc, .nonce = "n",
	    .wrap = with};
	struct payload p = *change;
	struct buf text = {0}, request = {0}, jwk = {0};
	struct err e = {.code = E_OK};
	int ret;

	buf_addf(&request, "{\"api-version\":\"7.4\",\"enc\":\"%s\","
	    "\"kid\":\"%s\",\"nonce\":\"n\"}", enc, KID);
	buf_addc(&request, '\0');
	if (p.request == NULL)
		p.request = (const char *)request.p;
	if (p.kid == NULL)
		p.kid = KID;
	if (p.members == NULL)
		p.members = "\"kty\":\"oct-HSM\"";
	if (p.header_enc == NULL)
		p.header_enc = enc;
	if (p.material.p == NULL)
		p.material = slice_str("0123456789abcdef");
	make(&p, &text);
	ret = akv_payload(slice_buf(&text), &asked, &jwk, &e);
	buf_addc(&jwk, '\0');
	CHECK((ret == 0) == (want == E_OK) && e.code == want &&
	    strstr(ret == 0 ? (const char *)jwk.p : e.text, says) != NULL,
	    "%s: %s", name, ret == 0 ? "good" : e.text);
	buf_free(&text);
	buf_free(&request);
	buf_free(&jwk);
}

static void
check_good(void)
{
	static const char *const encs[] = {"CKM_RSA_AES_KEY_WRAP",
	    "RSA_AES_KEY_WRAP_256", "RSA_AES_KEY_WRAP_384"};
	struct payload p = {0};
	struct buf members = {0};
	size_t i;

	for (i = 0; i < 3; i++) {
		p.hash = (enum hash)i;
		judge(encs[i], &p, encs[i], wrap, E_OK,
		    "\"k\":\"MDEyMzQ1Njc4OWFiY2RlZg\",\"key_ops\":"
		    "[\"decrypt\"],\"kid\":\"" KID "\"");
	}
	p = (struct payload){.hash = HASH_SHA256};
	judge("a hash too weak for its name", &p, encs[2], wrap, E_NO,
	    "decryption failed");
	judge("another key", &p, encs[1], other, E_NO, "decryption failed");
	judge("a wrap not known", &p, "RSA_AES_KEY_WRAP_512", wrap, E_USAGE,
	    "RSA_AES_KEY_WRAP_512: no key wrap known");
	p.material = slice_buf(&inner_der);
	buf_addf(&members, "\"kty\":\"RSA-HSM\",%.*s", (int)public.n,
	    (const char *)public.p);
	buf_addc(&members, '\0');
	p.members = (const char *)members.p;
	judge("RSA", &p, encs[1], wrap, E_OK, "\"qi\":");
	p.members = "\"kty\":\"RSA\"";
	judge("RSA without a public half", &p, encs[1], wrap, E_OK, "\"d\":");
	p.members = "\"kty\":\"EC-HSM\"";
	judge("RSA that says EC", &p, encs[1], wrap, E_INPUT,
	    "not of the kind EC-HSM");
	p.members = "\"kty\":\"OKP\"";
	judge("a kind not known", &p, encs[1], wrap, E_INPUT, "OKP");
	p.members = "\"kid2\":1";
	judge("no kind", &p, encs[1], wrap, E_INPUT, "kty");
	p.members = "\"kty\":\"RSA\",\"kty\":\"RSA\"";
	judge("a name twice", &p, encs[1], wrap, E_INPUT, "payload");
	p = (struct payload){.hash = HASH_SHA256, .members =
	    "\"kty\":\"RSA\""};
	judge("RSA that is no PKCS#8", &p, encs[1], wrap, E_INPUT,
	    "released key");
	buf_free(&members);
}

static void
check_echo(void)
{
	static const char e1[] = "RSA_AES_KEY_WRAP_256";
	struct payload p = {.hash = HASH_SHA256};

#define REQUEST(kid, enc, nonce) "{\"kid\":" kid ",\"enc\":" enc nonce "}"

#define N ",\"nonce\":\"n\""
	p.request = REQUEST("\"" KID "\"", "\"RSA_AES_KEY_WRAP_384\"", N);
	judge("another enc", &p, e1, wrap, E_NO, "request.enc");
	p.request = REQUEST("\"" KID "\"", "null", N);
	judge("enc null", &p, e1, wrap, E_NO, "request.enc");
	p.request = REQUEST("\"" KID "\"", "\"RSA_AES_KEY_WRAP_256\"", "");
	judge("no nonce", &p, e1, wrap, E_NO, "request.nonce: missing");
	p.request = REQUEST("\"" KID "\"", "\"RSA_AES_KEY_WRAP_256\"",
	    ",\"nonce\":\"m\"");
	judge("another nonce", &p, e1, wrap, E_NO, "request.nonce");
	p.request = REQUEST("\"https://v.example/keys/kk/1\"",
	    "\"RSA_AES_KEY_WRAP_256\"", N);
	judge("another name", &p, e1, wrap, E_NO, "request.kid");
	p.request = REQUEST("\"https://w.example/keys/k/1\"",
	    "\"RSA_AES_KEY_WRAP_256\"", N);
	judge("another vault", &p, e1, wrap, E_NO, "request.kid");
	p.request = REQUEST("\"https://v.example.evil/keys/k/1\"",
	    "\"RSA_AES_KEY_WRAP_256\"", N);
	judge("a vault that begins alike", &p, e1, wrap, E_NO, "request.kid");
	p.request = REQUEST("\"k\"", "\"RSA_AES_KEY_WRAP_256\"", N);
	judge("no address", &p, e1, wrap, E_NO, "request.kid");
	p.request = REQUEST("7", "\"RSA_AES_KEY_WRAP_256\"", N);
	judge("a number", &p, e1, wrap, E_INPUT, "request.kid");
	p.request = REQUEST("\"https://V.example:443/keys/K/2\"",
	    "\"RSA_AES_KEY_WRAP_256\"", N);
	judge("any version, in other letters", &p, e1, wrap, E_OK, "\"k\":");
	p.request = NULL;
	p.kid = "https://v.example/keys/j/1";
	judge("another key in the response", &p, e1, wrap, E_NO,
	    "response.key.key.kid");
	p.kid = NULL;
	p.header_enc = "RSA_AES_KEY_WRAP_384";
	judge("another enc inside", &p, e1, wrap, E_NO, "header.enc");
	p.header_enc = NULL;
	p.request = "[]";
	judge("no request", &p, e1, wrap, E_INPUT, "payload");
	p.request = NULL;
	buf_adds(&address.version, "2");
	judge("another version", &p, e1, wrap, E_NO, "request.kid");
	buf_cut(&address.version, 0);
}

static void
check_bodies(void)
{
	struct buf b = {0};

	akv_body(slice_str("a.b.c"), "E", "n\"", &b);
	CHECK(slice_is(slice_buf(&b), "{\"enc\":\"E\",\"nonce\":\"n\\\"\","
	    "\"target\":\"a.b.c\"}"), "the body");
	buf_cut(&b, 0);
	akv_body((struct slice){0}, "E", NULL, &b);
	CHECK(slice_is(slice_buf(&b), "{\"enc\":\"E\"}"), "without a token");
	buf_cut(&b, 0);
	akv_route(&address, "7.4", &b);
	CHECK(slice_is(slice_str((char *)b.p),
	    "/keys/k/release?api-version=7.4"), "versionless");
	buf_cut(&b, 0);
	buf_adds(&address.version, "9");
	akv_route(&address, "7.4", &b);
	CHECK(slice_is(slice_str((char *)b.p),
	    "/keys/k/9/release?api-version=7.4"), "versioned");
	buf_cut(&address.version, 0);
	buf_free(&b);
}

static void
check_target(const char *name, const char *head, const struct key *key,
    const char *tail, enum status want)
{
	struct buf claims = {0}, token = {0};
	struct err e = {.code = E_OK};

	buf_adds(&claims, head);
	if (key != NULL)
		jwk_runtime_data(key, &claims);
	buf_adds(&claims, tail);
	b64(slice_str("{\"alg\":\"RS256\"}"), &token);
	buf_addc(&token, '.');
	b64(slice_buf(&claims), &token);
	buf_adds(&token, ".AAAA");
	CHECK((akv_target(slice_buf(&token), wrap, &e) == 0) ==
	    (want == E_OK) && e.code == want, "%s: %s", name,
	    e.code == E_OK ? "good" : e.text);
	CHECK(want == E_INPUT || akv_target(slice_buf(&token), NULL,
	    &e) == 0, "%s, without a key", name);
	buf_free(&claims);
	buf_free(&token);
}

/* A key whose release policy has these conditions, against a token. */
static void
check_policy(const char *conditions, const char *claims, enum status want,
    const char *says)
{
	struct buf policy = {0}, bundle = {0}, token = {0}, differ = {0};
	struct err e = {.code = E_OK};

	buf_addf(&policy, "{\"version\":\"1.0.0\",\"anyOf\":[{\"authority\":"
	    "\"https://m/\",\"allOf\":%s}]}", conditions);
	buf_adds(&bundle, "{\"key\":{},\"release_policy\":{\"data\":\"");
	b64(slice_buf(&policy), &bundle);
	buf_adds(&bundle, "\"}}");
	b64(slice_str("{\"alg\":\"RS256\"}"), &token);
	buf_addc(&token, '.');
	b64(slice_str(claims), &token);
	buf_adds(&token, ".AAAA");
	CHECK((akv_policy(slice_buf(&bundle), slice_buf(&token), 1000,
	    &differ, &e) == 0) == (want == E_OK) && e.code == want &&
	    (want == E_OK || strstr(e.text, says) != NULL), "%s: %s", claims,
	    want == E_OK ? "holds" : e.text);
	buf_free(&differ);
	buf_free(&policy);
	buf_free(&bundle);
	buf_free(&token);
}

#define A1 "{\"claim\":\"a\",\"equals\":\"1\"}"
#define B2 "{\"claim\":\"b.c\",\"equals\":\"2\"}"

static void
check_policies(void)
{
	struct buf none = {0};
	struct err e;

	check_policy("[" A1 "]", "{\"iss\":\"https://m\",\"a\":\"1\"}", E_OK,
	    "");
	check_policy("[" A1 "]", "{\"iss\":\"https://m\",\"a\":1}", E_OK, "");
	check_policy("[" A1 "," B2 "]", "{\"iss\":\"https://m\",\"a\":\"1\","
	    "\"b\":{\"c\":\"3\"}}", E_NO, "b.c is \"3\" in the token, but "
	    "the policy wants \"2\"");
	check_policy("[" A1 "," B2 "]", "{\"iss\":\"https://m\"}", E_NO,
	    "a is missing in the token; the policy wants \"1\"; b.c is "
	    "missing in the token; the policy wants \"2\"");
	check_policy("[{\"anyOf\":[" A1 "," B2 "]},{\"claim\":\"d\","
	    "\"equals\":\"4\"}]", "{\"iss\":\"https://m\",\"b\":{\"c\":2},"
	    "\"d\":5}", E_NO, "release policy: d is 5 in the token, but the "
	    "policy wants \"4\"");
	check_policy("[{\"anyOf\":[" A1 "," B2 "]}]",
	    "{\"iss\":\"https://m\"}", E_NO, "; b.c is missing");
	check_policy("[" A1 "," B2 "," B2 "," B2 "," B2 "," B2 "," B2 "," B2
	    "," B2 "," B2 "," B2 "," B2 "]", "{\"iss\":\"https://m\"}", E_NO,
	    " more, see -v)");
	check_policy("[" A1 "]", "{\"iss\":\"https://n\",\"a\":\"1\"}", E_NO,
	    "issuer");
	check_policy("[" A1 "]", "{\"iss\":\"https://m\",\"a\":\"1\","
	    "\"exp\":999}", E_NO, "expired 1 s ago");
	check_policy("[" A1 "]", "{\"iss\":\"https://m\",\"a\":\"1\","
	    "\"exp\":1001}", E_OK, "");
	check_policy("[]", "{}", E_INPUT, "");
	check_policy("[" A1 "]", "[]", E_INPUT, "");
	CHECK(akv_policy(slice_str("{\"key\":{}}"), slice_str("a.b.c"), 0,
	    &none, &e) < 0 && e.code == E_INPUT, "a key without a policy");
}

/* What a vault shows of a key is about that key. */
static void
check_shown(const char *bundle, enum status want)
{
	struct err e = {.code = E_OK};

	CHECK((akv_shown(slice_str(bundle), &address, &e) == 0) ==
	    (want == E_OK) && e.code == want, "%s: %s", bundle,
	    e.code == E_OK ? "good" : e.text);
}

static void
check_all_shown(void)
{
	check_shown("{\"key\":{\"kid\":\"" KID "\"}}", E_OK);
	check_shown("{\"key\":{\"kid\":\"https://v.example/keys/other/1\"}}",
	    E_NO);
	check_shown("{\"key\":{\"kid\":\"https://w.example/keys/k/1\"}}",
	    E_NO);
	check_shown("{\"key\":{\"kid\":1}}", E_INPUT);
	check_shown("{\"key\":{}}", E_INPUT);
	check_shown("{\"key\":{\"kid\":\"" KID "\",\"kid\":\"" KID "\"}}",
	    E_INPUT);
	check_shown("{\"key\":", E_INPUT);
}

static void
set_up(void)
{
	struct buf pem = {0}, jwk = {0};
	struct json *doc = NULL;
	struct err e;
	size_t at;

	if (key_generate_rsa(2048, &wrap, &e) < 0 ||
	    key_generate_rsa(2048, &other, &e) < 0 ||
	    key_generate_rsa(2048, &inner, &e) < 0 ||
	    endpoint_key("https://v.example/keys/k", &address, &e) < 0)
		exit(1);
	key_to_pkcs8_pem(inner, &pem);
	/* the lines between the first and the last */
	at = slice_find(slice_buf(&pem), '\n') + 1;
	if (b64_decode(slice_head(slice_from(slice_buf(&pem), at),
	    slice_find(slice_from(slice_buf(&pem), at), '-')),
	    B64_STD | B64_CRLF, &inner_der, &e) < 0)
		exit(1);
	jwk_write(inner, false, (struct slice){0}, (struct json_val){0}, &jwk);
	if (json_parse(slice_buf(&jwk), &doc, &e) < 0)
		exit(1);
	buf_adds(&public, "\"e\":\"AAEAAQ\",\"n\":");
	json_compact(json_get(json_root(doc), "n"), &public);
	json_free(doc);
	buf_free(&pem);
	buf_free(&jwk);
}

int
main(void)
{
	set_up();
	check_bodies();
	check_good();
	check_echo();
	check_policies();
	check_all_shown();
	check_target("our key", "{\"x-ms-runtime\":", wrap, "}", E_OK);
	check_target("another's", "{\"x-ms-runtime\":", other, "}", E_NO);
	check_target("none", "{\"x-ms-runtime\":{\"keys\":[]", NULL, "}}",
	    E_NO);
	check_target("nothing", "{", NULL, "}", E_NO);
	check_target("no object", "[", NULL, "]", E_INPUT);
	check_target("only for signing", "{\"x-ms-runtime\":{\"keys\":["
	    "{\"kty\":\"RSA\",\"use\":\"sig\"}]", NULL, "}}", E_NO);
	key_free(wrap);
	key_free(other);
	key_free(inner);
	endpoint_key_free(&address);
	buf_free(&inner_der);
	buf_free(&public);
	return tap_done();
}
