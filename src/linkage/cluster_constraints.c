#include "cluster_internal.h"

#include "trefoil/base/memory.h"

#include <stdlib.h>

static int compare_numbers(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static tf_status read_cannot_links(cluster_constraints *constraints, tf_error *error) {
    const tf_cluster_input *input = constraints->input;
    size_t count = input->record_count;
    constraints->link_offsets = tf_alloc_zeroed(count + 2, sizeof(uint64_t));
    constraints->links = tf_alloc(2 * input->cannot_link_count, sizeof(uint32_t));
    if (!constraints->link_offsets || !constraints->links) {
        return tf_fail_no_memory(error);
    }
    uint64_t *offsets = constraints->link_offsets;
    for (size_t i = 0; i < input->cannot_link_count; i++) {
        tf_cluster_pair pair = input->cannot_links[i];
        if (pair.left >= count || pair.right >= count || pair.left == pair.right) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "cannot-link %zu is of records %lu and %lu; name two different ones of "
                           "the %zu there are",
                           i, (unsigned long)pair.left, (unsigned long)pair.right, count);
        }
        offsets[pair.left + 1]++;
        offsets[pair.right + 1]++;
    }
    for (size_t i = 0; i < count; i++) {
        offsets[i + 1] += offsets[i];
    }
    /* Filled from the back, so that each end becomes the start. */
    for (size_t i = 0; i < input->cannot_link_count; i++) {
        tf_cluster_pair pair = input->cannot_links[i];
        constraints->links[--offsets[pair.left + 1]] = pair.right;
        constraints->links[--offsets[pair.right + 1]] = pair.left;
    }
    for (size_t i = 0; i < count; i++) {
        offsets[i] = offsets[i + 1];
    }
    offsets[count] = 2 * input->cannot_link_count;
    for (size_t i = 0; i < count; i++) {
        qsort(constraints->links + offsets[i], offsets[i + 1] - offsets[i], sizeof(uint32_t),
              compare_numbers);
    }
    return TF_OK;
}

tf_status cluster_constraints_init(cluster_constraints *constraints, const tf_cluster_input *input,
                                   const tf_cluster_options *options, tf_error *error) {
    *constraints = (cluster_constraints){
        .input = input,
        .limits = options->source_limits,
        .limit_count = options->source_limits ? options->source_limit_count : 0,
        .every_limit = options->method == TF_CLUSTER_BEST_LINK ? 1 : 0};
    return input->cannot_link_count ? read_cannot_links(constraints, error) : TF_OK;
}

void cluster_constraints_deinit(cluster_constraints *constraints) {
    tf_free(constraints->link_offsets);
    tf_free(constraints->links);
}

uint16_t cluster_source(const cluster_constraints *constraints, uint32_t record) {
    return constraints->input->sources ? constraints->input->sources[record] : 0;
}

uint32_t cluster_limit(const cluster_constraints *constraints, uint32_t record) {
    if (constraints->every_limit) {
        return constraints->every_limit;
    }
    uint16_t source = cluster_source(constraints, record);
    return source < constraints->limit_count ? constraints->limits[source] : 0;
}

bool cluster_is_constrained(const cluster_constraints *constraints, uint32_t record) {
    const tf_cluster_evidence *evidence = constraints->input->evidence;
    if (cluster_limit(constraints, record) ||
        (constraints->links &&
         constraints->link_offsets[record] < constraints->link_offsets[record + 1])) {
        return true;
    }
    if (!evidence) {
        return false;
    }
    for (size_t kind = 0; evidence->numbers && kind < evidence->number_kind_count; kind++) {
        if (evidence->numbers[record * evidence->number_kind_count + kind]) {
            return true;
        }
    }
    return (evidence->death_days && evidence->death_days[record] != TF_CLUSTER_NO_DAY) ||
           (evidence->last_event_days && evidence->last_event_days[record] != TF_CLUSTER_NO_DAY) ||
           (evidence->custody_offsets &&
            evidence->custody_offsets[record] < evidence->custody_offsets[record + 1]);
}

static bool is_cannot_link(const cluster_constraints *constraints, uint32_t a, uint32_t b) {
    if (!constraints->links) {
        return false;
    }
    uint64_t start = constraints->link_offsets[a];
    return bsearch(&b, constraints->links + start, constraints->link_offsets[a + 1] - start,
                   sizeof b, compare_numbers) != NULL;
}

static bool was_alive_after(const tf_cluster_evidence *evidence, uint32_t record, int32_t day) {
    if (evidence->last_event_days && evidence->last_event_days[record] > day) {
        return true; /* no day is below every day */
    }
    if (evidence->custody_offsets) {
        for (uint64_t i = evidence->custody_offsets[record];
             i < evidence->custody_offsets[record + 1]; i++) {
            if (evidence->custodies[i].from_day > day) {
                return true;
            }
        }
    }
    return false;
}

static bool died_before(const tf_cluster_evidence *evidence, uint32_t a, uint32_t b) {
    return evidence->death_days && evidence->death_days[a] != TF_CLUSTER_NO_DAY &&
           was_alive_after(evidence, b, evidence->death_days[a]);
}

static bool were_in_two_places(const tf_cluster_evidence *evidence, uint32_t a, uint32_t b) {
    if (!evidence->custody_offsets) {
        return false;
    }
    for (uint64_t i = evidence->custody_offsets[a]; i < evidence->custody_offsets[a + 1]; i++) {
        tf_cluster_custody one = evidence->custodies[i];
        for (uint64_t k = evidence->custody_offsets[b]; k < evidence->custody_offsets[b + 1]; k++) {
            tf_cluster_custody two = evidence->custodies[k];
            int32_t from = one.from_day > two.from_day ? one.from_day : two.from_day;
            int32_t to = one.to_day < two.to_day ? one.to_day : two.to_day;
            if (one.place != two.place && from < to) {
                return true;
            }
        }
    }
    return false;
}

static bool have_different_numbers(const tf_cluster_evidence *evidence, uint32_t a, uint32_t b,
                                   uint16_t *kind_out) {
    size_t kinds = evidence->numbers ? evidence->number_kind_count : 0;
    for (size_t kind = 0; kind < kinds; kind++) {
        uint64_t one = evidence->numbers[a * kinds + kind];
        uint64_t two = evidence->numbers[b * kinds + kind];
        if (one && two && one != two) {
            *kind_out = (uint16_t)kind;
            return true;
        }
    }
    return false;
}

static void find_reason(const cluster_constraints *constraints, uint32_t a, uint32_t b,
                        cluster_conflict *found) {
    const tf_cluster_evidence *evidence = constraints->input->evidence;
    if (is_cannot_link(constraints, a, b)) {
        found->reason = TF_CLUSTER_CUT_CANNOT_LINK;
    } else if (evidence && died_before(evidence, a, b)) {
        found->reason = TF_CLUSTER_CUT_DEATH;
    } else if (evidence && died_before(evidence, b, a)) {
        *found = (cluster_conflict){TF_CLUSTER_CUT_DEATH, b, a, 0};
    } else if (evidence && were_in_two_places(evidence, a, b)) {
        found->reason = TF_CLUSTER_CUT_CUSTODY;
    } else if (evidence && have_different_numbers(evidence, a, b, &found->detail)) {
        found->reason = TF_CLUSTER_CUT_NUMBER;
    } else if (cluster_limit(constraints, a) == 1 &&
               cluster_source(constraints, a) == cluster_source(constraints, b)) {
        found->reason = TF_CLUSTER_CUT_LIMIT;
        found->detail = cluster_source(constraints, a);
    }
}

bool cluster_find_conflict(const cluster_constraints *constraints, uint32_t a, uint32_t b,
                           cluster_conflict *conflict_out) {
    cluster_conflict found = {TF_CLUSTER_CUT_NONE, a, b, 0};
    find_reason(constraints, a, b, &found);
    if (conflict_out) {
        *conflict_out = found;
    }
    return found.reason != TF_CLUSTER_CUT_NONE;
}

/* How many places of a chain are of a source. */
static uint32_t count_source(const cluster_problem *problem, const uint32_t *next, uint32_t chain,
                             uint16_t source) {
    uint32_t count = 0;
    for (; chain != UINT32_MAX; chain = next[chain]) {
        count += cluster_source(problem->constraints, problem->records[chain]) == source;
    }
    return count;
}

bool cluster_chains_agree(const cluster_problem *problem, const uint32_t *next, uint32_t a,
                          uint32_t b) {
    const cluster_constraints *constraints = problem->constraints;
    for (uint32_t i = a; i != UINT32_MAX; i = next[i]) {
        uint32_t limit = cluster_limit(constraints, problem->records[i]);
        for (uint32_t k = b; k != UINT32_MAX; k = next[k]) {
            if (cluster_find_conflict(constraints, problem->records[i], problem->records[k],
                                      NULL)) {
                return false;
            }
        }
        if (limit > 1) {
            uint16_t source = cluster_source(constraints, problem->records[i]);
            if (count_source(problem, next, a, source) + count_source(problem, next, b, source) >
                limit) {
                return false;
            }
        }
    }
    return true;
}
