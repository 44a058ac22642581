/* trefoil audit head and trefoil audit key */
#include "access/audit_head.h"
#include "cli/command.h"
#include "cli/report.h"
#include "trefoil/base/date.h"

enum { DB, NOW, OUT, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database file", true},
    [NOW] = {"now", NULL, "sign the present end of the chain, for which the site's key is needed",
             false},
    [OUT] = {"out", "FILE", "where to write it, instead of standard output", false},
};

static tf_status make_head(const tf_arguments *arguments, tf_audit_head *head_out,
                           tf_error *error) {
    const char *path = arguments->values[DB];
    tf_db *db = NULL;
    tf_site_key key;
    tf_status status = tf_secret_begin(error);
    if (!status) {
        status = tf_db_open(path, TF_DB_READ, &db, error);
    }
    if (!status && arguments->values[NOW]) {
        status = tf_site_key_load(path, &key, error);
        if (!status) {
            status = tf_audit_sign_now(db, &key, head_out, error);
        }
        tf_secret_forget(&key, sizeof key);
    } else if (!status) {
        status = tf_audit_head_last(db, head_out, error);
    }
    tf_db_close(db);
    return status;
}

/* So that trefoil doctor tells how old the last one is.  Whoever may only read the database still
 * has the head. */
static void note_written(const char *path) {
    tf_db *db = NULL;
    tf_error error;
    tf_status status = tf_db_open(path, TF_DB_WRITE, &db, &error);
    if (!status) {
        status = tf_audit_head_note_written(db, tf_instant_now(), &error);
    }
    tf_db_close(db);
    if (status) {
        tf_log(TF_LOG_WARNING, "trefoil doctor will not know of this head: %s", error.message);
    }
}

static tf_exit run_head(const tf_arguments *arguments) {
    tf_error error;
    tf_audit_head head;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status = make_head(arguments, &head, &error);
    if (!status) {
        tf_audit_head_write(&head, &out);
    }
    const char *file = arguments->values[OUT];
    tf_exit code =
        file ? tf_report_end_in(status, file, &out, &error) : tf_report_end(status, &out, &error);
    if (code == TF_EXIT_DONE) {
        note_written(arguments->values[DB]);
    }
    return code;
}

const tf_command tf_command_audit_head = {
    .name = "audit head",
    .summary = "write the audit's signed head, to be kept elsewhere",
    .details =
        "A head is a small file: the number of an entry of the audit, its hash and the site's "
        "signature. It holds nothing personal and no secret. As each hash covers all entries "
        "before it, a head that is kept where nobody reaches who reaches the database (another "
        "organisation, paper, a write-once disk) proves for ever what the audit was up to there: "
        "see trefoil audit verify --head.\n\n"
        "Without --now it is that of the last day that is over, signed when the next one began. "
        "When one was written is kept, and trefoil doctor warns after two weeks without.",
    .example = "  trefoil audit head --db county.db --now --out /mnt/usb/head-2026-11-30.json\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run_head,
};

/* ---- the public key ---- */

static const tf_option key_options[] = {
    {"db", "FILE", "the database file, with its key beside it", true},
};

static tf_exit run_key(const tf_arguments *arguments) {
    tf_error error;
    tf_site_key key;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status = tf_site_key_load(arguments->values[DB], &key, &error);
    if (!status) {
        char digits[2 * TF_KEY_SIZE + 1];
        tf_hex_write(key.sign_public, TF_KEY_SIZE, digits);
        tf_buffer_format(&out, "%s\n", digits);
    }
    tf_secret_forget(&key, sizeof key);
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_audit_key = {
    .name = "audit key",
    .summary = "print the public key that heads are signed with",
    .details = "An Ed25519 public key, 64 hexadecimal digits. Give it to whoever keeps heads, so "
               "that they know this site's from another's: each head names it as public_key. It "
               "is no secret.",
    .example = "  trefoil audit key --db county.db\n",
    .options = {.options = key_options, .option_count = 1},
    .run = run_key,
};
