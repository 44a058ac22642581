#include "check.h"

#include "pack/form_internal.h"
#include "pack/frame_words.h"

#include <sys/stat.h>

static char faults_file[64 * 1024];

static const char *source_folder(void) {
    const char *folder = getenv("TREFOIL_SOURCE");
    return folder ? folder : ".";
}

static const tf_yaml *read_faults(tf_arena *arena) {
    char path[512];
    snprintf(path, sizeof path, "%s/tests/pack/form_faults.yaml", source_folder());
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(faults_file, 1, sizeof faults_file, file);
    (void)fclose(file);
    const tf_yaml *root;
    tf_error error;
    assert_ok(tf_yaml_read(arena, "form_faults.yaml", faults_file, length, &root, &error), &error);
    return root;
}

static tf_embedded_file embedded(const char *name) {
    for (size_t i = 0; i < tf_packs.count; i++) {
        if (strcmp(tf_packs.files[i].name + 3, name) == 0) {
            return tf_packs.files[i];
        }
    }
    fail_msg("%s is not embedded", name);
    return (tf_embedded_file){0};
}

/* The pack in the program, with these forms in the place of its own. */
static tf_status read_forms(const char *const *texts, size_t count, tf_pack **pack_out,
                            tf_error *error) {
    tf_embedded_file files[TF_PACK_FILE_COUNT];
    tf_embedded_file forms[4];
    tf_embedded_file words = embedded("words.yaml");
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        files[i] = embedded(tf_pack_file_names[i]);
    }
    for (size_t i = 0; i < count; i++) {
        forms[i] = (tf_embedded_file){"form", (const unsigned char *)texts[i], strlen(texts[i])};
    }
    tf_status status = tf_pack_read(files, pack_out, error);
    return status ? status : tf_pack_read_forms(*pack_out, &words, forms, count, error);
}

static const char *text_of(const tf_yaml *node, const char *name) {
    const tf_yaml *field = tf_form_reader_field(node, name);
    assert_non_null(field);
    return field->text;
}

/* `text` with the first `old` replaced. */
static char *replaced(const char *text, const char *old, const char *new) {
    static char made[16 * 1024];
    const char *at = strstr(text, old);
    if (!at) {
        fail_msg("\"%s\" is not in the form", old);
        return made;
    }
    snprintf(made, sizeof made, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    return made;
}

static void a_small_form_is_read_as_it_stands(void **state) {
    (void)state;
    tf_arena *arena = tf_arena_new();
    const char *form_text = text_of(read_faults(arena), "form");
    tf_pack *pack;
    tf_error error;
    assert_ok(read_forms(&form_text, 1, &pack, &error), &error);
    assert_int_equal(tf_pack_form_count(pack), 1);
    const tf_form_definition *form = tf_pack_form_find(pack, tf_text_of("survey"));
    assert_ptr_equal(form, tf_pack_form_at(pack, 0));
    assert_null(tf_pack_form_find(pack, tf_text_of("report")));
    assert_int_equal(form->version, 2);
    assert_string_equal(tf_words_in(&form->title, TF_WELSH), "Arolwg");
    assert_true(form->is_public);
    assert_false(form->has_emergency);
    assert_true(form->speaks[TF_WELSH]);
    assert_int_equal(form->opens_on, 20454); /* date -d 2026-01-01 +%s, by a day's seconds */
    assert_int_equal(form->closes_on, 20818);
    assert_int_equal(form->page_count, 4);
    assert_int_equal(form->question_count, 5);
    assert_int_equal(form->pages[1].first_question, 1);
    assert_int_equal(form->pages[1].question_count, 3);
    assert_int_equal(form->pages[3].question_count, 0);
    const tf_question *what = &form->questions[0];
    assert_int_equal(what->type, TF_QUESTION_SOME_OF);
    assert_true(what->is_counted && what->is_required);
    assert_true(what->options[1].is_exclusive);
    assert_string_equal(tf_words_in(&what->missing, TF_WELSH), "Select what");
    assert_null(tf_words_in(&what->hint, TF_ENGLISH));
    assert_int_equal(what->field, -1);
    assert_int_equal(form->questions[1].minimum, 2);
    assert_true(form->questions[1].field >= 0);
    assert_int_equal(form->questions[2].maximum, 9);
    assert_true(form->questions[4].allows_future);
    const tf_form_conditions *when = &form->pages[2].when;
    assert_int_equal(when->count, 2);
    assert_int_equal(when->items[0].question, 3);
    assert_int_equal(when->items[0].test, TF_TEST_IS_NOT);
    assert_string_equal(when->items[0].value, "no");
    assert_int_equal(when->items[1].test, TF_TEST_ANSWERED);
    assert_int_equal(form->urgency_count, 2);
    assert_int_equal(form->urgencies[0].within_hours, 2);
    assert_int_equal(tf_form_question(form, "day"), 4);
    assert_int_equal(tf_form_question(form, "night"), -1);
    assert_int_equal(tf_form_page_of(form, tf_text_of("thanks")), 3);
    assert_int_equal(tf_question_option(what, tf_text_of("none")), 1);
    tf_pack_free(pack);
    tf_arena_free(arena);
}

static void every_fault_is_told_with_its_line(void **state) {
    (void)state;
    tf_arena *arena = tf_arena_new();
    const tf_yaml *root = read_faults(arena);
    const char *form = text_of(root, "form");
    size_t count = 0;
    for (const tf_yaml *fault = tf_form_reader_field(root, "faults")->first; fault;
         fault = fault->next) {
        const tf_yaml *with = tf_form_reader_field(fault, "with");
        const char *text = replaced(form, text_of(fault, "replace"), with->text);
        tf_pack *pack;
        tf_error error = {.message = ""};
        tf_status status = read_forms(&text, 1, &pack, &error);
        int64_t line = 0;
        assert_true(tf_parse_int64(tf_text_of(text_of(fault, "line")), &line));
        if (status != TF_BAD_INPUT || strcmp(error.place, "form") != 0 || error.line != line ||
            !strstr(error.message, text_of(fault, "words"))) {
            fail_msg("line %d of form_faults.yaml: status %d, %s line %d: \"%s\"", (int)fault->line,
                     (int)status, error.place, (int)error.line, error.message);
        }
        tf_pack_free(pack);
        count++;
    }
    assert_true(count > 40);
    tf_arena_free(arena);
}

static void two_forms_of_one_name_are_refused(void **state) {
    (void)state;
    tf_arena *arena = tf_arena_new();
    const char *form = text_of(read_faults(arena), "form");
    tf_pack *pack;
    tf_error error;
    assert_int_equal(read_forms((const char *const[]){form, form}, 2, &pack, &error), TF_BAD_INPUT);
    assert_non_null(strstr(error.message, "two forms have the name \"survey\""));
    tf_pack_free(pack);
    /* Two of different names stand in the order of those. */
    const char *other = replaced(form, "name: survey", "name: a-survey");
    assert_ok(read_forms((const char *const[]){form, other}, 2, &pack, &error), &error);
    assert_string_equal(tf_pack_form_at(pack, 0)->name, "a-survey");
    assert_string_equal(tf_pack_form_at(pack, 1)->name, "survey");
    tf_pack_free(pack);
    tf_arena_free(arena);
}

static void words_must_leave_their_places(void **state) {
    (void)state;
    static const struct {
        const char *old, *new, *words;
    } faults[] = {
        {"You can enter up to %{count} characters", "You can enter some", "count"},
        {"%{what} must be a real date", "%{what} must be a %{real} date", "what"},
        {"January February", "January", "twelve words"},
        {"  back: {en: Back, cy: Yn ôl}\n", "", "\"back\" is missing"},
        {"  back: {en: Back,", "  back: {", "lacks its English"},
        {"  back:", "  forth:", "\"forth\" is not known"},
    };
    tf_embedded_file embedded_words = embedded("words.yaml");
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *text =
            replaced((const char *)embedded_words.bytes, faults[i].old, faults[i].new);
        tf_embedded_file words = {"words", (const unsigned char *)text, strlen(text)};
        tf_pack *pack;
        tf_error error = {.message = ""};
        assert_ok(read_forms(NULL, 0, &pack, &error), &error);
        assert_int_equal(tf_frame_words_read(pack, &words, &error), TF_BAD_INPUT);
        if (!strstr(error.message, faults[i].words)) {
            fail_msg("\"%s\" does not say \"%s\"", error.message, faults[i].words);
        }
        tf_pack_free(pack);
    }
}

static void words_are_said_with_what_is_put_in(void **state) {
    (void)state;
    tf_pack *pack;
    tf_error error;
    tf_arena *arena = tf_arena_new();
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    const char *const places[] = {"what", "Age %{count}", "count", "9", NULL};
    assert_string_equal(tf_pack_say_of(pack, TF_WORD_NUMBER_LOW, TF_ENGLISH, arena, places),
                        "Age %{count} must be 9 or more");
    assert_string_equal(tf_pack_say(pack, TF_WORD_BACK, TF_WELSH), "Yn ôl");
    tf_arena_free(arena);
    tf_pack_free(pack);
}

/* Everything that people read is there in both languages. */
static void expect_both(const char *name, const tf_words *words) {
    if (words->in[TF_ENGLISH] && !words->in[TF_WELSH]) {
        fail_msg("of \"%s\" \"%s\" is not translated", name, words->in[TF_ENGLISH]);
    }
}

static void the_report_speaks_english_and_welsh_throughout(void **state) {
    (void)state;
    tf_pack *pack;
    tf_error error;
    assert_ok(tf_pack_open(NULL, &pack, &error), &error);
    const tf_form_definition *form = tf_pack_form_find(pack, tf_text_of("report"));
    assert_non_null(form);
    assert_true(form->is_public && form->has_emergency && form->has_receipt);
    int child = tf_form_page_of(form, tf_text_of("child"));
    assert_true(child > 0 && form->pages[child].has_emergency && !form->pages[0].has_emergency);
    expect_both("title", &form->title);
    expect_both("before", &form->before);
    expect_both("after", &form->after);
    for (size_t i = 0; i < form->page_count; i++) {
        expect_both(form->pages[i].name, &form->pages[i].title);
        expect_both(form->pages[i].name, &form->pages[i].text);
    }
    for (size_t i = 0; i < form->question_count; i++) {
        const tf_question *question = &form->questions[i];
        expect_both(question->name, &question->label);
        expect_both(question->name, &question->hint);
        expect_both(question->name, &question->missing);
        expect_both(question->name, &question->subject);
        assert_true(question->field >= 0);
        for (size_t j = 0; j < question->option_count; j++) {
            expect_both(question->name, &question->options[j].label);
            expect_both(question->name, &question->options[j].hint);
        }
    }
    for (size_t i = 0; i < TF_WORD_COUNT; i++) {
        expect_both("a word", &pack->words[i]);
    }
    tf_pack_free(pack);
}

/* A pack in a folder has its forms in a folder of that. */
static void forms_are_read_from_a_directory(void **state) {
    (void)state;
    char folder[] = "/tmp/trefoil-forms-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char command[512];
    tf_pack *pack;
    tf_error error;
    snprintf(command, sizeof command, "cp -r '%s/packs/uk/.' '%s'", source_folder(), folder);
    assert_int_equal(system(command), 0);
    assert_ok(tf_pack_open(folder, &pack, &error), &error);
    assert_non_null(tf_pack_form_find(pack, tf_text_of("report")));
    tf_pack_free(pack);
    snprintf(command, sizeof command, "sed -i 's/type: date/type: data/' '%s/forms/report.yaml'",
             folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(tf_pack_open(folder, &pack, &error), TF_BAD_INPUT);
    assert_null(pack);
    assert_non_null(strstr(error.place, "forms/report.yaml"));
    assert_true(error.line > 100);
    snprintf(command, sizeof command, "rm -r '%s/forms'", folder);
    assert_int_equal(system(command), 0);
    assert_ok(tf_pack_open(folder, &pack, &error), &error);
    assert_int_equal(tf_pack_form_count(pack), 0);
    tf_pack_free(pack);
    snprintf(command, sizeof command, "rm '%s/words.yaml'", folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(tf_pack_open(folder, &pack, &error), TF_NOT_FOUND);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(system(command), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_form_is_read_as_it_stands),
        cmocka_unit_test(every_fault_is_told_with_its_line),
        cmocka_unit_test(two_forms_of_one_name_are_refused),
        cmocka_unit_test(words_must_leave_their_places),
        cmocka_unit_test(words_are_said_with_what_is_put_in),
        cmocka_unit_test(the_report_speaks_english_and_welsh_throughout),
        cmocka_unit_test(forms_are_read_from_a_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
