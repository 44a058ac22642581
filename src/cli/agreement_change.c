/* trefoil agreement change, renew */
#include "cli/agreement_words.h"
#include "cli/option_values.h"
#include "cli/report.h"

enum {
    DB,
    TITLE,
    GIVES,
    RECEIVES,
    DATA,
    PURPOSES,
    BASIS,
    CONDITION,
    ASSESSMENT,
    RETENTION,
    FROM,
    REVIEW,
    UNTIL,
    OPTION_COUNT
};

static const tf_option options[OPTION_COUNT] = {
    [DB] = TF_WORKPLACE_DB,
    [TITLE] = {"title", "TEXT", "what it is called", false},
    [GIVES] = {"gives", "ORGANISATIONS",
               "who gives, by name or number, separated by commas; with --receives", false},
    [RECEIVES] = {"receives", "ORGANISATIONS", "who receives; with --gives", false},
    [DATA] = {"data", "CATEGORIES", "what is shared, as for trefoil agreement add", false},
    [PURPOSES] = {"purposes", "PURPOSES", "what for, separated by commas", false},
    [BASIS] = {"basis", "BASIS", "the lawful basis", false},
    [CONDITION] = {"condition", "TEXT", "the condition of UK GDPR Article 9 or 10 that is met",
                   false},
    [ASSESSMENT] = {"assessment", "TEXT", "reference of the impact assessment", false},
    [RETENTION] = {"retention", "DAYS", "for how long what is given may be kept", false},
    [FROM] = {"from", "DAY", "its first day", false},
    [REVIEW] = {"review", "DAY", "by when it is reviewed", false},
    [UNTIL] = {"until", "DAY", "its last day, or 'never': until a party ends it", false},
};

/* ---- the terms that were typed, in place of those there were ---- */

static void replace_text(const char *typed, const char **text) {
    *text = typed ? typed : *text;
}

static tf_status replace_days(const char *const *values, tf_agreement_terms *terms,
                              tf_error *error) {
    bool is_endless = values[UNTIL] && strcmp(values[UNTIL], "never") == 0;
    tf_status status = tf_option_day(values[FROM], "from", &terms->starts_on, error);
    if (!status) {
        status = tf_option_day(values[REVIEW], "review", &terms->review_on, error);
    }
    if (!status) {
        status = tf_option_day(is_endless ? NULL : values[UNTIL], "until", &terms->ends_on, error);
    }
    terms->ends_on = is_endless ? TF_DAY_FOREVER : terms->ends_on;
    return status ? status
                  : tf_option_whole(values[RETENTION], "retention", 1, INT32_MAX,
                                    &terms->retention_days, error);
}

static tf_status replace_rest(tf_workplace *place, const char *const *values,
                              tf_agreement_terms *terms) {
    tf_status status = TF_OK;
    if (values[GIVES]) {
        terms->party_count = 0;
        status = tf_agreement_words_parties(place, values[GIVES], values[RECEIVES], terms);
    }
    if (!status && values[DATA]) {
        terms->share_count = 0;
        status = tf_agreement_words_data(place, values[DATA], terms);
    }
    if (!status && values[PURPOSES]) {
        terms->purposes = 0;
        status = tf_agreement_words_purposes(place, values[PURPOSES], terms);
    }
    if (!status && values[BASIS]) {
        terms->lawful_basis =
            tf_access_lawful_basis(tf_access_get_rules(place->access), values[BASIS]);
        if (terms->lawful_basis < 0) {
            status = tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                             "'%s' is no lawful basis; see access.yaml of the pack", values[BASIS]);
        }
    }
    return status;
}

static tf_status replace(tf_workplace *place, const char *const *values,
                         tf_agreement_terms *terms) {
    replace_text(values[TITLE], &terms->title);
    replace_text(values[CONDITION], &terms->condition);
    replace_text(values[ASSESSMENT], &terms->assessment);
    tf_status status = replace_days(values, terms, &place->error);
    return status ? status : replace_rest(place, values, terms);
}

static tf_status get(tf_workplace *place, const tf_arguments *arguments,
                     tf_agreement *agreement_out) {
    int64_t id = 0;
    tf_status status = tf_workplace_enter(place, arguments->values[DB]);
    if (!status) {
        status = tf_agreement_words_number(place, arguments->operands[0], &id);
    }
    return status ? status
                  : tf_agreement_get(place->access, &place->actor, id, place->arena, agreement_out,
                                     &place->error);
}

/* ---- the commands ---- */

static tf_exit run_change(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_workplace place;
    tf_agreement agreement = {.id = 0};
    if (!values[GIVES] != !values[RECEIVES]) {
        return tf_report_usage(&tf_command_agreement_change,
                               "--gives and --receives are said together");
    }
    tf_status status = get(&place, arguments, &agreement);
    if (!status) {
        status = replace(&place, values, &agreement.terms);
    }
    if (!status) {
        status = tf_agreement_change(place.access, &place.actor, agreement.id, &agreement.terms,
                                     &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out, "Agreement %lld is changed, and still a draft.\n",
                         (long long)agreement.id);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_change = {
    .name = "agreement change",
    .summary = "change a draft that nobody has signed",
    .details = "AGREEMENT is its number. What is not said stays as it is. What was signed stays as "
               "it was signed: end it, and draft another with trefoil agreement renew.",
    .example = "  trefoil agreement change 3 --db county.db --until 2027-12-31\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "AGREEMENT",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_change,
};

static tf_exit run_renew(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_workplace place;
    tf_agreement agreement = {.id = 0};
    int64_t id = 0;
    if (!values[GIVES] != !values[RECEIVES]) {
        return tf_report_usage(&tf_command_agreement_renew,
                               "--gives and --receives are said together");
    }
    tf_status status = get(&place, arguments, &agreement);
    tf_agreement_terms terms = {.title = NULL};
    if (!status) {
        terms = tf_agreement_renewal(&agreement, tf_day_of_instant(tf_instant_now()));
        status = replace(&place, values, &terms);
    }
    if (!status) {
        status = tf_agreement_create(place.access, &place.actor, &terms, &id, &place.error);
    }
    if (!status) {
        tf_buffer_format(&place.out,
                         "Agreement %lld is a draft like %lld; it is in force when each party has "
                         "signed.\n",
                         (long long)id, (long long)agreement.id);
    }
    return tf_workplace_leave(&place, status);
}

const tf_command tf_command_agreement_renew = {
    .name = "agreement renew",
    .summary = "draft an agreement like another, to carry on for it",
    .details = "AGREEMENT is the number of the one there is, which stays as it is. The new one "
               "begins on the day after its last, or today where that is over or it has none, and "
               "is as long; what is said differs from it.",
    .example = "  trefoil agreement renew 3 --db county.db --assessment DPIA-2027-02\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .operand = "AGREEMENT",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_renew,
};
