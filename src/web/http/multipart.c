#include "multipart_internal.h"

#include "form_internal.h"
#include "percent_internal.h"

enum {
    MOST_PARTS = 1000,
    LONGEST_HEADERS = 8 * 1024,
    LONGEST_BOUNDARY = 70, /* RFC 2046, section 5.1.1 */
    LONGEST_FILE_NAME = 255,
    LONGEST_TEXT = 64 * 1024, /* as of a form without files */
};

static tf_status fail(tf_error *error, const char *what) {
    return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the form that was sent is damaged: %s", what);
}

static bool is_boundary_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("'()+_,-./:=? ", c));
}

/* `name` or `name=value` or `name="quoted value"` of a header, after the ";" before it; the value
 * as it stands, in which a quoted one keeps its escapes.  False at the end. */
static bool next_parameter(tf_text *left, tf_text *name_out, tf_text *value_out) {
    *left = tf_text_trim(*left);
    if (left->length == 0 || left->data[0] != ';') {
        return false;
    }
    size_t at = 1;
    while (at < left->length && (left->data[at] == ' ' || left->data[at] == '\t')) {
        at++;
    }
    size_t start = at;
    while (at < left->length && left->data[at] != '=' && left->data[at] != ';') {
        at++;
    }
    *name_out = tf_text_trim((tf_text){left->data + start, at - start});
    *value_out = (tf_text){"", 0};
    if (at < left->length && left->data[at] == '=') {
        start = ++at;
        if (at < left->length && left->data[at] == '"') {
            start = ++at;
            while (at < left->length && left->data[at] != '"') {
                bool is_escape = left->data[at] == '\\' && left->length - at > 1 &&
                                 (left->data[at + 1] == '"' || left->data[at + 1] == '\\');
                at += is_escape ? 2 : 1;
            }
            *value_out = (tf_text){left->data + start, at - start};
            at += at < left->length;
        } else {
            while (at < left->length && left->data[at] != ';') {
                at++;
            }
            *value_out = tf_text_trim((tf_text){left->data + start, at - start});
        }
    }
    left->data += at;
    left->length -= at;
    return true;
}

/* Cut the first word of a header's value off, up to its parameters. */
static tf_text cut_word(tf_text *value) {
    const char *mark = value->length ? memchr(value->data, ';', value->length) : NULL;
    size_t length = mark ? (size_t)(mark - value->data) : value->length;
    tf_text word = tf_text_trim((tf_text){value->data, length});
    value->data += length;
    value->length -= length;
    return word;
}

tf_status tf_multipart_begin(tf_multipart *multipart, tf_text content_type, tf_text body,
                             tf_error *error) {
    *multipart = (tf_multipart){.left = body};
    tf_text left = content_type;
    tf_text boundary = {NULL, 0};
    tf_text name;
    tf_text value;
    if (!tf_text_equal_fold(cut_word(&left), tf_text_of("multipart/form-data"))) {
        return fail(error, "it is not multipart/form-data");
    }
    while (next_parameter(&left, &name, &value)) {
        if (tf_text_equal_fold(name, tf_text_of("boundary"))) {
            if (boundary.data) {
                return fail(error, "it has two boundaries");
            }
            boundary = value;
        }
    }
    if (boundary.length == 0 || boundary.length > LONGEST_BOUNDARY) {
        return fail(error, "it has no boundary");
    }
    for (size_t i = 0; i < boundary.length; i++) {
        if (!is_boundary_byte(boundary.data[i])) {
            return fail(error, "its boundary has characters that are not allowed");
        }
    }
    memcpy(multipart->delimiter, "\r\n--", 4);
    memcpy(multipart->delimiter + 4, boundary.data, boundary.length);
    multipart->delimiter_length = 4 + boundary.length;
    size_t start = multipart->delimiter_length - 2;
    if (body.length < start || memcmp(body.data, multipart->delimiter + 2, start) != 0) {
        return fail(error, "it does not start with its boundary");
    }
    multipart->left.data += start;
    multipart->left.length -= start;
    return TF_OK;
}

/* Undo what browsers and programs do to a name in quotes: `%22` (HTML Standard, multipart/form-data
 * encoding) and `\"` (RFC 9110, section 5.6.4).  A single backslash stays, some send paths. */
static tf_text unquote(tf_text quoted, tf_arena *arena) {
    char *plain = tf_arena_alloc(arena, quoted.length + 1, 1);
    if (!plain) {
        return (tf_text){NULL, 0};
    }
    size_t length = 0;
    for (size_t i = 0; i < quoted.length; i++) {
        char c = quoted.data[i];
        char next = quoted.length - i > 1 ? quoted.data[i + 1] : '\0';
        if (c == '\\' && (next == '"' || next == '\\')) {
            c = next;
            i++;
        } else if (c == '%' && quoted.length - i > 2 && memcmp(&quoted.data[i], "%22", 3) == 0) {
            c = '"';
            i += 2;
        }
        plain[length++] = c;
    }
    return (tf_text){plain, length};
}

/* A name that is safe to show and to write down: no folder, no control character, UTF-8. */
static tf_text reduce_file_name(tf_text sent) {
    for (size_t i = sent.length; i > 0; i--) {
        if (sent.data[i - 1] == '/' || sent.data[i - 1] == '\\') {
            sent.data += i;
            sent.length -= i;
            break;
        }
    }
    char *name = (char *)sent.data; /* the arena's own copy */
    bool is_utf8 = tf_text_is_utf8(sent);
    size_t length = 0;
    for (size_t i = 0; i < sent.length; i++) {
        unsigned char byte = (unsigned char)name[i];
        if (byte >= 0x20 && byte != 0x7F) {
            name[length++] = byte >= 0x80 && !is_utf8 ? '?' : name[i];
        }
    }
    if (length > LONGEST_FILE_NAME) {
        length = LONGEST_FILE_NAME;
        while (length && ((unsigned char)name[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    tf_text reduced = {name, length};
    if (tf_text_equal(reduced, tf_text_of(".")) || tf_text_equal(reduced, tf_text_of(".."))) {
        return tf_text_of("file");
    }
    return reduced;
}

/* `Content-Disposition: form-data; name="a"; filename="b"`. */
static tf_status take_disposition(tf_text value, tf_arena *arena, tf_part *part, tf_error *error) {
    tf_text name;
    tf_text parameter;
    if (!tf_text_equal_fold(cut_word(&value), tf_text_of("form-data"))) {
        return fail(error, "a part of it is not form-data");
    }
    while (next_parameter(&value, &name, &parameter)) {
        bool is_name = tf_text_equal_fold(name, tf_text_of("name"));
        bool is_file = tf_text_equal_fold(name, tf_text_of("filename"));
        if ((is_name && part->name.data) || (is_file && part->file_name.data)) {
            return fail(error, "a part of it has two names");
        }
        if (!is_name && !is_file) {
            continue;
        }
        tf_text plain = unquote(parameter, arena);
        if (!plain.data) {
            return tf_fail_no_memory(error);
        }
        if (is_name) {
            part->name = plain;
        } else {
            part->file_name = reduce_file_name(plain);
        }
    }
    return TF_OK;
}

static tf_status take_part_header(tf_text line, tf_arena *arena, tf_part *part, tf_error *error) {
    const char *colon = memchr(line.data, ':', line.length);
    if (!colon || line.data[0] == ' ' || line.data[0] == '\t' || tf_has_control(line, "\t")) {
        return fail(error, "a part of it has a malformed header");
    }
    tf_text name = {line.data, (size_t)(colon - line.data)};
    tf_text value = tf_text_trim((tf_text){colon + 1, line.length - name.length - 1});
    if (tf_text_equal_fold(name, tf_text_of("content-disposition"))) {
        if (part->name.data) {
            return fail(error, "a part of it has two names");
        }
        return take_disposition(value, arena, part, error);
    }
    bool is_encoding = tf_text_equal_fold(name, tf_text_of("content-transfer-encoding"));
    if (is_encoding && !tf_text_equal_fold(value, tf_text_of("binary")) &&
        !tf_text_equal_fold(value, tf_text_of("8bit")) &&
        !tf_text_equal_fold(value, tf_text_of("7bit"))) {
        return fail(error, "a part of it is encoded, which forms are not");
    }
    return TF_OK;
}

/* The lines up to the empty one. */
static tf_status take_part_headers(tf_multipart *multipart, tf_arena *arena, tf_part *part,
                                   tf_error *error) {
    size_t used = 0;
    for (;;) {
        tf_text *left = &multipart->left;
        size_t room = LONGEST_HEADERS - used;
        size_t reach = left->length < room ? left->length : room;
        const char *end = memmem(left->data, reach, "\r\n", 2);
        if (!end) {
            return fail(error, "the headers of a part of it do not end");
        }
        tf_text line = {left->data, (size_t)(end - left->data)};
        left->data += line.length + 2;
        left->length -= line.length + 2;
        used += line.length + 2;
        if (line.length == 0) {
            return TF_OK;
        }
        tf_status status = take_part_header(line, arena, part, error);
        if (status) {
            return status;
        }
    }
}

/* What follows a delimiter: CR LF and a part, or two hyphens and nothing. */
static tf_status look_behind_delimiter(tf_multipart *multipart, bool *has_part_out,
                                       tf_error *error) {
    tf_text *left = &multipart->left;
    *has_part_out = false;
    if (tf_text_starts_with(*left, "--")) {
        bool is_end = left->length == 2 || tf_text_equal(*left, tf_text_of("--\r\n"));
        return is_end ? TF_OK : fail(error, "it goes on behind its end");
    }
    if (!tf_text_starts_with(*left, "\r\n")) {
        return fail(error, "it is cut off");
    }
    left->data += 2;
    left->length -= 2;
    *has_part_out = true;
    return TF_OK;
}

tf_status tf_multipart_next(tf_multipart *multipart, tf_arena *arena, tf_part *part_out,
                            bool *has_part_out, tf_error *error) {
    *part_out = (tf_part){0};
    tf_status status = look_behind_delimiter(multipart, has_part_out, error);
    if (status || !*has_part_out) {
        return status;
    }
    if (++multipart->part_count > MOST_PARTS) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the form has more than %d parts; send fewer files at once", MOST_PARTS);
    }
    status = take_part_headers(multipart, arena, part_out, error);
    if (status) {
        return status;
    }
    if (!part_out->name.data) {
        return fail(error, "a part of it has no name");
    }
    tf_text *left = &multipart->left;
    const char *end =
        memmem(left->data, left->length, multipart->delimiter, multipart->delimiter_length);
    if (!end) {
        return fail(error, "it is cut off");
    }
    part_out->content = (tf_text){left->data, (size_t)(end - left->data)};
    size_t used = part_out->content.length + multipart->delimiter_length;
    left->data += used;
    left->length -= used;
    return TF_OK;
}

static tf_status take_part(tf_form *form, const tf_part *part, size_t *capacity, tf_arena *arena,
                           tf_error *error) {
    const tf_field *field = tf_form_field(form, part->name);
    bool is_file = part->file_name.data != NULL;
    if (!field || is_file != (field->kind == TF_FIELD_FILES)) {
        return TF_OK;
    }
    if (!is_file && part->content.length > LONGEST_TEXT) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s is too long; send less text",
                       field->label);
    }
    if (!is_file) {
        tf_form_put(form, part->name, part->content, true);
        return TF_OK;
    }
    /* What a browser sends when no file was chosen. */
    if (part->file_name.length == 0 && part->content.length == 0) {
        return TF_OK;
    }
    if (form->upload_count == *capacity) {
        size_t grown = *capacity ? *capacity * 2 : 8;
        tf_upload *moved = tf_arena_alloc(arena, grown, sizeof *moved);
        if (!moved) {
            return tf_fail_no_memory(error);
        }
        for (size_t i = 0; i < form->upload_count; i++) {
            moved[i] = form->uploads[i];
        }
        form->uploads = moved;
        *capacity = grown;
    }
    tf_text name = part->file_name.length ? part->file_name : tf_text_of("file");
    form->uploads[form->upload_count++] = (tf_upload){field, name, part->content};
    return TF_OK;
}

tf_status tf_form_take_multipart(tf_form *form, tf_text content_type, tf_text sent, tf_arena *arena,
                                 tf_error *error) {
    tf_multipart multipart;
    size_t capacity = 0;
    bool has_part = true;
    tf_status status = tf_multipart_begin(&multipart, content_type, sent, error);
    while (!status && has_part) {
        tf_part part;
        status = tf_multipart_next(&multipart, arena, &part, &has_part, error);
        if (!status && has_part) {
            status = take_part(form, &part, &capacity, arena, error);
        }
    }
    return status;
}
