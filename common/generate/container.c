/* container.c -- see container.h: a container put together. */
#include "generate/container.h"

#include "codec/hex.h"
#include "generate/quote.h"

static void
add_bool(struct buf *out, const char *name, bool yes)
{
	buf_addf(out, "\"%s\":%s,", name, yes ? "true" : "false");
}

static void
add_words(const struct words *w, struct buf *out)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (out->p[out->n - 1] != '[')
			buf_addc(out, ',');
		quote_text(slice_buf(&w->v[i]), out);
	}
}

/* The strings of a member of the image's configuration, if it is there. */
static int
add_config(struct json_val config, const char *name, struct buf *out,
    struct err *e)
{
	struct json_val list = json_get(config, name), v;
	struct buf text = {0};
	int ret = 0;

	if (json_has(list) && !json_is(list, JSON_ARRAY) &&
	    !json_is(list, JSON_NULL))
		return err_set(e, E_INPUT, "%s: %s where an array belongs",
		    name, json_kind_name(list));
	for (v = json_first(list); ret == 0 && json_has(v); v = json_next(v)) {
		if (out->p[out->n - 1] != '[')
			buf_addc(out, ',');
		buf_cut(&text, 0);
		ret = json_text(v, name, &text, e);
		quote_text(slice_buf(&text), out);
	}
	buf_free(&text);
	return ret;
}

/* The image's entrypoint and command, of which what the source says takes the
 * place: of a template both, of a pod each its own. */
static int
add_command(const struct want *w, struct json_val config, struct buf *out,
    struct err *e)
{
	if (w->command.n == 0 && w->args.n == 0 && !w->pod &&
	    json_count(json_get(config, "Entrypoint")) == 0 &&
	    !json_is(json_get(config, "Cmd"), JSON_ARRAY)) {
		buf_adds(out, "null");
		return 0;
	}
	buf_addc(out, '[');
	if (w->command.n == 0 && add_config(config, "Entrypoint", out, e) < 0)
		return -1;
	add_words(&w->command, out);
	add_words(&w->args, out);
	if (w->command.n == 0 && w->args.n == 0 &&
	    add_config(config, "Cmd", out, e) < 0)
		return -1;
	buf_addc(out, ']');
	return 0;
}

static bool
same_words(const struct words *a, const struct words *b)
{
	size_t i;

	for (i = 0; i < a->n && a->n == b->n; i++)
		if (!slice_eq(slice_buf(&a->v[i]), slice_buf(&b->v[i])))
			return false;
	return a->n == b->n;
}

static void
add_process(const struct words *command, struct buf *out)
{
	if (out->p[out->n - 1] != '[')
		buf_addc(out, ',');
	buf_adds(out, "{\"command\":[");
	add_words(command, out);
	buf_adds(out, "],\"signals\":[]}");
}

static bool
is_shell(const struct words *command, const char *shell)
{
	return command->n == 1 && slice_is(slice_buf(&command->v[0]), shell);
}

/* Each command once; for debugging the shells too. */
static void
add_processes(const struct want *w, bool debug, struct buf *out)
{
	static const char *const shells[] = {"/bin/sh", "/bin/bash"};
	size_t i, j;
	bool seen;

	buf_addc(out, '[');
	for (i = 0; i < w->execs; i++) {
		for (seen = false, j = 0; j < i && !seen; j++)
			seen = same_words(&w->exec[i], &w->exec[j]);
		if (!seen)
			add_process(&w->exec[i], out);
	}
	for (j = 0; debug && j < 2; j++) {
		for (seen = false, i = 0; i < w->execs && !seen; i++)
			seen = is_shell(&w->exec[i], shells[j]);
		if (seen)
			continue;
		if (out->p[out->n - 1] != '[')
			buf_addc(out, ',');
		buf_addf(out, "{\"command\":[\"%s\"],\"signals\":[]}",
		    shells[j]);
	}
	buf_addc(out, ']');
}

static void
add_mount(struct slice path, const char *source, bool read_only,
    const struct words *options, struct buf *out)
{
	if (out->p[out->n - 1] != '[')
		buf_addc(out, ',');
	buf_adds(out, "{\"destination\":");
	quote_text(path, out);
	buf_adds(out, ",\"options\":[");
	if (options != NULL && options->n > 0)
		add_words(options, out);
	else
		buf_addf(out, "\"rbind\",\"rshared\",\"%s\"", read_only ?
		    "ro" : "rw");
	buf_addf(out, "],\"source\":\"%s\",\"type\":\"bind\"}", source);
}

/* What the platform mounts into every container. */
static void
add_usual_mounts(const struct want *w, struct buf *out)
{
	static const struct {
		const char *path;
		bool read_only;
	} pod[] = {
		{"/etc/resolv.conf", false},
		{"/var/run/secrets/kubernetes.io/serviceaccount", true},
		{"/etc/hosts", false},
		{"/dev/termination-log", false},
		{"/etc/hostname", false},
	};
	size_t i;

	if (!w->pod && !container_is_sidecar(slice_buf(&w->image)))
		add_mount(slice_str("/etc/resolv.conf"),
		    "sandbox:///tmp/atlas/resolvconf/.+", false, NULL, out);
	for (i = 0; w->pod && i < sizeof pod / sizeof *pod; i++)
		add_mount(slice_str(pod[i].path),
		    "sandbox:///tmp/atlas/emptydir/.+", pod[i].read_only,
		    NULL, out);
}

static void
add_mounts(const struct want *w, struct buf *out)
{
	const struct want_mount *m;
	size_t i;

	buf_addc(out, '[');
	for (i = 0; i < w->mounts; i++) {
		m = &w->mount[i];
		add_mount(slice_buf(&m->path), m->source, m->read_only,
		    &m->options, out);
	}
	add_usual_mounts(w, out);
	buf_addc(out, ']');
}

static void
add_layers(const struct generate_image *image, struct buf *out)
{
	size_t i;

	buf_addc(out, '[');
	for (i = 0; i < image->layers; i++) {
		buf_adds(out, i > 0 ? ",\"" : "\"");
		hex_encode(slice_of(image->roots[i], 32), out);
		buf_addc(out, '"');
	}
	buf_addc(out, ']');
}

/* Without ids a name that is nothing but the id goes too. */
static void
add_name(const struct want *w, bool omit_id, struct buf *out)
{
	if (omit_id && slice_eq(slice_buf(&w->name), slice_buf(&w->image)))
		return;
	buf_adds(out, "\"name\":");
	quote_text(slice_buf(&w->name), out);
	buf_addc(out, ',');
}

static int
add_working_dir(const struct want *w, struct json_val config,
    struct buf *out, struct err *e)
{
	struct json_val v = json_get(config, "WorkingDir");
	struct buf text = {0};

	buf_add(&text, slice_buf(&w->working_dir));
	if (text.n == 0 && json_has(v) && !json_is(v, JSON_NULL) &&
	    json_text(v, "WorkingDir", &text, e) < 0) {
		buf_free(&text);
		return -1;
	}
	if (text.n == 0)
		buf_addc(&text, '/');
	buf_adds(out, "\"working_dir\":");
	quote_text(slice_buf(&text), out);
	buf_free(&text);
	return 0;
}

/* The members, in the order of their names. */
static int
members(const struct want *w, struct json_val config,
    const struct generate_image *image, const struct generate_rules *rules,
    struct buf *out, struct err *e)
{
	add_bool(out, "allow_elevated", w->privileged);
	add_bool(out, "allow_stdio_access", rules->stdio);
	buf_adds(out, "\"capabilities\":");
	container_capabilities(w, out);
	buf_adds(out, ",\"command\":");
	if (add_command(w, config, out, e) < 0)
		return -1;
	buf_adds(out, ",\"env_rules\":");
	if (container_environment(w, config, out, e) < 0)
		return -1;
	buf_adds(out, ",\"exec_processes\":");
	add_processes(w, rules->debug, out);
	if (!rules->omit_id) {
		buf_adds(out, ",\"id\":");
		quote_text(slice_buf(&w->image), out);
	}
	buf_adds(out, ",\"layers\":");
	add_layers(image, out);
	buf_adds(out, ",\"mounts\":");
	add_mounts(w, out);
	buf_addc(out, ',');
	add_name(w, rules->omit_id, out);
	add_bool(out, "no_new_privileges", w->no_new_privileges);
	buf_addf(out, "\"seccomp_profile_sha256\":\"%.*s\",\"signals\":",
	    (int)w->seccomp.n, (const char *)w->seccomp.p);
	if (container_signals(w, config, out, e) < 0)
		return -1;
	buf_addc(out, ',');
	if (container_user(w, config, out, e) < 0)
		return -1;
	buf_addc(out, ',');
	return add_working_dir(w, config, out, e);
}

/* The platform runs nothing else. */
static int
check_platform(struct json_val root, struct err *e)
{
	struct json_val os = json_get(root, "os");

	if (!json_is(root, JSON_OBJECT))
		return err_set(e, E_INPUT, "%s where an object belongs",
		    json_kind_name(root));
	if (!json_text_is(json_get(root, "architecture"), "amd64")) {
		(void)err_set(e, E_INPUT, "the image is not for amd64");
		return err_hint(e, "save it with --platform linux/amd64");
	}
	if (json_has(os) && !json_text_is(os, "linux"))
		return err_set(e, E_INPUT, "the image is not for linux");
	return 0;
}

int
container_json(const struct want *w, const struct generate_image *image,
    const struct generate_rules *rules, struct buf *out, struct err *e)
{
	struct json *doc;
	struct json_val config;
	int ret;

	if (image->layers == 0)
		return err_set(e, E_INPUT, "the image has no layers");
	if (json_parse(image->config, &doc, e) < 0)
		return err_in(e, "the image's configuration");
	config = json_get(json_root(doc), "config");
	ret = check_platform(json_root(doc), e);
	if (ret == 0 && json_has(config) && !json_is(config, JSON_OBJECT) &&
	    !json_is(config, JSON_NULL))
		ret = err_set(e, E_INPUT, "config: %s where an object belongs",
		    json_kind_name(config));
	if (ret == 0) {
		buf_addc(out, '{');
		ret = members(w, config, image, rules, out, e);
		buf_addc(out, '}');
	}
	json_free(doc);
	return ret < 0 ? err_in(e, "the image's configuration") : 0;
}

#define PAUSE_CAPABILITIES "[\"CAP_CHOWN\",\"CAP_DAC_OVERRIDE\"," \
	"\"CAP_FSETID\",\"CAP_FOWNER\",\"CAP_MKNOD\",\"CAP_NET_RAW\"," \
	"\"CAP_SETGID\",\"CAP_SETUID\",\"CAP_SETFCAP\",\"CAP_SETPCAP\"," \
	"\"CAP_NET_BIND_SERVICE\",\"CAP_SYS_CHROOT\",\"CAP_KILL\"," \
	"\"CAP_AUDIT_WRITE\"]"

void
container_pause(const struct generate_rules *rules, struct buf *out)
{
	buf_addf(out, "{\"allow_elevated\":false,\"allow_stdio_access\":%s,",
	    rules->stdio ? "true" : "false");
	buf_adds(out, "\"capabilities\":{\"ambient\":[],"
	    "\"bounding\":" PAUSE_CAPABILITIES ","
	    "\"effective\":" PAUSE_CAPABILITIES ",\"inheritable\":[],"
	    "\"permitted\":" PAUSE_CAPABILITIES "},\"command\":[\"/pause\"],"
	    "\"env_rules\":[{\"pattern\":\"PATH=/usr/local/sbin:"
	    "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\","
	    "\"required\":true,\"strategy\":\"string\"},"
	    "{\"pattern\":\"TERM=xterm\",\"required\":false,"
	    "\"strategy\":\"string\"}],\"exec_processes\":[],\"layers\":["
	    "\"16b514057a06ad665f92c02863aca074"
	    "fd5976c755d26bff16365299169e8415\"],\"mounts\":[],"
	    "\"name\":\"pause-container\",\"no_new_privileges\":false,"
	    "\"seccomp_profile_sha256\":\"\",\"signals\":[9,15],"
	    "\"user\":{\"group_idnames\":[{\"pattern\":\"\","
	    "\"strategy\":\"any\"}],\"umask\":\"0022\","
	    "\"user_idname\":{\"pattern\":\"\",\"strategy\":\"any\"}},"
	    "\"working_dir\":\"/\"}");
}

bool
container_is_sidecar(struct slice image)
{
	static const char *const names[] = {
		"mcr.microsoft.com/aci/msi-atlas-adapter",
		"mcr.microsoft.com/aci/atlas-mount-azure-file-volume",
		"mcr.microsoft.com/aci/atlas-mount-secrets-volume",
		"mcr.microsoft.com/aci/atlas-netstats",
		"mcr.microsoft.com/aci/atlas-mount-resolv-conf",
		"mcr.microsoft.com/aci/atlas-mount-gitrepo-volume",
		"mcr.microsoft.com/aci/sc-proxy",
		"mcr.microsoft.com/aci/vk-metrics-sidecar",
		"mcr.microsoft.com/aci/configmaps-adapter-linux",
		"k8s.gcr.io/pause",
	};
	struct slice base = slice_head(image, slice_find(image, ':'));
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is(base, names[i]))
			return true;
	return false;
}
