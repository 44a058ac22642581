/* Splink's conditions and blocking rules, in DuckDB's SQL, as trees of ours. */
#include "linkage/condition_internal.h"

#include <math.h>

/* The shapes in which Splink prints its levels (splink 4.0.16 and 5.0.0, comparison_level_library;
 * tests/oracle/splink_oracle.py prints them all).  Holes: $l1 and $r1 are one value on the left and
 * right, $l2 and $r2 another, $n a number, $t a literal. */
#define PAIRS(outer, measure, relation)                                                            \
    outer "(list_transform(flatten(list_transform($l1, x -> list_transform($r1, y -> [x, y]))), "  \
          "pair -> " measure "(pair[1], pair[2]))) " relation " $n"
#define COSINE                                                                                     \
    "(sin(radians($l1)) * sin(radians($r1)) + "                                                    \
    "cos(radians($l1)) * cos(radians($r1)) * cos(radians($r2 - $l2)))"
#define KM                                                                                         \
    "cast(acos(case when " COSINE " > 1 then 1 when " COSINE " < -1 then -1 else " COSINE          \
    " end) * 6371 as float) <= $n"

typedef struct level_shape {
    const char *sql;
    tf_link_op op;
    int value_count;
    tf_link_side side;
    tf_link_op metric;
    double scale; /* of the threshold, 0 for 1 */
} level_shape;

static const double DAY = 1.0 / 86400;

#define BOTH TF_LINK_BOTH_SIDES
static const level_shape shapes[] = {
    {"$l1 IS NULL OR $r1 IS NULL", TF_LINK_MISSING, 1, BOTH, TF_LINK_ELSE, 0},
    {"$l1 = $r1", TF_LINK_EXACT, 1, BOTH, TF_LINK_ELSE, 0},
    {"$r1 = $l1", TF_LINK_EXACT, 1, BOTH, TF_LINK_ELSE, 0},
    {"$l1 = $t AND $r1 = $t", TF_LINK_LITERAL, 1, BOTH, TF_LINK_ELSE, 0},
    {"$l1 = $t", TF_LINK_LITERAL, 1, TF_LINK_LEFT, TF_LINK_ELSE, 0},
    {"$r1 = $t", TF_LINK_LITERAL, 1, TF_LINK_RIGHT, TF_LINK_ELSE, 0},
    {"$l1 = $r2 AND $r1 = $l2", TF_LINK_REVERSED, 2, BOTH, TF_LINK_ELSE, 0},
    {"$l1 = $r2", TF_LINK_REVERSED, 2, TF_LINK_LEFT, TF_LINK_ELSE, 0},
    {"$r2 = $l1", TF_LINK_REVERSED, 2, TF_LINK_LEFT, TF_LINK_ELSE, 0},
    {"levenshtein($l1, $r1) <= $n", TF_LINK_LEVENSHTEIN, 1, BOTH, TF_LINK_ELSE, 0},
    {"damerau_levenshtein($l1, $r1) <= $n", TF_LINK_DAMERAU, 1, BOTH, TF_LINK_ELSE, 0},
    {"jaro_similarity($l1, $r1) >= $n", TF_LINK_JARO, 1, BOTH, TF_LINK_ELSE, 0},
    {"jaro_winkler_similarity($l1, $r1) >= $n", TF_LINK_JARO_WINKLER, 1, BOTH, TF_LINK_ELSE, 0},
    {"jaccard($l1, $r1) >= $n", TF_LINK_JACCARD, 1, BOTH, TF_LINK_ELSE, 0},
    {"abs(epoch($l1) - epoch($r1)) <= $n", TF_LINK_DAYS, 1, BOTH, TF_LINK_ELSE, DAY},
    {"abs($l1 - $r1) <= $n", TF_LINK_DIFFERENCE, 1, BOTH, TF_LINK_ELSE, 0},
    {"abs($l1 - $r1) / (case when $r1 > $l1 then $r1 else $l1 end) < $n", TF_LINK_PERCENTAGE, 1,
     BOTH, TF_LINK_ELSE, 0},
    {KM, TF_LINK_KM, 2, BOTH, TF_LINK_ELSE, 0},
    {"($r1 is not null and $l1 is not null and $l2 is not null and $r2 is not null) and " KM,
     TF_LINK_KM, 2, BOTH, TF_LINK_ELSE, 0},
    {"array_length(list_intersect($l1, $r1)) >= $n", TF_LINK_INTERSECTION, 1, BOTH, TF_LINK_ELSE,
     0},
    {"len(list_intersect($l1, $r1)) >= $n", TF_LINK_INTERSECTION, 1, BOTH, TF_LINK_ELSE, 0},
    {PAIRS("list_max", "jaro_winkler_similarity", ">="), TF_LINK_BEST_PAIR, 1, BOTH,
     TF_LINK_JARO_WINKLER, 0},
    {PAIRS("list_max", "jaro_similarity", ">="), TF_LINK_BEST_PAIR, 1, BOTH, TF_LINK_JARO, 0},
    {PAIRS("list_max", "jaccard", ">="), TF_LINK_BEST_PAIR, 1, BOTH, TF_LINK_JACCARD, 0},
    {PAIRS("list_min", "levenshtein", "<="), TF_LINK_BEST_PAIR, 1, BOTH, TF_LINK_LEVENSHTEIN, 0},
    {PAIRS("list_min", "damerau_levenshtein", "<="), TF_LINK_BEST_PAIR, 1, BOTH, TF_LINK_DAMERAU,
     0},
};

enum { SHAPE_COUNT = sizeof shapes / sizeof *shapes };

typedef struct sql_reader {
    tf_text sql;
    const tf_link_templates *templates;
    tf_arena *arena;
    tf_error *error;
} sql_reader;

/* What the holes of a shape stand for. */
typedef struct binding {
    tf_link_value values[2];
    bool has_value[2];
    double threshold;
    const char *literal;
} binding;

tf_status tf_link_templates_parse(tf_arena *arena, tf_link_templates *templates_out,
                                  tf_error *error) {
    templates_out->arena = arena;
    templates_out->shapes = tf_arena_alloc(arena, SHAPE_COUNT, sizeof(tf_expression *));
    if (!templates_out->shapes) {
        return tf_fail_no_memory(error);
    }
    for (int i = 0; i < SHAPE_COUNT; i++) {
        tf_status status = tf_expression_parse(tf_text_of(shapes[i].sql), true, arena,
                                               &templates_out->shapes[i], error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}

static tf_status fill_value(const sql_reader *reader, const tf_expression *hole,
                            const tf_expression *node, binding *bound, bool *fits_out) {
    tf_link_value value;
    char side;
    tf_status status = tf_link_value_read(TF_LINK_SQL_CONDITION, node, reader->arena, &value, &side,
                                          fits_out, reader->error);
    if (status || !*fits_out) {
        return status;
    }
    int index = hole->text[1] - '1';
    if (side != hole->text[0] ||
        (bound->has_value[index] && !tf_link_value_equal(&value, &bound->values[index]))) {
        *fits_out = false;
        return TF_OK;
    }
    bound->values[index] = value;
    bound->has_value[index] = true;
    return TF_OK;
}

/* 'x', 3, CAST(3 AS INT): a value as text. */
static tf_status fill_literal(const sql_reader *reader, const tf_expression *node, binding *bound,
                              bool *fits_out) {
    if (node->kind == TF_EXPRESSION_CAST) {
        node = node->children[0];
    }
    const char *text = NULL;
    if (node->kind == TF_EXPRESSION_STRING) {
        text = tf_arena_copy_text(reader->arena, node->text, strlen(node->text));
    } else if (node->kind == TF_EXPRESSION_NUMBER) {
        text = tf_arena_format(reader->arena, "%.17g", node->number);
    } else {
        *fits_out = false;
        return TF_OK;
    }
    if (!text) {
        return tf_fail_no_memory(reader->error);
    }
    *fits_out = !bound->literal || strcmp(bound->literal, text) == 0;
    bound->literal = text;
    return TF_OK;
}

static tf_status unify(const sql_reader *reader, const tf_expression *shape,
                       const tf_expression *node, binding *bound, bool *fits_out) {
    if (shape->kind == TF_EXPRESSION_HOLE) {
        if (shape->text[0] == 'n') {
            bound->threshold = node->number;
            *fits_out = node->kind == TF_EXPRESSION_NUMBER && isfinite(node->number);
            return TF_OK;
        }
        return shape->text[0] == 't' ? fill_literal(reader, node, bound, fits_out)
                                     : fill_value(reader, shape, node, bound, fits_out);
    }
    *fits_out = shape->kind == node->kind && shape->child_count == node->child_count &&
                shape->number == node->number && (shape->text != NULL) == (node->text != NULL) &&
                (!shape->text || strcmp(shape->text, node->text) == 0);
    tf_status status = TF_OK;
    for (int i = 0; i < shape->child_count && *fits_out && !status; i++) {
        status = unify(reader, shape->children[i], node->children[i], bound, fits_out);
    }
    return status;
}

static tf_status read_shape(const sql_reader *reader, const tf_expression *node,
                            tf_link_condition *condition, bool *is_read_out) {
    *is_read_out = false;
    for (int i = 0; i < SHAPE_COUNT; i++) {
        binding bound = {0};
        bool fits = false;
        tf_status status = unify(reader, reader->templates->shapes[i], node, &bound, &fits);
        if (status) {
            return status;
        }
        if (fits) {
            *condition = (tf_link_condition){
                .op = shapes[i].op,
                .values = {bound.values[0], bound.values[1]},
                .value_count = shapes[i].value_count,
                .threshold = bound.threshold * (shapes[i].scale > 0 ? shapes[i].scale : 1),
                .text = bound.literal,
                .side = shapes[i].side,
                .metric = shapes[i].metric,
            };
            *is_read_out = true;
            return TF_OK;
        }
    }
    return TF_OK;
}

static tf_status read_sql_node(const sql_reader *reader, const tf_expression *node,
                               const tf_link_condition **condition_out);

static tf_status read_sql_children(const sql_reader *reader, const tf_expression *node,
                                   tf_link_condition *condition) {
    const tf_expression **items = (const tf_expression **)node->children;
    int count = 1;
    if (condition->op != TF_LINK_NOT) {
        tf_status status =
            tf_link_flatten(node, node->text, reader->arena, &items, &count, reader->error);
        if (status) {
            return status;
        }
    }
    condition->children = tf_arena_alloc(reader->arena, (size_t)count, sizeof(void *));
    if (!condition->children) {
        return tf_fail_no_memory(reader->error);
    }
    for (int i = 0; i < count; i++) {
        tf_status status = read_sql_node(reader, items[i], &condition->children[i]);
        if (status) {
            return status;
        }
    }
    condition->child_count = count;
    return TF_OK;
}

static tf_status read_sql_node(const sql_reader *reader, const tf_expression *node,
                               const tf_link_condition **condition_out) {
    tf_link_condition *condition = tf_arena_alloc(reader->arena, 1, sizeof *condition);
    if (!condition) {
        return tf_fail_no_memory(reader->error);
    }
    *condition = (tf_link_condition){0};
    *condition_out = condition;
    bool is_read = false;
    tf_status status = read_shape(reader, node, condition, &is_read);
    if (status || is_read) {
        return status;
    }
    bool is_binary = node->kind == TF_EXPRESSION_BINARY;
    if (is_binary && strcmp(node->text, "and") == 0) {
        condition->op = TF_LINK_AND;
    } else if (is_binary && strcmp(node->text, "or") == 0) {
        condition->op = TF_LINK_OR;
    } else if (node->kind == TF_EXPRESSION_UNARY && strcmp(node->text, "not") == 0) {
        condition->op = TF_LINK_NOT;
    } else {
        size_t length = node->end > node->start ? node->end - node->start : reader->sql.length;
        const char *start = reader->sql.data + (node->end > node->start ? node->start : 0);
        return tf_fail(reader->error, TF_UNSUPPORTED, NULL, 0,
                       "the condition %.*s has no equivalent in this program; write the level "
                       "with one of the comparisons that docs/linkage.md lists",
                       (int)(length < 200 ? length : 200), start);
    }
    return read_sql_children(reader, node, condition);
}

tf_status tf_link_condition_read_sql(const tf_link_templates *templates, tf_text sql,
                                     tf_arena *arena, const tf_link_condition **condition_out,
                                     tf_error *error) {
    if (tf_text_equal_fold(tf_text_trim(sql), tf_text_of("else"))) {
        return tf_link_condition_read(sql, arena, condition_out, error);
    }
    sql_reader reader = {sql, templates, arena, error};
    tf_expression *expression = NULL;
    tf_status status = tf_expression_parse(sql, false, arena, &expression, error);
    return status ? status : read_sql_node(&reader, expression, condition_out);
}

static void explode(tf_link_value *value, const char *const *exploded, int exploded_count) {
    for (int i = 0; i < exploded_count; i++) {
        if (strcmp(exploded[i], value->column) == 0 && value->step_count < TF_LINK_MAX_STEPS) {
            memmove(value->steps + 1, value->steps,
                    (size_t)value->step_count * sizeof *value->steps);
            value->steps[0] = (tf_link_step){.kind = TF_LINK_ANY};
            value->step_count++;
            return;
        }
    }
}

static tf_status read_key(const tf_expression *node, tf_text sql, tf_arena *arena, tf_link_key *key,
                          tf_error *error) {
    char sides[2] = {0};
    bool is_key = node->kind == TF_EXPRESSION_BINARY && strcmp(node->text, "=") == 0;
    tf_link_value values[2];
    for (int i = 0; i < 2 && is_key; i++) {
        tf_status status = tf_link_value_read(TF_LINK_SQL_RULE, node->children[i], arena,
                                              &values[i], &sides[i], &is_key, error);
        if (status) {
            return status;
        }
    }
    if (!is_key || sides[0] == sides[1]) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the blocking rule %.*s is more than the agreement of values; give it as "
                       "expressions of columns that both records share, and each part of an OR as "
                       "a rule of its own",
                       (int)(sql.length < 200 ? sql.length : 200), sql.data);
    }
    key->left = values[sides[0] == 'r'];
    key->right = values[sides[0] == 'l'];
    return TF_OK;
}

tf_status tf_link_rule_read_sql(tf_text sql, const char *const *exploded, int exploded_count,
                                tf_arena *arena, tf_link_rule *rule_out, tf_error *error) {
    tf_expression *expression = NULL;
    const tf_expression **items = NULL;
    int count = 0;
    tf_status status = tf_expression_parse(sql, false, arena, &expression, error);
    if (!status) {
        status = tf_link_flatten(expression, "and", arena, &items, &count, error);
    }
    if (!status && count > TF_LINK_MAX_KEYS) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "a blocking rule has more than %d parts",
                         TF_LINK_MAX_KEYS);
    }
    if (status) {
        return status;
    }
    rule_out->keys = tf_arena_alloc(arena, (size_t)count, sizeof *rule_out->keys);
    if (!rule_out->keys) {
        return tf_fail_no_memory(error);
    }
    rule_out->key_count = count;
    for (int i = 0; i < count; i++) {
        status = read_key(items[i], sql, arena, &rule_out->keys[i], error);
        if (status) {
            return status;
        }
        explode(&rule_out->keys[i].left, exploded, exploded_count);
        explode(&rule_out->keys[i].right, exploded, exploded_count);
    }
    return TF_OK;
}
