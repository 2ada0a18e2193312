/* security.c -- what a container's securityContext and probes ask for.  See
 * read.h. */
#include "generate/read.h"

#include "codec/b64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "generate/quote.h"

/* A user or group: a whole number that is not negative. */
static int
number_of(struct reader *r, struct arm v, const char *name, struct buf *out)
{
	struct buf text = {0};
	int64_t n = -1;
	size_t i;
	bool good;

	if (!json_has(v.v))
		return 0;
	good = !v.copied && json_int(v.v, &n) && n >= 0;
	if (good)
		buf_addf(&text, "%lld", (long long)n);
	else if (r->loose && !v.copied && json_is(v.v, JSON_STRING) &&
	    json_text(v.v, name, &text, r->e) == 0)
		good = text.n > 0 && text.n <= 10;
	for (i = 0; i < text.n; i++)
		good = good && text.p[i] >= '0' && text.p[i] <= '9';
	if (good)
		buf_add(out, slice_buf(&text));
	buf_free(&text);
	return good ? 0 : err_set(r->e, E_INPUT, "securityContext: %s is no "
	    "whole number", name);
}

/* The member of a container's context, else of its pod's. */
static int
context_get(struct reader *r, struct arm context, struct arm under,
    const char *name, struct arm *holder, struct arm *out)
{
	*holder = context;
	if (read_get(r, context, name, out) < 0)
		return -1;
	if (json_has(out->v))
		return 0;
	*holder = under;
	return read_get(r, under, name, out);
}

static int
capabilities(struct reader *r, struct arm v, struct want *w)
{
	if (!json_has(v.v))
		return 0;
	if (!json_is(v.v, JSON_OBJECT))
		return err_set(r->e, E_INPUT, "securityContext: capabilities: "
		    "%s where an object belongs", json_kind_name(v.v));
	if (read_words(r, v, "add", &w->add) < 0 ||
	    read_words(r, v, "drop", &w->drop) < 0)
		return err_in(r->e, "securityContext: capabilities");
	return 0;
}

static int
seccomp(struct reader *r, struct arm v, struct want *w)
{
	struct buf text = {0};
	int ret;

	if (!json_has(v.v))
		return 0;
	if (!json_is(v.v, JSON_STRING))
		return err_set(r->e, E_INPUT, "securityContext: "
		    "seccompProfile: %s where base64 of a profile belongs",
		    json_kind_name(v.v));
	ret = read_text(r, v, "seccompProfile", &text);
	if (ret == 0 && text.n > 0)
		ret = want_seccomp(slice_buf(&text), &w->seccomp, r->e);
	buf_free(&text);
	return ret < 0 ? err_in(r->e, "securityContext") : 0;
}

int
want_security(struct reader *r, struct arm context, struct arm under,
    struct want *w)
{
	bool escalation = true;
	struct arm v, in;

	if (context_get(r, context, under, "privileged", &in, &v) < 0 ||
	    read_bool(r, in, "privileged", &w->privileged) < 0 ||
	    context_get(r, context, under, "allowPrivilegeEscalation", &in,
	    &v) < 0 ||
	    read_bool(r, in, "allowPrivilegeEscalation", &escalation) < 0)
		return err_in(r->e, "securityContext");
	w->no_new_privileges = !escalation;
	if (context_get(r, context, under, "runAsUser", &in, &v) < 0 ||
	    number_of(r, v, "runAsUser", &w->user) < 0 ||
	    context_get(r, context, under, "runAsGroup", &in, &v) < 0 ||
	    number_of(r, v, "runAsGroup", &w->group) < 0 ||
	    context_get(r, context, under, "capabilities", &in, &v) < 0 ||
	    capabilities(r, v, w) < 0 ||
	    context_get(r, context, under, "seccompProfile", &in, &v) < 0)
		return -1;
	return seccomp(r, v, w);
}

int
want_probe(struct reader *r, struct arm props, const char *name,
    struct want *w)
{
	struct words *command;
	struct arm probe, exec;

	if (read_kind(r, props, name, JSON_OBJECT, &probe) < 0)
		return -1;
	if (!json_has(probe.v))
		return 0;
	if (read_kind(r, probe, "exec", JSON_OBJECT, &exec) < 0)
		return err_in(r->e, "%s", name);
	if (!json_has(exec.v))
		return 0;
	command = want_exec_add(w);
	if (read_words(r, exec, "command", command) < 0)
		return err_in(r->e, "%s: exec", name);
	if (command->n == 0)
		return err_set(r->e, E_INPUT, "%s: exec: command is missing",
		    name);
	return 0;
}

/* --- the seccomp profile's hash ---------------------------------------- */

/* Append "name":value of the member if it is there, else of_none if that is
 * not NULL; a comma before all but the first. */
static int
member(struct json_val object, const char *name, const char *of_none,
    struct buf *out, struct err *e)
{
	struct json_val v = json_get(object, name);

	if (!json_has(v) && of_none == NULL)
		return 0;
	if (out->p[out->n - 1] != '{')
		buf_addc(out, ',');
	buf_addf(out, "\"%s\":", name);
	if (!json_has(v)) {
		buf_adds(out, of_none);
		return 0;
	}
	return quote_json(v, QUOTE_COMPACT, out, e);
}

static int
argument(struct json_val arg, struct buf *out, struct err *e)
{
	buf_addc(out, '{');
	if (member(arg, "index", "0", out, e) < 0 ||
	    member(arg, "value", "0", out, e) < 0 ||
	    member(arg, "valueTwo", NULL, out, e) < 0 ||
	    member(arg, "op", "\"\"", out, e) < 0)
		return -1;
	buf_addc(out, '}');
	return 0;
}

static int
syscall_rule(struct json_val rule, struct buf *out, struct err *e)
{
	struct json_val args = json_get(rule, "args"), v;

	buf_addc(out, '{');
	if (member(rule, "names", "[]", out, e) < 0 ||
	    member(rule, "action", "\"\"", out, e) < 0 ||
	    member(rule, "errnoRet", NULL, out, e) < 0)
		return -1;
	if (json_has(args)) {
		buf_adds(out, ",\"args\":[");
		for (v = json_first(args); json_has(v); v = json_next(v)) {
			if (v.at != json_first(args).at)
				buf_addc(out, ',');
			if (argument(v, out, e) < 0)
				return -1;
		}
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
	return 0;
}

/* The members that count, in the platform's order. */
static int
profile(struct json_val root, struct buf *out, struct err *e)
{
	static const char *const names[] = {"defaultErrnoRet",
	    "architectures", "flags", "listenerPath", "listenerMetadata"};
	struct json_val calls = json_get(root, "syscalls"), v;
	size_t i;

	buf_addc(out, '{');
	if (member(root, "defaultAction", "\"\"", out, e) < 0)
		return -1;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (member(root, names[i], NULL, out, e) < 0)
			return -1;
	if (json_has(calls)) {
		buf_adds(out, ",\"syscalls\":[");
		for (v = json_first(calls); json_has(v); v = json_next(v)) {
			if (v.at != json_first(calls).at)
				buf_addc(out, ',');
			if (syscall_rule(v, out, e) < 0)
				return -1;
		}
		buf_addc(out, ']');
	}
	buf_addc(out, '}');
	return 0;
}

int
want_seccomp(struct slice base64, struct buf *hex, struct err *e)
{
	struct buf text = {0}, out = {0};
	uint8_t sum[SHA256_SIZE];
	struct json *doc = NULL;
	int ret;

	ret = b64_decode(base64, B64_STD | B64_CRLF, &text, e);
	if (ret == 0)
		ret = json_parse(slice_buf(&text), &doc, e);
	if (ret == 0 && !json_is(json_root(doc), JSON_OBJECT))
		ret = err_set(e, E_INPUT, "no object");
	if (ret == 0)
		ret = profile(json_root(doc), &out, e);
	if (ret == 0) {
		hash_sha256(slice_buf(&out), sum);
		hex_encode(slice_of(sum, sizeof sum), hex);
	}
	json_free(doc);
	buf_free(&text);
	buf_free(&out);
	return ret < 0 ? err_in(e, "seccompProfile") : 0;
}
