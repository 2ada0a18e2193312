/* bloboaep.c -- see blob.h: the OAEP of the options, and of what a key says. */
#include "blob/blob.h"

#include "codec/hex.h"

int
blob_oaep(const char *hash, const char *mgf1, const char *label,
    struct buf *keep, struct oaep *out, struct err *e)
{
	struct oaep o = oaep_sha256;

	if (!hash_by_name(hash, &o.hash) ||
	    !hash_by_name(mgf1 != NULL ? mgf1 : hash, &o.mgf1))
		return err_set(e, E_USAGE, "not a hash: %s, %s", hash,
		    mgf1 != NULL ? mgf1 : hash);
	if (label != NULL && hex_decode(slice_str(label), keep, e) < 0) {
		e->code = E_USAGE;
		return err_in(e, "--label");
	}
	o.label = slice_buf(keep);
	*out = o;
	return 0;
}

int
blob_oaep_of(const struct blob_job *job, const struct key *key,
    struct oaep *out, struct err *e)
{
	static const struct {
		const char *alg;
		enum hash hash;
	} algs[] = {
		{"RSA-OAEP-256", HASH_SHA256}, {"RSA-OAEP", HASH_SHA1},
		{"RSA-OAEP-384", HASH_SHA384}, {"RSA-OAEP-512", HASH_SHA512},
	};
	struct slice own = key_alg(key);
	size_t i;

	*out = job->oaep;
	if (own.n == 0)
		return 0;
	for (i = 0; i < sizeof algs / sizeof *algs; i++)
		if (slice_is(own, algs[i].alg))
			break;
	if (i == sizeof algs / sizeof *algs)
		return key_meant_for(key, "RSA-OAEP-256", e);
	if (job->oaep_asked && (job->oaep.hash != algs[i].hash ||
	    job->oaep.mgf1 != algs[i].hash)) {
		(void)err_set(e, E_NO, "the key says that it is for alg %s, "
		    "which is not the OAEP asked for", algs[i].alg);
		return -1;
	}
	out->hash = out->mgf1 = algs[i].hash;
	return 0;
}
