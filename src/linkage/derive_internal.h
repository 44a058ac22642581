/* What a model compares and blocks on, made of the columns of records: values in their standard
 * spelling with a rule's steps applied, distinct ones numbered anew. */
#ifndef TREFOIL_LINKAGE_DERIVE_INTERNAL_H
#define TREFOIL_LINKAGE_DERIVE_INTERNAL_H

#include "linkage/records_internal.h"
#include "trefoil/linkage/model.h"
#include "trefoil/linkage/similarity.h"
#include "trefoil/linkage/standardise.h"

enum { LINK_MOST_PARTS = 2 };

/* The elements of every list among the values, numbered over all of them. */
typedef struct link_lists {
    link_dictionary elements;
    uint32_t *starts; /* by code of the list, value count + 2 */
    uint32_t *codes;  /* of elements, rising and different within a list */
    uint32_t *places; /* the same in the order in which they stand, repeats included */
    uint32_t *place_starts;
    tf_similarity_text *prepared; /* of the elements; NULL: all are bytes, as they stand */
} link_lists;

typedef struct link_place {
    double latitude;
    double longitude;
} link_place;

/* Values of one column, or of two together (a latitude and a longitude), of both records of a pair.
 * Where a rule compares one column with another, left and right are different columns whose values
 * are numbered together.  What is below `values` is there once it was asked for. */
typedef struct link_derived {
    tf_link_value left[LINK_MOST_PARTS];
    tf_link_value right[LINK_MOST_PARTS];
    int part_count;
    bool is_across;
    const link_dictionary *values;
    link_dictionary own_values;
    uint32_t *left_codes; /* of each record; 0: missing */
    uint32_t *right_codes;
    tf_similarity_text *prepared; /* NULL: every text is bytes, to be read where it stands */
    tf_similarity_grams *grams;
    int32_t *days;     /* INT32_MIN: no date */
    bool has_all_days; /* every value is a date */
    double *numbers;   /* NaN: no number */
    link_place *places;
    link_lists *lists;
    struct link_signature *signatures; /* screen_internal.h */
    tf_arena *arena;                   /* of prepared and grams; made when needed */
} link_derived;

/* Values derived before, and the codes of records in rows: what is made of a column again starts
 * from its standard spelling there. */
typedef struct link_basis {
    const struct link_derivation *derivation;
    const uint32_t *rows;
    uint32_t stride;
} link_basis;

/* How values are read: which columns hold what, and the tables of standardising. */
typedef struct link_reading {
    const tf_link_model *model;
    const tf_standardiser *standardiser;
    const tf_nicknames *nicknames; /* or NULL: nobody has any */
    const link_basis *basis;       /* or NULL */
} link_reading;

/* Work space for link_derive_text. */
typedef struct link_derive_scratch {
    tf_buffer buffers[2];
    tf_person_name name;
    tf_address address;
} link_derive_scratch;

void link_derive_scratch_init(link_derive_scratch *scratch);
void link_derive_scratch_deinit(link_derive_scratch *scratch);

/* What a raw text becomes; empty: missing.  Valid until the scratch is used again. */
tf_status link_derive_text(const link_reading *reading, const tf_link_value *value, tf_text raw,
                           link_derive_scratch *scratch, tf_text *text_out, tf_error *error);

/* What a text in its standard spelling becomes by the value's steps. */
tf_status link_derive_steps(const tf_link_value *value, tf_text standard,
                            link_derive_scratch *scratch, tf_text *text_out, tf_error *error);

/* Whether the steps want the text as it stood in the file: taking a full name apart needs its
 * comma, which the standard spelling has not. */
bool link_derive_reads_raw(const tf_link_value *value);

/* The same of the parts of a derived value, one text each, joined as they are in `values`. */
tf_status link_derive_parts(const link_reading *reading, const tf_link_value *parts, int part_count,
                            const tf_text *raws, link_derive_scratch *scratch, tf_buffer *joined,
                            tf_error *error);

/* Everything that a model derives from records. */
typedef struct link_derivation {
    const tf_link_records *records;
    link_reading reading;
    link_derived **items; /* each on its own, so that pointers to it stay */
    size_t count;
    size_t capacity;
} link_derivation;

void link_derivation_deinit(link_derivation *derivation);

/* Ask for a value; those that were asked for before are shared.  Nothing is derived until
 * link_derivation_run.  Errors: TF_BAD_INPUT for a column that is not there, with the nearest;
 * TF_NO_MEMORY. */
tf_status link_derivation_want(link_derivation *derivation, const tf_link_value *left,
                               const tf_link_value *right, int part_count,
                               link_derived **derived_out, tf_error *error);

/* Derive what was asked for, one value for each thread at a time. */
tf_status link_derivation_run(link_derivation *derivation, int thread_count, tf_error *error);

/* Give the codes of records back, once they stand elsewhere. */
void link_derived_drop_codes(link_derived *derived);

/* Make the views of values that measures read. */
tf_status link_derived_prepare(link_derived *derived, tf_similarity_unit unit, tf_error *error);
tf_status link_derived_read_grams(link_derived *derived, tf_similarity_unit unit, tf_error *error);
tf_status link_derived_read_days(link_derived *derived, tf_error *error);
tf_status link_derived_read_numbers(link_derived *derived, tf_error *error);
tf_status link_derived_read_places(link_derived *derived, tf_error *error);
tf_status link_derived_read_signatures(link_derived *derived, const tf_nicknames *nicknames,
                                       tf_error *error);
tf_status link_derived_read_lists(link_derived *derived, tf_similarity_unit unit, tf_error *error);

/* One value read in the same way. */
int32_t link_read_days(tf_text text);
double link_read_number(tf_text text);
link_place link_read_place(tf_text text);

/* The next element of a list: of ["a", "b"], [a, b], a|b or a;b.  False at the end. */
bool link_next_element(tf_text *rest, tf_text *element_out);

static inline tf_similarity_text link_derived_similarity(const link_derived *derived,
                                                         uint32_t code) {
    if (derived->prepared) {
        return derived->prepared[code];
    }
    const link_dictionary *values = derived->values;
    return (tf_similarity_text){
        .narrow =
            (const uint8_t *)values->bytes + (size_t)values->starts[code] * LINK_TEXT_ALIGNMENT,
        .length = values->lengths[code],
    };
}

#endif
