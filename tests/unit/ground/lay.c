/* Reports laid out: where lines break, what they hang below, what is coloured
 * and what never changes. */
#include "ground/lay.h"

#include "unit/tap.h"

#define UML "\u00e4"

static const struct {
	struct lay how;
	const char *from, *to;
} lines[] = {
	{{0, false}, "pass  x  y\n", "pass  x  y\n"},
	{{20, false}, "", ""},
	{{20, false}, "short\n\nlines\n", "short\n\nlines\n"},
	{{20, false}, "12345678901234567890\n", "12345678901234567890\n"},
	{{20, false}, "pass  vmpl  one two three four\n",
	    "pass  vmpl  one two\n"
	    "      three four\n"},
	{{30, false}, "pass  vmpl  one two three four five\n",
	    "pass  vmpl  one two three four\n"
	    "            five\n"},
	/* the second column begins too far right to hang below */
	{{20, false}, "pass  a-long-name  one two\n",
	    "pass  a-long-name\n"
	    "      one two\n"},
	{{20, false}, "  mount: \"aaaa\" from \"bbbb\"\n",
	    "  mount: \"aaaa\" from\n"
	    "    \"bbbb\"\n"},
	/* no break in a word, a hash, a path */
	{{10, false}, "x  0123456789abcdef0123456789abcdef y\n",
	    "x\n   0123456789abcdef0123456789abcdef\n   y\n"},
	{{10, false}, "0123456789abcdef0123456789abcdef\n",
	    "0123456789abcdef0123456789abcdef\n"},
	/* a command is there to be copied */
	{{10, false}, "    $ snp-verify --show report.bin | grep tcb\n",
	    "    $ snp-verify --show report.bin | grep tcb\n"},
	/* characters, not bytes */
	{{7, false}, UML UML " " UML UML UML "\n",
	    UML UML " " UML UML UML "\n"},
	{{5, false}, UML UML " " UML UML UML "\n",
	    UML UML "\n  " UML UML UML "\n"},
	{{20, true}, "pass  x\nFAIL  y\nskip  z\npassed  x\n  pass  x\n",
	    "\033[32mpass\033[0m  x\n\033[1;31mFAIL\033[0m  y\n"
	    "\033[33mskip\033[0m  z\npassed  x\n  pass  x\n"},
	{{0, true}, "unsafe  a  b\nnot assessed  c\n",
	    "\033[1;31munsafe\033[0m  a  b\n"
	    "\033[33mnot assessed\033[0m  c\n"},
	{{20, true}, "no   feature  because of that\n",
	    "\033[31mno \033[0m  feature\n     because of that\n"},
	/* a last line without its end gets one */
	{{20, false}, "x", "x\n"},
};

static void
wrapped(void)
{
	struct buf out = {0};

	buf_adds(&out, "name:");
	lay_wrap(slice_str("one two three"), 5, 2, 12, &out);
	CHECK(slice_is(slice_buf(&out), "name:one two\n  three"),
	    "the first line begins where out stands");
	buf_free(&out);
}

int
main(void)
{
	struct buf text = {0};
	size_t i;

	for (i = 0; i < sizeof lines / sizeof *lines; i++) {
		buf_cut(&text, 0);
		buf_adds(&text, lines[i].from);
		lay_report(&text, lines[i].how);
		CHECK(slice_is(slice_buf(&text), lines[i].to), "%zu: %s", i,
		    lines[i].from);
	}
	buf_free(&text);
	wrapped();
	return tap_done();
}
