/* What libcrypto has not ends the process, and is no answer. */
#include "crypto/need.h"

#include "ground/err.h"
#include "unit/child.h"
#include "unit/tap.h"

static int
lacking(void)
{
	err_tool = "tool";
	need(true, "what there is");
	need(false, "what there is not");
	return 0;
}

int
main(void)
{
	struct buf said = {0};

	CHECK(child(STDERR_FILENO, lacking, &said) == E_SYSTEM &&
	    slice_is(slice_buf(&said),
	    "tool: libcrypto: no what there is not\n"), "what lacks is said");
	buf_free(&said);
	return tap_done();
}
