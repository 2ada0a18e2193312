/* runtimefile.c -- see runtimefile.h. */
#include "host/runtimefile.h"

#include "evidence/report.h"
#include "ground/io.h"

int
runtimefile_read(const char *path, struct buf *out, struct err *e)
{
	size_t was = out->n;

	if (io_read(path, SNP_RUNTIME_MAX, out, e) < 0)
		return -1;
	if (out->n > was)
		return 0;
	(void)err_set(e, E_INPUT, "%s: runtime data of 0 bytes",
	    io_name(path));
	return err_hint(e, "the command that was to write it has failed, it "
	    "seems; key-release -G, for one, keeps a key that is there");
}
