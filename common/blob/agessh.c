/* agessh.c -- see age_in.h: the ssh-rsa stanza, in which an RSA key of SSH
 * (and so any RSA key) takes the file key.  age's own agessh defines it. */
#include "blob/age_in.h"

#include "codec/b64.h"
#include "codec/bytes.h"
#include "crypto/oaep.h"

static const char ssh_rsa[] = "ssh-rsa";

static struct oaep
how(void)
{
	struct oaep o = oaep_sha256;

	o.label = slice_str(AGE_OAEP_LABEL);
	return o;
}

/* A string of the SSH wire format (RFC 4251 section 5); a number, which is
 * signed there, has a zero byte in front of a set highest bit. */
static void
add_string(struct buf *out, struct slice s, bool number)
{
	bool zero = number && s.n > 0 && s.p[0] >= 0x80;

	put_be32(buf_more(out, 4), (uint32_t)(s.n + zero));
	if (zero)
		buf_addc(out, 0);
	buf_add(out, s);
}

void
age_ssh_wire(const struct key *key, struct buf *out)
{
	struct buf raw = {0};
	struct key_rsa r = {0};

	if (key_type(key) == KEY_ED25519) {
		key_to_raw(key, &raw, NULL);
		add_string(out, slice_str("ssh-ed25519"), false);
		add_string(out, slice_buf(&raw), false);
	} else {
		key_to_rsa(key, &r);
		add_string(out, slice_str(ssh_rsa), false);
		add_string(out, slice_buf(&r.e), true);
		add_string(out, slice_buf(&r.n), true);
	}
	key_rsa_free(&r);
	buf_free(&raw);
}

void
age_ssh_tag(const struct key *key, struct buf *out)
{
	uint8_t sum[SHA256_SIZE];
	struct buf wire = {0};

	age_ssh_wire(key, &wire);
	hash_sha256(slice_buf(&wire), sum);
	buf_add(out, slice_of(sum, AGE_TAG_SIZE));
	buf_free(&wire);
}

/* Append the tag in the stanza's argument. */
static int
tag_of(const struct age_stanza *st, struct buf *out, struct err *e)
{
	size_t was = out->n;

	if (b64_decode(st->args, B64_STD | B64_NOPAD, out, e) < 0)
		return -1;
	return out->n - was == AGE_TAG_SIZE ? 0 : -1;
}

int
age_ssh_check(const struct age_stanza *st, struct err *e)
{
	struct buf tag = {0};
	int ret = tag_of(st, &tag, e);

	buf_free(&tag);
	if (ret < 0)
		return err_set(e, E_INPUT,
		    "ssh-rsa: not one argument, base64 of %d bytes",
		    AGE_TAG_SIZE);
	return 0;
}

static bool
is_for(const struct age_stanza *st, struct slice tag)
{
	struct buf found = {0};
	struct err e;
	bool is;

	is = slice_is(st->type, ssh_rsa) && tag_of(st, &found, &e) == 0 &&
	    slice_eq(slice_buf(&found), tag);
	buf_free(&found);
	return is;
}

/* Append the file key in the stanza's block.  A block of another size is no
 * matter of the key's private half. */
static int
open_one(const struct age_stanza *st, struct oaep_run *run, struct buf *out,
    struct err *e)
{
	struct buf block = {0};
	size_t was = out->n;
	int ret;

	age_body(st, &block);
	ret = oaep_open(run, slice_buf(&block), out, e);
	buf_free(&block);
	if (ret == 0 && out->n - was != AGE_FILE_KEY_SIZE) {
		buf_cut(out, was);
		return err_set(e, E_NO, "decryption failed");
	}
	return ret;
}

int
age_ssh_open(const struct age_head *h, const struct key *key, struct buf *out,
    struct err *e)
{
	const struct oaep o = how();
	struct slice rest = h->stanzas;
	struct age_stanza st;
	struct oaep_run *run;
	struct buf tag = {0};
	bool met = false;
	int ret = -1;

	if (oaep_start(key, &o, false, &run, e) < 0)
		return -1;
	age_ssh_tag(key, &tag);
	/* four bytes name another key too, now and then: the next may be it */
	while (ret < 0 && age_stanza(&rest, &st)) {
		if (!is_for(&st, slice_buf(&tag)))
			continue;
		met = true;
		ret = open_one(&st, run, out, e);
		if (ret < 0 && e->code != E_NO)
			break;
	}
	if (!met)
		ret = age_refuse(h, e);
	oaep_free(run);
	buf_free(&tag);
	return ret;
}

int
age_ssh_seal(const struct key *key, struct slice file_key, struct buf *out,
    struct err *e)
{
	const struct oaep o = how();
	struct buf tag = {0}, block = {0};
	struct oaep_run *run;
	int ret;

	if (oaep_start(key, &o, true, &run, e) < 0)
		return -1;
	ret = oaep_seal(run, file_key, &block, e);
	oaep_free(run);
	if (ret == 0) {
		age_ssh_tag(key, &tag);
		buf_addf(out, "-> %s ", ssh_rsa);
		b64_encode(slice_buf(&tag), B64_STD, out);
		buf_addc(out, '\n');
		age_put_body(slice_buf(&block), out);
	}
	buf_free(&tag);
	buf_free(&block);
	return ret;
}
