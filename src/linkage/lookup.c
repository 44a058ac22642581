#include "trefoil/linkage/lookup.h"

#include "linkage/lookup_internal.h"

#include <stdlib.h>

struct tf_link_lookup {
    tf_link_matcher *matcher; /* its worker is not used */
    lookup_index index;
};

/* A candidate and the first rule that found it, in a hash table. */
typedef struct seen {
    uint32_t record; /* and one; 0 is free */
    int32_t rule;
} seen;

struct tf_link_asker {
    lookup_guest guest;
    link_worker worker;
    lookup_hashes *hashes; /* by value of the index */
    lookup_blocks blocks;
    seen *seen;
    size_t seen_count; /* slots: a power of two */
    uint32_t *candidates;
    size_t candidate_capacity;
    lookup_best best;
    size_t kept_capacity;
    size_t level_capacity;
    tf_link_answer *answers;
    size_t answer_capacity;
    tf_link_reason *reasons;
    size_t reason_capacity;
};

void tf_link_lookup_free(tf_link_lookup *lookup) {
    if (lookup) {
        lookup_index_deinit(&lookup->index);
        tf_link_matcher_free(lookup->matcher);
        tf_free(lookup);
    }
}

tf_status tf_link_lookup_new(const tf_link_model *model, const tf_link_records *records,
                             const tf_link_work *work, uint32_t most_members,
                             tf_link_lookup **lookup_out, tf_error *error) {
    *lookup_out = NULL;
    if (model->rule_count == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the model has no blocking rule, by which one record is looked up among "
                       "many; give it one");
    }
    tf_link_lookup *lookup = tf_alloc_zeroed(1, sizeof *lookup);
    if (!lookup) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_link_matcher_new(model, records, work, &lookup->matcher, error);
    if (!status) {
        status = link_matcher_weigh(lookup->matcher, error);
    }
    if (!status) {
        status = link_scorer_prepare(lookup->matcher->scorer, error);
    }
    if (!status) {
        most_members = most_members ? most_members : TF_LINK_MEMBERS_USUAL;
        status = lookup_index_init(&lookup->index, lookup->matcher, most_members, error);
    }
    if (status) {
        tf_link_lookup_free(lookup);
        return status;
    }
    *lookup_out = lookup;
    return TF_OK;
}

void tf_link_asker_free(tf_link_asker *asker) {
    if (asker) {
        lookup_guest_deinit(&asker->guest);
        link_worker_deinit(&asker->worker);
        tf_free(asker->hashes);
        tf_free(asker->blocks.items);
        tf_free(asker->seen);
        tf_free(asker->candidates);
        tf_free(asker->best.items);
        tf_free(asker->best.levels);
        tf_free(asker->answers);
        tf_free(asker->reasons);
        tf_free(asker);
    }
}

tf_status tf_link_asker_new(const tf_link_lookup *lookup, tf_link_asker **asker_out,
                            tf_error *error) {
    *asker_out = NULL;
    tf_link_asker *asker = tf_alloc_zeroed(1, sizeof *asker);
    if (!asker) {
        return tf_fail_no_memory(error);
    }
    tf_status status = lookup_guest_init(&asker->guest, lookup->matcher, error);
    if (!status) {
        status = link_worker_init(&asker->worker, error);
    }
    if (!status) {
        asker->hashes = tf_alloc((size_t)lookup->index.value_count + 1, sizeof *asker->hashes);
        status = asker->hashes ? TF_OK : tf_fail_no_memory(error);
    }
    if (status) {
        tf_link_asker_free(asker);
        return status;
    }
    *asker_out = asker;
    return TF_OK;
}

/* ---- candidates ---- */

/* Small ones first; a block that comes twice, one after the other. */
static int compare_blocks(const void *a, const void *b) {
    const lookup_block *x = a;
    const lookup_block *y = b;
    if (x->size != y->size) {
        return x->size < y->size ? -1 : 1;
    }
    if (x->rule != y->rule) {
        return x->rule < y->rule ? -1 : 1;
    }
    return (x->members > y->members) - (x->members < y->members);
}

static bool is_repeat(const lookup_block *blocks, size_t i) {
    return i > 0 && blocks[i].size && blocks[i].members == blocks[i - 1].members &&
           blocks[i].rule == blocks[i - 1].rule;
}

static seen *find_seen(const tf_link_asker *asker, uint32_t record) {
    size_t mask = asker->seen_count - 1;
    size_t at = (size_t)(record * 0x9E3779B1U) & mask;
    while (asker->seen[at].record && asker->seen[at].record != record + 1) {
        at = (at + 1) & mask;
    }
    return &asker->seen[at];
}

static uint32_t take_members(tf_link_asker *asker, const lookup_block *block, uint32_t count) {
    for (uint32_t i = 0; i < block->size; i++) {
        seen *slot = find_seen(asker, block->members[i]);
        if (slot->record) {
            slot->rule = block->rule < slot->rule ? block->rule : slot->rule;
        } else {
            *slot = (seen){block->members[i] + 1, block->rule};
            asker->candidates[count++] = block->members[i];
        }
    }
    return count;
}

static tf_status make_room(tf_link_asker *asker, uint32_t most, tf_error *error) {
    size_t slots = 64;
    while (slots < 2 * (size_t)most) {
        slots *= 2;
    }
    if (slots > asker->seen_count) {
        tf_free(asker->seen);
        asker->seen_count = 0;
        asker->seen = tf_alloc(slots, sizeof *asker->seen);
        if (!asker->seen) {
            return tf_fail_no_memory(error);
        }
        asker->seen_count = slots;
    }
    memset(asker->seen, 0, asker->seen_count * sizeof *asker->seen);
    return tf_reserve(&asker->candidates, &asker->candidate_capacity, most,
                      sizeof *asker->candidates, error);
}

/* As many whole blocks as fit. */
static tf_status gather(tf_link_asker *asker, uint32_t most, uint32_t *count_out,
                        uint32_t *passed_over_out, tf_error *error) {
    lookup_blocks *blocks = &asker->blocks;
    uint64_t all = 0;
    for (size_t i = 0; i < blocks->count; i++) {
        all += blocks->items[i].size;
    }
    most = all < most ? (uint32_t)all : most;
    tf_status status = make_room(asker, most, error);
    if (status) {
        return status;
    }
    *count_out = 0;
    *passed_over_out = blocks->unread;
    if (blocks->count) {
        qsort(blocks->items, blocks->count, sizeof *blocks->items, compare_blocks);
    }
    for (size_t i = 0; i < blocks->count; i++) {
        const lookup_block *block = &blocks->items[i];
        if (is_repeat(blocks->items, i)) {
            continue;
        }
        if (block->size == 0 || block->size > most - *count_out) {
            (*passed_over_out)++;
        } else {
            *count_out = take_members(asker, block, *count_out);
        }
    }
    return TF_OK;
}

/* ---- answers ---- */

static tf_status make_best(tf_link_asker *asker, uint32_t most, size_t comparisons,
                           tf_error *error) {
    lookup_best *best = &asker->best;
    best->count = 0;
    best->most = most;
    tf_status status =
        tf_reserve(&best->items, &asker->kept_capacity, most, sizeof *best->items, error);
    if (!status) {
        status =
            tf_reserve(&best->levels, &asker->level_capacity, most * comparisons + 1, 1, error);
    }
    if (!status) {
        status = tf_reserve(&asker->answers, &asker->answer_capacity, most, sizeof *asker->answers,
                            error);
    }
    if (!status) {
        status = tf_reserve(&asker->reasons, &asker->reason_capacity, most * comparisons + 1,
                            sizeof *asker->reasons, error);
    }
    return status;
}

static int compare_kept(const void *a, const void *b) {
    return lookup_is_better(a, b) ? -1 : 1;
}

static void explain(const tf_link_asker *asker, const lookup_kept *kept, tf_link_reason *reasons) {
    const tf_link_matcher *matcher = asker->guest.matcher;
    size_t comparisons = (size_t)matcher->evidence->comparison_count;
    const uint32_t *row = link_evidence_row(matcher->evidence, kept->record);
    for (size_t c = 0; c < comparisons; c++) {
        uint8_t level = asker->best.levels[kept->slot * comparisons + c];
        double weight = tf_link_level_weight(&matcher->model->comparisons[c].levels[level]);
        double term = link_scorer_term(matcher->scorer, (int)c, level, row, asker->guest.known);
        reasons[c] = (tf_link_reason){level, weight, term - weight};
    }
}

static void answer(tf_link_asker *asker, tf_link_answers *answers_out) {
    lookup_best *best = &asker->best;
    size_t comparisons = (size_t)asker->guest.matcher->evidence->comparison_count;
    if (best->count) {
        qsort(best->items, best->count, sizeof *best->items, compare_kept);
    }
    for (uint32_t i = 0; i < best->count; i++) {
        const lookup_kept *kept = &best->items[i];
        tf_link_reason *reasons = asker->reasons + i * comparisons;
        explain(asker, kept, reasons);
        asker->answers[i] = (tf_link_answer){
            .record = kept->record,
            .weight = kept->weight,
            .probability = tf_link_probability_of_weight(kept->weight),
            .rule = find_seen(asker, kept->record)->rule,
            .reasons = reasons,
        };
    }
    answers_out->items = asker->answers;
    answers_out->count = best->count;
}

static uint32_t batch_at(uint32_t at, uint32_t count) {
    uint32_t left = at < count ? count - at : 0;
    return left < LINK_BATCH ? left : LINK_BATCH;
}

static void score_all(tf_link_asker *asker, uint32_t count, double threshold) {
    const uint32_t *records = asker->candidates;
    lookup_expect(&asker->guest, records, batch_at(0, count));
    for (uint32_t i = 0; i < count; i += LINK_BATCH) {
        lookup_expect(&asker->guest, records + i + batch_at(i, count),
                      batch_at(i + LINK_BATCH, count));
        lookup_score(&asker->guest, records + i, batch_at(i, count), threshold, &asker->worker,
                     &asker->best);
    }
}

tf_status tf_link_lookup_ask(const tf_link_lookup *lookup, tf_link_asker *asker,
                             const tf_link_given *given, size_t given_count,
                             const tf_link_ask_options *options, tf_link_answers *answers_out,
                             tf_error *error) {
    uint32_t most_answers = options->most_answers ? options->most_answers : TF_LINK_ANSWERS_USUAL;
    uint32_t most_candidates =
        options->most_candidates ? options->most_candidates : TF_LINK_CANDIDATES_USUAL;
    uint32_t count = 0;
    *answers_out = (tf_link_answers){0};
    tf_status status = lookup_guest_take(&asker->guest, given, given_count, error);
    if (!status) {
        status = lookup_guest_hash(&asker->guest, &lookup->index, asker->hashes, error);
    }
    if (!status) {
        status = lookup_index_find(&lookup->index, asker->hashes, &asker->blocks, error);
    }
    if (!status) {
        status = gather(asker, most_candidates, &count, &answers_out->passed_over, error);
    }
    if (!status && count) {
        most_answers = most_answers < count ? most_answers : count;
        status = make_best(asker, most_answers, (size_t)lookup->matcher->evidence->comparison_count,
                           error);
    }
    if (status || count == 0) {
        return status;
    }
    score_all(asker, count, options->threshold);
    answers_out->candidates = count;
    answer(asker, answers_out);
    return TF_OK;
}
