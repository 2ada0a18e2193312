/* The addresses people type. */
#include "azure/endpoint.h"

#include "unit/tap.h"

static const struct {
	const char *text, *want;	/* NULL: refused */
} issuers[] = {
	{"a.attest.azure.net", "https://a.attest.azure.net"},
	{"https://a.attest.azure.net", "https://a.attest.azure.net"},
	{"https://a.attest.azure.net/", "https://a.attest.azure.net"},
	{"HttpS://A.Attest.Azure.NET/", "https://a.attest.azure.net"},
	{"a:443", "https://a"},
	{"a:8443", "https://a:8443"},
	{"127.0.0.1:1", "https://127.0.0.1:1"},
	{"[::1]:8443", "https://[::1]:8443"},
	{"[::1]", "https://[::1]"},
	{"http://a", NULL}, {"ftp://a", NULL}, {"a/b", NULL}, {"a//", NULL},
	{"https://", NULL}, {"", NULL}, {"/", NULL}, {":1", NULL},
	{"a:", NULL}, {"a:0", NULL}, {"a:01", NULL}, {"a:65536", NULL},
	{"a:1x", NULL}, {"a:1:2", NULL}, {"u@a", NULL}, {"u:p@a", NULL},
	{"a?b", NULL}, {"a#b", NULL}, {"a b", NULL}, {"a\n", NULL},
	{"a%20b", NULL}, {"a\\b", NULL}, {"-a", NULL}, {".a", NULL},
	{"a..b", NULL}, {"a_b", NULL}, {"[::1", NULL}, {"::1", NULL},
	{"[g]", NULL}, {"[]", NULL}, {"[::1]x", NULL}, {"\xc3\xa9", NULL},
	{"https://https://a", NULL}, {"a?x=https://b", NULL},
};

static const struct {
	const char *text, *want;
} sidecars[] = {
	{"http://localhost:8080", "http://localhost:8080"},
	{"http://localhost:8080/", "http://localhost:8080"},
	{"http://LOCALHOST", "http://localhost"},
	{"http://127.0.0.1:80", "http://127.0.0.1"},
	{"http://127.9.9.9:81", "http://127.9.9.9:81"},
	{"http://[::1]:8080", "http://[::1]:8080"},
	{"https://localhost:8080", NULL}, {"localhost:8080", NULL},
	{"http://10.0.0.1", NULL}, {"http://localhost.example", NULL},
	{"http://169.254.169.254", NULL}, {"http://127.0.0.1.example", NULL},
	{"http://0127.0.0.1", NULL}, {"http://127.1", NULL},
	{"http://2130706433", NULL}, {"http://localhost/attest", NULL},
	{"http://localhost@example", NULL}, {"http://[fe80::1]", NULL},
};

static const struct {
	const char *text, *base, *host, *name, *version;
} keys[] = {
	{"https://v.vault.azure.net/keys/k", "https://v.vault.azure.net",
	    "v.vault.azure.net", "k", ""},
	{"https://V.vault.azure.net:443/keys/K-1/0aF",
	    "https://v.vault.azure.net", "v.vault.azure.net", "K-1", "0aF"},
	{"https://localhost:8/keys/k/1", "https://localhost:8", "localhost",
	    "k", "1"},
	{"https://[::1]:8/keys/k/1", "https://[::1]:8", "::1", "k", "1"},
	{"http://v/keys/k", NULL, NULL, NULL, NULL},
	{"v/keys/k", NULL, NULL, NULL, NULL},
	{"https://v/keys/", NULL, NULL, NULL, NULL},
	{"https://v/keys", NULL, NULL, NULL, NULL},
	{"https://v", NULL, NULL, NULL, NULL},
	{"https://v/keys/k/", "https://v", "v", "k", ""},
	{"https://v/keys/k/1/", "https://v", "v", "k", "1"},
	{"https://v/keys/k//", NULL, NULL, NULL, NULL},
	{"https://v/keys//", NULL, NULL, NULL, NULL},
	{"https://v/keys/k/1//", NULL, NULL, NULL, NULL},
	{"https://v/keys//1", NULL, NULL, NULL, NULL},
	{"https://v/keys/k/1/release", NULL, NULL, NULL, NULL},
	{"https://v/keys/..", NULL, NULL, NULL, NULL},
	{"https://v/keys/k%2f", NULL, NULL, NULL, NULL},
	{"https://v/keys/k?x", NULL, NULL, NULL, NULL},
	{"https://v/secrets/k", NULL, NULL, NULL, NULL},
};

static const struct {
	const char *host;
	bool local;
} locals[] = {
	{"localhost", true}, {"LocalHost", true}, {"127.0.0.1", true},
	{"127.255.0.9", true}, {"::1", true}, {"169.254.169.254", true},
	{"fe80::1", true}, {"FEBF::1", true}, {"febf::", true},
	{"128.0.0.1", false}, {"169.255.0.1", false}, {"fec0::1", false},
	{"10.0.0.1", false}, {"::2", false}, {"", false}, {"127", false},
	{"127.0.0.1.nip.io", false}, {"localhost.", false},
	{"fe80.example", false}, {"127.0.0.256", false},
	{"127.0.0.01", false}, {"127.0.0", false}, {"127.0.0.1.", false},
	{"::ffff:127.0.0.1", false},
};

/* The host of a vault, and what its access tokens are for. */
static const struct {
	const char *host, *want;	/* NULL: nothing known */
} resources[] = {
	{"v.vault.azure.net", "https://vault.azure.net"},
	{"vault.vault.azure.net", "https://vault.azure.net"},
	{"v.vault.azure.cn", "https://vault.azure.cn"},
	{"v.vault.usgovcloudapi.net", "https://vault.usgovcloudapi.net"},
	{"v.privatelink.vaultcore.azure.net", "https://vault.azure.net"},
	{"v.vaultcore.azure.net", "https://vault.azure.net"},
	{"v.privatelink.vaultcore.azure.cn", "https://vault.azure.cn"},
	{"h.managedhsm.azure.net", "https://managedhsm.azure.net"},
	{"h.privatelink.managedhsm.azure.net", "https://managedhsm.azure.net"},
	{"h.uksouth.h.managedhsm.azure.net", "https://managedhsm.azure.net"},
	{"h.managedhsm.usgovcloudapi.net",
	    "https://managedhsm.usgovcloudapi.net"},
	{"vault.example.com", "https://example.com"},
	{"v.myvault.example.com", "https://myvault.example.com"},
	{"v.example.vault", "https://example.vault"},
	{"localhost", NULL}, {"v.example", NULL}, {"", NULL},
};

static void
check_resource(size_t i)
{
	struct buf b = {0};
	bool found = endpoint_resource(slice_str(resources[i].host), &b);

	CHECK(found == (resources[i].want != NULL) &&
	    slice_is(slice_buf(&b), found ? resources[i].want : ""),
	    "resource: %s", resources[i].host);
	buf_free(&b);
}

static void
check_key(size_t i)
{
	struct endpoint_key k = {0};
	struct err e = {.code = E_OK};
	int ret = endpoint_key(keys[i].text, &k, &e);

	if (keys[i].base == NULL)
		CHECK(ret < 0 && e.code == E_USAGE && e.hint[0] != '\0' &&
		    k.base.n == 0, "key refused: %s", keys[i].text);
	else
		CHECK(ret == 0 && slice_is(slice_buf(&k.base), keys[i].base) &&
		    slice_is(slice_buf(&k.host), keys[i].host) &&
		    slice_is(slice_buf(&k.name), keys[i].name) &&
		    slice_is(slice_buf(&k.version), keys[i].version),
		    "key: %s", keys[i].text);
	endpoint_key_free(&k);
}

static void
check_text(int (*f)(const char *, struct buf *, struct err *),
    const char *what, const char *text, const char *want)
{
	struct buf b = {0};
	struct err e = {.code = E_OK};
	int ret = f(text, &b, &e);

	if (want == NULL)
		CHECK(ret < 0 && e.code == E_USAGE && b.n == 0,
		    "%s refused: %s", what, text);
	else
		CHECK(ret == 0 && slice_is(slice_buf(&b), want), "%s: %s",
		    what, text);
	buf_free(&b);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof issuers / sizeof *issuers; i++)
		check_text(endpoint_issuer, "issuer", issuers[i].text,
		    issuers[i].want);
	for (i = 0; i < sizeof sidecars / sizeof *sidecars; i++)
		check_text(endpoint_sidecar, "sidecar", sidecars[i].text,
		    sidecars[i].want);
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		check_key(i);
	for (i = 0; i < sizeof resources / sizeof *resources; i++)
		check_resource(i);
	for (i = 0; i < sizeof locals / sizeof *locals; i++)
		CHECK(endpoint_local(slice_str(locals[i].host)) ==
		    locals[i].local, "local: %s", locals[i].host);
	return tap_done();
}
