/*
 * sev-tpm.c: the vTPM of an Azure confidential VM, as far as its two NV indices
 * go: 0x01400001 with the paravisor's report, made anew when the guest wrote to
 * 0x01400002 (TCG library, parts 1 to 3; the blob as Azure's guest attestation
 * has it).  Every command is checked byte for byte.
 *
 * FAKE_TPM_BLOB     none | empty | unwritten | locked | policy | auth
 * FAKE_TPM_USER     none (default) | there | small | locked: the other
 * FAKE_TPM_STALE=N  the first N readings after a write are of the old report
 * FAKE_TPM_TORN=N   the first N readings are half of another report
 * FAKE_TPM_TYPE=4   of the hardware report in the blob (2 is SNP)
 * FAKE_TPM_JSON=TEXT   the runtime data, with %s, once or twice, where the user
 *                      data belong
 * FAKE_TPM_RC=CODE  the answer to the command FAKE_TPM_ON (read | write |
 *                   public | define, all without), the first FAKE_TPM_TIMES
 * FAKE_TPM_ANSWER=HEX  likewise, these bytes
 * FAKE_TPM_CUT=N    likewise, the answer less its last N bytes
 * FAKE_TPM_WRITE_ERRNO FAKE_TPM_READ_ERRNO   of write(2) and read(2)
 * FAKE_TPM_WRITE_SHORT   write(2) takes all but the last byte
 */
#include <openssl/sha.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sev.h"

enum {
	BLOB_INDEX = 0x01400001, USER_INDEX = 0x01400002,
	BLOB_SIZE = 2600, USER_SIZE = 64,
	OWNER = 0x40000001, PASSWORD = 0x40000009,
	DEFINE = 0x12a, WRITE = 0x137, READ = 0x14e, PUBLIC = 0x169,
	BUFFER_MAX = 1024,	/* TPM_PT_NV_BUFFER_MAX */
	ROOM = 4096,
};

static struct {
	int	 ready, dirty, defined;
	unsigned long long stale, torn, times;
	uint8_t	 blob[BLOB_SIZE], user[USER_SIZE];
	uint16_t user_size;
	uint8_t	 answer[ROOM];
	size_t	 n;
} tpm;

static int
is(const char *name, const char *value)
{
	const char *v = fake_env(name);

	return v != NULL && strcmp(v, value) == 0;
}

static void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static void
little(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* The report the paravisor keeps: of the hash of its own JSON. */
static void
make_blob(void)
{
	const char *format = fake_env("FAKE_TPM_JSON");
	char hex[2 * USER_SIZE + 1] = "", json[1200];
	unsigned long long type = 2;
	struct fake_answer a;
	uint8_t data[64] = {0};
	size_t n;

	if (format == NULL)
		format = "{\"keys\":[{\"kid\":\"HCLAkPub\"}],"
		    "\"vm-configuration\":{\"secure-boot\":true},"
		    "\"user-data\":\"%s\"}";
	for (size_t i = 0; i < USER_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02X", tpm.user[i]);
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	/* a format of the caller's may have them twice */
	/* cppcheck-suppress wrongPrintfScanfArgNum */
	n = (size_t)snprintf(json, sizeof(json), format, hex, hex);
	SHA256((const uint8_t *)json, n, data);
	fake_firmware(data, 0, 0, &a);
	fake_number("FAKE_TPM_TYPE", &type);
	memset(tpm.blob, 0, sizeof(tpm.blob));
	memcpy(tpm.blob, "HCLA", 4);
	little(tpm.blob + 4, 2);
	little(tpm.blob + 8, (uint32_t)(0x4d4 + n));
	little(tpm.blob + 12, 2);
	memcpy(tpm.blob + 0x20, a.report, REPORT_SIZE);
	little(tpm.blob + 0x4c0, (uint32_t)(20 + n));
	little(tpm.blob + 0x4c4, 1);
	little(tpm.blob + 0x4c8, (uint32_t)type);
	little(tpm.blob + 0x4cc, 1);
	little(tpm.blob + 0x4d0, (uint32_t)n);
	memcpy(tpm.blob + 0x4d4, json, n);
}

static void
prepare(void)
{
	if (tpm.ready)
		return;
	tpm.ready = 1;
	fake_number("FAKE_TPM_STALE", &tpm.stale);
	fake_number("FAKE_TPM_TORN", &tpm.torn);
	tpm.times = 1000;
	fake_number("FAKE_TPM_TIMES", &tpm.times);
	tpm.defined = fake_env("FAKE_TPM_USER") != NULL &&
	    !is("FAKE_TPM_USER", "none");
	tpm.user_size = is("FAKE_TPM_USER", "small") ? 32 : USER_SIZE;
	make_blob();
}

/* An answer of n bytes behind the header. */
static void
reply(int sessions, uint32_t code, const uint8_t *p, size_t n)
{
	size_t head = 10;

	put16(tpm.answer, sessions && code == 0 ? 0x8002 : 0x8001);
	put32(tpm.answer + 6, code);
	if (sessions && code == 0) {
		put32(tpm.answer + head, (uint32_t)n);
		head += 4;
	}
	if (n > 0)
		memcpy(tpm.answer + head, p, n);
	tpm.n = head + n;
	if (sessions && code == 0) {
		/* an empty nonce, the attributes, an empty password */
		memcpy(tpm.answer + tpm.n, "\0\0\1\0\0", 5);
		tpm.n += 5;
	}
	put32(tpm.answer + 2, (uint32_t)tpm.n);
}

static int
exists(uint32_t index)
{
	return index == BLOB_INDEX ? !is("FAKE_TPM_BLOB", "none") :
	    index == USER_INDEX && tpm.defined;
}

static uint32_t
attributes(uint32_t index)
{
	uint32_t a = 1U << 1 | 1U << 17 | 1U << 29;

	if (index == USER_INDEX)
		return is("FAKE_TPM_USER", "locked") ? a | 1U << 11 : a;
	if (is("FAKE_TPM_BLOB", "unwritten") || is("FAKE_TPM_BLOB", "empty"))
		a &= ~(1U << 29);
	if (is("FAKE_TPM_BLOB", "locked"))
		a |= 1U << 28;
	if (is("FAKE_TPM_BLOB", "policy"))
		a = 1U << 3 | 1U << 19 | 1U << 29;
	if (is("FAKE_TPM_BLOB", "auth"))
		a = 1U << 2 | 1U << 18 | 1U << 29;
	return a;
}

static void
read_public(uint32_t index)
{
	uint8_t p[2 + 14 + 2 + 34] = {0};
	unsigned size = index == USER_INDEX ? tpm.user_size :
	    is("FAKE_TPM_BLOB", "empty") ? 0 : BLOB_SIZE;

	if (!exists(index)) {
		reply(0, 0x18b, NULL, 0);
		return;
	}
	put16(p, 14);
	put32(p + 2, index);
	put16(p + 6, 0x000b);
	put32(p + 8, attributes(index));
	put16(p + 12, 0);
	put16(p + 14, size);
	put16(p + 16, 34);	/* the name: its algorithm and a hash */
	put16(p + 18, 0x000b);
	reply(0, 0, p, sizeof(p));
}

static void
read_index(uint32_t who, uint32_t index, unsigned n, unsigned at)
{
	uint8_t p[2 + BUFFER_MAX];
	uint32_t a = attributes(index);

	if (!exists(index)) {
		reply(1, 0x28b, NULL, 0);
	} else if (index != BLOB_INDEX || (who == OWNER ? (a >> 17 & 1) == 0 :
	    who != index || (a >> 18 & 1) == 0)) {
		reply(1, 0x149, NULL, 0);
	} else if (n > BUFFER_MAX || at + n > BLOB_SIZE) {
		reply(1, n > BUFFER_MAX ? 0x1d5 : 0x146, NULL, 0);
	} else {
		/* read from its beginning, it is made anew if need be */
		if (at == 0 && tpm.dirty && tpm.stale > 0)
			tpm.stale--;
		else if (at == 0 && tpm.dirty) {
			make_blob();
			tpm.dirty = 0;
		}
		put16(p, n);
		memcpy(p + 2, tpm.blob + at, n);
		if (at > 0 && tpm.torn > 0) {
			p[2] ^= 1;
			tpm.torn -= at + n == BLOB_SIZE;
		}
		reply(1, 0, p, 2 + n);
	}
}

static void
write_index(uint32_t who, uint32_t index, const uint8_t *p, unsigned n,
    unsigned at)
{
	if (!exists(index))
		reply(1, 0x28b, NULL, 0);
	else if (index != USER_INDEX || who != OWNER)
		reply(1, 0x149, NULL, 0);
	else if ((attributes(index) >> 11 & 1) != 0)
		reply(1, 0x148, NULL, 0);
	else if (at + n > tpm.user_size)
		reply(1, 0x146, NULL, 0);
	else {
		memcpy(tpm.user + at, p, n);
		tpm.dirty = 1;
		reply(1, 0, NULL, 0);
	}
}

/* Parameters: an empty password, then the public area. */
static void
define(const uint8_t *p, size_t n)
{
	static const uint8_t want[] = {0, 0, 0, 14, 0x01, 0x40, 0, 2, 0, 0x0b,
	    0, 2, 0, 2, 0, 0, 0, 64};

	if (n != sizeof(want) || memcmp(p, want, n) != 0) {
		reply(1, 0x2d5, NULL, 0);
	} else if (tpm.defined) {
		reply(1, 0x14c, NULL, 0);
	} else {
		tpm.defined = 1;
		tpm.user_size = USER_SIZE;
		reply(1, 0, NULL, 0);
	}
}

static int
chosen(uint32_t command)
{
	const char *on = fake_env("FAKE_TPM_ON");

	if (tpm.times == 0 || (on != NULL && strcmp(on, command == READ ?
	    "read" : command == WRITE ? "write" : command == PUBLIC ?
	    "public" : "define") != 0))
		return 0;
	tpm.times--;
	return 1;
}

static void
disturb(uint32_t command)
{
	unsigned long long n;
	const char *hex = fake_env("FAKE_TPM_ANSWER");
	int mine = (hex != NULL || fake_env("FAKE_TPM_RC") != NULL ||
	    fake_env("FAKE_TPM_CUT") != NULL) && chosen(command);

	if (mine && hex != NULL)
		for (tpm.n = 0; sscanf(hex + 2 * tpm.n, "%2hhx",
		    &tpm.answer[tpm.n]) == 1; tpm.n++)
			continue;
	if (mine && fake_number("FAKE_TPM_RC", &n))
		reply(0, (uint32_t)n, NULL, 0);
	if (mine && fake_number("FAKE_TPM_CUT", &n))
		tpm.n -= n < tpm.n ? (size_t)n : tpm.n;
}

/* The authorization: one empty password. */
static int
empty_password(const uint8_t *p)
{
	static const uint8_t want[] = {0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0,
	    0};

	return memcmp(p, want, sizeof(want)) == 0;
}

static void
run(const uint8_t *c, size_t n)
{
	uint32_t command = n >= 14 ? get32(c + 6) : 0;
	unsigned tag = n >= 14 ? get16(c) : 0;
	const uint8_t *p = c + 18;

	fake_log("tpm command 0x%x\n", command);
	if (n < 14 || get32(c + 2) != n)
		reply(0, 0x142, NULL, 0);
	else if (command == PUBLIC && tag == 0x8001 && n == 14)
		read_public(get32(c + 10));
	else if (tag == 0x8002 && command == DEFINE && n == 14 + 13 + 18 &&
	    get32(c + 10) == OWNER && empty_password(c + 14))
		define(c + 14 + 13, n - 14 - 13);
	else if (tag != 0x8002 || n < 18 + 13 + 4 || !empty_password(p))
		reply(0, 0x98e, NULL, 0);
	else if (command == READ && n == 18 + 13 + 4)
		read_index(get32(c + 10), get32(c + 14), get16(p + 13),
		    get16(p + 15));
	else if (command == WRITE && n == 18u + 13 + 4 + get16(p + 13))
		write_index(get32(c + 10), get32(c + 14), p + 15,
		    get16(p + 13), get16(c + n - 2));
	else
		reply(0, 0x143, NULL, 0);
	disturb(command);
}

ssize_t
tpm_send(const void *p, size_t n)
{
	int error = fake_errno("FAKE_TPM_WRITE_ERRNO");

	prepare();
	if (error != 0) {
		errno = error;
		return -1;
	}
	if (getenv("FAKE_TPM_WRITE_SHORT") != NULL)
		return (ssize_t)n - 1;
	run(p, n);
	return (ssize_t)n;
}

ssize_t
tpm_take(void *p, size_t n)
{
	int error = fake_errno("FAKE_TPM_READ_ERRNO");

	if (error != 0) {
		errno = error;
		return -1;
	}
	if (n > tpm.n)
		n = tpm.n;
	memcpy(p, tpm.answer, n);
	tpm.n = 0;
	return (ssize_t)n;
}
