#include "cli/agreement_json.h"

static void write_purposes(const tf_access_rules *rules, uint64_t purposes, tf_json *json) {
    tf_json_key(json, "purposes");
    tf_json_open_array(json);
    for (size_t i = 0; i < rules->purpose_count; i++) {
        if (purposes >> i & 1) {
            tf_json_string(json, rules->purposes[i].name);
        }
    }
    tf_json_close_array(json);
}

static void write_shares(const tf_access_rules *rules, const tf_agreement_terms *terms,
                         tf_json *json) {
    tf_json_key(json, "shares");
    tf_json_open_array(json);
    for (size_t i = 0; i < terms->share_count; i++) {
        const tf_category *category = &rules->categories[terms->shares[i].category];
        tf_json_open_object(json);
        tf_json_put_string(json, "category", category->name);
        tf_json_key(json, "fields");
        tf_json_open_array(json);
        for (size_t j = 0; j < category->field_count; j++) {
            if (terms->shares[i].fields >> j & 1) {
                tf_json_string(json, category->fields[j].name);
            }
        }
        tf_json_close_array(json);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

static void write_parties(const tf_agreement_terms *terms, tf_json *json) {
    tf_json_key(json, "parties");
    tf_json_open_array(json);
    for (size_t i = 0; i < terms->party_count; i++) {
        const tf_agreement_party *party = &terms->parties[i];
        tf_json_open_object(json);
        tf_json_put_int(json, "organisation_id", party->organisation_id);
        tf_json_put_string(json, "name", party->name);
        tf_json_put_bool(json, "gives", party->gives);
        tf_json_put_bool(json, "receives", party->receives);
        tf_json_put_instant(json, "signed_at", party->signed_at);
        tf_json_put_string(json, "signed_by", party->signed_by);
        tf_json_put_string(json, "entered_by", party->entered_by);
        tf_json_close_object(json);
    }
    tf_json_close_array(json);
}

void tf_agreement_json_write(const tf_access_rules *rules, const tf_agreement *agreement,
                             tf_json *json) {
    const tf_agreement_terms *terms = &agreement->terms;
    tf_json_open_object(json);
    tf_json_put_int(json, "id", agreement->id);
    tf_json_put_string(json, "title", terms->title);
    tf_json_put_string(json, "state", tf_agreement_state_name(agreement->state));
    tf_json_put_bool(json, "is_review_due", agreement->is_review_due);
    tf_json_put_int(json, "revision", agreement->revision);
    tf_json_put_day(json, "starts_on", terms->starts_on);
    tf_json_put_day(json, "review_on", terms->review_on);
    tf_json_put_day(json, "ends_on", terms->ends_on);
    tf_json_put_int(json, "retention_days", terms->retention_days);
    tf_json_put_string(json, "lawful_basis",
                       terms->lawful_basis < 0 ? NULL
                                               : rules->lawful_bases[terms->lawful_basis].name);
    tf_json_put_string(json, "condition", terms->condition);
    tf_json_put_string(json, "assessment", terms->assessment);
    write_purposes(rules, terms->purposes, json);
    write_shares(rules, terms, json);
    write_parties(terms, json);
    tf_json_put_number(json, "drafted_by", agreement->drafted_by);
    tf_json_put_instant(json, "created_at", agreement->created_at);
    tf_json_put_instant(json, "ended_at", agreement->ended_at);
    tf_json_put_string(json, "ended_by", agreement->ended_by);
    tf_json_put_string(json, "end_reason", agreement->end_reason);
    tf_json_close_object(json);
}
