#include "trefoil/base/json.h"

#include <assert.h>
#include <math.h>

void tf_json_init(tf_json *json, tf_buffer *buffer, bool indent) {
    *json = (tf_json){.buffer = buffer, .indent = indent};
}

static void new_line(tf_json *json) {
    if (json->indent) {
        tf_buffer_append(json->buffer, "\n", 1);
        for (int i = 0; i < json->depth; i++) {
            tf_buffer_append(json->buffer, "  ", 2);
        }
    }
}

/* What stands between the last token and the next value or key. */
static void separate(tf_json *json) {
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (json->needs_comma[json->depth]) {
        tf_buffer_append(json->buffer, ",", 1);
    }
    json->needs_comma[json->depth] = true;
    if (json->depth > 0) {
        new_line(json);
    }
}

static void open_with(tf_json *json, const char *bracket) {
    assert(json->depth + 1 < TF_JSON_MAX_DEPTH);
    separate(json);
    tf_buffer_append(json->buffer, bracket, 1);
    json->depth++;
    json->needs_comma[json->depth] = false;
}

static void close_with(tf_json *json, const char *bracket) {
    assert(json->depth > 0);
    bool had_values = json->needs_comma[json->depth];
    json->depth--;
    if (had_values) {
        new_line(json);
    }
    tf_buffer_append(json->buffer, bracket, 1);
}

void tf_json_open_object(tf_json *json) {
    open_with(json, "{");
}

void tf_json_close_object(tf_json *json) {
    close_with(json, "}");
}

void tf_json_open_array(tf_json *json) {
    open_with(json, "[");
}

void tf_json_close_array(tf_json *json) {
    close_with(json, "]");
}

static void write_quoted(tf_json *json, tf_text value) {
    tf_buffer *out = json->buffer;
    tf_buffer_append(out, "\"", 1);
    size_t start = 0;
    bool is_utf8 = tf_text_is_utf8(value);
    for (size_t i = 0; i < value.length; i++) {
        unsigned char byte = (unsigned char)value.data[i];
        bool is_broken = byte >= 0x80 && !is_utf8;
        if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F && !is_broken) {
            continue;
        }
        tf_buffer_append(out, value.data + start, i - start);
        start = i + 1;
        if (is_broken) {
            tf_buffer_append_text(out, "\xEF\xBF\xBD");
        } else if (byte == '"' || byte == '\\') {
            tf_buffer_format(out, "\\%c", byte);
        } else if (byte == '\n') {
            tf_buffer_append_text(out, "\\n");
        } else {
            tf_buffer_format(out, "\\u%04x", byte);
        }
    }
    tf_buffer_append(out, value.data + start, value.length - start);
    tf_buffer_append(out, "\"", 1);
}

void tf_json_key(tf_json *json, const char *key) {
    assert(!json->after_key);
    separate(json);
    write_quoted(json, tf_text_of(key));
    tf_buffer_append_text(json->buffer, json->indent ? ": " : ":");
    json->after_key = true;
}

void tf_json_null(tf_json *json) {
    separate(json);
    tf_buffer_append_text(json->buffer, "null");
}

void tf_json_bool(tf_json *json, bool value) {
    separate(json);
    tf_buffer_append_text(json->buffer, value ? "true" : "false");
}

void tf_json_int(tf_json *json, int64_t value) {
    separate(json);
    tf_buffer_format(json->buffer, "%lld", (long long)value);
}

void tf_json_double(tf_json *json, double value) {
    if (!isfinite(value)) {
        tf_json_null(json);
        return;
    }
    separate(json);
    tf_buffer_append_double(json->buffer, value);
}

void tf_json_text(tf_json *json, tf_text value) {
    separate(json);
    write_quoted(json, value);
}

void tf_json_string(tf_json *json, const char *value) {
    if (value) {
        tf_json_text(json, tf_text_of(value));
    } else {
        tf_json_null(json);
    }
}

void tf_json_raw(tf_json *json, tf_text value) {
    separate(json);
    tf_buffer_append(json->buffer, value.data, value.length);
}

void tf_json_put_int(tf_json *json, const char *key, int64_t value) {
    tf_json_key(json, key);
    tf_json_int(json, value);
}

void tf_json_put_double(tf_json *json, const char *key, double value) {
    tf_json_key(json, key);
    tf_json_double(json, value);
}

void tf_json_put_string(tf_json *json, const char *key, const char *value) {
    tf_json_key(json, key);
    tf_json_string(json, value);
}
