/* wantfile.c -- see wantfile.h. */
#include "host/wantfile.h"

#include "ground/io.h"
#include "ground/text.h"
#include "host/policyfile.h"
#include "value/yaml.h"

static int
parse(struct wantfile *f, struct err *e)
{
	if (slice_starts(slice_trim(f->text), "{"))
		return text_no_bom(f->text, "json", e) < 0 ? -1 :
		    json_parse(f->text, &f->doc, e);
	if (text_no_bom(f->text, "yaml", e) < 0 ||
	    yaml_to_json_whole(f->text, &f->json, e) < 0)
		return -1;
	if (json_parse(slice_buf(&f->json), &f->doc, e) < 0)
		return err_in(e, "yaml");
	return 0;
}

int
wantfile_read(const char *path, const struct want_rules *rules,
    struct wantfile *f, struct err *e)
{
	if (io_read(path, POLICY_FILE_MAX, &f->file, e) < 0)
		return -1;
	f->marked = policyfile_marked(&f->file);
	f->text = slice_from(slice_buf(&f->file), f->marked ? 3 : 0);
	if (parse(f, e) < 0 ||
	    wants_find(json_root(f->doc), rules, &f->wants, e) < 0)
		return err_in(e, "%s", io_name(path));
	return 0;
}

void
wantfile_free(struct wantfile *f)
{
	wants_free(&f->wants);
	json_free(f->doc);
	buf_free(&f->json);
	buf_free(&f->file);
	*f = (struct wantfile){0};
}

int
wantfile_fragments(const char *path, struct want_fragment **v, size_t *n,
    struct err *e)
{
	struct buf file = {0};
	struct json *doc = NULL;
	int ret;

	ret = policyfile_json(path, &file, &doc, e);
	if (ret == 0 && want_fragments(json_root(doc), v, n, e) < 0)
		ret = err_in(e, "%s", path);
	json_free(doc);
	buf_free(&file);
	return ret;
}
