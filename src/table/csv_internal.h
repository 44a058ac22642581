/* How the CSV reader is divided: csv_scan.c finds where fields and records end, csv_intern.c
 * numbers repeated texts, csv_convert.c turns fields into columns, csv_parse.c turns one block into
 * rows, rejects and a batch, and csv.c reads, hands out and delivers blocks. */
#ifndef TABLE_CSV_INTERNAL_H
#define TABLE_CSV_INTERNAL_H

#include "trefoil/table/csv.h"

enum {
    CSV_PADDING = 64,               /* readable bytes behind every block, not of value 0 */
    CSV_RECORD_LIMIT = 1024 * 1024, /* the longest record */
    CSV_TEXT_LIMIT = 4096,          /* of a rejected record, what is reported */
    CSV_ABSENT = -1,                /* an optional column that the file lacks */
};

/* A record longer than CSV_RECORD_LIMIT starts on the block's line `line`, counted from 1. */
static inline tf_status tf_csv_fail_record_length(int64_t line, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, line,
                   "a record is longer than 1 MiB; the file is not CSV or lacks its line breaks");
}

/* ---- csv_scan.c ---- */

/* Where the fields of a run of records end. */
typedef struct csv_scan {
    uint32_t *separators; /* offsets of the commas and line feeds that are outside quotes */
    size_t count;
    size_t capacity;
    uint32_t *malformed; /* offsets of opening quotes without a proper closing quote */
    size_t malformed_count;
    size_t malformed_capacity;
    bool has_quotes;
    bool has_odd_bytes; /* bytes beyond ASCII, or of value 0 */
} csv_scan;

void tf_csv_scan_deinit(csv_scan *scan);

/* Scan block[start, end), where `start` is the start of a record.  The block itself ends at
 * `block_length`, where a record ends; CSV_PADDING bytes behind it are readable. */
tf_status tf_csv_scan(csv_scan *scan, const char *block, size_t start, size_t end,
                      size_t block_length, tf_error *error);

/* The length of the longest run of whole records at the start of `data`; 0 if not even one is
 * whole.  `at_end` says that nothing follows. */
size_t tf_csv_whole_records(const char *data, size_t length, bool at_end);

/* ---- words of text; both may look up to 8 bytes beyond its end ---- */

static inline uint64_t csv_load64(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The bytes of a word that belong to a text of `length` left bytes. */
static inline uint64_t csv_keep_bytes(size_t length) {
    return length >= 8 ? ~0ULL : (1ULL << (length * 8)) - 1;
}

static inline bool csv_same_text(const char *a, const char *b, size_t length) {
    if (length < 8) {
        return ((csv_load64(a) ^ csv_load64(b)) & csv_keep_bytes(length)) == 0;
    }
    for (size_t at = 0; at + 8 < length; at += 8) {
        if (csv_load64(a + at) != csv_load64(b + at)) {
            return false;
        }
    }
    /* The last word may overlap the one before. */
    return csv_load64(a + length - 8) == csv_load64(b + length - 8);
}

/* ---- csv_intern.c ---- */

/* Numbers texts in order of first appearance, anew for each batch, but remembers the texts from
 * batch to batch so that only the first meeting is dear. */
typedef struct csv_interning csv_interning;

csv_interning *tf_csv_interning_new(void); /* NULL when out of memory */
void tf_csv_interning_free(csv_interning *interning);
void tf_csv_interning_start_batch(csv_interning *interning);

/* The number of `text` within the batch, or -1 when out of memory.  Reads up to 16 bytes beyond
 * the text. */
int32_t tf_csv_intern(csv_interning *interning, const char *text, size_t length);

/* The batch's texts, in order of their numbers, as a TEXT column (without a name). */
tf_status tf_csv_interning_take(csv_interning *interning, tf_column *dictionary_out);

/* ---- csv_hex.c ---- */

/* Turn `byte_count` pairs of hexadecimal digits into bytes; false if one is no such digit. */
bool tf_csv_decode_hex(const char *text, size_t byte_count, uint8_t *out);

/* ---- csv_convert.c ---- */

typedef struct csv_layout {
    const tf_csv_field *fields;
    const int *positions; /* of each field in a record of the file, or CSV_ABSENT */
    size_t field_count;
    size_t header_count;       /* fields in a record */
    char *const *header_names; /* of all of them */
} csv_layout;

/* Some rows of a block, every one with as many fields as the header. */
typedef struct csv_stripe {
    const char *block;
    const uint32_t *separators;
    const uint32_t *row_separator; /* for each row, the index of its first separator */
    const uint32_t *row_start;     /* for each row, where it starts in the block */
    size_t row_count;
} csv_stripe;

/* The columns of the batch that is being made. */
typedef struct csv_columns csv_columns;

csv_columns *tf_csv_columns_new(const csv_layout *layout); /* NULL when out of memory */
void tf_csv_columns_free(csv_columns *columns);

/* Forget what was converted and make room for about `expected_rows`. */
tf_status tf_csv_columns_start(csv_columns *columns, size_t expected_rows, tf_error *error);

/* Convert the fields whose values can be wrong.  is_bad[row], zero before, becomes 1 + the index
 * of the first field of the row that is; *any_bad_out says whether there is one.  If so the
 * caller takes the bad rows out of the stripe and calls again. */
tf_status tf_csv_columns_check(csv_columns *columns, const csv_stripe *stripe, uint16_t *is_bad,
                               bool *any_bad_out, tf_error *error);

/* Convert the other fields and count the stripe's rows in. */
tf_status tf_csv_columns_append(csv_columns *columns, const csv_stripe *stripe, tf_error *error);

/* Move the columns into a table. */
tf_status tf_csv_columns_take(csv_columns *columns, tf_table **table_out, tf_error *error);

/* Field `position` of a row as it stands in the file, with its quotes. */
static inline tf_text csv_raw_field(const csv_layout *layout, const csv_stripe *stripe, size_t row,
                                    int position) {
    const uint32_t *separators = stripe->separators + stripe->row_separator[row];
    uint32_t start = position == 0 ? stripe->row_start[row] : separators[position - 1] + 1;
    tf_text field = {stripe->block + start, separators[position] - start};
    if ((size_t)position + 1 == layout->header_count && field.length &&
        field.data[field.length - 1] == '\r') {
        field.length--;
    }
    return field;
}

/* The quoted field without its quotes, doubled quotes made single in `scratch` where there are
 * any; data NULL when out of memory. */
tf_text tf_csv_unquote(tf_text field, tf_buffer *scratch);

/* What a field's value must be: "not a number". */
const char *tf_csv_expected(const tf_csv_field *field, char *buffer, size_t size);

/* ---- csv_parse.c ---- */

typedef enum csv_fault { CSV_FIELD_COUNT, CSV_NOT_UTF8, CSV_QUOTES, CSV_VALUE } csv_fault;

/* A rejected record, small because a hostile block has many; put into words when delivered. */
typedef struct csv_reject {
    uint32_t line; /* counted from the block's first */
    uint32_t start;
    uint32_t length;
    csv_fault fault;
    uint32_t detail;      /* FIELD_COUNT: fields found; NOT_UTF8: position; VALUE: field index */
    uint32_t value_start; /* VALUE only */
    uint32_t value_length;
} csv_reject;

/* What one thread keeps from block to block. */
typedef struct csv_parser csv_parser;

csv_parser *tf_csv_parser_new(const csv_layout *layout, tf_error *error);
void tf_csv_parser_free(csv_parser *parser);

typedef struct csv_block_result {
    tf_csv_batch batch; /* the table is the caller's; the arrays are the parser's until the next
                         * block */
    const csv_reject *rejects;
    size_t reject_count;
    int64_t line_count;
} csv_block_result;

/* Parse one block of whole records, the last with its line feed; CSV_PADDING bytes behind it are
 * readable. */
tf_status tf_csv_parse_block(csv_parser *parser, const char *block, size_t length,
                             csv_block_result *result_out, tf_error *error);

/* "Latitude is 'abc', which is not a number" */
void tf_csv_reject_describe(const csv_layout *layout, const char *block, const csv_reject *reject,
                            char *text_out, size_t text_size);

#endif
