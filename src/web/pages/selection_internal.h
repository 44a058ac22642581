/* What a page is asked to show: an area, a kind of offence and a period, all in the address bar, so
 * that a page can be kept, sent and come back to. */
#ifndef WEB_PAGES_SELECTION_INTERNAL_H
#define WEB_PAGES_SELECTION_INTERNAL_H

#include "insight/overview.h"
#include "page_internal.h"

enum { TF_SELECT_AREA, TF_SELECT_TYPE, TF_SELECT_FROM, TF_SELECT_TO, TF_SELECT_COUNT };

/* The fields of a route that takes a selection, to stand first in its list. */
#define TF_SELECTION_FIELDS                                                                        \
    {.name = "area",                                                                               \
     .label = "Area",                                                                              \
     .help = "A force, authority, partnership or small area: its code or its name.",               \
     .example = "larkenshire"},                                                                    \
        {.name = "type",                                                                           \
         .label = "Kind of offence",                                                               \
         .help = "A group of offences, such as drugs, or one crime type, such as Shoplifting.",    \
         .example = "drugs"},                                                                      \
        {.name = "from",                                                                           \
         .label = "First month",                                                                   \
         .help = "The first month, such as 2023-04.",                                              \
         .kind = TF_FIELD_MONTH,                                                                   \
         .example = "2023-04"},                                                                    \
    {                                                                                              \
        .name = "to", .label = "Last month", .help = "The last month, which is included.",         \
        .kind = TF_FIELD_MONTH, .example = "2024-03"                                               \
    }

typedef struct tf_selection {
    tf_overview_start start; /* what there is, and where to begin */
    const tf_geography *geography;
    tf_area_ref area;
    const char *type; /* a group's name, or a crime type in the publisher's wording */
    const char *type_title;
    tf_month from;
    tf_month to;
    const char *typed[TF_SELECT_COUNT];  /* what was sent, to be shown again */
    const char *errors[TF_SELECT_COUNT]; /* NULL where it can be used */
    size_t error_count;
    const char *layer; /* of areas compared, which the form sends on; or NULL */
} tf_selection;

/* Read the selection from the request; what was not sent has a default.  What cannot be used is in
 * `errors`, in words.  While nothing was imported, start.is_known is false and nothing else is
 * set.  Errors: those of the database alone. */
tf_status tf_selection_read(tf_visit *visit, tf_selection *selection_out, tf_error *error);

/* The form that changes it. */
void tf_selection_write_form(tf_visit *visit, const tf_selection *selection, const char *action);

/* A page of nothing but the form and what is wrong with it: its title, and where the form leads. */
tf_status tf_selection_refuse(tf_visit *visit, const tf_selection *selection, const char *title,
                              const char *path);

/* The address of `path` with this selection: "/profile?area=...&type=...&from=...&to=...", in the
 * arena.  Of another area or type where they are given (else NULL). */
const char *tf_selection_address(tf_visit *visit, const tf_selection *selection, const char *path,
                                 const char *area, const char *type);

/* `address` with one more name and value. */
const char *tf_address_with(tf_visit *visit, const char *address, const char *name,
                            const char *value);

/* The address of an area's page, of the same kind of offence and period; NULL in a file. */
const char *tf_selection_area_address(tf_visit *visit, const tf_selection *selection,
                                      const char *code);

/* "April 2023 to March 2024". */
const char *tf_selection_period(tf_visit *visit, const tf_selection *selection);

#endif
