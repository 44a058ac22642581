/* All areas to choose from, and the page of one. */
#include "figures_internal.h"
#include "routes_internal.h"

#include "insight/profile_words.h"
#include "web/html/buttons.h"
#include "web/html/messages.h"
#include "web/html/text_inputs.h"

#include <math.h>

enum { FOUND_SHOWN = 100 };

/* ---- the list ---- */

static void write_search(tf_visit *visit, const char *name, const char *problem) {
    tf_html *html = &visit->html;
    tf_html_open(html, "form");
    tf_html_attribute(html, "class", "app-filter");
    tf_html_attribute(html, "action", "/areas");
    tf_html_attribute(html, "method", "get");
    tf_html_attribute(html, "role", "search");
    tf_govuk_input(html, &(tf_input){.id = "name",
                                     .name = "name",
                                     .label.content.text = "Small area",
                                     .hint.content.text = "Part of its name or its code",
                                     .value = name,
                                     .error_message.content.text = problem,
                                     .autocomplete = "off"});
    tf_govuk_button(html, &(tf_button){.content.text = "Search"});
    tf_html_close(html, "form");
}

static void write_area_link(tf_visit *visit, const tf_area_ref *area) {
    tf_html *html = &visit->html;
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, "/areas/");
    tf_path_append(&address, tf_text_of(area->code));
    tf_html_open(html, "li");
    tf_page_link(visit, tf_page_words(visit, &address), area->name);
    tf_html_close(html, "li");
    tf_buffer_deinit(&address);
}

static void write_layer(tf_visit *visit, const tf_geography *geography, tf_layer layer,
                        const char *heading) {
    tf_html *html = &visit->html;
    size_t count = tf_geography_count(geography, layer);
    if (count == 0) {
        return;
    }
    tf_page_heading(visit, NULL, heading);
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list app-columns");
    for (size_t i = 0; i < count; i++) {
        tf_area_ref area = tf_geography_area(geography, layer, (int32_t)i);
        write_area_link(visit, &area);
    }
    tf_html_close(html, "ul");
}

static bool contains_fold(const char *text, tf_text part) {
    tf_text whole = tf_text_of(text);
    for (size_t i = 0; i + part.length <= whole.length; i++) {
        if (tf_text_equal_fold((tf_text){whole.data + i, part.length}, part)) {
            return true;
        }
    }
    return false;
}

static void write_found(tf_visit *visit, const tf_geography *geography, tf_text name) {
    tf_html *html = &visit->html;
    size_t count = tf_geography_count(geography, TF_LAYER_SMALL_AREA);
    size_t found = 0;
    tf_page_heading(visit, "found", "Small areas found");
    for (size_t i = 0; i < count; i++) {
        tf_area_ref area = tf_geography_area(geography, TF_LAYER_SMALL_AREA, (int32_t)i);
        if (!contains_fold(area.name, name) && !contains_fold(area.code, name)) {
            continue;
        }
        if (++found == 1) {
            tf_html_open(html, "ul");
            tf_html_attribute(html, "class", "govuk-list app-columns");
        }
        if (found <= FOUND_SHOWN) {
            write_area_link(visit, &area);
        }
    }
    if (found == 0) {
        tf_page_paragraph(visit,
                          tf_page_format(visit, "No small area has “%.*s” in its name or code.",
                                         TF_TEXT_ARG(name)));
        return;
    }
    tf_html_close(html, "ul");
    if (found > FOUND_SHOWN) {
        tf_page_paragraph(visit, tf_page_format(visit,
                                                "The first %d of %zu; write more of the name to "
                                                "see fewer.",
                                                FOUND_SHOWN, found));
    }
}

static tf_status answer_list(tf_visit *visit, tf_error *error) {
    const tf_geography *geography = NULL;
    tf_status status = tf_crime_data_geography(visit->desk->data, &geography, error);
    if (status) {
        return status;
    }
    const tf_value *name = tf_form_value(&visit->request->form, "name");
    tf_page_begin(
        visit,
        &(tf_page_head){.title = "Areas", .section = "/areas", .has_errors = name->error != NULL});
    if (name->error) {
        tf_error_link item = {.content.text = name->error, .href = "#name"};
        visit->response->status = 400;
        tf_govuk_error_summary(
            &visit->html,
            &(tf_error_summary){.title.text = "There is a problem", .errors = &item, .count = 1});
    }
    tf_page_title(visit, NULL, "Areas");
    write_search(visit, tf_page_format(visit, "%.*s", TF_TEXT_ARG(name->text)), name->error);
    if (name->text.length && !name->error) {
        write_found(visit, geography, name->text);
    }
    write_layer(visit, geography, TF_LAYER_FORCE, "Police forces");
    write_layer(visit, geography, TF_LAYER_AUTHORITY, "Local authorities");
    write_layer(visit, geography, TF_LAYER_PARTNERSHIP, "Community safety partnerships");
    tf_page_end(visit);
    return TF_OK;
}

/* ---- one area ---- */

static void write_group_rows(tf_visit *visit, const tf_selection *selection,
                             const tf_overview *overview) {
    static const tf_page_column columns[] = {
        {"Kind of offence", false}, {"Offences", true}, {"Change on the year before", false}};
    tf_buffer words;
    tf_buffer_init(&words);
    tf_page_heading(visit, NULL, "All kinds of offence");
    tf_page_table_begin(visit, "Offences by kind", columns, 3);
    for (size_t i = 0; i < overview->group_count; i++) {
        const tf_overview_group *group = &overview->groups[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit,
                           tf_selection_address(visit, selection, "/profile", NULL, group->name),
                           group->title);
        tf_page_count(visit, group->count);
        tf_words_change(&group->change.rate_ratio, &words);
        tf_page_cell(visit, tf_page_sentence(visit, tf_page_words(visit, &words)));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
    tf_buffer_deinit(&words);
}

/* From the overview down to what the area belongs to: its force and its authority. */
static tf_status fill_crumbs(tf_visit *visit, const tf_selection *selection, tf_page_head *head,
                             tf_error *error) {
    tf_area_ref parents[TF_MOST_PARENTS];
    size_t count = 0;
    tf_status status =
        tf_geography_parents(selection->geography, &selection->area, parents, &count, error);
    size_t crumb = 0;
    head->crumbs[crumb++] = (tf_crumb){"Overview", "/"};
    head->crumbs[crumb++] = (tf_crumb){"Areas", "/areas"};
    for (size_t i = count; i-- > 0 && crumb < TF_MOST_CRUMBS;) {
        /* A partnership stands beside the authority, not above it. */
        if (parents[i].layer != TF_LAYER_PARTNERSHIP) {
            head->crumbs[crumb++] = (tf_crumb){
                parents[i].name, tf_selection_area_address(visit, selection, parents[i].code)};
        }
    }
    return status;
}

static tf_status write_area(tf_visit *visit, const tf_selection *selection,
                            const tf_overview *overview, tf_error *error) {
    const tf_profile *profile = overview->profile;
    tf_page_head head = {
        .title = profile->area_name, .section = "/areas", .has_map = profile->area_count > 1};
    tf_status status = fill_crumbs(visit, selection, &head, error);
    if (status) {
        return status;
    }
    tf_page_begin(visit, &head);
    tf_page_title(
        visit,
        tf_page_sentence(visit, tf_page_format(visit, "%s %s", profile->layer, profile->area_code)),
        profile->area_name);
    tf_html_element(&visit->html, "p", "govuk-body-l",
                    tf_page_format(visit, "%s, %s", profile->group_title,
                                   tf_selection_period(visit, selection)));
    tf_figures_write_headline(visit, profile);
    tf_page_heading(visit, NULL, "Month by month");
    status = tf_figures_write_trend(visit, selection, profile, error);
    if (!status && profile->area_count > 1) {
        tf_page_heading(visit, NULL, "Where");
        status = tf_figures_write_map(visit, selection, profile, error);
    }
    if (!status) {
        write_group_rows(visit, selection, overview);
        tf_html *html = &visit->html;
        tf_html_open(html, "p");
        tf_html_attribute(html, "class", "govuk-body");
        tf_page_link(visit, tf_selection_address(visit, selection, "/profile", NULL, NULL),
                     "The whole profile of this area");
        tf_html_close(html, "p");
        tf_figures_write_sources(visit, profile);
    }
    tf_page_end(visit);
    return status;
}

static tf_status answer_area(tf_visit *visit, tf_error *error) {
    tf_selection selection;
    tf_status status = tf_selection_read(visit, &selection, error);
    if (status) {
        return status;
    }
    if (!selection.start.is_known || selection.errors[TF_SELECT_AREA]) {
        return tf_fail(error, TF_NOT_FOUND, NULL, 0, "%s",
                       selection.errors[TF_SELECT_AREA] ? selection.errors[TF_SELECT_AREA]
                                                        : "nothing has been imported yet");
    }
    if (selection.error_count) {
        return tf_selection_refuse(visit, &selection, "Crime profile", "/profile");
    }
    tf_profile_request request = {selection.area.code, selection.type, selection.from,
                                  selection.to};
    tf_overview *overview = NULL;
    status = tf_overview_make(visit->desk->data, &request, &overview, error);
    if (!status) {
        status = write_area(visit, &selection, overview, error);
    }
    tf_overview_free(overview);
    return status;
}

static tf_status handle_list(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer_list, error);
}

static tf_status handle_area(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer_area, error);
}

static const tf_field list_fields[] = {
    {.name = "name", .label = "Small area", .help = "Part of a small area's name or code."},
};

const tf_route tf_route_areas = {
    .method = "GET",
    .path = "/areas",
    .title = "Areas",
    .help = "The areas that the database knows.",
    .answers_errors = true,
    .fields = list_fields,
    .field_count = 1,
    .handle = handle_list,
};

static const tf_field area_fields[] = {TF_SELECTION_FIELDS};

const tf_route tf_route_area = {
    .method = "GET",
    .path = "/areas/{area}",
    .title = "An area",
    .help = "How things stand in one area.",
    .answers_errors = true,
    .fields = area_fields,
    .field_count = TF_SELECT_COUNT,
    .handle = handle_area,
};
