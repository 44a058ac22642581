/* Who visits, known by the cookie of their session; and what a server is told of them. */
#ifndef WEB_SITE_VISITOR_H
#define WEB_SITE_VISITOR_H

#include "web/http/server.h"
#include "web/site/access_desk.h"

/* What a visitor may do somewhere, for what their pages offer; what they may do with one thing is
 * asked, and entered, when they do it. */
typedef enum tf_may {
    TF_MAY_IMPORT = 1 << 0, /* take in open data */
    TF_MAY_TRIAGE = 1 << 1, /* read reports of concern */
    TF_MAY_READ_INTELLIGENCE = 1 << 2,
    TF_MAY_ADMINISTER = 1 << 3, /* change accounts and organisations */
    TF_MAY_READ_AGREEMENTS = 1 << 4,
    TF_MAY_READ_AUDIT = 1 << 5,
} tf_may;

/* Made once for each request that carries the cookie, and forgotten with its answer. */
typedef struct tf_visitor {
    tf_session session;
    bool is_known;     /* the cookie is that of a session, at whatever stage */
    bool is_signed_in; /* the session is a full one */
    unsigned may;      /* or'ed tf_may */
    bool drops_cookie; /* it is good for nothing any more */
} tf_visitor;

/* Who asks; a visitor who is not known, for whom `is_known` is false, if nobody is. */
const tf_visitor *tf_site_visitor(const tf_request *request);

/* Who does what is asked for: an account's owner, or the public. */
const tf_actor *tf_site_actor(const tf_request *request);

/* Give the browser a new session and device ("": none), or take its session away. */
void tf_site_keep_session(const tf_request *request, tf_response *response,
                          const tf_signed_in *signed_in);
void tf_site_keep_device(const tf_request *request, tf_response *response, const char *token);
void tf_site_end_session(const tf_request *request, tf_response *response);

/* Who asks has a new session within this request: know them by it, so that the page which is
 * written next has its marks.  Errors: those of tf_sign_in_resolve. */
tf_status tf_site_meet_again(const tf_request *request, tf_access *access,
                             const tf_signed_in *signed_in, tf_error *error);

/* The tokens that the browser sent, "" for none. */
tf_text tf_site_session_token(const tf_request *request);
tf_text tf_site_device_token(const tf_request *request);

/* Whether to offer importing in the browser to them. */
bool tf_site_offers_import(tf_site *site, const tf_request *request);

/* Decide and enter in the audit what is done with all of a category: "open-data".
 * Errors: TF_REFUSED, with the reason; those of tf_site_borrow_access. */
tf_status tf_site_enter(tf_site *site, const tf_request *request, tf_action action,
                        const char *category, tf_error *error);

/* Have a server know its visitors, and ask the site who may: sets the options' context, version and
 * all that is about visitors. */
void tf_site_serve(tf_site *site, tf_server_options *options);

#endif
