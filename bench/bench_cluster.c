/* Cluster made-up pairs: entities of one to seven records, and weak links between neighbours:
 *     bench_cluster PAIRS [THREADS]
 * Prints pairs, records, clusters and seconds. */
#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "trefoil/linkage/cluster.h"

#include <stdio.h>
#include <stdlib.h>

enum { NOISE_A_RECORD = 2, NOISE_REACH = 1000 };

static uint32_t make_pairs(tf_cluster_pair *pairs, size_t count) {
    tf_random random;
    tf_random_init(&random, 1, 1);
    uint32_t start = NOISE_REACH * NOISE_A_RECORD + 8;
    for (size_t i = 0; i < count;) {
        uint32_t size = 1 + tf_random_below(&random, 7);
        for (uint32_t a = 0; a < size; a++) {
            for (uint32_t b = a + 1; b < size && i < count; b++) {
                float weight = (float)(14 * tf_random_unit(&random) - 1);
                pairs[i++] = (tf_cluster_pair){start + a, start + b, weight};
            }
            for (uint32_t k = 0; k < NOISE_A_RECORD && i < count; k++) {
                uint32_t back = 8 + k * NOISE_REACH + tf_random_below(&random, NOISE_REACH - 8);
                float weight = (float)(6 * tf_random_unit(&random) - 5.5);
                pairs[i++] = (tf_cluster_pair){start + a - back, start + a, weight};
            }
        }
        start += size;
    }
    return start;
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: bench_cluster PAIRS [THREADS]\n");
        return 2;
    }
    size_t count = strtoul(arguments[1], NULL, 10);
    tf_cluster_pair *pairs = tf_alloc(count, sizeof *pairs);
    if (!pairs) {
        fprintf(stderr, "not enough memory for so many pairs\n");
        return 1;
    }
    tf_cluster_input input = {.pair_count = count, .pairs = pairs};
    input.record_count = make_pairs(pairs, count);
    tf_cluster_options options;
    tf_cluster_options_init(&options);
    options.thread_count = argument_count > 2 ? (int)strtol(arguments[2], NULL, 10) : 0;
    tf_clusters *clusters;
    tf_error error;
    char text[1400];
    double start = tf_seconds_monotonic();
    if (tf_cluster_records(&input, &options, &clusters, &error)) {
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
        tf_free(pairs);
        return 1;
    }
    printf("{\"pairs\": %zu, \"records\": %lu, \"clusters\": %lu, \"cuts\": %zu, "
           "\"seconds\": %.3f}\n",
           count, (unsigned long)input.record_count, (unsigned long)clusters->cluster_count,
           clusters->cut_count, tf_seconds_monotonic() - start);
    tf_clusters_free(clusters);
    tf_free(pairs);
    return 0;
}
