/* Values of the linkage commands' options. */
#include "cli/link.h"
#include "cli/option_values.h"

#include <math.h>

enum { MOST_THREADS = 256 };

static const double WEIGHT_MOST = 1000; /* no pair has more */

const char *const tf_link_method_words[] = {"by-size", "exhaustive", "blocked", NULL};
const char *const tf_link_cluster_words[] = {"correlation", "connected", "best-link", NULL};
const char *const tf_link_type_words[] = {"dedupe", "between", "both", NULL};
const char *const tf_link_pairs_words[] = {"csv", "arrow", "none", NULL};

static tf_status read_number(const char *text, const char *name, double least, double most,
                             double *value_out, tf_error *error) {
    double value;
    if (!text) {
        return TF_OK;
    }
    if (tf_parse_double(tf_text_of(text), &value) && value >= least && value <= most) {
        *value_out = value;
        return TF_OK;
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s is '%s'; it must be a number from %g to %g",
                   name, text, least, most);
}

tf_status tf_link_option_threshold(const char *weight, const char *probability,
                                   double *threshold_out, tf_error *error) {
    if (weight && probability) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--threshold and --probability say the same thing; give one of them");
    }
    if (probability) {
        double value;
        if (!tf_parse_double(tf_text_of(probability), &value) || !(value > 0 && value < 1)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "--probability is '%s'; it must be a number between 0 and 1, such as "
                           "0.95",
                           probability);
        }
        *threshold_out = tf_link_weight_of_probability(value);
        return TF_OK;
    }
    return read_number(weight, "threshold", -WEIGHT_MOST, WEIGHT_MOST, threshold_out, error);
}

tf_status tf_link_option_numbers(const char *text, const char *name, size_t most,
                                 double *values_out, size_t *count_out, tf_error *error) {
    if (!text) {
        return TF_OK;
    }
    size_t count = 0;
    for (const char *at = text;;) {
        size_t length = strcspn(at, ",");
        double value;
        if (count == most || !tf_parse_double(tf_text_trim((tf_text){at, length}), &value) ||
            (count > 0 && value <= values_out[count - 1])) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "--%s is '%s'; it must be up to %zu rising numbers with commas between "
                           "them, such as 0,5,10",
                           name, text, most);
        }
        values_out[count++] = value;
        if (!at[length]) {
            break;
        }
        at += length + 1;
    }
    *count_out = count;
    return TF_OK;
}

tf_status tf_link_read_options(const tf_arguments *arguments, tf_link_settings *settings_out,
                               tf_error *error) {
    const char *const *values = arguments->values;
    int64_t threads = 0, memory = 0, seed = 1;
    tf_status status = tf_option_whole(values[TF_LINK_OPTION_THREADS], "threads", 1, MOST_THREADS,
                                       &threads, error);
    if (!status) {
        status =
            tf_option_whole(values[TF_LINK_OPTION_MEMORY], "memory", 1, 1 << 30, &memory, error);
    }
    if (!status) {
        status = tf_option_whole(values[TF_LINK_OPTION_SEED], "seed", 0, INT64_MAX, &seed, error);
    }
    *settings_out = (tf_link_settings){
        .id_column = values[TF_LINK_OPTION_ID],
        .source_column = values[TF_LINK_OPTION_SOURCE],
        .threads = (int)threads,
        .memory_limit = (size_t)memory << 20,
        .seed = (uint64_t)seed,
    };
    return status;
}

tf_status tf_link_read_people(const char *const *values, tf_link_people *people_out,
                              tf_error *error) {
    const char *limit = values[TF_LINK_PEOPLE_LIMIT];
    const char *cannot_link = values[TF_LINK_PEOPLE_CANNOT_LINK];
    int method = TF_CLUSTER_CORRELATION;
    *people_out = (tf_link_people){.cannot_link_path = cannot_link};
    tf_status status =
        tf_link_option_threshold(values[TF_LINK_PEOPLE_THRESHOLD],
                                 values[TF_LINK_PEOPLE_PROBABILITY], &people_out->threshold, error);
    if (!status) {
        status = tf_option_choice(values[TF_LINK_PEOPLE_CLUSTERS], "clusters",
                                  tf_link_cluster_words, &method, error);
    }
    if (!status) {
        status = tf_option_whole(limit, "limit-per-source", 1, UINT32_MAX,
                                 &people_out->limit_per_source, error);
    }
    if (!status && method == TF_CLUSTER_CONNECTED && (limit || cannot_link)) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "--clusters connected heeds neither --limit-per-source nor --cannot-link; "
                         "use correlation");
    }
    people_out->method = (tf_cluster_method)method;
    return status;
}
