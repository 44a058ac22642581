/* trefoil link cluster */
#include "cli/link.h"
#include "cli/option_values.h"
#include "cli/report.h"

#include <math.h>

enum { OUT, RECORDS, ID, SOURCE, PEOPLE, THREADS = PEOPLE + TF_LINK_PEOPLE_COUNT, OPTION_COUNT };

enum { FILES_MOST = 64 };

static const float WEIGHT_LEAST = -10; /* as after a prediction, see entities.h */

typedef struct clustering {
    const char *pairs_path;
    const char *cannot_link_path;
    tf_link_settings settings;
    tf_cluster_options options;
    int64_t limit;
    tf_link_tables tables;
    tf_link_progress progress;
    tf_link_input input; /* of the files of records, if any were named */
    tf_link_records *paired;
    const tf_link_records *records;
    tf_clusters *clusters;
} clustering;

static tf_status read_options(const tf_arguments *arguments, clustering *work, tf_error *error) {
    const char *const *values = arguments->values;
    int64_t threads = 0;
    tf_link_people people;
    tf_cluster_options_init(&work->options);
    tf_status status = tf_link_read_people(values + PEOPLE, &people, error);
    if (!status) {
        status = tf_option_whole(values[THREADS], "threads", 1, 256, &threads, error);
    }
    work->pairs_path = arguments->operands[0];
    work->cannot_link_path = people.cannot_link_path;
    work->limit = people.limit_per_source;
    work->options.threshold = people.threshold;
    work->options.method = people.method;
    work->options.thread_count = (int)threads;
    work->settings = (tf_link_settings){
        .id_column = values[ID], .source_column = values[SOURCE], .threads = (int)threads};
    return status;
}

/* Names with commas between them, cut at these. */
static tf_status read_records(clustering *work, char *names, tf_error *error) {
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
    tf_status status = tf_link_tables_open(&work->tables, error);
    if (!status) {
        status = tf_link_read(paths, count, &work->settings, &work->tables, NULL, &work->progress,
                              &work->input, error);
    }
    work->records = work->input.records;
    return status;
}

static tf_status read_pairs(const clustering *work, const char *path, tf_link_pair_value value,
                            tf_cluster_pair **pairs_out, size_t *count_out, tf_error *error) {
    tf_evaluate_pair *pairs = NULL;
    *pairs_out = NULL;
    *count_out = 0;
    if (!path) {
        return TF_OK;
    }
    tf_status status = tf_link_read_pairs(path, value, work->records, work->settings.threads,
                                          &pairs, count_out, error);
    tf_cluster_pair *taken = status ? NULL : tf_alloc(*count_out, sizeof *taken);
    if (!status && !taken) {
        status = tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < *count_out && !status; i++) {
        float weight =
            value == TF_LINK_PAIR_WEIGHT ? fmaxf((float)pairs[i].weight, WEIGHT_LEAST) : 0;
        taken[i] = (tf_cluster_pair){pairs[i].left, pairs[i].right, weight};
    }
    tf_free(pairs);
    *pairs_out = taken;
    return status;
}

/* What clusters are made of beside the pairs. */
typedef struct record_facts {
    tf_cluster_key *keys;
    uint16_t *sources;
    uint32_t *limits;
} record_facts;

static tf_status find_facts(const clustering *work, record_facts *facts, tf_error *error) {
    uint32_t count = tf_link_records_count(work->records);
    uint16_t source_count = tf_link_records_source_count(work->records);
    facts->keys = tf_alloc(count, sizeof *facts->keys);
    facts->sources = tf_alloc(count, sizeof *facts->sources);
    facts->limits = tf_alloc(source_count, sizeof *facts->limits);
    if (!facts->keys || !facts->sources || !facts->limits) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        facts->keys[i] = tf_link_record_key(work->records, i);
        facts->sources[i] = tf_link_records_source(work->records, i);
    }
    for (uint16_t i = 0; i < source_count; i++) {
        facts->limits[i] = (uint32_t)work->limit;
    }
    return TF_OK;
}

static tf_status make_clusters(clustering *work, tf_error *error) {
    tf_cluster_pair *pairs = NULL, *cannot_links = NULL;
    size_t pair_count = 0, cannot_link_count = 0;
    record_facts facts = {0};
    tf_status status =
        read_pairs(work, work->pairs_path, TF_LINK_PAIR_WEIGHT, &pairs, &pair_count, error);
    if (!status) {
        status = read_pairs(work, work->cannot_link_path, TF_LINK_PAIR_ALONE, &cannot_links,
                            &cannot_link_count, error);
    }
    if (!status) {
        status = find_facts(work, &facts, error);
    }
    if (!status) {
        tf_cluster_input input = {.record_count = tf_link_records_count(work->records),
                                  .pair_count = pair_count,
                                  .pairs = pairs,
                                  .keys = facts.keys,
                                  .sources = facts.sources,
                                  .cannot_links = cannot_links,
                                  .cannot_link_count = cannot_link_count};
        work->options.source_limits = work->limit ? facts.limits : NULL;
        work->options.source_limit_count =
            work->limit ? tf_link_records_source_count(work->records) : 0;
        status = tf_cluster_records(&input, &work->options, &work->clusters, error);
        tf_error_set_place(status ? error : NULL, work->pairs_path);
    }
    tf_free(facts.keys);
    tf_free(facts.sources);
    tf_free(facts.limits);
    tf_free(pairs);
    tf_free(cannot_links);
    return status;
}

static tf_status write_file(const clustering *work, const char *path, tf_error *error) {
    tf_output_folder folder;
    const char *name;
    tf_status status = tf_output_folder_begin_file(path, &folder, &name, error);
    if (status) {
        return status;
    }
    status = tf_link_write_clusters(work->records, work->clusters, work->settings.threads, &folder,
                                    name, error);
    return tf_output_folder_end(&folder, status, NULL, error);
}

static tf_status cluster(clustering *work, const char *records, const char *out, tf_error *error) {
    tf_status status = TF_OK;
    tf_link_progress_start(&work->progress);
    if (records) {
        char *names = tf_copy_text(records, strlen(records));
        status = names ? read_records(work, names, error) : tf_fail_no_memory(error);
        tf_free(names);
    } else {
        status =
            tf_link_read_paired(work->pairs_path, work->settings.threads, &work->paired, error);
        work->records = work->paired;
    }
    if (!status) {
        tf_link_progress_say(&work->progress, "clusters", 0);
        status = make_clusters(work, error);
    }
    tf_link_progress_clear(&work->progress);
    return status ? status : write_file(work, out, error);
}

static tf_exit run(const tf_arguments *arguments) {
    tf_error error;
    clustering work = {0};
    if (read_options(arguments, &work, &error)) {
        return tf_report_usage(&tf_command_link_cluster, "%s", error.message);
    }
    tf_buffer words;
    tf_buffer_init(&words);
    tf_status status = cluster(&work, arguments->values[RECORDS], arguments->values[OUT], &error);
    if (!status) {
        tf_link_say_clusters(work.records, work.clusters, &words);
        tf_link_say(&words,
                    "Links are pairs of match weight %g or more; clusters are by %s.  They are in "
                    "%s.",
                    work.options.threshold, tf_link_cluster_words[work.options.method],
                    arguments->values[OUT]);
    }
    tf_clusters_free(work.clusters);
    tf_link_records_free(work.paired);
    tf_link_input_deinit(&work.input);
    tf_link_tables_close(&work.tables);
    return tf_report_end(status, &words, &error);
}

static const tf_option options[OPTION_COUNT] = {
    [OUT] = {"out", "FILE", "the CSV file to write; one of that name is replaced", true},
    [RECORDS] = {"records", "FILES",
                 "files of all records, with commas between their names, so that those without a "
                 "pair are written too",
                 false},
    [ID] = {"id", "COLUMN", "of these, the column that names each record", false},
    [SOURCE] = {"source", "COLUMN", "of these, the column that says which service it is from",
                false},
    TF_LINK_PEOPLE_OPTIONS(PEOPLE),
    [THREADS] = {"threads", "N", "one for each processor if nothing is said", false},
};

const tf_command tf_command_link_cluster = {
    .name = "link cluster",
    .summary = "make people of scored pairs",
    .details =
        "Reads pairs, ours or others' (CSV with source_l, unique_id_l, source_r, unique_id_r, "
        "match_weight; the sources may be left out where there is one), and writes source, "
        "unique_id, cluster_id, a line for each record."
        "\n\n"
        "Pairs below the threshold are evidence against a person, where the file has them.",
    .example = "  trefoil link cluster scored/pairs.csv --out clusters.csv --threshold 5\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "PAIRS",
                .least_operands = 1,
                .most_operands = 1},
    .run = run,
};
