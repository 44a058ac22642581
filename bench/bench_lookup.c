/* Ask who a record might be, among the people of a CSV file, as trefoil link generate writes it:
 *     bench_lookup FILE [QUESTIONS [CANDIDATES [PAIRS]]]
 * PAIRS are those that a rule may give to a record, as tf_link_suggest takes them.  A model is
 * suggested and learnt from the file; then records drawn at random are asked for, each with a fresh
 * typing error in one of its values.  Prints records, the seconds that making the lookup took, its
 * bytes, the microseconds of the questions, and the share of them whose first answer was the record
 * drawn. */
#include "pack/pack.h"
#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"
#include "trefoil/linkage/learn.h"
#include "trefoil/linkage/lookup.h"
#include "trefoil/linkage/suggest.h"
#include "trefoil/table/csv.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { HEADER_SIZE = 1 << 16, VALUE_SIZE = 256 };

typedef struct bench {
    tf_pack *pack;
    tf_missing *missing;
    tf_nicknames *nicknames;
    tf_standardiser standardiser;
    tf_link_work work;
    tf_link_records *records;
    tf_link_model *model;
} bench;

static void bench_deinit(bench *it) {
    tf_link_model_free(it->model);
    tf_link_records_free(it->records);
    tf_nicknames_free(it->nicknames);
    tf_missing_free(it->missing);
    tf_pack_free(it->pack);
}

static tf_status open_tables(bench *it, tf_error *error) {
    size_t count;
    tf_status status = tf_pack_open(NULL, &it->pack, error);
    if (!status) {
        const tf_missing_list *lists = tf_pack_missing(it->pack, &count);
        status = tf_missing_new(lists, count, &it->missing, error);
    }
    if (!status) {
        const tf_nickname_group *groups = tf_pack_nicknames(it->pack, &count);
        status = tf_nicknames_new(groups, count, &it->nicknames, error);
    }
    it->standardiser.missing = it->missing;
    it->work =
        (tf_link_work){.standardiser = &it->standardiser, .nicknames = it->nicknames, .seed = 1};
    return status;
}

static tf_status take_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    tf_link_lines lines = {batch->first_line, batch->row_line};
    return tf_link_loader_add(context, tf_text_of("people"), batch->table, &lines, error);
}

static tf_status read_names(const char *path, char ***names_out, size_t *count_out,
                            tf_error *error) {
    static char start[HEADER_SIZE];
    size_t length = 0;
    tf_source *source = NULL;
    tf_status status = tf_source_open(path, &source, error);
    if (!status) {
        status = tf_source_read(source, start, sizeof start, &length, error);
    }
    tf_source_close(source);
    return status ? status : tf_csv_header(start, length, names_out, count_out, error);
}

static tf_status read_rows(const char *path, char **names, size_t count, tf_link_loader *loader,
                           tf_error *error) {
    tf_csv_field fields[TF_LINK_MAX_COLUMNS];
    for (size_t i = 0; i < count && i < TF_LINK_MAX_COLUMNS; i++) {
        fields[i] = (tf_csv_field){.header = names[i], .name = names[i], .type = TF_CSV_DICTIONARY};
    }
    tf_csv_options options = {.fields = fields, .field_count = count};
    tf_csv_handler handler = {.on_batch = take_batch, .context = loader};
    tf_csv_counts counts;
    tf_source *source = NULL;
    tf_status status = tf_source_open(path, &source, error);
    if (!status) {
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    tf_source_close(source);
    return status;
}

static tf_status read_people(bench *it, const char *path, tf_error *error) {
    tf_link_loader_options options = {.id_column = "record_id", .source_column = "source"};
    tf_link_loader *loader = NULL;
    char **names = NULL;
    size_t count = 0;
    tf_status status = read_names(path, &names, &count, error);
    if (!status) {
        status = tf_link_loader_new(&options, &loader, error);
    }
    if (!status) {
        status = read_rows(path, names, count, loader, error);
    }
    if (!status) {
        status = tf_link_loader_finish(loader, &it->records, error);
    }
    tf_link_loader_free(loader);
    tf_free(names);
    return status;
}

static tf_status learn(bench *it, double most_pairs, tf_error *error) {
    tf_recognised recognised[TF_LINK_MAX_COLUMNS];
    tf_person_field fields[TF_LINK_MAX_COLUMNS];
    tf_link_matcher *matcher = NULL;
    tf_link_learn_options options = {0};
    tf_link_learning learning;
    tf_status status = tf_link_recognise(it->records, it->missing, recognised, error);
    for (uint32_t c = 0; c < tf_link_records_column_count(it->records) && !status; c++) {
        fields[c] = recognised[c].score >= 0.5 ? recognised[c].field : TF_PERSON_COUNT;
    }
    if (!status) {
        status = tf_link_suggest(it->records, fields, TF_LINK_BOTH, &it->standardiser, most_pairs,
                                 &it->model, error);
    }
    if (!status) {
        status = tf_link_matcher_new(it->model, it->records, &it->work, &matcher, error);
    }
    if (!status) {
        status = tf_link_learn(matcher, it->model, &options, &learning, error);
    }
    tf_link_matcher_free(matcher);
    return status;
}

/* ---- questions ---- */

typedef struct bench_question {
    uint32_t record;
    tf_link_given given[TF_LINK_MAX_COLUMNS];
    size_t count;
    char changed[VALUE_SIZE];
} bench_question;

/* A record with one letter of one value changed. */
static void draw(const tf_link_records *records, tf_random *random, bench_question *out) {
    out->record = tf_random_below(random, tf_link_records_count(records));
    out->count = 0;
    for (uint32_t c = 0; c < tf_link_records_column_count(records); c++) {
        tf_text value = tf_link_records_value(records, out->record, c);
        if (value.length) {
            out->given[out->count++] =
                (tf_link_given){tf_link_records_column_name(records, c), value};
        }
    }
    if (out->count == 0) {
        return;
    }
    tf_link_given *given = &out->given[tf_random_below(random, (uint32_t)out->count)];
    if (given->value.length < VALUE_SIZE) {
        memcpy(out->changed, given->value.data, given->value.length);
        out->changed[tf_random_below(random, (uint32_t)given->value.length)] =
            (char)('a' + tf_random_below(random, 26));
        given->value.data = out->changed;
    }
}

typedef struct bench_outcome {
    double *seconds;
    double *own_seconds; /* of the processor alone: what else runs here does not count */
    double candidates;
    uint32_t most_candidates;
    double passed_over;
    size_t first; /* questions of which the record drawn was the first answer */
    size_t found; /* or one of the answers */
} bench_outcome;

static double own_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool has_answer(const tf_link_answers *answers, uint32_t record) {
    for (size_t i = 0; i < answers->count; i++) {
        if (answers->items[i].record == record) {
            return true;
        }
    }
    return false;
}

static tf_status ask_all(const bench *it, const tf_link_lookup *lookup, size_t questions,
                         uint32_t most_candidates, bench_outcome *outcome, tf_error *error) {
    tf_link_ask_options options = {.most_candidates = most_candidates};
    tf_link_asker *asker = NULL;
    tf_random random;
    tf_random_init(&random, 1, 1);
    tf_status status = tf_link_asker_new(lookup, &asker, error);
    for (size_t i = 0; i < questions && !status; i++) {
        bench_question question;
        tf_link_answers answers;
        draw(it->records, &random, &question);
        double own_start = own_seconds();
        double start = tf_seconds_monotonic();
        status = tf_link_lookup_ask(lookup, asker, question.given, question.count, &options,
                                    &answers, error);
        outcome->seconds[i] = tf_seconds_monotonic() - start;
        outcome->own_seconds[i] = own_seconds() - own_start;
        outcome->candidates += answers.candidates;
        outcome->most_candidates = answers.candidates > outcome->most_candidates
                                       ? answers.candidates
                                       : outcome->most_candidates;
        outcome->passed_over += answers.passed_over;
        outcome->first += answers.count && answers.items[0].record == question.record;
        outcome->found += has_answer(&answers, question.record);
    }
    tf_link_asker_free(asker);
    return status;
}

static size_t bytes_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static int compare_seconds(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_seconds(const char *name, double *seconds, size_t count) {
    qsort(seconds, count, sizeof *seconds, compare_seconds);
    printf("\"%sp50_us\": %.1f, \"%sp99_us\": %.1f, \"%smax_us\": %.1f, ", name,
           seconds[count / 2] * 1e6, name, seconds[count * 99 / 100] * 1e6, name,
           seconds[count - 1] * 1e6);
}

static tf_status measure(const bench *it, size_t questions, uint32_t most_candidates,
                         tf_error *error) {
    tf_link_lookup *lookup = NULL;
    bench_outcome outcome = {.seconds = tf_alloc(questions, sizeof(double)),
                             .own_seconds = tf_alloc(questions, sizeof(double))};
    size_t before = bytes_in_use();
    double start = tf_seconds_monotonic();
    tf_status status = outcome.seconds && outcome.own_seconds ? TF_OK : tf_fail_no_memory(error);
    if (!status) {
        status = tf_link_lookup_new(it->model, it->records, &it->work, 0, &lookup, error);
    }
    double build_seconds = tf_seconds_monotonic() - start;
    size_t bytes = bytes_in_use() - before;
    if (!status) {
        status = ask_all(it, lookup, questions, most_candidates, &outcome, error);
    }
    if (!status) {
        double count = (double)questions;
        printf("{\"records\": %lu, \"build_seconds\": %.3f, \"bytes\": %zu, \"questions\": %zu, ",
               (unsigned long)tf_link_records_count(it->records), build_seconds, bytes, questions);
        print_seconds("", outcome.seconds, questions);
        print_seconds("processor_", outcome.own_seconds, questions);
        printf("\"candidates\": %.1f, \"most_candidates\": %lu, \"passed_over\": %.3f, "
               "\"first\": %.4f, \"found\": %.4f}\n",
               outcome.candidates / count, (unsigned long)outcome.most_candidates,
               outcome.passed_over / count, (double)outcome.first / count,
               (double)outcome.found / count);
    }
    tf_free(outcome.seconds);
    tf_free(outcome.own_seconds);
    tf_link_lookup_free(lookup);
    return status;
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: bench_lookup FILE [QUESTIONS [CANDIDATES [PAIRS]]]\n");
        return 2;
    }
    size_t questions = argument_count > 2 ? strtoul(arguments[2], NULL, 10) : 20000;
    unsigned long candidates = argument_count > 3 ? strtoul(arguments[3], NULL, 10) : 0;
    double pairs = argument_count > 4 ? strtod(arguments[4], NULL) : 0;
    bench it = {0};
    tf_error error;
    char text[1400];
    tf_status status = open_tables(&it, &error);
    if (!status) {
        status = read_people(&it, arguments[1], &error);
    }
    if (!status) {
        status = learn(&it, pairs, &error);
    }
    if (!status) {
        status = measure(&it, questions ? questions : 1, (uint32_t)candidates, &error);
    }
    if (status) {
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
    }
    bench_deinit(&it);
    return status ? 1 : 0;
}
