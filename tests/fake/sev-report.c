/*
 * sev-report.c: makes SNP reports and signs them with the throw-away VCEK.
 * Everything is set by FAKE_SEV_* in the environment; the list is in sev.c.
 * The layout is written from the ABI table, apart from common/ on purpose.
 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sev.h"

static struct {
	int	 ready;
	EVP_PKEY *key;
	int	 vlek;
	uint8_t	 chip_id[64], tcb[8], measurement[48], host_data[32];
	uint8_t	 cpuid[3];
	uint8_t	*certs;
	size_t	 certs_n;
	int	 log;
	int	 wiped;		/* the VMPCK is gone until the "reboot" */
} state = { .log = -1 };

const char *
fake_env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : NULL;
}

int
fake_number(const char *name, unsigned long long *n)
{
	const char *v = fake_env(name);

	if (v == NULL)
		return 0;
	*n = strtoull(v, NULL, 0);
	return 1;
}

int
fake_errno(const char *name)
{
	static const struct { const char *name; int n; } table[] = {
		{ "EACCES", EACCES }, { "EBADMSG", EBADMSG },
		{ "EBUSY", EBUSY }, { "EFAULT", EFAULT },
		{ "EFBIG", EFBIG }, { "EINTR", EINTR },
		{ "EINVAL", EINVAL }, { "EIO", EIO },
		{ "EMFILE", EMFILE }, { "ENODEV", ENODEV },
		{ "ENOENT", ENOENT }, { "ENOMEM", ENOMEM },
		{ "ENOSR", ENOSR }, { "ENOTTY", ENOTTY },
		{ "ENXIO", ENXIO }, { "EPERM", EPERM },
		{ "ETIMEDOUT", ETIMEDOUT },
	};
	const char *v = fake_env(name);

	if (v == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(v, table[i].name) == 0)
			return table[i].n;
	return (int)strtol(v, NULL, 10);
}

/* Without a PKI there is no stand-in, and no device of the machine's either. */
int
fake_has(const char *interface)
{
	const char *list = fake_env("FAKE_SEV_DEVICE"), *p;
	size_t n = strlen(interface);

	if (fake_env("FAKE_SEV_PKI") == NULL)
		return 0;
	if (list == NULL)
		list = "sev-guest";
	for (p = list; *p != '\0'; p += strcspn(p, ","), p += *p == ',')
		if (strcspn(p, ",") == n && strncmp(p, interface, n) == 0)
			return 1;
	return 0;
}

void
fake_log(const char *format, ...)
{
	const char *path = fake_env("FAKE_SEV_LOG");
	va_list ap;

	if (state.log == -1 && path != NULL)
		state.log = open(path, O_WRONLY | O_CREAT | O_APPEND |
		    O_CLOEXEC, 0600);
	if (state.log == -1)
		return;
	va_start(ap, format);
	vdprintf(state.log, format, ap);
	va_end(ap);
}

/* --- what a report is made of --- */

static int
fail(const char *what)
{
	fprintf(stderr, "fake-sev: %s\n", what);
	return -1;
}

static FILE *
open_in_pki(const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", fake_env("FAKE_SEV_PKI"), name);
	return fopen(path, "re");
}

static int
unhex(const char *text, uint8_t *out, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const char *hi, *lo;

	for (size_t i = 0; i < n; i++, text += 2) {
		hi = text[0] != '\0' ? strchr(digits, text[0] | 0x20) : NULL;
		lo = hi != NULL && text[1] != '\0' ?
		    strchr(digits, text[1] | 0x20) : NULL;
		if (lo == NULL)
			return -1;
		out[i] = (uint8_t)((hi - digits) << 4 | (lo - digits));
	}
	return 0;
}

static int
hex_file(const char *name, uint8_t *out, size_t n)
{
	char text[512] = "";
	FILE *f = open_in_pki(name);

	if (f == NULL || fgets(text, sizeof(text), f) == NULL ||
	    strcspn(text, "\n") != 2 * n || unhex(text, out, n) != 0)
		text[0] = '\0';
	if (f != NULL)
		fclose(f);
	return text[0] != '\0' ? 0 : fail(name);
}

static uint8_t *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "re");
	size_t room = 1 << 22;
	uint8_t *p;

	if (f == NULL || (p = malloc(room)) == NULL)
		abort();
	*n = fread(p, 1, room, f);
	fclose(f);
	return p;
}

/* HOST_DATA of a policy file: of its decoded bytes if all of it is base64. */
static void
hash_policy(const char *path, uint8_t out[32])
{
	size_t n, text_n;
	uint8_t *text = slurp(path, &text_n), *raw = malloc(text_n + 4);
	int m = -1;

	n = text_n;
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	if (raw != NULL && n > 0 && n % 4 == 0)
		m = EVP_DecodeBlock(raw, text, (int)n);
	if (m >= 0) {
		m -= (text[n - 1] == '=') + (text[n - 2] == '=');
		SHA256(raw, (size_t)m, out);
	} else
		SHA256(text, text_n, out);
	free(raw);
	free(text);
}

static int
load_product(void)
{
	static const struct { const char *name; uint8_t cpuid[3]; } table[] = {
		{ "Milan\n", { 0x19, 0x01, 0x01 } },
		{ "Genoa\n", { 0x19, 0x11, 0x01 } },
		{ "Turin\n", { 0x1a, 0x02, 0x01 } },
	};
	char line[16] = "";
	FILE *f = open_in_pki("product");

	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		return fail("product");
	fclose(f);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(line, table[i].name) == 0)
			memcpy(state.cpuid, table[i].cpuid, 3);
	if ((f = open_in_pki("kind")) != NULL) {
		state.vlek = 1;
		fclose(f);
	}
	return 0;
}

int
fake_prepare(void)
{
	const char *v;
	FILE *f;

	if (state.ready && fake_env("FAKE_SEV_AFRESH") == NULL)
		return 0;
	EVP_PKEY_free(state.key);
	fake_log("%s", "");
	if ((f = open_in_pki("vcek.key")) == NULL ||
	    (state.key = PEM_read_PrivateKey(f, NULL, NULL, NULL)) == NULL)
		return fail("vcek.key");
	fclose(f);
	if (load_product() != 0 || hex_file("tcb", state.tcb, 8) != 0 ||
	    hex_file("chip-id", state.chip_id, 64) != 0)
		return -1;
	if ((v = fake_env("FAKE_SEV_MEASUREMENT")) != NULL) {
		if (strlen(v) != 96 || unhex(v, state.measurement, 48) != 0)
			return fail("FAKE_SEV_MEASUREMENT");
	} else if (hex_file("measurement", state.measurement, 48) != 0)
		return -1;
	if ((v = fake_env("FAKE_SEV_HOST_DATA")) != NULL) {
		if (strlen(v) != 64 || unhex(v, state.host_data, 32) != 0)
			return fail("FAKE_SEV_HOST_DATA");
	} else if ((v = fake_env("FAKE_SEV_POLICY")) != NULL)
		hash_policy(v, state.host_data);
	if ((v = fake_env("FAKE_SEV_CERTS")) != NULL)
		state.certs = slurp(v, &state.certs_n);
	state.ready = 1;
	return 0;
}

const uint8_t *
fake_certs(size_t *n)
{
	*n = state.certs_n;
	return state.certs;
}

static void
put(uint8_t *p, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static void
build(uint8_t *r, const uint8_t data[64], uint32_t vmpl)
{
	unsigned long long version = 3, policy = 0x3001f;

	fake_number("FAKE_SEV_VERSION", &version);
	fake_number("FAKE_SEV_GUEST_POLICY", &policy);
	memset(r, 0, REPORT_SIZE);
	put(r + 0x000, version, 4);
	put(r + 0x004, 2, 4);			/* guest_svn */
	put(r + 0x008, policy, 8);
	r[0x010] = 1;				/* family_id */
	r[0x020] = 2;				/* image_id */
	put(r + 0x030, vmpl, 4);
	put(r + 0x034, 1, 4);			/* ECDSA P-384, SHA-384 */
	memcpy(r + 0x038, state.tcb, 8);	/* current */
	put(r + 0x040, 0x25, 8);		/* platform_info */
	put(r + 0x048, state.vlek ? 1 << 2 : 0, 4);
	memcpy(r + 0x050, data, 64);
	memcpy(r + 0x090, state.measurement, 48);
	memcpy(r + 0x0c0, state.host_data, 32);
	memset(r + 0x0e0, 0x1d, 48);		/* id_key_digest */
	memset(r + 0x140, 0x5e, 32);		/* report_id */
	memset(r + 0x160, 0xff, 32);		/* report_id_ma: none */
	memcpy(r + 0x180, state.tcb, 8);	/* reported */
	if (version >= 3)
		memcpy(r + 0x188, state.cpuid, 3);
	memcpy(r + 0x1a0, state.chip_id, 64);
	memcpy(r + 0x1e0, state.tcb, 8);	/* committed */
	memcpy(r + 0x1e8, "\x1d\x37\x01", 3);	/* 1.55.29 */
	memcpy(r + 0x1ec, "\x1d\x37\x01", 3);
	memcpy(r + 0x1f0, state.tcb, 8);	/* launch */
	if (version >= 5) {
		put(r + 0x1f8, 0x3f, 8);	/* mitigation vectors */
		put(r + 0x200, 0x3f, 8);
	}
}

/* FAKE_SEV_PATCH=OFFSET:HEX,… changes any bytes before they are signed. */
static void
patch(uint8_t *r)
{
	const char *p = fake_env("FAKE_SEV_PATCH");
	char *end;

	while (p != NULL && *p != '\0') {
		unsigned long at = strtoul(p, &end, 0);
		size_t n = strcspn(end + 1, ",") / 2;

		if (*end != ':' || at + n > REPORT_SIZE ||
		    unhex(end + 1, r + at, n) != 0)
			abort();
		p = end + 1 + strcspn(end + 1, ",");
		p += *p == ',';
	}
}

/* r and s: least significant byte first, in 72 bytes each */
static void
sign(uint8_t *r)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t der[256];
	const uint8_t *p = der;
	size_t n = sizeof(der);
	ECDSA_SIG *sig;

	if (EVP_PKEY_base_id(state.key) != EVP_PKEY_EC)
		goto out;	/* a bad set's RSA leaf cannot sign */
	if (EVP_DigestSignInit(ctx, NULL, EVP_sha384(), NULL, state.key) != 1 ||
	    EVP_DigestSign(ctx, der, &n, r, 0x2a0) != 1 ||
	    (sig = d2i_ECDSA_SIG(NULL, &p, (long)n)) == NULL)
		abort();
	BN_bn2lebinpad(ECDSA_SIG_get0_r(sig), r + 0x2a0, 72);
	BN_bn2lebinpad(ECDSA_SIG_get0_s(sig), r + 0x2e8, 72);
	ECDSA_SIG_free(sig);
out:
	EVP_MD_CTX_free(ctx);
}

/* FAKE_SEV_REPORT=FILE is handed out as it is, whatever was asked for. */
static int
recorded(uint8_t *r)
{
	const char *path = fake_env("FAKE_SEV_REPORT");
	uint8_t *p;
	size_t n;

	if (path == NULL)
		return 0;
	p = slurp(path, &n);
	if (n != REPORT_SIZE)
		abort();
	memcpy(r, p, n);
	free(p);
	return 1;
}

/*
 * An error of the firmware, or a lost answer, wipes the VMPCK: each later
 * request of this process then fails with ENOTTY, as until a reboot.
 */
static int
faulty(struct fake_answer *a)
{
	unsigned long long n;

	if (state.wiped) {
		a->error = ENOTTY;
		return 1;
	}
	if (fake_number("FAKE_SEV_FW_ERROR", &n))
		a->fw_error = (uint32_t)n;
	if (fake_number("FAKE_SEV_VMM_ERROR", &n))
		a->vmm_error = (uint32_t)n;
	a->error = fake_errno("FAKE_SEV_ERRNO");
	if (a->error == 0 && (a->fw_error != 0 || a->vmm_error != 0))
		a->error = EIO;
	if (a->fw_error == 0 && a->vmm_error == 0) {
		if (a->error == ETIMEDOUT)
			a->vmm_error = 2;	/* busy to the end */
		else if (a->error == EIO || a->error == ENOMEM ||
		    a->error == ENOSR)
			a->fw_error = NO_FW_CALL;
	}
	if (a->error == EIO || a->error == EBADMSG)
		state.wiped = 1;
	return a->error != 0;
}

void
fake_firmware(const uint8_t data[64], uint32_t vmpl, int rsvd_set,
    struct fake_answer *a)
{
	unsigned long long n, lowest = 0;
	const char *echo = fake_env("FAKE_SEV_ECHO");
	uint8_t said[64];

	memset(a, 0, sizeof(*a));
	if (faulty(a))
		return;
	fake_number("FAKE_SEV_VMPL_FLOOR", &lowest);
	if (vmpl > 3 || vmpl < lowest || rsvd_set)
		a->status = 0x16;		/* INVALID_PARAM */
	if (fake_number("FAKE_SEV_STATUS", &n))
		a->status = (uint32_t)n;
	if (a->status == 0) {
		memcpy(said, data, sizeof(said));
		if (echo != NULL && strcmp(echo, "wrong") == 0)
			said[0] ^= 1;
		a->size = REPORT_SIZE;
		if (!recorded(a->report)) {
			build(a->report, said, vmpl);
			patch(a->report);
			sign(a->report);
		}
	}
	if (fake_number("FAKE_SEV_SIZE", &n))
		a->size = (uint32_t)n;
}
