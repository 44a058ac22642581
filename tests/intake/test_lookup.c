#include "fixture.h"

#include "intake/lookup.h"

#define HEADER "LAD23CD,LAD23NM,CSP23CD,CSP23NM,PFA23CD,PFA23NM\n"
#define ROWS                                                                                       \
    "SELECT authority_code||'|'||authority_name||'|'||partnership_code||'|'||partnership_name||"   \
    "'|'||force_code||'|'||force_name FROM area_lookup ORDER BY 1"

static tf_lookup_summary import(tf_db *db, const char *path) {
    tf_error error;
    tf_lookup_summary summary;
    assert_ok(tf_lookup_import(db, path, &summary, &error), &error);
    return summary;
}

static void a_lookup_of_any_year_and_order_of_columns_is_read(void **state) {
    tf_db *db = open_new(state);
    tf_lookup_summary summary =
        import(db, write_file(state, "l.csv",
                              "\xEF\xBB\xBFObjectId,PFA24NM,PFA24CD,lad24cd,LAD24NM,CSP24CD,"
                              "CSP24NM\r\n1,\"London, City of\",F1,A1,City of London,P1,"
                              "\"City, of London\"\r\n"));
    assert_int_equal(summary.accepted, 1);
    assert_int_equal(summary.authorities, 1);
    expect_rows(db, ROWS, "A1|City of London|P1|City, of London|F1|London, City of;");
    expect_rows(db, "SELECT feed||file||length(sha256)||rows_accepted FROM batch",
                "lookupl.csv641;");
    tf_db_close(db);
}

static void a_new_lookup_takes_the_place_of_the_old(void **state) {
    tf_db *db = open_new(state);
    import(db, write_file(state, "a", HEADER "A1,Old,P1,Old,F1,County\nA2,B,P2,B,F1,County\n"));
    import(db, write_file(state, "b", HEADER "A1,New,P1,New,F1,County\nA1,New,P3,C,F1,County\n"));
    expect_rows(db, ROWS, "A1|New|P1|New|F1|County;A1|New|P3|C|F1|County;");
    tf_db_close(db);
}

static void a_row_that_contradicts_an_earlier_one_is_a_reject(void **state) {
    tf_db *db = open_new(state);
    tf_lookup_summary summary = import(
        db, write_file(state, "a",
                       HEADER "A1,A,P1,P,F1,F\nA1,A,P1,P,F1,F\nA1,A,P2,P,F2,F\nA2,A,P3,,F1,F\n"
                              "A3,A,P3\n"));
    assert_int_equal(summary.rows_read, 5);
    assert_int_equal(summary.rejected, 4);
    expect_rows(db, ROWS, "A1|A|P1|P|F1|F;");
    expect_rows(db, "SELECT line||' '||reason FROM batch_reject WHERE line < 6 ORDER BY line",
                "3 an earlier line has A1 in P1 too;"
                "4 an earlier line has A1 in another police force area;"
                "5 the name of the community safety partnership is empty;");
    expect_rows(db, "SELECT text FROM batch_reject WHERE line = 6", "A3,A,P3;");
    tf_db_close(db);
}

static void a_file_that_cannot_be_used_leaves_the_old_lookup(void **state) {
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"code,name\nA,B\n", "no column such as LAD23CD"},
        {"LAD23CD,LAD22CD,LAD23NM,CSP23CD,CSP23NM,PFA23CD,PFA23NM\n",
         "more than one column such as LAD23CD"},
        {HEADER, "no row that can be used"},
        {HEADER ",,,,,\n", "no row that can be used"},
        {"", ""},
    };
    tf_db *db = open_new(state);
    import(db, write_file(state, "good", HEADER "A1,A,P1,P,F1,F\n"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tf_error error;
        tf_lookup_summary summary;
        const char *path = write_file(state, "bad", cases[i].text);
        assert_int_equal(tf_lookup_import(db, path, &summary, &error), TF_BAD_INPUT);
        assert_string_equal(error.place, path);
        assert_non_null(strstr(error.message, cases[i].message));
        expect_rows(db, ROWS, "A1|A|P1|P|F1|F;");
        expect_rows(db, "SELECT COUNT(*) FROM batch", "1;");
    }
    tf_db_close(db);
}

static void the_real_lookup_is_read_whole(void **state) {
    char path[512];
    REAL_DATA("geography/lad23_csp23_pfa23_lookup.csv", path);
    tf_db *db = open_new(state);
    tf_lookup_summary summary = import(db, path);
    /* counted with Python's csv module */
    assert_int_equal(summary.accepted, 332);
    assert_int_equal(summary.rejected, 0);
    assert_int_equal(summary.authorities, 318);
    assert_int_equal(summary.partnerships, 314);
    assert_int_equal(summary.forces, 43);
    tf_db_close(db);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        temporary_test(a_lookup_of_any_year_and_order_of_columns_is_read),
        temporary_test(a_new_lookup_takes_the_place_of_the_old),
        temporary_test(a_row_that_contradicts_an_earlier_one_is_a_reject),
        temporary_test(a_file_that_cannot_be_used_leaves_the_old_lookup),
        temporary_test(the_real_lookup_is_read_whole),
    };
    return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
