/* Compare made-up names on one core, each with all others:
 *     bench_similarity [MILLIONS_OF_PAIRS]
 * Prints for each comparator how many million pairs a second it does. */
#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"
#include "trefoil/linkage/similarity.h"

#include <stdio.h>
#include <stdlib.h>

enum { NAMES = 4096 }; /* few enough to stay in the cache, as the values of a field do */

typedef double comparator(const tf_similarity_text *a, const tf_similarity_text *b);

static double jaro_winkler(const tf_similarity_text *a, const tf_similarity_text *b) {
    return tf_similarity_jaro_winkler(a, b, NULL);
}

static double levenshtein(const tf_similarity_text *a, const tf_similarity_text *b) {
    return tf_similarity_levenshtein(a, b, TF_SIMILARITY_ANY, NULL);
}

static double levenshtein_at_most_two(const tf_similarity_text *a, const tf_similarity_text *b) {
    return tf_similarity_levenshtein(a, b, 2, NULL);
}

static double alignment(const tf_similarity_text *a, const tf_similarity_text *b) {
    return tf_similarity_alignment(a, b, TF_SIMILARITY_ANY, NULL);
}

static double damerau(const tf_similarity_text *a, const tf_similarity_text *b) {
    return tf_similarity_damerau(a, b, TF_SIMILARITY_ANY, NULL);
}

static const struct {
    const char *name;
    comparator *compare;
} comparators[] = {
    {"jaro_winkler", jaro_winkler},
    {"levenshtein", levenshtein},
    {"levenshtein_at_most_2", levenshtein_at_most_two},
    {"alignment", alignment},
    {"damerau", damerau},
};

/* Four to ten letters, the common ones more often. */
static tf_status make_names(tf_arena *arena, tf_similarity_text *names_out, tf_error *error) {
    static const char letters[] =
        "EEEEEEEEAAAAAAAARRRRRRNNNNNNIIIIIIOOOOOLLLLLSSSSSTTTTHHHDDDMMMCCC"
        "BBWWGGPPKKUUFYYVJXQZ";
    tf_random random;
    tf_random_init(&random, 1, 1);
    for (size_t i = 0; i < NAMES; i++) {
        char name[10];
        size_t length = 4 + tf_random_below(&random, 7);
        for (size_t k = 0; k < length; k++) {
            name[k] = letters[tf_random_below(&random, sizeof letters - 1)];
        }
        tf_status status = tf_similarity_prepare((tf_text){name, length}, TF_SIMILARITY_CODE_POINTS,
                                                 arena, &names_out[i], error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

int main(int argument_count, char **arguments) {
    long millions = argument_count > 1 ? strtol(arguments[1], NULL, 10) : 20;
    uint64_t pairs = (uint64_t)(millions > 0 ? millions : 1) * 1000000;
    static tf_similarity_text names[NAMES];
    tf_arena *arena = tf_arena_new();
    if (!arena || make_names(arena, names, NULL)) {
        fprintf(stderr, "out of memory\n");
        return 1;
    }
    for (size_t k = 0; k < sizeof comparators / sizeof *comparators; k++) {
        double sum = 0;
        double start = tf_seconds_monotonic();
        for (uint64_t i = 0; i < pairs; i++) {
            sum += comparators[k].compare(&names[i / NAMES % NAMES], &names[i % NAMES]);
        }
        double seconds = tf_seconds_monotonic() - start;
        printf("{\"comparator\": \"%s\", \"million_pairs_per_second\": %.1f, \"mean\": %.4f}\n",
               comparators[k].name, (double)pairs / 1e6 / seconds, sum / (double)pairs);
    }
    tf_arena_free(arena);
    return 0;
}
