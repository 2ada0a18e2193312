/* policy-hash.c -- a security policy's SHA-256, which is HOST_DATA, and what
 * the policy allows. */
#include <stdlib.h>

#include "policy/hostdata.h"
#include "policy/initdata.h"
#include "policy/manifest.h"
#include "lint/view.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "ground/text.h"
#include "host/guard.h"
#include "host/policyfile.h"
#include "host/terminal.h"

enum { LINES_MAX = 1 << 16 };	/* bytes of lines held back */

static const char *as, *check, *format = "hex", *name, *other, *output,
    *parameters;
static bool json, lint, list, text;

static const struct opt opts[] = {
	{0, "as", OPT_CHOICE, &as, POLICY_KINDS,
	    "insist that FILE is of this kind"},
	{'c', "check", OPT_TEXT, &check, "HASH|@REPORT",
	    "compare with it, or with the report's HOST_DATA"},
	{0, "diff", OPT_TEXT, &other, "OLD",
	    "say how the policy differs from the one in OLD"},
	{'f', "format", OPT_CHOICE, &format, "hex|base64",
	    "how the hash is written (default hex)"},
	{0, "json", OPT_FLAG, &json, NULL, "write one JSON object a policy"},
	{0, "lint", OPT_FLAG, &lint, NULL, "say what is unsafe in the policy"},
	{0, "list", OPT_FLAG, &list, NULL,
	    "list containers, fragments and settings"},
	{0, "name", OPT_TEXT, &name, "NAME",
	    "only the policy of this name in a file of several"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE instead of standard output"},
	{0, "parameters", OPT_TEXT, &parameters, "FILE",
	    "the parameters file of an ARM template"},
	{0, "text", OPT_FLAG, &text, NULL, "write the policy itself"},
	{0},
};

static const struct tool tool = {
	.name = "policy-hash",
	.summary = "print the SHA-256 of a security policy, which is HOST_DATA",
	.usage = "[-c HASH|@REPORT] [-f hex|base64] [--parameters FILE] "
	    "[FILE ...]\n--text [--name NAME] [-o FILE] [FILE]\n"
	    "--list|--lint [--json] [FILE ...]\n--diff OLD [--json] [NEW]",
	.operand = "FILE", .min = 0, .max = -1, .opts = opts,
	.common = "check format list lint diff text json output",
	.example = "policy-hash -c @report.bin policy.rego",
};

/* What all operands share. */
struct run {
	struct policy_ask ask;
	struct policyview view;
	struct io_out out;
	struct buf lines;		/* not yet written */
	struct lay lay;			/* of them */
	bool open;			/* out is */
	bool lacks;			/* a policy that has no answer */
	uint8_t want[SHA256_SIZE];	/* of -c */
	int status;			/* the highest so far */
};

static void
failed(struct run *r, const struct err *e)
{
	int status = err_report(e);

	if (status > r->status)
		r->status = status;
}

static void
tell_notes(const char *path, const struct policy *p, struct slice sum)
{
	const char *open = hostdata_open(sum);
	unsigned bit;

	for (bit = 1; bit <= p->notes; bit <<= 1)
		if ((p->notes & bit) != 0)
			err_warn("%s: %s", path, policy_note(bit));
	if (open != NULL)
		err_warn("%s: this is a published policy that allows "
		    "everything (%s)", path, open);
}

/* One policy of a file; with several it is named too. */
static void
one_policy(struct run *r, const char *path, const struct policy *p,
    bool several)
{
	struct viewed v = {path != NULL ? path : "-", p, {0}, 0, several};
	enum hash algorithm;
	struct slice hashed = policy_hashed(p, &algorithm);
	size_t was = r->lines.n;
	struct buf label = {0};
	struct err e = p->err;
	int ret = -1;

	buf_adds(&label, io_name(path));
	if (several)
		buf_addf(&label, "#%.*s", (int)p->name.n,
		    (const char *)p->name.p);
	buf_addc(&label, '\0');
	if (e.code == E_OK) {
		hash_of(algorithm, hashed, v.sum);
		v.sum_n = hash_size(algorithm);
		tell_notes((char *)label.p, p, slice_of(v.sum, SHA256_SIZE));
		/* a longer one is cut to what HOST_DATA holds */
		if (check == NULL || hostdata_check(hashed, p->source, v.sum,
		    r->want, &e) == 0)
			ret = policyview(&r->view, &v, &r->lines, &e);
	}
	if (ret < 0) {
		(void)err_in(&e, "%s", (char *)label.p);
		failed(r, &e);
		r->lacks |= r->lines.n == was;
	}
	buf_free(&label);
}

static void
one_file(struct run *r, const char *path)
{
	struct policies found = {0};
	struct buf file = {0};
	struct err e;
	size_t i, taken = 0;
	int ret;

	ret = policyfile_read(path, &r->ask, &file, &found, &e);
	if (ret == 0 && text && name == NULL && found.n > 1)
		ret = policyfile_refuse(path, found.n, &e);
	for (i = 0; ret == 0 && i < found.n; i++) {
		if (name != NULL && !slice_is(slice_buf(&found.v[i].name),
		    name))
			continue;
		taken++;
		one_policy(r, path, &found.v[i], found.n > 1);
	}
	if (ret == 0 && taken == 0)
		ret = err_set(&e, E_INPUT, "%s: no policy is named %s",
		    io_name(path), name);
	if (ret < 0) {
		failed(r, &e);
		r->lacks = true;
	}
	policies_free(&found);
	buf_free(&file);
}

/* Write what is gathered, once there is more than max bytes of it. */
static int
flush(struct run *r, size_t max, struct err *e)
{
	unsigned how = 0;

	if (r->lines.n <= max && (max > 0 || r->open))
		return 0;
	lay_report(&r->lines, r->lay);
	/* a policy may hold what moves a cursor */
	if (text && !text_is_plain(slice_buf(&r->lines)))
		how = IO_BINARY;
	if (!r->open && io_open(output, how, &r->out, e) < 0)
		return -1;
	r->open = true;
	if (io_put(&r->out, slice_buf(&r->lines), e) == 0) {
		buf_cut(&r->lines, 0);
		return 0;
	}
	io_drop(&r->out);
	return -1;
}

static void
check_command_line(char **files, int n)
{
	int i, dashes = n == 0;

	if (text + list + lint + (other != NULL) > 1)
		opt_wrong("--text, --list, --lint and --diff exclude each "
		    "other");
	if (text && (json || n > 1))
		opt_wrong("--text takes one file, and no --json");
	if (other != NULL && n > 1)
		opt_wrong("--diff compares with one file");
	for (i = 0; i < n; i++)
		dashes += strcmp(files[i], "-") == 0;
	dashes += check != NULL && strcmp(check, "@-") == 0;
	dashes += other != NULL && strcmp(other, "-") == 0;
	dashes += parameters != NULL && strcmp(parameters, "-") == 0;
	if (dashes > 1)
		opt_wrong_hint("give one of them as a file",
		    "standard input can be read only once");
}

/* A list that lacks some does not become a file. */
static int
finish(struct run *r, struct err *e)
{
	if (output != NULL && r->lacks) {
		if (r->open)
			io_drop(&r->out);
		return 0;
	}
	return flush(r, 0, e) < 0 ? -1 : io_commit(&r->out, e);
}

static int
run(struct run *r, char **argv, int n, struct err *e)
{
	struct buf file = {0}, old = {0};
	struct policies found = {0};
	struct json *doc = NULL;
	const char **files = calloc((size_t)n + 1, sizeof *files);
	int ret = 0, i;

	if (files == NULL)
		err_nomem();
	if (check != NULL)
		ret = policyfile_want(check, r->want, e);
	if (ret == 0 && parameters != NULL && (ret = policyfile_json(
	    parameters, &file, &doc, e)) == 0) {
		r->ask.parameters = json_root(doc);
		if (policyfile_marked(&file))
			err_warn("%s: %s", io_name(parameters),
			    policy_note(POLICY_CARRIED_MARK));
	}
	if (ret == 0 && other != NULL)
		ret = policyfile_one(other, &r->ask, &old, &found,
		    &r->view.other, e);
	if (ret == 0)
		ret = io_prepare(output, 0, e);
	for (i = 0; i < n; i++)
		files[i] = guard_operand(argv[i]);
	(void)guard_filter(n > 0);
	for (i = 0; ret == 0 && (i == 0 || i < n); i++) {
		one_file(r, files[i]);
		ret = flush(r, LINES_MAX, e);
	}
	if (ret == 0)
		ret = finish(r, e);
	policies_free(&found);
	json_free(doc);
	buf_free(&file);
	buf_free(&old);
	free(files);
	return ret;
}

int
main(int argc, char **argv)
{
	struct run r = {.ask = {.yaml = &manifest_kind,
	    .initdata = &initdata_kind}};
	struct err e;
	int n;

	n = opt_parse(&tool, argc, &argv);
	check_command_line(argv, n);
	r.ask.as = as;
	r.view = (struct policyview){.base64 = strcmp(format, "base64") == 0,
	    .json = json, .titled = n > 1, .what = text ? VIEW_TEXT :
	    list ? VIEW_LIST : lint ? VIEW_LINT : other != NULL ? VIEW_DIFF :
	    VIEW_HASH};
	if ((list || lint || other != NULL) && !json)
		r.lay = terminal_lay(output);
	if (run(&r, argv, n, &e) < 0)
		failed(&r, &e);
	buf_free(&r.lines);
	return r.status;
}
