/* The option table: what it sets, and what it says when it cannot. */
#include "ground/opt.h"

#include "unit/child.h"
#include "ground/err.h"
#include "unit/tap.h"

static bool flag;
static const char *text, *once, *choice = "hex";
static struct opt_list list;
static struct opt_num num = {.value = 3, .min = 1, .max = 40};
static struct opt_num floor_once = {.min = 0, .max = 9};
static struct opt_time when;

static const struct opt opts[] = {
	{'f', "flag", OPT_FLAG, &flag, NULL, "wave it"},
	{'o', "output", OPT_TEXT, &text, "FILE", "write to FILE"},
	{0, "form", OPT_CHOICE, &choice, "hex|base64", "in this form"},
	{'c', "check", OPT_LIST, &list, "NAME", "check NAME"},
	{'n', "retry-count-number", OPT_NUM, &num, "N", "try N times"},
	{0, "at", OPT_TIME, &when, "TIME", "at TIME"},
	{'k', "key", OPT_TEXT_ONCE, &once, "FILE", "the one FILE"},
	{0, "least", OPT_NUM_ONCE, &floor_once, "N", "the one N"},
	{0},
};
static const struct tool tool = {"tool", "do a thing", "[-f] [FILE...]\n-c N",
    "FILE", 0, 2, opts, "output check", "tool -c 1 x", NULL, NULL,
    NULL};

static const struct {
	const char *text;
	int64_t at;	/* -1: refused */
} times[] = {
	{"0", 0}, {"1", 1}, {"1700000000", 1700000000},
	{"999999999999", 999999999999}, {"1000000000000", -1},
	{"", -1}, {"-1", -1}, {"+1", -1}, {" 1", -1}, {"1 ", -1},
	{"1.5", -1}, {"1e3", -1}, {"0x10", -1},
	{"1970-01-01T00:00:00Z", 0}, {"1970-01-01T00:00:01Z", 1},
	{"1970-12-31T23:59:59Z", 31535999},
	{"1971-01-01T00:00:00Z", 31536000},
	{"1972-02-29T00:00:00Z", 68169600},
	{"1972-03-01T00:00:00Z", 68256000},
	{"1999-12-31T23:59:59Z", 946684799},
	{"2000-02-29T12:34:56Z", 951827696},
	{"2000-03-01T00:00:00Z", 951868800},
	{"2001-09-09T01:46:40Z", 1000000000},
	{"2023-11-14T22:13:20Z", 1700000000},
	{"2024-02-29T00:00:00Z", 1709164800},
	{"2038-01-19T03:14:08Z", 2147483648},
	{"2100-02-28T00:00:00Z", 4107456000},
	{"2100-03-01T00:00:00Z", 4107542400},
	{"9999-12-31T23:59:59Z", 253402300799},
	{"2023-02-29T00:00:00Z", -1}, {"2100-02-29T00:00:00Z", -1},
	{"2024-02-30T00:00:00Z", -1}, {"2024-04-31T00:00:00Z", -1},
	{"2024-00-01T00:00:00Z", -1}, {"2024-13-01T00:00:00Z", -1},
	{"2024-01-00T00:00:00Z", -1}, {"2024-01-32T00:00:00Z", -1},
	{"2024-01-01T24:00:00Z", -1}, {"2024-01-01T00:60:00Z", -1},
	{"2024-01-01T00:00:60Z", -1}, {"1969-12-31T23:59:59Z", -1},
	{"0000-01-01T00:00:00Z", -1}, {"2024-01-01", -1},
	{"2024-01-01T00:00Z", -1}, {"2024-01-01T00:00:00", -1},
	{"2024-01-01T00:00:00z", -1}, {"2024-01-01t00:00:00Z", -1},
	{"2024-01-01 00:00:00Z", -1}, {"2024-01-01T00:00:00+00:00", -1},
	{"2024-01-01T00:00:00.5Z", -1}, {"2024-1-01T00:00:00ZZ", -1},
	{"20240101T000000Z", -1}, {" 024-01-01T00:00:00Z", -1},
	{"2024-01-01T00:00:00ZZ", -1},
};

static void
time_table(void)
{
	int64_t at;
	size_t i;
	bool yes;

	for (i = 0; i < sizeof times / sizeof *times; i++) {
		at = -7;
		yes = opt_time_parse(times[i].text, &at);
		CHECK(yes == (times[i].at >= 0) &&
		    at == (yes ? times[i].at : -7), "time '%s'",
		    times[i].text);
	}
}

static void
days_in_turn(void)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31};
	int64_t want = 0, at;
	int year, month, day, last, wrong = 0;
	char line[32];

	for (year = 1970; year < 2420; year++)
		for (month = 1; month <= 12; month++) {
			last = length[month - 1] + (month == 2 &&
			    year % 4 == 0 &&
			    (year % 100 != 0 || year % 400 == 0));
			for (day = 1; day <= last; day++, want += 86400) {
				(void)snprintf(line, sizeof line,
				    "%04d-%02d-%02dT00:00:00Z", year, month,
				    day);
				wrong += !opt_time_parse(line, &at) ||
				    at != want;
			}
		}
	CHECK(wrong == 0, "every day from 1970 to 2419");
}

static const char *const *args;

/* Parse args and print what came of it. */
static int
parse(void)
{
	char *copy[16], **argv = copy;
	int argc, i;
	size_t k;

	for (argc = 0; args[argc] != NULL; argc++)
		copy[argc] = (char *)(uintptr_t)args[argc];
	copy[argc] = NULL;
	argc = opt_parse(&tool, argc, &argv);
	(void)printf("%d %s %s %llu%s %lld%s", flag,
	    text != NULL ? text : "none", choice,
	    (unsigned long long)num.value, num.set ? "!" : "",
	    (long long)when.at, when.set ? "!" : "");
	for (k = 0; k < list.n; k++)
		(void)printf(" -%s", list.v[k]);
	for (i = 0; i < argc; i++)
		(void)printf(" %s", argv[i]);
	(void)fflush(stdout);
	free(list.v);
	return err_quiet ? 50 : 0;
}

#define ARGS(...) ((const char *const[]){"tool", __VA_ARGS__, NULL})

static const struct {
	const char *const *args;
	int status;
	const char *out;	/* begins standard output, or error if 2 */
} lines[] = {
	{ARGS("x"), 0, "0 none hex 3 0 x"},
	{ARGS("-f", "-o", "out", "x", "y"), 0, "1 out hex 3 0 x y"},
	{ARGS("-fo", "out"), 0, "1 out hex 3 0"},
	{ARGS("-oout", "-ooops"), 0, "0 oops hex 3 0"},
	{ARGS("--flag", "--output=a b", "--form", "base64"), 0,
	    "1 a b base64 3 0"},
	{ARGS("-c", "1", "--check=2", "-c3"), 0, "0 none hex 3 0 -1 -2 -3"},
	{ARGS("x", "-f"), 0, "1 none hex 3 0 x"},
	{ARGS("--", "-f", "-"), 0, "0 none hex 3 0 -f -"},
	{ARGS("-n", "1"), 0, "0 none hex 1! 0"},
	{ARGS("-n40"), 0, "0 none hex 40! 0"},
	{ARGS("-n007"), 0, "0 none hex 7! 0"},
	{ARGS("--at", "1970-01-02T00:00:00Z"), 0, "0 none hex 3 86400!"},
	{ARGS("--at", "0"), 0, "0 none hex 3 0!"},
	{ARGS("--fl"), 0, "1 none hex 3 0"},
	{ARGS("-q"), 50, "0 none hex 3 0"},
	{ARGS("-o", ""), 0, "0  hex 3 0"},
	{ARGS("--help"), 0, "tool - do a thing\n\nusage: tool [-f] [FILE...]\n"
	    "       tool -c N\n\n"
	    "  -o, --output FILE            write to FILE\n"
	    "  -c, --check NAME             check NAME\n\n"
	    "      --at TIME                at TIME\n"
	    "  -f, --flag                   wave it\n"},
	{ARGS("--help=all"), 0, "tool - do a thing\n"},
	{ARGS("--help=al"), 2, "tool: --help: not one of all: al\n"
	    "tool: hint: did you mean all?\n"},
	{ARGS("-h"), 0, "tool - do a thing\n"},
	{ARGS("-V"), 0, "tool (teeutils) "},
	{ARGS("--options"), 0, "tool\ttool\tdo a thing\n"
	    "option\t-\tat\tTIME\tat TIME\n"
	    "option\tc\tcheck\tNAME\tcheck NAME\n"
	    "option\tf\tflag\t-\twave it\n"
	    "option\t-\tform\thex|base64\tin this form\n"
	    "option\th\thelp\t-\t"
	    "print this help, with =all of every option\n"},
	{ARGS("--nosuch"), 2, "tool: unknown option: --nosuch\n"
	    "tool: hint: 'tool --help' lists the options\n"},
	{ARGS("-x"), 2, "tool: unknown option: -x\n"},
	{ARGS("-fx"), 2, "tool: unknown option: -x\n"},
	{ARGS("--f"), 2, "tool: ambiguous option: --f\n"
	    "tool: hint: it may be --flag, --form\n"},
	{ARGS("--f=1"), 2, "tool: ambiguous option: --f\n"},
	{ARGS("--ouptut=a"), 2, "tool: unknown option: --ouptut\n"
	    "tool: hint: did you mean --output?\n"},
	{ARGS("--retry-count-numbers", "2"), 2,
	    "tool: unknown option: --retry-count-numbers\n"
	    "tool: hint: did you mean --retry-count-number?\n"},
	{ARGS("--vesrion"), 2, "tool: unknown option: --vesrion\n"
	    "tool: hint: did you mean --version?\n"},
	{ARGS("--="), 2, "tool: ambiguous option: --\n"},
	{ARGS("-O", "a"), 2, "tool: unknown option: -O\n"
	    "tool: hint: did you mean -o, --output?\n"},
	{ARGS("-o"), 2, "tool: option -o needs an argument, FILE\n"},
	{ARGS("-fo"), 2, "tool: option -o needs an argument, FILE\n"},
	{ARGS("--output"), 2,
	    "tool: option --output needs an argument, FILE\n"},
	{ARGS("--out"), 2,
	    "tool: option --output needs an argument, FILE\n"},
	{ARGS("--flag=1"), 2, "tool: option takes no argument: --flag\n"},
	{ARGS("--form", "oct"), 2,
	    "tool: --form: not one of hex|base64: oct\n"
	    "tool: hint: 'tool --help' lists the options\n"},
	{ARGS("--form", "he"), 2, "tool: --form: not one of hex|base64: he\n"
	    "tool: hint: did you mean hex?\n"},
	{ARGS("--form", "bsae64"), 2,
	    "tool: --form: not one of hex|base64: bsae64\n"
	    "tool: hint: did you mean base64?\n"},
	{ARGS("--form", "HEX"), 2, "tool: --form: not one of hex|base64: HEX\n"
	    "tool: hint: did you mean hex?\n"},
	{ARGS("--form", ""), 2, "tool: --form: not one of"},
	{ARGS("--form", "hex|base64"), 2, "tool: --form: not one of"},
	{ARGS("-k", "a", "--least", "1"), 0, "0 none hex 3 0"},
	{ARGS("-k", "a", "--key=a"), 2,
	    "tool: --key is given twice, and only one can count\n"},
	{ARGS("-k", "", "-k", "b"), 2, "tool: --key is given twice"},
	{ARGS("--least", "1", "--least", "0"), 2,
	    "tool: --least is given twice"},
	{ARGS("--least", "10"), 2, "tool: --least: not a number from 0 to 9"},
	{ARGS("-n", "0"), 2,
	    "tool: --retry-count-number: not a number from 1 to 40: 0\n"},
	{ARGS("-n", "41"), 2, "tool: --retry-count-number: not a number"},
	{ARGS("-n", "-1"), 2, "tool: --retry-count-number: not a number"},
	{ARGS("-n", ""), 2, "tool: --retry-count-number: not a number"},
	{ARGS("-n", " 1"), 2, "tool: --retry-count-number: not a number"},
	{ARGS("-n", "1k"), 2, "tool: --retry-count-number: not a number"},
	{ARGS("-n", "18446744073709551617"), 2,
	    "tool: --retry-count-number: not a number"},
	{ARGS("--at", "tomorrow"), 2, "tool: --at: neither epoch seconds nor "
	    "YYYY-MM-DDTHH:MM:SSZ: tomorrow\n"},
	{ARGS("a", "b", "c"), 2, "tool: one operand too many: c\n"},
	{ARGS("--\x1b[2J"), 2,
	    "tool: unknown option: --\\x1b[2J\n"},
};

/* A tool that wants an operand and is given none. */
static int
parse_nothing(void)
{
	struct tool strict = tool;
	char *words[] = {(char[]){"strict"}, NULL}, **argv = words;

	strict.min = 1;
	return opt_parse(&strict, 1, &argv);
}

static void
operand(void)
{
	struct buf out = {0};

	int got = child(2, parse_nothing, &out);

	CHECK(got == E_USAGE && slice_starts(slice_buf(&out),
	    "tool: FILE must be given\n"), "no operand: %d %.*s", got,
	    (int)out.n, (const char *)out.p);
	buf_free(&out);
}

static void
command_lines(void)
{
	struct buf out = {0};
	size_t i;
	int got;

	for (i = 0; i < sizeof lines / sizeof *lines; i++) {
		args = lines[i].args;
		buf_cut(&out, 0);
		got = child(lines[i].status == 2 ? 2 : 1, parse, &out);
		CHECK(got == lines[i].status &&
		    slice_starts(slice_buf(&out), lines[i].out),
		    "line %zu: %s: %d %.*s", i, lines[i].args[1], got,
		    (int)out.n, out.n > 0 ? (const char *)out.p : "");
	}
	buf_free(&out);
}

int
main(void)
{
	time_table();
	days_in_turn();
	command_lines();
	operand();
	return tap_done();
}
