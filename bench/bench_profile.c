/* How long a profile takes when the records are in memory, as in a server:
 *     bench_profile DATABASE AREA TYPE FROM TO [RUNS]
 * Prints the seconds of the first profile, which loads the partitions, and the median of the
 * others. */
#include "insight/profile.h"

#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    double first = *(const double *)a;
    double second = *(const double *)b;
    return (first > second) - (first < second);
}

static tf_status measure(const char *path, const tf_profile_request *request, double *seconds,
                         int runs, tf_error *error) {
    tf_db *db = NULL;
    tf_pack *pack = NULL;
    tf_crime_data *data = NULL;
    tf_status status = tf_db_open(path, TF_DB_READ, &db, error);
    if (!status) {
        status = tf_pack_open(NULL, &pack, error);
    }
    if (!status) {
        status = tf_crime_data_new(db, pack, &data, error);
    }
    for (int i = 0; i < runs && !status; i++) {
        tf_profile *profile;
        double start = tf_seconds_monotonic();
        status = tf_profile_make(data, request, &profile, error);
        seconds[i] = tf_seconds_monotonic() - start;
        if (!status) {
            tf_profile_free(profile);
        }
    }
    tf_crime_data_free(data);
    tf_pack_free(pack);
    tf_db_close(db);
    return status;
}

int main(int argument_count, char **arguments) {
    enum { MOST_RUNS = 1000 };
    static double seconds[MOST_RUNS];
    tf_profile_request request;
    int runs = argument_count > 6 ? (int)strtol(arguments[6], NULL, 10) : 21;
    if (argument_count < 6 || runs < 2 || runs > MOST_RUNS ||
        !tf_month_parse(tf_text_of(arguments[4]), &request.from) ||
        !tf_month_parse(tf_text_of(arguments[5]), &request.to)) {
        fprintf(stderr, "usage: bench_profile DATABASE AREA TYPE FROM TO [RUNS]\n");
        return 2;
    }
    request.area = arguments[2];
    request.type = arguments[3];
    tf_error error;
    if (measure(arguments[1], &request, seconds, runs, &error)) {
        char text[1400];
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
        return 1;
    }
    qsort(seconds + 1, (size_t)runs - 1, sizeof *seconds, compare);
    printf("{\"first_seconds\": %.6f, \"warm_seconds\": %.6f}\n", seconds[0],
           seconds[1 + (runs - 1) / 2]);
    return 0;
}
