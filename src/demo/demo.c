#include "demo/demo.h"

#include "demo/demo_internal.h"

/* Months before the first file, so that its outcomes too are of crimes of months before. */
enum { EARLIER_MONTHS = 12 };

static tf_status write_month(tf_demo_crimes *crimes, tf_demo_searches *searches, tf_month month,
                             const char *directory, tf_buffer *buffer, tf_error *error) {
    char path[TF_DEMO_PATH_SIZE];
    tf_demo_crimes_month(crimes, month, buffer);
    tf_status status =
        tf_demo_file_write(directory, tf_demo_police_path(month, "street", path), buffer, error);
    if (!status) {
        /* No later crime adds to this month's outcomes. */
        tf_buffer *outcomes = &crimes->outcomes.months[month - TF_DEMO_FIRST_MONTH];
        status = tf_demo_file_write(directory, tf_demo_police_path(month, "outcomes", path),
                                    outcomes, error);
        tf_buffer_deinit(outcomes);
    }
    if (!status) {
        tf_demo_searches_month(searches, month, buffer);
        status = tf_demo_file_write(directory, tf_demo_police_path(month, "stop-and-search", path),
                                    buffer, error);
    }
    return status;
}

static tf_status write_police(const tf_demo_county *county, const char *directory,
                              tf_buffer *buffer, tf_error *error) {
    tf_demo_crimes *crimes = tf_alloc(1, sizeof *crimes);
    if (!crimes) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    tf_demo_searches searches;
    tf_demo_crimes_init(crimes, county);
    tf_demo_searches_init(&searches, county);
    for (int i = EARLIER_MONTHS; i > 0; i--) {
        tf_demo_crimes_month(crimes, TF_DEMO_FIRST_MONTH - i, NULL);
    }
    for (tf_month month = TF_DEMO_FIRST_MONTH; !status && month <= TF_DEMO_LAST_MONTH; month++) {
        status = write_month(crimes, &searches, month, directory, buffer, error);
    }
    tf_demo_crimes_deinit(crimes);
    tf_free(crimes);
    return status;
}

tf_status tf_demo_write(const char *directory, tf_error *error) {
    tf_buffer buffer;
    tf_buffer_init(&buffer);
    tf_demo_county *county = NULL;
    tf_status status = tf_demo_folder_claim(directory, error);
    if (status) {
        goto done;
    }
    county = tf_demo_county_new(error);
    if (!county) {
        status = TF_NO_MEMORY;
        goto done;
    }
    /* First of all, since it is what tells a later run that the folder, complete or not, is ours.
     */
    tf_buffer_append_text(&buffer, tf_demo_readme);
    status = tf_demo_file_write(directory, "README.txt", &buffer, error);
    if (!status) {
        status = tf_demo_folder_furnish(directory, error);
    }
    if (!status) {
        status = tf_demo_reference_write(county, directory, error);
    }
    if (!status) {
        status = write_police(county, directory, &buffer, error);
    }
done:
    tf_demo_county_free(county);
    tf_buffer_deinit(&buffer);
    return status;
}
