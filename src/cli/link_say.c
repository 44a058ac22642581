/* What is said of a linkage, for whoever answers for the records. */
#include "cli/link.h"

#include "cli/terminal.h"
#include "insight/profile_words.h"
#include "trefoil/base/date.h"

#include <math.h>
#include <stdarg.h>

enum { SOURCES_NAMED = 6, COLUMN_WIDTH = 22, LEFT_OUT_NAMED = 40, PARAGRAPH_SIZE = 4096 };

void tf_link_say(tf_buffer *out, const char *format, ...) {
    char text[PARAGRAPH_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tf_terminal page = tf_terminal_for_output(out);
    tf_terminal_paragraph(&page, "", 0, text);
}

static const char *count(double number, char text[TF_COUNT_TEXT_SIZE]) {
    return tf_words_count(number < 9e18 ? (int64_t)(number + 0.5) : INT64_MAX, text);
}

static const char *plural(double number) {
    return number == 1 ? "" : "s";
}

/* ---- records ---- */

void tf_link_say_input(const tf_link_run *run, tf_buffer *out) {
    const tf_link_input *input = &run->input;
    const tf_link_records *records = input->records;
    uint16_t sources = tf_link_records_source_count(records);
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE];
    tf_buffer words;
    tf_buffer_init(&words);
    tf_buffer_format(
        &words, "Read %s record%s of %s source%s: ", count(tf_link_records_count(records), number),
        plural(tf_link_records_count(records)), count(sources, other), plural(sources));
    for (uint16_t i = 0; i < sources && i < SOURCES_NAMED; i++) {
        tf_text name = tf_link_records_source_name(records, i);
        tf_buffer_format(&words, "%s%.*s %s", i ? ", " : "",
                         (int)(name.length < 60 ? name.length : 60), name.data,
                         count(tf_link_records_source_size(records, i), number));
    }
    tf_buffer_format(&words, "%s.  ", sources > SOURCES_NAMED ? ", and others" : "");
    if (input->id_column) {
        tf_buffer_format(&words, "A record is named by its %.80s", input->id_column);
    } else {
        tf_buffer_format(&words, "%s record is named by its row's number",
                         run->settings.id_column ? "A"
                                                 : "No column was found that names records: a");
    }
    if (input->source_column) {
        tf_buffer_format(&words, ", its source by its %.80s", input->source_column);
    }
    tf_buffer_append_text(&words, ".");
    tf_link_say(out, "%s", words.data ? words.data : "");
    out->failed |= words.failed;
    tf_buffer_deinit(&words);
    if (input->reject_count) {
        tf_link_say(out, "%s row%s could not be read and %s left out: %s%s.",
                    count((double)input->reject_count, number), plural((double)input->reject_count),
                    input->reject_count == 1 ? "was" : "were",
                    input->reject_count == 1 ? "" : "first, ",
                    input->first_reject.data ? input->first_reject.data : "");
    }
}

/* ---- settings ---- */

static bool is_compared(const tf_link_model *model, const char *column) {
    for (int c = 0; c < model->comparison_count; c++) {
        if (tf_link_comparison_reads(&model->comparisons[c], column)) {
            return true;
        }
    }
    return false;
}

static const char *why_left_out(const tf_link_run *run, uint32_t column) {
    const tf_recognised *recognised = &run->recognised[column];
    if (tf_link_records_filled(run->input.records, column) <= 0) {
        return "empty";
    }
    if (run->fields[column] == TF_PERSON_COUNT) {
        return "not recognised";
    }
    switch (recognised->field) {
    case TF_PERSON_LABEL:
        return "says who the person truly is";
    case TF_PERSON_RECORD_ID:
        return "names the record";
    case TF_PERSON_SOURCE:
        return "names the source";
    case TF_PERSON_FREE_TEXT:
    case TF_PERSON_TEXT:
        return "text of no known kind";
    default:
        return "not of use beside the others";
    }
}

static void say_columns(const tf_link_run *run, tf_buffer *out) {
    const tf_link_records *records = run->input.records;
    tf_buffer left_out;
    tf_buffer_init(&left_out);
    int named = 0;
    tf_link_say(out, "Columns were recognised by their names and values:");
    tf_terminal page = tf_terminal_for_output(out);
    for (uint32_t c = 0; c < tf_link_records_column_count(records); c++) {
        const char *name = tf_link_records_column_name(records, c).data;
        if (!is_compared(run->model, name)) {
            if (named++ < LEFT_OUT_NAMED) {
                tf_buffer_format(&left_out, "%s%.60s (%s)", left_out.length ? ", " : "", name,
                                 why_left_out(run, c));
            }
            continue;
        }
        char field[64];
        snprintf(field, sizeof field, "%s", tf_person_field_name(run->fields[c]));
        for (char *at = field; *at; at++) {
            *at = *at == '_' ? ' ' : *at;
        }
        tf_terminal_spaces(&page, 2);
        tf_terminal_left(&page, TF_INK_PLAIN, name, COLUMN_WIDTH);
        tf_terminal_put(&page, TF_INK_PLAIN, "  ");
        tf_terminal_put(&page, TF_INK_PLAIN, field);
        tf_terminal_end_line(&page);
    }
    if (left_out.length) {
        tf_link_say(out, "Not compared: %s%s.", left_out.data,
                    named > LEFT_OUT_NAMED ? ", and others" : "");
    }
    out->failed |= left_out.failed;
    tf_buffer_deinit(&left_out);
}

void tf_link_say_settings(const tf_link_run *run, tf_buffer *out) {
    static const char *const types[] = {
        [TF_LINK_DEDUPE] = "Records of one source are compared with each other",
        [TF_LINK_BETWEEN] = "Records of different sources are compared",
        [TF_LINK_BOTH] = "All records are compared, within sources and between them",
    };
    if (run->recognised) {
        say_columns(run, out);
    }
    tf_link_say(out, "%s%s.", types[run->type], run->settings_path ? ", as the settings say" : "");
}

/* ---- training ---- */

static void say_sessions(const tf_link_learning *learning, tf_buffer *out) {
    int used = 0, converged = 0;
    char number[TF_COUNT_TEXT_SIZE], pairs[TF_COUNT_TEXT_SIZE];
    for (int i = 0; i < learning->session_count; i++) {
        used += learning->sessions[i].was_used;
        converged += learning->sessions[i].was_used && learning->sessions[i].has_converged;
    }
    if (learning->is_exhaustive) {
        tf_link_say(out, "The weights were learnt from %s pairs of these records; training %s.",
                    count(learning->counted_pairs, number),
                    converged == used ? "converged" : "did not converge, so that they may be poor");
        return;
    }
    tf_link_say(
        out,
        "The weights were learnt from these records: from %s random pairs, and %s pairs in %d "
        "session%s by blocking rule, of which %d %s of use; %s.",
        count(learning->random_pairs, number), count(learning->counted_pairs, pairs),
        learning->session_count, plural(learning->session_count), used, used == 1 ? "was" : "were",
        used == 0           ? "the weights are those that learning starts with, and may be poor"
        : converged == used ? "all of these converged"
                            : "some did not converge");
    if (used > 0 && converged < used) {
        tf_link_say(out, "%d of %d sessions did not converge, so that weights may be poor.",
                    used - converged, used);
    }
}

static void say_defaults(const tf_link_learning *learning, tf_buffer *out) {
    if (learning->defaulted_levels) {
        tf_link_say(
            out,
            "No session could learn %d level%s of agreement: %s m is a usual one, not these "
            "records'.",
            learning->defaulted_levels, plural(learning->defaulted_levels),
            learning->defaulted_levels == 1 ? "its" : "their");
    }
    if (learning->unseen_levels) {
        tf_link_say(out, "%d level%s of agreement %s in no pair, so that %s weight is a guess.",
                    learning->unseen_levels, plural(learning->unseen_levels),
                    learning->unseen_levels == 1 ? "was seen" : "were seen",
                    learning->unseen_levels == 1 ? "its" : "their");
    }
}

static const char *prior_from(const tf_link_run *run) {
    bool was_learnt = false;
    for (int i = 0; i < run->learning.session_count; i++) {
        was_learnt = was_learnt || run->learning.sessions[i].was_used;
    }
    if (!run->was_trained) {
        return ", as the model has it";
    }
    if (run->learning.prior_was_given) {
        return ", from deterministic rules";
    }
    return was_learnt ? ", learnt" : ", a usual one, as nothing could be learnt";
}

void tf_link_say_training(const tf_link_run *run, tf_buffer *out) {
    char number[TF_COUNT_TEXT_SIZE];
    if (!run->was_trained) {
        tf_link_say(out,
                    "The model in %.200s has every m, every u and the prior; it is used as it is.",
                    run->settings_path);
    } else {
        if (run->settings_path) {
            tf_link_say(out,
                        run->always_trains ? "Learning went on from what is in %.200s."
                                           : "The settings in %.200s lack some m, u or the prior.",
                        run->settings_path);
        }
        say_sessions(&run->learning, out);
        say_defaults(&run->learning, out);
        if (run->labels_path) {
            tf_link_say(out, "In the end m was learnt from %s labelled pair%s.",
                        count((double)run->label_count, number), plural((double)run->label_count));
        }
    }
    static const double least = 1e-18; /* below it, nothing was found to learn a prior from */
    if (run->model->prior > least) {
        tf_link_say(out,
                    "Of two records taken at random, 1 pair in %s is one person (the prior%s).",
                    count(1 / run->model->prior, number), prior_from(run));
    }
    if (run->was_trained) {
        tf_link_say(out, "Pairs expected to match: %s.",
                    count(run->learning.expected_matches, number));
    }
}

/* ---- pairs ---- */

static void say_set_aside(const tf_link_prediction *prediction, tf_buffer *out) {
    double blocks = 0, pairs = 0;
    uint32_t largest = 0;
    for (int i = 0; i < prediction->rule_count; i++) {
        const tf_link_rule_report *rule = &prediction->rules[i];
        blocks += rule->set_aside;
        pairs += (double)rule->set_aside_pairs;
        largest = rule->set_aside_largest > largest ? rule->set_aside_largest : largest;
    }
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE], most[TF_COUNT_TEXT_SIZE];
    char limit[TF_COUNT_TEXT_SIZE];
    if (blocks > 0) {
        tf_link_say(
            out,
            "%s block%s of more than %s records that share a blocking value %s set aside (the "
            "largest has %s): their %s pairs were compared only where another rule found them.",
            count(blocks, number), plural(blocks), count(TF_LINK_MEMBERS_USUAL, limit),
            blocks == 1 ? "was" : "were", count(largest, most), count(pairs, other));
    }
}

void tf_link_say_pairs(const tf_link_run *run, tf_buffer *out) {
    const tf_link_prediction *prediction = &run->prediction;
    const tf_link_certificate *certificate = &prediction->certificate;
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE];
    const char *choice = run->predict.method == TF_LINK_BY_SIZE ? ", chosen by size" : "";
    if (prediction->is_exhaustive) {
        tf_link_say(out, "All %s pairs were compared%s.", count(prediction->allowed_pairs, number),
                    choice);
    } else {
        tf_link_say(out, "Compared %s of %s pairs: those that %d blocking rule%s found%s.",
                    count((double)prediction->compared_pairs, number),
                    count(prediction->allowed_pairs, other), prediction->rule_count,
                    plural(prediction->rule_count), choice);
        say_set_aside(prediction, out);
        if (certificate->records && !isnan(certificate->recall.value)) {
            tf_link_say(
                out,
                "The rules find about %.1f%% of the matches (95%% interval %.1f%% to %.1f%%, from "
                "%s records compared with all others).",
                100 * certificate->recall.value, 100 * certificate->recall.lower,
                100 * certificate->recall.upper, count(certificate->records, number));
        }
    }
    tf_link_say(out, "%s pair%s %s %s: match weight %g or more, which is a probability of %.4g%%.",
                count((double)prediction->pair_count, number),
                plural((double)prediction->pair_count), prediction->pair_count == 1 ? "is" : "are",
                run->clusters ? "linked" : "kept", run->predict.threshold,
                100 * tf_link_probability_of_weight(run->predict.threshold));
}

/* ---- people ---- */

void tf_link_say_clusters(const tf_link_records *records, const tf_clusters *clusters,
                          tf_buffer *out) {
    uint32_t several = 0;
    uint64_t largest = 0;
    for (uint32_t i = 0; i < clusters->cluster_count; i++) {
        uint64_t size = clusters->offsets[i + 1] - clusters->offsets[i];
        several += size > 1;
        largest = size > largest ? size : largest;
    }
    char number[TF_COUNT_TEXT_SIZE], other[TF_COUNT_TEXT_SIZE], most[TF_COUNT_TEXT_SIZE];
    char all[TF_COUNT_TEXT_SIZE];
    tf_link_say(
        out, "%s record%s %s %s %s; %s of them %s more than one record, the most %s.",
        count(tf_link_records_count(records), number), plural(tf_link_records_count(records)),
        tf_link_records_count(records) == 1 ? "is" : "are", count(clusters->cluster_count, all),
        clusters->cluster_count == 1 ? "person" : "people", count(several, other),
        several == 1 ? "has" : "have", count((double)largest, most));
    if (clusters->cut_count) {
        tf_link_say(out, "%s link%s between records that other evidence keeps apart %s cut.",
                    count((double)clusters->cut_count, number), plural((double)clusters->cut_count),
                    clusters->cut_count == 1 ? "was" : "were");
    }
}

/* ---- time ---- */

void tf_link_say_seconds(const tf_link_run *run, tf_buffer *out) {
    static const char *const stages[TF_LINK_STAGE_COUNT] = {
        [TF_LINK_STAGE_READ] = "reading",   [TF_LINK_STAGE_SETTINGS] = "settings",
        [TF_LINK_STAGE_TRAIN] = "training", [TF_LINK_STAGE_PREDICT] = "pairs",
        [TF_LINK_STAGE_CLUSTER] = "people", [TF_LINK_STAGE_WRITE] = "writing",
    };
    tf_buffer words;
    tf_buffer_init(&words);
    const char *before = ": ";
    for (int i = 0; i < TF_LINK_STAGE_COUNT; i++) {
        if (run->seconds[i] >= 0.05) {
            tf_buffer_format(&words, "%s%s %.1f", before, stages[i], run->seconds[i]);
            before = ", ";
        }
    }
    tf_link_say(out, "It took %.1f s%s.", tf_seconds_monotonic() - run->started,
                words.data ? words.data : "");
    out->failed |= words.failed;
    tf_buffer_deinit(&words);
}
