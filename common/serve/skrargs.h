/* skrargs.h -- the original's command line, environment and settings
 * document, in our words.  World. */
#ifndef SERVE_SKRARGS_H
#define SERVE_SKRARGS_H

#include "ground/buf.h"
#include "ground/err.h"
#include "serve/platform.h"

/* The words of argv with -port, -loglevel and the like spelt as our options
 * (one dash or two, =VALUE or VALUE next), and before them what the
 * environment says by the names of the original's start script:
 * SkrSideCarArgs, Port, LogLevel, LogFile, ServerType.  *argc is changed; the
 * words live as long as the process. */
char **skrargs(int *argc, char **argv);

/* What -base64 holds; {0} is empty, skrargs_free() releases. */
struct skr_settings {
	bool has_source;
	enum cert_source source;
	struct buf cache, tee_type, query;	/* text, or empty */
	struct buf client_id;
};
/* Read it: padded base64 of a JSON object.  E_USAGE. */
int skrargs_read(const char *base64, struct skr_settings *, struct err *);
void skrargs_free(struct skr_settings *);

#endif
