/* Load a street file into typed columns in memory, as `./run bench` does beside DuckDB:
 *     bench_csv FILE [THREADS]
 * Prints rows, seconds and megabytes a second. */
#include "trefoil/base/date.h"
#include "trefoil/table/csv.h"

#include <stdio.h>
#include <stdlib.h>

static const tf_csv_field fields[] = {
    {"Crime ID", "crime_id", TF_CSV_HEX, 32, false},
    {"Month", "month", TF_CSV_MONTH, 0, false},
    {"Reported by", "reported_by", TF_CSV_DICTIONARY, 0, false},
    {"Falls within", "falls_within", TF_CSV_DICTIONARY, 0, false},
    {"Longitude", "longitude", TF_CSV_FLOAT64, 0, false},
    {"Latitude", "latitude", TF_CSV_FLOAT64, 0, false},
    {"Location", "location", TF_CSV_DICTIONARY, 0, false},
    {"LSOA code", "lsoa_code", TF_CSV_DICTIONARY, 0, false},
    {"LSOA name", "lsoa_name", TF_CSV_DICTIONARY, 0, false},
    {"Crime type", "crime_type", TF_CSV_DICTIONARY, 0, false},
    {"Last outcome category", "outcome", TF_CSV_DICTIONARY, 0, false},
    {"Context", "context", TF_CSV_TEXT, 0, false},
};

enum { FIELD_COUNT = sizeof fields / sizeof *fields, MOST_BATCHES = 100000 };

typedef struct loaded {
    tf_table *batches[MOST_BATCHES];
    size_t count;
} loaded;

static tf_status keep_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    loaded *all = context;
    if (all->count == MOST_BATCHES) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0, "the file is too large for this benchmark");
    }
    all->batches[all->count++] = batch->table;
    batch->table = NULL;
    return TF_OK;
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: bench_csv FILE [THREADS]\n");
        return 2;
    }
    static loaded all;
    tf_error error;
    tf_source *source;
    double start = tf_seconds_monotonic();
    tf_csv_options options = {.fields = fields,
                              .field_count = FIELD_COUNT,
                              .thread_count =
                                  argument_count > 2 ? (int)strtol(arguments[2], NULL, 10) : 0};
    tf_csv_handler handler = {.on_batch = keep_batch, .on_reject = NULL, .context = &all};
    tf_csv_counts counts;
    char text[1400];
    if (tf_source_open(arguments[1], &source, &error)) {
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
        return 1;
    }
    tf_source_skip_hashing(source);
    if (tf_csv_read(source, &options, &handler, &counts, &error)) {
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
        return 1;
    }
    double seconds = tf_seconds_monotonic() - start;
    uint64_t consumed;
    uint64_t total;
    tf_source_progress(source, &consumed, &total);
    printf(
        "{\"rows\": %lld, \"rejected\": %lld, \"seconds\": %.4f, \"megabytes_per_second\": %.1f}\n",
        (long long)counts.rows_accepted, (long long)counts.rows_rejected, seconds,
        (double)consumed / 1e6 / seconds);
    for (size_t i = 0; i < all.count; i++) {
        tf_table_free(all.batches[i]);
    }
    tf_source_close(source);
    return 0;
}
