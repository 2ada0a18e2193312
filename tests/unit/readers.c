/* readers NAME: what a reader of this project makes of each line of standard
 * input, which is in hex: "+" and the result in hex, or "-" if it refuses.
 * For scripts/judge-formats, which asks other implementations the same. */
#include <stdio.h>
#include <string.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "value/json.h"

static int
as_json(struct slice text, struct buf *out, struct err *e)
{
	struct json *j;

	if (json_parse(text, &j, e) < 0)
		return -1;
	json_compact(json_root(j), out);
	json_free(j);
	return 0;
}

static int
as_std(struct slice text, struct buf *out, struct err *e)
{
	return b64_decode(text, B64_STD | B64_PAD, out, e);
}

static int
as_jose(struct slice text, struct buf *out, struct err *e)
{
	return b64_decode(text, B64_JOSE, out, e);
}

static int
as_text(struct slice text, struct buf *out, struct err *e)
{
	return b64_decode(text, B64_TEXT, out, e);
}

static int
as_policy(struct slice text, struct buf *out, struct err *e)
{
	return b64_decode(text, B64_POLICY, out, e);
}

static const struct {
	const char *name;
	int (*read)(struct slice, struct buf *, struct err *);
} readers[] = {
	{"json", as_json}, {"b64-std", as_std}, {"b64-jose", as_jose},
	{"b64-text", as_text}, {"b64-policy", as_policy}, {"hex", hex_decode},
};

/* One line, of n bytes. */
static int
judge(size_t which, struct slice line)
{
	struct buf given = {0}, result = {0}, shown = {0};
	struct err e;
	int ret = hex_decode(line, &given, &e);

	if (ret < 0) {
		(void)fputs("readers: no hex\n", stderr);
	} else if (readers[which].read(slice_buf(&given), &result, &e) < 0) {
		(void)puts("-");
	} else {
		hex_encode(slice_buf(&result), &shown);
		(void)printf("+%.*s\n", (int)shown.n, (const char *)shown.p);
	}
	buf_free(&given);
	buf_free(&result);
	buf_free(&shown);
	return ret;
}

int
main(int argc, char **argv)
{
	static char line[1 << 20];
	size_t which = 0, n;

	while (argc == 2 && which < sizeof readers / sizeof *readers &&
	    strcmp(argv[1], readers[which].name) != 0)
		which++;
	if (argc != 2 || which == sizeof readers / sizeof *readers) {
		(void)fputs("usage: readers NAME <lines\n", stderr);
		return 2;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		n = strcspn(line, "\n");
		if (line[n] != '\n' || judge(which, slice_of(line, n)) < 0)
			return 3;
	}
	return ferror(stdin) || fflush(stdout) == EOF ? 4 : 0;
}
