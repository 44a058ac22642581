#include "triage_words.h"

#include "form_internal.h"

const tf_triage_words *tf_pack_triage_words(const tf_pack *pack) {
    return &pack->triage;
}

const tf_word *tf_word_find(const tf_word_list *list, tf_text name) {
    for (size_t i = 0; i < list->count; i++) {
        if (tf_text_equal(tf_text_of(list->items[i].name), name)) {
            return &list->items[i];
        }
    }
    return NULL;
}

static tf_status read_word(tf_pack *pack, const tf_yaml *node, bool is_told, tf_word *word,
                           tf_error *error) {
    static const char *const told_fields[] = {"name", "title", "told", NULL};
    static const char *const fields[] = {"name", "title", NULL};
    tf_status status = tf_yaml_expect(node, is_told ? told_fields : fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "name", &word->name, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "title", &word->title, error);
    }
    if (!status && is_told) {
        tf_form_reader reader = {.pack = pack, .error = error};
        word->told = tf_form_reader_take_words(&reader, node, "told");
        status = reader.status;
    }
    return status;
}

static tf_status read_words(tf_pack *pack, const tf_yaml *root, const char *name, bool is_told,
                            tf_word_list *list_out, tf_error *error) {
    const tf_yaml *list = NULL;
    tf_status status = tf_yaml_get_list(root, name, &list, error);
    if (status) {
        return status;
    }
    tf_word *words = tf_pack_allocate(pack, list->count, sizeof *words, error);
    if (!words) {
        return TF_NO_MEMORY;
    }
    *list_out = (tf_word_list){.items = words};
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        tf_word *word = &words[list_out->count];
        status = read_word(pack, node, is_told, word, error);
        if (!status && tf_word_find(list_out, tf_text_of(word->name))) {
            status = tf_yaml_fail(node, error, "\"%s\" is given twice; take one out", word->name);
        }
        list_out->count++;
    }
    return status;
}

static tf_status read_group(const tf_yaml *node, tf_retention_group *group, tf_error *error) {
    static const char *const fields[] = {"name", "title", "years", NULL};
    double years = 0;
    bool is_null = false;
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "name", &group->name, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "title", &group->title, error);
    }
    if (!status) {
        status = tf_yaml_get_number(node, "years", &years, &is_null, error);
    }
    if (!status && !(years > 0 && years <= 100)) {
        status = tf_yaml_fail(node, error, "the years are from 0 to 100; change them");
    }
    group->review_days = status ? 0 : (int64_t)(years * 365.25 + 0.5);
    return status;
}

static tf_status read_retention(tf_pack *pack, const tf_yaml *root, tf_triage_words *triage,
                                tf_error *error) {
    const tf_yaml *list = NULL;
    tf_status status = tf_yaml_get_list(root, "retention", &list, error);
    if (status) {
        return status;
    }
    tf_retention_group *groups = tf_pack_allocate(pack, list->count, sizeof *groups, error);
    if (!groups) {
        return TF_NO_MEMORY;
    }
    triage->retention = groups;
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_group(node, &groups[triage->retention_count++], error);
    }
    return status;
}

static tf_status read_draft_days(const tf_yaml *root, tf_triage_words *triage, tf_error *error) {
    double days = 0;
    bool is_null = false;
    tf_status status = tf_yaml_get_number(root, "draft_days", &days, &is_null, error);
    if (!status && !(days >= 1 && days <= 3650)) {
        status = tf_yaml_fail(root, error, "draft_days is from 1 to 3650; change it");
    }
    triage->draft_days = status ? 0 : (int64_t)days;
    return status;
}

tf_status tf_pack_read_triage(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    static const char *const fields[] = {"version",    "date",        "source",   "closing",
                                         "sources",    "information", "handling", "retention",
                                         "draft_days", NULL};
    const tf_yaml *root = NULL;
    const char *source = NULL;
    tf_triage_words *triage = &pack->triage;
    tf_status status = tf_pack_read_file(pack, file, fields, &root, &source, error);
    if (!status) {
        status = read_words(pack, root, "closing", true, &triage->closing, error);
    }
    if (!status) {
        status = read_words(pack, root, "sources", false, &triage->sources, error);
    }
    if (!status) {
        status = read_words(pack, root, "information", false, &triage->information, error);
    }
    if (!status) {
        status = read_words(pack, root, "handling", false, &triage->handling, error);
    }
    if (!status) {
        status = read_retention(pack, root, triage, error);
    }
    if (!status) {
        status = read_draft_days(root, triage, error);
    }
    return status;
}
