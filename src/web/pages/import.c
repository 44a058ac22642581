/* Importing police files in the browser: choose, send, watch. */
#include "page_internal.h"
#include "routes_internal.h"

#include "insight/profile_words.h"
#include "trefoil/base/json.h"
#include "web/html/buttons.h"
#include "web/html/file_upload.h"
#include "web/html/messages.h"
#include "web/html/notices.h"
#include "web/site/import_job.h"

#include <math.h>

static const char title[] = "Import police files";

static const char *job_address(tf_visit *visit, const char *id) {
    return tf_page_format(visit, "/imports/%s", id);
}

/* ---- the form ---- */

static void write_form(tf_visit *visit, const char *problem) {
    tf_page_begin(visit,
                  &(tf_page_head){.title = title,
                                  .section = "/sources",
                                  .crumbs = {{"Overview", "/"}, {"Data sources", "/sources"}},
                                  .has_errors = problem != NULL});
    tf_html *html = &visit->html;
    if (problem) {
        tf_error_link item = {.content.text = problem, .href = "#files"};
        tf_govuk_error_summary(
            html,
            &(tf_error_summary){.title.text = "There is a problem", .errors = &item, .count = 1});
    }
    tf_page_title(visit, NULL, title);
    tf_page_paragraph(visit, "Street, outcomes and stop-and-search files as data.police.uk "
                             "publishes them: single months, or a whole archive. A month that is "
                             "there already is replaced; nothing else changes.");
    tf_html_open(html, "form");
    tf_html_attribute(html, "action", "/import");
    tf_html_attribute(html, "method", "post");
    tf_html_attribute(html, "enctype", "multipart/form-data");
    tf_html_attribute(html, "data-upload", "");
    tf_page_form_token(visit);
    tf_govuk_file_upload(html, &(tf_file_upload){
                                   .id = "files",
                                   .name = "files",
                                   .label.content.text = "Files",
                                   .hint.content.text = "CSV, packed CSV (.csv.gz) or ZIP",
                                   .error_message.content.text = problem,
                                   .is_multiple = true,
                                   .attributes = {{"accept", ".csv,.gz,.zip"}},
                               });
    tf_govuk_button(html, &(tf_button){.content.text = "Import"});
    tf_html_close(html, "form");
    tf_page_end(visit);
}

static tf_status handle_form(void *context, const tf_request *request, tf_response *response,
                             tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    write_form(&visit, NULL);
    return tf_buffer_check(&response->body, error);
}

static tf_status enter(tf_visit *visit, tf_error *error) {
    return tf_site_has_accounts(visit->site)
               ? tf_site_enter(visit->site, visit->request, TF_ACTION_COLLECT, "open-data", error)
               : TF_OK;
}

static tf_status handle_start(void *context, const tf_request *request, tf_response *response,
                              tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    response->caching = TF_CACHE_NEVER;
    size_t count = request->form.upload_count;
    tf_job_upload *uploads = tf_arena_alloc(visit.arena, count + 1, sizeof *uploads);
    if (!uploads) {
        return tf_fail_no_memory(error);
    }
    size_t named = 0;
    for (size_t i = 0; i < count; i++) {
        /* A browser sends one part without a name when nothing was chosen. */
        if (request->form.uploads[i].name.length) {
            uploads[named++] =
                (tf_job_upload){request->form.uploads[i].name, request->form.uploads[i].content};
        }
    }
    tf_error problem;
    tf_status status = TF_BAD_INPUT;
    const char *id = NULL;
    if (named == 0) {
        (void)tf_fail(&problem, TF_BAD_INPUT, NULL, 0, "Select a file");
    } else {
        status = enter(&visit, &problem);
    }
    if (named && !status) {
        status = tf_job_start(visit.site, uploads, named, visit.arena, &id, &problem);
    }
    if (status == TF_BAD_INPUT || status == TF_BUSY) {
        response->status = status == TF_BUSY ? 503 : 400;
        write_form(&visit, problem.message);
        return tf_buffer_check(&response->body, error);
    }
    if (status) {
        return tf_fail(error, status, problem.place, problem.line, "%s", problem.message);
    }
    tf_response_redirect(response, job_address(&visit, id));
    return TF_OK;
}

/* ---- how it goes ---- */

static const char *state_in_words(const tf_job *job) {
    switch (job->state) {
    case TF_JOB_WAITING:
        return "Waiting for another import";
    case TF_JOB_RUNNING:
        return "Importing";
    case TF_JOB_DONE:
        return "Done";
    case TF_JOB_FAILED:
        return "Failed";
    }
    return "";
}

static bool is_over(const tf_job *job) {
    return job->state == TF_JOB_DONE || job->state == TF_JOB_FAILED;
}

static const char *progress_in_words(tf_visit *visit, const tf_job *job) {
    const tf_police_progress *progress = &job->progress;
    char rows[TF_COUNT_TEXT_SIZE];
    return tf_page_format(visit, "%zu of %zu files, %s rows read", progress->files_done,
                          progress->file_count, tf_words_count(progress->rows_read, rows));
}

/* Of the bytes; NaN while they are not known. */
static double share_done(const tf_job *job) {
    uint64_t all = job->progress.byte_count;
    return all ? (double)job->progress.bytes_done / (double)all : NAN;
}

static void write_files(tf_visit *visit, const tf_job *job) {
    static const tf_page_column columns[] = {
        {"File", false}, {"Rows", true}, {"Rejected", true}, {"Result", false}};
    if (job->file_count == 0) {
        return;
    }
    tf_page_table_begin(visit, "Files", columns, 4);
    for (size_t i = 0; i < job->file_count; i++) {
        const tf_job_file *file = &job->files[i];
        tf_page_row_begin(visit);
        tf_page_row_header(
            visit,
            file->error ? NULL : tf_page_format(visit, "/sources/%lld", (long long)file->batch_id),
            file->name);
        tf_page_count(visit, file->rows_accepted);
        tf_page_count(visit, file->rows_rejected);
        tf_page_cell(visit, file->error ? file->error : "Imported");
        tf_page_row_end(visit);
    }
    tf_page_table_end(visit);
}

static tf_status get_job(tf_visit *visit, tf_job *job, tf_error *error) {
    visit->response->caching = TF_CACHE_NEVER;
    return tf_job_get(visit->site, tf_form_value(&visit->request->form, "id")->text, visit->arena,
                      job, error);
}

static tf_status handle_job(void *context, const tf_request *request, tf_response *response,
                            tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_job job;
    tf_status status = get_job(&visit, &job, error);
    if (status) {
        return status;
    }
    tf_page_begin(&visit, &(tf_page_head){.title = state_in_words(&job),
                                          .section = "/sources",
                                          .crumbs = {{"Overview", "/"},
                                                     {"Data sources", "/sources"},
                                                     {title, "/import"}}});
    tf_page_title(&visit, title, state_in_words(&job));
    tf_html *html = &visit.html;
    tf_html_open(html, "div");
    if (!is_over(&job)) {
        tf_html_attribute(html, "data-import",
                          tf_page_format(&visit, "%s/progress", job_address(&visit, job.id)));
    }
    tf_html_element(html, "p", "govuk-body-l", progress_in_words(&visit, &job));
    tf_html_close(html, "div");
    if (job.error) {
        tf_govuk_warning_text(html, &(tf_warning_text){.content.text = job.error});
    }
    write_files(&visit, &job);
    if (is_over(&job)) {
        tf_govuk_button(html,
                        &(tf_button){.content.text = "See what there is now", .href = "/sources"});
    } else {
        tf_govuk_button(
            html, &(tf_button){.content.text = "Look again", .href = job_address(&visit, job.id)});
    }
    tf_page_end(&visit);
    return tf_buffer_check(&response->body, error);
}

static tf_status handle_progress(void *context, const tf_request *request, tf_response *response,
                                 tf_error *error) {
    tf_visit visit = tf_visit_of(context, request, response);
    tf_job job;
    tf_status status = get_job(&visit, &job, error);
    if (status) {
        return status;
    }
    response->content_type = "application/json";
    tf_json json;
    tf_json_init(&json, &response->body, false);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "state", is_over(&job) ? "over" : "running");
    tf_json_put_string(&json, "text", progress_in_words(&visit, &job));
    tf_json_put_double(&json, "share", share_done(&job));
    tf_json_close_object(&json);
    return tf_buffer_check(&response->body, error);
}

/* ---- routes ---- */

const tf_route tf_route_import = {
    .method = "GET",
    .path = "/import",
    .title = "Import police files",
    .help = "The form to send police files.",
    .permission = TF_PERMISSION_IMPORT,
    .handle = handle_form,
};

static const tf_field start_fields[] = {
    {.name = "files",
     .label = "Files",
     .help = "Files as data.police.uk publishes them.",
     .kind = TF_FIELD_FILES},
};

const tf_route tf_route_import_start = {
    .method = "POST",
    .path = "/import",
    .title = "Import police files",
    .help = "Send police files; answers with the page that tells how their import goes.",
    .permission = TF_PERMISSION_IMPORT,
    .body = TF_BODY_MULTIPART,
    .answers_errors = true,
    .fields = start_fields,
    .field_count = 1,
    .handle = handle_start,
};

static const tf_field job_fields[] = {
    {.name = "id",
     .label = "Import",
     .help = "The import's identifier.",
     .is_required = true,
     .minimum = 32,
     .maximum = 32},
};

const tf_route tf_route_import_job = {
    .method = "GET",
    .path = "/imports/{id}",
    .title = "An import",
    .help = "How an import goes, file by file.",
    .permission = TF_PERMISSION_IMPORT,
    .is_volatile = true,
    .fields = job_fields,
    .field_count = 1,
    .handle = handle_job,
};

const tf_route tf_route_import_progress = {
    .method = "GET",
    .path = "/imports/{id}/progress",
    .title = "An import's progress",
    .help = "The same in short, for the page that shows it while it runs.",
    .permission = TF_PERMISSION_IMPORT,
    .is_volatile = true,
    .fields = job_fields,
    .field_count = 1,
    .handle = handle_progress,
};
