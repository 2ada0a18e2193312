/* envname.h -- names of environment variables that decide what a program
 * does before it has read a line of its own.  Pure. */
#ifndef LINT_ENVNAME_H
#define LINT_ENVNAME_H

#include "ground/buf.h"

/* A row of the table of those that change what runs; NULL behind the last.
 * Where family is set, the name has more behind it. */
struct envname {
	const char *name;
	const char *gives;	/* whoever sets it ... */
	bool family;
};
const struct envname *envname_row(size_t i);

/* Its value is a program's or library's place, or names one: what is there
 * runs. */
bool envname_has_code(struct slice name);

/* Names that no program knows, of several shapes: a rule that lets one pass
 * lets any pass.  NULL behind the last. */
const char *envname_made_up(size_t i);

/* The platform sets it itself. */
bool envname_is_platform(struct slice name);
/* A rule about variables of the platform, as the tools write it. */
bool envname_is_usual(struct slice pattern);
/* What the platform of container groups sets, "NAME=value"; NULL behind the
 * last, which is before the 32nd. */
const char *envname_set(size_t i);

/* It says where data goes. */
bool envname_is_place(struct slice name);

#endif
