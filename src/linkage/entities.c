#include "trefoil/linkage/entities.h"

#include "linkage/matcher_internal.h"

#include "trefoil/base/hash.h"

#include <math.h>
#include <stdlib.h>

static const uint64_t COMPLETED_MOST = 20000000;
static const float WEIGHT_LEAST = -10;

tf_cluster_key tf_link_record_key(const tf_link_records *records, uint32_t record) {
    tf_text source = tf_link_records_source_name(records, records->sources[record]);
    tf_text id = tf_link_records_id(records, record);
    uint64_t parts[2] = {tf_hash(source.data, source.length), tf_hash(id.data, id.length)};
    uint64_t high = tf_hash(parts, sizeof parts);
    uint64_t salted[3] = {high, parts[1], parts[0]};
    return (tf_cluster_key){high, tf_hash(salted, sizeof salted)};
}

/* ---- components ---- */

static uint32_t root_of(uint32_t *parents, uint32_t record) {
    while (parents[record] != record) {
        parents[record] = parents[parents[record]];
        record = parents[record];
    }
    return record;
}

typedef struct completion {
    tf_link_matcher *matcher;
    const tf_link_prediction *prediction;
    double threshold;
    uint32_t *parents;
    uint64_t *starts;  /* of each component's members */
    uint32_t *members; /* rising within a component */
    uint32_t component_count;
    size_t *pair_starts;     /* by left record: where its pairs begin in the prediction */
    tf_cluster_pair **found; /* by component, what prediction left out */
    size_t *found_counts;
} completion;

static void completion_deinit(completion *work) {
    for (uint32_t i = 0; work->found && i < work->component_count; i++) {
        tf_free(work->found[i]);
    }
    tf_free(work->parents);
    tf_free(work->starts);
    tf_free(work->members);
    tf_free(work->pair_starts);
    tf_free(work->found);
    tf_free(work->found_counts);
}

static tf_status find_components(completion *work, tf_error *error) {
    uint32_t count = work->matcher->records->count;
    const tf_link_prediction *prediction = work->prediction;
    work->parents = tf_alloc(count, sizeof *work->parents);
    uint32_t *number = tf_alloc_zeroed(count, sizeof *number);
    uint32_t *sizes = tf_alloc_zeroed((size_t)count + 1, sizeof *sizes);
    if (!work->parents || !number || !sizes) {
        tf_free(number);
        tf_free(sizes);
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        work->parents[i] = i;
    }
    for (size_t i = 0; i < prediction->pair_count; i++) {
        if (prediction->pairs[i].weight >= work->threshold) {
            uint32_t a = root_of(work->parents, prediction->pairs[i].left);
            uint32_t b = root_of(work->parents, prediction->pairs[i].right);
            work->parents[a < b ? b : a] = a < b ? a : b;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        sizes[root_of(work->parents, i)]++;
    }
    uint64_t member_count = 0;
    for (uint32_t i = 0; i < count; i++) { /* of two records there is nothing to complete */
        if (work->parents[i] == i && sizes[i] > 2) {
            number[i] = ++work->component_count;
            member_count += sizes[i];
        }
    }
    work->starts = tf_alloc_zeroed((size_t)work->component_count + 2, sizeof *work->starts);
    work->members = tf_alloc(member_count, sizeof *work->members);
    work->found = tf_alloc_zeroed(work->component_count, sizeof *work->found);
    work->found_counts = tf_alloc_zeroed(work->component_count, sizeof *work->found_counts);
    tf_status status = work->starts && work->members && work->found && work->found_counts
                           ? TF_OK
                           : tf_fail_no_memory(error);
    for (uint32_t i = 0; i < count && !status; i++) {
        if (work->parents[i] == i && number[i]) {
            work->starts[number[i] + 1] = sizes[i];
        }
    }
    for (uint32_t i = 1; i <= work->component_count && !status; i++) {
        work->starts[i + 1] += work->starts[i];
    }
    for (uint32_t i = 0; i < count && !status; i++) {
        uint32_t component = number[root_of(work->parents, i)];
        if (component) {
            work->members[work->starts[component]++] = i;
        }
    }
    tf_free(number);
    tf_free(sizes);
    return status;
}

static tf_status index_pairs(completion *work, tf_error *error) {
    uint32_t count = work->matcher->records->count;
    work->pair_starts = tf_alloc_zeroed((size_t)count + 1, sizeof *work->pair_starts);
    if (!work->pair_starts) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < work->prediction->pair_count; i++) {
        work->pair_starts[work->prediction->pairs[i].left + 1]++;
    }
    for (uint32_t i = 0; i < count; i++) {
        work->pair_starts[i + 1] += work->pair_starts[i];
    }
    return TF_OK;
}

/* ---- their pairs ---- */

static tf_status complete_member(completion *work, size_t task, uint64_t at, uint64_t last,
                                 link_worker *worker, size_t *capacity, tf_error *error) {
    const link_scorer *scorer = work->matcher->scorer;
    const link_evidence *evidence = scorer->evidence;
    const tf_link_records *records = work->matcher->records;
    uint32_t left = work->members[at];
    size_t pair = work->pair_starts[left];
    size_t pair_end = work->pair_starts[left + 1];
    uint8_t levels[TF_LINK_MAX_COMPARISONS];
    for (uint64_t i = at + 1; i < last; i++) {
        uint32_t right = work->members[i];
        while (pair < pair_end && work->prediction->pairs[pair].right < right) {
            pair++;
        }
        bool is_there = pair < pair_end && work->prediction->pairs[pair].right == right;
        if (is_there || !link_type_allows(work->matcher->model->type, records, left, right)) {
            continue;
        }
        link_scorer_levels(scorer, left, right, worker, levels);
        double weight = link_scorer_sum(scorer, levels, link_evidence_row(evidence, left),
                                        link_evidence_row(evidence, right));
        tf_status status = tf_reserve(&work->found[task], capacity, work->found_counts[task] + 1,
                                      sizeof **work->found, error);
        if (status) {
            return status;
        }
        work->found[task][work->found_counts[task]++] =
            (tf_cluster_pair){left, right, fmaxf((float)weight, WEIGHT_LEAST)};
    }
    return TF_OK;
}

static tf_status complete_component(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    completion *work = tasks->context;
    uint64_t first = work->starts[task];
    uint64_t last = work->starts[task + 1];
    size_t capacity = 0;
    for (uint64_t at = first; at < last; at++) {
        tf_status status = complete_member(work, task, at, last, own, &capacity, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

/* Give up the largest components until the others can be afforded. */
static void spare_largest(completion *work) {
    uint64_t largest = UINT64_MAX;
    for (;;) {
        uint64_t total = 0;
        uint64_t most = 0;
        for (uint32_t i = 0; i < work->component_count; i++) {
            uint64_t size = work->starts[i + 1] - work->starts[i];
            if (size <= largest) {
                total += size * (size - 1) / 2;
                most = size > most ? size : most;
            }
        }
        if (total <= COMPLETED_MOST) {
            break;
        }
        largest = most - 1;
    }
    for (uint32_t i = 0; i < work->component_count; i++) {
        work->found_counts[i] = work->starts[i + 1] - work->starts[i] > largest ? SIZE_MAX : 0;
    }
}

static tf_status run_unless_spared(link_tasks *tasks, void *own, size_t task, tf_error *error) {
    completion *work = tasks->context;
    if (work->found_counts[task] == SIZE_MAX) {
        work->found_counts[task] = 0;
        return TF_OK;
    }
    return complete_component(tasks, own, task, error);
}

/* What prediction found and completion added, as clustering takes it. */
static tf_status join(const completion *work, tf_cluster_pair **pairs_out, size_t *count_out,
                      tf_error *error) {
    const tf_link_prediction *prediction = work->prediction;
    size_t count = prediction->pair_count;
    for (uint32_t i = 0; i < work->component_count; i++) {
        count += work->found_counts[i];
    }
    tf_cluster_pair *pairs = *pairs_out = tf_alloc(count, sizeof *pairs);
    if (!pairs) {
        return tf_fail_no_memory(error);
    }
    size_t at = 0;
    for (size_t i = 0; i < prediction->pair_count; i++) {
        const tf_link_pair *pair = &prediction->pairs[i];
        pairs[at++] =
            (tf_cluster_pair){pair->left, pair->right, fmaxf((float)pair->weight, WEIGHT_LEAST)};
    }
    for (uint32_t i = 0; i < work->component_count; i++) {
        if (work->found_counts[i]) {
            memcpy(pairs + at, work->found[i], work->found_counts[i] * sizeof *pairs);
        }
        at += work->found_counts[i];
    }
    *count_out = count;
    return TF_OK;
}

static tf_status complete(completion *work, tf_cluster_pair **pairs_out, size_t *count_out,
                          tf_error *error) {
    tf_status status = find_components(work, error);
    if (!status) {
        status = index_pairs(work, error);
    }
    if (!status) {
        spare_largest(work);
        link_tasks tasks = {.start = link_worker_start,
                            .run = run_unless_spared,
                            .end = link_worker_end,
                            .context = work,
                            .count = work->component_count,
                            .step = "clusters"};
        status =
            work->component_count ? link_tasks_run(&tasks, &work->matcher->work, error) : TF_OK;
    }
    return status ? status : join(work, pairs_out, count_out, error);
}

tf_status tf_link_cluster(tf_link_matcher *matcher, const tf_link_prediction *prediction,
                          const tf_cluster_options *options, const tf_cluster_pair *cannot_links,
                          size_t cannot_link_count, const tf_cluster_evidence *evidence,
                          tf_clusters **clusters_out, tf_error *error) {
    *clusters_out = NULL;
    uint32_t count = matcher->records->count;
    completion work = {
        .matcher = matcher, .prediction = prediction, .threshold = options->threshold};
    tf_cluster_pair *pairs = NULL;
    size_t pair_count = 0;
    tf_cluster_key *keys = tf_alloc(count, sizeof *keys);
    tf_status status = keys ? link_matcher_weigh(matcher, error) : tf_fail_no_memory(error);
    for (uint32_t i = 0; i < count && !status; i++) {
        keys[i] = tf_link_record_key(matcher->records, i);
    }
    if (!status) {
        status = complete(&work, &pairs, &pair_count, error);
    }
    completion_deinit(&work);
    if (!status) {
        tf_cluster_input input = {.record_count = count,
                                  .pair_count = pair_count,
                                  .pairs = pairs,
                                  .keys = keys,
                                  .sources = matcher->records->sources,
                                  .cannot_links = cannot_links,
                                  .cannot_link_count = cannot_link_count,
                                  .evidence = evidence};
        status = tf_cluster_records(&input, options, clusters_out, error);
    }
    tf_free(keys);
    tf_free(pairs);
    return status;
}
