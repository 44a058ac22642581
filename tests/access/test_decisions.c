/* Every decision there is, against a table that was reviewed by hand; and that each single rule of
 * the pack decides something in it. */
#include "decisions.h"

#include "access/policy_internal.h"

/* Decisions are asked of a policy whose rules are a copy that may be changed. */
typedef struct rules_trial {
    access_scene scene;
    decision_table table;
    agreed_list deals;
    tf_access_rules rules;
    tf_category categories[TF_MOST_CATEGORIES];
    tf_role roles[TF_MOST_ROLES];
    tf_policy *policy;
} rules_trial;

static rules_trial the_trial;

static rules_trial *begin_trial(void **state) {
    rules_trial *trial = &the_trial;
    tf_error error;
    memset(trial, 0, sizeof *trial);
    open_access_scene(state, &trial->scene);
    agree(&trial->scene, &trial->deals);
    const tf_access_rules *rules = trial->scene.rules;
    read_table(rules, &trial->table);
    trial->rules = *rules;
    memcpy(trial->categories, rules->categories, rules->category_count * sizeof(tf_category));
    memcpy(trial->roles, rules->roles, rules->role_count * sizeof(tf_role));
    trial->rules.categories = trial->categories;
    trial->rules.roles = trial->roles;
    assert_ok(tf_policy_load(trial->scene.db, &trial->rules, decided_at, &trial->policy, &error),
              &error);
    return trial;
}

static void end_trial(rules_trial *trial) {
    tf_policy_free(trial->policy);
    close_access_scene(&trial->scene);
}

static tf_decision decide(const rules_trial *trial, const inquiry *asked,
                          const char *justification) {
    bool is_operator = asked->role == (int)trial->rules.role_count;
    tf_actor actor = {.account_id = ME, .organisation_id = OWN};
    if (is_operator) {
        actor = (tf_actor){.is_operator = true};
    } else {
        actor.roles = UINT32_C(1) << asked->role;
    }
    tf_object object = {.category = asked->category,
                        .id = 5,
                        .organisation_id = asked->owner,
                        .assigned_to = asked->assigned_to};
    tf_intent intent = {.purpose = asked->purpose,
                        .justification = justification,
                        .recipient_id = asked->recipient};
    return tf_policy_decide(trial->policy, &actor, asked->action, &object, &intent);
}

static bool are_same(const tf_decision *a, const tf_decision *b) {
    return a->is_allowed == b->is_allowed && a->reason == b->reason && a->fields == b->fields &&
           a->agreement_id == b->agreement_id && a->organisation_id == b->organisation_id;
}

static void say(const rules_trial *trial, const inquiry *asked, const tf_decision *actual,
                const tf_decision *expected) {
    const tf_access_rules *rules = &trial->rules;
    bool is_operator = asked->role == (int)rules->role_count;
    fprintf(
        stderr,
        "%s, %s %s of organisation %d assigned to %d, purpose %d%s, for %d: allowed %d, reason %d, "
        "fields %x, agreement %d, ask %d; not %d, %d, %x, %d, %d\n",
        is_operator ? "operator" : rules->roles[asked->role].name, tf_action_name(asked->action),
        rules->categories[asked->category].name, (int)asked->owner, (int)asked->assigned_to,
        asked->purpose, asked->is_justified ? ", emergency" : "", (int)asked->recipient,
        actual->is_allowed, (int)actual->reason, actual->fields, (int)actual->agreement_id,
        (int)actual->organisation_id, expected->is_allowed, (int)expected->reason, expected->fields,
        (int)expected->agreement_id, (int)expected->organisation_id);
}

static bool is_as_expected(const rules_trial *trial, const inquiry *asked,
                           const char *justification, bool is_told) {
    tf_decision expected = expect(&trial->table, &trial->deals, asked);
    tf_decision actual = decide(trial, asked, justification);
    bool is_same = are_same(&actual, &expected);
    if (!is_same && is_told) {
        say(trial, asked, &actual, &expected);
    }
    return is_same;
}

/* How many decisions of a role on a category by an action differ from the table, stopping at
 * `most`; the first is told if `is_told`.  What is disclosed is for nobody, for whom it belongs to,
 * or for another: with an agreement, without one, or not there any more. */
static size_t differences(const rules_trial *trial, int role, int category, tf_action action,
                          size_t most, bool is_told, size_t *asked_out) {
    static const char *const justifications[] = {NULL, "nineteen characters",
                                                 "is twenty characters"};
    static const int64_t assigned[] = {0, ME, SOMEBODY};
    static const int64_t recipients[] = {0, OWN, OTHER_DIRECTION, OTHER, SUCCEEDED_BY_OWN};
    const size_t recipient_count = action == TF_ACTION_DISCLOSE ? 5 : 1;
    size_t count = 0;
    int64_t owners[OWNERS_END + 4] = {0, OWN};
    size_t owner_count = 2;
    for (int64_t owner = NOTHING; owner < OWNERS_END; owner++) {
        owners[owner_count++] = owner;
    }
    if (trial->rules.categories[category].is_personal &&
        trial->scene.rules->categories[category].is_personal) {
        owners[owner_count++] = EXCEPT + category;
    }
    for (size_t i = 0; i < owner_count * 3 && count < most; i++) {
        for (int purpose = -1; purpose < (int)trial->rules.purpose_count; purpose++) {
            for (size_t j = 0; j < 3 * recipient_count; j++) {
                inquiry asked = {.role = role,
                                 .category = category,
                                 .action = action,
                                 .owner = owners[i / 3],
                                 .assigned_to = assigned[i % 3],
                                 .purpose = purpose,
                                 .is_justified = j % 3 == 2,
                                 .recipient = recipients[j / 3]};
                count +=
                    !is_as_expected(trial, &asked, justifications[j % 3], is_told && count == 0);
                *asked_out += 1;
            }
        }
    }
    return count;
}

static void every_decision_is_as_it_was_reviewed(void **state) {
    rules_trial *trial = begin_trial(state);
    size_t asked = 0, different = 0;
    for (int role = 0; role <= (int)trial->rules.role_count; role++) {
        for (int category = 0; category < (int)trial->rules.category_count; category++) {
            for (int action = 0; action < TF_ACTION_COUNT; action++) {
                different += differences(trial, role, category, (tf_action)action, SIZE_MAX,
                                         different == 0, &asked);
            }
        }
    }
    print_message("# %zu decisions\n", asked);
    assert_int_equal(different, 0);
    assert_true(asked > 500000);
    end_trial(trial);
}

/* The signs of a row one by one: the other way round, what is decided differs, or the row says what
 * cannot be meant, which is refused when the table is read. */
static void every_sign_of_the_table_says_something(void **state) {
    rules_trial *trial = begin_trial(state);
    size_t flips = 0;
    for (int role = 0; role <= (int)trial->rules.role_count; role++) {
        for (int category = 0; category < (int)trial->rules.category_count; category++) {
            for (int action = 0; action < TF_ACTION_COUNT; action++) {
                char *where = trial->table.may[role][category][action].where;
                for (size_t i = 0; where[i]; i++) {
                    size_t asked = 0;
                    char before = where[i];
                    where[i] = before == '.' ? "IOMTXAE"[i] : '.';
                    if (is_meant(where, (tf_action)action) &&
                        differences(trial, role, category, (tf_action)action, 1, false, &asked) ==
                            0) {
                        fail_msg("the sign %zu of what %d may by %d with %d says nothing", i, role,
                                 action, category);
                    }
                    where[i] = before;
                    flips++;
                }
            }
        }
    }
    assert_int_equal(flips, 7 * trial->table.row_count);
    end_trial(trial);
}

static void every_flag_is_as_it_was_reviewed(void **state) {
    rules_trial *trial = begin_trial(state);
    for (size_t i = 0; i < trial->rules.role_count; i++) {
        const tf_role *role = &trial->roles[i];
        const char *flags = trial->table.flags[i];
        assert_true(*flags);
        assert_int_equal(role->is_everyones, strstr(flags, "everyone") != NULL);
        assert_int_equal(role->is_operators, strstr(flags, "operator") != NULL);
        assert_int_equal(role->in_emergencies, strstr(flags, "emergencies") != NULL);
    }
    for (size_t i = 0; i < trial->rules.category_count; i++) {
        const char *kind = trial->table.kind[i];
        assert_true(*kind);
        assert_int_equal(trial->categories[i].is_personal, strcmp(kind, "open") != 0);
        assert_int_equal(trial->categories[i].is_content, strcmp(kind, "content") == 0);
        assert_int_equal(trial->categories[i].purposes, trial->table.purposes[i]);
    }
    end_trial(trial);
}

/* ---- each rule decides something ---- */

static bool is_noticed(const rules_trial *trial, int role, int category, int action) {
    size_t asked = 0;
    return differences(trial, role, category, (tf_action)action, 1, false, &asked) > 0;
}

/* What everybody may anywhere, a role may too, whatever its own rule says. */
static bool is_everybodys(const rules_trial *trial, int role, int category, int action) {
    int everybody = tf_access_role(&trial->rules, "public");
    return role != everybody &&
           strcmp(trial->table.may[everybody][category][action].where, "IOMTXAE") == 0;
}

/* Whether everybody reaches as far by this action, so that a role's own reach of it says nothing.
 */
static bool is_within_everybodys(const rules_trial *trial, int role, int category, int action,
                                 tf_reach reach) {
    int everybody = tf_access_role(&trial->rules, "public");
    return role != everybody && reach <= trial->roles[everybody].grants[category][action].reach;
}

/* Change one grant in every way there is; how many changes there were. */
static size_t change_grant(rules_trial *trial, int role, int category, int action) {
    tf_grant *grant = &trial->roles[role].grants[category][action];
    const tf_grant before = *grant;
    const uint32_t all = tf_access_all_fields(&trial->categories[category]);
    size_t changes = 0;
    for (int reach = TF_REACH_NONE; reach < TF_REACH_COUNT; reach++) {
        if (reach == (int)before.reach ||
            (is_within_everybodys(trial, role, category, action, before.reach) &&
             is_within_everybodys(trial, role, category, action, (tf_reach)reach))) {
            continue;
        }
        *grant = (tf_grant){.reach = (tf_reach)reach, .fields = before.reach ? before.fields : all};
        if (!is_noticed(trial, role, category, action)) {
            fail_msg("nobody notices that %s may %s %s with reach %d", trial->roles[role].name,
                     tf_action_name((tf_action)action), trial->categories[category].name, reach);
        }
        changes++;
    }
    for (size_t i = 0; before.reach && i < trial->categories[category].field_count; i++) {
        *grant = before;
        grant->fields ^= UINT32_C(1) << i;
        if (!is_noticed(trial, role, category, action)) {
            fail_msg("nobody notices that %s may %s %s with or without %s", trial->roles[role].name,
                     tf_action_name((tf_action)action), trial->categories[category].name,
                     trial->categories[category].fields[i].name);
        }
        changes++;
    }
    *grant = before;
    return changes;
}

static void a_change_of_any_one_grant_changes_a_decision(void **state) {
    rules_trial *trial = begin_trial(state);
    size_t changes = 0, grants = 0;
    for (int role = 0; role < (int)trial->rules.role_count; role++) {
        for (int category = 0; category < (int)trial->rules.category_count; category++) {
            for (int action = 0; action < TF_ACTION_COUNT; action++) {
                bool is_given = trial->roles[role].grants[category][action].reach != TF_REACH_NONE;
                grants += is_given;
                /* A rule that changes nothing has no place in the pack. */
                assert_false(is_given && is_everybodys(trial, role, category, action));
                if (!is_everybodys(trial, role, category, action)) {
                    changes += change_grant(trial, role, category, action);
                }
            }
        }
    }
    print_message("# %zu changes of %zu grants\n", changes, grants);
    assert_true(changes > 3000);
    /* The rows of the operator are made of others' grants. */
    size_t operators = 0;
    for (int category = 0; category < (int)trial->rules.category_count; category++) {
        for (int action = 0; action < TF_ACTION_COUNT; action++) {
            operators += *trial->table.may[trial->rules.role_count][category][action].where != '\0';
        }
    }
    assert_int_equal(grants + operators, trial->table.row_count);
    end_trial(trial);
}

static bool is_noticed_anywhere(const rules_trial *trial, int category) {
    for (int role = 0; role <= (int)trial->rules.role_count; role++) {
        for (int action = 0; action < TF_ACTION_COUNT; action++) {
            if (is_noticed(trial, role, category, action)) {
                return true;
            }
        }
    }
    return false;
}

static void a_change_of_any_one_purpose_or_kind_changes_a_decision(void **state) {
    rules_trial *trial = begin_trial(state);
    for (int i = 0; i < (int)trial->rules.category_count; i++) {
        tf_category *category = &trial->categories[i];
        assert_false(is_noticed_anywhere(trial, i));
        for (size_t j = 0; category->is_personal && j < trial->rules.purpose_count; j++) {
            category->purposes ^= UINT64_C(1) << j;
            if (!is_noticed_anywhere(trial, i)) {
                fail_msg("nobody notices the purpose %s of %s", trial->rules.purposes[j].name,
                         category->name);
            }
            category->purposes ^= UINT64_C(1) << j;
        }
        category->is_personal = !category->is_personal;
        if (!is_noticed_anywhere(trial, i)) {
            fail_msg("nobody notices whether %s is personal", category->name);
        }
        category->is_personal = !category->is_personal;
    }
    end_trial(trial);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(every_decision_is_as_it_was_reviewed),
        temporary_test(every_sign_of_the_table_says_something),
        temporary_test(every_flag_is_as_it_was_reviewed),
        temporary_test(a_change_of_any_one_grant_changes_a_decision),
        temporary_test(a_change_of_any_one_purpose_or_kind_changes_a_decision),
    };
    return cmocka_run_group_tests_name("access-decisions", tests, NULL, NULL);
}
