/* tpmanswer.c -- see tpm.h: what a TPM answers. */
#include "device/tpm.h"

#include "codec/bytes.h"

enum {
	/* a response's header (part 1, "Response Structure") */
	HEAD = 10, SIZE = 2, CODE = 6,
	TAG_NO_SESSIONS = 0x8001, TAG_SESSIONS = 0x8002,
	NAME_ALG = 2, ATTRIBUTES = 4, COUNT = 2, /* bytes */

	RC_FMT1 = 0x80,		/* a code about a parameter, handle, session */
	RC_FMT1_ERROR = 0xbf,
};

static const struct {
	uint32_t code;
	const char *text;
} codes[] = {
	{0x100, "the TPM was not started"},
	{0x101, "the TPM failed"},
	{0x120, "the TPM has a command of this kind switched off"},
	{0x143, "the TPM has no such command"},
	{0x146, "beyond the end of the index"},
	{0x148, "the index is locked"},
	{0x149, "this authorization may not do that to the index"},
	{0x14a, "the index was never written"},
	{0x14b, "no room for another index"},
	{0x14c, "the index is defined already"},
	{0x082, "attributes that do not go together"},
	{0x084, "a value out of range"},
	{0x085, "no right hierarchy, or it is switched off"},
	{0x08b, "no such handle"},
	{0x08e, "the password is not empty"},
	{0x095, "a structure of a wrong size"},
	{0x0a2, "the password is not empty"},
	{0x908, "the command was interrupted"},
	{0x909, "the command was cancelled"},
	{0x90a, "the TPM tests itself"},
	{0x920, "too many writes in a short time"},
	{0x921, "locked out after wrong passwords"},
	{0x922, "the TPM is busy"},
	{0x923, "the TPM cannot write now"},
};

/* A code of format 1 has the parameter's number around it. */
static const char *
meaning(uint32_t code)
{
	size_t i;

	if ((code & RC_FMT1) != 0)
		code &= RC_FMT1_ERROR;
	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].code == code)
			return codes[i].text;
	return "a code that is not known";
}

static uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static int
malformed(const char *what, struct err *e)
{
	return err_set(e, E_SYSTEM, "the TPM's answer %s", what);
}

int
tpm_answer(struct slice a, bool sessions, struct slice *params,
    uint32_t *code, struct err *e)
{
	struct slice rest = slice_from(a, HEAD);
	uint32_t n;

	*code = 0;
	if (a.n < HEAD)
		return malformed("is cut short", e);
	if (be32(a.p + SIZE) != a.n)
		return malformed("has another size than it says", e);
	if (be16(a.p) != TAG_NO_SESSIONS && be16(a.p) != TAG_SESSIONS)
		return malformed("has a tag that is none", e);
	*code = be32(a.p + CODE);
	if (*code != 0)
		return err_set(e, E_SYSTEM, "TPM error 0x%03x: %s", *code,
		    meaning(*code));
	if ((be16(a.p) == TAG_SESSIONS) != sessions)
		return malformed("has another tag than the command", e);
	if (sessions) {
		if (rest.n < 4 || (n = be32(rest.p)) > rest.n - 4)
			return malformed("is cut short", e);
		rest = slice_head(slice_from(rest, 4), n);
	}
	*params = rest;
	return 0;
}

/* Take a TPM2B off s. */
static bool
take_sized(struct slice *s, struct slice *out)
{
	size_t n;

	if (s->n < COUNT || (n = be16(s->p)) > s->n - COUNT)
		return false;
	*out = slice_head(slice_from(*s, COUNT), n);
	*s = slice_from(*s, COUNT + n);
	return true;
}

/* TPMS_NV_PUBLIC: index, name algorithm, attributes, policy, size; the index's
 * name behind it is not needed. */
int
tpm_answer_public(struct slice s, uint32_t handle, struct tpm_index *out,
    struct err *e)
{
	struct slice area, name, policy;

	if (!take_sized(&s, &area) || !take_sized(&s, &name) || s.n > 0)
		return malformed("does not say what the index is", e);
	if (area.n < 4 || be32(area.p) != handle)
		return malformed("is about another index", e);
	area = slice_from(area, 4 + NAME_ALG);
	if (area.n < ATTRIBUTES)
		return malformed("does not say what the index is", e);
	out->handle = handle;
	out->attributes = be32(area.p);
	area = slice_from(area, ATTRIBUTES);
	if (!take_sized(&area, &policy) || area.n != COUNT)
		return malformed("does not say what the index is", e);
	out->size = be16(area.p);
	return 0;
}

int
tpm_answer_data(struct slice s, size_t n, struct slice *out, struct err *e)
{
	struct slice data;

	if (!take_sized(&s, &data) || s.n > 0)
		return malformed("holds no data", e);
	if (data.n != n)
		return err_set(e, E_SYSTEM, "the TPM's answer holds %zu bytes "
		    "of the index instead of %zu", data.n, n);
	*out = data;
	return 0;
}
