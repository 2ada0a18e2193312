/* tokenfiles.c -- see tokenfiles.h. */
#include "host/tokenfiles.h"

#include "token/claims.h"
#include "policy/hostdata.h"
#include "jose/jwk.h"
#include "policy/policy.h"
#include "token/release.h"
#include "ground/io.h"
#include "host/runtimefile.h"

static int
read_json(const char *path, size_t max, struct buf *text, struct json **doc,
    int (*parse)(struct slice, struct json **, struct err *), struct err *e)
{
	if (path == NULL)
		return 0;
	if (io_read(path, max, text, e) < 0)
		return -1;
	if (parse(slice_buf(text), doc, e) < 0)
		return err_in(e, "%s", io_name(path));
	return 0;
}

static int
read_policy(const char *path, struct token_rules *rules, struct err *e)
{
	struct buf file = {0};
	int ret;

	if (path == NULL)
		return 0;
	ret = io_read(path, POLICY_FILE_MAX, &file, e);
	if (ret == 0 && (ret = hostdata_of(slice_buf(&file),
	    rules->host_data, e)) < 0)
		(void)err_in(e, "%s", io_name(path));
	buf_free(&file);
	rules->has_host_data = ret == 0;
	return ret;
}

int
tokenfiles_read(struct tokenfiles *f, struct token_rules *rules,
    struct err *e)
{
	if (read_json(f->keys, JWK_DOC_MAX, &f->keys_text, &f->keys_doc,
	    json_parse, e) < 0 ||
	    read_json(f->release, RELEASE_MAX, &f->release_text,
	    &f->release_doc, release_parse, e) < 0 ||
	    (f->runtime != NULL &&
	    runtimefile_read(f->runtime, &f->runtime_text, e) < 0) ||
	    read_policy(f->policy, rules, e) < 0)
		return -1;
	rules->keys = f->keys_doc;
	rules->keys_name = f->keys;
	rules->release = f->release_doc;
	rules->has_runtime = f->runtime != NULL;
	rules->runtime = slice_buf(&f->runtime_text);
	return 0;
}

void
tokenfiles_free(struct tokenfiles *f)
{
	json_free(f->keys_doc);
	json_free(f->release_doc);
	buf_free(&f->keys_text);
	buf_free(&f->release_text);
	buf_free(&f->runtime_text);
}
