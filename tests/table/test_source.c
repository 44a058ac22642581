#include "check.h"

#include "fail_allocations.h"

#include "trefoil/base/hash.h"
#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"
#include "trefoil/table/source.h"

#include <zlib.h>

/* printf abc | gzip -9n */
static const unsigned char abc_gzip[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00,
                                         0x02, 0x03, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0xc2,
                                         0x41, 0x24, 0x35, 0x03, 0x00, 0x00, 0x00};

/* Everything of an open source, `step` bytes at a time. */
static tf_status read_all(tf_source *source, size_t step, tf_buffer *text_out, tf_error *error) {
    char *piece = tf_alloc(step, 1);
    tf_status status = piece ? TF_OK : tf_fail_no_memory(error);
    size_t length = step;
    tf_buffer_init(text_out);
    while (!status && length == step) {
        status = tf_source_read(source, piece, step, &length, error);
        if (!status) {
            tf_buffer_append(text_out, piece, length);
            status = tf_buffer_check(text_out, error);
        }
    }
    tf_free(piece);
    return status;
}

static tf_status read_memory(const void *bytes, size_t length, size_t step, tf_buffer *text_out,
                             tf_error *error) {
    tf_source *source;
    tf_buffer_init(text_out);
    tf_status status = tf_source_open_memory(bytes, length, "test", &source, error);
    if (!status) {
        status = read_all(source, step, text_out, error);
        tf_source_close(source);
    }
    return status;
}

static void assert_memory_gives(const void *bytes, size_t length, const char *expected) {
    static const size_t steps[] = {1, 2, 3, 5, 1000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        tf_buffer text;
        tf_error error;
        assert_ok(read_memory(bytes, length, steps[i], &text, &error), &error);
        assert_int_equal(text.length, strlen(expected));
        assert_memory_equal(text.data ? text.data : "", expected, text.length);
        tf_buffer_deinit(&text);
    }
}

static void assert_memory_is_refused(const void *bytes, size_t length, const char *message) {
    tf_buffer text;
    tf_error error;
    assert_int_equal(read_memory(bytes, length, 1000, &text, &error), TF_BAD_INPUT);
    assert_string_equal(error.place, "test");
    assert_string_equal(error.message, message);
    tf_buffer_deinit(&text);
}

/* Append `length` bytes as one gzip member. */
static void append_gzip(tf_buffer *buffer, const void *bytes, size_t length) {
    z_stream stream = {.next_in = (void *)bytes, .avail_in = (unsigned)length};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, length);
    unsigned char *member = tf_alloc(bound, 1);
    stream.next_out = member;
    stream.avail_out = (unsigned)bound;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    tf_buffer_append(buffer, member, stream.total_out);
    tf_free(member);
    deflateEnd(&stream);
}

/* Bytes that compress a little. */
static unsigned char *random_bytes(size_t length) {
    tf_random random;
    tf_random_init(&random, 1, 1);
    unsigned char *bytes = tf_alloc(length, 1);
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (unsigned char)tf_random_below(&random, 100);
    }
    return bytes;
}

static void plain_bytes_are_given_as_they_are(void **state) {
    (void)state;
    assert_memory_gives("", 0, "");
    assert_memory_gives(NULL, 0, "");
    assert_memory_gives("a", 1, "a");
    assert_memory_gives("Crime ID,Month\r\n", 16, "Crime ID,Month\r\n");
    assert_memory_gives("\x1fP", 2, "\x1fP");
}

static void gzip_is_known_by_its_first_bytes(void **state) {
    (void)state;
    assert_memory_gives(abc_gzip, sizeof abc_gzip, "abc");
}

static void gzip_members_one_after_another_are_one_stream(void **state) {
    (void)state;
    enum { LENGTH = 1000000 };
    unsigned char *bytes = random_bytes(LENGTH);
    tf_buffer members;
    tf_buffer_init(&members);
    append_gzip(&members, bytes, LENGTH / 2);
    append_gzip(&members, "", 0);
    append_gzip(&members, bytes + LENGTH / 2, LENGTH - LENGTH / 2);
    static const size_t steps[] = {999, 65536, LENGTH, LENGTH + 1};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        tf_buffer text;
        tf_error error;
        assert_ok(read_memory(members.data, members.length, steps[i], &text, &error), &error);
        assert_int_equal(text.length, LENGTH);
        assert_memory_equal(text.data, bytes, LENGTH);
        tf_buffer_deinit(&text);
    }
    tf_buffer_deinit(&members);
    tf_free(bytes);
}

/* A member may end anywhere in the reader's buffer; its successor's two first bytes may be split
 * between two fillings. */
static void members_may_meet_at_any_offset(void **state) {
    (void)state;
    tf_buffer members;
    tf_buffer_init(&members);
    enum { COUNT = 40000 }; /* 920,000 bytes of 23-byte members: the buffer is no multiple */
    for (int i = 0; i < COUNT; i++) {
        tf_buffer_append(&members, abc_gzip, sizeof abc_gzip);
    }
    tf_buffer text;
    tf_error error;
    assert_ok(read_memory(members.data, members.length, 4096, &text, &error), &error);
    assert_int_equal(text.length, 3 * COUNT);
    for (size_t i = 0; i < text.length; i++) {
        assert_int_equal(text.data[i], "abc"[i % 3]);
    }
    tf_buffer_deinit(&text);
    tf_buffer_deinit(&members);
}

static void zeros_after_gzip_data_are_padding(void **state) {
    (void)state;
    static unsigned char padded[sizeof abc_gzip + 600000];
    memcpy(padded, abc_gzip, sizeof abc_gzip);
    assert_memory_gives(padded, sizeof abc_gzip + 1, "abc");
    assert_memory_gives(padded, sizeof padded, "abc");
    padded[sizeof padded - 1] = 'x';
    assert_memory_is_refused(padded, sizeof padded,
                             "other bytes follow the gzip data and its padding, from byte 600022 "
                             "on; fetch the file again");
}

static void other_bytes_after_gzip_data_are_refused(void **state) {
    (void)state;
    unsigned char followed[sizeof abc_gzip + 1];
    memcpy(followed, abc_gzip, sizeof abc_gzip);
    followed[sizeof abc_gzip] = 0x1F;
    assert_memory_is_refused(
        followed, sizeof followed,
        "other bytes follow the gzip data, from byte 23 on; fetch the file again");
}

static void gzip_cut_off_anywhere_is_refused(void **state) {
    (void)state;
    for (size_t length = 2; length < sizeof abc_gzip; length++) {
        char message[100];
        snprintf(message, sizeof message,
                 "the gzip data ends early, after %zu bytes; fetch the file again", length);
        assert_memory_is_refused(abc_gzip, length, message);
    }
}

static void gzip_with_a_wrong_byte_is_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof abc_gzip; i++) {
        unsigned char damaged[sizeof abc_gzip];
        memcpy(damaged, abc_gzip, sizeof damaged);
        damaged[i] ^= 0xFF;
        bool is_magic = i < 2;
        bool is_unchecked = i >= 4 && i < 10; /* RFC 1952: time, extra flags, system */
        if (!is_magic && !is_unchecked) {
            tf_buffer text;
            tf_error error;
            assert_int_equal(read_memory(damaged, sizeof damaged, 99, &text, &error), TF_BAD_INPUT);
            tf_buffer_deinit(&text);
        }
    }
}

/* `zeros` zero bytes, compressed into about a thousandth. */
static tf_status read_zeros(size_t zeros, uint64_t *length_out, tf_error *error) {
    tf_buffer member;
    tf_buffer_init(&member);
    void *bytes = tf_alloc_zeroed(zeros, 1);
    append_gzip(&member, bytes, zeros);
    tf_free(bytes);
    char *piece = tf_alloc(1 << 20, 1);
    tf_source *source;
    tf_status status = tf_source_open_memory(member.data, member.length, "zeros", &source, error);
    size_t step = 1 << 20;
    for (*length_out = 0; !status && step == 1 << 20; *length_out += step) {
        status = tf_source_read(source, piece, 1 << 20, &step, error);
    }
    tf_source_close(source);
    tf_free(piece);
    tf_buffer_deinit(&member);
    return status;
}

static void a_decompression_bomb_is_refused(void **state) {
    (void)state;
    tf_error error;
    uint64_t length;
    assert_ok(read_zeros((size_t)64 << 20, &length, &error), &error);
    assert_int_equal(length, 64 << 20);
    assert_int_equal(read_zeros((size_t)128 << 20, &length, &error), TF_BAD_INPUT);
    assert_string_equal(error.message,
                        "the compressed data expands more than 200 times, which no real data "
                        "does; ask its publisher for another file");
    /* Zeros take a thousandth: 64 MiB + 200 x 64 KiB are near 77 MiB. */
    assert_in_range(length, 76 << 20, 82 << 20);
}

static void a_zip_archive_is_refused(void **state) {
    (void)state;
    tf_source *source;
    tf_error error;
    assert_int_equal(tf_source_open_memory("PK\3\4rest", 8, "a.zip", &source, &error),
                     TF_BAD_INPUT);
    assert_null(source);
    assert_string_equal(error.message,
                        "this is a ZIP archive where a single file is needed; unpack it first");
    assert_string_equal(error.place, "a.zip");
}

static void folders_and_missing_files_are_said_to_be_so(void **state) {
    (void)state;
    tf_source *source;
    tf_error error;
    assert_int_equal(tf_source_open("/", &source, &error), TF_BAD_INPUT);
    assert_string_equal(error.message, "this is a folder; name a file in it");
    assert_int_equal(tf_source_open("/nowhere/at all", &source, &error), TF_NOT_FOUND);
    assert_string_equal(error.place, "/nowhere/at all");
    assert_int_equal(tf_source_open("/dev/null/a", &source, NULL), TF_NOT_FOUND);
    tf_source_close(NULL);
}

/* FIPS 180-4's example of "abc" (csrc.nist.gov, "Example Values"), and sha256sum of abc_gzip. */
static void the_checksum_is_of_the_bytes_as_stored(void **state) {
    (void)state;
    static const struct {
        const void *bytes;
        size_t length;
        const char *sha256;
    } cases[] = {
        {"abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {abc_gzip, sizeof abc_gzip,
         "0e595b139299cc148895fcdf42cb286dbc9230bd303f416289e2e98bf4a5bb46"},
    };
    for (size_t i = 0; i < 2; i++) {
        tf_source *source;
        tf_error error;
        char text[100];
        char sha256[TF_SHA256_TEXT_SIZE];
        size_t length;
        assert_ok(tf_source_open_memory(cases[i].bytes, cases[i].length, "abc", &source, &error),
                  &error);
        assert_string_equal(tf_source_name(source), "abc");
        assert_ok(tf_source_read(source, text, 3, &length, &error), &error);
        assert_int_equal(length, 3);
        assert_int_equal(tf_source_sha256(source, sha256, &error), TF_INTERNAL);
        assert_ok(tf_source_read(source, text, 3, &length, &error), &error);
        assert_int_equal(length, 0);
        assert_ok(tf_source_sha256(source, sha256, &error), &error);
        assert_string_equal(sha256, cases[i].sha256);
        uint64_t consumed;
        uint64_t total;
        tf_source_progress(source, &consumed, &total);
        assert_int_equal(consumed, cases[i].length);
        assert_int_equal(total, cases[i].length);
        tf_source_close(source);
    }
}

/* The same bytes as a file; `printf 'PK\3\4' | sha256sum` of one that starts as an archive does. */
static void a_file_has_a_checksum_whatever_is_in_it(void **state) {
    (void)state;
    static const struct {
        const void *bytes;
        size_t length;
        const char *sha256;
    } cases[] = {
        {"abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {abc_gzip, sizeof abc_gzip,
         "0e595b139299cc148895fcdf42cb286dbc9230bd303f416289e2e98bf4a5bb46"},
        {"PK\3\4", 4, "8dcc7e601606217f3b754766511182a916b17e9a26a94c9d887104eba92e9bb2"},
    };
    tf_error error;
    char sha256[TF_SHA256_TEXT_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[] = "/tmp/trefoil-test-XXXXXX";
        int file = mkstemp(path);
        assert_int_equal(write(file, cases[i].bytes, cases[i].length), cases[i].length);
        close(file);
        assert_ok(tf_file_sha256(path, sha256, &error), &error);
        assert_string_equal(sha256, cases[i].sha256);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(tf_file_sha256(path, sha256, &error), TF_NOT_FOUND);
    }
    assert_int_equal(tf_file_sha256("/", sha256, &error), TF_BAD_INPUT);
}

static void a_pipe_is_read_to_its_end(void **state) {
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], abc_gzip, sizeof abc_gzip), sizeof abc_gzip);
    char path[40];
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    tf_source *source;
    tf_error error;
    assert_ok(tf_source_open(path, &source, &error), &error);
    close(ends[1]);
    tf_buffer text;
    assert_ok(read_all(source, 2, &text, &error), &error);
    assert_string_equal(text.data, "abc");
    uint64_t consumed;
    uint64_t total;
    tf_source_progress(source, &consumed, &total);
    assert_int_equal(consumed, sizeof abc_gzip);
    assert_int_equal(total, 0);
    tf_buffer_deinit(&text);
    tf_source_close(source);
    close(ends[0]);
}

/* Sizes and checksums by wc -c, sha256sum and gzip. */
static void a_real_file_is_read_whole(void **state) {
    (void)state;
    char path[1000];
    REAL_DATA("police/bedfordshire/2021-05-bedfordshire-street.csv.gz", path);
    tf_source *source;
    tf_error error;
    char sha256[TF_SHA256_TEXT_SIZE];
    tf_buffer text;
    assert_ok(tf_source_open(path, &source, &error), &error);
    assert_ok(read_all(source, 10000, &text, &error), &error);
    assert_int_equal(text.length, 1094299);
    assert_ok(tf_source_sha256(source, sha256, &error), &error);
    assert_string_equal(sha256, "aa777e3fbf299ca95e4354a5efb49081f16eda8a8755d86aeff5dbd31b6210b1");
    tf_source_close(source);

    tf_buffer again;
    assert_ok(tf_source_open_memory(text.data, text.length, "unpacked", &source, &error), &error);
    assert_ok(read_all(source, 4 << 20, &again, &error), &error);
    assert_ok(tf_source_sha256(source, sha256, &error), &error);
    assert_string_equal(sha256, "ac2d375e6aade0901170c84220d7d6697eb2e7120c1853ac280c9feb3ce14fa9");
    tf_source_close(source);
    tf_buffer_deinit(&again);
    tf_buffer_deinit(&text);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        tf_buffer text;
        fail_allocation(n);
        tf_status status = read_memory(abc_gzip, sizeof abc_gzip, 2, &text, NULL);
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&text);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 3);
            return;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_bytes_are_given_as_they_are),
        cmocka_unit_test(gzip_is_known_by_its_first_bytes),
        cmocka_unit_test(gzip_members_one_after_another_are_one_stream),
        cmocka_unit_test(members_may_meet_at_any_offset),
        cmocka_unit_test(zeros_after_gzip_data_are_padding),
        cmocka_unit_test(other_bytes_after_gzip_data_are_refused),
        cmocka_unit_test(gzip_cut_off_anywhere_is_refused),
        cmocka_unit_test(gzip_with_a_wrong_byte_is_refused),
        cmocka_unit_test(a_decompression_bomb_is_refused),
        cmocka_unit_test(a_zip_archive_is_refused),
        cmocka_unit_test(folders_and_missing_files_are_said_to_be_so),
        cmocka_unit_test(the_checksum_is_of_the_bytes_as_stored),
        cmocka_unit_test(a_file_has_a_checksum_whatever_is_in_it),
        cmocka_unit_test(a_pipe_is_read_to_its_end),
        cmocka_unit_test(a_real_file_is_read_whole),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
