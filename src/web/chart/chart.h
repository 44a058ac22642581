/* Charts, drawn as SVG by the server: for a page, each in its figure with a table and a description
 * for those who do not see it; and as a file of its own, the same drawing, for paper and download.
 *
 * The caller fills one struct of plain arrays and keeps them while it is drawn.  NaN is "not
 * known" everywhere; values below 0 are drawn as 0, but for the steps of a waterfall.  Text that is
 * NULL is left out.  Names, notes and addresses may hold anything; addresses that could run become
 * "#".
 *
 * On a page most charts are drawn twice, 720 units wide (class app-chart--wide) and 330 units wide
 * (class app-chart--narrow); the stylesheet shows one and hides the other from everybody.  So text
 * is never smaller than 12 CSS pixels, at 320 pixels of screen too.  Colours come from the
 * stylesheet by class, sizes and places from here.  Nothing is told by colour alone. */
#ifndef WEB_CHART_CHART_H
#define WEB_CHART_CHART_H

#include "trefoil/base/date.h"
#include "trefoil/stats/interval.h"
#include "web/html/html.h"

/* Which way a value is out of the ordinary: a triangle that points up or down. */
typedef enum tf_chart_mark {
    TF_MARK_NONE = 0,
    TF_MARK_HIGH,
    TF_MARK_LOW,
} tf_chart_mark;

/* How numbers of a chart are written: "1,734 offences", "12.3 per 1,000 people". */
typedef struct tf_chart_unit {
    const char *name; /* "Offences a month": the title of the axis and the table's column */
    const char *one;  /* "offence" */
    const char *many; /* "offences"; both NULL for bare numbers */
    int decimals;
} tf_chart_unit;

/* ---- a line by month ---- */

typedef struct tf_line_point {
    double value; /* NaN: there is no data for this month, which is not 0 */
    double lower; /* of its interval, drawn as a band; NaN for none */
    double upper;
    tf_chart_mark mark;
    const char *remark; /* "above the upper limit", in lower case; NULL for none */
} tf_line_point;

typedef struct tf_line_chart {
    tf_month first;
    const tf_line_point *points; /* one for each month from `first` on */
    size_t count;
    double centre; /* of the control chart, in the points' unit; NaN for none */
    double limit_lower;
    double limit_upper;
    tf_chart_unit unit;
    const char *band; /* "95% interval"; NULL where no point has one */
} tf_line_chart;

/* ---- horizontal bars ---- */

typedef struct tf_bar {
    const char *name;
    const char *href;
    double value; /* at least 0; NaN: not known */
    double lower; /* of its interval, drawn as a whisker; NaN for none */
    double upper;
    tf_chart_mark mark; /* bars that differ from the others beyond chance */
    const char *text;   /* what is written at the bar; NULL for the value */
    const char *remark;
} tf_bar;

typedef struct tf_bar_chart {
    const tf_bar *bars; /* drawn in this order */
    size_t count;
    tf_chart_unit unit;
    const char *heading;  /* "Area": the table's first column */
    const char *interval; /* "95% interval"; NULL where no bar has one */
    const char *high;     /* what the marks mean: "higher than the county, beyond chance" */
    const char *low;
} tf_bar_chart;

/* ---- ranked dots with intervals, on a ratio scale ---- */

typedef struct tf_dot {
    const char *name;
    const char *href;
    tf_interval ratio;  /* value 0 and infinity are drawn as arrows at the end; NaN: not known */
    bool is_hot;        /* a ring around the dot */
    tf_chart_mark mark; /* changed beyond chance */
    const char *text;   /* "up 62%"; NULL for the ratio */
    const char *remark; /* "beyond chance" */
} tf_dot;

typedef struct tf_dot_chart {
    const tf_dot *dots; /* drawn in this order */
    size_t count;
    tf_chart_unit unit;
    const char *heading; /* "Area" */
    const char *lower;   /* what the left of the line at 1 means: "fewer than a year before" */
    const char *higher;
    const char *interval; /* "95% interval" */
    const char *high;     /* what the marks mean */
    const char *low;
    const char *hot;
} tf_dot_chart;

/* ---- a funnel: rates against the size they come from ---- */

typedef struct tf_funnel_point {
    const char *name;
    const char *href;
    double size; /* people, positive */
    double rate;
    tf_chart_mark mark; /* outside the outer limits; these are named in the drawing */
    bool is_outside_95; /* outside the inner limits at least */
    const char *remark;
} tf_funnel_point;

typedef struct tf_funnel_limit {
    double size; /* ascending */
    double lower_95;
    double upper_95;
    double lower_998;
    double upper_998;
} tf_funnel_limit;

typedef struct tf_funnel_chart {
    const tf_funnel_point *points;
    size_t count;
    const tf_funnel_limit *limits;
    size_t limit_count;
    double overall;          /* the rate of all together */
    tf_chart_unit unit;      /* of the rates */
    tf_chart_unit size_unit; /* "Population" */
    const char *heading;     /* "Area" */
} tf_funnel_chart;

/* ---- small multiples ---- */

typedef struct tf_panel {
    const char *name;
    const char *href;
    const double *values; /* one a month, NaN for a month without data */
    const char *remark;
} tf_panel;

typedef struct tf_multiples {
    const tf_panel *panels;
    size_t count;
    tf_month first;
    size_t month_count;
    bool is_shared; /* one scale for all panels, or each from 0 to its own highest value */
    tf_chart_unit unit;
    const char *heading; /* "Type of offence" */
} tf_multiples;

/* ---- what became of what: flows between columns ---- */

typedef struct tf_sankey_node {
    const char *name;
    int column; /* from 0 */
} tf_sankey_node;

typedef struct tf_sankey_flow {
    size_t from; /* indices of nodes; `to` stands one column further right */
    size_t to;
    double value; /* others than positive ones are left out */
} tf_sankey_flow;

enum { TF_SANKEY_MAX_COLUMNS = 4 };

typedef struct tf_sankey {
    const tf_sankey_node *nodes;
    size_t node_count;
    const tf_sankey_flow *flows;
    size_t flow_count;
    const char *columns[TF_SANKEY_MAX_COLUMNS]; /* "Group of outcomes" */
    int column_count;
    tf_chart_unit unit;
    const char *other;     /* the name of what is too small to draw: "Other outcomes" */
    double smallest_share; /* of the whole, below which nodes of one column are put together */
} tf_sankey;

/* ---- a map in classes ---- */

enum { TF_MAP_CLASSES = 5 };

typedef struct tf_chart_ring {
    const double *points; /* x and y of each, in the map's own box, y downwards */
    size_t count;         /* of points */
} tf_chart_ring;

typedef struct tf_chart_shape {
    const char *code;
    const char *name;
    const char *href;
    const tf_chart_ring *rings; /* outlines and holes, by the even-odd rule */
    size_t ring_count;
    int class_number; /* 1 (lowest) to 5; 0: none */
    const char *text; /* "173 offences" */
    const char *remark;
} tf_chart_shape;

/* What the browser needs to put an interactive map in the drawing's place (assets/scripts/map.ts);
 * without `boundaries` it does not. */
typedef struct tf_chart_live_map {
    const char *boundaries; /* address of the areas as GeoJSON */
    const char *values;     /* id of an element with JSON: {code: {"class": 3, "text": "..."}} */
    const char *tiles;      /* address of a MapLibre style to draw below them, or NULL */
} tf_chart_live_map;

typedef struct tf_map_chart {
    double width; /* of the box that the points are in */
    double height;
    const tf_chart_shape *shapes;
    size_t count;
    const tf_chart_ring *outline; /* of the whole */
    size_t outline_count;
    const char *classes[TF_MAP_CLASSES]; /* "1 to 9", the lowest first; NULL: there is none */
    const char *none;                    /* "None"; NULL where every shape has a class */
    tf_chart_unit unit;                  /* its name heads the legend and the column */
    const char *heading;                 /* "Area" */
    tf_chart_live_map live;
} tf_map_chart;

/* ---- evidence for and against: a waterfall ---- */

typedef struct tf_waterfall_step {
    const char *group; /* stands above the steps that share it; NULL: none */
    const char *name;
    double value;    /* what it adds, below 0 too; of a total, where it stands */
    double opposite; /* drawn to the left of zero, where the chart names it; at least 0 */
    bool is_total;   /* drawn from zero; the next step starts at its end */
    const char *remark;
    const char *const *cells; /* of the table's further columns, as many as there are; or NULL */
} tf_waterfall_step;

typedef struct tf_waterfall {
    const tf_waterfall_step *steps; /* drawn in this order */
    size_t count;
    bool is_from_zero; /* every bar starts at zero, and none of them runs on from another */
    double lowest;     /* the axis reaches from here to there at least, so that several charts */
    double highest;    /* can share it; 0 for nothing of the kind */
    tf_chart_unit unit;
    const char *opposite;       /* the table's column of what is drawn to the left; NULL: nothing */
    const char *heading;        /* "Comparison": the table's first column */
    const char *group_heading;  /* "Column": of the groups; NULL where there are none */
    const char *remark_heading; /* NULL where no step has a remark */
    const char *const *columns; /* headings of the table's further columns */
    size_t column_count;
    const char *higher;    /* what the two directions mean: "for one person" */
    const char *lower;     /**/
    const char *total;     /* what the totals are */
    double mark;           /* a dashed line across; NaN for none */
    const char *mark_name; /* "Threshold" */
} tf_waterfall;

/* ---- how often: columns along a scale ---- */

typedef struct tf_chart_column {
    double from; /* ascending; its width on the scale is from here to `to` */
    double to;
    double value;     /* at least 0; NaN: not known */
    const char *name; /* what it stands for; NULL: "1 to 2", its ends */
} tf_chart_column;

typedef struct tf_column_chart {
    const tf_chart_column *columns;
    size_t count;
    tf_chart_unit unit;      /* of the heights */
    tf_chart_unit size_unit; /* of the scale below; its name is the axis' title */
    double mark;             /* a dashed line upright; NaN for none */
    const char *mark_name;
} tf_column_chart;

/* ---- any of them, with what stands around it ---- */

typedef enum tf_chart_kind {
    TF_CHART_LINE,
    TF_CHART_BARS,
    TF_CHART_DOTS,
    TF_CHART_FUNNEL,
    TF_CHART_MULTIPLES,
    TF_CHART_SANKEY,
    TF_CHART_MAP,
    TF_CHART_WATERFALL,
    TF_CHART_COLUMNS,
} tf_chart_kind;

typedef struct tf_chart_download {
    const char *label; /* "CSV" */
    const char *href;
} tf_chart_download;

typedef struct tf_chart {
    tf_chart_kind kind;
    const char *id; /* unique on its page: letters, digits and hyphens */
    const char *title;
    const char *note;   /* one paragraph under the drawing */
    const char *source; /* stands in a file of its own; on a page the page says it */
    const char *empty;  /* said instead of a drawing of nothing */
    bool shows_table;   /* the table is open from the start */
    const tf_chart_download *downloads;
    size_t download_count;
    union {
        tf_line_chart line;
        tf_bar_chart bars;
        tf_dot_chart dots;
        tf_funnel_chart funnel;
        tf_multiples multiples;
        tf_sankey sankey;
        tf_map_chart map;
        tf_waterfall waterfall;
        tf_column_chart columns;
    } of;
} tf_chart;

/* The figure: caption, drawing, note, table, downloads.  A failed allocation is left in the
 * buffer, as the writer does.  Thread-safe for distinct writers.  O(what there is to draw); a
 * funnel's labels O(labels x points). */
void tf_chart_write(tf_html *html, const tf_chart *chart);

/* Only the table, as it stands in the figure. */
void tf_chart_write_table(tf_html *html, const tf_chart *chart);

/* One to five sentences that say what the drawing shows, computed from its numbers. */
void tf_chart_describe(const tf_chart *chart, tf_buffer *out);

/* Whether there is nothing to draw. */
bool tf_chart_is_empty(const tf_chart *chart);

typedef enum tf_chart_style {
    TF_CHART_FILE,  /* with title, note and source in the drawing, on white */
    TF_CHART_PAPER, /* the drawing alone, for a document that writes those itself */
} tf_chart_style;

/* A complete SVG document, 720 units (of 1/96 inch) wide, with its colours in it and without links;
 * right in any program that draws SVG 1.1.  Appends to `out`.
 * Errors: TF_NO_MEMORY.  Thread-safe for distinct buffers. */
tf_status tf_chart_write_svg(const tf_chart *chart, tf_chart_style style, tf_buffer *out,
                             tf_error *error);

/* A line of the size of a word, for a table's cell or a sentence.  Hidden from screen readers: the
 * text beside it says what matters.  NaN is a gap. */
void tf_sparkline_write(tf_html *html, const double *values, size_t count);

#endif
