/* keyfile.h -- a key and its passphrase from files, or from somebody who sits
 * there.  World. */
#ifndef HOST_KEYFILE_H
#define HOST_KEYFILE_H

#include "jose/jwk.h"

enum { KEYFILE_PASSPHRASE_MAX = 1024 };	/* bytes */

/* Read the key of path in any form of jwk_read(); kid and passphrase_file may
 * be NULL.  The passphrase is the file's text less one line end.  Without the
 * file it is asked for on the terminal if the key needs one and standard error
 * is a terminal.  name as in jwk_read(). */
int keyfile_read(const char *path, const char *kid,
    const char *passphrase_file, enum jwk_want, struct key **,
    struct buf *name, struct err *);

#endif
