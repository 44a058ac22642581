/* Golden pages.  To write them anew after a change that is meant:
 *     TREFOIL_WRITE_GOLDEN=1 meson test -C build cli-profile_text
 * and read the difference before it is committed. */
#include "check.h"

#include "../insight/profile_sample.h"
#include "cli/profile_text.h"

static char *read_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        return strdup("");
    }
    char *text = calloc(1, 1 << 16);
    size_t length = fread(text, 1, (1 << 16) - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void render(const tf_profile *profile, bool is_utf8, bool has_colour, tf_buffer *out) {
    tf_buffer_init(out);
    tf_terminal page = {.out = out, .is_utf8 = is_utf8, .has_colour = has_colour};
    tf_profile_text_write(profile, &page);
    assert_ok(tf_buffer_check(out, NULL), NULL);
}

static void check_golden(const tf_profile *profile, bool is_utf8, bool has_colour,
                         const char *name) {
    tf_buffer out;
    render(profile, is_utf8, has_colour, &out);
    char path[512];
    snprintf(path, sizeof path, "%s/tests/cli/golden/%s.txt", getenv("TREFOIL_SOURCE"), name);
    if (getenv("TREFOIL_WRITE_GOLDEN")) {
        write_file(path, out.data);
    }
    char *expected = read_file(path);
    assert_string_equal(out.data, expected);
    free(expected);
    tf_buffer_deinit(&out);
}

static void a_profile_reads_as_the_page_that_was_approved(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    check_golden(&sample.profile, true, false, "profile");
}

static void without_utf8_the_page_is_ascii(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    check_golden(&sample.profile, false, false, "profile_ascii");
    tf_buffer out;
    render(&sample.profile, false, false, &out);
    for (size_t i = 0; i < out.length; i++) {
        assert_true(out.data[i] == '\n' || (out.data[i] >= 0x20 && out.data[i] < 0x7F));
    }
    tf_buffer_deinit(&out);
}

static void what_is_not_known_is_said_and_not_shown(void **state) {
    (void)state;
    profile_sample sample;
    sample_make_empty(&sample);
    check_golden(&sample.profile, true, false, "profile_empty");
    tf_buffer out;
    render(&sample.profile, true, false, &out);
    assert_null(strstr(out.data, "nan"));
    assert_null(strstr(out.data, "inf"));
    assert_non_null(strstr(out.data, "no population for Luton"));
    tf_buffer_deinit(&out);
}

static void no_line_is_wider_than_the_terminal(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_buffer out;
    render(&sample.profile, true, false, &out);
    for (const char *line = out.data; *line; line += strcspn(line, "\n") + 1) {
        tf_text text = {line, strcspn(line, "\n")};
        if (tf_text_width(text) > TF_TERMINAL_WIDTH) {
            fail_msg("%.*s", TF_TEXT_ARG(text));
        }
    }
    tf_buffer_deinit(&out);
}

static void colours_are_all_that_a_terminal_adds(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_buffer plain, coloured;
    render(&sample.profile, true, false, &plain);
    render(&sample.profile, true, true, &coloured);
    assert_true(coloured.length > plain.length);
    size_t kept = 0;
    for (size_t i = 0; i < coloured.length; i++) {
        if (coloured.data[i] == '\x1b') {
            while (coloured.data[i] != 'm') {
                i++;
            }
        } else if (coloured.data[i] != ' ' && coloured.data[i] != '\n') {
            while (plain.data[kept] == ' ' || plain.data[kept] == '\n') {
                kept++;
            }
            assert_int_equal(coloured.data[i], plain.data[kept]);
            kept++;
        }
    }
    tf_buffer_deinit(&plain);
    tf_buffer_deinit(&coloured);
}

static void a_name_cannot_steer_the_terminal(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    sample.areas[0].name = "\x1b]0;evil\x07\xC2\x9B"
                           "31m\xFF";
    tf_buffer out;
    render(&sample.profile, true, false, &out);
    assert_null(strchr(out.data, '\x1b'));
    assert_null(strchr(out.data, '\x07'));
    assert_null(strstr(out.data, "\xC2\x9B"));
    tf_buffer_deinit(&out);
}

static void three_years_and_forty_fit_too(void **state) {
    (void)state;
    static tf_profile_month months[480];
    for (int i = 0; i < 480; i++) {
        months[i] = (tf_profile_month){.month = tf_month_of(1985, 3) + i,
                                       .count = 100 + i % 12 * 5,
                                       .centre = NAN,
                                       .lower = NAN,
                                       .upper = NAN};
    }
    profile_sample sample;
    sample_make(&sample);
    sample.profile.months = months;
    for (size_t count = 1; count <= 480; count++) {
        sample.profile.month_count = count;
        tf_buffer out;
        render(&sample.profile, true, false, &out);
        for (const char *line = out.data; *line; line += strcspn(line, "\n") + 1) {
            assert_true(tf_text_width((tf_text){line, strcspn(line, "\n")}) <= TF_TERMINAL_WIDTH);
        }
        tf_buffer_deinit(&out);
    }
    sample.profile.month_count = 36;
    check_golden(&sample.profile, true, false, "profile_three_years");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_reads_as_the_page_that_was_approved),
        cmocka_unit_test(without_utf8_the_page_is_ascii),
        cmocka_unit_test(what_is_not_known_is_said_and_not_shown),
        cmocka_unit_test(no_line_is_wider_than_the_terminal),
        cmocka_unit_test(colours_are_all_that_a_terminal_adds),
        cmocka_unit_test(a_name_cannot_steer_the_terminal),
        cmocka_unit_test(three_years_and_forty_fit_too),
    };
    return cmocka_run_group_tests_name("cli/profile_text", tests, NULL, NULL);
}
