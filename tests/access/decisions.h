/* The reviewed table of decisions.txt, the places and agreements that it is tried in, and what is
 * expected of each: written from the table's own words, not from the code that decides. */
#ifndef TREFOIL_TESTS_ACCESS_DECISIONS_H
#define TREFOIL_TESTS_ACCESS_DECISIONS_H

#include "scene.h"

enum { OWN = 2, OTHER = 3, ME = 7, SOMEBODY = 99, EXCEPT = 100, MOST_DEALS = 40 };

/* Whom it belongs to, by what was agreed with whoever asks. */
enum {
    NOTHING = 10,
    IN_FORCE,
    EXPIRED,
    UNSIGNED,
    LATER,
    ENDED,
    OTHER_PURPOSE,
    OTHER_RECEIVER,
    OTHER_DIRECTION,
    SOME_FIELDS,
    TWO,
    SUCCEEDED_BY_IN_FORCE,
    SUCCEEDED_BY_OWN,
    OWNERS_END
};

typedef struct table_row {
    char where[8]; /* "IOMTXAE" with dots; "" where the role may not */
    uint32_t fields;
} table_row;

typedef struct decision_table {
    const tf_access_rules *rules;
    table_row may[TF_MOST_ROLES + 1][TF_MOST_CATEGORIES][TF_ACTION_COUNT]; /* the last: operator */
    char kind[TF_MOST_CATEGORIES][16];
    uint64_t purposes[TF_MOST_CATEGORIES];
    char flags[TF_MOST_ROLES][64];
    size_t row_count;
} decision_table;

/* An agreement that is in force. */
typedef struct agreed {
    int64_t id;
    int64_t giver;
    int64_t receiver;
    uint64_t categories;
    uint64_t purposes;
    uint32_t fields;
} agreed;

typedef struct agreed_list {
    agreed list[MOST_DEALS]; /* in the order of their ids */
    size_t count;
} agreed_list;

/* ---- reading the table ---- */

static inline uint32_t read_fields(const tf_category *category, char *list) {
    uint32_t fields = 0;
    if (strcmp(list, "-") == 0) {
        assert_int_equal(category->field_count, 0);
        return UINT32_MAX;
    }
    for (char *name = strtok(list, ","); name; name = strtok(NULL, ",")) {
        int index = tf_access_field(category, name);
        assert_true(index >= 0);
        fields |= UINT32_C(1) << index;
    }
    return fields;
}

/* Whether a row says what can be meant: what is assigned to somebody is the own organisation's; who
 * reaches others' reaches all of the own; an emergency opens what an agreement would, to be read;
 * and who reaches everything needs neither.  Most of it follows from nothing that is decided. */
static inline bool is_meant(const char *where, tf_action action) {
    static const char *const meant[] = {"..M....", ".OMT...", ".OMT.A.", "IOMTXAE"};
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++) {
        if (strcmp(where, meant[i]) == 0) {
            return true;
        }
    }
    return action == TF_ACTION_CONSULT && strcmp(where, ".OMT.AE") == 0;
}

static inline void read_line(decision_table *read, char words[5][128]) {
    const tf_access_rules *rules = read->rules;
    if (strcmp(words[0], "role") == 0) {
        int role = tf_access_role(rules, words[1]);
        assert_true(role >= 0);
        snprintf(read->flags[role], sizeof read->flags[role], "%.60s", words[2]);
    } else if (strcmp(words[0], "data") == 0) {
        int category = tf_access_category(rules, words[1]);
        assert_true(category >= 0);
        snprintf(read->kind[category], sizeof read->kind[category], "%.15s", words[2]);
        bool has_any = strcmp(words[3], "-") != 0;
        for (char *name = has_any ? strtok(words[3], ",") : NULL; name; name = strtok(NULL, ",")) {
            read->purposes[category] |= UINT64_C(1) << tf_access_purpose(rules, name);
        }
    } else {
        assert_string_equal(words[0], "may");
        int role = strcmp(words[1], "operator") == 0 ? (int)rules->role_count
                                                     : tf_access_role(rules, words[1]);
        int category = tf_access_category(rules, words[2]);
        int action = 0;
        while (action < TF_ACTION_COUNT && strcmp(tf_action_name((tf_action)action), words[3])) {
            action++;
        }
        assert_true(role >= 0 && category >= 0 && action < TF_ACTION_COUNT);
        table_row *row = &read->may[role][category][action];
        char *fields = strchr(words[4], ' ');
        assert_non_null(fields);
        *fields = '\0';
        assert_int_equal(strlen(words[4]), 7);
        assert_string_equal(row->where, "");
        assert_true(is_meant(words[4], (tf_action)action));
        memcpy(row->where, words[4], 8);
        row->fields = read_fields(&rules->categories[category], fields + 1);
        read->row_count++;
    }
}

static inline void read_table(const tf_access_rules *rules, decision_table *read) {
    char path[512], line[256];
    snprintf(path, sizeof path, "%s/tests/access/decisions.txt", getenv("TREFOIL_SOURCE"));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    memset(read, 0, sizeof *read);
    read->rules = rules;
    while (fgets(line, sizeof line, file)) {
        char words[5][128] = {""};
        if (line[0] != '#' && sscanf(line, "%127s %127s %127s %127s %127[^\n]", words[0], words[1],
                                     words[2], words[3], words[4]) >= 3) {
            read_line(read, words);
        }
    }
    fclose(file);
}

/* ---- organisations and agreements ---- */

static inline void add_agreement(const access_scene *scene, const agreed *deal, int64_t receiver,
                                 const char *signed_at, int start, const char *end,
                                 const char *ended_at) {
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO agreement (id, title, drafted_by, lawful_basis, condition, assessment,"
             " retention_days, starts_on, review_on, ends_on, created_at, ended_at)"
             " VALUES (%d, 'x', 2, 'public-task', 'x', 'x', 1, %d, %d, %s, 0, %s)",
             (int)deal->id, start, start, end, ended_at);
    execute(scene, sql);
    snprintf(sql, sizeof sql,
             "INSERT INTO agreement_party (agreement_id, organisation_id, gives, receives, "
             "signed_at) VALUES (%d, %d, 1, 0, %s), (%d, %d, 0, 1, 1)",
             (int)deal->id, (int)deal->giver, signed_at, (int)deal->id, (int)receiver);
    execute(scene, sql);
    for (size_t i = 0; i < scene->rules->purpose_count; i++) {
        if (deal->purposes >> i & 1) {
            snprintf(sql, sizeof sql, "INSERT INTO agreement_purpose VALUES (%d, '%s')",
                     (int)deal->id, scene->rules->purposes[i].name);
            execute(scene, sql);
        }
    }
    for (size_t i = 0; i < scene->rules->category_count; i++) {
        const tf_category *category = &scene->rules->categories[i];
        for (size_t j = 0; (deal->categories >> i & 1) && j <= category->field_count; j++) {
            bool is_none = category->field_count == 0;
            if (is_none || (j < category->field_count && (deal->fields >> j & 1))) {
                snprintf(sql, sizeof sql, "INSERT INTO agreement_field VALUES (%d, '%s', '%s')",
                         (int)deal->id, category->name, is_none ? "" : category->fields[j].name);
                execute(scene, sql);
            }
        }
    }
}

static inline void add_deal(const access_scene *scene, agreed_list *deals, agreed deal) {
    assert_true(deals->count < MOST_DEALS);
    add_agreement(scene, &deal, deal.receiver, "1", 10, "NULL", "NULL");
    deals->list[deals->count++] = deal;
}

static inline uint64_t purpose_bits(const access_scene *scene, const char *a, const char *b) {
    return UINT64_C(1) << tf_access_purpose(scene->rules, a) |
           UINT64_C(1) << tf_access_purpose(scene->rules, b);
}

/* Everything is asked on day 100. */
static const int64_t decided_at = INT64_C(100) * 24 * 3600 * 1000000;

static inline void agree(const access_scene *scene, agreed_list *deals) {
    char sql[256];
    uint64_t personal = 0;
    for (size_t i = 0; i < scene->rules->category_count; i++) {
        personal |= scene->rules->categories[i].is_personal ? UINT64_C(1) << i : 0;
    }
    execute(scene, "BEGIN");
    for (int id = NOTHING; id < EXCEPT + TF_MOST_CATEGORIES; id++) {
        bool has_ended = id == SUCCEEDED_BY_IN_FORCE || id == SUCCEEDED_BY_OWN;
        if (id < OWNERS_END || (id >= EXCEPT && (personal >> (id - EXCEPT) & 1))) {
            snprintf(sql, sizeof sql,
                     "INSERT INTO organisation (id, name, kind, ended_on, successor_id, created_at)"
                     " VALUES (%d, 'Organisation %d', 'council', %s, %s, 0)",
                     id, id, has_ended ? "99" : "NULL",
                     id == SUCCEEDED_BY_IN_FORCE ? "11"
                     : id == SUCCEEDED_BY_OWN    ? "2"
                                                 : "NULL");
            execute(scene, sql);
        }
    }
    agreed all = {
        .id = 1, .receiver = OWN, .categories = personal, .purposes = 63, .fields = UINT32_MAX};
    agreed deal = all;
    deal.id = 1, deal.giver = EXPIRED;
    add_agreement(scene, &deal, OWN, "1", 10, "99", "NULL");
    deal.id = 2, deal.giver = UNSIGNED;
    add_agreement(scene, &deal, OWN, "NULL", 10, "NULL", "NULL");
    deal.id = 3, deal.giver = LATER;
    add_agreement(scene, &deal, OWN, "1", 101, "NULL", "NULL");
    deal.id = 4, deal.giver = ENDED;
    add_agreement(scene, &deal, OWN, "1", 10, "NULL", "5");
    deal.id = 5, deal.giver = OTHER_RECEIVER, deal.receiver = OTHER;
    add_deal(scene, deals, deal);
    deal.id = 6, deal.giver = OWN, deal.receiver = OTHER_DIRECTION;
    add_deal(scene, deals, deal);
    deal = all, deal.id = 11, deal.giver = IN_FORCE;
    add_deal(scene, deals, deal);
    deal.id = 12, deal.giver = OTHER_PURPOSE;
    deal.purposes = purpose_bits(scene, "safeguard", "oversight");
    add_deal(scene, deals, deal);
    deal = all, deal.id = 13, deal.giver = SOME_FIELDS, deal.fields = 9;
    add_deal(scene, deals, deal);
    deal = all, deal.id = 14, deal.giver = TWO, deal.fields = 5;
    deal.purposes = purpose_bits(scene, "safeguard", "oversight");
    add_deal(scene, deals, deal);
    deal = all, deal.id = 15, deal.giver = TWO, deal.fields = 2;
    deal.purposes = purpose_bits(scene, "oversight", "prevent-crime");
    add_deal(scene, deals, deal);
    for (size_t i = 0; i < scene->rules->category_count; i++) {
        if (personal >> i & 1) {
            deal = all, deal.id = EXCEPT + (int64_t)i, deal.giver = EXCEPT + (int64_t)i;
            deal.categories = personal & ~(UINT64_C(1) << i);
            add_deal(scene, deals, deal);
        }
    }
    execute(scene, "COMMIT");
}

/* ---- what is expected ---- */

/* One question: who asks for what, of whom, why. */
typedef struct inquiry {
    int role; /* the count of the roles: the operator */
    int category;
    tf_action action;
    int64_t owner;
    int64_t assigned_to;
    int purpose;
    bool is_justified;
    int64_t recipient; /* the organisation that it is given to; 0: none */
} inquiry;

/* The two rows that apply: the role's, and everybody's. */
static inline uint32_t fields_where(const decision_table *table, const inquiry *asked, char with,
                                    char without) {
    int everybody = tf_access_role(table->rules, "public");
    const table_row *rows[] = {&table->may[asked->role][asked->category][asked->action],
                               &table->may[everybody][asked->category][asked->action]};
    uint32_t fields = 0;
    for (size_t i = 0; i < 2; i++) {
        if (strchr(rows[i]->where, with) && !(without && strchr(rows[i]->where, without))) {
            fields |= rows[i]->fields;
        }
    }
    return fields;
}

/* What the agreements give the receiver of the wanted fields. */
static inline tf_decision expect_agreement(const decision_table *table, const agreed_list *deals,
                                           const inquiry *asked, int64_t receiver,
                                           uint32_t wanted) {
    tf_decision expected = {.reason = TF_REASON_NO_AGREEMENT, .organisation_id = asked->owner};
    for (size_t i = 0; i < deals->count; i++) {
        const agreed *deal = &deals->list[i];
        bool has_fields = table->rules->categories[asked->category].field_count > 0;
        uint32_t shared = wanted & (has_fields ? deal->fields : UINT32_MAX);
        if (deal->giver != asked->owner || deal->receiver != receiver ||
            !(deal->categories >> asked->category & 1)) {
            continue;
        }
        bool is_for_it = asked->purpose >= 0 && (deal->purposes >> asked->purpose & 1);
        if (is_for_it && shared) {
            expected.agreement_id = expected.is_allowed ? expected.agreement_id : deal->id;
            expected.is_allowed = true;
            expected.reason = TF_REASON_AGREEMENT;
            expected.organisation_id = 0;
            expected.fields |= shared;
        } else if (!expected.is_allowed) {
            expected.reason = asked->purpose < 0 ? TF_REASON_NO_PURPOSE
                              : is_for_it || expected.reason == TF_REASON_NO_FIELDS
                                  ? TF_REASON_NO_FIELDS
                                  : TF_REASON_OUTSIDE_PURPOSE;
        }
    }
    return expected;
}

static inline tf_decision expect_shared(const decision_table *table, const agreed_list *deals,
                                        const inquiry *asked) {
    tf_decision expected =
        expect_agreement(table, deals, asked, OWN, fields_where(table, asked, 'A', 'X'));
    /* An emergency adds to what is shared, and needs a purpose too. */
    uint32_t opened = fields_where(table, asked, 'E', 'X') & ~expected.fields;
    if (asked->is_justified && asked->purpose >= 0 && opened) {
        expected.is_allowed = true;
        expected.reason = TF_REASON_EMERGENCY;
        expected.organisation_id = 0;
        expected.fields |= opened;
    }
    return expected;
}

static inline tf_decision expect_role(const decision_table *table, const agreed_list *deals,
                                      const inquiry *question) {
    inquiry asked = *question;
    int everybody = tf_access_role(table->rules, "public");
    bool is_operator = asked.role == (int)table->rules->role_count;
    char place = asked.owner == 0          ? 'I'
                 : asked.owner != OWN      ? 'X'
                 : asked.assigned_to == 0  ? 'O'
                 : asked.assigned_to == ME ? 'M'
                                           : 'T';
    if (!*table->may[asked.role][asked.category][asked.action].where &&
        !*table->may[everybody][asked.category][asked.action].where) {
        return (tf_decision){.reason = TF_REASON_NO_ROLE};
    }
    if (strcmp(table->kind[asked.category], "open") != 0 && asked.purpose >= 0 &&
        !(table->purposes[asked.category] >> asked.purpose & 1)) {
        return (tf_decision){.reason = TF_REASON_WRONG_PURPOSE, .organisation_id = asked.owner};
    }
    uint32_t fields = fields_where(table, &asked, place, 0);
    if (fields) {
        return (tf_decision){.is_allowed = true, .reason = TF_REASON_GRANTED, .fields = fields};
    }
    if (place == 'X' && fields_where(table, &asked, 'A', 'X')) {
        return expect_shared(table, deals, &asked);
    }
    /* Of the installation as a whole nobody can be asked but an administrator. */
    if (place == 'I' && fields_where(table, &asked, 'A', 'X')) {
        return (tf_decision){.reason = TF_REASON_NO_AGREEMENT};
    }
    bool is_own = place != 'X' && place != 'I' && !is_operator;
    return (tf_decision){.reason = is_own ? TF_REASON_NOT_ASSIGNED : TF_REASON_OTHER_OWNER,
                         .organisation_id = asked.owner};
}

static inline tf_decision expect(const decision_table *table, const agreed_list *deals,
                                 const inquiry *question) {
    inquiry asked = *question;
    asked.owner = asked.owner == SUCCEEDED_BY_IN_FORCE ? IN_FORCE
                  : asked.owner == SUCCEEDED_BY_OWN    ? OWN
                                                       : asked.owner;
    tf_decision expected = expect_role(table, deals, &asked);
    bool is_given_away = asked.action == TF_ACTION_DISCLOSE && asked.recipient != 0 &&
                         asked.recipient != asked.owner &&
                         strcmp(table->kind[asked.category], "open") != 0;
    if (expected.is_allowed && is_given_away) {
        expected = expect_agreement(table, deals, &asked, asked.recipient, expected.fields);
        /* Whom to ask is whom it would be given to. */
        expected.organisation_id = expected.is_allowed ? 0 : asked.recipient;
    }
    return expected;
}

#endif
