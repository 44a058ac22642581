#include "web/paper/linkage_report.h"

#include "web/html/html.h"

tf_status tf_linkage_report_write(const tf_linkage_report *input, tf_buffer *html,
                                  tf_error *error) {
    tf_html writer;
    tf_html_init(&writer, html);
    tf_html_doctype(&writer);
    tf_html_open(&writer, "html");
    tf_html_element(&writer, "title", NULL, input->title ? input->title : "Record linkage report");
    tf_html_close(&writer, "html");
    return tf_buffer_check(html, error);
}
