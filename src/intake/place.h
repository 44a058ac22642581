/* Where something is, as somebody tells it: a place that the database knows by name, or a point,
 * kept coarse. */
#ifndef INTAKE_PLACE_H
#define INTAKE_PLACE_H

#include "store/db.h"

enum { TF_MOST_PLACES = 8, TF_DEGREES_TEXT_SIZE = 16 };

/* What a place is to people, in the order in which places are offered. */
typedef enum tf_place_kind {
    TF_PLACE_TOWN,
    TF_PLACE_COUNCIL,
    TF_PLACE_POLICE,
    TF_PLACE_OTHER, /* of a layer whose name tells nothing */
    TF_PLACE_NEIGHBOURHOOD,
} tf_place_kind;

/* An area of the database.  Texts are in the arena. */
typedef struct tf_place {
    const char *code; /* "E06000032" */
    const char *name;
    tf_place_kind kind;
    double latitude; /* of its middle, WGS 84, degrees */
    double longitude;
} tf_place;

/* The areas of whose names a word begins with `name`, whatever the case of its letters; by their
 * kind, then the shortest names first, at most TF_MOST_PLACES.  None for less than three
 * characters, and for a postcode or the first half of one: those say where something is by
 * themselves. Errors: TF_NO_MEMORY; those of the database.  O(areas). */
tf_status tf_place_search(tf_db *db, tf_text name, tf_arena *arena,
                          tf_place places_out[TF_MOST_PLACES], size_t *count_out, tf_error *error);

/* The area of a code.  Errors: TF_NOT_FOUND; TF_NO_MEMORY; those of the database. */
tf_status tf_place_get(tf_db *db, tf_text code, tf_arena *arena, tf_place *place_out,
                       tf_error *error);

/* Whether a text has the shape of a UK postcode ("LU1 2AB"), of its first half ("LU1"), or of that
 * and the digit of its second ("LU1 2"). */
bool tf_place_is_postcode(tf_text text);

/* Whether a point is on or about the British Isles. */
bool tf_place_is_near(double latitude, double longitude);

/* Degrees as text: coarse to 0.01, which is 1.1 km from north to south and 0.6 to 0.7 km from west
 * to east; exact to 0.00001, some 1 m. */
char *tf_place_format(double degrees, bool is_exact, char text_out[TF_DEGREES_TEXT_SIZE]);

#endif
