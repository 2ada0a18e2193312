/* serve.h -- the sidecar: what it is told at the start, and the whole of it.
 * World. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "ground/err.h"
#include "serve/log.h"
#include "serve/platform.h"

enum {
	SERVE_PORT = 8080,
	SERVE_TIMEOUT = 25,	/* seconds a service has; clients wait 30 for
				 * a token, 60 for a key */
	SERVE_RETRIES = 3,
	SERVE_WAITING = 64,	/* requests that wait for a thread */
	SERVE_WAITING_MAX = 100000,
	SERVE_DRAIN = 10,	/* seconds from SIGTERM to the end */
};

/* All of it borrowed; NULL and 0 where nothing was said. */
struct serve_config {
	const char *const *listen;	/* addresses, unix:PATH */
	size_t nlisten;
	unsigned port;
	const char *const *allow;	/* patterns of allow.h */
	size_t nallow;
	struct platform_files files;
	const char *root;		/* file of an ARK */
	const char *uvm_issuer, *uvm_feed;
	const char *cacert, *release_roots, *resource;
	/* who this is to vaults, of identity.h: at most one of them */
	const char *bearer_path, *secret_path, *identity;
	const char *aa_endpoint;	/* provider of /aa/token */
	unsigned timeout, retries;
	size_t waiting;
	bool no_verify, compat, metrics;
	enum log_level level;
	const char *log_path;		/* NULL: standard error */
	bool log_json;
};

/* Read what is there and say what would be served and who is trusted, one
 * line each.  E_INPUT and E_SYSTEM as the files are. */
int serve_check(const struct serve_config *, struct buf *out, struct err *);

/* Serve until SIGTERM or SIGINT.  What fails before the first request is an
 * error; later nothing is. */
int serve_run(const struct serve_config *, struct err *);

#endif
