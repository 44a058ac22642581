#include "check.h"

#include "fail_allocations.h"
#include "zip_fixture.h"

#include "trefoil/table/archive.h"

static tf_archive *open_fixture(zip_fixture *zip) {
    tf_archive *archive;
    tf_error error;
    zip_finish(zip);
    assert_ok(
        tf_archive_open_memory(zip->archive.data, zip->archive.length, "a.zip", &archive, &error),
        &error);
    return archive;
}

/* All of member `index`, up to `capacity` bytes. */
static tf_status read_member(tf_archive *archive, size_t index, void *buffer, size_t capacity,
                             size_t *length_out, tf_error *error) {
    tf_source *source;
    tf_status status = tf_archive_open_member(archive, index, &source, error);
    if (!status) {
        status = tf_source_read(source, buffer, capacity, length_out, error);
    }
    tf_source_close(source);
    return status;
}

static void members_are_read_in_any_order(void **state) {
    (void)state;
    zip_fixture zip = {0};
    zip_add_text(&zip, "folder/deflated.csv", "one,two\n1,2\n");
    zip_add(&zip, &(zip_member){.name = "stored.csv", .bytes = "three\n", .length = 6});
    zip_add(&zip, &(zip_member){.name = "folder/", .bytes = "", .length = 0});
    tf_archive *archive = open_fixture(&zip);
    assert_int_equal(tf_archive_member_count(archive), 3);
    assert_string_equal(tf_archive_member_name(archive, 0), "folder/deflated.csv");
    assert_string_equal(tf_archive_member_name(archive, 1), "stored.csv");
    assert_string_equal(tf_archive_member_name(archive, 2), "folder/");
    static const char *const expected[] = {"one,two\n1,2\n", "three\n", ""};
    static const size_t order[] = {1, 0, 2, 0};
    for (size_t i = 0; i < 4; i++) {
        char text[100];
        size_t length;
        tf_error error;
        assert_ok(read_member(archive, order[i], text, sizeof text, &length, &error), &error);
        assert_int_equal(length, strlen(expected[order[i]]));
        assert_memory_equal(text, expected[order[i]], length);
    }
    tf_archive_close(archive);
    zip_deinit(&zip);
}

static void a_member_has_name_progress_and_checksum(void **state) {
    (void)state;
    zip_fixture zip = {0};
    zip_add_text(&zip, "b/c.csv", "abc");
    tf_archive *archive = open_fixture(&zip);
    tf_source *source;
    tf_error error;
    char text[10];
    char sha256[TF_SHA256_TEXT_SIZE];
    size_t length;
    uint64_t consumed;
    uint64_t total;
    assert_ok(tf_archive_open_member(archive, 0, &source, &error), &error);
    assert_string_equal(tf_source_name(source), "a.zip/b/c.csv");
    assert_ok(tf_source_read(source, text, 10, &length, &error), &error);
    assert_int_equal(length, 3);
    assert_ok(tf_source_sha256(source, sha256, &error), &error);
    /* FIPS 180-4's example */
    assert_string_equal(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    tf_source_progress(source, &consumed, &total);
    assert_int_equal(consumed, 3);
    assert_int_equal(total, 3);
    tf_source_close(source);
    tf_archive_close(archive);
    zip_deinit(&zip);
}

static void a_gzip_member_is_unpacked_too(void **state) {
    (void)state;
    static const unsigned char abc_gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00,
                                             0x02, 0x03, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0xc2,
                                             0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00};
    zip_fixture zip = {0};
    zip_add(&zip, &(zip_member){.name = "c.csv.gz", .bytes = abc_gzip, .length = sizeof abc_gzip});
    tf_archive *archive = open_fixture(&zip);
    char text[10];
    size_t length;
    tf_error error;
    assert_ok(read_member(archive, 0, text, 10, &length, &error), &error);
    assert_int_equal(length, 3);
    assert_memory_equal(text, "abc", 3);
    tf_archive_close(archive);
    zip_deinit(&zip);
}

/* macOS leaves the stored size in a local header whose sizes follow the data, against APPNOTE
 * 4.4.4; libzip 1.7 refuses that if asked for its consistency checks. */
static void archives_of_macos_are_read(void **state) {
    (void)state;
    zip_fixture zip = {0};
    zip_add(&zip, &(zip_member){.name = "c.csv",
                                .bytes = "abc",
                                .length = 3,
                                .deflate = true,
                                .flags = ZIP_SIZES_FOLLOW});
    tf_archive *archive = open_fixture(&zip);
    char text[10];
    size_t length;
    tf_error error;
    assert_ok(read_member(archive, 0, text, 10, &length, &error), &error);
    assert_int_equal(length, 3);
    tf_archive_close(archive);
    zip_deinit(&zip);
}

/* UTF-8 with and without the archive saying so; code page 437, the old default; a surrogate. */
static void names_are_always_utf8(void **state) {
    (void)state;
    static const struct {
        const char *name;
        unsigned flags;
        const char *expected;
    } cases[] = {
        {"caf\xc3\xa9.csv", ZIP_NAME_IS_UTF8, "caf\xc3\xa9.csv"},
        {"caf\xc3\xa9.csv", 0, "caf\xc3\xa9.csv"},
        {"caf\x82.csv", 0, "caf\xc3\xa9.csv"},
        {"caf\xed\xa0\x80.csv", ZIP_NAME_IS_UTF8, "caf???.csv"},
        {"../../etc/passwd", 0, "../../etc/passwd"},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    zip_fixture zip = {0};
    for (size_t i = 0; i < COUNT; i++) {
        zip_add(&zip,
                &(zip_member){
                    .name = cases[i].name, .bytes = "x", .length = 1, .flags = cases[i].flags});
    }
    tf_archive *archive = open_fixture(&zip);
    for (size_t i = 0; i < COUNT; i++) {
        assert_string_equal(tf_archive_member_name(archive, i), cases[i].expected);
    }
    tf_archive_close(archive);
    zip_deinit(&zip);
}

static void a_member_that_cannot_be_read_says_why(void **state) {
    (void)state;
    static const struct {
        zip_member member;
        tf_code code;
        const char *message;
    } cases[] = {
        {{.flags = ZIP_ENCRYPTED},
         TF_UNSUPPORTED,
         "the member is encrypted; unpack the archive with its password first"},
        {{.method = 9}, /* Deflate64 */
         TF_UNSUPPORTED,
         "the member is compressed by method 9, which is not read; pack it again with the ordinary "
         "method, Deflate"},
        {{.method = 14}, /* LZMA, which libzip could read */
         TF_UNSUPPORTED,
         "the member is compressed by method 14, which is not read; pack it again with the "
         "ordinary method, Deflate"},
        {{.method = 8}, /* but is stored */
         TF_BAD_INPUT,
         "the ZIP archive is damaged (libzip fault 13); fetch the file again"},
        {{.crc_mask = 1},
         TF_BAD_INPUT,
         "the ZIP archive is damaged (libzip fault 7); fetch the file again"},
        {{.claimed_size = 2},
         TF_BAD_INPUT,
         "the ZIP archive is damaged (libzip fault 21); fetch the file again"},
        {{.claimed_size = 1000000000},
         TF_BAD_INPUT,
         "the ZIP archive is damaged (libzip fault 21); fetch the file again"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zip_fixture zip = {0};
        zip_member member = cases[i].member;
        member.name = "c.csv";
        member.bytes = "\377\377\377\377";
        member.length = 4;
        zip_add(&zip, &member);
        tf_archive *archive = open_fixture(&zip);
        char text[10];
        size_t length;
        tf_error error;
        assert_int_equal(read_member(archive, 0, text, 10, &length, &error), cases[i].code);
        assert_string_equal(error.place, "a.zip/c.csv");
        assert_string_equal(error.message, cases[i].message);
        tf_archive_close(archive);
        zip_deinit(&zip);
    }
}

static void a_decompression_bomb_is_refused(void **state) {
    (void)state;
    enum { LENGTH = 128 << 20, STEP = 1 << 20 };
    zip_fixture zip = {0};
    void *zeros = tf_alloc_zeroed(LENGTH, 1);
    zip_add(&zip, &(zip_member){.name = "c", .bytes = zeros, .length = LENGTH, .deflate = true});
    tf_archive *archive = open_fixture(&zip);
    tf_source *source;
    tf_error error;
    size_t total = 0;
    size_t length = STEP;
    assert_ok(tf_archive_open_member(archive, 0, &source, &error), &error);
    tf_status status = TF_OK;
    while (!status && length == STEP) {
        status = tf_source_read(source, zeros, STEP, &length, &error);
        total += length;
    }
    assert_int_equal(status, TF_BAD_INPUT);
    assert_string_equal(error.message,
                        "the compressed data expands more than 200 times, which no real data "
                        "does; ask its publisher for another file");
    assert_in_range(total, 64 << 20, 91 << 20);
    tf_source_close(source);
    tf_archive_close(archive);
    tf_free(zeros);
    zip_deinit(&zip);
}

static void what_is_no_archive_is_refused(void **state) {
    (void)state;
    tf_archive *archive;
    tf_error error;
    assert_int_equal(tf_archive_open_memory("", 0, "a.zip", &archive, &error), TF_BAD_INPUT);
    assert_string_equal(error.message, "this is not a ZIP archive");
    assert_int_equal(tf_archive_open_memory("Crime ID,Month", 14, "a.csv", &archive, &error),
                     TF_BAD_INPUT);
    assert_string_equal(error.place, "a.csv");
    assert_int_equal(tf_archive_open("/", &archive, &error), TF_BAD_INPUT);
    assert_int_equal(tf_archive_open("/dev/null", &archive, &error), TF_BAD_INPUT);
    assert_int_equal(tf_archive_open("/nowhere.zip", &archive, &error), TF_NOT_FOUND);
    assert_null(archive);
    assert_false(tf_archive_is_zip("/"));
    assert_false(tf_archive_is_zip("/nowhere.zip"));
    assert_false(tf_archive_is_zip("/dev/null"));
    tf_archive_close(NULL);
}

static void an_archive_cut_off_anywhere_is_refused(void **state) {
    (void)state;
    zip_fixture zip = {0};
    zip_add_text(&zip, "a.csv", "a\n1\n");
    zip_add_text(&zip, "b.csv", "b\n1\n");
    zip_finish(&zip);
    for (size_t length = 4; length < zip.archive.length; length++) {
        tf_archive *archive;
        assert_int_equal(tf_archive_open_memory(zip.archive.data, length, "a.zip", &archive, NULL),
                         TF_BAD_INPUT);
        assert_null(archive);
    }
    zip_deinit(&zip);
}

/* Names, sizes and checksums by unzip and sha256sum. */
static void a_real_archive_is_read(void **state) {
    (void)state;
    char path[1000];
    REAL_DATA("geography/LAD23_mid_year_pop_2011_to_2022.xlsx", path);
    tf_archive *archive;
    tf_error error;
    assert_true(tf_archive_is_zip(path));
    assert_ok(tf_archive_open(path, &archive, &error), &error);
    assert_int_equal(tf_archive_member_count(archive), 65);
    assert_string_equal(tf_archive_member_name(archive, 11), "xl/worksheets/sheet8.xml");
    static char text[1200000];
    size_t length;
    tf_source *source;
    char sha256[TF_SHA256_TEXT_SIZE];
    assert_ok(tf_archive_open_member(archive, 11, &source, &error), &error);
    assert_ok(tf_source_read(source, text, sizeof text, &length, &error), &error);
    assert_int_equal(length, 1159088);
    assert_ok(tf_source_sha256(source, sha256, &error), &error);
    assert_string_equal(sha256, "a99ba0ea0ba6cf7895aed38456c3e8fa826a821b2a80f92016f8848a91a9d905");
    tf_source_close(source);
    tf_archive_close(archive);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    zip_fixture zip = {0};
    zip_add_text(&zip, "a.csv", "abc");
    zip_add(&zip,
            &(zip_member){
                .name = "\xed\xa0\x80.csv", .bytes = "x", .length = 1, .flags = ZIP_NAME_IS_UTF8});
    zip_finish(&zip);
    for (long n = 0;; n++) {
        tf_archive *archive;
        char text[10];
        size_t length;
        fail_allocation(n);
        tf_status status =
            tf_archive_open_memory(zip.archive.data, zip.archive.length, "a.zip", &archive, NULL);
        if (!status) {
            status = read_member(archive, 0, text, sizeof text, &length, NULL);
        }
        bool was_reached = stop_failing_allocations();
        tf_archive_close(archive);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 5);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
    zip_deinit(&zip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_read_in_any_order),
        cmocka_unit_test(a_member_has_name_progress_and_checksum),
        cmocka_unit_test(a_gzip_member_is_unpacked_too),
        cmocka_unit_test(archives_of_macos_are_read),
        cmocka_unit_test(names_are_always_utf8),
        cmocka_unit_test(a_member_that_cannot_be_read_says_why),
        cmocka_unit_test(a_decompression_bomb_is_refused),
        cmocka_unit_test(what_is_no_archive_is_refused),
        cmocka_unit_test(an_archive_cut_off_anywhere_is_refused),
        cmocka_unit_test(a_real_archive_is_read),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
