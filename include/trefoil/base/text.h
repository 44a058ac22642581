/* Views of text, growing buffers, and strict parsing of what people and files write. */
#ifndef TREFOIL_BASE_TEXT_H
#define TREFOIL_BASE_TEXT_H

#include "trefoil/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Text that somebody else owns; not terminated. */
typedef struct tf_text {
    const char *data;
    size_t length;
} tf_text;

/* For printf: printf("%.*s", TF_TEXT_ARG(text)). */
#define TF_TEXT_ARG(text) (int)(text).length, (text).data

static inline tf_text tf_text_of(const char *terminated) {
    return (tf_text){terminated, terminated ? strlen(terminated) : 0};
}

static inline bool tf_text_equal(tf_text a, tf_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

TF_API bool tf_text_equal_fold(tf_text a, tf_text b); /* ASCII letters of either case are equal */
TF_API int tf_text_compare(tf_text a, tf_text b);     /* bytewise order, for qsort and search */
TF_API bool tf_text_starts_with(tf_text text, const char *prefix);
TF_API bool tf_text_ends_with(tf_text text, const char *suffix);
TF_API tf_text tf_text_trim(tf_text text); /* without ASCII white space at both ends */

/* Whether every byte belongs to well-formed UTF-8 (Unicode 15, table 3-7).  O(length). */
TF_API bool tf_text_is_utf8(tf_text text);

/* Columns a terminal needs for valid UTF-8, counting one for each code point. */
TF_API size_t tf_text_width(tf_text text);

/* Lower-case ASCII letters and digits, everything else one hyphen, "&" read as "and":
 * "Devon & Cornwall" gives "devon-and-cornwall".  `slug_out` is terminated and cut to size. */
TF_API void tf_text_slug(tf_text text, char *slug_out, size_t slug_size);

/* The whole text must be the number, or false is returned and `*value_out` is untouched.
 * Numbers are as in JSON, with a leading "+" allowed; never locale-dependent. */
TF_API bool tf_parse_int64(tf_text text, int64_t *value_out);
TF_API bool tf_parse_double(tf_text text, double *value_out);

/* `length` bytes as 2 * length lower-case hexadecimal digits and a terminator, and back.  Reading
 * looks at 2 * length characters; any that is no such digit makes it false, and what is in
 * `bytes_out` is then of no use. */
TF_API void tf_hex_write(const uint8_t *bytes, size_t length, char *digits_out);
TF_API bool tf_hex_read(const char *digits, size_t length, uint8_t *bytes_out);

/* Growing bytes.  After a failed append `failed` stays set and further appends do nothing, so a
 * writer checks once, at the end. */
typedef struct tf_buffer {
    char *data; /* terminated after every append; NULL while empty */
    size_t length;
    size_t capacity;
    bool failed;
} tf_buffer;

TF_API void tf_buffer_init(tf_buffer *buffer);
TF_API void tf_buffer_deinit(tf_buffer *buffer);
TF_API void tf_buffer_append(tf_buffer *buffer, const void *bytes, size_t length);
TF_API void tf_buffer_append_text(tf_buffer *buffer, const char *terminated);
TF_API void tf_buffer_format(tf_buffer *buffer, const char *format, ...) TF_PRINTF(2, 3);

/* A finite number in the fewest digits, 15 to 17, that tf_parse_double reads back the same. */
TF_API void tf_buffer_append_double(tf_buffer *buffer, double value);
TF_API tf_status tf_buffer_check(const tf_buffer *buffer, tf_error *error);

#endif
