/* The linkage commands from the outside: what they write, and that it is the same each time. */
#include "check.h"

#include "../store/temporary.h"
#include "program.h"

#include <jansson.h>

static const char *const files_of_a_run[] = {"clusters.csv", "pairs.csv", "model.json",
                                             "manifest.json"};

static bool exists(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static bool are_same(const char *folder, const char *other, const char *name) {
    char command[1200];
    snprintf(command, sizeof command, "cmp '%s/%s' '%s/%s'", folder, name, other, name);
    return system(command) == 0;
}

/* Invented people in a file of that name; its path. */
static const char *people(void **state, const char *name, int count) {
    const char *path = path_of(state, name);
    assert_int_equal(run("link generate %d --out %s --errors low", count, path), 0);
    return path;
}

static const char *make_folder(void **state, const char *name, char path_out[256]) {
    snprintf(path_out, 256, "%s/%s", (char *)*state, name);
    return path_out;
}

static json_t *read_json(const char *text) {
    json_error_t error;
    json_t *root = json_loads(text, 0, &error);
    if (!root) {
        fail_msg("line %d: %s\n%s", error.line, error.text, text);
    }
    return root;
}

static double number_at(const json_t *object, const char *outer, const char *inner) {
    return json_number_value(json_object_get(json_object_get(object, outer), inner));
}

static void a_file_is_deduplicated_without_settings(void **state) {
    char out[256];
    const char *path = people(state, "people.csv", 900);
    assert_int_equal(run("link dedupe %s --out %s", path, make_folder(state, "out", out)), 0);
    assert_true(says("Read 900 records of 3 sources"));
    assert_true(says("date_of_birth           date of birth"));
    assert_true(says("truth (says who the person truly"));
    assert_true(says("pairs were compared, chosen by size"));
    assert_true(says("settings suggested from the columns"));
    for (size_t i = 0; i < 4; i++) {
        assert_true(exists(out, files_of_a_run[i]));
    }
    assert_int_equal(run("link evaluate %s --run %s --format json", path, out), 0);
    json_t *root = read_json(output);
    const json_t *clusters = json_object_get(root, "clusters");
    assert_true(number_at(clusters, "recall", "value") > 0.9);
    assert_int_equal(json_integer_value(json_object_get(clusters, "records")), 900);
    json_decref(root);
}

static void the_bytes_are_the_same_for_any_number_of_threads(void **state) {
    char first[256], other[256];
    const char *path = people(state, "people.csv", 600);
    make_folder(state, "first", first);
    make_folder(state, "other", other);
    for (int method = 0; method < 2; method++) {
        const char *words = method ? "blocked" : "exhaustive";
        assert_int_equal(run("link dedupe %s --out %s --threads 1 --method %s --threshold -8", path,
                             first, words),
                         0);
        static const int threads[] = {2, 4, 4};
        for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
            assert_int_equal(run("link dedupe %s --out %s --threads %d --method %s --threshold -8",
                                 path, other, threads[i], words),
                             0);
            for (size_t j = 0; j < 4; j++) {
                assert_true(are_same(first, other, files_of_a_run[j]));
            }
        }
    }
}

static void the_order_of_rows_does_not_matter(void **state) {
    char first[256], other[256], turned[256];
    const char *path = people(state, "people.csv", 400);
    make_folder(state, "turned", turned);
    make_folder(state, "first", first);
    make_folder(state, "other", other);
    char command[2048];
    snprintf(command, sizeof command,
             "mkdir '%s' && (head -1 '%s'; tail -n +2 '%s' | tac) > '%s/people.csv'", turned, path,
             path, turned);
    assert_int_equal(system(command), 0);
    assert_int_equal(run("link dedupe %s --out %s", path, first), 0);
    assert_int_equal(run("link dedupe %s/people.csv --out %s", turned, other), 0);
    assert_true(are_same(first, other, "clusters.csv"));
    assert_true(are_same(first, other, "pairs.csv"));
}

static void a_saved_model_scores_as_it_did(void **state) {
    char first[256], other[256];
    const char *path = people(state, "people.csv", 500);
    make_folder(state, "first", first);
    make_folder(state, "other", other);
    assert_int_equal(run("link dedupe %s --out %s", path, first), 0);
    assert_int_equal(run("link dedupe %s --out %s --settings %s/model.json", path, other, first),
                     0);
    assert_true(says("it is used as it is"));
    assert_true(are_same(first, other, "pairs.csv"));
    assert_true(are_same(first, other, "clusters.csv"));
}

static void the_steps_one_by_one_give_the_same_pairs(void **state) {
    char whole[256], scored[256];
    const char *path = people(state, "people.csv", 500);
    const char *settings = path_of(state, "settings.json");
    const char *model = path_of(state, "model.json");
    make_folder(state, "whole", whole);
    make_folder(state, "scored", scored);
    assert_int_equal(run("link dedupe %s --out %s", path, whole), 0);
    assert_int_equal(run("link settings %s > %s", path, settings), 0);
    assert_int_equal(run("link train %s --settings %s --out %s", path, settings, model), 0);
    assert_true(says("Learning went on from what is in"));
    assert_int_equal(run("link predict %s --model %s --out %s", path, model, scored), 0);
    assert_true(are_same(whole, scored, "pairs.csv"));
    assert_false(exists(scored, "clusters.csv"));
    assert_int_equal(
        run("link cluster %s/pairs.csv --records %s --out %s/clusters.csv", scored, path, scored),
        0);
    assert_true(says("500 records are"));
    assert_int_equal(run("link predict %s --model %s --out %s", path, settings, scored), 1);
    assert_true(says("lacks some m, u or the prior"));
}

static void files_are_linked_with_each_other(void **state) {
    char out[256];
    const char *path = people(state, "people.csv", 300);
    make_folder(state, "out", out);
    assert_int_equal(
        run("link between %s --source source --out %s --clusters best-link", path, out), 0);
    assert_true(says("Records of different sources are compared"));
    char command[1024];
    snprintf(command, sizeof command, "tail -n +2 '%s/pairs.csv' | awk -F, '$1 == $3' | grep -q .",
             out);
    assert_int_not_equal(system(command), 0);
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static const char chain[] = "source_l,unique_id_l,source_r,unique_id_r,match_weight\n"
                            "a,1,a,2,6\n"
                            "a,2,b,3,5.5\n";

static void clusters_heed_limits_and_pairs_that_cannot_be_one(void **state) {
    const char *pairs = path_of(state, "pairs.csv");
    const char *out = path_of(state, "clusters.csv");
    const char *apart = path_of(state, "apart.csv");
    write_text(pairs, chain);
    assert_int_equal(run("link cluster %s --out %s", pairs, out), 0);
    assert_true(says("3 records are 1 person"));
    assert_string_equal(strtok(read_file(out), "\n"), "source,unique_id,cluster_id");
    assert_int_equal(run("link cluster %s --out %s --limit-per-source 1", pairs, out), 0);
    assert_true(says("3 records are 2 people"));
    write_text(apart, "source_l,unique_id_l,source_r,unique_id_r\na,1,b,3\n");
    assert_int_equal(run("link cluster %s --out %s --cannot-link %s", pairs, out, apart), 0);
    assert_true(says("3 records are 2 people"));
    assert_int_equal(run("link cluster %s --out %s --threshold 5.7", pairs, out), 0);
    assert_true(says("3 records are 2 people"));
    write_text(apart, "source_l,unique_id_l,source_r,unique_id_r\na,1,b,4\n");
    assert_int_equal(run("link cluster %s --out %s --cannot-link %s", pairs, out, apart), 1);
    assert_true(says("apart.csv, line 2: there is no record 4 of b"));
    write_text(pairs, "unique_id_l,unique_id_r,match_weight\n1,1,3\n");
    assert_int_equal(run("link cluster %s --out %s", pairs, out), 1);
    assert_true(says("pairs.csv, line 2: pairs a record with itself"));
    write_text(pairs, "unique_id_l,unique_id_r,match_weight\n1,2,high\n");
    assert_int_equal(run("link cluster %s --out %s", pairs, out), 1);
    assert_true(says("line 2: match_weight is 'high', which is not a number"));
    write_text(pairs, "unique_id_l,match_weight\n1,2\n");
    assert_int_equal(run("link cluster %s --out %s", pairs, out), 1);
    assert_true(says("has no column unique_id_r"));
}

/* Of three labelled pairs one is linked and a match, one linked and none, one missed. */
static void labelled_pairs_judge_a_run(void **state) {
    char out[256];
    const char *records = path_of(state, "people.csv");
    const char *labels = path_of(state, "labels.csv");
    make_folder(state, "out", out);
    mkdir(out, 0777);
    char path[600];
    snprintf(path, sizeof path, "%s/manifest.json", out);
    write_text(path, "{\"link_type\": \"dedupe\", \"threshold\": 0}");
    snprintf(path, sizeof path, "%s/clusters.csv", out);
    write_text(path, "source,unique_id,cluster_id\np,1,aa\np,2,aa\np,3,bb\np,4,aa\n");
    snprintf(path, sizeof path, "%s/pairs.csv", out);
    write_text(path, "source_l,unique_id_l,source_r,unique_id_r,match_weight\n"
                     "p,1,p,2,8\np,1,p,4,3\n");
    write_text(labels, "unique_id_l,unique_id_r,clerical_match_score\n1,2,1\n2,4,0\n1,3,0.9\n");
    assert_int_equal(
        run("link evaluate --run %s --labels %s --thresholds 0,9 --format json", out, labels), 0);
    json_t *root = read_json(output);
    const json_t *rows = json_object_get(root, "thresholds");
    assert_int_equal(json_array_size(rows), 3);
    const json_t *people_row = json_array_get(rows, 0);
    assert_near(number_at(people_row, "precision", "value"), 0.5, 1e-12);
    assert_near(number_at(people_row, "recall", "value"), 0.5, 1e-12);
    assert_near(number_at(people_row, "f1", "value"), 0.5, 1e-12);
    const json_t *pairs_row = json_array_get(rows, 1); /* 2 and 4 are no pair of the run */
    assert_near(number_at(pairs_row, "precision", "value"), 1, 1e-12);
    json_decref(root);
    write_text(records, "unique_id,source,given_name,truth\n1,p,A,x\n2,p,B,x\n3,p,C,x\n4,p,D,y\n");
    assert_int_equal(run("link evaluate %s --run %s --truth truth --format json", records, out), 0);
    root = read_json(output);
    const json_t *clusters = json_object_get(root, "clusters");
    assert_near(number_at(clusters, "precision", "value"), 1. / 3, 1e-12);
    assert_near(number_at(clusters, "recall", "value"), 1. / 3, 1e-12);
    json_decref(root);
    write_text(records, "unique_id,source,truth\n1,p,x\n2,p,x\n3,p,x\n");
    assert_int_equal(run("link evaluate %s --run %s --truth truth", records, out), 1);
    assert_true(says("its 4 records are not the 3 that were read now"));
}

static void labelled_pairs_teach_a_model(void **state) {
    char out[256], command[1024];
    const char *path = people(state, "people.csv", 500);
    const char *labels = path_of(state, "labels.csv");
    const char *model = path_of(state, "model.json");
    make_folder(state, "out", out);
    assert_int_equal(run("link dedupe %s --out %s --threshold 10", path, out), 0);
    snprintf(command, sizeof command,
             "cut -d, -f1-4 '%s/pairs.csv' | head -60 | sed '1s/$/,match/; 2,$s/$/,yes/' > '%s'",
             out, labels);
    assert_int_equal(system(command), 0);
    assert_int_equal(run("link train %s --labels %s --out %s", path, labels, model), 0);
    assert_true(says("In the end m was learnt from 59 labelled pairs"));
    assert_int_equal(run("link predict %s --model %s --out %s", path, model, out), 0);
    snprintf(command, sizeof command, "sed -i 's/yes/no/' '%s'", labels);
    assert_int_equal(system(command), 0);
    assert_int_equal(run("link train %s --labels %s --out %s", path, labels, model), 1);
    assert_true(says("labels.csv: no labelled pair is a match"));
    snprintf(command, sizeof command, "sed -i 's/,no$/,perhaps/' '%s'", labels);
    assert_int_equal(system(command), 0);
    assert_int_equal(run("link train %s --labels %s --out %s", path, labels, model), 1);
    assert_true(says("labels.csv, line 2: match is 'perhaps'; it must be yes or no"));
}

static void a_sheet_is_drawn_and_read_back(void **state) {
    char out[256];
    const char *path = people(state, "people.csv", 500);
    const char *sheet = path_of(state, "sheet.csv");
    make_folder(state, "out", out);
    assert_int_equal(run("link dedupe %s --out %s", path, out), 0);
    assert_int_equal(run("link review draw %s --run %s --out %s --sample 40", path, out, sheet), 0);
    const char *text = read_file(sheet);
    assert_ptr_equal(strstr(text, "pair,given_name_l,given_name_r"), text);
    assert_null(strstr(text, "truth"));
    char command[1024];
    snprintf(command, sizeof command, "sed -i '2,$s/$/match/' '%s'", sheet);
    assert_int_equal(system(command), 0);
    assert_int_equal(run("link review read %s --run %s --sample 40 --format json", sheet, out), 0);
    json_t *root = read_json(output);
    const json_t *first = json_array_get(json_object_get(root, "thresholds"), 0);
    assert_near(number_at(first, "precision", "value"), 1, 1e-12);
    json_decref(root);
    assert_int_equal(run("link review read %s --run %s --sample 40 --seed 7", sheet, out), 1);
}

static void a_folder_holds_one_run(void **state) {
    char out[256];
    const char *path = people(state, "people.csv", 300);
    make_folder(state, "out", out);
    assert_int_equal(run("link dedupe %s --out %s", path, out), 0);
    assert_true(exists(out, "pairs.csv"));
    assert_int_equal(run("link dedupe %s --out %s --pairs arrow", path, out), 0);
    assert_true(exists(out, "pairs.arrow"));
    assert_false(exists(out, "pairs.csv"));
    assert_int_equal(run("link dedupe %s/pairs.arrow --out %s", out, out), 1);
    assert_int_equal(run("link dedupe %s --out %s --pairs none", path, out), 0);
    assert_false(exists(out, "pairs.arrow"));
    assert_true(exists(out, "clusters.csv"));
}

static void the_manifest_has_the_hash_of_every_file(void **state) {
    char out[256], path[600];
    const char *records = people(state, "people.csv", 300);
    make_folder(state, "out", out);
    assert_int_equal(run("link dedupe %s --out %s --probability 0.9 --top 3", records, out), 0);
    snprintf(path, sizeof path, "%s/manifest.json", out);
    json_t *root = read_json(read_file(path));
    const json_t *outputs = json_object_get(root, "outputs");
    assert_int_equal(json_array_size(outputs), 4);
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        const json_t *file = json_array_get(outputs, i);
        char command[1200];
        snprintf(command, sizeof command, "echo '%s  %s/%s' | sha256sum --check --quiet",
                 json_string_value(json_object_get(file, "sha256")), out,
                 json_string_value(json_object_get(file, "file")));
        assert_int_equal(system(command), 0);
    }
    assert_near(json_number_value(json_object_get(root, "threshold")), log2(9), 1e-9);
    assert_int_equal(json_integer_value(json_object_get(root, "top")), 3);
    assert_null(json_object_get(root, "threads"));
    json_decref(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_file_is_deduplicated_without_settings),
        temporary_test(the_bytes_are_the_same_for_any_number_of_threads),
        temporary_test(the_order_of_rows_does_not_matter),
        temporary_test(a_saved_model_scores_as_it_did),
        temporary_test(the_steps_one_by_one_give_the_same_pairs),
        temporary_test(files_are_linked_with_each_other),
        temporary_test(clusters_heed_limits_and_pairs_that_cannot_be_one),
        temporary_test(labelled_pairs_judge_a_run),
        temporary_test(labelled_pairs_teach_a_model),
        temporary_test(a_sheet_is_drawn_and_read_back),
        temporary_test(a_folder_holds_one_run),
        temporary_test(the_manifest_has_the_hash_of_every_file),
    };
    return cmocka_run_group_tests_name("cli/link", tests, NULL, NULL);
}
