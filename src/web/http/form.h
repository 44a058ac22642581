/* The fields of a request, declared once: the same declaration checks what was sent, words the
 * error message, and describes the field in the API's document. */
#ifndef WEB_HTTP_FORM_H
#define WEB_HTTP_FORM_H

#include "trefoil/base/date.h"
#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef enum tf_field_kind {
    TF_FIELD_TEXT,
    TF_FIELD_INT,
    TF_FIELD_MONTH,  /* "2023-02" */
    TF_FIELD_CHOICE, /* one of a list */
    TF_FIELD_FLAG,   /* "1", "true", "on"; absent or "0", "false": not set */
    TF_FIELD_FILES,  /* of a multipart form: any number of files */
} tf_field_kind;

/* A field of the path ("{code}"), of the query, or of the form that was sent.  Constant data. */
typedef struct tf_field {
    const char *name;  /* as it stands in the address */
    const char *label; /* for people, and the start of an error message: "First month" */
    const char *help;  /* one sentence; the API's description */
    tf_field_kind kind;
    bool is_required;
    const char *const *choices; /* of a choice: ends with NULL */
    int64_t minimum;            /* of an integer (both 0: any); of a text: characters */
    int64_t maximum;            /* the same; of a text 0 means 200 */
    const char *fallback;       /* what an absent field is taken for, as text; or NULL */
    const char *example;        /* for the API's document; or NULL */
} tf_field;

/* What was sent in one field; nothing but white space counts as nothing.  When `error` is set the
 * other values are not to be used, but for `text`, which is what was sent, to be shown again. */
typedef struct tf_value {
    tf_text text; /* decoded, valid UTF-8 without control characters but tab and line breaks */
    bool is_given;
    int64_t number; /* of an integer, a flag (0 or 1), a choice (its index), files (how many) */
    tf_month month;
    const char *error; /* "First month must be a month such as 2023-02"; or NULL */
} tf_value;

/* A file of a multipart form; its bytes are borrowed from the request. */
typedef struct tf_upload {
    const tf_field *field;
    tf_text name; /* the last part of the name that was sent, never a path */
    tf_text content;
} tf_upload;

typedef struct tf_form {
    const tf_field *fields;
    tf_value *values; /* one for each field, in their order */
    size_t field_count;
    size_t error_count; /* of all values */
    tf_upload *uploads;
    size_t upload_count;
} tf_form;

/* The value of a field; a name that was not declared is a defect and ends the program. */
const tf_value *tf_form_value(const tf_form *form, const char *name);

/* Check what was sent, a query string or a form of application/x-www-form-urlencoded, against the
 * declared fields.  All memory is the arena's.  A field given twice, percent signs without two
 * hexadecimal digits, text that is not UTF-8: errors of the field concerned.  What was not
 * declared is ignored.  More than 200 pairs are refused.
 * Errors: TF_BAD_INPUT when the string as a whole is refused; TF_NO_MEMORY.  O(length). */
tf_status tf_form_parse(const tf_field *fields, size_t field_count, tf_text sent, tf_arena *arena,
                        tf_form *form_out, tf_error *error);

/* The same for multipart/form-data (RFC 7578) with its boundary, from the Content-Type header.
 * More than 1,000 parts, or 8 KiB of headers in one, are refused.  Names of files lose their
 * folders and their control characters. */
tf_status tf_form_parse_multipart(const tf_field *fields, size_t field_count, tf_text content_type,
                                  tf_text sent, tf_arena *arena, tf_form *form_out,
                                  tf_error *error);

/* Append `name=value` percent-encoded, with "?" or "&" before it as `out` needs; what is NULL or
 * empty is left out.  To build addresses that tf_form_parse reads back the same. */
void tf_query_append(tf_buffer *out, const char *name, tf_text value);

/* Append one segment of a path, percent-encoded. */
void tf_path_append(tf_buffer *out, tf_text segment);

#endif
