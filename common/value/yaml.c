/* yaml.c -- see yaml.h. */
#include "value/yaml.h"

#include <stdlib.h>

#include <yaml.h>

#include "value/json.h"

/* Where what has an anchor stands in the JSON; n is 0 for a collection that is
 * not to be copied, or not read whole. */
struct anchor {
	char *name;
	size_t at, n;
};

/* A collection that is open. */
struct level {
	bool mapping;
	bool value;	/* of a mapping: the key has been written */
	bool more;	/* something stands in it already */
	size_t anchor;	/* of it, from 1; 0 for none */
};

struct walk {
	struct level level[YAML_DEPTH_MAX + 1];
	unsigned depth;		/* level[0] is the array of documents */
	struct anchor *anchor;
	size_t anchors;
	bool whole;		/* collections are copied */
	struct buf *out;
	size_t line;		/* from 1, of the event in hand */
	struct err *e;
};

static int
refuse(struct walk *w, const char *why)
{
	return err_set(w->e, E_INPUT, "yaml: line %zu: %s", w->line, why);
}

/* What stands between the last value and the next. */
static void
separate(struct walk *w)
{
	struct level *l = &w->level[w->depth];

	if (l->mapping && l->value) {
		buf_addc(w->out, ':');
		l->value = false;
		return;
	}
	if (l->more)
		buf_addc(w->out, ',');
	l->more = true;
	l->value = l->mapping;
}

/* The next thing in the open collection would be a key. */
static bool
wants_key(const struct walk *w)
{
	return w->level[w->depth].mapping && !w->level[w->depth].value;
}

static int
add_anchor(struct walk *w, const yaml_char_t *name, size_t at, size_t n)
{
	struct anchor *a;

	if (name == NULL)
		return 0;
	if (w->anchors == YAML_ANCHORS_MAX)
		return refuse(w, "too many anchors");
	a = reallocarray(w->anchor, w->anchors + 1, sizeof *a);
	if (a == NULL)
		err_nomem();
	w->anchor = a;
	a[w->anchors++] = (struct anchor){
	    slice_dup(slice_str((const char *)name)), at, n};
	return 0;
}

static bool
is_null(const yaml_event_t *ev)
{
	const char *s = (const char *)ev->data.scalar.value;

	return ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    (strcmp(s, "") == 0 || strcmp(s, "~") == 0 ||
	    strcmp(s, "null") == 0 || strcmp(s, "Null") == 0 ||
	    strcmp(s, "NULL") == 0);
}

static int
scalar(struct walk *w, const yaml_event_t *ev)
{
	const char *tag = (const char *)ev->data.scalar.tag;
	struct slice s = slice_of(ev->data.scalar.value,
	    ev->data.scalar.length);
	bool key = wants_key(w);
	size_t at;

	if (tag != NULL && strcmp(tag, "!") != 0 &&
	    strcmp(tag, YAML_STR_TAG) != 0)
		return refuse(w, "a tag that is not !!str");
	if (w->whole && key && ev->data.scalar.style ==
	    YAML_PLAIN_SCALAR_STYLE && slice_is(s, "<<"))
		return refuse(w, "a merge key, which is not read here");
	separate(w);
	at = w->out->n;
	if (is_null(ev) && tag == NULL && !key)
		buf_adds(w->out, "null");
	else
		json_quote(s, w->out);
	return add_anchor(w, ev->data.scalar.anchor, at, w->out->n - at);
}

static int
alias(struct walk *w, const yaml_event_t *ev)
{
	const char *name = (const char *)ev->data.alias.anchor;
	struct slice copy;
	size_t i = w->anchors;
	bool key = wants_key(w);

	/* the last of that name counts */
	while (i > 0 && strcmp(w->anchor[i - 1].name, name) != 0)
		i--;
	if (i == 0)
		return refuse(w, "an alias of nothing");
	if (key && (w->anchor[i - 1].n == 0 ||
	    w->out->p[w->anchor[i - 1].at] == '{' ||
	    w->out->p[w->anchor[i - 1].at] == '['))
		return refuse(w, "a key that is no scalar");
	if (w->anchor[i - 1].n == 0 && w->whole)
		return refuse(w, "an alias of what holds it");
	separate(w);
	if (w->anchor[i - 1].n == 0) {
		buf_adds(w->out, "null");
		return 0;
	}
	if (w->out->n + w->anchor[i - 1].n > YAML_JSON_MAX)
		return refuse(w, "too much of it");
	/* what is copied may move while it is */
	(void)buf_more(w->out, w->anchor[i - 1].n);
	copy = slice_of(w->out->p + w->anchor[i - 1].at, w->anchor[i - 1].n);
	memcpy(w->out->p + w->out->n - copy.n, copy.p, copy.n);
	if (key && copy.p[0] != '"')
		return refuse(w, "a key that is null");
	return 0;
}

static int
begin(struct walk *w, bool mapping, const yaml_char_t *anchor)
{
	if (wants_key(w))
		return refuse(w, "a key that is no scalar");
	if (w->depth == YAML_DEPTH_MAX)
		return refuse(w, "nested too deeply");
	separate(w);
	buf_addc(w->out, mapping ? '{' : '[');
	w->level[++w->depth] = (struct level){.mapping = mapping};
	if (add_anchor(w, anchor, w->out->n - 1, 0) < 0)
		return -1;
	if (anchor != NULL && w->whole)
		w->level[w->depth].anchor = w->anchors;
	return 0;
}

static void
end(struct walk *w)
{
	struct level *l = &w->level[w->depth--];
	struct anchor *a;

	buf_addc(w->out, l->mapping ? '}' : ']');
	if (l->anchor > 0) {
		a = &w->anchor[l->anchor - 1];
		a->n = w->out->n - a->at;
	}
}

static int
take(struct walk *w, const yaml_event_t *ev)
{
	w->line = ev->start_mark.line + 1;
	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		/* anchors are a document's own */
		while (w->anchors > 0)
			free(w->anchor[--w->anchors].name);
		return 0;
	case YAML_SCALAR_EVENT:
		return scalar(w, ev);
	case YAML_ALIAS_EVENT:
		return alias(w, ev);
	case YAML_SEQUENCE_START_EVENT:
		return begin(w, false, ev->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return begin(w, true, ev->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		end(w);
		return 0;
	default:
		return 0;
	}
}

static int
walk(yaml_parser_t *parser, struct walk *w)
{
	bool over = false;
	yaml_event_t ev;
	int ret = 0;

	while (ret == 0 && !over) {
		if (yaml_parser_parse(parser, &ev) == 0) {
			if (parser->error == YAML_MEMORY_ERROR)
				err_nomem();
			w->line = parser->problem_mark.line + 1;
			return refuse(w, parser->problem != NULL ?
			    parser->problem : "not YAML");
		}
		over = ev.type == YAML_STREAM_END_EVENT;
		ret = take(w, &ev);
		yaml_event_delete(&ev);
		if (ret == 0 && w->out->n > YAML_JSON_MAX)
			ret = refuse(w, "too much of it");
	}
	return ret;
}

static int
to_json(struct slice text, bool whole, struct buf *out, struct err *e)
{
	struct walk w = {.whole = whole, .out = out, .e = e};
	size_t was = out->n;
	yaml_parser_t parser;
	int ret;

	if (yaml_parser_initialize(&parser) == 0)
		err_nomem();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	/* it asserts that there is a pointer */
	if (text.n == 0)
		text = slice_str("");
	yaml_parser_set_input_string(&parser, text.p, text.n);
	buf_addc(out, '[');
	ret = walk(&parser, &w);
	buf_addc(out, ']');
	yaml_parser_delete(&parser);
	while (w.anchors > 0)
		free(w.anchor[--w.anchors].name);
	free(w.anchor);
	if (ret < 0)
		buf_cut(out, was);
	return ret;
}

int
yaml_to_json(struct slice text, struct buf *out, struct err *e)
{
	return to_json(text, false, out, e);
}

int
yaml_to_json_whole(struct slice text, struct buf *out, struct err *e)
{
	return to_json(text, true, out, e);
}
