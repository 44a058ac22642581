#include "csv_internal.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    STRIPE = 128 * 1024
}; /* bytes scanned and converted at a time, so that they stay in cache */

struct csv_parser {
    const csv_layout *layout;
    csv_columns *columns;
    csv_scan scan;

    /* The accepted rows of the block; those of the stripe are from `stripe_first` on. */
    uint32_t *row_line;
    uint32_t *row_start;
    uint32_t *row_length;
    size_t line_capacity;
    size_t start_capacity;
    size_t length_capacity;
    size_t row_count;
    size_t stripe_first;

    uint32_t *row_separator; /* of the stripe's rows */
    size_t separator_capacity;
    uint16_t *is_bad; /* of the stripe's rows */
    size_t bad_capacity;

    csv_reject *rejects;
    size_t reject_count;
    size_t reject_capacity;
    uint32_t line;
};

void tf_csv_reject_describe(const csv_layout *layout, const char *block, const csv_reject *reject,
                            char *text_out, size_t text_size) {
    char kind[48];
    switch (reject->fault) {
    case CSV_FIELD_COUNT:
        snprintf(text_out, text_size, "the row has %u fields where the header has %zu",
                 reject->detail, layout->header_count);
        break;
    case CSV_NOT_UTF8:
        snprintf(text_out, text_size, "%s holds bytes that are not UTF-8 text",
                 layout->header_names[reject->detail]);
        break;
    case CSV_QUOTES:
        snprintf(text_out, text_size,
                 "a quoted field is not closed, or goes on after its closing quote");
        break;
    case CSV_VALUE: {
        const tf_csv_field *field = &layout->fields[reject->detail];
        int shown = reject->value_length > 80 ? 80 : (int)reject->value_length;
        while (shown && (block[reject->value_start + (uint32_t)shown] & 0xC0) == 0x80) {
            shown--; /* not through the middle of a character */
        }
        snprintf(text_out, text_size, "%s is '%.*s', which is %s", field->header, shown,
                 block + reject->value_start, tf_csv_expected(field, kind, sizeof kind));
        break;
    }
    }
}

csv_parser *tf_csv_parser_new(const csv_layout *layout, tf_error *error) {
    csv_parser *parser = tf_alloc_zeroed(1, sizeof *parser);
    if (parser) {
        parser->layout = layout;
        parser->columns = tf_csv_columns_new(layout);
    }
    if (!parser || !parser->columns) {
        tf_free(parser);
        (void)tf_fail_no_memory(error);
        return NULL;
    }
    return parser;
}

void tf_csv_parser_free(csv_parser *parser) {
    if (!parser) {
        return;
    }
    tf_csv_columns_free(parser->columns);
    tf_csv_scan_deinit(&parser->scan);
    tf_free(parser->row_line);
    tf_free(parser->row_start);
    tf_free(parser->row_length);
    tf_free(parser->row_separator);
    tf_free(parser->is_bad);
    tf_free(parser->rejects);
    tf_free(parser);
}

/* ---- rows ---- */

static tf_status reject_row(csv_parser *parser, csv_reject reject, tf_error *error) {
    tf_status status = tf_reserve(&parser->rejects, &parser->reject_capacity,
                                  parser->reject_count + 1, sizeof reject, error);
    if (!status) {
        parser->rejects[parser->reject_count++] = reject;
    }
    return status;
}

/* Room for `more` rows, and no row of this stripe bad yet. */
static tf_status reserve_rows(csv_parser *parser, size_t more, tf_error *error) {
    const size_t size = sizeof(uint32_t);
    size_t needed = parser->row_count + more;
    tf_status status = tf_reserve(&parser->row_line, &parser->line_capacity, needed, size, error);
    if (!status) {
        status = tf_reserve(&parser->row_start, &parser->start_capacity, needed, size, error);
    }
    if (!status) {
        status = tf_reserve(&parser->row_length, &parser->length_capacity, needed, size, error);
    }
    if (!status) {
        status = tf_reserve(&parser->row_separator, &parser->separator_capacity, more, size, error);
    }
    if (!status) {
        status = tf_reserve(&parser->is_bad, &parser->bad_capacity, more, sizeof(uint16_t), error);
    }
    if (!status) {
        memset(parser->is_bad, 0, more * sizeof(uint16_t));
    }
    return status;
}

static uint32_t count_line_feeds(const char *text, size_t length) {
    uint32_t count = 0;
    const char *end = text + length;
    while ((text = memchr(text, '\n', (size_t)(end - text)))) {
        count++;
        text++;
    }
    return count;
}

/* NUL is UTF-8, but no text holds it, and what keeps texts with a terminator cuts them there. */
static bool is_text(const char *data, size_t length) {
    return tf_text_is_utf8((tf_text){data, length}) && !memchr(data, '\0', length);
}

/* The position of the first field of a record that is no text. */
static uint32_t position_no_text(const csv_parser *parser, const char *block, size_t first,
                                 size_t start) {
    const uint32_t *separators = parser->scan.separators + first;
    uint32_t last = (uint32_t)parser->layout->header_count - 1;
    for (uint32_t position = 0; position < last; position++) {
        size_t end = separators[position];
        if (!is_text(block + start, end - start)) {
            return position;
        }
        start = end + 1;
    }
    return last;
}

/* Whether a malformed quote stands before `line_feed`; passes over those that do. */
static bool take_malformed(const csv_scan *scan, uint32_t line_feed, size_t *seen) {
    size_t before = *seen;
    while (*seen < scan->malformed_count && scan->malformed[*seen] < line_feed) {
        ++*seen;
    }
    return *seen > before;
}

static inline void accept_row(csv_parser *parser, uint32_t line, uint32_t start, uint32_t length,
                              size_t first) {
    size_t row = parser->row_count++;
    parser->row_line[row] = line;
    parser->row_start[row] = start;
    parser->row_length[row] = length;
    parser->row_separator[row - parser->stripe_first] = (uint32_t)first;
}

/* Decide on the record whose separators are [first, after): accept it as a row, reject it, or
 * pass over it if it is a blank line. */
static tf_status take_record(csv_parser *parser, const char *block, uint32_t start, size_t first,
                             size_t after, size_t *malformed_seen, tf_error *error) {
    const csv_scan *scan = &parser->scan;
    uint32_t line_feed = scan->separators[after - 1];
    uint32_t length = line_feed - start;
    length -= length && block[start + length - 1] == '\r';
    csv_reject reject = {.line = parser->line, .start = start, .length = length};
    parser->line += scan->has_quotes ? count_line_feeds(block + start, line_feed - start) + 1 : 1;

    bool is_malformed = take_malformed(scan, line_feed, malformed_seen);
    if (length == 0) {
        return TF_OK;
    }
    if (is_malformed) {
        reject.fault = CSV_QUOTES;
        return reject_row(parser, reject, error);
    }
    if (after - first != parser->layout->header_count) {
        reject.fault = CSV_FIELD_COUNT;
        reject.detail = (uint32_t)(after - first);
        return reject_row(parser, reject, error);
    }
    if (scan->has_odd_bytes && !is_text(block + start, length)) {
        reject.fault = CSV_NOT_UTF8;
        reject.detail = position_no_text(parser, block, first, start);
        return reject_row(parser, reject, error);
    }
    accept_row(parser, reject.line, start, length, first);
    return TF_OK;
}

/* The end of the record whose first separator is `first`: the index behind its line feed. */
static size_t record_end(const csv_parser *parser, const char *block, size_t first,
                         size_t separator_count) {
    /* Most records have as many fields as the header: look there before searching. */
    const uint32_t *separators = parser->scan.separators;
    size_t after = first + parser->layout->header_count;
    bool is_regular = after <= separator_count && block[separators[after - 1]] == '\n';
    for (size_t i = first; is_regular && i < after - 1; i++) {
        is_regular = block[separators[i]] != '\n';
    }
    if (is_regular) {
        return after;
    }
    after = first + 1;
    while (block[separators[after - 1]] != '\n') {
        after++;
    }
    return after;
}

/* Divide the scanned separators into rows. */
static tf_status take_records(csv_parser *parser, const char *block, size_t start,
                              size_t separator_count, tf_error *error) {
    parser->stripe_first = parser->row_count;
    tf_status status =
        reserve_rows(parser, separator_count / parser->layout->header_count + 1, error);
    size_t malformed_seen = 0;
    size_t first = 0;
    size_t width = parser->layout->header_count;
    bool is_plain = !parser->scan.has_quotes && !parser->scan.has_odd_bytes;
    while (!status && first < separator_count) {
        size_t after = record_end(parser, block, first, separator_count);
        size_t end = parser->scan.separators[after - 1];
        /* Almost every record of almost every file. */
        if (is_plain && after - first == width && end - start > 1) {
            size_t length = end - start - (block[end - 1] == '\r');
            accept_row(parser, parser->line++, (uint32_t)start, (uint32_t)length, first);
            start = end + 1;
            first = after;
            continue;
        }
        status = take_record(parser, block, (uint32_t)start, first, after, &malformed_seen, error);
        start = parser->scan.separators[after - 1] + (size_t)1;
        first = after;
    }
    return status;
}

/* ---- values ---- */

static csv_stripe current_stripe(const csv_parser *parser, const char *block) {
    return (csv_stripe){block, parser->scan.separators, parser->row_separator,
                        parser->row_start + parser->stripe_first,
                        parser->row_count - parser->stripe_first};
}

static csv_reject value_reject(const csv_parser *parser, const csv_stripe *stripe, size_t row) {
    size_t field_index = (size_t)parser->is_bad[row] - 1;
    tf_text value =
        csv_raw_field(parser->layout, stripe, row, parser->layout->positions[field_index]);
    size_t at = parser->stripe_first + row;
    return (csv_reject){.line = parser->row_line[at],
                        .start = parser->row_start[at],
                        .length = parser->row_length[at],
                        .fault = CSV_VALUE,
                        .detail = (uint32_t)field_index,
                        .value_start = (uint32_t)(value.data - stripe->block),
                        .value_length = (uint32_t)value.length};
}

/* Reject the bad rows of the stripe and close the gaps. */
static tf_status drop_bad_rows(csv_parser *parser, const csv_stripe *stripe, tf_error *error) {
    size_t base = parser->stripe_first;
    size_t kept = 0;
    for (size_t row = 0; row < stripe->row_count; row++) {
        if (parser->is_bad[row]) {
            tf_status status = reject_row(parser, value_reject(parser, stripe, row), error);
            if (status) {
                return status;
            }
            continue;
        }
        parser->row_separator[kept] = parser->row_separator[row];
        parser->row_line[base + kept] = parser->row_line[base + row];
        parser->row_start[base + kept] = parser->row_start[base + row];
        parser->row_length[base + kept] = parser->row_length[base + row];
        kept++;
    }
    memset(parser->is_bad, 0, stripe->row_count * sizeof *parser->is_bad);
    parser->row_count = base + kept;
    return TF_OK;
}

static tf_status convert_stripe(csv_parser *parser, const char *block, tf_error *error) {
    csv_stripe stripe = current_stripe(parser, block);
    bool any_bad = true;
    tf_status status = TF_OK;
    while (!status && any_bad) {
        status = tf_csv_columns_check(parser->columns, &stripe, parser->is_bad, &any_bad, error);
        if (!status && any_bad) {
            status = drop_bad_rows(parser, &stripe, error);
            stripe = current_stripe(parser, block);
        }
    }
    return status ? status : tf_csv_columns_append(parser->columns, &stripe, error);
}

/* ---- blocks ---- */

/* The number of separators up to the last line feed among those scanned; 0 if there is none. */
static size_t whole_record_separators(const csv_scan *scan, const char *block) {
    size_t count = scan->count;
    while (count && block[scan->separators[count - 1]] != '\n') {
        count--;
    }
    return count;
}

/* Scan a stripe from `at` on, wider if the first record is longer than a stripe. */
static tf_status scan_stripe(csv_parser *parser, const char *block, size_t at, size_t length,
                             size_t *separator_count_out, tf_error *error) {
    *separator_count_out = 0;
    for (size_t width = STRIPE; *separator_count_out == 0; width *= 2) {
        if (width > CSV_RECORD_LIMIT) {
            return tf_csv_fail_record_length((int64_t)parser->line + 1, error);
        }
        size_t end = length - at > width ? at + width : length;
        tf_status status = tf_csv_scan(&parser->scan, block, at, end, length, error);
        if (status) {
            return status;
        }
        *separator_count_out = whole_record_separators(&parser->scan, block);
    }
    return TF_OK;
}

/* About as many rows as the block has, from those of its first stripe. */
static size_t expect_rows(const csv_parser *parser, size_t separator_count, size_t length) {
    size_t rows = separator_count / parser->layout->header_count + 1;
    size_t bytes = parser->scan.separators[separator_count - 1] + (size_t)1;
    return (size_t)((double)rows * ((double)length / (double)bytes) * 1.03) + 16;
}

static int compare_rejects(const void *a, const void *b) {
    uint32_t first = ((const csv_reject *)a)->start;
    uint32_t second = ((const csv_reject *)b)->start;
    return (first > second) - (first < second);
}

tf_status tf_csv_parse_block(csv_parser *parser, const char *block, size_t length,
                             csv_block_result *result_out, tf_error *error) {
    parser->row_count = 0;
    parser->reject_count = 0;
    parser->line = 0;
    tf_status status = TF_OK;
    for (size_t at = 0; at < length && !status;) {
        size_t separator_count;
        status = scan_stripe(parser, block, at, length, &separator_count, error);
        if (!status && at == 0) {
            status = tf_csv_columns_start(parser->columns,
                                          expect_rows(parser, separator_count, length), error);
        }
        if (!status) {
            status = take_records(parser, block, at, separator_count, error);
        }
        if (!status) {
            at = parser->scan.separators[separator_count - 1] + (size_t)1;
            status = convert_stripe(parser, block, error);
        }
    }
    tf_table *table = NULL;
    if (!status) {
        status = tf_csv_columns_take(parser->columns, &table, error);
    }
    if (status) {
        return status;
    }
    /* Wrong values are found column by column; people read line by line. */
    if (parser->reject_count > 1) {
        qsort(parser->rejects, parser->reject_count, sizeof *parser->rejects, compare_rejects);
    }
    *result_out = (csv_block_result){.batch = {.table = table,
                                               .row_line = parser->row_line,
                                               .row_start = parser->row_start,
                                               .row_length = parser->row_length,
                                               .block = block},
                                     .rejects = parser->rejects,
                                     .reject_count = parser->reject_count,
                                     .line_count = parser->line};
    return TF_OK;
}
