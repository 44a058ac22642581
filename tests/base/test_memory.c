#include "check.h"

#include "trefoil/base/memory.h"

static void a_product_that_overflows_gives_no_memory(void **state) {
    (void)state;
    assert_null(tf_alloc(SIZE_MAX / 2, 3));
    assert_null(tf_alloc_zeroed(SIZE_MAX / 2, 3));
    assert_null(tf_realloc(NULL, SIZE_MAX / 2, 3));
    int *items = NULL;
    size_t capacity = 0;
    assert_int_equal(tf_reserve(&items, &capacity, SIZE_MAX / 2, sizeof *items, NULL),
                     TF_NO_MEMORY);
    assert_null(items);
    assert_int_equal(capacity, 0);
}

static void a_growing_array_keeps_what_it_holds(void **state) {
    (void)state;
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(tf_reserve(&items, &capacity, (size_t)i + 1, sizeof *items, NULL), TF_OK);
        items[i] = i;
    }
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(items[i], i);
    }
    tf_free(items);
}

static void arena_memory_is_aligned_and_apart(void **state) {
    (void)state;
    tf_arena *arena = tf_arena_new();
    for (int round = 0; round < 2; round++) {
        char *before = NULL;
        for (size_t size = 1; size < 3000; size++) {
            char *memory = tf_arena_alloc(arena, size, 1);
            assert_non_null(memory);
            assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
            memset(memory, 0xAB, size);
            assert_ptr_not_equal(memory, before);
            before = memory;
        }
        assert_non_null(tf_arena_alloc(arena, 1, 1000000));
        assert_null(tf_arena_alloc(arena, SIZE_MAX / 2, 2));
        tf_arena_reset(arena);
    }
    assert_string_equal(tf_arena_format(arena, "%d of %s", 3, "four"), "3 of four");
    tf_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product_that_overflows_gives_no_memory),
        cmocka_unit_test(a_growing_array_keeps_what_it_holds),
        cmocka_unit_test(arena_memory_is_aligned_and_apart),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
