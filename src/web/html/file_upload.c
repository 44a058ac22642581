#include "web/html/file_upload.h"

#include "form_parts_internal.h"

static void open_drop_zone(tf_html *html, const tf_file_upload *upload) {
    open_with_class(html, "div", "govuk-file-upload-wrapper", upload->wrapper_classes);
    tf_html_attribute(html, "data-module", "govuk-file-upload");
    tf_html_attribute(html, "data-i18n.choose-files-button", given(upload->choose_text));
    tf_html_attribute(html, "data-i18n.no-file-chosen", given(upload->none_chosen_text));
    tf_html_attribute(html, "data-i18n.multiple-files-chosen.one",
                      given(upload->several_chosen_text.one));
    tf_html_attribute(html, "data-i18n.multiple-files-chosen.other",
                      given(upload->several_chosen_text.other));
    tf_html_attribute(html, "data-i18n.drop-instruction", given(upload->drop_text));
    tf_html_attribute(html, "data-i18n.entered-drop-zone", given(upload->entered_zone_text));
    tf_html_attribute(html, "data-i18n.left-drop-zone", given(upload->left_zone_text));
    write_attributes(html, upload->wrapper_attributes);
}

static void write_element(tf_html *html, const tf_file_upload *upload,
                          const tf_surroundings *around, const char *described_by) {
    tf_html_open(html, "input");
    WRITE_WORDS(html, "class", "govuk-file-upload", upload->classes,
                has_error(around) ? "govuk-file-upload--error" : NULL);
    tf_html_attribute(html, "id", around->id);
    tf_html_attribute(html, "name", text_or(upload->name, ""));
    tf_html_attribute(html, "type", "file");
    tf_html_flag(html, "disabled", upload->is_disabled);
    tf_html_flag(html, "multiple", upload->is_multiple);
    tf_html_attribute(html, "aria-describedby", given(described_by));
    write_attributes(html, upload->attributes);
    tf_html_close(html, "input");
}

void tf_govuk_file_upload(tf_html *html, const tf_file_upload *upload) {
    tf_surroundings around = {.id = text_or(upload->id, text_or(upload->name, "")),
                              .described_by = upload->described_by,
                              .label = &upload->label,
                              .hint = &upload->hint,
                              .error_message = &upload->error_message,
                              .group = &upload->form_group};
    tf_buffer described_by;
    tf_buffer_init(&described_by);
    tf_describe(&around, &described_by);
    tf_form_group_open(html, &around);
    tf_form_parts_write(html, &around);
    tf_html_content(html, upload->form_group.before_input);
    if (upload->has_drop_zone) {
        open_drop_zone(html, upload);
    }
    write_element(html, upload, &around, described_by.data);
    if (upload->has_drop_zone) {
        tf_html_close(html, "div");
    }
    tf_html_content(html, upload->form_group.after_input);
    tf_html_close(html, "div");
    finish_buffer(html, &described_by);
}
