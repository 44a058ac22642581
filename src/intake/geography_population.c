#include "geography_internal.h"

#include <math.h>
#include <stdio.h>

enum { FIRST_YEAR = 1900, YEAR_COUNT = 300 };

/* The sums of the figures of some areas, year by year. */
typedef struct year_sums {
    tf_statement *statement;
    double people[YEAR_COUNT];
    size_t counts[YEAR_COUNT]; /* areas that have a figure for the year */
    size_t area_count;
} year_sums;

static tf_status add_area(year_sums *sums, const char *code, tf_error *error) {
    tf_statement *statement = sums->statement;
    tf_status status = TF_OK;
    sums->area_count++;
    tf_bind_text(statement, 1, tf_text_of(code));
    while (!status) {
        bool has_row = false;
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        int64_t year = tf_column_at_int(statement, 0) - FIRST_YEAR;
        if (year >= 0 && year < YEAR_COUNT) {
            sums->people[year] += tf_column_at_double(statement, 1);
            sums->counts[year]++;
        }
    }
    tf_statement_reset(statement);
    return status;
}

/* The latest year not after `wanted` that all areas have a figure for, else the earliest. */
static bool choose_year(const year_sums *sums, int wanted, tf_population *population) {
    int chosen = -1;
    for (int year = 0; year < YEAR_COUNT; year++) {
        bool is_usable = sums->area_count > 0 && sums->counts[year] == sums->area_count;
        if (is_usable && (chosen < 0 || year + FIRST_YEAR <= wanted)) {
            chosen = year;
        }
    }
    if (chosen >= 0) {
        *population = (tf_population){
            .is_known = true, .people = sums->people[chosen], .year = chosen + FIRST_YEAR};
    }
    return chosen >= 0;
}

static void forget(year_sums *sums) {
    *sums = (year_sums){.statement = sums->statement};
}

static size_t most_in_a_year(const year_sums *sums) {
    size_t most = 0;
    for (int year = 0; year < YEAR_COUNT; year++) {
        most = sums->counts[year] > most ? sums->counts[year] : most;
    }
    return most;
}

/* ---- the parts ---- */

static tf_status sum_authorities(const tf_geography *geography, const int32_t *authorities,
                                 size_t count, year_sums *sums, tf_error *error) {
    tf_status status = TF_OK;
    forget(sums);
    for (size_t i = 0; !status && i < count; i++) {
        status = add_area(
            sums, tf_geography_at(geography, TF_LAYER_AUTHORITY, authorities[i])->code, error);
    }
    return status;
}

/* *bare_out is an authority without small areas, or -1. */
static tf_status sum_small_areas(const tf_geography *geography, const tf_area_ref *area,
                                 const int32_t *authorities, size_t count, year_sums *sums,
                                 int32_t *bare_out, tf_error *error) {
    tf_area_set set;
    forget(sums);
    *bare_out = -1;
    tf_status status = tf_geography_small_areas(geography, area, &set, error);
    for (size_t i = 0; !status && i < set.count; i++) {
        status = add_area(
            sums, tf_geography_at(geography, TF_LAYER_SMALL_AREA, set.indices[i])->code, error);
    }
    for (size_t i = 0; !status && i < count; i++) {
        bool has_small_area = false;
        for (size_t k = 0; k < set.count && !has_small_area; k++) {
            has_small_area =
                tf_geography_at(geography, TF_LAYER_SMALL_AREA, set.indices[k])->authority ==
                authorities[i];
        }
        *bare_out = has_small_area ? *bare_out : authorities[i];
    }
    tf_area_set_deinit(&set);
    return status;
}

static void explain(const tf_geography *geography, const tf_area_ref *area, const year_sums *sums,
                    int32_t bare, tf_population *population) {
    size_t most = most_in_a_year(sums);
    char *note = population->note;
    size_t size = sizeof population->note;
    if (most == 0) {
        snprintf(note, size, "no population for %.80s: run trefoil import population", area->name);
    } else if (bare >= 0) {
        snprintf(note, size,
                 "no population for %.80s: neither it nor %.80s has a figure or small areas; run "
                 "trefoil import population",
                 area->name, tf_geography_at(geography, TF_LAYER_AUTHORITY, bare)->name);
    } else {
        snprintf(note, size,
                 "no population for %.80s: only %zu of its %zu small areas have a figure for the "
                 "same year; run trefoil import population",
                 area->name, most, sums->area_count);
    }
}

static tf_status sum_parts(const tf_geography *geography, const tf_area_ref *area, int year,
                           year_sums *sums, tf_population *population, tf_error *error) {
    int32_t *authorities = NULL;
    size_t count = 0;
    int32_t bare = -1;
    tf_status status = tf_geography_authorities(geography, area, &authorities, &count, error);
    if (!status && area->layer != TF_LAYER_AUTHORITY) {
        status = sum_authorities(geography, authorities, count, sums, error);
        if (!status && choose_year(sums, year, population)) {
            snprintf(population->note, sizeof population->note,
                     count == 1 ? "that of its only local authority"
                                : "the sum of its %zu local authorities",
                     count);
            goto done;
        }
    }
    if (!status) {
        status = sum_small_areas(geography, area, authorities, count, sums, &bare, error);
    }
    if (status) {
        goto done;
    }
    if (bare < 0 && choose_year(sums, year, population)) {
        snprintf(population->note, sizeof population->note,
                 sums->area_count == 1 ? "that of its only small area"
                                       : "the sum of its %zu small areas",
                 sums->area_count);
    } else {
        explain(geography, area, sums, bare, population);
    }
done:
    tf_free(authorities);
    return status;
}

tf_status tf_geography_population(const tf_geography *geography, tf_db *db, const tf_area_ref *area,
                                  int year, tf_population *population_out, tf_error *error) {
    *population_out = (tf_population){.people = NAN};
    year_sums sums = {0};
    tf_status status =
        tf_db_prepare(db, "SELECT year, people FROM population WHERE code = ?1 ORDER BY year",
                      &sums.statement, error);
    if (!status) {
        status = add_area(&sums, area->code, error);
    }
    if (status || choose_year(&sums, year, population_out)) {
        goto done;
    }
    if (area->layer == TF_LAYER_SMALL_AREA) {
        explain(geography, area, &sums, -1, population_out);
    } else if (tf_geography_is_shared(geography, area)) {
        snprintf(population_out->note, sizeof population_out->note,
                 "no population for %.80s: it shares a local authority with other partnerships",
                 area->name);
    } else {
        status = sum_parts(geography, area, year, &sums, population_out, error);
    }
done:
    tf_statement_free(sums.statement);
    return status;
}
