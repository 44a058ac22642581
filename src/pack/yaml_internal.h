/* A small reader of YAML: a document as a tree, and values taken from it by name and type, so that
 * every fault is told with its file and line.  Aliases, which can make a small file huge, are not
 * read. */
#ifndef PACK_YAML_INTERNAL_H
#define PACK_YAML_INTERNAL_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef enum tf_yaml_kind {
    TF_YAML_NULL,
    TF_YAML_TEXT,
    TF_YAML_LIST,
    TF_YAML_MAPPING
} tf_yaml_kind;

/* A node of the tree; everything in it lives in the arena it was read into. */
typedef struct tf_yaml {
    tf_yaml_kind kind;
    const char *file;
    int64_t line;
    const char *name;            /* in a mapping, the field's; else NULL */
    const char *text;            /* TEXT */
    const struct tf_yaml *first; /* LIST and MAPPING: the children, linked by `next` */
    const struct tf_yaml *next;
    size_t count; /* children */
} tf_yaml;

/* Read the one document of `bytes`, which is UTF-8.  `file` (borrowed) is named in errors.
 * Errors: TF_BAD_INPUT for text that is not YAML, more than 16 levels or 20,000 nodes; a field
 * named twice; TF_NO_MEMORY.  O(length), and O(fields^2) for each mapping of up to 128 fields. */
tf_status tf_yaml_read(tf_arena *arena, const char *file, const void *bytes, size_t length,
                       const tf_yaml **root_out, tf_error *error);

/* "file, line N: ..." about this node, TF_BAD_INPUT. */
tf_status tf_yaml_fail(const tf_yaml *node, tf_error *error, const char *format, ...)
    TF_PRINTF(3, 4);

/* The node is a mapping, and all its fields are among these.  `names` ends with NULL. */
tf_status tf_yaml_expect(const tf_yaml *node, const char *const *names, tf_error *error);

/* Whether the mapping has the field, null or not. */
bool tf_yaml_has(const tf_yaml *mapping, const char *name);

/* Text that is not empty; `_find_` gives NULL where the field is absent or null. */
tf_status tf_yaml_get_text(const tf_yaml *mapping, const char *name, const char **text_out,
                           tf_error *error);
tf_status tf_yaml_find_text(const tf_yaml *mapping, const char *name, const char **text_out,
                            tf_error *error);

/* A number, or null (*is_null_out); the field must be there. */
tf_status tf_yaml_get_number(const tf_yaml *mapping, const char *name, double *number_out,
                             bool *is_null_out, tf_error *error);

/* A list that is not empty. */
tf_status tf_yaml_get_list(const tf_yaml *mapping, const char *name, const tf_yaml **list_out,
                           tf_error *error);

/* A list of texts, no two the same but for the case of letters; empty where the field is absent. */
tf_status tf_yaml_find_texts(const tf_yaml *mapping, const char *name, tf_arena *arena,
                             const char *const **texts_out, size_t *count_out, tf_error *error);

#endif
