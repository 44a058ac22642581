/* The small form of tests/pack/form_faults.yaml and more, in the pack of the program. */
#ifndef TREFOIL_TESTS_INTAKE_FORM_FIXTURE_H
#define TREFOIL_TESTS_INTAKE_FORM_FIXTURE_H

#include "temporary.h"

#include "intake/form_checking.h"

/* One question of each type. */
static const char form_text[] =
    "version: 3\ndate: 2026-11-30\nsource: a test\nname: all\ntitle: {en: All}\n"
    "category: concern\npublic: true\nlanguages: [en, cy]\nretention_days: 1\nmost_per_hour: 9\n"
    "pages:\n"
    "- name: what\n"
    "  questions:\n"
    "  - name: what\n"
    "    type: some_of\n"
    "    required: true\n"
    "    label: {en: What}\n"
    "    options:\n"
    "    - {value: one, label: {en: One}}\n"
    "    - {value: two, label: {en: Two}}\n"
    "    - {value: none, label: {en: None of these}, exclusive: true}\n"
    "- name: texts\n"
    "  title: {en: Texts}\n"
    "  when: [{question: what, is: one}]\n"
    "  questions:\n"
    "  - {name: line, type: text, label: {en: Line}, subject: {en: The line, cy: Y llinell},\n"
    "     minimum: 2, maximum: 5}\n"
    "  - {name: lines, type: long_text, label: {en: Lines}, when: [{question: what, is: two}]}\n"
    "- name: choice\n"
    "  title: {en: Choice}\n"
    "  when: [{question: line, answered: true}]\n"
    "  questions:\n"
    "  - {name: one, type: one_of, label: {en: One}, options: [{value: a, label: {en: A}},\n"
    "     {value: b, label: {en: B}}]}\n"
    "  - {name: sure, type: yes_no, required: true, label: {en: Sure}}\n"
    "  - {name: count, type: number, label: {en: Count}, minimum: -1, maximum: 1500}\n"
    "- name: day\n"
    "  when: [{question: sure, is_not: \"no\"}]\n"
    "  questions: [{name: day, type: date, label: {en: Day}, subject: {en: The day}}]\n"
    "- name: note\n"
    "  title: {en: Note}\n"
    "  when: [{question: what, is_not: none}]\n"
    "- name: place\n"
    "  questions: [{name: place, type: place, required: true, label: {en: Place}}]\n"
    "- name: contact\n"
    "  questions: [{name: contact, type: contact, label: {en: Contact}}]\n"
    "urgency:\n"
    "- {level: 1, title: Sure, within_hours: 1, when: [{question: sure, is: \"yes\"}]}\n"
    "- {level: 2, title: Two, within_hours: 2, when: [{question: what, is: two}]}\n";

enum { WHAT, TEXTS, CHOICE, DAY, NOTE, PLACE, CONTACT, PAGE_COUNT };

/* What a test of forms works with. */
typedef struct form_desk {
    void *folder; /* as temporary.h has it */
    tf_pack *pack;
    tf_arena *arena;
    const tf_form_definition *form;
    tf_answers answers;
} form_desk;

static inline int form_desk_set_up(void **state) {
    form_desk *own = calloc(1, sizeof *own);
    char command[600];
    char path[300];
    tf_error error;
    const char *source = getenv("TREFOIL_SOURCE");
    assert_int_equal(temporary_set_up(&own->folder), 0);
    snprintf(command, sizeof command, "cp -r '%s/packs/uk/.' '%s'", source ? source : ".",
             (char *)own->folder);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/forms/all.yaml", (char *)own->folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(form_text, 1, sizeof form_text - 1, file), sizeof form_text - 1);
    assert_int_equal(fclose(file), 0);
    assert_ok(tf_pack_open(own->folder, &own->pack, &error), &error);
    own->arena = tf_arena_new();
    own->form = tf_pack_form_find(own->pack, tf_text_of("all"));
    assert_non_null(own->form);
    assert_int_equal(own->form->page_count, PAGE_COUNT);
    assert_ok(tf_answers_new(own->form, TF_ENGLISH, own->arena, &own->answers, &error), &error);
    *state = own;
    return 0;
}

static inline int form_desk_tear_down(void **state) {
    form_desk *own = *state;
    tf_arena_free(own->arena);
    tf_pack_free(own->pack);
    int result = temporary_tear_down(&own->folder);
    free(own);
    return result;
}

#define form_test(test) cmocka_unit_test_setup_teardown(test, form_desk_set_up, form_desk_tear_down)

/* Put an answer of up to four texts; "" for none ends them. */
static inline void put_answer(form_desk *own, const char *question, const char *first,
                              const char *second) {
    int index = tf_form_question(own->form, question);
    assert_true(index >= 0);
    tf_text *texts = tf_arena_alloc(own->arena, 2, sizeof *texts);
    texts[0] = tf_text_of(first);
    texts[1] = tf_text_of(second ? second : "");
    own->answers.values[index] = (tf_answer_texts){texts, first[0] ? (second ? 2U : 1U) : 0U};
}

/* The texts of an answer, with "|" between. */
static inline const char *answer_of(const form_desk *own, const char *question) {
    static char joined[4][400];
    static unsigned next;
    char *made = joined[next++ % 4];
    const tf_answer_texts *value = &own->answers.values[tf_form_question(own->form, question)];
    size_t length = 0;
    made[0] = '\0';
    for (size_t i = 0; i < value->count; i++) {
        length += (size_t)snprintf(made + length, sizeof joined[0] - length, "%s%.*s", i ? "|" : "",
                                   TF_TEXT_ARG(value->texts[i]));
    }
    return made;
}

#endif
