/* Sharing agreements as they are typed and as they are shown. */
#ifndef CLI_AGREEMENT_WORDS_H
#define CLI_AGREEMENT_WORDS_H

#include "access/agreement.h"
#include "cli/terminal.h"
#include "cli/workplace.h"

/* The number of an agreement.  Errors: TF_BAD_INPUT. */
tf_status tf_agreement_words_number(tf_workplace *place, const char *text, int64_t *number_out);

/* The parties of two lists of organisations by name or number, separated by commas; who is in both
 * gives and receives.  Errors: TF_NOT_FOUND; TF_BAD_INPUT. */
tf_status tf_agreement_words_parties(tf_workplace *place, const char *gives, const char *receives,
                                     tf_agreement_terms *terms);

/* "concern:what+where,person": categories of data, each with all fields or with some.
 * Errors: TF_BAD_INPUT for a category or a field that the pack has not. */
tf_status tf_agreement_words_data(tf_workplace *place, const char *data, tf_agreement_terms *terms);

/* "safeguard,prevent-crime".  Errors: TF_BAD_INPUT. */
tf_status tf_agreement_words_purposes(tf_workplace *place, const char *purposes,
                                      tf_agreement_terms *terms);

/* All of one agreement, and one line of the list of them. */
void tf_agreement_words_show(tf_terminal *page, const tf_access_rules *rules,
                             const tf_agreement *agreement);
void tf_agreement_words_line(tf_terminal *page, const tf_agreement *agreement);

#endif
