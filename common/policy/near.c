/* near.c -- see near.h. */
#include "policy/near.h"

#include "codec/b64.h"
#include "codec/utf16.h"
#include "value/json.h"

#define MARK "\xef\xbb\xbf"

enum { STEPS_MAX = 3 };

static bool
less_lf(struct slice in, struct buf *out)
{
	if (in.n == 0 || in.p[in.n - 1] != '\n')
		return false;
	buf_add(out, slice_head(in, in.n - 1));
	return true;
}

static bool
less_all_lf(struct slice in, struct buf *out)
{
	struct slice s = in;

	while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
		s.n--;
	buf_add(out, s);
	return s.n < in.n;
}

static bool
more_lf(struct slice in, struct buf *out)
{
	buf_add(out, in);
	buf_addc(out, '\n');
	return true;
}

/* What a redirected 'az confcom acipolicygen --outraw' has at its end. */
static bool
more_lf3(struct slice in, struct buf *out)
{
	buf_add(out, in);
	buf_adds(out, "\n\n\n");
	return true;
}

static bool
lf_before(struct slice in, struct buf *out)
{
	buf_addc(out, '\n');
	buf_add(out, in);
	return true;
}

static bool
less_lf_before(struct slice in, struct buf *out)
{
	buf_add(out, slice_from(in, 1));
	return slice_starts(in, "\n");
}

static bool
trimmed(struct slice in, struct buf *out)
{
	buf_add(out, slice_trim(in));
	return true;
}

static bool
to_crlf(struct slice in, struct buf *out)
{
	size_t n;

	for (; (n = slice_find(in, '\n')) < in.n; in = slice_from(in, n + 1)) {
		buf_add(out, slice_head(in, n));
		if (n == 0 || in.p[n - 1] != '\r')
			buf_addc(out, '\r');
		buf_addc(out, '\n');
	}
	buf_add(out, in);
	return true;
}

static bool
to_lf(struct slice in, struct buf *out)
{
	size_t n;

	for (; (n = slice_find(in, '\r')) < in.n; in = slice_from(in, n + 1)) {
		buf_add(out, slice_head(in, n));
		if (n + 1 == in.n || in.p[n + 1] != '\n')
			buf_addc(out, '\r');
	}
	buf_add(out, in);
	return true;
}

static bool
marked(struct slice in, struct buf *out)
{
	buf_adds(out, MARK);
	buf_add(out, in);
	return true;
}

static bool
less_mark(struct slice in, struct buf *out)
{
	buf_add(out, slice_from(in, 3));
	return slice_starts(in, MARK);
}

static bool
base64(struct slice in, struct buf *out)
{
	b64_encode(in, B64_STD | B64_PAD, out);
	return true;
}

static bool
less_base64(struct slice in, struct buf *out)
{
	struct err e;

	return b64_decode(in, B64_POLICY, out, &e) == 0;
}

/* A text copied out of JSON with its escapes still in it. */
static bool
less_escapes(struct slice in, struct buf *out)
{
	struct buf quoted = {0};
	struct json *doc;
	struct err e;
	bool good;

	buf_addc(&quoted, '"');
	buf_add(&quoted, in);
	buf_addc(&quoted, '"');
	good = json_parse(slice_buf(&quoted), &doc, &e) == 0;
	if (good) {
		good = json_text(json_root(doc), "policy", out, &e) == 0;
		json_free(doc);
	}
	buf_free(&quoted);
	return good;
}

static bool
escaped(struct slice in, struct buf *out)
{
	struct buf quoted = {0};

	json_quote(in, &quoted);
	buf_add(out, slice_of(quoted.p + 1, quoted.n - 2));
	buf_free(&quoted);
	return true;
}

/* Nearest first: where two give the same bytes, the first names them. */
static const struct variant {
	const char *what;
	bool (*step[STEPS_MAX])(struct slice, struct buf *);
} variants[] = {
	{"this policy with one line feed more at its end", {more_lf}},
	{"this policy with two line feeds more at its end",
	    {more_lf, more_lf}},
	{"this policy with three line feeds more at its end, as a redirected "
	    "'az confcom acipolicygen --outraw' writes it", {more_lf3}},
	{"this policy with one line feed less at its end", {less_lf}},
	{"this policy with two line feeds less at its end",
	    {less_lf, less_lf}},
	{"this policy with three line feeds less at its end",
	    {less_lf, less_lf, less_lf}},
	{"this policy without the line ends at its end", {less_all_lf}},
	{"this policy with a line feed before it", {lf_before}},
	{"this policy without the line feed before it", {less_lf_before}},
	{"this policy with CRLF line ends", {to_crlf}},
	{"this policy with LF line ends", {to_lf}},
	{"this policy with CRLF line ends and one more at its end",
	    {more_lf, to_crlf}},
	{"this policy with CRLF line ends and three more at its end",
	    {more_lf3, to_crlf}},
	{"this policy with LF line ends and one line feed more",
	    {to_lf, more_lf}},
	{"this policy with LF line ends and none at its end",
	    {to_lf, less_all_lf}},
	{"this policy without the blanks at both ends", {trimmed}},
	{"this policy with a UTF-8 byte order mark", {marked}},
	{"this policy with a UTF-8 byte order mark and CRLF line ends",
	    {to_crlf, marked}},
	{"this policy with a UTF-8 byte order mark, CRLF line ends and three "
	    "more at its end", {more_lf3, to_crlf, marked}},
	{"this policy without its byte order mark", {less_mark}},
	{"this policy without its byte order mark, with LF line ends",
	    {less_mark, to_lf}},
	{"this policy in UTF-16 with a byte order mark", {utf16_from_utf8}},
	{"this policy in UTF-16 with a byte order mark and CRLF line ends",
	    {to_crlf, utf16_from_utf8}},
	{"this policy in UTF-16 with a byte order mark, CRLF line ends and "
	    "one more at its end", {more_lf, to_crlf, utf16_from_utf8}},
	{"this policy in UTF-16 with a byte order mark, CRLF line ends and "
	    "three more at its end", {more_lf3, to_crlf, utf16_from_utf8}},
	{"this policy in UTF-8", {utf16_to_utf8}},
	{"this policy in UTF-8 with LF line ends", {utf16_to_utf8, to_lf}},
	{"this policy without its byte order mark, with LF line ends and none "
	    "at its end", {less_mark, to_lf, less_all_lf}},
	{"this policy in UTF-8 with LF line ends and none at its end",
	    {utf16_to_utf8, to_lf, less_all_lf}},
	{"the base64 text instead of the policy it encodes", {base64}},
	{"the base64 text, with a line feed, instead of the policy it encodes",
	    {base64, more_lf}},
	{"the base64 text, with CRLF, instead of the policy it encodes",
	    {base64, more_lf, to_crlf}},
	{"base64 of the base64 text", {base64, base64}},
	{"this policy decoded from base64 once more", {less_base64}},
	{"this policy with the escapes of JSON undone", {less_escapes}},
	{"this policy with the escapes of a JSON string", {escaped}},
};

static bool
fits(const struct variant *v, struct slice policy, struct slice want)
{
	struct buf b[STEPS_MAX] = {{0}};
	uint8_t sum[SHA256_SIZE];
	struct slice now = policy;
	bool good = true;
	int i;

	for (i = 0; good && i < STEPS_MAX && v->step[i] != NULL; i++) {
		good = v->step[i](now, &b[i]);
		now = slice_buf(&b[i]);
	}
	if (good) {
		hash_sha256(now, sum);
		good = slice_eq(slice_of(sum, sizeof sum), want);
	}
	for (i = 0; i < STEPS_MAX; i++)
		buf_free(&b[i]);
	return good;
}

const char *
near_find(struct slice policy, struct slice source, struct slice want)
{
	uint8_t sum[SHA256_SIZE];
	size_t i;

	for (i = 0; i < sizeof variants / sizeof *variants; i++)
		if (fits(&variants[i], policy, want))
			return variants[i].what;
	hash_sha256(source, sum);
	if (source.n > 0 && slice_eq(slice_of(sum, sizeof sum), want))
		return "the text as it was given instead of the policy in it";
	return NULL;
}
