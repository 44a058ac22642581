/* What every page and every answer of the API stands on: the database, the pack, the records in
 * memory, and the imports that run while people look. */
#ifndef WEB_SITE_SITE_H
#define WEB_SITE_SITE_H

#include "insight/boundaries.h"
#include "web/http/route.h"

typedef struct tf_site tf_site;

/* Texts are borrowed and outlive the site. */
typedef struct tf_site_options {
    const char *db_path;
    const char *pack_folder;   /* as tf_pack_open takes it; NULL: the pack in the program */
    const char *upload_folder; /* for files while they are imported; NULL: $TMPDIR or /tmp */
    const char *tile_style;    /* address of a MapLibre style to draw below our areas, or NULL */
    bool allows_imports;       /* while there are no accounts: by anybody who can reach the site */
    bool is_read_only;         /* nobody imports, whatever their account allows */
    const char *listen;        /* where the server listens; NULL: that is not known */
    bool has_host;             /* it answers to the names it was told alone */
    int desk_count;            /* requests that compute at once; 0: one for each processor */
} tf_site_options;

/* Open the site, its database included, which is created if imports are allowed.
 * Errors: those of tf_db_open and tf_pack_open. */
tf_status tf_site_open(const tf_site_options *options, tf_site **site_out, tf_error *error);

/* Waits for the import that runs; those still waiting are dropped.  Accepts NULL. */
void tf_site_free(tf_site *site);

const tf_site_options *tf_site_get_options(const tf_site *site);
const tf_pack *tf_site_pack(const tf_site *site);

/* A number that changes with everything that answers to visitors without a session are made of; 0
 * while the database cannot be read.  Where there are accounts, whose work is written all the time,
 * that is what was imported.  Thread-safe. */
uint64_t tf_site_version(tf_site *site);

/* What became of a request: a fault of the database, such as a damaged file, is TF_IO, however a
 * command would report it.  `fault` is that of `status`. */
tf_status tf_site_judge(const tf_site *site, tf_status status, const tf_error *fault);

enum { TF_KEPT_MAPS = 8 };

/* A desk: a connection to the database and the records it has loaded, for one thread at a time. */
typedef struct tf_desk {
    tf_db *db;
    tf_crime_data *data;
    const tf_pack *pack;
    struct tf_kept_map {
        char *area_code; /* NULL: this place is free */
        int64_t version; /* of the database */
        tf_map_shapes *shapes;
    } maps[TF_KEPT_MAPS]; /* the one drawn last comes first */
} tf_desk;

/* Borrow a desk, waiting for one if all are in use, and give it back.  The desk used last is lent
 * first, so that few people keep few records in memory.  From its first read on a desk sees one
 * state of the database until it is given back, so that what was read of its records holds while
 * others import.  A database that was put in the place of the other is taken up by the next who
 * borrow.  Thread-safe.
 * Errors: TF_BUSY; TF_NO_MEMORY; TF_IO for whatever else is wrong with the database, which no
 * visitor is to blame for.  *desk_out is then NULL. */
tf_status tf_site_borrow(tf_site *site, tf_desk **desk_out, tf_error *error);
void tf_site_return(tf_site *site, tf_desk *desk); /* accepts NULL */

/* The small areas of an area, ready to be drawn some 700 pixels wide.  The last few are kept at the
 * desk, as outlines take longer than the rest of a page and hardly ever change; borrowed until the
 * next call.  *shapes_out is NULL where there are no outlines.
 * Errors: those of tf_boundaries_make. */
tf_status tf_desk_map(tf_desk *desk, const char *area_code, const tf_map_shapes **shapes_out,
                      tf_error *error);

/* Take away what a desk keeps of maps. */
void tf_desk_forget_maps(tf_desk *desk);

#endif
