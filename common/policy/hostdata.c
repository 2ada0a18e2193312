/* hostdata.c -- see hostdata.h. */
#include "policy/hostdata.h"

#include "codec/b64.h"
#include "codec/hex.h"
#include "policy/near.h"

/* Policies that were published and allow everything; the first three are in
 * hardware reports that were published too. */
static const struct open {
	const char *sha256, *name;
} opens[] = {
	{"cadd74f71ebb8fbf9782baab649612520f3c416bc5ce9ac768808ddc8d9b031c",
	    "ACI samples, api_svn 0.10.0"},
	{"4f4448c67f3c8dfc8de8a5e37125d807dadcc41f06cf23f615dbd52eec777d10",
	    "ACI samples, framework_svn 0.1.0"},
	{"b3452a0ed30f1010bd32740dd1610bc63296ceb0f882f2cac3a3152d651fe7e4",
	    "ACI samples, api_version 0.10.0"},
	{"7925760b568ed7719a785adf5c6b03255d1c520d91bb1da334a38062a6c5a0ff",
	    "ACI samples, api_svn 0.10.0, less its final line feed"},
	{"73973b78d70cc68353426de188db5dfc57e5b766e399935fb73a61127ea26d20",
	    "azure-cleanroom"},
	{"c1892c5c6cf0d10162e2ecabb29cded8b0f9cb3d83644f94ecff94cc3f6cc94e",
	    "confcom sample existing_policy_allow_all"},
	{"ab6ccfea6e8c9c6233b1a4631cfd6440ecf910694b34d7e92e0236738758831e",
	    "JSON allow_all of old samples"},
	{"5c542a7860f317ab6fa314a817f0455fa7a8589fe8eca211dea16d59aec80ce9",
	    "JSON allow_all of the SDK documentation"},
	{"81f704433d53c64a6a438388dc542b1ff7fc0c27b634274eeb20a48f7a68607b",
	    "a published allow-all"},
	{"9eaaeb5deecb23c4e5d440888806ca3aac29ec9fc67d7902f5d355c9a83e4e95",
	    "Windows allow-all, CRLF"},
	{"a461825d6918cc876f6d999116a254f0bbea1050b1659cc5e33b6a39de756d6c",
	    "Windows allow-all, LF"},
	{"c49b2572e65daf0e5bee3b40a43bd4852781691f856bb7e0531e8c6826232854",
	    "hcsshim uvmboot, Windows"},
	{"b1fdacacae2839888895ad69429aad533d5db25f11d26638fc867e2b21946f6e",
	    "hcsshim open_door 0.12.0"},
};

int
hostdata_parse(struct slice text, uint8_t out[SHA256_SIZE], struct err *e)
{
	struct buf b = {0};
	bool good;

	if (text.n == (size_t)2 * SHA256_SIZE)
		good = hex_decode(text, &b, e) == 0;
	else
		good = b64_decode(text, B64_STD | B64_URL, &b, e) == 0;
	if (good && b.n == SHA256_SIZE)
		memcpy(out, b.p, SHA256_SIZE);
	else
		good = false;
	buf_free(&b);
	if (good)
		return 0;
	return err_set(e, E_USAGE, "neither 64 hex digits nor base64 of 32 "
	    "bytes");
}

const char *
hostdata_open(struct slice digest)
{
	struct buf hex = {0};
	const char *name = NULL;
	size_t i;

	hex_encode(digest, &hex);
	for (i = 0; i < sizeof opens / sizeof *opens; i++)
		if (slice_is(slice_buf(&hex), opens[i].sha256))
			name = opens[i].name;
	buf_free(&hex);
	return name;
}

/* What the wanted value is by itself, whatever the policy. */
static bool
known(struct slice want, struct err *e)
{
	uint8_t nothing[SHA256_SIZE];
	const char *name = hostdata_open(want);

	hash_sha256((struct slice){0}, nothing);
	if (slice_zero(want))
		(void)err_hint(e, "all zeros is the HOST_DATA of a virtual "
		    "machine that was given no policy");
	else if (slice_eq(want, slice_of(nothing, sizeof nothing)))
		(void)err_hint(e, "the value given is the SHA-256 of nothing, "
		    "of an empty text");
	else if (name != NULL)
		(void)err_hint(e, "the value given is that of a published "
		    "policy that allows everything (%s)", name);
	else
		return false;
	return true;
}

int
hostdata_check(struct slice policy, struct slice source,
    const uint8_t sum[SHA256_SIZE], const uint8_t want[SHA256_SIZE],
    struct err *e)
{
	struct slice ours = slice_of(sum, SHA256_SIZE),
	    theirs = slice_of(want, SHA256_SIZE);
	struct buf a = {0}, b = {0};
	const char *near;
	size_t i;

	if (slice_eq(ours, theirs))
		return 0;
	hex_encode(ours, &a);
	hex_encode(theirs, &b);
	(void)err_set(e, E_NO, "the hash is %.*s, not %.*s", (int)a.n,
	    (const char *)a.p, (int)b.n, (const char *)b.p);
	for (i = 0; i < SHA256_SIZE; i++)
		a.p[i] = sum[SHA256_SIZE - 1 - i];
	if ((near = near_find(policy, source, theirs)) != NULL)
		(void)err_hint(e, "the value given is the hash of %s", near);
	else if (slice_eq(slice_of(a.p, SHA256_SIZE), theirs))
		(void)err_hint(e, "the value given is this hash with its "
		    "bytes in reverse order");
	else if (!known(theirs, e))
		(void)err_hint(e, "no small change explains it: it is the hash "
		    "of another policy, and policy-hash --diff OTHER FILE "
		    "says how two differ");
	buf_free(&a);
	buf_free(&b);
	return -1;
}
