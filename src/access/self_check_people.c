#include "self_check_internal.h"

#include "account_internal.h"
#include "rows_internal.h"
#include "setting.h"

/* ---- accounts ---- */

/* Whether the accounts of this installation are in use at all. */
static bool has_accounts(tf_self_checker *checker) {
    return tf_finding_count(checker, "accounts", "SELECT count(*) + ?1 FROM account", 0) > 0;
}

/* Active accounts with roles that need a code, and without one. */
static void check_codes(tf_self_checker *checker) {
    tf_error error;
    tf_statement *statement = NULL;
    int64_t count = 0;
    tf_status status = tf_db_prepare(
        checker->db,
        "SELECT (SELECT group_concat(role) FROM account_role WHERE account_id = account.id) "
        "FROM account WHERE state = 'active' AND code_seed IS NULL",
        &statement, &error);
    bool has_row = true;
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, &error);
        if (!status && has_row) {
            const tf_access_rules *rules = checker->subject->rules;
            tf_text names = tf_column_at_text(statement, 0);
            count += tf_account_needs_code(rules, tf_account_roles_stored(rules, names));
        }
    }
    tf_statement_free(statement);
    if (status) {
        tf_finding_add(checker, "second-factor", TF_SEVERITY_DANGER,
                       "What cannot be read is not known.",
                       "Restore the database from a backup if it is damaged.",
                       "This could not be looked up: %s.", error.message);
    } else if (count) {
        tf_finding_add(checker, "second-factor", TF_SEVERITY_WARNING,
                       "Until they sign in again, which asks for it, their passphrase alone "
                       "stands before what they may see.",
                       "Ask their holders to sign in and set one-time codes up, or suspend them.",
                       "%lld active %s no one-time codes.", (long long)count,
                       count == 1 ? "account has" : "accounts have");
    } else {
        tf_finding_fine(checker, "second-factor", "Every active account has one-time codes.");
    }
}

/* What is said of a role that must not hang on one person. */
typedef struct needed_role {
    const char *name; /* of the finding */
    const char *role; /* in the pack */
    const char *sql;  /* counts its active accounts; ?1 is not used */
    const char *none;
    const char *one;
    const char *many; /* what is counted */
    const char *why;
    const char *action;
} needed_role;

static const needed_role needed_roles[] = {
    {.name = "administrators",
     .role = "administrator",
     .sql = "SELECT count(*) + ?1 FROM account JOIN account_role ON account_id = account.id "
            "WHERE state = 'active' AND role = 'administrator'",
     .none = "There is no active administrator.",
     .one = "There is one active administrator alone.",
     .many = "active administrators",
     .why = "When the only one is away or has lost the device, nobody can let others in or keep "
            "them out.",
     .action = "Invite another administrator ('trefoil user invite')."},
    {.name = "intake-officers",
     .role = "intake-officer",
     .sql = "SELECT count(*) + ?1 FROM account JOIN account_role ON account_id = account.id "
            "WHERE state = 'active' AND role = 'intake-officer' AND public_key IS NOT NULL",
     .none = "Nobody can open what the public reports.",
     .one = "One intake officer alone can open what the public reports.",
     .many = "intake officers who can open what the public reports",
     .why = "Reports are sealed to the intake officers there are when they come: if the only one "
            "forgets the passphrase, they are lost.",
     .action = "Invite a second intake officer, and let both sign in once."},
};

static void check_roles(tf_self_checker *checker) {
    for (size_t i = 0; i < sizeof needed_roles / sizeof *needed_roles; i++) {
        const needed_role *needed = &needed_roles[i];
        if (tf_access_role(checker->subject->rules, needed->role) < 0) {
            continue; /* this pack has none */
        }
        int64_t count = tf_finding_count(checker, needed->name, needed->sql, 0);
        if (count >= 2) {
            tf_finding_fine(checker, needed->name, "There are %lld %s.", (long long)count,
                            needed->many);
        } else if (count >= 0) {
            tf_finding_add(checker, needed->name, count ? TF_SEVERITY_WARNING : TF_SEVERITY_DANGER,
                           needed->why, needed->action, "%s", count ? needed->one : needed->none);
        }
    }
}

static void check_invitations(tf_self_checker *checker) {
    enum { MOST_DAYS = 7 };
    int64_t count =
        tf_finding_count(checker, "invitations",
                         "SELECT count(*) FROM account WHERE state = 'invited' AND created_at < ?1",
                         checker->subject->now - MOST_DAYS * tf_finding_day);
    if (count > 0) {
        tf_finding_add(checker, "invitations", TF_SEVERITY_NOTICE,
                       "An account that nobody uses is one that nobody would miss.",
                       "Invite its holder anew, or close the account.",
                       "%lld %s not been followed for more than a week.", (long long)count,
                       count == 1 ? "invitation has" : "invitations have");
    } else if (count == 0) {
        tf_finding_fine(checker, "invitations", "No invitation has waited for long.");
    }
}

static int64_t setting(tf_self_checker *checker, const char *name, int64_t usual) {
    int64_t value = usual;
    tf_error error;
    if (tf_setting_value(checker->db, name, &value, &error)) {
        return usual; /* the same fault is told by every other check */
    }
    return value;
}

static void check_settings(tf_self_checker *checker) {
    enum { MOST_IDLE_MINUTES = 60, MOST_HOURS = 24 };
    const tf_passphrase_cost *cost = &tf_passphrase_cost_default;
    int64_t idle = setting(checker, "session-idle-minutes", 30);
    int64_t hours = setting(checker, "session-hours", 12);
    if (idle > MOST_IDLE_MINUTES || hours > MOST_HOURS) {
        tf_finding_add(checker, "sessions", TF_SEVERITY_WARNING,
                       "Whoever finds a browser that was left open sees what its owner may see.",
                       "Set session-idle-minutes to 60 at most, and session-hours to 24 at most.",
                       "Sessions last long: %lld minutes without use, and %lld hours in all.",
                       (long long)idle, (long long)hours);
    } else {
        tf_finding_fine(checker, "sessions",
                        "Sessions end after %lld minutes without use, and after %lld hours.",
                        (long long)idle, (long long)hours);
    }
    int64_t passes = setting(checker, "passphrase-passes", cost->passes);
    int64_t memory_kib = setting(checker, "passphrase-memory-kib", cost->memory_bytes / 1024);
    if (passes < cost->passes || memory_kib < cost->memory_bytes / 1024) {
        tf_finding_add(checker, "passphrase-cost", TF_SEVERITY_WARNING,
                       "A stolen database gives way to guessing the sooner, the less a guess "
                       "costs.",
                       "Run 'trefoil setting set passphrase-passes usual', and the same for "
                       "passphrase-memory-kib.",
                       "New passphrases cost less than they should: %lld passes over %lld KiB.",
                       (long long)passes, (long long)memory_kib);
    } else {
        tf_finding_fine(checker, "passphrase-cost",
                        "Guessing a passphrase takes %lld passes over %lld MiB.", (long long)passes,
                        (long long)(memory_kib / 1024));
    }
}

/* ---- agreements ---- */

/* Those that every party has signed and nobody has ended. */
#define SIGNED_AGREEMENT                                                                           \
    "SELECT count(*) FROM agreement WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM "         \
    "agreement_party WHERE agreement_id = agreement.id AND signed_at IS NULL) AND "

static void check_agreements(tf_self_checker *checker) {
    enum { SOON_DAYS = 30 };
    int64_t today = checker->subject->now / tf_finding_day;
    int64_t expired =
        tf_finding_count(checker, "agreements", SIGNED_AGREEMENT "ends_on < ?1", today);
    int64_t overdue = tf_finding_count(
        checker, "agreements",
        SIGNED_AGREEMENT "review_on <= ?1 AND (ends_on IS NULL OR ends_on >= ?1)", today);
    int64_t soon = tf_finding_count(
        checker, "agreements",
        SIGNED_AGREEMENT
        "review_on BETWEEN ?1 - 29 AND ?1 AND (ends_on IS NULL OR ends_on >= ?1 - 30)",
        today + SOON_DAYS);
    int64_t ending =
        tf_finding_count(checker, "agreements", SIGNED_AGREEMENT "ends_on BETWEEN ?1 - 30 AND ?1",
                         today + SOON_DAYS);
    if (overdue > 0) {
        tf_finding_add(checker, "agreement-reviews", TF_SEVERITY_WARNING,
                       "An agreement that nobody looks at anew may share what it should not.",
                       "Review it with its parties; 'trefoil agreement list' names it.",
                       "%lld sharing %s due for review.", (long long)overdue,
                       overdue == 1 ? "agreement is" : "agreements are");
    }
    if (expired > 0) {
        tf_finding_add(checker, "agreements", TF_SEVERITY_NOTICE,
                       "What was shared under it is refused since.",
                       "Draft another and let it be signed, or end this one with the reason.",
                       "%lld sharing %s expired.", (long long)expired,
                       expired == 1 ? "agreement has" : "agreements have");
    }
    if (soon > 0 || ending > 0) {
        tf_finding_add(checker, "agreements-soon", TF_SEVERITY_NOTICE,
                       "When an agreement expires, what is shared under it is refused from that "
                       "day on.",
                       "Ask its parties to review it in time.",
                       "Within %d days %lld sharing %s due for review, and %lld will expire.",
                       SOON_DAYS, (long long)soon, soon == 1 ? "agreement is" : "agreements are",
                       (long long)ending);
    }
    if (overdue == 0 && expired == 0 && soon == 0 && ending == 0) {
        tf_finding_fine(checker, "agreements", "No sharing agreement is due.");
    }
}

static void check_emergencies(tf_self_checker *checker) {
    int64_t count = tf_finding_count(
        checker, "emergencies",
        "SELECT count(*) + ?1 FROM audit_entry WHERE outcome = 'emergency' AND NOT EXISTS "
        "(SELECT 1 FROM emergency_review WHERE entry_id = audit_entry.id)",
        0);
    if (count > 0) {
        tf_finding_add(checker, "emergencies", TF_SEVERITY_WARNING,
                       "Reading without an agreement is for emergencies alone, which holds only "
                       "if somebody looks at each.",
                       "Let a data lead of whom the data belongs to review them, or an "
                       "auditor.",
                       "%lld emergency %s not been reviewed.", (long long)count,
                       count == 1 ? "access has" : "accesses have");
    } else if (count == 0) {
        tf_finding_fine(checker, "emergencies", "Every emergency access has been reviewed.");
    }
}

void tf_self_check_people(tf_self_checker *checker) {
    if (has_accounts(checker)) {
        check_codes(checker);
        check_roles(checker);
        check_invitations(checker);
        check_settings(checker);
    }
    check_agreements(checker);
    check_emergencies(checker);
}
