#include "linkage/dictionary_internal.h"

enum { FIRST_SLOTS = 256 };

static inline uint32_t units_of(size_t length) {
    return (uint32_t)(length / LINK_TEXT_ALIGNMENT + 1); /* at least one zero behind the text */
}

tf_status link_dictionary_init(link_dictionary *dictionary, tf_error *error) {
    *dictionary = (link_dictionary){.slot_mask = FIRST_SLOTS - 1};
    dictionary->slots = tf_alloc_zeroed(FIRST_SLOTS, sizeof *dictionary->slots);
    if (!dictionary->slots) {
        return tf_fail_no_memory(error);
    }
    return TF_OK;
}

void link_dictionary_deinit(link_dictionary *dictionary) {
    tf_free(dictionary->starts);
    tf_free(dictionary->lengths);
    tf_free(dictionary->bytes);
    tf_free(dictionary->slots);
    *dictionary = (link_dictionary){0};
}

static tf_status grow_slots(link_dictionary *dictionary, tf_error *error) {
    size_t slot_count = ((size_t)dictionary->slot_mask + 1) * 2;
    uint32_t *slots = tf_alloc_zeroed(slot_count, sizeof *slots);
    if (!slots) {
        return tf_fail_no_memory(error);
    }
    uint32_t mask = (uint32_t)(slot_count - 1);
    for (uint32_t code = 1; code <= dictionary->count; code++) {
        uint32_t at = (uint32_t)link_text_hash(link_dictionary_text(dictionary, code)) & mask;
        while (slots[at]) {
            at = (at + 1) & mask;
        }
        slots[at] = code;
    }
    tf_free(dictionary->slots);
    dictionary->slots = slots;
    dictionary->slot_mask = mask;
    return TF_OK;
}

/* The slot of the text, or the free one where it belongs. */
static inline uint32_t find_slot(const link_dictionary *dictionary, tf_text text, uint64_t hash) {
    uint32_t at = (uint32_t)hash & dictionary->slot_mask;
    while (dictionary->slots[at] &&
           !tf_text_equal(link_dictionary_text(dictionary, dictionary->slots[at]), text)) {
        at = (at + 1) & dictionary->slot_mask;
    }
    return at;
}

static tf_status append_text(link_dictionary *dictionary, tf_text text, tf_error *error) {
    uint32_t code = dictionary->count + 1;
    uint32_t units = units_of(text.length);
    if (text.length > UINT32_MAX / 2 || units > UINT32_MAX - dictionary->byte_units ||
        code == UINT32_MAX) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                       "a column holds more distinct text than can be linked at once; divide the "
                       "file");
    }
    size_t needed = ((size_t)dictionary->byte_units + units) * LINK_TEXT_ALIGNMENT;
    tf_status status = tf_reserve(&dictionary->starts, &dictionary->text_capacity, (size_t)code + 1,
                                  sizeof *dictionary->starts, error);
    if (!status) {
        status = tf_reserve(&dictionary->lengths, &dictionary->length_capacity, (size_t)code + 1,
                            sizeof *dictionary->lengths, error);
    }
    if (!status) {
        status = tf_reserve(&dictionary->bytes, &dictionary->byte_capacity, needed, 1, error);
    }
    if (status) {
        return status;
    }
    char *at = dictionary->bytes + (size_t)dictionary->byte_units * LINK_TEXT_ALIGNMENT;
    memset(at + (size_t)(units - 1) * LINK_TEXT_ALIGNMENT, 0, LINK_TEXT_ALIGNMENT);
    if (text.length) {
        memcpy(at, text.data, text.length);
    }
    dictionary->starts[code] = dictionary->byte_units;
    dictionary->lengths[code] = (uint32_t)text.length;
    dictionary->byte_units += units;
    dictionary->count = code;
    if (text.length > dictionary->longest) {
        dictionary->longest = (uint32_t)text.length;
    }
    return TF_OK;
}

tf_status link_dictionary_add(link_dictionary *dictionary, tf_text text, uint64_t hash,
                              uint32_t *code_out, tf_error *error) {
    uint32_t at = find_slot(dictionary, text, hash);
    if (dictionary->slots[at]) {
        *code_out = dictionary->slots[at];
        return TF_OK;
    }
    tf_status status = append_text(dictionary, text, error);
    if (status) {
        return status;
    }
    dictionary->slots[at] = *code_out = dictionary->count;
    /* At most half full. */
    return dictionary->count > dictionary->slot_mask / 2 ? grow_slots(dictionary, error) : TF_OK;
}

uint32_t link_dictionary_find(const link_dictionary *dictionary, tf_text text) {
    return dictionary->slots[find_slot(dictionary, text, link_text_hash(text))];
}
