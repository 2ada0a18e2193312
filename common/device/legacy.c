/* legacy.c -- /dev/sev of the 5.15 guest kernel (AMD's first driver, which
 * no kernel header describes).  The host's driver has a device of the same
 * name; only the answer to the request tells them apart. */
#include "device/sev.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "codec/bytes.h"

static const char path[] = "/dev/sev";

enum {
	ARG_SIZE = 40,		/* bytes; all offsets as the driver has them */
	ARG_REQUEST_TYPE = 0,
	ARG_RESPONSE_TYPE = 1,
	ARG_VERSION = 2,
	ARG_REQUEST_LEN = 4,
	ARG_REQUEST = 8,
	ARG_RESPONSE_LEN = 16,
	ARG_RESPONSE = 24,
	ARG_ERROR = 32,

	MSG_REPORT_REQ = 5,
	MSG_REPORT_RSP = 6,

	REQUEST_SIZE = 96,	/* report data, VMPL, 28 reserved */
	RESPONSE_SIZE = 1280,	/* 32 bytes, report, 64 reserved */
};

int
sev_legacy_report(const struct sev_request *rq, struct sev_answer *a,
    struct err *e)
{
	_Alignas(8) uint8_t arg[ARG_SIZE] = {0};
	uint8_t request[REQUEST_SIZE] = {0}, response[RESPONSE_SIZE] = {0};
	uint32_t code;
	int fd, ret;

	memcpy(request, rq->data, sizeof rq->data);
	put_le32(request + sizeof rq->data, rq->vmpl);
	arg[ARG_REQUEST_TYPE] = MSG_REPORT_REQ;
	arg[ARG_RESPONSE_TYPE] = MSG_REPORT_RSP;
	arg[ARG_VERSION] = 1;
	put_le32(arg + ARG_REQUEST_LEN, REQUEST_SIZE);
	put_address(arg + ARG_REQUEST, request);
	put_le32(arg + ARG_RESPONSE_LEN, RESPONSE_SIZE);
	put_address(arg + ARG_RESPONSE, response);
	put_le32(arg + ARG_ERROR, UINT32_MAX);
	if ((fd = sev_open(path, e)) < 0)
		return -1;
	ret = ioctl(fd, SEV_IOCTL(1, ARG_SIZE), arg);
	code = le32(arg + ARG_ERROR);
	if (ret == 0)
		ret = sev_response(path, slice_of(response, sizeof response),
		    a, e);
	else if (code == UINT32_MAX && (errno == ENOTTY || errno == EINVAL))
		ret = err_set(e, E_SYSTEM, "%s: not the guest's device: this "
		    "is the host's, or another driver's", path);
	else
		/* left alone, the field says nothing */
		ret = sev_failed(path, code != UINT32_MAX ? code : 0, 0, e);
	(void)close(fd);
	return ret;
}
