#include "self_check_internal.h"

#include "trefoil/base/date.h"

#include <stdarg.h>
#include <stdio.h>

const char *tf_severity_name(tf_severity severity) {
    static const char *const names[TF_SEVERITY_COUNT] = {
        [TF_SEVERITY_OK] = "ok",
        [TF_SEVERITY_NOTICE] = "notice",
        [TF_SEVERITY_WARNING] = "warning",
        [TF_SEVERITY_DANGER] = "danger",
    };
    return names[severity];
}

enum { SENTENCE_SIZE = 1024 };

static void add(tf_self_checker *checker, const char *name, tf_severity severity, const char *why,
                const char *action, const char *what) {
    const char *kept = tf_arena_copy_text(checker->arena, what, strlen(what));
    if (!kept || tf_reserve(&checker->findings, &checker->capacity, checker->count + 1,
                            sizeof *checker->findings, NULL)) {
        checker->failed = true;
        return;
    }
    checker->findings[checker->count++] = (tf_finding){
        .name = name, .severity = severity, .what = kept, .why = why, .action = action};
}

void tf_finding_add(tf_self_checker *checker, const char *name, tf_severity severity,
                    const char *why, const char *action, const char *what, ...) {
    char text[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    add(checker, name, severity, why, action, text);
}

void tf_finding_fine(tf_self_checker *checker, const char *name, const char *what, ...) {
    char text[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    add(checker, name, TF_SEVERITY_OK, "", "", text);
}

int64_t tf_finding_count(tf_self_checker *checker, const char *name, const char *sql,
                         int64_t value) {
    tf_error error;
    tf_statement *statement = NULL;
    bool has_row = false;
    int64_t count = -1;
    tf_status status = tf_db_prepare(checker->subject->db, sql, &statement, &error);
    if (!status) {
        tf_bind_int(statement, 1, value);
        status = tf_statement_step(statement, &has_row, &error);
    }
    if (!status && has_row) {
        count = tf_column_at_int(statement, 0);
    } else if (status) {
        tf_finding_add(checker, name, TF_SEVERITY_DANGER, "What cannot be read is not known.",
                       "Restore the database from a backup if it is damaged.",
                       "This could not be looked up: %s.", error.message);
    }
    tf_statement_free(statement);
    return count;
}

tf_status tf_self_check_make(const tf_self_check_subject *subject, tf_arena *arena,
                             tf_self_check *check_out, tf_error *error) {
    *check_out = (tf_self_check){0};
    tf_self_checker checker = {.subject = subject, .arena = arena};
    tf_self_check_files(&checker);
    tf_self_check_machine(&checker);
    if (subject->db) {
        tf_self_check_database(&checker);
        tf_self_check_people(&checker);
    }
    tf_finding *findings = tf_arena_alloc(arena, checker.count, sizeof *findings);
    tf_status status = checker.failed || !findings ? tf_fail_no_memory(error) : TF_OK;
    if (!status) {
        memcpy(findings, checker.findings, checker.count * sizeof *findings);
        *check_out = (tf_self_check){.findings = findings, .count = checker.count};
        for (size_t i = 0; i < checker.count; i++) {
            if (findings[i].severity > check_out->worst) {
                check_out->worst = findings[i].severity;
            }
        }
    }
    tf_free(checker.findings);
    return status;
}

tf_status tf_self_check_read(tf_access *access, const tf_actor *actor, const char *listen,
                             bool has_host, tf_arena *arena, tf_self_check *check_out,
                             tf_error *error) {
    const tf_object object = {.category = tf_access_category_of(access, "setting")};
    tf_audit_note note = {.detail = "self-check"};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status =
            tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, &note, NULL, error);
    }
    status = tf_access_end(access, status, error);
    if (status) {
        return status;
    }
    /* Outside the transaction, for it takes its time and others want to write. */
    tf_db *db = tf_access_db(access);
    const tf_self_check_subject subject = {
        .db_path = tf_db_path(db),
        .db = db,
        .key = tf_access_key(access),
        .rules = tf_access_get_rules(access),
        .listen = listen,
        .has_host = has_host,
        .now = tf_instant_now(),
    };
    return tf_self_check_make(&subject, arena, check_out, error);
}
