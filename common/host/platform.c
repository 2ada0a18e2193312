/* platform.c -- see platform.h. */
#include "host/platform.h"

#include "codec/b64.h"
#include "evidence/thim.h"
#include "ground/io.h"
#include "host/certfiles.h"
#include "host/context.h"

int
platform_certs(const struct opt_list *paths, const char *dir,
    struct slice report, struct buf *pem, struct err *e)
{
	struct buf text = {0};
	bool absent = false;
	int ret = -1;

	if (paths->n > 0)
		return certfiles_chain(paths, report, pem, e);
	if ((dir = context_dir(dir)) == NULL) {
		(void)err_set(e, E_INPUT, "no certificates of the platform");
		return err_hint(e, "snp-certs gets them from AMD; --certs "
		    "FILE, -C DIR or UVM_SECURITY_CONTEXT_DIR says where they "
		    "are");
	}
	if (context_read(dir, CONTEXT_CERTS, &text, &absent, e) == 0 &&
	    (ret = thim_pem(slice_buf(&text), pem, e)) < 0) {
		(void)err_in(e, "%s/%s", dir, context_name(CONTEXT_CERTS));
	}
	if (ret < 0 && absent)
		(void)err_hint(e, "the host gave none; snp-certs -o FILE gets "
		    "them from AMD, --certs FILE shows them");
	buf_free(&text);
	return ret;
}

/* CBOR says what it is: an array of four (RFC 9052 section 4.2), with or
 * without its tag 18. */
static bool
is_cose(struct slice s)
{
	return s.n > 2 && (s.p[0] == 0x84 || (s.p[0] == 0xd2 &&
	    s.p[1] == 0x84));
}

static int
from_file(const char *path, struct buf *cose, struct err *e)
{
	struct buf text = {0}, raw = {0};
	int ret;

	ret = io_read(path, PLATFORM_ENDORSEMENT_MAX, &text, e);
	if (ret == 0 && is_cose(slice_buf(&text))) {
		buf_add(cose, slice_buf(&text));
	} else if (ret == 0) {
		ret = b64_decode(slice_buf(&text), B64_TEXT, &raw, e);
		if (ret < 0 || !is_cose(slice_buf(&raw)))
			ret = err_set(e, E_INPUT, "%s: neither a COSE_Sign1 "
			    "document nor its base64", io_name(path));
		else
			buf_add(cose, slice_buf(&raw));
	}
	buf_free(&raw);
	buf_free(&text);
	return ret;
}

int
platform_endorsement(const char *path, const char *dir, struct buf *cose,
    const char **missing, struct err *e)
{
	bool absent = false;

	*missing = NULL;
	if (path != NULL)
		return from_file(path, cose, e);
	if ((dir = context_dir(dir)) == NULL ||
	    context_read(dir, CONTEXT_ENDORSEMENT, cose, &absent, e) == 0)
		return 0;
	if (!absent)
		return -1;
	*missing = dir;
	return 0;
}
