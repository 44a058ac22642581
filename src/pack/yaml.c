#include "yaml_internal.h"

#include <yaml.h>

#include <stdarg.h>
#include <stdio.h>

enum { MAX_DEPTH = 16, MAX_NODES = 20000, MAX_FIELDS = 256 };

typedef struct yaml_reader {
    yaml_parser_t parser;
    tf_arena *arena;
    const char *file;
    size_t node_count;
    tf_error *error;
} yaml_reader;

static tf_status fail_at(const yaml_reader *reader, yaml_mark_t mark, const char *message) {
    return tf_fail(reader->error, TF_BAD_INPUT, reader->file, (int64_t)mark.line + 1, "%s",
                   message);
}

static tf_status fail_syntax(const yaml_reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return tf_fail_no_memory(reader->error);
    }
    /* A fault of encoding has an offset and no mark. */
    size_t line =
        parser->error == YAML_READER_ERROR ? parser->mark.line : parser->problem_mark.line;
    return tf_fail(reader->error, TF_BAD_INPUT, reader->file, (int64_t)line + 1,
                   "the YAML is not well formed (%s); correct the line",
                   parser->problem ? parser->problem : "no more is known");
}

/* The next event, which the caller deletes when the status is TF_OK. */
static tf_status next_event(yaml_reader *reader, yaml_event_t *event) {
    return yaml_parser_parse(&reader->parser, event) ? TF_OK : fail_syntax(reader);
}

static tf_status take_text(const yaml_reader *reader, const yaml_event_t *event,
                           const char **text_out) {
    const char *value = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(value, '\0', length)) {
        return fail_at(reader, event->start_mark, "the text holds a zero byte; take it out");
    }
    *text_out = tf_arena_copy_text(reader->arena, value, length);
    return *text_out ? TF_OK : tf_fail_no_memory(reader->error);
}

static bool is_null(const yaml_event_t *event) {
    const char *value = (const char *)event->data.scalar.value;
    return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (!*value || strcmp(value, "~") == 0 || strcmp(value, "null") == 0);
}

static tf_status read_children(yaml_reader *reader, tf_yaml *parent, int depth);

/* Make a node of an event and, for a list or mapping, of those up to its end. */
static tf_status read_node(yaml_reader *reader, const yaml_event_t *event, int depth,
                           tf_yaml **node_out) {
    if (depth > MAX_DEPTH || ++reader->node_count > MAX_NODES) {
        return fail_at(reader, event->start_mark,
                       "the file is nested too deeply or too large; make it smaller");
    }
    tf_yaml *node = tf_arena_alloc(reader->arena, 1, sizeof *node);
    if (!node) {
        return tf_fail_no_memory(reader->error);
    }
    *node = (tf_yaml){.file = reader->file, .line = (int64_t)event->start_mark.line + 1};
    *node_out = node;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node->kind = is_null(event) ? TF_YAML_NULL : TF_YAML_TEXT;
        return take_text(reader, event, &node->text);
    case YAML_SEQUENCE_START_EVENT:
        node->kind = TF_YAML_LIST;
        return read_children(reader, node, depth + 1);
    case YAML_MAPPING_START_EVENT:
        node->kind = TF_YAML_MAPPING;
        return read_children(reader, node, depth + 1);
    default:
        return fail_at(reader, event->start_mark,
                       "an alias (*name) is not read here; write the value out");
    }
}

static const tf_yaml *find(const tf_yaml *mapping, const char *name) {
    const tf_yaml *child = mapping->first;
    while (child && strcmp(child->name, name) != 0) {
        child = child->next;
    }
    return child;
}

/* The name of a field of `mapping`, which is new to it. */
static tf_status read_name(yaml_reader *reader, const tf_yaml *mapping, const yaml_event_t *event,
                           const char **name_out) {
    if (event->type != YAML_SCALAR_EVENT) {
        return fail_at(reader, event->start_mark, "the name of a field must be plain text");
    }
    tf_status status = take_text(reader, event, name_out);
    if (!status && (find(mapping, *name_out) || mapping->count == MAX_FIELDS)) {
        status = fail_at(reader, event->start_mark,
                         "the field stands here twice, or there are too many; take it out");
    }
    return status;
}

static tf_status read_children(yaml_reader *reader, tf_yaml *parent, int depth) {
    const tf_yaml **link = &parent->first;
    for (;;) {
        yaml_event_t event;
        const char *name = NULL;
        int64_t name_line = 0;
        tf_yaml *child = NULL;
        tf_status status = next_event(reader, &event);
        if (status) {
            return status;
        }
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (!is_end && parent->kind == TF_YAML_MAPPING) {
            status = read_name(reader, parent, &event, &name);
            name_line = (int64_t)event.start_mark.line + 1;
            yaml_event_delete(&event);
            if (!status) {
                status = next_event(reader, &event);
            }
            if (status) {
                return status;
            }
        }
        if (!is_end) {
            status = read_node(reader, &event, depth, &child);
        }
        yaml_event_delete(&event);
        if (status || is_end) {
            return status;
        }
        if (name) {
            child->name = name;
            child->line = name_line; /* a list or folded text starts below its name */
        }
        *link = child;
        link = &child->next;
        parent->count++;
    }
}

/* Pass over an event that must be of this type. */
static tf_status skip_event(yaml_reader *reader, yaml_event_type_t type, const char *message) {
    yaml_event_t event;
    tf_status status = next_event(reader, &event);
    if (!status) {
        if (event.type != type) {
            status = fail_at(reader, event.start_mark, message);
        }
        yaml_event_delete(&event);
    }
    return status;
}

static tf_status read_document(yaml_reader *reader, tf_yaml **root_out) {
    tf_status status = skip_event(reader, YAML_STREAM_START_EVENT, "the file is not YAML");
    if (!status) {
        status = skip_event(reader, YAML_DOCUMENT_START_EVENT, "the file is empty; fill it in");
    }
    if (!status) {
        yaml_event_t event;
        status = next_event(reader, &event);
        if (!status) {
            status = read_node(reader, &event, 0, root_out);
            yaml_event_delete(&event);
        }
    }
    if (!status) {
        status = skip_event(reader, YAML_DOCUMENT_END_EVENT, "the file is not YAML");
    }
    if (!status) {
        status = skip_event(reader, YAML_STREAM_END_EVENT,
                            "a second document (---) starts here; make it a file of its own");
    }
    return status;
}

tf_status tf_yaml_read(tf_arena *arena, const char *file, const void *bytes, size_t length,
                       const tf_yaml **root_out, tf_error *error) {
    yaml_reader reader = {.arena = arena, .file = file, .error = error};
    tf_yaml *root = NULL;
    if (!yaml_parser_initialize(&reader.parser)) {
        return tf_fail_no_memory(error);
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, bytes, length);
    tf_status status = read_document(&reader, &root);
    yaml_parser_delete(&reader.parser);
    *root_out = root;
    return status;
}

tf_status tf_yaml_fail(const tf_yaml *node, tf_error *error, const char *format, ...) {
    char message[TF_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return tf_fail(error, TF_BAD_INPUT, node->file, node->line, "%s", message);
}

tf_status tf_yaml_expect(const tf_yaml *node, const char *const *names, tf_error *error) {
    if (node->kind != TF_YAML_MAPPING) {
        return tf_yaml_fail(node, error, "fields (name: value) are needed here");
    }
    for (const tf_yaml *child = node->first; child; child = child->next) {
        const char *const *known = names;
        while (*known && strcmp(*known, child->name) != 0) {
            known++;
        }
        if (!*known) {
            return tf_yaml_fail(
                child, error, "the field \"%s\" is not known here; correct its name", child->name);
        }
    }
    return TF_OK;
}

bool tf_yaml_has(const tf_yaml *mapping, const char *name) {
    return find(mapping, name) != NULL;
}

static tf_status fail_missing(const tf_yaml *mapping, const char *name, tf_error *error) {
    return tf_yaml_fail(mapping, error, "the field \"%s\" is missing; add it", name);
}

tf_status tf_yaml_find_text(const tf_yaml *mapping, const char *name, const char **text_out,
                            tf_error *error) {
    const tf_yaml *child = find(mapping, name);
    *text_out = NULL;
    if (!child || child->kind == TF_YAML_NULL) {
        return TF_OK;
    }
    if (child->kind != TF_YAML_TEXT || child->text[0] == '\0') {
        return tf_yaml_fail(child, error, "the field \"%s\" must be text", name);
    }
    *text_out = child->text;
    return TF_OK;
}

tf_status tf_yaml_get_text(const tf_yaml *mapping, const char *name, const char **text_out,
                           tf_error *error) {
    tf_status status = tf_yaml_find_text(mapping, name, text_out, error);
    return status || *text_out ? status : fail_missing(mapping, name, error);
}

tf_status tf_yaml_get_number(const tf_yaml *mapping, const char *name, double *number_out,
                             bool *is_null_out, tf_error *error) {
    const tf_yaml *child = find(mapping, name);
    if (!child) {
        return fail_missing(mapping, name, error);
    }
    *is_null_out = child->kind == TF_YAML_NULL;
    *number_out = 0;
    if (*is_null_out) {
        return TF_OK;
    }
    if (child->kind != TF_YAML_TEXT || !tf_parse_double(tf_text_of(child->text), number_out)) {
        return tf_yaml_fail(child, error, "the field \"%s\" must be a number or null", name);
    }
    return TF_OK;
}

static tf_status expect_list(const tf_yaml *node, tf_error *error) {
    if (node->kind != TF_YAML_LIST || node->count == 0) {
        return tf_yaml_fail(node, error, "the field \"%s\" must be a list that is not empty",
                            node->name);
    }
    return TF_OK;
}

tf_status tf_yaml_get_list(const tf_yaml *mapping, const char *name, const tf_yaml **list_out,
                           tf_error *error) {
    *list_out = find(mapping, name);
    return *list_out ? expect_list(*list_out, error) : fail_missing(mapping, name, error);
}

tf_status tf_yaml_find_texts(const tf_yaml *mapping, const char *name, tf_arena *arena,
                             const char *const **texts_out, size_t *count_out, tf_error *error) {
    const tf_yaml *list = find(mapping, name);
    *texts_out = NULL;
    *count_out = 0;
    if (!list) {
        return TF_OK;
    }
    tf_status status = expect_list(list, error);
    if (status) {
        return status;
    }
    const char **texts = tf_arena_alloc(arena, list->count, sizeof *texts);
    if (!texts) {
        return tf_fail_no_memory(error);
    }
    size_t count = 0;
    for (const tf_yaml *item = list->first; item; item = item->next) {
        if (item->kind != TF_YAML_TEXT || item->text[0] == '\0') {
            return tf_yaml_fail(item, error, "the list \"%s\" must hold text alone", name);
        }
        for (size_t i = 0; i < count; i++) {
            if (tf_text_equal_fold(tf_text_of(texts[i]), tf_text_of(item->text))) {
                return tf_yaml_fail(item, error, "\"%s\" stands twice in the list \"%s\"",
                                    item->text, name);
            }
        }
        texts[count++] = item->text;
    }
    *texts_out = texts;
    *count_out = count;
    return TF_OK;
}
