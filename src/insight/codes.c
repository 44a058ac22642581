#include "codes_internal.h"

#include "trefoil/base/hash.h"

enum { FIRST_SLOT_COUNT = 64 };

void tf_codes_deinit(tf_codes *codes) {
    for (size_t i = 0; i < codes->count; i++) {
        tf_free((char *)codes->texts[i].data);
    }
    tf_free(codes->texts);
    tf_free(codes->slots);
    *codes = (tf_codes){0};
}

/* The slot that holds `text`, or the free one where it belongs. */
static size_t find_slot(const tf_codes *codes, tf_text text) {
    size_t mask = codes->slot_count - 1;
    size_t slot = (size_t)tf_hash(text.data, text.length) & mask;
    while (codes->slots[slot] && !tf_text_equal(codes->texts[codes->slots[slot] - 1], text)) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

uint32_t tf_codes_find(const tf_codes *codes, tf_text text) {
    if (codes->count == 0) {
        return TF_CODE_NONE;
    }
    return codes->slots[find_slot(codes, text)] - 1; /* 0 - 1 is TF_CODE_NONE */
}

/* Keep the slots at least half free. */
static tf_status grow_slots(tf_codes *codes, tf_error *error) {
    if ((codes->count + 1) * 2 <= codes->slot_count) {
        return TF_OK;
    }
    size_t slot_count = codes->slot_count ? codes->slot_count * 2 : FIRST_SLOT_COUNT;
    uint32_t *slots = tf_alloc_zeroed(slot_count, sizeof *slots);
    if (!slots) {
        return tf_fail_no_memory(error);
    }
    tf_free(codes->slots);
    codes->slots = slots;
    codes->slot_count = slot_count;
    for (size_t i = 0; i < codes->count; i++) {
        slots[find_slot(codes, codes->texts[i])] = (uint32_t)i + 1;
    }
    return TF_OK;
}

tf_status tf_codes_add(tf_codes *codes, tf_text text, uint32_t *code_out, tf_error *error) {
    tf_status status = grow_slots(codes, error);
    if (status) {
        return status;
    }
    size_t slot = find_slot(codes, text);
    if (codes->slots[slot] == 0) {
        status = tf_reserve(&codes->texts, &codes->capacity, codes->count + 1, sizeof *codes->texts,
                            error);
        if (status) {
            return status;
        }
        char *copy = tf_copy_text(text.data, text.length);
        if (!copy) {
            return tf_fail_no_memory(error);
        }
        codes->texts[codes->count++] = (tf_text){copy, text.length};
        codes->slots[slot] = (uint32_t)codes->count;
    }
    *code_out = codes->slots[slot] - 1;
    return TF_OK;
}
