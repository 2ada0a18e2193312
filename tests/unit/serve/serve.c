/* Which hosts may be asked, what failures become, the original's settings and
 * spelling. */
#include "serve/answer.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "serve/allow.h"
#include "serve/skrargs.h"
#include "unit/tap.h"

static bool
may(const char *pattern, const char *host)
{
	struct buf base = {0};
	struct err e;
	bool yes;

	buf_addf(&base, "https://%s", host);
	yes = allow_check(&pattern, pattern != NULL, ALLOW_VAULT,
	    slice_buf(&base), &e) == 0;
	buf_free(&base);
	return yes;
}

static void
hosts(void)
{
	static const char *const yes[][2] = {
		{NULL, "v.vault.azure.net"}, {NULL, "h.managedhsm.azure.net"},
		{NULL, "v.vault.usgovcloudapi.net"},
		{NULL, "v.vault.azure.cn"}, {"*.a.b", "c.a.b"},
		{"*.a.b", "d.c.a.b"}, {"*.a.b:443", "c.a.b"},
		{"a.b", "A.B"}, {"a.b:1", "a.b:1"}, {"a.b:*", "a.b:9"},
		{"a.b:*", "a.b"}, {"[::1]:*", "[::1]:8"},
	};
	static const char *const no[][2] = {
		{NULL, "v.vault.azure.net.evil.example"},
		{NULL, "evilvault.azure.net"}, {NULL, "vault.azure.net"},
		{NULL, ".vault.azure.net.evil"}, {NULL, "localhost"},
		{NULL, "v.vault.azure.net:8443"},
		{NULL, "s.eus.attest.azure.net"}, {"*.a.b", "a.b"},
		{"*.a.b", "xa.b"}, {"a.b", "c.a.b"}, {"a.b", "a.b:1"},
		{"a.b:1", "a.b"}, {"a.b:1", "a.b:10"},
	};
	static const char *const patterns[] = {"", "*", "*.", "*.*", "a*.b",
	    ".a", "a:", "a:x", "a:123456", "a/b", "https://a", "a b"};
	size_t i;

	for (i = 0; i < sizeof yes / sizeof *yes; i++)
		CHECK(may(yes[i][0], yes[i][1]), "%s may be asked",
		    yes[i][1]);
	for (i = 0; i < sizeof no / sizeof *no; i++)
		CHECK(!may(no[i][0], no[i][1]), "%s may not by %s", no[i][1],
		    no[i][0] != NULL ? no[i][0] : "default");
	for (i = 0; i < sizeof patterns / sizeof *patterns; i++)
		CHECK(!allow_pattern_ok(patterns[i]), "no pattern: '%s'",
		    patterns[i]);
}

/* What a service's status and an error's class become. */
static void
statuses(void)
{
	static const struct {
		const char *by;
		long said;
		enum status class;
		const char *text;
		unsigned status;
	} rows[] = {
		{"maa", 400, E_REFUSED, "h: 400", 403},
		{"maa", 401, E_REFUSED, "h: 401", 401},
		{"maa", 404, E_REFUSED, "h: 404", 502},
		{"vault", 403, E_REFUSED, "h: 403", 403},
		{"vault", 404, E_REFUSED, "h: 404", 404},
		{"vault", 409, E_REFUSED, "h: 409", 403},
		{"vault", 429, E_NETWORK, "h: 429", 429},
		{"vault", 408, E_NETWORK, "h: 408", 504},
		{"vault", 500, E_NETWORK, "h: 500", 502},
		{"vault", 504, E_NETWORK, "h: 504", 504},
		{"vault", 200, E_NO, "h: kid", 502},
		{"vault", 0, E_NETWORK, "h: no such host", 502},
		{"vault", 0, E_NETWORK, "h: no whole answer in time", 504},
		{"vault", 0, E_NO, "h: certificate", 502},
		{"vault", 0, E_INPUT, "h: a redirect", 502},
		{"identity", 400, E_REFUSED, "h: 400", 403},
		{"identity", 404, E_REFUSED, "h: 404", 403},
		{"identity", 0, E_USAGE, "AZURE_CLIENT_ID is empty", 503},
	};
	struct outcome o = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ask_said said = {.by = rows[i].by, .status =
		    rows[i].said, .retry_after = 7};
		struct err e = {.code = rows[i].class};

		(void)err_set(&e, rows[i].class, "%s", rows[i].text);
		outcome_service(&o, &said, &e);
		CHECK(o.status == rows[i].status && strcmp(
		    service_name(o.by), rows[i].by) == 0, "%s %ld: %u",
		    rows[i].by, rows[i].said, o.status);
		CHECK(o.retry_after == (o.status == 429 ? 7 : -1),
		    "Retry-After with 429 alone");
		outcome_compat(&o, ROUTE_RELEASE);
		CHECK(o.status == 403 && o.meant == rows[i].status,
		    "the original's status, and what it means");
	}
	outcome_free(&o);
}

static void
is(const struct outcome *o, const char *want)
{
	struct buf text = {0};

	answer_error(o, "0123", &text);
	CHECK(slice_is(slice_buf(&text), want), "%.*s", (int)text.n,
	    (const char *)text.p);
	buf_free(&text);
}

/* Clients look for SNP, 401 and the like in the text. */
static void
texts(void)
{
	struct ask_said said = {.by = "maa", .status = 200,
	    .retry_after = -1, .request_id = "00-401-00"};
	struct outcome o = {0};
	struct err e;

	(void)err_set(&e, E_NO, "h: token: x-ms-sevsnpvm-reportdata: <a> & "
	    "\"b\"\n (x-ms-request-id 00-401-00)");
	outcome_service(&o, &said, &e);
	is(&o, "{\"error\":\"h: token: reportdata: \\u003ca\\u003e \\u0026 "
	    "\\\"b\\\"\\\\x0a\",\"service\":\"maa\",\"status\":502,\"code\":"
	    "\"BadAnswer\",\"request_id\":\"00-401-00\"}");
	(void)err_set(&e, E_SYSTEM, "SEV-SNP report: no \xe2\x80\xa8");
	outcome_device(&o, &e);
	is(&o, "{\"error\":\"SEV-SNP report: no \\u2028\",\"service\":"
	    "\"device\",\"status\":503,\"code\":\"NoReport\","
	    "\"request_id\":\"0123\"}");
	outcome_compat(&o, ROUTE_COMBINED);
	CHECK(o.status == 500, "the original's 500 for a failed device");
	outcome_free(&o);
}

static int
settings(const char *json, struct skr_settings *s)
{
	struct buf text = {0};
	struct err e;
	int ret;

	b64_encode(slice_str(json), B64_STD | B64_PAD, &text);
	buf_addc(&text, '\0');
	ret = skrargs_read((const char *)text.p, s, &e);
	buf_free(&text);
	return ret;
}

static void
originals(void)
{
	static const char *const bad[] = {"", "[]", "{", "{\"certcache\":"
	    "{\"endpoint_type\":\"other\"}}", "{\"certcache\":{\"endpoint\":"
	    "7}}", "{\"identity\":{\"client_id\":{}}}", "{\"a\":1,\"a\":2}",
	    "{\"certcache\":{\"endpoint\":\"a b\"}}"};
	struct skr_settings s = {0};
	size_t i;

	CHECK(settings("{\"certcache\":{\"endpoint_type\":\"AzCache\","
	    "\"endpoint\":\"https://c.example/x\",\"tee_type\":\"SevSnpVM\","
	    "\"api_version\":\"api-version=1\",\"client_id\":\"clientId=2\"},"
	    "\"identity\":{\"client_id\":\"me\"},\"maaconfig\":{}}", &s) == 0,
	    "the original's settings");
	CHECK(s.has_source && s.source == SOURCE_AZCACHE &&
	    strcmp((char *)s.cache.p, "c.example") == 0 &&
	    strcmp((char *)s.query.p, "api-version=1&clientId=2") == 0 &&
	    strcmp((char *)s.client_id.p, "me") == 0, "each of them");
	skrargs_free(&s);
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		s = (struct skr_settings){0};
		CHECK(settings(bad[i], &s) < 0, "refused: %s", bad[i]);
	}
}

static void
spelling(void)
{
	char *argv[] = {(char[]){"skr"}, (char[]){"-port"}, (char[]){"1"},
	    (char[]){"--loglevel=debug"}, (char[]){"-server_type=http"},
	    (char[]){"-n"}, (char[]){"--"}, (char[]){"-port"}, NULL};
	static const char *const want[] = {"skr", "--log-file=/l", "--port",
	    "1", "--log-level=debug", "--server-type=http", "-n", "--",
	    "-port"};
	int argc = 8, i;
	char **out;

	(void)setenv("LogFile", "/l", 1);
	out = skrargs(&argc, argv);
	CHECK(argc == 9, "%d words", argc);
	for (i = 0; i < argc && i < 9; i++)
		CHECK(strcmp(out[i], want[i]) == 0, "%s", out[i]);
	free(out[1]);
	free(out[2]);
	free(out[4]);
	free(out[5]);
	free(out);
}

int
main(void)
{
	hosts();
	statuses();
	texts();
	originals();
	spelling();
	return tap_done();
}
