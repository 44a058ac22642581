/* The form of an agreement, filled in with the terms of one that there is. */
#include "agreement_internal.h"
#include "page_day_internal.h"

#include <stdio.h>

const tf_value *tf_agreement_numbered(const tf_visit *visit, const char *name, size_t number) {
    char text[40];
    snprintf(text, sizeof text, "%s-%d", name, (int)number);
    return tf_form_value(&visit->request->form, text);
}

bool tf_agreement_may_draft(tf_visit *visit) {
    tf_object object = {.category = tf_access_category_of(visit->access, "agreement"),
                        .organisation_id = visit->actor->organisation_id};
    return tf_access_ask(visit->access, visit->actor, TF_ACTION_COLLECT, &object, NULL).is_allowed;
}

/* ---- filling in ---- */

static void put(tf_visit *visit, const tf_value *value, const char *text, int64_t number) {
    const tf_form *form = &visit->request->form;
    form->values[value - form->values] =
        (tf_value){.text = tf_text_of(text), .is_given = true, .number = number};
}

static void put_text(tf_visit *visit, const char *field, const char *text) {
    put(visit, tf_form_value(&visit->request->form, field), text ? text : "", 0);
}

static void put_party(tf_visit *visit, size_t slot, const tf_agreement_party *party) {
    put(visit, tf_agreement_numbered(visit, "party", slot),
        tf_page_format(visit, "%lld", (long long)party->organisation_id), party->organisation_id);
    put(visit, tf_agreement_numbered(visit, "part", slot), "",
        !party->receives ? TF_PART_GIVES
        : party->gives   ? TF_PART_BOTH
                         : TF_PART_RECEIVES);
}

static void put_shares(tf_visit *visit, const tf_agreement_terms *terms) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    size_t number = 0;
    for (size_t i = 0; i < rules->category_count; i++) {
        const tf_category *category = &rules->categories[i];
        uint32_t fields = 0;
        for (size_t j = 0; j < terms->share_count; j++) {
            fields |= terms->shares[j].category == (int)i ? terms->shares[j].fields : 0;
        }
        size_t count = category->field_count ? category->field_count : 1;
        for (size_t j = 0; category->is_personal && j < count && number < TF_FORM_SHARES; j++) {
            if (fields >> j & 1) {
                put(visit, tf_agreement_numbered(visit, "share", number), "1", 1);
            }
            number++;
        }
    }
}

bool tf_agreement_fits_form(const tf_access_rules *rules, const tf_agreement_terms *terms) {
    size_t number = 0;
    bool fits = terms->party_count <= TF_FORM_PARTIES && terms->purposes >> TF_FORM_PURPOSES == 0;
    for (size_t i = 0; i < rules->category_count && fits; i++) {
        const tf_category *category = &rules->categories[i];
        number += !category->is_personal ? 0 : category->field_count ? category->field_count : 1;
        for (size_t j = 0; j < terms->share_count; j++) {
            fits = fits && (terms->shares[j].category != (int)i || number <= TF_FORM_SHARES);
        }
    }
    return fits;
}

tf_status tf_agreement_fill(tf_visit *visit, const tf_agreement_terms *terms, tf_error *error) {
    const tf_access_rules *rules = tf_pack_access_rules(tf_site_pack(visit->site));
    if (!tf_agreement_fits_form(rules, terms)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the agreement has more parties, fields or purposes than this form holds; "
                       "whoever runs the program changes it with 'trefoil agreement change'");
    }
    put_text(visit, "title", terms->title);
    put_text(visit, "basis",
             terms->lawful_basis < 0 ? "" : rules->lawful_bases[terms->lawful_basis].name);
    put_text(visit, "condition", terms->condition);
    put_text(visit, "assessment", terms->assessment);
    put_text(visit, "retention", tf_page_format(visit, "%lld", (long long)terms->retention_days));
    tf_page_day_fill(visit, "starts", terms->starts_on);
    tf_page_day_fill(visit, "review", terms->review_on);
    if (terms->ends_on != TF_DAY_FOREVER) {
        tf_page_day_fill(visit, "ends", terms->ends_on);
    }
    for (size_t i = 0; i < terms->party_count; i++) {
        put_party(visit, i, &terms->parties[i]);
    }
    put_shares(visit, terms);
    for (size_t i = 0; i < rules->purpose_count && i < TF_FORM_PURPOSES; i++) {
        if (terms->purposes >> i & 1) {
            put(visit, tf_agreement_numbered(visit, "purpose", i), "1", 1);
        }
    }
    return TF_OK;
}
