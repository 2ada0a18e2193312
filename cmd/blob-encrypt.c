/* blob-encrypt.c -- public key and data in, ciphertext out. */
#include "format/blob.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "world/guard.h"
#include "world/keyfile.h"

static const char *fields, *format, *key_path, *kid, *label, *mgf1, *output;
static const char *hash = "sha256";
static bool raw;

static const struct opt opts[] = {
	{0, "fields", OPT_TEXT, &fields, "NAME,...",
	    "which members to encrypt, with -f fields"},
	{'f', "format", OPT_CHOICE, &format, BLOB_SEALS, "what to write"},
	{'k', "key", OPT_TEXT, &key_path, "FILE",
	    "the public key: JWK, JWK Set, key bundle, PEM or ssh-rsa line"},
	{0, "kid", OPT_TEXT, &kid, "KID", "which key of a JWK Set"},
	{0, "label", OPT_TEXT, &label, "HEX", "the OAEP label (default none)"},
	{0, "mgf1-hash", OPT_CHOICE, &mgf1, "sha1|sha256|sha384|sha512",
	    "the hash of OAEP's MGF1 (default the OAEP hash)"},
	{0, "oaep-hash", OPT_CHOICE, &hash, "sha1|sha256|sha384|sha512",
	    "the OAEP hash (default sha256)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE instead of standard output"},
	{0, "raw", OPT_FLAG, &raw, NULL,
	    "write the block itself, not base64, with -f oaep"},
	{0},
};

static const struct tool tool = {
	.name = "blob-encrypt",
	.summary = "encrypt data to a public key",
	.usage = "-k FILE -f oaep [--raw] [-o FILE] [IN]\n"
	    "-k FILE -f fields --fields NAME,... [-o FILE] [IN]",
	.operand = "IN", .min = 0, .max = 1, .opts = opts,
};

static bool
is_stdin(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

static void
check_command_line(const char *in)
{
	if (key_path == NULL)
		opt_wrong_hint("give the recipient's public key with -k",
		    "the key is missing");
	if (format == NULL)
		opt_wrong_hint("-f oaep for one short value, -f fields for "
		    "members of JSON", "the format is missing");
	if (is_stdin(in) && is_stdin(key_path))
		opt_wrong_hint("give the key or the data as a file",
		    "standard input can be read only once");
	if (raw && strcmp(format, "oaep") != 0)
		opt_wrong("--raw is for -f oaep only");
	if (fields != NULL && strcmp(format, "fields") != 0)
		opt_wrong("--fields is for -f fields only");
	if (fields == NULL && strcmp(format, "fields") == 0)
		opt_wrong_hint("name them: --fields name,phone",
		    "the fields to encrypt are missing");
}

static int
seal_blob(const char *path, struct blob_job *job, struct buf *out,
    struct err *e)
{
	struct buf in = {0};
	int ret;

	if (io_read(path, BLOB_MAX, &in, e) < 0)
		return -1;
	guard_filter(false);
	ret = blob_named(format)->seal(slice_buf(&in), job, out, e);
	if (ret < 0)
		(void)err_in(e, "%s", io_name(path));
	buf_free(&in);
	return ret;
}

static int
run(const char *in, struct err *e)
{
	struct blob_job job = {.raw = raw, .fields = fields};
	struct buf out = {0}, label_bytes = {0};
	unsigned how = raw ? IO_BINARY : 0;
	struct key *key = NULL;
	int ret;

	ret = io_may_write(output, how, e);
	if (ret == 0)
		ret = blob_oaep(hash, mgf1, label, &label_bytes, &job.oaep, e);
	if (ret == 0)
		ret = keyfile_read(key_path, kid, NULL, JWK_ENCRYPT, &key, NULL,
		    e);
	job.key = key;
	if (ret == 0)
		ret = seal_blob(in, &job, &out, e);
	if (ret == 0)
		ret = io_write(output, how, slice_buf(&out), e);
	key_free(key);
	buf_free(&out);
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
