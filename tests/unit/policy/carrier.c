/* Documents that carry policies: where they are found, what they are called,
 * what a template's expressions come to, and what is not guessed. */
#include "policy/carrier.h"

#include <stdio.h>

#include "policy/manifest.h"
#include "unit/tap.h"

#define POLICY "cGFja2FnZSBw"	/* package p */
/* Its hash. */
#define SUM \
	"ecadde608b070b7cc59ca39f75800abd426976274cf0edf60a6c8d1bcc7cd316"

static int
find(struct slice text, const char *parameters, struct policies *out,
    struct err *e)
{
	struct policy_ask ask = {.yaml = &manifest_kind};
	struct json *doc = NULL;
	int ret = 0;

	if (parameters != NULL)
		ret = json_parse(slice_str(parameters), &doc, e);
	if (doc != NULL)
		ask.parameters = json_root(doc);
	if (ret == 0)
		ret = policies_find(text, &ask, out, e);
	json_free(doc);
	return ret;
}

/* What is found, as "name=text;", or "name!why;" for what cannot be had, or
 * "!why" for the whole. */
static void
carried(const char *text, const char *parameters, const char *want)
{
	struct policies p = {0};
	struct buf got = {0};
	struct err e;
	size_t i;

	if (find(slice_str(text), parameters, &p, &e) < 0)
		buf_addf(&got, "!%s", e.text);
	for (i = 0; i < p.n; i++) {
		buf_add(&got, slice_buf(&p.v[i].name));
		if (p.v[i].err.code != E_OK) {
			buf_addf(&got, "!%s;", p.v[i].err.text);
			continue;
		}
		buf_addc(&got, '=');
		buf_add(&got, p.v[i].text);
		buf_addc(&got, ';');
	}
	CHECK(slice_is(slice_buf(&got), want), "%s gives %.*s", text,
	    (int)got.n, (const char *)got.p);
	policies_free(&p);
	buf_free(&got);
}

static void
test_json(void)
{
	carried("{\"name\":\"g\",\"properties\":{\"ccePolicy\":\"" POLICY
	    "\"}}", NULL, "g=package p;");
	/* a template in the form that Bicep makes */
	carried("{\"languageVersion\":\"2.0\",\"variables\":{\"$fxv#0\":"
	    "\"package p\"},\"resources\":{\"cg\":{\"name\":\"x\","
	    "\"properties\":{\"ccePolicy\":\"[base64(variables('$fxv#0'))]"
	    "\"}}}}", NULL, "x=package p;");
	carried("[{\"CCEPOLICY\":\"" POLICY "\"},{\"ccepolicy\":\"" POLICY
	    "\"}]", NULL,
	    ".[0].CCEPOLICY=package p;.[1].ccepolicy=package p;");
	carried("{\"parameters\":{\"ccePolicy\":{\"type\":\"string\"}},"
	    "\"ccePolicy\":null}", NULL, "!no policy: no member is named "
	    "ccePolicy, nor is there an annotation with one");
	carried("{\"ccePolicy\":\"" POLICY "\",\"CcePolicy\":\"\"}", NULL,
	    "!two members of one object are named ccePolicy");
	carried("{\"metadata\":{\"name\":\"pod\",\"annotations\":{"
	    "\"io.katacontainers.config.agent.policy\":\"" POLICY "\"}}}",
	    NULL, "pod=package p;");
	carried("{\"metadata\":{\"name\":\"d\"},\"spec\":{\"template\":{"
	    "\"metadata\":{\"annotations\":{\"microsoft.containerinstance."
	    "virtualnode.ccepolicy\":\"" POLICY "\"}}}}}", NULL,
	    "d=package p;");
	carried("{\"ccePolicy\":\"\"}", NULL,
	    ".ccePolicy!ccePolicy: empty: it holds no policy;");
	carried("{\"ccePolicy\":\"" POLICY "\"", NULL,
	    "!json: ends too early at offset 27");
	carried("{\"allow_all\":true}", NULL, "={\"allow_all\":true};");
	carried("{\"ccePolicy\":\"" POLICY "\\n\"}", NULL,
	    ".ccePolicy=package p;");
	/* CCF's join policy: a text, and the hash of it */
	carried("{\"snp\":{\"hostData\":{\"" SUM "\":\"package p\"}}}", NULL,
	    SUM "=package p;");
	carried("{\"snp\":{\"hostData\":{\"" SUM "\":\"package q\"}}}", NULL,
	    SUM "!the hash is 6b2e6ef6dea7102af4e88f9b540b3f5d425cb3fb"
	    "c255c615e4760ade86554b01, not " SUM ";");
	carried("{\"snp\":{\"hostData\":{\"" SUM "\":\"\"}}}", NULL,
	    SUM "!empty: it holds no policy;");
	carried("{\"snp\":{\"other\":{\"" SUM "\":\"package p\"}}}", NULL,
	    "!no policy: no member is named ccePolicy, nor is there an "
	    "annotation with one");
	carried("{\"ccePolicy\":\" " POLICY "\"}", NULL, ".ccePolicy!ccePolicy"
	    ": base64: white space at offset 0;");
}

static void
test_yaml(void)
{
	carried("apiVersion: v1\nmetadata:\n  name: a\n  annotations:\n"
	    "    microsoft.containerinstance.virtualnode.ccepolicy: " POLICY
	    "\n---\nmetadata:\n  name: b\n  annotations:\n"
	    "    'io.katacontainers.config.agent.policy': \"" POLICY "\"\n",
	    NULL, "a=package p;b=package p;");
	carried("kind: x\nmetadata:\n  annotations:\n"
	    "    virtual-kubelet.io/confidential-compute-cce-policy: |\n"
	    "      cGFj\n      a2FnZSBw\n", NULL, ".[0].metadata.annotations["
	    "\"virtual-kubelet.io/confidential-compute-cce-policy\"]="
	    "package p;");
	carried("name: g\nproperties:\n  ccePolicy: >-\n    " POLICY "\n",
	    NULL, "g=package p;");
	carried("kind: CronJob\nmetadata:\n  name: c\nspec:\n  jobTemplate:\n"
	    "    spec:\n      template:\n        metadata:\n"
	    "          annotations: {microsoft.containerinstance.virtualnode."
	    "ccepolicy: " POLICY "}\n", NULL, "c=package p;");
	carried("kind: List\r\nitems:\r\n- metadata:\r\n    name: a\r\n"
	    "    annotations:\r\n      io.katacontainers.config.agent.policy: "
	    POLICY "\r\n", NULL, "a=package p;");
	carried("name: g\nccePolicy: >\n  " POLICY "\n", NULL,
	    "g=package p;");
	/* folded lines become blanks, which the platform refuses */
	carried("name: g\nccePolicy: >\n    cGFj\n    a2FnZSBw\n", NULL,
	    "g!ccePolicy: base64: white space at offset 4;");
	carried("name: g\nccePolicy: &p " POLICY "\nx:\n  name: h\n"
	    "  ccePolicy: *p\n", NULL, "g=package p;h=package p;");
	carried("name: g\nccePolicy: !!binary " POLICY "\n", NULL,
	    "!yaml: line 2: a tag that is not !!str");
	carried("name: g\nccePolicy: a\nccePolicy: b\n", NULL,
	    "!yaml: name given twice: \"ccePolicy\"");
	carried("kind: Pod\nmetadata:\n  name: p\n", NULL, "!no policy: no "
	    "member is named ccePolicy, nor is there an annotation with one");
	carried("kind: Pod\nmetadata:\n  name: p\n  annotations:\n    io."
	    "katacontainers.config.hypervisor.cc_init_data: H4sI\n", NULL,
	    "p!initdata, which is no policy but holds one;");
	carried("a: &a [1, *a]\nb: *a\nccePolicy: " POLICY "\n", NULL,
	    ".[0].ccePolicy=package p;");
	carried("a: *b\n", NULL, "!yaml: line 1: an alias of nothing");
	carried("a:\n  ? [b]\n  : c\n", NULL,
	    "!yaml: line 2: a key that is no scalar");
	carried("a: 'b\n", NULL, "!yaml: line 2: found unexpected end of "
	    "stream");
	carried("ccePolicy: ''\nname: e\n", NULL,
	    "e!ccePolicy: empty: it holds no policy;");
}

/* What is no policy is called by its name, as it is and in base64. */
static void
test_others(void)
{
	static const char initdata[] =
	    "!initdata, which is no policy but holds one";

	carried("\xd2\x84\x43\xa1\x01\x26", NULL, "!a signed fragment (COSE), "
	    "which is not hashed into HOST_DATA");
	carried("0oRDoQEm", NULL, "!a signed fragment (COSE), which is not "
	    "hashed into HOST_DATA;");
	carried("algorithm = \"sha256\"\nversion = \"0.1.0\"\n[data]\n"
	    "\"policy.rego\" = \"package agent_policy\"\n", NULL,
	    initdata);
	carried("version = \"0.1.0\"\n", NULL, "!no policy: neither Rego, "
	    "whose first word is \"package\", nor base64 of it, nor a document "
	    "that carries one");
	carried("\x1f\x8b\x08", NULL, initdata);
	carried("H4sI", NULL, "!initdata, which is no policy but holds one;");
}

static void
test_bicep(void)
{
	carried("using 'main.bicep'\nparam p={ aci: '" POLICY "', b:'x' }\n",
	    NULL, "aci=package p;");
	carried("// c\nusing none\nparam policy = '''\n" POLICY "'''\n", NULL,
	    "policy=package p;");
	carried("param a = 'it\\'s' // '" POLICY "'\n/* '" POLICY "' */ "
	    "param b = '" POLICY "'\n", NULL, "b=package p;");
	carried("using 'm'\nparam p = loadFileAsBase64('p.rego')\n", NULL,
	    "!no policy: no text is base64 of one");
	carried("param\ta = '" POLICY "'\n", NULL, "a=package p;");
	carried("params = '" POLICY "'\n", NULL, "!no policy: neither Rego, "
	    "whose first word is \"package\", nor base64 of it, nor a document "
	    "that carries one");
	carried("param a = '" POLICY, NULL, "a=package p;");
	carried("param a = '''" POLICY, NULL, "a=package p;");
}

#define TEMPLATE(rest) "{\"parameters\":{\"p\":{\"type\":\"string\"}," \
	"\"d\":{\"defaultValue\":\"" POLICY "\"}," \
	"\"o\":{\"type\":\"object\"}}," \
	"\"variables\":{\"v\":\"[parameters('d')]\",\"r\":\"package p\"," \
	"\"l\":[\"x\",{\"a b\":\"[variables('v')]\"}],\"n\":1," \
	"\"loop\":\"[variables('loop')]\"},\"resources\":[{\"name\":" \
	"\"[parameters('g')]\",\"ccePolicy\":\"" rest "\"}]}"
#define NAME "[parameters('g')]"

static void
test_template(void)
{
	static const char given[] = "{\"parameters\":{\"P\":{\"value\":"
	    "\"cGFja2FnZSBx\"},\"o\":{\"value\":{\"aci\":\"cGFja2FnZSBx\"}},"
	    "\"g\":{\"value\":\"grp\"}}}";
	static const char secure[] =
	    "{\"parameters\":{\"p\":{\"secureValue\":\"" POLICY "\"}}}";
	static const char vault[] =
	    "{\"p\":{\"reference\":{\"keyVault\":{}}}}";

	carried(TEMPLATE("[parameters('d')]"), NULL, NAME "=package p;");
	carried(TEMPLATE("[PARAMETERS( 'D' )]"), NULL, NAME "=package p;");
	carried(TEMPLATE("[variables('v')]"), NULL, NAME "=package p;");
	carried(TEMPLATE("[base64(variables('r'))]"), NULL,
	    NAME "=package p;");
	carried(TEMPLATE("[base64('package it''s')]"), NULL,
	    NAME "=package it's;");
	carried(TEMPLATE("[variables('l')[1]['a b']]"), NULL,
	    NAME "=package p;");
	carried(TEMPLATE("[parameters('p')]"), given, "grp=package q;");
	carried(TEMPLATE("[parameters('o').aci]"), given, "grp=package q;");
	carried(TEMPLATE("[parameters('p')]"), NULL, NAME
	    "!ccePolicy: parameter 'p' has no value here;");
	carried(TEMPLATE("[parameters('q')]"), NULL, NAME
	    "!ccePolicy: parameter 'q' is not declared;");
	carried(TEMPLATE("[parameters('p')]"), secure, NAME "=package p;");
	carried(TEMPLATE("[parameters('p')]"), vault, NAME "!ccePolicy: "
	    "parameter 'p' is a secret of a key vault, which is not fetched;");
	carried(TEMPLATE("[resourceGroup().location]"), NULL, NAME
	    "!ccePolicy: function 'resourceGroup' is not evaluated here;");
	carried(TEMPLATE("[variables('loop')]"), NULL, NAME "!ccePolicy: "
	    "expressions that lead to expressions, more than 32;");
	carried(TEMPLATE("[variables('n')]"), NULL, NAME
	    "!ccePolicy: the expression gives a number, not a string;");
	carried(TEMPLATE("[variables('l')[7]]"), NULL, NAME
	    "!ccePolicy: expression: '7' is not in the value;");
	carried(TEMPLATE("[variables('v')"), NULL, NAME
	    "!ccePolicy: base64: not a character of the alphabet at offset 0;");
	carried(TEMPLATE("[[parameters('d')]"), NULL, NAME
	    "!ccePolicy: base64: not a character of the alphabet at offset 0;");
	carried(TEMPLATE("[parameters('d')] x]"), NULL, NAME
	    "!ccePolicy: expression: '] x' is not evaluated here;");
	carried(TEMPLATE("[parameters(d)]"), NULL, NAME "!ccePolicy: "
	    "function 'd' is not evaluated here;");
	carried(TEMPLATE("[parameters(7)]"), NULL, NAME "!ccePolicy: "
	    "parameters() of a number;");
}

/* A nested deployment's names are its own if it says so. */
static void
test_nested(void)
{
	static const char form[] = "{\"parameters\":{\"p\":{\"defaultValue\":"
	    "\"cGFja2FnZSBvdXRlcg==\"}},\"resources\":[{\"type\":"
	    "\"Microsoft.Resources/deployments\",\"name\":\"n\","
	    "\"properties\":{%s\"parameters\":{\"x\":{\"value\":"
	    "\"[parameters('p')]\"}},\"template\":{\"parameters\":{\"p\":"
	    "{\"defaultValue\":\"cGFja2FnZSBpbm5lcg==\"}},\"resources\":"
	    "{\"g\":{\"ccePolicy\":\"[parameters('%s')]\"}}}}}]}";
	static const char inner[] =
	    "\"expressionEvaluationOptions\":{\"scope\":\"Inner\"},";
	static const struct {
		const char *scope, *name, *want;
	} rows[] = {
		{inner, "p", "n=package inner;"},
		{inner, "x", "n=package outer;"},
		{"", "p", "n=package outer;"},
		{"", "x", "n!ccePolicy: parameter 'x' is not declared;"},
	};
	struct buf text = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_cut(&text, 0);
		buf_addf(&text, form, rows[i].scope, rows[i].name);
		buf_addc(&text, 0);
		carried((char *)text.p, NULL, rows[i].want);
	}
	buf_free(&text);
}

int
main(void)
{
	test_json();
	test_yaml();
	test_others();
	test_bicep();
	test_template();
	test_nested();
	return tap_done();
}
