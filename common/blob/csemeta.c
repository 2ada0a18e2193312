/* csemeta.c -- see cse.h: what the metadata says. */
#include "blob/cse_in.h"

#include <inttypes.h>

#include "codec/b64.h"
#include "crypto/aead.h"
#include "ground/text.h"

static const struct {
	const char *protocol, *cipher;
} versions[] = {
	[CSE_V1_0] = {"1.0", "AES_CBC_256"},
	[CSE_V2_0] = {"2.0", "AES_GCM_256"},
	[CSE_V2_1] = {"2.1", "AES_GCM_256"},
};

enum { VERSIONS = sizeof versions / sizeof *versions };

const char *
cse_version_name(enum cse_version v)
{
	return versions[v].protocol;
}

/* v's string in a message; it may be no string. */
static int
unsupported(struct json_val v, const char *what, struct err *e)
{
	struct buf s = {0};

	if (json_text(v, what, &s, e) == 0)
		(void)err_set(e, E_INPUT, "%s %.*s is not supported", what,
		    (int)slice_head(slice_buf(&s), 40).n,
		    s.p != NULL ? (const char *)s.p : "");
	buf_free(&s);
	return -1;
}

static int
object(struct json_val in, const char *name, struct json_val *out,
    struct err *e)
{
	*out = json_get(in, name);
	if (json_is(*out, JSON_OBJECT))
		return 0;
	return err_set(e, E_INPUT, json_has(*out) ?
	    "%s: %s, not an object" : "%s: %s", name, json_kind_name(*out));
}

static int
bytes(struct json_val in, const char *name, struct buf *out, struct err *e)
{
	struct buf text = {0};
	int ret;

	ret = json_text(json_get(in, name), name, &text, e);
	if (ret == 0 && b64_decode(slice_buf(&text), B64_TEXT, out, e) < 0)
		ret = err_in(e, "%s", name);
	buf_free(&text);
	return ret;
}

/* A null is how some writers leave a member out. */
static int
optional(struct json_val in, const char *name, enum json_kind kind,
    struct err *e)
{
	struct json_val v = json_get(in, name);

	if (!json_has(v) || json_is(v, JSON_NULL) || json_is(v, kind))
		return 0;
	return err_set(e, E_INPUT, "%s: %s", name, json_kind_name(v));
}

static int
number(struct json_val in, const char *name, int64_t *out, struct err *e)
{
	struct json_val v = json_get(in, name);

	if (!json_is(v, JSON_NUMBER))
		return err_set(e, E_INPUT, json_has(v) ?
		    "%s: %s, not a number" : "%s: %s", name,
		    json_kind_name(v));
	if (!json_int(v, out))
		return err_set(e, E_INPUT, "%s: not a whole number", name);
	return 0;
}

static int
agent(struct json_val root, struct cse_meta *m, struct err *e)
{
	struct json_val in, protocol, cipher;
	size_t i;

	if (object(root, "EncryptionAgent", &in, e) < 0)
		return -1;
	protocol = json_get(in, "Protocol");
	cipher = json_get(in, "EncryptionAlgorithm");
	for (i = 0; i < VERSIONS; i++)
		if (json_text_is(protocol, versions[i].protocol))
			break;
	if (i == VERSIONS)
		return unsupported(protocol, "Protocol", e);
	m->version = (enum cse_version)i;
	if (json_text_is(cipher, versions[i].cipher))
		return 0;
	(void)unsupported(cipher, "EncryptionAlgorithm", e);
	if (json_text_is(cipher, "AES_CBC_128"))
		return err_hint(e, "a Snowflake stage has it, whose encryption "
		    "is another one");
	return err_in(e, "Protocol %s", versions[i].protocol);
}

static int
wrapped_key(struct json_val root, struct cse_meta *m, struct err *e)
{
	struct json_val in, alg;

	if (object(root, "WrappedContentKey", &in, e) < 0)
		return -1;
	if (json_has(json_get(in, "EncryptedAuthenticationKey")))
		return cse_blobxfer(e);
	alg = json_get(in, "Algorithm");
	if ((m->alg = keywrap_named(alg)) == NULL)
		return unsupported(alg, "Algorithm", e);
	if (json_text(json_get(in, "KeyId"), "KeyId", &m->key_id, e) < 0 ||
	    bytes(in, "EncryptedKey", &m->wrapped, e) < 0)
		return -1;
	if (m->wrapped.n == 0)
		return err_set(e, E_INPUT, "EncryptedKey: empty");
	return 0;
}

static int
region(struct json_val root, size_t max, struct cse_meta *m, struct err *e)
{
	struct json_val in;
	int64_t data, nonce, tag = AEAD_TAG_SIZE;

	if (object(root, "EncryptedRegionInfo", &in, e) < 0 ||
	    number(in, "DataLength", &data, e) < 0 ||
	    number(in, "NonceLength", &nonce, e) < 0 ||
	    (json_has(json_get(in, "TagLength")) &&
	    number(in, "TagLength", &tag, e) < 0))
		return -1;
	if (nonce != AEAD_NONCE_SIZE || tag != AEAD_TAG_SIZE)
		return err_set(e, E_INPUT, "EncryptedRegionInfo: a nonce of "
		    "%" PRId64 " and a tag of %" PRId64 " bytes where %d and "
		    "%d belong", nonce, tag, AEAD_NONCE_SIZE, AEAD_TAG_SIZE);
	if (m->version == CSE_V2_0 && data != CSE_REGION)
		return err_set(e, E_INPUT, "DataLength: %" PRId64 " where "
		    "protocol 2.0 has %d", data, CSE_REGION);
	if (data < CSE_REGION_MIN || (uint64_t)data > max)
		return err_set(e, E_INPUT, "DataLength: %" PRId64 " is not in "
		    "%d to %zu", data, CSE_REGION_MIN, max);
	m->region = (size_t)data;
	return 0;
}

static int
vector(struct json_val root, struct cse_meta *m, struct err *e)
{
	struct buf iv = {0};
	int ret;

	ret = bytes(root, "ContentEncryptionIV", &iv, e);
	if (ret == 0 && iv.n != sizeof m->iv)
		ret = err_set(e, E_INPUT, "ContentEncryptionIV: %zu bytes "
		    "where %zu belong", iv.n, sizeof m->iv);
	if (ret == 0)
		memcpy(m->iv, iv.p, sizeof m->iv);
	buf_free(&iv);
	return ret;
}

static int
members(struct json_val root, size_t region_max, struct cse_meta *m,
    struct err *e)
{
	struct json_val mode = json_get(root, "EncryptionMode");

	if (!json_is(root, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s, not an object",
		    json_kind_name(root));
	if (json_has(json_get(root, "EncryptionAuthentication")))
		return cse_blobxfer(e);
	if (json_has(mode) && !json_text_is(mode, "FullBlob"))
		return unsupported(mode, "EncryptionMode", e);
	if (agent(root, m, e) < 0 || wrapped_key(root, m, e) < 0 ||
	    optional(root, "KeyWrappingMetadata", JSON_OBJECT, e) < 0)
		return -1;
	if (m->version == CSE_V1_0)
		return optional(root, "EncryptedRegionInfo", JSON_OBJECT, e) <
		    0 ? -1 : vector(root, m, e);
	return optional(root, "ContentEncryptionIV", JSON_STRING, e) < 0 ? -1 :
	    region(root, region_max, m, e);
}

static int
find(struct slice text, struct cse_found *f, struct err *e)
{
	struct slice s = slice_trim(text);

	if (text_no_bom(text, "encryptiondata", e) < 0)
		return -1;
	if (s.n == 0)
		return err_set(e, E_INPUT, "encryptiondata: empty");
	if (text.n > CSE_META_MAX)
		return err_set(e, E_INPUT,
		    "encryptiondata: larger than %d bytes", CSE_META_MAX);
	if (slice_starts(s, "{") || slice_starts(s, "\""))
		return cse_find_json(text, f, e);
	return cse_find_header(text, f, e);
}

int
cse_meta_read(struct slice text, size_t region_max, struct cse_meta *out,
    struct err *e)
{
	struct cse_found f = {0};
	struct cse_meta m = {0};
	struct json *doc = NULL;
	int ret;

	ret = find(text, &f, e);
	if (ret == 0) {
		ret = json_parse(slice_buf(&f.text), &doc, e);
		if (ret == 0)
			ret = members(json_root(doc), region_max, &m, e);
		json_free(doc);
		if (ret < 0)
			(void)err_in(e, "encryptiondata");
	}
	m.page = f.page;
	m.sized = f.sized;
	m.size = f.size;
	buf_free(&f.text);
	if (ret < 0)
		cse_meta_free(&m);
	else
		*out = m;
	return ret;
}

void
cse_meta_free(struct cse_meta *m)
{
	buf_free(&m->key_id);
	buf_free(&m->wrapped);
	*m = (struct cse_meta){0};
}

int
cse_meta_hint(const struct cse_meta *m, struct err *e)
{
	struct slice id = slice_head(slice_buf(&m->key_id), 200);

	if (id.n == 0)
		return -1;
	return err_hint(e, "it takes the key %.*s", (int)id.n,
	    (const char *)id.p);
}
