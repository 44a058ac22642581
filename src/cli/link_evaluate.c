/* trefoil link evaluate */
#include "cli/link_evaluate.h"
#include "cli/option_values.h"
#include "cli/report.h"

#include "trefoil/linkage/suggest.h"
#include "trefoil/stats/rate.h"

#include <math.h>

enum { RUN = TF_LINK_OPTION_SHARED, TRUTH, LABELS, BY, THRESHOLDS, FORMAT, OPTION_COUNT };

static const double CONFIDENCE = 0.95;

/* Thresholds to look at beside the run's own. */
static const double usual_thresholds[] = {0, 2, 5, 10, 15, 20};

/* ---- the truth of each record ---- */

static tf_status find_truth(tf_link_evaluation *work, tf_error *error) {
    const tf_link_records *records = work->records;
    uint32_t columns = tf_link_records_column_count(records);
    if (work->truth_column) {
        work->truth = tf_link_records_column(records, tf_text_of(work->truth_column));
        return work->truth != UINT32_MAX
                   ? TF_OK
                   : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "--truth names a column '%s', which is not there; name one that is",
                             work->truth_column);
    }
    tf_recognised *recognised = tf_alloc_zeroed(columns, sizeof *recognised);
    tf_status status = recognised
                           ? tf_link_recognise(records, work->tables.missing, recognised, error)
                           : tf_fail_no_memory(error);
    work->truth = UINT32_MAX;
    for (uint32_t c = 0; c < columns && !status; c++) {
        if (recognised[c].field == TF_PERSON_LABEL && recognised[c].score >= 0.5) {
            work->truth = c;
            work->truth_column = tf_link_records_column_name(records, c).data;
            break;
        }
    }
    tf_free(recognised);
    if (!status && work->truth == UINT32_MAX) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "no column was recognised as saying who the person truly is; name it with "
                         "--truth, or give labelled pairs with --labels");
    }
    return status;
}

/* The number of each record's value; UNKNOWN where it has none.  With `by_source`, values of
 * different sources are different: so no pair of two sources is true where none is linked. */
static tf_status number_values(const tf_link_records *records, uint32_t column, bool by_source,
                               tf_text_numbers *numbers, uint32_t **values_out, tf_error *error) {
    uint32_t count = tf_link_records_count(records);
    uint32_t *values = *values_out = tf_alloc(count, sizeof *values);
    tf_buffer key;
    tf_buffer_init(&key);
    tf_status status = values ? TF_OK : tf_fail_no_memory(error);
    for (uint32_t i = 0; i < count && !status; i++) {
        tf_text value = tf_link_records_value(records, i, column);
        values[i] = TF_EVALUATE_UNKNOWN;
        if (value.length && by_source) {
            uint16_t source = tf_link_records_source(records, i);
            key.length = 0;
            tf_buffer_append(&key, &source, sizeof source);
            tf_buffer_append(&key, value.data, value.length);
            status = tf_buffer_check(&key, error);
            value = (tf_text){key.data, key.length};
        }
        if (value.length && !status) {
            status = tf_text_number(numbers, value, &values[i], error);
        }
    }
    tf_buffer_deinit(&key);
    return status;
}

static tf_status number_records(tf_link_evaluation *work, tf_error *error) {
    const tf_link_records *records = work->records;
    tf_text_numbers entities = {0};
    tf_status status = number_values(records, work->truth, work->finished.type == TF_LINK_DEDUPE,
                                     &entities, &work->entity, error);
    tf_text_numbers_deinit(&entities);
    if (!status && work->by_column) {
        uint32_t column = tf_link_records_column(records, tf_text_of(work->by_column));
        status = column == UINT32_MAX
                     ? tf_fail(error, TF_BAD_INPUT, NULL, 0,
                               "--by names a column '%s', which is not there; name one that is",
                               work->by_column)
                     : number_values(records, column, false, &work->groups, &work->group, error);
    }
    if (!status && work->finished.type == TF_LINK_BETWEEN) {
        uint32_t count = tf_link_records_count(records);
        work->source = tf_alloc(count, sizeof *work->source);
        status = work->source ? TF_OK : tf_fail_no_memory(error);
        for (uint32_t i = 0; i < count && !status; i++) {
            work->source[i] = tf_link_records_source(records, i);
        }
    }
    return status;
}

static tf_status hold_against_truth(tf_link_evaluation *work, tf_error *error) {
    tf_status status = find_truth(work, error);
    if (!status) {
        status = number_records(work, error);
    }
    if (status) {
        return status;
    }
    tf_evaluate_truth truth = {.record_count = tf_link_records_count(work->records),
                               .entity = work->entity,
                               .source = work->source,
                               .group = work->group,
                               .group_count = work->groups.count};
    tf_evaluate_options options = {.confidence = CONFIDENCE,
                                   .replicates = TF_EVALUATE_REPLICATES,
                                   .seed = work->settings.seed,
                                   .minimum_entities = 5,
                                   .thread_count = work->settings.threads};
    if (work->finished.clusters) {
        tf_link_progress_say(&work->progress, "people", 0);
        status = tf_evaluate_clusters_of(&truth, work->finished.clusters, &options, &work->clusters,
                                         error);
        work->has_clusters = !status;
    }
    if (!status && work->finished.has_pairs) {
        tf_link_progress_say(&work->progress, "pairs", 0);
        status = tf_evaluate_scores_of(&truth, work->finished.pairs, work->finished.pair_count,
                                       work->thresholds, work->threshold_count, &options,
                                       &work->scores, error);
        work->has_scores = !status;
    }
    return status;
}

/* ---- labelled pairs ---- */

static tf_status find_share(uint64_t part, uint64_t whole, tf_interval *share_out,
                            tf_error *error) {
    *share_out = (tf_interval){NAN, NAN, NAN};
    return whole ? tf_proportion_wilson(part, whole, CONFIDENCE, share_out, error) : TF_OK;
}

/* F1 rises with correct / (correct + wrong + missed), whose interval it takes. */
static tf_status find_shares(tf_link_labelled *row, tf_error *error) {
    tf_status status = find_share(row->correct, row->correct + row->wrong, &row->precision, error);
    if (!status) {
        status = find_share(row->correct, row->correct + row->missed, &row->recall, error);
    }
    if (!status) {
        status = find_share(row->correct, row->correct + row->wrong + row->missed, &row->f1, error);
    }
    double *limits[] = {&row->f1.value, &row->f1.lower, &row->f1.upper};
    for (size_t i = 0; i < 3; i++) {
        *limits[i] = 2 * *limits[i] / (1 + *limits[i]);
    }
    return status;
}

static bool is_linked(const tf_link_evaluation *work, const tf_evaluate_pair *label,
                      double threshold) {
    if (isnan(threshold) && work->finished.clusters) {
        return work->finished.clusters[label->left] == work->finished.clusters[label->right];
    }
    return tf_link_finished_weight(&work->finished, label->left, label->right) >= threshold;
}

static tf_status hold_against_labels(tf_link_evaluation *work, tf_error *error) {
    tf_evaluate_pair *labels = NULL;
    size_t count = 0;
    tf_status status = tf_link_read_pairs(work->labels_path, TF_LINK_PAIR_LABEL, work->records,
                                          work->settings.threads, &labels, &count, error);
    if (status) {
        return status;
    }
    if (work->finished.clusters) {
        work->labelled[work->labelled_count++].threshold = NAN;
    }
    for (size_t i = 0; i < work->threshold_count && work->finished.has_pairs; i++) {
        work->labelled[work->labelled_count++].threshold = work->thresholds[i];
    }
    for (size_t r = 0; r < work->labelled_count && !status; r++) {
        tf_link_labelled *row = &work->labelled[r];
        for (size_t i = 0; i < count; i++) {
            bool is_match = labels[i].weight >= 0.5;
            bool links = is_linked(work, &labels[i], row->threshold);
            row->correct += is_match && links;
            row->wrong += !is_match && links;
            row->missed += is_match && !links;
        }
        status = find_shares(row, error);
    }
    for (size_t i = 0; i < count; i++) {
        work->label_matches += labels[i].weight >= 0.5;
    }
    work->label_count = count;
    tf_free(labels);
    return status;
}

/* ---- the command ---- */

static void choose_thresholds(tf_link_evaluation *work) {
    if (work->threshold_count) {
        return;
    }
    work->thresholds[work->threshold_count++] = work->finished.threshold;
    for (size_t i = 0; i < sizeof usual_thresholds / sizeof *usual_thresholds; i++) {
        if (usual_thresholds[i] > work->finished.threshold) {
            work->thresholds[work->threshold_count++] = usual_thresholds[i];
        }
    }
}

static tf_status evaluate(tf_link_evaluation *work, const tf_arguments *arguments,
                          tf_error *error) {
    tf_link_progress_start(&work->progress);
    tf_status status = tf_link_tables_open(&work->tables, error);
    if (!status && arguments->operand_count) {
        status = tf_link_read(arguments->operands, arguments->operand_count, &work->settings,
                              &work->tables, NULL, &work->progress, &work->input, error);
    }
    if (!status) {
        status = tf_link_finished_read(work->folder, work->input.records, work->settings.threads,
                                       &work->finished, error);
        work->records = work->input.records ? work->input.records : work->finished.input.records;
    }
    if (!status) {
        choose_thresholds(work);
        status =
            work->labels_path ? hold_against_labels(work, error) : hold_against_truth(work, error);
    }
    tf_link_progress_clear(&work->progress);
    return status;
}

static void evaluation_deinit(tf_link_evaluation *work) {
    tf_evaluate_clusters_deinit(&work->clusters);
    tf_evaluate_scores_deinit(&work->scores);
    tf_free(work->entity);
    tf_free(work->source);
    tf_free(work->group);
    tf_text_numbers_deinit(&work->groups);
    tf_link_finished_deinit(&work->finished);
    tf_link_input_deinit(&work->input);
    tf_link_tables_close(&work->tables);
}

static tf_status read_options(const tf_arguments *arguments, tf_link_evaluation *work,
                              bool *is_json_out, tf_error *error) {
    const char *const *values = arguments->values;
    tf_status status = tf_link_read_options(arguments, &work->settings, error);
    if (!status) {
        status = tf_option_format(values[FORMAT], is_json_out, error);
    }
    if (!status) {
        status = tf_link_option_numbers(values[THRESHOLDS], "thresholds", TF_LINK_THRESHOLDS_MOST,
                                        work->thresholds, &work->threshold_count, error);
    }
    if (!status && values[LABELS] && (values[TRUTH] || values[BY])) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "--labels takes the place of --truth and --by; leave them out");
    }
    if (!status && !values[LABELS] && arguments->operand_count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "give the files that were linked, whose records have the truth, or "
                         "labelled pairs with --labels");
    }
    work->folder = values[RUN];
    work->truth_column = values[TRUTH];
    work->by_column = values[BY];
    work->labels_path = values[LABELS];
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    tf_link_evaluation work = {0};
    bool is_json;
    if (read_options(arguments, &work, &is_json, &error)) {
        return tf_report_usage(&tf_command_link_evaluate, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = evaluate(&work, arguments, &error);
    if (!status) {
        (is_json ? tf_link_evaluation_json : tf_link_evaluation_say)(&work, &words);
    }
    evaluation_deinit(&work);
    return tf_report_end(status, &words, &error);
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [RUN] = {"run", "DIR", "the folder that link dedupe, between or predict wrote", true},
    [TRUTH] = {"truth", "COLUMN",
               "the column that says who the person truly is; recognised if nothing is said",
               false},
    [LABELS] = {"labels", "FILE",
                "instead, pairs whose truth is known: CSV with the columns source_l, unique_id_l, "
                "source_r, unique_id_r, clerical_match_score; no FILE is needed then",
                false},
    [BY] = {"by", "COLUMN", "the same for the records of each value of a column", false},
    [THRESHOLDS] = {"thresholds", "WEIGHTS",
                    "the match weights to look at, rising, with commas between them; the run's own "
                    "and some above it if nothing is said",
                    false},
    [FORMAT] = TF_OPTION_FORMAT,
};

const tf_command tf_command_link_evaluate = {
    .name = "link evaluate",
    .summary = "hold a linkage against the truth",
    .details =
        "Reads clusters.csv and pairs.csv of a run, and the files that were linked, one of whose "
        "columns says who the person truly is.  Precision is the share of linked pairs that are "
        "true, recall the share of true pairs that are linked, F1 their harmonic mean; intervals "
        "are 95%, from draws of whole people."
        "\n\n"
        "Against labelled pairs, all figures are of these pairs alone, and say of others only as "
        "much as the pairs were drawn at random.",
    .example = "  trefoil link evaluate people.csv --run linked --by sex\n"
               "  trefoil link evaluate --run linked --labels labels.csv --format json\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 0,
                .most_operands = 64},
    .run = run,
};
