/* Make the N-th allocation fail.  A test executable that includes this is linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc, and includes it in one file only.
 *
 *     for (long n = 0;; n++) {
 *         fail_allocation(n);
 *         tf_status status = function_under_test(...);
 *         bool was_reached = stop_failing_allocations();
 *         if (status == TF_OK) { assert_false(was_reached); ...; break; }
 *         assert_int_equal(status, TF_NO_MEMORY);
 *     }
 */
#ifndef TREFOIL_TESTS_FAIL_ALLOCATIONS_H
#define TREFOIL_TESTS_FAIL_ALLOCATIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);

static atomic_long allocations_left = -1; /* before the one that fails; below 0: none fails */
static atomic_bool allocation_has_failed;

static inline void fail_allocation(long n) {
    atomic_store(&allocation_has_failed, false);
    atomic_store(&allocations_left, n);
}

/* Whether the allocation that was to fail was reached. */
static inline bool stop_failing_allocations(void) {
    atomic_store(&allocations_left, -1);
    return atomic_load(&allocation_has_failed);
}

static bool is_to_fail(void) {
    long left = atomic_load(&allocations_left);
    while (left >= 0) {
        if (atomic_compare_exchange_weak(&allocations_left, &left, left - 1)) {
            if (left == 0) {
                atomic_store(&allocation_has_failed, true);
                return true;
            }
            return false;
        }
    }
    return false;
}

void *__wrap_malloc(size_t size) {
    return is_to_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return is_to_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size) {
    return is_to_fail() ? NULL : __real_realloc(pointer, size);
}

#endif
