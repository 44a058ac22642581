/* The document around the sections of the report of a linkage, and what stands at its top. */
#include "web/paper/linkage_report_internal.h"

#include "web/html/notices.h"
#include "web/html/tables.h"
#include "web/site/assets.h"

#include <math.h>

/* What the site's style sheet has no reason to know: room above sections, and on paper tables of
 * many columns, small enough for the sheet.  A table that is closed on a screen is left out there,
 * but for that of m and u. */
static const char OWN_STYLE[] =
    "h2.govuk-heading-l{margin-top:50px}"
    ".app-table .app-break{word-break:break-all;min-width:10em}"
    "@media print{.app-figure__data>summary,.app-figure__data:not([open])"
    "{display:none}.app-figure__data .govuk-details__text{border-left:0;padding:0}"
    "[id^=weight-chart] .app-figure__data{display:block}"
    "[id^=weight-chart] .app-figure__data::details-content{content-visibility:visible;"
    "block-size:auto}"
    ".app-table .govuk-table__cell,.app-table .govuk-table__header"
    "{font-size:9.5pt;padding:2pt 6pt 2pt 0;min-width:0}"
    ".app-scroll .govuk-table__cell:not(.govuk-table__cell--numeric){min-width:0}"
    "[id^=pair-],.app-table{break-inside:avoid}#review~.app-scroll .govuk-table__cell,"
    "#review~.app-scroll .govuk-table__header{font-size:8pt;padding-right:4pt}"
    "[id^=pair-] .app-chart--wide{width:82%}[id^=pair-] .app-table .govuk-table__cell"
    "{font-size:8.5pt;overflow-wrap:anywhere}#weights,#review,#examples{break-before:page}}";

typedef struct section {
    const char *id;
    const char *title;
    tf_linkage_part *write;
} section;

static tf_linkage_part write_linked;

static const section sections[] = {
    {"linked", "What was linked", write_linked},
    {"columns", "What the columns hold", tf_linkage_write_columns},
    {"unlinkable", "Records that say too little", tf_linkage_write_unlinkable},
    {"weights", "What each agreement is worth", tf_linkage_write_weights},
    {"training", "How the model was made", tf_linkage_write_training},
    {"blocking", "Which pairs were compared", tf_linkage_write_blocking},
    {"pairs", "The pairs that were found", tf_linkage_write_pairs},
    {"people", "The people that were found", tf_linkage_write_clusters},
    {"review", "Clusters to review", tf_linkage_write_review},
    {"examples", "Pairs explained", tf_linkage_write_examples},
};
enum { SECTION_COUNT = sizeof sections / sizeof *sections };

/* ---- what was linked ---- */

static void write_figure(tf_linkage_paper *paper, const char *label, const char *number,
                         const char *note) {
    tf_html *html = paper->html;
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "app-key-figure");
    tf_html_element(html, "dt", "app-key-figure__label", label);
    tf_html_element(html, "dd", "app-key-figure__value", number);
    tf_html_element(html, "dd", "app-key-figure__note", note);
    tf_html_close(html, "div");
}

/* Kept pairs that are links. */
static size_t count_links(const tf_linkage_report *report) {
    size_t count = 0;
    for (size_t i = 0; i < report->prediction->pair_count; i++) {
        count += report->prediction->pairs[i].weight >= report->threshold;
    }
    return count;
}

static void write_figures(tf_linkage_paper *paper) {
    const tf_linkage_report *report = paper->report;
    uint32_t records = tf_link_records_count(report->records);
    uint16_t sources = tf_link_records_source_count(report->records);
    uint32_t people = report->clusters->cluster_count;
    uint32_t linked = 0;
    for (uint32_t c = 0; c < people; c++) {
        linked += report->clusters->metrics[c].size > 1 ? report->clusters->metrics[c].size : 0;
    }
    tf_html_open(paper->html, "dl");
    tf_html_attribute(paper->html, "class", "app-key-figures");
    write_figure(paper, "Records", tf_linkage_count(paper, records),
                 tf_linkage_say(paper, "from %u %s", sources, sources == 1 ? "source" : "sources"));
    double share = (double)report->prediction->compared_pairs / report->prediction->allowed_pairs;
    write_figure(
        paper, "Pairs compared",
        tf_linkage_count(paper, (double)report->prediction->compared_pairs),
        report->prediction->is_exhaustive
            ? "all that there are"
            : tf_linkage_say(paper, "%s of all that there are", tf_linkage_percent(paper, share)));
    write_figure(paper, "Links", tf_linkage_count(paper, (double)count_links(report)),
                 tf_linkage_say(paper, "pairs of weight %.2f or more", report->threshold));
    write_figure(paper, "People found", tf_linkage_count(paper, people),
                 tf_linkage_say(paper, "%s records share a person with another",
                                tf_linkage_count(paper, linked)));
    tf_html_close(paper->html, "dl");
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void write_files(tf_linkage_paper *paper) {
    static const tf_linkage_head heads[] = {
        {"File", false}, {"Rows", true}, {"Rows set aside", true}, {"SHA-256", false}};
    if (paper->report->file_count == 0) {
        return;
    }
    tf_linkage_table_begin(paper, "Files that were read", heads, 4);
    for (size_t i = 0; i < paper->report->file_count; i++) {
        const tf_linkage_file *file = &paper->report->files[i];
        tf_linkage_row_begin(paper, base_name(file->path));
        tf_linkage_number(paper, tf_linkage_count(paper, (double)file->rows));
        tf_linkage_number(paper, tf_linkage_count(paper, (double)file->rejected));
        tf_html_element(paper->html, "td", "govuk-table__cell app-break", file->sha256);
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

static void write_sources(tf_linkage_paper *paper) {
    static const tf_linkage_head heads[] = {{"Source", false}, {"Records", true}};
    const tf_link_records *records = paper->report->records;
    tf_linkage_table_begin(paper, "Sources of the records", heads, 2);
    for (uint16_t s = 0; s < tf_link_records_source_count(records); s++) {
        tf_text name = tf_link_records_source_name(records, s);
        tf_linkage_row_begin(paper, tf_linkage_say(paper, "%.*s", TF_TEXT_ARG(name)));
        tf_linkage_number(paper, tf_linkage_count(paper, tf_link_records_source_size(records, s)));
        tf_linkage_row_end(paper);
    }
    tf_linkage_table_end(paper);
}

static const char *words_of_method(const tf_cluster_options *options) {
    static const char *const words[] = {
        [TF_CLUSTER_CORRELATION] = "by all evidence for and against (correlation clustering)",
        [TF_CLUSTER_CONNECTED] = "whatever a chain of links connects (connected components)",
        [TF_CLUSTER_BEST_LINK] = "the best link first, one record of each source at most",
    };
    return words[options ? options->method : TF_CLUSTER_CORRELATION];
}

static void write_settings(tf_linkage_paper *paper) {
    static const char *const types[] = {
        [TF_LINK_DEDUPE] = "records of one source with each other",
        [TF_LINK_BETWEEN] = "records of different sources",
        [TF_LINK_BOTH] = "all records, within sources and between them",
    };
    const tf_linkage_report *report = paper->report;
    const char *threshold = tf_linkage_say(
        paper, "match weight %.2f, a probability of %s", report->threshold,
        tf_linkage_probability(paper, tf_link_probability_of_weight(report->threshold)));
    const char *model = report->learning     ? "learnt from these records"
                        : report->model_name ? base_name(report->model_name)
                                             : "trained before";
    const tf_summary_row rows[] = {
        {.key.text = "Compared", .value.text = types[report->model->type]},
        {.key.text = "Linked from", .value.text = threshold},
        {.key.text = "Put together", .value.text = words_of_method(report->cluster_options)},
        {.key.text = "Model", .value.text = model},
        {.key.text = "Seed",
         .value.text = tf_linkage_say(paper, "%llu", (unsigned long long)report->seed)},
        {.key.text = report->version ? "Made by" : NULL,
         .value.text =
             report->version ? tf_linkage_say(paper, "Trefoil %s", report->version) : NULL},
        {.key.text = report->seconds > 0 ? "Took" : NULL,
         .value.text =
             report->seconds > 0 ? tf_linkage_say(paper, "%.1f seconds", report->seconds) : NULL},
    };
    tf_govuk_summary_list(paper->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
}

static tf_status write_linked(tf_linkage_paper *paper) {
    write_figures(paper);
    write_settings(paper);
    write_files(paper);
    write_sources(paper);
    return TF_OK;
}

/* ---- the document ---- */

static void write_head(tf_html *html, const char *title) {
    tf_html_doctype(html);
    tf_html_open(html, "html");
    tf_html_attribute(html, "lang", "en");
    tf_html_attribute(html, "class", "govuk-template");
    tf_html_open(html, "head");
    tf_html_open(html, "meta");
    tf_html_attribute(html, "charset", "utf-8");
    tf_html_open(html, "meta");
    tf_html_attribute(html, "name", "viewport");
    tf_html_attribute(html, "content", "width=device-width, initial-scale=1");
    tf_html_open(html, "meta");
    tf_html_attribute(html, "name", "robots");
    tf_html_attribute(html, "content", "noindex");
    tf_html_element(html, "title", NULL, title);
    /* Made by the build and written above: no record's text is in it. */
    tf_html_style(html, (tf_markup){tf_asset_named("site.css")->bytes});
    tf_html_style(html, (tf_markup){tf_text_of(OWN_STYLE)});
    tf_html_close(html, "head");
}

static void write_contents(tf_html *html) {
    tf_html_open(html, "nav");
    tf_html_attribute(html, "aria-labelledby", "contents");
    tf_html_open(html, "h2");
    tf_html_attribute(html, "class", "govuk-heading-s");
    tf_html_attribute(html, "id", "contents");
    tf_html_text(html, "Contents");
    tf_html_close(html, "h2");
    tf_html_open(html, "ol");
    tf_html_attribute(html, "class", "govuk-list govuk-list--number app-columns");
    for (int i = 0; i < SECTION_COUNT; i++) {
        tf_html_open(html, "li");
        tf_html_open(html, "a");
        tf_html_attribute(html, "class", "govuk-link");
        tf_html_attribute_format(html, "href", "#%s", sections[i].id);
        tf_html_text(html, sections[i].title);
        tf_html_close(html, "a");
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ol");
    tf_html_close(html, "nav");
}

static tf_status write_body(tf_linkage_paper *paper, const char *title) {
    tf_html *html = paper->html;
    tf_html_open(html, "body");
    tf_html_attribute(html, "class", "govuk-template__body");
    tf_html_open(html, "div");
    tf_html_attribute(html, "class", "govuk-width-container");
    tf_html_open(html, "main");
    tf_html_attribute(html, "class", "govuk-main-wrapper");
    tf_html_element(html, "h1", "govuk-heading-xl", title);
    tf_govuk_warning_text(
        html, &(tf_warning_text){.content.text =
                                     "This report shows personal data: values of records as they "
                                     "stood in the files. Handle it under your sharing agreement.",
                                 .icon_fallback_text = "Warning"});
    write_contents(html);
    tf_status status = TF_OK;
    for (int i = 0; i < SECTION_COUNT && !status; i++) {
        tf_linkage_section(paper, sections[i].id, sections[i].title);
        status = sections[i].write(paper);
    }
    if (!status) {
        tf_html_close(html, "main");
        tf_html_close(html, "div");
        tf_html_close(html, "body");
        tf_html_close(html, "html");
    }
    return status;
}

tf_status tf_linkage_report_write(const tf_linkage_report *report, tf_buffer *html,
                                  tf_error *error) {
    tf_html writer;
    tf_html_init(&writer, html);
    tf_linkage_paper paper = {
        .report = report, .html = &writer, .arena = tf_arena_new(), .error = error};
    if (!paper.arena) {
        return tf_fail_no_memory(error);
    }
    const char *title = report->title ? report->title : "Record linkage report";
    write_head(&writer, title);
    tf_status status = write_body(&paper, title);
    if (!status && paper.failed) {
        status = tf_fail_no_memory(error);
    }
    tf_arena_free(paper.arena);
    return status ? status : tf_buffer_check(html, error);
}
