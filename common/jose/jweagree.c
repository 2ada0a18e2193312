/* jweagree.c -- see jwe_in.h: keys that two have together (RFC 7518 section
 * 4.6), and keys from passphrases (section 4.8). */
#include "jose/jwe_in.h"

#include "codec/b64.h"
#include "codec/bytes.h"
#include "crypto/pass.h"
#include "jose/jwk.h"

/* A base64url parameter; absent is left empty if it may be. */
static int
parameter(struct json_val v, const char *name, bool optional,
    struct buf *out, struct err *e)
{
	struct buf text = {0};
	int ret;

	if (optional && !json_has(v))
		return 0;
	if (json_text(v, name, &text, e) < 0)
		return err_in(e, "header");
	ret = b64_decode(slice_buf(&text), B64_JOSE, out, e);
	buf_free(&text);
	return ret < 0 ? err_in(e, "header: %s", name) : 0;
}

/* Of curves that others have we say so only where the key is looked at: the
 * recipient may be another one. */
static bool
is_our_curve(struct json_val epk)
{
	static const char *const ours[] = {
		"P-256", "P-384", "P-521", "X25519",
	};
	struct json_val crv = json_get(epk, "crv");
	size_t i;

	for (i = 0; i < sizeof ours / sizeof *ours; i++)
		if (json_text_is(crv, ours[i]))
			return true;
	return !json_is(crv, JSON_STRING);
}

/* Numbers alone, and no private ones (section 4.6.1.1).  A point that is not
 * on its curve gives bits of the key away; jwk_key() refuses it. */
static int
read_epk(struct json_val epk, struct key **out, struct err *e)
{
	if (!json_is(epk, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s, not an object",
		    json_kind_name(epk));
	if (json_has(json_get(epk, "d")) || json_has(json_get(epk, "x5c")))
		return err_set(e, E_INPUT, "more than a public key");
	if (!is_our_curve(epk))
		return 0;
	if (jwk_key(epk, out, e) < 0)
		return -1;
	if (key_type(*out) == KEY_EC || key_type(*out) == KEY_X25519)
		return 0;
	return err_set(e, E_INPUT, "no key to agree with");
}

int
jwe_agree_read(struct json_val epk, struct json_val apu, struct json_val apv,
    struct jwe_to *to, struct err *e)
{
	if (read_epk(epk, &to->epk, e) < 0)
		return err_in(e, "header: epk");
	if (parameter(apu, "apu", true, &to->apu, e) < 0)
		return -1;
	return parameter(apv, "apv", true, &to->apv, e);
}

int
jwe_pass_read(struct json_val p2s, struct json_val p2c, struct jwe_to *to,
    struct err *e)
{
	struct buf salt = {0};
	int64_t rounds;
	int ret;

	ret = parameter(p2s, "p2s", false, &salt, e);
	if (ret == 0 && salt.n < JWE_SALT_MIN)
		ret = err_set(e, E_INPUT, "header: p2s: %zu bytes where %d at "
		    "least belong", salt.n, JWE_SALT_MIN);
	if (ret == 0 && (!json_int(p2c, &rounds) || rounds < JWE_ROUNDS_MIN ||
	    rounds > JWE_ROUNDS_MAX))
		ret = err_set(e, E_INPUT, "header: p2c: no number of %d to "
		    "%d", JWE_ROUNDS_MIN, JWE_ROUNDS_MAX);
	if (ret == 0) {
		to->rounds = (unsigned)rounds;
		buf_adds(&to->salt, to->alg->name);
		buf_addc(&to->salt, 0);
		buf_add(&to->salt, slice_buf(&salt));
	}
	buf_free(&salt);
	return ret;
}

void
jwe_pass_kek(const struct jwe_to *to, const struct key *key, struct buf *kek)
{
	pass_pbkdf2(to->alg->hash, key_oct(key), slice_buf(&to->salt),
	    to->rounds, to->alg->kek, kek);
}

static void
add_counted(struct buf *out, struct slice s)
{
	put_be32(buf_more(out, 4), (uint32_t)s.n);
	buf_add(out, s);
}

/* What the key is for goes into it: the algorithm, both parties, and how many
 * bits it has. */
int
jwe_agree(const struct jwe_alg *alg, const struct jwe_enc *enc,
    struct slice apu, struct slice apv, const struct key *secret,
    const struct key *public, struct buf *out, struct err *e)
{
	size_t n = alg->kek > 0 ? alg->kek : enc->key;
	struct buf z = {0}, info = {0};
	int ret;

	if ((ret = agree_secret(secret, public, &z, e)) == 0) {
		add_counted(&info, slice_str(alg->kek > 0 ? alg->name :
		    enc->name));
		add_counted(&info, apu);
		add_counted(&info, apv);
		put_be32(buf_more(&info, 4), (uint32_t)(8 * n));
		agree_concat_kdf(slice_buf(&z), slice_buf(&info), n, out);
	}
	buf_free(&z);
	buf_free(&info);
	return ret;
}
