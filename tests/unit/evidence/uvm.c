/* uvm.c -- every byte of the stand-in's endorsements changed, one at a time:
 * nobody is left endorsed.  Both algorithms; the real one is for
 * evidence/verify.c. */
#include "evidence/uvm.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/child.h"
#include "codec/b64.h"
#include "ground/io.h"
#include "unit/tap.h"

enum { FILE_MAX = 65536 };

static const char *signer;	/* of tests/fake/context */
static char *folder;

/* Make a security context; returns only if that cannot be run. */
static int
run_context(void)
{
	struct buf program = {0}, pki = {0};

	buf_addf(&program, "%s/tests/fake/context", getenv("ROOT"));
	buf_addf(&pki, "%s/pki", getenv("FAKE"));
	buf_addc(&program, '\0');
	buf_addc(&pki, '\0');
	(void)execl((char *)program.p, "context", "--pki", (char *)pki.p,
	    "--signer", signer, "--missing", "policy,certs", folder,
	    (char *)NULL);
	return 127;
}

static bool
slurp(const char *dir, const char *name, struct buf *out)
{
	struct buf path = {0};
	struct err e;
	bool ok;

	buf_addf(&path, "%s/%s", dir, name);
	buf_addc(&path, '\0');
	ok = io_read((char *)path.p, FILE_MAX, out, &e) == 0;
	buf_free(&path);
	return ok;
}

static bool
endorsement(struct buf *cose)
{
	struct buf said = {0}, text = {0};
	struct err e;
	bool ok;

	ok = child(STDOUT_FILENO, run_context, &said) == 0 &&
	    slurp(folder, "reference-info-base64", &text) &&
	    b64_decode(slice_buf(&text), B64_TEXT, cose, &e) == 0;
	buf_free(&said);
	buf_free(&text);
	return ok;
}

/* 0, or the class of the refusal. */
static enum status
judge(struct slice cose, const char *did)
{
	struct err e;
	struct uvm u;

	if (uvm_read(cose, &u, &e) < 0)
		return e.code;
	if (uvm_prove(&u, did, "ContainerPlat-AMD-UVM", NULL, &e) == 0)
		e.code = E_OK;
	uvm_free(&u);
	return e.code;
}

/* Change a bit of each byte of a part, found by its bytes. */
static void
sweep(const char *name, struct buf *cose, struct slice part,
    const char *what, const char *did)
{
	size_t from = 0, i, kept = 0, odd = 0;
	enum status got;

	while (from + part.n <= cose->n && !slice_eq(part,
	    slice_head(slice_from(slice_buf(cose), from), part.n)))
		from++;
	if (!CHECK(from + part.n <= cose->n, "%s: the %s is in it", name,
	    what))
		return;
	for (i = from; i < from + part.n; i++) {
		cose->p[i] ^= (uint8_t)(1 << i % 8);
		got = judge(slice_buf(cose), did);
		cose->p[i] ^= (uint8_t)(1 << i % 8);
		kept += got == E_OK;
		odd += got != E_NO && got != E_INPUT && got != E_OK;
	}
	CHECK(kept == 0 && odd == 0, "%s: %zu bytes of the %s: %zu accepted, "
	    "%zu refused otherwise", name, part.n, what, kept, odd);
}

static void
each_byte(const char *name, const char *did)
{
	struct buf cose = {0};
	struct cose c = {0};
	struct err e;
	size_t i, kept = 0;

	signer = name;
	if (!CHECK(endorsement(&cose) && judge(slice_buf(&cose), did) ==
	    E_OK && cose_read(slice_buf(&cose), &c, &e) == 0, "%s: made",
	    name))
		goto out;
	sweep(name, &cose, c.protected, "protected header", did);
	sweep(name, &cose, c.payload, "payload", did);
	sweep(name, &cose, c.signature, "signature", did);
	for (i = 0; i < cose.n; i++)
		kept += judge(slice_head(slice_buf(&cose), i), did) == E_OK;
	CHECK(kept == 0, "%s: cut short anywhere: %zu accepted", name, kept);
out:
	cose_free(&c);
	buf_free(&cose);
}

int
main(void)
{
	const char *fake = getenv("FAKE"), *tmp = getenv("TMPDIR");
	struct buf pki = {0}, did = {0}, place = {0};

	buf_addf(&pki, "%s/pki", fake != NULL ? fake : "");
	buf_addc(&pki, '\0');
	buf_addf(&place, "%s/uvm.XXXXXX", tmp != NULL ? tmp : "/tmp");
	buf_addc(&place, '\0');
	folder = (char *)place.p;
	if (getenv("ROOT") == NULL || !slurp((char *)pki.p, "uvm-did", &did)) {
		tap_skip("endorsements", "no stand-in");
	} else if (CHECK(mkdtemp(folder) != NULL, "a folder")) {
		while (did.n > 0 && did.p[did.n - 1] == '\n')
			did.n--;
		buf_addc(&did, '\0');
		each_byte("uvm", (char *)did.p);
		each_byte("uvm-es384", (char *)did.p);
	}
	buf_free(&pki);
	buf_free(&did);
	buf_free(&place);
	return tap_done();
}
