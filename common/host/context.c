/* context.c -- see context.h. */
#include "host/context.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/b64.h"
#include "ground/io.h"

static const struct {
	const char *name;
	unsigned rules;
} files[] = {
	[CONTEXT_POLICY] = {"security-policy-base64", B64_POLICY},
	[CONTEXT_CERTS] = {"host-amd-cert-base64", B64_TEXT},
	[CONTEXT_ENDORSEMENT] = {"reference-info-base64", B64_TEXT},
};

const char *
context_dir(const char *dir)
{
	if (dir == NULL)
		dir = getenv("UVM_SECURITY_CONTEXT_DIR");
	return dir != NULL && *dir != '\0' ? dir : NULL;
}

const char *
context_name(enum context_file file)
{
	return files[file].name;
}

int
context_read(const char *dir, enum context_file file, struct buf *out,
    bool *absent, struct err *e)
{
	struct buf path = {0}, text = {0};
	size_t was = out->n;
	int ret = -1;

	buf_addf(&path, "%s/%s", dir, files[file].name);
	buf_addc(&path, '\0');
	if (absent != NULL)
		*absent = access((char *)path.p, F_OK) < 0 &&
		    errno == ENOENT && access(dir, F_OK) == 0;
	if (io_read((char *)path.p, CONTEXT_FILE_MAX, &text, e) < 0)
		goto out;
	if (b64_decode(slice_buf(&text), files[file].rules, out, e) < 0)
		(void)err_in(e, "%s", (char *)path.p);
	else if (out->n == was)
		(void)err_set(e, E_INPUT, "%s: empty", (char *)path.p);
	else
		ret = 0;
out:
	buf_free(&path);
	buf_free(&text);
	return ret;
}
