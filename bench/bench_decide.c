/* How long one decision takes among 200 agreements of 50 organisations: bench_decide [MILLIONS]. */
#include "access/agreement.h"
#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>

enum { ORGANISATIONS = 50, AGREEMENTS = 200, PARTIES = 10, QUESTIONS = 4096 };

static tf_status make_organisations(tf_db *db, tf_error *error) {
    tf_status status = tf_db_execute(db, "BEGIN", error);
    for (int i = 1; i <= ORGANISATIONS && !status; i++) {
        char sql[160];
        snprintf(sql, sizeof sql,
                 "INSERT INTO organisation (id, name, kind, created_at)"
                 " VALUES (%d, 'Organisation %d', 'council', 0)",
                 i, i);
        status = tf_db_execute(db, sql, error);
    }
    return status ? status : tf_db_execute(db, "COMMIT", error);
}

/* An agreement in which ten organisations give and receive, signed by all of them. */
static tf_status make_agreement(tf_access *access, int number, tf_error *error) {
    const tf_access_rules *rules = tf_access_get_rules(access);
    char name[TF_ACTOR_NAME_SIZE];
    tf_actor actor = tf_actor_operator(name);
    tf_agreement_party parties[PARTIES];
    for (int i = 0; i < PARTIES; i++) {
        parties[i] = (tf_agreement_party){
            .organisation_id = 1 + (number * 7 + i * 5) % ORGANISATIONS,
            .gives = true,
            .receives = true,
        };
    }
    const tf_agreement_share shares[] = {
        {.category = tf_access_category(rules, "concern"), .fields = 1U << number % 5},
        {.category = tf_access_category(rules, "person"), .fields = 1U << number % 5},
    };
    const tf_agreement_terms terms = {
        .title = "Agreement",
        .condition = "Article 10",
        .assessment = "DPIA",
        .retention_days = 365,
        .starts_on = 1,
        .review_on = 1,
        .ends_on = TF_DAY_FOREVER,
        .purposes =
            UINT64_C(1) << tf_access_purpose(rules, number % 2 ? "safeguard" : "prevent-crime"),
        .shares = shares,
        .share_count = 2,
        .parties = parties,
        .party_count = PARTIES,
    };
    int64_t id = 0;
    tf_status status = tf_agreement_create(access, &actor, &terms, &id, error);
    for (int i = 0; i < PARTIES && !status; i++) {
        status = tf_agreement_sign(access, &actor, id, parties[i].organisation_id, NULL, 0, error);
    }
    return status;
}

static void measure(const tf_policy *policy, const tf_access_rules *rules, size_t count) {
    tf_object objects[QUESTIONS];
    tf_actor actor = {.account_id = 1,
                      .roles = UINT32_C(1) << tf_access_role(rules, "intake-officer") |
                               UINT32_C(1) << tf_access_role(rules, "practitioner")};
    for (int i = 0; i < QUESTIONS; i++) {
        objects[i] =
            (tf_object){.category = tf_access_category(rules, i % 2 ? "concern" : "person"),
                        .id = i,
                        .organisation_id = 1 + i / ORGANISATIONS % ORGANISATIONS};
    }
    tf_intent intent = {.purpose = tf_access_purpose(rules, "safeguard")};
    size_t allowed = 0;
    double start = tf_seconds_monotonic();
    for (size_t i = 0; i < count; i++) {
        size_t asked = i % QUESTIONS;
        actor.organisation_id = 1 + (int64_t)(asked % ORGANISATIONS);
        allowed += tf_policy_decide(policy, &actor, TF_ACTION_CONSULT, &objects[asked], &intent)
                       .is_allowed;
    }
    double seconds = tf_seconds_monotonic() - start;
    printf("\"decision_nanoseconds\": %.1f, \"allowed_share\": %.3f}\n",
           seconds / (double)count * 1e9, (double)allowed / (double)count);
}

int main(int argument_count, char **arguments) {
    size_t millions = argument_count > 1 ? strtoul(arguments[1], NULL, 10) : 10;
    char path[] = "/tmp/trefoil-bench-XXXXXX";
    char text[1400];
    uint8_t root[TF_KEY_SIZE] = {1};
    tf_site_key key;
    tf_pack *pack = NULL;
    tf_db *db = NULL;
    tf_access *access = NULL;
    tf_policy *policy = NULL;
    tf_error error = {.message = ""};
    int file = mkstemp(path);
    tf_site_key_of(root, &key);
    tf_status status = file < 0 ? tf_fail(&error, TF_IO, path, 0, "cannot be made")
                                : tf_pack_open(NULL, &pack, &error);
    if (!status) {
        status = tf_db_open(path, TF_DB_WRITE, &db, &error);
    }
    if (!status) {
        status = make_organisations(db, &error);
    }
    if (!status) {
        status = tf_access_new(db, pack, &key, &access, &error);
    }
    for (int i = 0; i < AGREEMENTS && !status; i++) {
        status = make_agreement(access, i, &error);
    }
    double start = tf_seconds_monotonic();
    if (!status) {
        status = tf_policy_load(db, tf_access_get_rules(access), tf_instant_now(), &policy, &error);
    }
    if (!status) {
        printf("{\"load_milliseconds\": %.3f, ", (tf_seconds_monotonic() - start) * 1e3);
        measure(policy, tf_access_get_rules(access), millions * 1000000);
    } else {
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
    }
    tf_policy_free(policy);
    tf_access_free(access);
    tf_db_close(db);
    tf_pack_free(pack);
    (void)remove(path);
    return status ? 1 : 0;
}
