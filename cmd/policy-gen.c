/* policy-gen.c -- a template and the images it names in, the security policy
 * out. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "flow/images.h"
#include "flow/work.h"
#include "generate/inject.h"
#include "generate/policy.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "ground/text.h"
#include "host/guard.h"
#include "host/policyfile.h"
#include "host/wantfile.h"
#include "lint/lint.h"
#include "lint/view.h"

static const char *folder, *image, *included, *name, *output, *parameters;
static struct opt_list tars;
static struct opt_num max_size = {.value = 128ULL << 30, .min = 1,
    .max = 1ULL << 50};
static struct opt_num svn = {.min = 1, .max = UINT32_MAX};
static struct opt_num threads = {.min = 1, .max = WORK_THREADS_MAX};
static bool base64, check, debug, hash, inject, no_fragments, omit_id, pretty,
    splice, stdio, no_stdio, wildcards;

static const struct opt opts[] = {
	{0, "approve-wildcards", OPT_FLAG, &wildcards, NULL,
	    "let a variable without a value be anything"},
	{0, "base64", OPT_FLAG, &base64, NULL, "write the policy in base64"},
	{0, "check", OPT_FLAG, &check, NULL,
	    "compare with the policies that the template carries"},
	{0, "debug-mode", OPT_FLAG, &debug, NULL,
	    "let the host run shells and read stacks and logs"},
	{0, "disable-stdio", OPT_FLAG, &no_stdio, NULL,
	    "keep the containers' streams from the host"},
	{0, "enable-stdio", OPT_FLAG, &stdio, NULL,
	    "let the host read and write the containers' streams"},
	{0, "exclude-default-fragments", OPT_FLAG, &no_fragments, NULL,
	    "do without the platform's fragment and its sidecars"},
	{0, "hash", OPT_FLAG, &hash, NULL,
	    "write only the HOST_DATA and the name of each group"},
	{0, "image", OPT_TEXT, &image, "REF",
	    "make a policy for one image, without a template"},
	{0, "include-fragments", OPT_TEXT, &included, "FILE",
	    "add the fragments that FILE lists"},
	{0, "infrastructure-svn", OPT_NUM, &svn, "N",
	    "the least version of the platform's fragment (default 4)"},
	{0, "inject", OPT_FLAG, &inject, NULL,
	    "write the template with the policies in it"},
	{0, "max-size", OPT_NUM, &max_size, "BYTES",
	    "the most that one layer may come to (default 128 GiB)"},
	{0, "name", OPT_TEXT, &name, "GROUP", "only the group of this name"},
	{0, "omit-id", OPT_FLAG, &omit_id, NULL,
	    "leave the images' references out of the policy"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE instead of standard output"},
	{0, "parameters", OPT_TEXT, &parameters, "FILE",
	    "the parameters file of an ARM template"},
	{0, "pretty", OPT_FLAG, &pretty, NULL,
	    "indent the containers, which is another policy"},
	{0, "splice", OPT_FLAG, &splice, NULL,
	    "with --inject, change nothing but the policies"},
	{0, "tar", OPT_LIST, &tars, "FILE",
	    "images: an archive, a folder, or a map of them"},
	{0, "threads", OPT_NUM, &threads, "N",
	    "how many threads hash (default: one a core)"},
	{0, "write", OPT_TEXT, &folder, "DIR",
	    "write each group's policy to DIR/GROUP.rego"},
	{0},
};

static const struct tool tool = {
	.name = "policy-gen",
	.summary = "make the security policy of a template and its images",
	.usage = "--enable-stdio|--disable-stdio [--tar FILE]... "
	    "[--base64|--pretty|--hash|--write DIR] [TEMPLATE]\n"
	    "--inject [--splice] [OPTION]... [TEMPLATE]\n"
	    "--check [OPTION]... [TEMPLATE]\n"
	    "--image REF [OPTION]...",
	.operand = "TEMPLATE", .min = 0, .max = 1, .opts = opts,
	.common = "enable-stdio disable-stdio tar parameters inject hash "
	    "check output",
	.example = "policy-gen --disable-stdio --tar app.tar -o policy.rego "
	    "template.json",
};

/* The policy of a group. */
struct made {
	bool left_out;		/* --name asks for another */
	struct buf text, base64;
	uint8_t sum[SHA256_SIZE];
};

struct run {
	const char *path;	/* of the template */
	struct buf given;	/* the parameters file */
	struct json *given_doc;
	struct want_rules want;
	struct wantfile source;
	struct images *images;
	struct generate_rules rules;
	struct want_fragment *fragment;
	struct made *v;		/* one a group */
	size_t taken;		/* groups not left out */
	struct buf out;
};

/* --- command line ------------------------------------------------------ */

static void
check_command_line(char **operand, int n)
{
	const char *path = n > 0 ? operand[0] : "-";

	if (base64 + check + pretty + hash + inject + (folder != NULL) > 1)
		opt_wrong("--base64, --pretty, --hash, --inject, --check and "
		    "--write exclude each other");
	if (stdio == no_stdio)
		opt_missing("--disable-stdio keeps what containers print "
		    "from the host; confcom's silent choice is to enable it",
		    "one of --enable-stdio and --disable-stdio");
	if (image != NULL && (n > 0 || parameters != NULL || inject || check))
		opt_wrong("--image takes no template");
	if (splice && !inject)
		opt_wrong("--splice goes with --inject");
	if (folder != NULL && output != NULL)
		opt_wrong("--write and --output exclude each other");
	if (svn.set && no_fragments)
		opt_wrong("--infrastructure-svn is of the fragment that "
		    "--exclude-default-fragments leaves out");
	if (image == NULL && strcmp(path, "-") == 0 && parameters != NULL &&
	    strcmp(parameters, "-") == 0)
		opt_wrong_hint("give one of them as a file",
		    "standard input can be read only once");
}

/* --- reading ----------------------------------------------------------- */

static void
tell_mark(const char *path, bool marked)
{
	if (marked)
		err_warn("%s: %s", io_name(path),
		    policy_note(POLICY_CARRIED_MARK));
}

static int
read_source(struct run *r, struct err *e)
{
	const struct words *told = &r->source.wants.warnings;
	size_t i;

	if (image != NULL) {
		wants_image(slice_str(image), &r->source.wants);
		return 0;
	}
	r->want.wildcards = wildcards;
	if (parameters != NULL) {
		if (policyfile_json(parameters, &r->given, &r->given_doc,
		    e) < 0)
			return -1;
		r->want.parameters = json_root(r->given_doc);
		tell_mark(parameters, policyfile_marked(&r->given));
	}
	if (wantfile_read(r->path, &r->want, &r->source, e) < 0)
		return -1;
	tell_mark(r->path, r->source.marked);
	for (i = 0; i < told->n; i++)
		err_warn("%s: %.*s", io_name(r->path), (int)told->v[i].n,
		    (const char *)told->v[i].p);
	return 0;
}

/* Which groups are asked for. */
static int
choose(struct run *r, struct err *e)
{
	const struct wants *w = &r->source.wants;
	size_t i;

	r->v = calloc(w->n + 1, sizeof *r->v);
	if (r->v == NULL)
		err_nomem();
	for (i = 0; i < w->n; i++) {
		r->v[i].left_out = name != NULL &&
		    !slice_is(slice_buf(&w->v[i].name), name);
		r->taken += !r->v[i].left_out;
	}
	if (r->taken == 0)
		return err_set(e, E_INPUT, "%s: no group is named %s",
		    io_name(r->path), name);
	if (r->taken == 1 || hash || inject || check || folder != NULL)
		return 0;
	(void)err_set(e, E_USAGE, "%s: %zu groups, of which each has a policy "
	    "of its own", io_name(r->path), r->taken);
	return err_hint(e, "choose one with --name, or take all with --write "
	    "or --inject");
}

static int
find_image(struct run *r, struct slice ref, size_t *which, struct err *e)
{
	char *text;
	int ret;

	if (tars.n == 0) {
		(void)err_set(e, E_INPUT, "image %.*s: no archive is given",
		    (int)ref.n, (const char *)ref.p);
		return err_hint(e, "save it with docker, podman or skopeo, and "
		    "give the file with --tar");
	}
	text = slice_dup(ref);
	ret = images_find(r->images, text, which, e);
	free(text);
	return ret;
}

/* Find the image of each container of the groups that are asked for, in order,
 * and read them. */
static int
read_images(struct run *r, size_t **which, struct err *e)
{
	struct images_rules rules = {.threads = (unsigned)threads.value,
	    .max_size = max_size.value};
	const struct wants *w = &r->source.wants;
	size_t i, j, n = 0;

	for (i = 0; i < w->n; i++)
		n += w->v[i].n;
	*which = calloc(n + 1, sizeof **which);
	if (*which == NULL)
		err_nomem();
	if (tars.n > 0 &&
	    images_open(tars.v, tars.n, &rules, &r->images, e) < 0)
		return -1;
	for (n = 0, i = 0; i < w->n; i++)
		for (j = 0; j < w->v[i].n && !r->v[i].left_out; j++) {
			struct slice ref = slice_buf(&w->v[i].v[j].image);

			if (find_image(r, ref, &(*which)[n++], e) < 0)
				return -1;
		}
	guard_filter(true);
	return n == 0 ? 0 : images_read(r->images, *which, n, e);
}

/* --- making ------------------------------------------------------------ */

/* What lint calls unsafe in a policy that was asked for. */
static void
warn_unsafe(const struct made *m, struct slice group)
{
	struct rego rego;
	struct lint l;
	struct err e;
	size_t i;

	if (rego_read(slice_buf(&m->text), &rego, &e) < 0) {
		err_warn("%.*s: %s", (int)group.n, (const char *)group.p,
		    e.text);
		return;
	}
	lint_policy(&rego, &l);
	for (i = 0; i < l.n; i++)
		if (l.v[i].level == LINT_UNSAFE)
			err_warn("%.*s: %.*s: %.*s", (int)group.n,
			    (const char *)group.p, (int)l.v[i].where.n,
			    (const char *)l.v[i].where.p,
			    (int)l.v[i].what.n,
			    (const char *)l.v[i].what.p);
	lint_free(&l);
	rego_free(&rego);
}

static int
make_one(struct run *r, size_t i, const size_t *which, struct err *e)
{
	const struct want_group *g = &r->source.wants.v[i];
	struct generate_image *images = calloc(g->n + 1, sizeof *images);
	struct made *m = &r->v[i];
	struct image_said said;
	size_t j;
	int ret;

	if (images == NULL)
		err_nomem();
	for (j = 0; j < g->n; j++) {
		said = images_said(r->images, which[j]);
		images[j] = (struct generate_image){said.config, said.layers,
		    said.roots};
	}
	ret = generate_policy(g, images, &r->rules, &m->text, e);
	free(images);
	if (ret < 0)
		return err_in(e, "%.*s", (int)g->name.n,
		    (const char *)g->name.p);
	hash_sha256(slice_buf(&m->text), m->sum);
	b64_encode(slice_buf(&m->text), B64_STD | B64_PAD, &m->base64);
	return 0;
}

static int
make_all(struct run *r, struct err *e)
{
	const struct wants *w = &r->source.wants;
	size_t *which = NULL, i, n = 0;
	int ret;

	r->rules = (struct generate_rules){.stdio = stdio, .debug = debug,
	    .omit_id = omit_id, .no_fragments = no_fragments,
	    .svn = svn.value, .pretty = pretty};
	ret = included == NULL ? 0 : wantfile_fragments(included,
	    &r->fragment, &r->rules.fragments, e);
	r->rules.fragment = r->fragment;
	if (ret == 0)
		ret = read_images(r, &which, e);
	for (i = 0; ret == 0 && i < w->n; i++)
		if (!r->v[i].left_out) {
			ret = make_one(r, i, which + n, e);
			n += w->v[i].n;
		}
	free(which);
	return ret;
}

/* --- writing ----------------------------------------------------------- */

/* "HEX  GROUP", for people and for --hash. */
static void
hash_line(const struct run *r, size_t i, struct buf *out)
{
	hex_encode(slice_of(r->v[i].sum, SHA256_SIZE), out);
	buf_adds(out, "  ");
	text_escape(slice_buf(&r->source.wants.v[i].name), out);
}

static void
tell(const struct run *r)
{
	struct buf line = {0};
	size_t i;

	for (i = 0; i < r->source.wants.n; i++) {
		if (r->v[i].left_out)
			continue;
		warn_unsafe(&r->v[i],
		    slice_buf(&r->source.wants.v[i].name));
		buf_cut(&line, 0);
		hash_line(r, i, &line);
		if (!hash && !err_quiet)
			err_note("%.*s", (int)line.n, (const char *)line.p);
	}
	buf_free(&line);
}

static int
put_injected(struct run *r, struct err *e)
{
	const struct wants *w = &r->source.wants;
	struct slice *values = calloc(w->n + 1, sizeof *values);
	size_t i;
	int ret;

	if (values == NULL)
		err_nomem();
	for (i = 0; i < w->n; i++)
		values[i] = slice_buf(&r->v[i].base64);
	/* a mark is not of what changes */
	if (r->source.marked && (splice || w->pods))
		buf_adds(&r->out, "\xef\xbb\xbf");
	ret = splice || w->pods ? inject_splice(r->source.text, w, &r->want,
	    values, &r->out, e) : inject_rewrite(json_root(r->source.doc), w,
	    values, &r->out, e);
	free(values);
	return ret < 0 ? err_in(e, "%s", io_name(r->path)) : 0;
}

static void
put_plain(struct run *r)
{
	size_t i;

	for (i = 0; i < r->source.wants.n; i++) {
		if (r->v[i].left_out)
			continue;
		if (hash)
			hash_line(r, i, &r->out);
		else
			buf_add(&r->out, slice_buf(base64 ? &r->v[i].base64 :
			    &r->v[i].text));
		/* the policy's own bytes have no line end */
		if (hash || base64)
			buf_addc(&r->out, '\n');
	}
}

/* A group's name as that of a file: nothing that leads elsewhere. */
static int
file_of(const struct run *r, size_t i, struct buf *path, struct err *e)
{
	struct slice s = slice_buf(&r->source.wants.v[i].name);
	size_t j;

	if (s.n > 200 || s.p[0] == '.' || slice_find(s, '/') < s.n ||
	    !text_is_plain(s) || slice_find(s, '\n') < s.n ||
	    slice_find(s, 0) < s.n)
		return err_set(e, E_INPUT, "%.*s: no name for a file",
		    (int)(s.n < 200 ? s.n : 200), (const char *)s.p);
	for (j = 0; j < i; j++)
		if (!r->v[j].left_out && slice_eq(s,
		    slice_buf(&r->source.wants.v[j].name)))
			return err_set(e, E_INPUT, "two groups are named "
			    "%.*s", (int)s.n, (const char *)s.p);
	buf_cut(path, 0);
	buf_addf(path, "%s/%.*s.rego", folder, (int)s.n, (const char *)s.p);
	buf_addc(path, '\0');
	return 0;
}

static int
write_folder(struct run *r, struct err *e)
{
	struct buf path = {0};
	size_t i;
	int ret = 0;

	for (i = 0; ret == 0 && i < r->source.wants.n; i++)
		if (!r->v[i].left_out)
			ret = file_of(r, i, &path, e);
	if (ret == 0 && mkdir(folder, 0777) < 0 && errno != EEXIST)
		ret = err_sys(e, "%s", folder);
	for (i = 0; ret == 0 && i < r->source.wants.n; i++)
		if (!r->v[i].left_out &&
		    (ret = file_of(r, i, &path, e)) == 0)
			ret = io_write((char *)path.p, 0,
			    slice_buf(&r->v[i].text), e);
	buf_free(&path);
	return ret;
}

/* --- checking ---------------------------------------------------------- */

/* Compare a group's policy with the one it carries; what differs goes to
 * r->out. */
static int
compare_one(struct run *r, size_t i, struct err *e)
{
	const struct want_group *g = &r->source.wants.v[i];
	struct policy carried = {0}, made = {.text = slice_buf(&r->v[i].text)};
	struct policyview ask = {.what = VIEW_DIFF};
	struct viewed v = {.file = io_name(r->path), .policy = &made,
	    .several = r->taken > 1};
	int ret;

	buf_add(&made.name, slice_buf(&g->name));
	memcpy(v.sum, r->v[i].sum, sizeof v.sum);
	ret = inject_carried(&r->source.wants, g, r->want.parameters,
	    &carried.from, e);
	if (ret == 0 && carried.from.n == 0)
		ret = err_set(e, E_NO, "it carries no policy");
	if (ret == 0) {
		policy_is_base64(&carried, slice_buf(&carried.from), false);
		*e = carried.err;
		ret = e->code == E_OK ? 0 : -1;
	}
	if (ret == 0 && !slice_eq(carried.text, made.text)) {
		ask.other = carried.text;
		ret = policyview(&ask, &v, &r->out, e);
		if (ret == 0)
			ret = err_set(e, E_NO, "the policy that it carries "
			    "means the same in other bytes");
	}
	buf_free(&made.name);
	buf_free(&carried.own);
	buf_free(&carried.from);
	return ret < 0 ? err_in(e, "%.*s", (int)g->name.n,
	    (const char *)g->name.p) : 0;
}

/* The first difference is the one that is told. */
static int
compare_all(struct run *r, struct err *e)
{
	struct err one;
	size_t i;
	int ret = 0;

	for (i = 0; i < r->source.wants.n; i++)
		if (!r->v[i].left_out && compare_one(r, i, &one) < 0) {
			if (ret == 0 || one.code > e->code)
				*e = one;
			ret = -1;
		}
	return ret < 0 ? err_in(e, "%s", io_name(r->path)) : 0;
}

/* What differs is printed, whatever the status. */
static int
check_all(struct run *r, struct err *e)
{
	struct err writing;
	int ret = compare_all(r, e);

	if (r->out.n > 0 && io_write(output, 0, slice_buf(&r->out),
	    &writing) < 0) {
		*e = writing;
		return -1;
	}
	return ret;
}

/* --- all of it --------------------------------------------------------- */

static int
run(struct run *r, struct err *e)
{
	int ret;

	ret = read_source(r, e);
	if (ret == 0)
		ret = choose(r, e);
	if (ret == 0)
		ret = make_all(r, e);
	if (ret < 0)
		return -1;
	if (check)
		return check_all(r, e);
	if (inject)
		ret = put_injected(r, e);
	else if (folder == NULL)
		put_plain(r);
	/* before there is a result, since memory may run out here */
	if (ret == 0)
		tell(r);
	if (ret == 0 && folder != NULL)
		ret = write_folder(r, e);
	else if (ret == 0)
		/* a template may hold what moves a cursor */
		ret = io_write(output, text_is_plain(slice_buf(&r->out)) ? 0 :
		    IO_BINARY, slice_buf(&r->out), e);
	return ret;
}

static void
run_free(struct run *r)
{
	size_t i;

	for (i = 0; r->v != NULL && i < r->source.wants.n; i++) {
		buf_free(&r->v[i].text);
		buf_free(&r->v[i].base64);
	}
	free(r->v);
	want_fragments_free(r->fragment, r->rules.fragments);
	images_close(r->images);
	wantfile_free(&r->source);
	json_free(r->given_doc);
	buf_free(&r->given);
	buf_free(&r->out);
	free(tars.v);
}

int
main(int argc, char **argv)
{
	struct run r = {0};
	struct err e = {0};
	int n, status = E_OK;

	n = opt_parse(&tool, argc, &argv);
	check_command_line(argv, n);
	r.path = n > 0 ? argv[0] : NULL;
	if (run(&r, &e) < 0)
		status = err_report(&e);
	run_free(&r);
	return status;
}
