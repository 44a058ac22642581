/* Setting up the app that shows one-time codes: a QR code to scan, a first code to prove it, and
 * the recovery codes. */
#include "routes_internal.h"
#include "signing_in_internal.h"

#include "access/qr_code.h"
#include "trefoil/base/date.h"
#include "web/html/buttons.h"
#include "web/html/text_inputs.h"

static const char title[] = "Set up codes for signing in";
enum { QUIET_ZONE = 4, PIXELS_A_MODULE = 4 };

typedef struct set_up {
    char seed[TF_CODE_SEED_TEXT_SIZE];
    const char *address;
} set_up;

/* At a full session the code proves that whoever sits there has the device so far. */
static tf_status begin(tf_visit *visit, void *data, tf_error *error) {
    set_up *own = data;
    bool is_full = visit->visitor->session.stage == TF_STAGE_FULL;
    tf_text code = is_full ? tf_form_value(&visit->request->form, "code")->text : (tf_text){"", 0};
    tf_buffer address = {0};
    tf_status status =
        tf_sign_in_begin_codes(visit->access, tf_site_session_token(visit->request), code,
                               tf_text_of("Trefoil"), tf_instant_now(), own->seed, &address, error);
    own->address = tf_page_words(visit, &address);
    tf_buffer_deinit(&address);
    return status;
}

/* The dark modules, row by row, each run of them a rectangle of one path. */
static void write_modules(tf_html *html, const tf_qr_code *code) {
    tf_buffer path = {0};
    for (int row = 0; row < code->size; row++) {
        const uint8_t *modules = code->modules + (size_t)row * (size_t)code->size;
        for (int column = 0; column < code->size; column++) {
            int start = column;
            while (column < code->size && modules[column]) {
                column++;
            }
            if (column > start) {
                tf_buffer_format(&path, "M%d %dh%dv1h-%dz", start + QUIET_ZONE, row + QUIET_ZONE,
                                 column - start, column - start);
            }
        }
    }
    tf_html_open(html, "path");
    tf_html_attribute_text(html, "d", (tf_text){path.data, path.length});
    tf_html_attribute(html, "fill", "#000000");
    tf_html_close(html, "path");
    html->buffer->failed |= path.failed;
    tf_buffer_deinit(&path);
}

/* Light around it, whatever the page's colours are: readers need the contrast. */
static tf_status write_qr_code(tf_visit *visit, const char *address, tf_error *error) {
    tf_qr_code code;
    tf_status status = tf_qr_code_make(tf_text_of(address), &code, error);
    if (status) {
        return status;
    }
    tf_html *html = &visit->html;
    int side = code.size + 2 * QUIET_ZONE;
    tf_html_open(html, "svg");
    tf_html_attribute(html, "class", "app-qr-code");
    tf_html_attribute(html, "xmlns", "http://www.w3.org/2000/svg");
    tf_html_attribute_format(html, "viewBox", "0 0 %d %d", side, side);
    tf_html_attribute_format(html, "width", "%d", side * PIXELS_A_MODULE);
    tf_html_attribute_format(html, "height", "%d", side * PIXELS_A_MODULE);
    tf_html_attribute(html, "role", "img");
    tf_html_attribute(html, "aria-label", "QR code for your app");
    tf_html_attribute(html, "shape-rendering", "crispEdges");
    tf_html_open(html, "rect");
    tf_html_attribute_format(html, "width", "%d", side);
    tf_html_attribute_format(html, "height", "%d", side);
    tf_html_attribute(html, "fill", "#ffffff");
    tf_html_close(html, "rect");
    write_modules(html, &code);
    tf_html_close(html, "svg");
    tf_qr_code_deinit(&code);
    return TF_OK;
}

/* In groups of four, as people read it. */
static void write_seed(tf_visit *visit, const char *seed) {
    tf_html *html = &visit->html;
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body app-seed");
    for (size_t i = 0; seed[i]; i++) {
        tf_html_format(html, "%s%c", i && i % 4 == 0 ? " " : "", seed[i]);
    }
    tf_html_close(html, "p");
}

static void write_code_input(tf_visit *visit, const char *hint, const char *problem) {
    tf_govuk_input(&visit->html, &(tf_input){
                                     .id = "code",
                                     .name = "code",
                                     .label.content.text = "Code",
                                     .hint.content.text = hint,
                                     .error_message.content.text = problem,
                                     .autocomplete = "one-time-code",
                                     .spellcheck = TF_NO,
                                     .classes = "govuk-input--width-10",
                                 });
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "Continue"});
}

/* What to scan, and the form for the first code; without a set-up, which the app has scanned
 * already, the form alone. */
static tf_status write_form(tf_visit *visit, const set_up *own, const char *problem,
                            tf_error *error) {
    tf_status status = TF_OK;
    tf_page_begin(visit, &(tf_page_head){.title = title, .has_errors = problem != NULL});
    tf_page_error(visit, problem, "code");
    tf_page_title(visit, NULL, title);
    if (own) {
        tf_page_paragraph(
            visit, "Besides your passphrase you sign in with a code from a device that only you "
                   "have, so that a passphrase that got known opens nothing. Any app for one-time "
                   "codes will do, on your telephone or in your password manager.");
        tf_page_heading(visit, NULL, "1. Scan this with the app");
        status = write_qr_code(visit, own->address, error);
        tf_page_paragraph(visit, "Or type this into it, by time, with 6 digits:");
        write_seed(visit, own->seed);
        tf_page_heading(visit, NULL, "2. Enter the code that it shows");
    }
    tf_page_form_begin(visit, "/sign-in/set-up");
    tf_destination_field(visit);
    write_code_input(visit, "6 digits", problem);
    tf_page_form_end(visit);
    tf_page_end(visit);
    return status ? status : tf_buffer_check(&visit->response->body, error);
}

static tf_status begin_and_write(tf_visit *visit, const char *problem, tf_error *error) {
    set_up own;
    tf_status status = tf_visit_at_access(visit, begin, &own, error);
    if (!status) {
        status = write_form(visit, &own, problem, error);
    }
    tf_secret_forget(&own, sizeof own);
    return status;
}

/* Whoever has codes already shows one before there are others. */
static tf_status write_proof_form(tf_visit *visit, const char *problem, tf_error *error) {
    static const char heading[] = "Set up another device";
    tf_page_begin(visit, &(tf_page_head){.title = heading,
                                         .crumbs = {{"Your account", "/account"}},
                                         .has_errors = problem != NULL});
    tf_page_error(visit, problem, "code");
    tf_page_title(visit, NULL, heading);
    tf_page_paragraph(visit, "It takes the place of the device that you have used so far.");
    tf_page_form_begin(visit, "/sign-in/set-up/begin");
    tf_destination_field(visit);
    write_code_input(visit, "A code of the device so far, or a recovery code", problem);
    tf_page_form_end(visit);
    tf_page_end(visit);
    return tf_buffer_check(&visit->response->body, error);
}

static tf_status handle_form(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    switch (visit.visitor->session.stage) {
    case TF_STAGE_SET_UP:
        return begin_and_write(&visit, NULL, error);
    case TF_STAGE_FULL:
        return write_proof_form(&visit, NULL, error);
    default:
        tf_go_on(&visit, TF_STAGE_CODE);
        return TF_OK;
    }
}

static tf_status handle_begin(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_error fault;
    const char *problem = tf_form_value(&request->form, "code")->error;
    if (problem) {
        response->status = 400;
        return write_proof_form(&visit, problem, error);
    }
    tf_status status = begin_and_write(&visit, NULL, &fault);
    if (status == TF_BAD_INPUT && tf_page_takes_fault(&visit, status, &fault, &problem)) {
        return write_proof_form(&visit, problem, error);
    }
    return status ? tf_fail(error, status, fault.place, fault.line, "%s", fault.message) : TF_OK;
}

/* ---- the first code ---- */

typedef struct confirmed {
    tf_signed_in signed_in;
    char recovery[TF_RECOVERY_CODE_COUNT][TF_RECOVERY_CODE_TEXT_SIZE];
} confirmed;

static tf_status confirm(tf_visit *visit, void *data, tf_error *error) {
    confirmed *own = data;
    tf_status status =
        tf_sign_in_confirm_codes(visit->access, tf_site_session_token(visit->request),
                                 tf_form_value(&visit->request->form, "code")->text,
                                 tf_instant_now(), &own->signed_in, own->recovery, error);
    return status ? status
                  : tf_site_meet_again(visit->request, visit->access, &own->signed_in, error);
}

static void write_recovery(tf_visit *visit, confirmed *own) {
    static const char heading[] = "Keep your recovery codes";
    const char *to = tf_destination(visit);
    tf_page_begin(visit, &(tf_page_head){.title = heading});
    tf_page_title(visit, "Your codes are set up", heading);
    tf_recovery_codes_write(visit, own->recovery);
    tf_govuk_button(&visit->html, &(tf_button){.content.text = "I have kept them",
                                               .href = *to ? to : "/account"});
    tf_page_end(visit);
}

static tf_status write_again(tf_visit *visit, const char *problem, tf_error *error) {
    return visit->visitor->session.stage == TF_STAGE_FULL ? write_form(visit, NULL, problem, error)
                                                          : begin_and_write(visit, problem, error);
}

static tf_status handle_confirm(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    confirmed own;
    tf_error fault;
    const char *problem = tf_form_value(&request->form, "code")->error;
    if (problem) {
        response->status = 400;
        return write_again(&visit, problem, error);
    }
    tf_status status = tf_visit_at_access(&visit, confirm, &own, &fault);
    if (!status) {
        tf_site_keep_session(request, response, &own.signed_in);
        write_recovery(&visit, &own);
        tf_secret_forget(&own, sizeof own);
        return tf_buffer_check(&response->body, error);
    }
    if (status != TF_BAD_INPUT || !tf_page_takes_fault(&visit, status, &fault, &problem)) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    return write_again(&visit, problem, error);
}

/* ---- routes ---- */

static const tf_field fields[] = {
    TF_DESTINATION_FIELD,
    {.name = "code",
     .label = "Code",
     .help = "The first code that the app shows.",
     .is_required = true,
     .maximum = 40},
};

const tf_route tf_route_set_up_codes = {
    .method = "GET",
    .path = "/sign-in/set-up",
    .title = title,
    .help = "What the app has to scan, and the form for its first code.",
    .permission = TF_PERMISSION_SIGNING_IN,
    .answers_errors = true,
    .fields = fields,
    .field_count = 1,
    .handle = handle_form,
};

const tf_route tf_route_set_up_codes_begin = {
    .method = "POST",
    .path = "/sign-in/set-up/begin",
    .title = title,
    .help = "Prove that the device so far is there; answers with what the next one has to scan.",
    .permission = TF_PERMISSION_SIGNED_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = 2,
    .handle = handle_begin,
};

const tf_route tf_route_set_up_codes_send = {
    .method = "POST",
    .path = "/sign-in/set-up",
    .title = title,
    .help = "Prove that the app shows the right codes; answers with recovery codes.",
    .permission = TF_PERMISSION_SIGNING_IN,
    .body = TF_BODY_FORM,
    .answers_errors = true,
    .fields = fields,
    .field_count = 2,
    .handle = handle_confirm,
};
