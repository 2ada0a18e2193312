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

int
main(void)
{
	references();
	digests();
	documents();
	return tap_done();
}
