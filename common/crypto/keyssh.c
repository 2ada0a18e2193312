/* keyssh.c -- see key.h: keys as OpenSSH writes them. */
#include "crypto/key.h"

#include "codec/b64.h"
#include "codec/bytes.h"
#include "ground/text.h"

enum { SEED = 32 };	/* bytes of an Ed25519 key before its public half */

static const char rsa[] = "ssh-rsa";
static const char ed25519[] = "ssh-ed25519";

/* One length-prefixed string (RFC 4251 section 5). */
static bool
take(struct slice *in, struct slice *out)
{
	uint32_t n;

	if (in->n < 4)
		return false;
	n = be32(in->p);
	if (in->n - 4 < n)
		return false;
	*out = slice_head(slice_from(*in, 4), n);
	*in = slice_from(*in, 4 + (size_t)n);
	return true;
}

static int
malformed(struct err *e)
{
	return err_set(e, E_INPUT, "ssh: malformed key");
}

/* The other kinds there are, by the name they begin with. */
static int
other_kind(struct slice name, struct err *e)
{
	struct slice shown = slice_head(name, 48);

	(void)err_set(e, E_INPUT, "ssh: a key of the kind %.*s, and only "
	    "ssh-rsa and ssh-ed25519 are read", (int)shown.n,
	    (const char *)shown.p);
	if (slice_search(name, "-cert-v01@") < name.n)
		(void)err_hint(e, "that is a certificate: give the .pub file "
		    "of the key itself");
	else if (slice_starts(name, "sk-"))
		(void)err_hint(e, "its private half cannot leave its "
		    "hardware, nor decrypt");
	else
		(void)err_hint(e, "ssh-keygen -t ed25519, or -t rsa, makes "
		    "one");
	return -1;
}

/* What a line's base64 holds: the name again, then the numbers. */
static int
public_key(struct slice wire, struct slice want, struct key **out,
    struct err *e)
{
	struct slice name, a, b;
	struct key_rsa k = {0};
	int ret;

	if (!take(&wire, &name) || !slice_eq(name, want) || !take(&wire, &a))
		return malformed(e);
	if (slice_is(name, ed25519))
		return wire.n > 0 ? malformed(e) :
		    key_from_raw(KEY_ED25519, a, slice_of(NULL, 0), out, e);
	if (!take(&wire, &b) || wire.n > 0)
		return malformed(e);
	buf_add(&k.e, a);
	buf_add(&k.n, b);
	ret = key_from_rsa(&k, out, e);
	key_rsa_free(&k);
	return ret;
}

int
key_from_ssh_line(struct slice line, struct key **out, struct err *e)
{
	struct slice name, text;
	struct buf wire = {0};
	int ret;

	line = slice_trim(line);
	name = slice_head(line, slice_find(line, ' '));
	if (slice_find(line, '\n') < line.n)
		return err_set(e, E_INPUT, "ssh: more than one line");
	if (!slice_is(name, rsa) && !slice_is(name, ed25519))
		return other_kind(name, e);
	text = slice_trim(slice_from(line, name.n));
	text = slice_head(text, slice_find(text, ' '));
	if ((ret = b64_decode(text, B64_STD | B64_PAD, &wire, e)) < 0)
		(void)err_in(e, "ssh");
	else
		ret = public_key(slice_buf(&wire), name, out, e);
	buf_free(&wire);
	return ret;
}

/* The factors that stand in the file are those that the exponents give. */
static bool
has_factors(const struct key *k, struct slice p, struct slice q)
{
	struct key_rsa r = {0};
	struct slice a, b;
	bool has;

	key_to_rsa(k, &r);
	for (; p.n > 0 && p.p[0] == 0; p = slice_from(p, 1))
		continue;
	for (; q.n > 0 && q.p[0] == 0; q = slice_from(q, 1))
		continue;
	a = slice_buf(&r.p);
	b = slice_buf(&r.q);
	has = (slice_eq(a, p) && slice_eq(b, q)) ||
	    (slice_eq(a, q) && slice_eq(b, p));
	key_rsa_free(&r);
	return has;
}

static int
private_rsa(struct slice *in, struct key **out, struct err *e)
{
	struct slice n, exponent, d, iqmp, p, q;
	struct key_rsa k = {0};
	struct key *key;
	int ret;

	if (!take(in, &n) || !take(in, &exponent) || !take(in, &d) ||
	    !take(in, &iqmp) || !take(in, &p) || !take(in, &q))
		return malformed(e);
	buf_add(&k.n, n);
	buf_add(&k.e, exponent);
	buf_add(&k.d, d);
	ret = key_from_rsa(&k, &key, e);
	key_rsa_free(&k);
	if (ret < 0)
		return -1;
	if (!has_factors(key, p, q)) {
		key_free(key);
		return err_set(e, E_INPUT, "ssh: factors that do not fit");
	}
	*out = key;
	return 0;
}

static int
private_ed25519(struct slice *in, struct key **out, struct err *e)
{
	struct slice public, both;

	if (!take(in, &public) || !take(in, &both) ||
	    both.n != SEED + KEY_RAW_SIZE ||
	    !slice_eq(slice_from(both, SEED), public))
		return malformed(e);
	return key_from_raw(KEY_ED25519, public, slice_head(both, SEED), out,
	    e);
}

/* Two numbers that are the same, the key, a comment, and 1, 2, 3 ... up to a
 * whole block. */
static int
private_part(struct slice in, struct key **out, struct err *e)
{
	struct slice name, comment;
	struct key *key = NULL;
	size_t i;
	int ret;

	if (in.n < 8 || in.n % 8 != 0 || be32(in.p) != be32(in.p + 4))
		return malformed(e);
	in = slice_from(in, 8);
	if (!take(&in, &name))
		return malformed(e);
	if (slice_is(name, rsa))
		ret = private_rsa(&in, &key, e);
	else if (slice_is(name, ed25519))
		ret = private_ed25519(&in, &key, e);
	else
		return other_kind(name, e);
	if (ret < 0)
		return -1;
	ret = take(&in, &comment) && in.n < 8 ? 0 : malformed(e);
	for (i = 0; ret == 0 && i < in.n; i++)
		if (in.p[i] != i + 1)
			ret = malformed(e);
	if (ret == 0)
		*out = key;
	else
		key_free(key);
	return ret;
}

static int
check_public(const struct key *key, struct slice wire, struct err *e)
{
	struct slice rest = wire, name = {0};
	struct key *public = NULL;
	bool same;

	if (!take(&rest, &name) || public_key(wire, name, &public, e) < 0)
		return malformed(e);
	same = key_same(key, public);
	key_free(public);
	return same ? 0 : err_set(e, E_INPUT,
	    "ssh: the two halves are not of one key");
}

int
key_from_openssh(struct slice in, struct key **out, struct err *e)
{
	static const char magic[] = "openssh-key-v1";
	struct slice cipher, kdf, options, public, secret;
	struct key *key = NULL;

	/* with its NUL */
	if (!slice_eq(slice_head(in, sizeof magic), slice_of(magic,
	    sizeof magic)))
		return malformed(e);
	in = slice_from(in, sizeof magic);
	if (!take(&in, &cipher) || !take(&in, &kdf) || !take(&in, &options) ||
	    in.n < 4 || be32(in.p) != 1)
		return malformed(e);
	in = slice_from(in, 4);
	if (!take(&in, &public))
		return malformed(e);
	if (!slice_is(cipher, "none")) {
		(void)err_set(e, E_INPUT, "ssh: an encrypted OpenSSH key, "
		    "which is not read");
		return err_hint(e, "ssh-keygen -p -f COPY takes the "
		    "passphrase off a copy of it; or -p -m PEM, for "
		    "--passphrase-file");
	}
	if (!slice_is(kdf, "none") || options.n > 0 || !take(&in, &secret) ||
	    in.n > 0)
		return malformed(e);
	if (private_part(secret, &key, e) < 0)
		return -1;
	if (check_public(key, public, e) < 0) {
		key_free(key);
		return -1;
	}
	*out = key;
	return 0;
}
