/* jsonb64.c -- see jsonb64.h. */
#include "value/jsonb64.h"

#include "codec/b64.h"
#include "ground/text.h"

int
jsonb64_parse(struct slice text, size_t max, struct buf *keep,
    struct json **doc, struct err *e)
{
	if (text.n > max)
		return err_set(e, E_INPUT, "larger than %zu bytes", max);
	if (text_no_bom(text, "json", e) < 0)
		return -1;
	if (!slice_starts(slice_trim(text), "{")) {
		if (b64_decode(text, B64_TEXT, keep, e) < 0)
			return err_set(e, E_INPUT,
			    "neither a JSON object nor base64 of one");
		text = slice_buf(keep);
	}
	if (json_parse(text, doc, e) < 0)
		return -1;
	if (json_is(json_root(*doc), JSON_OBJECT))
		return 0;
	json_free(*doc);
	return err_set(e, E_INPUT, "not a JSON object");
}
