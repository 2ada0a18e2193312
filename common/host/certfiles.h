/* certfiles.h -- certificates from files and folders into a pile (pile.h).
 * World. */
#ifndef HOST_CERTFILES_H
#define HOST_CERTFILES_H

#include "evidence/pile.h"
#include "ground/opt.h"

enum {
	CERTFILES_MAX = 20000,		/* entries of a folder */
	CERTFILES_EACH_MAX = 1 << 20,	/* bytes of one of them */
};

/* Append those of path: a file in any form of pile.h, standard input for "-",
 * or a folder, of whose plain files those with certificates are taken and all
 * others passed over, unread where they are larger than CERTFILES_EACH_MAX;
 * folders in it are not entered.  A folder without any is E_INPUT. */
int certfiles_add(const char *path, struct pile *, struct err *);

/* Of all paths together and the tool's own: append the PEM of leaf, ASK and
 * ARK for a report, as pile_chain() picks them. */
int certfiles_chain(const struct opt_list *paths, struct slice report,
    struct buf *pem, struct err *);

#endif
