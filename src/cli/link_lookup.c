/* trefoil link lookup */
#include "cli/fixed_point.h"
#include "cli/link.h"
#include "cli/option_values.h"
#include "cli/report.h"

#include "insight/profile_words.h"
#include "trefoil/base/thread.h"
#include "trefoil/linkage/lookup.h"
#include "trefoil/linkage/model_json.h"
#include "trefoil/table/csv.h"

#include <stdatomic.h>
#include <stdio.h>

enum { MODEL = TF_LINK_OPTION_SHARED, RECORDS, OUT, THRESHOLD, PROBABILITY, TOP, OPTION_COUNT };

enum { FILES_MOST = 64, RECORDS_A_BLOCK = 256, WEIGHT_DECIMALS = 9, CHANCE_DECIMALS = 12 };

typedef struct looking {
    tf_link_settings settings;
    tf_link_ask_options options;
    tf_link_tables tables;
    tf_link_progress progress;
    tf_link_model *model;
    tf_link_input known;
    tf_link_input asked;
    tf_link_lookup *lookup;
    tf_buffer *blocks; /* lines of CSV, for RECORDS_A_BLOCK new records each */
    size_t block_count;
    atomic_size_t next_block;
    atomic_uint answered;    /* new records with an answer */
    atomic_uint passed_over; /* new records of blocks that were passed over */
    atomic_int failed;
    tf_status status;
    tf_error *error;
} looking;

static void looking_deinit(looking *work) {
    for (size_t i = 0; i < work->block_count; i++) {
        tf_buffer_deinit(&work->blocks[i]);
    }
    tf_free(work->blocks);
    tf_link_lookup_free(work->lookup);
    tf_link_model_free(work->model);
    tf_link_input_deinit(&work->asked);
    tf_link_input_deinit(&work->known);
    tf_link_tables_close(&work->tables);
}

static tf_status read_options(const tf_arguments *arguments, looking *work, tf_error *error) {
    const char *const *values = arguments->values;
    int64_t top = TF_LINK_ANSWERS_USUAL;
    tf_status status = tf_link_read_options(arguments, &work->settings, error);
    if (!status) {
        status = tf_link_option_threshold(values[THRESHOLD], values[PROBABILITY],
                                          &work->options.threshold, error);
    }
    if (!status) {
        status = tf_option_whole(values[TOP], "top", 1, 1000, &top, error);
    }
    work->options.most_answers = (uint32_t)top;
    return status;
}

/* ---- reading ---- */

static tf_status read_model(looking *work, const char *path, tf_error *error) {
    tf_buffer json;
    tf_buffer_init(&json);
    tf_status status = tf_link_read_bytes(path, &json, error);
    if (!status) {
        status = tf_link_model_read((tf_text){json.data, json.length}, &work->model, error);
        tf_error_set_place(status ? error : NULL, path);
    }
    tf_buffer_deinit(&json);
    if (!status && !tf_link_model_is_trained(work->model)) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "lacks some m, u or the prior, without which nothing can be scored; learn "
                         "them with trefoil link train");
    }
    return status;
}

/* Files whose names have commas between them; `names` is cut at these. */
static tf_status read_known(looking *work, char *names, tf_error *error) {
    char *paths[FILES_MOST];
    size_t count = 0;
    for (char *at = names; at && count < FILES_MOST; count++) {
        char *comma = strchr(at, ',');
        paths[count] = at;
        at = comma ? comma + 1 : NULL;
        if (comma) {
            *comma = '\0';
        }
    }
    return tf_link_read(paths, count, &work->settings, &work->tables, work->model, &work->progress,
                        &work->known, error);
}

/* A file without any column that blocking rules read finds nobody, whoever is in it. */
static tf_status check_columns(const looking *work, const char *path, tf_error *error) {
    for (int r = 0; r < work->model->rule_count; r++) {
        for (int k = 0; k < work->model->rules[r].key_count; k++) {
            const tf_link_key *key = &work->model->rules[r].keys[k];
            if (tf_link_records_column(work->asked.records, tf_text_of(key->right.column)) !=
                UINT32_MAX) {
                return TF_OK;
            }
        }
    }
    return tf_fail(error, TF_BAD_INPUT, path, 0,
                   "has none of the columns by which the model finds records, such as '%.80s'; "
                   "name its columns as those of the records are named",
                   work->model->rules[0].keys[0].right.column);
}

static tf_status read_all(looking *work, const tf_arguments *arguments, char *names,
                          tf_error *error) {
    char *path = arguments->operands[0];
    tf_status status = tf_link_tables_open(&work->tables, error);
    if (!status) {
        status = read_model(work, arguments->values[MODEL], error);
    }
    if (!status) {
        status = tf_link_read(&path, 1, &work->settings, &work->tables, work->model,
                              &work->progress, &work->asked, error);
    }
    if (!status) {
        status = read_known(work, names, error);
    }
    if (!status) {
        tf_link_work usual = {.standardiser = &work->tables.standardiser,
                              .nicknames = work->tables.nicknames,
                              .thread_count = work->settings.threads,
                              .seed = work->settings.seed};
        tf_link_progress_say(&work->progress, "comparing values", 0);
        status =
            tf_link_lookup_new(work->model, work->known.records, &usual, 0, &work->lookup, error);
        if (status) {
            tf_error_set_place(error, arguments->values[MODEL]);
        }
    }
    return status ? status : check_columns(work, path, error);
}

/* ---- asking ---- */

static void put_record(const tf_link_records *records, uint32_t record, tf_buffer *out) {
    uint16_t source = tf_link_records_source(records, record);
    tf_csv_append_field(out, tf_link_records_source_name(records, source));
    tf_buffer_append(out, ",", 1);
    tf_csv_append_field(out, tf_link_records_id(records, record));
    tf_buffer_append(out, ",", 1);
}

static void put_answers(const looking *work, uint32_t record, const tf_link_answers *answers,
                        tf_buffer *out) {
    for (size_t i = 0; i < answers->count; i++) {
        const tf_link_answer *answer = &answers->items[i];
        char tail[2 * TF_FIXED_POINT_SIZE + 2];
        put_record(work->asked.records, record, out);
        put_record(work->known.records, answer->record, out);
        size_t length = tf_fixed_point(answer->weight, WEIGHT_DECIMALS, tail);
        tail[length++] = ',';
        length += tf_fixed_point(answer->probability, CHANCE_DECIMALS, tail + length);
        tf_buffer_append(out, tail, length);
        tf_buffer_format(out, ",%zu\n", i + 1);
    }
}

static tf_status ask_one(looking *work, tf_link_asker *asker, uint32_t record, tf_buffer *out,
                         tf_error *error) {
    const tf_link_records *records = work->asked.records;
    tf_link_given given[TF_LINK_MAX_COLUMNS];
    size_t count = tf_link_records_column_count(records);
    for (uint32_t c = 0; c < count; c++) {
        given[c] = (tf_link_given){tf_link_records_column_name(records, c),
                                   tf_link_records_value(records, record, c)};
    }
    tf_link_answers answers;
    tf_status status =
        tf_link_lookup_ask(work->lookup, asker, given, count, &work->options, &answers, error);
    if (!status) {
        atomic_fetch_add(&work->answered, answers.count > 0);
        atomic_fetch_add(&work->passed_over, answers.passed_over > 0);
        put_answers(work, record, &answers, out);
    }
    return status;
}

static void ask_blocks(void *context, int thread) {
    (void)thread;
    looking *work = context;
    uint32_t count = tf_link_records_count(work->asked.records);
    tf_link_asker *asker = NULL;
    tf_error error = {0};
    tf_status status = tf_link_asker_new(work->lookup, &asker, &error);
    while (!status && !atomic_load(&work->failed)) {
        size_t block = atomic_fetch_add(&work->next_block, 1);
        if (block >= work->block_count) {
            break;
        }
        uint32_t record = (uint32_t)block * RECORDS_A_BLOCK;
        for (int i = 0; i < RECORDS_A_BLOCK && record < count && !status; i++, record++) {
            status = ask_one(work, asker, record, &work->blocks[block], &error);
        }
    }
    tf_link_asker_free(asker);
    int expected = 0;
    if (status && atomic_compare_exchange_strong(&work->failed, &expected, 1)) {
        work->status = status;
        *work->error = error;
    }
}

static tf_status ask_all(looking *work, tf_buffer *csv, tf_error *error) {
    size_t count =
        (tf_link_records_count(work->asked.records) + RECORDS_A_BLOCK - 1) / RECORDS_A_BLOCK;
    work->blocks = tf_alloc(count, sizeof *work->blocks);
    if (!work->blocks) {
        return tf_fail_no_memory(error);
    }
    for (; work->block_count < count; work->block_count++) {
        tf_buffer_init(&work->blocks[work->block_count]);
    }
    work->error = error;
    tf_parallel(work->settings.threads, ask_blocks, work);
    tf_buffer_append_text(csv, "source_l,unique_id_l,source_r,unique_id_r,match_weight,"
                               "match_probability,rank\n");
    for (size_t i = 0; i < work->block_count && !work->status; i++) {
        tf_buffer_append(csv, work->blocks[i].data, work->blocks[i].length);
        csv->failed |= work->blocks[i].failed;
    }
    return work->status ? work->status : tf_buffer_check(csv, error);
}

/* ---- saying ---- */

static void say_rejects(const tf_link_input *input, const char *path, tf_buffer *out) {
    char number[TF_COUNT_TEXT_SIZE];
    if (input->reject_count) {
        tf_link_say(out, "%s of %s could not be read and %s left out; first, %s.",
                    tf_words_count(input->reject_count, number), path,
                    input->reject_count == 1 ? "was" : "were", input->first_reject.data);
    }
}

static void say(const looking *work, const tf_arguments *arguments, tf_buffer *out) {
    char asked[TF_COUNT_TEXT_SIZE], known[TF_COUNT_TEXT_SIZE], found[TF_COUNT_TEXT_SIZE];
    unsigned answered = atomic_load(&work->answered);
    unsigned passed_over = atomic_load(&work->passed_over);
    tf_link_say(
        out, "Of %s new records, %s may be among %s that are known; who they may be is in %s.",
        tf_words_count(tf_link_records_count(work->asked.records), asked),
        tf_words_count(answered, found),
        tf_words_count(tf_link_records_count(work->known.records), known), arguments->values[OUT]);
    if (passed_over) {
        tf_link_say(out,
                    "%s of them share a blocking key with more records than are looked at; other "
                    "keys alone stood for those.",
                    tf_words_count(passed_over, found));
    }
    say_rejects(&work->asked, arguments->operands[0], out);
    say_rejects(&work->known, arguments->values[RECORDS], out);
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    looking work = {0};
    if (read_options(arguments, &work, &error)) {
        return tf_report_usage(&tf_command_link_lookup, "%s", error.message);
    }
    tf_buffer csv, words;
    tf_buffer_init(&csv);
    tf_buffer_init(&words);
    tf_link_progress_start(&work.progress);
    const char *named = arguments->values[RECORDS];
    char *names = tf_copy_text(named, strlen(named));
    tf_status status =
        names ? read_all(&work, arguments, names, &error) : tf_fail_no_memory(&error);
    if (!status) {
        status = ask_all(&work, &csv, &error);
    }
    tf_link_progress_clear(&work.progress);
    if (!status) {
        say(&work, arguments, &words);
    }
    looking_deinit(&work);
    tf_free(names);
    if (!arguments->values[OUT]) {
        tf_buffer_deinit(&words);
        return tf_report_end(status, &csv, &error);
    }
    if (!status) {
        status = tf_output_file_put(arguments->values[OUT], &csv, &error);
    }
    tf_buffer_deinit(&csv);
    return tf_report_end(status, &words, &error);
}

static const tf_option options[OPTION_COUNT] = {
    TF_LINK_SHARED_OPTIONS,
    [MODEL] = {"model", "FILE", "the trained model, ours or Splink's, as JSON", true},
    [RECORDS] = {"records", "FILES",
                 "files of the records that are known, with commas between their names", true},
    [OUT] = {"out", "FILE", "write the answers there; to standard output if nothing is said",
             false},
    [THRESHOLD] = {"threshold", "WEIGHT",
                   "give records of this match weight or more; 0 if nothing is said", false},
    [PROBABILITY] = {"probability", "P", "the same as a match probability, such as 0.95", false},
    [TOP] = {"top", "K", "give the K best at most, up to 1000; 10 if nothing is said", false},
};

const tf_command tf_command_link_lookup = {
    .name = "link lookup",
    .summary = "say who new records might be, among those that are known",
    .details =
        "Asks for each record of a file by itself which of the known records it might be, as a "
        "desk would that has one person before it.  The answers are CSV: source_l and unique_id_l "
        "of the new record, source_r and unique_id_r of a known one, match_weight, "
        "match_probability, and rank, 1 for the best.  A new record that might be nobody has no "
        "line.\n\n"
        "Known records are found by the blocking rules of the model.  New records are not held "
        "against each other, and nothing is learnt from them.",
    .example = "  trefoil link lookup referrals.csv --model model.json --records people.csv\n"
               "  trefoil link lookup referrals.csv --model model.json \\\n"
               "      --records police.csv,prison.csv --top 1 --out who.csv\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run,
};
