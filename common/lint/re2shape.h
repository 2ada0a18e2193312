/* re2shape.h -- what a regular expression (RE2) about an environment variable
 * looks like: a few shapes, not a compiler.  Pure. */
#ifndef LINT_RE2SHAPE_H
#define LINT_RE2SHAPE_H

#include "ground/buf.h"

enum { RE2_DEPTH_MAX = 100 };	/* groups in each other that are looked at */

/* Of a pattern "NAME=VALUE". */
struct re2shape {
	bool wrong;	/* RE2 does not take it */
	bool forked;	/* a | outside groups */
	bool fixed;	/* in each alternative of NAME something must stand */
	bool wild;	/* in NAME something may stand any number of times */
	bool free;	/* VALUE is anything at all */
};

/* What is nested deeper than RE2_DEPTH_MAX is wild, not fixed and not wrong. */
struct re2shape re2shape(struct slice pattern);

#endif
