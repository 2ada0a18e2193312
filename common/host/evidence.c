/* evidence.c -- see evidence.h. */
#include "host/evidence.h"

#include <stdio.h>

#include "codec/b64.h"
#include "policy/rego.h"
#include "evidence/instead.h"
#include "evidence/kds.h"
#include "ground/io.h"
#include "host/certfiles.h"
#include "host/context.h"
#include "host/platform.h"
#include "host/runtimefile.h"

static int
once(const struct evidence_files *f, struct err *e)
{
	const char *const paths[] = {f->report != NULL ? f->report : "-",
	    f->endorsement, f->policy, f->runtime, f->crl, f->root};
	size_t i, n = 0;

	for (i = 0; i < f->certs.n; i++)
		n += strcmp(f->certs.v[i], "-") == 0;
	for (i = 0; i < sizeof paths / sizeof *paths; i++)
		n += paths[i] != NULL && strcmp(paths[i], "-") == 0;
	return n <= 1 ? 0 : err_set(e, E_USAGE, "standard input cannot be "
	    "%zu files at once", n);
}

int
evidence_report(const struct evidence_files *f, struct evidence *v,
    struct err *e)
{
	struct buf text = {0};
	int ret;

	if (once(f, e) < 0)
		return -1;
	if ((ret = io_read(f->report, SNP_TEXT_MAX, &text, e)) < 0)
		goto out;
	if ((ret = snp_decode(slice_buf(&text), &v->raw, e)) == 0) {
		v->report = slice_buf(&v->raw);
		if ((v->in_hcl = hcl_is(v->report)) &&
		    (ret = hcl_read(v->report, &v->hcl, e)) == 0)
			v->report = v->hcl.report;
	}
	if (ret == 0)
		ret = snp_check(v->report, e);
	if (ret < 0) {
		instead_of_report(slice_buf(&text), e);
		(void)err_in(e, "%s", io_name(f->report));
	}
out:
	buf_free(&text);
	return ret;
}

/* Where to get the leaf, as far as the report says. */
static void
no_certs(struct slice report, struct err *e)
{
	if (kds_no_leaf(report, product_guess(report)) == NULL)
		(void)err_hint(e, "snp-certs gets them from AMD, --certs or "
		    "-C says where they are; --show decodes only");
	else
		(void)err_hint(e, "give them with --certs or -C, or decode "
		    "only, with --show");
}

/* Those of the security context. */
static int
context_certs(struct evidence *v, struct err *e)
{
	struct buf text = {0}, name = {0};
	bool absent = false;
	int ret;

	buf_addf(&name, "%s/%s", v->context, context_name(CONTEXT_CERTS));
	buf_addc(&name, '\0');
	ret = context_read(v->context, CONTEXT_CERTS, &text, &absent, e);
	if (ret == 0 && (ret = pile_add(&v->pile, slice_buf(&text),
	    (const char *)name.p, e)) < 0) {
		(void)err_in(e, "%s", (const char *)name.p);
	} else if (absent) {
		(void)err_set(e, E_INPUT, "%s: no certificates: it has no %s",
		    v->context, context_name(CONTEXT_CERTS));
		if (v->report.n > 0)
			no_certs(v->report, e);
	}
	buf_free(&name);
	buf_free(&text);
	return ret;
}

static int
read_certs(const struct evidence_files *f, struct evidence *v, struct err *e)
{
	size_t i;

	for (i = 0; i < f->certs.n; i++)
		if (certfiles_add(f->certs.v[i], &v->pile, e) < 0)
			return -1;
	if (i > 0)
		return 0;
	if (v->context != NULL)
		return context_certs(v, e);
	if (v->report.n == 0)
		return 0;
	(void)err_set(e, E_INPUT, "no certificates to verify the report with");
	no_certs(v->report, e);
	return -1;
}

/* A policy file is Rego or, as it travels, base64 of it; the folder's was
 * decoded already. */
static int
read_policy(const struct evidence_files *f, struct evidence *v, struct err *e)
{
	struct buf text = {0}, raw = {0};
	bool absent = false;
	int ret = 0;

	if (f->policy != NULL) {
		ret = io_read(f->policy, EVIDENCE_POLICY_MAX, &text, e);
		if (ret == 0 && rego_is(slice_buf(&text)))
			buf_add(&raw, slice_buf(&text));
		else if (ret == 0 && (ret = b64_decode(slice_buf(&text),
		    B64_POLICY, &raw, e)) < 0)
			(void)err_set(e, E_INPUT, "%s: no policy: neither "
			    "Rego nor base64 of it", io_name(f->policy));
		if (ret == 0 && raw.n == 0)
			ret = err_set(e, E_INPUT, "%s: no policy: empty",
			    io_name(f->policy));
	} else if (v->context != NULL) {
		ret = context_read(v->context, CONTEXT_POLICY, &raw, &absent,
		    e);
		if (absent)
			ret = 0;
	}
	if (ret == 0 && raw.n > 0) {
		hash_sha256(slice_buf(&raw), v->policy);
		v->has_policy = true;
		if (f->keep_policy)
			buf_add(&v->policy_text, slice_buf(&raw));
	}
	buf_free(&text);
	buf_free(&raw);
	return ret;
}

int
evidence_root(const struct evidence_files *f, struct evidence *v,
    struct err *e)
{
	const char *path = f->root;
	struct buf text = {0};
	struct slice s;
	int ret;

	if (path == NULL)
		return 0;
	if ((ret = io_read(path, CERT_MAX, &text, e)) == 0) {
		s = slice_buf(&text);
		if (slice_starts(slice_trim(s), "-----BEGIN "))
			ret = certs_add_pem(&v->root, s, 1, e);
		else
			ret = certs_add_der(&v->root, s, 1, e);
		if (ret < 0)
			(void)err_in(e, "%s", io_name(path));
	}
	buf_free(&text);
	return ret;
}

static int
read_runtime(const char *path, struct evidence *v, struct err *e)
{
	struct buf text = {0};
	int ret;

	if (path == NULL)
		return 0;
	if ((ret = runtimefile_read(path, &text, e)) == 0) {
		snp_runtime_report_data(slice_buf(&text), v->report_data);
		v->has_runtime = true;
	}
	buf_free(&text);
	return ret;
}

int
evidence_common(const struct evidence_files *f, struct evidence *v,
    struct err *e)
{
	const char *missing;

	if (once(f, e) < 0)
		return -1;
	if (f->certs.n == 0 || f->endorsement == NULL || f->policy == NULL)
		v->context = context_dir(f->context);
	if (read_certs(f, v, e) < 0 ||
	    platform_endorsement(f->endorsement, v->context, &v->endorsement,
	    &missing, e) < 0 ||
	    read_policy(f, v, e) < 0 || evidence_root(f, v, e) < 0 ||
	    read_runtime(f->runtime, v, e) < 0)
		return -1;
	pile_add_own(&v->pile);
	if (f->crl == NULL)
		return 0;
	if (io_read(f->crl, EVIDENCE_CRL_MAX, &v->crl, e) < 0)
		return -1;
	return v->crl.n > 0 ? 0 : err_set(e, E_INPUT, "%s: no CRL: empty",
	    io_name(f->crl));
}

int
evidence_rest(const struct evidence_files *f, struct evidence *v,
    struct err *e)
{
	if (evidence_common(f, v, e) < 0)
		return -1;
	if (pile_chain(&v->pile, v->report, v->root.n > 0 ? v->root.v[0] :
	    NULL, f->root, &v->picked, e) < 0) {
		no_certs(v->report, e);
		return -1;
	}
	v->certs = picked_certs(&v->picked);
	return 0;
}

void
evidence_free(struct evidence *v)
{
	buf_free(&v->raw);
	pile_free(&v->pile);
	certs_free(&v->root);
	buf_free(&v->endorsement);
	buf_free(&v->policy_text);
	buf_free(&v->crl);
}
