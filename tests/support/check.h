/* What every test file needs: cmocka, near-equality of doubles, and the optional real data. */
#ifndef TREFOIL_TESTS_CHECK_H
#define TREFOIL_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <math.h>

#include "trefoil/base/status.h"

/* |actual - expected| <= tolerance, and neither is NaN. */
#define assert_near(actual, expected, tolerance)                                                   \
    check_near((actual), (expected), (tolerance), #actual, __FILE__, __LINE__)

static inline void check_near(double actual, double expected, double tolerance, const char *what,
                              const char *file, int line) {
    if (!(fabs(actual - expected) <= tolerance)) {
        fprintf(stderr, "%s is %.17g, not %.17g (tolerance %g)\n", what, actual, expected,
                tolerance);
        _fail(file, line);
    }
}

/* The call returns TF_OK; otherwise its error is printed. */
#define assert_ok(call, error)                                                                     \
    do {                                                                                           \
        if ((call) != TF_OK) {                                                                     \
            char text_[1400];                                                                      \
            fprintf(stderr, "%s\n", tf_error_format((error), text_, sizeof text_));                \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

/* End this test here; tools/count_tests.py counts it as skipped, for the reason.  cmocka's skip()
 * says `not ok`, which Meson takes for a failure. */
#define SKIP_TEST(...)                                                                             \
    do {                                                                                           \
        print_message("# skipped: ");                                                              \
        print_message(__VA_ARGS__);                                                                \
        print_message("\n");                                                                       \
        return;                                                                                    \
    } while (0)

/* The path of a file of the real data in `buffer`, or the test is skipped with a line that says
 * what is missing. */
#define REAL_DATA(relative_path, buffer)                                                           \
    do {                                                                                           \
        const char *folder_ = getenv("TREFOIL_SHARED_DATA");                                       \
        snprintf((buffer), sizeof(buffer), "%s/%s", folder_ ? folder_ : "../shared/data",          \
                 (relative_path));                                                                 \
        if (access((buffer), R_OK) != 0) {                                                         \
            SKIP_TEST("no real data at %s", (relative_path));                                      \
        }                                                                                          \
    } while (0)

#endif
