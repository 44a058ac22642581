/* XML read element by element, for the parts of a workbook. */
#ifndef TREFOIL_TABLE_XML_INTERNAL_H
#define TREFOIL_TABLE_XML_INTERNAL_H

#include "trefoil/base/text.h"
#include "trefoil/table/source.h"

/* Names come without their prefix: the formats read here are told apart by structure, and their
 * two vocabularies (transitional and strict) differ in the namespace only.  All is borrowed for
 * the call.  Returning other than TF_OK stops the reader with that status. */
typedef struct tf_xml_handler {
    const char *root; /* the element that must enclose all others */
    tf_status (*on_open)(void *context, const char *name, const char *const *attributes,
                         tf_error *error);
    tf_status (*on_close)(void *context, const char *name, tf_error *error); /* or NULL */
    tf_status (*on_text)(void *context, tf_text text, tf_error *error); /* piecewise; or NULL */
    void *context;
} tf_xml_handler;

/* Read `source` to its end.
 * Errors: TF_BAD_INPUT for what is not well-formed, has another root, a document type declaration
 * (and so any entity of its own), elements 100 deep, or 1 MiB of markup in one piece. */
tf_status tf_xml_read(tf_source *source, const tf_xml_handler *handler, tf_error *error);

/* The value of an attribute by its name without prefix, or NULL. */
const char *tf_xml_attribute(const char *const *attributes, const char *name);

#endif
