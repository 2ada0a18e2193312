/* agekind.c -- see age_in.h: the kinds of stanza, as one table. */
#include "blob/age_in.h"

#include "crypto/xwing.h"

static const struct age_kind kinds[] = {
	{"X25519", "age", KEY_X25519, age_curve_check, age_curve_open,
	    age_curve_seal},
	{"ssh-rsa", "RSA-OAEP-256", KEY_RSA, age_ssh_check, age_ssh_open,
	    age_ssh_seal},
	{"ssh-ed25519", "age", KEY_ED25519, age_curve_check, age_curve_open,
	    age_curve_seal},
	{"scrypt", "age", KEY_PASS, age_scrypt_check, age_scrypt_open,
	    age_scrypt_seal},
	{AGE_PQ, "age", KEY_XWING, age_pq_check, age_pq_open, age_pq_seal},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

int
age_kind_of(const struct key *key, const struct age_kind **out, struct err *e)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (kinds[i].type == key_type(key)) {
			*out = &kinds[i];
			return key_meant_for(key, kinds[i].alg, e);
		}
	return err_set(e, E_INPUT, "key: age takes RSA, Ed25519, X25519, its "
	    "own with ML-KEM, or a passphrase");
}

int
age_stanza_check(const struct age_stanza *st, struct err *e)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (slice_is(st->type, kinds[i].name))
			return kinds[i].check(st, e);
	return 0;
}

void
age_about(struct buf *out)
{
	bool able = xwing_able();
	size_t i;

	buf_addf(out, "libcrypto: %s\nage:", hash_library());
	for (i = 0; i < KINDS; i++)
		if (able || kinds[i].type != KEY_XWING)
			buf_addf(out, " %s", kinds[i].name);
	buf_adds(out, able ? "\n" : "; " AGE_PQ " takes ML-KEM, which OpenSSL "
	    "3.5 has\n");
}
