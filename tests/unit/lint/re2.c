/* Regular expressions as Go reads them: what compiles, what matches, and what
 * could follow. */
#include "lint/re2.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "unit/tap.h"

static void
test_compiles(void)
{
	static const char *const wrong[] = {"(", ")", "[", "[]", "[b-a]",
	    "a**", "a*+", "a{2}{3}", "a{1001}", "a{1001,}",
	    "a{2,1}", "*", "+a", "?",
	    "{2}", "(*)", "(|+)", "|*", "\\", "\\1", "\\Z", "\\8", "\\C",
	    "\\x[", "\\x4", "\\x{", "\\x{110000}", "(?=A)", "(?!A)",
	    "(?<=A)", "(?<!A)", "(?P=n)", "(?P>n)", "(?#c)", "(?P<n>A",
	    "(?P<n>a)(?P<n>b)", "(?P<>a)", "(?P<a-b>c)", "[\\]", "[[:x:]]",
	    "\\p{Nope}", "\\pQ", "[a-\\d]", "\\p{L", "(?-)", "(?i-)", "(?z)",
	    "(?i",
	    "((a{100}){100})", "(?i--s)", "\377", "\\\303\251"};
	static const char *const right[] = {"", "a*?", "{", "a{,2}", "a{2}?",
	    "]", "}", "[]a]", "[^]a]", "[[:alpha:]-]", "[\\]a]", "(?P<n>a)",
	    "(?<n>a)", "(?is-m:a)", "(?i)", "(?)", "(?:)", "()", "(|a)", "|",
	    "^*", "^?", "^{2}", "$*", "\\d\\.\\-\\_\\x41\\x{1F600}\\pN",
	    "\\p{Greek}\\P{^Lu}", "a{1000}", "\\Q*\\E+", "\\Qa", "\\07\\123",
	    "(a{30}){30}", "a{01}", "\\A\\z\\b\\B"};
	struct re2 *re;
	size_t i;

	for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		CHECK(re2_compile(slice_str(wrong[i]), &re) == RE2_WRONG,
		    "refused: %s", wrong[i]);
		re2_free(re);
	}
	for (i = 0; i < sizeof right / sizeof *right; i++) {
		CHECK(re2_compile(slice_str(right[i]), &re) == RE2_GOOD,
		    "compiles: %s", right[i]);
		re2_free(re);
	}
}

static void
match(const char *pattern, const char *text, bool want)
{
	struct re2 *re;

	if (!CHECK(re2_compile(slice_str(pattern), &re) == RE2_GOOD, "%s",
	    pattern))
		return;
	CHECK(re2_match(re, slice_str(text)) == want, "  %s %s",
	    want ? "matches" : "does not match", text);
	re2_free(re);
}

static void
test_matches(void)
{
	match("a", "xay", true);
	match("^a$", "a\n", false);
	match("(?m)^a$", "b\na\nc", true);
	match("^A=1|B=2$", "LD_PRELOAD=/tmp/B=2", true);
	match("^A=1|B=2$", "XA=1", false);
	match("^*$", "anything at all", true);
	match("^?=.*$", "X=1", true);
	match("^{0}.*$", "X=1", true);
	match("^(?:ab|a)bc$", "abc", true);
	match("^a{2,3}$", "aaaa", false);
	match("^a{2,}$", "aaaa", true);
	match("^(a|b){3}$", "aba", true);
	match("^a.c$", "a\nc", false);
	match("(?s)^a.c$", "a\nc", true);
	match("^[^a]$", "\n", true);
	match("(?i)^straSSe$", "STRAsse", true);
	match("(?i)^k$", "\342\204\252", true);
	match("(?i)^[a-f]+$", "AbCdEf", true);
	match("(?i)a(?-i)b", "AB", false);
	match("(?i:a)b", "Ab", true);
	match("^\\w+\\b-\\B", "ab-", true);
	match("^\\Qa.b\\E+$", "a.bbb", true);
	match("^[\\d_]+$", "1_2", true);
	match("^[[:^alpha:]]$", "1", true);
	match("^\\p{Lu}\\P{Lu}$", "Aa", true);
	match("^\\x41\\101\\n$", "AA\n", true);
	match("^.$", "\303\251", true);
	match("^..$", "\303\251", false);
	match("^.$", "\377", true);
	match("^(a*)*$", "aaab", false);
	match("^()$", "", true);
	match("^[^\\x00-\\x{10FFFF}]$", "a", false);
}

static void
after(const char *pattern, const char *prefix, enum re2_count want)
{
	static const char *const names[] = {"none", "one", "many"};
	struct buf anchored = {0}, text = {0};
	enum re2_count got;
	struct re2 *re;

	re2_anchor(slice_str(pattern), &anchored);
	if (!CHECK(re2_compile(slice_buf(&anchored), &re) == RE2_GOOD, "%s",
	    pattern))
		return;
	got = re2_after(re, slice_str(prefix));
	CHECK(got == want, "  after %s: %s, not %s", prefix, names[want],
	    names[got]);
	if (got != RE2_NONE)
		CHECK(re2_witness(re, slice_str(prefix), &text) &&
		    re2_match(re, slice_buf(&text)), "  as %.*s", (int)text.n,
		    (const char *)text.p);
	re2_free(re);
	buf_free(&anchored);
	buf_free(&text);
}

static void
test_after(void)
{
	after("A=1", "A=", RE2_ONE);
	after("A=1", "B=", RE2_NONE);
	after("A=(1|2)", "A=", RE2_MANY);
	after("A=(1|1)", "A=", RE2_ONE);
	after("A=1|B=2", "LD_PRELOAD=", RE2_MANY);
	after("A=1|^B=2", "LD_PRELOAD=", RE2_NONE);
	after("A=1|^B=2", "B=", RE2_ONE);
	after("A=1|^B=2", "A=", RE2_MANY);
	after("*", "LD_PRELOAD=", RE2_MANY);
	after("*B=2", "LD_PRELOAD=", RE2_MANY);
	after("[A-Z_]+=x", "LD_PRELOAD=", RE2_ONE);
	after("LD_[A-Z]+=x{3}", "LD_PRELOAD=", RE2_ONE);
	after("(?i)ld_preload=/a", "LD_PRELOAD=", RE2_MANY);
	after("LD_PRELOAD=a{4}(b|)", "LD_PRELOAD=", RE2_MANY);
	after("LD_PRELOAD=$.*", "LD_PRELOAD=", RE2_ONE);
	after("LD_PRELOAD=.*^x", "LD_PRELOAD=", RE2_NONE);
	after("(?m)A=1", "A=", RE2_MANY);
	after("(?m)A=1", "B=1\nA=", RE2_NONE);
	after("", "A=", RE2_NONE);
	after("A=1", "", RE2_ONE);
	after("A.?", "", RE2_MANY);
	after("A=\\$", "A=", RE2_MANY);
}

static void
family(const char *pattern, const char *prefix, enum re2_count want)
{
	struct re2 *re;

	if (!CHECK(re2_compile(slice_str(pattern), &re) == RE2_GOOD, "%s",
	    pattern))
		return;
	CHECK(re2_family(re, slice_str(prefix)) == want, "  names that begin "
	    "with %s", prefix);
	re2_free(re);
}

static void
name(const char *pattern, enum re2_count want, const char *is)
{
	struct buf got = {0};
	struct re2 *re;

	if (!CHECK(re2_compile(slice_str(pattern), &re) == RE2_GOOD, "%s",
	    pattern))
		return;
	CHECK(re2_name(re, &got) == want && (want != RE2_ONE ||
	    slice_is(slice_buf(&got), is)), "  its name: %.*s", (int)got.n,
	    (const char *)got.p);
	re2_free(re);
	buf_free(&got);
}

static void
test_names(void)
{
	family("^GIT_[A-Z]+=.*$", "GIT_", RE2_MANY);
	family("^GIT_=.*$", "GIT_", RE2_NONE);
	family("^GIT_X=1$", "GIT_", RE2_ONE);
	family("^GI.*=1$", "GIT_", RE2_MANY);
	family("^GIT_(A-B)=1$", "GIT_", RE2_NONE);
	family("^HOST=.*$", "GIT_", RE2_NONE);
	name("^A=.*$", RE2_ONE, "A");
	name("^(AB)C=1$", RE2_ONE, "ABC");
	name("^A{3}=1$", RE2_ONE, "AAA");
	name("^(A|B)=1$", RE2_MANY, NULL);
	name("^A.?=1$", RE2_MANY, NULL);
	name("A=1", RE2_MANY, NULL);
	name("^A$", RE2_NONE, NULL);
	name("^a\\bb=1$", RE2_ONE, "ab");
}

/* However it is nested, in a time that is bounded: of every kind the largest
 * that is looked at. */
static void
test_hostile(void)
{
	static const char *const parts[] = {"(a*)*", "(a|aa)+", "(.*)*=",
	    "(.?){1000}", "((a{10}){10}){10}", "[^a]*[^b]*", "(x+x+)+y",
	    "(?:a?){1000}a{1000}", "(|a)+", "((((a*)*)*)*)*", "\\b*",
	    "(.*)(.*)(.*)(.*)"};
	struct timespec from, to;
	struct buf text = {0}, out = {0};
	struct re2 *re;
	size_t i, k;
	long ms, most = 0;

	for (i = 0; i < sizeof parts / sizeof *parts; i++) {
		buf_cut(&text, 0);
		for (k = 0; k < 40; k++)
			buf_adds(&text, parts[i]);
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		(void)re2_compile(slice_buf(&text), &re);
		if (re != NULL) {
			(void)re2_after(re, slice_str("LD_PRELOAD="));
			(void)re2_family(re, slice_str("PYTHON"));
			(void)re2_name(re, &out);
			(void)re2_witness(re, slice_str("A="), &out);
		}
		re2_free(re);
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		ms = (long)(to.tv_sec - from.tv_sec) * 1000 +
		    (to.tv_nsec - from.tv_nsec) / 1000000;
		most = ms > most ? ms : most;
	}
	/* that of a machine that is slow, and of a sanitizer's code */
	CHECK(most < 1000, "hostile ones take at most %ld ms", most);
	buf_free(&text);
	buf_free(&out);
}

static void
test_limits(void)
{
	struct buf text = {0};
	struct re2 *re;
	int i;

	for (i = 0; i < 200000; i++)
		buf_addc(&text, '(');
	CHECK(re2_compile(slice_buf(&text), &re) == RE2_LARGE && re == NULL,
	    "groups in each other without end");
	buf_cut(&text, 0);
	for (i = 0; i < 1000000; i++)
		buf_addc(&text, 'a');
	CHECK(re2_compile(slice_buf(&text), &re) == RE2_LARGE,
	    "a program too large");
	buf_cut(&text, 0);
	for (i = 0; i < 100000; i++)
		buf_adds(&text, "(){1000}");
	CHECK(re2_compile(slice_buf(&text), &re) != RE2_WRONG,
	    "nothing, many times");
	re2_free(re);
	buf_cut(&text, 0);
	for (i = 0; i < 50000; i++)
		buf_adds(&text, "[abcxyz]");
	CHECK(re2_compile(slice_buf(&text), &re) == RE2_LARGE,
	    "too many classes");
	buf_free(&text);
}

int
main(void)
{
	test_compiles();
	test_matches();
	test_after();
	test_names();
	test_hostile();
	test_limits();
	return tap_done();
}
