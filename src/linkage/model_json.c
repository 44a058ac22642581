#include "trefoil/linkage/model_json.h"

#include "linkage/condition_internal.h"
#include "linkage/fields_internal.h"
#include "trefoil/base/json.h"
#include "trefoil/linkage/records.h"

#include <math.h>

enum { MAX_RULES = 256 };

static const char format_name[] = "trefoil-link";
static const char *const link_types[] = {"dedupe", "between", "both"};
static const char *const text_units[] = {"letters", "bytes"};

static tf_status read_term_frequency(const tf_link_fields *level_fields, tf_link_level *level) {
    static const char *const known[] = {"column", "weight", "minimum_u", "own_u", NULL};
    const tf_json_value *object = tf_json_member(level_fields->object, "term_frequency");
    tf_link_fields fields;
    if (!object) {
        return TF_OK;
    }
    tf_status status = tf_link_fields_open(object, level_fields->place, known, level_fields->arena,
                                           &fields, level_fields->error);
    status = status ? status : tf_link_field_text(&fields, "column", &level->tf_column);
    status = status ? status : tf_link_field_number(&fields, "weight", &level->tf_weight);
    status = status ? status : tf_link_field_number(&fields, "minimum_u", &level->tf_minimum_u);
    status = status ? status : tf_link_field_bool(&fields, "own_u", &level->tf_own_u);
    if (!status && !level->tf_column) {
        status = tf_link_field_fail(&fields, "term_frequency", "has no \"column\"; name one");
    }
    return status;
}

static tf_status read_level(const tf_json_value *object, const char *place, tf_arena *arena,
                            tf_link_level *level, tf_error *error) {
    static const char *const known[] = {"when",    "label",   "null",           "m", "u",
                                        "m_fixed", "u_fixed", "term_frequency", NULL};
    tf_link_fields fields;
    const char *when = NULL;
    *level = (tf_link_level){.label = "", .m = NAN, .u = NAN, .tf_weight = 1};
    tf_status status = tf_link_fields_open(object, place, known, arena, &fields, error);
    status = status ? status : tf_link_field_text(&fields, "when", &when);
    status = status ? status : tf_link_field_text(&fields, "label", &level->label);
    status = status ? status : tf_link_field_bool(&fields, "null", &level->is_null);
    status = status ? status : tf_link_field_number(&fields, "m", &level->m);
    status = status ? status : tf_link_field_number(&fields, "u", &level->u);
    status = status ? status : tf_link_field_bool(&fields, "m_fixed", &level->is_m_fixed);
    status = status ? status : tf_link_field_bool(&fields, "u_fixed", &level->is_u_fixed);
    status = status ? status : read_term_frequency(&fields, level);
    if (status) {
        return status;
    }
    if (!when) {
        return tf_link_field_fail(&fields, "when", "is missing; say when the level holds");
    }
    status = tf_link_condition_read(tf_text_of(when), arena, &level->condition, error);
    if (status) {
        tf_error_set_place(error, place);
    }
    return status;
}

static tf_status read_comparison(const tf_json_value *object, int number, tf_arena *arena,
                                 tf_link_comparison *comparison, tf_error *error) {
    static const char *const known[] = {"name", "description", "levels", NULL};
    tf_link_fields fields;
    const tf_json_value *levels = NULL;
    const char *place = tf_arena_format(arena, "comparison %d", number);
    *comparison = (tf_link_comparison){.name = "", .description = ""};
    tf_status status = place ? tf_link_fields_open(object, place, known, arena, &fields, error)
                             : tf_fail_no_memory(error);
    status = status ? status : tf_link_field_text(&fields, "name", &comparison->name);
    status = status ? status : tf_link_field_text(&fields, "description", &comparison->description);
    status = status ? status
                    : tf_link_field_list(&fields, "levels", TF_LINK_MAX_LEVELS, &levels,
                                         &comparison->level_count);
    if (status) {
        return status;
    }
    comparison->levels =
        tf_arena_alloc(arena, (size_t)comparison->level_count, sizeof *comparison->levels);
    if (!comparison->levels) {
        return tf_fail_no_memory(error);
    }
    for (int i = 0; i < comparison->level_count && !status; i++) {
        place = tf_arena_format(arena, "comparison %.80s, level %d", comparison->name, i + 1);
        status = place ? read_level(tf_json_item(levels, (size_t)i), place, arena,
                                    &comparison->levels[i], error)
                       : tf_fail_no_memory(error);
    }
    return status;
}

/* A list of keys, or the one key as it is. */
static tf_status read_rule(const tf_json_value *value, int number, tf_arena *arena,
                           tf_link_rule *rule, tf_error *error) {
    size_t count = tf_json_type_of(value) == TF_JSON_ARRAY ? tf_json_count(value) : 1;
    const char *place = tf_arena_format(arena, "blocking rule %d", number);
    if (!place) {
        return tf_fail_no_memory(error);
    }
    if (count == 0 || count > TF_LINK_MAX_KEYS) {
        return tf_fail(error, TF_BAD_INPUT, place, 0,
                       "the rule has %zu keys; give at least one and at most %d", count,
                       TF_LINK_MAX_KEYS);
    }
    rule->keys = tf_arena_alloc(arena, count, sizeof *rule->keys);
    if (!rule->keys) {
        return tf_fail_no_memory(error);
    }
    rule->key_count = (int)count;
    for (size_t i = 0; i < count; i++) {
        tf_text text;
        const tf_json_value *key =
            tf_json_type_of(value) == TF_JSON_ARRAY ? tf_json_item(value, i) : value;
        if (!tf_json_get_text(key, &text)) {
            return tf_fail(error, TF_BAD_INPUT, place, 0,
                           "a key is %s; give columns or expressions of columns as text",
                           tf_json_type_name(tf_json_type_of(key)));
        }
        tf_status status = tf_link_key_read(text, arena, &rule->keys[i], error);
        if (status) {
            tf_error_set_place(error, place);
            return status;
        }
    }
    return TF_OK;
}

static tf_status read_type(const tf_link_fields *fields, tf_link_model *model) {
    const char *name = link_types[0];
    tf_status status = tf_link_field_text(fields, "link_type", &name);
    for (int i = 0; i < 3 && !status; i++) {
        if (strcmp(name, link_types[i]) == 0) {
            model->type = (tf_link_type)i;
            return TF_OK;
        }
    }
    return status ? status
                  : tf_link_field_fail(fields, "link_type",
                                       "is none of \"dedupe\", \"between\" and \"both\"");
}

static tf_status read_text_unit(const tf_link_fields *fields, tf_link_model *model) {
    const char *name = text_units[model->compares_bytes];
    tf_status status = tf_link_field_text(fields, "text", &name);
    for (int i = 0; i < 2 && !status; i++) {
        if (strcmp(name, text_units[i]) == 0) {
            model->compares_bytes = i == 1;
            return TF_OK;
        }
    }
    return status ? status
                  : tf_link_field_fail(fields, "text", "is neither \"letters\" nor \"bytes\"");
}

static tf_status read_column_field(const tf_link_fields *columns, const char *column,
                                   tf_link_column_field *field_out) {
    const char *name = NULL;
    tf_status status = tf_link_field_text(columns, column, &name);
    if (status) {
        return status;
    }
    field_out->field = name ? tf_person_field_by_name(tf_text_of(name)) : TF_PERSON_COUNT;
    if (field_out->field == TF_PERSON_COUNT) {
        return tf_link_field_fail(columns, column,
                                  "is said to hold nothing that this program knows; give it one "
                                  "of the names that docs/linkage.md lists");
    }
    field_out->column = tf_arena_copy_text(columns->arena, column, strlen(column));
    return field_out->column ? TF_OK : tf_fail_no_memory(columns->error);
}

static tf_status read_columns(const tf_link_fields *fields, tf_link_model *model) {
    static const char *const any_member[] = {NULL};
    const tf_json_value *object = tf_json_member(fields->object, "columns");
    tf_link_fields columns;
    if (!object || tf_json_type_of(object) == TF_JSON_NULL) {
        return TF_OK;
    }
    tf_status status = tf_link_fields_open(object, "the columns", any_member, fields->arena,
                                           &columns, fields->error);
    void *cursor = NULL;
    size_t count = 0;
    while (!status && tf_json_next_key(object, &cursor)) {
        count++;
    }
    if (status || count == 0) {
        return status;
    }
    if (count > TF_LINK_MAX_COLUMNS) {
        return tf_link_field_fail(fields, "columns", "names more columns than records can have");
    }
    model->fields = tf_arena_alloc(model->arena, count, sizeof *model->fields);
    if (!model->fields) {
        return tf_fail_no_memory(fields->error);
    }
    const char *column;
    for (cursor = NULL; !status && (column = tf_json_next_key(object, &cursor)) != NULL;) {
        status = read_column_field(&columns, column, &model->fields[model->field_count++]);
    }
    return status;
}

static tf_status read_rules(const tf_link_fields *fields, tf_link_model *model) {
    const tf_json_value *list;
    tf_status status = tf_link_field_list(fields, "blocking", MAX_RULES, &list, &model->rule_count);
    if (status) {
        return status;
    }
    model->rules = tf_arena_alloc(model->arena, (size_t)model->rule_count, sizeof *model->rules);
    if (!model->rules) {
        return tf_fail_no_memory(fields->error);
    }
    for (int i = 0; i < model->rule_count && !status; i++) {
        status = read_rule(tf_json_item(list, (size_t)i), i + 1, model->arena, &model->rules[i],
                           fields->error);
    }
    return status;
}

static tf_status read_comparisons(const tf_link_fields *fields, tf_link_model *model) {
    const tf_json_value *list;
    tf_status status = tf_link_field_list(fields, "comparisons", TF_LINK_MAX_COMPARISONS, &list,
                                          &model->comparison_count);
    if (status) {
        return status;
    }
    model->comparisons =
        tf_arena_alloc(model->arena, (size_t)model->comparison_count, sizeof *model->comparisons);
    if (!model->comparisons) {
        return tf_fail_no_memory(fields->error);
    }
    for (int i = 0; i < model->comparison_count && !status; i++) {
        status = read_comparison(tf_json_item(list, (size_t)i), i + 1, model->arena,
                                 &model->comparisons[i], fields->error);
    }
    return status;
}

tf_status tf_link_settings_read(const tf_json_value *root, tf_link_model *model, tf_error *error) {
    static const char *const known[] = {"format",   "link_type",   "prior",   "id",
                                        "source",   "text",        "columns", "keep",
                                        "blocking", "comparisons", NULL};
    tf_link_fields fields;
    tf_status status =
        tf_link_fields_open(root, "the settings", known, model->arena, &fields, error);
    status = status ? status : read_type(&fields, model);
    status = status ? status : tf_link_field_number(&fields, "prior", &model->prior);
    status = status ? status : tf_link_field_text(&fields, "id", &model->id_column);
    status = status ? status : tf_link_field_text(&fields, "source", &model->source_column);
    status = status ? status : read_text_unit(&fields, model);
    status = status ? status : read_columns(&fields, model);
    status = status
                 ? status
                 : tf_link_field_texts(&fields, "keep", &model->kept_columns, &model->kept_count);
    status = status ? status : read_rules(&fields, model);
    return status ? status : read_comparisons(&fields, model);
}

tf_status tf_link_model_read(tf_text json, tf_link_model **model_out, tf_error *error) {
    tf_json_value *root = NULL;
    tf_text format = {0};
    *model_out = NULL;
    tf_status status = tf_json_parse(json, 1, "the file of settings", &root, error);
    status = status ? status : tf_link_model_new(model_out, error);
    if (status) {
        goto done;
    }
    if (tf_json_get_text(tf_json_member(root, "format"), &format) &&
        tf_text_equal(format, tf_text_of(format_name))) {
        status = tf_link_settings_read(root, *model_out, error);
    } else if (!format.data && (tf_json_member(root, "sql_dialect") ||
                                tf_json_member(root, "probability_two_random_records_match"))) {
        status = tf_link_splink_read(root, *model_out, error);
    } else {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "this is neither a file of link settings (\"format\": \"%s\") nor a model "
                         "saved by Splink; give one of these",
                         format_name);
    }
    if (!status) {
        status = tf_link_model_check(*model_out, error);
    }
done:
    if (status) {
        tf_link_model_free(*model_out);
        *model_out = NULL;
    }
    tf_json_free(root);
    return status;
}

static void put_buffer(tf_json *json, tf_buffer *text, tf_buffer *out) {
    tf_json_text(json, (tf_text){text->data ? text->data : "", text->length});
    out->failed = out->failed || text->failed;
    text->length = 0;
}

static void put_known(tf_json *json, const char *key, double value) {
    if (!isnan(value)) {
        tf_json_put_double(json, key, value);
    }
}

static void put_flag(tf_json *json, const char *key, bool flag) {
    if (flag) {
        tf_json_key(json, key);
        tf_json_bool(json, true);
    }
}

static void put_level(tf_json *json, const tf_link_level *level, tf_buffer *text, tf_buffer *out) {
    tf_json_open_object(json);
    tf_json_key(json, "when");
    tf_link_condition_write(level->condition, text);
    put_buffer(json, text, out);
    if (level->label[0]) {
        tf_json_put_string(json, "label", level->label);
    }
    put_flag(json, "null", level->is_null);
    put_known(json, "m", level->m);
    put_known(json, "u", level->u);
    put_flag(json, "m_fixed", level->is_m_fixed);
    put_flag(json, "u_fixed", level->is_u_fixed);
    if (level->tf_column) {
        tf_json_key(json, "term_frequency");
        tf_json_open_object(json);
        tf_json_put_string(json, "column", level->tf_column);
        tf_json_put_double(json, "weight", level->tf_weight);
        tf_json_put_double(json, "minimum_u", level->tf_minimum_u);
        put_flag(json, "own_u", level->tf_own_u);
        tf_json_close_object(json);
    }
    tf_json_close_object(json);
}

static void put_columns(tf_json *json, const tf_link_model *model) {
    tf_json_key(json, "columns");
    tf_json_open_object(json);
    for (int i = 0; i < model->field_count; i++) {
        tf_json_put_string(json, model->fields[i].column,
                           tf_person_field_name(model->fields[i].field));
    }
    tf_json_close_object(json);
}

static void put_rules(tf_json *json, const tf_link_model *model, tf_buffer *text, tf_buffer *out) {
    tf_json_key(json, "blocking");
    tf_json_open_array(json);
    for (int i = 0; i < model->rule_count; i++) {
        tf_json_open_array(json);
        for (int k = 0; k < model->rules[i].key_count; k++) {
            tf_link_key_write(&model->rules[i].keys[k], text);
            put_buffer(json, text, out);
        }
        tf_json_close_array(json);
    }
    tf_json_close_array(json);
}

static void put_comparison(tf_json *json, const tf_link_comparison *comparison, tf_buffer *text,
                           tf_buffer *out) {
    tf_json_open_object(json);
    tf_json_put_string(json, "name", comparison->name);
    if (comparison->description[0]) {
        tf_json_put_string(json, "description", comparison->description);
    }
    tf_json_key(json, "levels");
    tf_json_open_array(json);
    for (int i = 0; i < comparison->level_count; i++) {
        put_level(json, &comparison->levels[i], text, out);
    }
    tf_json_close_array(json);
    tf_json_close_object(json);
}

tf_status tf_link_model_write(const tf_link_model *model, tf_buffer *buffer, tf_error *error) {
    tf_json json;
    tf_buffer text;
    tf_buffer_init(&text);
    tf_json_init(&json, buffer, true);
    tf_json_open_object(&json);
    tf_json_put_string(&json, "format", format_name);
    tf_json_put_string(&json, "link_type", link_types[model->type]);
    put_known(&json, "prior", model->prior);
    tf_json_put_string(&json, "id", model->id_column);
    tf_json_put_string(&json, "source", model->source_column);
    tf_json_put_string(&json, "text", text_units[model->compares_bytes]);
    put_columns(&json, model);
    tf_json_key(&json, "keep");
    tf_json_open_array(&json);
    for (int i = 0; i < model->kept_count; i++) {
        tf_json_string(&json, model->kept_columns[i]);
    }
    tf_json_close_array(&json);
    put_rules(&json, model, &text, buffer);
    tf_json_key(&json, "comparisons");
    tf_json_open_array(&json);
    for (int i = 0; i < model->comparison_count; i++) {
        put_comparison(&json, &model->comparisons[i], &text, buffer);
    }
    tf_json_close_array(&json);
    tf_json_close_object(&json);
    tf_buffer_append_text(buffer, "\n");
    tf_buffer_deinit(&text);
    return tf_buffer_check(buffer, error);
}
