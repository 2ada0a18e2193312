/*
 * sev-device.c: the ioctls of /dev/sev-guest (mainline) and /dev/sev (the
 * 5.15 guest driver), with the kernel's checks, in the kernel's order.
 * The mainline structures are declared as the kernel's documentation has them
 * (Documentation/virt/coco/sev-guest.rst), so that its headers need not be
 * there; the legacy one is read and written at its offsets.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

#include "sev.h"

struct snp_report_req {
	uint8_t user_data[64];
	uint32_t vmpl;
	uint8_t rsvd[28];
};

struct snp_report_resp {
	uint8_t data[4000];
};

struct snp_ext_report_req {
	struct snp_report_req data;
	uint64_t certs_address;
	uint32_t certs_len;
};

struct snp_guest_request_ioctl {
	uint8_t msg_version;
	uint64_t req_data, resp_data;
	union {
		uint64_t exitinfo2;
		struct {
			uint32_t fw_error, vmm_error;
		};
	};
};

#define	SNP_GET_REPORT		_IOWR('S', 0, struct snp_guest_request_ioctl)
#define	SNP_GET_EXT_REPORT	_IOWR('S', 2, struct snp_guest_request_ioctl)
#define	SNP_GUEST_VMM_ERR_INVALID_LEN	1

/* too large for an enum */
#define	LEGACY_GENERIC	0xC0285300UL
#define	LEGACY_REPORT	0xC0285301UL

enum {
	LEGACY_RESPONSE = 1280,		/* status, size, 24, report, 64 */
	PAGE = 4096,
};

static int
any_set(const uint8_t *p, size_t n)
{
	uint8_t all = 0;

	while (n-- > 0)
		all |= p[n];
	return all != 0;
}

/* The response message: status, size, 24 reserved, report. */
static void
respond(uint8_t *to, const struct fake_answer *a)
{
	memcpy(to, &a->status, 4);
	memcpy(to + 4, &a->size, 4);
	if (a->status == 0)
		memcpy(to + 32, a->report, REPORT_SIZE);
}

static int
get_report(struct snp_guest_request_ioctl *arg,
    const struct snp_report_req *req)
{
	struct snp_report_resp *resp = (void *)(uintptr_t)arg->resp_data;
	struct fake_answer a;

	fake_firmware(req->user_data, req->vmpl,
	    any_set(req->rsvd, sizeof(req->rsvd)), &a);
	arg->fw_error = a.fw_error;
	arg->vmm_error = a.vmm_error;
	if (a.error != 0)
		return a.error;
	memset(resp, 0, sizeof(*resp));
	respond(resp->data, &a);
	return 0;
}

static int
get_ext_report(struct snp_guest_request_ioctl *arg)
{
	struct snp_ext_report_req *req = (void *)(uintptr_t)arg->req_data;
	uint8_t *to = (void *)(uintptr_t)req->certs_address;
	uint32_t room = req->certs_len;
	const uint8_t *certs;
	size_t n;
	int error;

	if (room == 0 || to == NULL)
		room = 0;
	else if (room > CERTS_MAX || room % PAGE != 0 ||
	    (uintptr_t)to % PAGE != 0)
		return EINVAL;
	certs = fake_certs(&n);
	if (n > room) {
		/* The hypervisor says how much it needs; no report is made. */
		arg->fw_error = 0;
		arg->vmm_error = SNP_GUEST_VMM_ERR_INVALID_LEN;
		req->certs_len = (uint32_t)((n + PAGE - 1) / PAGE * PAGE);
		return EIO;
	}
	if ((error = get_report(arg, &req->data)) != 0)
		return error;
	if (room != 0) {
		memset(to, 0, room);
		if (certs != NULL)
			memcpy(to, certs, n);
	}
	return 0;
}

int
fake_guest_ioctl(unsigned long request, void *p)
{
	struct snp_guest_request_ioctl arg;
	int error = ENOTTY;

	fake_log("sev-guest ioctl 0x%lx\n", request & 0xffffffff);
	if (p == NULL)
		return EFAULT;
	memcpy(&arg, p, sizeof(arg));
	arg.exitinfo2 = NO_FW_CALL;
	if (arg.msg_version == 0)
		return EINVAL;
	if (request == SNP_GET_REPORT || request == SNP_GET_EXT_REPORT)
		error = arg.req_data == 0 || arg.resp_data == 0 ? EINVAL : 0;
	if (error == 0 && request == SNP_GET_REPORT)
		error = get_report(&arg, (void *)(uintptr_t)arg.req_data);
	else if (error == 0)
		error = get_ext_report(&arg);
	/* As the kernel: nothing is written back after a success. */
	if (arg.exitinfo2 != 0)
		memcpy(p, &arg, sizeof(arg));
	return error;
}

static uint64_t
load(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n);
	return v;
}

/*
 * Argument of 40 bytes: types @0 @1, version @2, request length @4 and
 * address @8, response length @16 and address @24, error @32.
 */
int
fake_legacy_ioctl(unsigned long request, void *p)
{
	uint8_t *arg = p, *to, *from;
	uint16_t length = LEGACY_RESPONSE;
	uint32_t code;
	struct fake_answer a;

	request &= 0xffffffff;
	fake_log("sev ioctl 0x%lx\n", request);
	if (request == LEGACY_GENERIC)
		return EACCES;
	if (request != LEGACY_REPORT)
		return ENOTTY;
	if (arg == NULL)
		return EFAULT;
	if (load(arg + 4, 2) > 96 || load(arg + 16, 2) < LEGACY_RESPONSE)
		return EINVAL;
	from = (uint8_t *)(uintptr_t)load(arg + 8, 8);
	to = (uint8_t *)(uintptr_t)load(arg + 24, 8);
	if (from == NULL || to == NULL)
		return EFAULT;
	arg[0] = 5;
	arg[1] = 6;
	arg[2] = 1;
	fake_firmware(from, (uint32_t)load(from + 64, 4),
	    any_set(from + 68, 28), &a);
	code = a.fw_error != 0 ? a.fw_error : a.vmm_error;
	if (a.error == 0 || (code != 0 && code != NO_FW_CALL))
		memcpy(arg + 32, &code, 4);
	if (a.error != 0)
		return a.error;
	memcpy(arg + 16, &length, 2);
	memset(to, 0, LEGACY_RESPONSE);
	respond(to, &a);
	return 0;
}
