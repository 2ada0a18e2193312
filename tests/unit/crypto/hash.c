/* Digests against values made by another implementation (Python's). */
#include "crypto/hash.h"

#include "codec/hex.h"
#include "unit/tap.h"

static const struct {
	const char *name, *sum, *hmac, *empty_hmac;
} cases[] = {
	{"sha1", "473b437fc0e2cd520c8a5ac993c357b100eb6648",
	    "104152c5bfdca07bc633eebd46199f0255c9f49d",
	    "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"},
	{"sha256",
	    "fe89f8b563367646efa268a72cfb3cc6bfdd44d60ff33e38896d7d2a033589d5",
	    "5031fe3d989c6d1537a013fa6e739da23463fdaec3b70137d828e36ace221bd0",
	    "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
	{"sha384",
	    "0182134f29284f75472041668103d331b749c332f0bd9dce"
	    "0e14f36a312e8641c1923ec3e51bcace2211f4c11dc24eaa",
	    "c5f97ad9fd1020c174d7dc02cf83c4c1bf15ee20ec555b69"
	    "0ad58e62da8a00ee44ccdb65cb8c80acfd127ebee568958a",
	    "6c1f2ee938fad2e24bd91298474382ca218c75db3d83e114"
	    "b3d4367776d14d3551289e75e8209cd4b792302840234adc"},
	{"sha512",
	    "554519c805445c6aabae22bc5d7a0e056404c125e52e5e228745d2fceba02aa9"
	    "112cbcff51d2f556c528218da459bb1f9595d49649c44e7d885e2301b5997d1f",
	    "3c5953a18f7303ec653ba170ae334fafa08e3846f2efe317b87efce82376253c"
	    "b52a8c31ddcde5a3a2eee183c2b34cb91f85e64ddbc325f7692b199473579c58",
	    "b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673"
	    "0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47"},
};

static bool
shows(const uint8_t *p, size_t n, const char *want)
{
	struct buf hex = {0};
	bool same;

	hex_encode(slice_of(p, n), &hex);
	same = slice_is(slice_buf(&hex), want);
	buf_free(&hex);
	return same;
}

static void
one(size_t i)
{
	const char *name = cases[i].name;
	uint8_t sum[HASH_SIZE_MAX];
	struct hash_run *r;
	enum hash h;

	if (!CHECK(hash_by_name(name, &h), "%s", name))
		return;
	CHECK(strcmp(hash_name(h), name) == 0, "  is called so");
	hash_of(h, slice_str("teeutils"), sum);
	CHECK(shows(sum, hash_size(h), cases[i].sum), "  its value");
	r = hash_start(h);
	hash_more(r, slice_str("tee"));
	hash_more(r, slice_of(NULL, 0));
	hash_more(r, slice_str("utils"));
	hash_end(r, sum);
	CHECK(shows(sum, hash_size(h), cases[i].sum), "  in parts");
	hash_end(hash_start(h), NULL);
	hash_hmac(h, slice_str("key"), slice_str("data"), sum);
	CHECK(shows(sum, hash_size(h), cases[i].hmac), "  HMAC");
	hash_hmac(h, slice_of(NULL, 0), slice_of(NULL, 0), sum);
	CHECK(shows(sum, hash_size(h), cases[i].empty_hmac),
	    "  HMAC of nothing");
}

static void
hkdf(void)
{
	uint8_t out[100];

	hash_hkdf(HASH_SHA256, slice_str("ikm"), slice_str("salt"),
	    slice_str("info"), out, 100);
	CHECK(shows(out, 100, "fe8f9615d2374c0d17f77d1aeaf408c2e75fe0466073d0"
	    "def23c733e2f862dfd6814c9254418fa112fe862ed399c4b25fdadeaae292fad"
	    "99bb17d22f96564592abdc5737225fc0502567d4eafdc012bd0f06cc3afac9d4"
	    "b7f372af9a9e95a6dcfaf90709"), "HKDF SHA-256 over several blocks");
	hash_hkdf(HASH_SHA512, slice_str("ikm"), slice_str("salt"),
	    slice_str("info"), out, 100);
	CHECK(shows(out, 100, "f8666bd3fdd88840c947614272dd065c71c541b0de03ff"
	    "738644dffc3facec646317f3819f453c7f0c4b4fb70680b07f020c3e26ce1908"
	    "95b104a4f8d4770f076ab726fd6ad78fc6cfd7a5faa507fb5f45a3b0594b286d"
	    "665b4d31fe8b1325a2010263e3"), "HKDF SHA-512");
	hash_hkdf(HASH_SHA256, slice_of(NULL, 0), slice_of(NULL, 0),
	    slice_of(NULL, 0), out, 7);
	CHECK(shows(out, 7, "eb70f01dede9af"), "HKDF of nothing");
}

int
main(void)
{
	uint8_t a[32] = {0}, b[32] = {0};
	enum hash h;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		one(i);
	CHECK(!hash_by_name("md5", &h), "md5 is none of ours");
	CHECK(!hash_by_name("SHA256", &h), "names are in lower case");
	hash_sha256(slice_str("teeutils"), a);
	CHECK(shows(a, SHA256_SIZE, cases[1].sum), "hash_sha256");
	hkdf();
	hash_random(a, sizeof a);
	hash_random(b, sizeof b);
	CHECK(!slice_eq(slice_of(a, 32), slice_of(b, 32)),
	    "two random values differ");
	return tap_done();
}
