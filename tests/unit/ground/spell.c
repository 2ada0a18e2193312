/* The word that was meant: distances, what is near and what is not. */
#include "ground/spell.h"

#include "unit/tap.h"

static const struct {
	const char *a, *b;
	unsigned n;
} distances[] = {
	{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"a", "a", 0},
	{"html", "html", 0}, {"htlm", "html", 1}, {"htm", "html", 1},
	{"hhtml", "html", 1}, {"hxml", "html", 1}, {"HTML", "html", 0},
	{"kitten", "sitting", 3}, {"sunday", "saturday", 3},
	{"ab", "ba", 1}, {"abc", "cba", 2},
	/* swapped letters are not parted again: no 2 for ca, ac, abc */
	{"ca", "abc", 3}, {"issuer", "isseur", 1}, {"ouptut", "output", 1},
	{"[", "{", 1}, {"@", "`", 1},
};

static const struct {
	const char *given, *best;
} nearest[] = {
	{"htlm", "html"}, {"jsno", "json"}, {"tabel", "table"},
	{"feature", "features"}, {"fe", "features"}, {"f", ""},
	{"JSON", "json"}, {"haeder", "header"}, {"hedder", "header"},
	{"xml", ""}, {"yaml", ""}, {"", ""}, {"j", ""}, {"tabular", ""},
	{"tables-of-all-that-there-is-and-was-and-will-be-here", ""},
};

int
main(void)
{
	static const char *const words[] = {"json", "header", "features",
	    "table", "html", ""};
	struct slice a, b;
	struct spell s;
	size_t i, k;

	for (i = 0; i < sizeof distances / sizeof *distances; i++) {
		a = slice_str(distances[i].a);
		b = slice_str(distances[i].b);
		CHECK(spell_distance(a, b) == distances[i].n &&
		    spell_distance(b, a) == distances[i].n,
		    "%s and %s: %u", distances[i].a, distances[i].b,
		    distances[i].n);
	}
	for (i = 0; i < sizeof nearest / sizeof *nearest; i++) {
		spell_start(&s, slice_str(nearest[i].given));
		for (k = 0; k < sizeof words / sizeof *words; k++)
			spell_try(&s, slice_str(words[k]));
		CHECK(slice_is(s.best, nearest[i].best), "'%s': '%s'",
		    nearest[i].given, nearest[i].best);
	}
	return tap_done();
}
