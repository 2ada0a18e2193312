/* metrics.c -- see metrics.h. */
#include "serve/metrics.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const long edges[] = {1, 5, 10, 50, 100, 500, 1000, 5000, 10000,
    30000, 60000};	/* milliseconds */

enum { EDGES = sizeof edges / sizeof *edges };

struct metrics {
	pthread_mutex_t lock;
	struct {
		unsigned status[METRICS_STATUSES];
		uint64_t count[METRICS_STATUSES];
		size_t n;
		uint64_t bucket[EDGES + 1], ms;
	} route[ROUTES];
	uint64_t errors[SERVICES];
	int statm;		/* open since before the guard, or -1 */
};

struct metrics *
metrics_new(void)
{
	struct metrics *m = calloc(1, sizeof *m);

	if (m == NULL)
		err_nomem();
	(void)pthread_mutex_init(&m->lock, NULL);
	m->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	return m;
}

void
metrics_free(struct metrics *m)
{
	if (m->statm >= 0)
		(void)close(m->statm);
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

void
metrics_count(struct metrics *m, enum route route, const struct outcome *o,
    long ms)
{
	size_t i;

	if (route == ROUTE_MOVED)
		route = ROUTE_NONE;
	(void)pthread_mutex_lock(&m->lock);
	for (i = 0; i < m->route[route].n; i++)
		if (m->route[route].status[i] == o->status)
			break;
	if (i < METRICS_STATUSES) {
		if (i == m->route[route].n)
			m->route[route].n++;
		m->route[route].status[i] = o->status;
		m->route[route].count[i]++;
	}
	for (i = 0; i < EDGES && ms > edges[i]; i++)
		;
	m->route[route].bucket[i]++;
	m->route[route].ms += (uint64_t)ms;
	if (o->status >= 400)
		m->errors[o->by]++;
	(void)pthread_mutex_unlock(&m->lock);
}

static void
head(const char *name, const char *type, const char *help, struct buf *out)
{
	buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
requests(const struct metrics *m, struct buf *out)
{
	size_t r, i;

	head("skr_requests_total", "counter", "Requests answered.", out);
	for (r = 0; r < ROUTES; r++)
		for (i = 0; i < m->route[r].n; i++)
			buf_addf(out, "skr_requests_total{route=\"%s\","
			    "status=\"%u\"} %llu\n",
			    route_name((enum route)r), m->route[r].status[i],
			    (unsigned long long)m->route[r].count[i]);
}

static void
latencies(const struct metrics *m, struct buf *out)
{
	static const char name[] = "skr_request_seconds";
	unsigned long long sum;
	const char *route;
	size_t r, i;

	head(name, "histogram", "Time from the request's first line to its "
	    "answer.", out);
	for (r = 0; r < ROUTES; r++) {
		if (m->route[r].n == 0)
			continue;
		route = route_name((enum route)r);
		for (sum = 0, i = 0; i < EDGES; i++) {
			sum += m->route[r].bucket[i];
			buf_addf(out, "%s_bucket{route=\"%s\",le=\"%g\"} "
			    "%llu\n", name, route, (double)edges[i] / 1000,
			    sum);
		}
		sum += m->route[r].bucket[EDGES];
		buf_addf(out, "%s_bucket{route=\"%s\",le=\"+Inf\"} %llu\n"
		    "%s_sum{route=\"%s\"} %g\n%s_count{route=\"%s\"} %llu\n",
		    name, route, sum, name, route,
		    (double)m->route[r].ms / 1000, name, route, sum);
	}
}

static void
errors(const struct metrics *m, struct buf *out)
{
	int i;

	head("skr_errors_total", "counter", "Requests that failed, by whose "
	    "answer that was.", out);
	for (i = 0; i < SERVICES; i++)
		buf_addf(out, "skr_errors_total{service=\"%s\"} %llu\n",
		    service_name((enum service)i),
		    (unsigned long long)m->errors[i]);
}

/* Entries of the process's own folder; its two dots and the descriptor that
 * reads it are none. */
static long
open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	long n = -3;

	if (dir == NULL)
		return -1;
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

static long
resident(const struct metrics *m)
{
	char line[128], *rest;
	ssize_t n = pread(m->statm, line, sizeof line - 1, 0);

	if (n <= 0)
		return -1;
	line[n] = '\0';
	(void)strtol(line, &rest, 10);
	return strtol(rest, NULL, 10) * sysconf(_SC_PAGESIZE);
}

static void
gauge(const char *name, const char *help, long value, struct buf *out)
{
	head(name, "gauge", help, out);
	buf_addf(out, "%s %ld\n", name, value);
}

void
metrics_page(struct metrics *m, size_t connections, size_t waiting,
    struct buf *out)
{
	(void)pthread_mutex_lock(&m->lock);
	requests(m, out);
	latencies(m, out);
	errors(m, out);
	(void)pthread_mutex_unlock(&m->lock);
	gauge("skr_connections", "Connections that are open.",
	    (long)connections, out);
	gauge("skr_waiting", "Requests that wait for a thread.",
	    (long)waiting, out);
	gauge("process_open_fds", "Number of open file descriptors.",
	    open_files(), out);
	gauge("process_resident_memory_bytes", "Resident memory size in "
	    "bytes.", resident(m), out);
}
