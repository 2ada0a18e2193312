/* rulesfile.h -- a file of rules for reports (evidence/rules.h).  World. */
#ifndef HOST_RULESFILE_H
#define HOST_RULESFILE_H

#include "evidence/rules.h"

/* Read path, YAML or JSON; "-" is standard input.  What is no such rules is
 * E_INPUT. */
int rulesfile_read(const char *path, struct snp_rules *, struct err *);

#endif
