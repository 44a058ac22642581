#include "cli/audit_filter.h"

#include "cli/option_values.h"
#include "pack/pack.h"

/* What is entered beside the actions that the rules are about. */
static const char *const other_actions[] = {"sign-in", "sign-out", "backup", "restore"};

enum { OTHER_ACTION_COUNT = sizeof other_actions / sizeof *other_actions };

static const char *const outcomes[] = {"done", "refused", "emergency", NULL};

/* A name that no entry can have finds none, which reads as if nobody had done it. */
static tf_status check_action(const char *name, tf_error *error) {
    const char *names[TF_ACTION_COUNT + OTHER_ACTION_COUNT + 1] = {NULL};
    int action;
    for (int i = 0; i < TF_ACTION_COUNT; i++) {
        names[i] = tf_action_name((tf_action)i);
    }
    memcpy(names + TF_ACTION_COUNT, other_actions, sizeof other_actions);
    return tf_option_choice(name, "action", names, &action, error);
}

static tf_status check_category(const char *name, tf_error *error) {
    const char *names[TF_MOST_CATEGORIES + 1] = {NULL};
    int category;
    tf_pack *pack = NULL;
    if (!name) {
        return TF_OK;
    }
    tf_status status = tf_pack_open(NULL, &pack, error);
    if (!status) {
        const tf_access_rules *rules = tf_pack_access_rules(pack);
        for (size_t i = 0; i < rules->category_count; i++) {
            names[i] = rules->categories[i].name;
        }
        status = tf_option_choice(name, "category", names, &category, error);
    }
    tf_pack_free(pack);
    return status;
}

static tf_status check(const tf_audit_filter *filter, tf_error *error) {
    int choice;
    tf_status status = tf_option_choice(filter->outcome, "outcome", outcomes, &choice, error);
    if (!status) {
        status = check_action(filter->action, error);
    }
    if (!status) {
        status = check_category(filter->category, error);
    }
    if (!status && filter->object_id && !filter->category) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "--object is the number of one of a category; give its --category too");
    }
    if (!status && filter->from_day && filter->to_day && filter->from_day > filter->to_day) {
        status =
            tf_fail(error, TF_BAD_INPUT, NULL, 0, "--from is after --to; exchange the two days");
    }
    return status;
}

tf_status tf_audit_filter_read(const tf_arguments *arguments, tf_audit_filter *filter_out,
                               tf_error *error) {
    const char *const *values = arguments->values;
    *filter_out = (tf_audit_filter){
        .category = values[TF_AUDIT_FILTER_CATEGORY],
        .action = values[TF_AUDIT_FILTER_ACTION],
        .outcome = values[TF_AUDIT_FILTER_OUTCOME],
    };
    const struct {
        int option;
        const char *name;
        int64_t *number;
    } numbers[] = {
        {TF_AUDIT_FILTER_PERSON, "person", &filter_out->person_id},
        {TF_AUDIT_FILTER_ACCOUNT, "account", &filter_out->account_id},
        {TF_AUDIT_FILTER_ORGANISATION, "organisation", &filter_out->organisation_id},
        {TF_AUDIT_FILTER_OBJECT, "object", &filter_out->object_id},
    };
    tf_status status = TF_OK;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && !status; i++) {
        status = tf_option_whole(values[numbers[i].option], numbers[i].name, 1, INT64_MAX,
                                 numbers[i].number, error);
    }
    if (!status) {
        status = tf_option_day(values[TF_AUDIT_FILTER_FROM], "from", &filter_out->from_day, error);
    }
    if (!status) {
        status = tf_option_day(values[TF_AUDIT_FILTER_TO], "to", &filter_out->to_day, error);
    }
    return status ? status : check(filter_out, error);
}
