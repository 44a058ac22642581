#include "form_internal.h"

#include "field_internal.h"
#include "percent_internal.h"

#include <stdlib.h>

enum { MOST_PAIRS = 200 };

const tf_field *tf_form_field(const tf_form *form, tf_text name) {
    for (size_t i = 0; i < form->field_count; i++) {
        if (tf_text_equal(tf_text_of(form->fields[i].name), name)) {
            return &form->fields[i];
        }
    }
    return NULL;
}

const tf_value *tf_form_value(const tf_form *form, const char *name) {
    const tf_field *field = tf_form_field(form, tf_text_of(name));
    if (!field) {
        abort();
    }
    return &form->values[field - form->fields];
}

tf_status tf_form_begin(const tf_field *fields, size_t field_count, tf_arena *arena,
                        tf_form *form_out, tf_error *error) {
    *form_out = (tf_form){.fields = fields, .field_count = field_count};
    form_out->values = tf_arena_alloc(arena, field_count, sizeof *form_out->values);
    if (!form_out->values) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < field_count; i++) {
        form_out->values[i] = (tf_value){.text = {"", 0}};
    }
    return TF_OK;
}

/* Until a form is finished the error of a value is one of these marks. */
static const char unreadable[] = "unreadable";
static const char repeated[] = "repeated";

void tf_form_put(tf_form *form, tf_text name, tf_text sent, bool is_readable) {
    const tf_field *field = tf_form_field(form, name);
    if (!field || field->kind == TF_FIELD_FILES || tf_text_trim(sent).length == 0) {
        return;
    }
    tf_value *value = &form->values[field - form->fields];
    if (value->is_given) {
        value->error = repeated;
        return;
    }
    value->is_given = true;
    value->text = sent;
    if (!is_readable) {
        value->error = unreadable;
    }
}

/* Decode one side of "name=value". */
static tf_status decode(tf_text sent, tf_arena *arena, tf_text *text_out, bool *is_readable_out,
                        tf_error *error) {
    char *decoded = tf_arena_alloc(arena, sent.length + 1, 1);
    if (!decoded) {
        return tf_fail_no_memory(error);
    }
    size_t length;
    *is_readable_out = tf_percent_decode(sent, true, decoded, &length);
    *text_out = (tf_text){decoded, length};
    return TF_OK;
}

static tf_status take_pair(tf_form *form, tf_text pair, tf_arena *arena, tf_error *error) {
    const char *equals = memchr(pair.data, '=', pair.length);
    size_t name_length = equals ? (size_t)(equals - pair.data) : pair.length;
    tf_text name;
    bool is_readable = false;
    tf_status status = decode((tf_text){pair.data, name_length}, arena, &name, &is_readable, error);
    if (status || !is_readable || !tf_form_field(form, name)) {
        return status;
    }
    tf_text value = {"", 0};
    if (equals) {
        value = (tf_text){equals + 1, pair.length - name_length - 1};
    }
    status = decode(value, arena, &value, &is_readable, error);
    if (!status) {
        tf_form_put(form, name, value, is_readable);
    }
    return status;
}

tf_status tf_form_take_pairs(tf_form *form, tf_text sent, tf_arena *arena, tf_error *error) {
    int count = 0;
    while (sent.length) {
        const char *mark = memchr(sent.data, '&', sent.length);
        size_t length = mark ? (size_t)(mark - sent.data) : sent.length;
        if (++count > MOST_PAIRS) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "the form has more than %d fields; send fewer", MOST_PAIRS);
        }
        if (length) {
            tf_status status = take_pair(form, (tf_text){sent.data, length}, arena, error);
            if (status) {
                return status;
            }
        }
        length += mark != NULL;
        sent.data += length;
        sent.length -= length;
    }
    return TF_OK;
}

/* What cannot be read is shown again with question marks. */
static tf_status make_showable(tf_value *value, tf_arena *arena, tf_error *error) {
    bool is_utf8 = tf_text_is_utf8(value->text);
    if (is_utf8 && !tf_has_control(value->text, "\t\r\n")) {
        return TF_OK;
    }
    char *copy = tf_arena_copy_text(arena, value->text.data, value->text.length);
    if (!copy) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < value->text.length; i++) {
        unsigned char byte = (unsigned char)copy[i];
        bool is_control = byte == 0x7F || (byte < 0x20 && (byte == 0 || !strchr("\t\r\n", byte)));
        if (is_control || (byte >= 0x80 && !is_utf8)) {
            copy[i] = '?';
        }
    }
    value->text.data = copy;
    return TF_OK;
}

static tf_status finish_value(const tf_field *field, tf_value *value, tf_arena *arena,
                              tf_error *error) {
    if (value->error) {
        tf_field_fault fault = value->error == repeated ? TF_FIELD_REPEATED : TF_FIELD_UNREADABLE;
        tf_status status = tf_field_blame(field, fault, value, arena, error);
        return status ? status : make_showable(value, arena, error);
    }
    if (value->is_given && field->kind == TF_FIELD_FILES) {
        return TF_OK;
    }
    if (value->is_given) {
        tf_status status = tf_field_check(field, value, arena, error);
        return status ? status : make_showable(value, arena, error);
    }
    if (field->is_required) {
        return tf_field_blame(field, TF_FIELD_MISSING, value, arena, error);
    }
    if (field->fallback) {
        value->text = tf_text_of(field->fallback);
        return tf_field_check(field, value, arena, error);
    }
    return TF_OK;
}

tf_status tf_form_finish(tf_form *form, tf_arena *arena, tf_error *error) {
    for (size_t i = 0; i < form->upload_count; i++) {
        tf_value *value = &form->values[form->uploads[i].field - form->fields];
        value->is_given = true;
        value->number++;
    }
    for (size_t i = 0; i < form->field_count; i++) {
        tf_status status = finish_value(&form->fields[i], &form->values[i], arena, error);
        if (status) {
            return status;
        }
        form->error_count += form->values[i].error != NULL;
    }
    return TF_OK;
}

tf_status tf_form_parse(const tf_field *fields, size_t field_count, tf_text sent, tf_arena *arena,
                        tf_form *form_out, tf_error *error) {
    tf_status status = tf_form_begin(fields, field_count, arena, form_out, error);
    if (!status) {
        status = tf_form_take_pairs(form_out, sent, arena, error);
    }
    return status ? status : tf_form_finish(form_out, arena, error);
}

tf_status tf_form_parse_multipart(const tf_field *fields, size_t field_count, tf_text content_type,
                                  tf_text sent, tf_arena *arena, tf_form *form_out,
                                  tf_error *error) {
    tf_status status = tf_form_begin(fields, field_count, arena, form_out, error);
    if (!status) {
        status = tf_form_take_multipart(form_out, content_type, sent, arena, error);
    }
    return status ? status : tf_form_finish(form_out, arena, error);
}

void tf_query_append(tf_buffer *out, const char *name, tf_text value) {
    if (value.length == 0) {
        return;
    }
    bool has_query = out->length && memchr(out->data, '?', out->length);
    tf_buffer_append_text(out, has_query ? "&" : "?");
    tf_percent_encode(out, tf_text_of(name));
    tf_buffer_append_text(out, "=");
    tf_percent_encode(out, value);
}

void tf_path_append(tf_buffer *out, tf_text segment) {
    tf_percent_encode(out, segment);
}
