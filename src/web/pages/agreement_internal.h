/* What the pages of sharing agreements share. */
#ifndef WEB_PAGES_AGREEMENT_INTERNAL_H
#define WEB_PAGES_AGREEMENT_INTERNAL_H

#include "page_internal.h"

#include "access/agreement.h"

/* What a form can say without growing without bound; a larger agreement is drafted at the command
 * line. */
enum { TF_FORM_PARTIES = 40, TF_FORM_SHARES = 64, TF_FORM_PURPOSES = 32 };

/* What a party does, as the choices of a field "part-3" have it. */
typedef enum tf_form_part {
    TF_PART_NONE,
    TF_PART_GIVES,
    TF_PART_RECEIVES,
    TF_PART_BOTH,
    TF_PART_COUNT
} tf_form_part;

/* Whether the form can say all that the terms say. */
bool tf_agreement_fits_form(const tf_access_rules *rules, const tf_agreement_terms *terms);

/* The value of a numbered field of the form: "party-3". */
const tf_value *tf_agreement_numbered(const tf_visit *visit, const char *name, size_t number);

/* Fill the form in with terms, as if they had been sent.  Errors: TF_BAD_INPUT for terms that do
 * not fit it. */
tf_status tf_agreement_fill(tf_visit *visit, const tf_agreement_terms *terms, tf_error *error);

bool tf_agreement_may_draft(tf_visit *visit);

#endif
