/* The areas that figures are about: what a person typed into one of them, what it consists of, and
 * how many people live there. */
#ifndef INTAKE_GEOGRAPHY_H
#define INTAKE_GEOGRAPHY_H

#include "pack/pack.h"
#include "store/db.h"
#include "trefoil/space/neighbours.h"

/* In the order in which a name is looked for: Bedfordshire is the force, Bedford the authority
 * and not the partnership. */
typedef enum tf_layer {
    TF_LAYER_FORCE,
    TF_LAYER_AUTHORITY,
    TF_LAYER_PARTNERSHIP,
    TF_LAYER_SMALL_AREA,
    TF_LAYER_COUNT,
} tf_layer;

const char *tf_layer_title(tf_layer layer); /* "local authority" */

/* "force", "local-authority", "partnership", "small-area": in addresses and for programs; and back,
 * false for anything else. */
const char *tf_layer_name(tf_layer layer);
bool tf_layer_parse(tf_text name, tf_layer *layer_out);

/* One area.  The texts are borrowed from the geography. */
typedef struct tf_area_ref {
    const char *code; /* "E06000032"; of a force whose police force area is not known, its slug */
    const char *name;
    const char *stored_layer; /* the layer its outline is in, "lsoa21"; NULL if it has none */
    const char *force_slug;   /* of the force it is or belongs to; NULL if not known */
    tf_layer layer;
    int32_t index; /* among the areas of its layer */
} tf_area_ref;

/* Forces, authorities and partnerships are those of the lookup, and the forces whose files were
 * imported; small areas are all other areas of the database but those that other areas name as
 * their parent.  Does not change once open, and may be used by several threads, each with its own
 * database where one is asked for. */
typedef struct tf_geography tf_geography;

/* Load all areas, without outlines.  `pack` may be NULL; it knows which slug belongs to which
 * police force area, otherwise the slug of the area's name is taken.
 * Errors: TF_NO_MEMORY; those of the database.  O(areas log areas); 36,000 take about 0.1 s. */
tf_status tf_geography_open(tf_db *db, const tf_pack *pack, tf_geography **geography_out,
                            tf_error *error);
void tf_geography_free(tf_geography *geography); /* accepts NULL */

size_t tf_geography_count(const tf_geography *geography, tf_layer layer);
tf_area_ref tf_geography_area(const tf_geography *geography, tf_layer layer, int32_t index);

/* The area of that code, slug of a force, or name, whatever the case of its letters and with
 * hyphens for anything else: "E06000032", "Luton", "central-bedfordshire", "Devon & Cornwall".
 * Errors: TF_NOT_FOUND, with up to three names that are near; TF_BAD_INPUT for no text, or a name
 * that several areas of one layer have.  O(areas). */
tf_status tf_geography_find(const tf_geography *geography, const char *text, tf_area_ref *area_out,
                            tf_error *error);

/* ---- what an area consists of ---- */

/* Small areas, ascending, in the caller's storage. */
typedef struct tf_area_set {
    size_t count;
    int32_t *indices;         /* for tf_geography_area with TF_LAYER_SMALL_AREA */
    tf_neighbours neighbours; /* among those of the set: its areas are numbered 0 to count - 1 */
} tf_area_set;

void tf_area_set_deinit(tf_area_set *set);

/* The small areas of an area: those whose authority belongs to it, a small area itself.  If small
 * areas of several layers were imported (of two censuses), they are those of the layer that has
 * most, so that they cover the ground once.  Empty if none were imported.
 * Errors: TF_UNSUPPORTED for a partnership that shares an authority with others, as no file says
 * which small areas are whose; TF_NO_MEMORY.  O(areas + neighbours). */
tf_status tf_geography_small_areas(const tf_geography *geography, const tf_area_ref *area,
                                   tf_area_set *set_out, tf_error *error);

/* The small area of that code, or -1.  O(log areas). */
int32_t tf_geography_small_area(const tf_geography *geography, tf_text code);

/* The authority of a small area that crime rows name, also of one that is not in the database (of
 * an older census, say), or -1: its parent if that is known, otherwise the authority that its name
 * without the last word is, by the rule of the Office for National Statistics ("Luton 007A").
 * O(log areas). */
int32_t tf_geography_authority_of(const tf_geography *geography, tf_text code, tf_text name);

/* Whether such a small area belongs to `area`; for a partnership that shares an authority, whether
 * it belongs to that authority.  O(log areas). */
bool tf_geography_contains(const tf_geography *geography, const tf_area_ref *area, tf_text code,
                           tf_text name);

/* The authorities of a force or a partnership, of an authority itself, and of a small area its
 * own: *indices_out is ascending and freed with tf_free.  O(authorities). */
tf_status tf_geography_authorities(const tf_geography *geography, const tf_area_ref *area,
                                   int32_t **indices_out, size_t *count_out, tf_error *error);

/* The areas of a layer that belong to `within`, or all if that is NULL (of small areas, those of
 * the layer that has most): *indices_out is in order of code and freed with tf_free.  An area
 * belongs to itself; a partnership that shares an authority belongs to it, and to its force.
 * Errors: TF_BAD_INPUT where `within` is of a layer too small to hold any; for small areas those of
 * tf_geography_small_areas; TF_NO_MEMORY.  O(areas). */
tf_status tf_geography_within(const tf_geography *geography, const tf_area_ref *within,
                              tf_layer layer, int32_t **indices_out, size_t *count_out,
                              tf_error *error);

enum { TF_MOST_PARENTS = 8 };

/* What an area belongs to, smallest first: of a small area its authority, its partnerships and its
 * force.  Into `parents_out`, which has room for TF_MOST_PARENTS; gives how many.
 * Errors: TF_NO_MEMORY.  O(areas of the larger layers). */
tf_status tf_geography_parents(const tf_geography *geography, const tf_area_ref *area,
                               tf_area_ref *parents_out, size_t *count_out, tf_error *error);

/* Whether it is a partnership that shares an authority with others, so that nobody knows which of
 * its rows and people are its own. */
bool tf_geography_is_shared(const tf_geography *geography, const tf_area_ref *area);

/* The outlines of the small areas of `set`, in degrees, empty where there is none, into
 * `outlines_out`, which has room for set->count; each is freed with tf_polygons_deinit.
 * Errors: those of the database and of tf_wkb_read; all outlines are then empty. */
tf_status tf_geography_outlines(const tf_geography *geography, tf_db *db, const tf_area_set *set,
                                tf_polygons *outlines_out, tf_error *error);

/* The same for one area of any layer: empty where none was imported for it. */
tf_status tf_geography_outline(const tf_geography *geography, tf_db *db, const tf_area_ref *area,
                               tf_polygons *outline_out, tf_error *error);

/* ---- how many people live in it ---- */

typedef struct tf_population {
    bool is_known;
    double people;  /* NaN if not known */
    int year;       /* of the estimate: the latest not after the one asked for, else the earliest */
    char note[256]; /* why it is not known, or what was summed; "" for a figure of its own */
} tf_population;

/* The figure of the area's own code; else the sum of its authorities, if each has a figure; else
 * the sum of its small areas, if each has one and every authority has small areas.  A sum is of
 * one year, the same for all parts.  Errors: TF_NO_MEMORY; those of the database; not knowing is
 * no error.  O(parts log figures). */
tf_status tf_geography_population(const tf_geography *geography, tf_db *db, const tf_area_ref *area,
                                  int year, tf_population *population_out, tf_error *error);

#endif
