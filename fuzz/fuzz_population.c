/* The header of a file of populations, its title and its figures.  The first line is the title;
 * the rest are names of columns, each of which is read as a figure and as a year too. */
#include "intake/population_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_NAMES = 400 };

static void check_layout(const tf_population_layout *layout, const tf_rows_columns *chosen,
                         size_t count) {
    if (layout->figure_count == 0 ||
        chosen->count != 1 + (size_t)layout->has_year_column + layout->figure_count) {
        abort();
    }
    for (size_t i = 0; i < chosen->count; i++) {
        if (chosen->places[i] >= count) {
            abort();
        }
    }
    for (size_t i = 0; !layout->has_year_column && i < layout->figure_count; i++) {
        if (layout->years[i] < TF_FIRST_YEAR || layout->years[i] > TF_LAST_YEAR) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    tf_text names[MAX_NAMES];
    size_t count = 0;
    char title[TF_ROWS_TITLE_SIZE] = "";
    size_t start = 0;
    for (size_t i = 0; i <= size && count < MAX_NAMES; i++) {
        if (i < size && text[i] != '\n') {
            continue;
        }
        tf_text line = {text + start, i - start};
        if (start == 0) {
            size_t length = line.length < sizeof title ? line.length : sizeof title - 1;
            memcpy(title, line.data, length);
            title[length] = '\0';
        } else {
            double people;
            (void)tf_population_parse(line, &people);
            (void)tf_population_year(line);
            names[count++] = line;
        }
        start = i + 1;
    }
    tf_population_options options = {0};
    tf_population_layout layout;
    tf_rows_columns chosen;
    tf_error error;
    if (tf_population_layout_find(&options, names, count, title, &layout, &chosen, &error) ==
        TF_OK) {
        check_layout(&layout, &chosen, count);
    }
    return 0;
}
