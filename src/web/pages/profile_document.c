#include "web/pages/profile_document.h"

#include "figures_internal.h"

#include "web/site/assets.h"

static void write_head(tf_html *html, const char *title) {
    tf_html_doctype(html);
    tf_html_open(html, "html");
    tf_html_attribute(html, "lang", "en");
    tf_html_attribute(html, "class", "govuk-template");
    tf_html_open(html, "head");
    tf_html_open(html, "meta");
    tf_html_attribute(html, "charset", "utf-8");
    tf_html_open(html, "meta");
    tf_html_attribute(html, "name", "viewport");
    tf_html_attribute(html, "content", "width=device-width, initial-scale=1");
    tf_html_element(html, "title", NULL, title);
    /* Made by the build: no visitor's text is in it. */
    tf_html_style(html, (tf_markup){tf_asset_named("site.css")->bytes});
    tf_html_close(html, "head");
}

static tf_status write_body(tf_visit *visit, const tf_selection *selection,
                            const tf_profile *profile, const char *title, tf_error *error) {
    tf_html *html = &visit->html;
    tf_html_open(html, "body");
    tf_html_attribute(html, "class", "govuk-template__body");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-width-container");
    tf_html_open(html, "main");
    tf_html_attribute(html, "class", "govuk-main-wrapper");
    tf_page_title(visit, tf_selection_period(visit, selection), title);
    tf_figures_write_headline(visit, profile);
    tf_figures_write_look_first(visit, profile);
    tf_status status = tf_figures_write_all(visit, selection, profile, error);
    if (!status) {
        tf_figures_write_sources(visit, profile);
        tf_html_close(html, "main");
        tf_html_close(html, "div");
        tf_html_close(html, "body");
        tf_html_close(html, "html");
    }
    return status;
}

tf_status tf_profile_document_write(tf_crime_data *data, const tf_pack *pack,
                                    const tf_profile *profile, tf_buffer *out, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_desk desk = {.data = data, .pack = pack};
    tf_response response = {.arena = arena};
    tf_visit visit = {.desk = &desk, .response = &response, .arena = arena, .is_file = true};
    const tf_selection selection = {
        .area = {.code = profile->area_code, .name = profile->area_name},
        .type = profile->group,
        .type_title = profile->group_title,
        .from = profile->from,
        .to = profile->to,
    };
    tf_buffer_init(&response.body);
    tf_html_init(&visit.html, &response.body);
    const char *title = tf_page_format(&visit, "%s: %s", profile->area_name, profile->group_title);
    write_head(&visit.html, title);
    tf_status status = write_body(&visit, &selection, profile, title, error);
    if (!status) {
        status = tf_buffer_check(&response.body, error);
    }
    if (!status) {
        tf_buffer_append(out, response.body.data, response.body.length);
    }
    tf_buffer_deinit(&response.body);
    tf_desk_forget_maps(&desk);
    tf_arena_free(arena);
    return status;
}
