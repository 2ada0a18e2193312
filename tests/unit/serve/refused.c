/* What the sidecar's parts refuse before anybody is asked: bodies, sockets, a
 * log, and reports that AMD has no certificate for. */
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "azure/bearer.h"
#include "evidence/report.h"
#include "serve/fetch.h"
#include "serve/listen.h"
#include "serve/log.h"
#include "serve/request.h"
#include "unit/tap.h"

static struct err e;

#define RELEASE "\"maa_endpoint\":\"m.example\"," \
    "\"akv_endpoint\":\"v.example\",\"kid\":\"k\",\"access_token\":"

static const struct {
	enum route route;
	const char *body, *want;	/* NULL: taken */
} rows[] = {
	{ROUTE_RAW, "{\"runtime_data\":\"QQ==\"}", NULL},
	{ROUTE_RAW, "{\"runtime_data\":\"QQ==\\u0000\"}",
	    "request: runtime_data: a NUL in it"},
	{ROUTE_RAW, "{\"runtime_data\":\"\\r\\n\"}",
	    "request: runtime_data: empty"},
	{ROUTE_RAW, "{\"runtime_data\":\"\"}",
	    "request: runtime_data: missing"},
	{ROUTE_RELEASE, "{" RELEASE "\"abc.def\"}", NULL},
	{ROUTE_RELEASE, "{" RELEASE "\"abc def\"}",
	    "request: access_token: no bearer token"},
};

static void
test_bodies(void)
{
	struct request r;
	size_t i;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		r = (struct request){0};
		ret = request_read(rows[i].route, slice_str(rows[i].body), &r,
		    &e);
		CHECK(rows[i].want == NULL ? ret == 0 : ret < 0 &&
		    e.code == E_INPUT && strcmp(e.text, rows[i].want) == 0,
		    "%s: %s", rows[i].body, ret < 0 ? e.text : "taken");
		if (ret == 0)
			request_free(&r);
	}
}

static void
check_bearer(size_t n, bool good)
{
	struct request r = {0};
	struct buf text = {0};
	int ret;

	buf_adds(&text, "{" RELEASE "\"");
	memset(buf_more(&text, n), 'a', n);
	buf_adds(&text, "\"}");
	ret = request_read(ROUTE_RELEASE, slice_buf(&text), &r, &e);
	CHECK(good ? ret == 0 : ret < 0 && e.code == E_INPUT && strcmp(e.text,
	    "request: access_token: too large") == 0, "%zu bytes: %s", n,
	    ret < 0 ? e.text : "taken");
	if (ret == 0)
		request_free(&r);
	buf_free(&text);
}

/* Where a service cannot listen. */
static void
check_listen(const char *name, enum status code, const char *want)
{
	struct listeners all = {0};
	int ret = listen_open(&name, name != NULL, 0, &all, &e);

	CHECK(ret < 0 && all.n == 0 && e.code == code &&
	    strcmp(e.text, want) == 0, "%s: %s", want,
	    ret < 0 ? e.text : "open");
	if (ret == 0)
		listen_close(&all);
}

static void
test_sockets(void)
{
	struct rlimit was, none;
	char number[32];

	check_listen("nowhere", E_USAGE, "nowhere: no address to listen on");
	CHECK(getrlimit(RLIMIT_NOFILE, &was) == 0, "descriptors");
	none = was;
	none.rlim_cur = 0;
	(void)setrlimit(RLIMIT_NOFILE, &none);
	check_listen("127.0.0.1:0", E_SYSTEM,
	    "127.0.0.1:0: too many open files");
	check_listen("unix:/tmp/none", E_SYSTEM,
	    "unix:/tmp/none: too many open files");
	(void)setrlimit(RLIMIT_NOFILE, &was);
	/* the first that is handed over is another thing */
	(void)dup2(STDERR_FILENO, 3);
	(void)snprintf(number, sizeof number, "%ld", (long)getpid());
	(void)setenv("LISTEN_PID", number, 1);
	(void)setenv("LISTEN_FDS", "1", 1);
	check_listen(NULL, E_SYSTEM, "descriptor 3: no socket that listens");
	CHECK(getenv("LISTEN_FDS") == NULL, "it is not handed on");
}

static void
test_log(void)
{
	struct log *log = NULL;

	CHECK(log_open("/dev/null/log", LOG_INFO, false, &log, &e) < 0 &&
	    log == NULL && e.code == E_SYSTEM && strcmp(e.text,
	    "/dev/null/log: not a directory") == 0, "no log: %s", e.text);
}

static void
test_masked(void)
{
	static const struct platform_files files = {.source = SOURCE_AMD};
	uint8_t report[SNP_SIZE] = {2};
	struct buf out = {0};

	CHECK(fetch_certs(&files, slice_of(report, sizeof report), &out,
	    &e) < 0 && out.n == 0 && e.code == E_INPUT && strcmp(e.text,
	    "AMD has no leaf for this report: its chip is masked, or another "
	    "key signed it") == 0, "a masked chip: %s", e.text);
	buf_free(&out);
}

int
main(void)
{
	test_bodies();
	check_bearer(BEARER_MAX, true);
	check_bearer(BEARER_MAX + 1, false);
	test_sockets();
	test_log();
	test_masked();
	return tap_done();
}
