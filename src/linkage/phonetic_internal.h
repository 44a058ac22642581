/* The letters of a name, as its phonetic keys see them. */
#ifndef TREFOIL_LINKAGE_PHONETIC_INTERNAL_H
#define TREFOIL_LINKAGE_PHONETIC_INTERNAL_H

#include "trefoil/linkage/phonetic.h"

/* The next capital letter A to Z, ' ' for white space, or 0 for what is passed over.  Moves `name`
 * past it; `name` is not empty. */
char phonetic_next(tf_text *name);

#endif
