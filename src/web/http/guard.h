/* Who may ask at all: the name of this site (against DNS rebinding) and requests that other sites
 * make a browser send (against cross-site request forgery). */
#ifndef WEB_HTTP_GUARD_H
#define WEB_HTTP_GUARD_H

#include "web/http/head.h"

/* Borrowed. */
typedef struct tf_guard {
    const char *address; /* where the server listens: "127.0.0.1:8080" */
    const char *const *hosts;
    size_t host_count;
    bool is_any_host; /* no name is refused to readers */
} tf_guard;

/* Refuses with 421 a host that is not this site, and with 403 what changes something and was not
 * sent from a page of this site.  Programs send neither Origin nor Sec-Fetch-Site and pass. */
tf_refusal tf_guard_check(const tf_guard *guard, const tf_head *head);

/* Whether a host is one of the names that the site was given. */
bool tf_guard_is_named(const tf_guard *guard, tf_text host);

#endif
