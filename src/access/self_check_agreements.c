#include "self_check_internal.h"

#include "trefoil/base/date.h"

/* Those that every party has signed and nobody has ended. */
#define SIGNED_AGREEMENT                                                                           \
    "SELECT count(*) FROM agreement WHERE ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM "         \
    "agreement_party WHERE agreement_id = agreement.id AND signed_at IS NULL) AND "

static void check_agreements(tf_self_checker *checker) {
    enum { SOON_DAYS = 30 };
    const int64_t today = checker->subject->now / TF_MICROSECONDS_A_DAY,
                  soon_day = today + SOON_DAYS;
    int64_t expired =
        tf_finding_count(checker, "agreements", SIGNED_AGREEMENT "ends_on < ?1", &today, 1);
    int64_t overdue = tf_finding_count(
        checker, "agreements",
        SIGNED_AGREEMENT "review_on <= ?1 AND (ends_on IS NULL OR ends_on >= ?1)", &today, 1);
    int64_t soon = tf_finding_count(
        checker, "agreements",
        SIGNED_AGREEMENT
        "review_on BETWEEN ?1 - 29 AND ?1 AND (ends_on IS NULL OR ends_on >= ?1 - 30)",
        &soon_day, 1);
    int64_t ending = tf_finding_count(
        checker, "agreements", SIGNED_AGREEMENT "ends_on BETWEEN ?1 - 30 AND ?1", &soon_day, 1);
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
        "SELECT count(*) FROM audit_entry WHERE outcome = 'emergency' AND NOT EXISTS "
        "(SELECT 1 FROM emergency_review WHERE entry_id = audit_entry.id)",
        NULL, 0);
    if (count > 0) {
        tf_finding_add(checker, "emergencies", TF_SEVERITY_WARNING,
                       "Reading without an agreement is for emergencies alone, which holds only "
                       "if somebody looks at each.",
                       "Let a data lead of whom the data belongs to review them, or an auditor.",
                       "%lld emergency %s not been reviewed.", (long long)count,
                       count == 1 ? "access has" : "accesses have");
    } else if (count == 0) {
        tf_finding_fine(checker, "emergencies", "Every emergency access has been reviewed.");
    }
}

void tf_self_check_agreements(tf_self_checker *checker) {
    check_agreements(checker);
    check_emergencies(checker);
}
