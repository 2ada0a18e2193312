/* vtpm.c -- the report of an Azure confidential VM, which its paravisor keeps
 * in an NV index of the virtual TPM, with data of the guest's from another. */
#include "device/sev.h"

#include <time.h>

#include "device/tpm.h"
#include "evidence/hcl.h"

static const char path[] = "/dev/tpmrm0";

enum {
	INDEX_BLOB = 0x01400001, INDEX_DATA = 0x01400002,
	TRIES = 5,
	PAUSE = 3,	/* seconds: the paravisor makes a report every two */
};

static int
no_blob(struct tpm *t, struct sev_answer *a, struct err *e)
{
	if (t->code != TPM_NO_INDEX)
		return -1;
	a->absent = true;
	(void)err_set(e, E_SYSTEM, "%s: no index 0x%08x, where an Azure "
	    "confidential VM has its report", path, INDEX_BLOB);
	return err_hint(e, "a TPM alone makes no confidential VM: the size of "
	    "an Azure VM has to be one of DCas, DCads, ECas or ECads");
}

/* The index for the guest's data is the guest's to make; one of another size
 * is another program's. */
static int
put_data(struct tpm *t, struct slice data, struct err *e)
{
	struct tpm_index x;
	int ret = tpm_public(t, INDEX_DATA, &x, e);

	if (ret < 0 && t->code == TPM_NO_INDEX &&
	    (ret = tpm_define(t, INDEX_DATA, (uint16_t)data.n, e)) == 0)
		ret = tpm_public(t, INDEX_DATA, &x, e);
	if (ret < 0)
		return err_in(e, "index 0x%08x", INDEX_DATA);
	if (x.size != data.n) {
		(void)err_set(e, E_SYSTEM, "%s: index 0x%08x has %u bytes "
		    "instead of %zu", path, INDEX_DATA, x.size, data.n);
		return err_hint(e, "if no program needs it so, remove it: "
		    "tpm2_nvundefine -C o 0x%08x", INDEX_DATA);
	}
	return tpm_write(t, &x, data, e);
}

/* Whole, and of one report; *torn if not: the paravisor may have written a new
 * one while the parts were read. */
static int
get_blob(struct tpm *t, struct sev_answer *a, struct hcl *hcl, bool *torn,
    struct err *e)
{
	struct tpm_index x;

	*torn = false;
	buf_cut(&a->blob, 0);
	if (tpm_public(t, INDEX_BLOB, &x, e) < 0)
		return no_blob(t, a, e);
	if (tpm_read(t, &x, &a->blob, e) < 0)
		return -1;
	if (hcl_read(slice_buf(&a->blob), hcl, e) == 0 &&
	    hcl_binds(hcl, snp_report_data(hcl->report), e) == 0)
		return 0;
	*torn = true;
	e->code = E_SYSTEM;
	return err_in(e, "%s: index 0x%08x", path, INDEX_BLOB);
}

/* The report carries what was written, or nothing was. */
static bool
carries(const struct hcl *hcl, const struct sev_request *rq)
{
	uint8_t is[SNP_REPORT_DATA_SIZE];
	struct err ignored;

	return !rq->given || (hcl_user_data(hcl, is, &ignored) == 0 &&
	    memcmp(is, rq->data, sizeof is) == 0);
}

/* A torn one is read again at once, an old one after a while. */
static int
fetch(struct tpm *t, const struct sev_request *rq, struct sev_answer *a,
    struct err *e)
{
	static const struct timespec pause = {PAUSE, 0};
	struct hcl hcl;
	bool torn;
	int i, ret;

	for (i = 0; i < TRIES; i++) {
		ret = get_blob(t, a, &hcl, &torn, e);
		if (ret < 0 && !torn)
			return -1;
		if (ret == 0 && carries(&hcl, rq)) {
			buf_add(&a->report, hcl.report);
			return 0;
		}
		if (ret == 0)
			(void)nanosleep(&pause, NULL);
	}
	if (ret < 0)
		return -1;
	(void)err_set(e, E_SYSTEM, "%s: the report does not carry the data "
	    "that was written %d seconds ago", path, TRIES * PAUSE);
	return err_hint(e, "another program may write data of its own to "
	    "index 0x%08x; an older paravisor has no such data", INDEX_DATA);
}

int
sev_vtpm_report(const struct sev_request *rq, struct sev_answer *a,
    struct err *e)
{
	struct tpm_index x;
	struct tpm t;
	int ret;

	if (rq->vmpl != 0)
		return err_set(e, E_USAGE, "the paravisor makes the vTPM's "
		    "report, at VMPL 0: no -l");
	if (tpm_open(&t, e) < 0)
		return -1;
	/* nothing is written to a TPM of another kind */
	if ((ret = tpm_public(&t, INDEX_BLOB, &x, e)) < 0)
		ret = no_blob(&t, a, e);
	else if (rq->given)
		ret = put_data(&t, slice_of(rq->data, sizeof rq->data), e);
	if (ret == 0)
		ret = fetch(&t, rq, a, e);
	tpm_close(&t);
	return ret;
}
