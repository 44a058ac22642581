#include "web/site/assets.h"

#include <stdlib.h>

enum { FOLDER_LENGTH = sizeof "/assets/" - 1 };

const tf_asset *tf_asset_find(tf_text served_name) {
    for (size_t i = 0; i < tf_assets.count; i++) {
        const char *path = tf_assets.files[i].path;
        if (path && tf_text_equal(tf_text_of(path + FOLDER_LENGTH), served_name)) {
            return &tf_assets.files[i];
        }
    }
    return NULL;
}

const tf_asset *tf_asset_named(const char *name) {
    for (size_t i = 0; i < tf_assets.count; i++) {
        if (strcmp(tf_assets.files[i].name, name) == 0) {
            return &tf_assets.files[i];
        }
    }
    abort();
}

const char *tf_asset_path(const char *name) {
    const char *path = tf_asset_named(name)->path;
    if (!path) {
        abort();
    }
    return path;
}
