/* yamlset.c -- one value put into a YAML text, in its place.  See yaml.h. */
#include "value/yaml.h"

#include <yaml.h>

/* A text and one of its documents. */
struct place {
	struct slice text;
	yaml_document_t doc;
	const char *eol;
	struct err *e;
};

/* libyaml counts characters, of which only the first byte begins otherwise
 * than 10. */
static size_t
offset(const struct place *p, yaml_mark_t mark)
{
	size_t i = 0, n = 0;

	for (; i < p->text.n; i++)
		if ((p->text.p[i] & 0xc0) != 0x80 && n++ == mark.index)
			break;
	return i;
}

/* Load the document of that number. */
static int
load(struct place *p, size_t number)
{
	yaml_parser_t parser;
	bool there = false;
	size_t i;

	if (yaml_parser_initialize(&parser) == 0)
		err_nomem();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, p->text.p, p->text.n);
	for (i = 0; i <= number; i++) {
		if (there)
			yaml_document_delete(&p->doc);
		there = yaml_parser_load(&parser, &p->doc) == 1;
		if (!there)
			break;
	}
	yaml_parser_delete(&parser);
	if (there && yaml_document_get_root_node(&p->doc) != NULL)
		return 0;
	if (there)
		yaml_document_delete(&p->doc);
	return err_set(p->e, E_INPUT, "yaml: no document %zu", number);
}

/* The value under a key of a mapping, NULL if it is not there; and whether it
 * is an alias: what that stands for is further up. */
static yaml_node_t *
find(struct place *p, const yaml_node_t *mapping, const char *name,
    bool *alias)
{
	yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
	yaml_node_t *key, *value;

	for (; pair < mapping->data.mapping.pairs.top; pair++) {
		key = yaml_document_get_node(&p->doc, pair->key);
		if (key->type != YAML_SCALAR_NODE || !slice_is(slice_of(
		    key->data.scalar.value, key->data.scalar.length), name))
			continue;
		value = yaml_document_get_node(&p->doc, pair->value);
		*alias = value->start_mark.index < key->end_mark.index;
		return value;
	}
	return NULL;
}

static bool
is_null(const yaml_node_t *node)
{
	const char *s = (const char *)node->data.scalar.value;

	return node->type == YAML_SCALAR_NODE &&
	    node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    (*s == '\0' || strcmp(s, "~") == 0 || strcmp(s, "null") == 0);
}

/* Append the names and the value as one flow: a: {b: value}. */
static void
add_flow(const char *const *name, size_t n, struct slice value,
    struct buf *out)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf_addf(out, "%s%s: ", i > 0 ? "{" : "", name[i]);
	buf_add(out, value);
	for (i = 1; i < n; i++)
		buf_addc(out, '}');
}

/* The same as lines of a block whose keys stand in that column. */
static void
add_block(const struct place *p, const char *const *name, size_t n,
    struct slice value, size_t column, struct buf *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addf(out, "%s%*s", p->eol,
			    (int)(column + 2 * i), "");
		buf_addf(out, "%s:", name[i]);
	}
	buf_addc(out, ' ');
	buf_add(out, value);
	buf_addf(out, "%s%*s", p->eol, (int)column, "");
}

/* Names that are not there, into the mapping that is. */
static void
insert(struct place *p, const yaml_node_t *mapping, const char *const *name,
    size_t n, struct slice value, struct buf *out)
{
	yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
	bool empty = pair == mapping->data.mapping.pairs.top;
	yaml_node_t *key;
	size_t at;

	if (empty || mapping->data.mapping.style == YAML_FLOW_MAPPING_STYLE) {
		at = offset(p, mapping->start_mark);
		at += slice_find(slice_from(p->text, at), '{') + 1;
		buf_add(out, slice_head(p->text, at));
		add_flow(name, n, value, out);
		buf_adds(out, empty ? "" : ", ");
	} else {
		key = yaml_document_get_node(&p->doc, pair->key);
		at = offset(p, key->start_mark);
		buf_add(out, slice_head(p->text, at));
		add_block(p, name, n, value, key->start_mark.column, out);
	}
	buf_add(out, slice_from(p->text, at));
}

/* The value, or of an empty one what is missing, in the place of a scalar. */
static void
replace(struct place *p, const yaml_node_t *node, const char *const *name,
    size_t n, struct slice value, struct buf *out)
{
	size_t from = offset(p, node->start_mark);
	size_t to = offset(p, node->end_mark);

	/* of a block the line's end, which the next line needs */
	while (to > from && (p->text.p[to - 1] == '\n' ||
	    p->text.p[to - 1] == '\r' || p->text.p[to - 1] == ' '))
		to--;
	buf_add(out, slice_head(p->text, from));
	if (from > 0 && p->text.p[from - 1] == ':')
		buf_addc(out, ' ');
	if (n > 0) {
		buf_addc(out, '{');
		add_flow(name, n, value, out);
		buf_addc(out, '}');
	} else {
		buf_add(out, value);
	}
	buf_add(out, slice_from(p->text, to));
}

static int
set(struct place *p, const char *const *name, size_t n, struct slice value,
    struct buf *out)
{
	yaml_node_t *node = yaml_document_get_root_node(&p->doc), *next;
	bool alias;
	size_t i;

	for (i = 0; i < n && node->type == YAML_MAPPING_NODE; i++) {
		next = find(p, node, name[i], &alias);
		if (next == NULL) {
			insert(p, node, name + i, n - i, value, out);
			return 0;
		}
		if (alias)
			return err_set(p->e, E_INPUT, "yaml: %s is an alias",
			    name[i]);
		node = next;
	}
	if (node->type != YAML_SCALAR_NODE || (i < n && !is_null(node)))
		return err_set(p->e, E_INPUT, "yaml: %s is of another kind",
		    name[i > 0 ? i - 1 : 0]);
	replace(p, node, name + i, n - i, value, out);
	return 0;
}

int
yaml_set(struct slice text, size_t document, const char *const *name,
    size_t n, struct slice value, struct buf *out, struct err *e)
{
	struct place p = {.text = text, .eol = "\n", .e = e};
	int ret;

	if (slice_search(text, "\r\n") < text.n)
		p.eol = "\r\n";
	if (load(&p, document) < 0)
		return -1;
	ret = set(&p, name, n, value, out);
	yaml_document_delete(&p.doc);
	return ret;
}
