#include "cli/text_numbers.h"

#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"

enum { FIRST_SLOTS = 1 << 10 };

void tf_text_numbers_deinit(tf_text_numbers *numbers) {
    tf_buffer_deinit(&numbers->bytes);
    tf_free(numbers->starts);
    tf_free(numbers->slots);
    *numbers = (tf_text_numbers){0};
}

tf_text tf_text_numbered(const tf_text_numbers *numbers, uint32_t number) {
    size_t start = numbers->starts[number];
    return (tf_text){numbers->bytes.data ? numbers->bytes.data + start : "",
                     numbers->starts[number + 1] - start};
}

/* The slot that holds the text, or the free one that it belongs in. */
static size_t find_slot(const tf_text_numbers *numbers, tf_text text) {
    size_t mask = numbers->slot_count - 1;
    size_t slot = tf_hash(text.data ? text.data : "", text.length) & mask;
    while (numbers->slots[slot] &&
           !tf_text_equal(tf_text_numbered(numbers, numbers->slots[slot] - 1), text)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static tf_status grow(tf_text_numbers *numbers, tf_error *error) {
    size_t count = numbers->slot_count ? numbers->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = tf_alloc_zeroed(count, sizeof *slots);
    if (!slots) {
        return tf_fail_no_memory(error);
    }
    tf_free(numbers->slots);
    numbers->slots = slots;
    numbers->slot_count = count;
    for (uint32_t i = 0; i < numbers->count; i++) {
        slots[find_slot(numbers, tf_text_numbered(numbers, i))] = i + 1;
    }
    return TF_OK;
}

tf_status tf_text_number(tf_text_numbers *numbers, tf_text text, uint32_t *number_out,
                         tf_error *error) {
    if (numbers->count >= numbers->slot_count / 2) {
        tf_status status = grow(numbers, error);
        if (status) {
            return status;
        }
    }
    size_t slot = find_slot(numbers, text);
    if (numbers->slots[slot]) {
        *number_out = numbers->slots[slot] - 1;
        return TF_OK;
    }
    tf_status status = tf_reserve(&numbers->starts, &numbers->start_capacity,
                                  (size_t)numbers->count + 2, sizeof *numbers->starts, error);
    if (status) {
        return status;
    }
    tf_buffer_append(&numbers->bytes, text.data ? text.data : "", text.length);
    status = tf_buffer_check(&numbers->bytes, error);
    if (status) {
        return status;
    }
    if (numbers->count == 0) {
        numbers->starts[0] = 0;
    }
    numbers->slots[slot] = numbers->count + 1;
    *number_out = numbers->count++;
    numbers->starts[numbers->count] = numbers->bytes.length;
    return TF_OK;
}
