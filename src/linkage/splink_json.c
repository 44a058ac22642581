/* What Splink's save_model_to_json wrote (splink 4.0.16 and 5.0.0, Settings.as_dict). */
#include "linkage/condition_internal.h"
#include "linkage/fields_internal.h"

#include <math.h>

enum { MAX_RULES = 256 };

typedef struct splink_reader {
    tf_link_model *model;
    tf_link_templates templates;
    tf_arena *scratch;
    tf_error *error;
} splink_reader;

static const char *const any_member[] = {NULL};

static tf_status read_splink_level(splink_reader *reader, const tf_json_value *object,
                                   const char *place, tf_link_level *level) {
    static const char *const known[] = {"sql_condition",
                                        "label_for_charts",
                                        "m_probability",
                                        "u_probability",
                                        "fix_m_probability",
                                        "fix_u_probability",
                                        "tf_adjustment_column",
                                        "tf_adjustment_weight",
                                        "tf_minimum_u_value",
                                        "is_null_level",
                                        "disable_tf_exact_match_detection",
                                        "comparison_vector_value",
                                        NULL};
    tf_link_fields fields;
    const char *sql = NULL;
    *level = (tf_link_level){.label = "", .m = NAN, .u = NAN, .tf_weight = 1};
    tf_status status =
        tf_link_fields_open(object, place, known, reader->model->arena, &fields, reader->error);
    status = status ? status : tf_link_field_text(&fields, "sql_condition", &sql);
    status = status ? status : tf_link_field_text(&fields, "label_for_charts", &level->label);
    status = status ? status : tf_link_field_number(&fields, "m_probability", &level->m);
    status = status ? status : tf_link_field_number(&fields, "u_probability", &level->u);
    status = status ? status : tf_link_field_bool(&fields, "fix_m_probability", &level->is_m_fixed);
    status = status ? status : tf_link_field_bool(&fields, "fix_u_probability", &level->is_u_fixed);
    status =
        status ? status : tf_link_field_text(&fields, "tf_adjustment_column", &level->tf_column);
    status =
        status ? status : tf_link_field_number(&fields, "tf_adjustment_weight", &level->tf_weight);
    status =
        status ? status : tf_link_field_number(&fields, "tf_minimum_u_value", &level->tf_minimum_u);
    status = status ? status : tf_link_field_bool(&fields, "is_null_level", &level->is_null);
    status =
        status ? status
               : tf_link_field_bool(&fields, "disable_tf_exact_match_detection", &level->tf_own_u);
    if (status) {
        return status;
    }
    if (!sql) {
        return tf_link_field_fail(&fields, "sql_condition", "is missing; save the model again");
    }
    status = tf_link_condition_read_sql(&reader->templates, tf_text_of(sql), reader->model->arena,
                                        &level->condition, reader->error);
    if (status) {
        tf_error_set_place(reader->error, place);
    }
    return status;
}

static tf_status read_splink_comparison(splink_reader *reader, const tf_json_value *object,
                                        int number, tf_link_comparison *comparison) {
    tf_link_fields fields;
    const tf_json_value *levels = NULL;
    tf_arena *arena = reader->model->arena;
    const char *place = tf_arena_format(reader->scratch, "comparison %d", number);
    *comparison = (tf_link_comparison){.name = "", .description = ""};
    if (!place) {
        return tf_fail_no_memory(reader->error);
    }
    tf_status status =
        tf_link_fields_open(object, place, any_member, arena, &fields, reader->error);
    status = status ? status : tf_link_field_text(&fields, "output_column_name", &comparison->name);
    status = status
                 ? status
                 : tf_link_field_text(&fields, "comparison_description", &comparison->description);
    status = status ? status
                    : tf_link_field_list(&fields, "comparison_levels", TF_LINK_MAX_LEVELS, &levels,
                                         &comparison->level_count);
    if (status) {
        return status;
    }
    comparison->levels =
        tf_arena_alloc(arena, (size_t)comparison->level_count, sizeof *comparison->levels);
    if (!comparison->levels) {
        return tf_fail_no_memory(reader->error);
    }
    for (int i = 0; i < comparison->level_count && !status; i++) {
        place =
            tf_arena_format(reader->scratch, "comparison %.80s, level %d", comparison->name, i + 1);
        status = place ? read_splink_level(reader, tf_json_item(levels, (size_t)i), place,
                                           &comparison->levels[i])
                       : tf_fail_no_memory(reader->error);
    }
    return status;
}

static tf_status read_splink_rule(splink_reader *reader, const tf_json_value *value, int number,
                                  tf_link_rule *rule) {
    const char *sql = NULL;
    const char **exploded = NULL;
    int exploded_count = 0;
    tf_text text;
    tf_status status = TF_OK;
    const char *place = tf_arena_format(reader->scratch, "blocking rule %d", number);
    if (!place) {
        return tf_fail_no_memory(reader->error);
    }
    if (!tf_json_get_text(value, &text)) {
        tf_link_fields fields;
        status = tf_link_fields_open(value, place, any_member, reader->model->arena, &fields,
                                     reader->error);
        status = status ? status : tf_link_field_text(&fields, "blocking_rule", &sql);
        status =
            status ? status
                   : tf_link_field_texts(&fields, "arrays_to_explode", &exploded, &exploded_count);
        if (!status && !sql) {
            status =
                tf_link_field_fail(&fields, "blocking_rule", "is missing; save the model again");
        }
        text = tf_text_of(sql);
    }
    if (!status) {
        status = tf_link_rule_read_sql(text, exploded, exploded_count, reader->model->arena, rule,
                                       reader->error);
        if (status) {
            tf_error_set_place(reader->error, place);
        }
    }
    return status;
}

static tf_status read_link_type(const tf_link_fields *fields, tf_link_model *model) {
    static const char *const names[] = {"dedupe_only", "link_only", "link_and_dedupe"};
    const char *name = names[0];
    tf_status status = tf_link_field_text(fields, "link_type", &name);
    for (int i = 0; i < 3 && !status; i++) {
        if (strcmp(names[i], name) == 0) {
            model->type = (tf_link_type)i;
            return TF_OK;
        }
    }
    return status ? status
                  : tf_link_field_fail(fields, "link_type",
                                       "is none of dedupe_only, link_only and link_and_dedupe");
}

static tf_status read_head(const tf_link_fields *fields, tf_link_model *model) {
    const char *dialect = "duckdb";
    tf_status status = tf_link_field_text(fields, "sql_dialect", &dialect);
    if (!status && strcmp(dialect, "duckdb") != 0) {
        return tf_fail(fields->error, TF_UNSUPPORTED, fields->place, 0,
                       "the model's conditions are in the SQL of %.40s; save it from Splink with "
                       "DuckDB",
                       dialect);
    }
    status = status ? status : read_link_type(fields, model);
    status = status ? status
                    : tf_link_field_number(fields, "probability_two_random_records_match",
                                           &model->prior);
    status = status ? status
                    : tf_link_field_texts(fields, "additional_columns_to_retain",
                                          &model->kept_columns, &model->kept_count);
    status =
        status ? status : tf_link_field_text(fields, "unique_id_column_name", &model->id_column);
    return status ? status
                  : tf_link_field_text(fields, "source_dataset_column_name", &model->source_column);
}

static tf_status read_body(splink_reader *reader, const tf_link_fields *fields) {
    tf_link_model *model = reader->model;
    const tf_json_value *list;
    tf_status status = tf_link_field_list(fields, "comparisons", TF_LINK_MAX_COMPARISONS, &list,
                                          &model->comparison_count);
    if (status) {
        return status;
    }
    model->comparisons =
        tf_arena_alloc(model->arena, (size_t)model->comparison_count, sizeof *model->comparisons);
    for (int i = 0; i < model->comparison_count && model->comparisons && !status; i++) {
        status = read_splink_comparison(reader, tf_json_item(list, (size_t)i), i + 1,
                                        &model->comparisons[i]);
    }
    if (status || !model->comparisons) {
        return status ? status : tf_fail_no_memory(reader->error);
    }
    status = tf_link_field_list(fields, "blocking_rules_to_generate_predictions", MAX_RULES, &list,
                                &model->rule_count);
    if (status) {
        return status;
    }
    model->rules = tf_arena_alloc(model->arena, (size_t)model->rule_count, sizeof *model->rules);
    for (int i = 0; i < model->rule_count && model->rules && !status; i++) {
        status = read_splink_rule(reader, tf_json_item(list, (size_t)i), i + 1, &model->rules[i]);
    }
    return model->rules ? status : tf_fail_no_memory(reader->error);
}

tf_status tf_link_splink_read(const tf_json_value *root, tf_link_model *model, tf_error *error) {
    splink_reader reader = {.model = model, .scratch = tf_arena_new(), .error = error};
    tf_link_fields fields;
    if (!reader.scratch) {
        return tf_fail_no_memory(error);
    }
    model->compares_bytes = true; /* as DuckDB does */
    tf_status status = tf_link_templates_parse(reader.scratch, &reader.templates, error);
    status = status ? status
                    : tf_link_fields_open(root, "Splink's model", any_member, model->arena, &fields,
                                          error);
    status = status ? status : read_head(&fields, model);
    status = status ? status : read_body(&reader, &fields);
    tf_arena_free(reader.scratch);
    return status;
}
