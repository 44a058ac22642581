/* What every fallible function returns, and the sentence that explains it. */
#ifndef TREFOIL_BASE_STATUS_H
#define TREFOIL_BASE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#define TF_API __attribute__((visibility("default")))
#define TF_PRINTF(format_index, first_argument)                                                    \
    __attribute__((format(printf, format_index, first_argument)))

/* A status that nobody looks at is a warning.  Only clang knows this attribute on a type, which
 * spares us repeating it at every function; the clang build of the tests enforces it. */
#ifdef __clang__
#define TF_MUST_CHECK __attribute__((warn_unused_result))
#else
#define TF_MUST_CHECK
#endif

typedef enum TF_MUST_CHECK tf_code {
    TF_OK = 0,
    TF_BAD_INPUT,   /* bytes or values from outside that cannot be used */
    TF_NOT_FOUND,   /* a file, an area, a table that is not there */
    TF_NO_MEMORY,   /* an allocation failed, or a configured bound was reached */
    TF_IO,          /* the operating system refused: disk full, permission, closed pipe */
    TF_BUSY,        /* another program holds what is needed; try again */
    TF_UNSUPPORTED, /* well formed, but a feature this program does not read */
    TF_REFUSED,     /* who asks may not; the message says why and whom to ask */
    TF_INTERNAL,    /* a defect of this program */
} tf_code;

typedef enum tf_code tf_status;

enum { TF_ERROR_PLACE_SIZE = 512, TF_ERROR_MESSAGE_SIZE = 768 };

/* Where something went wrong, and one sentence for a person: what was wrong and what to do.
 * Owned by the caller, usually on the stack; every function accepts NULL instead. */
typedef struct tf_error {
    tf_code code;
    char place[TF_ERROR_PLACE_SIZE]; /* file, table or field concerned; "" when there is none */
    int64_t line;                    /* 1-based line of that file; 0 when there is none */
    char message[TF_ERROR_MESSAGE_SIZE];
} tf_error;

/* Fill `error` (if not NULL) and return `code`, so that a fault is reported in one statement:
 * `return tf_fail(error, TF_BAD_INPUT, path, line, "...")`.  `place` may be NULL.  Text that does
 * not fit is cut at a character boundary.  Thread-safe for distinct errors. */
TF_API tf_status tf_fail(tf_error *error, tf_code code, const char *place, int64_t line,
                         const char *format, ...) TF_PRINTF(5, 6);

/* The same for the one fault that needs no words. */
TF_API tf_status tf_fail_no_memory(tf_error *error);

/* Name the place of an error that was found where the place is not known (a parser that sees
 * bytes, not a file).  Does nothing if the place is already set or `error` is NULL. */
TF_API void tf_error_set_place(tf_error *error, const char *place);

/* "place, line N: message" in `buffer`, always terminated; returns `buffer`. */
TF_API char *tf_error_format(const tf_error *error, char *buffer, size_t buffer_size);

#endif
