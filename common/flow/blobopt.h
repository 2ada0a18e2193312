/* blobopt.h -- the option rows that blob-encrypt and blob-decrypt share, for
 * their tables, so that they read the same in both.  World. */
#ifndef FLOW_BLOBOPT_H
#define FLOW_BLOBOPT_H

#include "blob/records.h"
#include "flow/work.h"
#include "ground/opt.h"

#define BLOBOPT_HASHES	"sha1|sha256|sha384|sha512"
#define BLOBOPT_THREADS_NUM	{.min = 1, .max = WORK_THREADS_MAX}

#define BLOBOPT_LABEL(text) {0, "label", OPT_TEXT, &(text), "HEX", \
	"the OAEP label (default none)"}
#define BLOBOPT_MGF1_HASH(text) {0, "mgf1-hash", OPT_CHOICE, &(text), \
	BLOBOPT_HASHES, "the hash of OAEP's MGF1 (default the OAEP hash)"}
#define BLOBOPT_OAEP_HASH(text) {0, "oaep-hash", OPT_CHOICE, &(text), \
	BLOBOPT_HASHES, "the OAEP hash (default sha256)"}
#define BLOBOPT_PASSPHRASE_FILE(text) {0, "passphrase-file", OPT_TEXT, \
	&(text), "FILE", \
	"where the passphrase of a key is, or without -k of the data"}
#define BLOBOPT_PROGRESS(flag) {0, "progress", OPT_FLAG, &(flag), NULL, \
	"say how far it is on standard error"}
#define BLOBOPT_RECORDS(text) {0, "records", OPT_CHOICE, &(text), \
	RECORDS_KINDS, "what kind of records it is (default auto)"}
#define BLOBOPT_VERBOSE(flag) {'v', "verbose", OPT_FLAG, &(flag), NULL, \
	"with --version, say what libcrypto lets be read and written"}
/* num: struct opt_num */
#define BLOBOPT_THREADS(num) {0, "threads", OPT_NUM, &(num), "N", \
	"how many threads work (default one for each core)"}

/* What people call the formats. */
#define BLOBOPT_TABLE "a table is -f fields --records csv"
#define BLOBOPT_DOCUMENT "fields of records in JSON are -f fields"
#define BLOBOPT_BLOCK "one block of RSA-OAEP is -f oaep, data of any length " \
	"age or jwe"
#define BLOBOPT_INSTEAD \
	{"format", "csv", BLOBOPT_TABLE}, \
	{"format", "tsv", BLOBOPT_TABLE}, \
	{"format", "json", BLOBOPT_DOCUMENT}, \
	{"format", "jsonl", BLOBOPT_DOCUMENT}, \
	{"format", "ndjson", BLOBOPT_DOCUMENT}, \
	{"format", "records", BLOBOPT_DOCUMENT}, \
	{"format", "rsa", BLOBOPT_BLOCK}, \
	{"format", "rsa-oaep", BLOBOPT_BLOCK}, \
	{"format", NULL, "age is for files, fields for records, jwe and oaep " \
	    "for what other programs read, cse for Azure's clients"}

#endif
