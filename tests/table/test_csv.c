#include "check.h"

#include "fail_allocations.h"

#include "trefoil/base/date.h"
#include "trefoil/base/hash.h"
#include "trefoil/table/csv.h"

enum { MOST_BATCHES = 4000, MOST_REJECTS = 200 };

typedef struct result {
    tf_table *batches[MOST_BATCHES];
    int64_t first_line[MOST_BATCHES];
    size_t batch_count;
    struct {
        int64_t line;
        char reason[200];
        char text[200];
    } rejects[MOST_REJECTS];
    size_t reject_count;
    char rows[1 << 20]; /* every accepted row: its line, then its text */
    size_t rows_length;
    tf_csv_counts counts;
    tf_error error;
} result;

static result last;

static void append_row(result *all, const tf_csv_batch *batch, int64_t row) {
    int room = (int)(sizeof all->rows - all->rows_length);
    int length = snprintf(all->rows + all->rows_length, (size_t)room, "%lld:%.*s\n",
                          (long long)(batch->first_line + batch->row_line[row]),
                          (int)batch->row_length[row], batch->block + batch->row_start[row]);
    all->rows_length += (size_t)(length < room ? length : room - 1);
}

static tf_status keep_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    (void)error;
    result *all = context;
    assert_true(all->batch_count < MOST_BATCHES);
    for (int64_t row = 0; row < batch->table->row_count; row++) {
        append_row(all, batch, row);
    }
    all->batches[all->batch_count++] = batch->table;
    batch->table = NULL;
    return TF_OK;
}

static tf_status keep_reject(void *context, const tf_csv_reject *reject, tf_error *error) {
    (void)error;
    result *all = context;
    assert_true(all->reject_count < MOST_REJECTS);
    all->rejects[all->reject_count].line = reject->line;
    snprintf(all->rejects[all->reject_count].reason, 200, "%s", reject->reason);
    snprintf(all->rejects[all->reject_count].text, 200, "%.*s", TF_TEXT_ARG(reject->text));
    all->reject_count++;
    return TF_OK;
}

static tf_status drop_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    (void)context;
    (void)batch;
    (void)error;
    return TF_OK;
}

static const tf_csv_field fields[] = {
    {"Word", "word", TF_CSV_TEXT, 0, false},    {"Kind", "kind", TF_CSV_DICTIONARY, 0, false},
    {"Whole", "whole", TF_CSV_INT64, 0, false}, {"Part", "part", TF_CSV_FLOAT64, 0, false},
    {"Flag", "flag", TF_CSV_BOOL, 0, false},    {"Month", "month", TF_CSV_MONTH, 0, false},
    {"Day", "day", TF_CSV_DATE, 0, false},      {"Time", "time", TF_CSV_TIMESTAMP, 0, false},
    {"Id", "id", TF_CSV_HEX, 2, false},         {"Extra", "extra", TF_CSV_DICTIONARY, 0, true},
};
#define HEADER   "Word,Kind,Whole,Part,Flag,Month,Day,Time,Id\n"
#define GOOD_ROW "w,k,1,0.5,True,2023-02,2023-02-28,2023-02-28T10:20:00+00:00,00ff\n"

static void forget(void) {
    for (size_t i = 0; i < last.batch_count; i++) {
        tf_table_free(last.batches[i]);
    }
    last.batch_count = 0;
    last.reject_count = 0;
    last.rows_length = 0;
    last.rows[0] = '\0';
    last.counts = (tf_csv_counts){0};
}

static tf_status read_with(const char *text, size_t length, const tf_csv_field *wanted,
                           size_t field_count, int threads, size_t block_size) {
    forget();
    tf_source *source;
    tf_status status = tf_source_open_memory(text, length, "test.csv", &source, &last.error);
    if (status) {
        return status;
    }
    tf_csv_options options = {.fields = wanted,
                              .field_count = field_count,
                              .thread_count = threads,
                              .block_size = block_size};
    tf_csv_handler handler = {.on_batch = keep_batch, .on_reject = keep_reject, .context = &last};
    status = tf_csv_read(source, &options, &handler, &last.counts, &last.error);
    tf_source_close(source);
    return status;
}

static tf_status read_text(const char *text) {
    return read_with(text, strlen(text), fields, sizeof fields / sizeof *fields, 1, 0);
}

static const tf_csv_field two_words[] = {{"a", "a", TF_CSV_TEXT, 0, false},
                                         {"b", "b", TF_CSV_TEXT, 0, false}};

static tf_status read_words(const char *text) {
    return read_with(text, strlen(text), two_words, 2, 1, 0);
}

static void assert_word(size_t column, int64_t row, const char *expected) {
    tf_text word = tf_column_text(&last.batches[0]->columns[column], row);
    assert_true(tf_text_equal(word, tf_text_of(expected)));
}

static void every_type_is_read_and_an_empty_field_is_null(void **state) {
    (void)state;
    assert_ok(read_text(HEADER GOOD_ROW
                        ",,,,,,,,\n"
                        "\"\",\"\",-2,1e3,false,1999-12,2000-02-29,2000-01-01T00:00:00Z,"
                        "ABcd\n"),
              &last.error);
    assert_int_equal(last.counts.rows_accepted, 3);
    tf_table *table = last.batches[0];
    for (size_t i = 0; i < table->column_count; i++) {
        assert_true(tf_column_is_null(&table->columns[i], 1));
        assert_int_equal(tf_column_is_null(&table->columns[i], 0), i == 9);
    }
    assert_word(0, 0, "w");
    assert_word(1, 0, "k");
    assert_true(((int64_t *)table->columns[2].values)[2] == -2);
    assert_true(((double *)table->columns[3].values)[0] == 0.5);
    assert_true(((double *)table->columns[3].values)[2] == 1000);
    assert_true(tf_bit_get(table->columns[4].values, 0));
    assert_false(tf_bit_get(table->columns[4].values, 2));
    assert_int_equal(((int32_t *)table->columns[5].values)[0], tf_days_of(2023, 2, 1));
    assert_int_equal(((int32_t *)table->columns[6].values)[2], tf_days_of(2000, 2, 29));
    assert_true(((int64_t *)table->columns[7].values)[2] == 946684800000000);
    assert_memory_equal(table->columns[8].values, "\x00\xff\x00\x00\xab\xcd", 6);
    assert_int_equal(table->columns[1].null_count, 2);
    assert_int_equal(table->columns[9].null_count, 3);
}

static void line_breaks_may_be_lf_or_cr_lf_or_missing_at_the_end(void **state) {
    (void)state;
    assert_ok(read_words("\xEF\xBB\xBF"
                         "a,b\r\n1,2\r\n\r\n3,4\n\n5,6"),
              &last.error);
    assert_int_equal(last.counts.rows_read, 3);
    assert_word(1, 0, "2");
    assert_word(1, 1, "4");
    assert_word(1, 2, "6");
    assert_string_equal(last.rows, "2:1,2\n4:3,4\n6:5,6\n");
}

static void a_quoted_field_may_hold_anything(void **state) {
    (void)state;
    assert_ok(read_words("a,\"b\"\n\"x,\"\"y\"\"\",\"1\n2\r\n3\"\r\nlast,\"\"\n"), &last.error);
    assert_int_equal(last.counts.rows_accepted, 2);
    assert_word(0, 0, "x,\"y\"");
    assert_word(1, 0, "1\n2\r\n3");
    assert_word(0, 1, "last");
    assert_string_equal(last.rows + last.rows_length - 10, "5:last,\"\"\n");
}

static void a_quote_inside_a_plain_field_is_a_character(void **state) {
    (void)state;
    assert_ok(read_words("a,b\n5\" pipe,6\" pipe\nx,\"y\"\n"), &last.error);
    assert_int_equal(last.counts.rows_accepted, 2);
    assert_word(0, 0, "5\" pipe");
    assert_word(1, 1, "y");
}

static void a_bad_quote_costs_its_line_and_no_other(void **state) {
    (void)state;
    assert_ok(read_words("a,b\n1,2\n3,\"open\n5,6\n7,\"shut\"x\n9,10\n"), &last.error);
    assert_string_equal(last.rows, "2:1,2\n4:5,6\n6:9,10\n");
    assert_int_equal(last.reject_count, 2);
    assert_int_equal(last.rejects[0].line, 3);
    assert_string_equal(last.rejects[0].text, "3,\"open");
    assert_string_equal(last.rejects[0].reason,
                        "a quoted field is not closed, or goes on after its closing quote");
    assert_int_equal(last.rejects[1].line, 5);
}

static void a_bad_row_is_rejected_with_its_line_and_reason(void **state) {
    (void)state;
    assert_ok(read_text(HEADER GOOD_ROW
                        "too,few\n" GOOD_ROW
                        "w,k,1.5,0.5,True,2023-02,2023-02-28,2023-02-28T10:20:00Z,00ff\n"
                        "w,k,1,abc,True,2023-02,2023-02-28,2023-02-28T10:20:00Z,00ff\n"
                        "w,k,1,0.5,maybe,2023-02,2023-02-28,2023-02-28T10:20:00Z,00ff\n"
                        "w,k,1,0.5,True,2023-13,2023-02-28,2023-02-28T10:20:00Z,00ff\n"
                        "w,k,1,0.5,True,2023-02,2023-02-30,2023-02-28T10:20:00Z,00ff\n"
                        "w,k,1,0.5,True,2023-02,2023-02-28,yesterday,00ff\n"
                        "w,k,1,0.5,True,2023-02,2023-02-28,2023-02-28T10:20:00Z,00fg\n"
                        "caf\xE9,k,1,0.5,True,2023-02,2023-02-28,,00ff\n" GOOD_ROW),
              &last.error);
    static const char *const reasons[] = {
        "the row has 2 fields where the header has 9",
        "Whole is '1.5', which is not a whole number",
        "Part is 'abc', which is not a number",
        "Flag is 'maybe', which is neither true nor false",
        "Month is '2023-13', which is not a month written as 2023-02",
        "Day is '2023-02-30', which is not a date written as 2023-02-28",
        "Time is 'yesterday', which is not a time written as 2023-02-28T10:20:00+00:00",
        "Id is '00fg', which is not 4 hexadecimal digits",
        "Word holds bytes that are not UTF-8 text",
    };
    static const int64_t lines[] = {3, 5, 6, 7, 8, 9, 10, 11, 12};
    assert_int_equal(last.reject_count, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_string_equal(last.rejects[i].reason, reasons[i]);
        assert_int_equal(last.rejects[i].line, lines[i]);
    }
    assert_int_equal(last.counts.rows_accepted, 3);
    assert_int_equal(last.counts.rows_read, 12);
    assert_int_equal(last.batches[0]->columns[7].null_count, 0);
    assert_int_equal(last.batches[0]->columns[1].dictionary->length, 1);
}

static void a_header_must_have_each_column_once(void **state) {
    (void)state;
    assert_int_equal(read_words("a,c\n1,2\n"), TF_BAD_INPUT);
    assert_string_equal(last.error.message,
                        "the header has no column 'b'; give the file as it was published");
    assert_string_equal(last.error.place, "test.csv");
    assert_int_equal(last.error.line, 1);
    assert_int_equal(read_words("a,b,a\n1,2,3\n"), TF_BAD_INPUT);
    assert_int_equal(read_words(""), TF_BAD_INPUT);
    assert_string_equal(last.error.message, "the file is empty");
    assert_int_equal(read_words("\"a,b\n1,2\n"), TF_BAD_INPUT);
    assert_ok(read_words("a,b"), &last.error);
    assert_int_equal(last.counts.rows_read, 0);
}

static void a_record_of_more_than_a_mebibyte_is_refused(void **state) {
    (void)state;
    size_t length = 8 << 20;
    char *text = malloc(length);
    memset(text, 'x', length);
    memcpy(text, "a,b\n", 4);
    assert_int_equal(read_with(text, length, two_words, 2, 2, 1 << 16), TF_BAD_INPUT);
    /* An open quote with line breaks behind it is only one bad line. */
    for (size_t i = 4; i + 4 <= length; i += 4) {
        memcpy(text + i, "1,2\n", 4);
    }
    text[4] = '"';
    forget();
    tf_source *source;
    assert_ok(tf_source_open_memory(text, length, "t", &source, &last.error), &last.error);
    tf_csv_options options = {two_words, 2, 2, 0, 1 << 20};
    tf_csv_handler handler = {.on_batch = drop_batch, .on_reject = keep_reject, .context = &last};
    assert_ok(tf_csv_read(source, &options, &handler, &last.counts, &last.error), &last.error);
    assert_int_equal(last.counts.rows_rejected, 1);
    assert_int_equal(last.counts.rows_accepted, (int64_t)length / 4 - 2);
    tf_source_close(source);
    free(text);
}

/* Wherever it stands in a block, and whatever the size of the blocks. */
static void a_long_record_is_refused_with_its_line(void **state) {
    (void)state;
    static const size_t block_sizes[] = {1 << 16, 1 << 20, 4 << 20};
    static const size_t lengths[] = {1 << 20, (1 << 20) + 1, 3 << 20};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t length = 4 + 4 * 50000 + lengths[i] + 4;
        char *text = malloc(length);
        memset(text, 'x', length);
        memcpy(text, "a,b\n", 4);
        for (size_t row = 0; row < 50000; row++) {
            memcpy(text + 4 + 4 * row, "1,2\n", 4);
        }
        text[4 + 4 * 50000 + 1] = ',';
        memcpy(text + length - 5, "\n1,2\n", 5);
        for (size_t j = 0; j < sizeof block_sizes / sizeof *block_sizes; j++) {
            forget();
            tf_source *source;
            assert_ok(tf_source_open_memory(text, length, "t", &source, &last.error), &last.error);
            tf_csv_options options = {two_words, 2, 2, 0, block_sizes[j]};
            tf_csv_handler handler = {.on_batch = drop_batch, .context = &last};
            tf_status status = tf_csv_read(source, &options, &handler, &last.counts, &last.error);
            assert_int_equal(status, lengths[i] > 1 << 20 ? TF_BAD_INPUT : TF_OK);
            if (status) {
                assert_int_equal(last.error.line, 50002);
            }
            tf_source_close(source);
        }
        free(text);
    }
}

static void lines_that_end_with_cr_alone_are_refused(void **state) {
    (void)state;
    assert_int_equal(read_words("a,b\r1,2\r3,4\r"), TF_BAD_INPUT);
    assert_non_null(strstr(last.error.message, "CR alone"));
    assert_int_equal(read_words("a,b\r1,2\r3,4"), TF_BAD_INPUT);
    size_t length = 1 << 20;
    char *text = malloc(length);
    for (size_t i = 0; i < length; i += 4) {
        memcpy(text + i, "a,b\r", 4);
    }
    assert_int_equal(read_with(text, length, two_words, 2, 1, 0), TF_BAD_INPUT);
    assert_non_null(strstr(last.error.message, "CR alone"));
    free(text);
    assert_ok(read_words("a,b,\"c\r\nd\"\r\n1,2,3\r\n"), &last.error);
    assert_int_equal(last.counts.rows_accepted, 1);
}

static void a_nul_byte_is_no_text(void **state) {
    (void)state;
    static const char text[] = "a,b\n1,x\0y\n2,z\n\"3\0\",w\n";
    assert_ok(read_with(text, sizeof text - 1, two_words, 2, 1, 0), &last.error);
    assert_int_equal(last.counts.rows_accepted, 1);
    assert_int_equal(last.reject_count, 2);
    assert_string_equal(last.rejects[0].reason, "b holds bytes that are not UTF-8 text");
    assert_string_equal(last.rejects[1].reason, "a holds bytes that are not UTF-8 text");
    assert_int_equal(last.rejects[1].line, 4);
}

static void a_reason_quotes_whole_characters(void **state) {
    (void)state;
    static const tf_csv_field numbers[] = {{"n", "n", TF_CSV_INT64, 0, false}};
    char text[300] = "n\nx";
    for (int i = 0; i < 60; i++) {
        strcat(text, "\xC3\xA9");
    }
    assert_ok(read_with(text, strlen(text), numbers, 1, 1, 0), &last.error);
    assert_int_equal(last.reject_count, 1);
    assert_true(tf_text_is_utf8(tf_text_of(last.rejects[0].reason)));
}

/* A file of random cells, among them every kind of trouble. */
static char *random_file(uint64_t seed, size_t row_count, size_t *length_out) {
    static const char *const cells[] = {"plain",
                                        "",
                                        "12",
                                        "-3.5",
                                        "\"quoted\"",
                                        "\"with, comma\"",
                                        "\"two\nlines\"",
                                        "\"\"\"\"",
                                        "5\" pipe",
                                        "\"open",
                                        "\"shut\"x",
                                        "caf\xC3\xA9",
                                        "caf\xE9",
                                        "a longer text of some words"};
    tf_random random;
    tf_random_init(&random, seed, 1);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_append_text(&text, "a,b,c\n");
    for (size_t i = 0; i < row_count; i++) {
        uint32_t count = tf_random_below(&random, 40) == 0 ? tf_random_below(&random, 6) : 3;
        for (uint32_t cell = 0; cell < count; cell++) {
            uint32_t kinds = tf_random_below(&random, 30) == 0 ? 14 : 5;
            tf_buffer_append_text(&text, cells[tf_random_below(&random, kinds)]);
            tf_buffer_append_text(&text, cell + 1 < count ? "," : "");
        }
        tf_buffer_append_text(&text, tf_random_below(&random, 2) ? "\r\n" : "\n");
    }
    *length_out = text.length;
    return text.data;
}

static void the_rows_are_the_same_with_any_threads_and_any_block(void **state) {
    (void)state;
    static const tf_csv_field wanted[] = {{"a", "a", TF_CSV_DICTIONARY, 0, false},
                                          {"c", "c", TF_CSV_TEXT, 0, false}};
    static char rows[sizeof last.rows];
    for (uint64_t seed = 1; seed <= 20; seed++) {
        size_t length;
        char *text = random_file(seed, 600, &length);
        assert_ok(read_with(text, length, wanted, 2, 1, 0), &last.error);
        assert_true(last.counts.rows_rejected > 0);
        memcpy(rows, last.rows, last.rows_length + 1);
        size_t rows_length = last.rows_length;
        tf_csv_counts counts = last.counts;
        size_t reject_count = last.reject_count;
        int64_t last_reject = last.rejects[reject_count - 1].line;
        static const size_t blocks[] = {64, 1000, 65536};
        for (int threads = 1; threads <= 4; threads++) {
            for (size_t i = 0; i < 3; i++) {
                assert_ok(read_with(text, length, wanted, 2, threads, blocks[i]), &last.error);
                assert_int_equal(last.rows_length, rows_length);
                assert_memory_equal(last.rows, rows, rows_length);
                assert_memory_equal(&last.counts, &counts, sizeof counts);
                assert_int_equal(last.reject_count, reject_count);
                assert_int_equal(last.rejects[reject_count - 1].line, last_reject);
            }
        }
        tf_free(text);
    }
}

/* One column read both ways: repeats, gaps and quotes must not confuse the dictionary. */
static void a_dictionary_holds_what_the_text_says(void **state) {
    (void)state;
    static const tf_csv_field twice[] = {{"b", "texts", TF_CSV_TEXT, 0, false},
                                         {"b", "words", TF_CSV_DICTIONARY, 0, false}};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        size_t length;
        char *text = random_file(seed, 600, &length);
        assert_ok(read_with(text, length, twice, 2, 2, 4096), &last.error);
        for (size_t i = 0; i < last.batch_count; i++) {
            const tf_table *table = last.batches[i];
            for (int64_t row = 0; row < table->row_count; row++) {
                tf_text expected = tf_column_text(&table->columns[0], row);
                tf_text actual = tf_column_text(&table->columns[1], row);
                assert_int_equal(expected.data == NULL, actual.data == NULL);
                assert_true(tf_text_equal(expected, actual));
            }
        }
        tf_free(text);
    }
}

/* Every form of a short decimal against the C library. */
static void coordinates_are_read_to_the_last_bit(void **state) {
    (void)state;
    static const tf_csv_field number[] = {{"n", "n", TF_CSV_FLOAT64, 0, false}};
    tf_random random;
    tf_random_init(&random, 5, 5);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_append_text(&text, "n\n");
    for (int i = 0; i < 20000; i++) {
        int decimals = (int)tf_random_below(&random, 11);
        double value = (tf_random_unit(&random) - 0.5) * (i % 3 ? 100 : 5000);
        tf_buffer_format(&text, "%.*f\n", decimals, value);
    }
    assert_ok(read_with(text.data, text.length, number, 1, 1, 0), &last.error);
    assert_int_equal(last.counts.rows_accepted, 20000);
    const char *at = text.data + 2;
    for (int i = 0; i < 20000; i++) {
        char *end;
        double expected = strtod(at, &end);
        assert_true(((double *)last.batches[0]->columns[0].values)[i] == expected);
        at = end + 1;
    }
    tf_buffer_deinit(&text);
    const char *const wrong[] = {"1.5x",  "1..5", "-",     ".5",        "5.",
                                 "1.2.3", "-.1",  "12a.5", "1.1234567x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char file[64];
        int length = snprintf(file, sizeof file, "n\n%s\n", wrong[i]);
        assert_ok(read_with(file, (size_t)length, number, 1, 1, 0), &last.error);
        assert_int_equal(last.counts.rows_rejected, 1);
    }
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    const char *values[] = {"plain", "a,b", "say \"so\"", "two\nlines", "\"", "end\r"};
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_append_text(&text, "a,b\n");
    for (size_t i = 0; i < 6; i++) {
        tf_csv_append_field(&text, tf_text_of(values[i]));
        tf_buffer_append_text(&text, ",");
        tf_csv_append_field(&text, tf_text_of(values[5 - i]));
        tf_buffer_append_text(&text, "\n");
    }
    assert_ok(read_words(text.data), &last.error);
    for (size_t i = 0; i < 6; i++) {
        assert_word(0, (int64_t)i, values[i]);
        assert_word(1, (int64_t)i, values[5 - i]);
    }
    tf_buffer_deinit(&text);
}

static void the_header_can_be_read_alone(void **state) {
    (void)state;
    char **names;
    size_t count;
    tf_error error;
    const char *text = "\xEF\xBB\xBF"
                       "Crime ID, Month ,\"Reported, by\"\r\n1,2,3\n";
    assert_ok(tf_csv_header(text, strlen(text), &names, &count, &error), &error);
    assert_int_equal(count, 3);
    assert_string_equal(names[0], "Crime ID");
    assert_string_equal(names[1], "Month");
    assert_string_equal(names[2], "Reported, by");
    tf_free(names);
    assert_int_equal(tf_csv_header("", 0, &names, &count, &error), TF_BAD_INPUT);
    assert_int_equal(tf_csv_header("a\0b\n", 4, &names, &count, &error), TF_BAD_INPUT);
}

static tf_status stop_at_once(void *context, tf_csv_batch *batch, tf_error *error) {
    (void)batch;
    ++*(int *)context;
    return tf_fail(error, TF_IO, "elsewhere", 0, "the disk is full");
}

static void a_handler_that_refuses_ends_the_reading(void **state) {
    (void)state;
    size_t length;
    char *text = random_file(7, 5000, &length);
    tf_source *source;
    tf_error error;
    tf_csv_counts counts;
    int calls = 0;
    assert_ok(tf_source_open_memory(text, length, "t", &source, &error), &error);
    tf_csv_options options = {two_words, 1, 3, 0, 1000};
    tf_csv_handler handler = {.on_batch = stop_at_once, .on_reject = NULL, .context = &calls};
    assert_int_equal(tf_csv_read(source, &options, &handler, &counts, &error), TF_IO);
    assert_string_equal(error.place, "elsewhere");
    assert_int_equal(calls, 1);
    tf_source_close(source);
    tf_free(text);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        fail_allocation(n);
        tf_status status =
            read_text(HEADER GOOD_ROW "too,few\n"
                                      ",,,,,,,,\n" GOOD_ROW "\"a \"\"b\"\"\",k,x,,,,,,\n");
        bool was_reached = stop_failing_allocations();
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_int_equal(last.counts.rows_accepted, 3);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

/* 182,113 street rows in 36 files: the data's own README. */
static void the_real_files_lose_no_row(void **state) {
    (void)state;
    char folder[512];
    REAL_DATA("police/bedfordshire", folder);
    static const tf_csv_field id[] = {{"Crime ID", "id", TF_CSV_HEX, 32, false},
                                      {"Latitude", "latitude", TF_CSV_FLOAT64, 0, false}};
    int64_t rows = 0;
    int64_t no_place = 0;
    for (tf_month month = tf_month_of(2021, 5); month <= tf_month_of(2024, 4); month++) {
        char text[TF_MONTH_TEXT_SIZE];
        char path[700];
        snprintf(path, sizeof path, "%s/%s-bedfordshire-street.csv.gz", folder,
                 tf_month_format(month, text));
        forget();
        tf_source *source;
        assert_ok(tf_source_open(path, &source, &last.error), &last.error);
        tf_csv_options options = {.fields = id, .field_count = 2};
        tf_csv_handler handler = {
            .on_batch = keep_batch, .on_reject = keep_reject, .context = &last};
        assert_ok(tf_csv_read(source, &options, &handler, &last.counts, &last.error), &last.error);
        assert_int_equal(last.counts.rows_rejected, 0);
        rows += last.counts.rows_accepted;
        for (size_t i = 0; i < last.batch_count; i++) {
            no_place += last.batches[i]->columns[1].null_count;
        }
        tf_source_close(source);
    }
    assert_int_equal(rows, 182113);
    assert_int_equal(no_place, 6381);
}

static int forget_all(void **state) {
    (void)state;
    forget();
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_read_and_an_empty_field_is_null),
        cmocka_unit_test(line_breaks_may_be_lf_or_cr_lf_or_missing_at_the_end),
        cmocka_unit_test(a_quoted_field_may_hold_anything),
        cmocka_unit_test(a_quote_inside_a_plain_field_is_a_character),
        cmocka_unit_test(a_bad_quote_costs_its_line_and_no_other),
        cmocka_unit_test(a_bad_row_is_rejected_with_its_line_and_reason),
        cmocka_unit_test(a_header_must_have_each_column_once),
        cmocka_unit_test(a_record_of_more_than_a_mebibyte_is_refused),
        cmocka_unit_test(a_long_record_is_refused_with_its_line),
        cmocka_unit_test(lines_that_end_with_cr_alone_are_refused),
        cmocka_unit_test(a_nul_byte_is_no_text),
        cmocka_unit_test(a_reason_quotes_whole_characters),
        cmocka_unit_test(the_rows_are_the_same_with_any_threads_and_any_block),
        cmocka_unit_test(a_dictionary_holds_what_the_text_says),
        cmocka_unit_test(coordinates_are_read_to_the_last_bit),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(the_header_can_be_read_alone),
        cmocka_unit_test(a_handler_that_refuses_ends_the_reading),
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(the_real_files_lose_no_row),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, forget_all);
}
