/* allow.c -- see allow.h. */
#include "serve/allow.h"

#include <ctype.h>
#include <strings.h>

static const char *const providers[] = {
	"*.attest.azure.net", "*.attest.azure.us", "*.attest.azure.cn",
};

static const char *const vaults[] = {
	"*.vault.azure.net", "*.vault.usgovcloudapi.net", "*.vault.azure.cn",
	"*.managedhsm.azure.net", "*.managedhsm.usgovcloudapi.net",
	"*.managedhsm.azure.cn",
};

/* Where the port's colon is; those of an address in brackets are none. */
static size_t
colon(struct slice s)
{
	size_t end = slice_find(s, ']');

	end = end == s.n ? 0 : end;
	return end + slice_find(slice_from(s, end), ':');
}

bool
allow_pattern_ok(const char *text)
{
	struct slice s = slice_str(text), host, port;
	bool literal;
	size_t i;

	host = slice_head(s, colon(s));
	port = slice_from(s, host.n + 1);
	if (slice_starts(host, "*."))
		host = slice_from(host, 2);
	literal = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	for (i = 0; i < host.n; i++)
		if (!isalnum(host.p[i]) && host.p[i] != '-' &&
		    host.p[i] != '.' && !(literal &&
		    strchr("[]:", host.p[i]) != NULL))
			return false;
	if (host.n == 0 || host.p[0] == '.' ||
	    (colon(s) < s.n && port.n == 0))
		return false;
	if (slice_is(port, "*"))
		return true;
	for (i = 0; i < port.n; i++)
		if (!isdigit(port.p[i]))
			return false;
	return port.n <= 5;
}

static bool
same(struct slice a, struct slice b)
{
	return a.n == b.n && strncasecmp((const char *)a.p, (const char *)b.p,
	    a.n) == 0;
}

static bool
matches(struct slice pattern, struct slice authority)
{
	struct slice host = slice_head(authority, colon(authority));
	struct slice port = slice_from(authority, host.n + 1);
	struct slice want = slice_head(pattern, colon(pattern));
	struct slice want_port = slice_from(pattern, want.n + 1);

	if (slice_is(want_port, "443"))
		want_port.n = 0;
	if (!slice_is(want_port, "*") && !same(want_port, port))
		return false;
	if (!slice_starts(want, "*."))
		return same(want, host);
	want = slice_from(want, 1);
	return host.n > want.n && same(slice_from(host, host.n - want.n),
	    want);
}

int
allow_check(const char *const *patterns, size_t n, enum allow_kind kind,
    struct slice base, struct err *e)
{
	struct slice authority = slice_from(base, strlen("https://"));
	size_t i;

	if (n == 0) {
		patterns = kind == ALLOW_MAA ? providers : vaults;
		n = kind == ALLOW_MAA ? sizeof providers / sizeof *providers :
		    sizeof vaults / sizeof *vaults;
	}
	for (i = 0; i < n; i++)
		if (matches(slice_str(patterns[i]), authority))
			return 0;
	(void)err_set(e, E_REFUSED, "%s: %.*s is not among the hosts that "
	    "may be asked", kind == ALLOW_MAA ? "maa_endpoint" :
	    "akv_endpoint", (int)authority.n, (const char *)authority.p);
	return err_hint(e, "skr-serve --allow-endpoint names others");
}
