/* Blocks of records by key. */
#include "linkage/lookup_internal.h"

enum { FIRST_SLOTS = 1024 };

tf_status lookup_table_init(lookup_table *table, tf_error *error) {
    *table = (lookup_table){.mask = FIRST_SLOTS - 1};
    table->slots = tf_alloc_zeroed(FIRST_SLOTS, sizeof *table->slots);
    return table->slots ? TF_OK : tf_fail_no_memory(error);
}

void lookup_table_deinit(lookup_table *table) {
    tf_free(table->keys);
    tf_free(table->slots);
    tf_free(table->starts);
    tf_free(table->members);
}

static uint32_t find_slot(const lookup_table *table, uint64_t key) {
    uint32_t at = (uint32_t)key & table->mask;
    while (table->slots[at] && table->keys[table->slots[at]] != key) {
        at = (at + 1) & table->mask;
    }
    return at;
}

static tf_status grow(lookup_table *table, tf_error *error) {
    size_t slot_count = ((size_t)table->mask + 1) * 2;
    uint32_t *slots = tf_alloc_zeroed(slot_count, sizeof *slots);
    if (!slots) {
        return tf_fail_no_memory(error);
    }
    tf_free(table->slots);
    table->slots = slots;
    table->mask = (uint32_t)(slot_count - 1);
    for (uint32_t block = 1; block <= table->block_count; block++) {
        table->slots[find_slot(table, table->keys[block])] = block;
    }
    return TF_OK;
}

tf_status lookup_table_add(lookup_table *table, uint64_t key, uint32_t *block_out,
                           tf_error *error) {
    uint32_t at = find_slot(table, key);
    *block_out = table->slots[at];
    if (*block_out) {
        return TF_OK;
    }
    tf_status status = tf_reserve(&table->keys, &table->key_capacity,
                                  (size_t)table->block_count + 2, sizeof *table->keys, error);
    if (status) {
        return status;
    }
    *block_out = ++table->block_count;
    table->keys[*block_out] = key;
    table->slots[at] = *block_out;
    /* At most half full. */
    return table->block_count > table->mask / 2 ? grow(table, error) : TF_OK;
}

uint32_t lookup_table_find(const lookup_table *table, uint64_t key) {
    return table->slots[find_slot(table, key)];
}

tf_status lookup_table_count(const lookup_table *table, const lookup_entry *entries, size_t count,
                             uint32_t **counts_out, tf_error *error) {
    uint32_t *counts = *counts_out =
        tf_alloc_zeroed((size_t)table->block_count + 1, sizeof *counts);
    if (!counts || count > UINT32_MAX) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        counts[entries[i].block]++;
    }
    return TF_OK;
}

tf_status lookup_table_fill(lookup_table *table, const lookup_entry *entries, size_t count,
                            const bool *is_set_aside, tf_error *error) {
    uint32_t *starts = table->starts =
        tf_alloc_zeroed((size_t)table->block_count + 3, sizeof *starts);
    if (!starts) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        starts[entries[i].block + 2] += !is_set_aside[entries[i].block];
    }
    for (uint32_t block = 1; block <= table->block_count; block++) {
        starts[block + 2] += starts[block + 1];
    }
    table->members = tf_alloc((size_t)starts[table->block_count + 2] + 1, sizeof *table->members);
    if (!table->members) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_set_aside[entries[i].block]) {
            table->members[starts[entries[i].block + 1]++] = entries[i].record;
        }
    }
    return TF_OK;
}
