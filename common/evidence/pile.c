/* pile.c -- see pile.h: the documents. */
#include "evidence/pile.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "codec/bytes.h"
#include "evidence/amdcerts.h"
#include "evidence/certtable.h"
#include "evidence/hcl.h"
#include "evidence/pile_in.h"
#include "ground/text.h"
#include "value/json.h"

static const char begins[] = "-----BEGIN ";

/* DER of more than 127 bytes, as every certificate is. */
static bool
is_der(struct slice s)
{
	return s.n > 2 && s.p[0] == 0x30 && (s.p[1] & 0xf0) == 0x80;
}

static bool
is_json(struct slice s)
{
	s = slice_trim(s);
	return s.n > 0 && s.p[0] == '{';
}

bool
pile_looks(struct slice s)
{
	static const char *const words[] = {"-----BEGIN CERTIFICATE-----",
	    "\"vcekCert\""};

	return is_der(s) || certtable_is(s) ||
	    slice_search(s, words[0]) < s.n ||
	    (is_json(s) && slice_search(s, words[1]) < s.n);
}

static int
add_json(struct certs *to, struct slice text, struct err *e)
{
	struct buf pem = {0};
	struct json_val root;
	struct json *json;
	int ret = -1;

	if (json_parse(text, &json, e) < 0)
		return -1;
	root = json_root(json);
	if (json_text(json_get(root, "vcekCert"), "vcekCert", &pem, e) == 0 &&
	    json_text(json_get(root, "certificateChain"), "certificateChain",
	    &pem, e) == 0)
		ret = certs_find_pem(to, slice_buf(&pem), PILE_CERTS_MAX, e);
	buf_free(&pem);
	json_free(json);
	return ret;
}

static int
add_table(struct certs *to, struct slice table, struct err *e)
{
	struct certtable t;
	size_t i;

	if (certtable_read(table, &t, e) < 0)
		return -1;
	const struct slice all[] = {t.vcek, t.vlek, t.ask, t.ark};
	for (i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].n > 0 && certs_add_der(to, all[i], PILE_CERTS_MAX,
		    e) < 0)
			return err_in(e, "certificate table");
	return 0;
}

static bool
is_report(struct slice s)
{
	struct err ignored;

	return hcl_is(s) || snp_check(s, &ignored) == 0;
}

/* What is no certificate may be something that people mean. */
static int
other(struct slice s, struct err *e)
{
	if (is_report(s)) {
		(void)err_set(e, E_INPUT, "a report, not certificates");
		return err_hint(e, "a report is given as the operand");
	}
	return err_set(e, E_INPUT, "no certificates: neither PEM, DER, THIM "
	    "JSON nor a host's certificate table");
}

static int add(struct certs *, struct slice, bool, struct err *);

/* Base64 without the lines of PEM; hex is a report's. */
static int
add_text(struct certs *to, struct slice text, struct err *e)
{
	struct buf raw = {0};
	struct err ignored;
	int ret;

	if (snp_decode(text, &raw, &ignored) < 0) {
		buf_free(&raw);
		return other(text, e);
	}
	ret = add(to, slice_buf(&raw), true, e);
	buf_free(&raw);
	return ret;
}

static int
add(struct certs *to, struct slice text, bool decoded, struct err *e)
{
	struct slice s = slice_trim(text);

	if (s.n == 0)
		return err_set(e, E_INPUT, "empty");
	if (is_json(text))
		return add_json(to, text, e);
	if (certtable_is(text))
		return add_table(to, text, e);
	if (!is_der(text) && is_report(text))
		return other(text, e);
	if (text_no_bom(text, "certificates", e) < 0)
		return -1;
	for (; is_der(text); text = slice_trim(text).n > 0 ? text :
	    slice_of(text.p, 0))
		if (certs_take_der(to, &text, PILE_CERTS_MAX, e) < 0)
			return -1;
	if (text.n == 0)
		return 0;
	if (slice_search(text, begins) < text.n)
		return certs_find_pem(to, text, PILE_CERTS_MAX, e);
	if (to->n > 0)
		return err_set(e, E_INPUT, "certificate: %zu bytes behind its "
		    "end", text.n);
	return decoded ? other(text, e) : add_text(to, text, e);
}

/* Append one that is not there yet; c is taken over. */
static void
keep(struct pile *p, struct cert *c, const char *from, bool own)
{
	uint8_t sum[SHA256_SIZE];
	struct pile_cert *of;
	size_t i;

	cert_sha256(c, sum);
	for (i = 0; i < p->certs.n; i++)
		if (memcmp(p->of[i].sum, sum, sizeof sum) == 0)
			break;
	if (i < p->certs.n) {
		cert_free(c);
		return;
	}
	certs_append(&p->certs, c);
	of = reallocarray(p->of, p->certs.n, sizeof *of);
	if (of == NULL)
		err_nomem();
	p->of = of;
	pile_describe(c, &of[i]);
	memcpy(of[i].sum, sum, sizeof sum);
	of[i].from = from;
	of[i].own = own;
}

/* Take over all of c. */
static void
keep_all(struct pile *p, struct certs *c, const char *from, bool own)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		keep(p, c->v[i], from, own);
	free(c->v);
}

static const char *
remember(struct pile *p, const char *name)
{
	char **names = reallocarray(p->names, p->n_names + 1,
	    sizeof *names);

	if (names == NULL)
		err_nomem();
	p->names = names;
	return names[p->n_names++] = slice_dup(slice_str(name));
}

int
pile_add(struct pile *p, struct slice text, const char *name, struct err *e)
{
	struct certs c = {0};
	int ret = add(&c, text, false, e);

	if (ret == 0 && c.n == 0)
		ret = err_set(e, E_INPUT, "no certificate in it");
	if (ret == 0 && p->certs.n + c.n > PILE_CERTS_MAX)
		ret = err_set(e, E_INPUT, "more than %d certificates",
		    PILE_CERTS_MAX);
	if (ret == 0)
		keep_all(p, &c, remember(p, name), false);
	else
		certs_free(&c);
	return ret;
}

/* One of the pile names it as its issuer. */
static bool
is_named(const struct pile *p, const char *name)
{
	struct buf issuer = {0};
	bool is = false;
	size_t i;

	for (i = 0; !is && i < p->certs.n; i++) {
		buf_cut(&issuer, 0);
		cert_issuer_cn(p->certs.v[i], &issuer);
		is = slice_is(slice_buf(&issuer), name);
	}
	buf_free(&issuer);
	return is;
}

/* To read all of them would be a quarter of the work for a report. */
void
pile_add_own(struct pile *p)
{
	bool all = p->certs.n == 0;
	struct certs c;
	struct err ignored;
	size_t i = 0;

	while (amd_certs[i].name != NULL)
		i++;
	/* from the end: an ARK stands before what names it */
	while (i-- > 0) {
		if (!all && !is_named(p, amd_certs[i].name))
			continue;
		c = (struct certs){0};
		(void)certs_find_pem(&c, slice_str(amd_certs[i].pem),
		    PILE_CERTS_MAX, &ignored);
		keep_all(p, &c, NULL, true);
	}
}

void
pile_free(struct pile *p)
{
	size_t i;

	certs_free(&p->certs);
	for (i = 0; i < p->n_names; i++)
		free(p->names[i]);
	free(p->names);
	free(p->of);
	*p = (struct pile){0};
}
