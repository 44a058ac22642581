/* What clang-tidy cannot see from one file: to fail is never to return TF_OK.  ./run lint puts this
 * before every file outside src/base; nothing is compiled with it. */
#ifndef TREFOIL_TOOLS_ANALYZER_MODEL_H
#define TREFOIL_TOOLS_ANALYZER_MODEL_H

#include "trefoil/base/status.h"

#define tf_fail(error, code, ...) ((void)tf_fail((error), (code), __VA_ARGS__), (code))
#define tf_fail_no_memory(error)  ((void)tf_fail_no_memory(error), TF_NO_MEMORY)

#endif
