/* runtimefile.h -- the runtime data whose hash a report carries.  World. */
#ifndef HOST_RUNTIMEFILE_H
#define HOST_RUNTIMEFILE_H

#include "ground/buf.h"
#include "ground/err.h"

/* Append the file's bytes, of which there are 1 to SNP_RUNTIME_MAX; path as
 * io_read() takes it.  An empty file is E_INPUT: it is what is left when the
 * command failed that was to fill it, and its hash vouches for nothing. */
int runtimefile_read(const char *path, struct buf *, struct err *);

#endif
