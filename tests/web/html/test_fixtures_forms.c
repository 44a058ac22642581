/* The parts of forms and the controls that are written in, against the fixtures of govuk-frontend.
 */
#include "fixture_parts.h"

#include "web/html/file_upload.h"
#include "web/html/text_inputs.h"
#include "web/html/textareas.h"

static void write_label(tf_html *html, options given) {
    tf_label label = read_label(given);
    tf_govuk_label(html, &label);
}

static void write_hint(tf_html *html, options given) {
    tf_hint hint = read_hint(given);
    tf_govuk_hint(html, &hint);
}

static void write_error_message(tf_html *html, options given) {
    tf_error_message message = read_error_message(given);
    tf_govuk_error_message(html, &message);
}

static void write_fieldset(tf_html *html, options given) {
    tf_fieldset fieldset = read_fieldset(given);
    tf_govuk_fieldset(html, &fieldset);
}

static tf_affix read_affix(options given, const char *key) {
    options object = options_object(given, key);
    tf_affix affix = {.content = options_content(object, "text", "html"),
                      .classes = options_text(object, "classes")};
    options_attributes(object, "attributes", affix.attributes);
    return affix;
}

static void write_input(tf_html *html, options given) {
    options wrapper = options_object(given, "inputWrapper");
    tf_input input = {
        .name = options_text(given, "name"),
        .id = options_text(given, "id"),
        .value = options_text(given, "value"),
        .type = options_text(given, "type"),
        .label = options_label(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .described_by = options_text(given, "describedBy"),
        .prefix = read_affix(given, "prefix"),
        .suffix = read_affix(given, "suffix"),
        .autocomplete = options_text(given, "autocomplete"),
        .autocapitalize = options_text(given, "autocapitalize"),
        .inputmode = options_text(given, "inputmode"),
        .pattern = options_text(given, "pattern"),
        .form_group = options_form_group(given),
        .wrapper_classes = options_text(wrapper, "classes"),
        .classes = options_text(given, "classes"),
        .spellcheck = options_answer(given, "spellcheck"),
        .is_disabled = options_flag(given, "disabled"),
    };
    options_attributes(wrapper, "attributes", input.wrapper_attributes);
    options_attributes(given, "attributes", input.attributes);
    tf_govuk_input(html, &input);
}

static void write_password_input(tf_html *html, options given) {
    tf_password_input input = {
        .name = options_text(given, "name"),
        .id = options_text(given, "id"),
        .value = options_text(given, "value"),
        .label = options_label(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .described_by = options_text(given, "describedBy"),
        .autocomplete = options_text(given, "autocomplete"),
        .show_text = options_text(given, "showPasswordText"),
        .hide_text = options_text(given, "hidePasswordText"),
        .show_label = options_text(given, "showPasswordAriaLabelText"),
        .hide_label = options_text(given, "hidePasswordAriaLabelText"),
        .shown_announcement = options_text(given, "passwordShownAnnouncementText"),
        .hidden_announcement = options_text(given, "passwordHiddenAnnouncementText"),
        .form_group = options_form_group(given),
        .classes = options_text(given, "classes"),
        .is_disabled = options_flag(given, "disabled"),
    };
    options_attributes(given, "attributes", input.attributes);
    tf_govuk_password_input(html, &input);
}

static tf_textarea read_textarea(options given) {
    tf_textarea textarea = {
        .name = options_text(given, "name"),
        .id = options_text(given, "id"),
        .value = options_text(given, "value"),
        .rows = options_int(given, "rows"),
        .label = options_label(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .described_by = options_text(given, "describedBy"),
        .autocomplete = options_text(given, "autocomplete"),
        .form_group = options_form_group(given),
        .classes = options_text(given, "classes"),
        .spellcheck = options_answer(given, "spellcheck"),
        .is_disabled = options_flag(given, "disabled"),
    };
    options_attributes(given, "attributes", textarea.attributes);
    return textarea;
}

static void write_textarea(tf_html *html, options given) {
    tf_textarea textarea = read_textarea(given);
    tf_govuk_textarea(html, &textarea);
}

static tf_counted_text read_counted_text(options given, const char *key) {
    options object = options_object(given, key);
    return (tf_counted_text){options_text(object, "one"), options_text(object, "other")};
}

static void write_character_count(tf_html *html, options given) {
    tf_govuk_character_count(
        html, &(tf_character_count){
                  .textarea = read_textarea(given),
                  .max_length = options_int(given, "maxlength"),
                  .max_words = options_int(given, "maxwords"),
                  .count_type = options_text(given, "countType"),
                  .threshold_percent = options_int(given, "threshold"),
                  .message_classes = options_text(options_object(given, "countMessage"), "classes"),
                  .limit_text = options_text(given, "textareaDescriptionText"),
                  .characters_under_limit = read_counted_text(given, "charactersUnderLimitText"),
                  .characters_over_limit = read_counted_text(given, "charactersOverLimitText"),
                  .words_under_limit = read_counted_text(given, "wordsUnderLimitText"),
                  .words_over_limit = read_counted_text(given, "wordsOverLimitText"),
                  .characters_at_limit = options_text(given, "charactersAtLimitText"),
                  .words_at_limit = options_text(given, "wordsAtLimitText"),
              });
}

static void write_file_upload(tf_html *html, options given) {
    /* No browser lets a page fill in the name of a file, and the reference does not try. */
    (void)options_text(given, "value");
    tf_file_upload upload = {
        .name = options_text(given, "name"),
        .id = options_text(given, "id"),
        .label = options_label(given),
        .hint = options_hint(given),
        .error_message = options_error_message(given),
        .described_by = options_text(given, "describedBy"),
        .form_group = options_form_group(given),
        .classes = options_text(given, "classes"),
        .is_disabled = options_flag(given, "disabled"),
        .is_multiple = options_flag(given, "multiple"),
        .has_drop_zone = options_flag(given, "javascript"),
        .wrapper_classes = options_text(given, "wrapperClasses"),
        .choose_text = options_text(given, "chooseFilesButtonText"),
        .drop_text = options_text(given, "dropInstructionText"),
        .none_chosen_text = options_text(given, "noFileChosenText"),
        .several_chosen_text = read_counted_text(given, "multipleFilesChosenText"),
        .entered_zone_text = options_text(given, "enteredDropZoneText"),
        .left_zone_text = options_text(given, "leftDropZoneText"),
    };
    options_attributes(given, "wrapperAttributes", upload.wrapper_attributes);
    options_attributes(given, "attributes", upload.attributes);
    tf_govuk_file_upload(html, &upload);
}

int main(void) {
    static const fixture_component components[] = {
        {"label", write_label},
        {"hint", write_hint},
        {"error-message", write_error_message},
        {"fieldset", write_fieldset},
        {"input", write_input},
        {"password-input", write_password_input},
        {"textarea", write_textarea},
        {"character-count", write_character_count},
        {"file-upload", write_file_upload},
    };
    return RUN_FIXTURES(components);
}
