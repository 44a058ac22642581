#include "police_db.h"

#include "insight/series.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static tf_db *make_county(void **state) {
    static const street_row may[] = {
        {1, "A1", "Alphaton 001A", "Drugs", NULL, false},
        {2, "A1", "Alphaton 001A", "Burglary", NULL, false},
        {3, "B1", "Betaby 001A", "Drugs", NULL, false},
        {4, NULL, NULL, "Drugs", NULL, true},
    };
    static const street_row july[] = {{5, "A1", "Alphaton 001A", "Drugs", NULL, false},
                                      {6, "A2", "Alphaton 001B", "Drugs", NULL, false}};
    tf_db *db = make_db(state, "db");
    execute(db, "INSERT INTO force VALUES ('avalon', 'Avalon Police')");
    add_county(db);
    put_street(db, "avalon", MONTH(2023, 5), 1, may, COUNT_OF(may));
    put_street(db, "avalon", MONTH(2023, 7), 2, july, COUNT_OF(july));
    return db;
}

/* The rows as lines "code type month count". */
static char *page_of(profile_maker *profiler, tf_series_request request, int64_t row_count) {
    tf_error error;
    tf_table *table = NULL;
    int64_t rows;
    request.from = MONTH(2023, 5);
    request.to = MONTH(2023, 7);
    assert_ok(tf_series_make(profiler->data, &request, &table, &rows, &error), &error);
    assert_int_equal(rows, row_count);
    tf_buffer lines;
    tf_buffer_init(&lines);
    tf_buffer_append_text(&lines, "");
    const tf_column *counts = tf_table_get(table, "count");
    for (int64_t row = 0; row < table->row_count; row++) {
        tf_text code = tf_column_text(tf_table_get(table, "area_code"), row);
        tf_text type = tf_column_text(tf_table_get(table, "type"), row);
        const int32_t *days = tf_table_get(table, "month")->values;
        char month[TF_MONTH_TEXT_SIZE];
        tf_buffer_format(&lines, "%.*s %.*s %s ", TF_TEXT_ARG(code), TF_TEXT_ARG(type),
                         tf_month_format(tf_month_of_days(days[row]), month));
        if (tf_column_is_null(counts, row)) {
            tf_buffer_append_text(&lines, "-\n");
        } else {
            tf_buffer_format(&lines, "%d\n", (int)((const int64_t *)counts->values)[row]);
        }
    }
    tf_table_free(table);
    return lines.data;
}

static void check_page(profile_maker *profiler, tf_series_request request, int64_t row_count,
                       const char *expected) {
    char *lines = page_of(profiler, request, row_count);
    assert_string_equal(lines, expected);
    tf_free(lines);
}

static void areas_of_several_layers_come_as_they_were_named(void **state) {
    static const char *const areas[] = {"Betaby", "A1", "avalon", "A1"};
    static const char *const types[] = {"drugs", "Burglary"};
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_series_request request = {.areas = areas,
                                 .area_count = COUNT_OF(areas),
                                 .types = types,
                                 .type_count = 2,
                                 .most_rows = 100};
    check_page(&profiler, request, 24,
               "E2 drugs 2023-05 1\nE2 drugs 2023-06 -\nE2 drugs 2023-07 0\n"
               "E2 Burglary 2023-05 0\nE2 Burglary 2023-06 -\nE2 Burglary 2023-07 0\n"
               "A1 drugs 2023-05 1\nA1 drugs 2023-06 -\nA1 drugs 2023-07 1\n"
               "A1 Burglary 2023-05 1\nA1 Burglary 2023-06 -\nA1 Burglary 2023-07 0\n"
               "F1 drugs 2023-05 3\nF1 drugs 2023-06 -\nF1 drugs 2023-07 2\n"
               "F1 Burglary 2023-05 1\nF1 Burglary 2023-06 -\nF1 Burglary 2023-07 0\n"
               "A1 drugs 2023-05 1\nA1 drugs 2023-06 -\nA1 drugs 2023-07 1\n"
               "A1 Burglary 2023-05 1\nA1 Burglary 2023-06 -\nA1 Burglary 2023-07 0\n");
    close_profiler(&profiler);
    tf_db_close(db);
}

static void pages_together_are_the_whole(void **state) {
    static const char *const types[] = {"drugs"};
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_series_request request = {
        .layer = TF_LAYER_SMALL_AREA, .types = types, .type_count = 1, .most_rows = 100};
    char *whole = page_of(&profiler, request, 18);
    tf_buffer pages;
    tf_buffer_init(&pages);
    request.most_rows = 4;
    for (; request.first_row < 18; request.first_row += 4) {
        char *page = page_of(&profiler, request, 18);
        tf_buffer_append_text(&pages, page);
        tf_free(page);
    }
    assert_string_equal(pages.data, whole);
    assert_non_null(strstr(whole, "A2 drugs 2023-07 1\n"));
    check_page(&profiler, request, 18, ""); /* past the end */
    tf_buffer_deinit(&pages);
    tf_free(whole);
    close_profiler(&profiler);
    tf_db_close(db);
}

static void a_layer_within_an_area_has_that_areas_only(void **state) {
    static const char *const types[] = {"all"};
    tf_db *db = make_county(state);
    profile_maker profiler = open_profiler(db);
    tf_series_request request = {.within = "Betaby",
                                 .layer = TF_LAYER_SMALL_AREA,
                                 .types = types,
                                 .type_count = 1,
                                 .most_rows = 100};
    check_page(&profiler, request, 3, "B1 all 2023-05 1\nB1 all 2023-06 -\nB1 all 2023-07 0\n");
    close_profiler(&profiler);
    tf_db_close(db);
}

static void what_cannot_be_asked_is_refused(void **state) {
    static const char *const types[] = {"drugs"};
    static const char *const nowhere[] = {"Atlantis"};
    static const char *const shared[] = {"P3"};
    tf_db *db = make_county(state);
    execute(db, "INSERT INTO area_lookup VALUES"
                " ('E2', 'Betaby', 'P3', 'Old Betaby', 'F1', 'Avalon', 1)");
    profile_maker profiler = open_profiler(db);
    const tf_month may = MONTH(2023, 5);
    const struct {
        tf_series_request request;
        tf_code code;
    } cases[] = {
        {{.layer = TF_LAYER_FORCE, .from = may, .to = may}, TF_BAD_INPUT},
        {{.types = types, .type_count = 33, .from = may, .to = may}, TF_BAD_INPUT},
        {{.types = nowhere, .type_count = 1, .from = may, .to = may}, TF_NOT_FOUND},
        {{.types = types, .type_count = 1, .from = may, .to = may - 1}, TF_BAD_INPUT},
        {{.areas = nowhere,
          .area_count = 1,
          .types = types,
          .type_count = 1,
          .from = may,
          .to = may},
         TF_NOT_FOUND},
        {{.areas = shared,
          .area_count = 1,
          .types = types,
          .type_count = 1,
          .from = may,
          .to = may},
         TF_UNSUPPORTED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tf_error error;
        tf_table *table;
        int64_t rows;
        assert_int_equal(tf_series_make(profiler.data, &cases[i].request, &table, &rows, &error),
                         cases[i].code);
        assert_null(table);
    }
    close_profiler(&profiler);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(areas_of_several_layers_come_as_they_were_named),
        temporary_test(pages_together_are_the_whole),
        temporary_test(a_layer_within_an_area_has_that_areas_only),
        temporary_test(what_cannot_be_asked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
