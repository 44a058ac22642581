/* What a command line may say, declared once: the parser and the help read the same table. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "trefoil/base/text.h"

enum { TF_OPTIONS_MOST = 24 };

/* `--name VALUE` or `--name=VALUE`; a switch, `--name`, where `value` is NULL. */
typedef struct tf_option {
    const char *name;
    const char *value; /* what the value is called in the help: "FILE" */
    const char *help;  /* one or two sentences without a full stop at the end */
    bool is_required;
} tf_option;

typedef struct tf_options {
    const tf_option *options;
    size_t option_count; /* TF_OPTIONS_MOST at most */
    const char *operand; /* what else is given: "PATH"; NULL for nothing */
    size_t least_operands;
    size_t most_operands;
    const char *repeated; /* the option that may be given again and again, or NULL; its values are
                             among the operands */
} tf_options;

/* What was said.  Borrows the words of the command line. */
typedef struct tf_arguments {
    const char *values[TF_OPTIONS_MOST]; /* of each option; "" for a switch; NULL: not given */
    char **operands;
    size_t operand_count;
    bool wants_help; /* --help or -h; then nothing else is checked */
} tf_arguments;

/* Read `words`, which are put in another order: the operands come first.  Options and operands
 * may be mixed; after `--` all is operands; `-` is an operand.
 * Errors: TF_BAD_INPUT for an option that is not known (the nearest one is suggested), is given
 * twice, lacks its value or is missing, and for too few or too many operands. */
tf_status tf_options_parse(const tf_options *options, char **words, size_t word_count,
                           tf_arguments *arguments_out, tf_error *error);

/* How many single characters must be changed, added, dropped or exchanged with their neighbour to
 * make `b` of `a` (Damerau 1964; optimal string alignment).  Words of more than 63 bytes are as
 * far apart as can be.  O(length x length). */
size_t tf_word_distance(const char *a, const char *b);

/* The nearer of two candidates for what was meant by `word`: keeps *nearest_out, which starts as
 * NULL, unless `candidate` is nearer and near enough to be a slip. */
void tf_word_nearer(const char *word, const char *candidate, const char **nearest_out);

#endif
