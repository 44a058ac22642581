#include "web/html/text_blocks.h"

#include "component_internal.h"

void tf_govuk_details(tf_html *html, const tf_details *details) {
    tf_html_open(html, "details");
    tf_html_attribute(html, "id", given(details->id));
    write_class(html, "govuk-details", details->classes);
    write_attributes(html, details->attributes);
    tf_html_flag(html, "open", details->is_open);
    tf_html_open(html, "summary");
    tf_html_attribute(html, "class", "govuk-details__summary");
    tf_html_open(html, "span");
    tf_html_attribute(html, "class", "govuk-details__summary-text");
    tf_html_content(html, details->summary);
    tf_html_close(html, "span");
    tf_html_close(html, "summary");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-details__text");
    tf_html_content(html, details->content);
    tf_html_close(html, "div");
    tf_html_close(html, "details");
}

void tf_govuk_inset_text(tf_html *html, const tf_inset_text *inset) {
    tf_html_open(html, "div");
    tf_html_attribute(html, "id", given(inset->id));
    write_class(html, "govuk-inset-text", inset->classes);
    write_attributes(html, inset->attributes);
    tf_html_content(html, inset->content);
    tf_html_close(html, "div");
}
