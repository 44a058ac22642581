#include "check.h"
#include "fail_allocations.h"

#include "web/http/form.h"

static const tf_field fields[] = {
    {.name = "note", .label = "Note"},
    {.name = "files", .label = "Files", .kind = TF_FIELD_FILES, .is_required = true},
};

static tf_arena *arena;
static tf_form form;

static int open_arena(void **state) {
    (void)state;
    arena = tf_arena_new();
    return arena ? 0 : -1;
}

static int close_arena(void **state) {
    (void)state;
    tf_arena_free(arena);
    return 0;
}

static tf_status parse_as(const char *type, const char *body) {
    tf_error error = {0};
    tf_status status = tf_form_parse_multipart(fields, 2, tf_text_of(type), tf_text_of(body), arena,
                                               &form, &error);
    assert_true((status == TF_OK) == (error.message[0] == '\0'));
    return status;
}

static tf_status parse(const char *body) {
    return parse_as("multipart/form-data; boundary=b", body);
}

static void assert_text(tf_text text, const char *expected) {
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.data, expected, text.length);
}

/* The name that a file gets which was sent with this one, as it stands between the quotes. */
static void assert_file_name(const char *sent, const char *expected) {
    char body[1024];
    snprintf(body, sizeof body,
             "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"%s\"\r\n\r\nx\r\n"
             "--b--\r\n",
             sent);
    assert_int_equal(parse(body), TF_OK);
    assert_int_equal(form.upload_count, 1);
    assert_text(form.uploads[0].name, expected);
}

static void texts_and_files_are_told_apart(void **state) {
    (void)state;
    assert_int_equal(
        parse("--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na\r\nb\r\n"
              "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"one.csv\"\r\n"
              "Content-Type: text/csv\r\n\r\n1,2\r\n\r\n"
              "--b\r\ncontent-disposition:form-data;filename=two.csv;name=files\r\n\r\n--b\r\n"
              "--b--\r\n"),
        TF_OK);
    assert_text(tf_form_value(&form, "note")->text, "a\r\nb");
    assert_int_equal(form.upload_count, 2);
    assert_int_equal(tf_form_value(&form, "files")->number, 2);
    assert_text(form.uploads[0].name, "one.csv");
    assert_text(form.uploads[0].content, "1,2\r\n");
    assert_ptr_equal(form.uploads[0].field, &fields[1]);
    assert_text(form.uploads[1].name, "two.csv");
    assert_text(form.uploads[1].content, "--b");
    assert_int_equal(form.error_count, 0);
}

static void a_boundary_may_be_quoted(void **state) {
    (void)state;
    assert_int_equal(
        parse_as("Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\"",
                 "--a b:c\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n"
                 "--a b:c--"),
        TF_OK);
    assert_text(tf_form_value(&form, "note")->text, "x");
}

static void a_file_that_was_not_chosen_is_missing(void **state) {
    (void)state;
    assert_int_equal(
        parse("--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\"\r\n"
              "Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n"),
        TF_OK);
    assert_int_equal(form.upload_count, 0);
    assert_string_equal(tf_form_value(&form, "files")->error, "Select the files");
}

static void an_empty_file_is_a_file(void **state) {
    (void)state;
    assert_int_equal(parse("--b\r\nContent-Disposition: form-data; name=\"files\"; "
                           "filename=\"a\"\r\n\r\n\r\n--b--\r\n"),
                     TF_OK);
    assert_int_equal(form.upload_count, 1);
    assert_int_equal(form.uploads[0].content.length, 0);
}

static void a_file_name_has_no_folder_and_no_control_character(void **state) {
    (void)state;
    assert_file_name("a.csv", "a.csv");
    assert_file_name("../../etc/passwd", "passwd");
    assert_file_name("C:\\\\data\\\\a.csv", "a.csv");
    assert_file_name("C:\\data\\a.csv", "a.csv");
    assert_file_name("..", "file");
    assert_file_name("a/.", "file");
    assert_file_name("a/", "file");
    assert_file_name("a\tb", "ab");
    assert_file_name("say %22hi%22.csv", "say \"hi\".csv");
    assert_file_name("say \\\"hi\\\".csv", "say \"hi\".csv");
    assert_file_name("caf\xC3\xA9.csv", "caf\xC3\xA9.csv");
    assert_file_name("caf\xE9.csv", "caf?.csv");
    assert_file_name("<script>.csv", "<script>.csv");
}

static void a_long_file_name_is_cut_between_characters(void **state) {
    (void)state;
    char name[600] = "a";
    for (int i = 0; i < 200; i++) {
        strcat(name, "\xC3\xA9");
    }
    char expected[256];
    snprintf(expected, sizeof expected, "%.255s", name);
    assert_file_name(name, expected);
    memmove(name + 1, name, strlen(name) + 1);
    snprintf(expected, sizeof expected, "%.254s", name);
    assert_file_name(name, expected);
}

static void what_is_damaged_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "--",
        "x--b\r\n",
        "--b",
        "--b\r\n",
        "--bb--",
        "--b-",
        "--b--x",
        "--b\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx",
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--b",
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\n--b--\r\n",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=\"note\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"note\"; name=\"a\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\nContent-Disposition: form-data; "
        "name=\"a\"\r\n\r\nx\r\n--b--",
        "--b\r\n Content-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\nContent-Transfer-Encoding: "
        "base64\r\n\r\neA==\r\n--b--",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i]) != TF_BAD_INPUT) {
            fail_msg("\"%s\" was taken for a form", bad[i]);
        }
    }
}

static void a_boundary_is_needed(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; b",
        "multipart/mixed; boundary=b",
        "multipart/form-data; boundary=b; boundary=c",
        "multipart/form-data; boundary=\"b\x01\"",
        ("multipart/form-data; "
         "boundary=12345678901234567890123456789012345678901234567890123456789012345678901"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(parse_as(bad[i], "--b--\r\n"), TF_BAD_INPUT);
    }
}

static void parts_and_their_headers_are_bounded(void **state) {
    (void)state;
    static const char part[] = "\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--b";
    static char body[1100 * sizeof part];
    char *end = stpcpy(body, "--b");
    for (int i = 0; i < 1000; i++) {
        end = stpcpy(end, part);
    }
    stpcpy(end, "--");
    assert_int_equal(parse(body), TF_OK);
    stpcpy(stpcpy(end, part), "--");
    assert_int_equal(parse(body), TF_BAD_INPUT);

    end = stpcpy(body, "--b\r\nContent-Disposition: form-data; name=\"");
    memset(end, 'a', 9000);
    stpcpy(end + 9000, "\"\r\n\r\nx\r\n--b--");
    assert_int_equal(parse(body), TF_BAD_INPUT);
}

static void a_failed_allocation_is_told(void **state) {
    (void)state;
    static const char part[] =
        "\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a\"\r\n\r\n\r\n--b";
    static char body[900 * sizeof part];
    char *end = stpcpy(body, "--b");
    for (int i = 0; i < 800; i++) {
        end = stpcpy(end, part);
    }
    stpcpy(end, "--");
    for (long n = 0;; n++) {
        tf_arena *own = tf_arena_new();
        assert_non_null(own);
        fail_allocation(n);
        tf_status status =
            tf_form_parse_multipart(fields, 2, tf_text_of("multipart/form-data; boundary=b"),
                                    tf_text_of(body), own, &form, NULL);
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 1);
            assert_int_equal(form.upload_count, 800);
        }
        tf_arena_free(own);
        if (status == TF_OK) {
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_files_are_told_apart),
        cmocka_unit_test(a_boundary_may_be_quoted),
        cmocka_unit_test(a_file_that_was_not_chosen_is_missing),
        cmocka_unit_test(an_empty_file_is_a_file),
        cmocka_unit_test(a_file_name_has_no_folder_and_no_control_character),
        cmocka_unit_test(a_long_file_name_is_cut_between_characters),
        cmocka_unit_test(what_is_damaged_is_refused),
        cmocka_unit_test(a_boundary_is_needed),
        cmocka_unit_test(parts_and_their_headers_are_bounded),
        cmocka_unit_test(a_failed_allocation_is_told),
    };
    return cmocka_run_group_tests_name("web/http/multipart", tests, open_arena, close_arena);
}
