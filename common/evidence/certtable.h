/* certtable.h -- the host's certificate table, as an extended report or
 * configfs' auxblob has it (AMD 56421, GHCB, SNP Extended Guest Request).
 * Pure. */
#ifndef EVIDENCE_CERTTABLE_H
#define EVIDENCE_CERTTABLE_H

#include "ground/buf.h"
#include "ground/err.h"

/* DER, borrowed from the table; empty where the host has none. */
struct certtable {
	struct slice vcek, vlek, ask, ark, crl;
};

/* Read a table.  Entries that point outside it or into its directory, that
 * name one kind twice, or that no empty entry ends are E_INPUT; kinds that are
 * not known are passed over.  All zeros is an empty table. */
int certtable_read(struct slice table, struct certtable *, struct err *);

/* The bytes begin with a directory that names a kind that is known. */
bool certtable_is(struct slice);

/* Append the chain as PEM: the leaf (the VLEK if vlek), ASK, ARK.  E_INPUT
 * naming the one that the table has not. */
int certtable_pem(const struct certtable *, bool vlek, struct buf *out,
    struct err *);

#endif
