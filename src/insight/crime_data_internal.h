/* What crime_data holds, for the computations of this folder. */
#ifndef INSIGHT_CRIME_DATA_INTERNAL_H
#define INSIGHT_CRIME_DATA_INTERNAL_H

#include "codes_internal.h"
#include "insight/crime_data.h"
#include "store/partition.h"

enum { TF_CRIME_NONE = UINT16_MAX }; /* no text, as a 16-bit code */

/* What is known of a street row besides its codes. */
enum {
    TF_CRIME_HAS_PLACE = 1,    /* coordinates */
    TF_CRIME_HAS_ID = 2,       /* a Crime ID */
    TF_CRIME_HAS_OUTCOME = 4,  /* `outcome` is known */
    TF_CRIME_IS_JOINED = 8,    /* and is that of the latest of its outcome rows */
    TF_CRIME_HAS_SEVERAL = 16, /* of more than one outcome row */
    TF_CRIME_FLAGS_END = 32,
};

/* The street rows of one force and month, in the order of the file. */
typedef struct tf_street_month {
    tf_month month;
    int64_t batch_id;
    int64_t row_count;
    uint32_t *area;    /* in data->areas, or TF_CODE_NONE */
    uint16_t *type;    /* in data->types, or TF_CRIME_NONE */
    uint16_t *outcome; /* in data->outcomes, or TF_CRIME_NONE; the file's own if it is not joined */
    uint8_t *flags;
} tf_street_month;

enum { TF_SEARCH_NOT_LINKED, TF_SEARCH_LINKED, TF_SEARCH_LINK_UNKNOWN };

/* The searches of one force and month, in the order of the file. */
typedef struct tf_search_month {
    tf_month month;
    int64_t batch_id;
    int64_t row_count;
    double *longitude; /* NaN where there are no coordinates */
    double *latitude;
    uint16_t *object;  /* in data->objects, or TF_CRIME_NONE */
    uint16_t *outcome; /* in data->search_outcomes, or TF_CRIME_NONE */
    uint8_t *linked;   /* whether the outcome has to do with the object of search */
} tf_search_month;

/* What is held of one force, each in order of month. */
typedef struct tf_crime_force {
    char slug[64];
    uint64_t outcomes_version; /* of the outcome rows that the street rows were joined to */
    tf_street_month *street;
    size_t street_count;
    size_t street_capacity;
    tf_search_month *searches;
    size_t search_count;
    size_t search_capacity;
} tf_crime_force;

/* The people of an area, as of the year that was asked for last. */
typedef struct tf_people {
    int asked;     /* the year; 0: none */
    int year;      /* of the figure */
    double people; /* NaN if not known */
} tf_people;

struct tf_crime_data {
    tf_db *db;
    const tf_pack *pack;
    tf_geography *geography; /* as of batch `geography_version` */
    int64_t geography_version;
    tf_partition_info *catalogue; /* all that is stored, by feed, force, month */
    size_t catalogue_count;
    tf_crime_force **forces;
    size_t force_count;
    size_t force_capacity;
    tf_codes areas;       /* codes of small areas */
    uint32_t *area_names; /* by code of area, in `names` */
    size_t area_name_capacity;
    int32_t *area_authorities; /* by code of area; see tf_crime_data_authorities */
    size_t area_authority_count;
    size_t area_authority_capacity;
    tf_people *people[TF_LAYER_COUNT]; /* by index in the geography; NULL until asked for */
    tf_codes names;
    tf_codes types;
    tf_codes outcomes;
    tf_codes objects;
    tf_codes search_outcomes;
};

/* Read anew what the database has, and the geography if anything was imported since: what is
 * asked of `data` afterwards is as of now. */
tf_status tf_crime_data_refresh(tf_crime_data *data, tf_error *error);

/* The name that rows give to the small area of a code in data->areas; "" if none. */
const char *tf_crime_data_area_name(const tf_crime_data *data, size_t area);

/* The authority of every small area that rows name, by code in data->areas, or -1: kept, as finding
 * it takes a search by name.  Borrowed until the next load. */
tf_status tf_crime_data_authorities(tf_crime_data *data, const int32_t **authorities_out,
                                    tf_error *error);

/* As tf_geography_population, without the note, and kept. */
tf_status tf_crime_data_people(tf_crime_data *data, const tf_area_ref *area, int year,
                               tf_people *people_out, tf_error *error);

/* The part of the catalogue with this feed and force, in order of month.  Borrowed. */
const tf_partition_info *tf_crime_data_stored(const tf_crime_data *data, const char *feed,
                                              const char *force, size_t *count_out);

/* Make sure that all months stored between the two (included) are held, and give the force of the
 * slug. Months outside may be held as well.  Borrowed until the next load. */
tf_status tf_crime_data_load_street(tf_crime_data *data, const char *slug, tf_month from,
                                    tf_month to, const tf_crime_force **force_out, tf_error *error);
tf_status tf_crime_data_load_searches(tf_crime_data *data, const char *slug, tf_month from,
                                      tf_month to, const tf_crime_force **force_out,
                                      tf_error *error);

/* What is held of a month, or NULL. */
const tf_street_month *tf_crime_force_street(const tf_crime_force *force, tf_month month);
const tf_search_month *tf_crime_force_searches(const tf_crime_force *force, tf_month month);

#endif
