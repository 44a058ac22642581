#include "check.h"

#include "web/paper/linkage_words.h"

#include "trefoil/linkage/model_json.h"

static char words[512];

static const char *taken(tf_buffer *out) {
    assert_false(out->failed);
    snprintf(words, sizeof words, "%.*s", (int)out->length, out->length ? out->data : "");
    tf_buffer_deinit(out);
    return words;
}

/* A model with one comparison, of which the condition is the first level that is not null. */
static tf_link_model *model_of(const char *condition) {
    char json[1024];
    snprintf(json, sizeof json,
             "{\"format\": \"trefoil-link\", \"comparisons\": [{\"name\": \"name\", \"levels\": "
             "[{\"when\": \"missing(given_name)\", \"null\": true}, {\"when\": \"%s\"}, "
             "{\"when\": \"else\"}]}], \"blocking\": [[\"substring(family_name, 1, 1)\", "
             "\"year(dob)\"]]}",
             condition);
    tf_error error;
    tf_link_model *model = NULL;
    assert_ok(tf_link_model_read(tf_text_of(json), &model, &error), &error);
    return model;
}

static const char *level_words(const char *condition, int level) {
    tf_link_model *model = model_of(condition);
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_level(&model->comparisons[0], level, &out);
    tf_link_model_free(model);
    return taken(&out);
}

static void a_level_is_said_in_words(void **state) {
    (void)state;
    assert_string_equal(level_words("exact(given_name)", 0), "missing from one or both");
    assert_string_equal(level_words("exact(given_name)", 1), "the same");
    assert_string_equal(level_words("exact(given_name)", 2), "different");
    assert_string_equal(level_words("osa(given_name) <= 1", 1), "within 1 edit");
    assert_string_equal(level_words("osa(given_name) <= 2 or jaro_winkler(given_name) >= 0.92", 1),
                        "within 2 edits or alike (Jaro-Winkler 0.92+)");
    assert_string_equal(level_words("nickname(given_name)", 1), "a nickname of the other");
    assert_string_equal(level_words("exact(family_name)", 1), "family name the same");
}

static void what_is_taken_of_the_compared_column_needs_no_name(void **state) {
    (void)state;
    assert_string_equal(level_words("exact(year(given_name))", 1), "the year the same");
    assert_string_equal(level_words("exact(year(dob))", 1), "the year of dob the same");
}

static void a_blocking_rule_is_said_in_words(void **state) {
    (void)state;
    tf_link_model *model = model_of("exact(given_name)");
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_rule(&model->rules[0], &out);
    assert_string_equal(taken(&out),
                        "the first character of family name and the year of dob the same");
    tf_link_model_free(model);
}

static const char *percent(double share) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_percent(share, &out);
    return taken(&out);
}

static const char *chance(double probability) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_chance(probability, &out);
    return taken(&out);
}

static void a_share_is_never_rounded_to_none_or_all(void **state) {
    (void)state;
    assert_string_equal(percent(0), "0%");
    assert_string_equal(percent(1), "100%");
    assert_string_equal(percent(0.5), "50.0%");
    assert_string_equal(percent(0.99995), "99.995%");
    assert_string_equal(percent(1 - 1e-12), "over 99.999999%");
    assert_string_equal(percent(1e-12), "under 0.000001%");
    assert_string_equal(percent(NAN), "not known");
}

static void a_probability_is_never_certain(void **state) {
    (void)state;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_linkage_words_probability(1, &out);
    assert_string_equal(taken(&out), "over 99.999999%");
    tf_buffer_init(&out);
    tf_linkage_words_probability(0, &out);
    assert_string_equal(taken(&out), "under 0.000001%");
    tf_buffer_init(&out);
    tf_linkage_words_probability(0.93, &out);
    assert_string_equal(taken(&out), "93.0%");
}

static void a_small_chance_is_one_in_so_many(void **state) {
    (void)state;
    assert_string_equal(chance(1.0 / 2718), "1 in 2,700");
    assert_string_equal(chance(0.25), "25.0%");
    assert_string_equal(chance(0), "0%");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_is_said_in_words),
        cmocka_unit_test(what_is_taken_of_the_compared_column_needs_no_name),
        cmocka_unit_test(a_blocking_rule_is_said_in_words),
        cmocka_unit_test(a_share_is_never_rounded_to_none_or_all),
        cmocka_unit_test(a_probability_is_never_certain),
        cmocka_unit_test(a_small_chance_is_one_in_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
