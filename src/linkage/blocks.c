#include "linkage/blocks_internal.h"

#include "trefoil/base/thread.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { RADIX_BITS = 11, RADIX = 1 << RADIX_BITS };

/* A record's key by a rule. */
typedef struct entry {
    uint64_t key;
    uint32_t record;
    bool is_right;
} entry;

typedef struct entries {
    entry *items;
    size_t count;
    size_t capacity;
} entries;

static void ids_deinit(link_block_ids *ids) {
    tf_free(ids->single);
    tf_free(ids->starts);
    tf_free(ids->lists);
}

void link_blocks_free(link_blocks *blocks) {
    if (!blocks) {
        return;
    }
    for (int i = 0; blocks->rules && i < blocks->rule_count; i++) {
        link_block_rule *rule = &blocks->rules[i];
        ids_deinit(&rule->left);
        tf_free(rule->left_starts);
        tf_free(rule->left_members);
        if (rule->is_across) {
            ids_deinit(&rule->right);
            tf_free(rule->right_starts);
            tf_free(rule->right_members);
        }
    }
    tf_free(blocks->rules);
    tf_free(blocks->rows);
    tf_free(blocks->row_slot);
    tf_free(blocks);
}

/* ---- keys ---- */

/* What one key of a rule gives. */
typedef struct key_values {
    const link_derived *derived;
    bool takes_elements; /* of lists */
} key_values;

typedef struct rule_keys {
    key_values values[TF_LINK_MAX_KEYS];
    int count;
    int bits[TF_LINK_MAX_KEYS];
    bool is_packed; /* the codes fit a word together; else they are hashed */
} rule_keys;

static uint64_t append_code(const rule_keys *keys, int k, uint64_t key, uint32_t code) {
    if (keys->is_packed) {
        return key << keys->bits[k] | code;
    }
    uint64_t pair[2] = {key, code};
    return tf_hash(pair, sizeof pair);
}

static tf_status add_entry(entries *list, uint64_t key, uint32_t record, bool is_right,
                           tf_error *error) {
    tf_status status =
        tf_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error);
    if (!status) {
        list->items[list->count++] = (entry){key, record, is_right};
    }
    return status;
}

/* Every combination of the record's elements, or its one key. */
static tf_status add_keys(const rule_keys *keys, int k, uint64_t key, uint32_t record,
                          bool is_right, entries *list, tf_error *error) {
    if (k == keys->count) {
        return add_entry(list, key, record, is_right, error);
    }
    const link_derived *derived = keys->values[k].derived;
    uint32_t code = is_right ? derived->right_codes[record] : derived->left_codes[record];
    if (code == 0) {
        return TF_OK;
    }
    if (!keys->values[k].takes_elements) {
        return add_keys(keys, k + 1, append_code(keys, k, key, code), record, is_right, list,
                        error);
    }
    const link_lists *lists = derived->lists;
    tf_status status = TF_OK;
    for (uint32_t i = lists->starts[code]; i < lists->starts[code + 1] && !status; i++) {
        status = add_keys(keys, k + 1, append_code(keys, k, key, lists->codes[i]), record, is_right,
                          list, error);
    }
    return status;
}

/* ---- from keys to blocks ---- */

/* By key, keeping the order of equals: records rise, left before right. */
static tf_status sort_entries(entries *list, tf_error *error) {
    entry *spare = tf_alloc(list->count, sizeof *spare);
    if (!spare) {
        return tf_fail_no_memory(error);
    }
    uint64_t all_bits = 0;
    for (size_t i = 0; i < list->count; i++) {
        all_bits |= list->items[i].key;
    }
    for (int shift = 0; shift < 64 && all_bits >> shift; shift += RADIX_BITS) {
        size_t counts[RADIX] = {0};
        for (size_t i = 0; i < list->count; i++) {
            counts[list->items[i].key >> shift & (RADIX - 1)]++;
        }
        size_t start = 0;
        for (int i = 0; i < RADIX; i++) {
            size_t count = counts[i];
            counts[i] = start;
            start += count;
        }
        for (size_t i = 0; i < list->count; i++) {
            spare[counts[list->items[i].key >> shift & (RADIX - 1)]++] = list->items[i];
        }
        entry *sorted = spare;
        spare = list->items;
        list->items = sorted;
    }
    tf_free(spare);
    list->capacity = list->count;
    return TF_OK;
}

static void drop_repeats(entries *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        const entry *item = &list->items[i];
        if (kept == 0 || item->key != list->items[kept - 1].key ||
            item->record != list->items[kept - 1].record ||
            item->is_right != list->items[kept - 1].is_right) {
            list->items[kept++] = *item;
        }
    }
    list->count = kept;
}

/* Pairs of a block that the link type allows; its members are in order of sources. */
static uint64_t pairs_within(const link_blocks *blocks, const entry *items, size_t count) {
    uint64_t all = (uint64_t)count * (count - 1) / 2;
    if (blocks->type == TF_LINK_BOTH) {
        return all;
    }
    uint64_t within = 0;
    for (size_t i = 0; i < count;) {
        size_t end = i;
        uint16_t source = blocks->records->sources[items[i].record];
        while (end < count && blocks->records->sources[items[end].record] == source) {
            end++;
        }
        within += (uint64_t)(end - i) * (end - i - 1) / 2;
        i = end;
    }
    return blocks->type == TF_LINK_DEDUPE ? within : all - within;
}

/* The pairs of left with right members, at most: a record may be both. */
static uint64_t pairs_of_block(const link_blocks *blocks, const link_block_rule *rule,
                               const entry *items, size_t count) {
    if (!rule->is_across) {
        return pairs_within(blocks, items, count);
    }
    size_t right = 0;
    for (size_t i = 0; i < count; i++) {
        right += items[i].is_right;
    }
    return (uint64_t)right * (count - right);
}

static size_t end_of_block(const entries *list, size_t start) {
    size_t end = start + 1;
    while (end < list->count && list->items[end].key == list->items[start].key) {
        end++;
    }
    return end;
}

/* Number the blocks that have pairs and are not too large; others get 0.  The number of each entry
 * takes its key's place. */
static void number_blocks(const link_blocks *blocks, link_block_rule *rule, entries *list,
                          uint32_t most_members) {
    tf_link_rule_report *report = &rule->report;
    for (size_t start = 0; start < list->count;) {
        size_t end = end_of_block(list, start);
        size_t size = end - start;
        uint64_t pairs = size > 1 ? pairs_of_block(blocks, rule, &list->items[start], size) : 0;
        uint32_t number = 0;
        if (pairs && size > most_members) {
            report->set_aside++;
            report->set_aside_pairs += pairs;
            report->set_aside_largest =
                size > report->set_aside_largest ? (uint32_t)size : report->set_aside_largest;
        } else if (pairs) {
            number = ++rule->block_count;
            report->pairs += pairs;
            report->largest = size > report->largest ? (uint32_t)size : report->largest;
        }
        for (size_t i = start; i < end; i++) {
            list->items[i].key = number;
        }
        start = end;
    }
    report->blocks = rule->block_count;
}

static tf_status list_members(const link_block_rule *rule, const entries *list, bool is_right,
                              uint64_t **starts_out, uint32_t **members_out, tf_error *error) {
    uint64_t *starts = *starts_out = tf_alloc_zeroed((size_t)rule->block_count + 2, sizeof *starts);
    uint32_t *members = *members_out = tf_alloc(list->count, sizeof *members);
    if (!starts || !members) {
        return tf_fail_no_memory(error);
    }
    uint64_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const entry *item = &list->items[i];
        if (item->key && item->is_right == is_right) {
            members[count++] = item->record;
            starts[item->key + 1] = count;
        }
    }
    for (uint32_t b = 1; b <= rule->block_count + 1; b++) {
        starts[b] = starts[b] > starts[b - 1] ? starts[b] : starts[b - 1];
    }
    uint32_t *fitted = tf_realloc(members, (size_t)count + 1, sizeof *members);
    *members_out = fitted ? fitted : members;
    return TF_OK;
}

static tf_status list_ids(const link_blocks *blocks, const link_block_rule *rule,
                          const entries *list, bool is_right, link_block_ids *ids,
                          tf_error *error) {
    size_t record_count = blocks->records->count;
    if (!rule->is_multiple) {
        ids->single = tf_alloc_zeroed(record_count, sizeof *ids->single);
        if (!ids->single) {
            return tf_fail_no_memory(error);
        }
        for (size_t i = 0; i < list->count; i++) {
            if (list->items[i].is_right == is_right) {
                ids->single[list->items[i].record] = (uint32_t)list->items[i].key;
            }
        }
        return TF_OK;
    }
    ids->starts = tf_alloc_zeroed(record_count + 2, sizeof *ids->starts);
    ids->lists = tf_alloc(list->count, sizeof *ids->lists);
    if (!ids->starts || !ids->lists) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list->count; i++) {
        const entry *item = &list->items[i];
        ids->starts[item->record + 2] += item->key && item->is_right == is_right;
    }
    for (size_t r = 0; r < record_count; r++) {
        ids->starts[r + 2] += ids->starts[r + 1];
    }
    /* Entries are in order of blocks, so that each record's rise. */
    for (size_t i = 0; i < list->count; i++) {
        const entry *item = &list->items[i];
        if (item->key && item->is_right == is_right) {
            ids->lists[ids->starts[item->record + 1]++] = (uint32_t)item->key;
        }
    }
    return TF_OK;
}

static tf_status build_rule(link_blocks *blocks, int r, const rule_keys *keys,
                            uint32_t most_members, tf_error *error) {
    link_block_rule *rule = &blocks->rules[r];
    entries list = {0};
    tf_status status = TF_OK;
    if (!rule->is_multiple) {
        status = tf_reserve(&list.items, &list.capacity, blocks->records->count, sizeof *list.items,
                            error);
    }
    for (uint32_t i = 0; i < blocks->records->count && !status; i++) {
        status = add_keys(keys, 0, 0, i, false, &list, error);
        if (!status && rule->is_across) {
            status = add_keys(keys, 0, 0, i, true, &list, error);
        }
    }
    if (!status) {
        status = sort_entries(&list, error);
    }
    if (!status) {
        drop_repeats(&list);
        number_blocks(blocks, rule, &list, most_members);
        status = list_members(rule, &list, false, &rule->left_starts, &rule->left_members, error);
    }
    if (!status) {
        status = list_ids(blocks, rule, &list, false, &rule->left, error);
    }
    if (!status && rule->is_across) {
        status = list_members(rule, &list, true, &rule->right_starts, &rule->right_members, error);
        if (!status) {
            status = list_ids(blocks, rule, &list, true, &rule->right, error);
        }
    } else if (!status) {
        rule->right = rule->left;
        rule->right_starts = rule->left_starts;
        rule->right_members = rule->left_members;
    }
    tf_free(list.items);
    return status;
}

/* ---- all rules ---- */

typedef struct block_work {
    link_blocks *blocks;
    const rule_keys *keys;
    uint32_t most_members;
    atomic_int next;
    atomic_int failed;
    tf_status status;
    tf_error *error;
} block_work;

static void build_next(void *context, int thread) {
    (void)thread;
    block_work *work = context;
    for (;;) {
        int r = atomic_fetch_add(&work->next, 1);
        if (r >= work->blocks->rule_count || atomic_load(&work->failed)) {
            return;
        }
        tf_error error = {0};
        tf_status status = build_rule(work->blocks, r, &work->keys[r], work->most_members, &error);
        int expected = 0;
        if (status && atomic_compare_exchange_strong(&work->failed, &expected, 1)) {
            work->status = status;
            if (work->error) {
                *work->error = error;
            }
        }
    }
}

/* A key's value without the step that takes any element. */
static bool list_of(const tf_link_value *value, tf_link_value *list_out) {
    *list_out = *value;
    bool takes_any = value->step_count && value->steps[value->step_count - 1].kind == TF_LINK_ANY;
    list_out->step_count -= takes_any;
    return takes_any;
}

static tf_status want_keys(link_derivation *derivation, link_block_rule *rule, rule_keys *keys,
                           tf_error *error) {
    keys->count = rule->rule->key_count;
    for (int k = 0; k < keys->count; k++) {
        const tf_link_key *key = &rule->rule->keys[k];
        tf_link_value left, right;
        link_derived *derived;
        bool takes_any = list_of(&key->left, &left);
        takes_any = list_of(&key->right, &right) || takes_any;
        tf_status status = link_derivation_want(derivation, &left, &right, 1, &derived, error);
        if (status) {
            return status;
        }
        keys->values[k] = (key_values){derived, takes_any};
        rule->is_across = rule->is_across || derived->is_across;
        rule->is_multiple = rule->is_multiple || takes_any;
    }
    return TF_OK;
}

static tf_status ready_keys(rule_keys *keys, tf_error *error) {
    int bits = 0;
    for (int k = 0; k < keys->count; k++) {
        link_derived *derived = (link_derived *)keys->values[k].derived;
        uint32_t count = derived->values->count;
        if (keys->values[k].takes_elements) {
            tf_status status = link_derived_read_lists(derived, TF_SIMILARITY_BYTES, error);
            if (status) {
                return status;
            }
            count = derived->lists->elements.count;
        }
        keys->bits[k] = 1;
        while (count >> keys->bits[k]) {
            keys->bits[k]++;
        }
        bits += keys->bits[k];
    }
    keys->is_packed = bits <= 64;
    return TF_OK;
}

/* Block numbers of the rules with one block a record side by side: most pairs are held against
 * them. */
static tf_status fill_rows(link_blocks *blocks, tf_error *error) {
    blocks->row_slot = tf_alloc((size_t)blocks->rule_count, sizeof *blocks->row_slot);
    if (!blocks->row_slot) {
        return tf_fail_no_memory(error);
    }
    for (int r = 0; r < blocks->rule_count; r++) {
        const link_block_rule *rule = &blocks->rules[r];
        bool is_simple = !rule->is_across && !rule->is_multiple;
        blocks->row_slot[r] = is_simple ? (int)blocks->stride++ : -1;
    }
    blocks->rows = tf_alloc((size_t)blocks->records->count * blocks->stride + 1, sizeof(uint32_t));
    if (!blocks->rows) {
        return tf_fail_no_memory(error);
    }
    for (int r = 0; r < blocks->rule_count; r++) {
        if (blocks->row_slot[r] < 0) {
            continue;
        }
        link_block_rule *rule = &blocks->rules[r];
        uint32_t *at = blocks->rows + blocks->row_slot[r];
        for (uint32_t i = 0; i < blocks->records->count; i++, at += blocks->stride) {
            *at = rule->left.single[i];
        }
        tf_free(rule->left.single);
        rule->left.single = rule->right.single = NULL;
    }
    return TF_OK;
}

static tf_status build(link_blocks *blocks, const link_reading *reading, uint32_t most_members,
                       int thread_count, tf_error *error) {
    link_derivation derivation = {.records = blocks->records, .reading = *reading};
    rule_keys *keys = tf_alloc_zeroed((size_t)blocks->rule_count, sizeof *keys);
    tf_status status = keys ? TF_OK : tf_fail_no_memory(error);
    for (int r = 0; r < blocks->rule_count && !status; r++) {
        status = want_keys(&derivation, &blocks->rules[r], &keys[r], error);
    }
    if (!status) {
        status = link_derivation_run(&derivation, thread_count, error);
    }
    for (int r = 0; r < blocks->rule_count && !status; r++) {
        status = ready_keys(&keys[r], error);
    }
    if (!status) {
        block_work work = {
            .blocks = blocks, .keys = keys, .most_members = most_members, .error = error};
        tf_parallel(thread_count, build_next, &work);
        status = work.status;
    }
    if (!status) {
        status = fill_rows(blocks, error);
    }
    link_derivation_deinit(&derivation);
    tf_free(keys);
    return status;
}

tf_status link_blocks_new(const tf_link_records *records, const link_reading *reading,
                          const tf_link_rule *rules, int rule_count, tf_link_type type,
                          uint32_t most_members, int thread_count, link_blocks **blocks_out,
                          tf_error *error) {
    *blocks_out = NULL;
    link_blocks *blocks = tf_alloc_zeroed(1, sizeof *blocks);
    if (!blocks) {
        return tf_fail_no_memory(error);
    }
    blocks->records = records;
    blocks->type = type;
    blocks->rule_count = rule_count;
    blocks->rules = tf_alloc_zeroed((size_t)rule_count, sizeof *blocks->rules);
    tf_status status = blocks->rules ? TF_OK : tf_fail_no_memory(error);
    for (int r = 0; r < rule_count && !status; r++) {
        blocks->rules[r].rule = &rules[r];
    }
    if (!status) {
        status = build(blocks, reading, most_members, thread_count, error);
    }
    if (status) {
        link_blocks_free(blocks);
        return status;
    }
    *blocks_out = blocks;
    return TF_OK;
}
