/* saved.c -- see saved.h. */
#include "azure/saved.h"

#include "azure/akv.h"
#include "azure/maa.h"
#include "azure/skr.h"

typedef int refused(const struct service_answer *, struct err *);

static int
akv(const struct service_answer *a, struct err *e)
{
	return akv_refused(a, (struct slice){0}, 0, e);
}

static int
saved(struct slice body, const char *who, refused *by, struct err *e)
{
	struct service_answer a = {.who = who, .saved = true, .body = body,
	    .content_type = "", .request_id = "", .error_code = "",
	    .challenge = "", .retry_after = -1};
	struct service_error said = {0};
	struct buf text = {0};
	int ret = 0;

	/* an error that is an object is a service's, with a code */
	if (service_is_error(body) && service_error_read(body, &said) &&
	    said.code.n > 0) {
		a.status = service_status(&said);
		ret = by(&a, e);
	} else if (skr_error(body, &text)) {
		a.status = 403;
		ret = skr_refused(&a, e);
	}
	service_error_free(&said);
	buf_free(&text);
	return ret;
}

int
saved_maa(struct slice body, const char *who, struct err *e)
{
	return saved(body, who, maa_refused, e);
}

int
saved_akv(struct slice body, const char *who, struct err *e)
{
	return saved(body, who, akv, e);
}
