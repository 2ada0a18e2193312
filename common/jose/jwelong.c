/* jwelong.c -- see jwelong.h. */
#include "jose/jwelong.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "jose/jwe_in.h"

enum { TAG_TEXT_MAX = 64 };	/* characters, more than any tag has */

struct jwelong {
	struct jwe jwe;
	struct buf cek;
	struct aead *aead;
	/* of this pass: */
	bool begun, tagged;	/* tagged: the dot before the tag was seen */
	struct buf rest;	/* fewer than four characters, or the tag */
	struct buf bytes;	/* decoded */
	uint64_t n;		/* bytes of ciphertext */
};

bool
jwelong_is(struct slice head)
{
	size_t i, dots = 0;
	uint8_t c;

	for (i = 0; i < head.n && dots < 3; i++) {
		c = head.p[i];
		if (c == '.')
			dots++;
		else if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z') &&
		    (c < '0' || c > '9') && c != '-' && c != '_')
			return false;
	}
	return dots == 3 && head.p[0] != '.';
}

/* Where the ciphertext begins. */
static size_t
head_size(struct slice head)
{
	size_t i, at = 0;

	for (i = 0; i < 3; i++)
		at += slice_find(slice_from(head, at), '.') + 1;
	return at;
}

int
jwelong_start(struct slice head, const struct keys *keys, struct slice kid,
    size_t *used, struct jwelong **out, struct err *e)
{
	struct jwelong *l = calloc(1, sizeof *l);
	size_t size = head_size(head);

	if (l == NULL)
		err_nomem();
	if (jwe_parse_head(slice_head(head, size), &l->jwe, e) < 0)
		goto fail;
	if (!l->jwe.enc->gcm) {
		(void)err_set(e, E_INPUT, "jwe: enc %s is not supported over "
		    "%d bytes", l->jwe.enc->name, JWE_MAX);
		goto fail;
	}
	if (jwe_cek(&l->jwe, keys, kid, &l->cek, e) < 0 ||
	    aead_start(l->jwe.enc->aead, slice_buf(&l->cek), &l->aead, e) < 0)
		goto fail;
	*used = size;
	*out = l;
	return 0;
fail:
	jwelong_free(l);
	return -1;
}

void
jwelong_free(struct jwelong *l)
{
	if (l == NULL)
		return;
	aead_free(l->aead);
	jwe_free(&l->jwe);
	buf_free(&l->cek);
	buf_free(&l->rest);
	buf_free(&l->bytes);
	free(l);
}

static void
begin(struct jwelong *l)
{
	if (!l->begun)
		aead_open_begin(l->aead, slice_buf(&l->jwe.iv),
		    slice_buf(&l->jwe.aad));
	l->begun = true;
}

/* Characters of the ciphertext, by fours unless they are the last. */
static int
feed(struct jwelong *l, struct slice text, struct buf *out, struct err *e)
{
	/* not cut: it is written over, and wiped in the end */
	l->bytes.n = 0;
	if (b64_decode(text, B64_JOSE, &l->bytes, e) < 0)
		return err_in(e, "jwe: ciphertext");
	l->n += l->bytes.n;
	if (l->n > JWELONG_MAX)
		return err_set(e, E_INPUT, "jwe: ciphertext: more than AES-GCM "
		    "allows");
	aead_open_more(l->aead, slice_buf(&l->bytes), out);
	return 0;
}

static int
ciphertext(struct jwelong *l, struct slice text, bool last, struct buf *out,
    struct err *e)
{
	size_t missing = (4 - l->rest.n) % 4, whole;

	if (l->rest.n > 0) {
		buf_add(&l->rest, slice_head(text, missing));
		text = slice_from(text, missing);
		if (l->rest.n == 4 || last) {
			if (feed(l, slice_buf(&l->rest), out, e) < 0)
				return -1;
			buf_cut(&l->rest, 0);
		}
	}
	whole = last ? text.n : text.n - text.n % 4;
	if (feed(l, slice_head(text, whole), out, e) < 0)
		return -1;
	buf_add(&l->rest, slice_from(text, whole));
	return 0;
}

int
jwelong_more(struct jwelong *l, struct slice text, struct buf *out,
    struct err *e)
{
	size_t was = out->n, dot;

	begin(l);
	if (!l->tagged) {
		dot = slice_find(text, '.');
		if (ciphertext(l, slice_head(text, dot), dot < text.n, out,
		    e) < 0) {
			buf_cut(out, was);
			return -1;
		}
		l->tagged = dot < text.n;
		text = slice_from(text, dot + 1);
	}
	if (!l->tagged)
		return 0;
	if (text.n > TAG_TEXT_MAX || l->rest.n + text.n > TAG_TEXT_MAX) {
		buf_cut(out, was);
		return err_set(e, E_INPUT, "jwe: tag: longer than it can be");
	}
	buf_add(&l->rest, text);
	return 0;
}

int
jwelong_end(struct jwelong *l, struct err *e)
{
	struct buf tag = {0};
	int ret;

	begin(l);
	if (!l->tagged)
		ret = err_set(e, E_INPUT, "jwe: cut short");
	else if ((ret = b64_decode(jwe_line(slice_buf(&l->rest)), B64_JOSE,
	    &tag, e)) < 0)
		(void)err_in(e, "jwe: tag");
	else if (tag.n != l->jwe.enc->tag)
		ret = err_set(e, E_INPUT, "jwe: tag: %zu bytes where %zu "
		    "belong", tag.n, l->jwe.enc->tag);
	else
		ret = aead_open_end(l->aead, slice_buf(&tag), e);
	l->begun = l->tagged = false;
	l->n = 0;
	buf_cut(&l->rest, 0);
	buf_free(&tag);
	return ret;
}
