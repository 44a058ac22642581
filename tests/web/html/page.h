/* A page being written, for tests of components: begin and end are a test's setup and teardown. */
#ifndef TREFOIL_TESTS_WEB_HTML_PAGE_H
#define TREFOIL_TESTS_WEB_HTML_PAGE_H

#include "check.h"
#include "html_tree.h"

#include "web/html/html.h"

static tf_buffer buffer;
static tf_html html;

static inline int begin(void **state) {
    (void)state;
    tf_buffer_init(&buffer);
    tf_html_init(&html, &buffer);
    return 0;
}

static inline int end(void **state) {
    (void)state;
    tf_buffer_deinit(&buffer);
    return 0;
}

#define PAGE_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

/* What was written since the last of these is the tree of the markup. */
#define assert_written(markup)                                                                     \
    do {                                                                                           \
        assert_true(html_tree_is_same(tf_text_of(markup), (tf_text){buffer.data, buffer.length})); \
        assert_int_equal(html.depth, 0);                                                           \
        buffer.length = 0;                                                                         \
    } while (0)

/* For `write` of a content. */
static inline void write_emphasis(tf_html *to, const void *data) {
    tf_html_element(to, "em", NULL, data);
}

#endif
