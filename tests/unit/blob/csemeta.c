/* Metadata of Azure's client-side encryption: the forms it comes in, and what
 * is none. */
#include "blob/cse.h"

#include "unit/tap.h"

#define KEY48 "c3EwcBUQIku7ptntzfboaKwfdJmsOcVcOgfPAe30gAhEPkek8GsgMKRREXKhWZfG"
#define WRAPPED \
	"\"WrappedContentKey\":{\"KeyId\":\"key1\",\"EncryptedKey\":\"" KEY48 \
	"\",\"Algorithm\":\"A256KW\"}"
#define AGENT(protocol, cipher) \
	"\"EncryptionAgent\":{\"Protocol\":\"" protocol \
	"\",\"EncryptionAlgorithm\":\"" cipher "\"}"
#define AGENT20 AGENT("2.0", "AES_GCM_256")
#define AGENT21 AGENT("2.1", "AES_GCM_256")
#define AGENT10 AGENT("1.0", "AES_CBC_256")
#define REGION(data) \
	"\"EncryptedRegionInfo\":{\"DataLength\":" data ",\"NonceLength\":12}"
#define REGION20 REGION("4194304")
#define V20 "{" WRAPPED "," AGENT20 "," REGION20 "}"
#define IV "\"ContentEncryptionIV\":\"AAECAwQFBgcICQoLDA0ODw==\""

/* V20 as a JSON string. */
#define ESCAPED \
	"\"{\\\"WrappedContentKey\\\":{\\\"KeyId\\\":\\\"key1\\\"," \
	"\\\"EncryptedKey\\\":\\\"" KEY48 "\\\",\\\"Algorithm\\\":" \
	"\\\"A256KW\\\"},\\\"EncryptionAgent\\\":{\\\"Protocol\\\":" \
	"\\\"2.0\\\",\\\"EncryptionAlgorithm\\\":\\\"AES_GCM_256\\\"}," \
	"\\\"EncryptedRegionInfo\\\":{\\\"DataLength\\\":4194304," \
	"\\\"NonceLength\\\":12}}\""

static struct cse_meta m;

/* Is s read, into m?  If not, as E_INPUT with text, and m is empty. */
static bool
reads(const char *s, const char *text)
{
	struct err e = {.code = E_OK};

	cse_meta_free(&m);
	if (cse_meta_read(slice_str(s), CSE_REGION_CAP, &m, &e) == 0)
		return text == NULL;
	if (text != NULL && e.code == E_INPUT && m.key_id.p == NULL &&
	    strstr(e.text, text) != NULL)
		return true;
	(void)printf("# said: %s\n", e.text);
	return false;
}

static void
members(void)
{
	CHECK(reads(V20, NULL) && m.version == CSE_V2_0 && m.wrapped.n == 48 &&
	    slice_is(slice_buf(&m.key_id), "key1") && m.region == CSE_REGION &&
	    strcmp(m.alg->name, "A256KW") == 0 && !m.sized && !m.page,
	    "version 2.0");
	CHECK(reads("\n{" REGION20 "," AGENT20 "," WRAPPED ",\"Other\":[1]} ",
	    NULL), "in another order, with a member unknown");
	CHECK(reads("{\"EncryptionMode\":\"FullBlob\"," WRAPPED "," AGENT20
	    ",\"ContentEncryptionIV\":null," REGION20
	    ",\"KeyWrappingMetadata\":{\"EncryptionLibrary\":\".NET\"}}",
	    NULL), "with all that writers add");
	CHECK(reads("{\"WrappedContentKey\":{\"KeyId\":\"\",\"EncryptedKey\":"
	    "\"AA\\u002B/\",\"Algorithm\":\"RSA-OAEP\"}," AGENT20 ","
	    REGION20 "}", NULL) && m.wrapped.n == 3 && m.key_id.n == 0,
	    "with escapes, as .NET writes a +");
	CHECK(reads("{" WRAPPED "," AGENT21 "," REGION("16") "}", NULL) &&
	    m.version == CSE_V2_1 && m.region == 16, "version 2.1");
	CHECK(reads("{" WRAPPED "," AGENT21 "," REGION("67108864") "}", NULL),
	    "  at the limit");
	CHECK(reads("{" WRAPPED "," AGENT21 ",\"EncryptedRegionInfo\":{"
	    "\"TagLength\":16,\"DataLength\":99,\"NonceLength\":12}}", NULL),
	    "  with a tag's length");
	CHECK(reads("{" WRAPPED "," AGENT10 "," IV "}", NULL) &&
	    m.version == CSE_V1_0 && m.region == 0 && m.iv[1] == 1 &&
	    m.iv[15] == 15, "version 1.0");
	CHECK(strcmp(cse_version_name(CSE_V1_0), "1.0") == 0 &&
	    strcmp(cse_version_name(CSE_V2_1), "2.1") == 0, "  by its name");
}

static const struct {
	const char *text, *said;
} refused[] = {
	{"", "empty"}, {" \n", "empty"}, {"{", "encryptiondata"},
	{"{}", "neither this JSON"},
	{"[]", "neither JSON nor"}, {"\xef\xbb\xbf" V20, "byte order mark"},
	{"{" WRAPPED "," REGION20 "}", "EncryptionAgent: missing"},
	{"{" AGENT20 "," REGION20 "}", "WrappedContentKey: missing"},
	{"{" WRAPPED "," AGENT20 "}", "EncryptedRegionInfo: missing"},
	{"{" WRAPPED "," AGENT10 "}", "ContentEncryptionIV: missing"},
	{"{" WRAPPED "," AGENT20 "," AGENT20 "," REGION20 "}", ""},
	{"{" WRAPPED ",\"EncryptionAgent\":[]," REGION20 "}",
	    "EncryptionAgent: an array, not an object"},
	{"{" WRAPPED ",\"EncryptionAgent\":{}," REGION20 "}",
	    "Protocol: missing"},
	{"{" WRAPPED ",\"EncryptionAgent\":{\"Protocol\":2.0}," REGION20 "}",
	    "Protocol: a number"},
	{"{" WRAPPED "," AGENT("3.0", "AES_GCM_256") "," REGION20 "}",
	    "Protocol 3.0 is not supported"},
	{"{" WRAPPED "," AGENT("2.0", "AES_CBC_256") "," REGION20 "}",
	    "EncryptionAlgorithm AES_CBC_256 is not supported"},
	{"{" WRAPPED "," AGENT("1.0", "AES_GCM_256") "," IV "}",
	    "Protocol 1.0: EncryptionAlgorithm AES_GCM_256 is not"},
	{"{" WRAPPED "," AGENT("1.0", "AES_CBC_128") "," IV "}",
	    "AES_CBC_128 is not supported"},
	{"{" WRAPPED "," AGENT20 "," REGION("4194303") "}", "protocol 2.0 has"},
	{"{" WRAPPED "," AGENT20 "," REGION("\"4194304\"") "}",
	    "DataLength: a string, not a number"},
	{"{" WRAPPED "," AGENT20 "," REGION("4194304.5") "}", "whole number"},
	{"{" WRAPPED "," AGENT21 "," REGION("15") "}", "not in 16 to 67108864"},
	{"{" WRAPPED "," AGENT21 "," REGION("-1") "}", "not in 16 to"},
	{"{" WRAPPED "," AGENT21 "," REGION("67108865") "}", "not in 16 to"},
	{"{" WRAPPED "," AGENT21 ",\"EncryptedRegionInfo\":{"
	    "\"DataLength\":99,\"NonceLength\":16}}", "a nonce of 16"},
	{"{" WRAPPED "," AGENT21 ",\"EncryptedRegionInfo\":{\"TagLength\":12,"
	    "\"DataLength\":99,\"NonceLength\":12}}", "a tag of 12"},
	{"{" WRAPPED "," AGENT21 ",\"EncryptedRegionInfo\":{"
	    "\"DataLength\":99}}", "NonceLength: missing"},
	{"{" WRAPPED "," AGENT10 ",\"ContentEncryptionIV\":\"AAAA\"}",
	    "3 bytes where 16 belong"},
	{"{" WRAPPED "," AGENT20 ",\"ContentEncryptionIV\":1," REGION20 "}",
	    "ContentEncryptionIV: a number"},
	{"{\"EncryptionMode\":\"Part\"," WRAPPED "," AGENT20 "," REGION20 "}",
	    "EncryptionMode Part is not supported"},
	{"{\"KeyWrappingMetadata\":1," WRAPPED "," AGENT20 "," REGION20 "}",
	    "KeyWrappingMetadata: a number"},
	{"{\"WrappedContentKey\":{\"KeyId\":\"k\",\"EncryptedKey\":\"AAAA\","
	    "\"Algorithm\":\"RSA1_5\"}," AGENT20 "," REGION20 "}",
	    "Algorithm RSA1_5 is not supported"},
	{"{\"WrappedContentKey\":{\"KeyId\":\"k\",\"EncryptedKey\":\"AAAA\","
	    "\"Algorithm\":\"RSA\"}," AGENT20 "," REGION20 "}",
	    "Algorithm RSA is not supported"},
	{"{\"WrappedContentKey\":{\"EncryptedKey\":\"AAAA\","
	    "\"Algorithm\":\"A256KW\"}," AGENT20 "," REGION20 "}",
	    "KeyId: missing"},
	{"{\"WrappedContentKey\":{\"KeyId\":\"k\",\"EncryptedKey\":\"!\","
	    "\"Algorithm\":\"A256KW\"}," AGENT20 "," REGION20 "}",
	    "EncryptedKey: "},
	{"{\"WrappedContentKey\":{\"KeyId\":\"k\",\"EncryptedKey\":\"\","
	    "\"Algorithm\":\"A256KW\"}," AGENT20 "," REGION20 "}",
	    "EncryptedKey: empty"},
	{"{\"WrappedContentKey\":{\"KeyId\":\"k\",\"EncryptedKey\":\"AAAA\","
	    "\"EncryptedAuthenticationKey\":\"AAAA\",\"Algorithm\":"
	    "\"RSA-OAEP\"}," AGENT10 "," IV "}", "blobxfer"},
	{"{\"EncryptionAuthentication\":{}," WRAPPED "," AGENT10 "," IV "}",
	    "blobxfer"},
};

static const struct {
	const char *text, *said;	/* NULL: is read */
	bool sized, page;
} answers[] = {
	{ESCAPED, NULL, false, false},
	{"{\"encryptiondata\":" ESCAPED "}", NULL, false, false},
	{"{\"a\":\"b\",\"EncryptionData\":" ESCAPED "}\n", NULL, false, false},
	{"{\"metadata\":{\"ENCRYPTIONDATA\":" ESCAPED "},\"properties\":{"
	    "\"blobType\":\"BlockBlob\",\"contentLength\":50}}", NULL, true,
	    false},
	{"{\"metadata\":{\"encryptiondata\":" ESCAPED "},\"properties\":{"
	    "\"blobType\":\"PageBlob\",\"contentLength\":null}}", NULL, false,
	    true},
	{"{\"metadata\":{\"encryptiondata\":" ESCAPED "},\"properties\":{"
	    "\"contentLength\":-1}}", "contentLength: not a size", 0, 0},
	{"{\"metadata\":{\"encryptiondata\":" ESCAPED "},\"properties\":{"
	    "\"contentLength\":\"50\"}}", "contentLength: not a size", 0, 0},
	{"{\"encryptiondata\":" V20 "}", "an object", 0, 0},
	{"{\"encryptiondata\":" ESCAPED ",\"EncryptionData\":" ESCAPED "}",
	    "encryptiondata: more than once", 0, 0},
	{"{\"metadata\":{\"encryptiondata\":" ESCAPED "},\"encryptiondata\":"
	    ESCAPED "}", "encryptiondata: more than once", 0, 0},
	{"{\"encryptiondata\":" ESCAPED "," WRAPPED "}", "more than once", 0,
	    0},
	{"{\"encryptiondata\":" ESCAPED ",\"encryptiondata_authentication\":"
	    "\"\"}", "blobxfer", 0, 0},
	{"{\"metadata\":{\"other\":\"\"}}", "neither this JSON nor", 0, 0},
	{"{\"metadata\":[" ESCAPED "]}", "neither this JSON nor", 0, 0},
	{"\"\"", "encryptiondata", 0, 0}, {"\"[]\"", "not an object", 0, 0},
	{"{\"encryptiondata\":\"{}\"}", "EncryptionAgent: missing", 0, 0},
};

#define META "x-ms-meta-encryptiondata: " V20 "\r\n"
#define OK "HTTP/1.1 200 OK\r\n"

static const struct {
	const char *text, *said;	/* NULL: is read */
	bool sized, page;
} dumps[] = {
	{META, NULL, false, false},
	{"X-Ms-Meta-EncryptionData:" V20, NULL, false, false},
	{"HTTP/2 200 \ncontent-length: 50\nx-ms-meta-encryptiondata:\t" V20
	    " \nx-ms-blob-type: BlockBlob\n\n", NULL, true, false},
	{OK "Content-Length: 50\r\n" META "x-ms-blob-type: PageBlob\r\n\r\n",
	    NULL, true, true},
	{"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 302 Found\r\n"
	    "Location: x\r\nContent-Length: 0\r\n\r\n" OK
	    "Content-Length: 50\r\n" META "\r\n", NULL, true, false},
	{"HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n"
	    "Content-Range: bytes 0-4/50\r\n" META, NULL, true, false},
	{"HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n" META, NULL,
	    false, false},
	{"Content-Range: bytes 0-4/50\r\n" META, NULL, true, false},
	{"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/*\r\n"
	    META, NULL, false, false},
	{OK "Content-Length: 50\r\nx-ms-blob-content-length: 50\r\n" META,
	    NULL, true, false},
	{OK "x-ms-blob-content-length: 50\r\n" META, NULL, true, false},
	{OK "Content-Length: 51\r\nx-ms-blob-content-length: 50\r\n" META,
	    "not the same size", 0, 0},
	{OK "Content-Length: 50\r\nContent-Length: 50\r\n" META,
	    "content-length: more than once", 0, 0},
	{OK "Content-Length: -1\r\n" META, "content-length: not a size", 0, 0},
	{OK "x-ms-blob-content-length: 5x\r\n" META,
	    "x-ms-blob-content-length: not a size", 0, 0},
	{OK "x-ms-blob-content-length:\r\n" META,
	    "x-ms-blob-content-length: not a size", 0, 0},
	{OK "Content-Length:\r\n" META, "content-length: not a size", 0, 0},
	{OK "Content-Length: 99999999999999999999\r\n" META, "not a size", 0,
	    0},
	{"Content-Range: bytes 0-4\r\n" META, "content-range: not a size", 0,
	    0},
	{OK META META, "encryptiondata: more than once", 0, 0},
	{OK META "X-MS-META-ENCRYPTIONDATA: {}\r\n", "more than once", 0, 0},
	{OK META "x-ms-meta-encryptiondata_authentication: {}\r\n",
	    "blobxfer", 0, 0},
	{OK META "\r\n" OK "Content-Length: 50\r\n\r\n",
	    "no x-ms-meta-encryptiondata", 0, 0},
	{OK "\r\n" "HTTP/1.1 404 Not Found\r\n" META, "status 404", 0, 0},
	{"HTTP/1.1 304 Not Modified\r\n" META, "status 304", 0, 0},
	{OK META "\r\nbody", "line 4: behind the headers", 0, 0},
	{OK META "\r\n" META, "line 4: behind the headers", 0, 0},
	{OK META OK, "line 3: no HTTP header", 0, 0},
	{OK META " folded\r\n", "line 3: no HTTP header", 0, 0},
	{OK "x-ms-meta-encryptiondata : " V20, "line 2: no HTTP header", 0, 0},
	{OK "x-other: a\rb\r\n" META, "line 2: no HTTP header", 0, 0},
	{OK ": x\r\n" META, "line 2: no HTTP header", 0, 0},
	{"HTTP/1.1\r\n" META, "line 1: no status line", 0, 0},
	{"HTTP/1.1 2000\r\n" META, "line 1: no status line", 0, 0},
	{"HTTP/1.1 20x\r\n" META, "line 1: no status line", 0, 0},
	{"some text\n", "line 1: neither JSON nor an HTTP header", 0, 0},
	{OK "x-ms-meta-encryptiondata: \r\n", "encryptiondata: ", 0, 0},
	{OK "x-ms-meta-encryptiondata: {\"\xff\":1}\r\n", "encryptiondata: ",
	    0, 0},
};

static void
limits(void)
{
	static char big[CSE_META_MAX + 2];
	static const char large[] = "{" WRAPPED "," AGENT21 ","
	    REGION("1073741824") "}";
	struct err e;

	memset(big, ' ', CSE_META_MAX);
	memcpy(big, V20, strlen(V20));
	CHECK(reads(big, NULL), "as large as it may be");
	big[CSE_META_MAX] = ' ';
	CHECK(reads(big, "larger than 65536 bytes"), "too large");
	cse_meta_free(&m);
	CHECK(cse_meta_read(slice_str(large), CSE_REGION_MAX, &m, &e) == 0 &&
	    m.region == CSE_REGION_MAX, "the largest region, if wanted");
	cse_meta_free(&m);
	CHECK(cse_meta_read(slice_of("{}\0", 3), CSE_REGION_CAP, &m, &e) < 0 &&
	    e.code == E_INPUT, "a NUL behind");
	(void)err_set(&e, E_NO, "x");
	CHECK(reads(V20, NULL) && cse_meta_hint(&m, &e) == -1 &&
	    strcmp(e.hint, "it takes the key key1") == 0, "hint: %s", e.hint);
}

/* Whatever is cut off the end is missed. */
static void
truncations(void)
{
	static const char text[] = V20;
	struct err e;
	size_t n, read = 0;

	for (n = 0; n < sizeof text - 1; n++)
		if (cse_meta_read(slice_of(text, n), CSE_REGION_CAP, &m, &e) ==
		    0 || e.code != E_INPUT)
			read++;
	CHECK(read == 0, "no beginning of it is read");
}

int
main(void)
{
	size_t i;

	members();
	for (i = 0; i < sizeof refused / sizeof *refused; i++)
		CHECK(reads(refused[i].text, refused[i].said),
		    "refused: %s", refused[i].said);
	for (i = 0; i < sizeof answers / sizeof *answers; i++)
		CHECK(reads(answers[i].text, answers[i].said) &&
		    m.sized == answers[i].sized && m.page == answers[i].page &&
		    (!m.sized || m.size == 50), "answer %zu: %s", i,
		    answers[i].said != NULL ? answers[i].said : "read");
	for (i = 0; i < sizeof dumps / sizeof *dumps; i++)
		CHECK(reads(dumps[i].text, dumps[i].said) &&
		    m.sized == dumps[i].sized && m.page == dumps[i].page &&
		    (!m.sized || m.size == 50), "headers %zu: %s", i,
		    dumps[i].said != NULL ? dumps[i].said : "read");
	limits();
	truncations();
	cse_meta_free(&m);
	return tap_done();
}
