#include "drawn.h"

#include "fail_allocations.h"

/* One chart of each kind, with the same name and number in all its places. */
typedef struct sample {
    tf_line_point points[3];
    tf_bar bars[3];
    tf_dot dots[3];
    tf_funnel_point funnel_points[3];
    tf_funnel_limit limits[3];
    double values[3];
    tf_panel panels[3];
    tf_sankey_node nodes[3];
    tf_sankey_flow flows[3];
    double ring[6];
    tf_chart_ring rings[1];
    tf_chart_shape shapes[3];
    tf_waterfall_step steps[3];
    const char *cells[1];
    tf_chart_column columns[3];
    tf_chart charts[9];
} sample;

enum { KINDS = 9 };

static void fill_rows(sample *all, int i, const char *name, double value) {
    tf_chart_mark mark = i == 0 ? TF_MARK_NONE : i == 1 ? TF_MARK_HIGH : TF_MARK_LOW;
    all->points[i] = (tf_line_point){value, value, value, mark, name};
    all->bars[i] = (tf_bar){name, name, value, value, value, mark, NULL, name};
    all->dots[i] = (tf_dot){name, name, {value, value, value}, true, mark, name, name};
    all->funnel_points[i] = (tf_funnel_point){name, name, value, value, mark, true, name};
    all->limits[i] = (tf_funnel_limit){value, value, value, value, value};
    all->values[i] = value;
    all->panels[i] = (tf_panel){name, name, all->values, name};
    all->nodes[i] = (tf_sankey_node){name, i};
    all->flows[i] = (tf_sankey_flow){0, 1, value};
    all->ring[2 * i] = value;
    all->ring[2 * i + 1] = value * (i + 1);
    all->shapes[i] = (tf_chart_shape){name, name, name, all->rings, 1, i, name, name};
    all->cells[0] = name;
    all->steps[i] = (tf_waterfall_step){name, name, value, value, i == 2, name, all->cells};
    all->columns[i] = (tf_chart_column){value * i, value * (i + 1), value, i == 1 ? name : NULL};
}

static void fill_sample(sample *all, const char *name, double value) {
    for (int i = 0; i < 3; i++) {
        fill_rows(all, i, name, value);
    }
    all->rings[0] = (tf_chart_ring){all->ring, 3};
    static const tf_chart_download downloads[] = {{"CSV", "/trend.csv?a=1&b=2"},
                                                  {"JSON", "/trend.json"}};
    tf_chart_unit unit = {name, name, name, 1};
    for (int i = 0; i < KINDS; i++) {
        all->charts[i] = (tf_chart){.kind = (tf_chart_kind)i,
                                    .id = "chart",
                                    .title = name,
                                    .note = name,
                                    .source = name,
                                    .downloads = downloads,
                                    .download_count = 2};
    }
    tf_month first = tf_month_of(2023, 11);
    all->charts[0].of.line =
        (tf_line_chart){first, all->points, 3, value, value, value, unit, name};
    all->charts[1].of.bars = (tf_bar_chart){all->bars, 3, unit, name, name, name, name};
    all->charts[2].of.dots =
        (tf_dot_chart){all->dots, 3, unit, name, name, name, name, name, name, name};
    all->charts[3].of.funnel =
        (tf_funnel_chart){all->funnel_points, 3, all->limits, 3, value, unit, unit, name};
    all->charts[4].of.multiples = (tf_multiples){all->panels, 3, first, 3, true, unit, name};
    all->charts[5].of.sankey =
        (tf_sankey){all->nodes, 3, all->flows, 3, {name, name}, 2, unit, name, 0.01};
    all->charts[6].of.map = (tf_map_chart){.width = fabs(value),
                                           .height = fabs(value),
                                           .shapes = all->shapes,
                                           .count = 3,
                                           .outline = all->rings,
                                           .outline_count = 1,
                                           .classes = {name, name, name, name, name},
                                           .none = name,
                                           .unit = unit,
                                           .heading = name,
                                           .live = {name, name, name}};
    all->charts[7].of.waterfall = (tf_waterfall){.steps = all->steps,
                                                 .count = 3,
                                                 .lowest = value,
                                                 .highest = value,
                                                 .unit = unit,
                                                 .opposite = name,
                                                 .heading = name,
                                                 .group_heading = name,
                                                 .remark_heading = name,
                                                 .columns = all->cells,
                                                 .column_count = 1,
                                                 .higher = name,
                                                 .lower = name,
                                                 .total = name,
                                                 .mark = value,
                                                 .mark_name = name};
    all->charts[8].of.columns = (tf_column_chart){all->columns, 3, unit, unit, value, name};
}

static sample all;

static void every_kind_is_well_formed_whatever_its_numbers_are(void **state) {
    (void)state;
    static const double numbers[] = {0,    1,       -1,  0.001,    1e-320,    173,
                                     1e15, 1.7e308, NAN, INFINITY, -INFINITY, 0.5};
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        fill_sample(&all, "A name", numbers[n]);
        for (int i = 0; i < KINDS; i++) {
            drawn page = drawn_page(&all.charts[i]);
            drawn_free(&page);
            drawn file = drawn_file(&all.charts[i], TF_CHART_FILE);
            assert_string_equal(file.elements[0].name, "svg");
            drawn_free(&file);
        }
    }
}

static void mixed_numbers_are_drawn_too(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    fill_rows(&all, 1, "Huge", 1.7e308);
    fill_rows(&all, 2, "Not a number", NAN);
    for (int i = 0; i < KINDS; i++) {
        drawn page = drawn_page(&all.charts[i]);
        assert_non_null(drawn_named(&page, "svg", 0));
        drawn_free(&page);
    }
}

/* Names of files, areas and types come from outside. */
static void no_name_becomes_markup(void **state) {
    (void)state;
    static char long_name[6000];
    memset(long_name, 'W', sizeof long_name - 1);
    const char *const names[] = {"</title></svg><script>alert(1)</script>",
                                 "\"><img src=x onerror=alert(1)>",
                                 "' onmouseover='alert(1)",
                                 "javascript:alert(1)",
                                 "]]><!--&amp;&lt;%s%n",
                                 "caf\xE9 \xF0\x9F",
                                 "\x01\x02\x1F\x7F",
                                 "\xEF\xBF\xBE\xEF\xBF\xBF",
                                 "",
                                 long_name};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        fill_sample(&all, names[n], 173);
        for (int i = 0; i < KINDS; i++) {
            drawn page = drawn_page(&all.charts[i]);
            drawn file = drawn_file(&all.charts[i], TF_CHART_FILE);
            assert_null(drawn_named(&page, "script", 0));
            assert_null(drawn_named(&page, "img", 0));
            assert_null(drawn_named(&file, "script", 0));
            for (int e = 0; e < page.count; e++) {
                const char *href = drawn_attribute(&page.elements[e], "href");
                assert_true(!href || strncmp(href, "javascript", 10) != 0);
                assert_null(drawn_attribute(&page.elements[e], "onmouseover"));
                assert_null(drawn_attribute(&page.elements[e], "style"));
            }
            drawn_free(&page);
            drawn_free(&file);
        }
    }
}

static void nothing_at_all_is_said_and_not_drawn(void **state) {
    (void)state;
    for (int i = 0; i < KINDS; i++) {
        tf_chart chart = {.kind = (tf_chart_kind)i};
        assert_true(tf_chart_is_empty(&chart));
        drawn page = drawn_page(&chart);
        assert_null(drawn_named(&page, "svg", 0));
        assert_non_null(drawn_at(&page, NULL, "app-figure__empty", 0));
        drawn_free(&page);
        drawn file = drawn_file(&chart, TF_CHART_FILE);
        assert_true(drawn_has_label(&file, NULL, "There is no data to draw."));
        drawn_free(&file);
    }
}

static void texts_that_are_missing_are_left_out(void **state) {
    (void)state;
    fill_sample(&all, NULL, 173);
    for (int i = 0; i < KINDS; i++) {
        all.charts[i].id = NULL;
        all.charts[i].download_count = 0;
        drawn page = drawn_page(&all.charts[i]);
        assert_non_null(drawn_named(&page, "svg", 0));
        assert_int_equal(drawn_count(&page, NULL, "app-figure__downloads"), 0);
        assert_int_equal(drawn_count(&page, NULL, "app-figure__note"), 0);
        drawn_free(&page);
        drawn file = drawn_file(&all.charts[i], TF_CHART_FILE);
        drawn_free(&file);
    }
}

static void a_drawing_is_named_and_described_by_its_own_elements(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    for (int i = 0; i < KINDS; i++) {
        drawn page = drawn_page(&all.charts[i]);
        const char *ids[200];
        int count = 0;
        for (int e = 0; e < page.count; e++) {
            const char *id = drawn_attribute(&page.elements[e], "id");
            for (int other = 0; id && other < count; other++) {
                assert_string_not_equal(ids[other], id);
            }
            if (id) {
                assert_true(count < 200);
                ids[count++] = id;
            }
        }
        for (int n = 0; drawn_named(&page, "svg", n); n++) {
            const drawn_element *svg = drawn_named(&page, "svg", n);
            static const char *const attributes[] = {"aria-labelledby", "aria-describedby"};
            for (int a = 0; a < 2; a++) {
                const char *wanted = drawn_attribute(svg, attributes[a]);
                bool is_there = false;
                assert_non_null(wanted);
                for (int other = 0; other < count; other++) {
                    is_there |= strcmp(ids[other], wanted) == 0;
                }
                assert_true(is_there);
            }
        }
        drawn_free(&page);
    }
}

static void the_figure_has_caption_table_and_downloads(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    for (int i = 0; i < KINDS; i++) {
        drawn page = drawn_page(&all.charts[i]);
        assert_string_equal(drawn_named(&page, "figcaption", 0)->text, "A name");
        assert_non_null(drawn_named(&page, "caption", 0));
        assert_non_null(drawn_named(&page, "tbody", 0));
        assert_int_equal(drawn_count(&page, NULL, "govuk-details"), 1);
        const drawn_element *downloads = drawn_at(&page, NULL, "app-figure__downloads", 0);
        assert_string_equal(downloads->text, "Download this figure: CSV of A name JSON of A name");
        drawn_free(&page);
    }
}

/* Colours of a page come from the stylesheet, of a file from the file. */
static void only_a_file_has_colours_in_it(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    for (int i = 0; i < KINDS; i++) {
        drawn page = drawn_page(&all.charts[i]);
        drawn file = drawn_file(&all.charts[i], TF_CHART_PAPER);
        for (int e = 0; e < page.count; e++) {
            assert_null(drawn_attribute(&page.elements[e], "fill"));
            assert_null(drawn_attribute(&page.elements[e], "stroke"));
        }
        assert_string_equal(drawn_attribute(&file.elements[0], "xmlns"),
                            "http://www.w3.org/2000/svg");
        for (int e = 0; e < file.count; e++) {
            const drawn_element *element = &file.elements[e];
            assert_null(drawn_attribute(element, "class"));
            assert_null(drawn_attribute(element, "data-value"));
            bool is_shape =
                strcmp(element->name, "path") == 0 || strcmp(element->name, "rect") == 0 ||
                strcmp(element->name, "text") == 0 || strcmp(element->name, "circle") == 0;
            assert_true(!is_shape || drawn_attribute(element, "fill"));
        }
        drawn_free(&page);
        drawn_free(&file);
    }
}

static void a_file_has_title_note_and_source_and_paper_has_not(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    all.charts[0].title = "The title of the drawing";
    all.charts[0].source = "Source: police recorded crime.";
    drawn file = drawn_file(&all.charts[0], TF_CHART_FILE);
    assert_true(drawn_has_label(&file, NULL, "The title of the drawing"));
    assert_true(drawn_has_label(&file, NULL, "Source: police recorded crime."));
    drawn_free(&file);
    drawn paper = drawn_file(&all.charts[0], TF_CHART_PAPER);
    assert_false(drawn_has_label(&paper, NULL, "The title of the drawing"));
    assert_string_equal(drawn_named(&paper, "title", 0)->text, "The title of the drawing");
    drawn_free(&paper);
}

/* At 320 pixels a page leaves 290 for a drawing, which is scaled to that. */
static void text_is_12_pixels_at_least_on_the_smallest_screen(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    for (int i = 0; i < KINDS; i++) {
        drawn page = drawn_page(&all.charts[i]);
        for (int n = 0; drawn_named(&page, "svg", n); n++) {
            const drawn_element *svg = drawn_named(&page, "svg", n);
            if (strstr(drawn_attribute(svg, "class"), "narrow")) {
                double scale = 290 / drawn_number(svg, "width");
                assert_true(drawn_number(svg, "font-size") * scale >= 12);
            }
        }
        for (int e = 0; e < page.count; e++) {
            bool is_text = strcmp(page.elements[e].name, "text") == 0;
            assert_true(!is_text || !drawn_attribute(&page.elements[e], "font-size"));
        }
        drawn_free(&page);
    }
}

static void a_sparkline_says_nothing_to_screen_readers(void **state) {
    (void)state;
    static const double values[] = {1, 5, NAN, 2, 10};
    tf_buffer buffer;
    tf_html html;
    tf_buffer_init(&buffer);
    tf_html_init(&html, &buffer);
    tf_sparkline_write(&html, values, 5);
    drawn spark = drawn_text_of(buffer.data, buffer.length);
    assert_string_equal(drawn_attribute(&spark.elements[0], "aria-hidden"), "true");
    double numbers[8];
    const drawn_element *line = drawn_at(&spark, NULL, "app-chart__line", 0);
    assert_int_equal(drawn_path(line, numbers, 8), 8);
    assert_near(numbers[6], 96, 0); /* 10, the highest, is the last */
    assert_near(numbers[7], 4, 0);
    assert_near(20 - numbers[3], (20 - numbers[7]) / 2, 0.06);
    drawn_free(&spark);
    static const double odd[] = {NAN, INFINITY, -1, 1e300};
    for (size_t count = 0; count <= 4; count++) {
        buffer.length = 0;
        tf_sparkline_write(&html, odd, count);
        spark = drawn_text_of(buffer.data, buffer.length);
        drawn_free(&spark);
    }
    tf_buffer_deinit(&buffer);
}

static void a_failed_allocation_is_told(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    for (int i = 0; i < KINDS; i++) {
        long n = 0;
        for (;; n++) {
            tf_buffer buffer;
            tf_error error;
            tf_buffer_init(&buffer);
            fail_allocation(n);
            tf_status status = tf_chart_write_svg(&all.charts[i], TF_CHART_FILE, &buffer, &error);
            bool was_reached = stop_failing_allocations();
            tf_buffer_deinit(&buffer);
            if (!was_reached) {
                assert_ok(status, &error);
                break;
            }
            assert_int_equal(status, TF_NO_MEMORY);
        }
        assert_true(n > 3);
    }
}

static void a_failed_allocation_is_left_in_the_page(void **state) {
    (void)state;
    fill_sample(&all, "A name", 173);
    for (int i = 0; i < KINDS; i++) {
        for (long n = 0;; n++) {
            tf_buffer buffer;
            tf_html html;
            tf_buffer_init(&buffer);
            tf_html_init(&html, &buffer);
            fail_allocation(n);
            tf_chart_write(&html, &all.charts[i]);
            bool was_reached = stop_failing_allocations();
            bool failed = buffer.failed;
            tf_buffer_deinit(&buffer);
            assert_int_equal(failed, was_reached);
            if (!was_reached) {
                break;
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_well_formed_whatever_its_numbers_are),
        cmocka_unit_test(mixed_numbers_are_drawn_too),
        cmocka_unit_test(no_name_becomes_markup),
        cmocka_unit_test(nothing_at_all_is_said_and_not_drawn),
        cmocka_unit_test(texts_that_are_missing_are_left_out),
        cmocka_unit_test(a_drawing_is_named_and_described_by_its_own_elements),
        cmocka_unit_test(the_figure_has_caption_table_and_downloads),
        cmocka_unit_test(only_a_file_has_colours_in_it),
        cmocka_unit_test(a_file_has_title_note_and_source_and_paper_has_not),
        cmocka_unit_test(text_is_12_pixels_at_least_on_the_smallest_screen),
        cmocka_unit_test(a_sparkline_says_nothing_to_screen_readers),
        cmocka_unit_test(a_failed_allocation_is_told),
        cmocka_unit_test(a_failed_allocation_is_left_in_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
