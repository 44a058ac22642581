/* The layout of flows between columns, before anything is drawn. */
#ifndef WEB_CHART_SANKEY_INTERNAL_H
#define WEB_CHART_SANKEY_INTERNAL_H

#include "web/chart/chart.h"

/* A node of the drawing: one of the caller's, or what is too small of a column, together. */
typedef struct tf_sankey_bar {
    const char *name;
    int column;
    double value;        /* what flows in or out, whichever is more */
    size_t merged;       /* how many nodes stand together in it; 1 otherwise */
    tf_buffer label;     /* its name and number */
    size_t number_start; /* in the label */
    double slot;         /* the height it takes, with its label */
    double y;
    double height;
    double in_used; /* heights of flows drawn so far */
    double out_used;
} tf_sankey_bar;

typedef struct tf_sankey_ribbon {
    size_t from; /* indices of bars */
    size_t to;
    double value;
} tf_sankey_ribbon;

typedef struct tf_sankey_plan {
    tf_sankey_bar *bars; /* by column, then in the caller's order, "other" last */
    size_t bar_count;
    tf_sankey_ribbon *ribbons; /* by from, then to */
    size_t ribbon_count;
    double whole; /* the value of the largest column */
} tf_sankey_plan;

/* Put small nodes together, add up flows, write labels.  False when out of memory; free the plan
 * either way.  O(nodes x columns + flows x ribbons). */
bool tf_sankey_plan_make(const tf_sankey *chart, tf_sankey_plan *plan_out);
void tf_sankey_plan_free(tf_sankey_plan *plan);

/* Whether a flow goes one column to the right, by an amount. */
bool tf_sankey_is_flow(const tf_sankey *chart, const tf_sankey_flow *flow);

#endif
