/* policy-hash.c -- a security policy's SHA-256, which is HOST_DATA. */
#include <stdlib.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "format/hostdata.h"
#include "format/policy.h"
#include "format/snp.h"
#include "ground/io.h"
#include "ground/opt.h"

enum { LINES_MAX = 1 << 16 };	/* bytes of lines held back */

static const char *as, *check, *format = "hex", *output;

static const struct opt opts[] = {
	{0, "as", OPT_CHOICE, &as, POLICY_KINDS,
	    "insist that FILE is of this kind"},
	{'c', "check", OPT_TEXT, &check, "HASH",
	    "compare with a hash, or with the HOST_DATA of @REPORT"},
	{'f', "format", OPT_CHOICE, &format, "hex|base64",
	    "how the hash is written (default hex)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE instead of standard output"},
	{0},
};

static const struct tool tool = {
	.name = "policy-hash",
	.summary = "print the SHA-256 of a security policy, which is HOST_DATA",
	.usage = "[-c HASH|@REPORT] [-f hex|base64] [-o FILE] [--as KIND] "
	    "[FILE ...]",
	.operand = "FILE", .min = 0, .max = -1, .opts = opts,
};

/* What all operands share. */
struct run {
	struct io_out out;
	struct buf lines;		/* not yet written */
	uint8_t want[SHA256_SIZE];	/* of -c */
	bool many;			/* name the file in every line */
	int status;			/* the highest so far */
};

static void
failed(struct run *r, const struct err *e)
{
	int status = err_report(e);

	if (status > r->status)
		r->status = status;
}

/* -c: a hash, or @ and a report that holds one. */
static int
read_want(uint8_t want[SHA256_SIZE], struct err *e)
{
	struct buf text = {0}, report = {0};
	int ret = -1;

	if (check[0] != '@') {
		if (hostdata_parse(slice_str(check), want, e) < 0)
			return err_in(e, "--check");
		return 0;
	}
	if (io_read(check + 1, SNP_TEXT_MAX, &text, e) < 0)
		goto out;
	if (snp_read(slice_buf(&text), &report, e) < 0) {
		(void)err_in(e, "%s", io_name(check + 1));
		goto out;
	}
	memcpy(want, snp_host_data(slice_buf(&report)).p, SHA256_SIZE);
	ret = 0;
out:
	buf_free(&text);
	buf_free(&report);
	return ret;
}

/* The name in a line, with sha256sum's escapes; returns whether it needed
 * any, which a backslash before the line says. */
static bool
add_name(const char *s, struct buf *out)
{
	bool escaped = false;

	for (; *s != '\0'; s++) {
		escaped |= strchr("\\\n\r", *s) != NULL;
		if (*s == '\\')
			buf_adds(out, "\\\\");
		else if (*s == '\n')
			buf_adds(out, "\\n");
		else if (*s == '\r')
			buf_adds(out, "\\r");
		else
			buf_addc(out, (uint8_t)*s);
	}
	return escaped;
}

static void
add_line(struct run *r, const char *name, struct slice sum)
{
	struct buf shown = {0};

	if (r->many && add_name(name, &shown))
		buf_addc(&r->lines, '\\');
	if (strcmp(format, "hex") == 0)
		hex_encode(sum, &r->lines);
	else
		b64_encode(sum, B64_STD | B64_PAD, &r->lines);
	if (r->many) {
		buf_adds(&r->lines, "  ");
		buf_add(&r->lines, slice_buf(&shown));
	}
	buf_addc(&r->lines, '\n');
	buf_free(&shown);
}

static void
tell_notes(const char *name, const struct policy *p, struct slice sum)
{
	const char *open = hostdata_open(sum);
	unsigned bit;

	for (bit = 1; bit <= p->notes; bit <<= 1)
		if ((p->notes & bit) != 0)
			err_warn("%s: %s", name, policy_note(bit));
	if (open != NULL)
		err_warn("%s: this is a published policy that allows "
		    "everything (%s)", name, open);
}

static void
one_policy(struct run *r, const char *path, const struct policy *p)
{
	const char *name = io_name(path);
	uint8_t sum[SHA256_SIZE];
	struct err e;

	if (p->err.code != E_OK) {
		e = p->err;
		(void)err_in(&e, "%s", name);
		failed(r, &e);
		return;
	}
	hash_sha256(p->text, sum);
	tell_notes(name, p, slice_of(sum, sizeof sum));
	if (check != NULL && hostdata_check(p->text, p->source, sum, r->want,
	    &e) < 0) {
		(void)err_in(&e, "%s", name);
		failed(r, &e);
		return;
	}
	add_line(r, path != NULL ? path : "-", slice_of(sum, sizeof sum));
}

static void
one_file(struct run *r, const char *path)
{
	struct policies found = {0};
	struct buf file = {0};
	struct err e;
	size_t i;

	if (io_read(path, POLICY_FILE_MAX, &file, &e) < 0) {
		failed(r, &e);
	} else if (policies_find(slice_buf(&file), as, &found, &e) < 0) {
		(void)err_in(&e, "%s", io_name(path));
		failed(r, &e);
	}
	for (i = 0; i < found.n; i++)
		one_policy(r, path, &found.v[i]);
	policies_free(&found);
	buf_free(&file);
}

/* Write the lines gathered, once there are more than max bytes of them. */
static int
flush(struct run *r, size_t max, struct err *e)
{
	if (r->lines.n <= max)
		return 0;
	if (io_put(&r->out, slice_buf(&r->lines), e) < 0)
		return -1;
	buf_cut(&r->lines, 0);
	return 0;
}

static void
refuse_two_stdins(char **files, int n)
{
	int i, dashes = n == 0;

	for (i = 0; i < n; i++)
		dashes += strcmp(files[i], "-") == 0;
	if (check != NULL && strcmp(check, "@-") == 0)
		dashes++;
	if (dashes > 1)
		opt_wrong_hint("give one of them as a file",
		    "standard input can be read only once");
}

int
main(int argc, char **argv)
{
	struct run r = {0};
	bool good = true;
	struct err e;
	int i, n;

	n = opt_parse(&tool, argc, &argv);
	refuse_two_stdins(argv, n);
	r.many = n > 1;
	if (check != NULL && read_want(r.want, &e) < 0)
		return err_report(&e);
	if (io_open(output, 0, &r.out, &e) < 0)
		return err_report(&e);
	for (i = 0; good && (i == 0 || i < n); i++) {
		one_file(&r, n > 0 ? argv[i] : NULL);
		good = flush(&r, LINES_MAX, &e) == 0;
	}
	good = good && flush(&r, 0, &e) == 0;
	/* a list that lacks some does not become a file */
	if (good && (output == NULL || r.status == E_OK))
		good = io_commit(&r.out, &e) == 0;
	else
		io_drop(&r.out);
	if (!good)
		failed(&r, &e);
	buf_free(&r.lines);
	return r.status;
}
