/* What the pages that lead to a session share. */
#ifndef WEB_PAGES_SIGNING_IN_INTERNAL_H
#define WEB_PAGES_SIGNING_IN_INTERNAL_H

#include "page_internal.h"

enum { TF_MOST_DESTINATION = 2000 };

/* The field in which a page remembers where its visitor wanted to go: a path of this site. */
#define TF_DESTINATION_FIELD                                                                       \
    {                                                                                              \
        .name = "to", .label = "Destination", .help = "Where to go on to.",                        \
        .maximum = TF_MOST_DESTINATION                                                             \
    }

/* Where the visitor wanted to go, "" if nowhere in particular or to another site. */
const char *tf_destination(tf_visit *visit);
void tf_destination_field(tf_visit *visit); /* a hidden one, within a form */

/* Lead on to what a session still needs, or to the destination. */
void tf_go_on(tf_visit *visit, tf_sign_in_stage stage);

/* Borrow a desk to sign in at, do the work, give it back: what tf_visit_at_access is for others. */
tf_status tf_visit_signing_in(tf_visit *visit, tf_access_work *work, void *data, tf_error *error);

/* Whether a passphrase may be sent over this connection; if not, the page says so. */
bool tf_page_is_safe(tf_visit *visit);

/* An account's new passphrase, with what is wanted of it. */
void tf_new_passphrase_input(tf_visit *visit, const char *label, const char *problem);

/* The recovery codes, which nobody is shown again. */
void tf_recovery_codes_write(tf_visit *visit,
                             char codes[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE]);

#endif
