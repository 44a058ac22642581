#include "intake/police_feed.h"

#include <stdio.h>

#define FIELDS_OF(array)                                                                           \
    { array, sizeof(array) / sizeof *(array) }

static const tf_csv_field street_fields[] = {
    {"Crime ID", "crime_id", TF_CSV_HEX, 32, false},
    {"Month", "month", TF_CSV_MONTH, 0, false},
    {"Reported by", "reported_by", TF_CSV_DICTIONARY, 0, false},
    {"Falls within", "falls_within", TF_CSV_DICTIONARY, 0, false},
    {"Longitude", "longitude", TF_CSV_FLOAT64, 0, false},
    {"Latitude", "latitude", TF_CSV_FLOAT64, 0, false},
    {"Location", "location", TF_CSV_DICTIONARY, 0, false},
    {"LSOA code", "lsoa_code", TF_CSV_DICTIONARY, 0, false},
    {"LSOA name", "lsoa_name", TF_CSV_DICTIONARY, 0, false},
    {"Crime type", "crime_type", TF_CSV_DICTIONARY, 0, false},
    {"Last outcome category", "outcome", TF_CSV_DICTIONARY, 0, false},
};

static const tf_csv_field outcome_fields[] = {
    {"Crime ID", "crime_id", TF_CSV_HEX, 32, false},
    {"Month", "month", TF_CSV_MONTH, 0, false},
    {"Reported by", "reported_by", TF_CSV_DICTIONARY, 0, false},
    {"Falls within", "falls_within", TF_CSV_DICTIONARY, 0, false},
    {"Longitude", "longitude", TF_CSV_FLOAT64, 0, false},
    {"Latitude", "latitude", TF_CSV_FLOAT64, 0, false},
    {"Location", "location", TF_CSV_DICTIONARY, 0, false},
    {"LSOA code", "lsoa_code", TF_CSV_DICTIONARY, 0, false},
    {"LSOA name", "lsoa_name", TF_CSV_DICTIONARY, 0, false},
    {"Outcome type", "outcome", TF_CSV_DICTIONARY, 0, false},
};

static const tf_csv_field search_fields[] = {
    {"Type", "search_type", TF_CSV_DICTIONARY, 0, false},
    {"Date", "time", TF_CSV_TIMESTAMP, 0, false},
    {"Part of a policing operation", "in_operation", TF_CSV_BOOL, 0, false},
    {"Policing operation", "operation", TF_CSV_DICTIONARY, 0, false},
    {"Latitude", "latitude", TF_CSV_FLOAT64, 0, false},
    {"Longitude", "longitude", TF_CSV_FLOAT64, 0, false},
    {"Gender", "gender", TF_CSV_DICTIONARY, 0, false},
    {"Age range", "age_range", TF_CSV_DICTIONARY, 0, false},
    {"Self-defined ethnicity", "self_defined_ethnicity", TF_CSV_DICTIONARY, 0, false},
    {"Officer-defined ethnicity", "officer_defined_ethnicity", TF_CSV_DICTIONARY, 0, false},
    {"Legislation", "legislation", TF_CSV_DICTIONARY, 0, false},
    {"Object of search", "object_of_search", TF_CSV_DICTIONARY, 0, false},
    {"Outcome", "outcome", TF_CSV_DICTIONARY, 0, false},
    {"Outcome linked to object of search", "outcome_is_linked", TF_CSV_BOOL, 0, false},
    {"Removal of more than just outer clothing", "clothing_removed", TF_CSV_BOOL, 0, false},
};

static const struct feed {
    const char *name;
    struct {
        const tf_csv_field *fields;
        size_t count;
    } columns;
} feeds[TF_FEED_COUNT] = {
    [TF_FEED_STREET] = {"street", FIELDS_OF(street_fields)},
    [TF_FEED_OUTCOMES] = {"outcomes", FIELDS_OF(outcome_fields)},
    [TF_FEED_SEARCHES] = {"stop-and-search", FIELDS_OF(search_fields)},
};

const char *tf_police_feed_name(tf_police_feed feed) {
    return feeds[feed].name;
}

const tf_csv_field *tf_police_feed_fields(tf_police_feed feed, size_t *count_out) {
    *count_out = feeds[feed].columns.count;
    return feeds[feed].columns.fields;
}

static bool has_name(char *const *names, size_t count, const char *wanted) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], wanted) == 0) {
            return true;
        }
    }
    return false;
}

/* How many of the feed's columns the header lacks; the last of them is named. */
static size_t count_lacking(const struct feed *feed, char *const *names, size_t count,
                            const char **last_out) {
    size_t lacking = 0;
    for (size_t i = 0; i < feed->columns.count; i++) {
        if (!has_name(names, count, feed->columns.fields[i].header)) {
            lacking++;
            *last_out = feed->columns.fields[i].header;
        }
    }
    return lacking;
}

tf_status tf_police_feed_recognise(char *const *names, size_t count, tf_police_feed *feed_out,
                                   tf_error *error) {
    size_t fewest = SIZE_MAX;
    const struct feed *nearest = &feeds[0];
    const char *nearest_lacks = "";
    for (int i = 0; i < TF_FEED_COUNT; i++) {
        const char *last = NULL;
        size_t lacking = count_lacking(&feeds[i], names, count, &last);
        if (lacking == 0) {
            *feed_out = (tf_police_feed)i;
            return TF_OK;
        }
        if (lacking < fewest) {
            fewest = lacking;
            nearest = &feeds[i];
            nearest_lacks = last;
        }
    }
    if (fewest <= nearest->columns.count / 2) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 1,
                       "the header is almost that of a %s file but lacks the column '%s'; give "
                       "the file as data.police.uk publishes it",
                       nearest->name, nearest_lacks);
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 1,
                   "the header is not that of a street, outcomes or stop-and-search file of "
                   "data.police.uk; give the files as they were published");
}

/* The publisher's slugs are lower-case letters and digits with hyphens between them.  Anything else
 * would be a force that nobody can name, or steer a terminal. */
static bool is_slug(const char *text, size_t length) {
    char slug[sizeof((tf_police_file_name *)0)->force];
    tf_text_slug((tf_text){text, length}, slug, sizeof slug);
    return tf_text_equal((tf_text){text, length}, tf_text_of(slug));
}

bool tf_police_file_name_parse(const char *path, tf_police_file_name *name_out) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    tf_month month;
    if (strlen(name) < 9 || !tf_month_parse((tf_text){name, 7}, &month) || name[7] != '-') {
        return false;
    }
    const char *force = name + 8;
    for (int i = 0; i < TF_FEED_COUNT; i++) {
        char ending[40];
        snprintf(ending, sizeof ending, "-%s.csv", feeds[i].name);
        const char *end = strstr(force, ending);
        size_t length = end ? (size_t)(end - force) : 0;
        if (length > 0 && length < sizeof name_out->force && is_slug(force, length)) {
            name_out->month = month;
            memcpy(name_out->force, force, length);
            name_out->force[length] = '\0';
            return true;
        }
    }
    return false;
}
