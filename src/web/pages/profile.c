/* The crime profile of an area: everything that is known about one kind of offence in it. */
#include "figures_internal.h"
#include "routes_internal.h"

#include "web/paper/profile_paper.h"

static const char title_unknown[] = "Crime profile";

/* A site without data has its one page that says so. */
static tf_status go_to_start(tf_visit *visit) {
    tf_response_redirect(visit->response, "/");
    return TF_OK;
}

static void write_whole_downloads(tf_visit *visit, const tf_selection *selection) {
    static const struct {
        const char *label;
        const char *path;
        const char *format;
    } formats[] = {
        {"PDF, to print and to read on paper", "/profile.pdf", NULL},
        {"XLSX, a workbook with a sheet for each figure", "/api/v1/profile", "xlsx"},
        {"CSV, one long table", "/api/v1/profile", "csv"},
        {"JSON", "/api/v1/profile", "json"},
        {"Arrow stream", "/api/v1/profile", "arrow"},
        {"GeoJSON, the small areas", "/api/v1/profile", "geojson"},
    };
    tf_html *html = &visit->html;
    tf_page_heading(visit, "download", "Take it with you");
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list govuk-list--bullet");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const char *address = tf_selection_address(visit, selection, formats[i].path, NULL, NULL);
        if (formats[i].format) {
            address = tf_address_with(visit, address, "format", formats[i].format);
        }
        tf_html_open(html, "li");
        tf_page_link(visit, address, formats[i].label);
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
}

static tf_status write_profile(tf_visit *visit, const tf_selection *selection,
                               const tf_profile *profile, tf_error *error) {
    const char *title = tf_page_format(visit, "%s: %s", profile->area_name, profile->group_title);
    tf_page_begin(visit, &(tf_page_head){.title = title, .section = "/profile", .has_map = true});
    tf_page_title(visit, tf_selection_period(visit, selection), title);
    tf_selection_write_form(visit, selection, "/profile");
    tf_figures_write_headline(visit, profile);
    tf_figures_write_look_first(visit, profile);
    tf_status status = tf_figures_write_all(visit, selection, profile, error);
    write_whole_downloads(visit, selection);
    tf_figures_write_sources(visit, profile);
    tf_page_end(visit);
    return status;
}

static tf_status write_pdf(tf_visit *visit, const tf_selection *selection,
                           const tf_profile *profile, tf_error *error) {
    (void)selection;
    visit->response->content_type = "application/pdf";
    tf_response_attachment(visit->response,
                           tf_page_format(visit, "%s-%s.pdf", profile->area_name, profile->group));
    return tf_profile_paper_write(visit->desk->data, profile, &visit->response->body, error);
}

typedef tf_status profile_writer(tf_visit *visit, const tf_selection *selection,
                                 const tf_profile *profile, tf_error *error);

/* Answer with the profile that was asked for, or with what is wrong with the question. */
static tf_status answer_with(tf_visit *visit, profile_writer *write, tf_error *error) {
    tf_selection selection;
    tf_status status = tf_selection_read(visit, &selection, error);
    if (status) {
        return status;
    }
    if (!selection.start.is_known) {
        return go_to_start(visit);
    }
    if (selection.error_count) {
        return tf_selection_refuse(visit, &selection, title_unknown, "/profile");
    }
    tf_profile_request request = {selection.area.code, selection.type, selection.from,
                                  selection.to};
    tf_profile *profile = NULL;
    status = tf_profile_make(visit->desk->data, &request, &profile, error);
    if (!status) {
        status = write(visit, &selection, profile, error);
    }
    tf_profile_free(profile);
    return status;
}

static tf_status answer_page(tf_visit *visit, tf_error *error) {
    return answer_with(visit, write_profile, error);
}

static tf_status answer_pdf(tf_visit *visit, tf_error *error) {
    return answer_with(visit, write_pdf, error);
}

static tf_status handle_page(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer_page, error);
}

static tf_status handle_pdf(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer_pdf, error);
}

static const tf_field fields[] = {TF_SELECTION_FIELDS};

const tf_route tf_route_profile = {
    .method = "GET",
    .path = "/profile",
    .title = "Crime profile",
    .help = "Everything that is known about one kind of offence in an area.",
    .answers_errors = true,
    .fields = fields,
    .field_count = TF_SELECT_COUNT,
    .handle = handle_page,
};

const tf_route tf_route_profile_pdf = {
    .method = "GET",
    .path = "/profile.pdf",
    .title = "Crime profile on paper",
    .help = "The same as a tagged PDF document.",
    .answers_errors = true,
    .fields = fields,
    .field_count = TF_SELECT_COUNT,
    .handle = handle_pdf,
};
