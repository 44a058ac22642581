#include "call_internal.h"

#include "insight/overview.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- answering ---- */

/* A page of any other site may read the figures of a public site: there are no cookies and no
 * accounts, so that a reader's browser lends it no right.  Whoever sits at this machine lends it
 * one, their place: what they look at may not be public, and is not for every page they visit. */
void tf_api_open_to_other_sites(const tf_request *request, tf_response *response) {
    if (request->is_local) {
        return;
    }
    tf_response_header(response, "Access-Control-Allow-Origin", "*");
    tf_response_header(response, "Access-Control-Expose-Headers",
                       "Content-Disposition, ETag, Link, Retry-After");
}

/* What the request is to blame for; 0 for what it is not. */
static int status_of(tf_status status) {
    switch (status) {
    case TF_BAD_INPUT:
    case TF_UNSUPPORTED:
        return 400;
    case TF_NOT_FOUND:
        return 404;
    default:
        return 0;
    }
}

/* "no area is called so" as "No area is called so." */
static const char *as_sentence(tf_arena *arena, const char *text) {
    char *sentence = tf_arena_format(arena, "%s%s", text, tf_full_stop(text));
    if (!sentence) {
        return text;
    }
    if (sentence[0] >= 'a' && sentence[0] <= 'z') {
        sentence[0] = (char)(sentence[0] - 'a' + 'A');
    }
    return sentence;
}

static tf_status answer(tf_api_call *call, tf_api_work *work, tf_error *error) {
    tf_error fault;
    tf_response *response = call->response;
    tf_api_open_to_other_sites(call->request, response);
    response->content_type =
        call->operation->media_type ? call->operation->media_type : "application/json";
    tf_json_init(&call->json, &response->body, false);
    tf_status status = tf_site_judge(call->site, work(call, &fault), &fault);
    int http_status = status_of(status);
    if (status && !http_status) {
        return tf_fail(error, status, fault.place, fault.line, "%s", fault.message);
    }
    if (status) {
        const char *detail = as_sentence(call->arena, fault.message);
        tf_api_fault of_field = {call->field_at_fault, detail};
        tf_api_write_problem(response, http_status, detail, &of_field,
                             call->field_at_fault != NULL);
    }
    return tf_buffer_check(&response->body, error);
}

tf_status tf_api_run(const tf_api_operation *operation, void *context, const tf_request *request,
                     tf_response *response, tf_api_work *work, tf_error *error) {
    tf_api_call call = {.operation = operation,
                        .site = context,
                        .request = request,
                        .response = response,
                        .arena = response->arena};
    return answer(&call, work, error);
}

tf_status tf_api_run_at_desk(const tf_api_operation *operation, void *context,
                             const tf_request *request, tf_response *response, tf_api_work *work,
                             tf_error *error) {
    tf_api_call call = {.operation = operation,
                        .site = context,
                        .request = request,
                        .response = response,
                        .arena = response->arena};
    tf_status status = tf_site_borrow(call.site, &call.desk, error);
    if (!status) {
        status = answer(&call, work, error);
    }
    tf_site_return(call.site, call.desk);
    return status;
}

/* ---- fields ---- */

tf_status tf_api_text(tf_api_call *call, const char *field, const char **text_out,
                      tf_error *error) {
    tf_text text = tf_form_value(&call->request->form, field)->text;
    *text_out = NULL;
    if (text.length == 0) {
        return TF_OK;
    }
    *text_out = tf_arena_copy_text(call->arena, text.data, text.length);
    return *text_out ? TF_OK : tf_fail_no_memory(error);
}

const char *tf_api_choice(const tf_api_call *call, const char *field) {
    const tf_form *form = &call->request->form;
    const tf_value *value = tf_form_value(form, field);
    return value->text.length ? form->fields[value - form->values].choices[value->number] : NULL;
}

tf_status tf_api_fail_field(tf_api_call *call, const char *field, tf_error *error,
                            const char *format, ...) {
    char message[TF_ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    call->field_at_fault = field;
    return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s", message);
}

enum { MOST_MONTHS = 600 }; /* as insight has it */

tf_status tf_api_period(tf_api_call *call, tf_month *from_out, tf_month *to_out, tf_error *error) {
    const tf_value *from = tf_form_value(&call->request->form, "from");
    const tf_value *to = tf_form_value(&call->request->form, "to");
    *from_out = from->month;
    *to_out = to->month;
    if (!from->is_given || !to->is_given) {
        tf_overview_start start;
        tf_status status = tf_overview_default(call->desk->data, &start, error);
        if (status) {
            return status;
        }
        if (!start.is_known) {
            return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                           "nothing has been imported yet, so there is no latest period; give the "
                           "first and the last month, or come back later");
        }
        if (!from->is_given && !to->is_given) {
            *from_out = start.from;
            *to_out = start.to;
        } else if (!from->is_given) {
            tf_month first = tf_month_of(1900, 1); /* of all that can be asked for */
            *from_out = *to_out - 11 < first ? first : *to_out - 11;
        } else {
            *to_out = *from_out > start.last ? *from_out : start.last;
        }
    }
    if (*from_out > *to_out) {
        return tf_api_fail_field(call, "to", error,
                                 "the period ends before it starts; exchange the two months");
    }
    if (*to_out - *from_out >= MOST_MONTHS) {
        return tf_api_fail_field(call, "from", error,
                                 "the period has more than %d months; choose a shorter one",
                                 MOST_MONTHS);
    }
    return TF_OK;
}

tf_status tf_api_find_area(tf_api_call *call, const char *field, const char *name,
                           tf_area_ref *area_out, tf_error *error) {
    const tf_geography *geography = NULL;
    char slug[4];
    tf_text_slug(tf_text_of(name), slug, sizeof slug);
    tf_status status = tf_crime_data_geography(call->desk->data, &geography, error);
    if (status) {
        return status;
    }
    status = slug[0] ? tf_geography_find(geography, name, area_out, error)
                     : tf_fail(error, TF_NOT_FOUND, NULL, 0,
                               "no area is called '%.80s'; give a code or a name such as E06000032 "
                               "or Luton",
                               name);
    if (status == TF_NOT_FOUND || status == TF_BAD_INPUT) {
        call->field_at_fault = field;
    }
    return status;
}

tf_status tf_api_area_code(tf_api_call *call, const char *field, const char **code_out,
                           tf_error *error) {
    const char *name;
    tf_area_ref area;
    *code_out = NULL;
    tf_status status = tf_api_text(call, field, &name, error);
    if (status || !name) {
        return status;
    }
    status = tf_api_find_area(call, field, name, &area, error);
    if (status) {
        return status;
    }
    *code_out = tf_arena_copy_text(call->arena, area.code, strlen(area.code));
    return *code_out ? TF_OK : tf_fail_no_memory(error);
}

tf_status tf_api_check_type(tf_api_call *call, const char *name, tf_error *error) {
    if (tf_pack_group_find(call->desk->pack, tf_text_of(name))) {
        return TF_OK;
    }
    call->field_at_fault = "type";
    return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                   "no kind of offence is called '%.80s'; /api/v1/types lists all groups and crime "
                   "types",
                   name);
}

tf_status tf_api_type(tf_api_call *call, const char **type_out, tf_error *error) {
    tf_status status = tf_api_text(call, "type", type_out, error);
    return status ? status : tf_api_check_type(call, *type_out, error);
}

bool tf_api_layer(const tf_api_call *call, tf_layer *layer_out) {
    const char *name = tf_api_choice(call, "layer");
    return name && tf_layer_parse(tf_text_of(name), layer_out);
}

/* ---- members that several answers have ---- */

void tf_api_put_bool(tf_json *json, const char *key, bool value) {
    tf_json_key(json, key);
    tf_json_bool(json, value);
}

void tf_api_put_month(tf_json *json, const char *key, tf_month month) {
    char text[TF_MONTH_TEXT_SIZE];
    tf_json_put_string(json, key, tf_month_format(month, text));
}

void tf_api_put_period(tf_json *json, tf_month from, tf_month to) {
    tf_json_key(json, "period");
    tf_json_open_object(json);
    tf_api_put_month(json, "from", from);
    tf_api_put_month(json, "to", to);
    tf_json_close_object(json);
}

/* ---- downloads ---- */

tf_status tf_api_write_figure(tf_api_call *call, const tf_figure_kind *kind, const tf_table *table,
                              const tf_figure_about *about, const tf_boundaries_request *outlines,
                              tf_download_format format, tf_error *error) {
    tf_boundaries *boundaries = NULL;
    tf_status status = TF_OK;
    if (format == TF_DOWNLOAD_GEOJSON && !kind->has_geometry) {
        return tf_api_fail_field(call, "format", error,
                                 "the rows of %s are no areas, so there is no GeoJSON of it",
                                 kind->name);
    }
    if (format == TF_DOWNLOAD_GEOJSON) {
        status = tf_boundaries_make(call->desk->data, outlines, &boundaries, error);
    }
    if (!status) {
        status =
            tf_download_write(kind, table, about, boundaries, format, &call->response->body, error);
    }
    tf_boundaries_free(boundaries);
    return status;
}

void tf_api_set_file(tf_api_call *call, const tf_figure_about *about, const char *figure,
                     tf_download_format format) {
    char name[TF_DOWNLOAD_NAME_SIZE];
    call->response->content_type = tf_download_kind_of(format)->media_type;
    if (format != TF_DOWNLOAD_JSON) {
        tf_response_attachment(call->response, tf_download_file_name(about, figure, format, name));
    }
}
