/* Hashing and repeatable random numbers; neither is for secrets. */
#ifndef TREFOIL_BASE_HASH_H
#define TREFOIL_BASE_HASH_H

#include "trefoil/base/status.h"

#include <stddef.h>

/* 64 bits that depend on every byte; the same on every machine and run.  O(length). */
TF_API uint64_t tf_hash(const void *bytes, size_t length);

/* PCG32 (O'Neill 2014): a small generator whose sequence depends on its seed alone. */
typedef struct tf_random {
    uint64_t state;
    uint64_t stream;
} tf_random;

TF_API void tf_random_init(tf_random *random, uint64_t seed, uint64_t stream);
TF_API uint32_t tf_random_next(tf_random *random);
TF_API uint32_t tf_random_below(tf_random *random, uint32_t bound); /* unbiased; bound > 0 */
TF_API double tf_random_unit(tf_random *random);                    /* [0, 1) */

#endif
