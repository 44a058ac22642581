#include "arrow_internal.h"

#include <stdlib.h>

static int compare_ids(const void *a, const void *b) {
    int64_t left = ((const tf_arrow_dictionary *)a)->id;
    int64_t right = ((const tf_arrow_dictionary *)b)->id;
    return (left > right) - (left < right);
}

tf_arrow_dictionary *tf_arrow_dictionaries_find(const tf_arrow_dictionaries *dictionaries,
                                                int64_t id) {
    const tf_arrow_dictionary key = {.id = id};
    return dictionaries->count
               ? bsearch(&key, dictionaries->items, dictionaries->count, sizeof key, compare_ids)
               : NULL;
}

/* Several columns may share a dictionary. */
static tf_status merge_same_ids(tf_arrow_dictionaries *dictionaries, tf_error *error) {
    size_t kept = 0;
    for (size_t i = 0; i < dictionaries->count; i++) {
        const tf_arrow_dictionary *item = &dictionaries->items[i];
        tf_arrow_dictionary *last = kept ? &dictionaries->items[kept - 1] : NULL;
        if (!last || last->id != item->id) {
            dictionaries->items[kept++] = *item;
        } else if (last->values.stored_size != item->values.stored_size) {
            return tf_arrow_fail_damaged(error);
        }
    }
    dictionaries->count = kept;
    return TF_OK;
}

tf_status tf_arrow_dictionaries_init(tf_arrow_dictionaries *dictionaries,
                                     const tf_arrow_schema *schema, tf_arrow_budget *budget,
                                     tf_error *error) {
    size_t count = 0;
    for (size_t i = 0; i < schema->field_count; i++) {
        const tf_arrow_field *field = &schema->fields[i];
        count += !field->unsupported && field->type == TF_TYPE_DICTIONARY;
    }
    *dictionaries = (tf_arrow_dictionaries){0};
    tf_status status = tf_arrow_budget_take(budget, count * sizeof(tf_arrow_dictionary), error);
    if (status) {
        return status;
    }
    dictionaries->items = tf_alloc_zeroed(count, sizeof *dictionaries->items);
    if (!dictionaries->items) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < schema->field_count; i++) {
        const tf_arrow_field *field = &schema->fields[i];
        if (!field->unsupported && field->type == TF_TYPE_DICTIONARY) {
            dictionaries->items[dictionaries->count++] = (tf_arrow_dictionary){
                .id = field->dictionary_id,
                .values = {.name = field->name,
                           .type = TF_TYPE_TEXT,
                           .stored_size = field->dictionary_offset_size},
            };
        }
    }
    qsort(dictionaries->items, count, sizeof *dictionaries->items, compare_ids);
    return merge_same_ids(dictionaries, error);
}

void tf_arrow_dictionaries_deinit(tf_arrow_dictionaries *dictionaries) {
    for (size_t i = 0; i < dictionaries->count; i++) {
        tf_column_deinit(&dictionaries->items[i].column);
        tf_free(dictionaries->items[i].pending);
    }
    tf_free(dictionaries->items);
    *dictionaries = (tf_arrow_dictionaries){0};
}

tf_status tf_arrow_dictionary_note(tf_arrow_dictionary *dictionary, size_t position, bool is_delta,
                                   tf_error *error) {
    if (!is_delta) {
        dictionary->pending_count = 0;
        dictionary->is_replaced = true;
        dictionary->exists = true;
    } else if (!dictionary->exists) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the dictionary of column '%s' of the Arrow stream is extended before it "
                       "is there; fetch the file again",
                       dictionary->values.name);
    }
    tf_status status =
        tf_reserve(&dictionary->pending, &dictionary->pending_capacity,
                   dictionary->pending_count + 1, sizeof *dictionary->pending, error);
    if (!status) {
        dictionary->pending[dictionary->pending_count++] = position;
    }
    return status;
}

/* Take in which of the entries of `more` are null. */
static tf_status append_validity(tf_column *column, const tf_column *more, tf_error *error) {
    if (!column->validity && !more->validity) {
        return TF_OK;
    }
    int64_t count = column->length + more->length;
    uint8_t *bits = tf_alloc_zeroed(tf_bit_bytes(count), 1);
    if (!bits) {
        return tf_fail_no_memory(error);
    }
    for (int64_t i = 0; i < count; i++) {
        bool is_null = i < column->length ? tf_column_is_null(column, i)
                                          : tf_column_is_null(more, i - column->length);
        if (!is_null) {
            tf_bit_set(bits, i);
        }
    }
    tf_free(column->validity);
    column->validity = bits;
    column->null_count += more->null_count;
    return TF_OK;
}

/* Append the entries of `more`; `column` is as before after an error. */
static tf_status append_entries(tf_column *column, const tf_column *more, tf_arrow_budget *budget,
                                tf_error *error) {
    size_t old_size = (size_t)column->offsets[column->length];
    size_t more_size = (size_t)more->offsets[more->length];
    size_t count = (size_t)column->length + (size_t)more->length;
    if (count > INT32_MAX || old_size + more_size > INT32_MAX) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "a dictionary of the Arrow stream grows beyond 2 GiB");
    }
    tf_status status = tf_arrow_budget_take(
        budget, (size_t)more->length * sizeof(int32_t) + more_size + tf_bit_bytes((int64_t)count),
        error);
    if (status) {
        return status;
    }
    int32_t *offsets = tf_realloc(column->offsets, count + 1, sizeof *offsets);
    column->offsets = offsets ? offsets : column->offsets;
    char *values = tf_realloc(column->values, old_size + more_size, 1);
    column->values = values ? values : column->values;
    if (!offsets || !values) {
        return tf_fail_no_memory(error);
    }
    status = append_validity(column, more, error);
    if (status) {
        return status;
    }
    memcpy(values + old_size, more->values, more_size);
    for (int64_t i = 0; i < more->length; i++) {
        offsets[column->length + i + 1] = (int32_t)old_size + more->offsets[i + 1];
    }
    column->length += more->length;
    return TF_OK;
}

/* Decode the dictionary batch at `position`. */
static tf_status decode_batch(tf_arrow_dictionary *dictionary, tf_arrow_decoder *decoder,
                              const uint8_t *bytes, size_t length, size_t position,
                              tf_error *error) {
    tf_arrow_budget *budget = &decoder->budget;
    size_t before = budget->used;
    tf_arrow_message message;
    tf_arrow_batch batch;
    tf_column entries = {0};
    tf_status status = tf_arrow_message_read(bytes, length, &position, &message, error);
    status = status ? status : tf_arrow_batch_read(&message, &batch, error);
    status =
        status ? status : tf_arrow_decode(decoder, &batch, &dictionary->values, &entries, error);
    if (status) {
        goto done;
    }
    if (dictionary->is_replaced) {
        tf_column_deinit(&dictionary->column);
        dictionary->column = entries;
        entries = (tf_column){0};
        dictionary->is_replaced = false;
        size_t size = budget->used - before;
        budget->used -= dictionary->size;
        dictionary->size = size;
        return TF_OK;
    }
    size_t decoded = budget->used;
    status = append_entries(&dictionary->column, &entries, budget, error);
    if (!status) {
        dictionary->size += budget->used - decoded;
        before += budget->used - decoded;
    }
done:
    budget->used = before;
    tf_column_deinit(&entries);
    return status;
}

tf_status tf_arrow_dictionary_decode(tf_arrow_dictionary *dictionary, tf_arrow_decoder *decoder,
                                     const uint8_t *bytes, size_t length, tf_error *error) {
    tf_status status = TF_OK;
    size_t done = 0;
    while (done < dictionary->pending_count) {
        status = decode_batch(dictionary, decoder, bytes, length, dictionary->pending[done], error);
        if (status) {
            break;
        }
        done++;
    }
    if (done) {
        dictionary->pending_count -= done;
        memmove(dictionary->pending, dictionary->pending + done,
                dictionary->pending_count * sizeof *dictionary->pending);
    }
    return status;
}

static tf_status add_validity(tf_column *column, tf_arrow_budget *budget, tf_error *error) {
    size_t size = tf_bit_bytes(column->length);
    tf_status status = tf_arrow_budget_take(budget, size, error);
    if (status) {
        return status;
    }
    column->validity = tf_alloc_zeroed(size, 1);
    if (!column->validity) {
        return tf_fail_no_memory(error);
    }
    for (int64_t row = 0; row < column->length; row++) {
        tf_bit_set(column->validity, row);
    }
    return TF_OK;
}

/* A row whose entry is null becomes null itself. */
static tf_status spread_nulls(const tf_column *dictionary, tf_column *column,
                              tf_arrow_budget *budget, tf_error *error) {
    int32_t *indices = column->values;
    for (int64_t row = 0; row < column->length; row++) {
        if (tf_column_is_null(column, row) || !tf_column_is_null(dictionary, indices[row])) {
            continue;
        }
        tf_status status = column->validity ? TF_OK : add_validity(column, budget, error);
        if (status) {
            return status;
        }
        column->validity[row / 8] &= (uint8_t) ~(1U << (row % 8));
        column->null_count++;
        indices[row] = 0;
    }
    return TF_OK;
}

static tf_status check_indices(const tf_column *dictionary, const tf_column *column,
                               const char *name, tf_error *error) {
    const uint32_t *indices = column->values;
    uint32_t largest = 0; /* a negative index is a large one */
    for (int64_t row = 0; row < column->length; row++) {
        largest = indices[row] > largest ? indices[row] : largest;
    }
    /* Nulls have index 0, be there an entry or not. */
    bool is_empty = column->null_count == column->length;
    if (!is_empty && largest >= (uint64_t)dictionary->length) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "column '%s' of the Arrow stream refers to an entry that its dictionary "
                       "lacks; fetch the file again",
                       name);
    }
    return TF_OK;
}

tf_status tf_arrow_dictionary_attach(const tf_arrow_dictionary *dictionary, tf_column *column,
                                     tf_arrow_budget *budget, tf_error *error) {
    const tf_column *source = &dictionary->column;
    tf_status status = check_indices(source, column, dictionary->values.name, error);
    if (!status && source->validity) {
        status = spread_nulls(source, column, budget, error);
    }
    if (status) {
        return status;
    }
    size_t count = (size_t)source->length + 1;
    size_t size = source->offsets ? (size_t)source->offsets[source->length] : 0;
    status = tf_arrow_budget_take(budget, count * sizeof(int32_t) + size, error);
    if (status) {
        return status;
    }
    tf_column *copy = tf_alloc_zeroed(1, sizeof *copy);
    if (!copy) {
        return tf_fail_no_memory(error);
    }
    column->dictionary = copy;
    copy->name = tf_copy_text("", 0);
    copy->type = TF_TYPE_TEXT;
    copy->length = source->length;
    copy->offsets = tf_alloc_zeroed(count, sizeof *copy->offsets);
    copy->values = tf_alloc(size, 1);
    if (!copy->name || !copy->offsets || !copy->values) {
        return tf_fail_no_memory(error);
    }
    if (source->offsets) {
        memcpy(copy->offsets, source->offsets, count * sizeof *copy->offsets);
        memcpy(copy->values, source->values, size);
    }
    return TF_OK;
}
