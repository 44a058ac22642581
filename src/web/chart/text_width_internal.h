/* How wide text will be, without asking a font: close enough to keep labels apart. */
#ifndef WEB_CHART_TEXT_WIDTH_INTERNAL_H
#define WEB_CHART_TEXT_WIDTH_INTERNAL_H

#include "trefoil/base/text.h"

/* The width of text of `size`, on the safe side for Arial and Helvetica, in which the drawings are
 * written.  O(length). */
double tf_text_drawn_width(tf_text text, double size, bool is_bold);

enum { TF_WRAP_LINES = 3 };

typedef struct tf_wrapped {
    tf_text lines[TF_WRAP_LINES];
    int count;
    int cut_line; /* 1 for the first, 0 for none: it wants an ellipsis, for which there is room */
} tf_wrapped;

/* Text in at most `most` lines (up to TF_WRAP_LINES) of `width`, broken at spaces, within a word
 * only where it is wider than a line.  Lines are views of the text. */
tf_wrapped tf_text_wrap(tf_text text, double size, bool is_bold, double width, int most);

#endif
