/* Values taken from the file of a form, each with its fault. */
#include "form_internal.h"

void tf_form_reader_expect(tf_form_reader *reader, const tf_yaml *node, const char *const *names) {
    if (!reader->status) {
        reader->status = tf_yaml_expect(node, names, reader->error);
    }
}

const tf_yaml *tf_form_reader_field(const tf_yaml *mapping, const char *name) {
    const tf_yaml *child = mapping->kind == TF_YAML_MAPPING ? mapping->first : NULL;
    while (child && strcmp(child->name, name) != 0) {
        child = child->next;
    }
    return child;
}

const char *tf_form_reader_take_text(tf_form_reader *reader, const tf_yaml *node,
                                     const char *name) {
    const char *text = NULL;
    if (!reader->status) {
        reader->status = tf_yaml_get_text(node, name, &text, reader->error);
    }
    return reader->status ? NULL : text;
}

static bool is_name(const char *text, char joint) {
    size_t length = strlen(text);
    bool is_sound = length <= 40 && text[0] >= 'a' && text[0] <= 'z';
    for (size_t i = 0; is_sound && i < length; i++) {
        char c = text[i];
        is_sound = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == joint;
    }
    return is_sound;
}

const char *tf_form_reader_take_name(tf_form_reader *reader, const tf_yaml *node, const char *name,
                                     char joint) {
    const char *text = tf_form_reader_take_text(reader, node, name);
    if (text && !is_name(text, joint)) {
        TF_FORM_FAIL(reader, tf_form_reader_field(node, name),
                     "\"%s\" must be at most 40 lower-case letters, digits and \"%c\", the first a "
                     "letter",
                     text, joint);
        return NULL;
    }
    return text;
}

bool tf_form_reader_take_flag(tf_form_reader *reader, const tf_yaml *node, const char *name) {
    const char *text = NULL;
    if (!reader->status) {
        reader->status = tf_yaml_find_text(node, name, &text, reader->error);
    }
    if (reader->status || !text) {
        return false;
    }
    bool is_set = strcmp(text, "true") == 0;
    if (!is_set && strcmp(text, "false") != 0) {
        TF_FORM_FAIL(reader, tf_form_reader_field(node, name), "\"%s\" must be true or false",
                     name);
    }
    return is_set;
}

int64_t tf_form_reader_find_number(tf_form_reader *reader, const tf_yaml *node, const char *name,
                                   int64_t least, int64_t most, int64_t otherwise) {
    const char *text = NULL;
    int64_t number = otherwise;
    if (!reader->status) {
        reader->status = tf_yaml_find_text(node, name, &text, reader->error);
    }
    if (!reader->status && text &&
        (!tf_parse_int64(tf_text_of(text), &number) || number < least || number > most)) {
        TF_FORM_FAIL(reader, tf_form_reader_field(node, name),
                     "\"%s\" must be a whole number from %lld to %lld", name, (long long)least,
                     (long long)most);
    }
    return number;
}

tf_words tf_form_reader_find_words(tf_form_reader *reader, const tf_yaml *node, const char *name) {
    const char *names[TF_LANGUAGE_COUNT + 1] = {NULL};
    tf_words words = {{NULL}};
    const tf_yaml *field = tf_form_reader_field(node, name);
    if (!field || reader->status) {
        return words;
    }
    memcpy(names, tf_language_codes, sizeof tf_language_codes);
    tf_form_reader_expect(reader, field, names);
    for (size_t i = 0; i < TF_LANGUAGE_COUNT && !reader->status; i++) {
        reader->status =
            tf_yaml_find_text(field, tf_language_codes[i], &words.in[i], reader->error);
    }
    if (!reader->status && !words.in[TF_ENGLISH]) {
        TF_FORM_FAIL(reader, field, "\"%s\" lacks its English (en); add it", name);
    }
    return words;
}

tf_words tf_form_reader_take_words(tf_form_reader *reader, const tf_yaml *node, const char *name) {
    tf_words words = tf_form_reader_find_words(reader, node, name);
    if (!reader->status && !words.in[TF_ENGLISH]) {
        TF_FORM_FAIL(reader, node, "the field \"%s\" is missing; add it", name);
    }
    return words;
}

const tf_yaml *tf_form_reader_find_list(tf_form_reader *reader, const tf_yaml *node,
                                        const char *name, size_t most) {
    const tf_yaml *list = NULL;
    if (reader->status || !tf_form_reader_field(node, name)) {
        return NULL;
    }
    reader->status = tf_yaml_get_list(node, name, &list, reader->error);
    if (!reader->status && list->count > most) {
        TF_FORM_FAIL(reader, list, "\"%s\" has more than %zu items; take some out", name, most);
    }
    return reader->status ? NULL : list;
}
