/* What the readers of a form share. */
#ifndef PACK_FORM_INTERNAL_H
#define PACK_FORM_INTERNAL_H

#include "pack/form_definition.h"
#include "pack_internal.h"

/* A form while it is read.  The first fault stays in `status`, and what is taken after it is not
 * looked at, so that a reader checks once, at the end. */
typedef struct tf_form_reader {
    tf_pack *pack;
    tf_form_definition *form;
    const tf_yaml *pages; /* of the file */
    tf_question *questions;
    size_t question_count; /* read so far */
    tf_error *error;
    tf_status status;
} tf_form_reader;

/* A fault about a node. */
#define TF_FORM_FAIL(reader, node, ...)                                                            \
    ((reader)->status = tf_yaml_fail((node), (reader)->error, __VA_ARGS__))

/* The node is a mapping and its fields are among these. */
void tf_form_reader_expect(tf_form_reader *reader, const tf_yaml *node, const char *const *names);

/* A field of a mapping, or NULL. */
const tf_yaml *tf_form_reader_field(const tf_yaml *mapping, const char *name);

const char *tf_form_reader_take_text(tf_form_reader *reader, const tf_yaml *node, const char *name);

/* A name of lower-case letters, digits and `joint`, from a letter on, of at most 40 characters. */
const char *tf_form_reader_take_name(tf_form_reader *reader, const tf_yaml *node, const char *name,
                                     char joint);
bool tf_form_reader_take_flag(tf_form_reader *reader, const tf_yaml *node, const char *name);

/* A whole number from `least` to `most`, or `otherwise` where the field is absent. */
int64_t tf_form_reader_find_number(tf_form_reader *reader, const tf_yaml *node, const char *name,
                                   int64_t least, int64_t most, int64_t otherwise);

/* A text in English, and in more languages. */
tf_words tf_form_reader_find_words(tf_form_reader *reader, const tf_yaml *node, const char *name);
tf_words tf_form_reader_take_words(tf_form_reader *reader, const tf_yaml *node, const char *name);

/* The list of that name, of at most `most` items; NULL where it is absent. */
const tf_yaml *tf_form_reader_find_list(tf_form_reader *reader, const tf_yaml *node,
                                        const char *name, size_t most);

/* The conditions of `when`, which may ask for the questions before `end`. */
tf_form_conditions tf_form_reader_find_conditions(tf_form_reader *reader, const tf_yaml *node,
                                                  size_t end);

/* Add the question of a node to the form. */
void tf_form_reader_question(tf_form_reader *reader, const tf_yaml *node, size_t page_start);

/* Read one form of the pack into its place. */
tf_status tf_form_read(tf_pack *pack, const tf_embedded_file *file, tf_form_definition *form_out,
                       tf_error *error);

/* Read words.yaml. */
tf_status tf_frame_words_read(tf_pack *pack, const tf_embedded_file *file, tf_error *error);

#endif
