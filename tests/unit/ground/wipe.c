/* Made larger and smaller; that what is given back is wiped shows where a tool
 * ends: tests/cli/remains.bats. */
#include "ground/wipe.h"

#include <stdlib.h>
#include <string.h>

#include "ground/buf.h"
#include "unit/tap.h"

enum { SMALL = 40, LARGE = 200000 };

int
main(void)
{
	struct buf want = {0};
	uint8_t *p = wipe_realloc(NULL, SMALL);

	memset(buf_more(&want, SMALL), 's', SMALL);
	CHECK(p != NULL, "from nothing");
	memset(p, 's', SMALL);
	p = wipe_realloc(p, LARGE);
	CHECK(p != NULL && slice_eq(slice_of(p, SMALL), slice_buf(&want)),
	    "larger: what was there");
	memset(p, 's', LARGE);
	p = wipe_realloc(p, SMALL);
	CHECK(p != NULL && slice_eq(slice_of(p, SMALL), slice_buf(&want)),
	    "smaller: the beginning");
	p = wipe_realloc(p, SMALL / 2);
	p = wipe_realloc(p, SMALL);
	CHECK(p != NULL && slice_zero(slice_of(p + SMALL / 2, SMALL / 2)),
	    "what is cut off does not come back");
	wipe_free(p);
	wipe_free(NULL);
	buf_free(&want);
	return tap_done();
}
