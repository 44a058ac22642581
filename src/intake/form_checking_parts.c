/* Answers that are typed in several controls: dates, places, contacts; and all answers as they
 * would be typed. */
#include "form_checking_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>

/* ---- dates ---- */

static const char *const date_parts[] = {"day", "month", "year"};
static const tf_frame_word date_words[] = {TF_WORD_DAY, TF_WORD_MONTH, TF_WORD_YEAR};

/* The month of a name, or of the three letters that it begins with, in a language; 0 for none. */
static int month_of_name(const char *months, tf_text name) {
    int number = 0;
    for (const char *at = months; *at;) {
        size_t length = strcspn(at, " ");
        number++;
        if (tf_text_equal_fold((tf_text){at, length}, name) ||
            (name.length == 3 && tf_text_equal_fold((tf_text){at, 3}, name))) {
            return number;
        }
        at += length + (at[length] == ' ');
    }
    return 0;
}

static int64_t read_month(const tf_page_checker *checker, tf_text text) {
    int64_t number = 0;
    if (tf_parse_int64(text, &number)) {
        return number;
    }
    for (size_t i = 0; i < TF_LANGUAGE_COUNT && !number; i++) {
        number = month_of_name(tf_pack_say(checker->checking->pack, TF_WORD_MONTHS, (tf_language)i),
                               text);
    }
    return number;
}

/* "day" for "Day", within a sentence. */
static const char *part_in_sentence(const tf_page_checker *checker, size_t part,
                                    char text_out[64]) {
    snprintf(text_out, 64, "%s",
             tf_pack_say(checker->checking->pack, date_words[part], checker->answers->language));
    if (text_out[0] >= 'A' && text_out[0] <= 'Z') {
        text_out[0] = (char)(text_out[0] - 'A' + 'a');
    }
    return text_out;
}

/* The day of three numbers as text; false for none there is. */
static bool make_date(const tf_page_checker *checker, const tf_text parts[3], char text_out[16],
                      int32_t *day_out) {
    int64_t day = 0;
    int64_t year = 0;
    int64_t month = read_month(checker, parts[1]);
    if (!tf_parse_int64(parts[0], &day) || !tf_parse_int64(parts[2], &year) || day < 1 ||
        day > 31 || month < 1 || month > 12 || year < 1900 || year > 2199) {
        return false;
    }
    snprintf(text_out, 16, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    return tf_date_parse(tf_text_of(text_out), day_out);
}

void tf_check_date(tf_page_checker *checker) {
    tf_text parts[3];
    size_t given = 0;
    size_t missing = 3;
    for (size_t i = 3; i-- > 0;) {
        parts[i] = tf_checker_text(checker, date_parts[i], false);
        given += parts[i].length > 0;
        missing = parts[i].length ? missing : i;
    }
    char text[64];
    int32_t day;
    if (given == 0) {
        tf_checker_answer(checker, NULL, 0);
    } else if (given < 3) {
        tf_checker_blame_part(checker, date_parts[missing], TF_WORD_DATE_INCOMPLETE,
                              part_in_sentence(checker, missing, text));
    } else if (!make_date(checker, parts, text, &day)) {
        tf_checker_blame(checker, "day", TF_WORD_DATE_REAL);
    } else if (day > checker->checking->today && !tf_checker_question(checker)->allows_future) {
        tf_checker_blame(checker, "day", TF_WORD_DATE_FUTURE);
    } else {
        const char *kept = tf_arena_copy_text(checker->checking->arena, text, strlen(text));
        tf_text answer = tf_text_of(kept);
        checker->status = kept ? checker->status : tf_fail_no_memory(checker->error);
        tf_checker_answer(checker, &answer, kept != NULL);
    }
}

/* ---- places ---- */

static void keep_place(tf_page_checker *checker, tf_text name, double latitude, double longitude,
                       bool has_point, bool is_exact) {
    char degrees[2][TF_DEGREES_TEXT_SIZE] = {"", ""};
    tf_text answer[TF_PLACE_PARTS] = {name, {"", 0}, {"", 0}, tf_text_of("coarse")};
    if (has_point) {
        (void)tf_place_format(latitude, is_exact, degrees[0]);
        (void)tf_place_format(longitude, is_exact, degrees[1]);
        answer[TF_PLACE_PRECISION] = tf_text_of(is_exact ? "exact" : "coarse");
    }
    for (size_t i = 0; i < 2; i++) {
        char *copy = tf_arena_copy_text(checker->checking->arena, degrees[i], strlen(degrees[i]));
        if (!copy) {
            checker->status = tf_fail_no_memory(checker->error);
            return;
        }
        answer[TF_PLACE_LATITUDE + i] = tf_text_of(copy);
    }
    tf_checker_answer(checker, answer, has_point || name.length ? TF_PLACE_PARTS : 0);
}

/* The point that was typed; false, and the blame, for one that is none. */
static bool read_point(tf_page_checker *checker, double point_out[2], bool *has_point_out) {
    tf_text texts[2] = {tf_checker_text(checker, "latitude", false),
                        tf_checker_text(checker, "longitude", false)};
    *has_point_out = texts[0].length || texts[1].length;
    if (!*has_point_out) {
        return true;
    }
    if (tf_parse_double(texts[0], &point_out[0]) && tf_parse_double(texts[1], &point_out[1]) &&
        tf_place_is_near(point_out[0], point_out[1])) {
        return true;
    }
    tf_checker_blame(checker, "latitude", TF_WORD_POINT_BAD);
    return false;
}

typedef enum place_choice { CHOICE_NONE, CHOICE_TYPED, CHOICE_PLACE } place_choice;

/* What was chosen of the places that were found for this name; a place is kept. */
static place_choice take_choice(tf_page_checker *checker, tf_text name) {
    tf_text choice = tf_typed_value(checker->typed, tf_checker_control(checker, "choice"));
    tf_text found = tf_checker_text(checker, "found", false);
    if (choice.length == 0 || !tf_text_equal(found, name)) {
        return CHOICE_NONE;
    }
    if (tf_text_equal(choice, tf_text_of("typed"))) {
        return CHOICE_TYPED;
    }
    tf_place place;
    if (tf_place_get(checker->checking->db, choice, checker->checking->arena, &place, NULL)) {
        return CHOICE_NONE;
    }
    keep_place(checker, tf_text_of(place.name), place.latitude, place.longitude, true, false);
    return CHOICE_PLACE;
}

/* Look for the name; true when there is something to choose from. */
static bool find_places(tf_page_checker *checker, tf_text name) {
    size_t count = 0;
    tf_place *places = tf_arena_alloc(checker->checking->arena, TF_MOST_PLACES, sizeof *places);
    checker->status = places
                          ? tf_place_search(checker->checking->db, name, checker->checking->arena,
                                            places, &count, checker->error)
                          : tf_fail_no_memory(checker->error);
    if (checker->status || count == 0) {
        return false;
    }
    checker->check->places = places;
    checker->check->place_count = count;
    checker->check->place_question = checker->question;
    /* Shown before and passed over: an error beside the choices. */
    if (tf_text_equal(tf_checker_text(checker, "found", false), name)) {
        tf_checker_blame(checker, "choice", TF_WORD_PLACE_SELECT);
    }
    return true;
}

/* Whether the point that was typed is that of an answer before, whose name was changed since: it
 * was shown with the old name and is not where the new one is. */
static bool is_left_over(const tf_answer_texts *before, tf_text name, const double point[2]) {
    double old[2];
    return before->count && before->texts[TF_PLACE_NAME].length && name.length &&
           !tf_text_equal(before->texts[TF_PLACE_NAME], name) &&
           tf_parse_double(before->texts[TF_PLACE_LATITUDE], &old[0]) &&
           tf_parse_double(before->texts[TF_PLACE_LONGITUDE], &old[1]) && old[0] == point[0] &&
           old[1] == point[1];
}

void tf_check_place(tf_page_checker *checker) {
    enum { MOST_NAME = 200 };
    double point[2] = {0, 0};
    bool has_point = false;
    tf_text name = tf_checker_text(checker, NULL, false);
    bool is_exact = tf_typed_has(checker->typed, tf_checker_control(checker, "exact"), "yes");
    if (!tf_checker_is_short(checker, NULL, name, MOST_NAME) ||
        !read_point(checker, point, &has_point)) {
        return;
    }
    const tf_answer_texts *before = &checker->answers->values[checker->question];
    has_point = has_point && !is_left_over(before, name, point);
    /* Whoever gave a point has said where, and an answer that was kept before needs no choice. */
    bool is_kept = before->count && tf_text_equal(before->texts[TF_PLACE_NAME], name);
    if (!has_point && name.length && !is_kept && checker->checking->db) {
        place_choice choice = take_choice(checker, name);
        if (choice == CHOICE_PLACE || (choice == CHOICE_NONE && find_places(checker, name)) ||
            checker->status) {
            return;
        }
    }
    keep_place(checker, name, point[0], point[1], has_point, is_exact);
}

/* ---- contacts ---- */

/* Seven to fifteen digits (E.164), and what people write between them. */
static bool is_telephone(tf_text text) {
    size_t digits = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_digit = c >= '0' && c <= '9';
        digits += is_digit;
        if (!is_digit && !strchr(" +-().", c)) {
            return false;
        }
    }
    return digits >= 7 && digits <= 15;
}

/* Something, one "@", and something with a dot within it. */
static bool is_email(tf_text text) {
    const char *at = memchr(text.data, '@', text.length);
    if (!at || at == text.data || memchr(text.data, ' ', text.length)) {
        return false;
    }
    tf_text domain = {at + 1, text.length - (size_t)(at + 1 - text.data)};
    const char *dot = domain.length ? memchr(domain.data, '.', domain.length) : NULL;
    return dot && dot != domain.data && domain.data[domain.length - 1] != '.' &&
           !memchr(domain.data, '@', domain.length);
}

void tf_check_contact(tf_page_checker *checker) {
    static const char *const parts[TF_CONTACT_PARTS] = {
        [TF_CONTACT_NAME] = "name",
        [TF_CONTACT_TELEPHONE] = "telephone",
        [TF_CONTACT_EMAIL] = "email",
    };
    enum { MOST_CHARACTERS = 200 };
    tf_text answer[TF_CONTACT_PARTS];
    size_t given = 0;
    for (size_t i = 0; i < TF_CONTACT_PARTS; i++) {
        answer[i] = tf_checker_text(checker, parts[i], false);
        given += answer[i].length > 0;
        if (!tf_checker_is_short(checker, parts[i], answer[i], MOST_CHARACTERS)) {
            return;
        }
    }
    if (answer[TF_CONTACT_TELEPHONE].length && !is_telephone(answer[TF_CONTACT_TELEPHONE])) {
        tf_checker_blame(checker, parts[TF_CONTACT_TELEPHONE], TF_WORD_TELEPHONE_BAD);
    } else if (answer[TF_CONTACT_EMAIL].length && !is_email(answer[TF_CONTACT_EMAIL])) {
        tf_checker_blame(checker, parts[TF_CONTACT_EMAIL], TF_WORD_EMAIL_BAD);
    } else {
        tf_checker_answer(checker, answer, given ? TF_CONTACT_PARTS : 0);
    }
}

/* ---- answers as they would be typed ---- */

typedef struct typist {
    tf_typed *items;
    size_t count;
    tf_arena *arena;
    bool has_failed;
} typist;

static void type_text(typist *own, const char *name, const char *part, tf_text value) {
    const char *control = part ? tf_arena_format(own->arena, "%s-%s", name, part) : name;
    if (!control) {
        own->has_failed = true;
    } else if (value.length) {
        own->items[own->count++] = (tf_typed){tf_text_of(control), value};
    }
}

static void type_place(typist *own, const char *name, const tf_text *texts) {
    bool is_exact = tf_text_equal(texts[TF_PLACE_PRECISION], tf_text_of("exact"));
    type_text(own, name, NULL, texts[TF_PLACE_NAME]);
    type_text(own, name, "latitude", texts[TF_PLACE_LATITUDE]);
    type_text(own, name, "longitude", texts[TF_PLACE_LONGITUDE]);
    type_text(own, name, "exact", is_exact ? tf_text_of("yes") : (tf_text){"", 0});
}

static void type_answer(typist *own, const tf_question *question, const tf_answer_texts *value) {
    static const char *const contact[] = {"name", "telephone", "email"};
    if (value->count == 0) {
        return;
    }
    if (question->type == TF_QUESTION_PLACE) {
        type_place(own, question->name, value->texts);
    } else if (question->type == TF_QUESTION_CONTACT) {
        for (size_t i = 0; i < TF_CONTACT_PARTS; i++) {
            type_text(own, question->name, contact[i], value->texts[i]);
        }
    } else if (question->type == TF_QUESTION_DATE) {
        const char *date = value->texts[0].data;
        int at = date[8] == '0' ? 9 : 8; /* "7", as people write it */
        type_text(own, question->name, "day", (tf_text){date + at, (size_t)(10 - at)});
        at = date[5] == '0' ? 6 : 5;
        type_text(own, question->name, "month", (tf_text){date + at, (size_t)(7 - at)});
        type_text(own, question->name, "year", (tf_text){date, 4});
    } else {
        for (size_t i = 0; i < value->count; i++) {
            type_text(own, question->name, NULL, value->texts[i]);
        }
    }
}

tf_status tf_form_type_page(const tf_answers *answers, size_t page, tf_arena *arena,
                            tf_typed_list *typed_out, tf_error *error) {
    const tf_form_page *asked = &answers->form->pages[page];
    size_t most = asked->question_count * 4;
    for (size_t i = 0; i < asked->question_count; i++) {
        most += answers->values[asked->first_question + i].count;
    }
    typist own = {.arena = arena, .items = tf_arena_alloc(arena, most, sizeof *own.items)};
    *typed_out = (tf_typed_list){NULL, 0};
    own.has_failed = !own.items;
    for (size_t i = 0; i < asked->question_count && !own.has_failed; i++) {
        size_t question = asked->first_question + i;
        type_answer(&own, &answers->form->questions[question], &answers->values[question]);
    }
    if (own.has_failed) {
        return tf_fail_no_memory(error);
    }
    *typed_out = (tf_typed_list){own.items, own.count};
    return TF_OK;
}
