/* policy.c -- see policy.h: the text around the containers. */
#include "generate/policy.h"

#include "generate/container.h"
#include "generate/quote.h"

static const char head[] = "package policy\n"
    "\n"
    "import future.keywords.every\n"
    "import future.keywords.in\n"
    "\n"
    "api_version := \"0.11.0\"\n"
    "framework_version := \"0.2.3\"\n"
    "\n"
    "fragments := ";
static const char feed[] = "mcr.microsoft.com/aci/aci-cc-infra-fragment";
static const char issuer[] = "did:x509:0:sha256:"
    "I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s"
    "::eku:1.3.6.1.4.1.311.76.59.1.3";

static void
add_fragment(struct slice feed_text, struct slice issuer_text,
    struct slice svn, const struct words *includes, struct buf *out)
{
	size_t i;

	if (out->p[out->n - 1] != '[')
		buf_addc(out, ',');
	buf_adds(out, "{\"feed\":");
	quote_text(feed_text, out);
	buf_adds(out, ",\"includes\":[");
	if (includes == NULL)
		buf_adds(out, "\"containers\",\"fragments\"");
	for (i = 0; includes != NULL && i < includes->n; i++) {
		buf_adds(out, i > 0 ? "," : "");
		quote_text(slice_buf(&includes->v[i]), out);
	}
	buf_adds(out, "],\"issuer\":");
	quote_text(issuer_text, out);
	buf_adds(out, ",\"minimum_svn\":");
	quote_text(svn, out);
	buf_addc(out, '}');
}

static void
add_fragments(const struct want_fragment *v, size_t n, struct buf *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_fragment(slice_buf(&v[i].feed), slice_buf(&v[i].issuer),
		    slice_buf(&v[i].minimum_svn), &v[i].includes, out);
}

/* Append JSON of our own, indented. */
static int
add_pretty(const struct buf *json, struct buf *out, struct err *e)
{
	struct json *doc;
	int ret;

	if (json_parse(slice_buf(json), &doc, e) < 0)
		return -1;
	ret = quote_json(json_root(doc), QUOTE_INDENTED, out, e);
	json_free(doc);
	return ret;
}

static int
fragments(const struct want_group *g, const struct generate_rules *rules,
    struct buf *out, struct err *e)
{
	struct buf list = {0}, svn = {0};
	int ret;

	buf_addc(&list, '[');
	add_fragments(g->fragment, g->fragments, &list);
	buf_addf(&svn, "%llu", (unsigned long long)(rules->svn > 0 ?
	    rules->svn : 4));
	if (!(g->tagged ? g->no_fragments : rules->no_fragments))
		add_fragment(slice_str(feed), slice_str(issuer),
		    slice_buf(&svn), NULL, &list);
	add_fragments(rules->fragment, rules->fragments, &list);
	buf_addc(&list, ']');
	ret = add_pretty(&list, out, e);
	buf_free(&list);
	buf_free(&svn);
	return ret;
}

static int
containers(const struct want_group *g, const struct generate_image *image,
    const struct generate_rules *rules, struct buf *out, struct err *e)
{
	struct buf list = {0};
	size_t i;
	int ret = 0;

	buf_addc(&list, '[');
	for (i = 0; ret == 0 && i < g->n; i++) {
		ret = container_json(&g->v[i], &image[i], rules, &list, e);
		if (ret < 0)
			(void)err_in(e, "container %.*s", (int)g->v[i].name.n,
			    (const char *)g->v[i].name.p);
		buf_addc(&list, ',');
	}
	container_pause(rules, &list);
	buf_addc(&list, ']');
	if (ret == 0 && rules->pretty)
		ret = add_pretty(&list, out, e);
	else if (ret == 0)
		buf_add(out, slice_buf(&list));
	buf_free(&list);
	return ret;
}

static void
flags(bool debug, struct buf *out)
{
	const char *host = debug ? "true" : "false";

	buf_addf(out, "\n\nallow_properties_access := true\n"
	    "allow_dump_stacks := %s\n"
	    "allow_runtime_logging := %s\n"
	    "allow_environment_variable_dropping := true\n"
	    "allow_unencrypted_scratch := false\n"
	    "allow_capability_dropping := true\n\n", host, host);
}

static void
points(struct buf *out)
{
	static const char *const names[] = {"mount_device", "unmount_device",
	    "mount_overlay", "unmount_overlay", "create_container",
	    "exec_in_container", "exec_external", "shutdown_container",
	    "signal_container_process", "plan9_mount", "plan9_unmount",
	    "get_properties", "dump_stacks", "runtime_logging",
	    "load_fragment", "scratch_mount", "scratch_unmount",
	    "rw_mount_device"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		buf_addf(out, "%s := data.framework.%s\n", names[i],
		    names[i]);
	buf_adds(out, "\nreason := {\"errors\": data.framework.errors}");
}

int
generate_policy(const struct want_group *g,
    const struct generate_image *image, const struct generate_rules *rules,
    struct buf *out, struct err *e)
{
	size_t was = out->n;
	int ret;

	if (g->n > 0 && container_is_sidecar(slice_buf(&g->v[0].image)))
		return err_set(e, E_INPUT, "container %.*s is the platform's "
		    "own, whose policy is not made here", (int)g->v[0].name.n,
		    (const char *)g->v[0].name.p);
	buf_adds(out, head);
	ret = fragments(g, rules, out, e);
	buf_adds(out, "\n\ncontainers := ");
	if (ret == 0)
		ret = containers(g, image, rules, out, e);
	flags(rules->debug, out);
	points(out);
	if (ret < 0)
		buf_cut(out, was);
	return ret;
}
