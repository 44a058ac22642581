/* How many reports a second are stored durably, each sealed to five officers:
 * bench_report FOLDER [COUNT].  The folder is on the disk that is measured. */
#include "access/proof_internal.h"
#include "intake/response.h"
#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { OFFICERS = 5 };

static tf_status make_partnership(tf_access *access, tf_error *error) {
    tf_db *db = tf_access_db(access);
    tf_status status =
        tf_db_execute(db,
                      "INSERT INTO organisation (id, name, kind, created_at) VALUES (1, 'Council', "
                      "'council', 0); INSERT INTO setting VALUES ('lead-organisation', '1')",
                      error);
    for (int i = 1; i <= OFFICERS && !status; i++) {
        uint8_t public_key[TF_KEY_SIZE];
        uint8_t secret_key[TF_KEY_SIZE];
        char sql[400];
        tf_secret_new_pair(public_key, secret_key);
        char digits[2 * TF_KEY_SIZE + 1];
        tf_hex_write(public_key, TF_KEY_SIZE, digits);
        snprintf(sql, sizeof sql,
                 "INSERT INTO account (id, organisation_id, name, email, state, key_generation, "
                 "confirmed_generation, created_at, public_key) VALUES (%d, 1, 'Officer %d', "
                 "'officer%d@example.org', 'active', 1, 1, 0, x'%s');"
                 "INSERT INTO account_role VALUES (%d, 'intake-officer')",
                 i, i, i, digits, i);
        status = tf_db_execute(db, sql, error);
        if (!status) {
            status = tf_proof_of_account(access, i, error);
        }
    }
    return status;
}

static tf_status measure(tf_access *access, tf_arena *arena, int64_t count, tf_error *error) {
    tf_form_definition form = *tf_pack_form_find(tf_access_pack(access), tf_text_of("report"));
    form.most_per_hour = INT64_MAX;
    tf_actor public = tf_actor_public();
    tf_answers answers;
    tf_status status = tf_answers_new(&form, TF_ENGLISH, arena, &answers, error);
    const tf_text what = tf_text_of("dealing");
    const tf_text details = tf_text_of("Somebody hands small parcels out of a car by the library, "
                                       "every evening between six and seven, to people who wait.");
    char code[TF_RECEIPT_SIZE];
    double slowest_ms = 0;
    double start = tf_seconds_monotonic();
    for (int64_t i = 0; i < count && !status; i++) {
        double before = tf_seconds_monotonic();
        answers.values[tf_form_question(&form, "what")] = (tf_answer_texts){&what, 1};
        answers.values[tf_form_question(&form, "details")] = (tf_answer_texts){&details, 1};
        status = tf_response_submit(access, &public, &answers, (tf_text){0}, code, NULL, error);
        double took_ms = (tf_seconds_monotonic() - before) * 1000;
        slowest_ms = took_ms > slowest_ms ? took_ms : slowest_ms;
    }
    if (!status) {
        printf("{\"reports_per_second\": %.0f, \"slowest_milliseconds\": %.1f}\n",
               (double)count / (tf_seconds_monotonic() - start), slowest_ms);
    }
    return status;
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: bench_report FOLDER [COUNT]\n");
        return 2;
    }
    static const char *const endings[] = {"", "-wal", "-shm"};
    char path[512];
    tf_error error = {.message = ""};
    tf_pack *pack = NULL;
    tf_db *db = NULL;
    tf_access *access = NULL;
    tf_arena *arena = tf_arena_new();
    static const uint8_t root[TF_KEY_SIZE] = {1};
    tf_site_key key;
    int64_t count = 3000;
    if (argument_count > 2 && !tf_parse_int64(tf_text_of(arguments[2]), &count)) {
        return 2;
    }
    snprintf(path, sizeof path, "%s/bench-report-%d.db", arguments[1], (int)getpid());
    tf_site_key_of(root, &key);
    tf_status status = tf_pack_open(NULL, &pack, &error);
    if (!status) {
        status = tf_db_open(path, TF_DB_WRITE, &db, &error);
    }
    if (!status) {
        status = tf_access_new(db, pack, &key, &access, &error);
    }
    if (!status) {
        status = make_partnership(access, &error);
    }
    if (!status) {
        status = measure(access, arena, count, &error);
    }
    if (status) {
        fprintf(stderr, "bench_report: %s\n", error.message);
    }
    tf_access_free(access);
    tf_db_close(db);
    tf_pack_free(pack);
    tf_arena_free(arena);
    for (size_t i = 0; i < 3; i++) {
        char file[600];
        snprintf(file, sizeof file, "%s%s", path, endings[i]);
        (void)remove(file);
    }
    return status ? 1 : 0;
}
