/* analyse.h -- for make lint alone: clang-tidy sees one source at a time and
 * so not that these always return -1; told so, it follows no path on which
 * a function that failed seems to have succeeded. */
#include "ground/err.h"

#define err_set(...) ((void)err_set(__VA_ARGS__), -1)
#define err_sys(...) ((void)err_sys(__VA_ARGS__), -1)
#define err_in(...) ((void)err_in(__VA_ARGS__), -1)
#define err_hint(...) ((void)err_hint(__VA_ARGS__), -1)
