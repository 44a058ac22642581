#include "intake/answers.h"

#include "trefoil/base/date.h"
#include "trefoil/base/json.h"
#include "trefoil/base/json_read.h"

tf_status tf_answers_new(const tf_form_definition *form, tf_language language, tf_arena *arena,
                         tf_answers *answers_out, tf_error *error) {
    *answers_out = (tf_answers){.form = form, .language = language};
    answers_out->values = tf_arena_alloc(arena, form->question_count, sizeof *answers_out->values);
    if (!answers_out->values) {
        return tf_fail_no_memory(error);
    }
    memset(answers_out->values, 0, form->question_count * sizeof *answers_out->values);
    return TF_OK;
}

/* ---- what is asked ---- */

/* For each question whether it is asked.  Conditions speak of questions before, so one way through
 * the form settles all of them. */
typedef struct asked {
    bool questions[TF_MOST_QUESTIONS];
} asked;

static bool has_answer(const tf_answers *answers, const asked *known, size_t question) {
    return known->questions[question] && answers->values[question].count > 0;
}

static bool is_value(const tf_answers *answers, const asked *known,
                     const tf_form_condition *condition) {
    if (!has_answer(answers, known, condition->question)) {
        return false;
    }
    const tf_answer_texts *value = &answers->values[condition->question];
    for (size_t i = 0; i < value->count; i++) {
        if (tf_text_equal(value->texts[i], tf_text_of(condition->value))) {
            return true;
        }
    }
    return false;
}

static bool holds(const tf_answers *answers, const asked *known,
                  const tf_form_condition *condition) {
    switch (condition->test) {
    case TF_TEST_IS:
        return is_value(answers, known, condition);
    case TF_TEST_IS_NOT:
        return !is_value(answers, known, condition);
    case TF_TEST_ANSWERED:
        return has_answer(answers, known, condition->question);
    case TF_TEST_COUNT:
        break;
    }
    return false;
}

static bool all_hold(const tf_answers *answers, const asked *known,
                     const tf_form_conditions *conditions) {
    for (size_t i = 0; i < conditions->count; i++) {
        if (!holds(answers, known, &conditions->items[i])) {
            return false;
        }
    }
    return true;
}

static asked find_asked(const tf_answers *answers) {
    const tf_form_definition *form = answers->form;
    asked known = {{false}};
    for (size_t p = 0; p < form->page_count; p++) {
        const tf_form_page *page = &form->pages[p];
        bool is_page_asked = all_hold(answers, &known, &page->when);
        for (size_t i = 0; i < page->question_count && is_page_asked; i++) {
            size_t question = page->first_question + i;
            known.questions[question] = all_hold(answers, &known, &form->questions[question].when);
        }
    }
    return known;
}

bool tf_answers_ask(const tf_answers *answers, size_t question) {
    return find_asked(answers).questions[question];
}

static bool asks_page(const tf_answers *answers, const asked *known, size_t index) {
    const tf_form_page *page = &answers->form->pages[index];
    if (page->question_count == 0) {
        return all_hold(answers, known, &page->when);
    }
    for (size_t i = 0; i < page->question_count; i++) {
        if (known->questions[page->first_question + i]) {
            return true;
        }
    }
    return false;
}

bool tf_answers_ask_page(const tf_answers *answers, size_t page) {
    asked known = find_asked(answers);
    return asks_page(answers, &known, page);
}

void tf_answers_prune(tf_answers *answers) {
    asked known = find_asked(answers);
    for (size_t i = 0; i < answers->form->question_count; i++) {
        if (!known.questions[i]) {
            answers->values[i] = (tf_answer_texts){0};
        }
    }
}

size_t tf_answers_next_page(const tf_answers *answers, int page) {
    asked known = find_asked(answers);
    size_t next = (size_t)(page + 1);
    while (next < answers->form->page_count && !asks_page(answers, &known, next)) {
        next++;
    }
    return next;
}

int tf_answers_previous_page(const tf_answers *answers, size_t page) {
    asked known = find_asked(answers);
    int previous = (int)page - 1;
    while (previous >= 0 && !asks_page(answers, &known, (size_t)previous)) {
        previous--;
    }
    return previous;
}

size_t tf_answers_first_open_page(const tf_answers *answers) {
    const tf_form_definition *form = answers->form;
    asked known = find_asked(answers);
    for (size_t p = 0; p < form->page_count; p++) {
        const tf_form_page *page = &form->pages[p];
        for (size_t i = 0; i < page->question_count; i++) {
            size_t question = page->first_question + i;
            if (known.questions[question] && form->questions[question].is_required &&
                answers->values[question].count == 0) {
                return p;
            }
        }
    }
    return form->page_count;
}

const tf_form_urgency *tf_answers_urgency(const tf_answers *answers) {
    asked known = find_asked(answers);
    for (size_t i = 0; i < answers->form->urgency_count; i++) {
        if (all_hold(answers, &known, &answers->form->urgencies[i].when)) {
            return &answers->form->urgencies[i];
        }
    }
    return NULL;
}

/* ---- as JSON ---- */

void tf_answers_write(const tf_answers *answers, tf_buffer *json_out) {
    tf_json json;
    tf_json_init(&json, json_out, false);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "form", answers->form->name);
    tf_json_put_int(&json, "version", answers->form->version);
    tf_json_put_string(&json, "language", tf_language_codes[answers->language]);
    tf_json_key(&json, "answers");
    tf_json_open_object(&json);
    for (size_t i = 0; i < answers->form->question_count; i++) {
        const tf_answer_texts *value = &answers->values[i];
        if (value->count) {
            tf_json_key(&json, answers->form->questions[i].name);
            tf_json_open_array(&json);
            for (size_t j = 0; j < value->count; j++) {
                tf_json_text(&json, value->texts[j]);
            }
            tf_json_close_array(&json);
        }
    }
    tf_json_close_object(&json);
    tf_json_close_object(&json);
}

/* Whether texts have the shape of an answer to the question. */
static bool fits(const tf_question *question, const tf_answer_texts *value) {
    int32_t day;
    int64_t number;
    switch (question->type) {
    case TF_QUESTION_ONE_OF:
        return value->count == 1 && tf_question_option(question, value->texts[0]) >= 0;
    case TF_QUESTION_SOME_OF:
        for (size_t i = 0; i < value->count; i++) {
            if (tf_question_option(question, value->texts[i]) < 0) {
                return false;
            }
        }
        return value->count > 0;
    case TF_QUESTION_YES_NO:
        return value->count == 1 && (tf_text_equal(value->texts[0], tf_text_of("yes")) ||
                                     tf_text_equal(value->texts[0], tf_text_of("no")));
    case TF_QUESTION_DATE:
        return value->count == 1 && tf_date_parse(value->texts[0], &day);
    case TF_QUESTION_NUMBER:
        return value->count == 1 && tf_parse_int64(value->texts[0], &number);
    case TF_QUESTION_PLACE:
        return value->count == TF_PLACE_PARTS;
    case TF_QUESTION_CONTACT:
        return value->count == TF_CONTACT_PARTS;
    case TF_QUESTION_TEXT:
    case TF_QUESTION_LONG_TEXT:
    case TF_QUESTION_TYPE_COUNT:
        break;
    }
    return value->count == 1;
}

static tf_status read_value(const tf_json_value *list, const tf_question *question, tf_arena *arena,
                            tf_answer_texts *value_out, tf_error *error) {
    size_t count = tf_json_count(list);
    if (tf_json_type_of(list) != TF_JSON_ARRAY || count == 0 || count > TF_MOST_OPTIONS) {
        return TF_OK;
    }
    tf_text *texts = tf_arena_alloc(arena, count, sizeof *texts);
    if (!texts) {
        return tf_fail_no_memory(error);
    }
    tf_answer_texts value = {texts, 0};
    for (size_t i = 0; i < count; i++) {
        tf_text text;
        if (!tf_json_get_text(tf_json_item(list, i), &text)) {
            return TF_OK;
        }
        char *copy = tf_arena_copy_text(arena, text.data, text.length);
        if (!copy) {
            return tf_fail_no_memory(error);
        }
        tf_text kept = {copy, text.length};
        if (question->type != TF_QUESTION_SOME_OF || tf_question_option(question, kept) >= 0) {
            texts[value.count++] = kept;
        }
    }
    if (fits(question, &value)) {
        *value_out = value;
    }
    return TF_OK;
}

static tf_status read_values(const tf_json_value *values, const tf_form_definition *form,
                             tf_language language, tf_arena *arena, tf_answers *answers_out,
                             tf_error *error) {
    tf_status status = tf_answers_new(form, language, arena, answers_out, error);
    for (size_t i = 0; !status && i < form->question_count; i++) {
        status = read_value(tf_json_member(values, form->questions[i].name), &form->questions[i],
                            arena, &answers_out->values[i], error);
    }
    return status;
}

tf_status tf_answers_read(tf_text json, const tf_pack *pack, tf_arena *arena,
                          tf_answers *answers_out, tf_error *error) {
    tf_json_value *root = NULL;
    tf_text name = {"", 0};
    tf_text language = {"", 0};
    tf_status status = tf_json_parse(json, 1, "the answers", &root, error);
    if (status) {
        return status;
    }
    (void)tf_json_get_text(tf_json_member(root, "language"), &language);
    (void)tf_json_get_text(tf_json_member(root, "form"), &name);
    const tf_json_value *values = tf_json_member(root, "answers");
    const tf_form_definition *form = tf_pack_form_find(pack, name);
    if (form && tf_json_type_of(values) == TF_JSON_OBJECT) {
        status = read_values(values, form, tf_language_of(language), arena, answers_out, error);
    } else {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         form ? "these are no answers to a form"
                              : "these answers belong to a form that the pack has not; add it");
    }
    tf_json_free(root);
    return status;
}
