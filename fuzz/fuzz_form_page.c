/* Any bytes as what a browser sent of a page of the report: the first byte says of which page, the
 * rest is the body.  Answers that come of it are clean text, and typed again they stay the same. */
#include "intake/form_checking.h"
#include "web/http/pairs.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TODAY = 20787 };

static void require(bool is_so) {
    if (!is_so) {
        abort();
    }
}

static void put(tf_answers *answers, const char *question, tf_text *texts, const char *first,
                const char *second, const char *third) {
    texts[0] = tf_text_of(first);
    texts[1] = tf_text_of(second);
    texts[2] = tf_text_of(third);
    answers->values[tf_form_question(answers->form, question)] =
        (tf_answer_texts){texts, third ? 3U : 1U};
}

static void check_again(const tf_checking *checking, size_t page, tf_answers *answers) {
    tf_typed_list typed;
    tf_page_check check;
    tf_buffer before = {0};
    tf_buffer after = {0};
    tf_answers_write(answers, &before);
    require(tf_text_is_utf8((tf_text){before.data, before.length}));
    require(tf_form_type_page(answers, page, checking->arena, &typed, NULL) == TF_OK);
    require(tf_form_check_page(checking, page, typed, answers, &check, NULL) == TF_OK);
    tf_answers_write(answers, &after);
    require(check.fault_count == 0);
    require(
        tf_text_equal((tf_text){before.data, before.length}, (tf_text){after.data, after.length}));
    tf_answers read;
    require(tf_answers_read((tf_text){after.data, after.length}, checking->pack, checking->arena,
                            &read, NULL) == TF_OK);
    tf_buffer_deinit(&before);
    tf_buffer_deinit(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static tf_pack *pack;
    if (!pack) {
        require(tf_pack_open(NULL, &pack, NULL) == TF_OK);
    }
    if (size == 0) {
        return 0;
    }
    const tf_form_definition *form = tf_pack_form_find(pack, tf_text_of("report"));
    size_t page = (uint8_t)(data[0] - '0') % form->page_count;
    tf_arena *arena = tf_arena_new();
    tf_checking checking = {.pack = pack, .today = TODAY, .arena = arena};
    tf_pair *pairs;
    size_t count;
    tf_text body = {(const char *)data + 1, size - 1};
    tf_answers answers;
    require(tf_answers_new(form, TF_ENGLISH, arena, &answers, NULL) == TF_OK);
    /* So that every page is asked. */
    tf_text texts[3][3];
    put(&answers, "what", texts[0], "child", "line", "travel");
    put(&answers, "when", texts[1], "once", NULL, NULL);
    put(&answers, "safe", texts[2], "yes", NULL, NULL);
    if (tf_pairs_parse(body, arena, &pairs, &count, NULL) == TF_OK) {
        tf_typed *typed = tf_arena_alloc(arena, count + 1, sizeof *typed);
        tf_page_check check;
        for (size_t i = 0; i < count; i++) {
            typed[i] = (tf_typed){pairs[i].name, pairs[i].value};
        }
        require(tf_form_check_page(&checking, page, (tf_typed_list){typed, count}, &answers, &check,
                                   NULL) == TF_OK);
        if (check.fault_count == 0) {
            check_again(&checking, page, &answers);
        }
    }
    tf_arena_free(arena);
    return 0;
}
