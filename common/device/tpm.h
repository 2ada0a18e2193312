/* tpm.h -- the few TPM 2.0 commands that read and write an NV index, with the
 * owner's or the index's empty password (TCG, Trusted Platform Module Library,
 * part 3, "Non-volatile Storage"; its structures in part 2).  A library for all
 * of TPM 2.0 would weigh more than the tools.  World, but for what it says. */
#ifndef DEVICE_TPM_H
#define DEVICE_TPM_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	TPM_ANSWER_MAX = 4096,	/* bytes, as Linux's device has them */
	TPM_CHUNK = 512,	/* bytes of an index read at once, which every
				 * TPM takes */
	TPM_NO_INDEX = 0x18b,	/* TPM_RC_HANDLE of the first handle */
};

/* The kernel's resource manager, open. */
struct tpm {
	int fd;
	uint32_t code;		/* of the last answer; 0: it was a success */
};

struct tpm_index {
	uint32_t handle, attributes;
	uint16_t size;		/* bytes */
};

/* E_SYSTEM with a hint if there is none, or no right to it. */
int tpm_open(struct tpm *, struct err *);
void tpm_close(struct tpm *);

/* What index handle is; E_SYSTEM, with code TPM_NO_INDEX if it is not
 * defined. */
int tpm_public(struct tpm *, uint32_t handle, struct tpm_index *,
    struct err *);
/* Append all of it.  Locked, never written, not to be read with an empty
 * password, of 0 bytes: E_SYSTEM. */
int tpm_read(struct tpm *, const struct tpm_index *, struct buf *out,
    struct err *);
/* Write data, from its beginning on; likewise. */
int tpm_write(struct tpm *, const struct tpm_index *, struct slice data,
    struct err *);
/* Define an index that the owner reads and writes. */
int tpm_define(struct tpm *, uint32_t handle, uint16_t size, struct err *);

/* Pure.  An answer: its parameters, borrowed, which with sessions are those
 * before the session's part.  *code is the response code if the answer is one,
 * else 0; what is malformed, or another code than 0, is E_SYSTEM. */
int tpm_answer(struct slice answer, bool sessions, struct slice *params,
    uint32_t *code, struct err *);
/* Pure.  Of tpm_public(), and of one command of tpm_read() for n bytes. */
int tpm_answer_public(struct slice params, uint32_t handle,
    struct tpm_index *, struct err *);
int tpm_answer_data(struct slice params, size_t n, struct slice *,
    struct err *);

#endif
