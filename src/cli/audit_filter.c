#include "cli/audit_filter.h"

#include "trefoil/base/date.h"

tf_status tf_audit_number_read(const char *text, const char *name, int64_t *number_out,
                               tf_error *error) {
    if (text && (!tf_parse_int64(tf_text_of(text), number_out) || *number_out < 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s takes a number from 1 on, not '%s'",
                       name, text);
    }
    return TF_OK;
}

static tf_status read_day(const char *text, const char *name, int32_t *day_out, tf_error *error) {
    if (text && !tf_date_parse(tf_text_of(text), day_out)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--%s takes a day, such as 2026-11-30, not '%s'", name, text);
    }
    return TF_OK;
}

static tf_status check(const tf_audit_filter *filter, tf_error *error) {
    const char *outcome = filter->outcome;
    if (outcome && strcmp(outcome, "done") != 0 && strcmp(outcome, "refused") != 0 &&
        strcmp(outcome, "emergency") != 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--outcome takes done, refused or emergency, not '%s'", outcome);
    }
    if (filter->object_id && !filter->category) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--object is the number of one of a category; give its --category too");
    }
    if (filter->from_day && filter->to_day && filter->from_day > filter->to_day) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--from is after --to; exchange the two days");
    }
    return TF_OK;
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
        status = tf_audit_number_read(values[numbers[i].option], numbers[i].name, numbers[i].number,
                                      error);
    }
    if (!status) {
        status = read_day(values[TF_AUDIT_FILTER_FROM], "from", &filter_out->from_day, error);
    }
    if (!status) {
        status = read_day(values[TF_AUDIT_FILTER_TO], "to", &filter_out->to_day, error);
    }
    return status ? status : check(filter_out, error);
}
