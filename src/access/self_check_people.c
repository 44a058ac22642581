#include "self_check_internal.h"

#include "account_internal.h"
#include "setting.h"

#include "trefoil/base/date.h"

/* ---- accounts ---- */

/* What is counted of the active accounts, those of organisations that have ended left out. */
typedef struct tally {
    int64_t active;
    int64_t without_codes; /* with roles that need them */
    int64_t administrators;
    int64_t together[TF_MOST_ROLES]; /* with roles that should be apart, by the rule of the pack */
} tally;

/* Whoever may change everybody's accounts. */
static bool is_administrators(const tf_access_rules *rules, uint32_t roles) {
    int account = tf_access_category(rules, "account");
    for (size_t i = 0; i < rules->role_count; i++) {
        if ((roles >> i & 1) &&
            rules->roles[i].grants[account][TF_ACTION_ALTER].reach == TF_REACH_ALL) {
            return true;
        }
    }
    return false;
}

static void count_account(const tf_access_rules *rules, uint32_t roles, bool has_codes,
                          tally *counts) {
    counts->active++;
    counts->without_codes += !has_codes && tf_account_needs_code(rules, roles);
    counts->administrators += is_administrators(rules, roles);
    for (size_t i = 0; i < rules->apart_count; i++) {
        counts->together[i] +=
            (roles >> rules->apart[i].role & 1) && (roles & rules->apart[i].from);
    }
}

static tf_status count_accounts(tf_self_checker *checker, tally *counts, tf_error *error) {
    const tf_access_rules *rules = tf_pack_access_rules(checker->subject->pack);
    tf_statement *statement = NULL;
    tf_status status = tf_db_prepare(
        checker->db,
        "SELECT (SELECT group_concat(role) FROM account_role WHERE account_id = a.id), "
        "a.code_seed IS NOT NULL FROM account AS a JOIN organisation AS o "
        "ON o.id = a.organisation_id WHERE a.state = 'active' "
        "AND (o.ended_on IS NULL OR o.ended_on >= ?1)",
        &statement, error);
    bool has_row = !status;
    if (!status) {
        tf_bind_int(statement, 1, checker->subject->now / TF_MICROSECONDS_A_DAY);
    }
    while (!status && has_row) {
        status = tf_statement_step(statement, &has_row, error);
        if (!status && has_row) {
            uint32_t roles = tf_account_roles_stored(rules, tf_column_at_text(statement, 0));
            count_account(rules, roles, tf_column_at_int(statement, 1) != 0, counts);
        }
    }
    tf_statement_free(statement);
    return status;
}

static void check_codes(tf_self_checker *checker, const tally *counts) {
    if (counts->without_codes) {
        tf_finding_add(checker, "second-factor", TF_SEVERITY_WARNING,
                       "Until they sign in again, which asks for it, their passphrase alone "
                       "stands before what they may see.",
                       "Ask their holders to sign in and set one-time codes up, or suspend them.",
                       "%lld active %s no one-time codes.", (long long)counts->without_codes,
                       counts->without_codes == 1 ? "account has" : "accounts have");
    } else {
        tf_finding_fine(checker, "second-factor", "Every active account has one-time codes.");
    }
}

static void check_administrators(tf_self_checker *checker, const tally *counts) {
    static const char name[] = "administrators";
    if (counts->administrators >= 2) {
        tf_finding_fine(checker, name, "There are %lld active administrators.",
                        (long long)counts->administrators);
    } else if (counts->administrators == 1) {
        tf_finding_add(checker, name, TF_SEVERITY_WARNING,
                       "When the only one is away or has lost the device, nobody can let others "
                       "in or keep them out.",
                       "Invite another administrator, in the browser or by 'trefoil user invite'.",
                       "There is one active administrator alone.");
    } else {
        tf_finding_add(checker, name, TF_SEVERITY_DANGER,
                       "Nobody can let others in or keep them out, but at the machine.",
                       "Let whoever was invited as an administrator sign in, or invite one by "
                       "'trefoil user invite'.",
                       "There is no active administrator.");
    }
}

static void check_apart(tf_self_checker *checker, const tally *counts) {
    const tf_access_rules *rules = tf_pack_access_rules(checker->subject->pack);
    bool is_fine = true;
    for (size_t i = 0; i < rules->apart_count; i++) {
        const tf_roles_apart *apart = &rules->apart[i];
        if (counts->together[i]) {
            is_fine = false;
            tf_finding_add(checker, "roles-apart", TF_SEVERITY_WARNING, apart->why,
                           "Give these roles to different people where there are enough; the list "
                           "of accounts tells who has which.",
                           "%lld active %s the role \"%s\" and another that should be apart "
                           "from it.",
                           (long long)counts->together[i],
                           counts->together[i] == 1 ? "account has" : "accounts have",
                           rules->roles[apart->role].title);
        }
    }
    if (is_fine) {
        tf_finding_fine(checker, "roles-apart", "Nobody has roles that should be apart.");
    }
}

/* ---- readers of what the public sends ---- */

static void tell_readers(tf_self_checker *checker, const tf_form_definition *form, int64_t count) {
    static const char name[] = "form-readers";
    const char *title = form->title.in[TF_ENGLISH] ? form->title.in[TF_ENGLISH] : form->name;
    if (count >= 2) {
        tf_finding_fine(checker, name, "%lld people can open what is sent by the form \"%s\".",
                        (long long)count, title);
    } else if (count == 1) {
        tf_finding_add(
            checker, name, TF_SEVERITY_WARNING,
            "What is sent is sealed to those who can open it when it comes: if the "
            "only one forgets the passphrase, it is lost.",
            "Invite a second person with a role that reads it, let them sign in, and let "
            "them be confirmed at /concerns or by 'trefoil user confirm'.",
            "One person alone can open what is sent by the form \"%s\".", title);
    } else {
        tf_finding_add(checker, name, TF_SEVERITY_DANGER,
                       "What nobody could open is not taken: people are told that they cannot "
                       "send it.",
                       "Invite two people with a role that reads it into the organisation that it "
                       "belongs to, let both sign in, and let them be confirmed at /concerns or by "
                       "'trefoil user confirm'.",
                       "Nobody can open what is sent by the form \"%s\".", title);
    }
}

/* Only with the site's key is it known who can open something; without it, that is the finding. */
static void check_readers(tf_self_checker *checker) {
    const tf_pack *pack = checker->subject->pack;
    tf_access *access = NULL;
    tf_error error;
    if (!checker->key) {
        return;
    }
    tf_status status = tf_access_new(checker->db, pack, checker->key, &access, &error);
    for (size_t i = 0; !status && i < tf_pack_form_count(pack); i++) {
        const tf_form_definition *form = tf_pack_form_at(pack, i);
        int64_t count = 0;
        if (form->is_public) {
            status = checker->subject->count_readers(access, form, &count, &error);
        }
        if (form->is_public && !status) {
            tell_readers(checker, form, count);
        }
    }
    if (status) {
        tf_finding_unknown(checker, "form-readers", &error);
    }
    tf_access_free(access);
}

static void check_invitations(tf_self_checker *checker) {
    enum { MOST_DAYS = 7 };
    const int64_t before = checker->subject->now - MOST_DAYS * TF_MICROSECONDS_A_DAY;
    int64_t count = tf_finding_count(
        checker, "invitations",
        "SELECT count(*) FROM account WHERE state = 'invited' AND created_at < ?1", &before, 1);
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

void tf_self_check_people(tf_self_checker *checker) {
    tf_error error;
    tally counts = {0};
    int64_t accounts =
        tf_finding_count(checker, "accounts", "SELECT count(*) FROM account", NULL, 0);
    if (accounts <= 0) {
        return; /* they are not in use at all, or cannot be read */
    }
    tf_self_check_accounts(checker);
    if (count_accounts(checker, &counts, &error)) {
        tf_finding_unknown(checker, "second-factor", &error);
        return;
    }
    check_codes(checker, &counts);
    check_administrators(checker, &counts);
    check_apart(checker, &counts);
    check_readers(checker);
    check_invitations(checker);
    check_settings(checker);
}
