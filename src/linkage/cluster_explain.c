/* Why links were cut. */
#include "cluster_internal.h"

#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"

#include <inttypes.h>
#include <stdio.h>

enum { DAY_TEXT_SIZE = 32 };

/* How many of a cluster's records are of a source, and one of them. */
static uint32_t count_source(const tf_clusters *clusters, const cluster_constraints *constraints,
                             uint32_t c, uint16_t source, uint32_t *record_out) {
    uint32_t count = 0;
    for (uint64_t m = clusters->offsets[c]; m < clusters->offsets[c + 1]; m++) {
        if (cluster_source(constraints, clusters->members[m]) == source) {
            *record_out = clusters->members[m];
            count++;
        }
    }
    return count;
}

/* The first thing that keeps two clusters apart. */
static bool find_between(const tf_clusters *clusters, const cluster_constraints *constraints,
                         uint32_t one, uint32_t two, cluster_conflict *found) {
    for (uint64_t i = clusters->offsets[one]; i < clusters->offsets[one + 1]; i++) {
        uint32_t a = clusters->members[i];
        if (!cluster_is_constrained(constraints, a)) {
            continue;
        }
        for (uint64_t k = clusters->offsets[two]; k < clusters->offsets[two + 1]; k++) {
            if (cluster_find_conflict(constraints, a, clusters->members[k], found)) {
                return true;
            }
        }
        uint32_t limit = cluster_limit(constraints, a);
        uint16_t source = cluster_source(constraints, a);
        uint32_t b = a;
        if (limit > 1 &&
            count_source(clusters, constraints, two, source, &b) +
                    count_source(clusters, constraints, one, source, &a) >
                limit &&
            clusters->cluster_of[a] != clusters->cluster_of[b]) {
            *found = (cluster_conflict){TF_CLUSTER_CUT_LIMIT, a, b, source};
            return true;
        }
    }
    return false;
}

static tf_cluster_cut explain_cut(const tf_clusters *clusters,
                                  const cluster_constraints *constraints, uint32_t left,
                                  uint32_t right, bool is_tied) {
    cluster_conflict found = {TF_CLUSTER_CUT_NONE, left, right, 0};
    bool is_direct = cluster_find_conflict(constraints, left, right, &found);
    if (is_tied) {
        found = (cluster_conflict){TF_CLUSTER_CUT_TIE, left, right, 0};
    } else if (!is_direct && !find_between(clusters, constraints, clusters->cluster_of[left],
                                           clusters->cluster_of[right], &found)) {
        found = (cluster_conflict){TF_CLUSTER_CUT_WEIGHT, left, right, 0};
    }
    return (tf_cluster_cut){left, right, 0, found.reason, found.first, found.second, found.detail};
}

tf_status cluster_explain(tf_clusters *clusters, const cluster_graph *graph,
                          const cluster_constraints *constraints, const tf_cluster_options *options,
                          const uint8_t *tied, tf_error *error) {
    size_t capacity = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        for (uint64_t k = graph->offsets[i]; k < graph->offsets[i + 1]; k++) {
            uint32_t a = graph->record_of[i], b = graph->record_of[graph->edges[k].other];
            if (graph->edges[k].weight < options->threshold ||
                clusters->cluster_of[a] == clusters->cluster_of[b]) {
                continue;
            }
            if (tf_reserve(&clusters->cuts, &capacity, clusters->cut_count + 1,
                           sizeof *clusters->cuts, error)) {
                return TF_NO_MEMORY;
            }
            tf_cluster_cut cut =
                explain_cut(clusters, constraints, a < b ? a : b, a < b ? b : a, tied && tied[k]);
            cut.weight = graph->edges[k].weight;
            clusters->cuts[clusters->cut_count++] = cut;
            clusters->cut_counts[cut.reason]++;
        }
    }
    return TF_OK;
}

/* ---- in words ---- */

static const char *format_day(int32_t day, char *buffer) {
    int year, month, number;
    tf_days_split(day, &year, &month, &number);
    snprintf(buffer, DAY_TEXT_SIZE, "%04d-%02d-%02d", year, month, number);
    return buffer;
}

/* The last day that shows the record alive. */
static int32_t last_day_alive(const tf_cluster_evidence *evidence, uint32_t record) {
    int32_t day = evidence->last_event_days ? evidence->last_event_days[record] : TF_CLUSTER_NO_DAY;
    if (evidence->custody_offsets) {
        for (uint64_t i = evidence->custody_offsets[record];
             i < evidence->custody_offsets[record + 1]; i++) {
            day = evidence->custodies[i].from_day > day ? evidence->custodies[i].from_day : day;
        }
    }
    return day;
}

static void describe_evidence(const tf_cluster_evidence *evidence, const tf_cluster_cut *cut,
                              tf_buffer *out) {
    char day[DAY_TEXT_SIZE], other_day[DAY_TEXT_SIZE];
    if (cut->reason == TF_CLUSTER_CUT_DEATH) {
        tf_buffer_format(out, "record %" PRIu32 " died on %s, record %" PRIu32 " was alive on %s",
                         cut->first, format_day(evidence->death_days[cut->first], day), cut->second,
                         format_day(last_day_alive(evidence, cut->second), other_day));
    } else if (cut->reason == TF_CLUSTER_CUT_CUSTODY) {
        tf_buffer_format(out,
                         "records %" PRIu32 " and %" PRIu32
                         " were in custody in different places at the same time",
                         cut->first, cut->second);
    } else {
        const char *name = evidence->number_kind_names ? evidence->number_kind_names[cut->detail]
                                                       : "number of one kind";
        tf_buffer_format(out, "records %" PRIu32 " and %" PRIu32 " have a different %s", cut->first,
                         cut->second, name);
    }
}

void tf_cluster_cut_describe(const tf_cluster_input *input, const tf_cluster_cut *cut,
                             tf_buffer *out) {
    tf_buffer_format(
        out, "Records %" PRIu32 " and %" PRIu32 " (match weight %.2f) are kept apart: ", cut->left,
        cut->right, (double)cut->weight);
    switch (cut->reason) {
    case TF_CLUSTER_CUT_CANNOT_LINK:
        tf_buffer_format(out,
                         "records %" PRIu32 " and %" PRIu32 " are said to be different entities",
                         cut->first, cut->second);
        break;
    case TF_CLUSTER_CUT_DEATH:
    case TF_CLUSTER_CUT_CUSTODY:
    case TF_CLUSTER_CUT_NUMBER:
        describe_evidence(input->evidence, cut, out);
        break;
    case TF_CLUSTER_CUT_LIMIT:
        tf_buffer_format(out,
                         "together they would hold more records of source %u than one entity "
                         "may, such as %" PRIu32 " and %" PRIu32,
                         cut->detail, cut->first, cut->second);
        break;
    case TF_CLUSTER_CUT_TIE:
        tf_buffer_append_text(out, "another link of the same weight competed with this one");
        break;
    case TF_CLUSTER_CUT_NONE:
    case TF_CLUSTER_CUT_WEIGHT:
    case TF_CLUSTER_REASON_COUNT:
        tf_buffer_append_text(
            out, "the other pairs of their clusters speak against it more than it speaks for it");
        break;
    }
    tf_buffer_append_text(out, ".");
}
