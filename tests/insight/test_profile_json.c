/* The JSON is read back by jansson and held against the profile, member by member. */
#include "check.h"

#include <jansson.h>

#include "insight/profile_json.h"
#include "profile_sample.h"

static json_t *write_and_read(const tf_profile *profile, bool indent) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_json json;
    tf_json_init(&json, &out, indent);
    tf_profile_json_write(profile, &json);
    assert_false(out.failed);
    json_error_t error;
    json_t *root = json_loadb(out.data, out.length, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fail_msg("%s at %d", error.text, error.position);
    }
    tf_buffer_deinit(&out);
    return root;
}

/* The value at a path such as "months.5.count". */
static json_t *at(json_t *root, const char *path) {
    char copy[128];
    snprintf(copy, sizeof copy, "%s", path);
    json_t *value = root;
    for (char *step = strtok(copy, "."); step; step = strtok(NULL, ".")) {
        value = json_is_array(value) ? json_array_get(value, strtoul(step, NULL, 10))
                                     : json_object_get(value, step);
        if (!value) {
            fail_msg("no %s in %s", step, path);
        }
    }
    return value;
}

static void check_int(json_t *root, const char *path, int64_t expected) {
    assert_true(json_is_integer(at(root, path)));
    assert_int_equal(json_integer_value(at(root, path)), expected);
}

static void check_number(json_t *root, const char *path, double expected) {
    assert_true(json_is_number(at(root, path)));
    assert_true(json_number_value(at(root, path)) == expected);
}

static void check_text(json_t *root, const char *path, const char *expected) {
    assert_true(json_is_string(at(root, path)));
    assert_string_equal(json_string_value(at(root, path)), expected);
}

static void check_null(json_t *root, const char *path) {
    if (!json_is_null(at(root, path))) {
        fail_msg("%s is not null", path);
    }
}

static void check_size(json_t *root, const char *path, size_t expected) {
    assert_true(json_is_array(at(root, path)));
    assert_int_equal(json_array_size(at(root, path)), expected);
}

static void the_headline_is_told(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    json_t *root = write_and_read(&sample.profile, true);
    check_text(root, "area.code", "bedfordshire");
    check_text(root, "area.name", "Bedfordshire");
    check_text(root, "area.layer", "force");
    check_text(root, "period.from", "2023-05");
    check_text(root, "period.to", "2024-04");
    check_text(root, "group", "drugs");
    check_text(root, "group_title", "Drugs");
    check_int(root, "count", 1607);
    check_number(root, "population", 704736);
    check_int(root, "population_year", 2022);
    check_number(root, "rate_per_1000.value", 2.28);
    check_number(root, "rate_per_1000.lower", 2.17);
    check_number(root, "rate_per_1000.upper", 2.39);
    check_text(root, "rate_per_1000.method", "Byar, 95%");
    check_null(root, "rate_note");
    check_text(root, "previous_year.from", "2022-05");
    check_text(root, "previous_year.to", "2023-04");
    check_int(root, "previous_year.count", 1435);
    check_int(root, "previous_year.compared_with.count", 1607);
    check_number(root, "previous_year.rate_ratio.value", 1.12);
    check_number(root, "previous_year.rate_ratio.lower", 1.043);
    check_number(root, "previous_year.rate_ratio.upper", 1.206);
    json_decref(root);
}

static void few_events_are_told_to_be_exact(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    sample.profile.count = 9;
    json_t *root = write_and_read(&sample.profile, false);
    check_text(root, "rate_per_1000.method", "exact Poisson, 95%");
    json_decref(root);
}

static void months_and_alerts_are_told(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    json_t *root = write_and_read(&sample.profile, true);
    check_size(root, "months", SAMPLE_MONTHS);
    check_text(root, "months.5.month", "2023-10");
    check_int(root, "months.5.count", 201);
    check_number(root, "months.5.centre", 146.1);
    check_number(root, "months.5.lower", 101.25);
    check_number(root, "months.5.upper", 190.95);
    check_text(root, "months.5.signal", "above_limit");
    check_null(root, "months.0.signal");
    assert_true(json_is_true(at(root, "months.9.missing")));
    check_null(root, "months.9.count");
    assert_true(json_is_false(at(root, "months.0.missing")));
    check_size(root, "alerts", 4);
    check_text(root, "alerts.0.month", "2023-10");
    check_text(root, "alerts.0.method", "EARS C1");
    check_int(root, "alerts.0.count", 201);
    check_number(root, "alerts.0.threshold", 160.5);
    check_null(root, "alerts.3.threshold");
    json_decref(root);
}

static void areas_are_told(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    json_t *root = write_and_read(&sample.profile, true);
    check_size(root, "areas", SAMPLE_AREAS);
    check_text(root, "areas.3.code", "W01000004");
    check_text(root, "areas.3.name", "Ynys M\xC3\xB4n 001A");
    check_text(root, "areas.11.name", "Evil \x1b[31m name");
    check_text(root, "areas.12.name", "Quote \"Q\", 1");
    check_int(root, "areas.0.count", 240);
    check_int(root, "areas.0.recent_count", 240);
    check_int(root, "areas.0.previous_count", 100);
    check_number(root, "areas.0.gi_star_z", 3.5);
    check_number(root, "areas.0.p", 0.0002);
    check_number(root, "areas.0.q", 0.01);
    assert_true(json_is_true(at(root, "areas.0.hot")));
    assert_true(json_is_false(at(root, "areas.2.hot")));
    check_number(root, "areas.2.rate_ratio.value", 1.85);
    assert_true(json_is_true(at(root, "areas.2.changed")));
    check_null(root, "areas.3.rate_ratio.value");
    check_number(root, "areas.3.rate_ratio.lower", 4.2);
    check_null(root, "areas.12.rate_ratio");
    check_null(root, "areas.12.rate_ratio_p");
    check_null(root, "areas_note");
    check_int(root, "no_location.count", 12);
    check_number(root, "no_location.share", 12.0 / 1607);
    json_decref(root);
}

static void outcomes_searches_harm_and_sources_are_told(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    json_t *root = write_and_read(&sample.profile, true);
    check_size(root, "outcomes", 3);
    check_text(root, "outcomes.0.outcome", "Charged/Suspect charged");
    check_int(root, "outcomes.0.count", 600);
    check_text(root, "outcome_groups.1.group", "Out of court");
    check_int(root, "outcome_groups.1.count", 500);
    check_int(root, "outcome_join.cases", 1607);
    check_int(root, "outcome_join.joined", 1450);
    check_int(root, "outcome_join.from_street_file", 50);
    check_int(root, "outcome_join.without_id", 7);
    check_int(root, "outcome_join.without_outcome", 100);
    check_int(root, "outcome_join.several_outcomes", 30);
    check_int(root, "searches.count", 1200);
    check_int(root, "searches.for_drugs", 1000);
    check_int(root, "searches.without_location", 40);
    check_number(root, "searches.found_rate.upper", 0.329);
    check_text(root, "searches.outcomes.1.outcome", "Arrest");
    check_int(root, "searches.outcomes.1.count", 300);
    check_text(root, "harm.index", "Cambridge Crime Harm Index");
    check_number(root, "harm.total", 8035);
    check_int(root, "harm.unweighted", 4);
    check_size(root, "sources", 3);
    check_text(root, "sources.0.file", "2023-05-bedfordshire-street.csv");
    check_text(root, "sources.0.feed", "street");
    check_text(root, "sources.0.sha256", "aa11");
    check_int(root, "sources.0.rows", 5000);
    check_size(root, "notes", 1);
    json_decref(root);
}

static void what_is_not_known_is_null_with_its_reason(void **state) {
    (void)state;
    profile_sample sample;
    sample_make_empty(&sample);
    json_t *root = write_and_read(&sample.profile, true);
    check_null(root, "population");
    check_null(root, "population_year");
    check_null(root, "rate_per_1000");
    check_text(root, "rate_note", sample.profile.rate_per_1000.note);
    check_null(root, "previous_year.rate_ratio");
    check_text(root, "previous_year.note", sample.profile.change.rate_ratio.note);
    check_null(root, "months.0.centre");
    check_null(root, "areas.0.gi_star_z");
    check_text(root, "areas_note", sample.profile.areas_note);
    check_null(root, "no_location.share");
    check_null(root, "searches");
    check_text(root, "searches_note", sample.profile.searches.note);
    check_size(root, "sources", 0);
    json_decref(root);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headline_is_told),
        cmocka_unit_test(few_events_are_told_to_be_exact),
        cmocka_unit_test(months_and_alerts_are_told),
        cmocka_unit_test(areas_are_told),
        cmocka_unit_test(outcomes_searches_harm_and_sources_are_told),
        cmocka_unit_test(what_is_not_known_is_null_with_its_reason),
    };
    return cmocka_run_group_tests_name("insight/profile_json", tests, NULL, NULL);
}
