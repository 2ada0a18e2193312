/* template.c -- what the container groups of an ARM template ask for.  See
 * read.h. */
#include "generate/read.h"

#include <stdlib.h>
#include <strings.h>

#include "ground/text.h"
#include "value/jsonpath.h"

/* --- volumes ----------------------------------------------------------- */

const char *
want_source(struct slice kind)
{
	static const struct {
		const char *kind, *source;
	} rows[] = {
		{"azureFile", "sandbox:///tmp/atlas/azureFileVolume/.+"},
		{"secret", "sandbox:///tmp/atlas/secretsVolume/.+"},
		{"secretsSource", "plan9://"},
		{"emptyDir", "sandbox:///tmp/atlas/emptydir/.+"},
		{"resolvconf", "sandbox:///tmp/atlas/resolvconf/.+"},
		{"gitRepo", "sandbox:///tmp/atlas/gitRepoVolume/.+"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		if (slice_is(kind, rows[i].kind))
			return rows[i].source;
	return NULL;
}

/* The source of the volume: what the last of its members names. */
static int
volume_source(struct reader *r, struct arm volume, struct slice name,
    const char **source)
{
	struct buf text = {0};
	struct json_val v;
	const char *found;

	*source = NULL;
	for (v = json_first(volume.v); json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		if (json_text(json_name(v), "name", &text, r->e) < 0)
			break;
		found = want_source(slice_buf(&text));
		if (found != NULL && !json_is(v, JSON_NULL))
			*source = found;
	}
	buf_free(&text);
	if (*source == NULL)
		return err_set(r->e, E_INPUT, "volume '%.*s' is of a kind "
		    "that no policy knows", (int)name.n,
		    (const char *)name.p);
	return 0;
}

static int
find_volume(struct reader *r, struct arm volumes, struct slice name,
    const char **source)
{
	struct template_items it = {.list = volumes};
	struct buf text = {0};
	struct arm v;
	bool is = false;
	int ret;

	while ((ret = read_item(r, &it, &v)) > 0 && !is) {
		buf_cut(&text, 0);
		if ((ret = read_text_of(r, v, "name", &text)) < 0)
			break;
		is = text.n > 0 && slice_eq(slice_buf(&text), name);
		if (is && (ret = volume_source(r, v, name, source)) < 0)
			break;
	}
	buf_free(&text);
	if (ret >= 0 && !is)
		return err_set(r->e, E_INPUT, "volume '%.*s' is not "
		    "declared", (int)name.n, (const char *)name.p);
	return ret < 0 ? -1 : 0;
}

static int
one_mount(struct reader *r, struct arm mount, struct arm volumes,
    struct want *w)
{
	struct want_mount *m = want_mount_add(w, "", NULL, false);
	struct buf name = {0};
	int ret;

	ret = read_text_of(r, mount, "name", &name);
	if (ret == 0 && name.n == 0)
		ret = read_missing(r, "name");
	if (ret == 0)
		ret = find_volume(r, volumes, slice_buf(&name), &m->source);
	if (ret == 0)
		ret = read_text_of(r, mount, "mountPath", &m->path);
	if (ret == 0 && m->path.n == 0)
		ret = read_missing(r, "mountPath");
	if (ret == 0)
		ret = read_bool(r, mount, "readOnly", &m->read_only);
	buf_free(&name);
	return ret;
}

static int
mounts(struct reader *r, struct arm props, struct arm volumes, struct want *w)
{
	struct template_items it = {0};
	struct arm v;
	int ret;

	if (read_kind(r, props, "volumeMounts", JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0)
		if (one_mount(r, v, volumes, w) < 0)
			return err_in(r->e, "volumeMounts");
	if (ret == 0)
		ret = read_get(r, props, "configMap", &v);
	if (ret == 0 && json_has(v.v))
		(void)want_mount_add(w, "/mnt/configmap",
		    want_source(slice_str("emptyDir")), false);
	return ret;
}

/* --- environment ------------------------------------------------------- */

/* The member that has the value, as it stands. */
static int
value_member(struct reader *r, struct arm var, struct arm *out)
{
	if (template_member(r->t, var, slice_str("value"), out, r->e) < 0)
		return -1;
	if (json_has(out->v) && !json_is(out->v, JSON_NULL))
		return 0;
	return template_member(r->t, var, slice_str("secureValue"), out, r->e);
}

static int
variable(struct reader *r, struct arm var, struct want *w)
{
	struct want_env *env = want_env_add(w);
	struct arm v;

	if (read_text_of(r, var, "name", &env->name) < 0)
		return -1;
	if (env->name.n == 0)
		return read_missing(r, "name");
	if (value_member(r, var, &v) < 0)
		return -1;
	if (!json_has(v.v) || json_is(v.v, JSON_NULL))
		return err_set(r->e, E_INPUT, "%.*s has no value",
		    (int)env->name.n, (const char *)env->name.p);
	if (read_text(r, v, "value", &env->value) < 0) {
		if (!read_wild(r)) {
			if (template_unset(r->t))
				(void)err_hint(r->e, "give --parameters, or "
				    "let it be anything with "
				    "--approve-wildcards");
			return err_in(r->e, "%.*s", (int)env->name.n,
			    (const char *)env->name.p);
		}
		env->re2 = true;
	}
	/* the platform puts its own address there */
	if (slice_is(slice_buf(&env->name), "THIM_ENDPOINT") &&
	    want_like(slice_buf(&env->value),
	    "===CONFIDENTIAL.THIM.ENDPOINT==="))
		env->re2 = true;
	if (env->re2) {
		buf_cut(&env->value, 0);
		buf_adds(&env->value, ".*");
	}
	return 0;
}

/* --- containers -------------------------------------------------------- */

static int
properties(struct reader *r, struct arm props, struct arm volumes,
    struct want *w)
{
	struct arm none = {0}, context;

	if (read_text_of(r, props, "image", &w->image) < 0)
		return -1;
	if (w->image.n == 0)
		return read_missing(r, "image");
	if (read_words(r, props, "command", &w->command) < 0 ||
	    read_each(r, props, "environmentVariables", variable, w) < 0 ||
	    mounts(r, props, volumes, w) < 0 ||
	    want_probe(r, props, "readinessProbe", w) < 0 ||
	    want_probe(r, props, "livenessProbe", w) < 0 ||
	    read_kind(r, props, "securityContext", JSON_OBJECT, &context) < 0)
		return -1;
	return want_security(r, context, none, w);
}

static int
container(struct reader *r, struct arm v, struct arm volumes,
    struct want_group *g)
{
	struct want *w;
	struct arm props;

	if (g->n == WANT_CONTAINERS_MAX)
		return err_set(r->e, E_INPUT, "more than %d containers",
		    WANT_CONTAINERS_MAX);
	w = want_add(g);
	if (read_text_of(r, v, "name", &w->name) < 0)
		return err_in(r->e, "container %zu", g->n);
	if (w->name.n == 0)
		return err_set(r->e, E_INPUT, "container %zu: name is missing",
		    g->n);
	if (read_kind(r, v, "properties", JSON_OBJECT, &props) < 0 ||
	    properties(r, props, volumes, w) < 0)
		return err_in(r->e, "container %.*s", (int)w->name.n,
		    (const char *)w->name.p);
	return 0;
}

static int
containers(struct reader *r, struct arm props, const char *name,
    struct arm volumes, struct want_group *g)
{
	struct template_items it = {0};
	struct arm v;
	int ret;

	if (read_kind(r, props, name, JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0)
		if (container(r, v, volumes, g) < 0)
			return -1;
	return ret < 0 ? err_in(r->e, "%s", name) : 0;
}

/* --- groups ------------------------------------------------------------ */

/* A tag of the group has the last word on the platform's fragment. */
static int
tags(struct reader *r, struct arm group, struct want_group *g)
{
	static const char tag[] = "Annotate-zero-sidecar";
	struct arm all, v;

	if (read_get(r, group, "tags", &all) < 0) {
		/* tags are often what nothing here can know */
		return 0;
	}
	if (read_get(r, all, tag, &v) < 0)
		return -1;
	g->tagged = json_has(v.v);
	return read_bool(r, all, tag, &g->no_fragments);
}

static int
group_parts(struct reader *r, struct arm group, struct want_group *g)
{
	struct arm props, volumes, v;

	if (read_kind(r, group, "properties", JSON_OBJECT, &props) < 0 ||
	    read_kind(r, props, "volumes", JSON_ARRAY, &volumes) < 0 ||
	    read_get(r, props, "standaloneFragments", &v) < 0)
		return -1;
	if (json_count(v.v) > 0)
		return err_set(r->e, E_INPUT, "standaloneFragments are "
		    "fetched from a registry, which is not done here");
	if (read_get(r, props, "osType", &v) == 0 &&
	    json_text_is(v.v, "Windows"))
		return err_set(r->e, E_INPUT, "a group of Windows, whose "
		    "policies are of another form");
	if (containers(r, props, "containers", volumes, g) < 0)
		return -1;
	if (g->n == 0)
		return err_set(r->e, E_INPUT, "containers are missing");
	if (containers(r, props, "initContainers", volumes, g) < 0)
		return -1;
	return tags(r, group, g);
}

static int
group(struct reader *r, struct json_val at, size_t turn)
{
	struct arm v = template_turn(r->t, at, turn), name;
	struct want_group *g;

	if ((g = read_group(r, "groups")) == NULL)
		return -1;
	g->place = at;
	g->turn = turn;
	/* the policy does not hold it: unevaluated it will do */
	if (template_member(r->t, v, slice_str("name"), &name, r->e) < 0)
		return -1;
	if (template_string(r->t, name, &g->name, r->e) < 0)
		(void)json_text(name.v, "name", &g->name, r->e);
	if (g->name.n == 0)
		jsonpath(at, &g->name);
	if (group_parts(r, v, g) < 0)
		return err_in(r->e, "group %.*s", (int)g->name.n,
		    (const char *)g->name.p);
	return 0;
}

/* A member of "resources", be it a list or an object of symbolic names. */
static bool
is_resource(struct json_val v)
{
	static const char name[] = "\"resources\"";
	struct slice s = json_span(json_name(json_parent(v)));

	return json_is(v, JSON_OBJECT) && s.n == sizeof name - 1 &&
	    strncasecmp((const char *)s.p, name, s.n) == 0;
}

static bool
is_group(struct reader *r, struct json_val v)
{
	static const char *const types[] = {
		"Microsoft.ContainerInstance/containerGroups",
		"Microsoft.ContainerInstance/containerGroupProfiles",
	};
	struct buf text = {0};
	struct arm type;
	size_t i;
	bool is = false;

	if (!is_resource(v) || template_member(r->t, arm_of(v),
	    slice_str("type"), &type, r->e) < 0 ||
	    template_string(r->t, type, &text, r->e) < 0)
		return false;
	for (i = 0; i < sizeof types / sizeof *types; i++)
		is |= text.n == strlen(types[i]) && strncasecmp(
		    (const char *)text.p, types[i], text.n) == 0;
	buf_free(&text);
	return is;
}

/* A name in the parameters file that the template does not declare is a
 * mistake, which the platform refuses too. */
static int
check_given(struct reader *r, struct json_val root)
{
	struct arm given = {.v = r->rules->parameters, .data = true}, all, v;
	struct arm declared;
	struct buf text = {0};
	int ret;

	if (template_member(r->t, given, slice_str("parameters"), &all,
	    r->e) < 0 || template_member(r->t, arm_of(root),
	    slice_str("parameters"), &declared, r->e) < 0)
		return -1;
	ret = 0;
	for (all.v = json_first(all.v); ret == 0 && json_has(all.v);
	    all.v = json_next(all.v)) {
		buf_cut(&text, 0);
		ret = json_text(json_name(all.v), "parameters", &text, r->e);
		if (ret == 0)
			ret = template_member(r->t, declared, slice_buf(&text),
			    &v, r->e);
		if (ret == 0 && !json_has(v.v))
			ret = err_set(r->e, E_INPUT, "the parameters file has "
			    "'%.*s', which the template does not declare",
			    (int)(text.n < 100 ? text.n : 100),
			    (const char *)text.p);
	}
	buf_free(&text);
	return ret;
}

int
want_template(struct reader *r, struct json_val root)
{
	struct json_val v;
	size_t i, n;

	if (check_given(r, root) < 0)
		return -1;
	for (v = root; json_has(v); v = jsonpath_next(v)) {
		if (!is_group(r, v))
			continue;
		if (template_turns(r->t, v, &n, r->e) < 0)
			return -1;
		for (i = 0; i < n; i++)
			if (group(r, v, i) < 0)
				return -1;
	}
	if (r->out->n == 0)
		return err_set(r->e, E_INPUT, "no container group: no "
		    "resource has the type "
		    "Microsoft.ContainerInstance/containerGroups");
	return 0;
}
