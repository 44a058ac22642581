/* Why two records are one person, or are not, on a terminal. */
#ifndef CLI_LINK_EXPLAIN_TEXT_H
#define CLI_LINK_EXPLAIN_TEXT_H

#include "cli/terminal.h"
#include "web/paper/linkage_waterfall.h"

/* The evidence, comparison by comparison: both values, what they mean, and a bar from the weight
 * before to the weight after. */
void tf_link_explain_text_write(tf_terminal *page, const tf_linkage_explanation *explanation);

#endif
