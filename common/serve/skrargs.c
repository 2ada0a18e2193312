/* skrargs.c -- see skrargs.h. */
#include "serve/skrargs.h"

#include <stdlib.h>

#include "azure/endpoint.h"
#include "codec/b64.h"
#include "value/json.h"

static const struct {
	const char *theirs, *ours, *env;
} names[] = {
	{"base64", "base64", "SkrSideCarArgs"},
	{"port", "port", "Port"},
	{"loglevel", "log-level", "LogLevel"},
	{"logfile", "log-file", "LogFile"},
	{"server_type", "server-type", "ServerType"},
};

enum { NAMES = sizeof names / sizeof *names };

static char *
word(const char *name, const char *value)
{
	struct buf b = {0};
	char *out;

	buf_addf(&b, "--%s%s%s", name, value != NULL ? "=" : "",
	    value != NULL ? value : "");
	out = slice_dup(slice_buf(&b));
	buf_free(&b);
	return out;
}

/* "-port" and "--port=8080" are ours after this; NULL for any other word. */
static char *
translate(const char *arg)
{
	const char *s = arg, *value;
	size_t i, n;

	if (*s++ != '-')
		return NULL;
	s += *s == '-';
	value = strchr(s, '=');
	n = value != NULL ? (size_t)(value - s) : strlen(s);
	for (i = 0; i < NAMES; i++)
		if (strlen(names[i].theirs) == n &&
		    strncmp(s, names[i].theirs, n) == 0)
			return word(names[i].ours, value != NULL ? value + 1 :
			    NULL);
	return NULL;
}

char **
skrargs(int *argc, char **argv)
{
	static char **kept;	/* the options borrow from it */
	char **out = calloc((size_t)*argc + NAMES + 1, sizeof *out), *other;
	const char *value;
	int i, n = 0;

	if (out == NULL)
		err_nomem();
	kept = out;
	if (*argc > 0)
		out[n++] = argv[0];
	for (i = 0; i < NAMES; i++)
		if ((value = getenv(names[i].env)) != NULL && *value != '\0')
			out[n++] = word(names[i].ours, value);
	for (i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
		other = translate(argv[i]);
		out[n++] = other != NULL ? other : argv[i];
	}
	for (; i < *argc; i++)
		out[n++] = argv[i];
	*argc = n;
	return kept;
}

/* Append a member's text, if it is there; E_INPUT if it is none. */
static int
member(struct json_val object, const char *name, struct buf *out,
    struct err *e)
{
	struct json_val v = json_get(object, name);

	return !json_has(v) || json_is(v, JSON_NULL) ? 0 :
	    json_text(v, name, out, e);
}

/* The host of an endpoint, which people write with a path behind it. */
static int
host(struct slice text, struct buf *out, struct err *e)
{
	size_t scheme = slice_search(text, "://");
	struct buf base = {0};
	char *at;
	int ret;

	if (text.n == 0)
		return 0;
	if (scheme < text.n)
		text = slice_from(text, scheme + 3);
	at = slice_dup(slice_head(text, slice_find(text, '/')));
	if ((ret = endpoint_issuer(at, &base, e)) == 0)
		buf_add(out, slice_from(slice_buf(&base), strlen("https://")));
	free(at);
	buf_free(&base);
	return ret;
}

static int
read_source(struct json_val cache, struct skr_settings *out, struct err *e)
{
	static const char *const types[] = {[SOURCE_THIM] = "LocalTHIM",
	    [SOURCE_AMD] = "AMD", [SOURCE_AZCACHE] = "AzCache"};
	struct json_val type = json_get(cache, "endpoint_type");
	size_t i;

	if (!json_has(type) || json_text_is(type, ""))
		return 0;
	for (i = 0; i < sizeof types / sizeof *types; i++)
		if (json_text_is(type, types[i])) {
			out->has_source = true;
			out->source = (enum cert_source)i;
			return 0;
		}
	return err_set(e, E_USAGE, "certcache.endpoint_type: not AMD, "
	    "AzCache or LocalTHIM");
}

static int
read_cache(struct json_val cache, struct skr_settings *out, struct err *e)
{
	struct buf endpoint = {0}, client = {0};
	int ret = -1;

	if (read_source(cache, out, e) == 0 &&
	    member(cache, "endpoint", &endpoint, e) == 0 &&
	    host(slice_buf(&endpoint), &out->cache, e) == 0 &&
	    member(cache, "tee_type", &out->tee_type, e) == 0 &&
	    member(cache, "api_version", &out->query, e) == 0 &&
	    member(cache, "client_id", &client, e) == 0) {
		if (out->query.n > 0 && client.n > 0)
			buf_addc(&out->query, '&');
		buf_add(&out->query, slice_buf(&client));
		ret = 0;
	}
	buf_free(&endpoint);
	buf_free(&client);
	return ret < 0 ? err_in(e, "certcache") : 0;
}

static void
end_texts(struct skr_settings *s)
{
	struct buf *const all[] = {&s->cache, &s->tee_type, &s->query,
	    &s->client_id, NULL};
	size_t i;

	for (i = 0; all[i] != NULL; i++)
		if (all[i]->n > 0)
			buf_addc(all[i], '\0');
}

int
skrargs_read(const char *base64, struct skr_settings *out, struct err *e)
{
	struct json *doc = NULL;
	struct buf raw = {0};
	int ret = -1;

	if (b64_decode(slice_str(base64), B64_POLICY, &raw, e) == 0 &&
	    json_parse(slice_buf(&raw), &doc, e) == 0) {
		if (!json_is(json_root(doc), JSON_OBJECT))
			(void)err_set(e, E_USAGE, "no JSON object");
		else if (read_cache(json_get(json_root(doc), "certcache"),
		    out, e) == 0 && member(json_get(json_root(doc),
		    "identity"), "client_id", &out->client_id, e) == 0)
			ret = 0;
	}
	json_free(doc);
	buf_free(&raw);
	end_texts(out);
	if (ret == 0)
		return 0;
	skrargs_free(out);
	e->code = E_USAGE;
	return -1;
}

void
skrargs_free(struct skr_settings *s)
{
	buf_free(&s->cache);
	buf_free(&s->tee_type);
	buf_free(&s->query);
	buf_free(&s->client_id);
}
