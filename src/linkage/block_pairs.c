/* The pairs of blocks, each once. */
#include "linkage/blocks_internal.h"

enum { OTHERS_AT_ONCE = LINK_PAIRS_AT_ONCE };

static const uint32_t *ids_of(const link_block_ids *ids, uint32_t record, size_t *count_out) {
    if (!ids->starts) {
        *count_out = ids->single[record] != 0;
        return &ids->single[record];
    }
    *count_out = (size_t)(ids->starts[record + 1] - ids->starts[record]);
    return ids->lists + ids->starts[record];
}

/* The lowest block that has `a` on the left and `b` on the right; 0 if there is none. */
static uint32_t common_block(const link_block_rule *rule, uint32_t a, uint32_t b) {
    size_t a_count, b_count;
    const uint32_t *x = ids_of(&rule->left, a, &a_count);
    const uint32_t *y = ids_of(&rule->right, b, &b_count);
    size_t i = 0, j = 0;
    while (i < a_count && j < b_count) {
        if (x[i] == y[j]) {
            return x[i];
        }
        if (x[i] < y[j]) {
            i++;
        } else {
            j++;
        }
    }
    return 0;
}

static inline bool finds(const link_blocks *blocks, int r, uint32_t a, uint32_t b) {
    int slot = blocks->row_slot[r];
    if (slot >= 0) {
        uint32_t block = blocks->rows[(size_t)a * blocks->stride + (uint32_t)slot];
        return block && block == blocks->rows[(size_t)b * blocks->stride + (uint32_t)slot];
    }
    const link_block_rule *rule = &blocks->rules[r];
    return common_block(rule, a, b) || (rule->is_across && common_block(rule, b, a));
}

bool link_blocks_find(const link_blocks *blocks, uint32_t a, uint32_t b) {
    for (int r = 0; r < blocks->rule_count; r++) {
        if (finds(blocks, r, a, b)) {
            return link_type_allows(blocks->type, blocks->records, a, b);
        }
    }
    return false;
}

/* Whether the pair, `a` on the left and `b` on the right of a block, is to be given there: no rule
 * before finds it, no lower block, and not the two in each other's place. */
static inline bool is_first(const link_blocks *blocks, int r, uint32_t block, uint32_t a,
                            uint32_t b) {
    for (int earlier = 0; earlier < r; earlier++) {
        if (finds(blocks, earlier, a, b)) {
            return false;
        }
    }
    const link_block_rule *rule = &blocks->rules[r];
    if (rule->is_multiple && common_block(rule, a, b) != block) {
        return false;
    }
    return !rule->is_across || a < b || !common_block(rule, b, a);
}

/* The members that a member of a block pairs with: behind it, of its source or of the others. */
static void range_of(const link_blocks *blocks, const link_block_rule *rule, uint32_t block,
                     uint64_t at, uint64_t *first_out, uint64_t *last_out) {
    *last_out = rule->right_starts[block + 1];
    if (rule->is_across) {
        *first_out = rule->right_starts[block];
        return;
    }
    *first_out = at + 1;
    if (blocks->type == TF_LINK_BOTH) {
        return;
    }
    const uint16_t *sources = blocks->records->sources;
    uint16_t source = sources[rule->left_members[at]];
    uint64_t low = at + 1;
    uint64_t high = *last_out;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (sources[rule->left_members[middle]] == source) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (blocks->type == TF_LINK_DEDUPE) {
        *last_out = low;
    } else {
        *first_out = low;
    }
}

static uint32_t block_at(const link_block_rule *rule, uint64_t member) {
    uint32_t low = 1;
    uint32_t high = rule->block_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rule->left_starts[middle + 1] <= member) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

typedef struct giving {
    const link_blocks *blocks;
    int rule;
    uint32_t block;
    uint32_t record;
    uint32_t others[OTHERS_AT_ONCE];
    size_t count;
    link_pair_sink *sink;
    void *context;
} giving;

static bool give(giving *work) {
    bool goes_on = work->count == 0 ||
                   work->sink(work->context, work->rule, work->record, work->others, work->count);
    work->count = 0;
    return goes_on;
}

static bool give_member(giving *work, uint64_t at) {
    const link_block_rule *rule = &work->blocks->rules[work->rule];
    uint64_t first, last;
    range_of(work->blocks, rule, work->block, at, &first, &last);
    work->record = rule->left_members[at];
    for (uint64_t i = first; i < last; i++) {
        uint32_t other = rule->right_members[i];
        if (rule->is_across &&
            (other == work->record ||
             !link_type_allows(work->blocks->type, work->blocks->records, work->record, other))) {
            continue;
        }
        if (is_first(work->blocks, work->rule, work->block, work->record, other)) {
            work->others[work->count++] = other;
            if (work->count == OTHERS_AT_ONCE && !give(work)) {
                return false;
            }
        }
    }
    return give(work);
}

bool link_blocks_each(const link_blocks *blocks, const link_block_task *task, link_pair_sink *sink,
                      void *context) {
    const link_block_rule *rule = &blocks->rules[task->rule];
    giving work = {.blocks = blocks, .rule = task->rule, .sink = sink, .context = context};
    work.block = block_at(rule, task->first);
    for (uint64_t at = task->first; at < task->last; at++) {
        while (at >= rule->left_starts[work.block + 1]) {
            work.block++;
        }
        if (!give_member(&work, at)) {
            return false;
        }
    }
    return true;
}

tf_status link_blocks_divide(const link_blocks *blocks, uint64_t pairs_a_task,
                             link_block_task **tasks_out, size_t *count_out, tf_error *error) {
    size_t capacity = 0;
    *tasks_out = NULL;
    *count_out = 0;
    for (int r = 0; r < blocks->rule_count; r++) {
        const link_block_rule *rule = &blocks->rules[r];
        uint64_t first = 0;
        uint64_t pairs = 0;
        uint32_t block = 1;
        uint64_t end = rule->block_count ? rule->left_starts[rule->block_count + 1] : 0;
        for (uint64_t at = 0; at < end; at++) {
            while (at >= rule->left_starts[block + 1]) {
                block++;
            }
            pairs += rule->is_across ? rule->right_starts[block + 1] - rule->right_starts[block]
                                     : rule->right_starts[block + 1] - at;
            if (pairs >= pairs_a_task || at + 1 == end) {
                tf_status status =
                    tf_reserve(tasks_out, &capacity, *count_out + 1, sizeof **tasks_out, error);
                if (status) {
                    return status;
                }
                (*tasks_out)[(*count_out)++] = (link_block_task){r, first, at + 1};
                first = at + 1;
                pairs = 0;
            }
        }
    }
    return TF_OK;
}
