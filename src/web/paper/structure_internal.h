/* What cairo 1.16 does not write into a tagged PDF, added by rewriting it: the language, what each
 * figure shows, which way a table's heads read, marks on what is only decoration, XMP metadata.
 *
 * The adaptor of qpdf. */
#ifndef WEB_PAPER_STRUCTURE_INTERNAL_H
#define WEB_PAPER_STRUCTURE_INTERNAL_H

#include "trefoil/base/text.h"

/* A structure element, with what its attributes are to say. */
typedef struct tf_element {
    const char *tag;
    const char *alternative; /* of a figure */
    const char *attributes;  /* a PDF dictionary: "<< /O /Table /Scope /Column >>", or NULL */
    bool has_box;
    double box[4]; /* of a figure on its page: left, bottom, right, top */
} tf_element;

/* All of a document in the order in which they were opened. */
typedef struct tf_structure {
    tf_element *elements;
    size_t count;
    size_t capacity;
} tf_structure;

typedef struct tf_structure_about {
    const char *title;
    const char *subject;
    const char *language;
    const char *creator;
    int32_t date;
} tf_structure_about;

/* The completed document is appended to `out`.
 * Errors: TF_NO_MEMORY; TF_INTERNAL if the elements are not those of the document. */
tf_status tf_structure_complete(tf_text document, const tf_structure *structure,
                                const tf_structure_about *about, tf_buffer *out, tf_error *error);

#endif
