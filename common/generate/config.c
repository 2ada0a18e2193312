/* config.c -- confcom's own configurations, of the form in use and of the one
 * before it.  See read.h. */
#include "generate/read.h"

#include <strings.h>

static const char pods_dir[] = "sandbox:///tmp/atlas/emptydir/.+";

void
want_identity_env(struct want *w)
{
	static const char *const names[] = {"AZURE_CLIENT_ID",
	    "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE",
	    "AZURE_AUTHORITY_HOST"};
	struct want_env *env;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		env = want_env_add(w);
		buf_adds(&env->name, names[i]);
		buf_adds(&env->value, ".+");
		env->re2 = true;
	}
}

void
want_identity_mount(struct want *w)
{
	(void)want_mount_add(w, "/var/run/secrets/azure/tokens", pods_dir,
	    true);
}

void
want_privileged_mounts(struct want *w)
{
	(void)want_mount_add(w, "/sys/fs/cgroup", pods_dir, false);
	(void)want_mount_add(w, "/sys", pods_dir, false);
}

/* A member of a variable, or of "secureValue" if it is not there. */
static int
variable(struct reader *r, struct arm var, struct want *w)
{
	struct want_env *env = want_env_add(w);
	struct buf strategy = {0};
	int ret;

	ret = read_text_of(r, var, "name", &env->name);
	if (ret == 0 && env->name.n == 0)
		ret = read_missing(r, "name");
	if (ret == 0)
		ret = read_text_of(r, var, "value", &env->value);
	if (ret == 0 && env->value.n == 0)
		ret = read_text_of(r, var, "secureValue", &env->value);
	if (ret == 0)
		ret = read_bool(r, var, "regex", &env->re2);
	if (ret == 0)
		ret = read_text_of(r, var, "strategy", &strategy);
	if (ret == 0 && strategy.n > 0) {
		env->re2 = slice_is(slice_buf(&strategy), "re2");
		if (!env->re2 && !slice_is(slice_buf(&strategy), "string"))
			ret = err_set(r->e, E_INPUT, "strategy: neither "
			    "string nor re2");
	}
	buf_free(&strategy);
	return ret;
}

static int
one_mount(struct reader *r, struct arm v, struct want *w)
{
	struct want_mount *m = want_mount_add(w, "", NULL, false);
	struct buf kind = {0};
	int ret;

	ret = read_text_of(r, v, "mountType", &kind);
	m->source = want_source(slice_buf(&kind));
	if (ret == 0 && m->source == NULL)
		ret = err_set(r->e, E_INPUT, "mountType: '%.*s' is of a kind "
		    "that no policy knows", (int)kind.n,
		    (const char *)kind.p);
	buf_free(&kind);
	if (ret == 0)
		ret = read_text_of(r, v, "mountPath", &m->path);
	if (ret == 0 && m->path.n == 0)
		ret = read_missing(r, "mountPath");
	if (ret == 0)
		ret = read_bool(r, v, "readOnly", &m->read_only);
	return ret < 0 ? -1 : read_words(r, v, "options", &m->options);
}

static int
mounts(struct reader *r, struct arm props, const char *name, struct want *w)
{
	struct arm v;
	int ret = read_each(r, props, name, one_mount, w);

	if (ret == 0)
		ret = read_get(r, props, "configMap", &v);
	if (ret == 0 && json_has(v.v))
		(void)want_mount_add(w, "/mnt/configmap",
		    want_source(slice_str("emptyDir")), false);
	return ret;
}

/* A list of objects with a command, or of old one command itself. */
static int
processes(struct reader *r, struct arm props, struct want *w)
{
	struct template_items it = {0};
	struct words *command;
	struct arm v;
	int ret;

	if (read_kind(r, props, "execProcesses", JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0) {
		command = want_exec_add(w);
		if (it.i == 1 && json_is(v.v, JSON_STRING))
			return read_words(r, props, "execProcesses", command);
		if (read_words(r, v, "command", command) < 0)
			return err_in(r->e, "execProcesses");
		if (command->n == 0)
			return err_set(r->e, E_INPUT, "execProcesses: command "
			    "is missing");
	}
	return ret;
}

/* What all containers of a configuration share. */
struct config {
	bool pods;		/* the scenario is vn2 */
	bool identity;
};

static int
working_dir(struct reader *r, struct arm props, struct want *w)
{
	if (read_text_of(r, props, "workingDir", &w->working_dir) < 0)
		return -1;
	if (w->working_dir.n > 0 && w->working_dir.p[0] != '/')
		return err_set(r->e, E_INPUT, "workingDir: no absolute path");
	return 0;
}

static int
properties(struct reader *r, const struct config *c, struct arm props,
    bool old, struct want *w)
{
	struct arm none = {0}, context;

	if (read_text_of(r, props, old ? "containerImage" : "image",
	    &w->image) < 0)
		return -1;
	if (w->image.n == 0)
		return read_missing(r, old ? "containerImage" : "image");
	if (w->name.n == 0)
		buf_add(&w->name, slice_buf(&w->image));
	w->pod = c->pods;
	if (c->identity)
		want_identity_env(w);
	if (read_each(r, props, "environmentVariables", variable, w) < 0 ||
	    read_words(r, props, "command", &w->command) < 0 ||
	    working_dir(r, props, w) < 0 ||
	    mounts(r, props, old ? "mounts" : "volumeMounts", w) < 0 ||
	    processes(r, props, w) < 0 ||
	    want_probe(r, props, "readinessProbe", w) < 0 ||
	    want_probe(r, props, "livenessProbe", w) < 0 ||
	    read_kind(r, props, "securityContext", JSON_OBJECT,
	    &context) < 0 || want_security(r, context, none, w) < 0 ||
	    read_bool(r, props, "allow_elevated", &w->privileged) < 0)
		return -1;
	if (c->pods && w->privileged)
		want_privileged_mounts(w);
	if (c->identity)
		want_identity_mount(w);
	return 0;
}

static int
container(struct reader *r, const struct config *c, struct arm v,
    struct want_group *g)
{
	struct want *w;
	struct arm props, image;
	bool old;

	if (g->n == WANT_CONTAINERS_MAX)
		return err_set(r->e, E_INPUT, "more than %d containers",
		    WANT_CONTAINERS_MAX);
	w = want_add(g);
	if (read_get(r, v, "containerImage", &image) < 0 ||
	    read_kind(r, v, "properties", JSON_OBJECT, &props) < 0 ||
	    read_text_of(r, v, "name", &w->name) < 0)
		return err_in(r->e, "container %zu", g->n);
	old = json_has(image.v);
	if (properties(r, c, old ? v : props, old, w) < 0)
		return err_in(r->e, "container %.*s", (int)w->name.n,
		    (const char *)w->name.p);
	return 0;
}

static int
scenario(struct reader *r, struct arm root, struct config *c)
{
	struct buf text = {0};
	struct arm labels;
	int ret;

	ret = read_text_of(r, root, "scenario", &text);
	c->pods = ret == 0 && text.n == 3 &&
	    strncasecmp((const char *)text.p, "vn2", 3) == 0;
	buf_free(&text);
	if (ret == 0)
		ret = read_kind(r, root, "labels", JSON_OBJECT, &labels);
	if (ret == 0 && c->pods)
		ret = read_bool(r, labels, "azure.workload.identity/use",
		    &c->identity);
	return ret;
}

int
want_config(struct reader *r, struct arm root)
{
	struct template_items it = {0};
	struct want_group *g = want_group_add(r->out);
	struct config c = {0};
	struct arm v;
	int ret;

	if (scenario(r, root, &c) < 0 ||
	    read_get(r, root, "standaloneFragments", &v) < 0)
		return -1;
	if (json_count(v.v) > 0)
		return err_set(r->e, E_INPUT, "standaloneFragments are "
		    "fetched from a registry, which is not done here");
	if (read_kind(r, root, "fragments", JSON_ARRAY, &v) < 0 ||
	    read_kind(r, root, "containers", JSON_ARRAY, &it.list) < 0)
		return -1;
	if (json_has(v.v) && want_fragments(v.v, &g->fragment, &g->fragments,
	    r->e) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0)
		if (container(r, &c, v, g) < 0)
			return -1;
	if (ret == 0 && g->n == 0 && g->fragments == 0)
		return err_set(r->e, E_INPUT, "neither containers nor "
		    "fragments");
	return ret;
}
