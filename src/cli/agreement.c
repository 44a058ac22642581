/* trefoil agreement add, sign, end, list, show */
#include "access/organisation.h"
#include "cli/agreement_json.h"
#include "cli/agreement_words.h"
#include "cli/option_values.h"
#include "cli/report.h"

/* ---- add ---- */

enum {
    ADD_DB,
    ADD_GIVES,
    ADD_RECEIVES,
    ADD_DATA,
    ADD_PURPOSES,
    ADD_BASIS,
    ADD_CONDITION,
    ADD_ASSESSMENT,
    ADD_RETENTION,
    ADD_FROM,
    ADD_REVIEW,
    ADD_UNTIL,
    ADD_COUNT
};

static const tf_option add_options[ADD_COUNT] = {
    [ADD_DB] = TF_WORKPLACE_DB,
    [ADD_GIVES] = {"gives", "ORGANISATIONS", "who gives, by name or number, separated by commas",
                   true},
    [ADD_RECEIVES] = {"receives", "ORGANISATIONS",
                      "who receives; who gives and receives is in both", true},
    [ADD_DATA] = {"data", "CATEGORIES",
                  "what is shared: categories, separated by commas, each with all fields, or with "
                  "some as concern:what+where",
                  true},
    [ADD_PURPOSES] = {"purposes", "PURPOSES", "what for, separated by commas", true},
    [ADD_BASIS] = {"basis", "BASIS", "the lawful basis, such as public-task or law-enforcement",
                   true},
    [ADD_CONDITION] = {"condition", "TEXT",
                       "the condition of UK GDPR Article 9 or 10 that is met; needed for data on "
                       "health or offences",
                       false},
    [ADD_ASSESSMENT] = {"assessment", "TEXT", "reference of the impact assessment", true},
    [ADD_RETENTION] = {"retention", "DAYS", "for how long what is given may be kept", true},
    [ADD_FROM] = {"from", "DAY", "its first day; today, if nothing is said", false},
    [ADD_REVIEW] = {"review", "DAY",
                    "by when it is reviewed; a year after its first day, if "
                    "nothing is said",
                    false},
    [ADD_UNTIL] = {"until", "DAY",
                   "its last day; it goes on until a party ends it, if nothing is "
                   "said",
                   false},
};

static tf_status read_days(const tf_arguments *arguments, tf_agreement_terms *terms,
                           tf_error *error) {
    const char *const *values = arguments->values;
    terms->starts_on = tf_day_of_instant(tf_instant_now());
    terms->ends_on = TF_DAY_FOREVER;
    tf_status status = tf_option_day(values[ADD_FROM], "from", &terms->starts_on, error);
    terms->review_on = terms->starts_on + 365;
    if (!status) {
        status = tf_option_day(values[ADD_REVIEW], "review", &terms->review_on, error);
    }
    if (!status) {
        status = tf_option_day(values[ADD_UNTIL], "until", &terms->ends_on, error);
    }
    return status ? status
                  : tf_option_whole(values[ADD_RETENTION], "retention", 1, INT32_MAX,
                                    &terms->retention_days, error);
}

static tf_status read_terms(tf_workplace *place, const tf_arguments *arguments,
                            tf_agreement_terms *terms) {
    const char *const *values = arguments->values;
    const char *basis = values[ADD_BASIS];
    tf_status status =
        tf_agreement_words_parties(place, values[ADD_GIVES], values[ADD_RECEIVES], terms);
    if (!status) {
        status = tf_agreement_words_data(place, values[ADD_DATA], terms);
    }
    if (!status) {
        status = tf_agreement_words_purposes(place, values[ADD_PURPOSES], terms);
    }
    terms->lawful_basis =
        status ? -1 : tf_access_lawful_basis(tf_access_get_rules(place->access), basis);
    if (!status && terms->lawful_basis < 0) {
        status = tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                         "'%s' is no lawful basis; see access.yaml of the pack", basis);
    }
    return status;
}

static tf_exit run_add(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t id = 0;
    tf_agreement_terms terms = {.title = arguments->operands[0],
                                .condition = arguments->values[ADD_CONDITION],
                                .assessment = arguments->values[ADD_ASSESSMENT]};
    if (read_days(arguments, &terms, &place.error)) {
        return tf_report_usage(&tf_command_agreement_add, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[ADD_DB]);
    if (!status) {
        status = read_terms(&place, arguments, &terms);
    }
    if (!status) {
        status = tf_agreement_create(place.access, &place.actor, &terms, &id, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out,
                         "Agreement %lld is a draft; it is in force when each party has signed.\n",
                         (long long)id);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_add = {
    .name = "agreement add",
    .summary = "draft a sharing agreement between organisations",
    .details =
        "What belongs to another organisation is seen only under an agreement in force that "
        "covers both organisations, the data and the purpose. Categories, fields, purposes and "
        "lawful bases are those of access.yaml in the pack.",
    .example = "  trefoil agreement add 'Children at risk' --db county.db \\\n"
               "    --gives 'Northshire Police' --receives 'Northshire Council' \\\n"
               "    --data concern:what+where+when,person --purposes safeguard \\\n"
               "    --basis public-task --condition 'Article 9(2)(g)' \\\n"
               "    --assessment DPIA-2026-14 --retention 365\n",
    .options = {.options = add_options,
                .option_count = ADD_COUNT,
                .operand = "TITLE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_add,
};

/* ---- sign ---- */

enum { SIGN_DB, SIGN_ORGANISATION, SIGN_BY, SIGN_REVISION, SIGN_COUNT };

static const tf_option sign_options[SIGN_COUNT] = {
    [SIGN_DB] = TF_WORKPLACE_DB,
    [SIGN_ORGANISATION] = {"organisation", "ORGANISATION", "for which party, by name or number",
                           true},
    [SIGN_BY] = {"by", "NAME", "who signed for it, on paper", true},
    [SIGN_REVISION] = {"revision", "N",
                       "which revision of the terms was signed, as trefoil agreement show says it; "
                       "the present one, if nothing is said",
                       false},
};

static tf_exit run_sign(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t id = 0;
    tf_organisation organisation;
    int64_t revision = 0;
    if (tf_option_whole(arguments->values[SIGN_REVISION], "revision", 1, INT64_MAX, &revision,
                        &place.error)) {
        return tf_report_usage(&tf_command_agreement_sign, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[SIGN_DB]);
    if (!status) {
        status = tf_agreement_words_number(&place, arguments->operands[0], &id);
    }
    if (!status) {
        status =
            tf_organisation_find(place.access, tf_text_of(arguments->values[SIGN_ORGANISATION]),
                                 place.arena, &organisation, &place.error);
    }
    if (!status) {
        status = tf_agreement_sign(place.access, &place.actor, id, organisation.id,
                                   arguments->values[SIGN_BY], revision, &place.error);
    }
    tf_agreement agreement;
    if (!status) {
        status =
            tf_agreement_get(place.access, &place.actor, id, place.arena, &agreement, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "Signed for %s; agreement %lld is %s%s.\n", organisation.name,
                         (long long)id, agreement.state == TF_AGREEMENT_DRAFT ? "still a " : "",
                         tf_agreement_state_name(agreement.state));
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_sign = {
    .name = "agreement sign",
    .summary = "enter that a party has signed an agreement on paper",
    .details = "AGREEMENT is its number. Who entered it is kept beside who signed.",
    .example = "  trefoil agreement sign 3 --db county.db \\\n"
               "    --organisation 'Northshire Council' --by 'Jo Marsh'\n",
    .options = {.options = sign_options,
                .option_count = SIGN_COUNT,
                .operand = "AGREEMENT",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_sign,
};

/* ---- end ---- */

enum { END_DB, END_REASON, END_COUNT };

static const tf_option end_options[END_COUNT] = {
    [END_DB] = TF_WORKPLACE_DB,
    [END_REASON] = {"reason", "TEXT", "why", true},
};

static tf_exit run_end(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t id = 0;
    tf_status status = tf_workplace_enter(&place, arguments->values[END_DB]);
    if (!status) {
        status = tf_agreement_words_number(&place, arguments->operands[0], &id);
    }
    if (!status) {
        status = tf_agreement_end(place.access, &place.actor, id, arguments->values[END_REASON],
                                  &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "Agreement %lld has ended; nothing is shared under it.\n",
                         (long long)id);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_end = {
    .name = "agreement end",
    .summary = "end an agreement at once",
    .details = "AGREEMENT is its number. It cannot be taken back; draft another instead.",
    .example = "  trefoil agreement end 3 --db county.db --reason 'The project is over.'\n",
    .options = {.options = end_options,
                .option_count = END_COUNT,
                .operand = "AGREEMENT",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_end,
};

/* ---- list and show ---- */

enum { LOOK_DB, LOOK_FORMAT, LOOK_COUNT };

static const tf_option look_options[LOOK_COUNT] = {
    [LOOK_DB] = TF_WORKPLACE_DB,
    [LOOK_FORMAT] = TF_OPTION_FORMAT,
};

static void say_list(const tf_agreement *list, size_t count, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    if (count == 0) {
        tf_terminal_paragraph(&page, "", 0, "There is no agreement.");
    } else {
        tf_terminal_put(&page, TF_INK_FAINT, "   no  state     review          title");
        tf_terminal_end_line(&page);
    }
    for (size_t i = 0; i < count; i++) {
        tf_agreement_words_line(&page, &list[i]);
    }
}

static void write_list(const tf_access_rules *rules, const tf_agreement *list, size_t count,
                       tf_buffer *out) {
    tf_json json;
    tf_json_init(&json, out, true);
    tf_json_open_array(&json);
    for (size_t i = 0; i < count; i++) {
        tf_agreement_json_write(rules, &list[i], &json);
    }
    tf_json_close_array(&json);
    tf_buffer_append_text(out, "\n");
}

static tf_exit run_list(const tf_arguments *arguments) {
    tf_workplace place;
    tf_agreement *list = NULL;
    size_t count = 0;
    bool is_json;
    if (tf_option_format(arguments->values[LOOK_FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_agreement_list, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[LOOK_DB]);
    if (!status) {
        status =
            tf_agreement_list(place.access, &place.actor, place.arena, &list, &count, &place.error);
    }
    if (!status && is_json) {
        write_list(tf_access_get_rules(place.access), list, count, &place.out);
    } else if (!status) {
        say_list(list, count, &place.out);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_list = {
    .name = "agreement list",
    .summary = "list the agreements, with their states and review dates",
    .details = "Each with the number that the other commands know it by.\n\n"
               "--format json gives an array of the objects that trefoil agreement show gives.",
    .example = "  trefoil agreement list --db county.db\n",
    .options = {.options = look_options, .option_count = LOOK_COUNT},
    .run = run_list,
};

static tf_exit run_show(const tf_arguments *arguments) {
    tf_workplace place;
    int64_t id = 0;
    tf_agreement agreement;
    bool is_json;
    if (tf_option_format(arguments->values[LOOK_FORMAT], &is_json, &place.error)) {
        return tf_report_usage(&tf_command_agreement_show, "%s", place.error.message);
    }
    tf_status status = tf_workplace_enter(&place, arguments->values[LOOK_DB]);
    if (!status) {
        status = tf_agreement_words_number(&place, arguments->operands[0], &id);
    }
    if (!status) {
        status =
            tf_agreement_get(place.access, &place.actor, id, place.arena, &agreement, &place.error);
    }
    if (!status && is_json) {
        tf_json json;
        tf_json_init(&json, &place.out, true);
        tf_agreement_json_write(tf_access_get_rules(place.access), &agreement, &json);
        tf_buffer_append_text(&place.out, "\n");
    } else if (!status) {
        tf_terminal page = tf_terminal_for_output(&place.out);
        tf_agreement_words_show(&page, tf_access_get_rules(place.access), &agreement);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_show = {
    .name = "agreement show",
    .summary = "show what an agreement shares, and who has signed it",
    .details =
        "AGREEMENT is its number.\n\n"
        "--format json gives one object: id, title, state (draft, signed, in force, expired, "
        "ended), is_review_due, revision, starts_on, review_on, ends_on, retention_days, "
        "lawful_basis, condition, assessment, purposes, shares (category, fields), parties "
        "(organisation_id, name, gives, receives, signed_at, signed_by, entered_by), "
        "drafted_by, created_at, ended_at, ended_by, end_reason.",
    .example = "  trefoil agreement show 3 --db county.db\n",
    .options = {.options = look_options,
                .option_count = LOOK_COUNT,
                .operand = "AGREEMENT",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_show,
};
