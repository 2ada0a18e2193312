/* agecurve.c -- see age_in.h: the stanzas in which two keys agree on one:
 * X25519 of age's own keys, and ssh-ed25519, whose keys are made ones of
 * X25519. */
#include "blob/age_in.h"

#include "codec/b64.h"
#include "crypto/agree.h"

static const char x25519[] = "X25519";
static const char ed25519[] = "ssh-ed25519";
static const char x25519_label[] = "age-encryption.org/v1/X25519";
static const char ed25519_label[] = "age-encryption.org/v1/ssh-ed25519";

/* A key as its stanza has it. */
struct party {
	bool ssh;
	struct key *x;		/* on X25519 */
	struct buf tag;		/* ssh: what names it */
	struct key *tweak;	/* ssh: a secret that anyone can know, and
				 * that ties the stanza to the key */
};

static void
party_free(struct party *p)
{
	key_free(p->x);
	key_free(p->tweak);
	buf_free(&p->tag);
}

static int
make_tweak(const struct key *key, struct key **out, struct err *e)
{
	struct buf wire = {0}, bytes = {0};
	int ret;

	age_ssh_wire(key, &wire);
	hash_hkdf(HASH_SHA256, slice_of(NULL, 0), slice_buf(&wire),
	    slice_str(ed25519_label), buf_more(&bytes, KEY_RAW_SIZE),
	    KEY_RAW_SIZE);
	ret = key_from_raw(KEY_X25519, slice_of(NULL, 0), slice_buf(&bytes),
	    out, e);
	buf_free(&wire);
	buf_free(&bytes);
	return ret;
}

static int
party_of(const struct key *key, struct party *p, struct err *e)
{
	struct buf public = {0}, secret = {0};
	int ret;

	p->ssh = key_type(key) == KEY_ED25519;
	if (p->ssh) {
		age_ssh_tag(key, &p->tag);
		if (key_x25519_of(key, &p->x, e) < 0)
			return -1;
		return make_tweak(key, &p->tweak, e);
	}
	key_to_raw(key, &public, &secret);
	ret = key_from_raw(KEY_X25519, slice_buf(&public),
	    slice_buf(&secret), &p->x, e);
	buf_free(&public);
	buf_free(&secret);
	return ret;
}

/* One more step, which gives the same for everybody who has the secret. */
static int
twist(const struct key *tweak, struct buf *z, struct err *e)
{
	struct key *point;
	int ret;

	if (key_from_raw(KEY_X25519, slice_buf(z), slice_of(NULL, 0), &point,
	    e) < 0)
		return -1;
	buf_cut(z, 0);
	ret = agree_secret(tweak, point, z, e);
	key_free(point);
	return ret;
}

/* Append the key that wraps the file key: of the secret, one's own and the
 * other's, and of both public halves, the stanza's first.  A share of low
 * order is E_INPUT: that it is one shows to everybody. */
static int
wrapping_key(const struct party *p, const struct key *secret,
    const struct key *other, const struct key *share, struct buf *out,
    struct err *e)
{
	struct buf z = {0}, salt = {0};
	int ret;

	ret = agree_secret(secret, other, &z, e);
	if (ret == 0 && p->ssh)
		ret = twist(p->tweak, &z, e);
	if (ret == 0) {
		key_to_raw(share, &salt, NULL);
		key_to_raw(p->x, &salt, NULL);
		hash_hkdf(HASH_SHA256, slice_buf(&z), slice_buf(&salt),
		    slice_str(p->ssh ? ed25519_label : x25519_label),
		    buf_more(out, AGE_WRAP_SIZE), AGE_WRAP_SIZE);
	} else {
		ret = err_set(e, E_INPUT, "%s: a point of low order",
		    p->ssh ? ed25519 : x25519);
	}
	buf_free(&z);
	buf_free(&salt);
	return ret;
}

/* Append what the stanza's arguments hold: of ssh-ed25519 the key's tag and,
 * of both, the share.  -1 if it is another shape. */
static int
take_args(const struct age_stanza *st, struct buf *tag, struct buf *share)
{
	struct slice text = st->args;
	size_t n;
	struct err e;

	if (slice_is(st->type, ed25519)) {
		n = slice_find(text, ' ');
		if (b64_decode(slice_head(text, n), B64_STD | B64_NOPAD, tag,
		    &e) < 0 || tag->n != AGE_TAG_SIZE)
			return -1;
		text = slice_from(text, n + 1);
	}
	if (b64_decode(text, B64_STD | B64_NOPAD, share, &e) < 0)
		return -1;
	return share->n == KEY_RAW_SIZE ? 0 : -1;
}

int
age_curve_check(const struct age_stanza *st, struct err *e)
{
	struct buf tag = {0}, share = {0}, body = {0};
	int ret;

	age_body(st, &body);
	if ((ret = take_args(st, &tag, &share)) < 0)
		(void)err_set(e, E_INPUT, "%.*s: its arguments are not %s%d "
		    "bytes in base64", (int)st->type.n,
		    (const char *)st->type.p, slice_is(st->type, x25519) ?
		    "" : "4 and ", KEY_RAW_SIZE);
	else if (body.n != AGE_WRAPPED_SIZE)
		ret = err_set(e, E_INPUT, "%.*s: %zu bytes where %d belong",
		    (int)st->type.n, (const char *)st->type.p, body.n,
		    AGE_WRAPPED_SIZE);
	buf_free(&tag);
	buf_free(&share);
	buf_free(&body);
	return ret;
}

static int
open_one(const struct party *p, const struct age_stanza *st,
    struct slice share, struct buf *out, struct err *e)
{
	struct buf kek = {0};
	struct key *point;
	int ret;

	if (key_from_raw(KEY_X25519, share, slice_of(NULL, 0), &point, e) < 0)
		return -1;
	ret = wrapping_key(p, p->x, point, point, &kek, e);
	if (ret == 0)
		ret = age_unwrap(slice_buf(&kek), st, out, e);
	key_free(point);
	buf_free(&kek);
	return ret;
}

/* X25519's do not say whom they are for: all are tried. */
static int
open_all(const struct age_head *h, const struct party *p, struct buf *out,
    bool *met, struct err *e)
{
	struct slice rest = h->stanzas;
	struct buf tag = {0}, share = {0};
	struct age_stanza st;
	int ret = -1;

	*met = false;
	while (ret < 0 && age_stanza(&rest, &st)) {
		if (!slice_is(st.type, p->ssh ? ed25519 : x25519))
			continue;
		buf_cut(&tag, 0);
		buf_cut(&share, 0);
		if (take_args(&st, &tag, &share) < 0 || (p->ssh &&
		    !slice_eq(slice_buf(&tag), slice_buf(&p->tag))))
			continue;
		*met = *met || p->ssh;
		ret = open_one(p, &st, slice_buf(&share), out, e);
		if (ret < 0 && e->code != E_NO) {
			*met = true;
			break;
		}
	}
	buf_free(&tag);
	buf_free(&share);
	return ret;
}

int
age_curve_open(const struct age_head *h, const struct key *key,
    struct buf *out, struct err *e)
{
	struct party p = {0};
	bool met;
	int ret;

	ret = party_of(key, &p, e);
	if (ret == 0 && (ret = open_all(h, &p, out, &met, e)) < 0 && !met)
		ret = age_refuse(h, e);
	party_free(&p);
	return ret;
}

int
age_curve_seal(const struct key *key, struct slice file_key, struct buf *out,
    struct err *e)
{
	struct party p = {0};
	struct buf kek = {0}, share = {0};
	struct key *mine = NULL;
	int ret;

	ret = party_of(key, &p, e);
	if (ret == 0) {
		agree_generate(p.x, &mine);
		ret = wrapping_key(&p, mine, p.x, mine, &kek, e);
	}
	if (ret == 0) {
		key_to_raw(mine, &share, NULL);
		buf_addf(out, "-> %s ", p.ssh ? ed25519 : x25519);
		if (p.ssh) {
			b64_encode(slice_buf(&p.tag), B64_STD, out);
			buf_addc(out, ' ');
		}
		b64_encode(slice_buf(&share), B64_STD, out);
		buf_addc(out, '\n');
		age_wrap(slice_buf(&kek), file_key, out);
	}
	key_free(mine);
	buf_free(&kek);
	buf_free(&share);
	party_free(&p);
	return ret;
}
