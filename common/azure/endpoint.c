/* endpoint.c -- see endpoint.h. */
#include "azure/endpoint.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum {
	HOST_MAX = 253,		/* characters, RFC 1035 section 2.3.4 */
	NAME_MAX_KEY = 127,	/* characters of a key's name or version */
};

/* An address taken apart; the slices point into the text. */
struct parts {
	bool http, https;	/* the scheme, if there is one */
	struct slice host;	/* with its brackets, if it has any */
	struct slice port;	/* digits, or empty */
	struct slice path;	/* from the slash on, or empty */
};

static bool
scheme(struct slice *s, const char *name)
{
	if (!slice_starts_nocase(*s, name))
		return false;
	*s = slice_from(*s, strlen(name));
	return true;
}

static bool
host_char(uint8_t c, bool literal)
{
	if (literal)
		return isxdigit(c) || c == ':' || c == '.';
	return isalnum(c) || c == '-' || c == '.';
}

/* Characters a host can have; brackets around an IPv6 address. */
static bool
host_ok(struct slice h)
{
	bool literal = h.n > 2 && h.p[0] == '[' && h.p[h.n - 1] == ']';
	size_t i;

	if (literal)
		h = slice_head(slice_from(h, 1), h.n - 2);
	if (h.n == 0 || h.n > HOST_MAX || h.p[0] == '-' || h.p[0] == '.')
		return false;
	for (i = 0; i < h.n; i++)
		if (!host_char(h.p[i], literal) ||
		    (i > 0 && h.p[i] == '.' && h.p[i - 1] == '.'))
			return false;
	return true;
}

static bool
port_ok(struct slice p)
{
	unsigned long v = 0;
	size_t i;

	if (p.n == 0 || p.n > 5 || p.p[0] == '0')
		return false;
	for (i = 0; i < p.n; i++) {
		if (!isdigit(p.p[i]))
			return false;
		v = v * 10 + (unsigned long)(p.p[i] - '0');
	}
	return v <= 65535;
}

static int
take_apart(const char *text, struct parts *out, struct err *e)
{
	struct slice s = slice_str(text), authority;
	size_t end, colon;

	*out = (struct parts){0};
	out->https = scheme(&s, "https://");
	out->http = !out->https && scheme(&s, "http://");
	if (slice_search(s, "://") < s.n)
		return err_set(e, E_USAGE, "%s: no http or https address",
		    text);
	if (slice_find(s, '@') < s.n)
		return err_set(e, E_USAGE, "%s: a user name or password does "
		    "not belong there", text);
	if (slice_find(s, '?') < s.n || slice_find(s, '#') < s.n)
		return err_set(e, E_USAGE, "%s: a query or fragment does not "
		    "belong there", text);
	end = slice_find(s, '/');
	authority = slice_head(s, end);
	out->path = slice_from(s, end);
	/* the colons of [::1] are no port's */
	colon = slice_find(authority, ']');
	colon = colon == authority.n ? 0 : colon;
	colon += slice_find(slice_from(authority, colon), ':');
	out->host = slice_head(authority, colon);
	if (!host_ok(out->host))
		return err_set(e, E_USAGE, "%s: no host name or address",
		    text);
	out->port = slice_from(authority, colon + 1);
	if (colon < authority.n && !port_ok(out->port))
		return err_set(e, E_USAGE, "%s: no port number from 1 to "
		    "65535", text);
	return 0;
}

static void
put_base(const struct parts *p, const char *prefix, const char *standard,
    struct buf *out)
{
	size_t i;

	buf_adds(out, prefix);
	for (i = 0; i < p->host.n; i++)
		buf_addc(out, (uint8_t)tolower(p->host.p[i]));
	if (p->port.n > 0 && !slice_is(p->port, standard)) {
		buf_addc(out, ':');
		buf_add(out, p->port);
	}
}

int
endpoint_issuer(const char *text, struct buf *out, struct err *e)
{
	struct parts p;

	if (take_apart(text, &p, e) < 0)
		return err_hint(e, "an endpoint is HOST or https://HOST, such "
		    "as sharedeus.eus.attest.azure.net");
	if (p.http) {
		(void)err_set(e, E_USAGE, "%s: not over plain http", text);
		return err_hint(e, "leave the scheme out or write https://");
	}
	if (p.path.n > 0 && !slice_is(p.path, "/")) {
		(void)err_set(e, E_USAGE, "%s: an endpoint has no path", text);
		return err_hint(e, "leave %.*s out", (int)p.path.n, p.path.p);
	}
	put_base(&p, "https://", "443", out);
	return 0;
}

/* Four numbers from 0 to 255 with dots between; v receives them. */
static bool
dotted(struct slice h, unsigned v[4])
{
	size_t i, n = 0, digits = 0;

	v[0] = 0;
	for (i = 0; i < h.n; i++) {
		if (h.p[i] == '.') {
			if (digits == 0 || n == 3)
				return false;
			v[++n] = 0;
			digits = 0;
		} else if (!isdigit(h.p[i]) || ++digits > 3 ||
		    (digits == 2 && v[n] == 0)) {
			/* 010 is eight to some and ten to others */
			return false;
		} else {
			v[n] = v[n] * 10 + (unsigned)(h.p[i] - '0');
			if (v[n] > 255)
				return false;
		}
	}
	return n == 3 && digits > 0;
}

static bool
is_text(struct slice h, const char *text)
{
	return h.n == strlen(text) &&
	    strncasecmp((const char *)h.p, text, h.n) == 0;
}

static bool
loopback(struct slice h)
{
	unsigned v[4];

	return is_text(h, "localhost") || is_text(h, "::1") ||
	    (dotted(h, v) && v[0] == 127);
}

bool
endpoint_local(struct slice h)
{
	unsigned v[4];

	if (loopback(h) || (dotted(h, v) && v[0] == 169 && v[1] == 254))
		return true;
	/* fe80::/10 */
	return h.n > 4 && strncasecmp((const char *)h.p, "fe", 2) == 0 &&
	    strchr("89abAB", h.p[2]) != NULL && isxdigit(h.p[3]) &&
	    h.p[4] == ':';
}

struct slice
endpoint_host(struct slice url)
{
	size_t n, at = slice_search(url, "://");

	if (at < url.n)
		url = slice_from(url, at + 3);
	if (url.n > 0 && url.p[0] == '[') {
		url = slice_from(url, 1);
		return slice_head(url, slice_find(url, ']'));
	}
	for (n = 0; n < url.n && strchr(":/?#", url.p[n]) == NULL; n++)
		;
	return slice_head(url, n);
}

int
endpoint_sidecar(const char *text, struct buf *out, struct err *e)
{
	struct parts p;

	if (take_apart(text, &p, e) < 0)
		return -1;
	if (!p.http || (p.path.n > 0 && !slice_is(p.path, "/")) ||
	    !loopback(endpoint_host(slice_str(text)))) {
		(void)err_set(e, E_USAGE, "%s: no address of a sidecar", text);
		return err_hint(e, "a sidecar is http://localhost:8080 or "
		    "another port of this host");
	}
	put_base(&p, "http://", "80", out);
	return 0;
}

/* Labels of a vault's domain, and what its resource calls them. */
static const struct {
	const char *label, *resource;
} services[] = {
	{"vault", "vault"},
	{"vaultcore", "vault"},
	{"managedhsm", "managedhsm"},
};

bool
endpoint_resource(struct slice host, struct buf *out)
{
	struct slice rest = slice_from(host, slice_find(host, '.') + 1);
	struct slice at, label;
	size_t i;

	for (at = rest; at.n > 0; at = slice_from(at, label.n + 1)) {
		label = slice_head(at, slice_find(at, '.'));
		for (i = 0; i < sizeof services / sizeof *services; i++)
			if (is_text(label, services[i].label) &&
			    label.n < at.n) {
				buf_addf(out, "https://%s",
				    services[i].resource);
				buf_add(out, slice_from(at, label.n));
				return true;
			}
	}
	if (slice_find(rest, '.') == rest.n)
		return false;
	buf_adds(out, "https://");
	buf_add(out, rest);
	return true;
}

static bool
name_ok(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!isalnum(s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= NAME_MAX_KEY;
}

int
endpoint_key(const char *text, struct endpoint_key *out, struct err *e)
{
	struct slice name, version;
	struct parts p;

	if (take_apart(text, &p, e) < 0)
		goto bad;
	if (!p.https) {
		(void)err_set(e, E_USAGE, "%s: no https:// address", text);
		goto bad;
	}
	name = slice_from(p.path, strlen("/keys/"));
	if (!slice_starts(p.path, "/keys/")) {
		(void)err_set(e, E_USAGE, "%s: no /keys/ behind the host",
		    text);
		goto bad;
	}
	/* one slash at the end, as portals and scripts leave it */
	if (name.n > 1 && name.p[name.n - 1] == '/')
		name.n--;
	version = slice_from(name, slice_find(name, '/'));
	name = slice_head(name, slice_find(name, '/'));
	if (!name_ok(name) || (version.n > 0 &&
	    !name_ok(slice_from(version, 1)))) {
		(void)err_set(e, E_USAGE, "%s: no name and version of a key",
		    text);
		goto bad;
	}
	put_base(&p, "https://", "443", &out->base);
	buf_add(&out->host, endpoint_host(slice_buf(&out->base)));
	buf_add(&out->name, name);
	buf_add(&out->version, slice_from(version, 1));
	return 0;
bad:
	return err_hint(e, "a key is https://VAULT/keys/NAME or "
	    "https://VAULT/keys/NAME/VERSION");
}

void
endpoint_key_free(struct endpoint_key *k)
{
	buf_free(&k->base);
	buf_free(&k->host);
	buf_free(&k->name);
	buf_free(&k->version);
}
