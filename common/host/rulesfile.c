/* rulesfile.c -- see rulesfile.h. */
#include "host/rulesfile.h"

#include "ground/io.h"
#include "ground/text.h"
#include "value/yaml.h"

int
rulesfile_read(const char *path, struct snp_rules *rules, struct err *e)
{
	struct buf text = {0}, made = {0};
	struct slice s;
	int ret;

	if ((ret = io_read(path, RULES_MAX, &text, e)) < 0)
		goto out;
	s = slice_trim(slice_buf(&text));
	if ((ret = text_no_bom(slice_buf(&text), "rules", e)) == 0 && s.n == 0)
		ret = err_set(e, E_INPUT, "empty");
	if (ret == 0 && s.p[0] != '{') {
		ret = yaml_to_json_whole(slice_buf(&text), &made, e);
		s = slice_buf(&made);
	}
	if (ret == 0)
		ret = snp_rules_read(s, rules, e);
	if (ret < 0)
		(void)err_in(e, "%s", io_name(path));
out:
	buf_free(&text);
	buf_free(&made);
	return ret;
}
