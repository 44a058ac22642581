/* The one file that knows libxlsxwriter.  It writes to a path; the path is that of a file in
 * memory, so that nothing of a download is left on a disk. */
#include "trefoil/table/xlsx_writer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xlsxwriter.h>

enum {
    MOST_ROWS = 1048576,
    MOST_COLUMNS = 16384,
    MOST_CHARACTERS = 32767,
    NAME_CHARACTERS = 31,
    NAME_SIZE = 4 * NAME_CHARACTERS + 1,
    NARROWEST = 8,
    WIDEST = 60,
    ROWS_MEASURED = 2000,
    DAYS_BEFORE_1970 = 25569, /* from 1899-12-30, which is day 0 */
    FORMAT_COUNT = TF_SHEET_YEAR + 1,
};

typedef struct writer {
    lxw_workbook *book;
    lxw_format *header;
    lxw_format *formats[FORMAT_COUNT]; /* none for a plain one */
    lxw_format *whole;
    tf_buffer text; /* of one cell, terminated */
} writer;

static tf_status fail_library(lxw_error code, tf_error *error) {
    if (code == LXW_ERROR_MEMORY_MALLOC_FAILED) {
        return tf_fail_no_memory(error);
    }
    return tf_fail(error, TF_IO, NULL, 0, "the workbook could not be written: %s",
                   lxw_strerror(code));
}

/* ---- sheets ---- */

/* Whatever is given, a name that Excel takes. */
static void make_name(const char *name, char *out) {
    size_t length = 0, characters = 0;
    for (const char *next = name; *next && length < NAME_SIZE - 1; next++) {
        bool starts_character = ((unsigned char)*next & 0xC0) != 0x80;
        if (starts_character && ++characters > NAME_CHARACTERS) {
            break;
        }
        bool is_forbidden = strchr("[]:*?/\\'", *next) || (unsigned char)*next < ' ';
        out[length++] = is_forbidden ? ' ' : *next;
    }
    out[length] = '\0';
}

static tf_status check_table(const tf_sheet *sheet, tf_error *error) {
    if (sheet->table->row_count >= MOST_ROWS || sheet->table->column_count > MOST_COLUMNS) {
        return tf_fail(error, TF_BAD_INPUT, sheet->name, 0,
                       "a sheet holds %d rows and %d columns at most; choose fewer, or another "
                       "format",
                       MOST_ROWS - 1, MOST_COLUMNS);
    }
    return TF_OK;
}

static tf_sheet_format format_of(const tf_sheet *sheet, size_t column) {
    return sheet->formats ? sheet->formats[column] : TF_SHEET_PLAIN;
}

static bool is_integer(tf_type type) {
    return type == TF_TYPE_INT32 || type == TF_TYPE_INT64;
}

static lxw_format *choose_format(const writer *out, const tf_sheet *sheet, size_t column) {
    tf_sheet_format format = format_of(sheet, column);
    tf_type type = sheet->table->columns[column].type;
    if (format == TF_SHEET_PLAIN && is_integer(type)) {
        return out->whole;
    }
    if (format == TF_SHEET_PLAIN && type == TF_TYPE_DATE) {
        return out->formats[TF_SHEET_DATE];
    }
    return out->formats[format];
}

static lxw_error write_text(writer *out, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                            tf_text text, lxw_format *format) {
    out->text.length = 0;
    tf_buffer_append(&out->text, text.data, text.length);
    if (out->text.failed) {
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    }
    return worksheet_write_string(sheet, row, column, out->text.data, format);
}

static lxw_error write_cell(writer *out, lxw_worksheet *sheet, const tf_column *values, int64_t row,
                            lxw_col_t column, lxw_format *format) {
    lxw_row_t to = (lxw_row_t)row + 1;
    double number;
    if (tf_column_is_null(values, row)) {
        return LXW_NO_ERROR;
    }
    switch (values->type) {
    case TF_TYPE_BOOL:
        return worksheet_write_boolean(sheet, to, column, tf_bit_get(values->values, row), format);
    case TF_TYPE_INT32:
        number = ((const int32_t *)values->values)[row];
        break;
    case TF_TYPE_INT64:
        number = (double)((const int64_t *)values->values)[row];
        break;
    case TF_TYPE_FLOAT64:
        number = ((const double *)values->values)[row];
        break;
    case TF_TYPE_DATE:
        number = ((const int32_t *)values->values)[row] + DAYS_BEFORE_1970;
        break;
    case TF_TYPE_TIMESTAMP:
        number = (double)((const int64_t *)values->values)[row] / 86400e6 + DAYS_BEFORE_1970;
        break;
    case TF_TYPE_TEXT:
    case TF_TYPE_DICTIONARY:
        return write_text(out, sheet, to, column, tf_column_text(values, row), format);
    default:
        return LXW_ERROR_PARAMETER_VALIDATION;
    }
    return isfinite(number) ? worksheet_write_number(sheet, to, column, number, format)
                            : LXW_NO_ERROR;
}

/* About the width of the widest cell, in characters. */
static double measure(const tf_column *values) {
    size_t widest = tf_text_width(tf_text_of(values->name)) + 3; /* and the filter's button */
    bool is_text = values->type == TF_TYPE_TEXT || values->type == TF_TYPE_DICTIONARY;
    for (int64_t row = 0; is_text && row < values->length && row < ROWS_MEASURED; row++) {
        size_t width = tf_text_width(tf_column_text(values, row)) + 1;
        widest = width > widest ? width : widest;
    }
    return widest < NARROWEST ? NARROWEST : widest > WIDEST ? WIDEST : (double)widest;
}

static tf_status fail_cell(lxw_error code, const tf_column *column, tf_error *error) {
    if (code == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) {
        return tf_fail(error, TF_BAD_INPUT, column->name, 0,
                       "a text is longer than the %d characters that a cell holds; choose another "
                       "format",
                       MOST_CHARACTERS);
    }
    return fail_library(code, error);
}

static tf_status write_column(writer *out, lxw_worksheet *to, const tf_sheet *sheet, size_t index,
                              tf_error *error) {
    const tf_column *column = &sheet->table->columns[index];
    lxw_format *format = choose_format(out, sheet, index);
    lxw_col_t at = (lxw_col_t)index;
    lxw_error code = worksheet_set_column(to, at, at, measure(column), NULL);
    if (!code) {
        code = worksheet_write_string(to, 0, at, column->name, out->header);
    }
    for (int64_t row = 0; row < column->length && !code; row++) {
        code = write_cell(out, to, column, row, at, format);
    }
    return code ? fail_cell(code, column, error) : TF_OK;
}

static tf_status write_sheet(writer *out, const tf_sheet *sheet, tf_error *error) {
    const tf_table *table = sheet->table;
    char name[NAME_SIZE];
    make_name(sheet->name, name);
    tf_status status = check_table(sheet, error);
    if (status) {
        return status;
    }
    if (workbook_get_worksheet_by_name(out->book, name)) {
        return tf_fail(error, TF_BAD_INPUT, sheet->name, 0,
                       "two sheets of a workbook cannot both be called '%s'", name);
    }
    lxw_worksheet *to = workbook_add_worksheet(out->book, name);
    if (!to) {
        return tf_fail(error, TF_BAD_INPUT, sheet->name, 0, "'%s' cannot name a sheet", name);
    }
    for (size_t i = 0; i < table->column_count && !status; i++) {
        status = write_column(out, to, sheet, i, error);
    }
    if (!status && table->column_count > 0) {
        worksheet_freeze_panes(to, 1, 0);
        worksheet_autofilter(to, 0, 0, (lxw_row_t)table->row_count,
                             (lxw_col_t)(table->column_count - 1));
    }
    return status;
}

/* ---- the workbook ---- */

static tf_status add_formats(writer *out, tf_error *error) {
    static const char *const numbers[FORMAT_COUNT] = {[TF_SHEET_DECIMAL] = "#,##0.00",
                                                      [TF_SHEET_PERCENT] = "0.0%",
                                                      [TF_SHEET_MONTH] = "yyyy\\-mm",
                                                      [TF_SHEET_DATE] = "yyyy\\-mm\\-dd",
                                                      [TF_SHEET_YEAR] = "0"};
    out->header = workbook_add_format(out->book);
    out->whole = workbook_add_format(out->book);
    bool has_all = out->header && out->whole;
    for (size_t i = TF_SHEET_PLAIN + 1; i < FORMAT_COUNT; i++) {
        out->formats[i] = workbook_add_format(out->book);
        has_all = has_all && out->formats[i];
        if (out->formats[i]) {
            format_set_num_format(out->formats[i], numbers[i]);
        }
    }
    if (!has_all) {
        return tf_fail_no_memory(error);
    }
    format_set_bold(out->header);
    format_set_num_format(out->whole, "#,##0");
    return TF_OK;
}

static tf_status set_properties(writer *out, const tf_workbook_about *about, tf_error *error) {
    lxw_doc_properties properties = {.title = (char *)about->title,
                                     .subject = (char *)about->subject,
                                     .comments = (char *)about->comments,
                                     .created = (time_t)(about->created_at / 1000000)};
    lxw_error code = workbook_set_properties(out->book, &properties);
    return code ? fail_library(code, error) : TF_OK;
}

static tf_status fail_file(tf_error *error) {
    return tf_fail(error, TF_IO, NULL, 0, "the workbook could not be written: %s", strerror(errno));
}

/* Append what stands in the file. */
static tf_status take_file(int file, tf_buffer *out, tf_error *error) {
    struct stat about;
    if (fstat(file, &about)) {
        return fail_file(error);
    }
    size_t before = out->length;
    char block[65536];
    for (off_t at = 0; at < about.st_size;) {
        ssize_t length = pread(file, block, sizeof block, at);
        if (length <= 0) {
            out->length = before;
            return fail_file(error);
        }
        tf_buffer_append(out, block, (size_t)length);
        at += length;
    }
    tf_status status = tf_buffer_check(out, error);
    if (status) {
        out->length = before;
    }
    return status;
}

tf_status tf_xlsx_write(const tf_sheet *sheets, size_t sheet_count, const tf_workbook_about *about,
                        tf_buffer *out, tf_error *error) {
    writer work = {0};
    int file = memfd_create("workbook", MFD_CLOEXEC);
    if (file < 0) {
        return fail_file(error);
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    tf_buffer_init(&work.text);
    work.book = workbook_new(path);
    tf_status status = work.book ? add_formats(&work, error) : tf_fail_no_memory(error);
    if (!status) {
        status = set_properties(&work, about, error);
    }
    for (size_t i = 0; i < sheet_count && !status; i++) {
        status = write_sheet(&work, &sheets[i], error);
    }
    if (work.book && status) {
        lxw_workbook_free(work.book);
    } else if (work.book) {
        lxw_error code = workbook_close(work.book);
        status = code ? fail_library(code, error) : take_file(file, out, error);
    }
    tf_buffer_deinit(&work.text);
    close(file);
    return status;
}
