/* Blocks of rows, made side by side and delivered in order. */
#include "trefoil/linkage/generate.h"

#include "generate_internal.h"
#include "trefoil/base/memory.h"
#include "trefoil/base/thread.h"

#include <pthread.h>
#include <stdatomic.h>

static const char header[] =
    "record_id,source,given_name,middle_name,family_name,sex,date_of_birth,address,city,postcode,"
    "phone,email,truth\n";

enum { ROW_SIZE = TF_GENERATE_COLUMN_COUNT * (FIELD_SIZE + 3) + 64 };

typedef struct generation {
    const tf_generate_options *options;
    tf_names names;
    uint64_t block_count;
    _Atomic uint64_t next_block; /* to be made */
    atomic_bool has_stopped;
    tf_generate_sink *sink;
    void *context;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t turn;
    uint64_t delivered; /* blocks */
    tf_status status;
    tf_error error;
} generation;

/* ---- rows as text ---- */

static char *put_identifier(char *at, char letter, uint64_t number) {
    enum { DIGITS = 10 };
    *at = letter;
    for (int i = DIGITS; i > 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return at + DIGITS + 1;
}

/* No field holds a quotation mark; the comma after a flat is all that asks for quoting. */
static char *put_field(char *at, const tf_person_field *field) {
    bool is_quoted = memchr(field->text, ',', field->length) != NULL;
    *at = '"';
    at += is_quoted;
    memcpy(at, field->text, field->length);
    at += field->length;
    *at = '"';
    at += is_quoted;
    *at = ',';
    return at + 1;
}

static tf_text write_rows(const generation *run, const tf_people *people, uint64_t block,
                          char *rows) {
    const tf_generate_options *options = run->options;
    char *at = rows;
    for (size_t i = 0; i < people->record_count; i++) {
        const tf_person_record *record = &people->records[i];
        const tf_person *person = &people->persons[record->person];
        uint64_t row = block * TF_GENERATE_BLOCK_ROWS + i;
        tf_chance chance = tf_chance_for(options->seed, CHANCE_RECORD, row);
        tf_person_field fields[TF_GENERATE_COLUMN_COUNT];
        tf_record_write(&run->names, person, &people->households[person->household], record,
                        options->errors, &chance, fields);
        at = put_identifier(at, 'R', row + 1);
        *at++ = ',';
        const char *source = tf_generate_source_name(record->source);
        size_t length = strlen(source);
        memcpy(at, source, length);
        at += length;
        *at++ = ',';
        for (int field = 0; field < TF_GENERATE_COLUMN_COUNT; field++) {
            at = put_field(at, &fields[field]);
        }
        at = put_identifier(at, 'P', block * TF_GENERATE_BLOCK_ROWS + record->person + 1);
        *at++ = '\n';
    }
    return (tf_text){rows, (size_t)(at - rows)};
}

/* ---- threads ---- */

static void stop(generation *run, tf_status status) {
    if (!run->status) {
        run->status = status;
    }
    atomic_store(&run->has_stopped, true);
    pthread_cond_broadcast(&run->turn);
}

static void deliver(generation *run, uint64_t block, tf_text rows) {
    pthread_mutex_lock(&run->lock);
    while (run->delivered != block && !run->status) {
        pthread_cond_wait(&run->turn, &run->lock);
    }
    if (!run->status) {
        tf_status status = run->sink(run->context, rows, &run->error);
        run->delivered++;
        if (status) {
            stop(run, status);
        } else {
            pthread_cond_broadcast(&run->turn);
        }
    }
    pthread_mutex_unlock(&run->lock);
}

static void work(void *context, int thread) {
    (void)thread;
    generation *run = context;
    tf_people people;
    tf_error error;
    tf_status status = tf_people_init(&people, &error);
    char *rows = tf_alloc(TF_GENERATE_BLOCK_ROWS, ROW_SIZE);
    if (!status && !rows) {
        status = tf_fail_no_memory(&error);
    }
    if (status) {
        pthread_mutex_lock(&run->lock);
        run->error = run->status ? run->error : error;
        stop(run, status);
        pthread_mutex_unlock(&run->lock);
    }
    uint64_t block;
    while (!atomic_load(&run->has_stopped) &&
           (block = atomic_fetch_add(&run->next_block, 1)) < run->block_count) {
        uint64_t left = run->options->record_count - block * TF_GENERATE_BLOCK_ROWS;
        size_t row_count = left < TF_GENERATE_BLOCK_ROWS ? (size_t)left : TF_GENERATE_BLOCK_ROWS;
        tf_people_fill(&people, &run->names, run->options, block, row_count);
        deliver(run, block, write_rows(run, &people, block, rows));
    }
    tf_free(rows);
    tf_people_deinit(&people);
}

static tf_status check(const tf_generate_options *options, tf_error *error) {
    if (options->record_count == 0 || options->record_count > UINT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the number of records must be 1 to 4294967295");
    }
    if (!(options->duplicate_share >= 0 && options->duplicate_share <= 0.9)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the share of duplicates must be 0 to 0.9, such as 0.2");
    }
    if (options->source_count < 1 || options->source_count > TF_GENERATE_SOURCES_MOST) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the number of sources must be 1 to %d",
                       TF_GENERATE_SOURCES_MOST);
    }
    if (options->errors < 0 || options->errors >= TF_GENERATE_ERRORS_COUNT) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the level of errors must be none, low, medium or high");
    }
    return TF_OK;
}

tf_status tf_generate_people(const tf_generate_options *options, tf_generate_sink *sink,
                             void *context, tf_error *error) {
    tf_status status = check(options, error);
    if (status) {
        return status;
    }
    generation run = {
        .options = options,
        .block_count =
            (options->record_count + TF_GENERATE_BLOCK_ROWS - 1) / TF_GENERATE_BLOCK_ROWS,
        .sink = sink,
        .context = context,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .turn = PTHREAD_COND_INITIALIZER,
    };
    status = tf_names_load(&run.names, error);
    if (!status) {
        status = sink(context, (tf_text){header, sizeof header - 1}, error);
    }
    if (!status) {
        tf_parallel(options->thread_count, work, &run);
        status = run.status;
        if (status && error) {
            *error = run.error;
        }
    }
    tf_names_free(&run.names);
    pthread_cond_destroy(&run.turn);
    pthread_mutex_destroy(&run.lock);
    return status;
}
