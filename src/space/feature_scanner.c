#include "space/feature_scanner_internal.h"

#include "trefoil/base/memory.h"

enum {
    MAX_FEATURE_SIZE = 64 * 1024 * 1024,
    MAX_MEMBER_SIZE = 64 * 1024,
};

/* Where in the collection the next byte stands. */
typedef enum scan_phase {
    BEFORE_COLLECTION,
    BEFORE_NAME, /* of a member, or the end of the collection */
    IN_NAME,
    BEFORE_COLON,
    BEFORE_VALUE,
    IN_VALUE,
    AFTER_VALUE,
    BEFORE_FEATURE, /* or the end of an empty list */
    IN_FEATURE,
    AFTER_FEATURE,
    AFTER_COLLECTION,
} scan_phase;

/* How far the value that is being taken has come. */
typedef struct value_nesting {
    size_t depth; /* of brackets */
    bool in_text;
    bool is_escaped; /* the byte before was a backslash within text */
} value_nesting;

struct tf_feature_scanner {
    tf_feature_scanner_handler handler;
    scan_phase phase;
    size_t mark_length; /* bytes seen of a byte order mark */
    bool expects_more;  /* a comma came last */
    bool has_features;
    int64_t feature_count;
    int64_t line;
    int64_t value_line;
    value_nesting nesting;
    bool is_kept;      /* the value is wanted, not skipped */
    size_t size_limit; /* of the value */
    tf_buffer name;    /* of the current member, in its quotes */
    tf_buffer value;
};

typedef struct span {
    const char *at;
    const char *end;
} span;

tf_status tf_feature_scanner_new(const tf_feature_scanner_handler *handler,
                                 tf_feature_scanner **scanner_out, tf_error *error) {
    tf_feature_scanner *scanner = tf_alloc_zeroed(1, sizeof *scanner);
    *scanner_out = scanner;
    if (!scanner) {
        return tf_fail_no_memory(error);
    }
    scanner->handler = *handler;
    scanner->line = 1;
    tf_buffer_init(&scanner->name);
    tf_buffer_init(&scanner->value);
    return TF_OK;
}

void tf_feature_scanner_free(tf_feature_scanner *scanner) {
    if (scanner) {
        tf_buffer_deinit(&scanner->name);
        tf_buffer_deinit(&scanner->value);
        tf_free(scanner);
    }
}

static bool is_white(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static tf_status fail_syntax(const tf_feature_scanner *scanner, const char *expected,
                             tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, scanner->line,
                   "this is not well-formed GeoJSON: %s; export or download the file again",
                   expected);
}

/* Whether the value ends with or before `byte`; *is_part_out is false if before. */
static bool ends_value(value_nesting *nesting, char byte, bool *is_part_out) {
    *is_part_out = true;
    if (nesting->in_text) {
        if (nesting->is_escaped) {
            nesting->is_escaped = false;
        } else if (byte == '\\') {
            nesting->is_escaped = true;
        } else if (byte == '"') {
            nesting->in_text = false;
            return nesting->depth == 0;
        }
        return false;
    }
    switch (byte) {
    case '"':
        nesting->in_text = true;
        return false;
    case '{':
    case '[':
        nesting->depth++;
        return false;
    case '}':
    case ']':
        if (nesting->depth > 0) {
            nesting->depth--;
            return nesting->depth == 0;
        }
        *is_part_out = false;
        return true;
    default:
        *is_part_out = nesting->depth > 0 || !(byte == ',' || is_white(byte));
        return !*is_part_out;
    }
}

static void begin_value(tf_feature_scanner *scanner, tf_buffer *buffer, size_t size_limit,
                        bool is_kept) {
    buffer->length = 0;
    scanner->nesting = (value_nesting){0};
    scanner->value_line = scanner->line;
    scanner->size_limit = size_limit;
    scanner->is_kept = is_kept;
}

/* Take what the input has of a value into `buffer`. */
static tf_status take_value(tf_feature_scanner *scanner, span *input, tf_buffer *buffer,
                            bool *is_complete_out, tf_error *error) {
    const char *start = input->at;
    const char *at = start;
    bool is_complete = false;
    while (at < input->end && !is_complete) {
        bool is_part;
        is_complete = ends_value(&scanner->nesting, *at, &is_part);
        if (is_part) {
            scanner->line += *at == '\n';
            at++;
        }
    }
    input->at = at;
    *is_complete_out = is_complete;
    if (!scanner->is_kept) {
        return TF_OK;
    }
    size_t length = (size_t)(at - start);
    if (length > scanner->size_limit - buffer->length) {
        return tf_fail(error, TF_BAD_INPUT, NULL, scanner->value_line,
                       "a single feature or member is larger than %zu KiB; use a generalised "
                       "version of these boundaries",
                       scanner->size_limit / 1024);
    }
    tf_buffer_append(buffer, start, length);
    return tf_buffer_check(buffer, error);
}

static tf_text text_of_buffer(const tf_buffer *buffer) {
    return (tf_text){buffer->data, buffer->length};
}

static tf_text member_name(const tf_feature_scanner *scanner) {
    return (tf_text){scanner->name.data + 1, scanner->name.length - 2};
}

static bool member_is(const tf_feature_scanner *scanner, const char *name) {
    return tf_text_equal(member_name(scanner), tf_text_of(name));
}

/* The first byte of a member's value; the features are taken apart, "type" and "crs" are kept,
 * and what else there may be is skipped. */
static tf_status start_member(tf_feature_scanner *scanner, span *input, tf_error *error) {
    if (!member_is(scanner, "features")) {
        bool is_kept = member_is(scanner, "type") || member_is(scanner, "crs");
        begin_value(scanner, &scanner->value, MAX_MEMBER_SIZE, is_kept);
        scanner->phase = IN_VALUE;
        return TF_OK;
    }
    if (*input->at != '[' || scanner->has_features) {
        return fail_syntax(scanner, "\"features\" must be one list", error);
    }
    input->at++;
    scanner->has_features = true;
    scanner->expects_more = false;
    scanner->phase = BEFORE_FEATURE;
    return TF_OK;
}

static tf_status start_feature(tf_feature_scanner *scanner, span *input, tf_error *error) {
    if (*input->at == ']' && !scanner->expects_more) {
        input->at++;
        scanner->phase = AFTER_VALUE;
        return TF_OK;
    }
    if (*input->at != '{') {
        return fail_syntax(scanner, "every feature must begin with {", error);
    }
    scanner->feature_count++;
    begin_value(scanner, &scanner->value, MAX_FEATURE_SIZE, true);
    scanner->phase = IN_FEATURE;
    return TF_OK;
}

static tf_status start_name(tf_feature_scanner *scanner, span *input, tf_error *error) {
    if (*input->at == '}' && !scanner->expects_more) {
        input->at++;
        scanner->phase = AFTER_COLLECTION;
        return TF_OK;
    }
    if (*input->at != '"') {
        return fail_syntax(scanner, "the name of a member, in quotes, was expected", error);
    }
    begin_value(scanner, &scanner->name, MAX_MEMBER_SIZE, true);
    scanner->phase = IN_NAME;
    return TF_OK;
}

/* A comma or the closing bracket after a member or a feature. */
static tf_status pass_separator(tf_feature_scanner *scanner, span *input, char closing,
                                scan_phase before_next, scan_phase after_last, tf_error *error) {
    char byte = *input->at;
    if (byte != ',' && byte != closing) {
        return fail_syntax(scanner, "a comma is missing", error);
    }
    input->at++;
    scanner->expects_more = byte == ',';
    scanner->phase = byte == ',' ? before_next : after_last;
    return TF_OK;
}

/* Up to the opening brace, past the byte order mark that some programs write. */
static tf_status start_collection(tf_feature_scanner *scanner, span *input, tf_error *error) {
    static const char mark[] = "\xEF\xBB\xBF";
    if (scanner->mark_length < 3 && *input->at == mark[scanner->mark_length]) {
        scanner->mark_length++;
        input->at++;
        return TF_OK;
    }
    if (*input->at != '{') {
        return tf_fail(error, TF_BAD_INPUT, NULL, scanner->line,
                       "this is not GeoJSON, which begins with {; give a GeoJSON "
                       "FeatureCollection of areas");
    }
    input->at++;
    scanner->phase = BEFORE_NAME;
    return TF_OK;
}

/* Take more of the value in hand and, when it is whole, pass it on. */
static tf_status continue_value(tf_feature_scanner *scanner, span *input, tf_error *error) {
    tf_buffer *buffer = scanner->phase == IN_NAME ? &scanner->name : &scanner->value;
    bool is_complete;
    tf_status status = take_value(scanner, input, buffer, &is_complete, error);
    if (status || !is_complete) {
        return status;
    }
    const tf_feature_scanner_handler *handler = &scanner->handler;
    switch (scanner->phase) {
    case IN_NAME:
        scanner->phase = BEFORE_COLON;
        return TF_OK;
    case IN_FEATURE:
        scanner->phase = AFTER_FEATURE;
        return handler->on_feature(handler->context, scanner->feature_count, text_of_buffer(buffer),
                                   scanner->value_line, error);
    default:
        scanner->phase = AFTER_VALUE;
        return scanner->is_kept
                   ? handler->on_member(handler->context, member_name(scanner),
                                        text_of_buffer(buffer), scanner->value_line, error)
                   : TF_OK;
    }
}

/* One step at a byte that is no white space between tokens. */
static tf_status step(tf_feature_scanner *scanner, span *input, tf_error *error) {
    switch (scanner->phase) {
    case BEFORE_COLLECTION:
        return start_collection(scanner, input, error);
    case BEFORE_NAME:
        return start_name(scanner, input, error);
    case BEFORE_COLON:
        if (*input->at != ':') {
            return fail_syntax(scanner, "a colon is missing", error);
        }
        input->at++;
        scanner->phase = BEFORE_VALUE;
        return TF_OK;
    case BEFORE_VALUE:
        return start_member(scanner, input, error);
    case AFTER_VALUE:
        return pass_separator(scanner, input, '}', BEFORE_NAME, AFTER_COLLECTION, error);
    case BEFORE_FEATURE:
        return start_feature(scanner, input, error);
    case AFTER_FEATURE:
        return pass_separator(scanner, input, ']', BEFORE_FEATURE, AFTER_VALUE, error);
    case AFTER_COLLECTION:
        return fail_syntax(scanner, "there is more text after the end of the collection", error);
    case IN_NAME:
    case IN_VALUE:
    case IN_FEATURE:
        break;
    }
    return continue_value(scanner, input, error);
}

static bool is_in_value(const tf_feature_scanner *scanner) {
    return scanner->phase == IN_NAME || scanner->phase == IN_VALUE || scanner->phase == IN_FEATURE;
}

tf_status tf_feature_scanner_feed(tf_feature_scanner *scanner, const char *bytes, size_t length,
                                  tf_error *error) {
    span input = {bytes, bytes + length};
    while (input.at < input.end) {
        if (!is_in_value(scanner) && is_white(*input.at)) {
            scanner->line += *input.at == '\n';
            input.at++;
            continue;
        }
        tf_status status = step(scanner, &input, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

tf_status tf_feature_scanner_finish(tf_feature_scanner *scanner, tf_error *error) {
    if (scanner->phase == BEFORE_COLLECTION) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the file is empty; give a GeoJSON FeatureCollection of areas");
    }
    if (scanner->phase != AFTER_COLLECTION) {
        return tf_fail(error, TF_BAD_INPUT, NULL, scanner->line,
                       "the file ends early, after feature %lld; download it again",
                       (long long)(scanner->feature_count - (scanner->phase == IN_FEATURE)));
    }
    if (!scanner->has_features) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "this is JSON but not GeoJSON, as it has no list of features; give a "
                       "GeoJSON FeatureCollection of areas");
    }
    return TF_OK;
}
