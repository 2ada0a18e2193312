/* cse -- metadata of client-side encryption and a body from outside.  The
 * first two bytes are how many of those that follow are metadata; the rest is
 * the body.  What opens has the size that its length says; of what fails
 * nothing is left; and what is sealed of the same bytes opens again. */
#include <stdlib.h>

#include "blob/cselong.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct key *keys[3];

static void
make_keys(void)
{
	uint8_t bytes[32];
	struct err e;
	size_t i;

	memset(bytes, 'k', sizeof bytes);
	for (i = 0; i < 3; i++)
		if (key_from_oct(slice_of(bytes, 16 + 8 * i), &keys[i], &e) <
		    0)
			abort();
}

/* false if some region failed; what came before stays in out. */
static bool
turn_all(struct chunks *c, struct slice body, struct buf *out)
{
	struct slice in;
	struct err e;
	void *state;
	uint64_t i = 0;
	size_t was;
	bool last, ok;

	if (c->begin(c, &state, &e) < 0)
		abort();
	do {
		in = slice_head(body, c->in);
		body = slice_from(body, c->in);
		last = body.n == 0;
		was = out->n;
		ok = (c->see == NULL || c->see(c, i, last, in, &e) == 0) &&
		    c->turn(c, state, i, last, in, out, &e) == 0;
		if (ok ? out->n - was > c->out : out->n != was ||
		    (e.code != E_NO && e.code != E_INPUT))
			abort();
		i++;
	} while (ok && !last);
	c->end(state);
	return ok;
}

static void
open_body(const struct cse_meta *m, struct slice body, const struct key *key)
{
	struct chunks *c;
	struct cbc *v1;
	struct buf out = {0};
	struct err e;
	uint64_t n;

	if (cse_open_start(m, key, &c, &e) == 0) {
		if (turn_all(c, body, &out) &&
		    (!cse_plain_size(m->region, body.n, &n) || n != out.n))
			abort();
		c->free(c);
	} else if (e.code != E_NO && e.code != E_INPUT) {
		abort();
	}
	buf_cut(&out, 0);
	if (cse_v1_start(m, key, &v1, &e) == 0) {
		cbc_open_more(v1, body, &out);
		if (cbc_open_end(v1, &out, &e) == 0 && out.n > body.n)
			abort();
		cbc_free(v1);
	}
	buf_free(&out);
}

/* The same body as regions of any size: what the one opens, the other does. */
static void
open_long(const struct cse_meta *m, struct slice body, const struct key *key)
{
	struct cselong *l;
	struct buf out = {0}, whole = {0};
	struct chunks *open;
	struct slice rest, in;
	struct err e;
	bool good = true;

	if (cselong_start(m, key, &l, &e) < 0)
		return;
	for (rest = body; good && rest.n > 0; rest = slice_from(rest, in.n)) {
		in = slice_head(rest, 13);
		good = cselong_more(l, in, &out, &e) == 0;
	}
	good = good && cselong_end(l, &e) == 0;
	cselong_free(l);
	if (cse_open_start(m, key, &open, &e) < 0 ||
	    turn_all(open, body, &whole) != good ||
	    (good && !slice_eq(slice_buf(&whole), slice_buf(&out))))
		abort();
	open->free(open);
	buf_free(&out);
	buf_free(&whole);
}

static void
round_trip(struct slice plain, const struct key *key)
{
	struct buf text = {0}, body = {0}, out = {0};
	struct cse_meta m = {0};
	struct chunks *seal, *open;
	struct err e;
	uint64_t n;

	if (cse_seal_start(key, slice_str("k"), &seal, &text, &e) < 0 ||
	    !turn_all(seal, plain, &body) ||
	    cse_meta_read(slice_buf(&text), CSE_REGION, &m, &e) < 0 ||
	    cse_open_start(&m, key, &open, &e) < 0 ||
	    !turn_all(open, slice_buf(&body), &out) ||
	    !slice_eq(slice_buf(&out), plain) ||
	    !cse_sealed_size(CSE_REGION, plain.n, &n) || n != body.n)
		abort();
	seal->free(seal);
	open->free(open);
	cse_meta_free(&m);
	buf_free(&text);
	buf_free(&body);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body, text;
	struct cse_meta m = {0};
	struct err e;
	size_t i, n;

	if (size < 2 || size > 128 << 10)
		return 0;
	if (keys[0] == NULL)
		make_keys();
	n = (size_t)data[0] << 8 | data[1];
	text = slice_head(slice_of(data + 2, size - 2), n);
	body = slice_from(slice_of(data + 2, size - 2), n);
	if (cse_meta_read(text, CSE_REGION, &m, &e) == 0) {
		for (i = 0; i < 3; i++)
			open_body(&m, body, keys[i]);
		for (i = 0; i < 3; i++)
			open_long(&m, body, keys[i]);
	} else if (e.code != E_INPUT || m.key_id.p != NULL ||
	    m.wrapped.p != NULL) {
		abort();
	}
	cse_meta_free(&m);
	round_trip(body, keys[n % 3]);
	return 0;
}
