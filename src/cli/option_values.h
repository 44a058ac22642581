/* Values of options, read and refused in one wording for all commands. */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include "trefoil/base/date.h"

/* Of all of these: `text` is the value and `name` the option's name; the value read is untouched
 * where `text` is NULL.  Errors: TF_BAD_INPUT, a fault of the command line. */

tf_status tf_option_whole(const char *text, const char *name, int64_t least, int64_t most,
                          int64_t *value_out, tf_error *error);

/* One of the words, which NULL ends; its number. */
tf_status tf_option_choice(const char *text, const char *name, const char *const *words,
                           int *choice_out, tf_error *error);

tf_status tf_option_day(const char *text, const char *name, int32_t *day_out, tf_error *error);
tf_status tf_option_month(const char *text, const char *name, tf_month *month_out, tf_error *error);

/* --format of what is read by people and by programs, the same wherever there are no other forms.
 */
#define TF_OPTION_FORMAT                                                                           \
    { "format", "FORMAT", "text (if nothing is said) or json", false }
tf_status tf_option_format(const char *text, bool *is_json_out, tf_error *error);

#endif
