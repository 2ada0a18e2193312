/* platform.c -- see platform.h. */
#include "serve/platform.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/b64.h"
#include "evidence/fit.h"
#include "evidence/report.h"
#include "evidence/thim.h"
#include "host/certfiles.h"
#include "host/context.h"
#include "host/platform.h"
#include "serve/fetch.h"

enum { KEPT = 4 };	/* chains: a TCB changes once in months */

#define KATA "/opt/confidential-containers/share/kata-containers"

struct platform {
	struct platform_files files;
	char *found;		/* the folder, if it was looked for */
	const char *context;
	struct buf endorsement;
	uint8_t policy[SHA256_SIZE];
	bool has_policy;

	pthread_mutex_t lock;	/* for all that follows */
	struct chain *kept[KEPT];
	size_t n, next;
};

struct platform *
platform_new(const struct platform_files *files)
{
	struct platform *p = calloc(1, sizeof *p);

	if (p == NULL)
		err_nomem();
	p->files = *files;
	(void)pthread_mutex_init(&p->lock, NULL);
	return p;
}

static void
chain_free(struct chain *c)
{
	buf_free(&c->pem);
	buf_free(&c->tcbm);
	certs_free(&c->certs);
	snp_chain_free(&c->judged);
	free(c);
}

static void
drop(struct chain *c)
{
	if (--c->users == 0)
		chain_free(c);
}

void
platform_free(struct platform *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		drop(p->kept[i]);
	buf_free(&p->endorsement);
	free(p->found);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The folder as the guest agent names it, in the container's root. */
static char *
look_for_context(void)
{
	char best[300] = "";
	struct dirent *d;
	DIR *root = opendir("/");

	while (root != NULL && (d = readdir(root)) != NULL)
		if (strncmp(d->d_name, "security-context-", 17) == 0 &&
		    (best[0] == '\0' || strcmp(d->d_name, best + 1) < 0))
			(void)snprintf(best, sizeof best, "/%s", d->d_name);
	if (root != NULL)
		(void)closedir(root);
	if (best[0] == '\0' && access(KATA, F_OK) == 0)
		(void)snprintf(best, sizeof best, "%s", KATA);
	return best[0] == '\0' ? NULL : slice_dup(slice_str(best));
}

/* The file's content from the variable that older hosts set instead. */
static bool
from_env(const char *name, struct buf *out)
{
	const char *v = getenv(name);

	if (v == NULL || *v == '\0')
		return false;
	buf_adds(out, v);
	return true;
}

static int
read_endorsement(struct platform *p, struct err *e)
{
	struct buf text = {0};
	const char *missing = NULL;
	int ret = 0;

	if (p->files.endorsement != NULL || p->context != NULL)
		ret = platform_endorsement(p->files.endorsement, p->context,
		    &p->endorsement, &missing, e);
	if (ret == 0 && p->endorsement.n == 0 &&
	    from_env("UVM_REFERENCE_INFO", &text) && (ret = b64_decode(
	    slice_buf(&text), B64_TEXT, &p->endorsement, e)) < 0)
		(void)err_in(e, "UVM_REFERENCE_INFO");
	buf_free(&text);
	return ret;
}

static int
read_policy(struct platform *p, struct err *e)
{
	struct buf raw = {0}, text = {0};
	bool absent = false;
	int ret = 0;

	if (p->context != NULL && (ret = context_read(p->context,
	    CONTEXT_POLICY, &raw, &absent, e)) < 0 && absent)
		ret = 0;
	if (ret == 0 && raw.n == 0 && from_env("UVM_SECURITY_POLICY", &text) &&
	    (ret = b64_decode(slice_buf(&text), B64_POLICY, &raw, e)) < 0)
		(void)err_in(e, "UVM_SECURITY_POLICY");
	if (ret == 0 && raw.n > 0) {
		hash_sha256(slice_buf(&raw), p->policy);
		p->has_policy = true;
	}
	buf_free(&raw);
	buf_free(&text);
	return ret;
}

int
platform_open(struct platform *p, struct err *e)
{
	p->context = context_dir(p->files.context);
	if (p->context == NULL)
		p->context = p->found = look_for_context();
	return read_endorsement(p, e) < 0 ? -1 : read_policy(p, e);
}

/* The text of the certificates that files hold, of several those for the
 * report; 1, and no error, if there is none. */
static int
file_certs(const struct platform *p, struct slice report, struct buf *text,
    struct err *e)
{
	bool absent = false;
	int ret;

	if (p->files.certs.n > 0)
		return certfiles_chain(&p->files.certs, report, text, e);
	if (p->context != NULL) {
		ret = context_read(p->context, CONTEXT_CERTS, text, &absent,
		    e);
		if (ret == 0 || !absent)
			return ret;
	}
	*e = (struct err){.code = E_OK};
	return from_env("UVM_HOST_AMD_CERTIFICATE", text) ? 0 : 1;
}

static struct chain *
chain_read(struct slice text, struct err *e)
{
	struct chain *c = calloc(1, sizeof *c);

	if (c == NULL)
		err_nomem();
	c->users = 1;
	if (thim_pem(text, &c->pem, e) < 0 ||
	    thim_certs(text, &c->certs, e) < 0) {
		chain_free(c);
		return NULL;
	}
	thim_tcbm(text, &c->tcbm);
	return c;
}

static void
keep(struct platform *p, struct chain *c)
{
	size_t i;

	/* one that was read before anybody could say what it fits */
	for (i = 0; i < p->n; i++)
		if (slice_eq(slice_buf(&p->kept[i]->pem),
		    slice_buf(&c->pem)))
			break;
	if (i == p->n && p->n < KEPT) {
		p->kept[p->n++] = c;
		return;
	}
	if (i == p->n)
		i = p->next++ % KEPT;
	drop(p->kept[i]);
	p->kept[i] = c;
}

static bool
fits(struct chain *c, struct slice report, struct err *e)
{
	struct slice tcb = snp_get(report, SNP_REPORTED_TCB);
	struct slice chip = snp_get(report, SNP_CHIP_ID);

	if (c->fits && slice_eq(tcb, slice_of(c->tcb, sizeof c->tcb)) &&
	    slice_eq(chip, slice_of(c->chip, sizeof c->chip)))
		return true;
	if (c->fits)
		return err_set(e, E_NO, "those here are of another TCB or "
		    "chip") == 0;
	if (snp_fits(report, slice_buf(&c->pem), e) < 0)
		return false;
	memcpy(c->tcb, tcb.p, sizeof c->tcb);
	memcpy(c->chip, chip.p, sizeof c->chip);
	c->fits = true;
	return true;
}

static struct chain *
find(struct platform *p, struct slice report, struct err *e)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (fits(p->kept[i], report, e))
			return p->kept[i];
	return NULL;
}

/* Read one source: 0 if there are certificates now that were not rejected. */
static int
load(struct platform *p, bool file, struct slice report, struct err *e)
{
	struct buf text = {0};
	struct chain *c = NULL;
	int ret;

	ret = file ? file_certs(p, report, &text, e) :
	    fetch_certs(&p->files, report, &text, e);
	if (ret == 0 && (c = chain_read(slice_buf(&text), e)) == NULL) {
		ret = -1;
		if (file && p->context != NULL)
			(void)err_in(e, "%s/%s", p->context,
			    context_name(CONTEXT_CERTS));
	} else if (ret < 0 && !file) {
		(void)err_in(e, "certificates");
	}
	if (ret == 0)
		keep(p, c);
	buf_free(&text);
	return ret;
}

int
platform_load(struct platform *p, struct err *e)
{
	struct slice none = {0};
	int ret = 0;

	(void)pthread_mutex_lock(&p->lock);
	if (p->n == 0 && (ret = load(p, true, none, e)) == 1)
		ret = load(p, false, none, e);
	(void)pthread_mutex_unlock(&p->lock);
	return ret;
}

int
platform_chain(struct platform *p, struct slice report,
    struct chain **out, struct err *e)
{
	struct err fetch = {.code = E_OK};
	struct chain *c;
	bool any;

	(void)pthread_mutex_lock(&p->lock);
	*e = (struct err){.code = E_OK};
	c = find(p, report, e);
	if (c == NULL && load(p, true, report, e) == 0)
		c = find(p, report, e);
	any = p->n > 0 && e->code == E_NO;
	if (c == NULL && load(p, false, report, &fetch) == 0)
		c = find(p, report, e);
	else if (c == NULL && !any && e->code == E_OK)
		*e = fetch;
	else if (c == NULL)
		(void)err_hint(e, "and no others are to be had: %.400s",
		    fetch.text);
	if (c != NULL)
		c->users++;
	(void)pthread_mutex_unlock(&p->lock);
	*out = c;
	return c != NULL ? 0 : -1;
}

void
chain_put(struct platform *p, struct chain *c)
{
	if (c == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	drop(c);
	(void)pthread_mutex_unlock(&p->lock);
}

const struct snp_chain *
chain_judged(struct platform *p, struct chain *c, const struct snp_trust *t)
{
	struct snp_chain judged = {0};
	struct err e;
	bool lasts;

	(void)pthread_mutex_lock(&p->lock);
	if (!c->known && snp_chain_judge(&c->certs, t, &judged, &e) == 0) {
		c->known = snp_chain_lasts(&judged, &c->certs, t->at);
		if (c->known)
			c->judged = judged;
		else
			snp_chain_free(&judged);
	}
	lasts = c->known && snp_chain_lasts(&c->judged, &c->certs, t->at);
	(void)pthread_mutex_unlock(&p->lock);
	return lasts ? &c->judged : NULL;
}

struct slice
platform_endorsement_of(const struct platform *p)
{
	return slice_buf(&p->endorsement);
}

const uint8_t *
platform_policy(const struct platform *p)
{
	return p->has_policy ? p->policy : NULL;
}

const char *
platform_context(const struct platform *p)
{
	return p->context;
}
