/* The questions of a form's file, and the conditions on which something is asked. */
#include "form_internal.h"

static const char *const type_names[TF_QUESTION_TYPE_COUNT] = {
    [TF_QUESTION_TEXT] = "text",       [TF_QUESTION_LONG_TEXT] = "long_text",
    [TF_QUESTION_ONE_OF] = "one_of",   [TF_QUESTION_SOME_OF] = "some_of",
    [TF_QUESTION_DATE] = "date",       [TF_QUESTION_YES_NO] = "yes_no",
    [TF_QUESTION_NUMBER] = "number",   [TF_QUESTION_PLACE] = "place",
    [TF_QUESTION_CONTACT] = "contact",
};

static bool has_options(tf_question_type type) {
    return type == TF_QUESTION_ONE_OF || type == TF_QUESTION_SOME_OF;
}

static bool is_text(tf_question_type type) {
    return type == TF_QUESTION_TEXT || type == TF_QUESTION_LONG_TEXT;
}

/* ---- conditions ---- */

/* Whether a question of that name stands anywhere in the file, for the right words about it. */
static bool is_in_file(const tf_form_reader *reader, const char *name) {
    for (const tf_yaml *page = reader->pages->first; page; page = page->next) {
        const tf_yaml *list = tf_form_reader_field(page, "questions");
        for (const tf_yaml *question = list ? list->first : NULL; question;
             question = question->next) {
            const tf_yaml *field = tf_form_reader_field(question, "name");
            if (field && field->kind == TF_YAML_TEXT && strcmp(field->text, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static const tf_question *find_question(tf_form_reader *reader, const tf_yaml *node,
                                        const char *name, size_t end) {
    for (size_t i = 0; i < end; i++) {
        if (strcmp(reader->questions[i].name, name) == 0) {
            return &reader->questions[i];
        }
    }
    if (is_in_file(reader, name)) {
        TF_FORM_FAIL(reader, node,
                     "the condition asks for \"%s\", which does not stand on an earlier page; move "
                     "it there",
                     name);
    } else {
        TF_FORM_FAIL(reader, node, "the condition asks for \"%s\", but there is no such question",
                     name);
    }
    return NULL;
}

static void check_value(tf_form_reader *reader, const tf_yaml *node, const tf_question *question,
                        const char *value) {
    if (question->type == TF_QUESTION_YES_NO) {
        if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0) {
            TF_FORM_FAIL(reader, node, "\"%s\" is no answer to \"%s\"; it is yes or no", value,
                         question->name);
        }
    } else if (!has_options(question->type)) {
        TF_FORM_FAIL(reader, node,
                     "\"%s\" is no choice, so a condition can only ask whether it is answered",
                     question->name);
    } else if (tf_question_option(question, tf_text_of(value)) < 0) {
        TF_FORM_FAIL(reader, node, "\"%s\" is no option of \"%s\"", value, question->name);
    }
}

static tf_form_condition read_condition(tf_form_reader *reader, const tf_yaml *node, size_t end) {
    static const char *const fields[] = {"question", "is", "is_not", "answered", NULL};
    tf_form_condition condition = {0};
    tf_form_reader_expect(reader, node, fields);
    const char *name = tf_form_reader_take_text(reader, node, "question");
    const tf_question *question = name ? find_question(reader, node, name, end) : NULL;
    if (!question) {
        return condition;
    }
    condition.question = (size_t)(question - reader->questions);
    bool is_is = tf_yaml_has(node, "is");
    bool is_not = tf_yaml_has(node, "is_not");
    if (is_is + is_not + tf_yaml_has(node, "answered") != 1) {
        TF_FORM_FAIL(reader, node, "a condition has one of \"is\", \"is_not\" and \"answered\"");
    } else if (is_is || is_not) {
        condition.test = is_is ? TF_TEST_IS : TF_TEST_IS_NOT;
        condition.value = tf_form_reader_take_text(reader, node, is_is ? "is" : "is_not");
        if (condition.value) {
            check_value(reader, node, question, condition.value);
        }
    } else {
        condition.test = TF_TEST_ANSWERED;
        if (!tf_form_reader_take_flag(reader, node, "answered") && !reader->status) {
            TF_FORM_FAIL(reader, node, "\"answered\" can only be true");
        }
    }
    return condition;
}

tf_form_conditions tf_form_reader_find_conditions(tf_form_reader *reader, const tf_yaml *node,
                                                  size_t end) {
    tf_form_conditions conditions = {0};
    const tf_yaml *list = tf_form_reader_find_list(reader, node, "when", TF_MOST_CONDITIONS);
    if (!list) {
        return conditions;
    }
    tf_form_condition *items =
        tf_pack_allocate(reader->pack, list->count, sizeof *items, reader->error);
    if (!items) {
        reader->status = TF_NO_MEMORY;
        return conditions;
    }
    conditions.items = items;
    for (const tf_yaml *item = list->first; item && !reader->status; item = item->next) {
        items[conditions.count++] = read_condition(reader, item, end);
    }
    return conditions;
}

/* ---- options ---- */

static void read_option(tf_form_reader *reader, const tf_yaml *node, const tf_question *question,
                        tf_form_option *option) {
    static const char *const fields[] = {"value", "label", "hint", "exclusive", NULL};
    tf_form_reader_expect(reader, node, fields);
    option->value = tf_form_reader_take_name(reader, node, "value", '-');
    option->label = tf_form_reader_take_words(reader, node, "label");
    option->hint = tf_form_reader_find_words(reader, node, "hint");
    option->is_exclusive = tf_form_reader_take_flag(reader, node, "exclusive");
    if (!reader->status && tf_yaml_has(node, "exclusive") &&
        question->type != TF_QUESTION_SOME_OF) {
        TF_FORM_FAIL(reader, node, "only an option of some_of can be exclusive");
    }
    if (!reader->status && tf_question_option(question, tf_text_of(option->value)) >= 0) {
        TF_FORM_FAIL(reader, node, "two options have the value \"%s\"; change one", option->value);
    }
}

static void read_options(tf_form_reader *reader, const tf_yaml *node, tf_question *question) {
    const tf_yaml *list = tf_form_reader_find_list(reader, node, "options", TF_MOST_OPTIONS);
    if (reader->status) {
        return;
    }
    if (has_options(question->type) != (list != NULL)) {
        TF_FORM_FAIL(reader, node,
                     list ? "a question of type %s has no options; take them out"
                          : "a question of type %s needs options; add them",
                     type_names[question->type]);
        return;
    }
    if (!list) {
        return;
    }
    tf_form_option *options =
        tf_pack_allocate(reader->pack, list->count, sizeof *options, reader->error);
    if (!options) {
        reader->status = TF_NO_MEMORY;
        return;
    }
    question->options = options;
    for (const tf_yaml *item = list->first; item && !reader->status; item = item->next) {
        read_option(reader, item, question, &options[question->option_count]);
        question->option_count++;
    }
}

/* ---- questions ---- */

static tf_question_type read_type(tf_form_reader *reader, const tf_yaml *node) {
    const char *name = tf_form_reader_take_text(reader, node, "type");
    size_t type = 0;
    while (name && type < TF_QUESTION_TYPE_COUNT && strcmp(type_names[type], name) != 0) {
        type++;
    }
    if (name && type == TF_QUESTION_TYPE_COUNT) {
        TF_FORM_FAIL(reader, tf_form_reader_field(node, "type"),
                     "\"%s\" is no type of question; they are text, long_text, one_of, some_of, "
                     "date, yes_no, number, place and contact",
                     name);
    }
    return reader->status ? TF_QUESTION_TEXT : (tf_question_type)type;
}

static void read_bounds(tf_form_reader *reader, const tf_yaml *node, tf_question *question) {
    if (reader->status) {
        return;
    }
    bool is_number = question->type == TF_QUESTION_NUMBER;
    bool has_bounds = tf_yaml_has(node, "minimum") || tf_yaml_has(node, "maximum");
    if (has_bounds && !is_number && !is_text(question->type)) {
        TF_FORM_FAIL(reader, node, "a question of type %s has no minimum and no maximum",
                     type_names[question->type]);
    }
    if (is_number) {
        const int64_t most = 1000000000000;
        question->minimum =
            tf_form_reader_find_number(reader, node, "minimum", -most, most, INT64_MIN);
        question->maximum =
            tf_form_reader_find_number(reader, node, "maximum", -most, most, INT64_MAX);
    } else if (is_text(question->type)) {
        question->minimum =
            tf_form_reader_find_number(reader, node, "minimum", 0, TF_MOST_CHARACTERS, 0);
        question->maximum = tf_form_reader_find_number(
            reader, node, "maximum", 1, TF_MOST_CHARACTERS,
            question->type == TF_QUESTION_TEXT ? 200 : TF_MOST_CHARACTERS);
    }
    if (!reader->status && question->minimum > question->maximum) {
        TF_FORM_FAIL(reader, node, "the minimum is above the maximum; correct one");
    }
}

/* What only some types of questions have. */
static void check_flags(tf_form_reader *reader, const tf_yaml *node, const tf_question *question) {
    tf_question_type type = question->type;
    if (reader->status) {
        return;
    }
    if (tf_yaml_has(node, "future") && type != TF_QUESTION_DATE) {
        TF_FORM_FAIL(reader, node, "only a date can be in the future");
    } else if (tf_yaml_has(node, "counted") && !has_options(type) && type != TF_QUESTION_YES_NO) {
        TF_FORM_FAIL(reader, node,
                     "only a choice can be counted: the answer to \"%s\" could tell who gave it",
                     question->name);
    }
}

static int find_field(tf_form_reader *reader, const tf_yaml *node) {
    if (reader->status || !tf_yaml_has(node, "field")) {
        return -1;
    }
    const char *name = tf_form_reader_take_text(reader, node, "field");
    const tf_category *category =
        &tf_pack_access_rules(reader->pack)->categories[reader->form->category];
    int field = name ? tf_access_field(category, name) : -1;
    if (name && field < 0) {
        TF_FORM_FAIL(reader, tf_form_reader_field(node, "field"),
                     "\"%s\" is no field of the category \"%s\"", name, category->name);
    }
    return field;
}

void tf_form_reader_question(tf_form_reader *reader, const tf_yaml *node, size_t page_start) {
    static const char *const fields[] = {"name",    "type",    "label",    "subject", "missing",
                                         "hint",    "field",   "required", "counted", "options",
                                         "minimum", "maximum", "future",   "when",    NULL};
    tf_question *question = &reader->questions[reader->question_count];
    tf_form_reader_expect(reader, node, fields);
    question->name = tf_form_reader_take_name(reader, node, "name", '_');
    for (size_t i = 0; i < reader->question_count && !reader->status; i++) {
        if (strcmp(reader->questions[i].name, question->name) == 0) {
            TF_FORM_FAIL(reader, node, "two questions have the name \"%s\"; change one",
                         question->name);
        }
    }
    question->type = read_type(reader, node);
    question->label = tf_form_reader_take_words(reader, node, "label");
    question->subject = tf_form_reader_find_words(reader, node, "subject");
    question->missing = tf_form_reader_find_words(reader, node, "missing");
    question->hint = tf_form_reader_find_words(reader, node, "hint");
    question->field = find_field(reader, node);
    question->is_required = tf_form_reader_take_flag(reader, node, "required");
    question->is_counted = tf_form_reader_take_flag(reader, node, "counted");
    question->allows_future = tf_form_reader_take_flag(reader, node, "future");
    read_options(reader, node, question);
    read_bounds(reader, node, question);
    check_flags(reader, node, question);
    question->when = tf_form_reader_find_conditions(reader, node, page_start);
    reader->question_count++;
}
