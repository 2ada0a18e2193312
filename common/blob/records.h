/* records.h -- the members of JSON records as parts, for the table of
 * blobs.  Pure. */
#ifndef BLOB_RECORDS_H
#define BLOB_RECORDS_H

#include "blob/blob.h"

/* Rows of struct blob_format; see fields.h for what is refused.  With
 * job->skip the record of a member that does not decrypt, or that is another
 * key's by its size, is left; job->skipped and job->records are set. */
int blobfields_open(struct slice, struct blob_job *, struct parts **,
    struct err *);
int blobfields_seal(struct slice, struct blob_job *, struct parts **,
    struct err *);

#endif
