/* guest.c -- /dev/sev-guest, by the layouts of Linux's
 * include/uapi/linux/sev-guest.h, which is not needed to build. */
#include "device/sev.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "evidence/fwstatus.h"

static const char path[] = "/dev/sev-guest";

enum {
	PAGE = 4096,		/* bytes: the table's buffer is aligned to it */

	/* struct snp_guest_request_ioctl */
	ARG_SIZE = 32,		/* bytes; all offsets as the kernel has them */
	ARG_VERSION = 0,
	ARG_REQUEST = 8,
	ARG_RESPONSE = 16,
	ARG_FW_ERROR = 24,	/* the halves of exitinfo2 */
	ARG_VMM_ERROR = 28,

	/* struct snp_ext_report_req, and before it snp_report_req */
	REQUEST_SIZE = 112,
	REQUEST_DATA = 0,	/* 64 bytes of report data */
	REQUEST_VMPL = 64,
	REQUEST_CERTS = 96,
	REQUEST_CERTS_LEN = 104,

	RESPONSE_SIZE = 4000,	/* struct snp_report_resp */
};

/* All the room the kernel allows is offered at once, so that one request
 * serves; a host without certificates leaves it zero or sets the length 0. */
static int
ask(int fd, const struct sev_request *rq, void *room, struct sev_answer *a,
    struct err *e)
{
	_Alignas(8) uint8_t arg[ARG_SIZE] = {0}, request[REQUEST_SIZE] = {0};
	_Alignas(8) uint8_t response[RESPONSE_SIZE] = {0};
	uint32_t n;

	memcpy(request + REQUEST_DATA, rq->data, sizeof rq->data);
	put_le32(request + REQUEST_VMPL, rq->vmpl);
	put_address(request + REQUEST_CERTS, room);
	put_le32(request + REQUEST_CERTS_LEN, SEV_CERTS_MAX);
	arg[ARG_VERSION] = 1;
	put_address(arg + ARG_REQUEST, request);
	put_address(arg + ARG_RESPONSE, response);
	/* 6.1 writes the code on some failures only */
	put_le32(arg + ARG_FW_ERROR, FW_NOT_CALLED);
	/* SNP_GET_EXT_REPORT, SNP_GET_REPORT */
	if (ioctl(fd, room != NULL ? SEV_IOCTL(2, ARG_SIZE) :
	    SEV_IOCTL(0, ARG_SIZE), arg) < 0)
		return sev_failed(path, le32(arg + ARG_FW_ERROR),
		    le32(arg + ARG_VMM_ERROR), e);
	if (sev_response(path, slice_of(response, sizeof response), a, e) < 0)
		return -1;
	n = le32(request + REQUEST_CERTS_LEN);
	if (room != NULL && n <= SEV_CERTS_MAX &&
	    !slice_zero(slice_of(room, n)))
		buf_add(&a->certs, slice_of(room, n));
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
