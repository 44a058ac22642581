/* HTML as the tree that a browser would make of it, written out to be compared. */
#ifndef TREFOIL_TESTS_HTML_TREE_H
#define TREFOIL_TESTS_HTML_TREE_H

#include "trefoil/base/text.h"

/* The tree of the markup, one line each element, attribute, text and end, indented: equal trees
 * give equal lines.  Attributes are sorted and their character references decoded, of a class the
 * spaces are made one; white space in text is one space, and none where no browser shows any (at
 * both ends of an element, and beside what is not part of a line of text); comments are left out.
 * In a textarea every character counts.  What is not well-formed, an end without its
 * element or an element without its end, is a line of its own that says so. */
void html_tree_append(tf_text markup, tf_buffer *out);

/* Whether both give the same tree; if not, the lines about the first difference are printed, and
 * both markups. */
bool html_tree_is_same(tf_text expected, tf_text actual);

#endif
