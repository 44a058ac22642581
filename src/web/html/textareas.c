#include "web/html/textareas.h"

#include "form_parts_internal.h"

/* ---- textarea ---- */

static void write_element(tf_html *html, const tf_textarea *textarea, const tf_surroundings *around,
                          const char *described_by) {
    tf_html_open(html, "textarea");
    WRITE_WORDS(html, "class", "govuk-textarea", has_error(around) ? "govuk-textarea--error" : NULL,
                around->extras ? around->extras->control_classes[0] : NULL, textarea->classes);
    tf_html_attribute(html, "id", around->id);
    tf_html_attribute(html, "name", text_or(textarea->name, ""));
    tf_html_attribute_format(html, "rows", "%d", textarea->rows > 0 ? textarea->rows : 5);
    write_answer(html, "spellcheck", textarea->spellcheck);
    tf_html_flag(html, "disabled", textarea->is_disabled);
    tf_html_attribute(html, "aria-describedby", given(described_by));
    tf_html_attribute(html, "autocomplete", given(textarea->autocomplete));
    write_attributes(html, textarea->attributes);
    /* Browsers leave out a line break at the start, so that one of the value needs another. */
    if (textarea->value && textarea->value[0] == '\n') {
        tf_html_text(html, "\n");
    }
    tf_html_text(html, textarea->value);
    tf_html_close(html, "textarea");
}

static void write_textarea(tf_html *html, const tf_textarea *textarea,
                           const tf_control_extras *extras) {
    tf_surroundings around = {.id = text_or(textarea->id, text_or(textarea->name, "")),
                              .described_by = textarea->described_by,
                              .label = &textarea->label,
                              .hint = &textarea->hint,
                              .error_message = &textarea->error_message,
                              .group = &textarea->form_group,
                              .extras = extras};
    tf_buffer described_by;
    tf_buffer_init(&described_by);
    tf_describe(&around, &described_by);
    tf_form_group_open(html, &around);
    tf_form_parts_write(html, &around);
    tf_html_content(html, textarea->form_group.before_input);
    write_element(html, textarea, &around, described_by.data);
    tf_html_content(html, textarea->form_group.after_input);
    tf_html_close(html, "div");
    finish_buffer(html, &described_by);
}

void tf_govuk_textarea(tf_html *html, const tf_textarea *textarea) {
    write_textarea(html, textarea, NULL);
}

/* ---- character count ---- */

static bool has_limit(const tf_character_count *count) {
    return count->max_words > 0 || count->max_length > 0;
}

static const char *count_type(const tf_character_count *count) {
    return text_or(count->count_type, count->max_words > 0 ? "words" : NULL);
}

static void write_number(tf_html *html, const char *name, int number) {
    if (number > 0) {
        tf_html_attribute_format(html, name, "%d", number);
    }
}

static void write_count_attributes(tf_html *html, const void *data) {
    const tf_character_count *count = data;
    tf_html_attribute(html, "data-module", "govuk-character-count");
    write_number(html, "data-maxlength", count->max_length);
    write_number(html, "data-maxwords", count->max_words);
    write_number(html, "data-threshold", count->threshold_percent);
    tf_html_attribute(html, "data-count-type", count_type(count));
    if (!has_limit(count)) {
        tf_html_attribute(html, "data-i18n.textarea-description.other", given(count->limit_text));
    }
    const struct {
        const char *name;
        const char *text;
    } texts[] = {
        {"data-i18n.characters-under-limit.one", count->characters_under_limit.one},
        {"data-i18n.characters-under-limit.other", count->characters_under_limit.other},
        {"data-i18n.characters-at-limit", count->characters_at_limit},
        {"data-i18n.characters-over-limit.one", count->characters_over_limit.one},
        {"data-i18n.characters-over-limit.other", count->characters_over_limit.other},
        {"data-i18n.words-under-limit.one", count->words_under_limit.one},
        {"data-i18n.words-under-limit.other", count->words_under_limit.other},
        {"data-i18n.words-at-limit", count->words_at_limit},
        {"data-i18n.words-over-limit.one", count->words_over_limit.one},
        {"data-i18n.words-over-limit.other", count->words_over_limit.other},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tf_html_attribute(html, texts[i].name, given(texts[i].text));
    }
}

/* The text with the limit in the place of the first %{count}. */
static void write_limit_text(tf_html *html, const void *data) {
    static const char mark[] = "%{count}";
    const tf_character_count *count = data;
    const char *type = count_type(count);
    bool counts_words = type && strcmp(type, "words") == 0;
    const char *text =
        text_or(count->limit_text, counts_words ? "You can enter up to %{count} words"
                                                : "You can enter up to %{count} characters");
    const char *place = strstr(text, mark);
    if (!place) {
        tf_html_text(html, text);
        return;
    }
    tf_html_text_of(html, (tf_text){text, (size_t)(place - text)});
    tf_html_format(html, "%d", count->max_words > 0 ? count->max_words : count->max_length);
    tf_html_text(html, place + strlen(mark));
}

static void write_message(tf_html *html, const void *data) {
    const tf_character_count *count = data;
    tf_hint message = {.classes = count->message_classes};
    if (has_limit(count)) {
        message.content = (tf_content){.write = write_limit_text, .data = count};
    }
    tf_hint_write(html, &message, "govuk-character-count__message",
                  text_or(count->textarea.id, text_or(count->textarea.name, "")), "-info");
    tf_html_content(html, count->textarea.form_group.after_input);
}

void tf_govuk_character_count(tf_html *html, const tf_character_count *count) {
    tf_control_extras extras = {.group_class = "govuk-character-count",
                                .control_classes = {"govuk-js-character-count"},
                                .write_group_attributes = write_count_attributes,
                                .data = count};
    tf_buffer message_id;
    tf_buffer_init(&message_id);
    tf_buffer_format(&message_id, "%s-info",
                     text_or(count->textarea.id, text_or(count->textarea.name, "")));
    tf_textarea inner = count->textarea;
    inner.described_by = message_id.data;
    inner.autocomplete = NULL;
    inner.is_disabled = false;
    inner.form_group.after_input = (tf_content){.write = write_message, .data = count};
    write_textarea(html, &inner, &extras);
    finish_buffer(html, &message_id);
}
