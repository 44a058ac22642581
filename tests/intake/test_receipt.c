#include "report_scene.h"

#include "intake/receipt_code_internal.h"

#include <ctype.h>

static tf_receipt look(report_scene *scene, const char *code) {
    tf_error error;
    tf_receipt receipt;
    assert_ok(tf_receipt_look(scene->access, tf_text_of(code), scene->arena, &receipt, &error),
              &error);
    return receipt;
}

static tf_status look_status(report_scene *scene, const char *code, tf_error *error) {
    tf_receipt receipt;
    return tf_receipt_look(scene->access, tf_text_of(code), scene->arena, &receipt, error);
}

static tf_status write_text(report_scene *scene, const char *code, const char *text,
                            tf_error *error) {
    return tf_receipt_write(scene->access, tf_text_of(code), tf_text_of(text), NULL, error);
}

static void a_code_has_80_random_bits_in_crockfords_digits(void **state) {
    (void)state;
    tf_error error;
    assert_ok(tf_secret_begin(&error), &error);
    size_t seen[32] = {0};
    enum { CODES = 2000 };
    for (int i = 0; i < CODES; i++) {
        char code[TF_RECEIPT_SIZE];
        tf_receipt_new(code);
        assert_int_equal(strlen(code), 19);
        for (size_t c = 0; c < 19; c++) {
            const char *digit = strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", code[c]);
            assert_true(c % 5 == 4 ? code[c] == '-' : digit != NULL);
            if (c % 5 != 4) {
                seen[digit - "0123456789ABCDEFGHJKMNPQRSTVWXYZ"]++;
            }
        }
    }
    /* Chi squared of 31 degrees of freedom: above 80 once in several hundred thousand runs. */
    double expected = CODES * 16 / 32.0;
    double chi = 0;
    for (size_t d = 0; d < 32; d++) {
        chi += ((double)seen[d] - expected) * ((double)seen[d] - expected) / expected;
    }
    assert_true(chi < 80);
}

static void a_code_is_known_however_it_is_typed(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    char typed[64] = " ";
    for (size_t i = 0; code[i]; i++) {
        char c = (char)tolower(code[i]);
        c = (char)(c == '0' ? 'o' : c == '1' ? (i % 2 ? 'l' : 'I') : c == '-' ? ' ' : c);
        strncat(typed, &c, 1);
    }
    assert_string_equal(look(&scene, typed).form, "report");
    close_scene(&scene);
}

static void every_other_code_is_unknown(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    for (size_t i = 0; i < 19; i++) {
        if (code[i] != '-') {
            char wrong[TF_RECEIPT_SIZE];
            memcpy(wrong, code, sizeof wrong);
            wrong[i] = wrong[i] == 'Z' ? 'Y' : 'Z';
            assert_int_equal(look_status(&scene, wrong, &error), TF_NOT_FOUND);
        }
    }
    static const char *const no_codes[] = {"", "7KQ2", "7KQ2-M9XD-4RTN-C8WPX",
                                           "7KQ2-M9XD-4RTN-C8W!", "' OR 1=1 --"};
    char first[TF_ERROR_MESSAGE_SIZE];
    memcpy(first, error.message, sizeof first);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(look_status(&scene, no_codes[i], &error), TF_NOT_FOUND);
        assert_string_equal(error.message, first); /* the same words for all */
    }
    /* Another installation's key makes another handle of the same code. */
    uint8_t root[TF_KEY_SIZE] = {8};
    tf_site_key other;
    tf_site_key_of(root, &other);
    tf_receipt_keys a;
    tf_receipt_keys b;
    assert_true(tf_receipt_keys_of(scene.key, tf_text_of(code), &a));
    assert_true(tf_receipt_keys_of(&other, tf_text_of(code), &b));
    assert_memory_not_equal(a.handle, b.handle, TF_HASH_SIZE);
    close_scene(&scene);
}

static void wrong_codes_are_limited_and_right_ones_still_open(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    int64_t minute = ask_int(scene.db, "SELECT unixepoch() / 60");
    int found = 0;
    int busy = 0;
    for (int i = 0; i < 2 * TF_WRONG_RECEIPTS_A_MINUTE; i++) {
        tf_status status = look_status(&scene, "0000-0000-0000-0000", &error);
        found += status == TF_NOT_FOUND;
        busy += status == TF_BUSY;
    }
    if (ask_int(scene.db, "SELECT unixepoch() / 60") == minute) {
        assert_int_equal(found, TF_WRONG_RECEIPTS_A_MINUTE);
        assert_int_equal(busy, TF_WRONG_RECEIPTS_A_MINUTE);
    }
    assert_int_equal(look(&scene, code).state, TF_RECEIPT_WAITING);
    close_scene(&scene);
}

static void sender_and_officers_write_to_each_other(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_int_equal(look(&scene, code).state, TF_RECEIPT_WAITING);
    open_report(&scene, ASHA, id);
    assert_int_equal(look(&scene, code).state, TF_RECEIPT_SEEN);
    static const char question[] = "Which colour is the umbrella stand?";
    static const char reply[] = "Vermilion, with a dented ferrule";
    assert_ok(tf_triage_ask(scene.access, &scene.actors[ASHA], id, tf_text_of(question), &error),
              &error);
    tf_receipt receipt = look(&scene, code);
    assert_int_equal(receipt.letter_count, 1);
    assert_true(receipt.letters[0].is_new && !receipt.letters[0].is_from_sender);
    assert_true(tf_text_equal(receipt.letters[0].text, tf_text_of(question)));
    assert_ok(write_text(&scene, code, reply, &error), &error);
    receipt = look(&scene, code);
    assert_int_equal(receipt.letter_count, 2);
    assert_false(receipt.letters[0].is_new);
    assert_true(receipt.letters[1].is_from_sender);
    assert_true(tf_text_equal(receipt.letters[1].text, tf_text_of(reply)));

    tf_report report = open_report(&scene, TOM, id);
    assert_int_equal(report.entry_count, 2);
    assert_string_equal(report.entries[0].author, "Asha Patel");
    assert_true(report.entries[0].is_read);
    assert_true(report.entries[1].is_new);
    assert_true(tf_text_equal(report.entries[1].text, tf_text_of(reply)));
    assert_false(open_report(&scene, TOM, id).entries[1].is_new);
    assert_false(disk_holds(state, "umbrella"));
    assert_false(disk_holds(state, "Vermilion"));
    close_scene(&scene);
}

static void a_message_that_is_sent_twice_is_stored_once(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(write_text(&scene, code, "no", &error), &error);
    assert_ok(write_text(&scene, code, " no\n", &error), &error);
    assert_int_equal(look(&scene, code).letter_count, 1);
    assert_ok(tf_triage_ask(scene.access, &scene.actors[ASHA], id, tf_text_of("And?"), &error),
              &error);
    assert_ok(write_text(&scene, code, "no", &error), &error); /* to another question */
    assert_int_equal(look(&scene, code).letter_count, 3);
    close_scene(&scene);
}

static void a_note_is_for_officers_only(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    static const char text[] = "Spoke to the harbourmaster";
    assert_ok(tf_triage_note(scene.access, &scene.actors[ASHA], id, tf_text_of(text), &error),
              &error);
    assert_int_equal(look(&scene, code).letter_count, 0);
    tf_report report = open_report(&scene, TOM, id);
    assert_true(report.entry_count == 1 && report.entries[0].is_note);
    assert_false(disk_holds(state, "harbourmaster"));
    close_scene(&scene);
}

static void a_closed_report_says_what_became_of_it_and_takes_no_more(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    int64_t id = send_report(&scene, &answers, code);
    assert_ok(
        tf_triage_close(scene.access, &scene.actors[ASHA], id, tf_text_of("safeguarding"), &error),
        &error);
    tf_receipt receipt = look(&scene, code);
    assert_int_equal(receipt.state, TF_RECEIPT_CLOSED);
    assert_true(receipt.closed_at >= receipt.received_at);
    /* Whether there was a referral is not told. */
    assert_non_null(strstr(tf_words_in(&receipt.told, TF_ENGLISH), "passed it on"));
    assert_null(strstr(tf_words_in(&receipt.told, TF_ENGLISH), "eferral"));
    assert_int_equal(write_text(&scene, code, "more", &error), TF_BAD_INPUT);
    assert_ok(tf_triage_reopen(scene.access, &scene.actors[ASHA], id, &error), &error);
    assert_ok(write_text(&scene, code, "more", &error), &error);
    close_scene(&scene);
}

static void what_a_sender_writes_has_bounds(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    assert_int_equal(write_text(&scene, code, " \n ", &error), TF_BAD_INPUT);
    assert_int_equal(write_text(&scene, code, "\xC3\x28", &error), TF_BAD_INPUT);
    char text[5002];
    memset(text, 'x', sizeof text);
    text[5001] = '\0';
    assert_int_equal(write_text(&scene, code, text, &error), TF_BAD_INPUT);
    text[5000] = '\0';
    assert_ok(write_text(&scene, code, text, &error), &error);
    assert_int_equal(write_text(&scene, "0000-0000-0000-0000", "x", &error), TF_NOT_FOUND);
    for (int i = 1; i < TF_MOST_LETTERS; i++) {
        assert_ok(write_text(&scene, code, i % 2 ? "again" : "and again", &error), &error);
    }
    assert_int_equal(write_text(&scene, code, "once more", &error), TF_REFUSED);
    close_scene(&scene);
}

static void the_senders_looks_and_letters_are_in_the_audit(void **state) {
    report_scene scene = open_scene(state);
    tf_answers answers = full_answers(&scene);
    tf_error error;
    char code[TF_RECEIPT_SIZE];
    send_report(&scene, &answers, code);
    look(&scene, code);
    assert_ok(write_text(&scene, code, "more", &error), &error);
    (void)look_status(&scene, "0000-0000-0000-0000", &error);
    expect_rows(scene.db,
                "SELECT action || ' ' || object_id || ' ' || account_id || ' ' || "
                "coalesce(detail, '') FROM audit_entry",
                "collect 1 0 report;consult 1 0 by the receipt code;"
                "collect 1 0 message from the sender;");
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_has_80_random_bits_in_crockfords_digits),
        temporary_test(a_code_is_known_however_it_is_typed),
        temporary_test(every_other_code_is_unknown),
        temporary_test(wrong_codes_are_limited_and_right_ones_still_open),
        temporary_test(sender_and_officers_write_to_each_other),
        temporary_test(a_message_that_is_sent_twice_is_stored_once),
        temporary_test(a_note_is_for_officers_only),
        temporary_test(a_closed_report_says_what_became_of_it_and_takes_no_more),
        temporary_test(what_a_sender_writes_has_bounds),
        temporary_test(the_senders_looks_and_letters_are_in_the_audit),
    };
    return cmocka_run_group_tests_name("receipt", tests, NULL, NULL);
}
