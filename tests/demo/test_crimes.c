/* The police files as published: their format, their oddities, and the facts planted in them. */
#include "county_files.h"

enum { STREET_FIELDS = 12, OUTCOME_FIELDS = 10, SEARCH_FIELDS = 15, MOST_ROWS = 200000 };

enum {
    ID,
    MONTH,
    REPORTED_BY,
    FALLS_WITHIN,
    LONGITUDE,
    LATITUDE,
    LOCATION,
    AREA,
    AREA_NAME,
    TYPE,
    LAST_OUTCOME,
    CONTEXT,
    OUTCOME = 9
};
enum { KIND, DATE, IS_OPERATION, OPERATION, SEARCH_LATITUDE, SEARCH_LONGITUDE, OBJECT = 11 };

typedef struct record {
    char *fields[SEARCH_FIELDS];
    tf_month month; /* of the file */
} record;

typedef struct file_set {
    char *bytes[TF_DEMO_MONTH_COUNT];
    record *rows;
    int count;
} file_set;

static file_set street;
static file_set outcomes;
static file_set searches;

static void read_files(file_set *set, const char *feed, int field_count) {
    set->rows = calloc(MOST_ROWS, sizeof *set->rows);
    assert_non_null(set->rows);
    for (tf_month month = TF_DEMO_FIRST_MONTH; month <= TF_DEMO_LAST_MONTH; month++) {
        char *at = set->bytes[month - TF_DEMO_FIRST_MONTH] = read_police(month, feed);
        char *header[SEARCH_FIELDS];
        assert_int_equal(next_record(&at, "\r\n", header, SEARCH_FIELDS), field_count);
        while (*at) {
            assert_true(set->count < MOST_ROWS);
            record *row = &set->rows[set->count++];
            row->month = month;
            assert_int_equal(next_record(&at, "\r\n", row->fields, SEARCH_FIELDS), field_count);
        }
    }
}

static void forget_files(file_set *set) {
    for (int i = 0; i < TF_DEMO_MONTH_COUNT; i++) {
        free(set->bytes[i]);
    }
    free(set->rows);
}

static int read_all(void **state) {
    write_county(state);
    read_files(&street, "street", STREET_FIELDS);
    read_files(&outcomes, "outcomes", OUTCOME_FIELDS);
    read_files(&searches, "stop-and-search", SEARCH_FIELDS);
    return 0;
}

static int forget_all(void **state) {
    forget_files(&street);
    forget_files(&outcomes);
    forget_files(&searches);
    return remove_county(state);
}

static void check_header(const char *feed, const char *header) {
    char *bytes = read_police(TF_DEMO_FIRST_MONTH, feed);
    assert_memory_equal(bytes, header, strlen(header));
    free(bytes);
}

/* The first lines of Bedfordshire Police's files of 2022-01 on data.police.uk. */
static void header_lines_are_the_publishers(void **state) {
    (void)state;
    check_header("street",
                 "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA "
                 "code,LSOA name,Crime type,Last outcome category,Context\r\n");
    check_header("outcomes", "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,"
                             "LSOA code,LSOA name,Outcome type\r\n");
    check_header("stop-and-search",
                 "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,"
                 "Gender,Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,"
                 "Object of search,Outcome,Outcome linked to object of search,Removal of more than "
                 "just outer clothing\r\n");
}

static void check_monthly(const file_set *set, int least, int most) {
    int counts[TF_DEMO_MONTH_COUNT] = {0};
    for (int i = 0; i < set->count; i++) {
        counts[set->rows[i].month - TF_DEMO_FIRST_MONTH]++;
    }
    for (int i = 0; i < TF_DEMO_MONTH_COUNT; i++) {
        assert_in_range(counts[i], least, most);
    }
}

static void a_month_has_as_many_rows_as_a_small_force(void **state) {
    (void)state;
    check_monthly(&street, 3900, 5200);
    check_monthly(&outcomes, 3200, 4200);
    check_monthly(&searches, 250, 400);
}

static void check_common_fields(const record *row) {
    char month[TF_MONTH_TEXT_SIZE];
    assert_string_equal(row->fields[MONTH], tf_month_format(row->month, month));
    assert_string_equal(row->fields[REPORTED_BY], "Larkenshire Police");
    assert_string_equal(row->fields[FALLS_WITHIN], "Larkenshire Police");
}

static void only_anti_social_behaviour_has_no_crime_id_and_no_outcome(void **state) {
    (void)state;
    for (int i = 0; i < street.count; i++) {
        char **fields = street.rows[i].fields;
        check_common_fields(&street.rows[i]);
        assert_string_equal(fields[CONTEXT], "");
        if (strcmp(fields[TYPE], "Anti-social behaviour") == 0) {
            assert_string_equal(fields[ID], "");
            assert_string_equal(fields[LAST_OUTCOME], "");
        } else {
            assert_int_equal(strspn(fields[ID], "0123456789abcdef"), 64);
            assert_int_equal(strlen(fields[ID]), 64);
            assert_string_not_equal(fields[LAST_OUTCOME], "");
        }
    }
}

static bool has_no_place(const record *row, const char *words) {
    bool is_nowhere = strcmp(row->fields[LOCATION], words) == 0;
    assert_int_equal(row->fields[LONGITUDE][0] == '\0', is_nowhere);
    assert_int_equal(row->fields[LATITUDE][0] == '\0', is_nowhere);
    assert_int_equal(row->fields[AREA][0] == '\0', is_nowhere);
    assert_int_equal(row->fields[AREA_NAME][0] == '\0', is_nowhere);
    assert_true(is_nowhere || strncmp(row->fields[LOCATION], "On or near ", 11) == 0);
    return is_nowhere;
}

static void some_rows_have_no_place(void **state) {
    (void)state;
    int nowhere = 0;
    for (int i = 0; i < street.count; i++) {
        nowhere += has_no_place(&street.rows[i], "No Location");
    }
    assert_in_range(nowhere, street.count / 50, street.count / 20);
    nowhere = 0;
    for (int i = 0; i < outcomes.count; i++) {
        nowhere += has_no_place(&outcomes.rows[i], "No location");
    }
    assert_in_range(nowhere, outcomes.count / 50, outcomes.count / 20);
}

static void a_location_may_hold_a_comma_and_is_quoted(void **state) {
    (void)state;
    int quoted = 0;
    for (int i = 0; i < street.count; i++) {
        quoted += strcmp(street.rows[i].fields[LOCATION], "On or near Quayside, The") == 0;
    }
    assert_true(quoted > 0);
}

static int compare_ids(const void *a, const void *b) {
    const record *left = *(record *const *)a;
    const record *right = *(record *const *)b;
    int order = strcmp(left->fields[ID], right->fields[ID]);
    return order ? order : (left > right) - (left < right);
}

static record **sorted_by_id(file_set *set) {
    record **sorted = calloc((size_t)set->count, sizeof(record *));
    assert_non_null(sorted);
    for (int i = 0; i < set->count; i++) {
        sorted[i] = &set->rows[i];
    }
    qsort(sorted, (size_t)set->count, sizeof *sorted, compare_ids);
    return sorted;
}

static void a_crime_id_comes_again_only_in_an_exact_duplicate(void **state) {
    (void)state;
    int duplicates = 0;
    record **sorted = sorted_by_id(&street);
    for (int i = 1; i < street.count; i++) {
        if (*sorted[i]->fields[ID] &&
            strcmp(sorted[i]->fields[ID], sorted[i - 1]->fields[ID]) == 0) {
            for (int field = 0; field < STREET_FIELDS; field++) {
                assert_string_equal(sorted[i]->fields[field], sorted[i - 1]->fields[field]);
            }
            duplicates++;
        }
    }
    free(sorted);
    assert_in_range(duplicates, 50, 300);
}

static int compare_places(const void *a, const void *b) {
    const record *left = *(record *const *)a;
    const record *right = *(record *const *)b;
    int order = strcmp(left->fields[LONGITUDE], right->fields[LONGITUDE]);
    return order ? order : strcmp(left->fields[LATITUDE], right->fields[LATITUDE]);
}

static void crimes_are_shown_at_a_fixed_set_of_street_points(void **state) {
    (void)state;
    int points = 1;
    record **sorted = sorted_by_id(&street);
    qsort(sorted, (size_t)street.count, sizeof *sorted, compare_places);
    for (int i = 1; i < street.count; i++) {
        if (compare_places(&sorted[i - 1], &sorted[i]) == 0) {
            assert_string_equal(sorted[i]->fields[LOCATION], sorted[i - 1]->fields[LOCATION]);
        } else {
            points++;
        }
    }
    free(sorted);
    assert_in_range(points, 3000, 5000);
}

/* The street file's words for what the outcomes file says last. */
static void check_wording(const char *last_outcome, const char *outcome) {
    if (!outcome) {
        assert_true(strcmp(last_outcome, "Under investigation") == 0 ||
                    strcmp(last_outcome, "Status update unavailable") == 0);
    } else if (strcmp(outcome, "Suspect charged") == 0) {
        assert_true(strcmp(last_outcome, "Awaiting court outcome") == 0 ||
                    strcmp(last_outcome, "Court result unavailable") == 0);
    } else {
        assert_string_equal(last_outcome, outcome);
    }
}

static void street_and_outcomes_files_tell_the_same_story(void **state) {
    (void)state;
    record **crimes = sorted_by_id(&street);
    record **results = sorted_by_id(&outcomes);
    int crimes_with_outcome = 0;
    int later = 0;    /* outcomes of crimes of earlier months */
    int unknown = 0;  /* outcomes of crimes in no street file */
    int repeated = 0; /* outcomes of a crime that had one */
    int crime = 0;
    while (crime < street.count && !*crimes[crime]->fields[ID]) {
        crime++;
    }
    for (int i = 0; i < outcomes.count; i++) {
        const char *id = results[i]->fields[ID];
        repeated += i > 0 && strcmp(id, results[i - 1]->fields[ID]) == 0;
        bool is_last = i + 1 == outcomes.count || strcmp(id, results[i + 1]->fields[ID]) != 0;
        for (; crime < street.count && strcmp(crimes[crime]->fields[ID], id) < 0; crime++) {
            check_wording(crimes[crime]->fields[LAST_OUTCOME], NULL);
        }
        if (crime == street.count || strcmp(crimes[crime]->fields[ID], id) != 0) {
            unknown += is_last;
            continue;
        }
        assert_true(results[i]->month >= crimes[crime]->month);
        later += results[i]->month > crimes[crime]->month;
        assert_string_equal(results[i]->fields[AREA], crimes[crime]->fields[AREA]);
        for (; is_last && crime < street.count && strcmp(crimes[crime]->fields[ID], id) == 0;
             crime++) {
            check_wording(crimes[crime]->fields[LAST_OUTCOME], results[i]->fields[OUTCOME]);
            crimes_with_outcome++;
        }
    }
    free(crimes);
    free(results);
    assert_true(crimes_with_outcome > street.count * 7 / 10);
    assert_in_range(later, outcomes.count / 4, outcomes.count / 2);
    assert_in_range(unknown, 1000, 6000);
    assert_in_range(repeated, 1000, 6000);
}

static void searches_are_in_utc_and_may_start_on_the_evening_before(void **state) {
    (void)state;
    int64_t previous = 0;
    int evening_before = 0;
    for (int i = 0; i < searches.count; i++) {
        const char *date = searches.rows[i].fields[DATE];
        int64_t time;
        assert_int_equal(strlen(date), strlen("2023-02-01T10:20:00+00:00"));
        assert_true(tf_instant_parse(tf_text_of(date), &time));
        assert_true(time >= previous);
        previous = time;
        tf_month month = tf_month_of_days((int32_t)(time / 86400000000));
        if (month != searches.rows[i].month) {
            assert_int_equal(month, searches.rows[i].month - 1);
            assert_memory_equal(date + 10, "T23:", 4);
            evening_before++;
        }
    }
    assert_in_range(evening_before, 1, 40);
}

static void most_searches_are_for_drugs_and_some_have_no_place(void **state) {
    (void)state;
    int drugs = 0;
    int nowhere = 0;
    for (int i = 0; i < searches.count; i++) {
        char **fields = searches.rows[i].fields;
        drugs += strcmp(fields[OBJECT], "Controlled drugs") == 0;
        nowhere += *fields[SEARCH_LATITUDE] == '\0';
        assert_int_equal(*fields[SEARCH_LATITUDE] == '\0', *fields[SEARCH_LONGITUDE] == '\0');
    }
    assert_in_range(drugs * 100 / searches.count, 67, 76);
    assert_in_range(nowhere * 100 / searches.count, 15, 23);
}

/* Crimes of a type in areas from one month to another, both included. */
static int count_crimes(const char *type, const tf_demo_area *areas, size_t area_count,
                        tf_month first, tf_month last) {
    int count = 0;
    for (int i = 0; i < street.count; i++) {
        const record *row = &street.rows[i];
        if (row->month < first || row->month > last || strcmp(row->fields[TYPE], type) != 0) {
            continue;
        }
        bool is_there = area_count == 0;
        for (size_t j = 0; j < area_count; j++) {
            is_there = is_there || strcmp(row->fields[AREA], areas[j].code) == 0;
        }
        count += is_there;
    }
    return count;
}
#define IN(areas) (areas), sizeof(areas) / sizeof(areas)[0]
#define ANYWHERE  NULL, 0

static void the_growing_market_can_be_counted(void **state) {
    (void)state;
    int year_before = count_crimes("Drugs", IN(tf_demo_growing_areas), TF_DEMO_GROWING_START - 12,
                                   TF_DEMO_GROWING_START - 1);
    int last[4]; /* quarters of the last year */
    for (int i = 0; i < 4; i++) {
        last[i] = count_crimes("Drugs", IN(tf_demo_growing_areas), TF_DEMO_GROWING_START + 3 * i,
                               TF_DEMO_GROWING_START + 3 * i + 2);
        assert_true(i == 0 || last[i] > last[i - 1]);
    }
    assert_true(last[3] > year_before); /* a quarter above a whole year */
}

static void the_closed_line_can_be_counted(void **state) {
    (void)state;
    tf_month before = TF_DEMO_CLOSED_MONTH - 12;
    tf_month after = TF_DEMO_CLOSED_MONTH + 11;
    tf_month end = TF_DEMO_CLOSED_MONTH - 1;
    tf_month start = TF_DEMO_CLOSED_MONTH;
    assert_true(count_crimes("Drugs", IN(tf_demo_closed_areas), before, end) >
                6 * count_crimes("Drugs", IN(tf_demo_closed_areas), start, after));
    assert_true(count_crimes("Possession of weapons", IN(tf_demo_closed_areas), before, end) >
                2 * count_crimes("Possession of weapons", IN(tf_demo_closed_areas), start, after));
    int violence_before =
        count_crimes("Violence and sexual offences", IN(tf_demo_closed_areas), before, end);
    int violence_after =
        count_crimes("Violence and sexual offences", IN(tf_demo_closed_areas), start, after);
    assert_true(violence_before * 10 > violence_after * 12);
    assert_true(violence_before < violence_after * 2);
    for (tf_month month = TF_DEMO_CLOSED_MONTH; month <= TF_DEMO_LAST_MONTH; month++) {
        assert_in_range(count_crimes("Drugs", IN(tf_demo_closed_areas), month, month), 0, 8);
    }
}

static void the_hot_spot_moves_next_door(void **state) {
    (void)state;
    tf_month before = TF_DEMO_DISPLACED_MONTH - 12;
    tf_month after = TF_DEMO_DISPLACED_MONTH + 11;
    tf_month end = TF_DEMO_DISPLACED_MONTH - 1;
    tf_month start = TF_DEMO_DISPLACED_MONTH;
    int from_before = count_crimes("Robbery", IN(tf_demo_displaced_from), before, end);
    int from_after = count_crimes("Robbery", IN(tf_demo_displaced_from), start, after);
    int to_before = count_crimes("Robbery", IN(tf_demo_displaced_to), before, end);
    int to_after = count_crimes("Robbery", IN(tf_demo_displaced_to), start, after);
    assert_true(from_before > 5 * from_after);
    assert_true(to_after > 5 * to_before);
    int sum_before = from_before + to_before;
    int sum_after = from_after + to_after;
    assert_in_range(sum_after * 100 / sum_before, 70, 130);
}

static void shoplifting_rises_in_november_and_december(void **state) {
    (void)state;
    for (tf_month month = TF_DEMO_FIRST_MONTH; month <= TF_DEMO_LAST_MONTH; month++) {
        int number = tf_month_number(month);
        int count = count_crimes("Shoplifting", ANYWHERE, month, month);
        if (number >= TF_DEMO_WAVE_FIRST_MONTH_OF_YEAR &&
            number <= TF_DEMO_WAVE_LAST_MONTH_OF_YEAR) {
            assert_in_range(count, 390, 520);
        } else {
            assert_in_range(count, 210, 330);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_lines_are_the_publishers),
        cmocka_unit_test(a_month_has_as_many_rows_as_a_small_force),
        cmocka_unit_test(only_anti_social_behaviour_has_no_crime_id_and_no_outcome),
        cmocka_unit_test(some_rows_have_no_place),
        cmocka_unit_test(a_location_may_hold_a_comma_and_is_quoted),
        cmocka_unit_test(a_crime_id_comes_again_only_in_an_exact_duplicate),
        cmocka_unit_test(crimes_are_shown_at_a_fixed_set_of_street_points),
        cmocka_unit_test(street_and_outcomes_files_tell_the_same_story),
        cmocka_unit_test(searches_are_in_utc_and_may_start_on_the_evening_before),
        cmocka_unit_test(most_searches_are_for_drugs_and_some_have_no_place),
        cmocka_unit_test(the_growing_market_can_be_counted),
        cmocka_unit_test(the_closed_line_can_be_counted),
        cmocka_unit_test(the_hot_spot_moves_next_door),
        cmocka_unit_test(shoplifting_rises_in_november_and_december),
    };
    return cmocka_run_group_tests_name("crimes", tests, read_all, forget_all);
}
