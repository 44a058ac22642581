#include "xlsx_internal.h"

#include "xml_internal.h"

#include <inttypes.h>

enum {
    MOST_CELLS = 16384, /* a row has no more columns: A to XFD */
    MOST_ROW_TEXT = 64 << 20,
    MOST_STRING_BYTES = 512 << 20,
};

static bool is(const char *name, const char *expected) {
    return strcmp(name, expected) == 0;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* The character that "_x000D_" stands for, or 0 when `at` is no such escape. */
static unsigned escaped_character(const char *at, size_t left) {
    if (left < 7 || at[0] != '_' || at[1] != 'x' || at[6] != '_') {
        return 0;
    }
    unsigned character = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0) {
            return 0;
        }
        character = character * 16 + (unsigned)digit;
    }
    bool is_surrogate = character >= 0xD800 && character < 0xE000;
    return is_surrogate ? 0 : character;
}

/* Replace the escapes of ECMA-376 part 1, 22.9.2.19 (ST_Xstring), in place: Excel writes
 * "_x000D_" for a carriage return.  Returns the new length. */
static size_t unescape(char *text, size_t length) {
    size_t written = 0;
    for (size_t i = 0; i < length;) {
        unsigned character = escaped_character(text + i, length - i);
        if (character == 0) {
            text[written++] = text[i++];
            continue;
        }
        i += 7;
        if (character < 0x80) {
            text[written++] = (char)character;
        } else if (character < 0x800) {
            text[written++] = (char)(0xC0 | character >> 6);
            text[written++] = (char)(0x80 | (character & 0x3F));
        } else {
            text[written++] = (char)(0xE0 | character >> 12);
            text[written++] = (char)(0x80 | (character >> 6 & 0x3F));
            text[written++] = (char)(0x80 | (character & 0x3F));
        }
    }
    return written;
}

/* Shorten what `buffer` holds from `start` on by its escapes. */
static void unescape_tail(tf_buffer *buffer, size_t start) {
    if (!buffer->failed && buffer->length > start) {
        buffer->length = start + unescape(buffer->data + start, buffer->length - start);
    }
}

/* A text with formatting comes as runs, `r`, each with its `t`; how it is pronounced, `rPh`, has
 * a `t` of its own that is not part of the text. */
typedef struct text_state {
    bool in_text;
    bool in_phonetic;
} text_state;

static void text_open(text_state *state, const char *name) {
    state->in_phonetic |= is(name, "rPh");
    state->in_text = is(name, "t") && !state->in_phonetic;
}

static void text_close(text_state *state, const char *name) {
    state->in_text = false;
    if (is(name, "rPh")) {
        state->in_phonetic = false;
    }
}

typedef struct strings_reader {
    tf_xlsx_strings *strings;
    const char *place;
    bool in_item;
    text_state state;
} strings_reader;

static tf_status strings_open(void *context, const char *name, const char *const *attributes,
                              tf_error *error) {
    (void)attributes;
    (void)error;
    strings_reader *reader = context;
    if (is(name, "si")) {
        reader->in_item = true;
        reader->state = (text_state){0};
    } else if (reader->in_item) {
        text_open(&reader->state, name);
    }
    return TF_OK;
}

static tf_status strings_text(void *context, tf_text text, tf_error *error) {
    strings_reader *reader = context;
    if (!reader->in_item || !reader->state.in_text) {
        return TF_OK;
    }
    tf_xlsx_strings *strings = reader->strings;
    size_t used = strings->text.length + strings->count * sizeof *strings->ends;
    if (used > MOST_STRING_BYTES || text.length > MOST_STRING_BYTES - used) {
        return tf_fail(error, TF_NO_MEMORY, reader->place, 0,
                       "the workbook's texts take more than 512 MiB; split it");
    }
    tf_buffer_append(&strings->text, text.data, text.length);
    return tf_buffer_check(&strings->text, error);
}

static tf_status strings_close(void *context, const char *name, tf_error *error) {
    strings_reader *reader = context;
    text_close(&reader->state, name);
    if (!reader->in_item || !is(name, "si")) {
        return TF_OK;
    }
    reader->in_item = false;
    tf_xlsx_strings *strings = reader->strings;
    if (strings->count >= MOST_STRING_BYTES / sizeof *strings->ends) {
        return tf_fail(error, TF_NO_MEMORY, reader->place, 0,
                       "the workbook has more than 134,217,728 texts; split it");
    }
    tf_status status = tf_reserve(&strings->ends, &strings->capacity, strings->count + 1,
                                  sizeof *strings->ends, error);
    if (!status) {
        unescape_tail(&strings->text, strings->count ? strings->ends[strings->count - 1] : 0);
        strings->ends[strings->count++] = (uint32_t)strings->text.length;
    }
    return status;
}

tf_status tf_xlsx_read_strings(tf_source *source, tf_xlsx_strings *strings, tf_error *error) {
    strings_reader reader = {.strings = strings, .place = tf_source_name(source)};
    tf_xml_handler handler = {"sst", strings_open, strings_close, strings_text, &reader};
    return tf_xml_read(source, &handler, error);
}

void tf_xlsx_strings_deinit(tf_xlsx_strings *strings) {
    tf_buffer_deinit(&strings->text);
    tf_free(strings->ends);
    *strings = (tf_xlsx_strings){0};
}

typedef enum cell_type { CELL_VERBATIM, CELL_SHARED, CELL_TEXT, CELL_BOOL } cell_type;

typedef struct sheet_reader {
    const tf_xlsx_strings *strings;
    const char *place;
    tf_xlsx_row *on_row;
    void *context;
    bool in_data;
    bool in_row;
    int64_t row;
    bool in_cell;
    cell_type type;
    size_t column; /* of the cell, 0-based */
    bool in_value;
    text_state state;
    size_t next_column;
    size_t cell_count;
    tf_buffer text;    /* what the row's cells hold themselves */
    size_t cell_start; /* where the current one begins in it */
    tf_text *cells;    /* `data` is NULL until the row is complete where the text is in `text` */
    size_t *cell_starts;
    size_t capacity;
    size_t starts_capacity;
} sheet_reader;

static tf_status fail_in_row(const sheet_reader *sheet, tf_error *error, const char *reason) {
    return tf_fail(error, TF_BAD_INPUT, sheet->place, 0,
                   "row %" PRId64 " of the sheet %s; save the workbook again", sheet->row, reason);
}

static tf_status row_open(sheet_reader *sheet, const char *const *attributes, tf_error *error) {
    const char *number = tf_xml_attribute(attributes, "r");
    int64_t row = sheet->row + 1;
    if (number &&
        (!tf_parse_int64(tf_text_of(number), &row) || row <= sheet->row || row > INT32_MAX)) {
        return fail_in_row(sheet, error, "is followed by one without a higher number");
    }
    sheet->in_row = true;
    sheet->in_cell = false;
    sheet->row = row;
    sheet->cell_count = 0;
    sheet->next_column = 0;
    sheet->text.length = 0;
    return TF_OK;
}

/* The column of a reference such as "AB7", 0-based; MOST_CELLS or more if there is none such. */
static size_t column_of(const char *reference) {
    size_t column = 0;
    for (; column <= MOST_CELLS; reference++) {
        char letter = (char)(*reference & ~0x20); /* of either case */
        if (letter < 'A' || letter > 'Z') {
            break;
        }
        column = column * 26 + (size_t)(letter - 'A') + 1;
    }
    return column ? column - 1 : MOST_CELLS;
}

static tf_status cell_open(sheet_reader *sheet, const char *const *attributes, tf_error *error) {
    const char *reference = tf_xml_attribute(attributes, "r");
    const char *type = tf_xml_attribute(attributes, "t");
    size_t column = reference ? column_of(reference) : sheet->next_column;
    if (column >= MOST_CELLS) {
        return fail_in_row(sheet, error, "has a cell beyond column XFD, the last");
    }
    sheet->in_cell = true;
    sheet->in_value = false;
    sheet->state = (text_state){0};
    sheet->column = column;
    sheet->next_column = column + 1;
    sheet->cell_start = sheet->text.length;
    sheet->type = !type                                      ? CELL_VERBATIM
                  : is(type, "s")                            ? CELL_SHARED
                  : is(type, "str") || is(type, "inlineStr") ? CELL_TEXT
                  : is(type, "b")                            ? CELL_BOOL
                                                             : CELL_VERBATIM;
    return TF_OK;
}

static tf_status sheet_open(void *context, const char *name, const char *const *attributes,
                            tf_error *error) {
    sheet_reader *sheet = context;
    if (sheet->in_cell) {
        sheet->in_value = is(name, "v");
        text_open(&sheet->state, name);
    } else if (sheet->in_row && is(name, "c")) {
        return cell_open(sheet, attributes, error);
    } else if (sheet->in_data && is(name, "row")) {
        return row_open(sheet, attributes, error);
    } else if (is(name, "sheetData")) {
        sheet->in_data = true;
    }
    return TF_OK;
}

static tf_status sheet_text(void *context, tf_text text, tf_error *error) {
    sheet_reader *sheet = context;
    if (!sheet->in_cell || !(sheet->in_value || sheet->state.in_text)) {
        return TF_OK;
    }
    if (text.length > MOST_ROW_TEXT - sheet->text.length) {
        return fail_in_row(sheet, error, "holds more than 64 MiB of text");
    }
    tf_buffer_append(&sheet->text, text.data, text.length);
    return tf_buffer_check(&sheet->text, error);
}

/* Room for the cell at `column`, what lies before it being empty. */
static tf_status reach_column(sheet_reader *sheet, size_t column, tf_error *error) {
    tf_status status =
        tf_reserve(&sheet->cells, &sheet->capacity, column + 1, sizeof *sheet->cells, error);
    if (!status) {
        status = tf_reserve(&sheet->cell_starts, &sheet->starts_capacity, column + 1,
                            sizeof *sheet->cell_starts, error);
    }
    while (!status && sheet->cell_count <= column) {
        sheet->cells[sheet->cell_count++] = (tf_text){"", 0};
    }
    return status;
}

static tf_status shared_string(const sheet_reader *sheet, tf_text number, tf_text *text_out,
                               tf_error *error) {
    const tf_xlsx_strings *strings = sheet->strings;
    int64_t index;
    if (!tf_parse_int64(number, &index) || index < 0 || (uint64_t)index >= strings->count) {
        return fail_in_row(sheet, error, "refers to a text that the workbook does not have");
    }
    uint32_t start = index ? strings->ends[index - 1] : 0;
    size_t length = strings->ends[index] - start;
    *text_out = length ? (tf_text){strings->text.data + start, length} : (tf_text){"", 0};
    return TF_OK;
}

static tf_status cell_close(sheet_reader *sheet, tf_error *error) {
    sheet->in_cell = false;
    tf_status status = reach_column(sheet, sheet->column, error);
    if (status) {
        return status;
    }
    if (sheet->type == CELL_TEXT) {
        unescape_tail(&sheet->text, sheet->cell_start);
    }
    size_t length = sheet->text.length - sheet->cell_start;
    tf_text *cell = &sheet->cells[sheet->column];
    tf_text held =
        length ? (tf_text){sheet->text.data + sheet->cell_start, length} : (tf_text){"", 0};
    if (length == 0) {
        *cell = held;
    } else if (sheet->type == CELL_SHARED) {
        status = shared_string(sheet, tf_text_trim(held), cell, error);
        sheet->text.length = sheet->cell_start;
    } else if (sheet->type == CELL_BOOL) {
        *cell = tf_text_of(tf_text_equal(tf_text_trim(held), tf_text_of("0")) ? "FALSE" : "TRUE");
        sheet->text.length = sheet->cell_start;
    } else {
        *cell = (tf_text){NULL, length};
        sheet->cell_starts[sheet->column] = sheet->cell_start;
    }
    return status;
}

static tf_status row_close(sheet_reader *sheet, tf_error *error) {
    sheet->in_row = false;
    for (size_t i = 0; i < sheet->cell_count; i++) {
        if (!sheet->cells[i].data) {
            sheet->cells[i].data = sheet->text.data + sheet->cell_starts[i];
        }
    }
    return sheet->on_row(sheet->context, sheet->row, sheet->cells, sheet->cell_count, error);
}

static tf_status sheet_close(void *context, const char *name, tf_error *error) {
    sheet_reader *sheet = context;
    sheet->in_value = false;
    text_close(&sheet->state, name);
    if (sheet->in_cell) {
        return is(name, "c") ? cell_close(sheet, error) : TF_OK;
    }
    if (sheet->in_row && is(name, "row")) {
        return row_close(sheet, error);
    }
    if (is(name, "sheetData")) {
        sheet->in_data = false;
    }
    return TF_OK;
}

tf_status tf_xlsx_read_sheet(tf_source *source, const tf_xlsx_strings *strings, tf_xlsx_row *on_row,
                             void *context, tf_error *error) {
    sheet_reader sheet = {
        .strings = strings, .place = tf_source_name(source), .on_row = on_row, .context = context};
    tf_xml_handler handler = {"worksheet", sheet_open, sheet_close, sheet_text, &sheet};
    tf_status status = tf_xml_read(source, &handler, error);
    tf_buffer_deinit(&sheet.text);
    tf_free(sheet.cells);
    tf_free(sheet.cell_starts);
    return status;
}
