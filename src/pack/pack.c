#include "pack_internal.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_FILE_BYTES = 1024 * 1024 };

static const char words_name[] = "words.yaml";
static const char forms_folder[] = "forms";

/* The file in the program that is `name` of the pack "uk", or NULL. */
static const tf_embedded_file *find_embedded(const char *name) {
    static const char folder[] = "uk/";
    for (size_t i = 0; i < tf_packs.count; i++) {
        const char *found = tf_packs.files[i].name;
        if (tf_text_starts_with(tf_text_of(found), folder) &&
            strcmp(found + sizeof folder - 1, name) == 0) {
            return &tf_packs.files[i];
        }
    }
    return NULL;
}

static bool is_embedded_form(const tf_embedded_file *file) {
    return tf_text_starts_with(tf_text_of(file->name), "uk/forms/");
}

static tf_status load(const char *directory, const char *name, tf_arena *arena,
                      tf_embedded_file *file_out, tf_error *error) {
    char *path = tf_arena_format(arena, "%s/%s", directory, name);
    unsigned char *bytes = tf_arena_alloc(arena, MAX_FILE_BYTES, 1);
    if (!path || !bytes) {
        return tf_fail_no_memory(error);
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        return tf_fail(error, errno == ENOENT || errno == ENOTDIR ? TF_NOT_FOUND : TF_IO, path, 0,
                       "the file of the pack cannot be opened: %s", strerror(errno));
    }
    size_t length = fread(bytes, 1, MAX_FILE_BYTES, file);
    int fault = ferror(file) ? errno : 0;
    (void)fclose(file);
    if (fault) {
        return tf_fail(error, TF_IO, path, 0, "the file of the pack cannot be read: %s",
                       strerror(fault));
    }
    if (length == MAX_FILE_BYTES) {
        return tf_fail(error, TF_BAD_INPUT, path, 0,
                       "the file of the pack is larger than 1 MiB; make it smaller");
    }
    *file_out = (tf_embedded_file){path, bytes, length};
    return TF_OK;
}

static tf_status read_all(const tf_embedded_file files[TF_PACK_FILE_COUNT],
                          const tf_embedded_file *words, const tf_embedded_file *forms,
                          size_t form_count, tf_pack **pack_out, tf_error *error) {
    tf_status status = tf_pack_read(files, pack_out, error);
    if (!status) {
        status = tf_pack_read_forms(*pack_out, words, forms, form_count, error);
    }
    if (status) {
        tf_pack_free(*pack_out);
        *pack_out = NULL;
    }
    return status;
}

static int is_form(const struct dirent *entry) {
    return entry->d_name[0] != '.' && tf_text_ends_with(tf_text_of(entry->d_name), ".yaml");
}

/* The forms of a directory, in the order of their names; none where it has no folder of them. */
static tf_status load_forms(const char *directory, tf_arena *arena,
                            tf_embedded_file forms_out[TF_MOST_FORMS], size_t *count_out,
                            tf_error *error) {
    struct dirent **entries = NULL;
    char *folder = tf_arena_format(arena, "%s/%s", directory, forms_folder);
    *count_out = 0;
    if (!folder) {
        return tf_fail_no_memory(error);
    }
    int count = scandir(folder, &entries, is_form, alphasort);
    if (count < 0) {
        return errno == ENOENT
                   ? TF_OK
                   : tf_fail(error, TF_IO, folder, 0, "the forms of the pack cannot be listed: %s",
                             strerror(errno));
    }
    tf_status status = TF_OK;
    if (count > TF_MOST_FORMS) {
        status = tf_fail(error, TF_BAD_INPUT, folder, 0,
                         "there are %d forms, and a pack has at most %d; take some out", count,
                         TF_MOST_FORMS);
    }
    for (int i = 0; i < count; i++) {
        if (!status) {
            status = load(folder, entries[i]->d_name, arena, &forms_out[i], error);
        }
        free(entries[i]);
    }
    free(entries);
    *count_out = (size_t)count;
    return status;
}

static tf_status open_directory(const char *directory, tf_pack **pack_out, tf_error *error) {
    tf_embedded_file files[TF_PACK_FILE_COUNT];
    tf_arena *arena = tf_arena_new();
    if (!arena) {
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    for (size_t i = 0; i < TF_PACK_FILE_COUNT && !status; i++) {
        status = load(directory, tf_pack_file_names[i], arena, &files[i], error);
    }
    tf_embedded_file words;
    tf_embedded_file forms[TF_MOST_FORMS];
    size_t form_count = 0;
    if (!status) {
        status = load(directory, words_name, arena, &words, error);
    }
    if (!status) {
        status = load_forms(directory, arena, forms, &form_count, error);
    }
    if (!status) {
        status = read_all(files, &words, forms, form_count, pack_out, error);
    }
    tf_arena_free(arena);
    return status;
}

tf_status tf_pack_open(const char *directory, tf_pack **pack_out, tf_error *error) {
    *pack_out = NULL;
    if (directory) {
        return open_directory(directory, pack_out, error);
    }
    tf_embedded_file files[TF_PACK_FILE_COUNT];
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        const tf_embedded_file *file = find_embedded(tf_pack_file_names[i]);
        if (!file) {
            return tf_fail(error, TF_INTERNAL, tf_pack_file_names[i], 0,
                           "the program was built without this file of its pack");
        }
        files[i] = *file;
    }
    const tf_embedded_file *words = find_embedded(words_name);
    if (!words) {
        return tf_fail(error, TF_INTERNAL, words_name, 0,
                       "the program was built without this file of its pack");
    }
    /* Files are in the order of their names, so those of a folder stand side by side. */
    size_t first = 0;
    while (first < tf_packs.count && !is_embedded_form(&tf_packs.files[first])) {
        first++;
    }
    size_t form_count = 0;
    while (first + form_count < tf_packs.count &&
           is_embedded_form(&tf_packs.files[first + form_count])) {
        form_count++;
    }
    return read_all(files, words, &tf_packs.files[first], form_count, pack_out, error);
}

void tf_pack_free(tf_pack *pack) {
    if (pack) {
        tf_arena_free(pack->arena);
        tf_free(pack);
    }
}

/* Whether `text`, which may be NULL, is what was asked for. */
static bool is(const char *text, tf_text asked) {
    return text && tf_text_equal_fold(tf_text_of(text), asked);
}

size_t tf_pack_group_count(const tf_pack *pack) {
    return pack->group_count;
}

const tf_offence_group *tf_pack_group_at(const tf_pack *pack, size_t index) {
    assert(index < pack->group_count);
    return &pack->groups[index].group;
}

const tf_offence_group *tf_pack_group_find(const tf_pack *pack, tf_text text) {
    for (size_t i = 0; i < pack->group_count; i++) {
        const tf_pack_group *group = &pack->groups[i];
        bool is_found = is(group->group.name, text);
        for (size_t j = 0; j < group->alias_count && !is_found; j++) {
            is_found = is(group->aliases[j], text);
        }
        if (is_found) {
            return &group->group;
        }
    }
    for (size_t i = 0; i < pack->type_count; i++) {
        if (is(pack->types[i], text)) {
            return &pack->singles[i];
        }
    }
    return NULL;
}

const char *tf_pack_harm_name(const tf_pack *pack) {
    return pack->harm_name;
}

const char *tf_pack_harm_source(const tf_pack *pack) {
    return pack->harm_source;
}

bool tf_pack_harm_weight(const tf_pack *pack, tf_text crime_type, double *days_out) {
    for (size_t i = 0; i < pack->weight_count; i++) {
        if (is(pack->weights[i].type, crime_type) && pack->weights[i].has_days) {
            *days_out = pack->weights[i].days;
            return true;
        }
    }
    return false;
}

static const tf_pack_outcome *find_outcome(const tf_pack *pack, tf_text wording) {
    for (size_t i = 0; i < pack->outcome_count; i++) {
        if (is(pack->outcomes[i].wording, wording)) {
            return &pack->outcomes[i];
        }
    }
    return NULL;
}

const tf_outcome_group *tf_pack_outcome_group(const tf_pack *pack, tf_text wording) {
    const tf_pack_outcome *outcome = find_outcome(pack, wording);
    return outcome ? outcome->group : NULL;
}

const char *tf_pack_outcome_wording(const tf_pack *pack, tf_text wording) {
    const tf_pack_outcome *outcome = find_outcome(pack, wording);
    return outcome ? outcome->canonical : NULL;
}

const tf_force *tf_pack_force_by_name(const tf_pack *pack, tf_text name) {
    for (size_t i = 0; i < pack->force_count; i++) {
        if (is(pack->forces[i].name, name)) {
            return &pack->forces[i];
        }
    }
    return NULL;
}

const tf_force *tf_pack_force_by_area_code(const tf_pack *pack, tf_text area_code) {
    for (size_t i = 0; i < pack->force_count; i++) {
        if (is(pack->forces[i].area_code, area_code)) {
            return &pack->forces[i];
        }
    }
    return NULL;
}

const tf_nickname_group *tf_pack_nicknames(const tf_pack *pack, size_t *count_out) {
    *count_out = pack->nickname_count;
    return pack->nicknames;
}

const tf_missing_list *tf_pack_missing(const tf_pack *pack, size_t *count_out) {
    *count_out = pack->missing_count;
    return pack->missing;
}
