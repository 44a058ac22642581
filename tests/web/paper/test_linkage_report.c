/* The report of a linkage of invented people, whose files hold what tries to be markup. */
#include "check.h"
#include "fail_allocations.h"
#include "html_tree.h"

#include "trefoil/base/memory.h"
#include "trefoil/linkage/generate.h"
#include "trefoil/linkage/suggest.h"
#include "trefoil/table/csv.h"
#include "trefoil/table/source.h"
#include "web/paper/linkage_report.h"
#include "web/paper/linkage_waterfall.h"

#define SCRIPT      "<script>alert(1)</script>"
#define KEPT_FROM   (-5.0)
#define LINKED_FROM 2.0

enum { COLUMNS = 13, PEOPLE = 1500 };

static struct linkage {
    tf_link_records *records;
    tf_link_model *model;
    tf_link_matcher *matcher;
    tf_link_learning learning;
    tf_link_prediction prediction;
    tf_clusters *clusters;
    tf_cluster_options cluster;
    tf_recognised recognised[COLUMNS];
} linkage;

static tf_status take_rows(void *context, tf_text rows, tf_error *error) {
    tf_buffer_append(context, rows.data, rows.length);
    return tf_buffer_check(context, error);
}

/* The text with every `from` replaced. */
static void replace(tf_buffer *text, const char *from, const char *to) {
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_append(text, "", 1);
    for (const char *at = text->data, *next; at; at = next) {
        next = strstr(at, from);
        tf_buffer_append(&out, at, next ? (size_t)(next - at) : strlen(at));
        if (next) {
            tf_buffer_append_text(&out, to);
            next += strlen(from);
        }
    }
    tf_buffer_deinit(text);
    *text = out;
}

static tf_status add_batch(void *context, tf_csv_batch *batch, tf_error *error) {
    return tf_link_loader_add(context, tf_text_of("people"), batch->table, NULL, error);
}

static void load(const tf_buffer *csv) {
    static const char *const names[COLUMNS] = {
        "record_id", "source", "given_name", "middle_name", "family_name", "sex",  "date_of_birth",
        "address",   "city",   "postcode",   "phone",       "email",       "truth"};
    tf_csv_field fields[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        fields[i] = (tf_csv_field){
            .header = names[i], .name = names[i], .type = TF_CSV_DICTIONARY, .optional = true};
    }
    tf_error error;
    tf_source *source;
    tf_link_loader *loader;
    tf_csv_counts counts;
    tf_link_loader_options options = {.id_column = "record_id", .source_column = "source"};
    tf_csv_options reading = {.fields = fields, .field_count = COLUMNS, .thread_count = 1};
    assert_ok(tf_link_loader_new(&options, &loader, &error), &error);
    assert_ok(tf_source_open_memory(csv->data, csv->length, "", &source, &error), &error);
    tf_csv_handler handler = {.on_batch = add_batch, .context = loader};
    assert_ok(tf_csv_read(source, &reading, &handler, &counts, &error), &error);
    tf_source_close(source);
    assert_ok(tf_link_loader_finish(loader, &linkage.records, &error), &error);
    tf_link_loader_free(loader);
}

static void link_people(void) {
    tf_error error;
    tf_person_field fields[COLUMNS];
    static const tf_standardiser standardiser = {0};
    uint32_t columns = tf_link_records_column_count(linkage.records);
    assert_ok(tf_link_recognise(linkage.records, NULL, linkage.recognised, &error), &error);
    for (uint32_t c = 0; c < columns; c++) {
        bool is_safe = linkage.recognised[c].score >= 0.5;
        fields[c] = is_safe ? linkage.recognised[c].field : TF_PERSON_COUNT;
    }
    assert_ok(tf_link_suggest(linkage.records, fields, TF_LINK_BOTH, &standardiser, 0,
                              &linkage.model, &error),
              &error);
    tf_link_work work = {.standardiser = &standardiser, .thread_count = 1, .seed = 1};
    assert_ok(tf_link_matcher_new(linkage.model, linkage.records, &work, &linkage.matcher, &error),
              &error);
    tf_link_learn_options learn = {0};
    assert_ok(tf_link_learn(linkage.matcher, linkage.model, &learn, &linkage.learning, &error),
              &error);
    tf_link_predict_options predict = {.method = TF_LINK_BLOCKED, .threshold = KEPT_FROM};
    assert_ok(tf_link_predict(linkage.matcher, &predict, &linkage.prediction, &error), &error);
    tf_cluster_options_init(&linkage.cluster);
    linkage.cluster.threshold = LINKED_FROM;
    assert_ok(tf_link_cluster(linkage.matcher, &linkage.prediction, &linkage.cluster, NULL, 0, NULL,
                              &linkage.clusters, &error),
              &error);
}

static int set_up(void **state) {
    (void)state;
    tf_error error;
    tf_buffer csv;
    tf_buffer_init(&csv);
    tf_generate_options options = {.record_count = PEOPLE,
                                   .seed = 7,
                                   .duplicate_share = 0.4,
                                   .source_count = 3,
                                   .errors = TF_GENERATE_MEDIUM,
                                   .thread_count = 1};
    assert_ok(tf_generate_people(&options, take_rows, &csv, &error), &error);
    replace(&csv, ",police,", "," SCRIPT ",");
    replace(&csv, "on,", "on<i title='x'>&,"); /* family names and towns */
    load(&csv);
    tf_buffer_deinit(&csv);
    link_people();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    tf_clusters_free(linkage.clusters);
    tf_link_prediction_deinit(&linkage.prediction);
    tf_link_matcher_free(linkage.matcher);
    tf_link_model_free(linkage.model);
    tf_link_records_free(linkage.records);
    return 0;
}

static tf_linkage_report report_of(void) {
    static const tf_linkage_file files[] = {
        {"folder/" SCRIPT ".csv", "3eb07d52f918aec81669557c49b93223", PEOPLE, 2}};
    return (tf_linkage_report){.files = files,
                               .file_count = 1,
                               .records = linkage.records,
                               .model = linkage.model,
                               .matcher = linkage.matcher,
                               .prediction = &linkage.prediction,
                               .clusters = linkage.clusters,
                               .recognised = linkage.recognised,
                               .learning = &linkage.learning,
                               .cluster_options = &linkage.cluster,
                               .threshold = LINKED_FROM,
                               .kept_threshold = KEPT_FROM,
                               .seed = 7};
}

/* The document without its style sheets, to be freed. */
static char *write_report(const tf_linkage_report *report) {
    tf_error error;
    tf_buffer html;
    tf_buffer_init(&html);
    assert_ok(tf_linkage_report_write(report, &html, &error), &error);
    tf_buffer_append(&html, "", 1);
    char *end = strstr(html.data, "</head>");
    assert_non_null(end);
    char *body = strdup(end);
    tf_buffer_deinit(&html);
    return body;
}

static int count_of(const char *text, const char *wanted) {
    int count = 0;
    for (const char *at = text; (at = strstr(at, wanted)); at += strlen(wanted)) {
        count++;
    }
    return count;
}

static void every_section_is_there_and_in_the_contents(void **state) {
    (void)state;
    static const char *const ids[] = {"linked",   "columns", "unlinkable", "weights", "training",
                                      "blocking", "pairs",   "people",     "review",  "examples"};
    tf_linkage_report report = report_of();
    char *html = write_report(&report);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, " id=\"%s\">", ids[i]);
        assert_int_equal(count_of(html, wanted), 1);
        snprintf(wanted, sizeof wanted, " href=\"#%s\">", ids[i]);
        assert_int_equal(count_of(html, wanted), 1);
    }
    assert_non_null(strstr(html, "personal data"));
    assert_non_null(strstr(html, "sharing agreement"));
    free(html);
}

static void no_value_becomes_markup(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    char *html = write_report(&report);
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "<i "));
    assert_null(strstr(html, "'x'"));
    assert_true(count_of(html, "&lt;script&gt;") > 3);
    assert_true(count_of(html, "&lt;i title=") > 3); /* in the clusters to review, for one */
    free(html);
}

static void every_chart_has_a_caption_and_a_table_with_one(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    char *html = write_report(&report);
    int figures = count_of(html, "<figure ");
    assert_true(figures >= 5 + 12);
    assert_int_equal(count_of(html, "<figcaption "), figures);
    assert_int_equal(count_of(html, "app-chart--wide"), figures);
    assert_int_equal(count_of(html, "<details "), figures);
    assert_int_equal(count_of(html, "<table "), count_of(html, "<caption "));
    assert_true(count_of(html, "<table ") > figures);
    free(html);
}

static void headings_leave_no_level_out(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    char *html = write_report(&report);
    int before = 0;
    for (const char *at = html; (at = strstr(at, "<h")); at += 2) {
        if (at[2] >= '1' && at[2] <= '6') {
            int level = at[2] - '0';
            assert_true(level <= before + 1);
            before = level;
        }
    }
    assert_int_equal(count_of(html, "<h1"), 1);
    free(html);
}

static void it_needs_no_other_file_and_no_script(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    tf_error error;
    tf_buffer html;
    tf_buffer_init(&html);
    assert_ok(tf_linkage_report_write(&report, &html, &error), &error);
    tf_buffer_append(&html, "", 1);
    static const char *const loads[] = {"<link",    " src=", "@import",
                                        "url(http", "url(/", "<script"};
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        assert_null(strstr(html.data, loads[i]));
    }
    assert_null(strstr(html.data, "folder/"));
    tf_buffer_deinit(&html);
}

static void the_document_is_well_formed(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    tf_error error;
    tf_buffer html, tree;
    tf_buffer_init(&html);
    tf_buffer_init(&tree);
    assert_ok(tf_linkage_report_write(&report, &html, &error), &error);
    html_tree_append((tf_text){html.data, html.length}, &tree);
    tf_buffer_append(&tree, "", 1);
    assert_non_null(strstr(tree.data, "figcaption"));
    assert_null(strstr(tree.data, "an end without its element"));
    assert_null(strstr(tree.data, "an element without its end"));
    assert_null(strstr(tree.data, "attribute without a name"));
    tf_buffer_deinit(&html);
    tf_buffer_deinit(&tree);
}

static void two_reports_of_one_linkage_are_the_same_bytes(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    char *first = write_report(&report), *second = write_report(&report);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void what_is_not_known_is_said(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    tf_link_prediction prediction = linkage.prediction;
    prediction.certificate.records = 0;
    report.prediction = &prediction;
    report.learning = NULL;
    report.recognised = NULL;
    report.file_count = 0;
    char *html = write_report(&report);
    assert_non_null(strstr(html, "Nothing was probed"));
    assert_non_null(strstr(html, "nothing was learnt from these records"));
    assert_non_null(strstr(html, "nothing had to be recognised"));
    free(html);
    prediction.certificate = (tf_link_certificate){100, 40.5, 38.2, {0.943, 0.91, 0.97}, 120};
    html = write_report(&report);
    assert_non_null(strstr(html, "a recall of 94.3% (95% interval 91.0% to 97.0%)"));
    free(html);
}

static void a_linkage_without_pairs_has_a_report_too(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    tf_link_prediction prediction = linkage.prediction;
    prediction.pair_count = 0;
    report.prediction = &prediction;
    char *html = write_report(&report);
    assert_non_null(strstr(html, "No pair has a match weight of \xE2\x88\x92"
                                 "5.00 or more."));
    assert_non_null(strstr(html, "No pair was kept"));
    free(html);
}

static void the_steps_of_a_waterfall_add_up_to_the_weight(void **state) {
    (void)state;
    tf_error error;
    tf_arena *arena = tf_arena_new();
    for (size_t i = 0; i < linkage.prediction.pair_count; i += 17) {
        const tf_link_pair *of = &linkage.prediction.pairs[i];
        tf_linkage_pair pair = {.records = linkage.records,
                                .model = linkage.model,
                                .matcher = linkage.matcher,
                                .left = of->left,
                                .right = of->right,
                                .threshold = NAN};
        tf_linkage_explanation explained;
        assert_ok(tf_linkage_explain(&pair, arena, &explained, &error), &error);
        double sum = explained.prior;
        for (int c = 0; c < explained.count; c++) {
            sum += explained.evidence[c].weight;
        }
        assert_near(sum, explained.weight, 1e-9);
        assert_near(of->weight, explained.weight, 1e-9);
    }
    tf_arena_free(arena);
}

static void a_failed_allocation_is_told(void **state) {
    (void)state;
    tf_linkage_report report = report_of();
    for (long n = 0;; n += 1 + n / 8) {
        tf_error error;
        tf_buffer html;
        tf_buffer_init(&html);
        fail_allocation(n);
        tf_status status = tf_linkage_report_write(&report, &html, &error);
        bool was_reached = stop_failing_allocations();
        tf_buffer_deinit(&html);
        if (!was_reached) {
            assert_ok(status, &error);
            break;
        }
        assert_int_equal(status, TF_NO_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_section_is_there_and_in_the_contents),
        cmocka_unit_test(no_value_becomes_markup),
        cmocka_unit_test(every_chart_has_a_caption_and_a_table_with_one),
        cmocka_unit_test(headings_leave_no_level_out),
        cmocka_unit_test(it_needs_no_other_file_and_no_script),
        cmocka_unit_test(the_document_is_well_formed),
        cmocka_unit_test(two_reports_of_one_linkage_are_the_same_bytes),
        cmocka_unit_test(what_is_not_known_is_said),
        cmocka_unit_test(a_linkage_without_pairs_has_a_report_too),
        cmocka_unit_test(the_steps_of_a_waterfall_add_up_to_the_weight),
        cmocka_unit_test(a_failed_allocation_is_told),
    };
    return cmocka_run_group_tests_name("web/paper/linkage_report", tests, set_up, tear_down);
}
