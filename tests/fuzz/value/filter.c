/* The scan of a jq program's words: where it ends it knows that it is in no
 * string and no comment, so that a refused word there is seen, and a field
 * of that name is not. */
#include "value/filter.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
allowed(const char *before, struct slice program, const char *after)
{
	struct buf b = {0};
	struct err e;
	bool yes;

	buf_adds(&b, before);
	buf_add(&b, program);
	buf_adds(&b, after);
	yes = filter_allowed(slice_buf(&b), &e) == 0;
	if (!yes && (e.code != E_USAGE || strncmp(e.text, "filter: ", 8) != 0))
		abort();
	buf_free(&b);
	return yes;
}

static void
require(bool good)
{
	if (!good)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice p = slice_of(data, size);
	bool yes = allowed("", p, "");

	/* a word refused by itself is refused within anything */
	require(!allowed("env|(", p, "\n)"));
	require(!allowed("\"\\(env)\"|(", p, "\n)"));
	if (!yes)
		return 0;
	require(!allowed("", p, "\n|env"));
	require(!allowed("", p, "\n|\"\\(env)\""));
	require(!allowed("", p, "\n|{a: env}"));
	require(!allowed("\"\\(", p, "\n|env)\""));
	require(!allowed("[{a: \"x\\(\"y\"|", p, "\n|env)\"}]"));
	require(allowed("", p, "\n|.env"));
	require(allowed("", p, "\n|{env: \"env\"}"));
	/* 256 brackets in each other are allowed, and may all be used */
	if (size < 128)
		require(allowed("\"\\(", p, "\n|\"env\")\""));
	return 0;
}
