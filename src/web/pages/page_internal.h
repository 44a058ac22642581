/* What every page shares: its frame, its tables, and the desk it computes at. */
#ifndef WEB_PAGES_PAGE_INTERNAL_H
#define WEB_PAGES_PAGE_INTERNAL_H

#include "web/html/html.h"
#include "web/http/route.h"
#include "web/site/visitor.h"

/* A column of a table. */
typedef struct tf_page_column {
    const char *title;
    bool is_number; /* aligned to the right */
} tf_page_column;

/* One visit of one page. */
typedef struct tf_visit {
    tf_site *site;
    tf_desk *desk;     /* NULL where none was borrowed */
    tf_access *access; /* the same, of the writing desk */
    const tf_visitor *visitor;
    const tf_actor *actor; /* who does what is asked for: the visitor, or the public */
    const tf_request *request;
    tf_response *response;
    tf_arena *arena; /* the request's */
    tf_html html;    /* writes into the response's body */
    bool is_file;    /* written to be kept as a file: no links into the site, nothing to fetch */
    const tf_page_column *columns; /* of the records that are being written; NULL for none */
    size_t column;                 /* the next cell's */
    size_t table_count;            /* of those that scroll, so far */
} tf_visit;

/* Borrow a desk, do the work, give it back. */
typedef tf_status tf_visit_work(tf_visit *visit, tf_error *error);
tf_status tf_visit_at_desk(void *context, const tf_request *request, tf_response *response,
                           tf_visit_work *work, tf_error *error);

/* Borrow the writing desk, do the work, give it back.  Others wait meanwhile, so the work calls
 * domain functions and keeps what they give in `data` and the visit's arena; the page is written
 * afterwards.  Its transactions end within it.  Errors: those of tf_site_borrow_access and of the
 * work. */
typedef tf_status tf_access_work(tf_visit *visit, void *data, tf_error *error);
tf_status tf_visit_at_access(tf_visit *visit, tf_access_work *work, void *data, tf_error *error);

/* The same for a page that needs no desk. */
tf_visit tf_visit_of(void *context, const tf_request *request, tf_response *response);

typedef struct tf_crumb {
    const char *text;
    const char *href;
} tf_crumb;

enum { TF_MOST_CRUMBS = 4 };

typedef struct tf_page_head {
    const char *title;   /* before the site's name, in the window's title */
    const char *section; /* address of the navigation's item this page belongs to, or NULL */
    tf_crumb crumbs[TF_MOST_CRUMBS]; /* from the overview down; the first without text ends them */
    bool has_errors;                 /* "Error: " before the title */
    bool has_map;                    /* needs the map's script */
} tf_page_head;

/* Everything up to the main content, and everything after it. */
void tf_page_begin(tf_visit *visit, const tf_page_head *head);
void tf_page_end(tf_visit *visit);

/* ---- forms ---- */

/* `<form method="post">` that sends to a path of this site, with the mark that a route which is not
 * public asks for (TF_FORM_TOKEN), and its end. */
void tf_page_form_begin(tf_visit *visit, const char *action);
void tf_page_form_end(tf_visit *visit);

/* The mark alone, within a form that has more attributes. */
void tf_page_form_token(tf_visit *visit);

/* What is wrong with a form, above its title: each value of `form` in error leads to the control
 * whose id is the field's name.  Nothing for a form without errors. */
void tf_page_error_summary(tf_visit *visit, const tf_form *form);

/* The same for one sentence and one control; nothing for NULL. */
void tf_page_error(tf_visit *visit, const char *sentence, const char *id);

/* The same for several, of which those without a sentence are passed over. */
typedef struct tf_page_fault {
    const char *sentence;
    const char *id; /* of the control */
} tf_page_fault;

void tf_page_errors(tf_visit *visit, const tf_page_fault *faults, size_t count);

typedef struct tf_done {
    const char *name;
    const char *text;
} tf_done;

#define TF_DONE_FIELD                                                                              \
    { .name = "done", .label = "Done", .help = "What was just done.", .maximum = 20 }

/* What was just done, in a banner above the title: the text of the name that the address has as
 * `done`; nothing for any other. */
void tf_page_done(tf_visit *visit, const tf_done *done, size_t count);

/* The same for a page that follows at once: the text of `name`. */
void tf_page_done_now(tf_visit *visit, const char *name, const tf_done *done, size_t count);

/* A page that asks before what cannot be undone.  Its form sends `do` again, and `sure`. */
typedef struct tf_confirmation {
    tf_page_head head;        /* its title is the question */
    const char *consequences; /* a sentence or two */
    const char *action;       /* where the form is sent to */
    const char *deed;         /* the value of `do`; NULL for none */
    const char *name;         /* of another field that is sent again, with its value; or NULL */
    const char *value;
    const char *button;
    const char *back; /* "No, go back" leads there */
} tf_confirmation;

#define TF_SURE_FIELD                                                                              \
    { .name = "sure", .label = "Sure", .help = "It was asked for twice.", .kind = TF_FIELD_FLAG }

bool tf_page_is_sure(const tf_visit *visit);

/* What was sent in a field, whether or not it is as it should be. */
const char *tf_page_sent(tf_visit *visit, const char *field);

/* A field that is sent and not shown. */
void tf_page_hidden(tf_html *html, const char *name, const char *value);
void tf_page_confirm(tf_visit *visit, const tf_confirmation *confirmation);

/* ---- pieces ---- */

/* `<h1>` with a caption above it, which may be NULL. */
void tf_page_title(tf_visit *visit, const char *caption, const char *title);

/* `<h2 id>`; the id may be NULL.  The second is smaller: one of several things to do. */
void tf_page_heading(tf_visit *visit, const char *id, const char *text);
void tf_page_deed_heading(tf_visit *visit, const char *id, const char *text);
void tf_page_paragraph(tf_visit *visit, const char *text);
void tf_page_link(tf_visit *visit, const char *href, const char *text); /* within a sentence */

/* Each line of `lines` as an item of a list; nothing for no lines. */
void tf_page_list(tf_visit *visit, const tf_buffer *lines);

/* One figure of a grid that tf_page_figures_begin opens: what it is, the number, a remark. */
void tf_page_figures_begin(tf_visit *visit);
void tf_page_figure(tf_visit *visit, const char *label, const char *number, const char *remark);
void tf_page_figures_end(tf_visit *visit);

/* A table that scrolls sideways in its own region where the page is narrow. */
void tf_page_table_begin(tf_visit *visit, const char *caption, const tf_page_column *columns,
                         size_t column_count);

/* The same for records that are read one by one, not compared: where the page is narrow, each is a
 * block of lines that say their column.  `columns` are kept until tf_page_table_end. */
void tf_page_records_begin(tf_visit *visit, const char *caption, const tf_page_column *columns,
                           size_t column_count);
void tf_page_row_begin(tf_visit *visit);
void tf_page_row_header(tf_visit *visit, const char *href, const char *text); /* href or NULL */
void tf_page_cell(tf_visit *visit, const char *text);
void tf_page_cell_begin(tf_visit *visit); /* whatever stands before its end is in the cell */
void tf_page_cell_end(tf_visit *visit);
void tf_page_number(tf_visit *visit, const char *text);
void tf_page_count(tf_visit *visit, int64_t count); /* "1,734" */
void tf_page_row_end(tf_visit *visit);
void tf_page_table_end(tf_visit *visit);

/* A text in the visit's arena; "" when memory ran out. */
const char *tf_page_format(tf_visit *visit, const char *format, ...) TF_PRINTF(2, 3);

/* A fault's message as a sentence that stands alone, with a capital. */
const char *tf_page_sentence(tf_visit *visit, const char *message);

/* Whether a fault is one to be shown with the form, as what was typed is to blame, or the visitor
 * may not, or has to wait; then its status and its sentence are taken for the page. */
bool tf_page_takes_fault(tf_visit *visit, tf_status status, const tf_error *fault,
                         const char **sentence_out);

/* "30 November 2026 at 10:15", and the day alone of days since 1970. */
const char *tf_page_instant(tf_visit *visit, int64_t instant);
const char *tf_page_day(tf_visit *visit, int32_t day);

/* The titles of roles, "Analyst, Data lead"; "None" for none. */
const char *tf_page_roles(tf_visit *visit, uint32_t roles);

/* What a function of insight/profile_words.h appended, as a text in the arena; the buffer is
 * emptied for the next use. */
const char *tf_page_words(tf_visit *visit, tf_buffer *words);

#endif
