/* The blocking rules of a model, the other way round: from a key to the records that have it. */
#include "linkage/lookup_internal.h"

/* ---- keys ---- */

static inline uint64_t append_hash(uint64_t key, uint64_t hash) {
    key = (key ^ hash) * 0x9E3779B97F4A7C15U;
    return key ^ key >> 32;
}

/* Takes keys; an error ends it. */
typedef tf_status take_key(void *context, uint64_t key, tf_error *error);

/* Every combination of the hashes of a rule's values. */
static tf_status each_key(const lookup_hashes *hashes, const int *values, int value_count,
                          uint64_t key, take_key *take, void *context, tf_error *error) {
    if (value_count == 0) {
        return take(context, key, error);
    }
    const lookup_hashes *first = &hashes[values[0]];
    tf_status status = TF_OK;
    for (uint32_t i = 0; i < first->count && !status; i++) {
        status = each_key(hashes, values + 1, value_count - 1, append_hash(key, first->items[i]),
                          take, context, error);
    }
    return status;
}

static double key_count(const lookup_hashes *hashes, const int *values, int value_count) {
    double count = 1;
    for (int k = 0; k < value_count; k++) {
        count *= hashes[values[k]].count;
    }
    return count;
}

/* ---- what rules read ---- */

static bool takes_any(const tf_link_value *value) {
    return value->step_count && value->steps[value->step_count - 1].kind == TF_LINK_ANY;
}

/* The number of a value, which is added if it is new. */
static int find_value(lookup_index *index, const tf_link_value *value, bool takes_elements) {
    lookup_value wanted = {*value, takes_elements};
    wanted.value.step_count -= takes_any(value);
    int i = 0;
    while (i < index->value_count &&
           (index->values[i].takes_elements != wanted.takes_elements ||
            !tf_link_value_equal(&index->values[i].value, &wanted.value))) {
        i++;
    }
    index->values[i] = wanted;
    index->value_count += i == index->value_count;
    return i;
}

static void read_rule(lookup_index *index, const tf_link_rule *from, lookup_rule *rule) {
    rule->key_count = from->key_count;
    for (int k = 0; k < from->key_count; k++) {
        const tf_link_key *key = &from->keys[k];
        bool takes_elements = takes_any(&key->left) || takes_any(&key->right);
        rule->left[k] = find_value(index, &key->left, takes_elements);
        rule->right[k] = find_value(index, &key->right, takes_elements);
        rule->is_across = rule->is_across || rule->left[k] != rule->right[k];
    }
}

/* ---- the hashes of records ---- */

/* A value of all records, while the index is built. */
typedef struct value_hashes {
    link_derived *derived;
    uint64_t *items; /* by code, or of the elements of lists one after the other */
} value_hashes;

typedef struct building {
    lookup_index *index;
    const tf_link_records *records;
    value_hashes *values;
    uint32_t most_members;
} building;

static tf_status hash_texts(value_hashes *value, tf_error *error) {
    const link_dictionary *texts = value->derived->values;
    value->items = tf_alloc((size_t)texts->count + 1, sizeof *value->items);
    if (!value->items) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t code = 1; code <= texts->count; code++) {
        value->items[code] = link_text_hash(link_dictionary_text(texts, code));
    }
    return TF_OK;
}

static tf_status hash_elements(value_hashes *value, tf_error *error) {
    tf_status status = link_derived_read_lists(value->derived, TF_SIMILARITY_BYTES, error);
    if (status) {
        return status;
    }
    const link_lists *lists = value->derived->lists;
    uint32_t count = lists->starts[value->derived->values->count + 1];
    value->items = tf_alloc((size_t)count + 1, sizeof *value->items);
    if (!value->items) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        value->items[i] = link_text_hash(link_dictionary_text(&lists->elements, lists->codes[i]));
    }
    return TF_OK;
}

static lookup_hashes hashes_of(const building *build, int value, uint32_t record) {
    const link_derived *derived = build->values[value].derived;
    const uint64_t *items = build->values[value].items;
    uint32_t code = derived->left_codes[record];
    if (code == 0) {
        return (lookup_hashes){NULL, 0};
    }
    if (!build->index->values[value].takes_elements) {
        return (lookup_hashes){&items[code], 1};
    }
    const uint32_t *starts = derived->lists->starts;
    return (lookup_hashes){items + starts[code], starts[code + 1] - starts[code]};
}

/* ---- tables ---- */

typedef struct entry_list {
    lookup_table *table;
    uint32_t record;
    lookup_entry *items;
    size_t count;
    size_t capacity;
} entry_list;

static tf_status take_entry(void *context, uint64_t key, tf_error *error) {
    entry_list *list = context;
    uint32_t block;
    tf_status status = lookup_table_add(list->table, key, &block, error);
    if (!status) {
        status =
            tf_reserve(&list->items, &list->capacity, list->count + 1, sizeof *list->items, error);
    }
    if (!status) {
        list->items[list->count++] = (lookup_entry){block, list->record};
    }
    return status;
}

static tf_status list_entries(const building *build, const int *values, int value_count,
                              lookup_table *table, entry_list *list, tf_error *error) {
    lookup_hashes hashes[TF_LINK_MAX_KEYS];
    int places[TF_LINK_MAX_KEYS];
    list->table = table;
    tf_status status = lookup_table_init(table, error);
    for (uint32_t r = 0; r < build->records->count && !status; r++) {
        for (int k = 0; k < value_count; k++) {
            hashes[k] = hashes_of(build, values[k], r);
            places[k] = k;
        }
        list->record = r;
        status = each_key(hashes, places, value_count, 0, take_entry, list, error);
    }
    return status;
}

/* Which blocks of a table have too many records, with those of the other side's table. */
static tf_status set_aside(const lookup_table *table, const uint32_t *counts,
                           const lookup_table *other, const uint32_t *other_counts,
                           uint32_t most_members, bool **is_set_aside_out, tf_error *error) {
    *is_set_aside_out = tf_alloc_zeroed((size_t)table->block_count + 1, sizeof(bool));
    if (!*is_set_aside_out) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t block = 1; block <= table->block_count; block++) {
        uint64_t size = counts[block];
        size += other ? other_counts[lookup_table_find(other, table->keys[block])] : 0;
        (*is_set_aside_out)[block] = size >= most_members;
    }
    return TF_OK;
}

static tf_status build_rule(const building *build, lookup_rule *rule, tf_error *error) {
    lookup_table *tables[2] = {&rule->left_table, &rule->right_table};
    const int *values[2] = {rule->left, rule->right};
    entry_list lists[2] = {{0}, {0}};
    uint32_t *counts[2] = {NULL, NULL};
    int sides = rule->is_across ? 2 : 1;
    tf_status status = TF_OK;
    for (int s = 0; s < sides && !status; s++) {
        status = list_entries(build, values[s], rule->key_count, tables[s], &lists[s], error);
        if (!status) {
            status =
                lookup_table_count(tables[s], lists[s].items, lists[s].count, &counts[s], error);
        }
    }
    for (int s = 0; s < sides && !status; s++) {
        bool *is_set_aside = NULL;
        status = set_aside(tables[s], counts[s], rule->is_across ? tables[!s] : NULL, counts[!s],
                           build->most_members, &is_set_aside, error);
        if (!status) {
            status =
                lookup_table_fill(tables[s], lists[s].items, lists[s].count, is_set_aside, error);
        }
        tf_free(is_set_aside);
    }
    for (int s = 0; s < 2; s++) {
        tf_free(lists[s].items);
        tf_free(counts[s]);
    }
    return status;
}

/* ---- all rules ---- */

static tf_status start_task(link_tasks *tasks, void **own_out, tf_error *error) {
    (void)tasks;
    (void)own_out;
    (void)error;
    return TF_OK;
}

static void end_task(link_tasks *tasks, void *own) {
    (void)tasks;
    (void)own;
}

static tf_status build_task(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    (void)own;
    const building *build = tasks->context;
    return build_rule(build, &build->index->rules[task], error);
}

static tf_status hash_task(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    (void)own;
    const building *build = tasks->context;
    value_hashes *value = &build->values[task];
    return build->index->values[task].takes_elements ? hash_elements(value, error)
                                                     : hash_texts(value, error);
}

static tf_status run_all(building *build, const tf_link_work *work, tf_error *error) {
    link_tasks tasks = {.start = start_task,
                        .run = hash_task,
                        .end = end_task,
                        .context = build,
                        .count = (size_t)build->index->value_count,
                        .step = "keys"};
    tf_status status = link_tasks_run(&tasks, work, error);
    if (!status) {
        tasks.run = build_task;
        tasks.count = (size_t)build->index->rule_count;
        tasks.step = "blocks";
        status = link_tasks_run(&tasks, work, error);
    }
    return status;
}

static tf_status build_index(lookup_index *index, const tf_link_matcher *matcher,
                             uint32_t most_members, tf_error *error) {
    link_derivation derivation = {.records = matcher->records, .reading = matcher->reading};
    building build = {index, matcher->records, NULL, most_members};
    build.values = tf_alloc_zeroed((size_t)index->value_count + 1, sizeof *build.values);
    tf_status status = build.values ? TF_OK : tf_fail_no_memory(error);
    for (int i = 0; i < index->value_count && !status; i++) {
        const tf_link_value *value = &index->values[i].value;
        status =
            link_derivation_want(&derivation, value, value, 1, &build.values[i].derived, error);
    }
    if (!status) {
        status = link_derivation_run(&derivation, matcher->work.thread_count, error);
    }
    if (!status) {
        status = run_all(&build, &matcher->work, error);
    }
    for (int i = 0; build.values && i < index->value_count; i++) {
        tf_free(build.values[i].items);
    }
    tf_free(build.values);
    link_derivation_deinit(&derivation);
    return status;
}

tf_status lookup_index_init(lookup_index *index, const tf_link_matcher *matcher,
                            uint32_t most_members, tf_error *error) {
    const tf_link_model *model = matcher->model;
    size_t most_values = 0;
    for (int r = 0; r < model->rule_count; r++) {
        most_values += 2 * (size_t)model->rules[r].key_count;
    }
    *index = (lookup_index){0};
    index->values = tf_alloc_zeroed(most_values + 1, sizeof *index->values);
    index->rules = tf_alloc_zeroed((size_t)model->rule_count, sizeof *index->rules);
    if (!index->values || !index->rules) {
        return tf_fail_no_memory(error);
    }
    index->rule_count = model->rule_count;
    for (int r = 0; r < model->rule_count; r++) {
        read_rule(index, &model->rules[r], &index->rules[r]);
    }
    return build_index(index, matcher, most_members, error);
}

void lookup_index_deinit(lookup_index *index) {
    for (int r = 0; r < index->rule_count; r++) {
        lookup_table_deinit(&index->rules[r].left_table);
        lookup_table_deinit(&index->rules[r].right_table);
    }
    tf_free(index->rules);
    tf_free(index->values);
}

/* ---- finding ---- */

typedef struct block_search {
    const lookup_table *table;
    int32_t rule;
    lookup_blocks *blocks;
} block_search;

static tf_status take_block(void *context, uint64_t key, tf_error *error) {
    const block_search *search = context;
    lookup_blocks *blocks = search->blocks;
    const lookup_table *table = search->table;
    uint32_t block = lookup_table_find(table, key);
    if (block == 0) {
        return TF_OK;
    }
    tf_status status = tf_reserve(&blocks->items, &blocks->capacity, blocks->count + 1,
                                  sizeof *blocks->items, error);
    if (!status) {
        uint32_t start = table->starts[block];
        blocks->items[blocks->count++] =
            (lookup_block){table->members + start, table->starts[block + 1] - start, search->rule};
    }
    return status;
}

static tf_status find_side(const lookup_table *table, const int *values, int value_count,
                           const lookup_hashes *hashes, int32_t rule, lookup_blocks *blocks,
                           tf_error *error) {
    if (key_count(hashes, values, value_count) > LOOKUP_MOST_KEYS) {
        blocks->unread++;
        return TF_OK;
    }
    block_search search = {table, rule, blocks};
    return each_key(hashes, values, value_count, 0, take_block, &search, error);
}

tf_status lookup_index_find(const lookup_index *index, const lookup_hashes *hashes,
                            lookup_blocks *blocks, tf_error *error) {
    blocks->count = 0;
    blocks->unread = 0;
    tf_status status = TF_OK;
    for (int r = 0; r < index->rule_count && !status; r++) {
        const lookup_rule *rule = &index->rules[r];
        status =
            find_side(&rule->left_table, rule->right, rule->key_count, hashes, r, blocks, error);
        if (!status && rule->is_across) {
            status = find_side(&rule->right_table, rule->left, rule->key_count, hashes, r, blocks,
                               error);
        }
    }
    return status;
}
