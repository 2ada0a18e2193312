/* guest.c -- /dev/sev-guest, by the kernel's own header. */
#include "device/sev.h"

#include <linux/sev-guest.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "evidence/fwstatus.h"

static const char path[] = "/dev/sev-guest";

enum { PAGE = 4096 };	/* bytes: what the table's buffer is aligned to */

/* All the room the kernel allows is offered at once, so that one request
 * serves; a host without certificates leaves it zero or sets the length 0. */
static int
ask(int fd, const struct sev_request *rq, void *room, struct sev_answer *a,
    struct err *e)
{
	struct snp_ext_report_req ext = {.data = {.vmpl = rq->vmpl},
	    .certs_address = (uintptr_t)room, .certs_len = SEV_CERTS_MAX};
	struct snp_report_resp resp = {0};
	/* 6.1 writes the code on some failures only */
	struct snp_guest_request_ioctl arg = {.msg_version = 1,
	    .resp_data = (uintptr_t)&resp, .exitinfo2 = FW_NOT_CALLED};

	memcpy(ext.data.user_data, rq->data, sizeof ext.data.user_data);
	arg.req_data = room != NULL ? (uintptr_t)&ext : (uintptr_t)&ext.data;
	if (ioctl(fd, room != NULL ? SNP_GET_EXT_REPORT : SNP_GET_REPORT,
	    &arg) < 0)
		return sev_failed(path, arg.fw_error, arg.vmm_error, e);
	if (sev_response(path, slice_of(resp.data, sizeof resp.data), a,
	    e) < 0)
		return -1;
	if (room != NULL && ext.certs_len <= SEV_CERTS_MAX &&
	    !slice_zero(slice_of(room, ext.certs_len)))
		buf_add(&a->certs, slice_of(room, ext.certs_len));
	return 0;
}

int
sev_guest_report(const struct sev_request *rq, struct sev_answer *a,
    struct err *e)
{
	void *room = NULL;
	int fd, ret;

	if ((fd = sev_open(path, e)) < 0)
		return -1;
	if (rq->certs) {
		if ((room = aligned_alloc(PAGE, SEV_CERTS_MAX)) == NULL)
			err_nomem();
		memset(room, 0, SEV_CERTS_MAX);
	}
	ret = ask(fd, rq, room, a, e);
	free(room);
	(void)close(fd);
	return ret;
}
