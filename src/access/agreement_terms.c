#include "agreement_internal.h"

enum { LONGEST_TITLE = 200, LONGEST_TEXT = 2000, MOST_DAYS = 36525 };

/* `term` is what is wrong: "title", "parties". */
static tf_status fail(tf_error *error, const char *term, const char *sentence) {
    return tf_fail(error, TF_BAD_INPUT, term, 0, "%s", sentence);
}

static bool is_blank(const char *text) {
    return tf_text_trim(tf_text_of(text)).length == 0;
}

static bool is_too_long(const char *text, size_t most) {
    tf_text view = tf_text_of(text);
    return !tf_text_is_utf8(view) || tf_text_width(view) > most;
}

static tf_status check_parties(const tf_agreement_terms *terms, tf_error *error) {
    bool is_one_way = false;
    for (size_t i = 0; i < terms->party_count; i++) {
        const tf_agreement_party *party = &terms->parties[i];
        if (!party->gives && !party->receives) {
            return fail(error, "parties",
                        "each party of an agreement gives, receives, or both; say which");
        }
        for (size_t j = 0; j < terms->party_count; j++) {
            if (j != i && terms->parties[j].organisation_id == party->organisation_id) {
                return fail(error, "parties", "an organisation is a party only once; take one out");
            }
            is_one_way = is_one_way || (j != i && party->gives && terms->parties[j].receives);
        }
    }
    return is_one_way ? TF_OK
                      : fail(error, "parties",
                             "an agreement is between one organisation that gives and "
                             "another that receives; name both");
}

static tf_status check_share(const tf_access_rules *rules, const tf_agreement_terms *terms,
                             size_t index, tf_error *error) {
    const tf_agreement_share *share = &terms->shares[index];
    if (share->category < 0 || (size_t)share->category >= rules->category_count) {
        return fail(error, "data", "there is no such category of data; see the pack's access.yaml");
    }
    const tf_category *category = &rules->categories[share->category];
    if (!category->is_personal) {
        return tf_fail(error, TF_BAD_INPUT, "data", 0,
                       "%s are no personal data and need no agreement; leave them out",
                       category->title);
    }
    for (size_t i = 0; i < index; i++) {
        if (terms->shares[i].category == share->category) {
            return tf_fail(error, TF_BAD_INPUT, "data", 0,
                           "%s stands twice in the agreement; say it once, with all its fields",
                           category->title);
        }
    }
    if (!(share->fields & tf_access_all_fields(category))) {
        return tf_fail(error, TF_BAD_INPUT, "data", 0, "say which fields of %s are shared",
                       category->title);
    }
    if (!(category->purposes & terms->purposes)) {
        return tf_fail(error, TF_BAD_INPUT, "data", 0,
                       "%s may be used for none of the purposes; take it out or add a purpose",
                       category->title);
    }
    if (category->is_content && is_blank(terms->condition)) {
        return tf_fail(error, TF_BAD_INPUT, "condition", 0,
                       "%s can be on health or offences; name the condition of UK GDPR Article 9 "
                       "or 10, or of Part 3 of the Data Protection Act 2018, that is met",
                       category->title);
    }
    return TF_OK;
}

static tf_status check_days(const tf_agreement_terms *terms, tf_error *error) {
    if (terms->retention_days < 1 || terms->retention_days > MOST_DAYS) {
        return fail(error, "retention",
                    "say for how many days what is shared may be kept, from 1 to 36,525");
    }
    if (terms->review_on < terms->starts_on) {
        return fail(error, "review",
                    "an agreement is reviewed after it starts; change one of the days");
    }
    if (terms->ends_on < terms->starts_on) {
        return fail(error, "ends", "an agreement ends after it starts; change one of the days");
    }
    return TF_OK;
}

tf_status tf_agreement_check(const tf_access_rules *rules, const tf_agreement_terms *terms,
                             tf_error *error) {
    if (is_blank(terms->title) || is_too_long(terms->title, LONGEST_TITLE)) {
        return fail(error, "title", "give the agreement a title of at most 200 characters");
    }
    if (terms->lawful_basis < 0 || (size_t)terms->lawful_basis >= rules->lawful_basis_count) {
        return fail(error, "basis", "name the lawful basis of the agreement");
    }
    if (is_blank(terms->assessment) || is_too_long(terms->assessment, LONGEST_TEXT)) {
        return fail(error, "assessment", "name the impact assessment of the agreement");
    }
    if (is_too_long(terms->condition, LONGEST_TEXT)) {
        return fail(error, "condition",
                    "the condition has more than 2,000 characters; make it shorter");
    }
    uint64_t known =
        rules->purpose_count >= 64 ? UINT64_MAX : (UINT64_C(1) << rules->purpose_count) - 1;
    if (!terms->purposes || terms->purposes & ~known) {
        return fail(error, "purposes", "say what the data is shared for");
    }
    if (!terms->share_count) {
        return fail(error, "data", "say which categories of data are shared");
    }
    tf_status status = check_days(terms, error);
    if (!status) {
        status = check_parties(terms, error);
    }
    for (size_t i = 0; !status && i < terms->share_count; i++) {
        status = check_share(rules, terms, i, error);
    }
    return status;
}
