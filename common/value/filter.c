/* filter.c -- a jq program, compiled and run by libjq.  See filter.h. */
#include "value/filter.h"

#include <stdlib.h>

#include <jv.h>
#include <jq.h>

#include "ground/text.h"
#include "value/filter_in.h"

struct filter {
	jq_state *jq;
	struct buf numbers;	/* the program's own, a line each */
	struct err said;	/* the first complaint of the compiler */
	bool failed;
};

static void
nomem(void *unused)
{
	(void)unused;
	err_nomem();
}

static struct slice
jv_bytes(jv s)
{
	return slice_of(jv_string_value(s),
	    (size_t)jv_string_length_bytes(jv_copy(s)));
}

/* libjq complains in lines "jq: error: WHY at PLACE:", the program, a count
 * of errors; the first says it. */
static void
complain(void *data, jv msg)
{
	struct filter *f = data;
	struct slice s;

	if (!f->failed && jv_get_kind(msg) == JV_KIND_STRING) {
		s = jv_bytes(msg);
		if (slice_starts(s, "jq: "))
			s = slice_from(s, 4);
		if (slice_starts(s, "error: "))
			s = slice_from(s, 7);
		s = slice_trim(slice_head(s, slice_find(s, '\n')));
		if (s.n > 0 && s.p[s.n - 1] == ':')
			s.n--;
		(void)err_set(&f->said, E_USAGE, "filter: %.*s",
		    (int)(s.n < ERR_TEXT_MAX ? s.n : ERR_TEXT_MAX),
		    (const char *)s.p);
		f->failed = true;
	}
	jv_free(msg);
}

/* What stands before each program, on its first line so that messages count
 * lines right.  libjq 1.6 takes an error whose value is null for the end of
 * the program, so that what came before would count as all there is: it is
 * given words.  The rest is filtertry.c's, with what libjq 1.6 forgets: a try
 * does not stop a break, which is an error {"__jq": number}.  The scan refuses
 * these names to the program. */
static const char prelude[] =
    "def _teeutils_error(m): error(m); "
    "def error(m): m as $m | _teeutils_error("
    "if $m == null then \"null (null) not a string\" else $m end); "
    "def error: error(.); "
    "def _teeutils_in: "
    "try . catch _teeutils_error({_teeutils_error: .}); "
    "def _teeutils_out(f): "
    "if type == \"object\" and has(\"_teeutils_error\") "
    "then _teeutils_error(._teeutils_error) "
    "elif type == \"object\" and has(\"__jq\") "
    "then _teeutils_error(.) else f end; "
    /* also the same in all versions: none is taken, and texts are read as
     * doubles, with no more digits than these tell apart */
    "def _teeutils_limit($n; f): limit($n; f); "
    "def limit($n; f): "
    "if $n == 0 then empty else _teeutils_limit($n; f) end; "
    "def _teeutils_tonumber: tonumber; "
    "def tonumber: if type == \"string\" and "
    "(gsub(\"[eE].*|[^0-9]|^[-.0]+\"; \"\") | length) > 15 "
    "then error(\"tonumber: more than 15 digits\") "
    "else _teeutils_tonumber + 0 end; "
    "def _teeutils_fromjson: fromjson; "
    "def fromjson: _teeutils_fromjson | (.. | numbers) |= . + 0; ";

/* Where the program has numbers of its own that are given to it by value. */
static const char with_numbers[] =
    ". as [$_teeutils_numbers, $_teeutils_value] | $_teeutils_value | ";

/* Some versions of libjq ask the password file when HOME is not set, so it
 * is not removed but points where no .jq can be. */
static int
compile(jq_state *jq, const char *program)
{
	const char *home = getenv("HOME");
	char *was = home != NULL ? slice_dup(slice_str(home)) : NULL;
	int ok;

	if (setenv("HOME", "/dev/null", 1) < 0)
		err_nomem();
	ok = jq_compile(jq, program);
	if (was == NULL)
		(void)unsetenv("HOME");
	else if (setenv("HOME", was, 1) < 0)
		err_nomem();
	free(was);
	return ok;
}

static int
check(struct slice program, struct err *e)
{
	struct slice rest = program;
	size_t n;

	if (program.n > FILTER_MAX)
		return err_set(e, E_USAGE, "filter: longer than %d bytes",
		    FILTER_MAX);
	for (; rest.n > 0; rest = slice_from(rest, n))
		if ((n = text_utf8(rest)) == 0)
			return err_set(e, E_USAGE, "filter: invalid UTF-8 at "
			    "offset %zu", program.n - rest.n);
	return filter_allowed(program, e);
}

/* The next of lines that each end in a newline. */
static struct slice
line(struct slice *rest)
{
	struct slice s = slice_head(*rest, slice_find(*rest, '\n'));

	*rest = slice_from(*rest, s.n + 1);
	return s;
}

static int
known_numbers(struct slice rest, struct err *e)
{
	struct filter_numbers set = {0};
	int ret = 0;
	double d;

	while (rest.n > 0 && ret == 0)
		ret = filter_number(&set, line(&rest), &d, e);
	free(set.v);
	if (ret < 0)
		e->code = E_USAGE;
	return ret;
}

/* The whole program, prelude and all, with its NUL. */
static int
prepare(struct slice program, struct buf *all, struct buf *numbers,
    struct err *e)
{
	struct buf own = {0};
	int ret = check(program, e);

	if (ret == 0)
		ret = filter_confine(program, &own, numbers, e);
	if (ret == 0)
		ret = known_numbers(slice_buf(numbers), e);
	if (ret == 0) {
		buf_adds(all, prelude);
		buf_adds(all, numbers->n > 0 ? with_numbers : "");
		buf_add(all, slice_buf(&own));
		buf_addc(all, '\0');
	}
	buf_free(&own);
	return ret;
}

int
filter_new(const char *program, struct filter **out, struct err *e)
{
	struct buf all = {0}, numbers = {0};
	struct filter *f;
	bool ok;

	if (prepare(slice_str(program), &all, &numbers, e) < 0) {
		buf_free(&numbers);
		return -1;
	}
	jv_nomem_handler(nomem, NULL);
	if ((f = calloc(1, sizeof *f)) == NULL || (f->jq = jq_init()) == NULL)
		err_nomem();
	f->numbers = numbers;
	jq_set_error_cb(f->jq, complain, f);
	jq_set_attr(f->jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	jq_set_attr(f->jq, jv_string("JQ_ORIGIN"), jv_string("/dev/null"));
	jq_set_attr(f->jq, jv_string("PROGRAM_ORIGIN"),
	    jv_string("/dev/null"));
	(void)err_set(&f->said, E_USAGE, "filter: does not compile");
	ok = compile(f->jq, (const char *)all.p);
	buf_free(&all);
	if (!ok || f->failed) {
		*e = f->said;
		filter_free(f);
		return -1;
	}
	*out = f;
	return 0;
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	jq_teardown(&f->jq);
	buf_free(&f->numbers);
	free(f);
}

/* What the last jq_next() gave instead of a value: the end, or an error. */
static int
ended(jv last, struct err *e)
{
	struct slice s;
	jv msg;

	if (!jv_invalid_has_msg(jv_copy(last))) {
		jv_free(last);
		return 0;
	}
	msg = jv_invalid_get_msg(last);
	if (jv_get_kind(msg) != JV_KIND_STRING)
		msg = jv_dump_string(msg, 0);
	s = slice_head(jv_bytes(msg), ERR_TEXT_MAX);
	(void)err_set(e, E_NO, "filter: %.*s", (int)s.n, (const char *)s.p);
	jv_free(msg);
	return -1;
}

/* A text as libjq's value; libjq's own parser would keep the spelling of
 * numbers in some versions. */
struct reader {
	struct filter_numbers numbers;
	struct buf text;	/* of a string */
	struct err *e;
	int ret;
};

static jv
number(struct reader *r, struct slice text)
{
	double d = 0;

	if (r->ret == 0)
		r->ret = filter_number(&r->numbers, text, &d, r->e);
	return jv_number(d);
}

static jv
string(struct reader *r, struct json_val v)
{
	buf_cut(&r->text, 0);
	if (r->ret == 0)
		r->ret = json_text(v, "filter", &r->text, r->e);
	return jv_string_sized(r->text.n > 0 ? (const char *)r->text.p : "",
	    (int)r->text.n);
}

/* As deep as json_parse() lets a text be. */
static jv
value(struct reader *r, struct json_val v)
{
	struct json_val item = json_first(v);
	jv all, name;

	switch (json_kind(v)) {
	case JSON_NULL:
		break;
	case JSON_FALSE:
		return jv_false();
	case JSON_TRUE:
		return jv_true();
	case JSON_NUMBER:
		return number(r, json_span(v));
	case JSON_STRING:
		return string(r, v);
	case JSON_ARRAY:
		for (all = jv_array(); json_has(item); item = json_next(item))
			all = jv_array_append(all, value(r, item));
		return all;
	case JSON_OBJECT:
		for (all = jv_object(); json_has(item);
		    item = json_next(item)) {
			name = string(r, json_name(item));
			all = jv_object_set(all, name, value(r, item));
		}
		return all;
	}
	return jv_null();
}

static jv
input(struct reader *r, const struct filter *f, struct json_val json)
{
	struct slice rest = slice_buf(&f->numbers);
	jv numbers = jv_array();

	if (rest.n == 0) {
		jv_free(numbers);
		return value(r, json);
	}
	while (rest.n > 0)
		numbers = jv_array_append(numbers, number(r, line(&rest)));
	return jv_array_append(jv_array_append(jv_array(), numbers),
	    value(r, json));
}

static int
start(struct filter *f, struct json_val json, struct err *e)
{
	struct reader r = {.e = e};
	jv v;

	jv_nomem_handler(nomem, NULL);
	v = input(&r, f, json);
	if (r.ret == 0 && r.numbers.n > 0) {
		jv_free(v);
		r.ret = filter_settle(&r.numbers, e);
		v = input(&r, f, json);
	}
	free(r.numbers.v);
	buf_free(&r.text);
	if (r.ret == 0)
		jq_start(f->jq, v, 0);
	else
		jv_free(v);
	return r.ret;
}

int
filter_run(struct filter *f, struct json_val json, bool raw, struct buf *out,
    struct err *e)
{
	size_t was = out->n;
	jv v;

	if (start(f, json, e) < 0)
		return -1;
	while (jv_is_valid(v = jq_next(f->jq))) {
		if (!raw || jv_get_kind(v) != JV_KIND_STRING)
			v = jv_dump_string(v, 0);
		buf_add(out, jv_bytes(v));
		buf_addc(out, '\n');
		jv_free(v);
	}
	if (ended(v, e) == 0)
		return 0;
	buf_cut(out, was);
	return -1;
}

/* The first result, all there is, must be true: a program that goes on to
 * another result or to an error has not said yes. */
int
filter_true(struct filter *f, struct json_val json, struct err *e)
{
	jv_kind first;
	jv v;

	if (start(f, json, e) < 0)
		return -1;
	v = jq_next(f->jq);
	if (!jv_is_valid(v))
		return ended(v, e) < 0 ? -1 :
		    err_set(e, E_NO, "filter: no result");
	first = jv_get_kind(v);
	jv_free(v);
	if (first != JV_KIND_TRUE)
		return err_set(e, E_NO, "filter: the result is %s, not true",
		    first == JV_KIND_FALSE ? "false" : jv_kind_name(first));
	v = jq_next(f->jq);
	if (!jv_is_valid(v))
		return ended(v, e);
	jv_free(v);
	return err_set(e, E_NO, "filter: more than one result");
}
