/* Several threads, each with a connection of its own, as the server has them. */
#include "at_accounts.h"

#include <pthread.h>

enum { RUNNERS = 4 };

typedef struct runner {
    at_accounts *at;  /* what all have in common is read from it */
    const char *link; /* to activate an account by */
    const char *code; /* or to give to the session of the token */
    char token[TF_TOKEN_TEXT_SIZE];
    tf_status status;
    char path[256];
    pthread_t thread;
} runner;

static void *run(void *context) {
    runner *own = context;
    tf_db *db = NULL;
    tf_access *access = NULL;
    tf_signed_in ignored;
    tf_error error = {.message = ""};
    own->status = tf_db_open(own->path, TF_DB_WRITE, &db, &error);
    if (!own->status) {
        own->status = tf_access_new(db, own->at->pack, &own->at->key, &access, &error);
    }
    if (!own->status && own->link) {
        own->status = tf_sign_in_activate(access, own->at->derivations, TF_ACCOUNT_LINK_INVITATION,
                                          tf_text_of(own->link), tf_text_of(AT_PASSPHRASE),
                                          own->at->now, &ignored, &error);
    } else if (!own->status) {
        own->status = tf_sign_in_code(access, tf_text_of(own->token), tf_text_of(own->code),
                                      own->at->now, &ignored, &error);
    }
    tf_access_free(access);
    tf_db_close(db);
    return NULL;
}

/* How many came through; each of the others has failed with `failure`. */
static int run_all(runner runners[RUNNERS], tf_status failure) {
    int count = 0;
    for (int i = 0; i < RUNNERS; i++) {
        assert_int_equal(pthread_create(&runners[i].thread, NULL, run, &runners[i]), 0);
    }
    for (int i = 0; i < RUNNERS; i++) {
        pthread_join(runners[i].thread, NULL);
        count += runners[i].status == TF_OK;
        assert_true(runners[i].status == TF_OK || runners[i].status == failure);
    }
    return count;
}

static void a_link_that_several_follow_at_once_works_for_one(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    tf_derivations_free(at.derivations);
    tf_error error = {0};
    assert_ok(tf_derivations_new(RUNNERS, RUNNERS, &at.derivations, &error), &error);
    for (int round = 0; round < 10; round++) {
        char email[40], link[TF_TOKEN_TEXT_SIZE];
        runner runners[RUNNERS] = {{.at = NULL}};
        snprintf(email, sizeof email, "asha.%d@northshire.example", round);
        at_invite(&at, email, "analyst", link);
        for (int i = 0; i < RUNNERS; i++) {
            runners[i].at = &at;
            runners[i].link = link;
            snprintf(runners[i].path, sizeof runners[i].path, "%s", temporary_path(state, "a.db"));
        }
        assert_int_equal(run_all(runners, TF_NOT_FOUND), 1);
    }
    assert_int_equal(at_count(&at, "SELECT max(key_generation) FROM account"), 1);
    at_close(&at);
}

static void a_code_that_several_give_at_once_lets_in_one(void **state) {
    at_accounts at = at_open(state);
    at_begin(&at);
    at_person person = at_join(&at, AT_EMAIL, "analyst");
    tf_error error = {0};
    for (int round = 0; round < 10; round++) {
        char code[16];
        runner runners[RUNNERS] = {{.at = NULL}};
        at.now += 20 * minute; /* so that the wrong ones of the last round are forgotten */
        snprintf(code, sizeof code, "%s", at_code(person.seed, at.now));
        for (int i = 0; i < RUNNERS; i++) {
            tf_signed_in browser;
            assert_ok(at_sign_in(&at, AT_EMAIL, AT_PASSPHRASE, "", &browser, &error), &error);
            runners[i].at = &at;
            runners[i].code = code;
            memcpy(runners[i].token, browser.token, sizeof browser.token);
            snprintf(runners[i].path, sizeof runners[i].path, "%s", temporary_path(state, "a.db"));
        }
        assert_int_equal(run_all(runners, TF_BAD_INPUT), 1);
    }
    at_close(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_link_that_several_follow_at_once_works_for_one),
        temporary_test(a_code_that_several_give_at_once_lets_in_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
