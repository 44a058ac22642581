#include "standardise_internal.h"

#include "trefoil/base/date.h"

static const char *const field_names[TF_PERSON_COUNT] = {
    [TF_PERSON_TEXT] = "text",
    [TF_PERSON_GIVEN_NAME] = "given_name",
    [TF_PERSON_FAMILY_NAME] = "family_name",
    [TF_PERSON_FULL_NAME] = "full_name",
    [TF_PERSON_DATE_OF_BIRTH] = "date_of_birth",
    [TF_PERSON_POSTCODE] = "postcode",
    [TF_PERSON_PHONE] = "phone",
    [TF_PERSON_EMAIL] = "email",
    [TF_PERSON_SEX] = "sex",
    [TF_PERSON_ADDRESS] = "address",
    [TF_PERSON_CITY] = "city",
    [TF_PERSON_NHS_NUMBER] = "nhs_number",
    [TF_PERSON_PNC_ID] = "pnc_id",
    [TF_PERSON_PERSON_ID] = "person_id",
    [TF_PERSON_RECORD_ID] = "record_id",
    [TF_PERSON_SOURCE] = "source",
    [TF_PERSON_LABEL] = "label",
    [TF_PERSON_FREE_TEXT] = "free_text",
};

const char *tf_person_field_name(tf_person_field field) {
    return (size_t)field < TF_PERSON_COUNT ? field_names[field] : "any";
}

tf_person_field tf_person_field_by_name(tf_text name) {
    size_t i = 0;
    while (i < TF_PERSON_COUNT && !tf_text_equal(name, tf_text_of(field_names[i]))) {
        i++;
    }
    return (tf_person_field)i;
}

/* Put `length` bytes into `out`; none means that the value was not what the field holds. */
static tf_status put(tf_buffer *out, const char *bytes, size_t length, tf_error *error) {
    out->length = 0;
    tf_buffer_append(out, bytes, length);
    return tf_buffer_check(out, error);
}

static tf_status put_date(const tf_standardiser *standardiser, tf_text value, tf_buffer *out,
                          const char **reason, tf_error *error) {
    tf_standard_date date = tf_standardise_date(value, &standardiser->date);
    if (date.fault) {
        *reason = tf_date_fault_text(date.fault);
        return TF_OK;
    }
    int year, month, day;
    tf_days_split(date.days, &year, &month, &day);
    out->length = 0;
    tf_buffer_format(out, "%04d-%02d-%02d", year, month, day);
    return tf_buffer_check(out, error);
}

/* The parts of a name in the order of speech. */
static tf_status join_name(const tf_person_name *name, tf_buffer *out, tf_error *error) {
    const tf_text parts[] = {name->given, name->family, name->suffix};
    out->length = 0;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i].length > 0 && out->length > 0) {
            tf_buffer_append(out, " ", 1);
        }
        tf_buffer_append(out, parts[i].data, parts[i].length);
    }
    return tf_buffer_check(out, error);
}

static tf_status put_full_name(const tf_standardiser *standardiser, tf_text value, tf_buffer *out,
                               tf_error *error) {
    tf_person_name name;
    tf_person_name_init(&name);
    tf_status status = tf_standardise_full_name(value, standardiser->name_fold, &name, error);
    if (!status) {
        status = join_name(&name, out, error);
    }
    if (!status && out->length > 0) {
        /* What stood behind a comma or before a hyphen may be a title where it stands now. */
        status = tf_standardise_full_name((tf_text){out->data, out->length},
                                          standardiser->name_fold, &name, error);
        if (!status) {
            status = join_name(&name, out, error);
        }
    }
    tf_person_name_deinit(&name);
    return status;
}

static tf_status put_address(tf_text value, tf_buffer *out, tf_error *error) {
    tf_address address;
    tf_address_init(&address);
    tf_status status = tf_standardise_address(value, &address, error);
    if (!status) {
        status = put(out, address.words.data, address.words.length, error);
    }
    tf_address_deinit(&address);
    return status;
}

static tf_status put_email(const tf_standardiser *standardiser, tf_text value, tf_buffer *out,
                           const char **reason, tf_error *error) {
    size_t domain = 0;
    bool is_email = false;
    tf_status status =
        tf_standardise_email(value, standardiser->email_options, out, &domain, &is_email, error);
    *reason = is_email ? NULL : "it is not an e-mail address";
    return status;
}

static tf_status put_phone(tf_text value, tf_buffer *out, const char **reason, tf_error *error) {
    char phone[TF_STANDARD_PHONE_SIZE];
    *reason = tf_standardise_phone(value, phone) ? NULL : "it is too short or long for a number";
    return put(out, phone, strlen(phone), error);
}

static tf_status put_postcode(tf_text value, tf_buffer *out, const char **reason, tf_error *error) {
    tf_postcode postcode = tf_standardise_postcode(value);
    *reason = postcode.length ? NULL : "it has not the shape of a postcode";
    return put(out, postcode.text, postcode.length, error);
}

static tf_status put_sex(tf_text value, tf_buffer *out, const char **reason, tf_error *error) {
    char sex = tf_standardise_sex(value);
    *reason = sex ? NULL : "it is no letter or word for a sex";
    return put(out, &sex, sex != '\0', error);
}

static tf_status put_number(tf_person_field field, int pivot_year, tf_text value, tf_buffer *out,
                            const char **reason, tf_error *error) {
    char number[TF_PNC_ID_SIZE];
    bool is_right = field == TF_PERSON_NHS_NUMBER
                        ? tf_standardise_nhs_number(value, number)
                        : tf_standardise_pnc_id(value, pivot_year, number);
    *reason = is_right ? NULL : "its shape or its check digit or letter is wrong";
    return put(out, number, strlen(number), error);
}

/* Identifiers keep their digits and letters alone, in lower case. */
static tf_status put_identifier(tf_text value, tf_buffer *out, tf_error *error) {
    tf_status status = tf_standardise_text(value, TF_FOLD_PLAIN, out, error);
    size_t length = 0;
    for (size_t i = 0; i < out->length && !status; i++) {
        if (out->data[i] != ' ') {
            out->data[length++] = out->data[i];
        }
    }
    out->length = status ? 0 : length;
    return status;
}

/* The value in the spelling of its field; `*reason` is set where it cannot be. */
static tf_status standardise(const tf_standardiser *standardiser, tf_person_field field,
                             tf_text value, tf_buffer *out, const char **reason, tf_error *error) {
    switch (field) {
    case TF_PERSON_GIVEN_NAME:
        return tf_standardise_given_name(value, standardiser->name_fold, out, error);
    case TF_PERSON_FAMILY_NAME:
        return tf_standardise_family_name(value, standardiser->name_fold, out, error);
    case TF_PERSON_FULL_NAME:
        return put_full_name(standardiser, value, out, error);
    case TF_PERSON_DATE_OF_BIRTH:
        return put_date(standardiser, value, out, reason, error);
    case TF_PERSON_POSTCODE:
        return put_postcode(value, out, reason, error);
    case TF_PERSON_PHONE:
        return put_phone(value, out, reason, error);
    case TF_PERSON_EMAIL:
        return put_email(standardiser, value, out, reason, error);
    case TF_PERSON_SEX:
        return put_sex(value, out, reason, error);
    case TF_PERSON_ADDRESS:
        return put_address(value, out, error);
    case TF_PERSON_NHS_NUMBER:
    case TF_PERSON_PNC_ID:
        return put_number(field, standardiser->date.pivot_year, value, out, reason, error);
    case TF_PERSON_PERSON_ID:
    case TF_PERSON_RECORD_ID:
        return put_identifier(value, out, error);
    default:
        return tf_standardise_text(value, TF_FOLD_PLAIN, out, error);
    }
}

/* Whether the value as it was written, in words, stands for nothing in this column or any. */
static tf_status check_words(const tf_standardiser *standardiser, tf_person_field field,
                             tf_text value, tf_buffer *out, bool *is_missing_out, tf_error *error) {
    tf_status status = tf_standardise_text(value, TF_FOLD_PLAIN, out, error);
    *is_missing_out =
        !status && (out->length == 0 || tf_missing_has(standardiser->missing, field,
                                                       (tf_text){out->data, out->length}));
    out->length = 0;
    return status;
}

tf_status tf_standardise_value(const tf_standardiser *standardiser, tf_person_field field,
                               tf_text value, tf_buffer *out, tf_standard *outcome_out,
                               const char **reason_out, tf_error *error) {
    const char *reason = NULL;
    bool is_missing = false;
    *outcome_out = TF_STANDARD_MISSING;
    if (reason_out) {
        *reason_out = NULL;
    }
    tf_status status = check_words(standardiser, field, value, out, &is_missing, error);
    if (status || is_missing) {
        return status;
    }
    status = standardise(standardiser, field, value, out, &reason, error);
    if (!status && reason) {
        *outcome_out = TF_STANDARD_SET_ASIDE;
        if (reason_out) {
            *reason_out = reason;
        }
        out->length = 0;
    } else if (!status && out->length > 0 &&
               !tf_missing_has(standardiser->missing, field, (tf_text){out->data, out->length})) {
        *outcome_out = TF_STANDARD_VALUE;
    } else {
        out->length = 0;
    }
    return status;
}
