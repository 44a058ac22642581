/* How well records are linked with no settings: suggested, learnt, predicted at weight 0,
 * clustered, and held against the truth. */
#include "random_linkage.h"

#include "pack/pack.h"
#include "trefoil/linkage/entities.h"
#include "trefoil/linkage/evaluate.h"
#include "trefoil/linkage/generate.h"
#include "trefoil/linkage/learn.h"
#include "trefoil/linkage/suggest.h"

typedef struct tables {
    tf_pack *pack;
    tf_missing *missing;
    tf_nicknames *nicknames;
} tables;

static void open_tables(tables *opened) {
    tf_error error;
    size_t count;
    assert_ok(tf_pack_open(NULL, &opened->pack, &error), &error);
    const tf_missing_list *lists = tf_pack_missing(opened->pack, &count);
    assert_ok(tf_missing_new(lists, count, &opened->missing, &error), &error);
    const tf_nickname_group *groups = tf_pack_nicknames(opened->pack, &count);
    assert_ok(tf_nicknames_new(groups, count, &opened->nicknames, &error), &error);
}

static void close_tables(tables *opened) {
    tf_missing_free(opened->missing);
    tf_nicknames_free(opened->nicknames);
    tf_pack_free(opened->pack);
}

static tf_link_model *suggest(const tf_link_records *records, tf_link_type type,
                              const tf_standardiser *standardiser) {
    tf_recognised recognised[TF_LINK_MAX_COLUMNS];
    tf_person_field held[TF_LINK_MAX_COLUMNS];
    tf_link_model *model;
    tf_error error;
    assert_ok(tf_link_recognise(records, standardiser->missing, recognised, &error), &error);
    for (uint32_t c = 0; c < tf_link_records_column_count(records); c++) {
        held[c] = recognised[c].score >= 0.5 ? recognised[c].field : TF_PERSON_COUNT;
    }
    assert_ok(tf_link_suggest(records, held, type, standardiser, 0, &model, &error), &error);
    return model;
}

/* Numbers for the entities that names name. */
typedef uint32_t entity_of(const tf_link_records *records, uint32_t record);

/* rec-12-org and rec-12-dup-0 are one. */
static uint32_t entity_by_febrl_id(const tf_link_records *records, uint32_t record) {
    tf_text id = tf_link_records_id(records, record);
    assert_true(id.length > 4 && memcmp(id.data, "rec-", 4) == 0);
    return (uint32_t)strtoul(id.data + 4, NULL, 10);
}

static uint32_t entity_by_column(const tf_link_records *records, uint32_t record,
                                 const char *name) {
    uint32_t column = tf_link_records_column(records, tf_text_of(name));
    tf_text value = tf_link_records_value(records, record, column);
    char *end = (char *)value.data + value.length;
    char *start = end;
    while (start > value.data && start[-1] >= '0' && start[-1] <= '9') {
        start--;
    }
    assert_true(start < end);
    return (uint32_t)strtoul(start, NULL, 10);
}

static uint32_t entity_by_cluster(const tf_link_records *records, uint32_t record) {
    return entity_by_column(records, record, "cluster");
}

static uint32_t entity_by_truth(const tf_link_records *records, uint32_t record) {
    return entity_by_column(records, record, "truth");
}

static double pairwise_f1(const tf_link_records *records, const tf_link_model *model,
                          const tf_clusters *clusters, entity_of *entity) {
    uint32_t count = tf_link_records_count(records);
    uint32_t *entities = tf_alloc(count, sizeof *entities);
    uint32_t *sources = tf_alloc(count, sizeof *sources);
    tf_evaluate_clusters result;
    tf_evaluate_options options = {0};
    tf_error error;
    assert_true(entities && sources);
    for (uint32_t i = 0; i < count; i++) {
        entities[i] = entity(records, i);
        sources[i] = tf_link_records_source(records, i);
    }
    tf_evaluate_truth truth = {.record_count = count,
                               .entity = entities,
                               .source = model->type == TF_LINK_BETWEEN ? sources : NULL};
    assert_ok(tf_evaluate_clusters_of(&truth, clusters->cluster_of, &options, &result, &error),
              &error);
    double f1 = result.pairs.f1.value;
    print_message("# %u records: precision %.4f, recall %.4f, F1 %.4f\n", count,
                  result.pairs.precision.by_pair.value, result.pairs.recall.by_pair.value, f1);
    tf_evaluate_clusters_deinit(&result);
    tf_free(entities);
    tf_free(sources);
    return f1;
}

static double link_blindly(const tf_link_records *records, tf_link_type type, tf_link_method method,
                           entity_of *entity) {
    tables opened;
    tf_error error;
    open_tables(&opened);
    tf_standardiser standardiser = {.missing = opened.missing};
    tf_link_work work = {.standardiser = &standardiser, .nicknames = opened.nicknames, .seed = 1};
    tf_link_model *model = suggest(records, type, &standardiser);
    tf_link_matcher *matcher;
    tf_link_learning learning;
    tf_clusters *clusters;
    tf_cluster_options cluster_options;
    tf_cluster_options_init(&cluster_options);
    tf_link_learn_options learn_options = {.method = method};
    assert_ok(tf_link_matcher_new(model, records, &work, &matcher, &error), &error);
    assert_ok(tf_link_learn(matcher, model, &learn_options, &learning, &error), &error);
    tf_link_prediction prediction =
        predict_with(matcher, (tf_link_predict_options){.method = method});
    assert_ok(
        tf_link_cluster(matcher, &prediction, &cluster_options, NULL, 0, NULL, &clusters, &error),
        &error);
    double f1 = pairwise_f1(records, model, clusters, entity);
    tf_clusters_free(clusters);
    tf_link_prediction_deinit(&prediction);
    tf_link_matcher_free(matcher);
    tf_link_model_free(model);
    close_tables(&opened);
    return f1;
}

static tf_link_records *load_files(const char *const *paths, int count, const char *id_column,
                                   const char *source_column) {
    tf_link_loader_options options = {.id_column = id_column, .source_column = source_column};
    tf_link_loader *loader;
    tf_link_records *records;
    tf_error error;
    assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
    for (int i = 0; i < count; i++) {
        char source[8];
        char *csv = file_text(paths[i]);
        snprintf(source, sizeof source, "s%d", i);
        assert_ok(load_csv(loader, source, csv, strlen(csv), &error), &error);
        free(csv);
    }
    assert_ok(tf_link_loader_finish(loader, &records, &error), &error);
    tf_link_loader_free(loader);
    return records;
}

/* Each bound is a little below what is reached (.9997, .9996, .9706); single pairs with a
 * threshold chosen by truth give .9954, .9998 and .8617. */
static void febrl_3_is_linked_within_itself(void **state) {
    (void)state;
    char path[1000];
    REAL_DATA("linkage/febrl_dataset3.csv", path);
    const char *paths[] = {path};
    tf_link_records *records = load_files(paths, 1, "rec_id", NULL);
    assert_int_equal(tf_link_records_count(records), 5000);
    double f1 = link_blindly(records, TF_LINK_DEDUPE, TF_LINK_BY_SIZE, entity_by_febrl_id);
    assert_true(f1 >= 0.999);
    tf_link_records_free(records);
}

static void febrl_4_is_linked_between_its_files(void **state) {
    (void)state;
    char path[1000], other[1000];
    REAL_DATA("linkage/febrl_dataset4a.csv", path);
    REAL_DATA("linkage/febrl_dataset4b.csv", other);
    const char *paths[] = {path, other};
    tf_link_records *records = load_files(paths, 2, "rec_id", NULL);
    assert_int_equal(tf_link_records_source_count(records), 2);
    double f1 = link_blindly(records, TF_LINK_BETWEEN, TF_LINK_BY_SIZE, entity_by_febrl_id);
    assert_true(f1 >= 0.999);
    tf_link_records_free(records);
}

static void the_thousand_of_splink_are_linked(void **state) {
    (void)state;
    char path[1000];
    REAL_DATA("linkage/splink_fake_1000.csv", path);
    const char *paths[] = {path};
    tf_link_records *records = load_files(paths, 1, "unique_id", NULL);
    assert_int_equal(tf_link_records_count(records), 1000);
    double f1 = link_blindly(records, TF_LINK_DEDUPE, TF_LINK_BY_SIZE, entity_by_cluster);
    assert_true(f1 >= 0.96);
    tf_link_records_free(records);
}

static tf_status keep_rows(void *context, tf_text rows, tf_error *error) {
    tf_buffer_append(context, rows.data, rows.length);
    return tf_buffer_check(context, error);
}

static tf_link_records *invented_records(uint64_t count) {
    tf_generate_options options = {.record_count = count,
                                   .seed = 1,
                                   .duplicate_share = 0.3,
                                   .source_count = 3,
                                   .errors = TF_GENERATE_MEDIUM};
    tf_buffer rows;
    tf_error error;
    tf_buffer_init(&rows);
    assert_ok(tf_generate_people(&options, keep_rows, &rows, &error), &error);
    char *csv = take_text(&rows);
    tf_link_records *records = records_of(csv, "record_id", "source");
    free(csv);
    return records;
}

/* .950 and .962 are reached, and .44 where what a household shares counts for two people of it as
 * much as for one: the bound shows whether that is still seen to. */
static void invented_people_are_linked_by_all_pairs_and_by_blocks(void **state) {
    (void)state;
    tf_link_records *records = invented_records(5000);
    double f1 = link_blindly(records, TF_LINK_BOTH, TF_LINK_EXHAUSTIVE, entity_by_truth);
    assert_true(f1 >= 0.94);
    double blocked = link_blindly(records, TF_LINK_BOTH, TF_LINK_BLOCKED, entity_by_truth);
    assert_true(blocked >= 0.95);
    tf_link_records_free(records);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(febrl_3_is_linked_within_itself),
        cmocka_unit_test(febrl_4_is_linked_between_its_files),
        cmocka_unit_test(the_thousand_of_splink_are_linked),
        cmocka_unit_test(invented_people_are_linked_by_all_pairs_and_by_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
