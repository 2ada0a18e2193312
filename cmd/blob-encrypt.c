/* blob-encrypt.c -- public key and data in, ciphertext out. */
#include <stdlib.h>

#include "blob/age.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "flow/blobopt.h"
#include "flow/blobrun.h"
#include "host/guard.h"
#include "host/keyfile.h"

static const char *fields, *format = "age", *hash, *kid, *label, *meta_path,
    *mgf1, *output, *passphrase_file,
    *records = "auto", *value_format = "oaep";
static bool armor, phrase, progress, raw, verbose;
static struct opt_list keys;
static struct opt_num threads = BLOBOPT_THREADS_NUM;

static const struct opt opts[] = {
	{0, "armor", OPT_FLAG, &armor, NULL, "write text, with -f age"},
	{0, "encryptiondata-out", OPT_TEXT, &meta_path, "FILE",
	    "where the blob's metadata goes, with -f cse"},
	{0, "field-format", OPT_CHOICE, &value_format, "oaep|jwe",
	    "how a field is encrypted (default oaep)"},
	{0, "fields", OPT_TEXT, &fields, "NAME,...",
	    "which fields of records to encrypt, with -f fields"},
	{'f', "format", OPT_CHOICE, &format, BLOB_SEALS,
	    "what to write (default age)"},
	{'k', "key", OPT_LIST, &keys, "FILE",
	    "a public key: JWK, JWK Set, key bundle, PEM, SSH or age lines"},
	{0, "kid", OPT_TEXT, &kid, "KID",
	    "which key of a JWK Set, or what a key is called"},
	BLOBOPT_LABEL(label),
	BLOBOPT_MGF1_HASH(mgf1),
	BLOBOPT_OAEP_HASH(hash),
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE instead of standard output"},
	{0, "passphrase", OPT_FLAG, &phrase, NULL,
	    "encrypt with a passphrase that is asked for, without -k"},
	BLOBOPT_PASSPHRASE_FILE(passphrase_file),
	BLOBOPT_PROGRESS(progress),
	{0, "raw", OPT_FLAG, &raw, NULL,
	    "write the block itself, not base64, with -f oaep"},
	BLOBOPT_RECORDS(records),
	BLOBOPT_THREADS(threads),
	BLOBOPT_VERBOSE(verbose),
	{0},
};

static void
about(struct buf *out)
{
	if (verbose)
		age_about(out);
}

static const struct opt_instead instead[] = {BLOBOPT_INSTEAD, {0}};

static const struct tool tool = {
	.name = "blob-encrypt",
	.summary = "encrypt data to a public key",
	.usage = "-k FILE... [-f age] [--armor] [-o FILE] [IN]\n"
	    "--passphrase-file FILE | --passphrase [--armor] [-o FILE] [IN]\n"
	    "-k FILE... -f jwe [-o FILE] [IN]\n"
	    "-k FILE -f cse --encryptiondata-out FILE [-o FILE] [IN]\n"
	    "-k FILE -f oaep [--raw] [-o FILE] [IN]\n"
	    "-k FILE -f fields --fields NAME,... [--records KIND] [-o FILE] "
	    "[IN]",
	.operand = "IN", .min = 0, .max = 1, .opts = opts, .about = about,
	.instead = instead,
	.common = "key format fields output",
	.example = "blob-encrypt -k public.pem -o data.csv.age data.csv",
};

/* An option that one format has, for another. */
static void
check_only(bool given, const char *option, const char *name)
{
	if (given && strcmp(format, name) != 0)
		opt_wrong("--%s is for -f %s only", option, name);
}

static void
check_keys(const char *in)
{
	int dashes = io_is_std(in);
	size_t i;

	if (keys.n == 0 && passphrase_file == NULL && !phrase)
		opt_missing("it is the recipient's, the public half will do",
		    "the key, -k,");
	if (phrase && (keys.n > 0 || passphrase_file != NULL))
		opt_wrong("--passphrase goes with neither -k nor "
		    "--passphrase-file");
	if (keys.n == 0)
		check_only(true, phrase ? "passphrase" : "passphrase-file",
		    "age");
	if (keys.n > 1 && !blob_named(format)->many)
		opt_wrong("-f %s is for one recipient", format);
	dashes += passphrase_file != NULL && io_is_std(passphrase_file);
	for (i = 0; i < keys.n; i++)
		dashes += io_is_std(keys.v[i]);
	if (dashes > 1)
		opt_wrong_hint("give the key or the data as a file",
		    "standard input can be read only once");
}

static void
check_command_line(const char *in)
{
	check_keys(in);
	check_only(armor, "armor", "age");
	check_only(raw, "raw", "oaep");
	check_only(fields != NULL, "fields", "fields");
	check_only(strcmp(records, "auto") != 0, "records", "fields");
	check_only(strcmp(value_format, "oaep") != 0, "field-format", "fields");
	check_only(meta_path != NULL, "encryptiondata-out", "cse");
	if (strcmp(format, "fields") != 0)
		check_only(hash != NULL || mgf1 != NULL || label != NULL,
		    hash != NULL ? "oaep-hash" : mgf1 != NULL ? "mgf1-hash" :
		    "label", "oaep");
	if (fields == NULL && strcmp(format, "fields") == 0)
		opt_missing("such as --fields name,phone",
		    "the fields to encrypt, --fields,");
	if (meta_path == NULL && strcmp(format, "cse") == 0)
		opt_missing("without the metadata nothing can be decrypted",
		    "where the metadata goes, --encryptiondata-out,");
	if (meta_path != NULL && io_is_std(meta_path) && io_is_std(output))
		opt_wrong("standard output can hold the blob or its metadata");
}

/* One after the other, each with the keys that it holds. */
static int
read_keys(struct keys *to, struct err *e)
{
	size_t i;

	if (keys.n == 0)
		return keyfile_passphrase(passphrase_file, JWK_ENCRYPT, to, e);
	for (i = 0; i < keys.n; i++)
		if (keyfile_read(keys.v[i], kid, passphrase_file, JWK_ENCRYPT,
		    to, e) < 0)
			return -1;
	if (to->n > 1 && !blob_named(format)->many)
		return err_set(e, E_USAGE, "-f %s is for one recipient, and "
		    "there are %zu keys", format, to->n);
	if (to->n > BLOB_TO_MAX)
		return err_set(e, E_USAGE, "more than %d recipients",
		    BLOB_TO_MAX);
	return 0;
}

/* Those the data is for; what has no name is called as the only one is asked
 * for. */
static struct jwe_recipient *
recipients(const struct keys *from)
{
	struct jwe_recipient *to = calloc(from->n + 1, sizeof *to);
	size_t i;

	if (to == NULL)
		err_nomem();
	for (i = 0; i < from->n; i++) {
		to[i].key = from->v[i];
		to[i].kid = key_kid(from->v[i]);
		if (to[i].kid.n == 0 && from->n == 1 && kid != NULL)
			to[i].kid = slice_str(kid);
	}
	return to;
}

static int
seal(const char *in, struct blob_job *job, struct buf *meta, struct err *e)
{
	const struct blobrun b = {.in = in, .out = output, .job = job,
	    .format = blob_named(format), .armor = armor,
	    .progress = progress, .threads = (unsigned)threads.value};

	job->cse_meta = meta;
	if (meta_path != NULL && io_prepare(meta_path, 0, e) < 0)
		return -1;
	if (blobrun_seal(&b, e) < 0)
		return -1;
	return meta_path == NULL ? 0 :
	    io_write(meta_path, 0, slice_buf(meta), e);
}

static int
run(const char *in, struct err *e)
{
	struct keys from = {0};
	struct jwe_recipient *to = NULL;
	struct buf label_bytes = {0}, meta = {0};
	struct blob_job job = {.raw = raw, .fields = fields,
	    .records = records_kind_named(records),
	    .field_jwe = strcmp(value_format, "jwe") == 0,
	    .oaep_asked = hash != NULL || mgf1 != NULL};
	int ret;

	ret = blob_oaep(hash != NULL ? hash : "sha256", mgf1, label,
	    &label_bytes, &job.oaep, e);
	if (ret == 0)
		ret = read_keys(&from, e);
	if (ret == 0) {
		job.to = to = recipients(&from);
		job.n_to = from.n;
		job.key = to[0].key;
		job.kid = to[0].kid;
		ret = seal(in, &job, &meta, e);
	}
	free(to);
	keys_free(&from);
	buf_free(&meta);
	buf_free(&label_bytes);
	return ret;
}

int
main(int argc, char **argv)
{
	const char *in;
	struct err e;

	guard_secrets();
	in = opt_parse(&tool, argc, &argv) > 0 ? argv[0] : NULL;
	check_command_line(in);
	return run(in, &e) < 0 ? err_report(&e) : E_OK;
}
