/* Files that leave nothing behind. */
#ifndef TREFOIL_BASE_FILE_H
#define TREFOIL_BASE_FILE_H

#include "trefoil/base/status.h"

/* A new file in `folder` that has no name: nobody else sees it, and it is gone when it is closed,
 * however the program ends.  Readable, writable, closed on exec.  -1 with errno set when the
 * system refuses.  Thread-safe. */
TF_API int tf_file_open_unnamed(const char *folder);

#endif
