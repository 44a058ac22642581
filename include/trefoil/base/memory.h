/* Allocation with overflow checks, and arenas: memory that is freed once, together. */
#ifndef TREFOIL_BASE_MEMORY_H
#define TREFOIL_BASE_MEMORY_H

#include "trefoil/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* `count * size` bytes, zeroed by tf_alloc_zeroed only; NULL when out of memory or when the
 * product overflows.  A zero-sized request gives a unique pointer.  Free with tf_free. */
TF_API void *tf_alloc(size_t count, size_t size);
TF_API void *tf_alloc_zeroed(size_t count, size_t size);

/* Resize what tf_alloc gave; on failure returns NULL and the old block is untouched. */
TF_API void *tf_realloc(void *pointer, size_t count, size_t size);

TF_API void tf_free(void *pointer); /* accepts NULL */

/* Make room for `needed` items of `size` bytes in the growing array `*items`, whose room is
 * `*capacity`.  Grows by half at least, so that appending is amortised O(1).
 * Errors: TF_NO_MEMORY, the array then unchanged. */
TF_API tf_status tf_reserve(void *items, size_t *capacity, size_t needed, size_t size,
                            tf_error *error);

/* A copy of `length` bytes with a terminator; NULL when out of memory.  Free with tf_free. */
TF_API char *tf_copy_text(const char *text, size_t length);

/* An arena hands out memory that lives until the arena is reset or freed. */
typedef struct tf_arena tf_arena;

TF_API tf_arena *tf_arena_new(void); /* NULL when out of memory */
TF_API void tf_arena_free(tf_arena *arena);
TF_API void tf_arena_reset(tf_arena *arena); /* forget everything, keep one block for reuse */

/* `count * size` bytes aligned for any type; NULL when out of memory or on overflow.  O(1). */
TF_API void *tf_arena_alloc(tf_arena *arena, size_t count, size_t size);
TF_API char *tf_arena_copy_text(tf_arena *arena, const char *text, size_t length);

/* printf into the arena; NULL when out of memory. */
TF_API char *tf_arena_format(tf_arena *arena, const char *format, ...) TF_PRINTF(2, 3);

#endif
