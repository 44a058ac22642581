#include "outcome_index_internal.h"

#include "trefoil/base/hash.h"

#include <assert.h>
#include <string.h>

enum { MAX_ROWS = 2000000000 };

void tf_outcome_index_deinit(tf_outcome_index *index) {
    tf_free(index->entries);
    tf_free(index->slots);
    *index = (tf_outcome_index){0};
}

static size_t first_slot(const tf_outcome_index *index, const uint8_t *id) {
    return (size_t)tf_hash(id, TF_CRIME_ID_SIZE) & (index->slot_count - 1);
}

/* The slot that holds `id`, or the free one where it belongs. */
static size_t find_slot(const tf_outcome_index *index, const uint8_t *id) {
    size_t slot = first_slot(index, id);
    while (index->slots[slot] &&
           memcmp(index->entries[index->slots[slot] - 1].id, id, TF_CRIME_ID_SIZE) != 0) {
        slot = (slot + 1) & (index->slot_count - 1);
    }
    return slot;
}

static tf_status grow_slots(tf_outcome_index *index, size_t needed, tf_error *error) {
    size_t slot_count = index->slot_count ? index->slot_count : 64;
    while (slot_count / 2 < needed) {
        slot_count *= 2;
    }
    if (slot_count == index->slot_count) {
        return TF_OK;
    }
    uint32_t *slots = tf_alloc_zeroed(slot_count, sizeof *slots);
    if (!slots) {
        return tf_fail_no_memory(error);
    }
    tf_free(index->slots);
    index->slots = slots;
    index->slot_count = slot_count;
    for (size_t i = 0; i < index->count; i++) {
        size_t slot = first_slot(index, index->entries[i].id);
        while (slots[slot]) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = (uint32_t)i + 1;
    }
    return TF_OK;
}

tf_status tf_outcome_index_reserve(tf_outcome_index *index, size_t more, tf_error *error) {
    if (more > MAX_ROWS - index->count) {
        return tf_fail(error, TF_NO_MEMORY, "outcomes", 0,
                       "there are more than %d outcome rows of one force; use fewer months",
                       MAX_ROWS);
    }
    size_t needed = index->count + more;
    tf_status status =
        tf_reserve(&index->entries, &index->capacity, needed, sizeof *index->entries, error);
    return status ? status : grow_slots(index, needed, error);
}

void tf_outcome_index_add(tf_outcome_index *index, const uint8_t *id, tf_month month,
                          uint16_t outcome) {
    assert(index->count < index->capacity && index->count < index->slot_count / 2);
    size_t slot = find_slot(index, id);
    if (index->slots[slot] == 0) {
        tf_outcome_entry *entry = &index->entries[index->count++];
        memcpy(entry->id, id, TF_CRIME_ID_SIZE);
        entry->month = month;
        entry->outcome = outcome;
        entry->has_several = false;
        index->slots[slot] = (uint32_t)index->count;
        return;
    }
    tf_outcome_entry *entry = &index->entries[index->slots[slot] - 1];
    entry->has_several = true;
    if (month >= entry->month) {
        entry->month = month;
        entry->outcome = outcome;
    }
}

const tf_outcome_entry *tf_outcome_index_find(const tf_outcome_index *index, const uint8_t *id) {
    if (index->count == 0) {
        return NULL;
    }
    uint32_t entry = index->slots[find_slot(index, id)];
    return entry ? &index->entries[entry - 1] : NULL;
}
