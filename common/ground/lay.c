/* lay.c -- see lay.h. */
#include "ground/lay.h"

#define RED "\033[31m"
#define LOUD "\033[1;31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

/* What lines of a report begin with, two blanks behind. */
static const struct {
	const char *word, *colour;
} words[] = {
	{"pass", GREEN}, {"FAIL", LOUD}, {"skip", YELLOW},
	{"yes", GREEN}, {"no ", RED}, {"\u2714", GREEN}, {"\u2718", RED},
	{"unsafe", LOUD}, {"broken", LOUD}, {"weak", YELLOW},
	{"not assessed", YELLOW},
};

static bool
starts(uint8_t c)
{
	return (c & 0xc0) != 0x80;
}

static size_t
columns(struct slice s)
{
	size_t n = 0, i;

	for (i = 0; i < s.n; i++)
		n += starts(s.p[i]);
	return n;
}

void
lay_wrap(struct slice text, size_t at, size_t indent, size_t width,
    struct buf *out)
{
	struct slice word;
	size_t column = at;
	bool begun = false;	/* a word stands in the line */

	while (text.n > 0) {
		word = slice_head(text, slice_find(text, ' '));
		if (begun && word.n > 0 &&
		    column + 1 + columns(word) > width) {
			while (out->n > 0 && out->p[out->n - 1] == ' ')
				buf_cut(out, out->n - 1);
			buf_addf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (begun) {
			buf_addc(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += columns(word);
		begun = true;
		text = slice_from(text, word.n + 1);
	}
}

/* The column that the lines below a first one begin at. */
static size_t
hang(struct slice line, size_t width)
{
	size_t i, column = 0, blanks = 0, ret = 0;

	for (i = 0; i < line.n && column <= width / 2; i++) {
		if (line.p[i] != ' ') {
			if (column == blanks)
				ret = column + 2;
			else if (blanks > 1)
				ret = column;
			blanks = 0;
		} else {
			blanks++;
		}
		column += starts(line.p[i]);
	}
	return ret;
}

static void
put_line(struct slice line, size_t width, struct buf *out)
{
	if (width == 0 || columns(line) <= width ||
	    slice_starts(slice_trim(line), "$ "))
		buf_add(out, line);
	else
		lay_wrap(line, 0, hang(line, width), width, out);
}

static void
put_coloured(struct slice line, struct lay lay, struct buf *out)
{
	size_t i, n;
	struct buf text = {0};

	put_line(line, lay.width, &text);
	for (i = 0; lay.colour && i < sizeof words / sizeof *words; i++) {
		n = strlen(words[i].word);
		if (!slice_starts(line, words[i].word) ||
		    !slice_starts(slice_from(line, n), "  "))
			continue;
		buf_addf(out, "%s%s%s", words[i].colour, words[i].word, PLAIN);
		buf_add(out, slice_from(slice_buf(&text), n));
		buf_free(&text);
		return;
	}
	buf_add(out, slice_buf(&text));
	buf_free(&text);
}

void
lay_report(struct buf *lines, struct lay lay)
{
	struct slice rest = slice_buf(lines), line;
	struct buf out = {0};

	if (lines->p == NULL || (lay.width == 0 && !lay.colour))
		return;
	while (rest.n > 0) {
		line = slice_head(rest, slice_find(rest, '\n'));
		put_coloured(line, lay, &out);
		buf_addc(&out, '\n');
		rest = slice_from(rest, line.n + 1);
	}
	buf_free(lines);
	*lines = out;
}
