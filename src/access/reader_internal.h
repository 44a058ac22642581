#ifndef ACCESS_READER_INTERNAL_H
#define ACCESS_READER_INTERNAL_H

#include "reader.h"

/* Take the keys of an account as confirmed if its roles read what is sealed and its organisation
 * never had a reader; within the caller's transaction, and entered. */
tf_status tf_reader_take_first(tf_access *access, const tf_actor *actor, int64_t id,
                               tf_error *error);

#endif
