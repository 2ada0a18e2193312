/* askopt.h -- the option rows that every tool has that asks a service, for its
 * table, so that they read the same everywhere.  World. */
#ifndef NET_ASKOPT_H
#define NET_ASKOPT_H

#include "ground/opt.h"
#include "net/ask.h"

#define ASKOPT_RETRY_NUM	{HTTP_RETRIES, 0, HTTP_RETRIES_MAX, false}
#define ASKOPT_TIMEOUT_NUM	{HTTP_TIMEOUT, 1, HTTP_TIMEOUT_MAX, false}

/* ask: struct ask */
#define ASKOPT_CACERT(ask) {0, "cacert", OPT_TEXT, &(ask).cacert, "FILE", \
	"trust these TLS roots, not the system's"}
#define ASKOPT_VERBOSE(ask) {'v', "verbose", OPT_FLAG, &(ask).verbose, NULL, \
	"say what is asked and how long it took"}
/* num: struct opt_num of one of the above, for the caller to put into ask */
#define ASKOPT_RETRY(num) {0, "retry", OPT_NUM, &(num), "N", \
	"attempts after the first one (default 3)"}
#define ASKOPT_TIMEOUT(num) {0, "timeout", OPT_NUM, &(num), "SECONDS", \
	"for the whole exchange (default 60)"}

#endif
