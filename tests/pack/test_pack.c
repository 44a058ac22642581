#include "check.h"

#include "fail_allocations.h"

#include "pack/pack_internal.h"

#include <dirent.h>

static tf_pack *open_pack(void) {
    tf_error error;
    tf_pack *pack;
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    return pack;
}

static const tf_offence_group *group_of(const tf_pack *pack, const char *text) {
    return tf_pack_group_find(pack, tf_text_of(text));
}

static bool group_has(const tf_offence_group *group, const char *type) {
    for (size_t i = 0; i < group->type_count; i++) {
        if (strcmp(group->types[i], type) == 0) {
            return true;
        }
    }
    return false;
}

static void groups_are_found_by_name_alias_and_crime_type(void **state) {
    (void)state;
    tf_pack *pack = open_pack();
    assert_int_equal(tf_pack_group_count(pack), 6);
    assert_string_equal(tf_pack_group_at(pack, 0)->name, "all");
    assert_int_equal(group_of(pack, "ALL")->type_count, 16);
    assert_ptr_equal(group_of(pack, "Drugs"), group_of(pack, "drug offences"));
    assert_int_equal(group_of(pack, "drugs")->type_count, 1);
    const tf_offence_group *single = group_of(pack, "shopLIFTING");
    assert_string_equal(single->title, "Shoplifting");
    assert_int_equal(single->type_count, 1);
    assert_string_equal(single->types[0], "Shoplifting");
    assert_int_equal(group_of(pack, "public order")->type_count, 1);
    assert_int_equal(group_of(pack, "public-order")->type_count, 3);
    assert_null(group_of(pack, "drug"));
    assert_null(group_of(pack, ""));
    tf_pack_free(pack);
}

static void acquisitive_crime_is_theft_burglary_and_robbery(void **state) {
    (void)state;
    static const char *const types[] = {"Bicycle theft", "Burglary",    "Other theft",
                                        "Robbery",       "Shoplifting", "Theft from the person",
                                        "Vehicle crime"};
    tf_pack *pack = open_pack();
    const tf_offence_group *group = group_of(pack, "acquisitive");
    assert_int_equal(group->type_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_true(group_has(group, types[i]));
    }
    tf_pack_free(pack);
}

/* Cambridge Crime Harm Index, medians by subgroup (2026 update). */
static void a_crime_type_weighs_what_its_subgroup_weighs_in_the_index(void **state) {
    (void)state;
    static const struct {
        const char *type;
        double days;
    } weights[] = {{"Burglary", 273.5},   {"Robbery", 365},
                   {"Shoplifting", 1},    {"Drugs", 3},
                   {"Public order", 7.5}, {"Vehicle crime", 5},
                   {"bicycle theft", 2},  {"Possession of weapons", 273.75}};
    tf_pack *pack = open_pack();
    for (size_t i = 0; i < sizeof weights / sizeof weights[0]; i++) {
        double days;
        assert_true(tf_pack_harm_weight(pack, tf_text_of(weights[i].type), &days));
        assert_near(days, weights[i].days, 0);
    }
    double untouched = -1;
    assert_false(tf_pack_harm_weight(pack, tf_text_of("Anti-social behaviour"), &untouched));
    assert_false(tf_pack_harm_weight(pack, tf_text_of("Other crime"), &untouched));
    assert_false(tf_pack_harm_weight(pack, tf_text_of("Sorcery"), &untouched));
    assert_near(untouched, -1, 0);
    assert_string_equal(tf_pack_harm_name(pack), "Cambridge Crime Harm Index");
    assert_non_null(strstr(tf_pack_harm_source(pack), "2026 update"));
    tf_pack_free(pack);
}

static void two_wordings_of_a_status_have_one_meaning(void **state) {
    (void)state;
    tf_pack *pack = open_pack();
    static const char *const wordings[] = {"Suspect charged", "Court result unavailable",
                                           "awaiting court outcome"};
    for (size_t i = 0; i < 3; i++) {
        tf_text wording = tf_text_of(wordings[i]);
        assert_string_equal(tf_pack_outcome_wording(pack, wording), "Suspect charged");
        assert_string_equal(tf_pack_outcome_group(pack, wording)->title, "Charged or summonsed");
    }
    assert_string_equal(tf_pack_outcome_group(pack, tf_text_of("Local resolution"))->name,
                        "out-of-court");
    assert_null(tf_pack_outcome_group(pack, tf_text_of("")));
    assert_null(tf_pack_outcome_wording(pack, tf_text_of("Turned into a toad")));
    tf_pack_free(pack);
}

static void a_force_is_found_by_name_and_area(void **state) {
    (void)state;
    tf_pack *pack = open_pack();
    const tf_force *force = tf_pack_force_by_area_code(pack, tf_text_of("E23000035"));
    assert_string_equal(force->slug, "devon-and-cornwall");
    assert_string_equal(force->name, "Devon & Cornwall Police");
    assert_string_equal(force->area_name, "Devon & Cornwall");
    assert_ptr_equal(force, tf_pack_force_by_name(pack, tf_text_of("devon & cornwall police")));
    force = tf_pack_force_by_name(pack, tf_text_of("British Transport Police"));
    assert_string_equal(force->slug, "btp");
    assert_null(force->area_code);
    force = tf_pack_force_by_area_code(pack, tf_text_of("E23000001"));
    assert_string_equal(force->slug, "metropolitan");
    assert_null(force->name);
    assert_null(tf_pack_force_by_name(pack, tf_text_of("")));
    assert_null(tf_pack_force_by_area_code(pack, tf_text_of("E23000099")));
    tf_pack_free(pack);
}

/* Give `visit` each distinct value in column `column`, counted from 1, of the files of a feed.  Few
 * rows quote a field; they are left out. */
static void each_value(const char *folder, const char *feed, int column, size_t least,
                       void (*visit)(void *context, char *value), void *context) {
    char command[1024];
    snprintf(command, sizeof command,
             "zcat '%s'/*/*-%s.csv.gz | grep -v -e '^Crime ID,' -e '\"' | cut -d, -f%d |"
             " tr -d '\\r' | sort -u",
             folder, feed, column);
    FILE *values = popen(command, "r");
    assert_non_null(values);
    char value[1024];
    size_t count = 0;
    while (fgets(value, sizeof value, values)) {
        value[strcspn(value, "\n")] = '\0';
        visit(context, value);
        count++;
    }
    assert_int_equal(pclose(values), 0);
    assert_true(count >= least);
}

static void expect_type(void *pack, char *value) {
    if (!group_of(pack, value)) {
        fprintf(stderr, "no crime type: %s\n", value);
        fail();
    }
    assert_true(group_has(group_of(pack, "all"), value));
}

static void expect_outcome(void *pack, char *value) {
    if (*value && !tf_pack_outcome_group(pack, tf_text_of(value))) {
        fprintf(stderr, "no outcome: %s\n", value);
        fail();
    }
}

static void expect_name(void *pack, char *value) {
    if (!tf_pack_force_by_name(pack, tf_text_of(value))) {
        fprintf(stderr, "no force: %s\n", value);
        fail();
    }
}

static void every_word_of_the_real_files_is_known(void **state) {
    (void)state;
    char folder[512];
    REAL_DATA("police", folder);
    tf_pack *pack = open_pack();
    each_value(folder, "street", 10, 14, expect_type, pack);
    each_value(folder, "street", 11, 28, expect_outcome, pack);
    each_value(folder, "street", 3, 41, expect_name, pack);
    each_value(folder, "outcomes", 10, 11, expect_outcome, pack);
    tf_pack_free(pack);
}

static void every_real_area_has_its_force(void **state) {
    (void)state;
    char path[512];
    REAL_DATA("geography/lad23_csp23_pfa23_lookup.csv", path);
    tf_pack *pack = open_pack();
    FILE *lookup = fopen(path, "r");
    assert_non_null(lookup);
    char line[1024];
    size_t found = 0;
    while (fgets(line, sizeof line, lookup)) {
        const char *code = strstr(line, ",E23") ? strstr(line, ",E23") : strstr(line, ",W15");
        if (code) {
            const tf_force *force = tf_pack_force_by_area_code(pack, (tf_text){code + 1, 9});
            assert_non_null(force);
            assert_non_null(strstr(code, force->area_name));
            found++;
        }
    }
    fclose(lookup);
    assert_int_equal(found, 332);
    tf_pack_free(pack);
}

static void nicknames_and_what_stands_for_nothing_are_ready_for_linkage(void **state) {
    (void)state;
    tf_error error;
    tf_pack *pack = open_pack();
    size_t count;
    tf_nicknames *nicknames;
    const tf_nickname_group *groups = tf_pack_nicknames(pack, &count);
    assert_true(count >= 300);
    assert_ok(tf_nicknames_new(groups, count, &nicknames, &error), &error);
    static const char *const pairs[][2] = {{"bob", "robert"},    {"william", "bill"},
                                           {"liz", "elizabeth"}, {"peggy", "margaret"},
                                           {"ted", "edward"},    {"bob", "rob"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_true(
            tf_nicknames_match(nicknames, tf_text_of(pairs[i][0]), tf_text_of(pairs[i][1])));
    }
    assert_false(tf_nicknames_match(nicknames, tf_text_of("bob"), tf_text_of("william")));
    tf_nicknames_free(nicknames);

    tf_missing *missing;
    const tf_missing_list *lists = tf_pack_missing(pack, &count);
    assert_ok(tf_missing_new(lists, count, &missing, &error), &error);
    assert_true(tf_missing_has(missing, TF_PERSON_POSTCODE, tf_text_of("ZZ99 3VZ")));
    assert_true(tf_missing_has(missing, TF_PERSON_DATE_OF_BIRTH, tf_text_of("1900-01-01")));
    assert_true(tf_missing_has(missing, TF_PERSON_ADDRESS, tf_text_of("no fixed abode")));
    assert_true(tf_missing_has(missing, TF_PERSON_CITY, tf_text_of("unknown")));
    assert_false(tf_missing_has(missing, TF_PERSON_DATE_OF_BIRTH, tf_text_of("1970-01-01")));
    assert_false(tf_missing_has(missing, TF_PERSON_CITY, tf_text_of("1900-01-01")));
    tf_missing_free(missing);
    tf_pack_free(pack);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_pack *pack;
        fail_allocation(n);
        tf_status status = tf_pack_open(NULL, &pack, NULL);
        bool was_reached = stop_failing_allocations();
        tf_pack_free(pack);
        if (status == TF_OK) {
            assert_false(was_reached);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_null(pack);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_found_by_name_alias_and_crime_type),
        cmocka_unit_test(acquisitive_crime_is_theft_burglary_and_robbery),
        cmocka_unit_test(a_crime_type_weighs_what_its_subgroup_weighs_in_the_index),
        cmocka_unit_test(two_wordings_of_a_status_have_one_meaning),
        cmocka_unit_test(a_force_is_found_by_name_and_area),
        cmocka_unit_test(every_word_of_the_real_files_is_known),
        cmocka_unit_test(every_real_area_has_its_force),
        cmocka_unit_test(nicknames_and_what_stands_for_nothing_are_ready_for_linkage),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
