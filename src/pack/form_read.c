/* The file of a form. */
#include "form_internal.h"

#include "trefoil/base/date.h"

#include <stdlib.h>

static void read_languages(tf_form_reader *reader, const tf_yaml *root) {
    const tf_yaml *list = tf_form_reader_find_list(reader, root, "languages", TF_LANGUAGE_COUNT);
    bool *speaks = reader->form->speaks;
    if (reader->status) {
        return;
    }
    if (!list) {
        TF_FORM_FAIL(reader, root, "the field \"languages\" is missing; add it");
        return;
    }
    for (const tf_yaml *item = list->first; item && !reader->status; item = item->next) {
        size_t language = 0;
        while (
            language < TF_LANGUAGE_COUNT &&
            (item->kind != TF_YAML_TEXT || strcmp(tf_language_codes[language], item->text) != 0)) {
            language++;
        }
        if (language == TF_LANGUAGE_COUNT) {
            TF_FORM_FAIL(reader, item, "a language is en or cy");
        } else if (speaks[language]) {
            TF_FORM_FAIL(reader, item, "the language \"%s\" stands twice", item->text);
        } else {
            speaks[language] = true;
        }
    }
    if (!reader->status && !speaks[TF_ENGLISH]) {
        TF_FORM_FAIL(reader, list, "every form speaks English (en); add it");
    }
}

static int32_t find_day(tf_form_reader *reader, const tf_yaml *root, const char *name,
                        int32_t otherwise) {
    int32_t day = otherwise;
    if (!reader->status && tf_yaml_has(root, name)) {
        const char *text = tf_form_reader_take_text(reader, root, name);
        if (text && !tf_date_parse(tf_text_of(text), &day)) {
            TF_FORM_FAIL(reader, tf_form_reader_field(root, name),
                         "\"%s\" must be a day such as 2026-01-31", name);
        }
    }
    return day;
}

static void read_head(tf_form_reader *reader, const tf_yaml *root) {
    tf_form_definition *form = reader->form;
    form->name = tf_form_reader_take_name(reader, root, "name", '-');
    form->version = tf_form_reader_find_number(reader, root, "version", 1, INT32_MAX, 1);
    form->title = tf_form_reader_take_words(reader, root, "title");
    form->before = tf_form_reader_find_words(reader, root, "before");
    form->after = tf_form_reader_find_words(reader, root, "after");
    form->is_public = tf_form_reader_take_flag(reader, root, "public");
    form->has_emergency = tf_form_reader_take_flag(reader, root, "emergency");
    form->has_receipt = tf_form_reader_take_flag(reader, root, "receipt");
    form->opens_on = find_day(reader, root, "opens", TF_DAY_NONE);
    form->closes_on = find_day(reader, root, "closes", TF_DAY_FOREVER);
    form->retention_days = tf_form_reader_find_number(reader, root, "retention_days", 1, 36500, 0);
    form->most_per_hour = tf_form_reader_find_number(reader, root, "most_per_hour", 1, 100000, 0);
    if (!reader->status && (!form->retention_days || !form->most_per_hour)) {
        TF_FORM_FAIL(reader, root, "the field \"%s\" is missing; add it",
                     form->retention_days ? "most_per_hour" : "retention_days");
    }
    if (!reader->status && form->opens_on > form->closes_on) {
        TF_FORM_FAIL(reader, root, "the form closes before it opens; correct a date");
    }
    const char *category = tf_form_reader_take_text(reader, root, "category");
    if (category) {
        form->category = tf_access_category(tf_pack_access_rules(reader->pack), category);
        if (form->category < 0) {
            TF_FORM_FAIL(reader, tf_form_reader_field(root, "category"),
                         "\"%s\" is no category of data of access.yaml", category);
        }
    }
    read_languages(reader, root);
}

/* ---- pages ---- */

static void check_page_name(tf_form_reader *reader, const tf_yaml *node, const tf_form_page *page) {
    if (reader->status) {
        return;
    }
    if (strcmp(page->name, "check") == 0 || strcmp(page->name, "done") == 0) {
        TF_FORM_FAIL(reader, node, "every form has a page \"%s\" of its own; name this otherwise",
                     page->name);
    } else if (tf_form_page_of(reader->form, tf_text_of(page->name)) >= 0) {
        TF_FORM_FAIL(reader, node, "two pages have the name \"%s\"; change one", page->name);
    }
}

static void read_page(tf_form_reader *reader, const tf_yaml *node, tf_form_page *page) {
    static const char *const fields[] = {"name", "title",     "text", "emergency",
                                         "when", "questions", NULL};
    tf_form_reader_expect(reader, node, fields);
    page->name = tf_form_reader_take_name(reader, node, "name", '-');
    check_page_name(reader, node, page);
    page->title = tf_form_reader_find_words(reader, node, "title");
    page->text = tf_form_reader_find_words(reader, node, "text");
    page->has_emergency = tf_form_reader_take_flag(reader, node, "emergency");
    if (!reader->status && page->has_emergency && !reader->form->has_emergency) {
        TF_FORM_FAIL(reader, node, "a page of a form without \"emergency\" cannot have it");
    }
    page->first_question = reader->question_count;
    page->when = tf_form_reader_find_conditions(reader, node, page->first_question);
    const tf_yaml *list = tf_form_reader_find_list(reader, node, "questions", TF_MOST_QUESTIONS);
    for (const tf_yaml *item = list ? list->first : NULL; item && !reader->status;
         item = item->next) {
        tf_form_reader_question(reader, item, page->first_question);
    }
    page->question_count = reader->question_count - page->first_question;
    if (!reader->status && !page->title.in[TF_ENGLISH] && page->question_count != 1) {
        TF_FORM_FAIL(reader, node, "a page that does not have one question needs a title");
    }
}

/* How many questions all pages have, as the file has them. */
static size_t count_questions(const tf_yaml *pages) {
    size_t count = 0;
    for (const tf_yaml *page = pages->first; page; page = page->next) {
        const tf_yaml *list = tf_form_reader_field(page, "questions");
        count += list ? list->count : 0;
    }
    return count;
}

static void read_pages(tf_form_reader *reader, const tf_yaml *root) {
    tf_form_definition *form = reader->form;
    const tf_yaml *list = tf_form_reader_find_list(reader, root, "pages", TF_MOST_PAGES);
    if (reader->status) {
        return;
    }
    size_t count = list ? count_questions(list) : 0;
    if (count == 0 || count > TF_MOST_QUESTIONS) {
        TF_FORM_FAIL(reader, list ? list : root, "a form has pages with 1 to %d questions",
                     TF_MOST_QUESTIONS);
        return;
    }
    reader->pages = list;
    reader->questions =
        tf_pack_allocate(reader->pack, count, sizeof *reader->questions, reader->error);
    tf_form_page *pages = tf_pack_allocate(reader->pack, list->count, sizeof *pages, reader->error);
    if (!reader->questions || !pages) {
        reader->status = TF_NO_MEMORY;
        return;
    }
    form->pages = pages;
    form->questions = reader->questions;
    for (const tf_yaml *item = list->first; item && !reader->status; item = item->next) {
        read_page(reader, item, &pages[form->page_count]);
        form->page_count++;
    }
    form->question_count = reader->question_count;
}

static void read_urgencies(tf_form_reader *reader, const tf_yaml *root) {
    static const char *const fields[] = {"level", "title", "within_hours", "when", NULL};
    tf_form_definition *form = reader->form;
    const tf_yaml *list = tf_form_reader_find_list(reader, root, "urgency", TF_MOST_OPTIONS);
    if (!list) {
        return;
    }
    tf_form_urgency *urgencies =
        tf_pack_allocate(reader->pack, list->count, sizeof *urgencies, reader->error);
    if (!urgencies) {
        reader->status = TF_NO_MEMORY;
        return;
    }
    form->urgencies = urgencies;
    for (const tf_yaml *item = list->first; item && !reader->status; item = item->next) {
        tf_form_urgency *urgency = &urgencies[form->urgency_count++];
        tf_form_reader_expect(reader, item, fields);
        urgency->level = (int)tf_form_reader_find_number(reader, item, "level", 1, 4, 0);
        urgency->title = tf_form_reader_take_text(reader, item, "title");
        urgency->within_hours =
            tf_form_reader_find_number(reader, item, "within_hours", 1, 8760, 0);
        if (!reader->status && (!urgency->level || !urgency->within_hours)) {
            TF_FORM_FAIL(reader, item, "the field \"%s\" is missing; add it",
                         urgency->level ? "within_hours" : "level");
        }
        urgency->when = tf_form_reader_find_conditions(reader, item, reader->question_count);
    }
}

tf_status tf_form_read(tf_pack *pack, const tf_embedded_file *file, tf_form_definition *form_out,
                       tf_error *error) {
    static const char *const fields[] = {
        "version",       "date",      "source",    "name",    "title", "before", "after",
        "category",      "public",    "emergency", "receipt", "opens", "closes", "retention_days",
        "most_per_hour", "languages", "pages",     "urgency", NULL};
    tf_form_reader reader = {.pack = pack, .form = form_out, .error = error};
    const tf_yaml *root = NULL;
    reader.status = tf_pack_read_file(pack, file, fields, &root, &form_out->source, error);
    if (!reader.status) {
        read_head(&reader, root);
        read_pages(&reader, root);
        read_urgencies(&reader, root);
    }
    return reader.status;
}

static tf_status read_next(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    tf_form_definition *form = &pack->forms[pack->form_count];
    tf_status status = tf_form_read(pack, file, form, error);
    for (size_t i = 0; i < pack->form_count && !status; i++) {
        if (strcmp(pack->forms[i].name, form->name) == 0) {
            return tf_fail(error, TF_BAD_INPUT, file->name, 1,
                           "two forms have the name \"%s\"; change one", form->name);
        }
    }
    pack->form_count += !status;
    return status;
}

static int compare_forms(const void *a, const void *b) {
    return strcmp(((const tf_form_definition *)a)->name, ((const tf_form_definition *)b)->name);
}

tf_status tf_pack_read_forms(tf_pack *pack, const tf_embedded_file *words,
                             const tf_embedded_file *forms, size_t count, tf_error *error) {
    tf_status status = tf_frame_words_read(pack, words, error);
    if (!status && count) {
        pack->forms = tf_pack_allocate(pack, count, sizeof *pack->forms, error);
        status = pack->forms ? TF_OK : TF_NO_MEMORY;
    }
    for (size_t i = 0; i < count && !status; i++) {
        status = read_next(pack, &forms[i], error);
    }
    if (!status && count) {
        qsort(pack->forms, count, sizeof *pack->forms, compare_forms);
    }
    return status;
}
