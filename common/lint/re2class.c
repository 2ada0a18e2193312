/* re2class.c -- classes of characters: see re2_in.h. */
#include "lint/re2_in.h"

#include <stdlib.h>

#include "ground/err.h"

void
ranges_add(struct ranges *r, uint32_t low, uint32_t high)
{
	struct range *v;

	if (r->n == r->cap) {
		r->cap = r->cap > 0 ? 2 * r->cap : 8;
		v = reallocarray(r->v, r->cap, sizeof *v);
		if (v == NULL)
			err_nomem();
		r->v = v;
	}
	r->v[r->n++] = (struct range){low, high};
}

/* The part of a range that lies between two, moved by so much. */
static void
add_moved(struct ranges *r, struct range from, uint32_t low, uint32_t high,
    int by)
{
	if (from.low > low)
		low = from.low;
	if (from.high < high)
		high = from.high;
	if (low <= high)
		ranges_add(r, (uint32_t)((int64_t)low + by),
		    (uint32_t)((int64_t)high + by));
}

void
ranges_add_folded(struct ranges *r, uint32_t low, uint32_t high)
{
	/* that fold into ASCII: the long s and the sign of the Kelvin */
	static const struct odd {
		uint32_t far;
		uint8_t lower, upper;
	} odds[] = {{0x17f, 's', 'S'}, {0x212a, 'k', 'K'}};
	struct range is = {low, high};
	size_t i;

	ranges_add(r, low, high);
	add_moved(r, is, 'A', 'Z', 'a' - 'A');
	add_moved(r, is, 'a', 'z', 'A' - 'a');
	for (i = 0; i < sizeof odds / sizeof *odds; i++) {
		if ((low <= odds[i].lower && odds[i].lower <= high) ||
		    (low <= odds[i].upper && odds[i].upper <= high))
			ranges_add(r, odds[i].far, odds[i].far);
		if (low <= odds[i].far && odds[i].far <= high) {
			ranges_add(r, odds[i].lower, odds[i].lower);
			ranges_add(r, odds[i].upper, odds[i].upper);
		}
	}
}

static int
order(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->low < y->low ? -1 : x->low > y->low;
}

void
ranges_sort(struct ranges *r)
{
	size_t i, n = 0;

	if (r->vague)
		ranges_add(r, 0x80, RUNE_MAX);
	if (r->n < 2)
		return;
	qsort(r->v, r->n, sizeof *r->v, order);
	for (i = 1; i < r->n; i++) {
		if (r->v[i].low > r->v[n].high + 1)
			r->v[++n] = r->v[i];
		else if (r->v[i].high > r->v[n].high)
			r->v[n].high = r->v[i].high;
	}
	r->n = n + 1;
}

void
ranges_negate(struct ranges *r)
{
	struct ranges out = {.vague = r->vague};
	uint32_t from = 0;
	size_t i;

	ranges_sort(r);
	for (i = 0; i < r->n; i++) {
		if (r->v[i].low > from)
			ranges_add(&out, from, r->v[i].low - 1);
		from = r->v[i].high + 1;
	}
	if (from <= RUNE_MAX)
		ranges_add(&out, from, RUNE_MAX);
	ranges_free(r);
	*r = out;
	/* what is not known to be in it is not known to be out of it */
	if (r->vague)
		ranges_sort(r);
}

void
ranges_free(struct ranges *r)
{
	free(r->v);
	*r = (struct ranges){0};
}

/* A class by its name and its characters, as pairs. */
struct named {
	const char *name, *pairs;
};

static bool
add_named(struct ranges *r, const struct named *v, size_t n,
    struct slice name, bool negate, bool fold)
{
	struct ranges in = {0};
	const char *p;
	size_t i;

	for (i = 0; i < n && !slice_is(name, v[i].name); i++)
		;
	if (i == n)
		return false;
	for (p = v[i].pairs; *p != '\0'; p += 2)
		if (fold)
			ranges_add_folded(&in, (uint8_t)p[0], (uint8_t)p[1]);
		else
			ranges_add(&in, (uint8_t)p[0], (uint8_t)p[1]);
	if (negate)
		ranges_negate(&in);
	for (i = 0; i < in.n; i++)
		ranges_add(r, in.v[i].low, in.v[i].high);
	ranges_free(&in);
	return true;
}

bool
ranges_perl(struct ranges *r, uint8_t letter, bool fold)
{
	static const struct named v[] = {
		{"d", "09"}, {"s", "\t\n\f\r  "}, {"w", "09AZ__az"},
	};
	char name[2] = {(char)(letter | 0x20), '\0'};

	return add_named(r, v, sizeof v / sizeof *v, slice_str(name),
	    (letter & 0x20) == 0, fold);
}

/* These two begin with a NUL, which no text of pairs could hold. */
static void
add_ascii(struct ranges *r, bool negate)
{
	if (negate)
		ranges_add(r, 0x80, RUNE_MAX);
	else
		ranges_add(r, 0, 0x7f);
}

static void
add_control(struct ranges *r, bool negate)
{
	if (negate) {
		ranges_add(r, ' ', '~');
		ranges_add(r, 0x80, RUNE_MAX);
	} else {
		ranges_add(r, 0, 0x1f);
		ranges_add(r, 0x7f, 0x7f);
	}
}

bool
ranges_posix(struct ranges *r, struct slice name, bool fold)
{
	static const struct named v[] = {
		{"alnum", "09AZaz"}, {"alpha", "AZaz"}, {"blank", "\t\t  "},
		{"digit", "09"}, {"graph", "!~"}, {"lower", "az"},
		{"print", " ~"}, {"punct", "!/:@[`{~"}, {"space", "\t\r  "},
		{"upper", "AZ"}, {"word", "09AZ__az"},
		{"xdigit", "09AFaf"},
	};
	bool negate = slice_starts(name, "^");

	if (negate)
		name = slice_from(name, 1);
	if (slice_is(name, "ascii"))
		add_ascii(r, negate);
	else if (slice_is(name, "cntrl"))
		add_control(r, negate);
	else
		return add_named(r, v, sizeof v / sizeof *v, name, negate,
		    fold);
	return true;
}

/* The scripts of Unicode that have no character of ASCII. */
static const char scripts[] =
    " Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum "
    "Bassa_Vah Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid "
    "Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee "
    "Chorasmian Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret "
    "Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan "
    "Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati "
    "Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew "
    "Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi "
    "Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li "
    "Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Lepcha Limbu "
    "Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic "
    "Manichaean Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui "
    "Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro Multani "
    "Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu "
    "Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic "
    "Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian "
    "Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene "
    "Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan "
    "Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian "
    "Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa "
    "Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai "
    "Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho Warang_Citi "
    "Yezidi Yi Zanabazar_Square Cf Co Cs Lm Lo Lt M Mc Me Mn Nl No Pf Pi So "
    "Zl Zp ";

static bool
is_script(struct slice name)
{
	struct buf word = {0};
	bool is;

	if (name.n == 0 || slice_find(name, ' ') < name.n ||
	    slice_find(name, '\0') < name.n)
		return false;
	buf_addc(&word, ' ');
	buf_add(&word, name);
	buf_adds(&word, " ");
	buf_addc(&word, '\0');
	is = strstr(scripts, (char *)word.p) != NULL;
	buf_free(&word);
	return is;
}

bool
ranges_unicode(struct ranges *r, struct slice name, bool negate, bool fold)
{
	/* what of them is ASCII */
	static const struct named v[] = {
		{"L", "AZaz"}, {"Latin", "AZaz"}, {"Ll", "az"}, {"Lu", "AZ"},
		{"N", "09"}, {"Nd", "09"}, {"P", "!#%*,/:;?@[]__{{}}"},
		{"Pc", "__"}, {"Pd", "--"}, {"Pe", "))]]}}"},
		{"Po", "!#%'**,,./:;?@\\\\"}, {"Ps", "(([[{{"},
		{"S", "$$++<>^^``||~~"}, {"Sc", "$$"}, {"Sk", "^^``"},
		{"Sm", "++<>||~~"}, {"Z", "  "}, {"Zs", "  "},
		{"Common", " @[`{~"},
	};

	if (slice_is(name, "Any")) {
		if (!negate)
			ranges_add(r, 0, RUNE_MAX);
		return true;
	}
	r->vague = true;
	if (slice_is(name, "C") || slice_is(name, "Cc"))
		return ranges_posix(r, slice_str(negate ? "^cntrl" : "cntrl"),
		    false);
	if (slice_is(name, "Common") && !negate) {
		ranges_add(r, 0, 0x1f);
		ranges_add(r, 0x7f, 0x7f);
	}
	if (slice_is(name, "Common") && negate) {
		ranges_add(r, 'A', 'Z');
		ranges_add(r, 'a', 'z');
		return true;
	}
	if (is_script(name)) {
		/* a folded one may have s and k, which others fold into */
		if (fold) {
			ranges_add_folded(r, 's', 's');
			ranges_add_folded(r, 'k', 'k');
		}
		if (negate)
			ranges_add(r, 0, RUNE_MAX);
		return true;
	}
	return add_named(r, v, sizeof v / sizeof *v, name, negate, fold);
}
