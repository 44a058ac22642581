/* A profile on paper, as other programs read it. */
#include "check.h"

#include "fail_allocations.h"
#include "insight/profile_json.h"
#include "insight/profile_words.h"
#include "pdf_tools.h"
#include "profile_sample.h"
#include "web/paper/profile_paper.h"

#include <jansson.h>

static tf_buffer paper_of(const tf_profile *profile) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_error error;
    assert_ok(tf_profile_paper_write(NULL, profile, &out, &error), &error);
    return out;
}

/* The words of the document in reading order, each run of white space as one space. */
static const char *words_of(void **state, const tf_buffer *document) {
    return say_of(state, document, "pdftotext -raw %s - | tr -s '[:space:]' ' '");
}

static void the_first_page_says_it_all(void **state) {
    PDF_TOOLS();
    profile_sample sample;
    sample_make(&sample);
    tf_buffer document = paper_of(&sample.profile);
    assert_is_sound(state, &document);
    assert_says(say_of(state, &document, "pdfinfo %s"),
                "Title:           Bedfordshire: Drugs, May 2023 to April 2024\n");
    const char *first =
        say_of(state, &document, "pdftotext -raw -l 1 %s - | tr -s '[:space:]' ' '");
    const char *const said[] = {
        "Bedfordshire: Drugs",     "Crime profile, May 2023 to April 2024 (force, bedfordshire)",
        "Offences recorded 1,607", "Rate per 1,000 people 2.3 between 2.2 and 2.4",
        "704,736 people in 2022",  "On the year before up 12% 4% to 21%",
        "1,435 a year before",     "Harm, in days 8,035 by the Cambridge Crime Harm Index",
        "What to look at first",   "Hot spots: Luton 003B (240)",
        "Month by month",          "Upper limit 191"};
    const char *at = first;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        assert_says(first, said[i]);
        const char *next = strstr(at, said[i]);
        if (!next) {
            fail_msg("not in this order: %s in %s", said[i], first);
        }
        at = next;
    }
    assert_says(first, "Page 1 of ");
    tf_buffer_deinit(&document);
}

/* The number of the key in an object, as the paper writes counts. */
static const char *count_in(json_t *object, const char *key) {
    static char text[TF_COUNT_TEXT_SIZE];
    json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return tf_words_count(json_integer_value(value), text);
}

static void its_figures_are_those_of_the_json_form(void **state) {
    PDF_TOOLS();
    profile_sample sample;
    sample_make(&sample);
    tf_buffer text;
    tf_buffer_init(&text);
    tf_json writer;
    tf_json_init(&writer, &text, false);
    tf_profile_json_write(&sample.profile, &writer);
    json_t *json = json_loadb(text.data, text.length, 0, NULL);
    assert_non_null(json);
    tf_buffer document = paper_of(&sample.profile);
    /* A row of a table is a line. */
    const char *lines = say_of(state, &document, "pdftotext -layout %s - | tr -s ' '");
    char line[256];
    size_t index;
    json_t *entry;
    snprintf(line, sizeof line, "%s", count_in(json, "count"));
    assert_says(lines, line);
    json_array_foreach(json_object_get(json, "months"), index, entry) {
        char month[TF_MONTH_WORDS_SIZE];
        tf_month number = 0;
        assert_true(tf_month_parse(tf_text_of(json_string_value(json_object_get(entry, "month"))),
                                   &number));
        bool is_missing = json_is_null(json_object_get(entry, "count"));
        snprintf(line, sizeof line, "%s %s 146.1 ", tf_words_month(number, month),
                 is_missing ? "\xE2\x80\x93" : count_in(entry, "count"));
        assert_says(lines, line);
    }
    json_array_foreach(json_object_get(json, "areas"), index, entry) {
        const char *code = json_string_value(json_object_get(entry, "code"));
        snprintf(line, sizeof line, " %s %s", code, count_in(entry, "count"));
        assert_says(lines, line);
    }
    json_array_foreach(json_object_get(json, "outcomes"), index, entry) {
        snprintf(line, sizeof line, "%s %s ", json_string_value(json_object_get(entry, "outcome")),
                 count_in(entry, "count"));
        assert_says(lines, line);
    }
    json_decref(json);
    tf_buffer_deinit(&text);
    tf_buffer_deinit(&document);
}

static void charts_say_in_words_what_they_show(void **state) {
    PDF_TOOLS();
    profile_sample sample;
    sample_make(&sample);
    tf_buffer document = paper_of(&sample.profile);
    const char *structure = say_of(state, &document, "pdfinfo -struct %s");
    assert_int_equal(count_of(structure, "Figure"), 2);
    const char *objects =
        say_of(state, &document, "qpdf --qdf --object-streams=disable %s - | strings");
    assert_int_equal(count_of(objects, "/Alt ("), 2);
    assert_int_equal(count_of(structure, "H1"), 1);
    assert_true(count_of(structure, "H2") >= 9);
    tf_buffer_deinit(&document);
}

static void the_same_profile_gives_the_same_bytes(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    tf_buffer first = paper_of(&sample.profile);
    tf_buffer second = paper_of(&sample.profile);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    tf_buffer_deinit(&first);
    tf_buffer_deinit(&second);
}

static void what_is_not_known_has_its_reason(void **state) {
    PDF_TOOLS();
    profile_sample sample;
    sample_make_empty(&sample);
    tf_buffer document = paper_of(&sample.profile);
    assert_is_sound(state, &document);
    const char *words = words_of(state, &document);
    assert_says(words, "Offences recorded 0 in 1 month");
    assert_says(words, "Rate per 1,000 people Not known no population for Luton: run trefoil "
                       "import population");
    assert_says(words, "On the year before Not known The change is not known");
    assert_says(words, "Hot spots need boundaries; trefoil import areas brings them.");
    assert_says(words, "No stop-and-search file of these months was imported.");
    assert_null(strstr(words, "nan"));
    assert_null(strstr(words, "inf "));
    tf_buffer_deinit(&document);
}

static void thousands_of_areas_are_all_there(void **state) {
    enum { AREAS = 2000 };
    PDF_TOOLS();
    profile_sample sample;
    sample_make(&sample);
    static tf_profile_area areas[AREAS];
    static char names[AREAS][40];
    for (int i = 0; i < AREAS; i++) {
        snprintf(names[i], sizeof names[i], "Area-%04d.", i);
        areas[i] = sample.areas[2]; /* all of them changed */
        areas[i].name = areas[i].code = names[i];
        areas[i].count = 5000 - i;
    }
    sample.profile.areas = areas;
    sample.profile.area_count = AREAS;
    tf_buffer document = paper_of(&sample.profile);
    assert_is_sound(state, &document);
    const char *text = say_of(state, &document, "pdftotext %s -");
    for (int i = 0; i < AREAS; i++) {
        assert_true(count_of(text, names[i]) >= 2); /* its name and its code */
    }
    assert_says(text, "whose change is clearest");
    tf_buffer_deinit(&document);
}

static void hostile_names_are_names(void **state) {
    PDF_TOOLS();
    char endless[3000];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    const char *const names[] = {endless,
                                 "<script>alert(1)</script> & \"q\"",
                                 "\xE2\x80\xAE"
                                 "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
                                 "a\x07\x1b[31m\nb",
                                 "\xFF\xFE",
                                 "%s%n"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        profile_sample sample;
        sample_make(&sample);
        sample.profile.area_name = sample.profile.area_code = names[i];
        sample.profile.group_title = sample.profile.layer = names[i];
        sample.profile.harm_index = names[i];
        sample.notes[0] = names[i];
        for (int area = 0; area < SAMPLE_AREAS; area++) {
            sample.areas[area].name = sample.areas[area].code = names[i];
        }
        sample.outcomes[0].name = sample.groups[0].name = names[i];
        sample.search_outcomes[0].name = names[i];
        sample.sources[0] = (tf_profile_source){names[i], names[i], names[i], 1};
        tf_buffer document = paper_of(&sample.profile);
        assert_is_sound(state, &document);
        assert_null(strchr(words_of(state, &document), '\x1b'));
        tf_buffer_deinit(&document);
    }
}

static void every_allocation_that_fails_is_told(void **state) {
    (void)state;
    profile_sample sample;
    sample_make(&sample);
    /* Each is far into the work of the one before; all of them would take minutes. */
    for (long n = 0;; n += 1 + n / 12) {
        tf_buffer out;
        tf_buffer_init(&out);
        tf_error error;
        fail_allocation(n);
        tf_status status = tf_profile_paper_write(NULL, &sample.profile, &out, &error);
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&out);
        if (status == TF_OK) {
            assert_false(was_reached);
            assert_true(n > 10);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
        assert_int_equal(error.code, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(the_first_page_says_it_all),
        temporary_test(its_figures_are_those_of_the_json_form),
        temporary_test(charts_say_in_words_what_they_show),
        temporary_test(the_same_profile_gives_the_same_bytes),
        temporary_test(what_is_not_known_has_its_reason),
        temporary_test(thousands_of_areas_are_all_there),
        temporary_test(hostile_names_are_names),
        temporary_test(every_allocation_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
