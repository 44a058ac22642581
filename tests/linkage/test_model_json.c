#include "golden.h"

#include "fail_allocations.h"

#include "linkage/condition_internal.h"

/* DuckDB's SQL as Splink 5.0.0 prints it (ComparisonLevelCreator.get_comparison_level), and the
 * same in our words. */
static const char *const conditions[][2] = {
    {"\"first name_l\" IS NULL OR \"first name_r\" IS NULL", "missing(\"first name\")"},
    {"ELSE", "else"},
    {"\"a_l\" = 'x' AND \"a_r\" = 'x'", "literal(a, 'x')"},
    {"\"a_l\" = CAST(3 AS INT)", "literal_left(a, '3')"},
    {"\"a_l\" = CAST('2020-01-01' AS DATE) AND \"a_r\" = CAST('2020-01-01' AS DATE)",
     "literal(a, '2020-01-01')"},
    {"\"a_l\" = \"b_r\" AND \"a_r\" = \"b_l\"", "reversed(a, b)"},
    {"\"a_l\" = \"b_r\"", "reversed_left(a, b)"},
    {"levenshtein(\"a_l\", \"a_r\") <= 2", "levenshtein(a) <= 2"},
    {"damerau_levenshtein(\"a_l\", \"a_r\") <= 1", "damerau_levenshtein(a) <= 1"},
    {"jaro_winkler_similarity(\"a_l\", \"a_r\") >= 0.9", "jaro_winkler(a) >= 0.9"},
    {"jaro_similarity(\"a_l\", \"a_r\") >= .9", "jaro(a) >= 0.9"},
    {"jaccard(\"a_l\", \"a_r\") >= 0.9", "jaccard(a) >= 0.9"},
    {"list_max(\n list_transform(\n flatten(\n list_transform(\n \"a_l\",\n x -> list_transform(\n"
     " \"a_r\",\n y -> [x, y]\n )\n )\n ),\n pair -> jaro_winkler_similarity(\n pair[1],\n "
     "pair[2]\n )\n )\n ) >= 0.9",
     "best_pair(a, jaro_winkler) >= 0.9"},
    {"ABS(EPOCH(try_strptime(\"dob_l\", '%Y-%m-%d')) - "
     "EPOCH(try_strptime(\"dob_r\", '%Y-%m-%d'))) <= 2629800.0",
     "days(date(dob, '%Y-%m-%d')) <= 30.4375"},
    {"ABS(EPOCH(\"dob_l\") - EPOCH(\"dob_r\")) <= 86400", "days(dob) <= 1"},
    {"(\"lat_r\" is not null AND \"lat_l\" is not null AND \"long_l\" is not null AND \"long_r\" "
     "is "
     "not null) AND cast( acos( case when ( sin( radians(\"lat_l\") ) * sin( radians(\"lat_r\") ) "
     "+ "
     "cos( radians(\"lat_l\") ) * cos( radians(\"lat_r\") ) * cos( radians(\"long_r\" - "
     "\"long_l\") "
     ") ) > 1 then 1 when ( sin( radians(\"lat_l\") ) * sin( radians(\"lat_r\") ) + cos( "
     "radians(\"lat_l\") ) * cos( radians(\"lat_r\") ) * cos( radians(\"long_r\" - \"long_l\") ) ) "
     "< -1 then -1 else ( sin( radians(\"lat_l\") ) * sin( radians(\"lat_r\") ) + cos( "
     "radians(\"lat_l\") ) * cos( radians(\"lat_r\") ) * cos( radians(\"long_r\" - \"long_l\") ) ) "
     "end ) * 6371 as float ) <= 5",
     "km(lat, long) <= 5"},
    {"array_length(list_intersect(\"a_l\", \"a_r\")) >= 2", "intersection(a) >= 2"},
    {"(ABS(\"a_l\" - \"a_r\") / (CASE WHEN \"a_r\" > \"a_l\" THEN \"a_r\" ELSE \"a_l\" END)) < 0.1",
     "percentage(a) < 0.1"},
    {"ABS(\"a_l\" - \"a_r\") <= 3", "difference(a) <= 3"},
    {"(\"a_l\" = \"a_r\") AND (\"b_l\" = \"b_r\")", "exact(a) and exact(b)"},
    {"(levenshtein(\"a_l\", \"a_r\") <= 1) OR (NOT (\"b_l\" = \"b_r\"))",
     "levenshtein(a) <= 1 or (not exact(b))"},
    {"(\"a_l\" IS NULL OR \"a_r\" IS NULL) AND (\"b_l\" IS NULL OR \"b_r\" IS NULL)",
     "missing(a) and missing(b)"},
    {"SUBSTRING(LOWER(\"a_l\"), 1, 3) = SUBSTRING(LOWER(\"a_r\"), 1, 3)",
     "exact(substring(lower(a), 1, 3))"},
    {"try_strptime(\"dob_l\", '%Y-%m-%d') IS NULL OR try_strptime(\"dob_r\", '%Y-%m-%d') IS NULL",
     "missing(date(dob, '%Y-%m-%d'))"},
    {"CAST(NULLIF(\"a_l\", '') AS TEXT) = CAST(NULLIF(\"a_r\", '') AS TEXT)",
     "exact(null_if(a, ''))"},
    {"\"a_l\"[1] = \"a_r\"[1]", "exact(first(a))"},
    {"NULLIF(regexp_extract(\"p_l\", '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]', 0), '') = "
     "NULLIF(regexp_extract(\"p_r\", '^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]', 0), '')",
     "exact(postcode_sector(p))"},
    {"jaro_winkler_similarity(NULLIF(regexp_extract(\"e_l\", '^[^@]+', 0), ''), "
     "NULLIF(regexp_extract(\"e_r\", '^[^@]+', 0), '')) >= 0.88",
     "jaro_winkler(email_user(e)) >= 0.88"},
};

static void the_conditions_of_splink_have_ours_as_equivalents(void **state) {
    (void)state;
    tf_arena *arena = tf_arena_new();
    tf_link_templates templates;
    tf_error error;
    assert_ok(tf_link_templates_parse(arena, &templates, &error), &error);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const tf_link_condition *theirs;
        const tf_link_condition *ours;
        tf_buffer text;
        tf_buffer_init(&text);
        assert_ok(tf_link_condition_read_sql(&templates, tf_text_of(conditions[i][0]), arena,
                                             &theirs, &error),
                  &error);
        tf_link_condition_write(theirs, &text);
        assert_string_equal(text.data, conditions[i][1]);
        assert_ok(tf_link_condition_read(tf_text_of(text.data), arena, &ours, &error), &error);
        assert_true(tf_link_condition_equal(ours, theirs));
        tf_buffer_deinit(&text);
    }
    tf_arena_free(arena);
}

static void a_condition_without_an_equivalent_is_refused_by_its_text(void **state) {
    (void)state;
    static const char *const refused[] = {
        "array_cosine_similarity(\"a_l\", \"a_r\") >= 0.9",
        "LEAST(ARRAY_LENGTH(\"a_l\"), ARRAY_LENGTH(\"a_r\")) <> 0",
        ("NULLIF(regexp_extract(\"a_l\", '^[A-Z]+', 1), '') = "
         "NULLIF(regexp_extract(\"a_r\", '^[A-Z]+', 1), '')"),
        "levenshtein(\"a_l\", \"b_r\") <= 1",
        "jaro_winkler_similarity(\"a_l\", \"a_r\") > 0.9",
        "\"a\" = \"b\"",
        "custom(\"a_l\", \"a_r\")",
    };
    tf_arena *arena = tf_arena_new();
    tf_link_templates templates;
    tf_error error;
    assert_ok(tf_link_templates_parse(arena, &templates, &error), &error);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const tf_link_condition *condition;
        assert_int_equal(tf_link_condition_read_sql(&templates, tf_text_of(refused[i]), arena,
                                                    &condition, &error),
                         TF_UNSUPPORTED);
        assert_non_null(strstr(error.message, refused[i]));
    }
    tf_arena_free(arena);
}

static void our_conditions_come_back_as_they_were_written(void **state) {
    (void)state;
    static const char *const texts[] = {
        "osa(surname) <= 1",
        "day_month_swapped(date(dob, '%d/%m/%Y'))",
        "nickname(first_name) or (exact(a) and (not nickname(b)))",
        "months(dob) <= 3 and years(dob) <= 1",
        "exact(soundex(upper(trim(\"a \"\"b\"\"\")))) and literal(c, 'it''s')",
        "exact(double_metaphone(\"case\"))",
        "exact(any(phones))",
        "exact(given_name(name)) and jaro(family_name(name)) >= 0.9",
        "exact(house_number(address)) or exact(soundex(street(address)))",
    };
    tf_arena *arena = tf_arena_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const tf_link_condition *condition;
        tf_buffer text;
        tf_error error;
        tf_buffer_init(&text);
        assert_ok(tf_link_condition_read(tf_text_of(texts[i]), arena, &condition, &error), &error);
        tf_link_condition_write(condition, &text);
        assert_string_equal(text.data, texts[i]);
        tf_buffer_deinit(&text);
    }
    tf_arena_free(arena);
}

static void what_our_conditions_do_not_know_is_refused(void **state) {
    (void)state;
    static const char *const refused[] = {
        "",
        "exact()",
        "exact(a, b)",
        "levenshtein(a)",
        "levenshtein(a) >= 1",
        "exact(a) <= 1",
        "sounds(a)",
        "exact(wrong(a))",
        "a",
        "exact(a) and",
        "exact(a))",
        "literal(a, b)",
        "best_pair(a, exact) >= 1",
        "exact('a')",
        "exact(a) ; 1",
        "exact(\"a)",
        "jaro(a) >= 1e999",
        "exact(substring(a, 0, 2))",
        "exact(date(a, '%Y-%j'))",
        "exact(date(a, '%d/%m/%'))",
        "exact(substring(a, 1.5, 2))",
        "else or exact(a)",
        "exact(lower(lower(lower(lower(lower(lower(lower(a))))))))",
    };
    tf_arena *arena = tf_arena_new();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const tf_link_condition *condition;
        tf_error error;
        assert_int_equal(tf_link_condition_read(tf_text_of(refused[i]), arena, &condition, &error),
                         TF_BAD_INPUT);
        assert_true(error.message[0] != '\0');
    }
    char deep[4000] = "";
    for (int i = 0; i < 900; i++) {
        strcat(deep, "not ");
    }
    const tf_link_condition *condition;
    assert_int_equal(
        tf_link_condition_read(tf_text_of(strcat(deep, "exact(a)")), arena, &condition, NULL),
        TF_BAD_INPUT);
    tf_arena_free(arena);
}

static void written_twice_it_is_the_same_bytes(void **state) {
    (void)state;
    static const char *const names[] = {"splink4_model.json", "splink5_model.json",
                                        "splink5_start.json"};
    for (int i = 0; i < 3; i++) {
        tf_link_model *model = golden_model(names[i]);
        tf_link_model *again;
        tf_buffer first;
        tf_buffer second;
        tf_error error;
        tf_buffer_init(&first);
        tf_buffer_init(&second);
        assert_ok(tf_link_model_write(model, &first, &error), &error);
        assert_ok(tf_link_model_read((tf_text){first.data, first.length}, &again, &error), &error);
        assert_ok(tf_link_model_write(again, &second, &error), &error);
        assert_string_equal(first.data, second.data);
        assert_int_equal(again->rule_count, 2);
        tf_buffer_deinit(&first);
        tf_buffer_deinit(&second);
        tf_link_model_free(model);
        tf_link_model_free(again);
    }
}

#define ABOUT                                                                                      \
    "{\"format\": \"trefoil-link\", \"text\": \"bytes\", \"columns\": {\"dob\": "                  \
    "\"date_of_birth\", \"first name\": \"given_name\"}, \"comparisons\": [{\"name\": \"a\", "     \
    "\"levels\": [{\"when\": \"exact(dob)\"}, {\"when\": \"else\"}]}]}"

static void what_columns_hold_and_what_texts_count_are_read_and_written(void **state) {
    (void)state;
    tf_link_model *model;
    tf_link_model *again;
    tf_buffer text;
    tf_error error;
    tf_buffer_init(&text);
    assert_ok(tf_link_model_read(tf_text_of(ABOUT), &model, &error), &error);
    assert_true(model->compares_bytes);
    assert_int_equal(model->field_count, 2);
    assert_string_equal(model->fields[0].column, "dob");
    assert_int_equal(model->fields[0].field, TF_PERSON_DATE_OF_BIRTH);
    assert_string_equal(model->fields[1].column, "first name");
    assert_int_equal(model->fields[1].field, TF_PERSON_GIVEN_NAME);
    assert_ok(tf_link_model_write(model, &text, &error), &error);
    assert_ok(tf_link_model_read((tf_text){text.data, text.length}, &again, &error), &error);
    assert_true(again->compares_bytes);
    assert_int_equal(again->field_count, 2);
    assert_string_equal(again->fields[1].column, "first name");
    assert_int_equal(again->fields[1].field, TF_PERSON_GIVEN_NAME);
    tf_buffer_deinit(&text);
    tf_link_model_free(model);
    tf_link_model_free(again);
}

static void a_model_of_splink_compares_bytes_of_columns_as_they_stand(void **state) {
    (void)state;
    tf_link_model *model = golden_model("splink5_model.json");
    assert_true(model->compares_bytes);
    assert_int_equal(model->field_count, 0);
    tf_link_model_free(model);
}

static void blocking_rules_of_splink_become_keys(void **state) {
    (void)state;
    static const char *const rules[][2] = {
        {"(l.\"a\" = r.\"a\") AND (l.\"b c\" = r.\"b c\")", "any(a);\"b c\";"},
        {"(SUBSTRING(l.x, 1, 3) = SUBSTRING(r.x, 1, 3)) AND (YEAR(l.dob) = YEAR(r.dob))",
         "substring(x, 1, 3);year(dob);"},
        {"r.x = l.y", "y = x;"},
    };
    static const char *const exploded[] = {"a"};
    tf_arena *arena = tf_arena_new();
    tf_error error;
    tf_link_rule rule;
    for (int i = 0; i < 3; i++) {
        tf_buffer text;
        tf_buffer_init(&text);
        assert_ok(tf_link_rule_read_sql(tf_text_of(rules[i][0]), exploded, 1, arena, &rule, &error),
                  &error);
        for (int k = 0; k < rule.key_count; k++) {
            tf_link_key_write(&rule.keys[k], &text);
            tf_buffer_append_text(&text, ";");
        }
        assert_string_equal(text.data, rules[i][1]);
        tf_buffer_deinit(&text);
    }
    assert_int_equal(
        tf_link_rule_read_sql(tf_text_of("l.a = r.a OR l.b = r.b"), NULL, 0, arena, &rule, &error),
        TF_UNSUPPORTED);
    assert_int_equal(tf_link_rule_read_sql(tf_text_of("l.a = l.b"), NULL, 0, arena, &rule, &error),
                     TF_UNSUPPORTED);
    tf_arena_free(arena);
}

#define SETTINGS(comparisons)                                                                      \
    "{\"format\": \"trefoil-link\", \"prior\": 0.1, \"comparisons\": [" comparisons "]}"
#define LEVELS(levels) "{\"name\": \"a\", \"levels\": [" levels "]}"
#define EXACT          "{\"when\": \"exact(a)\"}"
#define OTHER          "{\"when\": \"else\"}"

static void settings_that_cannot_be_used_are_refused_with_their_place(void **state) {
    (void)state;
    static const char *const refused[][2] = {
        {"[]", "neither"},
        {"{}", "neither"},
        {"{\"format\": \"other\"}", "neither"},
        {SETTINGS(""), "no comparison"},
        {SETTINGS("3"), "comparison 1"},
        {SETTINGS(LEVELS(EXACT)), "else"},
        {SETTINGS(LEVELS("{\"when\": \"exact(lower(any(a)))\"}," OTHER)), "any element of a"},
        {SETTINGS(LEVELS("{\"when\": \"not jaro(any(a)) >= 1\"}," OTHER)), "any element of a"},
        {"{\"format\": \"trefoil-link\", \"blocking\": [\"lower(any(b))\"], \"comparisons\": "
         "[" LEVELS(EXACT "," OTHER) "]}",
         "elements of b"},
        {SETTINGS(LEVELS(OTHER)), "fewer than two"},
        {SETTINGS(LEVELS(OTHER "," EXACT)), "else"},
        {SETTINGS(LEVELS(EXACT "," OTHER) "," LEVELS(EXACT "," OTHER)), "two comparisons"},
        {SETTINGS(LEVELS("{\"when\": \"exact(a)\", \"m\": 2}," OTHER)), "no probability"},
        {SETTINGS(LEVELS("{\"when\": \"exact(a)\", \"m\": \"x\"}," OTHER)), "a number"},
        {SETTINGS(LEVELS("{\"when\": \"exakt(a)\"}," OTHER)), "comparison a, level 1"},
        {SETTINGS(LEVELS("{\"wenn\": \"exact(a)\"}," OTHER)), "spelling"},
        {SETTINGS(LEVELS("{\"label\": \"x\"}," OTHER)), "when"},
        {SETTINGS(LEVELS("{\"when\": \"levenshtein(a) <= 1\", \"term_frequency\": "
                         "{\"column\": \"a\"}}," OTHER)),
         "frequency of a"},
        {"{\"format\": \"trefoil-link\", \"prior\": 1, \"comparisons\": []}", "prior"},
        {"{\"format\": \"trefoil-link\", \"blocking\": [[]]}", "blocking rule 1"},
        {"{\"format\": \"trefoil-link\", \"blocking\": [[3]]}", "blocking rule 1"},
        {"{\"format\": \"trefoil-link\", \"link_type\": \"x\"}", "link_type"},
        {"{\"format\": \"trefoil-link\", \"text\": \"words\"}", "text"},
        {"{\"format\": \"trefoil-link\", \"columns\": [\"dob\"]}", "columns"},
        {"{\"format\": \"trefoil-link\", \"columns\": {\"dob\": \"birth\"}}", "dob"},
        {"{\"format\": \"trefoil-link\", \"columns\": {\"dob\": 3}}", "dob"},
        {"{\"sql_dialect\": \"spark\"}", "spark"},
        {"{\"sql_dialect\": \"duckdb\", \"comparisons\": [{\"output_column_name\": \"a\", "
         "\"comparison_levels\": [{\"sql_condition\": \"f(\\\"a_l\\\")\"}]}]}",
         "comparison a, level 1"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        tf_link_model *model;
        tf_error error;
        char text[1400];
        assert_int_not_equal(tf_link_model_read(tf_text_of(refused[i][0]), &model, &error), TF_OK);
        assert_null(model);
        tf_error_format(&error, text, sizeof text);
        if (!strstr(text, refused[i][1])) {
            fail_msg("%s: %s", refused[i][0], text);
        }
    }
}

static void reading_and_writing_fail_cleanly_without_memory(void **state) {
    (void)state;
    FILE *file = open_golden("splink5_model.json");
    static char text[1 << 16];
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    for (long n = 0;; n++) {
        tf_link_model *model;
        tf_buffer buffer;
        tf_buffer_init(&buffer);
        fail_allocation(n);
        tf_status status = tf_link_model_read((tf_text){text, length}, &model, NULL);
        if (status == TF_OK) {
            status = tf_link_model_write(model, &buffer, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&buffer);
        tf_link_model_free(model);
        if (status == TF_OK) {
            assert_false(was_reached);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_conditions_of_splink_have_ours_as_equivalents),
        cmocka_unit_test(a_condition_without_an_equivalent_is_refused_by_its_text),
        cmocka_unit_test(our_conditions_come_back_as_they_were_written),
        cmocka_unit_test(what_our_conditions_do_not_know_is_refused),
        cmocka_unit_test(written_twice_it_is_the_same_bytes),
        cmocka_unit_test(what_columns_hold_and_what_texts_count_are_read_and_written),
        cmocka_unit_test(a_model_of_splink_compares_bytes_of_columns_as_they_stand),
        cmocka_unit_test(blocking_rules_of_splink_become_keys),
        cmocka_unit_test(settings_that_cannot_be_used_are_refused_with_their_place),
        cmocka_unit_test(reading_and_writing_fail_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
