/* policyfile.c -- see policyfile.h. */
#include "host/policyfile.h"

#include "policy/hostdata.h"
#include "policy/jsonc.h"
#include "evidence/instead.h"
#include "evidence/report.h"
#include "ground/io.h"
#include "ground/text.h"

int
policyfile_read(const char *path, const struct policy_ask *ask,
    struct buf *file, struct policies *found, struct err *e)
{
	if (io_read(path, POLICY_FILE_MAX, file, e) < 0)
		return -1;
	if (policies_find(slice_buf(file), ask, found, e) < 0)
		return err_in(e, "%s", io_name(path));
	return 0;
}

int
policyfile_refuse(const char *path, size_t n, struct err *e)
{
	(void)err_set(e, E_INPUT, "%s: %zu policies where one belongs",
	    io_name(path), n);
	return err_hint(e, "--name chooses one");
}

int
policyfile_one(const char *path, const struct policy_ask *ask,
    struct buf *file, struct policies *found, struct slice *text,
    struct err *e)
{
	if (policyfile_read(path, ask, file, found, e) < 0)
		return -1;
	if (found->n != 1)
		return err_set(e, E_INPUT, "%s: %zu policies where one belongs",
		    io_name(path), found->n);
	if (found->v[0].err.code != E_OK) {
		*e = found->v[0].err;
		return err_in(e, "%s", io_name(path));
	}
	*text = found->v[0].text;
	return 0;
}

int
policyfile_want(const char *hash, uint8_t out[SHA256_SIZE], struct err *e)
{
	struct buf file = {0}, report = {0};
	const char *path = hash + 1;
	int ret;

	if (hash[0] != '@') {
		ret = hostdata_parse(slice_str(hash), out, e);
		return ret < 0 ? err_in(e, "--check") : 0;
	}
	ret = io_read(path, SNP_TEXT_MAX, &file, e);
	if (ret == 0) {
		ret = snp_read(slice_buf(&file), &report, e);
		if (ret < 0 && instead_token(slice_buf(&file)))
			(void)err_hint(e, "jwt-claims -k JWKS -p POLICY TOKEN "
			    "compares its host data");
		if (ret < 0)
			(void)err_in(e, "%s", io_name(path));
	}
	if (ret == 0)
		memcpy(out, snp_host_data(slice_buf(&report)).p, SHA256_SIZE);
	buf_free(&file);
	buf_free(&report);
	return ret;
}

bool
policyfile_marked(const struct buf *file)
{
	return slice_starts(slice_buf(file), "\xef\xbb\xbf");
}

int
policyfile_json(const char *path, struct buf *file, struct json **doc,
    struct err *e)
{
	struct slice text;

	if (io_read(path, POLICY_PARAMETERS_MAX, file, e) < 0)
		return -1;
	text = slice_from(slice_buf(file), policyfile_marked(file) ? 3 : 0);
	if (file->n > 0)
		(void)jsonc_clear(file->p, file->n);
	if (text_no_bom(text, "json", e) < 0 || json_parse(text, doc, e) < 0)
		return err_in(e, "%s", io_name(path));
	return 0;
}
