#include "self_check_internal.h"

#include "rows_internal.h"

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

void tf_finding_unknown(tf_self_checker *checker, const char *name, const tf_error *error) {
    tf_finding_add(checker, name, TF_SEVERITY_DANGER, "What cannot be read is not known.",
                   "Restore the database from a backup if it is damaged.",
                   "This could not be looked up: %s.", error->message);
}

int64_t tf_finding_count(tf_self_checker *checker, const char *name, const char *sql,
                         const int64_t *numbers, size_t number_count) {
    tf_error error;
    int64_t count = 0;
    if (tf_rows_number(checker->db, sql, numbers, number_count, 0, &count, &error)) {
        tf_finding_unknown(checker, name, &error);
        return -1;
    }
    return count;
}

static tf_status give(const tf_self_checker *checker, tf_self_check *check_out, tf_error *error) {
    tf_finding *findings = tf_arena_alloc(checker->arena, checker->count, sizeof *findings);
    if (checker->failed || !findings) {
        return tf_fail_no_memory(error);
    }
    memcpy(findings, checker->findings, checker->count * sizeof *findings);
    *check_out = (tf_self_check){.findings = findings, .count = checker->count};
    for (size_t i = 0; i < checker->count; i++) {
        if (findings[i].severity > check_out->worst) {
            check_out->worst = findings[i].severity;
        }
    }
    return TF_OK;
}

tf_status tf_self_check_make(const tf_self_check_subject *subject, tf_arena *arena,
                             tf_self_check *check_out, tf_error *error) {
    *check_out = (tf_self_check){0};
    tf_self_checker checker = {.subject = subject, .arena = arena};
    tf_site_key key;
    tf_error key_fault;
    tf_error db_fault;
    tf_status has_key = tf_site_key_load(subject->db_path, &key, &key_fault);
    if (!has_key) {
        checker.key = &key;
    } else if (has_key != TF_NOT_FOUND) {
        checker.key_fault = key_fault.message;
    }
    if (tf_db_open(subject->db_path, TF_DB_READ, &checker.db, &db_fault)) {
        checker.db_fault = db_fault.message;
    }
    tf_self_check_files(&checker);
    tf_self_check_machine(&checker);
    if (checker.db) {
        tf_self_check_database(&checker);
        tf_self_check_people(&checker);
        tf_self_check_agreements(&checker);
    }
    tf_db_close(checker.db);
    tf_secret_forget(&key, sizeof key);
    tf_status status = give(&checker, check_out, error);
    tf_free(checker.findings);
    return status;
}

tf_status tf_self_check_enter(tf_access *access, const tf_actor *actor, tf_error *error) {
    const tf_object object = {.category = tf_access_category_of(access, "setting")};
    const tf_audit_note note = {.detail = "self-check"};
    tf_status status = tf_access_begin(access, error);
    if (!status) {
        status =
            tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, &note, NULL, error);
    }
    return tf_access_end(access, status, error);
}
