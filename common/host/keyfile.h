/* keyfile.h -- keys and their passphrase from files, or from somebody who sits
 * there.  World. */
#ifndef HOST_KEYFILE_H
#define HOST_KEYFILE_H

#include "jose/jwk.h"

enum { KEYFILE_PASSPHRASE_MAX = 1024 };	/* bytes */

/* Add the keys of path in any form of jwk_read_all(); kid and passphrase_file
 * may be NULL.  The passphrase is the file's text less one line end.  Without
 * the file it is asked for on the terminal if the key needs one and standard
 * error is a terminal. */
int keyfile_read(const char *path, const char *kid,
    const char *passphrase_file, enum jwk_want, struct keys *, struct err *);

/* Add a passphrase, of a file in the same way or, path being NULL, as typed on
 * the terminal: twice the same if it is to encrypt, for who mistypes it then
 * has lost the data. */
int keyfile_passphrase(const char *path, enum jwk_want, struct keys *,
    struct err *);

#endif
