/* How fast the audit chain is added to and verified:
 *     bench_audit FOLDER [ENTRIES]
 * Makes a database in FOLDER.  Prints entries added a second, one transaction each, without and
 * with waiting for the disk, and the seconds that verifying ENTRIES takes. */
#include "access/audit.h"
#include "access/audit_verify.h"

#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct audited_site {
    tf_db *db;
    tf_site_key key;
} audited_site;

/* About what a page writes that shows one case. */
static tf_status append(const audited_site *site, int64_t i, tf_error *error) {
    tf_actor actor = {.account_id = 1 + i % 40, .organisation_id = 1 + i % 6, .name = "Asha Patel"};
    tf_audit_note note = {
        .action = "consult",
        .category = "case",
        .object_id = 1 + i * 7919 % 50000,
        .person_id = 1 + i * 104729 % 20000,
        .purpose = "safeguard-children",
        .agreement_id = 1 + i % 9,
    };
    return tf_audit_append(site->db, &site->key, &actor, &note, error);
}

/* Entries a second. */
static tf_status measure_appends(const audited_site *site, int64_t count, bool is_durable,
                                 double *rate_out, tf_error *error) {
    double start = tf_seconds_monotonic();
    tf_status status = TF_OK;
    for (int64_t i = 0; i < count && !status; i++) {
        status = is_durable ? tf_db_begin_durable(site->db, error) : tf_db_begin(site->db, error);
        if (!status) {
            status = append(site, i, error);
        }
        if (!status) {
            status = tf_db_commit(site->db, error);
        }
    }
    *rate_out = (double)count / (tf_seconds_monotonic() - start);
    return status;
}

static tf_status fill(const audited_site *site, int64_t count, tf_error *error) {
    tf_status status = tf_db_begin(site->db, error);
    for (int64_t i = 0; i < count && !status; i++) {
        status = append(site, i, error);
    }
    return status ? status : tf_db_commit(site->db, error);
}

static tf_status measure(const char *path, int64_t count, tf_error *error) {
    enum { APPENDS = 20000, DURABLE_APPENDS = 2000 };
    double rate = 0, durable_rate = 0, seconds = 0;
    audited_site site = {0};
    tf_audit_report report = {0};
    tf_status status = tf_db_open(path, TF_DB_WRITE, &site.db, error);
    if (!status) {
        status = tf_site_key_create(path, &site.key, error);
    }
    if (!status) {
        status = fill(&site, 1, error); /* starts the write-ahead log */
    }
    if (!status) {
        status = measure_appends(&site, APPENDS, false, &rate, error);
    }
    if (!status) {
        status = measure_appends(&site, DURABLE_APPENDS, true, &durable_rate, error);
    }
    if (!status) {
        status = fill(&site, count - APPENDS - DURABLE_APPENDS - 1, error);
    }
    if (!status) {
        double start = tf_seconds_monotonic();
        status = tf_audit_verify(site.db, &site.key, NULL, 0, &report, error);
        seconds = tf_seconds_monotonic() - start;
    }
    tf_db_close(site.db);
    if (!status && report.fault) {
        status = tf_fail(error, TF_INTERNAL, path, 0, "%s", report.message);
    }
    if (!status) {
        printf("{\"appends_a_second\": %.0f, \"durable_appends_a_second\": %.0f, "
               "\"entries\": %lld, \"verify_seconds\": %.3f}\n",
               rate, durable_rate, (long long)report.entry_count, seconds);
    }
    return status;
}

int main(int argument_count, char **arguments) {
    int64_t count = argument_count > 2 ? strtoll(arguments[2], NULL, 10) : 1000000;
    if (argument_count < 2 || count < 30000) {
        fprintf(stderr, "usage: bench_audit FOLDER [ENTRIES, 30000 at least]\n");
        return 2;
    }
    tf_buffer path;
    tf_buffer_init(&path);
    tf_buffer_format(&path, "%s/audit.db", arguments[1]);
    tf_error error;
    tf_status status = tf_buffer_check(&path, &error);
    if (!status) {
        status = measure(path.data, count, &error);
    }
    tf_buffer_deinit(&path);
    if (status) {
        char text[1400];
        fprintf(stderr, "%s\n", tf_error_format(&error, text, sizeof text));
        return 1;
    }
    return 0;
}
