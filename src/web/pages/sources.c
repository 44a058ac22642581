/* What has been imported: months and gaps, warnings, every file, and the rows it lost. */
#include "page_internal.h"
#include "routes_internal.h"

#include "insight/profile_words.h"
#include "intake/batch.h"
#include "intake/inventory.h"
#include "web/html/buttons.h"
#include "web/html/navigation.h"
#include "web/html/tables.h"

#include <stdio.h>

enum { FILES_SHOWN = 50, REJECTS_SHOWN = 50 };

/* ---- what there is ---- */

static const char *gaps_in_words(tf_visit *visit, const tf_inventory_series *series) {
    if (series->gap_count == 0) {
        return "None";
    }
    tf_buffer words;
    tf_buffer_init(&words);
    for (size_t i = 0; i < series->gap_count; i++) {
        tf_buffer_append_text(&words, i ? ", " : "");
        tf_words_period(series->gaps[i].from, series->gaps[i].to, &words);
    }
    const char *text = tf_page_words(visit, &words);
    tf_buffer_deinit(&words);
    return text;
}

static void write_series(tf_visit *visit, const tf_inventory *inventory) {
    static const tf_page_column columns[] = {{"Force", false}, {"Feed", false}, {"From", false},
                                             {"To", false},    {"Rows", true},  {"Missing", false}};
    char month[TF_MONTH_WORDS_SIZE];
    tf_page_heading(visit, "police", "Police files");
    if (inventory->series_count == 0) {
        tf_page_paragraph(visit, "None has been imported yet.");
        return;
    }
    tf_page_table_begin(visit, "Months of each force and feed", columns,
                        sizeof columns / sizeof *columns);
    for (size_t i = 0; i < inventory->series_count; i++) {
        const tf_inventory_series *series = &inventory->series[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, NULL, tf_page_sentence(visit, series->force));
        tf_page_cell(visit, tf_page_sentence(visit, series->feed));
        tf_page_cell(visit, tf_words_month(series->from, month));
        tf_page_cell(visit, tf_words_month(series->to, month));
        tf_page_count(visit, series->row_count);
        tf_page_cell(visit, gaps_in_words(visit, series));
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static void write_geography(tf_visit *visit, const tf_inventory *inventory) {
    static const tf_page_column columns[] = {
        {"Layer", false}, {"Areas", true}, {"With an outline", true}};
    tf_page_heading(visit, "areas", "Areas and populations");
    if (inventory->layer_count == 0) {
        tf_page_paragraph(visit, "No areas have been imported, so there are no maps or hot spots.");
    } else {
        tf_page_table_begin(visit, "Layers of areas", columns, 3);
        for (size_t i = 0; i < inventory->layer_count; i++) {
            tf_page_row_begin(visit);
            tf_page_row_header(visit, NULL, tf_page_sentence(visit, inventory->layers[i].title));
            tf_page_count(visit, inventory->layers[i].area_count);
            tf_page_count(visit, inventory->layers[i].outline_count);
            tf_page_row_end(visit);
        }
        tf_page_table_end(visit);
    }
    tf_page_paragraph(visit, inventory->population_area_count == 0
                                 ? "No populations have been imported, so there are no rates."
                                 : tf_page_format(visit, "Populations of %lld areas, %d to %d.",
                                                  (long long)inventory->population_area_count,
                                                  inventory->population_first_year,
                                                  inventory->population_last_year));
}

static void write_warnings(tf_visit *visit, const tf_inventory *inventory) {
    static const tf_page_column columns[] = {
        {"Rows", true}, {"What is odd about them", false}, {"For example", false}};
    if (inventory->warning_count == 0) {
        return;
    }
    tf_page_heading(visit, "warnings", "Warnings");
    tf_page_paragraph(visit, "These rows are counted, though something is odd about them.");
    tf_page_table_begin(visit, "Rows with warnings", columns, 3);
    for (size_t i = 0; i < inventory->warning_count; i++) {
        const tf_inventory_warning *warning = &inventory->warnings[i];
        tf_page_row_begin(visit);
        tf_page_count(visit, warning->count);
        tf_page_cell(visit, tf_page_sentence(visit, tf_page_format(visit, "%s rows %s",
                                                                   warning->feed, warning->kind)));
        tf_page_cell(visit, warning->example_line > 0
                                ? tf_page_format(visit, "%s, line %lld", warning->example_file,
                                                 (long long)warning->example_line)
                                : "");
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static const char *batch_address(tf_visit *visit, int64_t id) {
    return tf_page_format(visit, "/sources/%lld", (long long)id);
}

static void write_batches(tf_visit *visit, const tf_batch *batches, size_t count, int64_t total,
                          int64_t page) {
    static const tf_page_column columns[] = {{"File", false},
                                             {"Imported", false},
                                             {"Rows", true},
                                             {"Rejected", true},
                                             {"In use", false}};
    int64_t page_count = (total + FILES_SHOWN - 1) / FILES_SHOWN;
    tf_page_heading(visit, "files", "Files imported");
    if (count == 0) {
        tf_page_paragraph(visit, total ? "There is no such page of files." : "None yet.");
        return;
    }
    tf_page_table_begin(visit,
                        page_count > 1 ? tf_page_format(visit, "Newest first, page %lld of %lld",
                                                        (long long)page, (long long)page_count)
                                       : "Newest first",
                        columns, 5);
    for (size_t i = 0; i < count; i++) {
        const tf_batch *batch = &batches[i];
        tf_page_row_begin(visit);
        tf_page_row_header(visit, batch_address(visit, batch->id), batch->file);
        tf_page_cell(visit, tf_page_instant(visit, batch->started_at));
        tf_page_count(visit, batch->rows_accepted);
        tf_page_count(visit, batch->rows_rejected);
        tf_page_cell(visit, batch->is_current ? "Yes" : "Replaced");
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
    tf_pagination pages = {.landmark_label = "Pages of files"};
    if (page > 1) {
        pages.previous.href =
            tf_page_format(visit, "/sources?page=%lld#files", (long long)page - 1);
    }
    if (page < page_count) {
        pages.next.href = tf_page_format(visit, "/sources?page=%lld#files", (long long)page + 1);
    }
    if (page_count > 1) {
        tf_govuk_pagination(&visit->html, &pages);
    }
}

static tf_status answer_sources(tf_visit *visit, tf_error *error) {
    tf_inventory *inventory = NULL;
    tf_batch *batches = NULL;
    size_t count = 0;
    int64_t total = 0;
    int64_t page = tf_form_value(&visit->request->form, "page")->number;
    tf_status status = tf_inventory_make(visit->desk->db, &inventory, error);
    if (!status) {
        status = tf_batch_page(visit->desk->db, (page - 1) * FILES_SHOWN, FILES_SHOWN, visit->arena,
                               &batches, &count, &total, error);
    }
    if (!status) {
        tf_page_begin(visit, &(tf_page_head){.title = "Data sources", .section = "/sources"});
        tf_page_title(visit, NULL, "Data sources");
        if (tf_site_offers_import(visit->site, visit->request)) {
            tf_govuk_button(&visit->html,
                            &(tf_button){.content.text = "Import police files", .href = "/import"});
        }
        write_series(visit, inventory);
        write_geography(visit, inventory);
        write_warnings(visit, inventory);
        write_batches(visit, batches, count, total, page);
        tf_page_end(visit);
    }
    tf_inventory_free(inventory);
    return status;
}

/* ---- one file ---- */

static void write_facts(tf_visit *visit, const tf_batch *batch) {
    char counts[3][TF_COUNT_TEXT_SIZE];
    const tf_summary_row rows[] = {
        {.key.text = "Feed", .value.text = tf_page_sentence(visit, batch->feed)},
        {.key.text = "Force",
         .value.text = batch->force ? tf_page_sentence(visit, batch->force) : "Not of one force"},
        {.key.text = "Publisher", .value.text = batch->publisher},
        {.key.text = "Imported", .value.text = tf_page_instant(visit, batch->started_at)},
        {.key.text = "SHA-256", .value.text = batch->sha256, .value_classes = "app-break"},
        {.key.text = "Rows read", .value.text = tf_words_count(batch->rows_read, counts[0])},
        {.key.text = "Rows accepted",
         .value.text = tf_words_count(batch->rows_accepted, counts[1])},
        {.key.text = "Rows rejected",
         .value.text = tf_words_count(batch->rows_rejected, counts[2])},
        {.key.text = "In use",
         .value.text = batch->is_current ? "Yes" : "No: a later file replaced what it brought"},
    };
    tf_govuk_summary_list(&visit->html,
                          &(tf_summary_list){.rows = rows, .count = sizeof rows / sizeof *rows});
}

static void write_batch_warnings(tf_visit *visit, const tf_batch *batch) {
    static const tf_page_column columns[] = {
        {"Rows", true}, {"What is odd about them", false}, {"First line", true}};
    if (batch->warning_count == 0) {
        return;
    }
    tf_page_table_begin(visit, "Warnings", columns, 3);
    for (size_t i = 0; i < batch->warning_count; i++) {
        tf_page_row_begin(visit);
        tf_page_count(visit, batch->warnings[i].count);
        tf_page_cell(visit, tf_page_sentence(visit, batch->warnings[i].kind));
        tf_page_count(visit, batch->warnings[i].example_line);
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static tf_status write_reject(void *context, const char *file, int64_t line, tf_text reason,
                              tf_text text, tf_error *error) {
    (void)file;
    (void)error;
    tf_visit *visit = context;
    tf_page_row_begin(visit);
    tf_page_count(visit, line);
    tf_page_cell(visit,
                 tf_page_sentence(visit, tf_page_format(visit, "%.*s", TF_TEXT_ARG(reason))));
    tf_html_open(&visit->html, "td");
    tf_html_attribute(&visit->html, "class", "govuk-table__cell");
    tf_html_open(&visit->html, "code");
    tf_html_attribute(&visit->html, "class", "app-break");
    tf_html_text_of(&visit->html, text);
    tf_html_close(&visit->html, "code");
    tf_html_close(&visit->html, "td");
    tf_page_row_end(visit);
    return TF_OK;
}

static tf_status write_rejects(tf_visit *visit, const tf_batch *batch, tf_error *error) {
    static const tf_page_column columns[] = {{"Line", true}, {"Why", false}, {"As it was", false}};
    if (batch->rows_rejected == 0) {
        return TF_OK;
    }
    tf_page_heading(visit, "rejects", "Rows that could not be used");
    tf_page_table_begin(visit,
                        batch->rows_rejected > REJECTS_SHOWN
                            ? tf_page_format(visit, "The first %d", REJECTS_SHOWN)
                            : "All of them",
                        columns, 3);
    int64_t total;
    tf_status status = tf_batch_page_of_rejects(visit->desk->db, batch->id, 0, REJECTS_SHOWN,
                                                write_reject, visit, &total, error);
    tf_page_table_end(visit);
    tf_html *html = &visit->html;
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_page_link(visit,
                 tf_page_format(visit, "/api/v1/sources/batches/%lld/rejects?format=csv",
                                (long long)batch->id),
                 "Download all rejected rows (CSV)");
    tf_html_close(html, "p");
    return status;
}

static tf_status answer_batch(tf_visit *visit, tf_error *error) {
    tf_batch found;
    const tf_batch *batch = &found;
    tf_status status =
        tf_batch_get(visit->desk->db, tf_form_value(&visit->request->form, "id")->number,
                     visit->arena, &found, error);
    if (status) {
        return status;
    }
    tf_page_begin(visit,
                  &(tf_page_head){.title = batch->file,
                                  .section = "/sources",
                                  .crumbs = {{"Overview", "/"}, {"Data sources", "/sources"}}});
    tf_page_title(visit, "File imported", batch->file);
    write_facts(visit, batch);
    write_batch_warnings(visit, batch);
    status = write_rejects(visit, batch, error);
    tf_page_end(visit);
    return status;
}

/* ---- routes ---- */

static tf_status handle_sources(void *context, const tf_request *request, tf_response *response,
                                tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer_sources, error);
}

static tf_status handle_batch(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer_batch, error);
}

static const tf_field page_fields[] = {
    {.name = "page",
     .label = "Page",
     .help = "The page of files imported.",
     .kind = TF_FIELD_INT,
     .minimum = 1,
     .maximum = 1000000,
     .fallback = "1"},
};

const tf_route tf_route_sources = {
    .method = "GET",
    .path = "/sources",
    .title = "Data sources",
    .help = "What has been imported, with its gaps and warnings.",
    .fields = page_fields,
    .field_count = 1,
    .handle = handle_sources,
};

static const tf_field id_fields[] = {
    {.name = "id",
     .label = "File number",
     .help = "The number of a file imported.",
     .kind = TF_FIELD_INT,
     .is_required = true,
     .minimum = 1,
     .maximum = INT64_MAX},
};

const tf_route tf_route_batch = {
    .method = "GET",
    .path = "/sources/{id}",
    .title = "A file imported",
    .help = "Where one file came from, what was odd about it, and the rows it lost.",
    .fields = id_fields,
    .field_count = 1,
    .handle = handle_batch,
};
