#include "selection_internal.h"

#include "insight/profile_words.h"
#include "web/html/buttons.h"
#include "web/html/choices.h"
#include "web/html/messages.h"
#include "web/html/text_inputs.h"

static const char *const names[TF_SELECT_COUNT] = {"area", "type", "from", "to"};
static const char *const labels[TF_SELECT_COUNT] = {"Area", "Kind of offence", "First month",
                                                    "Last month"};

/* ---- reading ---- */

static void refuse(tf_selection *selection, int field, const char *reason) {
    if (!selection->errors[field]) {
        selection->errors[field] = reason;
        selection->error_count++;
    }
}

static const char *sent(tf_visit *visit, int field) {
    const tf_value *value = tf_form_value(&visit->request->form, names[field]);
    if (!value->is_given || value->text.length == 0) {
        return NULL;
    }
    return tf_page_format(visit, "%.*s", TF_TEXT_ARG(value->text));
}

static tf_status read_area(tf_visit *visit, tf_selection *selection, tf_error *error) {
    const char *text = selection->typed[TF_SELECT_AREA];
    tf_status status = tf_geography_find(selection->geography, text ? text : selection->start.area,
                                         &selection->area, error);
    if (status != TF_NOT_FOUND && status != TF_BAD_INPUT) {
        return status;
    }
    tf_error unknown;
    if (tf_geography_find(selection->geography, text ? text : "", &selection->area, &unknown)) {
        refuse(selection, TF_SELECT_AREA, tf_page_sentence(visit, unknown.message));
    }
    return TF_OK;
}

static void read_type(tf_visit *visit, tf_selection *selection) {
    const char *text = selection->typed[TF_SELECT_TYPE];
    text = text ? text : "drugs";
    const tf_offence_group *group = tf_pack_group_find(visit->desk->pack, tf_text_of(text));
    if (group) {
        selection->type = group->name;
        selection->type_title = group->title;
    } else {
        refuse(selection, TF_SELECT_TYPE,
               tf_page_format(visit, "Kind of offence “%s” is not known; choose one from the list",
                              text));
    }
}

static void read_period(tf_visit *visit, tf_selection *selection) {
    const tf_value *from = tf_form_value(&visit->request->form, names[TF_SELECT_FROM]);
    const tf_value *to = tf_form_value(&visit->request->form, names[TF_SELECT_TO]);
    const tf_overview_start *start = &selection->start;
    bool has_from = selection->typed[TF_SELECT_FROM] && !from->error;
    bool has_to = selection->typed[TF_SELECT_TO] && !to->error;
    selection->to = has_to ? to->month : has_from ? start->last : start->to;
    selection->from = has_from ? from->month : has_to ? selection->to - 11 : start->from;
    if (from->error) {
        refuse(selection, TF_SELECT_FROM,
               tf_page_format(visit, "First month “%s” is not known; choose one from the list",
                              selection->typed[TF_SELECT_FROM]));
    }
    if (to->error) {
        refuse(selection, TF_SELECT_TO,
               tf_page_format(visit, "Last month “%s” is not known; choose one from the list",
                              selection->typed[TF_SELECT_TO]));
    }
    if (selection->error_count == 0 && selection->from > selection->to) {
        refuse(selection, TF_SELECT_TO, "Last month must be the same as or after the first month");
    }
    if (selection->error_count == 0 && selection->to - selection->from >= 600) {
        refuse(selection, TF_SELECT_TO, "Last month must be less than 50 years after the first");
    }
}

tf_status tf_selection_read(tf_visit *visit, tf_selection *selection_out, tf_error *error) {
    *selection_out = (tf_selection){0};
    tf_selection *selection = selection_out;
    tf_status status = tf_overview_default(visit->desk->data, &selection->start, error);
    if (!status) {
        status = tf_crime_data_geography(visit->desk->data, &selection->geography, error);
    }
    if (status || !selection->start.is_known) {
        return status;
    }
    for (int i = 0; i < TF_SELECT_COUNT; i++) {
        selection->typed[i] = sent(visit, i);
    }
    read_type(visit, selection);
    read_period(visit, selection);
    return read_area(visit, selection, error);
}

/* ---- the form ---- */

static void write_errors(tf_visit *visit, const tf_selection *selection) {
    if (selection->error_count == 0) {
        return;
    }
    tf_error_link items[TF_SELECT_COUNT];
    size_t count = 0;
    for (int i = 0; i < TF_SELECT_COUNT; i++) {
        if (selection->errors[i]) {
            items[count++] = (tf_error_link){
                .content.text = selection->errors[i],
                .href = tf_page_format(visit, "#%s", names[i]),
            };
        }
    }
    tf_govuk_error_summary(
        &visit->html,
        &(tf_error_summary){.title.text = "There is a problem", .errors = items, .count = count});
}

/* Names to choose from while typing: all areas but the small ones, which are too many. */
static void write_area_names(tf_visit *visit, const tf_geography *geography) {
    tf_html *html = &visit->html;
    tf_html_open(html, "datalist");
    tf_html_attribute(html, "id", "area-names");
    for (int layer = 0; layer < TF_LAYER_SMALL_AREA; layer++) {
        size_t count = tf_geography_count(geography, layer);
        for (size_t i = 0; i < count; i++) {
            tf_area_ref area = tf_geography_area(geography, layer, (int32_t)i);
            tf_html_open(html, "option");
            tf_html_attribute(html, "value", area.name);
            tf_html_text(html, tf_layer_title(layer));
            tf_html_close(html, "option");
        }
    }
    tf_html_close(html, "datalist");
}

static tf_error_message message_of(const tf_selection *selection, int field) {
    return (tf_error_message){.content.text = selection->errors[field]};
}

static void write_area(tf_visit *visit, const tf_selection *selection) {
    const char *value = selection->typed[TF_SELECT_AREA];
    tf_govuk_input(&visit->html,
                   &(tf_input){
                       .id = names[TF_SELECT_AREA],
                       .name = names[TF_SELECT_AREA],
                       .label.content.text = labels[TF_SELECT_AREA],
                       .value = selection->errors[TF_SELECT_AREA] ? value : selection->area.name,
                       .error_message = message_of(selection, TF_SELECT_AREA),
                       .autocomplete = "off",
                       .attributes = {{"list", "area-names"}},
                   });
    write_area_names(visit, selection->geography);
}

static void write_type(tf_visit *visit, const tf_selection *selection) {
    const tf_pack *pack = visit->desk->pack;
    size_t group_count = tf_pack_group_count(pack);
    size_t most = group_count;
    for (size_t i = 0; i < group_count; i++) {
        most += tf_pack_group_at(pack, i)->type_count;
    }
    tf_select_item *items = tf_arena_alloc(visit->arena, most, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < group_count; i++) {
        const tf_offence_group *group = tf_pack_group_at(pack, i);
        items[count++] = (tf_select_item){.value = group->name, .text = group->title};
    }
    /* The group of all offences knows every type. */
    const tf_offence_group *all = tf_pack_group_find(pack, tf_text_of("all"));
    for (size_t i = 0; all && i < all->type_count; i++) {
        items[count++] = (tf_select_item){.value = all->types[i], .text = all->types[i]};
    }
    tf_govuk_select(&visit->html, &(tf_select){
                                      .id = names[TF_SELECT_TYPE],
                                      .name = names[TF_SELECT_TYPE],
                                      .label.content.text = labels[TF_SELECT_TYPE],
                                      .items = items,
                                      .count = count,
                                      .value = selection->type ? selection->type : "drugs",
                                      .error_message = message_of(selection, TF_SELECT_TYPE),
                                  });
}

static tf_select_item month_item(tf_visit *visit, tf_month month) {
    char code[TF_MONTH_TEXT_SIZE];
    char words[TF_MONTH_WORDS_SIZE];
    return (tf_select_item){
        .value = tf_page_format(visit, "%s", tf_month_format(month, code)),
        .text = tf_page_format(visit, "%s", tf_words_month(month, words)),
    };
}

/* The months there is data of, newest first, and the chosen one where it is another.  Where what
 * was sent is no month, none is chosen. */
static void write_month(tf_visit *visit, const tf_selection *selection, int field,
                        tf_month chosen) {
    const tf_overview_start *start = &selection->start;
    bool is_unknown = tf_form_value(&visit->request->form, names[field])->error != NULL;
    size_t most = (size_t)(start->last - start->first) + 3;
    tf_select_item *items = tf_arena_alloc(visit->arena, most, sizeof *items);
    if (!items) {
        visit->response->body.failed = true;
        return;
    }
    size_t count = 0;
    if (is_unknown) {
        items[count++] = (tf_select_item){.value = "", .text = "Choose a month"};
    }
    if (chosen > start->last) {
        items[count++] = month_item(visit, chosen);
    }
    for (tf_month month = start->last; month >= start->first; month--) {
        items[count++] = month_item(visit, month);
    }
    if (chosen < start->first) {
        items[count++] = month_item(visit, chosen);
    }
    char code[TF_MONTH_TEXT_SIZE];
    tf_govuk_select(&visit->html, &(tf_select){
                                      .id = names[field],
                                      .name = names[field],
                                      .label.content.text = labels[field],
                                      .items = items,
                                      .count = count,
                                      .value = is_unknown ? NULL : tf_month_format(chosen, code),
                                      .error_message = message_of(selection, field),
                                  });
}

void tf_selection_write_form(tf_visit *visit, const tf_selection *selection, const char *action) {
    tf_html *html = &visit->html;
    tf_html_open(html, "form");
    tf_html_attribute(html, "class", "app-filter");
    tf_html_attribute(html, "action", action);
    tf_html_attribute(html, "method", "get");
    tf_html_attribute(html, "aria-label", "What to show");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-filter__fields");
    write_area(visit, selection);
    write_type(visit, selection);
    write_month(visit, selection, TF_SELECT_FROM, selection->from);
    write_month(visit, selection, TF_SELECT_TO, selection->to);
    tf_html_close(html, "div");
    if (selection->layer) {
        tf_html_open(html, "input");
        tf_html_attribute(html, "type", "hidden");
        tf_html_attribute(html, "name", "layer");
        tf_html_attribute(html, "value", selection->layer);
        tf_html_close(html, "input");
    }
    tf_govuk_button(html, &(tf_button){.content.text = "Show"});
    tf_html_close(html, "form");
}

tf_status tf_selection_refuse(tf_visit *visit, const tf_selection *selection, const char *title,
                              const char *path) {
    visit->response->status = 400;
    tf_page_begin(visit, &(tf_page_head){.title = title, .section = path, .has_errors = true});
    write_errors(visit, selection);
    tf_page_title(visit, NULL, title);
    tf_selection_write_form(visit, selection, path);
    tf_page_end(visit);
    return TF_OK;
}

/* ---- addresses ---- */

static const char *finish_address(tf_visit *visit, tf_buffer *address) {
    const char *text = tf_page_format(visit, "%s", address->data ? address->data : "");
    visit->response->body.failed |= address->failed;
    tf_buffer_deinit(address);
    return text;
}

static void append_selection(const tf_selection *selection, const char *type, tf_buffer *address) {
    char from[TF_MONTH_TEXT_SIZE];
    char to[TF_MONTH_TEXT_SIZE];
    tf_query_append(address, "type", tf_text_of(type ? type : selection->type));
    tf_query_append(address, "from", tf_text_of(tf_month_format(selection->from, from)));
    tf_query_append(address, "to", tf_text_of(tf_month_format(selection->to, to)));
}

const char *tf_selection_address(tf_visit *visit, const tf_selection *selection, const char *path,
                                 const char *area, const char *type) {
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, path);
    tf_query_append(&address, "area", tf_text_of(area ? area : selection->area.code));
    append_selection(selection, type, &address);
    return finish_address(visit, &address);
}

const char *tf_selection_area_address(tf_visit *visit, const tf_selection *selection,
                                      const char *code) {
    if (visit->is_file) {
        return NULL;
    }
    tf_buffer address;
    tf_buffer_init(&address);
    tf_buffer_append_text(&address, "/areas/");
    tf_path_append(&address, tf_text_of(code));
    append_selection(selection, NULL, &address);
    return finish_address(visit, &address);
}

const char *tf_address_with(tf_visit *visit, const char *address, const char *name,
                            const char *value) {
    tf_buffer longer;
    tf_buffer_init(&longer);
    tf_buffer_append_text(&longer, address);
    tf_query_append(&longer, name, tf_text_of(value));
    return finish_address(visit, &longer);
}

const char *tf_selection_period(tf_visit *visit, const tf_selection *selection) {
    tf_buffer words;
    tf_buffer_init(&words);
    tf_words_period(selection->from, selection->to, &words);
    const char *text = tf_page_words(visit, &words);
    tf_buffer_deinit(&words);
    return text;
}
