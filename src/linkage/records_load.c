/* From tables to records. */
#include "linkage/records_internal.h"

#include <stdio.h>
#include <stdlib.h>

struct tf_link_loader {
    char *id_column;     /* or NULL */
    char *source_column; /* or NULL */
    size_t memory_limit;
    tf_link_records *records; /* rows in the order in which they came */
    size_t source_capacity;
    size_t id_capacity;
    size_t id_byte_capacity;
    size_t column_capacity;
    uint32_t *rows; /* in each source, by source */
    uint32_t *map;  /* from a table's dictionary to ours */
    size_t map_capacity;
    bool ids_are_numbers;
    tf_buffer cell;
};

static char *copy_name(const char *name) {
    return name ? tf_copy_text(name, strlen(name)) : NULL;
}

void tf_link_loader_free(tf_link_loader *loader) {
    if (loader) {
        tf_free(loader->id_column);
        tf_free(loader->source_column);
        tf_link_records_free(loader->records);
        tf_free(loader->rows);
        tf_free(loader->map);
        tf_buffer_deinit(&loader->cell);
        tf_free(loader);
    }
}

tf_status tf_link_loader_new(const tf_link_loader_options *options, tf_link_loader **loader_out,
                             tf_error *error) {
    *loader_out = NULL;
    tf_link_loader *loader = tf_alloc_zeroed(1, sizeof *loader);
    if (!loader) {
        return tf_fail_no_memory(error);
    }
    tf_buffer_init(&loader->cell);
    loader->ids_are_numbers = true;
    loader->memory_limit = options->memory_limit;
    loader->id_column = copy_name(options->id_column);
    loader->source_column = copy_name(options->source_column);
    loader->rows = tf_alloc_zeroed(TF_LINK_MAX_SOURCES, sizeof *loader->rows);
    loader->records = tf_alloc_zeroed(1, sizeof *loader->records);
    if (!loader->records || !loader->rows || (options->id_column && !loader->id_column) ||
        (options->source_column && !loader->source_column) ||
        link_dictionary_init(&loader->records->source_names, error)) {
        tf_link_loader_free(loader);
        return tf_fail_no_memory(error);
    }
    *loader_out = loader;
    return TF_OK;
}

/* The value of a cell as text, borrowed from the table or the buffer; empty for none. */
static tf_text cell_text(const tf_column *column, int64_t row, tf_buffer *buffer) {
    if (column->type == TF_TYPE_TEXT || column->type == TF_TYPE_DICTIONARY) {
        return tf_column_text(column, row);
    }
    buffer->length = 0;
    tf_column_append(column, row, buffer);
    return (tf_text){buffer->data, buffer->length};
}

static int64_t line_of(const tf_link_lines *lines, int64_t row) {
    return !lines ? 0 : lines->first + (lines->of_row ? (int64_t)lines->of_row[row] : row);
}

static tf_status add_ids(tf_link_loader *loader, const tf_table *table, tf_text source,
                         const tf_link_lines *lines, tf_error *error) {
    tf_link_records *records = loader->records;
    const tf_column *ids = loader->id_column ? tf_table_get(table, loader->id_column) : NULL;
    if (loader->id_column && !ids) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "%.*s has no column %s for the ids of its records; name the column that "
                       "has them",
                       TF_TEXT_ARG(source), loader->id_column);
    }
    for (int64_t row = 0; row < table->row_count; row++) {
        uint32_t record = records->count + (uint32_t)row;
        char number[24];
        tf_text id;
        if (ids) {
            id = cell_text(ids, row, &loader->cell);
            loader->ids_are_numbers = loader->ids_are_numbers && link_is_whole_number(id);
        } else {
            uint32_t place = ++loader->rows[records->sources[record]];
            id = (tf_text){number, (size_t)snprintf(number, sizeof number, "%u", place)};
        }
        if (loader->cell.failed) {
            return tf_buffer_check(&loader->cell, error);
        }
        if (id.length == 0) {
            return tf_fail(error, TF_BAD_INPUT, NULL, line_of(lines, row),
                           "this record of %.*s has no %s; give it an id", TF_TEXT_ARG(source),
                           loader->id_column);
        }
        uint64_t start = records->id_starts[record];
        tf_status status = tf_reserve(&records->id_bytes, &loader->id_byte_capacity,
                                      (size_t)start + id.length, 1, error);
        if (status) {
            return status;
        }
        memcpy(records->id_bytes + start, id.data, id.length);
        records->id_starts[record + 1] = start + id.length;
    }
    return TF_OK;
}

static tf_status add_sources(tf_link_loader *loader, const tf_table *table, tf_text source,
                             tf_error *error) {
    tf_link_records *records = loader->records;
    const tf_column *column =
        loader->source_column ? tf_table_get(table, loader->source_column) : NULL;
    uint32_t code = 0;
    tf_text last = {NULL, 0};
    for (int64_t row = 0; row < table->row_count; row++) {
        tf_text name = column ? cell_text(column, row, &loader->cell) : source;
        name = name.length ? name : source;
        if (loader->cell.failed) {
            return tf_buffer_check(&loader->cell, error);
        }
        if (code == 0 || !tf_text_equal(name, last)) {
            tf_status status = link_dictionary_add(&records->source_names, name,
                                                   link_text_hash(name), &code, error);
            if (status) {
                return status;
            }
            last = link_dictionary_text(&records->source_names, code);
        }
        if (code > TF_LINK_MAX_SOURCES) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "there are more than %d sources; name the column that tells which "
                           "service a record is from, if it is another",
                           TF_LINK_MAX_SOURCES);
        }
        records->sources[records->count + (uint32_t)row] = (uint16_t)(code - 1);
    }
    records->source_count = (uint16_t)records->source_names.count;
    return TF_OK;
}

static tf_status find_column(tf_link_loader *loader, const char *name, link_column **column_out,
                             tf_error *error) {
    tf_link_records *records = loader->records;
    uint32_t found = tf_link_records_column(records, tf_text_of(name));
    if (found != UINT32_MAX) {
        *column_out = &records->columns[found];
        return TF_OK;
    }
    if (records->column_count == TF_LINK_MAX_COLUMNS) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there are more than %d columns; leave those out that say nothing of a "
                       "person",
                       TF_LINK_MAX_COLUMNS);
    }
    tf_status status =
        tf_reserve(&records->columns, &loader->column_capacity, (size_t)records->column_count + 1,
                   sizeof *records->columns, error);
    if (status) {
        return status;
    }
    link_column *column = &records->columns[records->column_count];
    *column = (link_column){.name = copy_name(name)};
    if (!column->name) {
        return tf_fail_no_memory(error);
    }
    status = link_dictionary_init(&column->values, error);
    if (status) {
        tf_free(column->name);
        return status;
    }
    records->column_count++;
    *column_out = column;
    return TF_OK;
}

/* Our codes of the texts of a table's dictionary. */
static tf_status map_dictionary(tf_link_loader *loader, const tf_column *dictionary,
                                link_dictionary *values, tf_error *error) {
    size_t count = (size_t)dictionary->length;
    tf_status status =
        tf_reserve(&loader->map, &loader->map_capacity, count + 1, sizeof *loader->map, error);
    enum { AHEAD = 16 };
    uint64_t hashes[AHEAD];
    for (size_t start = 0; start < count && !status; start += AHEAD) {
        size_t end = start + AHEAD < count ? start + AHEAD : count;
        for (size_t i = start; i < end; i++) {
            hashes[i - start] = link_text_hash(tf_column_text(dictionary, (int64_t)i));
            link_dictionary_expect(values, hashes[i - start]);
        }
        for (size_t i = start; i < end && !status; i++) {
            tf_text text = tf_column_text(dictionary, (int64_t)i);
            loader->map[i] = 0;
            if (text.length) {
                status =
                    link_dictionary_add(values, text, hashes[i - start], &loader->map[i], error);
            }
        }
    }
    return status;
}

static tf_status add_codes(tf_link_loader *loader, const tf_column *from, link_column *column,
                           int64_t row_count, tf_error *error) {
    uint32_t *codes = column->codes + loader->records->count;
    if (from->type == TF_TYPE_DICTIONARY) {
        tf_status status = map_dictionary(loader, from->dictionary, &column->values, error);
        const int32_t *indices = from->values;
        for (int64_t row = 0; row < row_count && !status; row++) {
            codes[row] = tf_column_is_null(from, row) ? 0 : loader->map[indices[row]];
        }
        return status;
    }
    tf_status status = TF_OK;
    for (int64_t row = 0; row < row_count && !status; row++) {
        tf_text text = cell_text(from, row, &loader->cell);
        codes[row] = 0;
        if (text.length) {
            status = link_dictionary_add(&column->values, text, link_text_hash(text), &codes[row],
                                         error);
        }
    }
    return status ? status : tf_buffer_check(&loader->cell, error);
}

/* Room in every column for the rows that come; what they do not fill is missing. */
static tf_status reserve_codes(tf_link_loader *loader, int64_t row_count, tf_error *error) {
    tf_link_records *records = loader->records;
    for (uint32_t i = 0; i < records->column_count; i++) {
        link_column *column = &records->columns[i];
        size_t before = column->code_capacity;
        tf_status status =
            tf_reserve(&column->codes, &column->code_capacity,
                       (size_t)records->count + (size_t)row_count, sizeof *column->codes, error);
        if (status) {
            return status;
        }
        memset(column->codes + before, 0, (column->code_capacity - before) * sizeof(uint32_t));
    }
    return TF_OK;
}

static bool is_apart(const tf_link_loader *loader, const char *name) {
    return (loader->id_column && strcmp(name, loader->id_column) == 0) ||
           (loader->source_column && strcmp(name, loader->source_column) == 0);
}

tf_status tf_link_loader_add(tf_link_loader *loader, tf_text source, const tf_table *table,
                             const tf_link_lines *lines, tf_error *error) {
    tf_link_records *records = loader->records;
    if ((uint64_t)records->count + (uint64_t)table->row_count >= UINT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there are more records than can be linked at once, 4,294,967,294; divide "
                       "them");
    }
    size_t needed = (size_t)records->count + (size_t)table->row_count;
    tf_status status = tf_reserve(&records->sources, &loader->source_capacity, needed,
                                  sizeof *records->sources, error);
    if (!status) {
        status = tf_reserve(&records->id_starts, &loader->id_capacity, needed + 1,
                            sizeof *records->id_starts, error);
    }
    if (status) {
        return status;
    }
    if (records->count == 0) {
        records->id_starts[0] = 0;
    }
    status = add_sources(loader, table, source, error);
    if (!status) {
        status = add_ids(loader, table, source, lines, error);
    }
    link_column *column;
    for (size_t i = 0; i < table->column_count && !status; i++) {
        if (!is_apart(loader, table->columns[i].name)) {
            status = find_column(loader, table->columns[i].name, &column, error);
        }
    }
    if (!status) {
        status = reserve_codes(loader, table->row_count, error);
    }
    for (size_t i = 0; i < table->column_count && !status; i++) {
        const tf_column *from = &table->columns[i];
        if (!is_apart(loader, from->name)) {
            status = find_column(loader, from->name, &column, error);
            if (!status) {
                status = add_codes(loader, from, column, table->row_count, error);
            }
        }
    }
    if (status) {
        return status;
    }
    records->count = (uint32_t)needed;
    if (loader->memory_limit && tf_link_records_memory(records) > loader->memory_limit) {
        return tf_fail(error, TF_NO_MEMORY, NULL, 0,
                       "the records take more than the %zu MB that were allowed, after %u of them; "
                       "allow more memory, or leave out columns that are not compared",
                       loader->memory_limit >> 20, records->count);
    }
    return TF_OK;
}

/* ---- the order of records ---- */

typedef struct record_order {
    const tf_link_records *records;
    bool are_numbers;
} record_order;

static int compare_records(const void *a, const void *b, void *context) {
    const record_order *order = context;
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    const tf_link_records *records = order->records;
    if (records->sources[x] != records->sources[y]) {
        return records->sources[x] < records->sources[y] ? -1 : 1;
    }
    int result = link_compare_ids(order->are_numbers, tf_link_records_id(records, x),
                                  tf_link_records_id(records, y));
    return result ? result : (x > y) - (x < y);
}

static tf_status permute(void **items, size_t size, const uint32_t *order, uint32_t count,
                         tf_error *error) {
    char *moved = tf_alloc(count, size);
    if (!moved) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        memcpy(moved + (size_t)i * size, (const char *)*items + (size_t)order[i] * size, size);
    }
    tf_free(*items);
    *items = moved;
    return TF_OK;
}

static tf_status permute_ids(tf_link_records *records, const uint32_t *order, tf_error *error) {
    char *bytes = tf_alloc((size_t)records->id_starts[records->count], 1);
    uint64_t *starts = tf_alloc((size_t)records->count + 1, sizeof *starts);
    if (!bytes || !starts) {
        tf_free(bytes);
        tf_free(starts);
        return tf_fail_no_memory(error);
    }
    starts[0] = 0;
    for (uint32_t i = 0; i < records->count; i++) {
        tf_text id = tf_link_records_id(records, order[i]);
        memcpy(bytes + starts[i], id.data, id.length);
        starts[i + 1] = starts[i] + id.length;
    }
    tf_free(records->id_bytes);
    tf_free(records->id_starts);
    records->id_bytes = bytes;
    records->id_starts = starts;
    return TF_OK;
}

static tf_status apply_order(tf_link_records *records, const uint32_t *order, tf_error *error) {
    void *sources = records->sources;
    tf_status status = permute(&sources, sizeof *records->sources, order, records->count, error);
    records->sources = sources;
    for (uint32_t i = 0; i < records->column_count && !status; i++) {
        void *codes = records->columns[i].codes;
        status = permute(&codes, sizeof(uint32_t), order, records->count, error);
        records->columns[i].codes = codes;
        records->columns[i].code_capacity = records->count;
    }
    return status ? status : permute_ids(records, order, error);
}

static tf_status check_ids_differ(const tf_link_records *records, const uint32_t *order,
                                  tf_error *error) {
    for (uint32_t i = 1; i < records->count; i++) {
        tf_text id = tf_link_records_id(records, i);
        if (records->sources[i] == records->sources[i - 1] &&
            tf_text_equal(id, tf_link_records_id(records, i - 1))) {
            uint32_t first = order[i - 1] < order[i] ? order[i - 1] : order[i];
            uint32_t second = order[i - 1] < order[i] ? order[i] : order[i - 1];
            tf_text source = tf_link_records_source_name(records, records->sources[i]);
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "records %u and %u, both of %.*s, have the same id, %.*s; give each "
                           "its own, or name another column with --id",
                           first + 1, second + 1, TF_TEXT_ARG(source),
                           (int)(id.length < 80 ? id.length : 80), id.data);
        }
    }
    return TF_OK;
}

static tf_status put_in_order(tf_link_records *records, tf_error *error) {
    uint32_t *order = tf_alloc((size_t)records->count, sizeof *order);
    if (!order) {
        return tf_fail_no_memory(error);
    }
    record_order context = {records, records->ids_are_numbers};
    bool is_sorted = true;
    for (uint32_t i = 0; i < records->count; i++) {
        order[i] = i;
        is_sorted =
            is_sorted && (i == 0 || compare_records(&order[i - 1], &order[i], &context) < 0);
    }
    tf_status status = TF_OK;
    if (!is_sorted) {
        qsort_r(order, records->count, sizeof *order, compare_records, &context);
        status = apply_order(records, order, error);
    }
    if (!status) {
        status = check_ids_differ(records, order, error);
    }
    tf_free(order);
    return status;
}

static int compare_source_names(const void *a, const void *b, void *context) {
    const link_dictionary *names = context;
    return tf_text_compare(link_dictionary_text(names, *(const uint16_t *)a + 1U),
                           link_dictionary_text(names, *(const uint16_t *)b + 1U));
}

/* Number the sources by their names. */
static tf_status order_sources(tf_link_records *records, tf_error *error) {
    uint16_t order[TF_LINK_MAX_SOURCES];
    uint16_t place[TF_LINK_MAX_SOURCES];
    for (uint16_t i = 0; i < records->source_count; i++) {
        order[i] = i;
    }
    qsort_r(order, records->source_count, sizeof *order, compare_source_names,
            &records->source_names);
    link_dictionary names;
    tf_status status = link_dictionary_init(&names, error);
    for (uint16_t i = 0; i < records->source_count && !status; i++) {
        tf_text name = link_dictionary_text(&records->source_names, order[i] + 1U);
        uint32_t code;
        status = link_dictionary_add(&names, name, link_text_hash(name), &code, error);
        place[order[i]] = i;
    }
    if (status) {
        link_dictionary_deinit(&names);
        return status;
    }
    link_dictionary_deinit(&records->source_names);
    records->source_names = names;
    for (uint32_t i = 0; i < records->count; i++) {
        records->sources[i] = place[records->sources[i]];
    }
    return TF_OK;
}

tf_status tf_link_loader_finish(tf_link_loader *loader, tf_link_records **records_out,
                                tf_error *error) {
    *records_out = NULL;
    tf_link_records *records = loader->records;
    records->ids_are_numbers = loader->ids_are_numbers;
    tf_status status = order_sources(records, error);
    if (!status) {
        status = put_in_order(records, error);
    }
    if (status) {
        return status;
    }
    records->source_starts = tf_alloc_zeroed((size_t)records->source_count + 1, sizeof(uint32_t));
    if (!records->source_starts) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < records->count; i++) {
        records->source_starts[records->sources[i] + 1]++;
    }
    for (uint16_t i = 0; i < records->source_count; i++) {
        records->source_starts[i + 1] += records->source_starts[i];
    }
    loader->records = NULL;
    *records_out = records;
    return TF_OK;
}
