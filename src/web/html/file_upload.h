/* GOV.UK component: file upload. */
#ifndef WEB_HTML_FILE_UPLOAD_H
#define WEB_HTML_FILE_UPLOAD_H

#include "web/html/form_parts.h"

typedef struct tf_file_upload {
    const char *name;
    const char *id; /* the name */
    tf_label label;
    tf_hint hint;
    tf_error_message error_message;
    const char *described_by;
    tf_form_group form_group;
    const char *classes;
    tf_attributes attributes; /* {"accept", ".csv"} */
    bool is_disabled;
    bool is_multiple;
    bool has_drop_zone; /* the script makes it a place to drop files on; what follows is for it */
    const char *wrapper_classes;
    tf_attributes wrapper_attributes;
    const char *choose_text; /* this and the next are for a page that is not in English */
    const char *drop_text;
    const char *none_chosen_text;
    tf_counted_text several_chosen_text;
    const char *entered_zone_text, *left_zone_text;
} tf_file_upload;

void tf_govuk_file_upload(tf_html *html, const tf_file_upload *upload);

#endif
