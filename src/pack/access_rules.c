#include "pack_internal.h"

static const char *const action_names[TF_ACTION_COUNT] = {
    [TF_ACTION_COLLECT] = "collect",   [TF_ACTION_CONSULT] = "consult", [TF_ACTION_ALTER] = "alter",
    [TF_ACTION_DISCLOSE] = "disclose", [TF_ACTION_COMBINE] = "combine", [TF_ACTION_ERASE] = "erase",
};

static const char *const reach_names[TF_REACH_COUNT] = {
    [TF_REACH_ASSIGNED] = "assigned",
    [TF_REACH_OWN] = "own",
    [TF_REACH_SHARED] = "shared",
    [TF_REACH_ALL] = "all",
};

/* The program is written about these; a pack without one of them would not do. */
static const char *const needed_categories[] = {
    "concern",      "intelligence", "person",  "case",      "treatment", "account",    "audit",
    "organisation", "agreement",    "setting", "open-data", "form",      "statistics", "backup",
};

const char *tf_action_name(tf_action action) {
    return action_names[action];
}

const tf_access_rules *tf_pack_access_rules(const tf_pack *pack) {
    return &pack->access;
}

/* ---- finding ---- */

int tf_access_category(const tf_access_rules *rules, const char *name) {
    for (size_t i = 0; i < rules->category_count; i++) {
        if (strcmp(rules->categories[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int tf_access_purpose(const tf_access_rules *rules, const char *name) {
    for (size_t i = 0; i < rules->purpose_count; i++) {
        if (strcmp(rules->purposes[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int tf_access_lawful_basis(const tf_access_rules *rules, const char *name) {
    for (size_t i = 0; i < rules->lawful_basis_count; i++) {
        if (strcmp(rules->lawful_bases[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int tf_access_role(const tf_access_rules *rules, const char *name) {
    for (size_t i = 0; i < rules->role_count; i++) {
        if (strcmp(rules->roles[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int tf_access_field(const tf_category *category, const char *name) {
    for (size_t i = 0; i < category->field_count; i++) {
        if (strcmp(category->fields[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

uint32_t tf_access_all_fields(const tf_category *category) {
    size_t count = category->field_count;
    return count == 0 || count >= TF_MOST_FIELDS ? UINT32_MAX : (UINT32_C(1) << count) - 1;
}

/* ---- reading ---- */

/* A list that is not empty, and room for its items. */
static tf_status begin_list(tf_pack *pack, const tf_yaml *parent, const char *name, size_t most,
                            size_t size, const tf_yaml **list_out, void **items_out,
                            tf_error *error) {
    tf_status status = tf_yaml_get_list(parent, name, list_out, error);
    if (!status && (*list_out)->count > most) {
        status = tf_yaml_fail(*list_out, error, "there are more than %zu; make them fewer", most);
    }
    if (!status) {
        *items_out = tf_pack_allocate(pack, (*list_out)->count, size, error);
        status = *items_out ? TF_OK : TF_NO_MEMORY;
    }
    return status;
}

/* A name, which stands in the database and in commands, and a title for people. */
static tf_status read_name(const tf_yaml *node, const char **name_out, const char **title_out,
                           tf_error *error) {
    tf_status status = tf_yaml_get_text(node, "name", name_out, error);
    if (!status) {
        status = tf_yaml_get_text(node, "title", title_out, error);
    }
    for (const char *c = status ? "" : *name_out; *c; c++) {
        if (!(*c >= 'a' && *c <= 'z') && *c != '-') {
            return tf_yaml_fail(node, error,
                                "\"%s\" cannot be a name; use lower-case letters and hyphens",
                                *name_out);
        }
    }
    return status;
}

static tf_status fail_twice(const tf_yaml *node, const char *kind, const char *name,
                            tf_error *error) {
    return tf_yaml_fail(node, error, "the %s \"%s\" is given twice; take one out", kind, name);
}

static tf_status find_flag(const tf_yaml *node, const char *name, bool *flag_out, tf_error *error) {
    const char *text = NULL;
    tf_status status = tf_yaml_find_text(node, name, &text, error);
    *flag_out = text && strcmp(text, "true") == 0;
    if (!status && text && !*flag_out && strcmp(text, "false") != 0) {
        status = tf_yaml_fail(node, error, "\"%s\" must be true or false", name);
    }
    return status;
}

static tf_status read_purposes(tf_pack *pack, const tf_yaml *root, tf_error *error) {
    static const char *const names[] = {"name", "title", NULL};
    tf_access_rules *rules = &pack->access;
    const tf_yaml *list = NULL;
    void *items = NULL;
    tf_status status = begin_list(pack, root, "purposes", TF_MOST_PURPOSES, sizeof(tf_purpose),
                                  &list, &items, error);
    tf_purpose *purpose = items;
    rules->purposes = items;
    for (const tf_yaml *node = status ? NULL : list->first; node && !status; node = node->next) {
        status = tf_yaml_expect(node, names, error);
        if (!status) {
            status = read_name(node, &purpose->name, &purpose->title, error);
        }
        if (!status && tf_access_purpose(rules, purpose->name) >= 0) {
            status = fail_twice(node, "purpose", purpose->name, error);
        }
        purpose++;
        rules->purpose_count += !status;
    }
    return status;
}

static tf_status read_lawful_bases(tf_pack *pack, const tf_yaml *root, tf_error *error) {
    enum { MOST_LAWFUL_BASES = 64 };
    static const char *const names[] = {"name", "title", NULL};
    tf_access_rules *rules = &pack->access;
    const tf_yaml *list = NULL;
    void *items = NULL;
    tf_status status = begin_list(pack, root, "lawful_bases", MOST_LAWFUL_BASES,
                                  sizeof(tf_lawful_basis), &list, &items, error);
    tf_lawful_basis *basis = items;
    rules->lawful_bases = items;
    for (const tf_yaml *node = status ? NULL : list->first; node && !status; node = node->next) {
        status = tf_yaml_expect(node, names, error);
        if (!status) {
            status = read_name(node, &basis->name, &basis->title, error);
        }
        if (!status && tf_access_lawful_basis(rules, basis->name) >= 0) {
            status = fail_twice(node, "lawful basis", basis->name, error);
        }
        basis++;
        rules->lawful_basis_count += !status;
    }
    return status;
}

/* ---- categories ---- */

static tf_status read_category_fields(tf_pack *pack, const tf_yaml *parent, tf_category *category,
                                      tf_error *error) {
    static const char *const names[] = {"name", "title", NULL};
    if (!tf_yaml_has(parent, "fields")) {
        return TF_OK;
    }
    const tf_yaml *list = NULL;
    void *items = NULL;
    tf_status status = begin_list(pack, parent, "fields", TF_MOST_FIELDS, sizeof(tf_data_field),
                                  &list, &items, error);
    tf_data_field *field = items;
    category->fields = items;
    for (const tf_yaml *node = status ? NULL : list->first; node && !status; node = node->next) {
        status = tf_yaml_expect(node, names, error);
        if (!status) {
            status = read_name(node, &field->name, &field->title, error);
        }
        if (!status && tf_access_field(category, field->name) >= 0) {
            status = fail_twice(node, "field", field->name, error);
        }
        field++;
        category->field_count += !status;
    }
    return status;
}

static tf_status read_category_purposes(tf_pack *pack, const tf_yaml *node, tf_category *category,
                                        tf_error *error) {
    const char *const *names = NULL;
    size_t count = 0;
    tf_status status = tf_yaml_find_texts(node, "purposes", pack->arena, &names, &count, error);
    if (!status && category->is_personal != (count > 0)) {
        return tf_yaml_fail(node, error,
                            category->is_personal
                                ? "personal data needs the purposes that it may be used for"
                                : "only personal data has purposes; say \"personal: true\" or "
                                  "take them out");
    }
    for (size_t i = 0; !status && i < count; i++) {
        int purpose = tf_access_purpose(&pack->access, names[i]);
        if (purpose < 0) {
            return tf_yaml_fail(node, error, "\"%s\" is not among the purposes above", names[i]);
        }
        category->purposes |= UINT64_C(1) << purpose;
    }
    return status;
}

static tf_status read_category(tf_pack *pack, const tf_yaml *node, tf_category *category,
                               tf_error *error) {
    static const char *const names[] = {"name",     "title",  "personal", "content",
                                        "purposes", "fields", NULL};
    tf_status status = tf_yaml_expect(node, names, error);
    if (!status) {
        status = read_name(node, &category->name, &category->title, error);
    }
    if (!status) {
        status = find_flag(node, "personal", &category->is_personal, error);
    }
    if (!status) {
        status = find_flag(node, "content", &category->is_content, error);
    }
    if (!status && category->is_content && !category->is_personal) {
        status = tf_yaml_fail(node, error, "content is personal data; say \"personal: true\"");
    }
    if (!status) {
        status = read_category_purposes(pack, node, category, error);
    }
    return status ? status : read_category_fields(pack, node, category, error);
}

static tf_status read_categories(tf_pack *pack, const tf_yaml *root, tf_error *error) {
    tf_access_rules *rules = &pack->access;
    const tf_yaml *list = NULL;
    void *items = NULL;
    tf_status status = begin_list(pack, root, "categories", TF_MOST_CATEGORIES, sizeof(tf_category),
                                  &list, &items, error);
    tf_category *category = items;
    rules->categories = items;
    for (const tf_yaml *node = status ? NULL : list->first; node && !status; node = node->next) {
        status = read_category(pack, node, category, error);
        if (!status && tf_access_category(rules, category->name) >= 0) {
            status = fail_twice(node, "category", category->name, error);
        }
        category++;
        rules->category_count += !status;
    }
    for (size_t i = 0; !status && i < sizeof needed_categories / sizeof *needed_categories; i++) {
        if (tf_access_category(rules, needed_categories[i]) < 0) {
            status = tf_yaml_fail(list, error, "the category \"%s\" is missing; add it",
                                  needed_categories[i]);
        }
    }
    return status;
}

/* ---- roles ---- */

static int find_name(const char *const *names, int count, const char *name) {
    for (int i = 0; i < count; i++) {
        if (names[i] && strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static tf_status read_grant_fields(tf_pack *pack, const tf_yaml *node, const tf_category *category,
                                   uint32_t *fields_out, tf_error *error) {
    const char *const *names = NULL;
    size_t count = 0;
    *fields_out = tf_access_all_fields(category);
    tf_status status = tf_yaml_find_texts(node, "fields", pack->arena, &names, &count, error);
    if (status || !tf_yaml_has(node, "fields")) {
        return status;
    }
    *fields_out = 0;
    for (size_t i = 0; i < count; i++) {
        int field = tf_access_field(category, names[i]);
        if (field < 0) {
            return tf_yaml_fail(node, error, "the category \"%s\" has no field \"%s\"",
                                category->name, names[i]);
        }
        *fields_out |= UINT32_C(1) << field;
    }
    return TF_OK;
}

static tf_status add_grant(const tf_yaml *node, tf_role *role, const tf_category *category,
                           int category_index, const char *action_name, tf_grant grant,
                           tf_error *error) {
    int action = find_name(action_names, TF_ACTION_COUNT, action_name);
    if (action < 0) {
        return tf_yaml_fail(node, error,
                            "\"%s\" is no action; use collect, consult, alter, disclose, combine "
                            "or erase",
                            action_name);
    }
    if (category->is_content && grant.reach == TF_REACH_ALL && action != TF_ACTION_COLLECT) {
        return tf_yaml_fail(node, error,
                            "nobody may %s all of the category \"%s\"; use assigned, own or shared",
                            action_name, category->name);
    }
    tf_grant *place = &role->grants[category_index][action];
    if (place->reach != TF_REACH_NONE) {
        return tf_yaml_fail(node, error,
                            "what \"%s\" may %s of \"%s\" is given twice; take one out", role->name,
                            action_name, category->name);
    }
    *place = grant;
    return TF_OK;
}

static tf_status read_grant(tf_pack *pack, const tf_yaml *node, tf_role *role, tf_error *error) {
    static const char *const names[] = {"actions", "category", "reach", "fields", NULL};
    const tf_yaml *list = NULL;
    const char *category_name = NULL;
    const char *reach_name = NULL;
    const char *const *actions = NULL;
    size_t action_count = 0;
    tf_status status = tf_yaml_expect(node, names, error);
    if (!status) {
        status = tf_yaml_get_text(node, "category", &category_name, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "reach", &reach_name, error);
    }
    if (!status) {
        status = tf_yaml_get_list(node, "actions", &list, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "actions", pack->arena, &actions, &action_count, error);
    }
    if (status) {
        return status;
    }
    int index = tf_access_category(&pack->access, category_name);
    if (index < 0) {
        return tf_yaml_fail(node, error, "\"%s\" is not among the categories above", category_name);
    }
    const tf_category *category = &pack->access.categories[index];
    int reach = find_name(reach_names, TF_REACH_COUNT, reach_name);
    if (reach < 0) {
        return tf_yaml_fail(node, error, "\"%s\" is no reach; use assigned, own, shared or all",
                            reach_name);
    }
    tf_grant grant = {.reach = (tf_reach)reach};
    status = read_grant_fields(pack, node, category, &grant.fields, error);
    for (size_t i = 0; !status && i < action_count; i++) {
        status = add_grant(node, role, category, index, actions[i], grant, error);
    }
    return status;
}

static tf_status read_role(tf_pack *pack, const tf_yaml *node, tf_role *role, tf_error *error) {
    static const char *const names[] = {"name",     "title",    "help", "emergencies",
                                        "everyone", "operator", "may",  NULL};
    const tf_yaml *list = NULL;
    tf_status status = tf_yaml_expect(node, names, error);
    if (!status) {
        status = read_name(node, &role->name, &role->title, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "help", &role->help, error);
    }
    if (!status) {
        status = find_flag(node, "emergencies", &role->in_emergencies, error);
    }
    if (!status) {
        status = find_flag(node, "everyone", &role->is_everyones, error);
    }
    if (!status) {
        status = find_flag(node, "operator", &role->is_operators, error);
    }
    if (!status) {
        status = tf_yaml_get_list(node, "may", &list, error);
    }
    for (const tf_yaml *item = status ? NULL : list->first; item && !status; item = item->next) {
        status = read_grant(pack, item, role, error);
    }
    return status;
}

static tf_status read_roles(tf_pack *pack, const tf_yaml *root, tf_error *error) {
    tf_access_rules *rules = &pack->access;
    const tf_yaml *list = NULL;
    void *items = NULL;
    tf_status status =
        begin_list(pack, root, "roles", TF_MOST_ROLES, sizeof(tf_role), &list, &items, error);
    tf_role *role = items;
    rules->roles = items;
    for (const tf_yaml *node = status ? NULL : list->first; node && !status; node = node->next) {
        status = read_role(pack, node, role, error);
        if (!status && tf_access_role(rules, role->name) >= 0) {
            status = fail_twice(node, "role", role->name, error);
        }
        role++;
        rules->role_count += !status;
    }
    return status;
}

static tf_status find_role(const tf_access_rules *rules, const tf_yaml *node, const char *name,
                           int *role_out, tf_error *error) {
    *role_out = tf_access_role(rules, name);
    return *role_out >= 0 ? TF_OK
                          : tf_yaml_fail(node, error, "\"%s\" is not among the roles above", name);
}

static tf_status read_roles_apart(tf_pack *pack, const tf_yaml *node, tf_roles_apart *apart,
                                  tf_error *error) {
    static const char *const names[] = {"role", "from", "why", NULL};
    const char *name = NULL;
    const char *const *others = NULL;
    size_t count = 0;
    int role = -1;
    tf_status status = tf_yaml_expect(node, names, error);
    if (!status) {
        status = tf_yaml_get_text(node, "role", &name, error);
    }
    if (!status) {
        status = find_role(&pack->access, node, name, &apart->role, error);
    }
    if (!status) {
        status = tf_yaml_get_text(node, "why", &apart->why, error);
    }
    if (!status) {
        status = tf_yaml_find_texts(node, "from", pack->arena, &others, &count, error);
    }
    for (size_t i = 0; !status && i < count; i++) {
        status = find_role(&pack->access, node, others[i], &role, error);
        if (!status) {
            apart->from |= UINT32_C(1) << role;
        }
    }
    return status;
}

static tf_status read_apart(tf_pack *pack, const tf_yaml *root, tf_error *error) {
    tf_access_rules *rules = &pack->access;
    const tf_yaml *list = NULL;
    void *items = NULL;
    if (!tf_yaml_has(root, "apart")) {
        return TF_OK;
    }
    tf_status status = begin_list(pack, root, "apart", TF_MOST_ROLES, sizeof(tf_roles_apart), &list,
                                  &items, error);
    tf_roles_apart *apart = items;
    rules->apart = items;
    for (const tf_yaml *node = status ? NULL : list->first; node && !status; node = node->next) {
        status = read_roles_apart(pack, node, apart++, error);
        rules->apart_count += !status;
    }
    return status;
}

tf_status tf_pack_read_access(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    static const char *const names[] = {"version",    "date",  "source", "purposes", "lawful_bases",
                                        "categories", "roles", "apart",  NULL};
    const tf_yaml *root = NULL;
    const char *text = NULL;
    tf_status status = tf_pack_read_file(pack, file, names, &root, &text, error);
    if (!status) {
        status = tf_yaml_get_text(root, "version", &text, error);
    }
    if (!status && !tf_parse_int64(tf_text_of(text), &pack->access.version)) {
        status = tf_yaml_fail(root, error, "the version must be a whole number from 1 on");
    }
    if (!status) {
        status = read_purposes(pack, root, error);
    }
    if (!status) {
        status = read_lawful_bases(pack, root, error);
    }
    if (!status) {
        status = read_categories(pack, root, error);
    }
    if (!status) {
        status = read_roles(pack, root, error);
    }
    return status ? status : read_apart(pack, root, error);
}
