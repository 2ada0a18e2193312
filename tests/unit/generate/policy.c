/* What templates, configurations and manifests ask for, as policies say it;
 * and what is refused, with its place. */
#include "generate/policy.h"

#include <stdlib.h>

#include "generate/inject.h"
#include "unit/tap.h"
#include "value/yaml.h"

static const uint8_t roots[2][32] = {{0x11}, {0x22}};
static const char plain[] = "{\"architecture\":\"amd64\",\"os\":\"linux\","
    "\"config\":{\"Env\":[\"PATH=/bin\",\"A=1=2\"],\"Cmd\":[\"/run\"]}}";

/* A case: of its source, the policy of the first group holds want, or the
 * failure's text does, if it begins with !. */
struct row {
	const char *name, *source, *config, *want;
	struct generate_rules rules;
	bool wild;
};

#define GROUP(props) "{\"parameters\":{\"p\":{},\"i\":{\"defaultValue\":7}}," \
    "\"variables\":{\"v\":\"val\",\"cmd\":[\"a\",\"[variables('v')]\"]}," \
    "\"resources\":[{\"type\":" \
    "\"Microsoft.ContainerInstance/containerGroups\",\"name\":\"g\"," \
    "\"properties\":{" props "}}]}"
#define ONE(props) GROUP("\"containers\":[{\"name\":\"c\",\"properties\":{" \
    "\"image\":\"i:1\"" props "}}]")
#define CONFIG(text) "{\"architecture\":\"amd64\",\"config\":{" text "}}"
#define ENV(text) ONE(",\"environmentVariables\":[" text "]")

#define OF_CONFIG(props) "{\"containers\":[{\"properties\":{" \
    "\"image\":\"i\"," props "}}]}"

static const struct row rows[] = {
	{"command of the image", ONE(""), plain, "\"command\":[\"/run\"]",
	    {0}, false},
	{"no command", ONE(""), CONFIG(""), "\"command\":null", {0}, false},
	{"entrypoint", ONE(""),
	    CONFIG("\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]"),
	    "\"command\":[\"e\",\"c\"]", {0}, false},
	{"command of the template", ONE(",\"command\":\"[variables('cmd')]\""),
	    plain, "\"command\":[\"a\",\"val\"]", {0}, false},
	{"an expression", ONE(",\"command\":[\"[concat('a', 'b')]\"]"), plain,
	    "\"command\":[\"ab\"]", {0}, false},
	{"not evaluated", ONE(",\"command\":[\"[uniqueString('b')]\"]"), plain,
	    "!group g: container c: command: function 'uniqueString'", {0},
	    false},
	{"replaced inside", ONE(",\"command\":[\"n=[parameters( 'i' )]\"]"),
	    plain, "\"command\":[\"n=7\"]", {0}, false},
	{"brackets of a program", ONE(",\"command\":[\"a[length(b)]\"]"),
	    plain, "\"command\":[\"a[length(b)]\"]", {0}, false},
	{"a literal", ONE(",\"command\":[\"[[x]\"]"), plain,
	    "\"command\":[\"[x]\"]", {0}, false},
	{"not ASCII",
	    ONE(",\"command\":[\"\\u00e9\\ud83d\\ude00\\u007f<\\n\"]"),
	    plain, "\"command\":[\"\\u00e9\\ud83d\\ude00\x7f<\\n\"]", {0},
	    false},
	{"command is a string", ONE(",\"command\":\"x\""), plain,
	    "!group g: container c: command: a string where an array", {0},
	    false},
	{"no image", GROUP("\"containers\":[{\"name\":\"c\","
	    "\"properties\":{}}]"), plain,
	    "!group g: container c: image is missing", {0}, false},
	{"no name", GROUP("\"containers\":[{\"properties\":{}}]"), plain,
	    "!group g: container 1: name is missing", {0}, false},
	{"another system's group", GROUP("\"osType\":\"Windows\","
	    "\"containers\":[{}]"), plain, "!a group of Windows", {0}, false},
	{"no containers", GROUP(""), plain, "!containers are missing", {0},
	    false},
	{"two names", ONE(",\"Image\":\"x\""), plain,
	    "!two members of one object are named 'image'", {0}, false},
	{"a loop", GROUP("\"copy\":[{\"name\":\"containers\",\"count\":2,"
	    "\"input\":{\"name\":\"[concat('c', copyIndex('containers'))]\","
	    "\"properties\":{\"image\":\"i:1\"}}}]"), plain,
	    "\"name\":\"c1\"", {0}, false},

	{"environment", ENV("{\"name\":\"A\",\"value\":\"\"}"), plain,
	    "\"env_rules\":[{\"pattern\":\"A=\",\"required\":false,"
	    "\"strategy\":\"string\"},{\"pattern\":\"PATH=/bin\"", {0},
	    false},
	{"of the platform", ENV("{\"name\":\"TERM\",\"value\":\"x\"}"), plain,
	    "{\"pattern\":\"A=1=2\",\"required\":false,"
	    "\"strategy\":\"string\"},{\"pattern\":\"(?i)(FABRIC)_.+=.+\"",
	    {0}, false},
	{"no value", ENV("{\"name\":\"A\",\"value\":\"[parameters('p')]\"}"),
	    plain, "!environmentVariables: A: value: parameter 'p' has no",
	    {0}, false},
	{"any value", ENV("{\"name\":\"A\",\"value\":\"[parameters('p')]\"}"),
	    plain, "{\"pattern\":\"A=.*\",\"required\":false,"
	    "\"strategy\":\"re2\"}", {0}, true},
	{"an unknown parameter is none",
	    ENV("{\"name\":\"A\",\"value\":\"[parameters('q')]\"}"), plain,
	    "!A: value: parameter 'q' is not declared", {0}, true},
	{"the node's address", ENV("{\"name\":\"THIM_ENDPOINT\",\"value\":"
	    "\"===CONFIDENTIAL.THIM.ENDPOINT===\"}"), plain,
	    "\"THIM_ENDPOINT=.*\"", {0}, false},
	{"no value at all", ENV("{\"name\":\"A\"}"), plain,
	    "!environmentVariables: A has no value", {0}, false},
	{"a variable of the image without a value", ONE(""),
	    CONFIG("\"Env\":[\"A\"]"), "!Env: a variable without a value",
	    {0}, false},

	{"user of the image", ONE(""), CONFIG("\"User\":\"web:10\""),
	    "\"user\":{\"group_idnames\":[{\"pattern\":\"10\",\"strategy\":"
	    "\"id\"}],\"umask\":\"0022\",\"user_idname\":{\"pattern\":"
	    "\"web\",\"strategy\":\"name\"}}", {0}, false},
	{"group of the template",
	    ONE(",\"securityContext\":{\"runAsGroup\":0}"),
	    CONFIG("\"User\":\"web\""),
	    "{\"group_idnames\":[{\"pattern\":\"0\",\"strategy\":\"id\"}],"
	    "\"umask\":\"0022\",\"user_idname\":{\"pattern\":\"\",\"strategy\":"
	    "\"any\"}}", {0}, false},
	{"a user's name", ONE(",\"securityContext\":{\"runAsUser\":\"root\"}"),
	    plain, "!securityContext: runAsUser is no whole number", {0},
	    false},
	{"a negative user", ONE(",\"securityContext\":{\"runAsUser\":-1}"),
	    plain, "!securityContext: runAsUser is no whole number", {0},
	    false},
	{"capabilities", ONE(",\"securityContext\":{\"capabilities\":{"
	    "\"add\":[\"CAP_A\",\"CAP_A\"],\"drop\":[\"CAP_CHOWN\"]}}"), plain,
	    "\"bounding\":[\"CAP_A\",\"CAP_AUDIT_WRITE\",\"CAP_DAC_OVERRIDE\"",
	    {0}, false},
	{"privileged", ONE(",\"securityContext\":{\"privileged\":\"True\"}"),
	    plain, "\"CAP_WAKE_ALARM\"],\"permitted\"", {0}, false},
	{"neither", ONE(",\"securityContext\":{\"privileged\":\"yes\"}"),
	    plain, "!securityContext: privileged: neither true nor false",
	    {0}, false},
	{"escalation",
	    ONE(",\"securityContext\":{\"allowPrivilegeEscalation\":false}"),
	    plain, "\"no_new_privileges\":true", {0}, false},
	{"a profile that is none",
	    ONE(",\"securityContext\":{\"seccompProfile\":\"e30\"}"), plain,
	    "\"seccomp_profile_sha256\":\"", {0}, false},
	{"a profile that is no JSON",
	    ONE(",\"securityContext\":{\"seccompProfile\":\"e30x\"}"), plain,
	    "!securityContext: seccompProfile: json", {0}, false},

	{"stop signal", ONE(""), CONFIG("\"StopSignal\":\"sigquit\""),
	    "\"signals\":[3],", {0}, false},
	{"stop number", ONE(""), CONFIG("\"StopSignal\":\"15\""),
	    "\"signals\":[15],", {0}, false},
	{"stop in real time", ONE(""), CONFIG("\"StopSignal\":\"SIGRTMIN+3\""),
	    "\"signals\":[37],", {0}, false},
	{"no signal", ONE(""), CONFIG("\"StopSignal\":\"SIGNAL\""),
	    "!StopSignal 'SIGNAL' is no signal", {0}, false},
	{"no stop signal", ONE(""), CONFIG("\"StopSignal\":\"\""),
	    "\"signals\":[9,15],", {0}, false},

	{"another machine", ONE(""), "{\"architecture\":\"arm64\"}",
	    "!container c: the image's configuration: the image is not for "
	    "amd64", {0}, false},
	{"another system", ONE(""),
	    "{\"architecture\":\"amd64\",\"os\":\"windows\"}",
	    "!the image is not for linux", {0}, false},
	{"a configuration that is none", ONE(""), "{\"architecture\":\"amd64\","
	    "\"config\":[]}", "!config: an array where an object", {0},
	    false},
	{"a configuration that is no JSON", ONE(""), "{", "!json", {0}, false},

	{"volumes", GROUP("\"volumes\":[{\"name\":\"v\",\"azureFile\":{}}],"
	    "\"containers\":[{\"name\":\"c\",\"properties\":{\"image\":\"i\","
	    "\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/m\","
	    "\"readOnly\":true}]}}]"), plain,
	    "\"mounts\":[{\"destination\":\"/m\",\"options\":[\"rbind\","
	    "\"rshared\",\"ro\"],\"source\":"
	    "\"sandbox:///tmp/atlas/azureFileVolume/.+\",\"type\":\"bind\"},"
	    "{\"destination\":\"/etc/resolv.conf\"", {0}, false},
	{"a volume of another kind", GROUP("\"volumes\":[{\"name\":\"v\","
	    "\"elasticSan\":{}}],\"containers\":[{\"name\":\"c\","
	    "\"properties\":{\"image\":\"i\",\"volumeMounts\":[{\"name\":"
	    "\"v\",\"mountPath\":\"/m\"}]}}]"), plain,
	    "!volume 'v' is of a kind", {0}, false},
	{"no volume", ONE(",\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":"
	    "\"/m\"}]"), plain, "!volume 'v' is not declared", {0}, false},
	{"equal probes", ONE(",\"readinessProbe\":{\"exec\":{\"command\":"
	    "[\"x\"]}},\"livenessProbe\":{\"exec\":{\"command\":[\"x\"]}}"),
	    plain, "\"exec_processes\":[{\"command\":[\"x\"],\"signals\":[]}"
	    ",{\"command\":[\"/bin/sh\"],\"signals\":[]},{\"command\":"
	    "[\"/bin/bash\"],\"signals\":[]}],\"id\"", {.debug = true},
	    false},
	{"a probe of nothing", ONE(",\"livenessProbe\":{\"exec\":{}}"), plain,
	    "!livenessProbe: exec: command is missing", {0}, false},

	{"streams", ONE(""), plain, "\"allow_stdio_access\":true",
	    {.stdio = true}, false},
	{"debugging", ONE(""), plain,
	    "allow_dump_stacks := true\nallow_runtime_logging := true\n",
	    {.debug = true}, false},
	{"no ids", ONE(""), plain, "\"exec_processes\":[],\"layers\":[",
	    {.omit_id = true}, false},
	{"no fragments", ONE(""), plain, "\nfragments := []\n",
	    {.no_fragments = true}, false},
	{"a fragment's version", ONE(""), plain, "\"minimum_svn\": \"9\"\n",
	    {.svn = 9}, false},
	{"layers", ONE(""), plain, "\"layers\":["
	    "\"1100000000000000000000000000000000000000000000000000000000"
	    "000000\",\"22", {0}, false},
	{"indented", ONE(""), plain, "\ncontainers := [\n  {\n"
	    "    \"allow_elevated\": false,", {.pretty = true}, false},
	{"a sidecar first", GROUP("\"containers\":[{\"name\":\"c\","
	    "\"properties\":{\"image\":\"k8s.gcr.io/pause:3\"}}]"), plain,
	    "!container c is the platform's own", {0}, false},

	{"neither", "{\"parameters\":{}}", plain, "!neither a template", {0},
	    false},
	{"no group", "{\"resources\":[{\"type\":\"x\"}]}", plain,
	    "!no container group", {0}, false},
	{"a configuration", "{\"containers\":[{\"properties\":{\"image\":"
	    "\"i\",\"workingDir\":\"/w\",\"environmentVariables\":[{\"name\":"
	    "\"R\",\"value\":\"x+\",\"regex\":true}]}}]}", plain,
	    "{\"pattern\":\"R=x+\",\"required\":false,\"strategy\":\"re2\"}",
	    {0}, false},
	{"an expression in one is text", "{\"containers\":[{\"properties\":"
	    "{\"image\":\"i\",\"command\":[\"[concat('a')]\"]}}]}", plain,
	    "\"command\":[\"[concat('a')]\"]", {0}, false},
	{"its folder", "{\"containers\":[{\"properties\":{\"image\":\"i\","
	    "\"workingDir\":\"w\"}}]}", plain, "!workingDir: no absolute path",
	    {0}, false},
	{"the old form", "{\"containers\":[{\"containerImage\":\"i\","
	    "\"name\":\"n\",\"allow_elevated\":true,\"mounts\":[{"
	    "\"mountType\":\"azureFile\",\"mountPath\":\"/a\",\"readonly\":"
	    "true}]}]}", plain, "\"destination\":\"/a\",\"options\":[\"rbind\","
	    "\"rshared\",\"ro\"]", {0}, false},
	{"fragments alone", "{\"fragments\":[{\"feed\":\"f\",\"issuer\":\"i\","
	    "\"minimum_svn\":\"1\",\"includes\":[\"containers\"]}]}", plain,
	    "fragments := [\n  {\n    \"feed\": \"f\",\n", {0}, false},
	{"a fragment without a version", "{\"fragments\":[{\"feed\":\"f\","
	    "\"issuer\":\"i\",\"includes\":[\"containers\"]}]}", plain,
	    "!fragments[0]: minimum_svn", {0}, false},

	{"a pod", "kind: Pod\nmetadata: {name: p}\nspec:\n  securityContext: "
	    "{runAsUser: 5}\n  containers:\n  - {name: c, image: i, args: "
	    "[-x]}\n", CONFIG("\"Entrypoint\":[\"e\"],\"Cmd\":[\"c\"]"),
	    "\"command\":[\"e\",\"-x\"]", {0}, false},
	{"its user", "kind: Pod\nspec:\n  securityContext: {runAsUser: 5}\n"
	    "  containers:\n  - {image: i}\n", plain,
	    "\"user_idname\":{\"pattern\":\"5\",\"strategy\":\"id\"}", {0},
	    false},
	{"its secret", "kind: Secret\nmetadata: {name: s}\ndata: {k: eA==}\n"
	    "---\nkind: Pod\nspec: {containers: [{image: i, env: [{name: E, "
	    "valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}\n", plain,
	    "{\"pattern\":\"E=x\",\"required\":false,\"strategy\":"
	    "\"string\"}", {0}, false},
	{"a secret elsewhere", "kind: Pod\nspec: {containers: [{image: i, "
	    "env: [{name: E, valueFrom: {secretKeyRef: {name: s, key: k}}}]}]}"
	    "\n", plain, "!env: E: Secret 's' does not say its value", {0},
	    false},
	{"a deployment", "kind: Deployment\nspec:\n  template:\n    metadata: "
	    "{labels: {azure.workload.identity/use: \"true\"}}\n    spec:\n"
	    "      containers:\n      - {image: i}\n", plain,
	    "\"destination\":\"/var/run/secrets/azure/tokens\"", {0}, false},
	{"all variables of a map", "kind: Pod\nspec: {containers: [{image: i, "
	    "envFrom: [{configMapRef: {name: m}}]}]}\n", plain, "!envFrom",
	    {0}, false},
	{"an alias", "x: &c {privileged: true}\nkind: Pod\nspec: {containers: "
	    "[{image: i, securityContext: *c}]}\n", plain,
	    "\"allow_elevated\":true", {0}, false},
	{"a merge", "x: &c {privileged: true}\nkind: Pod\nspec: {containers: "
	    "[{image: i, securityContext: {<<: *c}}]}\n", plain,
	    "!a merge key", {0}, false},
	{"an alias of itself", "kind: Pod\nspec: &s {containers: [*s]}\n",
	    plain, "!an alias of what holds it", {0}, false},
	{"no workload", "kind: Service\n", plain, "!no workload", {0}, false},
	{"a command that is no text", ONE(",\"command\":[1]"), plain,
	    "!container c: command: a number where a string belongs", {0},
	    false},
	{"an image that is no text", GROUP("\"containers\":[{\"name\":\"c\","
	    "\"properties\":{\"image\":{}}}]"), plain,
	    "!container c: image: an object where a text belongs", {0}, false},
	{"fragments elsewhere", GROUP("\"standaloneFragments\":[{}],"
	    "\"containers\":[{\"name\":\"c\",\"properties\":{\"image\":"
	    "\"i\"}}]"), plain, "!group g: standaloneFragments are fetched "
	    "from a registry, which is not done here", {0}, false},
	{"capabilities that are none",
	    ONE(",\"securityContext\":{\"capabilities\":[]}"), plain,
	    "!securityContext: capabilities: an array where an object "
	    "belongs", {0}, false},
	{"a profile that is no text",
	    ONE(",\"securityContext\":{\"seccompProfile\":{}}"), plain,
	    "!securityContext: seccompProfile: an object where base64 of a "
	    "profile belongs", {0}, false},
	{"a profile that is no object",
	    ONE(",\"securityContext\":{\"seccompProfile\":\"W10=\"}"), plain,
	    "!securityContext: seccompProfile: no object", {0}, false},
	{"an entrypoint that is no list", ONE(""),
	    CONFIG("\"Entrypoint\":\"e\",\"Cmd\":[\"c\"]"),
	    "!the image's configuration: Entrypoint: a string where an array "
	    "belongs", {0}, false},
	{"an environment that is no list", ONE(""), CONFIG("\"Env\":{}"),
	    "!the image's configuration: Env: an object where an array "
	    "belongs", {0}, false},
	{"a configuration that is a list", ONE(""), "[]",
	    "!the image's configuration: an array where an object belongs",
	    {0}, false},
	{"a strategy that is none", OF_CONFIG("\"environmentVariables\":[{"
	    "\"name\":\"A\",\"value\":\"x\",\"strategy\":\"glob\"}]"), plain,
	    "!environmentVariables: strategy: neither string nor re2", {0},
	    false},
	{"and one that is", OF_CONFIG("\"environmentVariables\":[{"
	    "\"name\":\"A\",\"value\":\"x\",\"strategy\":\"re2\"}]"), plain,
	    "{\"pattern\":\"A=x\",\"required\":false,\"strategy\":\"re2\"}",
	    {0}, false},
	{"a mount of another kind", OF_CONFIG("\"volumeMounts\":[{"
	    "\"mountType\":\"nfs\",\"mountPath\":\"/a\"}]"), plain,
	    "!volumeMounts: mountType: 'nfs' is of a kind that no policy "
	    "knows", {0}, false},
	{"a process of nothing", OF_CONFIG("\"execProcesses\":[{}]"), plain,
	    "!container i: execProcesses: command is missing", {0}, false},
	{"a configuration's fragments elsewhere", "{\"containers\":[{"
	    "\"properties\":{\"image\":\"i\"}}],\"standaloneFragments\":"
	    "[{}]}", plain, "!standaloneFragments are fetched from a "
	    "registry, which is not done here", {0}, false},
	{"a configuration of nothing", "{\"containers\":[]}", plain,
	    "!neither containers nor fragments", {0}, false},
	{"a fragment's version that is none", "{\"fragments\":[{\"feed\":"
	    "\"f\",\"issuer\":\"i\",\"minimum_svn\":\"1a\",\"includes\":["
	    "\"containers\"]}]}", plain, "!fragments[0]: minimum_svn: no "
	    "whole number", {0}, false},
	{"a fragment that brings nothing", "{\"fragments\":[{\"feed\":"
	    "\"f\",\"issuer\":\"i\",\"minimum_svn\":\"1\",\"includes\":"
	    "[]}]}", plain, "!fragments[0]: includes: no list of what it "
	    "brings", {0}, false},
	{"a value from elsewhere", "kind: Pod\nspec: {containers: [{image: i, "
	    "env: [{name: E, valueFrom: {}}]}]}\n", plain, "!env: E: "
	    "valueFrom of an unknown kind", {0}, false},
	{"a resource with a unit", "kind: Pod\nspec: {containers: [{image: i, "
	    "env: [{name: E, valueFrom: {resourceFieldRef: {resource: "
	    "limits.cpu}}}]}]}\n", plain, "!env: E: resource 'limits.cpu' "
	    "does not say its value", {0}, false},
	{"a pod of nothing", "kind: Pod\nspec: {}\n", plain,
	    "!1: containers are missing", {0}, false},
};

/* The policy of the source's first group. */
static int
make(const struct row *row, size_t layers, struct buf *out, struct err *e)
{
	struct want_rules rules = {.wildcards = row->wild};
	struct generate_image image[8];
	struct wants wants = {0};
	struct json *doc = NULL;
	struct buf json = {0};
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof image / sizeof *image; i++)
		image[i] = (struct generate_image){slice_str(row->config),
		    layers, roots};
	if (row->source[0] == '{')
		buf_adds(&json, row->source);
	else
		ret = yaml_to_json_whole(slice_str(row->source), &json, e);
	if (ret == 0)
		ret = json_parse(slice_buf(&json), &doc, e);
	if (ret == 0)
		ret = wants_find(json_root(doc), &rules, &wants, e);
	if (ret == 0)
		ret = generate_policy(&wants.v[0], image, &row->rules, out, e);
	wants_free(&wants);
	json_free(doc);
	buf_free(&json);
	return ret;
}

static void
check_row(const struct row *row)
{
	struct buf out = {0};
	struct err e = {0};
	int ret;

	ret = make(row, 2, &out, &e);
	if (row->want[0] == '!')
		CHECK(ret < 0 && e.code == E_INPUT && out.n == 0 &&
		    strstr(e.text, row->want + 1) != NULL, "%s: refused: %s",
		    row->name, e.text);
	else
		CHECK(ret == 0 && slice_search(slice_buf(&out), row->want) <
		    out.n, "%s: %s", row->name, ret < 0 ? e.text : "");
	buf_free(&out);
}

/* The text is whole, and what does not change stands where it should. */
static void
test_text(void)
{
	static const struct row row = {"", ONE(""), plain, "", {0}, false};
	struct buf out = {0};
	struct err e = {0};

	CHECK(make(&row, 2, &out, &e) == 0, "made");
	CHECK(slice_starts(slice_buf(&out), "package policy\n\nimport "
	    "future.keywords.every\nimport future.keywords.in\n\n"
	    "api_version := \"0.11.0\"\nframework_version := \"0.2.3\"\n\n"
	    "fragments := [\n  {\n    \"feed\": \"mcr.microsoft.com/aci/"),
	    "head");
	CHECK(slice_search(slice_buf(&out), "\nscratch_unmount := "
	    "data.framework.scratch_unmount\nrw_mount_device := "
	    "data.framework.rw_mount_device\n\n"
	    "reason := {\"errors\": data.framework.errors}") +
	    strlen("\nscratch_unmount := data.framework.scratch_unmount\n"
	    "rw_mount_device := data.framework.rw_mount_device\n\n"
	    "reason := {\"errors\": data.framework.errors}") == out.n,
	    "it ends without a line end");
	CHECK(slice_search(slice_buf(&out), ",{\"allow_elevated\":false,"
	    "\"allow_stdio_access\":false,\"capabilities\":{\"ambient\":[],"
	    "\"bounding\":[\"CAP_CHOWN\",\"CAP_DAC_OVERRIDE\","
	    "\"CAP_FSETID\"") < out.n, "the pause container is last");
	buf_free(&out);
}

/* An image of no layers has no files, whatever its configuration says. */
static void
test_no_layers(void)
{
	static const struct row row = {"", ONE(""), plain, "", {0}, false};
	struct buf out = {0};
	struct err e = {0};

	CHECK(make(&row, 0, &out, &e) < 0 && out.n == 0 &&
	    e.code == E_INPUT && strstr(e.text, "container c: the image has "
	    "no layers") != NULL, "no layers: %s", e.text);
	buf_free(&out);
}

/* As many of something as can be, and one more. */
static const struct many {
	const char *head, *item, *tail;
	size_t most;
	const char *want;
} manies[] = {
	{"{\"containers\":[", "{\"properties\":{\"image\":\"i\"}}", "]}",
	    WANT_CONTAINERS_MAX, "more than 1000 containers"},
	{"{\"resources\":[{\"type\":"
	    "\"Microsoft.ContainerInstance/containerGroups\",\"name\":\"g\","
	    "\"properties\":{\"containers\":[",
	    "{\"name\":\"c\",\"properties\":{\"image\":\"i\"}}", "]}}]}",
	    WANT_CONTAINERS_MAX, "group g: more than 1000 containers"},
	{"{\"resources\":[", "{\"type\":"
	    "\"Microsoft.ContainerInstance/containerGroups\",\"name\":\"g\","
	    "\"properties\":{\"containers\":[{\"name\":\"c\","
	    "\"properties\":{\"image\":\"i\"}}]}}", "]}",
	    WANT_GROUPS_MAX, "more than 1000 groups"},
	{"[{\"kind\":\"Pod\",\"spec\":{\"containers\":[",
	    "{\"name\":\"c\",\"image\":\"i\"}", "]}}]",
	    WANT_CONTAINERS_MAX, "1: more than 1000 containers"},
	{"[", "{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"image\":"
	    "\"i\"}]}}", "]", WANT_GROUPS_MAX, "more than 1000 workloads"},
	{"{\"containers\":[{\"name\":\"c\",\"properties\":{\"image\":\"i\","
	    "\"command\":[", "\"\"", "]}}]}", WANT_WORDS_MAX,
	    "container c: command: a list of more than 100000"},
	{"{\"fragments\":[{\"feed\":\"f\",\"issuer\":\"i\","
	    "\"minimum_svn\":1,\"includes\":[", "\"\"", "]}]}",
	    WANT_WORDS_MAX, "fragments[0]: includes: too many"},
	{"{\"fragments\":[", "{\"feed\":\"f\",\"issuer\":\"i\","
	    "\"minimum_svn\":1,\"includes\":[\"x\"]}", "]}",
	    WANT_GROUPS_MAX, "fragments: more than 1000"},
};

/* The head, n times the item, and the tail. */
static void
repeat(const struct many *m, size_t n, struct buf *out)
{
	size_t i;

	buf_adds(out, m->head);
	for (i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? "," : "");
		buf_adds(out, m->item);
	}
	buf_adds(out, m->tail);
}

static void
check_many(const struct many *m, size_t n)
{
	struct want_rules rules = {0};
	struct wants wants = {0};
	struct buf text = {0};
	struct json *doc = NULL;
	struct err e = {0};
	int ret;

	repeat(m, n, &text);
	CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "parses");
	ret = wants_find(json_root(doc), &rules, &wants, &e);
	CHECK(n <= m->most ? ret == 0 : ret < 0 && e.code == E_INPUT &&
	    strcmp(e.text, m->want) == 0, "%s: %zu: %s", m->want, n,
	    ret < 0 ? e.text : "taken");
	wants_free(&wants);
	json_free(doc);
	buf_free(&text);
}

static void
check_env(size_t n, bool good)
{
	static const struct many env = {"{\"architecture\":\"amd64\","
	    "\"config\":{\"Env\":[", "\"A=1\"", "]}}", 0, NULL};
	struct row row = {"", ONE(""), NULL, "", {0}, false};
	struct buf config = {0}, out = {0};
	struct err e = {0};
	int ret;

	repeat(&env, n, &config);
	buf_addc(&config, '\0');
	row.config = (char *)config.p;
	ret = make(&row, 2, &out, &e);
	CHECK(good ? ret == 0 : ret < 0 && e.code == E_INPUT && strstr(e.text,
	    "the image's configuration: Env: too many variables") != NULL,
	    "%zu variables: %s", n, ret < 0 ? e.text : "taken");
	buf_free(&config);
	buf_free(&out);
}

/* A file of fragments, which need not be a configuration. */
static void
test_fragments(void)
{
	struct want_fragment *v = NULL;
	struct json *doc = NULL;
	struct err e = {0};
	size_t n = 0;

	CHECK(json_parse(slice_str("{\"fragments\":{}}"), &doc, &e) == 0,
	    "parses");
	CHECK(want_fragments(json_root(doc), &v, &n, &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "fragments: an object where "
	    "an array belongs") == 0, "fragments in no list: %s", e.text);
	want_fragments_free(v, n);
	json_free(doc);
}

/* A policy put into the text of a source; want is the failure, or NULL. */
static void
check_splice(const char *name, struct slice text, const char *base64,
    const char *want)
{
	struct slice value = slice_str(base64);
	struct want_rules rules = {0};
	struct wants wants = {0};
	struct buf json = {0}, out = {0};
	struct json *doc = NULL;
	struct err e = {0};
	int ret = 0;

	if (!slice_starts(text, "{"))
		ret = yaml_to_json_whole(text, &json, &e);
	/* of a template the places are those of the text itself */
	CHECK(ret == 0 && json_parse(json.n > 0 ? slice_buf(&json) : text,
	    &doc, &e) == 0 && wants_find(json_root(doc), &rules, &wants,
	    &e) == 0 && wants.n == 1, "%s: %s", name, e.text);
	ret = inject_splice(text, &wants, &rules, &value, &out, &e);
	CHECK(want == NULL ? ret == 0 &&
	    slice_search(slice_buf(&out), base64) < out.n : ret < 0 &&
	    out.n == 0 && e.code == E_INPUT && strcmp(e.text, want) == 0,
	    "%s: put there: %s", name, ret < 0 ? e.text : "done");
	wants_free(&wants);
	json_free(doc);
	buf_free(&json);
	buf_free(&out);
}

/* A pod in so many objects. */
static void
check_deep(size_t n, const char *want)
{
	struct buf text = {0};
	size_t i;

	buf_adds(&text, "kind: Pod\nmetadata: {name: p}\n");
	for (i = 0; i < n; i++)
		buf_addf(&text, "%*stemplate:\n", (int)i, "");
	buf_addf(&text, "%*sspec: {containers: [{image: i}]}\n", (int)n, "");
	check_splice("a pod in objects", slice_buf(&text), "cGFja2FnZSBh",
	    want);
	buf_free(&text);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
	for (i = 0; i < sizeof manies / sizeof *manies; i++) {
		check_many(&manies[i], manies[i].most);
		check_many(&manies[i], manies[i].most + 1);
	}
	check_env(10000, true);
	check_env(10001, false);
	test_text();
	test_no_layers();
	test_fragments();
	check_deep(13, NULL);
	check_deep(14, "p: nested too deeply");
	check_splice("a template", slice_str(ONE("")), "cGFja2FnZSBh", NULL);
	check_splice("what reads as an expression", slice_str(ONE("")),
	    "[[x]", "the policy cannot be put there");
	return tap_done();
}
