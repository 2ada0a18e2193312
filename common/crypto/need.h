/* need.h -- what crypto/ cannot do without.  Crypto: private to this folder. */
#ifndef CRYPTO_NEED_H
#define CRYPTO_NEED_H

#include <stdbool.h>

/* Linked in, this sees to it that memory which runs out inside libcrypto ends
 * the process, status 4: it is never taken for a wrong key, a bad signature
 * or malformed input. */

/* Unless ok, end the process, status 4: libcrypto lacks what or has refused
 * it, as it does when memory runs out; there is nothing to go on with. */
void need(bool ok, const char *what);

#endif
