#include "form_internal.h"

#include <assert.h>

const char *const tf_language_codes[TF_LANGUAGE_COUNT] = {[TF_ENGLISH] = "en", [TF_WELSH] = "cy"};

tf_language tf_language_of(tf_text code) {
    size_t language = TF_LANGUAGE_COUNT - 1;
    while (language > 0 && !tf_text_equal(tf_text_of(tf_language_codes[language]), code)) {
        language--;
    }
    return (tf_language)language;
}

size_t tf_pack_form_count(const tf_pack *pack) {
    return pack->form_count;
}

const tf_form_definition *tf_pack_form_at(const tf_pack *pack, size_t index) {
    assert(index < pack->form_count);
    return &pack->forms[index];
}

const tf_form_definition *tf_pack_form_find(const tf_pack *pack, tf_text name) {
    for (size_t i = 0; i < pack->form_count; i++) {
        if (tf_text_equal(tf_text_of(pack->forms[i].name), name)) {
            return &pack->forms[i];
        }
    }
    return NULL;
}

const char *tf_words_in(const tf_words *words, tf_language language) {
    return words->in[language] ? words->in[language] : words->in[TF_ENGLISH];
}

int tf_form_question(const tf_form_definition *form, const char *name) {
    for (size_t i = 0; i < form->question_count; i++) {
        if (strcmp(form->questions[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int tf_form_page_of(const tf_form_definition *form, tf_text name) {
    for (size_t i = 0; i < form->page_count; i++) {
        if (tf_text_equal(tf_text_of(form->pages[i].name), name)) {
            return (int)i;
        }
    }
    return -1;
}

int tf_question_option(const tf_question *question, tf_text value) {
    for (size_t i = 0; i < question->option_count; i++) {
        if (tf_text_equal(tf_text_of(question->options[i].value), value)) {
            return (int)i;
        }
    }
    return -1;
}
