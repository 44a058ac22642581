/* trefoil link generate */
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "insight/profile_words.h"
#include "trefoil/base/date.h"
#include "trefoil/linkage/generate.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { OUT, SEED, DUPLICATES, SOURCES, ERRORS, THREADS, OPTION_COUNT };

enum { MOST_THREADS = 256, PATH_SIZE = 4096 };

/* The file while it grows, under a name that says so until it is whole. */
typedef struct people_file {
    const char *path;
    char unfinished[PATH_SIZE];
    FILE *file;
    uint64_t row_count;
    uint64_t rows_wanted;
    uint64_t byte_count;
    double last_said;
    bool is_live; /* a terminal is watching */
} people_file;

static tf_status fail_io(const people_file *out, tf_error *error) {
    return tf_fail(error, TF_IO, out->path, 0, "could not be written: %s", strerror(errno));
}

static void say_progress(people_file *out) {
    double now = tf_seconds_monotonic();
    if (out->is_live && now - out->last_said > 0.2) {
        out->last_said = now;
        char written[TF_COUNT_TEXT_SIZE];
        fprintf(stderr, "\r%3.0f%%  %s records\x1b[K",
                100.0 * (double)out->row_count / (double)out->rows_wanted,
                tf_words_count((int64_t)out->row_count, written));
        (void)fflush(stderr);
    }
}

static tf_status write_rows(void *context, tf_text rows, tf_error *error) {
    people_file *out = context;
    if (tf_interrupt_is_pending()) {
        return tf_fail(error, TF_IO, out->path, 0, "not written: the program was interrupted");
    }
    if (fwrite(rows.data, 1, rows.length, out->file) != rows.length) {
        return fail_io(out, error);
    }
    if (out->byte_count > 0) { /* the header came first */
        uint64_t count = out->row_count + TF_GENERATE_BLOCK_ROWS;
        out->row_count = count < out->rows_wanted ? count : out->rows_wanted;
    }
    out->byte_count += rows.length;
    say_progress(out);
    return TF_OK;
}

static tf_status write_file(people_file *out, const tf_generate_options *options, tf_error *error) {
    int length = snprintf(out->unfinished, sizeof out->unfinished, "%s.unfinished", out->path);
    if (length < 0 || length >= PATH_SIZE) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the name after --out is too long");
    }
    out->file = fopen(out->unfinished, "we");
    if (!out->file) {
        return fail_io(out, error);
    }
    tf_status status = tf_generate_people(options, write_rows, out, error);
    if (fclose(out->file) != 0 && !status) {
        status = fail_io(out, error);
    }
    if (out->is_live) {
        fputs("\r\x1b[K", stderr);
    }
    if (!status && rename(out->unfinished, out->path) != 0) {
        status = fail_io(out, error);
    }
    if (status) {
        unlink(out->unfinished);
    }
    return status;
}

/* ---- what was asked for ---- */

static tf_status read_count(const char *text, int64_t *count_out, tf_error *error) {
    if (tf_parse_int64(tf_text_of(text), count_out) && *count_out >= 1 &&
        *count_out <= UINT32_MAX) {
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "'%s' is no number of records; write a whole number from 1 to %lld", text,
                   (long long)UINT32_MAX);
}

static tf_status read_level(const char *text, tf_generate_errors *level_out, tf_error *error) {
    static const char *const levels[] = {"none", "low", "medium", "high", NULL};
    int level = (int)*level_out;
    tf_status status = tf_option_choice(text, "errors", levels, &level, error);
    *level_out = (tf_generate_errors)level;
    return status;
}

static tf_status read_options(const tf_arguments *arguments, tf_generate_options *options,
                              tf_error *error) {
    int64_t records = 0, seed = 1, sources = 3, threads = 0;
    const struct {
        const char *text, *name;
        int64_t least, most, *value;
    } wholes[] = {
        {arguments->values[SEED], "seed", 0, INT64_MAX, &seed},
        {arguments->values[SOURCES], "sources", 1, TF_GENERATE_SOURCES_MOST, &sources},
        {arguments->values[THREADS], "threads", 1, MOST_THREADS, &threads},
    };
    tf_status status = read_count(arguments->operands[0], &records, error);
    for (size_t i = 0; !status && i < sizeof wholes / sizeof *wholes; i++) {
        status = tf_option_whole(wholes[i].text, wholes[i].name, wholes[i].least, wholes[i].most,
                                 wholes[i].value, error);
    }
    *options = (tf_generate_options){.record_count = (uint64_t)records,
                                     .seed = (uint64_t)seed,
                                     .duplicate_share = 0.2,
                                     .source_count = (int)sources,
                                     .errors = TF_GENERATE_MEDIUM,
                                     .thread_count = (int)threads};
    const char *share = arguments->values[DUPLICATES];
    if (!status && share &&
        !(tf_parse_double(tf_text_of(share), &options->duplicate_share) &&
          options->duplicate_share >= 0 && options->duplicate_share <= 0.9)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "--duplicates must be a share from 0 to 0.9, such as 0.2");
    }
    return status ? status : read_level(arguments->values[ERRORS], &options->errors, error);
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    tf_generate_options options;
    if (read_options(arguments, &options, &error)) {
        return tf_report_usage(&tf_command_link_generate, "%s", error.message);
    }
    people_file out = {.path = arguments->values[OUT],
                       .rows_wanted = options.record_count,
                       .is_live = isatty(STDERR_FILENO) == 1};
    double started = tf_seconds_monotonic();
    sigset_t before;
    tf_interrupt_hold(&before);
    tf_status status = write_file(&out, &options, &error);
    tf_interrupt_release(&before);
    tf_buffer words;
    tf_buffer_init(&words);
    char records[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(&words, "%s invented records are in %s (%.1f MB, %.1f s).\n",
                     tf_words_count((int64_t)options.record_count, records), out.path,
                     (double)out.byte_count / 1e6, tf_seconds_monotonic() - started);
    return tf_report_end(status, &words, &error);
}

static const tf_option options[OPTION_COUNT] = {
    [OUT] = {"out", "FILE", "the CSV file to write; one of that name is replaced", true},
    [SEED] = {"seed", "S", "another number gives other people; 1 if nothing is said", false},
    [DUPLICATES] = {"duplicates", "SHARE",
                    "the share of records whose person has one already, 0 to 0.9; 0.2 if nothing "
                    "is said",
                    false},
    [SOURCES] = {"sources", "K", "how many services keep records, 1 to 8; 3 if nothing is said",
                 false},
    [ERRORS] = {"errors", "LEVEL",
                "how much differs between the records of a person: none, low, medium or high; "
                "medium if nothing is said",
                false},
    [THREADS] = {"threads", "N", "one for each processor if nothing is said", false},
};

const tf_command tf_command_link_generate = {
    .name = "link generate",
    .summary = "write records of invented people",
    .details =
        "Writes N records of an invented population of the United Kingdom as CSV: record_id, "
        "source, given_name, middle_name, family_name, sex, date_of_birth, address, city, "
        "postcode, phone, email, truth.  The last names the person whose record it is.\n\n"
        "There are households, twins, moves, marriages, nicknames, missing values and mistakes of "
        "many kinds, in shares that include/trefoil/linkage/generate.h states.  The same options "
        "write the same bytes, with any number of threads.\n\n"
        "Nobody in it is real.  Telephone numbers are those that Ofcom keeps for drama, e-mail "
        "addresses are at example.org, and the postcodes' areas are not in use.",
    .example = "  trefoil link generate 100000 --out people.csv\n"
               "  trefoil link generate 5000 --out two.csv --sources 2 --errors high --seed 7\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "N",
                .least_operands = 1,
                .most_operands = 1},
    .run = run,
};
