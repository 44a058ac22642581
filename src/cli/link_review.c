/* trefoil link review draw, trefoil link review read */
#include "cli/link_finished.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"

#include "insight/profile_words.h"
#include "trefoil/base/json.h"
#include "trefoil/linkage/review_sample.h"
#include "trefoil/linkage/suggest.h"

enum { RUN = TF_LINK_OPTION_SHARED, SAMPLE, BOUNDS, OUT, DRAW_OPTION_COUNT };
enum { FORMAT = OUT, READ_OPTION_COUNT = DRAW_OPTION_COUNT };

enum {
    BOUNDS_MOST = 16,
    SAMPLE_USUAL = 200,
    WEIGHT_WIDTH = 10,
    COUNT_WIDTH = 13,
    SHARE_WIDTH = 24
};

static const double CONFIDENCE = 0.95;

typedef struct review {
    tf_link_settings settings;
    const char *folder;
    double bounds[BOUNDS_MOST];
    size_t bound_count;
    int64_t sample_size;
    tf_link_tables tables;
    tf_link_progress progress;
    tf_link_input input;
    tf_link_finished finished;
    const tf_link_records *records;
    tf_review_sample sample;
} review;

static tf_status read_options(const tf_arguments *arguments, review *work, tf_error *error) {
    const char *const *values = arguments->values;
    work->folder = values[RUN];
    work->sample_size = SAMPLE_USUAL;
    tf_status status = tf_link_read_options(arguments, &work->settings, error);
    if (!status) {
        status = tf_option_whole(values[SAMPLE], "sample", 2, 1000000, &work->sample_size, error);
    }
    return status ? status
                  : tf_link_option_numbers(values[BOUNDS], "bounds", BOUNDS_MOST, work->bounds,
                                           &work->bound_count, error);
}

/* The same sample each time, from what the run left behind. */
static tf_status draw_sample(review *work, tf_error *error) {
    tf_status status = tf_link_finished_read(work->folder, work->input.records,
                                             work->settings.threads, &work->finished, error);
    if (!status && !work->finished.has_pairs) {
        status = tf_fail(error, TF_BAD_INPUT, work->folder, 0,
                         "has no pairs.csv to draw from; run the linkage with --pairs csv");
    }
    if (status) {
        return status;
    }
    work->records = work->input.records ? work->input.records : work->finished.input.records;
    if (work->bound_count == 0) {
        for (int i = 0; i < 3; i++) {
            work->bounds[work->bound_count++] = work->finished.threshold + 5 * i;
        }
    }
    tf_review_options options = {.bounds = work->bounds,
                                 .bound_count = work->bound_count,
                                 .sample_size = (uint32_t)work->sample_size,
                                 .seed = work->settings.seed};
    status = tf_review_draw(work->finished.pairs, work->finished.pair_count, &options,
                            &work->sample, error);
    tf_error_set_place(status ? error : NULL, work->folder);
    return status;
}

static void review_deinit(review *work) {
    tf_review_deinit(&work->sample);
    tf_link_finished_deinit(&work->finished);
    tf_link_input_deinit(&work->input);
    tf_link_tables_close(&work->tables);
}

/* ---- draw ---- */

/* What the sheet shows: not who the person truly is, where a column says so. */
typedef struct sheet_columns {
    const tf_link_records *records;
    uint32_t columns[TF_LINK_MAX_COLUMNS];
    const char *names[TF_LINK_MAX_COLUMNS];
    size_t count;
} sheet_columns;

static tf_status choose_columns(const review *work, sheet_columns *sheet, tf_error *error) {
    uint32_t count = tf_link_records_column_count(work->records);
    tf_recognised *recognised = tf_alloc_zeroed(count, sizeof *recognised);
    tf_status status =
        recognised ? tf_link_recognise(work->records, work->tables.missing, recognised, error)
                   : tf_fail_no_memory(error);
    *sheet = (sheet_columns){.records = work->records};
    for (uint32_t c = 0; c < count && !status; c++) {
        if (recognised[c].field != TF_PERSON_LABEL) {
            sheet->columns[sheet->count] = c;
            sheet->names[sheet->count++] = tf_link_records_column_name(work->records, c).data;
        }
    }
    tf_free(recognised);
    return status;
}

static tf_text field_value(const void *context, uint32_t record, size_t field) {
    const sheet_columns *sheet = context;
    return tf_link_records_value(sheet->records, record, sheet->columns[field]);
}

static tf_status write_sheet(const review *work, const char *path, tf_error *error) {
    tf_buffer csv;
    tf_buffer_init(&csv);
    sheet_columns sheet;
    tf_status status = choose_columns(work, &sheet, error);
    if (!status) {
        tf_review_fields fields = {sheet.names, sheet.count, field_value, &sheet};
        status = tf_review_write(&work->sample, &fields, &csv, error);
    }
    if (!status) {
        status = tf_output_file_put(path, &csv, error);
    }
    tf_buffer_deinit(&csv);
    return status;
}

static tf_status draw(review *work, const tf_arguments *arguments, tf_error *error) {
    tf_link_progress_start(&work->progress);
    tf_status status = tf_link_tables_open(&work->tables, error);
    if (!status) {
        status = tf_link_read(arguments->operands, arguments->operand_count, &work->settings,
                              &work->tables, NULL, &work->progress, &work->input, error);
    }
    if (!status) {
        status = draw_sample(work, error);
    }
    tf_link_progress_clear(&work->progress);
    return status ? status : write_sheet(work, arguments->values[OUT], error);
}

static tf_exit run_draw(const tf_arguments *arguments) {
    tf_error error;
    review work = {0};
    if (read_options(arguments, &work, &error)) {
        return tf_report_usage(&tf_command_link_review_draw, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE];
    tf_status status = draw(&work, arguments, &error);
    if (!status) {
        tf_link_say(&words,
                    "%s of %s pairs are in %s.  Write match, no match or unsure into the column "
                    "answer, and hold the sheet against the run with trefoil link review read%s.",
                    tf_words_count((int64_t)work.sample.row_count, number),
                    tf_words_count((int64_t)work.finished.pair_count, other),
                    arguments->values[OUT],
                    arguments->values[SAMPLE] || arguments->values[BOUNDS] ||
                            arguments->values[TF_LINK_OPTION_SEED]
                        ? ", with the same --sample, --bounds and --seed"
                        : "");
    }
    review_deinit(&work);
    return tf_report_end(status, &words, &error);
}

/* ---- read ---- */

static void put_share(tf_terminal *page, tf_interval share) {
    char text[48];
    snprintf(text, sizeof text, "%.1f%% (%.1f-%.1f)", 100 * share.value, 100 * share.lower,
             100 * share.upper);
    tf_terminal_right(page, TF_INK_PLAIN, text, SHARE_WIDTH);
}

static void say_estimates(const review *work, const tf_review_estimate *estimates,
                          const tf_review_count *counts, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    uint32_t answered = 0, unsure = 0, blank = 0;
    for (size_t i = 0; i < work->sample.stratum_count; i++) {
        answered += counts[i].matches + counts[i].no_matches;
        unsure += counts[i].unsure;
        blank += counts[i].blank;
    }
    tf_link_say(out, "%u pairs were answered, %u are unsure, %u blank.", answered, unsure, blank);
    tf_terminal_heading(&page, "Pairs from a match weight up", "95% intervals in brackets");
    tf_terminal_left(&page, TF_INK_FAINT, "weight", WEIGHT_WIDTH);
    tf_terminal_right(&page, TF_INK_FAINT, "pairs", COUNT_WIDTH);
    tf_terminal_right(&page, TF_INK_FAINT, "precision", SHARE_WIDTH);
    tf_terminal_right(&page, TF_INK_FAINT, "recall", SHARE_WIDTH);
    tf_terminal_end_line(&page);
    for (size_t i = 0; i < work->bound_count; i++) {
        char text[32];
        snprintf(text, sizeof text, "%g", estimates[i].threshold);
        tf_terminal_left(&page, TF_INK_PLAIN, text, WEIGHT_WIDTH);
        tf_terminal_count_right(&page, TF_INK_PLAIN, (int64_t)estimates[i].linked, COUNT_WIDTH);
        put_share(&page, estimates[i].precision);
        put_share(&page, estimates[i].recall);
        tf_terminal_end_line(&page);
    }
    tf_link_say(out,
                "Recall is of the matches among the pairs that the run kept, of weight %g or more; "
                "what blocking never made, or the run did not keep, cannot be drawn.",
                work->finished.threshold);
}

static void json_share(tf_json *json, const char *key, tf_interval share) {
    tf_json_key(json, key);
    tf_json_open_object(json);
    tf_json_put_double(json, "value", share.value);
    tf_json_put_double(json, "lower", share.lower);
    tf_json_put_double(json, "upper", share.upper);
    tf_json_close_object(json);
}

static void json_estimates(const review *work, const tf_review_estimate *estimates,
                           const tf_review_count *counts, tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_object(&json);
    tf_json_key(&json, "strata");
    tf_json_open_array(&json);
    for (size_t i = 0; i < work->sample.stratum_count; i++) {
        tf_json_open_object(&json);
        tf_json_put_int(&json, "pairs", (int64_t)work->sample.strata[i].pairs);
        tf_json_put_int(&json, "drawn", work->sample.strata[i].drawn);
        tf_json_put_int(&json, "matches", counts[i].matches);
        tf_json_put_int(&json, "no_matches", counts[i].no_matches);
        tf_json_put_int(&json, "unsure", counts[i].unsure);
        tf_json_put_int(&json, "blank", counts[i].blank);
        tf_json_close_object(&json);
    }
    tf_json_close_array(&json);
    tf_json_key(&json, "thresholds");
    tf_json_open_array(&json);
    for (size_t i = 0; i < work->bound_count; i++) {
        tf_json_open_object(&json);
        tf_json_put_double(&json, "threshold", estimates[i].threshold);
        tf_json_put_int(&json, "linked", (int64_t)estimates[i].linked);
        tf_json_put_double(&json, "matches", estimates[i].matches);
        tf_json_put_double(&json, "missed", estimates[i].missed);
        json_share(&json, "precision", estimates[i].precision);
        json_share(&json, "recall", estimates[i].recall);
        tf_json_close_object(&json);
    }
    tf_json_close_array(&json);
    tf_json_close_object(&json);
    tf_buffer_append_text(out, "\n");
}

static tf_status read_sheet(review *work, const char *path, bool wants_json, tf_buffer *words,
                            tf_error *error) {
    tf_buffer sheet;
    tf_buffer_init(&sheet);
    tf_review_answer *answers = NULL;
    tf_review_count *counts = NULL;
    tf_review_estimate estimates[BOUNDS_MOST];
    tf_status status = tf_link_read_bytes(path, &sheet, error);
    if (!status) {
        status = draw_sample(work, error);
    }
    if (!status) {
        answers = tf_alloc_zeroed(work->sample.row_count, sizeof *answers);
        counts = tf_alloc_zeroed(work->sample.stratum_count, sizeof *counts);
        status = answers && counts ? TF_OK : tf_fail_no_memory(error);
    }
    if (!status) {
        status = tf_review_read(&work->sample, sheet.data, sheet.length, answers, error);
    }
    if (!status) {
        status =
            tf_review_estimates_of(&work->sample, answers, CONFIDENCE, estimates, counts, error);
    }
    tf_error_set_place(status ? error : NULL, path);
    if (!status) {
        (wants_json ? json_estimates : say_estimates)(work, estimates, counts, words);
    }
    tf_free(answers);
    tf_free(counts);
    tf_buffer_deinit(&sheet);
    return status;
}

static tf_exit run_read(const tf_arguments *arguments) {
    tf_error error;
    review work = {0};
    bool is_json;
    if (read_options(arguments, &work, &error) ||
        tf_option_format(arguments->values[FORMAT], &is_json, &error)) {
        return tf_report_usage(&tf_command_link_review_read, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = read_sheet(&work, arguments->operands[0], is_json, &words, &error);
    review_deinit(&work);
    return tf_report_end(status, &words, &error);
}

/* ---- words ---- */

#define REVIEW_OPTIONS                                                                             \
    TF_LINK_SHARED_OPTIONS,                                                                        \
        [RUN] = {"run", "DIR", "the folder that link dedupe or between wrote", true},              \
        [SAMPLE] = {"sample", "N", "how many pairs to look at; 200 if nothing is said", false},    \
        [BOUNDS] = {"bounds", "WEIGHTS",                                                           \
                    "the match weights to be judged, rising, with commas "                         \
                    "between them; the run's threshold, and 5 and 10 above "                       \
                    "it, if nothing is said",                                                      \
                    false}

static const tf_option draw_options[DRAW_OPTION_COUNT] = {
    REVIEW_OPTIONS,
    [OUT] = {"out", "FILE", "the sheet, as CSV; one of that name is replaced", true},
};

static const tf_option read_options_of[READ_OPTION_COUNT] = {
    REVIEW_OPTIONS,
    [FORMAT] = TF_OPTION_FORMAT,
};

const tf_command tf_command_link_review_draw = {
    .name = "link review draw",
    .summary = "draw pairs for people to look at blind",
    .details =
        "Draws pairs of a run by strata of match weight, as many from each, and writes them side "
        "by side with an empty column answer.  The sheet shows neither weight nor stratum, "
        "nor a column that says who the person truly is.  Give the files that were linked."
        "\n\n"
        "The same run, sample, bounds and seed draw the same pairs, so that nothing but the sheet "
        "need be kept.",
    .example = "  trefoil link review draw people.csv --run linked --out sheet.csv\n",
    .options = {.options = draw_options,
                .option_count = DRAW_OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 64},
    .run = run_draw,
};

const tf_command tf_command_link_review_read = {
    .name = "link review read",
    .summary = "judge a linkage by the pairs that people looked at",
    .details =
        "Reads a sheet of link review draw back, with its column answer filled in (match, no match "
        "or unsure), and estimates precision and recall at each bound.  Sample, bounds and seed "
        "must be those of the draw.",
    .example = "  trefoil link review read sheet.csv --run linked\n",
    .options = {.options = read_options_of,
                .option_count = READ_OPTION_COUNT,
                .operand = "SHEET",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_read,
};
