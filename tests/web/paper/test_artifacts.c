/* What a page draws outside of its structure, in the content streams that cairo writes. */
#include "check.h"

#include "web/paper/artifacts_internal.h"

static tf_buffer out;

static int set_up(void **state) {
    (void)state;
    tf_buffer_init(&out);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    tf_buffer_deinit(&out);
    return 0;
}

static void check(const char *content, const char *expected) {
    tf_error error;
    assert_ok(tf_artifacts_mark(tf_text_of(content), &out, &error), &error);
    assert_string_equal(out.data, expected);
}

static void decoration_around_marked_content_is_an_artifact(void **state) {
    (void)state;
    check("0 0 0 rg 1 2 30 4 re f\n/P << /MCID 0 >> BDC\nBT (a)Tj ET\nEMC\n",
          "0 0 0 rg /Artifact BMC\n1 2 30 4 re f\nEMC\n/P << /MCID 0 >> BDC\nBT (a)Tj ET\nEMC\n");
}

static void what_follows_the_last_mark_is_the_foot_of_the_page(void **state) {
    (void)state;
    check("/P << /MCID 0 >> BDC BT (a)Tj ET EMC BT (Page 1)Tj ET",
          "/P << /MCID 0 >> BDC BT (a)Tj ET EMC "
          "/Artifact << /Type /Pagination /Subtype /Footer >> BDC\nBT (Page 1)Tj ET\nEMC");
}

static void a_path_is_one_artifact_up_to_what_paints_it(void **state) {
    (void)state;
    check(
        "q 1 0 0 1 0 0 cm 0 0 m 1 1 l h S 5 5 m 6 6 l W n Q /x5 Do /H1 << /MCID 0 >> BDC EMC",
        "q 1 0 0 1 0 0 cm /Artifact BMC\n0 0 m 1 1 l h S\nEMC /Artifact BMC\n5 5 m 6 6 l W n\nEMC "
        "Q /Artifact BMC\n/x5 Do\nEMC /H1 << /MCID 0 >> BDC EMC");
}

static void words_in_strings_are_no_operators(void **state) {
    (void)state;
    check("/P << /MCID 0 >> BDC BT (EMC \\) (BT) EMC)Tj [(f)-12<454D43>]TJ ET EMC",
          "/P << /MCID 0 >> BDC BT (EMC \\) (BT) EMC)Tj [(f)-12<454D43>]TJ ET EMC");
}

static void marks_within_an_artifact_stay_in_it(void **state) {
    (void)state;
    check("BT /Span << /ActualText <feff0020> >> BDC (a)Tj EMC ET /P << /MCID 0 >> BDC EMC",
          "/Artifact BMC\nBT /Span << /ActualText <feff0020> >> BDC (a)Tj EMC ET\nEMC "
          "/P << /MCID 0 >> BDC EMC");
}

static void what_cairo_never_writes_is_refused(void **state) {
    (void)state;
    static const char *const broken[] = {"BI /W 1 ID x EI", "EMC",   "/P BMC",
                                         "BT (a)Tj",        "0 0 m", "BT EMC ET"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        tf_error error;
        assert_int_equal(tf_artifacts_mark(tf_text_of(broken[i]), &out, &error), TF_INTERNAL);
    }
}

static void content_that_is_cut_off_anywhere_is_read_no_further(void **state) {
    (void)state;
    const char content[] = "/P << /MCID 0 >> BDC BT (a\\)b)Tj [(f)<45>]TJ ET EMC % end\n0 0 m S";
    for (size_t length = 0; length < sizeof content; length++) {
        char *copy = malloc(length ? length : 1); /* so that a sanitizer sees one byte too many */
        assert_non_null(copy);
        memcpy(copy, content, length);
        tf_error error;
        tf_status status = tf_artifacts_mark((tf_text){copy, length}, &out, &error);
        assert_true(status == TF_OK || status == TF_INTERNAL);
        free(copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(decoration_around_marked_content_is_an_artifact, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_follows_the_last_mark_is_the_foot_of_the_page, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_path_is_one_artifact_up_to_what_paints_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(words_in_strings_are_no_operators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(marks_within_an_artifact_stay_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cairo_never_writes_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(content_that_is_cut_off_anywhere_is_read_no_further, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
