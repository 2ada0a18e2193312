/* blob-decrypt.c -- released key and ciphertext in, plaintext out. */
#include "format/blob.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "ground/text.h"
#include "world/guard.h"
#include "world/keyfile.h"

static const char *format = "auto", *key_path, *kid, *label, *mgf1, *output,
    *passphrase_file;
static const char *hash = "sha256";
static bool skip;

static const struct opt opts[] = {
	{'f', "format", OPT_CHOICE, &format, BLOB_OPENS,
	    "what the data is (default auto)"},
	{'k', "key", OPT_TEXT, &key_path, "FILE",
	    "the private key: JWK, JWK Set, sidecar's answer or PEM"},
	{0, "kid", OPT_TEXT, &kid, "KID", "which key of a JWK Set"},
	{0, "label", OPT_TEXT, &label, "HEX", "the OAEP label (default none)"},
	{0, "mgf1-hash", OPT_CHOICE, &mgf1, "sha1|sha256|sha384|sha512",
	    "the hash of OAEP's MGF1 (default the OAEP hash)"},
	{0, "oaep-hash", OPT_CHOICE, &hash, "sha1|sha256|sha384|sha512",
	    "the OAEP hash (default sha256)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE, made with mode 0600"},
	{0, "passphrase-file", OPT_TEXT, &passphrase_file, "FILE",
	    "where the passphrase of a PEM key is"},
	{0, "skip-undecryptable", OPT_FLAG, &skip, NULL,
	    "leave records that do not decrypt as they are"},
	{0},
};

static const struct tool tool = {
	.name = "blob-decrypt",
	.summary = "decrypt data with a released key",
	.usage = "-k FILE [--kid KID] [-f FORMAT] [-o FILE] [IN]",
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
	int dashes;

	if (key_path == NULL)
		opt_wrong_hint("give the file that key-release wrote with -k",
		    "the key is missing");
	dashes = is_stdin(in) + is_stdin(key_path);
	if (passphrase_file != NULL)
		dashes += is_stdin(passphrase_file);
	if (dashes > 1)
		opt_wrong_hint("give all but one of them as files",
		    "standard input can be read only once");
}

static int
open_blob(const char *path, struct blob_job *job, struct buf *plain,
    struct err *e)
{
	const struct blob_format *f = blob_named(format);
	struct buf in = {0};
	int ret = -1;

	if (io_read(path, BLOB_MAX, &in, e) < 0)
		return -1;
	guard_filter(false);
	if (f == NULL)
		f = blob_recognise(slice_buf(&in), job->key, e);
	if (f != NULL)
		ret = f->open(slice_buf(&in), job, plain, e);
	if (ret < 0)
		(void)err_in(e, "%s", io_name(path));
	buf_free(&in);
	return ret;
}

static int
write_plain(struct slice plain, struct err *e)
{
	unsigned how = IO_SECRET;

	/* through a pipe or into a file of the caller's choice it may go */
	if (is_stdin(output))
		how = text_is_plain(plain) ? 0 : IO_BINARY;
	return io_write(output, how, plain, e);
}

static int
run(const char *in, struct err *e)
{
	struct buf plain = {0}, label_bytes = {0};
	struct blob_job job = {.skip = skip};
	struct key *key = NULL;
	int ret;

	ret = blob_oaep(hash, mgf1, label, &label_bytes, &job.oaep, e);
	if (ret == 0)
		ret = keyfile_read(key_path, kid, passphrase_file, JWK_DECRYPT,
		    &key, NULL, e);
	job.key = key;
	if (ret == 0)
		ret = open_blob(in, &job, &plain, e);
	if (ret == 0)
		ret = write_plain(slice_buf(&plain), e);
	if (ret == 0 && job.skipped > 0)
		err_warn("%zu of %zu records do not decrypt with this key and "
		    "were left as they are", job.skipped, job.records);
	key_free(key);
	buf_free(&plain);
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
