#include "import_internal.h"
#include "population_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/table/xlsx.h"

#include <stdio.h>

enum { WORD_SIZE = 24 };

/* ---- words ---- */

static bool is_word_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The next run of letters and digits, in lower case and cut to size; false at the end. */
static bool next_word(tf_text *rest, char word_out[WORD_SIZE]) {
    size_t length = 0;
    size_t i = 0;
    while (i < rest->length && !is_word_letter(rest->data[i])) {
        i++;
    }
    for (; i < rest->length && is_word_letter(rest->data[i]); i++) {
        char c = rest->data[i];
        if (length < WORD_SIZE - 1) {
            word_out[length++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        }
    }
    word_out[length] = '\0';
    if (rest->data) {
        *rest = (tf_text){rest->data + i, rest->length - i};
    }
    return length > 0;
}

static bool is_one_of(const char *word, const char *const *words) {
    for (; *words; words++) {
        if (strcmp(word, *words) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_word(tf_text text, const char *wanted) {
    char word[WORD_SIZE];
    while (next_word(&text, word)) {
        if (strcmp(word, wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* A year from 1900 to 2199, or 0. */
static int year_of_word(const char *word) {
    int64_t year;
    bool is_year = strlen(word) == 4 && tf_parse_int64(tf_text_of(word), &year) &&
                   year >= TF_FIRST_YEAR && year <= TF_LAST_YEAR;
    return is_year ? (int)year : 0;
}

int tf_population_year(tf_text text) {
    static const char *const allowed[] = {"mid", "year", NULL};
    char word[WORD_SIZE];
    int found = 0;
    while (next_word(&text, word)) {
        int year = year_of_word(word);
        if (year ? found != 0 : !is_one_of(word, allowed)) {
            return 0;
        }
        found = year ? year : found;
    }
    return found;
}

/* The only year that a title speaks of, or 0. */
static int year_of_title(tf_text title) {
    char word[WORD_SIZE];
    int found = 0;
    while (next_word(&title, word)) {
        int year = year_of_word(word);
        if (year && found && year != found) {
            return 0;
        }
        found = year ? year : found;
    }
    return found;
}

bool tf_population_parse(tf_text text, double *people_out) {
    char digits[64];
    size_t length = 0;
    size_t group = 0; /* digits since the last separator */
    bool has_separator = false;
    bool has_ended = false; /* at the decimal point */
    text = tf_text_trim(text);
    if (text.length >= sizeof digits) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == ',') {
            if (has_ended || group == 0 || group > 3 || (has_separator && group != 3)) {
                return false;
            }
            has_separator = true;
            group = 0;
            continue;
        }
        if (c == '.' || c == 'e' || c == 'E') {
            has_ended = has_ended || !has_separator || group == 3;
            if (!has_ended) {
                return false;
            }
        }
        group += !has_ended && c >= '0' && c <= '9';
        digits[length++] = c;
    }
    if (has_separator && !has_ended && group != 3) {
        return false;
    }
    return tf_parse_double((tf_text){digits, length}, people_out);
}

/* ---- columns ---- */

/* Whether a column holds all people of an area; the year of its name, or 0, in *year_out. */
static bool is_people(tf_text name, int *year_out) {
    static const char *const subjects[] = {"pop",     "population", "populations", "people",
                                           "persons", "residents",  "ages",        NULL};
    static const char *const others[] = {"mid",       "year",      "estimated", "estimate",
                                         "estimates", "total",     "all",       "usual",
                                         "excluding", "prisoners", NULL};
    char word[WORD_SIZE];
    bool has_subject = false;
    *year_out = 0;
    while (next_word(&name, word)) {
        int year = year_of_word(word);
        if (is_one_of(word, subjects)) {
            has_subject = true;
        } else if (year && !*year_out) {
            *year_out = year;
        } else if (year || !is_one_of(word, others)) {
            return false;
        }
    }
    return has_subject || *year_out;
}

static bool is_year_column(tf_text name) {
    static const char *const words[] = {"mid", "year", NULL};
    char word[WORD_SIZE];
    bool is_year = has_word(name, "year");
    while (is_year && next_word(&name, word)) {
        is_year = is_one_of(word, words);
    }
    return is_year;
}

static tf_status fail_header(const tf_text *names, size_t count, const char *what,
                             tf_error *error) {
    tf_buffer list;
    tf_buffer_init(&list);
    for (size_t i = 0; i < count && list.length < 300; i++) {
        tf_buffer_format(&list, "%s%.*s", i ? ", " : "", TF_TEXT_ARG(names[i]));
    }
    tf_status status = tf_fail(error, TF_BAD_INPUT, NULL, 1,
                               "the header has %s; give columns such as code, year and people, or "
                               "code and one for each year (it has: %s)",
                               what, list.data ? list.data : "none");
    tf_buffer_deinit(&list);
    return status;
}

static bool find_named(const char *wanted, const tf_text *names, size_t count, size_t *place_out) {
    for (size_t i = 0; i < count; i++) {
        if (tf_text_equal_fold(tf_text_trim(names[i]), tf_text_of(wanted))) {
            *place_out = i;
            return true;
        }
    }
    return false;
}

static tf_status find_code(const tf_population_options *options, const tf_text *names, size_t count,
                           size_t *place_out, tf_error *error) {
    const char *wanted = options->code_column ? options->code_column : "code";
    if (find_named(wanted, names, count, place_out)) {
        return TF_OK;
    }
    size_t found = 0;
    size_t found_small = 0;
    for (size_t i = 0; i < count && !options->code_column; i++) {
        tf_text name = tf_text_trim(names[i]);
        if (!tf_is_ons_column(name, NULL, "CD") && !has_word(name, "code")) {
            continue;
        }
        bool is_small =
            name.length >= 4 && tf_text_equal_fold((tf_text){name.data, 4}, tf_text_of("LSOA"));
        if (is_small || !found_small) {
            *place_out = i;
        }
        found_small += is_small;
        found++;
    }
    if (found == 1 || found_small == 1) {
        return TF_OK;
    }
    return fail_header(names, count,
                       found ? "several columns of codes" : "no column of the areas' codes", error);
}

static tf_status find_figures(const tf_population_options *options, const tf_text *names,
                              size_t count, tf_population_layout *layout, tf_rows_columns *chosen,
                              tf_error *error) {
    size_t wanted = 0;
    if (options->people_column && !find_named(options->people_column, names, count, &wanted)) {
        return fail_header(names, count, "no column of that name", error);
    }
    for (size_t i = 0; i < count; i++) {
        int year = 0;
        bool is_figure = is_people(names[i], &year);
        bool is_chosen = options->people_column ? i == wanted : is_figure;
        if (!is_chosen || is_year_column(names[i])) {
            continue;
        }
        if (chosen->count == TF_ROWS_MAX_COLUMNS) {
            return fail_header(names, count, "too many columns", error);
        }
        layout->years[layout->figure_count++] = is_figure ? year : 0;
        chosen->places[chosen->count++] = i;
    }
    return TF_OK;
}

/* Every figure needs one year, and every year one column. */
static tf_status settle_years(const tf_population_options *options, const tf_text *names,
                              size_t count, const char *title, tf_population_layout *layout,
                              tf_error *error) {
    bool has_figures = layout->figure_count > 0;
    if (!has_figures || (layout->has_year_column && layout->figure_count > 1)) {
        return fail_header(
            names, count, has_figures ? "several columns of people" : "no column of people", error);
    }
    if (layout->has_year_column) {
        return TF_OK;
    }
    if (layout->figure_count == 1 && !layout->years[0]) {
        layout->years[0] = options->year ? options->year : year_of_title(tf_text_of(title));
    }
    for (size_t i = 0; i < layout->figure_count; i++) {
        if (layout->years[i] < TF_FIRST_YEAR || layout->years[i] > TF_LAST_YEAR) {
            return fail_header(names, count, "a column of people without a year", error);
        }
        for (size_t k = 0; k < i; k++) {
            if (layout->years[k] == layout->years[i]) {
                return fail_header(names, count, "two columns of people for one year", error);
            }
        }
    }
    return TF_OK;
}

tf_status tf_population_layout_find(const tf_population_options *options, const tf_text *names,
                                    size_t count, const char *title,
                                    tf_population_layout *layout_out, tf_rows_columns *chosen_out,
                                    tf_error *error) {
    *layout_out = (tf_population_layout){0};
    chosen_out->count = 1;
    tf_status status = find_code(options, names, count, &chosen_out->places[0], error);
    if (status) {
        return status;
    }
    for (size_t i = 0; i < count && !layout_out->has_year_column; i++) {
        if (is_year_column(names[i])) {
            layout_out->has_year_column = true;
            chosen_out->places[chosen_out->count++] = i;
        }
    }
    status = find_figures(options, names, count, layout_out, chosen_out, error);
    return status ? status : settle_years(options, names, count, title, layout_out, error);
}

/* ---- the sheet of a workbook ---- */

typedef struct sheet_probe {
    const tf_population_options *options;
    size_t figure_count;
    char title[TF_ROWS_TITLE_SIZE];
} sheet_probe;

static tf_status probe(void *context, const tf_text *names, size_t count, const char *title,
                       tf_rows_columns *chosen_out, tf_error *error) {
    sheet_probe *sheet = context;
    tf_population_layout layout;
    tf_status status =
        tf_population_layout_find(sheet->options, names, count, title, &layout, chosen_out, error);
    if (!status) {
        sheet->figure_count = layout.figure_count;
        snprintf(sheet->title, sizeof sheet->title, "%s", title);
    }
    return status;
}

/* Sheets that look like populations and are about something else, or about some people only. */
static bool is_other_subject(const char *title, const char *name) {
    static const char *const words[] = {"median",  "density", "change", "components",
                                        "females", "males",   "female", "male"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (has_word(tf_text_of(title), words[i]) || has_word(tf_text_of(name), words[i])) {
            return true;
        }
    }
    return false;
}

tf_status tf_population_find_sheet(const char *path, const tf_population_options *options,
                                   char *sheet_out, size_t sheet_size, tf_error *error) {
    char **names = NULL;
    size_t count = 0;
    size_t most = 0;
    const char *best = NULL;
    const char *other = NULL; /* as good as the best */
    tf_status status = tf_xlsx_sheets(path, &names, &count, error);
    for (size_t i = 0; !status && i < count; i++) {
        sheet_probe sheet = {.options = options};
        tf_rows_reader reader = {.choose = probe, .context = &sheet};
        status = tf_rows_read_workbook(path, names[i], &reader, error);
        if (status == TF_NOT_FOUND) {
            status = TF_OK;
        }
        if (sheet.figure_count == 0 || sheet.figure_count < most ||
            is_other_subject(sheet.title, names[i])) {
            continue;
        }
        other = sheet.figure_count == most ? names[i] : NULL;
        best = other ? best : names[i];
        most = sheet.figure_count;
    }
    if (!status && (!best || strlen(best) >= sheet_size)) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "no sheet of the workbook has a header with the areas' codes and the "
                         "people of one year or more; name the sheet with --sheet, or save it as "
                         "CSV with the columns code, year and people");
    } else if (!status && other) {
        status = tf_fail(error, TF_BAD_INPUT, path, 0,
                         "the sheets %.60s and %.60s both look like populations; name one with "
                         "--sheet",
                         best, other);
    } else if (!status) {
        strcpy(sheet_out, best);
    }
    tf_free(names);
    return status;
}
