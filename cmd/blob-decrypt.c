/* blob-decrypt.c -- released key and ciphertext in, plaintext out. */
#include "blob/age.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "flow/blobopt.h"
#include "flow/blobrun.h"
#include "host/guard.h"
#include "host/keyfile.h"

static const char *encryptiondata, *fields, *format = "auto", *kid, *label,
    *mgf1, *output, *passphrase_file, *records = "auto";
static const char *hash;
static struct opt_list key_paths;
static bool insecure_v1, page_blob, phrase, progress, skip, verbose;
static struct opt_num expect_size = {.max = UINT64_MAX};
static struct opt_num threads = BLOBOPT_THREADS_NUM;

static const struct opt opts[] = {
	{0, "encryptiondata", OPT_TEXT, &encryptiondata, "FILE",
	    "the blob's metadata of that name, with -f cse"},
	{0, "expect-size", OPT_NUM, &expect_size, "BYTES",
	    "refuse data of another size"},
	{0, "fields", OPT_TEXT, &fields, "NAME,...",
	    "which fields of records to decrypt (default all)"},
	{'f', "format", OPT_CHOICE, &format, BLOB_OPENS,
	    "what the data is (default auto)"},
	{0, "insecure-v1", OPT_FLAG, &insecure_v1, NULL,
	    "decrypt version 1.0 of cse, which is not authenticated"},
	{'k', "key", OPT_LIST, &key_paths, "FILE",
	    "private keys: JWK, sidecar's answer, PEM, PKCS#12, SSH, age"},
	{0, "kid", OPT_TEXT, &kid, "KID", "which key of a JWK Set"},
	BLOBOPT_LABEL(label),
	BLOBOPT_MGF1_HASH(mgf1),
	BLOBOPT_OAEP_HASH(hash),
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE, made with mode 0600"},
	{0, "page-blob", OPT_FLAG, &page_blob, NULL,
	    "a page blob, which version 1.0 of cse does not pad"},
	{0, "passphrase", OPT_FLAG, &phrase, NULL,
	    "ask for the passphrase of the data, without -k"},
	BLOBOPT_PASSPHRASE_FILE(passphrase_file),
	BLOBOPT_PROGRESS(progress),
	BLOBOPT_RECORDS(records),
	{0, "skip-undecryptable", OPT_FLAG, &skip, NULL,
	    "leave records that do not decrypt as they are"},
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
	.name = "blob-decrypt",
	.summary = "decrypt data with a released key",
	.usage = "-k FILE... [--kid KID] [-f FORMAT] [-o FILE] [IN]\n"
	    "-k FILE... [--records KIND] [--fields NAME,...] [-o FILE] [IN]\n"
	    "--passphrase-file FILE | --passphrase [-o FILE] [IN]\n"
	    "-k FILE... --encryptiondata FILE [--expect-size BYTES] [-o FILE] "
	    "[IN]",
	.operand = "IN", .min = 0, .max = 1, .opts = opts, .about = about,
	.instead = instead,
	.common = "key format fields records output",
	.example = "blob-decrypt -k key.jwk -o data.csv data.csv.age",
};

static void
check_cse(void)
{
	bool cse = strcmp(format, "cse") == 0;

	if (cse && encryptiondata == NULL)
		opt_missing("az storage blob metadata show, or curl -D, "
		    "makes the file", "the blob's --encryptiondata");
	if (!cse && strcmp(format, "auto") != 0 && encryptiondata != NULL)
		opt_wrong("--encryptiondata is for -f cse only");
	if (encryptiondata == NULL && (insecure_v1 || page_blob))
		opt_wrong("--%s is for --encryptiondata only",
		    insecure_v1 ? "insecure-v1" : "page-blob");
}

/* What is for records says that it is these. */
static void
check_records(void)
{
	bool asked = fields != NULL || strcmp(records, "auto") != 0;

	if (asked && strcmp(format, "auto") == 0 && encryptiondata == NULL)
		format = "fields";
	/* one block in each line */
	if (strcmp(format, "oaep") == 0 && fields == NULL &&
	    strcmp(records, "lines") == 0)
		return;
	if (asked && strcmp(format, "fields") != 0)
		opt_wrong("--%s is for -f fields only", fields != NULL ?
		    "fields" : "records");
}

static void
check_command_line(const char *in)
{
	int dashes;
	size_t i;

	if (key_paths.n == 0 && passphrase_file == NULL && !phrase)
		opt_missing("it is the file that key-release wrote",
		    "the key, -k,");
	if (phrase && (key_paths.n > 0 || passphrase_file != NULL))
		opt_wrong("--passphrase goes with neither -k nor "
		    "--passphrase-file");
	check_cse();
	check_records();
	dashes = io_is_std(in);
	for (i = 0; i < key_paths.n; i++)
		dashes += io_is_std(key_paths.v[i]);
	if (passphrase_file != NULL)
		dashes += io_is_std(passphrase_file);
	if (encryptiondata != NULL)
		dashes += io_is_std(encryptiondata);
	if (dashes > 1)
		opt_wrong_hint("give all but one of them as files",
		    "standard input can be read only once");
}

/* What stands beside a blob of client-side encryption. */
static int
read_beside(struct cse_meta *meta, struct err *e)
{
	struct buf text = {0};
	int ret;

	ret = io_read(encryptiondata, CSE_META_MAX, &text, e);
	if (ret == 0 && (ret = cse_meta_read(slice_buf(&text), CSE_REGION_MAX,
	    meta, e)) < 0)
		(void)err_in(e, "%s", io_name(encryptiondata));
	buf_free(&text);
	if (ret < 0)
		return -1;
	meta->page = meta->page || page_blob;
	if (meta->version == CSE_V1_0 && insecure_v1)
		err_warn("%s: Protocol 1.0: what is decrypted is not "
		    "authenticated", io_name(encryptiondata));
	if (meta->version != CSE_V1_0 || insecure_v1)
		return 0;
	(void)err_set(e, E_NO, "%s: Protocol 1.0 has no authentication",
	    io_name(encryptiondata));
	return err_hint(e, "whoever could change the blob may have changed "
	    "what decrypts; --insecure-v1 decrypts it all the same");
}

/* How large the data has to be. */
static int
set_size(struct blobrun *b, const struct cse_meta *meta, struct err *e)
{
	b->expected = expect_size.set || meta->sized;
	b->size = expect_size.set ? expect_size.value : meta->size;
	if (expect_size.set && meta->sized && meta->size != expect_size.value)
		return err_set(e, E_INPUT, "%s: says %ju bytes where %ju are "
		    "expected", io_name(encryptiondata), (uintmax_t)meta->size,
		    (uintmax_t)expect_size.value);
	if (!b->expected && b->job->cse != NULL)
		err_warn("the size of the blob is not known: that it was cut "
		    "off after a region would not be seen");
	return 0;
}

/* All in the order in which they were given. */
static int
read_keys(struct keys *keys, struct err *e)
{
	size_t i;

	if (key_paths.n == 0)
		return keyfile_passphrase(passphrase_file, JWK_DECRYPT, keys,
		    e);
	for (i = 0; i < key_paths.n; i++)
		if (keyfile_read(key_paths.v[i], kid, passphrase_file,
		    JWK_DECRYPT, keys, e) < 0)
			return -1;
	return 0;
}

static void
say_left(const struct blob_job *job)
{
	if (job->skipped > 0)
		err_warn("%ju of %ju records do not decrypt with %s and "
		    "were left as they are (%.*s)", (uintmax_t)job->skipped,
		    (uintmax_t)job->records_done, job->keys->n > 1 ?
		    "these keys" : "this key", (int)job->skipped_fields.n,
		    (const char *)job->skipped_fields.p);
	if (job->nothing)
		err_warn("nothing was decrypted: there is no field that is "
		    "named <field>_encrypted");
}

static int
run(const char *in, struct err *e)
{
	struct keys keys = {0};
	struct blob_job job = {.skip = skip, .keys = &keys, .fields = fields,
	    .records = records_kind_named(records),
	    .oaep_asked = hash != NULL || mgf1 != NULL};
	struct blobrun b = {.in = in, .out = output,
	    .format = blob_named(format), .progress = progress,
	    .threads = (unsigned)threads.value};
	struct buf label_bytes = {0};
	struct cse_meta meta = {0};
	int ret;

	if (kid != NULL)
		job.kid = slice_str(kid);
	ret = blob_oaep(hash != NULL ? hash : "sha256", mgf1, label,
	    &label_bytes, &job.oaep, e);
	if (ret == 0)
		ret = read_keys(&keys, e);
	if (ret == 0)
		job.key = keys.v[0];
	if (ret == 0 && encryptiondata != NULL) {
		job.cse = &meta;
		ret = read_beside(&meta, e);
	}
	b.job = &job;
	if (ret == 0)
		ret = set_size(&b, &meta, e);
	if (ret == 0)
		ret = blobrun_open(&b, e);
	if (ret == 0)
		say_left(&job);
	buf_free(&job.skipped_fields);
	keys_free(&keys);
	cse_meta_free(&meta);
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
