/* Patterns of environment variables, and what their shape tells. */
#include "lint/re2shape.h"

#include <stdio.h>

#include "unit/tap.h"

/* The shape as letters: wrong X, forked |, fixed F, wild *, free V. */
static void
shape(const char *pattern, const char *want)
{
	struct re2shape s = re2shape(slice_str(pattern));
	char got[6];

	(void)snprintf(got, sizeof got, "%s%s%s%s%s", s.wrong ? "X" : "",
	    s.forked ? "|" : "", s.fixed ? "F" : "", s.wild ? "*" : "",
	    s.free ? "V" : "");
	/* nothing else counts of what does not compile */
	if (s.wrong)
		got[1] = '\0';
	CHECK(strcmp(got, want) == 0, "%s: %s", pattern, got);
}

static void
test_names(void)
{
	shape("A=1", "F");
	shape("A=.*", "FV");
	shape("A=(.+)", "FV");
	shape("A=(?:.*)$", "F");
	shape("A=[0-9]+", "F");
	shape("(FOO|BAR)=1", "F");
	shape("A_[0-9]=1", "F");
	shape("T(E)?MP=.+", "FV");
	shape("A.+=1", "F*");
	shape("[A-Z]+_A=1", "F*");
	shape("A=1|B=2", "|F");
	shape("", "");
	shape(".*", "*");
	shape(".+=.*", "*V");
	shape("[^=]*=.*", "*V");
	shape("[A-Z]+=.*", "*V");
	/* nothing in them must stand */
	shape("A*=1", "");
	shape("A?=1", "");
	shape("(A)?.*=1", "*");
	shape("A{0,1}.*=1", "*");
	shape("A{0}.*=1", "*");
	shape("(A|.*)=1", "*");
	shape("(A|)=1", "");
	shape("A=1|.*", "|*");
	shape(".*|A=1", "|*");
	shape("|A=1", "|");
	shape("(?i).*=A", "*");
	shape("\\w+=A", "*");
	shape("=A", "");
	shape("\\Q\\E=A", "");
	shape("\\QA.B\\E=A", "F");
}

static void
test_wrong(void)
{
	static const char *const rows[] = {"A=(", "A=)", "A=[", "A=[]",
	    "A=[b-a]", "A=a**", "A=a*+", "A=a{2}{3}", "A=a{1001}",
	    "A=a{2,1}", "*A=", "A=(*)", "A=(|+)", "A=\\", "A=\\1", "A=\\Z",
	    "A=\\8", "(?=A)B=1", "(?!A)B=1", "(?<=A)B=1", "(?<!A)B=1",
	    "(?P=n)A=1", "(?#c)A=1", "(?P<n>A=1", "A=\\x{41", "A=[\\]"};
	static const char *const right[] = {"A=a*?", "A={", "A=a{,2}",
	    "A=a{2}?", "A=]", "A=}", "A=[]a]", "A=[^]a]", "A=[[:alpha:]-]",
	    "A=[\\]a]", "A=(?P<n>a)", "A=(?<n>a)", "A=(?is-m:a)", "(?i)A=1",
	    "A=\\d\\.\\-\\x41\\x{1F600}\\pN\\p{Greek}", "A=a{1000}",
	    "A=a|b", "A=()", "A=(|a)"};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		shape(rows[i], "X");
	for (i = 0; i < sizeof right / sizeof *right; i++)
		CHECK(!re2shape(slice_str(right[i])).wrong, "%s compiles",
		    right[i]);
}

static void
test_depth(void)
{
	struct buf text = {0};
	struct re2shape s;
	int i;

	for (i = 0; i < 100000; i++)
		buf_addc(&text, '(');
	s = re2shape(slice_buf(&text));
	CHECK(!s.wrong && !s.fixed && s.wild,
	    "what is nested too deeply is anything");
	buf_cut(&text, RE2_DEPTH_MAX);
	buf_addc(&text, 'A');
	for (i = 0; i < RE2_DEPTH_MAX; i++)
		buf_addc(&text, ')');
	CHECK(re2shape(slice_buf(&text)).fixed, "  up to the limit it counts");
	buf_free(&text);
}

int
main(void)
{
	test_names();
	test_wrong();
	test_depth();
	return tap_done();
}
