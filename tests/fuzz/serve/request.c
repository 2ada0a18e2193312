/* Bodies of the sidecar's routes: what is taken has every member that its
 * route needs, in the form that goes on to services; what is not says why and
 * leaves nothing. */
#include "serve/request.h"

#include <stdlib.h>

#include "serve/allow.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
taken(enum route route, const struct request *r)
{
	struct err e;

	if (route != ROUTE_RELEASE)
		require(r->runtime.n > 0);
	if (route == ROUTE_MAA || route == ROUTE_RELEASE) {
		require(slice_starts(slice_buf(&r->issuer), "https://"));
		require(slice_find(slice_from(slice_buf(&r->issuer), 8),
		    '/') == r->issuer.n - 8);
		(void)allow_check(NULL, 0, ALLOW_MAA, slice_buf(&r->issuer),
		    &e);
	}
	if (route == ROUTE_RELEASE) {
		require(slice_starts(slice_buf(&r->key.base), "https://"));
		require(r->key.name.n > 0);
		require(slice_find(slice_buf(&r->key.name), '/') ==
		    r->key.name.n);
		require(slice_find(slice_buf(&r->bearer), '\n') ==
		    r->bearer.n);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum route routes[] = {ROUTE_RAW, ROUTE_COMBINED,
	    ROUTE_MAA, ROUTE_RELEASE};
	struct slice s = slice_of(data, size);
	struct request r = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof routes / sizeof *routes; i++) {
		if (request_read(routes[i], s, &r, &e) == 0)
			taken(routes[i], &r);
		else
			require(e.code == E_INPUT && e.text[0] != '\0' &&
			    r.runtime.n + r.issuer.n + r.bearer.n == 0);
		request_free(&r);
		r = (struct request){0};
	}
	return 0;
}
