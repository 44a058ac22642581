#include "form_checking_internal.h"

#include <stdio.h>

tf_text tf_typed_value(tf_typed_list typed, const char *control) {
    for (size_t i = 0; i < typed.count; i++) {
        if (tf_text_equal(typed.items[i].name, tf_text_of(control))) {
            return typed.items[i].value;
        }
    }
    return (tf_text){"", 0};
}

bool tf_typed_has(tf_typed_list typed, const char *control, const char *value) {
    for (size_t i = 0; i < typed.count; i++) {
        if (tf_text_equal(typed.items[i].name, tf_text_of(control)) &&
            tf_text_equal(typed.items[i].value, tf_text_of(value))) {
            return true;
        }
    }
    return false;
}

/* ---- clean text ---- */

/* The bytes of the character at the start of a text that is not empty; 0 for bytes that are none.
 */
static size_t character_length(tf_text text) {
    unsigned char first = (unsigned char)text.data[0];
    size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    return length <= text.length && tf_text_is_utf8((tf_text){text.data, length}) ? length : 0;
}

/* Controls of C0 and C1, DEL, and marks that embed, override or isolate a direction: with those a
 * text could show an officer something else than it says. */
static bool is_unwanted(tf_text character) {
    const unsigned char *c = (const unsigned char *)character.data;
    if (character.length == 1) {
        return c[0] < 0x20 || c[0] == 0x7F;
    }
    if (character.length == 2) {
        return c[0] == 0xC2 && c[1] < 0xA0;
    }
    bool is_general = character.length == 3 && c[0] == 0xE2;
    return is_general && ((c[1] == 0x80 && c[2] >= 0xAA && c[2] <= 0xAE) ||
                          (c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9));
}

static bool is_line_break(tf_text text, size_t at) {
    char c = text.data[at];
    return c == '\n' || (c == '\r' && (at + 1 == text.length || text.data[at + 1] != '\n'));
}

tf_text tf_form_clean(tf_text text, bool keeps_lines, tf_arena *arena) {
    /* A byte that is no UTF-8 becomes three. */
    char *clean = tf_arena_alloc(arena, text.length, 3);
    size_t length = 0;
    for (size_t at = 0; clean && at < text.length;) {
        tf_text rest = {text.data + at, text.length - at};
        size_t size = character_length(rest);
        tf_text character = {rest.data, size};
        if (is_line_break(text, at)) {
            clean[length++] = keeps_lines ? '\n' : ' ';
        } else if (rest.data[0] == '\t') {
            clean[length++] = ' ';
        } else if (size == 0) {
            memcpy(clean + length, "\xEF\xBF\xBD", 3);
            length += 3;
        } else if (!is_unwanted(character)) {
            memcpy(clean + length, character.data, size);
            length += size;
        }
        at += size ? size : 1;
    }
    return clean ? tf_text_trim((tf_text){clean, length}) : (tf_text){NULL, 0};
}

/* ---- what the checks of all types stand on ---- */

const tf_question *tf_checker_question(const tf_page_checker *checker) {
    return &checker->answers->form->questions[checker->question];
}

static const char *or_fail(tf_page_checker *checker, const char *text) {
    if (!text && !checker->status) {
        checker->status = tf_fail_no_memory(checker->error);
    }
    return text ? text : "";
}

const char *tf_checker_control(tf_page_checker *checker, const char *part) {
    const char *name = tf_checker_question(checker)->name;
    return part ? or_fail(checker, tf_arena_format(checker->checking->arena, "%s-%s", name, part))
                : name;
}

tf_text tf_checker_text(tf_page_checker *checker, const char *part, bool keeps_lines) {
    tf_text typed = tf_typed_value(checker->typed, tf_checker_control(checker, part));
    tf_text clean = tf_form_clean(typed, keeps_lines, checker->checking->arena);
    return clean.data ? clean : tf_text_of(or_fail(checker, NULL));
}

void tf_checker_answer(tf_page_checker *checker, const tf_text *texts, size_t count) {
    tf_answer_texts *value = &checker->answers->values[checker->question];
    *value = (tf_answer_texts){0};
    if (count == 0) {
        return;
    }
    tf_text *kept = tf_arena_alloc(checker->checking->arena, count, sizeof *kept);
    if (!kept) {
        (void)or_fail(checker, NULL);
        return;
    }
    memcpy(kept, texts, count * sizeof *kept);
    *value = (tf_answer_texts){kept, count};
}

static void add_fault(tf_page_checker *checker, const char *part, const char *message) {
    checker->faults[checker->check->fault_count++] = (tf_answer_fault){
        .question = checker->question,
        .control = tf_checker_control(checker, part),
        .message = message,
    };
}

/* What a message calls the answer. */
static const char *subject_of(const tf_page_checker *checker) {
    tf_language language = checker->answers->language;
    const char *subject = tf_words_in(&tf_checker_question(checker)->subject, language);
    return subject ? subject : tf_pack_say(checker->checking->pack, TF_WORD_YOUR_ANSWER, language);
}

void tf_checker_blame_part(tf_page_checker *checker, const char *part, tf_frame_word word,
                           const char *other) {
    const char *const places[] = {"what", subject_of(checker), "count", other, "part", other, NULL};
    add_fault(
        checker, part,
        or_fail(checker, tf_pack_say_of(checker->checking->pack, word, checker->answers->language,
                                        checker->checking->arena, places)));
}

void tf_checker_blame(tf_page_checker *checker, const char *part, tf_frame_word word) {
    tf_checker_blame_part(checker, part, word, "");
}

/* "1,000". */
static void format_count(int64_t count, char text_out[32]) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)count);
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        text_out[at++] = digits[i];
        if (i + 1 < length && (length - i - 1) % 3 == 0 && digits[i] != '-') {
            text_out[at++] = ',';
        }
    }
    text_out[at] = '\0';
}

static void blame_count(tf_page_checker *checker, const char *part, tf_frame_word word,
                        int64_t count) {
    char text[32];
    format_count(count, text);
    tf_checker_blame_part(checker, part, word, text);
}

bool tf_checker_is_short(tf_page_checker *checker, const char *part, tf_text text,
                         int64_t maximum) {
    if ((int64_t)tf_text_width(text) <= maximum) {
        return true;
    }
    blame_count(checker, part, TF_WORD_TOO_LONG, maximum);
    return false;
}

/* ---- the types of one control ---- */

static void check_text(tf_page_checker *checker) {
    const tf_question *question = tf_checker_question(checker);
    tf_text text = tf_checker_text(checker, NULL, question->type == TF_QUESTION_LONG_TEXT);
    if (!tf_checker_is_short(checker, NULL, text, question->maximum)) {
        return;
    }
    if (text.length && (int64_t)tf_text_width(text) < question->minimum) {
        blame_count(checker, NULL, TF_WORD_TOO_SHORT, question->minimum);
        return;
    }
    tf_checker_answer(checker, &text, text.length > 0);
}

static void check_number(tf_page_checker *checker) {
    const tf_question *question = tf_checker_question(checker);
    tf_text text = tf_checker_text(checker, NULL, false);
    char digits[24];
    size_t length = 0;
    for (size_t i = 0; i < text.length && length < sizeof digits; i++) {
        if (text.data[i] != ',' && text.data[i] != ' ') {
            digits[length++] = text.data[i];
        }
    }
    int64_t number = 0;
    if (text.length == 0) {
        tf_checker_answer(checker, NULL, 0);
    } else if (length == sizeof digits || !tf_parse_int64((tf_text){digits, length}, &number)) {
        tf_checker_blame(checker, NULL, TF_WORD_NUMBER_WHOLE);
    } else if (number < question->minimum) {
        blame_count(checker, NULL, TF_WORD_NUMBER_LOW, question->minimum);
    } else if (number > question->maximum) {
        blame_count(checker, NULL, TF_WORD_NUMBER_HIGH, question->maximum);
    } else {
        const char *kept =
            or_fail(checker, tf_arena_format(checker->checking->arena, "%lld", (long long)number));
        tf_text answer = tf_text_of(kept);
        tf_checker_answer(checker, &answer, 1);
    }
}

static void check_yes_no(tf_page_checker *checker) {
    tf_text value = tf_typed_value(checker->typed, tf_checker_control(checker, NULL));
    bool is_yes = tf_text_equal(value, tf_text_of("yes"));
    if (!is_yes && !tf_text_equal(value, tf_text_of("no")) && value.length) {
        tf_checker_blame(checker, NULL, TF_WORD_SELECT_KNOWN);
        return;
    }
    tf_text answer = tf_text_of(is_yes ? "yes" : "no");
    tf_checker_answer(checker, &answer, value.length > 0);
}

static void check_one_of(tf_page_checker *checker) {
    const tf_question *question = tf_checker_question(checker);
    tf_text value = tf_typed_value(checker->typed, tf_checker_control(checker, NULL));
    int option = tf_question_option(question, value);
    if (value.length && option < 0) {
        tf_checker_blame(checker, NULL, TF_WORD_SELECT_KNOWN);
        return;
    }
    tf_text answer = tf_text_of(option < 0 ? "" : question->options[option].value);
    tf_checker_answer(checker, &answer, value.length > 0);
}

/* Whether every value that was sent is an option. */
static bool are_known(tf_page_checker *checker, const tf_question *question) {
    for (size_t i = 0; i < checker->typed.count; i++) {
        const tf_typed *item = &checker->typed.items[i];
        if (tf_text_equal(item->name, tf_text_of(question->name)) && item->value.length &&
            tf_question_option(question, item->value) < 0) {
            return false;
        }
    }
    return true;
}

static void check_some_of(tf_page_checker *checker) {
    const tf_question *question = tf_checker_question(checker);
    tf_text chosen[TF_MOST_OPTIONS];
    size_t count = 0;
    const tf_form_option *exclusive = NULL;
    for (size_t i = 0; i < question->option_count; i++) {
        const tf_form_option *option = &question->options[i];
        if (tf_typed_has(checker->typed, question->name, option->value)) {
            chosen[count++] = tf_text_of(option->value);
            exclusive = option->is_exclusive ? option : exclusive;
        }
    }
    if (!are_known(checker, question)) {
        tf_checker_blame(checker, NULL, TF_WORD_SELECT_KNOWN);
    } else if (exclusive && count > 1) {
        const char *label = tf_words_in(&exclusive->label, checker->answers->language);
        const char *const places[] = {"what", label, NULL};
        add_fault(checker, NULL,
                  or_fail(checker, tf_pack_say_of(checker->checking->pack, TF_WORD_SELECT_EXCLUSIVE,
                                                  checker->answers->language,
                                                  checker->checking->arena, places)));
    } else {
        tf_checker_answer(checker, chosen, count);
    }
}

/* ---- a page ---- */

static void check_type(tf_page_checker *checker) {
    switch (tf_checker_question(checker)->type) {
    case TF_QUESTION_TEXT:
    case TF_QUESTION_LONG_TEXT:
        check_text(checker);
        return;
    case TF_QUESTION_ONE_OF:
        check_one_of(checker);
        return;
    case TF_QUESTION_SOME_OF:
        check_some_of(checker);
        return;
    case TF_QUESTION_DATE:
        tf_check_date(checker);
        return;
    case TF_QUESTION_YES_NO:
        check_yes_no(checker);
        return;
    case TF_QUESTION_NUMBER:
        check_number(checker);
        return;
    case TF_QUESTION_PLACE:
        tf_check_place(checker);
        return;
    case TF_QUESTION_CONTACT:
        tf_check_contact(checker);
        return;
    case TF_QUESTION_TYPE_COUNT:
        return;
    }
}

/* The part of a control that an error about the whole of a question leads to. */
static const char *first_part(tf_question_type type) {
    return type == TF_QUESTION_DATE ? "day" : type == TF_QUESTION_CONTACT ? "name" : NULL;
}

static void blame_missing(tf_page_checker *checker) {
    const tf_question *question = tf_checker_question(checker);
    const char *missing = tf_words_in(&question->missing, checker->answers->language);
    bool is_choice = question->type == TF_QUESTION_ONE_OF ||
                     question->type == TF_QUESTION_SOME_OF || question->type == TF_QUESTION_YES_NO;
    if (missing) {
        add_fault(checker, first_part(question->type), missing);
    } else {
        tf_checker_blame(checker, first_part(question->type),
                         is_choice ? TF_WORD_SELECT_ANSWER : TF_WORD_ENTER_ANSWER);
    }
}

static void check_question(tf_page_checker *checker, size_t question) {
    size_t fault_count = checker->check->fault_count;
    checker->question = question;
    check_type(checker);
    bool is_waiting = checker->check->place_count && checker->check->place_question == question;
    if (checker->check->fault_count == fault_count && !is_waiting &&
        tf_checker_question(checker)->is_required &&
        checker->answers->values[question].count == 0) {
        blame_missing(checker);
    }
}

tf_status tf_form_check_page(const tf_checking *checking, size_t page, tf_typed_list typed,
                             tf_answers *answers, tf_page_check *check_out, tf_error *error) {
    const tf_form_page *asked = &answers->form->pages[page];
    tf_page_checker checker = {
        .checking = checking,
        .answers = answers,
        .typed = typed,
        .check = check_out,
        .error = error,
    };
    *check_out = (tf_page_check){0};
    checker.faults =
        tf_arena_alloc(checking->arena, asked->question_count + 1, sizeof *checker.faults);
    if (!checker.faults) {
        return tf_fail_no_memory(error);
    }
    check_out->faults = checker.faults;
    for (size_t i = 0; i < asked->question_count && !checker.status; i++) {
        if (tf_answers_ask(answers, asked->first_question + i)) {
            check_question(&checker, asked->first_question + i);
        }
    }
    if (!checker.status) {
        tf_answers_prune(answers);
    }
    return checker.status;
}
