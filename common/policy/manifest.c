/* manifest.c -- see manifest.h. */
#include "policy/manifest.h"

#include "policy/carrier.h"
#include "ground/text.h"
#include "value/yaml.h"

/* "key:" with a blank or the line's end behind it. */
static bool
is_key(struct slice line)
{
	size_t i;

	for (i = 0; i < line.n && line.p[i] != ' ' && line.p[i] != '\t'; i++)
		if (line.p[i] == ':' && i > 0 && (i + 1 == line.n ||
		    line.p[i + 1] == ' ' || line.p[i + 1] == '\t'))
			return true;
	return false;
}

static bool
is_yaml(struct slice s)
{
	struct slice line;
	size_t n;

	for (; s.n > 0; s = slice_from(s, n + 1)) {
		n = slice_find(s, '\n');
		line = slice_trim(slice_head(s, n));
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (slice_starts(line, "- "))
			line = slice_trim(slice_from(line, 2));
		return slice_starts(line, "---") ||
		    slice_starts(line, "%YAML") || is_key(line);
	}
	return false;
}

/* The place in the JSON that was made of it tells nobody anything. */
static void
not_ours(struct err *e)
{
	char *at = strstr(e->text, " at offset ");

	if (at != NULL)
		*at = '\0';
	if (strncmp(e->text, "json: ", 6) == 0)
		memmove(e->text, e->text + 6, strlen(e->text + 6) + 1);
	(void)err_in(e, "yaml");
}

static int
find_yaml(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	struct buf text = {0};
	struct json *doc;
	int ret;

	if (text_no_bom(file, "yaml", e) < 0)
		return -1;
	ret = yaml_to_json(file, &text, e);
	if (ret == 0) {
		ret = json_parse(slice_buf(&text), &doc, e);
		if (ret < 0)
			not_ours(e);
	}
	if (ret == 0) {
		ret = carrier_find(json_root(doc), ask, out, e);
		json_free(doc);
	}
	buf_free(&text);
	return ret;
}

const struct policy_kind manifest_kind = {"yaml", is_yaml, find_yaml};
