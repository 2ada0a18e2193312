/* References to images, completed as docker and containerd do; digests, and
 * what documents of an archive say. */
#include "image/ref.h"

#include "unit/tap.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
references(void)
{
	static const struct {
		const char *text, *name;
	} good[] = {
		{"alpine", "docker.io/library/alpine:latest"},
		{"alpine:3.20", "docker.io/library/alpine:3.20"},
		{"me/app", "docker.io/me/app:latest"},
		{"docker.io/alpine", "docker.io/library/alpine:latest"},
		{"index.docker.io/library/a:1", "docker.io/library/a:1"},
		{"reg.example/a/b:1", "reg.example/a/b:1"},
		{"reg.example:5000/a", "reg.example:5000/a:latest"},
		{"localhost/a:x", "localhost/a:x"},
		{"host:5000/a/b@sha256:" HEX, "host:5000/a/b:latest"},
		{"a:1@sha512:" HEX HEX, "docker.io/library/a:1"},
	};
	static const char *const bad[] = {
		"", ":", "a:", ":tag", "a b", "a@", "a@sha256:", "a@sha1:" HEX,
		"a@sha256:" HEX "0", "a@sha256:0123", "a\n", "a\"b",
		"a@sha256:" "ABCDEF0123456789abcdef0123456789abcdef0123456789"
		    "abcdef0123456789",
	};
	struct ref r;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++) {
		CHECK(ref_parse(slice_str(good[i].text), &r, &e) == 0 &&
		    slice_is(slice_buf(&r.name), good[i].name), "%s",
		    good[i].text);
		ref_free(&r);
	}
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(ref_parse(slice_str(bad[i]), &r, &e) < 0 &&
		    e.code == E_INPUT, "refused: %s", bad[i]);
}

static void
long_reference(void)
{
	struct buf text = {0};
	struct ref r;
	struct err e;

	memset(buf_more(&text, REF_MAX), 'a', REF_MAX);
	CHECK(ref_parse(slice_buf(&text), &r, &e) == 0, "as long as can be");
	ref_free(&r);
	buf_addc(&text, 'a');
	CHECK(ref_parse(slice_buf(&text), &r,
	    &e) < 0 && e.code == E_INPUT && strncmp(e.text, "a reference of "
	    "more than ", 25) == 0, "and longer: %s", e.text);
	buf_free(&text);
}

static void
digests(void)
{
	struct digest d, other;
	struct buf text = {0};
	struct err e;

	CHECK(digest_parse(slice_str("sha256:" HEX), &d, &e) == 0 &&
	    d.n == 32 && d.bytes[1] == 0x23, "a digest");
	digest_blob(&d, &text);
	CHECK(slice_is(slice_buf(&text), "blobs/sha256/" HEX), "its blob");
	CHECK(digest_of_path(slice_buf(&text), &other) &&
	    digest_eq(&d, &other), "and back");
	other.bytes[31] ^= 1;
	CHECK(!digest_eq(&d, &other), "another digest");
	CHECK(!digest_of_path(slice_str("blobs/sha256/" HEX "/x"), &other) &&
	    !digest_of_path(slice_str(HEX "/layer.tar"), &other),
	    "paths that say nothing of their bytes");
	memset(&d, 0, sizeof d);
	CHECK(!digest_eq(&d, &d), "none is equal to none");
	buf_free(&text);
}

static enum archive_doc
doc(const char *text)
{
	enum archive_doc what;
	struct json *j;
	struct err e;

	if (json_parse(slice_str(text), &j, &e) < 0)
		return ARCHIVE_OTHER;
	what = archive_doc(json_root(j));
	json_free(j);
	return what;
}

static bool
ours(const char *text)
{
	struct json *j;
	struct err e;
	bool is;

	if (json_parse(slice_str(text), &j, &e) < 0)
		return false;
	is = archive_our_platform(json_root(j));
	json_free(j);
	return is;
}

static void
documents(void)
{
	CHECK(doc("{\"manifests\":[]}") == ARCHIVE_INDEX, "an index");
	CHECK(doc("{\"config\":{},\"layers\":[]}") == ARCHIVE_MANIFEST,
	    "a manifest");
	CHECK(doc("{\"config\":{},\"layers\":[],\"manifests\":[]}") ==
	    ARCHIVE_OTHER, "both is neither");
	CHECK(doc("[{\"Config\":\"a\",\"Layers\":[]}]") == ARCHIVE_DOCKER,
	    "docker's list");
	CHECK(doc("{\"a\":{\"Config\":\"a\",\"Layers\":[]}}") ==
	    ARCHIVE_OTHER && doc("[]") == ARCHIVE_OTHER, "no list");
	CHECK(ours("{\"os\":\"linux\",\"architecture\":\"amd64\"}") &&
	    ours("{\"os\":\"linux\",\"architecture\":\"amd64\","
	    "\"variant\":\"v1\"}"), "our platform");
	CHECK(!ours("{\"os\":\"linux\",\"architecture\":\"arm64\"}") &&
	    !ours("{\"os\":\"windows\",\"architecture\":\"amd64\"}") &&
	    !ours("{\"os\":\"linux\",\"architecture\":\"amd64\","
	    "\"variant\":\"v3\"}") && !ours("{}"), "others");
}

/* What a configuration says of its layers, and why it is refused. */
static void
diff_ids(const char *list, size_t n, const char *want)
{
	struct buf text = {0}, ids = {0};
	struct json *j = NULL;
	struct err e = {0};
	size_t i;
	int ret;

	buf_addf(&text, "{\"rootfs\":{\"diff_ids\":%s", list);
	for (i = 0; i < n; i++)
		buf_addf(&text, "%s\"sha256:" HEX "\"", i == 0 ? "[" : ",");
	buf_addf(&text, "%s}}", n > 0 ? "]" : "");
	CHECK(json_parse(slice_buf(&text), &j, &e) == 0, "parses");
	ret = archive_diff_ids(json_root(j), &ids, &e);
	if (want == NULL)
		CHECK(ret == 0 && ids.n == n * 32, "%zu DiffIDs", n);
	else
		CHECK(ret < 0 && e.code == E_INPUT &&
		    strcmp(e.text, want) == 0, "%s: %s", want, e.text);
	json_free(j);
	buf_free(&text);
	buf_free(&ids);
}

int
main(void)
{
	references();
	long_reference();
	diff_ids("", ARCHIVE_LAYERS_MAX, NULL);
	diff_ids("", ARCHIVE_LAYERS_MAX + 1, "more than 1024 layers");
	diff_ids("{}", 0, "no image configuration: no list rootfs.diff_ids");
	diff_ids("[\"sha512:" HEX HEX "\"]", 0, "a DiffID that is no SHA-256");
	digests();
	documents();
	return tap_done();
}
