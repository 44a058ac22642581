#include "access/passphrase.h"
#include "check.h"

#include <pthread.h>

/* "It rains much on the mountain tonight, fire and wood": twelve characters of three bytes. */
static const char chinese[] =
    "\xe9\x9b\xa8\xe4\xb8\x8b\xe5\x9c\xa8\xe5\xb1\xb1\xe4\xb8\x8a\xe4\xbb\x8a"
    "\xe6\x99\x9a\xe5\xbe\x88\xe5\xa4\xa7\xe5\x93\xa6\xe7\x81\xab\xe6\x9c\xa8";

static tf_status check(const char *passphrase, tf_error *error) {
    return tf_passphrase_check(tf_text_of(passphrase), tf_text_of("Asha Patel"),
                               tf_text_of("asha.patel@northshire.example"),
                               tf_text_of("Northshire Council"), error);
}

static void long_ones_that_nobody_guesses_are_taken_whatever_they_are_made_of(void **state) {
    (void)state;
    static const char *const good[] = {
        "copper lantern tides",
        "correct horse battery staple",
        "Vq7#kd92Lm!xTz",
        "glaw ar y mynydd heno",
        chinese,
        "ninety-one quiet herons",
        "my cat Asha hates thunder",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        tf_error error = {0};
        assert_ok(check(good[i], &error), &error);
    }
}

static void ones_that_are_guessed_first_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "short",
        "elevenchars",
        "aaaaaaaaaaaaaa",   /* one character */
        "abababababababab", /* two */
        "abcabcabcabcabc",  /* a short part, repeated */
        "123456789012",     /* a sequence */
        "abcdefghijklmn",   /* of the alphabet */
        "qwertyuiopasdf",   /* of the keyboard */
        "zyxwvutsrqponm",   /* backwards */
        "passwordpassword", /* repeated */
        "Password12345!",   /* dressed up */
        "P4ssw0rd!!2026",   /* figures for letters */
        "!!!letmein!!!!!",  /* padded */
        "dragonmonkey",     /* two of the list */
        "dragon-Monkey-99", /* the same, dressed up */
        "1qaz2wsx3edc",     /* in the list as it is: https://pypi.org/project/zxcvbn/ */
        "justinbieber",     /* the same */
        "AshaPatel2026",    /* the name */
        "asha.patel@northshire.example",
        "northshire council", /* the organisation */
        "Trefoil-Trefoil-1",  /* the program */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tf_error error = {0};
        if (check(bad[i], &error) != TF_BAD_INPUT) {
            fail_msg("\"%s\" was taken", bad[i]);
        }
        assert_true(strlen(error.message) > 20);
        assert_null(strstr(error.message, bad[i][0] ? bad[i] : "\n")); /* never said back */
    }
}

static void length_is_counted_in_characters(void **state) {
    (void)state;
    char text[4 * TF_PASSPHRASE_MOST + 8];
    tf_error error = {0};
    /* Twelve letters of two bytes each pass; eleven do not. */
    assert_ok(
        check("\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xa0\xc3\xa2\xc3\xb9\xc3\xbb\xc3\xbf\xc3\xb1"
              "\xc3\xb6\xc3\xbc",
              &error),
        &error);
    assert_int_equal(
        check("\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xa0\xc3\xa2\xc3\xb9\xc3\xbb\xc3\xbf\xc3\xb1"
              "\xc3\xb6",
              &error),
        TF_BAD_INPUT);
    /* A sign that the normal form spells out counts as one: 18 letters, and a space with a mark. */
    assert_int_equal(check("\xef\xb7\xba", &error), TF_BAD_INPUT);
    assert_int_equal(check("7\rx\xc2\xb8\r\r\r\x0f\r2a", &error), TF_BAD_INPUT);
    for (int i = 0; i < TF_PASSPHRASE_MOST + 1; i++) {
        text[i] = "copper lantern tides of seven rivers "[i % 37];
    }
    text[TF_PASSPHRASE_MOST + 1] = '\0';
    assert_int_equal(check(text, &error), TF_BAD_INPUT);
    text[TF_PASSPHRASE_MOST] = '\0';
    assert_ok(check(text, &error), &error);
}

static void bytes_that_are_no_text_are_refused(void **state) {
    (void)state;
    assert_int_equal(check("copper\xff lantern tides", NULL), TF_BAD_INPUT);
    assert_int_equal(tf_passphrase_check((tf_text){"copper\0lantern tides", 20}, tf_text_of(""),
                                         tf_text_of(""), tf_text_of(""), NULL),
                     TF_BAD_INPUT);
    assert_int_equal(
        tf_passphrase_check((tf_text){NULL, 0}, (tf_text){0}, (tf_text){0}, (tf_text){0}, NULL),
        TF_BAD_INPUT);
    assert_ok(tf_passphrase_check(tf_text_of("copper lantern tides"), (tf_text){0}, (tf_text){0},
                                  (tf_text){0}, NULL),
              NULL);
}

static void what_a_keyboard_spells_otherwise_is_the_same_passphrase(void **state) {
    (void)state;
    static const char *const spellings[] = {
        "caf\xC3\xA9 lantern tides",                  /* one letter */
        "cafe\xCC\x81 lantern tides",                 /* a letter and its accent */
        "\xEF\xBD\x83\x61\x66\xC3\xA9 lantern tides", /* a wide letter first */
        "cafe lantern tides",                         /* another */
    };
    static const tf_passphrase_cost least = {.passes = 1, .memory_bytes = 8192};
    tf_derivations *derivations;
    tf_error error = {0};
    assert_ok(tf_derivations_new(1, 1, &derivations, &error), &error);
    uint8_t salt[TF_SALT_SIZE] = {1}, verifiers[4][TF_KEY_SIZE], lock[TF_KEY_SIZE];
    for (size_t i = 0; i < 4; i++) {
        assert_ok(check(spellings[i], &error), &error);
        assert_ok(tf_derivations_derive(derivations, tf_text_of(spellings[i]), salt, least,
                                        verifiers[i], lock, &error),
                  &error);
    }
    assert_memory_equal(verifiers[0], verifiers[1], TF_KEY_SIZE);
    assert_memory_equal(verifiers[0], verifiers[2], TF_KEY_SIZE);
    assert_memory_not_equal(verifiers[0], verifiers[3], TF_KEY_SIZE);
    /* "password" of wide letters, twice, is a common one. */
    assert_int_equal(
        check("\xEF\xBD\x90\xEF\xBD\x81\xEF\xBD\x93\xEF\xBD\x93\xEF\xBD\x97\xEF\xBD\x8F"
              "\xEF\xBD\x92\xEF\xBD\x84password",
              &error),
        TF_BAD_INPUT);
    tf_derivations_free(derivations);
}

/* ---- derivations ---- */

typedef struct crowd {
    tf_derivations *derivations;
    pthread_mutex_t mutex;
    int done;
    int busy;
} crowd;

static void *derive_once(void *context) {
    crowd *people = context;
    uint8_t salt[TF_SALT_SIZE] = {1}, verifier[TF_KEY_SIZE], lock[TF_KEY_SIZE];
    /* Long enough that all are there before the first is done. */
    tf_passphrase_cost cost = {.passes = 4, .memory_bytes = (int64_t)64 * 1024 * 1024};
    tf_status status = tf_derivations_derive(people->derivations, tf_text_of("x"), salt, cost,
                                             verifier, lock, NULL);
    pthread_mutex_lock(&people->mutex);
    people->done += status == TF_OK;
    people->busy += status == TF_BUSY;
    pthread_mutex_unlock(&people->mutex);
    return NULL;
}

static void a_crowd_is_told_to_come_back(void **state) {
    (void)state;
    enum { CROWD = 8 };
    crowd people = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    tf_error error = {0};
    assert_ok(tf_secret_begin(&error), &error);
    assert_ok(tf_derivations_new(1, 2, &people.derivations, &error), &error);
    pthread_t threads[CROWD];
    for (int i = 0; i < CROWD; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, derive_once, &people), 0);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(people.done + people.busy, CROWD);
    assert_int_equal(people.done, tf_derivations_count(people.derivations));
    assert_true(people.done >= 3); /* the one that runs, and both that may wait */
    assert_true(people.busy >= 1);
    tf_derivations_free(people.derivations);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_ones_that_nobody_guesses_are_taken_whatever_they_are_made_of),
        cmocka_unit_test(ones_that_are_guessed_first_are_refused),
        cmocka_unit_test(length_is_counted_in_characters),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(a_crowd_is_told_to_come_back),
        cmocka_unit_test(what_a_keyboard_spells_otherwise_is_the_same_passphrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
