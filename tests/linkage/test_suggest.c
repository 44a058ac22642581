/* Settings that nobody wrote. */
#include "fail_allocations.h"
#include "random_linkage.h"

#include "linkage/blocks_internal.h"
#include "trefoil/linkage/suggest.h"

static const tf_standardiser plain = {0};

static tf_status suggest_for(const tf_link_records *records, tf_link_model **model_out,
                             tf_error *error) {
    tf_recognised recognised[TF_LINK_MAX_COLUMNS];
    tf_person_field fields[TF_LINK_MAX_COLUMNS];
    *model_out = NULL;
    tf_status status = tf_link_recognise(records, NULL, recognised, error);
    for (uint32_t c = 0; c < tf_link_records_column_count(records) && !status; c++) {
        fields[c] = recognised[c].score >= 0.5 ? recognised[c].field : TF_PERSON_COUNT;
    }
    return status ? status
                  : tf_link_suggest(records, fields, TF_LINK_DEDUPE, &plain, 0, model_out, error);
}

static const tf_link_comparison *comparison_on(const tf_link_model *model, const char *column) {
    for (int c = 0; c < model->comparison_count; c++) {
        if (strcmp(model->comparisons[c].name, column) == 0) {
            return &model->comparisons[c];
        }
    }
    return NULL;
}

/* Whether any comparison reads the column. */
static bool is_compared(const tf_link_model *model, const char *column) {
    for (int c = 0; c < model->comparison_count; c++) {
        if (tf_link_comparison_reads(&model->comparisons[c], column)) {
            return true;
        }
    }
    return false;
}

static const char people[] =
    "id,first name,surname,dob,sex,postcode,email,phone,town,note\n"
    "1,Ann,Smith,1985-02-01,F,SW1A 1AA,ann@example.org,07700 900001,Larkenham,x\n"
    "2,Ben,Jones,1971-12-30,M,QA1 2BC,ben@example.org,07700 900002,Wrenport,x\n"
    "3,Anne,Smith,1985-02-01,F,SW1A 1AA,,07700 900001,Larkenham,x\n"
    "4,Cara,Patel,1990-06-15,F,QB2 1ZZ,cara@example.com,07700 900004,Finchley,x\n";

static void a_column_is_compared_by_what_it_holds(void **state) {
    (void)state;
    tf_link_records *records = records_of(people, "id", NULL);
    tf_link_model *model;
    tf_error error;
    assert_ok(suggest_for(records, &model, &error), &error);
    tf_link_records_free(records); /* the model's texts are its own */
    static const char *const compared[] = {"first name", "surname", "dob",   "sex",
                                           "postcode",   "email",   "phone", "town"};
    for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
        if (!is_compared(model, compared[i])) {
            fail_msg("%s is not compared", compared[i]);
        }
    }
    assert_false(is_compared(model, "note")); /* says the same of all */
    assert_false(is_compared(model, "id"));
    assert_true(model->rule_count > 3);
    assert_true(isnan(model->prior));
    tf_link_model_free(model);
}

static void what_is_suggested_can_be_written_and_read(void **state) {
    (void)state;
    tf_link_records *records = records_of(people, "id", NULL);
    tf_link_model *model, *again;
    tf_buffer first, second;
    tf_error error;
    tf_buffer_init(&first);
    tf_buffer_init(&second);
    assert_ok(suggest_for(records, &model, &error), &error);
    assert_ok(tf_link_model_write(model, &first, &error), &error);
    assert_ok(tf_link_model_read((tf_text){first.data, first.length}, &again, &error), &error);
    assert_ok(tf_link_model_write(again, &second, &error), &error);
    assert_string_equal(first.data, second.data);
    assert_int_equal(again->field_count, model->field_count);
    tf_link_matcher_free(matcher_of(again, records, 1));
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&second);
    tf_link_model_free(model);
    tf_link_model_free(again);
    tf_link_records_free(records);
}

/* The given name counts once. */
static void of_a_full_name_beside_a_given_one_the_family_name_is_compared(void **state) {
    (void)state;
    static const char csv[] = "id,given name,full name,dob\n"
                              "1,Ann,Ann Smith,1985-02-01\n2,Ben,\"JONES, Ben\",1971-12-30\n"
                              "3,Anne,Anne Smith,1985-02-01\n4,Cara,Cara Patel,1990-06-15\n";
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model;
    tf_error error;
    assert_ok(suggest_for(records, &model, &error), &error);
    assert_non_null(comparison_on(model, "given name"));
    assert_non_null(comparison_on(model, "family name"));
    assert_int_equal(model->comparison_count, 3);
    tf_link_matcher_free(matcher_of(model, records, 1));
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void names_of_columns_that_need_quotation_marks_get_them(void **state) {
    (void)state;
    static const char csv[] = "id,\"first \"\"name\"\"\",and,date of birth\n"
                              "1,Ann,Smith,1985-02-01\n2,Ben,Jones,1971-12-30\n";
    static const tf_person_field fields[] = {TF_PERSON_GIVEN_NAME, TF_PERSON_FAMILY_NAME,
                                             TF_PERSON_DATE_OF_BIRTH};
    tf_link_records *records = records_of(csv, "id", NULL);
    tf_link_model *model;
    tf_error error;
    assert_ok(tf_link_suggest(records, fields, TF_LINK_DEDUPE, &plain, 0, &model, &error), &error);
    assert_true(is_compared(model, "first \"name\""));
    assert_true(is_compared(model, "and"));
    tf_link_matcher_free(matcher_of(model, records, 1));
    tf_link_model_free(model);
    tf_link_records_free(records);
}

static void records_that_say_nothing_of_a_person_are_refused(void **state) {
    (void)state;
    static const char *const files[] = {"id,qzx\n1,17.5\n2,18.5\n3,9.5\n",
                                        "id,surname,dob\n1,Smith,1985-02-01\n2,Smith,1985-02-01\n",
                                        "id\n1\n2\n"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        tf_link_records *records = records_of(files[i], "id", NULL);
        tf_link_model *model;
        tf_error error;
        assert_int_equal(suggest_for(records, &model, &error), TF_BAD_INPUT);
        assert_null(model);
        assert_non_null(strstr(error.message, "no column"));
        tf_link_records_free(records);
    }
}

/* Of a small file the sample is all of it: no rule gives more than it may. */
static void no_rule_gives_more_pairs_than_are_allowed(void **state) {
    (void)state;
    static const double most[] = {0.5, 3, 20};
    tf_random random;
    tf_random_init(&random, 13, 1);
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_append_text(&out, "id,given_name,surname,dob,postcode,city\n");
    for (int i = 0; i < 600; i++) {
        tf_buffer_format(
            &out, "%d,g%c%c,f%c%c,19%02u-%02u-0%u,QA%u %uBC,c%c\n", i,
            'a' + (char)tf_random_below(&random, 9), 'a' + (char)tf_random_below(&random, 9),
            'a' + (char)tf_random_below(&random, 9), 'a' + (char)tf_random_below(&random, 9),
            50 + tf_random_below(&random, 20), 1 + tf_random_below(&random, 12),
            1 + tf_random_below(&random, 9), 1 + tf_random_below(&random, 9),
            1 + tf_random_below(&random, 9), 'a' + (char)tf_random_below(&random, 9));
    }
    char *csv = take_text(&out);
    tf_link_records *records = records_of(csv, "id", NULL);
    static const tf_person_field fields[] = {TF_PERSON_GIVEN_NAME, TF_PERSON_FAMILY_NAME,
                                             TF_PERSON_DATE_OF_BIRTH, TF_PERSON_POSTCODE,
                                             TF_PERSON_CITY};
    int rules_before = 0;
    for (int i = 0; i < 3; i++) {
        tf_link_model *model;
        link_blocks *blocks;
        tf_error error;
        assert_ok(tf_link_suggest(records, fields, TF_LINK_DEDUPE, &plain, most[i], &model, &error),
                  &error);
        link_reading reading = {.model = model, .standardiser = &plain};
        assert_ok(link_blocks_new(records, &reading, model->rules, model->rule_count, model->type,
                                  UINT32_MAX, 1, &blocks, &error),
                  &error);
        for (int r = 0; r < model->rule_count; r++) {
            assert_true((double)blocks->rules[r].report.pairs <= most[i] * 600);
        }
        assert_true(model->rule_count >= rules_before);
        rules_before = model->rule_count;
        link_blocks_free(blocks);
        tf_link_model_free(model);
    }
    assert_true(rules_before > 4);
    tf_link_records_free(records);
    free(csv);
}

static void suggesting_fails_cleanly_without_memory(void **state) {
    (void)state;
    tf_link_records *records = records_of(people, "id", NULL);
    tf_link_model *model;
    tf_error error;
    assert_ok(suggest_for(records, &model, &error), &error);
    int comparisons = model->comparison_count;
    int rules = model->rule_count;
    tf_link_model_free(model);
    bool was_reached = true;
    for (long n = 0; was_reached; n++) {
        fail_allocation(n);
        tf_status status = suggest_for(records, &model, NULL);
        was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_int_equal(model->comparison_count, comparisons);
            assert_int_equal(model->rule_count, rules);
            tf_link_model_free(model);
        } else {
            assert_int_equal(status, TF_NO_MEMORY);
            assert_null(model);
        }
    }
    tf_link_records_free(records);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_is_compared_by_what_it_holds),
        cmocka_unit_test(what_is_suggested_can_be_written_and_read),
        cmocka_unit_test(of_a_full_name_beside_a_given_one_the_family_name_is_compared),
        cmocka_unit_test(names_of_columns_that_need_quotation_marks_get_them),
        cmocka_unit_test(records_that_say_nothing_of_a_person_are_refused),
        cmocka_unit_test(no_rule_gives_more_pairs_than_are_allowed),
        cmocka_unit_test(suggesting_fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
