/* checks.c -- see checks.h. */
#include "evidence/checks.h"

#include <stdarg.h>
#include <stdio.h>

#include "ground/text.h"
#include "value/json.h"

enum {
	DETAIL_MAX = 1024,	/* bytes of what is said about one check */
	NAME_WIDTH = 12,	/* columns, of names always there */
};

static const char *const names[CHECKS] = {
	[CHECK_FORMAT] = "format",
	[CHECK_SIGNATURE] = "signature",
	[CHECK_CHAIN] = "chain",
	[CHECK_SIGNER] = "signer",
	[CHECK_PRODUCT] = "product",
	[CHECK_TCB] = "tcb",
	[CHECK_CHIP_ID] = "chip-id",
	[CHECK_TRAILER] = "trailer",
	[CHECK_DEBUG] = "debug",
	[CHECK_MIGRATION] = "migration",
	[CHECK_VMPL] = "vmpl",
	[CHECK_REPORT_DATA] = "report-data",
	[CHECK_HOST_DATA] = "host-data",
	[CHECK_OPEN_POLICY] = "open-policy",
	[CHECK_MEASUREMENT] = "measurement",
	[CHECK_ENDORSEMENT] = "endorsement",
	[CHECK_UVM_SVN] = "uvm-svn",
	[CHECK_MIN_TCB] = "min-tcb",
	[CHECK_CRL] = "crl",
	[CHECK_GUEST_SVN] = "guest-svn",
	[CHECK_FAMILY_ID] = "family-id",
	[CHECK_IMAGE_ID] = "image-id",
	[CHECK_ID_KEY] = "id-key-digest",
	[CHECK_AUTHOR_KEY] = "author-key-digest",
	[CHECK_ID_BLOCK] = "id-block",
	[CHECK_REPORT_ID] = "report-id",
	[CHECK_REPORT_ID_MA] = "report-id-ma",
	[CHECK_FIRMWARE] = "firmware",
	[CHECK_ABI] = "abi",
	[CHECK_POLICY] = "policy",
	[CHECK_PLATFORM] = "platform-info",
	[CHECK_LAUNCH_TCB] = "launch-tcb",
	[CHECK_COMMITTED] = "committed",
	[CHECK_LAUNCH_MIT] = "launch-mitigations",
	[CHECK_CURRENT_MIT] = "current-mitigations",
};

static const char *const results[] = {
	[RESULT_NONE] = "skip",
	[RESULT_PASS] = "pass",
	[RESULT_FAIL] = "FAIL",
	[RESULT_SKIP] = "skip",
};

const char *
checks_name(enum check i)
{
	return names[i];
}

__attribute__((format(printf, 3, 0)))
static void
set(struct checks *c, enum check i, const char *fmt, va_list ap)
{
	char text[DETAIL_MAX];

	(void)vsnprintf(text, sizeof text, fmt, ap);
	buf_adds(&c->v[i].detail, text);
}

void
checks_set(struct checks *c, enum check i, enum result r, const char *fmt, ...)
{
	va_list ap;

	c->v[i].result = r;
	buf_cut(&c->v[i].detail, 0);
	va_start(ap, fmt);
	set(c, i, fmt, ap);
	va_end(ap);
}

void
checks_also(struct checks *c, enum check i, enum result r, const char *fmt,
    ...)
{
	va_list ap;

	if (c->v[i].result == RESULT_FAIL && r != RESULT_FAIL)
		return;
	if (c->v[i].result != r)
		buf_cut(&c->v[i].detail, 0);
	else if (c->v[i].detail.n > 0)
		buf_adds(&c->v[i].detail, "; ");
	c->v[i].result = r;
	va_start(ap, fmt);
	set(c, i, fmt, ap);
	va_end(ap);
}

void
checks_by(struct checks *c, enum check i, int ret, const struct err *e,
    const char *fmt, ...)
{
	va_list ap;

	if (ret < 0) {
		checks_set(c, i, RESULT_FAIL, "%s", e->text);
		return;
	}
	c->v[i].result = RESULT_PASS;
	buf_cut(&c->v[i].detail, 0);
	va_start(ap, fmt);
	set(c, i, fmt, ap);
	va_end(ap);
}

void
checks_free(struct checks *c)
{
	int i;

	for (i = 0; i < CHECKS; i++)
		buf_free(&c->v[i].detail);
	*c = (struct checks){0};
}

int
checks_verdict(const struct checks *c, struct err *e)
{
	struct buf bad = {0};
	size_t count = 0;
	int i, ret = 0;

	for (i = 0; i < CHECKS; i++)
		if (c->v[i].result == RESULT_FAIL || (i < CHECKS_MANDATORY &&
		    c->v[i].result != RESULT_PASS)) {
			buf_addf(&bad, "%s%s", count++ > 0 ? ", " : "",
			    names[i]);
		}
	if (count > 0)
		ret = err_set(e, E_NO, "not verified: %.*s", (int)bad.n,
		    (const char *)bad.p);
	buf_free(&bad);
	return ret;
}

/* Those nobody can expect are not spoken of unless asked for. */
bool
checks_shown(const struct checks *c, enum check i)
{
	return c->v[i].result != RESULT_NONE || i < CHECK_GUEST_SVN;
}

struct slice
checks_detail(const struct checks *c, enum check i)
{
	if (c->v[i].result == RESULT_NONE)
		return slice_str("nothing given to compare with");
	return slice_buf(&c->v[i].detail);
}

int
checks_width(const struct checks *c)
{
	int i, n, width = NAME_WIDTH;

	for (i = 0; i < CHECKS; i++) {
		n = (int)strlen(names[i]);
		if (checks_shown(c, (enum check)i) && n > width)
			width = n;
	}
	return width;
}

void
checks_text(const struct checks *c, struct buf *out)
{
	int i, r, width = checks_width(c);

	for (i = 0; i < CHECKS; i++) {
		if (!checks_shown(c, (enum check)i))
			continue;
		r = (int)c->v[i].result;
		buf_addf(out, "%s  %-*s  ", results[r], width, names[i]);
		text_escape(checks_detail(c, (enum check)i), out);
		buf_addc(out, '\n');
	}
}

void
checks_json(const struct checks *c, struct buf *out)
{
	const char *lead = "[";
	int i;

	for (i = 0; i < CHECKS; i++) {
		if (!checks_shown(c, (enum check)i))
			continue;
		buf_addf(out, "%s{\"name\":\"%s\",\"result\":\"%s\","
		    "\"detail\":", lead, names[i],
		    results[c->v[i].result]);
		json_quote(checks_detail(c, (enum check)i), out);
		buf_addc(out, '}');
		lead = ",";
	}
	buf_addc(out, ']');
}
