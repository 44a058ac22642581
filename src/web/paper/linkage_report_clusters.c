/* The people that were found: how many records they have, and which of them to look at. */
#include "web/paper/linkage_report_internal.h"

#include "web/chart/chart.h"

#include <inttypes.h>
#include <math.h>

enum { REVIEWED = 10, RECORDS_SHOWN = 12, VALUES_SHOWN = 10 };

/* ---- sizes ---- */

static const struct {
    const char *name;
    uint32_t most;
} size_groups[] = {{"1 record", 1},        {"2 records", 2},          {"3 records", 3},
                   {"4 records", 4},       {"5 records", 5},          {"6 to 10", 10},
                   {"11 to 20", 20},       {"21 to 50", 50},          {"51 to 100", 100},
                   {"101 to 1,000", 1000}, {"Over 1,000", UINT32_MAX}};
enum { SIZE_GROUPS = sizeof size_groups / sizeof *size_groups };

static size_t group_of(uint32_t size) {
    size_t group = 0;
    while (size > size_groups[group].most) {
        group++;
    }
    return group;
}

static void write_size_chart(tf_linkage_paper *paper, const double *clusters, size_t groups) {
    tf_bar *bars = tf_linkage_room(paper, groups, sizeof *bars);
    if (!bars || groups < 2) {
        return;
    }
    for (size_t i = 1; i < groups; i++) {
        bars[i - 1] =
            (tf_bar){.name = size_groups[i].name, .value = clusters[i], .lower = NAN, .upper = NAN};
    }
    tf_chart chart = {.kind = TF_CHART_BARS,
                      .id = "cluster-sizes",
                      .title = "People with several records, by how many they have",
                      .of.bars = {.bars = bars,
                                  .count = groups - 1,
                                  .unit = {"People", "person", "people", 0},
                                  .heading = "Records of one person"}};
    tf_chart_write(paper->html, &chart);
}

static void write_sizes(tf_linkage_paper *paper) {
    static const tf_linkage_head heads[] = {
        {"Records of one person", false}, {"People", true}, {"Records", true}};
    const tf_clusters *clusters = paper->report->clusters;
    double people[SIZE_GROUPS] = {0}, records[SIZE_GROUPS] = {0};
    size_t groups = 0;
    for (uint32_t c = 0; c < clusters->cluster_count; c++) {
        size_t group = group_of(clusters->metrics[c].size);
        people[group]++;
        records[group] += clusters->metrics[c].size;
        groups = group + 1 > groups ? group + 1 : groups;
    }
    write_size_chart(paper, people, groups);
    tf_linkage_table_begin(paper, "Sizes of clusters", heads, 3);
    for (size_t i = 0; i < groups; i++) {
        tf_linkage_row_begin(paper, size_groups[i].name);
        tf_linkage_number(paper, tf_linkage_count(paper, people[i]));
        tf_linkage_number(paper, tf_linkage_count(paper, records[i]));
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

/* ---- links that were cut ---- */

static void write_cuts(tf_linkage_paper *paper) {
    static const tf_linkage_head heads[] = {{"Why the link was not followed", false},
                                            {"Links", true}};
    static const char *const reasons[TF_CLUSTER_REASON_COUNT] = {
        [TF_CLUSTER_CUT_CANNOT_LINK] = "The two were said to be different people",
        [TF_CLUSTER_CUT_DEATH] = "One had died before the other was seen alive",
        [TF_CLUSTER_CUT_CUSTODY] = "Both were in custody at once, in different places",
        [TF_CLUSTER_CUT_NUMBER] = "They have different numbers of one kind",
        [TF_CLUSTER_CUT_LIMIT] = "A person would have too many records of one source",
        [TF_CLUSTER_CUT_TIE] = "Another link of the same weight competed with it",
        [TF_CLUSTER_CUT_WEIGHT] = "Other pairs speak against it more than it speaks for",
    };
    const tf_clusters *clusters = paper->report->clusters;
    if (clusters->cut_count == 0) {
        tf_linkage_paragraph(paper, "Every link lies within a person: none was cut.");
        return;
    }
    tf_linkage_paragraph(
        paper, tf_linkage_say(paper,
                              "%s links were not followed, as following them would have put "
                              "records together that the rest of the evidence keeps apart.",
                              tf_linkage_count(paper, (double)clusters->cut_count)));
    tf_linkage_table_begin(paper, "Links that were cut, by reason", heads, 2);
    for (int r = TF_CLUSTER_CUT_NONE + 1; r < TF_CLUSTER_REASON_COUNT; r++) {
        if (clusters->cut_counts[r]) {
            tf_linkage_row_begin(paper, reasons[r]);
            tf_linkage_number(paper, tf_linkage_count(paper, (double)clusters->cut_counts[r]));
            tf_linkage_row_end(paper);
        }
    }
    tf_linkage_table_end(paper);
}

tf_status tf_linkage_write_clusters(tf_linkage_paper *paper) {
    const tf_clusters *clusters = paper->report->clusters;
    tf_linkage_paragraph(paper, tf_linkage_say(paper, "%s records were found to be %s people.",
                                               tf_linkage_count(paper, clusters->record_count),
                                               tf_linkage_count(paper, clusters->cluster_count)));
    write_sizes(paper);
    write_cuts(paper);
    return TF_OK;
}

/* ---- clusters to review ---- */

/* Columns that comparisons read; where there are more than are shown, the first of them. */
static size_t choose_columns(tf_linkage_paper *paper, uint32_t *columns) {
    const tf_link_records *records = paper->report->records;
    const tf_link_model *model = paper->report->model;
    size_t count = 0;
    for (uint32_t c = 0; c < tf_link_records_column_count(records) && count < VALUES_SHOWN; c++) {
        tf_text text = tf_link_records_column_name(records, c);
        const char *name = tf_linkage_say(paper, "%.*s", TF_TEXT_ARG(text));
        for (int i = 0; i < model->comparison_count; i++) {
            if (tf_link_comparison_reads(&model->comparisons[i], name)) {
                columns[count++] = c;
                break;
            }
        }
    }
    return count;
}

static void write_members(tf_linkage_paper *paper, uint32_t cluster, const uint32_t *columns,
                          size_t column_count, const char *caption) {
    const tf_link_records *records = paper->report->records;
    const tf_clusters *clusters = paper->report->clusters;
    tf_linkage_head heads[VALUES_SHOWN + 1] = {{"Record", false}};
    for (size_t i = 0; i < column_count; i++) {
        tf_text name = tf_link_records_column_name(records, columns[i]);
        heads[i + 1] = (tf_linkage_head){tf_linkage_say(paper, "%.*s", TF_TEXT_ARG(name)), false};
    }
    uint64_t first = clusters->offsets[cluster], end = clusters->offsets[cluster + 1];
    tf_linkage_table_begin(paper, caption, heads, column_count + 1);
    for (uint64_t m = first; m < end && m < first + RECORDS_SHOWN; m++) {
        uint32_t record = clusters->members[m];
        tf_linkage_row_begin(paper, tf_linkage_record_name(paper, record));
        for (size_t i = 0; i < column_count; i++) {
            tf_linkage_cell(paper, tf_linkage_value(paper, record, columns[i]));
        }
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
    if (end - first > RECORDS_SHOWN) {
        tf_linkage_paragraph(paper,
                             tf_linkage_say(paper, "The first %d of %" PRIu64 " records are shown.",
                                            RECORDS_SHOWN, end - first));
    }
}

static void write_cluster(tf_linkage_paper *paper, uint32_t cluster, const uint32_t *columns,
                          size_t column_count) {
    const tf_clusters *clusters = paper->report->clusters;
    const tf_cluster_metrics *metrics = &clusters->metrics[cluster];
    tf_linkage_subsection(
        paper, tf_linkage_say(paper, "Cluster %016" PRIx64, clusters->ids[cluster].high));
    const char *weakest =
        isnan(metrics->weakest_weight)
            ? "no link"
            : tf_linkage_say(paper, "the weakest of weight %s, between %s and %s",
                             tf_linkage_weight(paper, metrics->weakest_weight),
                             tf_linkage_record_name(paper, metrics->weakest_left),
                             tf_linkage_record_name(paper, metrics->weakest_right));
    tf_linkage_paragraph(
        paper, tf_linkage_say(
                   paper, "%u records with %s of %s possible links (density %.2f); %s. %s and %s.",
                   metrics->size, tf_linkage_count(paper, (double)metrics->link_count),
                   tf_linkage_count(paper, 0.5 * metrics->size * (metrics->size - 1.0)),
                   metrics->density, weakest,
                   metrics->bridge_count == 0
                       ? "No link is a bridge"
                       : tf_linkage_say(paper, "%u %s", metrics->bridge_count,
                                        metrics->bridge_count == 1 ? "link is a bridge"
                                                                   : "links are bridges"),
                   metrics->articulation_count == 0
                       ? "no record alone holds it together"
                       : tf_linkage_say(paper, "%u %s it together", metrics->articulation_count,
                                        metrics->articulation_count == 1 ? "record holds"
                                                                         : "records hold")));
    write_members(
        paper, cluster, columns, column_count,
        tf_linkage_say(paper, "Records of cluster %016" PRIx64, clusters->ids[cluster].high));
}

tf_status tf_linkage_write_review(tf_linkage_paper *paper) {
    uint32_t worst[REVIEWED], columns[VALUES_SHOWN];
    size_t count = 0;
    tf_status status =
        tf_clusters_worst(paper->report->clusters, REVIEWED, worst, &count, paper->error);
    if (status) {
        return status;
    }
    if (count == 0) {
        tf_linkage_paragraph(paper, "No person has more than one record; there is nothing to "
                                    "review.");
        return TF_OK;
    }
    tf_linkage_paragraph(paper,
                         "The clusters that most need a look, worst first: those in which the "
                         "fewest of the possible links are there, then those with the weakest "
                         "link. A bridge is a link without which the cluster falls apart.");
    size_t column_count = choose_columns(paper, columns);
    for (size_t i = 0; i < count; i++) {
        write_cluster(paper, worst[i], columns, column_count);
    }
    return TF_OK;
}
