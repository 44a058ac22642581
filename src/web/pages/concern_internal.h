/* What the pages of officers share: reports of concern, and the intelligence made of them. */
#ifndef WEB_PAGES_CONCERN_INTERNAL_H
#define WEB_PAGES_CONCERN_INTERNAL_H

#include "page_internal.h"

#include "access/reader.h"
#include "intake/intelligence.h"
#include "intake/triage.h"

#define TF_CONCERNS_CRUMB                                                                          \
    { "Concerns", "/concerns" }
#define TF_INTELLIGENCE_CRUMB                                                                      \
    { "Intelligence", "/intelligence" }

/* Instead of a grade that an agreement does not share. */
#define TF_NOT_SHARED "Not shared"

/* What stands above a list of sealed things: that the visitor's own keys are not confirmed, and
 * whose are for the visitor to confirm; and, for the end, who was taken without. */
void tf_confirmations_write(tf_visit *visit, const tf_confirmations *confirmations);
void tf_confirmations_write_first(tf_visit *visit, const tf_confirmations *confirmations);

/* How urgent a report is, as a tag: the pack's number and words, and a colour that repeats them. */
void tf_urgency_write(tf_html *html, const void *data); /* a tf_report_line */

/* By when somebody is to look, with a tag where nobody has in time. */
typedef struct tf_due {
    const tf_report_line *line;
    const char *when; /* in words */
} tf_due;

void tf_due_write(tf_html *html, const void *data); /* a tf_due */

/* What a person wrote: lines as they stand, safe as text. */
void tf_page_prose(tf_visit *visit, tf_text text);

/* The same within something else: the content of a component, whose data is a tf_text. */
void tf_prose_write(tf_html *html, const void *data);

/* tf_page_sent as it came, borrowed of the request. */
tf_text tf_page_sent_text(const tf_visit *visit, const char *field);

/* A button of a form that posts one thing to do, `do=what`, and nothing else. */
void tf_page_deed(tf_visit *visit, const char *action, const char *what, const char *text,
                  const char *classes);

/* Whether somebody came to look at the page: not by asking for its head alone, and not by a link of
 * another site, such as that of an e-mail that was opened by the way. */
bool tf_page_is_seen(const tf_visit *visit);

/* What was answered to a report; and its messages and notes, as far as they are shown. */
void tf_page_answers(tf_visit *visit, const tf_report *report);
void tf_page_entries(tf_visit *visit, const tf_report *report);

/* To whom an intelligence report was given; nothing for nobody. */
void tf_page_shares(tf_visit *visit, const tf_intelligence *report);

/* A select of the purposes that a category may be used for; `problem` may be NULL. */
void tf_page_purposes(tf_visit *visit, const char *category, const char *label, const char *hint,
                      const char *chosen, const char *problem);

/* A select of colleagues, of whom none is chosen; `problem` may be NULL. */
void tf_page_colleagues(tf_visit *visit, const tf_colleague *colleagues, size_t count,
                        const char *id, const char *label, const char *problem);

/* The index of a purpose by its name as it was sent; -1 for none. */
int tf_page_purpose(const tf_visit *visit, const char *field);

#endif
