/* tpm.c -- see tpm.h: what is asked of a TPM. */
#include "device/tpm.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "codec/bytes.h"

static const char path[] = "/dev/tpmrm0";

enum {
	TAG_NO_SESSIONS = 0x8001, TAG_SESSIONS = 0x8002,
	NV_DEFINE_SPACE = 0x12a, NV_WRITE = 0x137, NV_READ = 0x14e,
	NV_READ_PUBLIC = 0x169,

	RH_OWNER = 0x40000001,	/* the owner's hierarchy */
	RS_PASSWORD = 0x40000009,
	ALG_SHA256 = 0x000b,

	/* TPMA_NV */
	OWNER_WRITE = 1 << 1, AUTH_WRITE = 1 << 2, WRITE_LOCKED = 1 << 11,
	OWNER_READ = 1 << 17, AUTH_READ = 1 << 18, READ_LOCKED = 1 << 28,
	WRITTEN = 1 << 29,

	/* asked again, as the specification has it for these */
	RC_YIELDED = 0x908, RC_TESTING = 0x90a, RC_RETRY = 0x922,
	TRIES = 5, PAUSE = 100000000,	/* nanoseconds */
};

int
tpm_open(struct tpm *t, struct err *e)
{
	int why;

	t->code = 0;
	t->fd = open(path, O_RDWR | O_CLOEXEC);
	why = errno;
	if (t->fd >= 0)
		return 0;
	(void)err_sys(e, "%s", path);
	if (why == ENOENT)
		return err_hint(e, "this machine has no TPM 2.0; in a "
		    "container, the device must be passed in");
	if (why == EACCES || why == EPERM)
		return err_hint(e, "the device is root's and the group tss's: "
		    "run as one of them, or give the container the right");
	return -1;
}

void
tpm_close(struct tpm *t)
{
	(void)close(t->fd);
	t->fd = -1;
}

static void
put16(struct buf *b, uint32_t v)
{
	buf_addc(b, (uint8_t)(v >> 8));
	buf_addc(b, (uint8_t)v);
}

static void
put32(struct buf *b, uint32_t v)
{
	put_be32(buf_more(b, 4), v);
}

/* The header, without its size; finish() puts that. */
static void
begin(struct buf *b, uint32_t tag, uint32_t command)
{
	put16(b, tag);
	put32(b, 0);
	put32(b, command);
}

/* The authorization with an empty password, which needs no nonce. */
static void
put_password(struct buf *b)
{
	put32(b, 4 + 2 + 1 + 2);
	put32(b, RS_PASSWORD);
	put16(b, 0);
	buf_addc(b, 0);
	put16(b, 0);
}

/* One write(2), one read(2): the device has it so. */
static int
once(struct tpm *t, const struct buf *command, uint8_t answer[TPM_ANSWER_MAX],
    size_t *n, struct err *e)
{
	ssize_t done = write(t->fd, command->p, command->n);

	if (done >= 0 && (size_t)done != command->n)
		return err_set(e, E_SYSTEM, "%s: write cut short", path);
	if (done >= 0)
		do
			done = read(t->fd, answer, TPM_ANSWER_MAX);
		while (done < 0 && errno == EINTR);
	if (done < 0)
		return err_sys(e, "%s", path);
	*n = (size_t)done;
	return 0;
}

static bool
busy(const struct tpm *t)
{
	return t->code == RC_RETRY || t->code == RC_TESTING ||
	    t->code == RC_YIELDED;
}

/* Send it, and find the answer's parameters, borrowed from answer. */
static int
ask(struct tpm *t, struct buf *command, uint8_t answer[TPM_ANSWER_MAX],
    struct slice *params, struct err *e)
{
	static const struct timespec pause = {0, PAUSE};
	bool sessions = command->p[1] == (TAG_SESSIONS & 0xff);
	size_t n = 0;
	int i, ret = -1;

	put_be32(command->p + 2, (uint32_t)command->n);
	for (i = 0; i < TRIES; i++) {
		if (i > 0)
			(void)nanosleep(&pause, NULL);
		t->code = 0;
		if ((ret = once(t, command, answer, &n, e)) < 0)
			break;
		if ((ret = tpm_answer(slice_of(answer, n), sessions, params,
		    &t->code, e)) < 0)
			(void)err_in(e, "%s", path);
		if (!busy(t))
			break;
	}
	return ret;
}

int
tpm_public(struct tpm *t, uint32_t handle, struct tpm_index *out,
    struct err *e)
{
	uint8_t answer[TPM_ANSWER_MAX];
	struct buf command = {0};
	struct slice params;
	int ret;

	begin(&command, TAG_NO_SESSIONS, NV_READ_PUBLIC);
	put32(&command, handle);
	if ((ret = ask(t, &command, answer, &params, e)) == 0 &&
	    (ret = tpm_answer_public(params, handle, out, e)) < 0)
		(void)err_in(e, "%s", path);
	buf_free(&command);
	return ret;
}

static int
cannot(const struct tpm_index *x, const char *why, struct err *e)
{
	return err_set(e, E_SYSTEM, "%s: index 0x%08x %s", path, x->handle,
	    why);
}

/* Whose password it takes: the owner's, else the index's own. */
static int
by_whom(const struct tpm_index *x, uint32_t owner, uint32_t own,
    const char *why, uint32_t *who, struct err *e)
{
	if ((x->attributes & (owner | own)) == 0)
		return cannot(x, why, e);
	*who = (x->attributes & owner) != 0 ? RH_OWNER : x->handle;
	return 0;
}

static int
read_part(struct tpm *t, const struct tpm_index *x, uint32_t who, size_t at,
    struct buf *out, struct err *e)
{
	size_t n = x->size - at < TPM_CHUNK ? x->size - at : TPM_CHUNK;
	uint8_t answer[TPM_ANSWER_MAX];
	struct buf command = {0};
	struct slice params, data;
	int ret;

	begin(&command, TAG_SESSIONS, NV_READ);
	put32(&command, who);
	put32(&command, x->handle);
	put_password(&command);
	put16(&command, (uint32_t)n);
	put16(&command, (uint32_t)at);
	if ((ret = ask(t, &command, answer, &params, e)) == 0 &&
	    (ret = tpm_answer_data(params, n, &data, e)) < 0)
		(void)err_in(e, "%s", path);
	if (ret == 0)
		buf_add(out, data);
	buf_free(&command);
	return ret;
}

int
tpm_read(struct tpm *t, const struct tpm_index *x, struct buf *out,
    struct err *e)
{
	size_t was = out->n, at;
	uint32_t who = 0;

	if (x->size == 0)
		return cannot(x, "has 0 bytes", e);
	if ((x->attributes & READ_LOCKED) != 0)
		return cannot(x, "is locked against reading until the machine "
		    "is started again", e);
	if ((x->attributes & WRITTEN) == 0)
		return cannot(x, "was never written", e);
	if (by_whom(x, OWNER_READ, AUTH_READ, "may be read with a policy or "
	    "the platform's password only", &who, e) < 0)
		return -1;
	for (at = 0; at < x->size; at += TPM_CHUNK)
		if (read_part(t, x, who, at, out, e) < 0) {
			buf_cut(out, was);
			return -1;
		}
	return 0;
}

int
tpm_write(struct tpm *t, const struct tpm_index *x, struct slice data,
    struct err *e)
{
	uint8_t answer[TPM_ANSWER_MAX];
	struct buf command = {0};
	struct slice params;
	uint32_t who = 0;
	int ret;

	if ((x->attributes & WRITE_LOCKED) != 0)
		return cannot(x, "is locked against writing until the machine "
		    "is started again", e);
	if (by_whom(x, OWNER_WRITE, AUTH_WRITE, "may be written with a policy "
	    "or the platform's password only", &who, e) < 0)
		return -1;
	begin(&command, TAG_SESSIONS, NV_WRITE);
	put32(&command, who);
	put32(&command, x->handle);
	put_password(&command);
	put16(&command, (uint32_t)data.n);
	buf_add(&command, data);
	put16(&command, 0);
	ret = ask(t, &command, answer, &params, e);
	buf_free(&command);
	return ret;
}

int
tpm_define(struct tpm *t, uint32_t handle, uint16_t size, struct err *e)
{
	uint8_t answer[TPM_ANSWER_MAX];
	struct buf command = {0};
	struct slice params;
	int ret;

	begin(&command, TAG_SESSIONS, NV_DEFINE_SPACE);
	put32(&command, RH_OWNER);
	put_password(&command);
	put16(&command, 0);
	put16(&command, 4 + 2 + 4 + 2 + 2);
	put32(&command, handle);
	put16(&command, ALG_SHA256);
	put32(&command, OWNER_WRITE | OWNER_READ);
	put16(&command, 0);
	put16(&command, size);
	ret = ask(t, &command, answer, &params, e);
	buf_free(&command);
	return ret;
}
