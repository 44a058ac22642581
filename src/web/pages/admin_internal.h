/* What the pages of administration share. */
#ifndef WEB_PAGES_ADMIN_INTERNAL_H
#define WEB_PAGES_ADMIN_INTERNAL_H

#include "page_internal.h"

#define TF_ADMIN_CRUMB                                                                             \
    { "Administration", "/admin" }

/* The checkboxes of roles: a flag for each role of the pack, "role-0" and so on by its index. */
#define TF_ROLE_FIELD(n)                                                                           \
    { .name = "role-" #n, .label = "Role", .kind = TF_FIELD_FLAG }
#define TF_ROLE_FIELDS_OF(a, b, c, d, e, f, g, h)                                                  \
    TF_ROLE_FIELD(a), TF_ROLE_FIELD(b), TF_ROLE_FIELD(c), TF_ROLE_FIELD(d), TF_ROLE_FIELD(e),      \
        TF_ROLE_FIELD(f), TF_ROLE_FIELD(g), TF_ROLE_FIELD(h)
#define TF_ROLE_FIELDS                                                                             \
    TF_ROLE_FIELDS_OF(0, 1, 2, 3, 4, 5, 6, 7), TF_ROLE_FIELDS_OF(8, 9, 10, 11, 12, 13, 14, 15),    \
        TF_ROLE_FIELDS_OF(16, 17, 18, 19, 20, 21, 22, 23),                                         \
        TF_ROLE_FIELDS_OF(24, 25, 26, 27, 28, 29, 30, 31)

uint32_t tf_roles_sent(const tf_form *form);
void tf_roles_input(tf_visit *visit, uint32_t roles, const char *problem);

/* The state of an account as a tag. */
void tf_account_state_write(tf_html *html, tf_account_state state);

/* The page that shows a link, once, and for whom it is. */
void tf_link_page(tf_visit *visit, const char *name, tf_account_link_kind kind, const char *token,
                  const char *back);

typedef struct tf_admin_problem {
    const char *sentence; /* NULL: none */
    const char *id;       /* "name" */
} tf_admin_problem;

/* What a form of administration has to say about a fault that its sender can mend: the sentence and
 * the control it is about.  False for any other. */
bool tf_admin_takes_fault(tf_visit *visit, tf_status status, const tf_error *fault,
                          tf_admin_problem *problem_out);
const char *tf_admin_problem_at(const tf_admin_problem *problem, const char *id); /* or NULL */

/* Refuse whoever may none of these (or'ed tf_may), for pages that read nothing by themselves. */
tf_status tf_admin_check(const tf_visit *visit, unsigned may, tf_error *error);

#endif
