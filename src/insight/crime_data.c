#include "crime_load_internal.h"

#include "trefoil/base/hash.h"

#include <stdio.h>

tf_status tf_crime_data_new(tf_db *db, const tf_pack *pack, tf_crime_data **data_out,
                            tf_error *error) {
    *data_out = tf_alloc_zeroed(1, sizeof **data_out);
    if (!*data_out) {
        return tf_fail_no_memory(error);
    }
    (*data_out)->db = db;
    (*data_out)->pack = pack;
    return TF_OK;
}

void tf_street_month_deinit(tf_street_month *month) {
    tf_free(month->area);
    tf_free(month->type);
    tf_free(month->outcome);
    tf_free(month->flags);
}

void tf_search_month_deinit(tf_search_month *month) {
    tf_free(month->longitude);
    tf_free(month->latitude);
    tf_free(month->object);
    tf_free(month->outcome);
    tf_free(month->linked);
}

static void forget_street(tf_crime_force *force) {
    for (size_t i = 0; i < force->street_count; i++) {
        tf_street_month_deinit(&force->street[i]);
    }
    force->street_count = 0;
}

static void force_free(tf_crime_force *force) {
    forget_street(force);
    for (size_t i = 0; i < force->search_count; i++) {
        tf_search_month_deinit(&force->searches[i]);
    }
    tf_free(force->street);
    tf_free(force->searches);
    tf_free(force);
}

/* And all that was made of it. */
static void forget_geography(tf_crime_data *data) {
    tf_geography_free(data->geography);
    data->geography = NULL;
    data->area_authority_count = 0;
    for (tf_layer layer = 0; layer < TF_LAYER_COUNT; layer++) {
        tf_free(data->people[layer]);
        data->people[layer] = NULL;
    }
}

void tf_crime_data_free(tf_crime_data *data) {
    if (!data) {
        return;
    }
    for (size_t i = 0; i < data->force_count; i++) {
        force_free(data->forces[i]);
    }
    tf_free(data->forces);
    forget_geography(data);
    tf_free(data->area_authorities);
    tf_free(data->catalogue);
    tf_free(data->area_names);
    tf_codes_deinit(&data->areas);
    tf_codes_deinit(&data->names);
    tf_codes_deinit(&data->types);
    tf_codes_deinit(&data->outcomes);
    tf_codes_deinit(&data->objects);
    tf_codes_deinit(&data->search_outcomes);
    tf_free(data);
}

/* Every import leaves a batch, so that the latest one tells whether there was any. */
tf_status tf_crime_data_version(tf_crime_data *data, int64_t *version_out, tf_error *error) {
    tf_statement *statement = NULL;
    bool has_row = false;
    *version_out = 0;
    tf_status status =
        tf_db_prepare(data->db, "SELECT ifnull(max(id), 0) FROM batch", &statement, error);
    if (!status) {
        status = tf_statement_step(statement, &has_row, error);
    }
    if (!status) {
        *version_out = tf_column_at_int(statement, 0);
    }
    tf_statement_free(statement);
    return status;
}

static tf_status refresh_geography(tf_crime_data *data, tf_error *error) {
    int64_t version;
    tf_status status = tf_crime_data_version(data, &version, error);
    if (!status && (!data->geography || version != data->geography_version)) {
        forget_geography(data);
        data->geography_version = version;
        status = tf_geography_open(data->db, data->pack, &data->geography, error);
    }
    return status;
}

const char *tf_crime_data_area_name(const tf_crime_data *data, size_t area) {
    uint32_t name = data->area_names[area];
    return name == TF_CODE_NONE ? "" : data->names.texts[name].data;
}

tf_status tf_crime_data_authorities(tf_crime_data *data, const int32_t **authorities_out,
                                    tf_error *error) {
    size_t count = data->areas.count;
    tf_status status = tf_reserve(&data->area_authorities, &data->area_authority_capacity,
                                  count ? count : 1, sizeof *data->area_authorities, error);
    if (status) {
        return status;
    }
    for (size_t i = data->area_authority_count; i < count; i++) {
        data->area_authorities[i] = tf_geography_authority_of(
            data->geography, data->areas.texts[i], tf_text_of(tf_crime_data_area_name(data, i)));
    }
    data->area_authority_count = count;
    *authorities_out = data->area_authorities;
    return TF_OK;
}

tf_status tf_crime_data_people(tf_crime_data *data, const tf_area_ref *area, int year,
                               tf_people *people_out, tf_error *error) {
    tf_people **people = &data->people[area->layer];
    if (!*people) {
        *people =
            tf_alloc_zeroed(tf_geography_count(data->geography, area->layer), sizeof **people);
        if (!*people) {
            return tf_fail_no_memory(error);
        }
    }
    tf_people *kept = &(*people)[area->index];
    if (kept->asked != year) {
        tf_population population;
        tf_status status =
            tf_geography_population(data->geography, data->db, area, year, &population, error);
        if (status) {
            return status;
        }
        *kept = (tf_people){year, population.year, population.people};
    }
    *people_out = *kept;
    return TF_OK;
}

tf_status tf_crime_data_refresh(tf_crime_data *data, tf_error *error) {
    tf_free(data->catalogue);
    data->catalogue = NULL;
    data->catalogue_count = 0;
    tf_status status = tf_partition_list(data->db, NULL, NULL, 0, INT32_MAX, &data->catalogue,
                                         &data->catalogue_count, error);
    return status ? status : refresh_geography(data, error);
}

tf_status tf_crime_data_geography(tf_crime_data *data, const tf_geography **geography_out,
                                  tf_error *error) {
    tf_status status = refresh_geography(data, error);
    *geography_out = status ? NULL : data->geography;
    return status;
}

static bool is_of(const tf_partition_info *info, const char *feed, const char *force) {
    return strcmp(info->feed, feed) == 0 && strcmp(info->force, force) == 0;
}

const tf_partition_info *tf_crime_data_stored(const tf_crime_data *data, const char *feed,
                                              const char *force, size_t *count_out) {
    size_t first = 0;
    while (first < data->catalogue_count && !is_of(&data->catalogue[first], feed, force)) {
        first++;
    }
    size_t end = first;
    while (end < data->catalogue_count && is_of(&data->catalogue[end], feed, force)) {
        end++;
    }
    *count_out = end - first;
    return data->catalogue + first;
}

static tf_status get_force(tf_crime_data *data, const char *slug, tf_crime_force **force_out,
                           tf_error *error) {
    for (size_t i = 0; i < data->force_count; i++) {
        if (strcmp(data->forces[i]->slug, slug) == 0) {
            *force_out = data->forces[i];
            return TF_OK;
        }
    }
    tf_status status = tf_reserve(&data->forces, &data->force_capacity, data->force_count + 1,
                                  sizeof *data->forces, error);
    if (status) {
        return status;
    }
    tf_crime_force *force = tf_alloc_zeroed(1, sizeof *force);
    if (!force) {
        return tf_fail_no_memory(error);
    }
    snprintf(force->slug, sizeof force->slug, "%s", slug);
    data->forces[data->force_count++] = force;
    *force_out = force;
    return TF_OK;
}

/* A number that changes when any partition of outcomes is replaced or added. */
static uint64_t version_of_outcomes(const tf_crime_data *data, const char *force) {
    size_t count;
    const tf_partition_info *stored = tf_crime_data_stored(data, "outcomes", force, &count);
    uint64_t version = count;
    for (size_t i = 0; i < count; i++) {
        int64_t parts[3] = {(int64_t)version, stored[i].month, stored[i].batch_id};
        version = tf_hash(parts, sizeof parts);
    }
    return version;
}

const tf_street_month *tf_crime_force_street(const tf_crime_force *force, tf_month month) {
    for (size_t i = 0; i < force->street_count; i++) {
        if (force->street[i].month == month) {
            return &force->street[i];
        }
    }
    return NULL;
}

const tf_search_month *tf_crime_force_searches(const tf_crime_force *force, tf_month month) {
    for (size_t i = 0; i < force->search_count; i++) {
        if (force->searches[i].month == month) {
            return &force->searches[i];
        }
    }
    return NULL;
}

tf_status tf_crime_data_load_street(tf_crime_data *data, const char *slug, tf_month from,
                                    tf_month to, const tf_crime_force **force_out,
                                    tf_error *error) {
    tf_crime_force *force = NULL;
    tf_status status = get_force(data, slug, &force, error);
    if (status) {
        return status;
    }
    uint64_t version = version_of_outcomes(data, slug);
    if (version != force->outcomes_version) {
        forget_street(force);
    }
    size_t count;
    const tf_partition_info *stored = tf_crime_data_stored(data, "street", slug, &count);
    for (size_t i = 0; i < count; i++) {
        if (stored[i].month < from || stored[i].month > to) {
            continue;
        }
        const tf_street_month *held = tf_crime_force_street(force, stored[i].month);
        if (!held || held->batch_id != stored[i].batch_id) {
            status = tf_crime_load_street(data, force, from, to, error);
            break;
        }
    }
    if (!status) {
        force->outcomes_version = version;
        *force_out = force;
    }
    return status;
}

tf_status tf_crime_data_load_searches(tf_crime_data *data, const char *slug, tf_month from,
                                      tf_month to, const tf_crime_force **force_out,
                                      tf_error *error) {
    tf_crime_force *force = NULL;
    tf_status status = get_force(data, slug, &force, error);
    if (status) {
        return status;
    }
    size_t count;
    const tf_partition_info *stored = tf_crime_data_stored(data, "stop-and-search", slug, &count);
    for (size_t i = 0; i < count; i++) {
        if (stored[i].month < from || stored[i].month > to) {
            continue;
        }
        const tf_search_month *held = tf_crime_force_searches(force, stored[i].month);
        if (!held || held->batch_id != stored[i].batch_id) {
            status = tf_crime_load_searches(data, force, from, to, error);
            break;
        }
    }
    if (!status) {
        *force_out = force;
    }
    return status;
}
