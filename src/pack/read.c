#include "pack_internal.h"

#include "trefoil/base/date.h"

#include <math.h>

enum { GROUPS, WEIGHTS, OUTCOMES, FORCES, NICKNAMES, MISSING, ACCESS, TRIAGE };

const char *const tf_pack_file_names[TF_PACK_FILE_COUNT] = {
    [GROUPS] = "offence_groups.yaml", [WEIGHTS] = "harm_weights.yaml", [OUTCOMES] = "outcomes.yaml",
    [FORCES] = "forces.yaml",         [NICKNAMES] = "nicknames.yaml",  [MISSING] = "missing.yaml",
    [ACCESS] = "access.yaml",         [TRIAGE] = "triage.yaml",
};

static bool same(const char *a, const char *b) {
    return a && b && tf_text_equal_fold(tf_text_of(a), tf_text_of(b));
}

static bool holds(const char *const *texts, size_t count, const char *text) {
    for (size_t i = 0; i < count; i++) {
        if (same(texts[i], text)) {
            return true;
        }
    }
    return false;
}

void *tf_pack_allocate(tf_pack *pack, size_t count, size_t size, tf_error *error) {
    void *items = tf_arena_alloc(pack->arena, count, size);
    if (items) {
        memset(items, 0, count * size);
    } else {
        (void)tf_fail_no_memory(error);
    }
    return items;
}

tf_status tf_pack_read_file(tf_pack *pack, const tf_embedded_file *file, const char *const *names,
                            const tf_yaml **root_out, const char **source_out, tf_error *error) {
    const tf_yaml *root = NULL;
    const char *place = tf_arena_copy_text(pack->arena, file->name, strlen(file->name));
    if (!place) {
        return tf_fail_no_memory(error);
    }
    tf_status status = tf_yaml_read(pack->arena, place, file->bytes, file->length, &root, error);
    if (!status) {
        status = tf_yaml_expect(root, names, error);
    }
    const char *text = NULL;
    int64_t version;
    int32_t days;
    if (!status) {
        status = tf_yaml_get_text(root, "version", &text, error);
    }
    if (!status && (!tf_parse_int64(tf_text_of(text), &version) || version < 1)) {
        status = tf_yaml_fail(root, error, "the version must be a whole number from 1 on");
    }
    if (!status) {
        status = tf_yaml_get_text(root, "date", &text, error);
    }
    if (!status && !tf_date_parse(tf_text_of(text), &days)) {
        status = tf_yaml_fail(root, error, "the date must be a day such as 2025-01-31");
    }
    if (!status) {
        status = tf_yaml_get_text(root, "source", source_out, error);
    }
    *root_out = root;
    return status;
}

/* The one list of a file that holds nothing else but its version, date and source. */
static tf_status read_list(tf_pack *pack, const tf_embedded_file *file, const char *name,
                           const tf_yaml **list_out, tf_error *error) {
    const char *const fields[] = {"version", "date", "source", name, NULL};
    const tf_yaml *root = NULL;
    const char *source = NULL;
    tf_status status = tf_pack_read_file(pack, file, fields, &root, &source, error);
    return status ? status : tf_yaml_get_list(root, name, list_out, error);
}

/* A group's names must not be another's, nor mean a crime type other than its own. */
static tf_status check_names(const tf_pack *pack, const tf_pack_group *group, const tf_yaml *node,
                             tf_error *error) {
    for (size_t i = 0; i <= group->alias_count; i++) {
        const char *name = i < group->alias_count ? group->aliases[i] : group->group.name;
        for (const tf_pack_group *other = pack->groups; other < group; other++) {
            if (same(other->group.name, name) || holds(other->aliases, other->alias_count, name)) {
                return tf_yaml_fail(node, error, "\"%s\" is the name of two groups; change one",
                                    name);
            }
        }
        if (holds(pack->types, pack->type_count, name) &&
            !(group->group.type_count == 1 && same(group->group.types[0], name))) {
            return tf_yaml_fail(node, error, "\"%s\" is a crime type; name the group otherwise",
                                name);
        }
    }
    return TF_OK;
}

static tf_status read_group(tf_pack *pack, const tf_yaml *node, tf_pack_group *group,
                            tf_error *error) {
    static const char *const fields[] = {"name", "title", "aliases", "types", NULL};
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "name", &group->group.name, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "title", &group->group.title, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "aliases", pack->arena, &group->aliases,
                                    &group->alias_count, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "types", pack->arena, &group->group.types,
                                    &group->group.type_count, error);
    }
    if (!status && !tf_yaml_has(node, "types")) {
        group->group.types = pack->types;
        group->group.type_count = pack->type_count;
    }
    for (size_t i = 0; !status && i < group->group.type_count; i++) {
        if (!holds(pack->types, pack->type_count, group->group.types[i])) {
            status = tf_yaml_fail(node, error, "\"%s\" is not among the crime types above",
                                  group->group.types[i]);
        }
    }
    return status ? status : check_names(pack, group, node, error);
}

static tf_status read_groups(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    static const char *const fields[] = {"version", "date", "source", "types", "groups", NULL};
    const tf_yaml *root = NULL;
    const tf_yaml *list = NULL;
    const char *source = NULL;
    tf_status status = tf_pack_read_file(pack, file, fields, &root, &source, error);
    if (!status) {
        status = tf_yaml_get_list(root, "types", &list, error);
    }
    if (!status) {
        status =
            tf_yaml_find_texts(root, "types", pack->arena, &pack->types, &pack->type_count, error);
    }
    if (!status) {
        status = tf_yaml_get_list(root, "groups", &list, error);
    }
    if (status) {
        return status;
    }
    pack->groups = tf_pack_allocate(pack, list->count, sizeof *pack->groups, error);
    pack->singles = tf_pack_allocate(pack, pack->type_count, sizeof *pack->singles, error);
    if (!pack->groups || !pack->singles) {
        return TF_NO_MEMORY;
    }
    for (size_t i = 0; i < pack->type_count; i++) {
        pack->singles[i] = (tf_offence_group){pack->types[i], pack->types[i], 1, &pack->types[i]};
    }
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_group(pack, node, &pack->groups[pack->group_count], error);
        pack->group_count++;
    }
    return status;
}

static tf_status read_weight(tf_pack *pack, const tf_yaml *node, tf_pack_weight *weight,
                             tf_error *error) {
    static const char *const fields[] = {"type", "days", "subgroup", "note", NULL};
    const char *reason = NULL;
    bool is_null = false;
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "type", &weight->type, error);
    }
    if (!status) {
        status = tf_yaml_get_number(node, "days", &weight->days, &is_null, error);
    }
    if (!status) {
        /* Where a weight comes from, or why there is none, is never left unsaid. */
        status = tf_yaml_get_text(node, is_null ? "note" : "subgroup", &reason, error);
    }
    if (!status) {
        status = tf_yaml_find_text(node, "note", &reason, error);
    }
    if (status) {
        return status;
    }
    weight->has_days = !is_null;
    if (!isfinite(weight->days) || weight->days < 0) {
        return tf_yaml_fail(node, error, "the days must be zero or more");
    }
    if (!holds(pack->types, pack->type_count, weight->type)) {
        return tf_yaml_fail(node, error, "\"%s\" is not among the crime types of %s", weight->type,
                            tf_pack_file_names[GROUPS]);
    }
    for (const tf_pack_weight *other = pack->weights; other < weight; other++) {
        if (same(other->type, weight->type)) {
            return tf_yaml_fail(node, error, "\"%s\" has a second weight here; take one out",
                                weight->type);
        }
    }
    return TF_OK;
}

static tf_status read_weights(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    static const char *const fields[] = {"version", "date", "source", "name", "weights", NULL};
    const tf_yaml *root = NULL;
    const tf_yaml *list = NULL;
    tf_status status = tf_pack_read_file(pack, file, fields, &root, &pack->harm_source, error);
    if (!status) {
        status = tf_yaml_get_text(root, "name", &pack->harm_name, error);
    }
    if (!status) {
        status = tf_yaml_get_list(root, "weights", &list, error);
    }
    if (status) {
        return status;
    }
    pack->weights = tf_pack_allocate(pack, list->count, sizeof *pack->weights, error);
    if (!pack->weights) {
        return TF_NO_MEMORY;
    }
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_weight(pack, node, &pack->weights[pack->weight_count], error);
        pack->weight_count++;
    }
    if (!status && pack->weight_count < pack->type_count) {
        status =
            tf_yaml_fail(list, error, "a crime type of %s has no line here; give it days, or null",
                         tf_pack_file_names[GROUPS]);
    }
    return status;
}

static tf_status add_outcome(tf_pack *pack, const tf_yaml *node, tf_pack_outcome outcome,
                             size_t capacity, tf_error *error) {
    for (size_t i = 0; i < pack->outcome_count; i++) {
        if (same(pack->outcomes[i].wording, outcome.wording)) {
            return tf_yaml_fail(node, error, "\"%s\" stands twice in the file; take one out",
                                outcome.wording);
        }
    }
    if (pack->outcome_count == capacity) {
        return tf_yaml_fail(node, error, "there are more than %zu wordings; make them fewer",
                            capacity);
    }
    pack->outcomes[pack->outcome_count++] = outcome;
    return TF_OK;
}

static tf_status read_outcome(tf_pack *pack, const tf_yaml *node, const tf_outcome_group *group,
                              size_t capacity, tf_error *error) {
    static const char *const fields[] = {"wording", "also", NULL};
    const char *wording = NULL;
    const char *const *others = NULL;
    size_t other_count = 0;
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "wording", &wording, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "also", pack->arena, &others, &other_count, error);
    }
    if (!status) {
        status =
            add_outcome(pack, node, (tf_pack_outcome){wording, wording, group}, capacity, error);
    }
    for (size_t i = 0; !status && i < other_count; i++) {
        status =
            add_outcome(pack, node, (tf_pack_outcome){others[i], wording, group}, capacity, error);
    }
    return status;
}

static tf_status read_outcome_group(tf_pack *pack, const tf_yaml *node, tf_outcome_group *group,
                                    size_t capacity, tf_error *error) {
    static const char *const fields[] = {"name", "title", "outcomes", NULL};
    const tf_yaml *list = NULL;
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "name", &group->name, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "title", &group->title, error);
    }
    if (!status) {
        status = tf_yaml_get_list(node, "outcomes", &list, error);
    }
    for (const tf_outcome_group *other = pack->outcome_groups; !status && other < group; other++) {
        if (same(other->name, group->name)) {
            status = tf_yaml_fail(node, error, "\"%s\" is the name of two groups; change one",
                                  group->name);
        }
    }
    for (const tf_yaml *item = status ? NULL : list->first; item && !status; item = item->next) {
        status = read_outcome(pack, item, group, capacity, error);
    }
    return status;
}

static tf_status read_outcomes(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    enum { MAX_WORDINGS = 1000 };
    const tf_yaml *list = NULL;
    tf_status status = read_list(pack, file, "groups", &list, error);
    if (status) {
        return status;
    }
    pack->outcome_groups = tf_pack_allocate(pack, list->count, sizeof *pack->outcome_groups, error);
    pack->outcomes = tf_pack_allocate(pack, MAX_WORDINGS, sizeof *pack->outcomes, error);
    if (!pack->outcome_groups || !pack->outcomes) {
        return TF_NO_MEMORY;
    }
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_outcome_group(pack, node, &pack->outcome_groups[pack->outcome_group_count],
                                    MAX_WORDINGS, error);
        pack->outcome_group_count++;
    }
    return status;
}

static tf_status read_force(tf_pack *pack, const tf_yaml *node, tf_force *force, tf_error *error) {
    static const char *const fields[] = {"slug", "name", "area_code", "area_name", NULL};
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "slug", &force->slug, error);
    }
    if (!status) {
        status = tf_yaml_find_text(node, "name", &force->name, error);
    }
    if (!status) {
        status = tf_yaml_find_text(node, "area_code", &force->area_code, error);
    }
    if (!status) {
        status = tf_yaml_find_text(node, "area_name", &force->area_name, error);
    }
    if (!status && !force->area_code != !force->area_name) {
        status =
            tf_yaml_fail(node, error, "a force has both an area_code and an area_name, or none");
    }
    for (const tf_force *other = pack->forces; !status && other < force; other++) {
        if (same(other->slug, force->slug) || same(other->name, force->name) ||
            same(other->area_code, force->area_code)) {
            status = tf_yaml_fail(node, error,
                                  "the slug, name or area code of \"%s\" is also that of \"%s\"",
                                  force->slug, other->slug);
        } else if (other + 1 == force && strcmp(other->slug, force->slug) > 0) {
            status = tf_yaml_fail(node, error, "\"%s\" does not stand in the order of slugs",
                                  force->slug);
        }
    }
    return status;
}

static tf_status read_forces(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    const tf_yaml *list = NULL;
    tf_status status = read_list(pack, file, "forces", &list, error);
    if (status) {
        return status;
    }
    pack->forces = tf_pack_allocate(pack, list->count, sizeof *pack->forces, error);
    if (!pack->forces) {
        return TF_NO_MEMORY;
    }
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_force(pack, node, &pack->forces[pack->force_count], error);
        pack->force_count++;
    }
    return status;
}

static tf_status read_nickname_group(tf_pack *pack, const tf_yaml *node, tf_nickname_group *group,
                                     tf_error *error) {
    static const char *const fields[] = {"name", "also", NULL};
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "name", &group->formal, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "also", pack->arena, &group->others, &group->other_count,
                                    error);
    }
    if (status) {
        return status;
    }
    if (group->other_count == 0 || holds(group->others, group->other_count, group->formal)) {
        return tf_yaml_fail(node, error, "\"%s\" needs other names than itself under also",
                            group->formal);
    }
    for (const tf_nickname_group *other = pack->nicknames; other < group; other++) {
        if (same(other->formal, group->formal)) {
            return tf_yaml_fail(node, error, "\"%s\" is the name of two groups; make them one",
                                group->formal);
        }
    }
    return TF_OK;
}

static tf_status read_nicknames(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    const tf_yaml *list = NULL;
    tf_status status = read_list(pack, file, "groups", &list, error);
    if (status) {
        return status;
    }
    pack->nicknames = tf_pack_allocate(pack, list->count, sizeof *pack->nicknames, error);
    if (!pack->nicknames) {
        return TF_NO_MEMORY;
    }
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_nickname_group(pack, node, &pack->nicknames[pack->nickname_count], error);
        pack->nickname_count++;
    }
    return status;
}

static tf_status read_missing_list(tf_pack *pack, const tf_yaml *node, tf_missing_list *list,
                                   tf_error *error) {
    static const char *const fields[] = {"field", "values", NULL};
    const char *field = NULL;
    tf_status status = tf_yaml_expect(node, fields, error);
    if (!status) {
        status = tf_yaml_get_text(node, "field", &field, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "values", pack->arena, &list->values, &list->value_count,
                                    error);
    }
    if (status) {
        return status;
    }
    list->field = tf_person_field_by_name(tf_text_of(field));
    if (list->field == TF_PERSON_COUNT && strcmp(field, "any") != 0) {
        return tf_yaml_fail(node, error, "\"%s\" is no field of a person's record; correct it",
                            field);
    }
    return TF_OK;
}

static tf_status read_missing(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    const tf_yaml *list = NULL;
    tf_status status = read_list(pack, file, "fields", &list, error);
    if (status) {
        return status;
    }
    pack->missing = tf_pack_allocate(pack, list->count, sizeof *pack->missing, error);
    if (!pack->missing) {
        return TF_NO_MEMORY;
    }
    for (const tf_yaml *node = list->first; node && !status; node = node->next) {
        status = read_missing_list(pack, node, &pack->missing[pack->missing_count], error);
        pack->missing_count++;
    }
    return status;
}

tf_status tf_pack_read(const tf_embedded_file files[TF_PACK_FILE_COUNT], tf_pack **pack_out,
                       tf_error *error) {
    *pack_out = NULL;
    tf_pack *pack = tf_alloc_zeroed(1, sizeof *pack);
    if (!pack || !(pack->arena = tf_arena_new())) {
        tf_free(pack);
        return tf_fail_no_memory(error);
    }
    tf_status status = read_groups(pack, &files[GROUPS], error);
    if (!status) {
        status = read_weights(pack, &files[WEIGHTS], error);
    }
    if (!status) {
        status = read_outcomes(pack, &files[OUTCOMES], error);
    }
    if (!status) {
        status = read_forces(pack, &files[FORCES], error);
    }
    if (!status) {
        status = read_nicknames(pack, &files[NICKNAMES], error);
    }
    if (!status) {
        status = read_missing(pack, &files[MISSING], error);
    }
    if (!status) {
        status = tf_pack_read_access(pack, &files[ACCESS], error);
    }
    if (!status) {
        status = tf_pack_read_triage(pack, &files[TRIAGE], error);
    }
    if (status) {
        tf_pack_free(pack);
        return status;
    }
    *pack_out = pack;
    return TF_OK;
}
