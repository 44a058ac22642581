#include "self_check_internal.h"

#include "account_internal.h"
#include "proof_internal.h"
#include "reader.h"

/* Accounts of one kind, as a finding names them: "3 (asha@example.org), 7 (tom@example.org)". */
typedef struct naming {
    tf_buffer names;
    int count;
} naming;

static void name_account(naming *own, tf_statement *statement) {
    enum { MOST_NAMED = 5 };
    if (own->count++ < MOST_NAMED) {
        tf_text email = tf_column_at_text(statement, TF_PROVEN_EMAIL);
        tf_buffer_format(&own->names, "%s%lld (%.60s)", own->count > 1 ? ", " : "",
                         (long long)tf_column_at_int(statement, TF_PROVEN_ID),
                         email.data ? email.data : "");
    }
}

typedef struct tally {
    naming foreign; /* not written by this program */
    naming waiting; /* readers whose keys are not confirmed */
    naming first;   /* readers who were taken without, as the first of their organisation */
} tally;

static void count(const tf_self_checker *checker, tf_statement *statement, tally *own) {
    if (!tf_proof_holds(checker->key, "account", statement, 0, TF_PROVEN_ACCOUNT_COUNT)) {
        name_account(&own->foreign, statement);
        return;
    }
    const tf_access_rules *rules = tf_pack_access_rules(checker->subject->pack);
    uint32_t roles = tf_account_roles_stored(rules, tf_column_at_text(statement, TF_PROVEN_ROLES));
    int64_t generation = tf_column_at_int(statement, TF_PROVEN_GENERATION);
    if (generation == 0 || !tf_reader_is_meant(rules, roles)) {
        return;
    }
    if (tf_column_at_int(statement, TF_PROVEN_CONFIRMED_GENERATION) != generation) {
        name_account(&own->waiting, statement);
    } else if (tf_column_at_int(statement, TF_PROVEN_CONFIRMED_BY) ==
               tf_column_at_int(statement, TF_PROVEN_ID)) {
        name_account(&own->first, statement);
    }
}

static void tell(tf_self_checker *checker, const tally *own) {
    if (own->foreign.count) {
        tf_finding_add(checker, "foreign-accounts", TF_SEVERITY_DANGER,
                       "Somebody has made or changed them in the database itself. Nobody can sign "
                       "in to them and nothing is sealed to them.",
                       "Find out who can write to the database; close them ('trefoil user close') "
                       "and invite their holders anew.",
                       "%d %s not written by this program: %s.", own->foreign.count,
                       own->foreign.count == 1 ? "account was" : "accounts were",
                       own->foreign.names.data);
    } else {
        tf_finding_fine(checker, "foreign-accounts", "Every account was written by this program.");
    }
    if (own->waiting.count) {
        tf_finding_add(checker, "unconfirmed-readers", TF_SEVERITY_NOTICE,
                       "Nothing is sealed to them until somebody confirms that it is them.",
                       "Ask a colleague of theirs to do so at /concerns or /intelligence; where "
                       "there is none, run 'trefoil user confirm'.",
                       "The keys of %d %s not confirmed: %s.", own->waiting.count,
                       own->waiting.count == 1 ? "account are" : "accounts are",
                       own->waiting.names.data);
    } else {
        tf_finding_fine(checker, "unconfirmed-readers", "The keys of all readers are confirmed.");
    }
    if (own->first.count) {
        tf_finding_fine(checker, "first-readers",
                        "Nobody has confirmed these, who were the first readers of their "
                        "organisations: %s.",
                        own->first.names.data);
    }
}

void tf_self_check_accounts(tf_self_checker *checker) {
    tally own = {.foreign.count = 0};
    tf_error error;
    tf_statement *statement = NULL;
    bool has_row = false;
    if (!checker->key) {
        return; /* which is a finding of its own */
    }
    tf_buffer_init(&own.foreign.names);
    tf_buffer_init(&own.waiting.names);
    tf_buffer_init(&own.first.names);
    tf_status status = tf_db_prepare(checker->db,
                                     "SELECT " TF_PROVEN_ACCOUNT
                                     " FROM account AS a WHERE a.state <> 'closed' ORDER BY a.id",
                                     &statement, &error);
    while (!status && !(status = tf_statement_step(statement, &has_row, &error)) && has_row) {
        count(checker, statement, &own);
    }
    tf_statement_free(statement);
    checker->failed |=
        own.foreign.names.failed || own.waiting.names.failed || own.first.names.failed;
    if (status) {
        tf_finding_unknown(checker, "foreign-accounts", &error);
    } else if (!checker->failed) {
        tell(checker, &own);
    }
    tf_buffer_deinit(&own.foreign.names);
    tf_buffer_deinit(&own.waiting.names);
    tf_buffer_deinit(&own.first.names);
}
