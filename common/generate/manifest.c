/* manifest.c -- what the pods of a Kubernetes manifest for virtual nodes ask
 * for.  See read.h. */
#include "generate/read.h"

#include "codec/b64.h"

static const char pods_dir[] = "sandbox:///tmp/atlas/emptydir/.+";

/* A workload of the manifest. */
struct pod {
	struct json_val documents;	/* all of the manifest */
	struct arm document, spec;
	struct arm claims;		/* volumeClaimTemplates */
	bool identity;
};

static int
fetch(struct reader *r, struct arm object, const char *name, struct arm *out)
{
	return read_get(r, object, name, out);
}

/* --- environment ------------------------------------------------------- */

/* The ConfigMap or Secret of that name. */
static int
find_map(struct reader *r, const struct pod *p, const char *kind,
    struct slice name, struct arm *out)
{
	struct json_val v;
	struct arm meta, at;

	for (v = json_first(p->documents); json_has(v); v = json_next(v)) {
		*out = (struct arm){.v = v, .data = true};
		if (!json_text_is(json_get(v, "kind"), kind))
			continue;
		if (fetch(r, *out, "metadata", &meta) < 0 ||
		    fetch(r, meta, "name", &at) < 0)
			return -1;
		if (json_text_eq(at.v, name))
			return 0;
	}
	*out = (struct arm){0};
	return 0;
}

/* The value under a key of one of its parts, as it is or in base64. */
static int
map_value(struct reader *r, struct arm map, const char *part,
    struct slice key, bool base64, struct buf *out, bool *found)
{
	struct buf text = {0};
	struct arm all;
	struct json_val v;
	int ret;

	if (*found || fetch(r, map, part, &all) < 0)
		return *found ? 0 : -1;
	v = json_get_s(all.v, key);
	if (!json_is(v, JSON_STRING))
		return 0;
	*found = true;
	if (!base64)
		return json_text(v, part, out, r->e);
	ret = json_text(v, part, &text, r->e);
	if (ret == 0)
		ret = b64_decode(slice_buf(&text), B64_STD | B64_CRLF |
		    B64_BLANK, out, r->e);
	buf_free(&text);
	return ret;
}

/* What nothing here says may be anything, if that is approved. */
static int
wildcard(struct reader *r, struct want_env *env, const char *what,
    struct slice name)
{
	if (r->rules->wildcards) {
		env->re2 = true;
		buf_adds(&env->value, ".*");
		return 0;
	}
	(void)err_set(r->e, E_INPUT, "%.*s: %s '%.*s' does not say its value",
	    (int)env->name.n, (const char *)env->name.p, what,
	    (int)(name.n < 100 ? name.n : 100), (const char *)name.p);
	return err_hint(r->e, "put what has it into the same file, or let it "
	    "be anything with --approve-wildcards");
}

static int
key_ref(struct reader *r, const struct pod *p, struct arm ref, bool secret,
    struct want_env *env)
{
	struct buf name = {0}, key = {0};
	struct arm map = {0};
	bool found = false;
	int ret;

	ret = read_text_of(r, ref, "name", &name);
	if (ret == 0)
		ret = read_text_of(r, ref, "key", &key);
	if (ret == 0)
		ret = find_map(r, p, secret ? "Secret" : "ConfigMap",
		    slice_buf(&name), &map);
	if (ret == 0)
		ret = map_value(r, map, secret ? "stringData" : "data",
		    slice_buf(&key), false, &env->value, &found);
	if (ret == 0)
		ret = map_value(r, map, secret ? "data" : "binaryData",
		    slice_buf(&key), true, &env->value, &found);
	if (ret == 0 && !found)
		ret = wildcard(r, env, secret ? "Secret" : "ConfigMap",
		    slice_buf(&name));
	buf_free(&name);
	buf_free(&key);
	return ret;
}

/* requests.cpu or the like of this container, if it is a plain number: what
 * has a unit the platform turns into another text. */
static int
resource_ref(struct reader *r, struct arm container, struct arm ref,
    struct want_env *env)
{
	struct buf name = {0}, text = {0};
	struct arm v, divisor = {0};
	size_t dot, i;
	char part[16];
	bool plain;
	int ret;

	ret = read_text_of(r, ref, "resource", &name);
	dot = slice_find(slice_buf(&name), '.');
	plain = ret == 0 && dot < sizeof part && dot < name.n;
	if (plain) {
		memcpy(part, name.p, dot);
		part[dot] = '\0';
		ret = fetch(r, container, "resources", &v);
		if (ret == 0)
			ret = fetch(r, v, part, &v);
		if (ret == 0 && json_is(v.v = json_get_s(v.v,
		    slice_from(slice_buf(&name), dot + 1)), JSON_STRING))
			ret = json_text(v.v, part, &text, r->e);
	}
	if (ret == 0)
		ret = fetch(r, ref, "divisor", &divisor);
	plain = plain && ret == 0 && text.n > 0 && !json_has(divisor.v);
	for (i = 0; plain && i < text.n; i++)
		plain = text.p[i] >= '0' && text.p[i] <= '9';
	if (plain)
		buf_add(&env->value, slice_buf(&text));
	else if (ret == 0)
		ret = wildcard(r, env, "resource", slice_buf(&name));
	buf_free(&name);
	buf_free(&text);
	return ret;
}

static int
value_from(struct reader *r, const struct pod *p, struct arm container,
    struct arm from, struct want_env *env)
{
	struct arm ref;

	if (fetch(r, from, "configMapKeyRef", &ref) < 0)
		return -1;
	if (json_has(ref.v))
		return key_ref(r, p, ref, false, env);
	if (fetch(r, from, "secretKeyRef", &ref) < 0)
		return -1;
	if (json_has(ref.v))
		return key_ref(r, p, ref, true, env);
	if (fetch(r, from, "resourceFieldRef", &ref) < 0)
		return -1;
	if (json_has(ref.v))
		return resource_ref(r, container, ref, env);
	if (fetch(r, from, "fieldRef", &ref) < 0)
		return -1;
	if (!json_has(ref.v))
		return err_set(r->e, E_INPUT, "%.*s: valueFrom of an unknown "
		    "kind", (int)env->name.n, (const char *)env->name.p);
	/* what the pod will be called, and on which address, is not known */
	env->re2 = true;
	buf_adds(&env->value, ".*");
	return 0;
}

/* ===VIRTUALNODE2.CC.THIM.(port)===, which the node replaces. */
static bool
is_thim(struct slice s)
{
	static const char begin[] = "===VIRTUALNODE2.CC.THIM.";
	struct slice rest = slice_from(s, sizeof begin - 1);

	return want_like(s, begin) && rest.n > 3 &&
	    slice_search(slice_from(rest, 1), "===") < rest.n - 1;
}

static int
variable(struct reader *r, const struct pod *p, struct arm container,
    struct arm var, struct want *w)
{
	struct want_env *env = want_env_add(w);
	struct arm from, value;

	if (read_text_of(r, var, "name", &env->name) < 0)
		return -1;
	if (env->name.n == 0)
		return read_missing(r, "name");
	if (fetch(r, var, "valueFrom", &from) < 0 ||
	    fetch(r, var, "value", &value) < 0)
		return -1;
	if (json_has(from.v) && !json_has(value.v))
		return value_from(r, p, container, from, env);
	if (read_text_of(r, var, "value", &env->value) < 0)
		return -1;
	env->re2 = is_thim(slice_buf(&env->value));
	if (env->re2) {
		buf_cut(&env->value, 0);
		buf_adds(&env->value, ".*");
	}
	return 0;
}

static int
environment(struct reader *r, const struct pod *p, struct arm container,
    struct want *w)
{
	struct template_items it = {0};
	struct arm v;
	int ret;

	if (fetch(r, container, "envFrom", &v) < 0 ||
	    read_kind(r, container, "env", JSON_ARRAY, &it.list) < 0)
		return -1;
	if (json_count(v.v) > 0)
		return err_set(r->e, E_INPUT, "envFrom: the variables are to "
		    "be listed under env");
	while ((ret = read_item(r, &it, &v)) > 0)
		if (variable(r, p, container, v, w) < 0)
			return err_in(r->e, "env");
	if (ret == 0 && p->identity)
		want_identity_env(w);
	return ret;
}

/* --- mounts ------------------------------------------------------------ */

/* Does the volume, a member of volumes, admit reading only? */
static bool
is_read_only(struct json_val volume)
{
	static const char *const kinds[] = {"configMap", "secret",
	    "downwardAPI", "projected"};
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (json_has(json_get(volume, kinds[i])))
			return true;
	return json_text_is(json_get(volume, "readOnly"), "true");
}

static bool
claims_reading(struct json_val claim)
{
	struct json_val v;

	v = json_get(json_get(claim, "spec"), "accessModes");
	for (v = json_first(v); json_has(v); v = json_next(v))
		if (json_text_is(v, "ReadOnlyMany"))
			return true;
	return false;
}

static int
find_volume(struct reader *r, const struct pod *p, struct slice name,
    bool *read_only)
{
	struct arm volumes;
	struct json_val v;

	if (read_kind(r, p->spec, "volumes", JSON_ARRAY, &volumes) < 0)
		return -1;
	for (v = json_first(volumes.v); json_has(v); v = json_next(v))
		if (json_text_eq(json_get(v, "name"), name)) {
			*read_only = is_read_only(v);
			return 0;
		}
	for (v = json_first(p->claims.v); json_has(v); v = json_next(v))
		if (json_text_eq(json_get(json_get(v, "metadata"), "name"),
		    name)) {
			*read_only = claims_reading(v);
			return 0;
		}
	return err_set(r->e, E_INPUT, "volume '%.*s' is not declared",
	    (int)name.n, (const char *)name.p);
}

static int
one_mount(struct reader *r, const struct pod *p, struct arm mount,
    struct want *w)
{
	struct want_mount *m = want_mount_add(w, "", pods_dir, false);
	struct buf name = {0};
	bool only = false;
	int ret;

	ret = read_text_of(r, mount, "name", &name);
	if (ret == 0)
		ret = find_volume(r, p, slice_buf(&name), &only);
	if (ret == 0)
		ret = read_text_of(r, mount, "mountPath", &m->path);
	if (ret == 0 && m->path.n == 0)
		ret = read_missing(r, "mountPath");
	if (ret == 0)
		ret = read_bool(r, mount, "readOnly", &m->read_only);
	m->read_only |= only;
	buf_free(&name);
	return ret;
}

static int
mounts(struct reader *r, const struct pod *p, struct arm container,
    struct want *w)
{
	struct template_items it = {0};
	struct arm v, context;
	bool privileged = false;
	int ret;

	if (p->identity)
		want_identity_mount(w);
	if (read_kind(r, container, "volumeMounts", JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0)
		if (one_mount(r, p, v, w) < 0)
			return err_in(r->e, "volumeMounts");
	if (ret == 0)
		ret = read_kind(r, container, "securityContext", JSON_OBJECT,
		    &context);
	if (ret == 0)
		ret = read_bool(r, context, "privileged", &privileged);
	if (ret == 0 && privileged)
		want_privileged_mounts(w);
	return ret;
}

/* --- containers -------------------------------------------------------- */

static int
parts(struct reader *r, const struct pod *p, struct arm container,
    struct want *w)
{
	struct arm context, under, lifecycle;

	if (read_text_of(r, container, "image", &w->image) < 0)
		return -1;
	if (w->image.n == 0)
		return read_missing(r, "image");
	if (w->name.n == 0)
		buf_add(&w->name, slice_buf(&w->image));
	if (environment(r, p, container, w) < 0 ||
	    read_words(r, container, "command", &w->command) < 0 ||
	    read_words(r, container, "args", &w->args) < 0 ||
	    read_text_of(r, container, "workingDir", &w->working_dir) < 0 ||
	    mounts(r, p, container, w) < 0 ||
	    want_probe(r, container, "livenessProbe", w) < 0 ||
	    want_probe(r, container, "readinessProbe", w) < 0 ||
	    want_probe(r, container, "startupProbe", w) < 0 ||
	    read_kind(r, container, "lifecycle", JSON_OBJECT,
	    &lifecycle) < 0 ||
	    want_probe(r, lifecycle, "postStart", w) < 0 ||
	    want_probe(r, lifecycle, "preStop", w) < 0 ||
	    read_kind(r, container, "securityContext", JSON_OBJECT,
	    &context) < 0 ||
	    read_kind(r, p->spec, "securityContext", JSON_OBJECT, &under) < 0)
		return -1;
	return want_security(r, context, under, w);
}

static int
containers(struct reader *r, const struct pod *p, const char *name,
    struct want_group *g)
{
	struct template_items it = {0};
	struct want *w;
	struct arm v;
	int ret;

	if (read_kind(r, p->spec, name, JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0) {
		if (g->n == WANT_CONTAINERS_MAX)
			return err_set(r->e, E_INPUT, "more than %d "
			    "containers", WANT_CONTAINERS_MAX);
		w = want_add(g);
		w->pod = true;
		if (read_text_of(r, v, "name", &w->name) < 0 ||
		    parts(r, p, v, w) < 0)
			return err_in(r->e, "container %.*s", (int)w->name.n,
			    (const char *)w->name.p);
	}
	return ret;
}

/* --- workloads --------------------------------------------------------- */

static bool
runs_pods(struct json_val document)
{
	static const char *const kinds[] = {"Pod", "Deployment",
	    "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"};
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (json_text_is(json_get(document, "kind"), kinds[i]))
			return true;
	return false;
}

/* What has the pod's metadata and spec: the document, or what it holds. */
static struct json_val
pod_of(struct json_val v)
{
	static const char *const names[] = {"spec", "template",
	    "jobTemplate"};
	struct json_val at;
	size_t i;

	while (!json_has(json_get(json_get(v, "spec"), "containers"))) {
		at = (struct json_val){0};
		for (i = 0; i < sizeof names / sizeof *names &&
		    !json_has(at); i++)
			at = json_get(v, names[i]);
		if (!json_has(at))
			return at;
		v = at;
	}
	return v;
}

static int
workload(struct reader *r, struct json_val documents, struct json_val v)
{
	struct pod p = {.documents = documents,
	    .document = {.v = v, .data = true}};
	struct arm pod = {.data = true}, meta, labels, spec;
	struct want_group *g;

	if ((g = read_group(r, "workloads")) == NULL)
		return -1;
	g->place = v;
	if (fetch(r, p.document, "metadata", &meta) < 0 ||
	    read_text_of(r, meta, "name", &g->name) < 0)
		return -1;
	if (g->name.n == 0)
		buf_addf(&g->name, "%zu", r->out->n);
	g->pod = pod.v = pod_of(v);
	if (!json_has(pod.v))
		return err_set(r->e, E_INPUT, "%.*s: containers are missing",
		    (int)g->name.n, (const char *)g->name.p);
	if (fetch(r, pod, "metadata", &meta) < 0 ||
	    fetch(r, meta, "labels", &labels) < 0 ||
	    fetch(r, pod, "spec", &p.spec) < 0 ||
	    fetch(r, p.document, "spec", &spec) < 0 ||
	    fetch(r, spec, "volumeClaimTemplates", &p.claims) < 0)
		return -1;
	p.identity = json_text_is(json_get(labels.v,
	    "azure.workload.identity/use"), "true");
	if (containers(r, &p, "containers", g) < 0 ||
	    containers(r, &p, "initContainers", g) < 0)
		return err_in(r->e, "%.*s", (int)g->name.n,
		    (const char *)g->name.p);
	return g->n > 0 ? 0 : err_set(r->e, E_INPUT, "%.*s: no containers",
	    (int)g->name.n, (const char *)g->name.p);
}

int
want_manifest(struct reader *r, struct json_val documents)
{
	struct json_val v;

	for (v = json_first(documents); json_has(v); v = json_next(v))
		if (runs_pods(v) && workload(r, documents, v) < 0)
			return -1;
	if (r->out->n == 0)
		return err_set(r->e, E_INPUT, "no workload: neither a Pod nor "
		    "what makes some");
	return 0;
}
