/* keyfile.h -- a key and its passphrase from files.  World. */
#ifndef WORLD_KEYFILE_H
#define WORLD_KEYFILE_H

#include "format/jwk.h"

enum { KEYFILE_PASSPHRASE_MAX = 1024 };	/* bytes */

/* Read the key of path in any form of jwk_read(); kid and passphrase_file may
 * be NULL.  The passphrase is the file's text less one line end. */
int keyfile_read(const char *path, const char *kid,
    const char *passphrase_file, enum jwk_want, struct key **, struct err *);

#endif
