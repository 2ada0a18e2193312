/* yaml -- YAML as JSON.  What comes out is JSON but for names that are given
 * twice; a refusal adds nothing. */
#include <stdlib.h>

#include "value/json.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = {0};
	struct json *doc;
	struct err e = {0};

	buf_adds(&out, "x");
	if (yaml_to_json(slice_of(data, size), &out, &e) < 0) {
		if (out.n != 1 || e.code != E_INPUT)
			abort();
	} else if (json_parse(slice_from(slice_buf(&out), 1), &doc,
	    &e) == 0) {
		json_free(doc);
	} else if (strstr(e.text, "given twice") == NULL &&
	    strstr(e.text, "more than") == NULL) {
		abort();
	}
	buf_free(&out);
	return 0;
}
