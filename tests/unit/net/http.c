/* What ends an exchange before its answer counts: a name that leads off the
 * host, a connection that nothing is known of, a status that is none. */
#include "net/http_in.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/curl.h"
#include "unit/tap.h"

/* Plain http is for this host: who connects elsewhere is stopped, before a
 * byte is sent.  These are for documentation and lead nowhere. */
static void
strayed(void)
{
	static const char *const urls[] = {"http://192.0.2.1/",
	    "http://198.51.100.1:8080/"};
	struct http_answer a;
	struct err e = {.code = E_OK};
	size_t i;

	for (i = 0; i < sizeof urls / sizeof *urls; i++) {
		const struct http_request rq = {.method = "GET",
		    .url = urls[i]};
		struct http_attempt at = {.rq = &rq, .plain = true,
		    .direct = true, .ms = 1000};

		a = (struct http_answer){.host = "name"};
		CHECK(http_attempt(&at, &a, &e) < 0 && e.code == E_USAGE &&
		    strcmp(e.text, "name: not over plain http") == 0 &&
		    strstr(e.hint, "neither loopback nor link-local") != NULL,
		    "%s: %s", urls[i], e.text);
		http_free(&a);
	}
}

/* libcurl does not always know why. */
static void
no_reason(void)
{
	struct http_request rq = {.method = "GET", .url = "http://h/"};
	struct http_attempt at = {.rq = &rq};
	struct err e = {.code = E_OK};
	CURL *c = curl_easy_init();

	CHECK(httpcurl_failed(c, CURLE_COULDNT_CONNECT, "", &at, "h", &e) < 0
	    && e.code == E_NETWORK && strcmp(e.text, "h: cannot connect") ==
	    0, "no errno: %s", e.text);
	curl_easy_cleanup(c);
}

/* Answer each connection with that status until it is killed. */
static pid_t
serve(int status, char url[40])
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof to;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one;
	char part[4096];
	pid_t pid;

	if (fd < 0 || bind(fd, (struct sockaddr *)&to, n) < 0 ||
	    listen(fd, 8) < 0 || getsockname(fd, (struct sockaddr *)&to,
	    &n) < 0)
		return -1;
	(void)snprintf(url, 40, "http://127.0.0.1:%d/", ntohs(to.sin_port));
	(void)fflush(stdout);
	if ((pid = fork()) == 0)
		while ((one = accept(fd, NULL, NULL)) >= 0) {
			if (read(one, part, sizeof part) > 0)
				(void)dprintf(one, "HTTP/1.1 %d x\r\n"
				    "Content-Length: 0\r\n"
				    "Connection: close\r\n\r\n", status);
			(void)close(one);
		}
	(void)close(fd);
	return pid;
}

static void
statuses(void)
{
	static const struct {
		int status;
		const char *says;	/* NULL: an answer */
	} rows[] = {
		{200, NULL}, {404, NULL}, {600, "600: no status of HTTP"},
		{999, "999: no status of HTTP"},
	};
	struct http_request rq = {.method = "GET", .ms = 20000};
	struct http_answer a = {0};
	struct err e;
	char url[40];
	size_t i;
	pid_t pid;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!CHECK((pid = serve(rows[i].status, url)) > 0,
		    "a server that says %d", rows[i].status))
			continue;
		rq.url = url;
		e = (struct err){.code = E_OK};
		ret = http_do(&rq, &a, &e);
		CHECK(rows[i].says == NULL ? ret == 0 && a.status ==
		    rows[i].status : ret < 0 && e.code == E_INPUT &&
		    strstr(e.text, rows[i].says) != NULL, "  %s", e.text);
		http_free(&a);
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
	}
}

int
main(void)
{
	strayed();
	no_reason();
	statuses();
	return tap_done();
}
