/* trefoil org add, change, end, list */
#include "access/organisation.h"
#include "cli/command.h"
#include "cli/json_values.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/workplace.h"

#define KINDS                                                                                      \
    "police-force, council, treatment-provider, prison, probation, school, health, charity, "      \
    "governing-body or other"

static tf_status find(tf_workplace *place, const char *name, tf_organisation *found_out) {
    return tf_organisation_find(place->access, tf_text_of(name), place->arena, found_out,
                                &place->error);
}

/* ---- add ---- */

enum { ADD_DB, ADD_KIND, ADD_CONTACT, ADD_FROM, ADD_COUNT };

static const tf_option add_options[ADD_COUNT] = {
    [ADD_DB] = TF_WORKPLACE_DB,
    [ADD_KIND] = {"kind", "KIND", KINDS, true},
    [ADD_CONTACT] = {"contact", "TEXT", "whom to ask about its data: a team and how to reach it",
                     false},
    [ADD_FROM] = {"from", "DAY", "its first day in the partnership; always, if nothing is said",
                  false},
};

static tf_exit run_add(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t id = 0;
    const char *contact = arguments->values[ADD_CONTACT];
    tf_organisation organisation = {.name = arguments->operands[0],
                                    .kind = arguments->values[ADD_KIND],
                                    .contact = contact ? contact : "",
                                    .started_on = TF_DAY_NONE,
                                    .ended_on = TF_DAY_NONE};
    if (tf_option_day(arguments->values[ADD_FROM], "from", &organisation.started_on,
                      &place.error)) {
        return tf_report_usage(&tf_command_org_add, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[ADD_DB]);
    if (!status) {
        status = tf_organisation_add(place.access, &place.actor, &organisation, &id, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "%s is organisation %lld.\n", organisation.name,
                         (long long)id);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_org_add = {
    .name = "org add",
    .summary = "add an organisation to the partnership",
    .details = "Accounts belong to an organisation, data do, and agreements are made between them.",
    .example = "  trefoil org add 'Harbour Recovery' --db county.db --kind treatment-provider \\\n"
               "    --contact 'Data team, 01632 960001'\n",
    .options = {.options = add_options,
                .option_count = ADD_COUNT,
                .operand = "NAME",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_add,
};

/* ---- change ---- */

enum {
    CHANGE_DB,
    CHANGE_NAME,
    CHANGE_KIND,
    CHANGE_CONTACT,
    CHANGE_FROM,
    CHANGE_LEAD,
    CHANGE_COUNT
};

static const tf_option change_options[CHANGE_COUNT] = {
    [CHANGE_DB] = TF_WORKPLACE_DB,
    [CHANGE_NAME] = {"name", "NAME", "its new name", false},
    [CHANGE_KIND] = {"kind", "KIND", KINDS, false},
    [CHANGE_CONTACT] = {"contact", "TEXT", "whom to ask about its data", false},
    [CHANGE_FROM] = {"from", "DAY", "its first day in the partnership", false},
    [CHANGE_LEAD] = {"lead", NULL, "it runs this installation from now on", false},
};

static tf_exit run_change(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_workplace place;
    int32_t from = TF_DAY_NONE;
    tf_organisation organisation;
    if (tf_option_day(values[CHANGE_FROM], "from", &from, &place.error)) {
        return tf_report_usage(&tf_command_org_change, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, values[CHANGE_DB]);
    if (!status) {
        status = find(&place, arguments->operands[0], &organisation);
    }
    if (!status) {
        organisation.name = values[CHANGE_NAME] ? values[CHANGE_NAME] : organisation.name;
        organisation.kind = values[CHANGE_KIND] ? values[CHANGE_KIND] : organisation.kind;
        organisation.contact =
            values[CHANGE_CONTACT] ? values[CHANGE_CONTACT] : organisation.contact;
        organisation.started_on = values[CHANGE_FROM] ? from : organisation.started_on;
        status = tf_organisation_change(place.access, &place.actor, &organisation, &place.error);
    }
    if (!status && values[CHANGE_LEAD]) {
        status =
            tf_organisation_set_lead(place.access, &place.actor, organisation.id, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "%s was changed.\n", organisation.name);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_org_change = {
    .name = "org change",
    .summary = "change an organisation's name, kind, contact or first day",
    .details = "What is not said stays as it is.",
    .example = "  trefoil org change 'Harbour Recovery' --db county.db --name 'Harbour Trust'\n",
    .options = {.options = change_options,
                .option_count = CHANGE_COUNT,
                .operand = "ORGANISATION",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_change,
};

/* ---- end ---- */

enum { END_DB, END_ON, END_SUCCESSOR, END_TAKE_BACK, END_COUNT };

static const tf_option end_options[END_COUNT] = {
    [END_DB] = TF_WORKPLACE_DB,
    [END_ON] = {"on", "DAY", "its last day", false},
    [END_SUCCESSOR] = {"successor", "ORGANISATION", "whoever carries on for it", false},
    [END_TAKE_BACK] = {"take-back", NULL, "it goes on after all", false},
};

static tf_exit run_end(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_workplace place;
    int32_t last_day = TF_DAY_NONE;
    tf_organisation organisation, successor = {.id = 0};
    if (!values[END_ON] == !values[END_TAKE_BACK]) {
        return tf_report_usage(&tf_command_org_end, "say either --on DAY or --take-back");
    }
    if (tf_option_day(values[END_ON], "on", &last_day, &place.error)) {
        return tf_report_usage(&tf_command_org_end, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, values[END_DB]);
    if (!status) {
        status = find(&place, arguments->operands[0], &organisation);
    }
    if (!status && values[END_SUCCESSOR]) {
        status = find(&place, values[END_SUCCESSOR], &successor);
    }
    if (!status) {
        status = tf_organisation_end(place.access, &place.actor, organisation.id, last_day,
                                     successor.id, &place.error);
    }
    if (!status) {
        tf_buffer_append_text(&place.out, organisation.name);
        tf_buffer_append_text(&place.out, values[END_ON] ? " ends after " : " goes on");
        tf_buffer_append_text(&place.out, values[END_ON] ? values[END_ON] : "");
        tf_buffer_append_text(&place.out, ".\n");
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_org_end = {
    .name = "org end",
    .summary = "end an organisation, and say who carries on for it",
    .details =
        "After its last day none of its accounts can sign in or do anything. What belongs to "
        "it belongs to its successor then, if one was named.",
    .example = "  trefoil org end 'Harbour Recovery' --db county.db --on 2027-03-31 \\\n"
               "    --successor 'Coastal Recovery'\n",
    .options = {.options = end_options,
                .option_count = END_COUNT,
                .operand = "ORGANISATION",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_end,
};

/* ---- list ---- */

enum { LIST_DB, LIST_FORMAT, LIST_COUNT };

static const tf_option list_options[LIST_COUNT] = {
    [LIST_DB] = TF_WORKPLACE_DB,
    [LIST_FORMAT] = TF_OPTION_FORMAT,
};

static void say_day(tf_terminal *page, int32_t day) {
    char text[TF_DAY_TEXT_SIZE];
    tf_terminal_left(page, TF_INK_PLAIN, day == TF_DAY_NONE ? "" : tf_day_format(day, text), 12);
}

static void say_organisations(const tf_organisation *list, size_t count, int64_t lead,
                              tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    tf_terminal_put(&page, TF_INK_FAINT,
                    "   id  organisation                 kind               from        last "
                    "day    accounts");
    tf_terminal_end_line(&page);
    for (size_t i = 0; i < count; i++) {
        tf_terminal_count_right(&page, TF_INK_PLAIN, list[i].id, 5);
        tf_terminal_put(&page, TF_INK_MARK, list[i].id == lead ? " *" : "  ");
        tf_terminal_left(&page, TF_INK_PLAIN, list[i].name, 29);
        tf_terminal_left(&page, TF_INK_PLAIN, list[i].kind, 19);
        say_day(&page, list[i].started_on);
        say_day(&page, list[i].ended_on);
        tf_terminal_count_right(&page, TF_INK_PLAIN, list[i].account_count, 8);
        tf_terminal_end_line(&page);
    }
    if (lead) {
        tf_terminal_paragraph(&page, "     *", 7, "runs this installation");
    }
}

static void write_organisations(const tf_organisation *list, size_t count, int64_t lead,
                                tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_array(&json);
    for (size_t i = 0; i < count; i++) {
        tf_json_open_object(&json);
        tf_json_put_int(&json, "id", list[i].id);
        tf_json_put_string(&json, "name", list[i].name);
        tf_json_put_string(&json, "kind", list[i].kind);
        tf_json_put_string(&json, "contact", list[i].contact);
        tf_json_put_day(&json, "started_on", list[i].started_on);
        tf_json_put_day(&json, "ended_on", list[i].ended_on);
        tf_json_put_number(&json, "successor_id", list[i].successor_id);
        tf_json_put_int(&json, "account_count", list[i].account_count);
        tf_json_put_bool(&json, "is_lead", list[i].id == lead);
        tf_json_close_object(&json);
    }
    tf_json_close_array(&json);
    tf_buffer_append_text(out, "\n");
}

static tf_exit run_list(const tf_arguments *arguments) {
    tf_workplace place;
    tf_organisation *list = NULL;
    size_t count = 0;
    int64_t lead = 0;
    bool is_json;
    if (tf_option_format(arguments->values[LIST_FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_org_list, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[LIST_DB]);
    if (!status) {
        status = tf_organisation_list(place.access, place.arena, &list, &count, &place.error);
    }
    if (!status) {
        status = tf_organisation_lead(place.access, &lead, &place.error);
    }
    if (!status) {
        (is_json ? write_organisations : say_organisations)(list, count, lead, &place.out);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_org_list = {
    .name = "org list",
    .summary = "list the organisations of the partnership",
    .details = "With their kinds, their first and last days, and how many accounts they have.\n\n"
               "--format json gives an array of objects: id, name, kind, contact, started_on, "
               "ended_on, successor_id, account_count and is_lead, which is true of the one that "
               "runs the installation.",
    .example = "  trefoil org list --db county.db\n"
               "  trefoil org list --db county.db --format json | jq -r '.[].name'\n",
    .options = {.options = list_options, .option_count = LIST_COUNT},
    .run = run_list,
};
