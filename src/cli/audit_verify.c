/* trefoil audit verify */
#include "access/audit_verify.h"
#include "cli/command.h"
#include "cli/kept_head.h"
#include "cli/report.h"
#include "insight/profile_words.h"
#include "trefoil/base/date.h"

enum { DB, HEAD, NO_KEY, OPTION_COUNT };

enum { HEADS_MOST = 400 };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database file", true},
    [HEAD] = {"head", "FILE", "a head that was kept elsewhere, to be given for each", false},
    [NO_KEY] = {"no-key", NULL, "verify without the site's key, as whoever may not read it", false},
};

static tf_status read_heads(const tf_arguments *arguments, tf_audit_kept_head *kept_out,
                            tf_error *error) {
    tf_status status = tf_secret_begin(error);
    for (size_t i = 0; i < arguments->operand_count && !status; i++) {
        status = tf_cli_read_head(arguments->operands[i], &kept_out[i], error);
    }
    return status;
}

/* `*has_key_out` is false where there is none, as in a copy of the database alone. */
static tf_status load_key(const tf_arguments *arguments, tf_site_key *key_out, bool *has_key_out,
                          tf_error *error) {
    *has_key_out = false;
    if (arguments->values[NO_KEY]) {
        return TF_OK;
    }
    tf_status status = tf_site_key_load(arguments->values[DB], key_out, error);
    *has_key_out = !status;
    return status == TF_NOT_FOUND ? TF_OK : status;
}

static void say_count(tf_buffer *out, int64_t count, const char *one, const char *many) {
    char text[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(out, "%s %s", tf_words_count(count, text), count == 1 ? one : many);
}

static void say_sound(const char *path, const tf_audit_report *report, tf_buffer *out) {
    char first[TF_INSTANT_TEXT_SIZE], last[TF_INSTANT_TEXT_SIZE];
    if (report->entry_count == 0) {
        tf_buffer_format(out, "%s has no audit yet.\n", path);
        return;
    }
    tf_buffer_format(out, "The audit of %s is sound: ", path);
    say_count(out, report->entry_count, "entry", "entries");
    tf_buffer_format(out, " from %s to %s, ", tf_instant_format(report->first_at, first),
                     tf_instant_format(report->last_at, last));
    say_count(out, report->head_count, "signed day", "signed days");
    tf_buffer_append_text(out, ", ");
    say_count(out, report->kept_head_count, "head kept elsewhere", "heads kept elsewhere");
    tf_buffer_append_text(out, ".\n");
    if (!report->is_end_checked) {
        tf_buffer_append_text(
            out, "It was verified without the site's key, so what follows the last signed day, or "
                 "the last head kept elsewhere, may have been added, cut off or rewritten by "
                 "somebody who hashed it rightly.\n");
    } else if (!report->is_mark_checked) {
        tf_buffer_append_text(
            out, "There is no mark beside the database, so entries may have been cut off by "
                 "somebody who put an earlier record of the chain's end back; the next entry makes "
                 "one.\n");
    }
    if (report->lost_count) {
        tf_buffer_append_text(out, "Behind the last ");
        say_count(out, report->lost_count, "entry is", "entries are");
        tf_buffer_append_text(
            out, " gone since the machine was started anew: after a power cut they had not come to "
                 "the disk; if there was none, they have been cut off.\n");
    }
    if (report->is_end_checked && report->kept_head_count == 0) {
        tf_buffer_append_text(
            out, "Whoever holds both the database and its key can have rewritten all of it; a head "
                 "that is kept elsewhere would tell (see trefoil audit head --help).\n");
    }
}

static tf_exit run(const tf_arguments *arguments) {
    static tf_audit_kept_head kept[HEADS_MOST];
    const char *path = arguments->values[DB];
    tf_error error;
    tf_db *db = NULL;
    tf_site_key key;
    bool has_key = false;
    tf_audit_report report = {0};
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status = read_heads(arguments, kept, &error);
    if (!status) {
        status = tf_db_open(path, TF_DB_READ, &db, &error);
    }
    if (!status) {
        status = load_key(arguments, &key, &has_key, &error);
    }
    if (!status) {
        status = tf_audit_verify(db, has_key ? &key : NULL, kept, arguments->operand_count, &report,
                                 &error);
    }
    if (!status && report.fault) {
        status = tf_fail(&error, TF_BAD_INPUT, path, 0, "%s", report.message);
    } else if (!status) {
        say_sound(path, &report, &out);
    }
    tf_db_close(db);
    tf_secret_forget(&key, sizeof key);
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_audit_verify = {
    .name = "audit verify",
    .summary = "prove that no entry was changed, removed or added",
    .details =
        "Walks the chain of entries from the first to the last and says the first fault, with the "
        "number and the time of the entry it is at: an entry that was changed, removed, put in "
        "between or exchanged, entries cut off at the end or added there, a signed day whose head "
        "is missing or names another chain. The exit code is then 1. Others may use the database "
        "meanwhile.\n\n"
        "With the site's key beside the database, the end of the chain is verified too, and that "
        "it comes to the mark that stands there (FILE.mark), which moves with every entry. What "
        "somebody with the key could have rewritten, heads tell that were kept elsewhere: give "
        "each with --head. docs/audit.md says what is proved, and how to verify without Trefoil.",
    .example = "  trefoil audit verify --db county.db --head /mnt/usb/head-2026-11-30.json\n",
    .options = {.options = options,
                .option_count = OPTION_COUNT,
                .most_operands = HEADS_MOST,
                .repeated = "head"},
    .run = run,
};
