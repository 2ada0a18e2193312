/* jsonscan.c -- the text of a JSON value into nodes, in one pass and
 * without recursion (RFC 8259).  See json_in.h. */
#include "value/json_in.h"

#include <stdlib.h>

#include "ground/text.h"

enum { SHOWN_MAX = 64 };	/* bytes of a name in a message */

struct scan {
	const uint8_t *p, *end;
	struct json *j;
	struct err *e;
	uint32_t depth;
	uint32_t open[JSON_DEPTH_MAX];	/* the containers around p */
	uint32_t last[JSON_DEPTH_MAX];	/* the newest value in each */
};

/* What may come next. */
enum { WRONG = -1, DONE, MORE };

static int
wrong(struct scan *s, const char *why)
{
	/* at the end nothing is wrong but that it is the end */
	return err_set(s->e, E_INPUT, "json: %s at offset %zu",
	    s->p < s->end ? why : "ends too early",
	    (size_t)(s->p - s->j->text.p));
}

static void
blanks(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' ||
	    *s->p == '\t' || *s->p == '\r'))
		s->p++;
}

/* The number of a new node that begins at p, or 0. */
static uint32_t
add(struct scan *s, enum json_kind kind)
{
	struct json *j = s->j;

	if (j->n > JSON_NODES_MAX) {
		(void)err_set(s->e, E_INPUT, "json: more than %d values and "
		    "names at offset %zu", JSON_NODES_MAX,
		    (size_t)(s->p - j->text.p));
		return 0;
	}
	if (j->n == j->cap) {
		j->cap *= 2;
		j->v = realloc(j->v, j->cap * sizeof *j->v);
		if (j->v == NULL)
			err_nomem();
	}
	j->v[j->n] = (struct node){.at = (uint32_t)(s->p - j->text.p),
	    .kind = kind & 7, .parent = s->depth > 0 ?
	    s->open[s->depth - 1] : 0};
	return j->n++;
}

/* The same for a value, which its container counts and chains. */
static uint32_t
add_value(struct scan *s, enum json_kind kind)
{
	uint32_t at = add(s, kind), *last;
	struct node *v = s->j->v;

	if (at == 0 || s->depth == 0)
		return at;
	last = &s->last[s->depth - 1];
	if (*last != 0)
		v[*last].next = at;
	*last = at;
	v[at].is_member = v[v[at].parent].kind == JSON_OBJECT;
	v[v[at].parent].count++;
	return at;
}

static void
ends(struct scan *s, uint32_t at)
{
	struct node *n = &s->j->v[at];

	n->len = (uint32_t)(s->p - s->j->text.p) - n->at;
}

/* What json_lex_string() and json_lex_number() have in common here. */
static int
lexed(struct scan *s, uint32_t at, struct lex l)
{
	s->p = l.p;
	if (l.why != NULL)
		return wrong(s, l.why);
	s->j->v[at].escaped = l.escaped;
	ends(s, at);
	return DONE;
}

static int
string(struct scan *s, uint32_t at)
{
	return lexed(s, at, json_lex_string(s->p, s->end));
}

static int
word(struct scan *s, enum json_kind kind, const char *text)
{
	struct slice rest = slice_of(s->p, (size_t)(s->end - s->p));
	uint32_t at;

	if (!slice_starts(rest, text)) {
		if (rest.n < strlen(text) && memcmp(text, rest.p, rest.n) == 0)
			s->p = s->end;
		return wrong(s, "unknown word");
	}
	if ((at = add_value(s, kind)) == 0)
		return WRONG;
	s->p += strlen(text);
	ends(s, at);
	return DONE;
}

/* A member's name and colon. */
static int
name(struct scan *s)
{
	uint32_t at;

	blanks(s);
	if (s->p == s->end || *s->p != '"')
		return wrong(s, "expected a name in quotes");
	if ((at = add(s, JSON_STRING)) == 0 || string(s, at) < 0)
		return WRONG;
	s->j->v[at].is_name = 1;
	s->j->v[at].next = json_hash(s->j, &s->j->v[at]);
	blanks(s);
	if (s->p == s->end || *s->p != ':')
		return wrong(s, "expected a colon");
	s->p++;
	return MORE;
}

static int
unique(struct scan *s, uint32_t object)
{
	uint32_t at = json_repeated(s->j, object);
	struct slice shown;

	if (at == 0)
		return DONE;
	shown = slice_head(node_inner(s->j, &s->j->v[at]), SHOWN_MAX);
	return err_set(s->e, E_INPUT, "json: name given twice: \"%.*s\" at "
	    "offset %u", (int)shown.n, (const char *)shown.p,
	    s->j->v[at].at);
}

/* The innermost container, whose closing bracket p stands on. */
static int
shut(struct scan *s)
{
	uint32_t at = s->open[--s->depth];

	s->p++;
	ends(s, at);
	return s->j->v[at].kind == JSON_OBJECT ? unique(s, at) : DONE;
}

static int
enter(struct scan *s, enum json_kind kind)
{
	uint32_t at;

	if (s->depth == JSON_DEPTH_MAX)
		return err_set(s->e, E_INPUT, "json: nested deeper than %d "
		    "at offset %zu", JSON_DEPTH_MAX,
		    (size_t)(s->p - s->j->text.p));
	if ((at = add_value(s, kind)) == 0)
		return WRONG;
	s->last[s->depth] = 0;
	s->open[s->depth++] = at;
	s->p++;
	blanks(s);
	if (s->p < s->end && *s->p == (kind == JSON_OBJECT ? '}' : ']'))
		return shut(s);
	return kind == JSON_OBJECT ? name(s) : MORE;
}

/* A value begins at p.  DONE if it is over, MORE if it holds another that
 * is now due. */
static int
value(struct scan *s)
{
	uint32_t at;

	if (s->p == s->end)
		return wrong(s, "");
	switch (*s->p) {
	case '{':
		return enter(s, JSON_OBJECT);
	case '[':
		return enter(s, JSON_ARRAY);
	case '"':
		at = add_value(s, JSON_STRING);
		return at != 0 ? string(s, at) : WRONG;
	case 't':
		return word(s, JSON_TRUE, "true");
	case 'f':
		return word(s, JSON_FALSE, "false");
	case 'n':
		return word(s, JSON_NULL, "null");
	}
	if (*s->p != '-' && (*s->p < '0' || *s->p > '9'))
		return wrong(s, "expected a value");
	at = add_value(s, JSON_NUMBER);
	return at != 0 ? lexed(s, at, json_lex_number(s->p, s->end)) : WRONG;
}

/* A value is over.  MORE if another is due, DONE if it was the last. */
static int
after(struct scan *s)
{
	bool object;

	while (s->depth > 0) {
		blanks(s);
		object = s->j->v[s->open[s->depth - 1]].kind == JSON_OBJECT;
		if (s->p < s->end && *s->p == ',') {
			s->p++;
			return object ? name(s) : MORE;
		}
		if (s->p == s->end || *s->p != (object ? '}' : ']'))
			return wrong(s, object ? "expected a comma or }" :
			    "expected a comma or ]");
		if (shut(s) < 0)
			return WRONG;
	}
	return DONE;
}

static int
all(struct scan *s)
{
	int due;

	do {
		blanks(s);
		if ((due = value(s)) == DONE)
			due = after(s);
	} while (due == MORE);
	if (due < 0)
		return WRONG;
	blanks(s);
	return s->p == s->end ? 0 : wrong(s, "text after the value");
}

int
json_parse(struct slice text, struct json **out, struct err *e)
{
	struct json *j;
	struct scan s;

	if (text_no_bom(text, "json", e) < 0)
		return -1;
	if (text.n > UINT32_MAX)
		return err_set(e, E_INPUT, "json: larger than %u bytes",
		    UINT32_MAX);
	if (text.n == 0)
		text = slice_str("");
	if ((j = malloc(sizeof *j)) == NULL)
		err_nomem();
	/* ordinary text has one value or name in some ten bytes */
	j->cap = (uint32_t)(text.n < 1 << 16 ? text.n / 8 + 8 : 1 << 13);
	if ((j->v = malloc(j->cap * sizeof *j->v)) == NULL)
		err_nomem();
	j->text = text;
	j->many = NULL;
	j->nmany = 0;
	j->v[0] = (struct node){0};
	j->n = 1;
	s = (struct scan){.p = text.p, .end = text.p + text.n, .j = j,
	    .e = e};
	if (all(&s) < 0) {
		json_free(j);
		return -1;
	}
	json_kept(j);
	*out = j;
	return 0;
}

void
json_free(struct json *j)
{
	uint32_t i;

	if (j == NULL)
		return;
	for (i = 0; i < j->nmany; i++)
		free(j->many[i].v);
	free(j->many);
	free(j->v);
	free(j);
}
