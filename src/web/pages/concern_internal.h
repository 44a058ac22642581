/* What the pages of officers share: reports of concern, and the intelligence made of them. */
#ifndef WEB_PAGES_CONCERN_INTERNAL_H
#define WEB_PAGES_CONCERN_INTERNAL_H

#include "page_internal.h"

#include "intake/intelligence.h"
#include "intake/triage.h"

#define TF_CONCERNS_CRUMB                                                                          \
    { "Concerns", "/concerns" }
#define TF_INTELLIGENCE_CRUMB                                                                      \
    { "Intelligence", "/intelligence" }

/* How urgent a report is, as a tag: the pack's number and words, and a colour that repeats them. */
void tf_urgency_write(tf_html *html, const void *data); /* a tf_report_line */

/* What a person wrote: lines as they stand, safe as text. */
void tf_page_prose(tf_visit *visit, tf_text text);

/* The same within something else: the content of a component, whose data is a tf_text. */
void tf_prose_write(tf_html *html, const void *data);

/* What was sent in a field of the request's form, whether or not it is as it should be. */
tf_text tf_page_sent_text(const tf_visit *visit, const char *field);
const char *tf_page_sent_string(tf_visit *visit, const char *field);

/* A button of a form that posts one thing to do, `do=what`, and nothing else. */
void tf_page_deed(tf_visit *visit, const char *action, const char *what, const char *text,
                  const char *classes);

/* A select of the purposes that a category may be used for. */
void tf_page_purposes(tf_visit *visit, const char *category, const char *label, const char *hint,
                      const char *chosen);

/* The index of a purpose by its name as it was sent; -1 for none. */
int tf_page_purpose(const tf_visit *visit, const char *field);

#endif
