#include "web/site/visitor.h"

#include "trefoil/base/date.h"
#include "web/http/cookie.h"

static const char session_cookie[] = "trefoil";
static const char device_cookie[] = "trefoil-device";
enum { DEVICE_SECONDS = 90 * 24 * 60 * 60 };

tf_text tf_site_session_token(const tf_request *request) {
    tf_text token = tf_request_cookie(request, session_cookie);
    return token.data ? token : (tf_text){"", 0};
}

tf_text tf_site_device_token(const tf_request *request) {
    tf_text token = tf_request_cookie(request, device_cookie);
    return token.data ? token : (tf_text){"", 0};
}

const tf_visitor *tf_site_visitor(const tf_request *request) {
    static const tf_visitor nobody = {.session.actor.name = "the public"};
    return request->visitor ? request->visitor : &nobody;
}

const tf_actor *tf_site_actor(const tf_request *request) {
    static const tf_actor the_public = {.name = "the public"};
    const tf_visitor *visitor = tf_site_visitor(request);
    return visitor->is_signed_in ? &visitor->session.actor : &the_public;
}

/* ---- what they may ---- */

static const struct {
    tf_may may;
    tf_action action;
    const char *category;
} asked[] = {
    {TF_MAY_IMPORT, TF_ACTION_COLLECT, "open-data"},
    {TF_MAY_TRIAGE, TF_ACTION_CONSULT, "concern"},
    {TF_MAY_READ_INTELLIGENCE, TF_ACTION_CONSULT, "intelligence"},
    {TF_MAY_ADMINISTER, TF_ACTION_ALTER, "account"},
    {TF_MAY_READ_AGREEMENTS, TF_ACTION_CONSULT, "agreement"},
    {TF_MAY_READ_AUDIT, TF_ACTION_CONSULT, "audit"},
};

static int first_purpose(uint64_t purposes) {
    return purposes ? __builtin_ctzll(purposes) : -1;
}

/* Of what is nearest to them: their organisation's, assigned to them. */
static bool may(tf_access *access, const tf_actor *actor, tf_action action, const char *name) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    tf_object object = {.category = tf_access_category(rules, name),
                        .organisation_id = actor->organisation_id,
                        .assigned_to = actor->account_id};
    if (object.category < 0) {
        return false;
    }
    tf_intent intent = {.purpose = first_purpose(rules->categories[object.category].purposes)};
    return tf_access_ask(access, actor, action, &object, &intent).is_allowed;
}

/* All within one transaction, as each of its own costs as much as the answers together. */
static unsigned ask_all(tf_access *access, const tf_actor *actor) {
    unsigned all = 0;
    if (tf_db_begin_reading(tf_access_db(access), NULL)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        all |= may(access, actor, asked[i].action, asked[i].category) ? asked[i].may : 0;
    }
    tf_db_rollback(tf_access_db(access));
    return all;
}

tf_status tf_site_enter(tf_site *site, const tf_request *request, tf_action action,
                        const char *category, tf_error *error) {
    tf_access *access = NULL;
    tf_status status = tf_site_borrow_access(site, &access, error);
    if (status) {
        return status;
    }
    status = tf_access_begin(access, error);
    if (!status) {
        tf_object object = {.category = tf_access_category_of(access, category)};
        status = tf_access_enter(access, tf_site_actor(request), action, &object, NULL, NULL, NULL,
                                 error);
    }
    status = tf_access_end(access, status, error);
    tf_site_return_access(site, access);
    return status;
}

/* ---- their cookies ---- */

void tf_site_keep_device(const tf_request *request, tf_response *response, const char *token) {
    tf_response_set_cookie(response, request, device_cookie, token, DEVICE_SECONDS);
}

void tf_site_keep_session(const tf_request *request, tf_response *response,
                          const tf_signed_in *signed_in) {
    tf_visitor *visitor = request->visitor;
    if (visitor) {
        visitor->drops_cookie = false;
    }
    tf_response_set_cookie(response, request, session_cookie, signed_in->token, 0);
    if (signed_in->device[0]) {
        tf_site_keep_device(request, response, signed_in->device);
    }
}

void tf_site_end_session(const tf_request *request, tf_response *response) {
    tf_visitor *visitor = request->visitor;
    if (visitor) {
        visitor->drops_cookie = false;
    }
    tf_response_drop_cookie(response, request, session_cookie);
}

/* ---- what the server is told ---- */

static tf_status know(tf_visitor *visitor, tf_access *access, tf_text token, tf_error *error) {
    tf_status status =
        tf_sign_in_resolve(access, token, tf_instant_now(), &visitor->session, error);
    if (!status) {
        visitor->is_known = true;
        visitor->is_signed_in = visitor->session.stage == TF_STAGE_FULL;
        visitor->may = visitor->is_signed_in ? ask_all(access, &visitor->session.actor) : 0;
    }
    return status;
}

tf_status tf_site_meet_again(const tf_request *request, tf_access *access,
                             const tf_signed_in *signed_in, tf_error *error) {
    tf_visitor *visitor = request->visitor;
    tf_session_forget(&visitor->session);
    return know(visitor, access, tf_text_of(signed_in->token), error);
}

static tf_status resolve(tf_site *site, const tf_request *request, tf_visitor *visitor,
                         tf_error *error) {
    tf_text token = tf_site_session_token(request);
    if (token.length == 0 || !tf_site_has_accounts(site)) {
        return TF_REFUSED;
    }
    tf_access *access = NULL;
    tf_status status = tf_site_borrow_access(site, &access, error);
    if (!status) {
        status = know(visitor, access, token, error);
    }
    tf_site_return_access(site, access);
    return status;
}

static tf_status meet(void *context, tf_request *request, tf_error *error) {
    tf_visitor *visitor = tf_arena_alloc(request->arena, 1, sizeof *visitor);
    if (!visitor) {
        return tf_fail_no_memory(error);
    }
    *visitor = (tf_visitor){.is_known = false};
    request->visitor = visitor;
    tf_status status = resolve(context, request, visitor, error);
    if (status == TF_REFUSED) {
        visitor->drops_cookie = true;
        return TF_OK;
    }
    return status;
}

static void part(void *context, tf_request *request, tf_response *response) {
    (void)context;
    tf_visitor *visitor = request->visitor;
    tf_session_forget(&visitor->session);
    if (visitor->drops_cookie && response) {
        tf_response_drop_cookie(response, request, session_cookie);
    }
}

static bool owns_form(void *context, const tf_request *request, tf_text token) {
    const tf_visitor *visitor = tf_site_visitor(request);
    if (!visitor->is_known) {
        /* Without accounts there is no session either; `permits` let nobody else in. */
        return !tf_site_has_accounts(context);
    }
    tf_text own = tf_text_of(visitor->session.form_token);
    return own.length > 0 && token.length == own.length &&
           tf_secret_equal(token.data, own.data, own.length);
}

static bool is_passed_on(const tf_request *request) {
    static const char *const passed_on[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++) {
        if (tf_request_header(request, passed_on[i]).data) {
            return true;
        }
    }
    return false;
}

bool tf_site_offers_import(tf_site *site, const tf_request *request) {
    const tf_site_options *options = tf_site_get_options(site);
    if (tf_site_has_accounts(site)) {
        return !options->is_read_only && (tf_site_visitor(request)->may & TF_MAY_IMPORT);
    }
    return options->allows_imports && !options->is_read_only;
}

static tf_permit permits_import(tf_site *site, const tf_request *request) {
    bool has_accounts = tf_site_has_accounts(site);
    if (has_accounts && !tf_site_visitor(request)->is_signed_in) {
        return TF_PERMIT_SIGN_IN;
    }
    /* Without accounts it is for whoever comes straight to the program: a request that a proxy
     * passed on (RFC 7239 and the headers before it) comes from anybody. */
    bool is_near = has_accounts || !is_passed_on(request);
    return is_near && tf_site_offers_import(site, request) ? TF_PERMIT_GRANTED
                                                           : TF_PERMIT_FORBIDDEN;
}

static tf_permit permits(void *context, const tf_request *request, tf_permission permission) {
    const tf_visitor *visitor = tf_site_visitor(request);
    switch (permission) {
    case TF_PERMISSION_PUBLIC:
        return TF_PERMIT_GRANTED;
    case TF_PERMISSION_IMPORT:
        return permits_import(context, request);
    case TF_PERMISSION_SIGNING_IN:
        return visitor->is_known ? TF_PERMIT_GRANTED : TF_PERMIT_SIGN_IN;
    case TF_PERMISSION_SIGNED_IN:
        return visitor->is_signed_in ? TF_PERMIT_GRANTED : TF_PERMIT_SIGN_IN;
    }
    return TF_PERMIT_FORBIDDEN;
}

static uint64_t version(void *context) {
    return tf_site_version(context);
}

void tf_site_serve(tf_site *site, tf_server_options *options) {
    options->context = site;
    options->version = version;
    options->visitor_cookie = session_cookie;
    options->meet = meet;
    options->part = part;
    options->permits = permits;
    options->owns_form = owns_form;
}
