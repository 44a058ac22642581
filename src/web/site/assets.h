/* The styles, scripts and documents that the build made for the pages (assets/build.mjs).  All of
 * it lives as long as the program; threads share it. */
#ifndef WEB_SITE_ASSETS_H
#define WEB_SITE_ASSETS_H

#include "trefoil/base/text.h"

#include <stdbool.h>

typedef struct tf_asset {
    const char *name;         /* what the program calls it: "site.css" */
    const char *path;         /* "/assets/site-3f9a1c5d20.css"; NULL: it is not served */
    const char *content_type; /* "text/css; charset=utf-8" */
    bool is_versioned;        /* its path changes with its content: kept for ever */
    tf_text bytes;
    tf_text gzip; /* packed; data NULL if it is not served */
    tf_text brotli;
} tf_asset;

typedef struct tf_asset_folder {
    const tf_asset *files; /* in order of their names */
    size_t count;
} tf_asset_folder;

extern const tf_asset_folder tf_assets;

/* The file that a browser asks for by what follows "/assets/"; NULL: there is none.  O(files),
 * which are about ten. */
const tf_asset *tf_asset_find(tf_text served_name);

/* The file of this name, which is one of the build's: asking for another is a defect and ends the
 * program. */
const tf_asset *tf_asset_named(const char *name);

/* The address of a file that is served: "/assets/site-3f9a1c5d20.css" for "site.css".  As
 * tf_asset_named; the address lives as long as the program. */
const char *tf_asset_path(const char *name);

#endif
