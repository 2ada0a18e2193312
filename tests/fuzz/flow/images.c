/* An image archive of any bytes: it is indexed, its image is found and read,
 * or it is refused as malformed or as not what it says. */
#include "flow/images.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static int
ask(const char *path, struct err *e)
{
	const struct images_rules rules = {.threads = 1,
	    .max_size = 1 << 20};
	struct image_said said;
	struct images *im;
	size_t which;
	int ret;

	if (images_open(&path, 1, &rules, &im, e) < 0)
		return -1;
	ret = images_find(im, NULL, &which, e);
	if (ret == 0)
		ret = images_read(im, &which, 1, e);
	if (ret == 0) {
		said = images_said(im, which);
		require(said.config.n > 0 && said.roots != NULL);
	}
	images_close(im);
	return ret;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("archive", MFD_CLOEXEC);
	char path[64];
	struct err e;

	require(fd >= 0);
	require(write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (ask(path, &e) < 0)
		/* a map names files that are not there */
		require(e.code == E_INPUT || e.code == E_NO ||
		    e.code == E_SYSTEM);
	(void)close(fd);
	return 0;
}
