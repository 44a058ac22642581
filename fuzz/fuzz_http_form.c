/* Query strings and forms: no crash, what is accepted is clean text, and an address built from it
 * reads back the same. */
#include "web/http/form.h"

#include <stdlib.h>

static const char *const choices[] = {"drugs", "theft", NULL};

static const tf_field fields[] = {
    {.name = "t", .label = "Text", .maximum = 1000},
    {.name = "m", .label = "Month", .kind = TF_FIELD_MONTH, .fallback = "2023-02"},
    {.name = "i", .label = "Number", .kind = TF_FIELD_INT, .minimum = -5, .maximum = 500},
    {.name = "c", .label = "Choice", .kind = TF_FIELD_CHOICE, .choices = choices},
    {.name = "f", .label = "Flag", .kind = TF_FIELD_FLAG},
    {.name = "r", .label = "Required", .is_required = true},
};

enum { FIELDS = sizeof fields / sizeof *fields };

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

static void check_value(const tf_field *field, const tf_value *value) {
    check(tf_text_is_utf8(value->text));
    for (size_t i = 0; i < value->text.length; i++) {
        unsigned char byte = (unsigned char)value->text.data[i];
        check(byte >= 0x20 || byte == '\t' || byte == '\r' || byte == '\n');
    }
    if (value->error) {
        check(tf_text_is_utf8(tf_text_of(value->error)));
        return;
    }
    check(!field->is_required || value->is_given);
    check(field->kind != TF_FIELD_INT || !value->is_given ||
          (value->number >= field->minimum && value->number <= field->maximum));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    tf_arena *arena = tf_arena_new();
    tf_form form;
    tf_text sent = {(const char *)bytes, length};
    if (!arena || tf_form_parse(fields, FIELDS, sent, arena, &form, NULL)) {
        tf_arena_free(arena);
        return 0;
    }
    tf_buffer address = {0};
    for (size_t i = 0; i < FIELDS; i++) {
        check_value(&fields[i], &form.values[i]);
        if (form.values[i].is_given) {
            tf_query_append(&address, fields[i].name, form.values[i].text);
        }
    }
    if (address.length) {
        tf_form again;
        tf_text query = {address.data + 1, address.length - 1};
        check(tf_form_parse(fields, FIELDS, query, arena, &again, NULL) == TF_OK);
        for (size_t i = 0; i < FIELDS; i++) {
            check(form.values[i].error || tf_text_equal(form.values[i].text, again.values[i].text));
            check(form.values[i].error || !again.values[i].error);
        }
    }
    tf_buffer_deinit(&address);
    tf_arena_free(arena);
    return 0;
}
