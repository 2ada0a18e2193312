/* tokenfiles.c -- see tokenfiles.h. */
#include "host/tokenfiles.h"

#include "token/claims.h"
#include "policy/hostdata.h"
#include "jose/jwk.h"
#include "policy/policy.h"
#include "token/provider.h"
#include "token/release.h"
#include "ground/io.h"
#include "host/runtimefile.h"

static int
read_keys(struct tokenfiles *f, struct token_rules *rules, struct err *e)
{
	bool bare;

	if (f->keys == NULL)
		return 0;
	if (io_read(f->keys, JWK_DOC_MAX, &f->keys_text, e) < 0)
		return -1;
	if (jwk_set_read(&f->keys_text, &f->keys_doc, &bare, e) < 0)
		return err_in(e, "%s", io_name(f->keys));
	rules->any_kid |= bare;
	return 0;
}

static int
read_release(struct tokenfiles *f, struct err *e)
{
	struct buf file = {0};
	int ret;

	if (f->release == NULL)
		return 0;
	ret = io_read(f->release, RELEASE_MAX, &file, e);
	if (ret == 0 && (release_text(slice_buf(&file), &f->release_text,
	    e) < 0 || release_parse(slice_buf(&f->release_text),
	    &f->release_doc, e) < 0))
		ret = err_in(e, "%s", io_name(f->release));
	buf_free(&file);
	return ret;
}

static int
read_provider(struct tokenfiles *f, struct err *e)
{
	const char *path = f->provider;

	if (path == NULL)
		return 0;
	if (*path != '@')
		return provider_hash_parse(slice_str(path), &f->provider_hash,
		    e) < 0 ? err_in(e, "--provider-policy") : 0;
	path++;
	if (io_read(path, PROVIDER_FILE_MAX, &f->provider_text, e) < 0)
		return -1;
	if (provider_hash_of(slice_buf(&f->provider_text), &f->provider_hash,
	    e) < 0)
		return err_in(e, "%s", io_name(path));
	return 0;
}

static int
read_policy(struct tokenfiles *f, struct token_rules *rules, struct err *e)
{
	struct buf file = {0};
	int ret;

	if (f->policy == NULL)
		return 0;
	ret = io_read(f->policy, POLICY_FILE_MAX, &file, e);
	if (ret == 0 && (ret = hostdata_text(slice_buf(&file),
	    rules->host_data, f->keep_policy ? &f->policy_text : NULL,
	    e)) < 0)
		(void)err_in(e, "%s", io_name(f->policy));
	buf_free(&file);
	rules->has_host_data = ret == 0;
	return ret;
}

int
tokenfiles_read(struct tokenfiles *f, struct token_rules *rules,
    struct err *e)
{
	if (read_keys(f, rules, e) < 0 || read_release(f, e) < 0 ||
	    read_provider(f, e) < 0 ||
	    (f->runtime != NULL &&
	    runtimefile_read(f->runtime, &f->runtime_text, e) < 0) ||
	    read_policy(f, rules, e) < 0)
		return -1;
	rules->keys = f->keys_doc;
	rules->keys_name = f->keys;
	rules->release = f->release_doc;
	rules->provider_hash = slice_buf(&f->provider_hash);
	rules->provider_file = slice_buf(&f->provider_text);
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
	buf_free(&f->provider_hash);
	buf_free(&f->provider_text);
	buf_free(&f->policy_text);
}
