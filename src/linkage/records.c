#include "linkage/records_internal.h"

enum { NUMBER_DIGITS_MOST = 18 };

void tf_link_records_free(tf_link_records *records) {
    if (!records) {
        return;
    }
    for (uint32_t i = 0; i < records->column_count; i++) {
        tf_free(records->columns[i].name);
        tf_free(records->columns[i].codes);
        link_dictionary_deinit(&records->columns[i].values);
    }
    tf_free(records->columns);
    link_dictionary_deinit(&records->source_names);
    tf_free(records->sources);
    tf_free(records->source_starts);
    tf_free(records->id_bytes);
    tf_free(records->id_starts);
    tf_free(records);
}

uint32_t tf_link_records_count(const tf_link_records *records) {
    return records->count;
}

uint16_t tf_link_records_source_count(const tf_link_records *records) {
    return records->source_count;
}

tf_text tf_link_records_source_name(const tf_link_records *records, uint16_t source) {
    return link_dictionary_text(&records->source_names, (uint32_t)source + 1);
}

uint32_t tf_link_records_source_size(const tf_link_records *records, uint16_t source) {
    return records->source_starts[source + 1] - records->source_starts[source];
}

uint16_t tf_link_records_source(const tf_link_records *records, uint32_t record) {
    return records->sources[record];
}

tf_text tf_link_records_id(const tf_link_records *records, uint32_t record) {
    uint64_t start = records->id_starts[record];
    return (tf_text){records->id_bytes + start, (size_t)(records->id_starts[record + 1] - start)};
}

bool link_is_whole_number(tf_text id) {
    size_t at = id.length > 1 && id.data[0] == '-';
    if (id.length == at || id.length > NUMBER_DIGITS_MOST ||
        (id.data[at] == '0' && id.length > 1)) {
        return false;
    }
    for (; at < id.length; at++) {
        if (id.data[at] < '0' || id.data[at] > '9') {
            return false;
        }
    }
    return true;
}

int link_compare_ids(bool are_numbers, tf_text a, tf_text b) {
    if (!are_numbers) {
        return tf_text_compare(a, b);
    }
    int64_t x = 0;
    int64_t y = 0;
    (void)tf_parse_int64(a, &x);
    (void)tf_parse_int64(b, &y);
    return (x > y) - (x < y);
}

bool tf_link_records_find(const tf_link_records *records, uint16_t source, tf_text id,
                          uint32_t *record_out) {
    if (source >= records->source_count ||
        (records->ids_are_numbers && !link_is_whole_number(id))) {
        return false;
    }
    uint32_t low = records->source_starts[source];
    uint32_t high = records->source_starts[source + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order =
            link_compare_ids(records->ids_are_numbers, tf_link_records_id(records, middle), id);
        if (order == 0) {
            *record_out = middle;
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

uint32_t tf_link_records_column_count(const tf_link_records *records) {
    return records->column_count;
}

tf_text tf_link_records_column_name(const tf_link_records *records, uint32_t column) {
    return tf_text_of(records->columns[column].name);
}

uint32_t tf_link_records_column(const tf_link_records *records, tf_text name) {
    for (uint32_t i = 0; i < records->column_count; i++) {
        if (tf_text_equal(tf_text_of(records->columns[i].name), name)) {
            return i;
        }
    }
    return UINT32_MAX;
}

tf_text tf_link_records_value(const tf_link_records *records, uint32_t record, uint32_t column) {
    const link_column *from = &records->columns[column];
    uint32_t code = from->codes[record];
    return code ? link_dictionary_text(&from->values, code) : (tf_text){NULL, 0};
}

uint32_t tf_link_records_distinct(const tf_link_records *records, uint32_t column) {
    return records->columns[column].values.count;
}

double tf_link_records_filled(const tf_link_records *records, uint32_t column) {
    uint32_t filled = 0;
    for (uint32_t i = 0; i < records->count; i++) {
        filled += records->columns[column].codes[i] != 0;
    }
    return records->count ? (double)filled / records->count : 0;
}

static size_t dictionary_memory(const link_dictionary *dictionary) {
    return dictionary->byte_capacity +
           (dictionary->text_capacity + dictionary->length_capacity) * 4 +
           (dictionary->slots ? ((size_t)dictionary->slot_mask + 1) * 4 : 0);
}

size_t tf_link_records_memory(const tf_link_records *records) {
    size_t total =
        (size_t)records->count * 14 + (records->count ? records->id_starts[records->count] : 0);
    for (uint32_t i = 0; i < records->column_count; i++) {
        total += (size_t)records->count * 4 + dictionary_memory(&records->columns[i].values);
    }
    return total;
}
