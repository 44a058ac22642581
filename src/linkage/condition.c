/* Conditions and blocking keys as our settings write them. */
#include "linkage/condition_internal.h"

#include <math.h>

typedef struct function {
    const char *name;
    const char *relation; /* NULL: no threshold */
    tf_link_op op;
    int value_count;
    tf_link_side side;
    bool has_text;
} function;

static const function functions[] = {
    {"missing", NULL, TF_LINK_MISSING, 1, TF_LINK_BOTH_SIDES, false},
    {"exact", NULL, TF_LINK_EXACT, 1, TF_LINK_BOTH_SIDES, false},
    {"literal", NULL, TF_LINK_LITERAL, 1, TF_LINK_BOTH_SIDES, true},
    {"literal_left", NULL, TF_LINK_LITERAL, 1, TF_LINK_LEFT, true},
    {"literal_right", NULL, TF_LINK_LITERAL, 1, TF_LINK_RIGHT, true},
    {"levenshtein", "<=", TF_LINK_LEVENSHTEIN, 1, TF_LINK_BOTH_SIDES, false},
    {"osa", "<=", TF_LINK_OSA, 1, TF_LINK_BOTH_SIDES, false},
    {"damerau_levenshtein", "<=", TF_LINK_DAMERAU, 1, TF_LINK_BOTH_SIDES, false},
    {"jaro", ">=", TF_LINK_JARO, 1, TF_LINK_BOTH_SIDES, false},
    {"jaro_winkler", ">=", TF_LINK_JARO_WINKLER, 1, TF_LINK_BOTH_SIDES, false},
    {"jaccard", ">=", TF_LINK_JACCARD, 1, TF_LINK_BOTH_SIDES, false},
    {"days", "<=", TF_LINK_DAYS, 1, TF_LINK_BOTH_SIDES, false},
    {"months", "<=", TF_LINK_MONTHS, 1, TF_LINK_BOTH_SIDES, false},
    {"years", "<=", TF_LINK_YEARS, 1, TF_LINK_BOTH_SIDES, false},
    {"day_month_swapped", NULL, TF_LINK_DAY_MONTH_SWAPPED, 1, TF_LINK_BOTH_SIDES, false},
    {"difference", "<=", TF_LINK_DIFFERENCE, 1, TF_LINK_BOTH_SIDES, false},
    {"percentage", "<", TF_LINK_PERCENTAGE, 1, TF_LINK_BOTH_SIDES, false},
    {"km", "<=", TF_LINK_KM, 2, TF_LINK_BOTH_SIDES, false},
    {"intersection", ">=", TF_LINK_INTERSECTION, 1, TF_LINK_BOTH_SIDES, false},
    {"reversed", NULL, TF_LINK_REVERSED, 2, TF_LINK_BOTH_SIDES, false},
    {"reversed_left", NULL, TF_LINK_REVERSED, 2, TF_LINK_LEFT, false},
    {"nickname", NULL, TF_LINK_NICKNAME, 1, TF_LINK_BOTH_SIDES, false},
};

enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

typedef struct condition_reader {
    tf_text text;
    tf_arena *arena;
    tf_error *error;
} condition_reader;

static tf_status read_node(const condition_reader *reader, const tf_expression *node,
                           const tf_link_condition **condition_out);

static tf_status fail_node(const condition_reader *reader, const tf_expression *node,
                           const char *what) {
    tf_text text = reader->text;
    if (node->end > node->start) {
        text = (tf_text){text.data + node->start, node->end - node->start};
    }
    return tf_fail(reader->error, TF_BAD_INPUT, NULL, 0, "\"%.*s\" %s",
                   (int)(text.length < 200 ? text.length : 200), text.data, what);
}

tf_status tf_link_flatten(const tf_expression *expression, const char *operator_text,
                          tf_arena *arena, const tf_expression ***items_out, int *count_out,
                          tf_error *error) {
    int count = 1;
    const tf_expression *left = expression;
    while (left->kind == TF_EXPRESSION_BINARY && strcmp(left->text, operator_text) == 0) {
        left = left->children[0];
        count++;
    }
    const tf_expression **items = tf_arena_alloc(arena, (size_t)count, sizeof *items);
    if (!items) {
        return tf_fail_no_memory(error);
    }
    left = expression;
    for (int i = count - 1; i > 0; i--) {
        items[i] = left->children[1];
        left = left->children[0];
    }
    items[0] = left;
    *items_out = items;
    *count_out = count;
    return TF_OK;
}

static tf_status read_children(const condition_reader *reader, const tf_expression *const *items,
                               int count, tf_link_condition *condition) {
    condition->children = tf_arena_alloc(reader->arena, (size_t)count, sizeof(void *));
    if (!condition->children) {
        return tf_fail_no_memory(reader->error);
    }
    for (int i = 0; i < count; i++) {
        tf_status status = read_node(reader, items[i], &condition->children[i]);
        if (status) {
            return status;
        }
    }
    condition->child_count = count;
    return TF_OK;
}

static tf_status read_values(const condition_reader *reader, const tf_expression *call, int count,
                             tf_link_condition *condition) {
    for (int i = 0; i < count; i++) {
        char side;
        bool is_value;
        tf_status status =
            tf_link_value_read(TF_LINK_OURS, call->children[i], reader->arena,
                               &condition->values[i], &side, &is_value, reader->error);
        if (status) {
            return status;
        }
        if (!is_value) {
            return fail_node(reader, call->children[i],
                             "is no column, nor anything known that is made of one");
        }
    }
    condition->value_count = count;
    return TF_OK;
}

static const function *function_of(const char *name) {
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

static bool is_text_measure(tf_link_op op) {
    return op >= TF_LINK_LEVENSHTEIN && op <= TF_LINK_JACCARD;
}

/* best_pair(column, measure) */
static tf_status read_best_pair(const condition_reader *reader, const tf_expression *call,
                                const char **relation_out, tf_link_condition *condition) {
    const function *measure =
        call->child_count == 2 && call->children[1]->kind == TF_EXPRESSION_NAME
            ? function_of(call->children[1]->text)
            : NULL;
    if (!measure || !is_text_measure(measure->op)) {
        return fail_node(reader, call,
                         "needs a column and the name of a measure, such as jaro_winkler");
    }
    condition->op = TF_LINK_BEST_PAIR;
    condition->metric = measure->op;
    *relation_out = measure->relation;
    return read_values(reader, call, 1, condition);
}

static tf_status read_function(const condition_reader *reader, const tf_expression *call,
                               const char **relation_out, tf_link_condition *condition) {
    if (call->kind == TF_EXPRESSION_CALL && strcmp(call->text, "best_pair") == 0) {
        return read_best_pair(reader, call, relation_out, condition);
    }
    const function *found = call->kind == TF_EXPRESSION_CALL ? function_of(call->text) : NULL;
    if (!found) {
        return fail_node(reader, call, "is no comparison that this program knows");
    }
    if (call->child_count != found->value_count + found->has_text) {
        return fail_node(reader, call, "has too few or too many parts between its brackets");
    }
    condition->op = found->op;
    condition->side = found->side;
    *relation_out = found->relation;
    if (found->has_text) {
        const tf_expression *text = call->children[found->value_count];
        if (text->kind != TF_EXPRESSION_STRING) {
            return fail_node(reader, call, "needs a text in single quotation marks");
        }
        condition->text = tf_arena_copy_text(reader->arena, text->text, strlen(text->text));
        if (!condition->text) {
            return tf_fail_no_memory(reader->error);
        }
    }
    return read_values(reader, call, found->value_count, condition);
}

static tf_status read_test(const condition_reader *reader, const tf_expression *node,
                           tf_link_condition *condition) {
    const char *relation = NULL;
    bool has_relation = node->kind == TF_EXPRESSION_BINARY;
    tf_status status =
        read_function(reader, has_relation ? node->children[0] : node, &relation, condition);
    if (status) {
        return status;
    }
    if (!relation && has_relation) {
        return fail_node(reader, node, "takes no threshold; leave it out");
    }
    if (!relation) {
        return TF_OK;
    }
    if (!has_relation || strcmp(node->text, relation) != 0 ||
        node->children[1]->kind != TF_EXPRESSION_NUMBER || !isfinite(node->children[1]->number)) {
        char what[60] = "needs a threshold: ";
        strcat(what, relation);
        return fail_node(reader, node, strcat(what, " and a number"));
    }
    condition->threshold = node->children[1]->number;
    return TF_OK;
}

static tf_status read_node(const condition_reader *reader, const tf_expression *node,
                           const tf_link_condition **condition_out) {
    tf_link_condition *condition = tf_arena_alloc(reader->arena, 1, sizeof *condition);
    if (!condition) {
        return tf_fail_no_memory(reader->error);
    }
    *condition = (tf_link_condition){0};
    *condition_out = condition;
    bool is_and = node->kind == TF_EXPRESSION_BINARY && strcmp(node->text, "and") == 0;
    bool is_or = node->kind == TF_EXPRESSION_BINARY && strcmp(node->text, "or") == 0;
    if (is_and || is_or) {
        const tf_expression **items = NULL;
        int count = 0;
        condition->op = is_and ? TF_LINK_AND : TF_LINK_OR;
        tf_status status =
            tf_link_flatten(node, node->text, reader->arena, &items, &count, reader->error);
        return status ? status : read_children(reader, items, count, condition);
    }
    if (node->kind == TF_EXPRESSION_UNARY && strcmp(node->text, "not") == 0) {
        condition->op = TF_LINK_NOT;
        return read_children(reader, (const tf_expression *const *)node->children, 1, condition);
    }
    return read_test(reader, node, condition);
}

tf_status tf_link_condition_read(tf_text text, tf_arena *arena,
                                 const tf_link_condition **condition_out, tf_error *error) {
    condition_reader reader = {text, arena, error};
    if (tf_text_equal_fold(tf_text_trim(text), tf_text_of("else"))) {
        tf_link_condition *condition = tf_arena_alloc(arena, 1, sizeof *condition);
        if (!condition) {
            return tf_fail_no_memory(error);
        }
        *condition = (tf_link_condition){.op = TF_LINK_ELSE};
        *condition_out = condition;
        return TF_OK;
    }
    tf_expression *expression = NULL;
    tf_status status = tf_expression_parse(text, false, arena, &expression, error);
    return status ? status : read_node(&reader, expression, condition_out);
}

static const function *function_for(tf_link_op op, tf_link_side side) {
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        if (functions[i].op == op && functions[i].side == side) {
            return &functions[i];
        }
    }
    return NULL;
}

static void write_text(const char *text, tf_buffer *buffer) {
    tf_buffer_append_text(buffer, ", '");
    for (; *text; text++) {
        tf_buffer_append(buffer, text, 1);
        if (*text == '\'') {
            tf_buffer_append(buffer, text, 1);
        }
    }
    tf_buffer_append_text(buffer, "'");
}

static void write_test(const tf_link_condition *condition, tf_buffer *buffer) {
    bool is_best_pair = condition->op == TF_LINK_BEST_PAIR;
    const function *found = is_best_pair ? function_for(condition->metric, TF_LINK_BOTH_SIDES)
                                         : function_for(condition->op, condition->side);
    if (!found) {
        return;
    }
    tf_buffer_format(buffer, "%s(", is_best_pair ? "best_pair" : found->name);
    for (int i = 0; i < condition->value_count; i++) {
        tf_buffer_append_text(buffer, i ? ", " : "");
        tf_link_value_write(&condition->values[i], buffer);
    }
    if (is_best_pair) {
        tf_buffer_format(buffer, ", %s", found->name);
    } else if (found->has_text) {
        write_text(condition->text, buffer);
    }
    tf_buffer_append_text(buffer, ")");
    if (found->relation) {
        tf_buffer_format(buffer, " %s ", found->relation);
        tf_buffer_append_double(buffer, condition->threshold);
    }
}

void tf_link_condition_write(const tf_link_condition *condition, tf_buffer *buffer) {
    if (condition->op == TF_LINK_ELSE) {
        tf_buffer_append_text(buffer, "else");
        return;
    }
    if (condition->op > TF_LINK_NOT) {
        write_test(condition, buffer);
        return;
    }
    for (int i = 0; i < condition->child_count; i++) {
        const tf_link_condition *child = condition->children[i];
        bool is_test = child->op > TF_LINK_NOT;
        tf_buffer_append_text(buffer, condition->op == TF_LINK_NOT   ? "not "
                                      : i == 0                       ? ""
                                      : condition->op == TF_LINK_AND ? " and "
                                                                     : " or ");
        tf_buffer_append_text(buffer, is_test ? "" : "(");
        tf_link_condition_write(child, buffer);
        tf_buffer_append_text(buffer, is_test ? "" : ")");
    }
}

tf_status tf_link_key_read(tf_text text, tf_arena *arena, tf_link_key *key_out, tf_error *error) {
    condition_reader reader = {text, arena, error};
    tf_expression *expression = NULL;
    tf_status status = tf_expression_parse(text, false, arena, &expression, error);
    if (status) {
        return status;
    }
    bool is_across = expression->kind == TF_EXPRESSION_BINARY && strcmp(expression->text, "=") == 0;
    const tf_expression *sides[] = {is_across ? expression->children[0] : expression,
                                    is_across ? expression->children[1] : expression};
    tf_link_value *values[] = {&key_out->left, &key_out->right};
    for (int i = 0; i < 2; i++) {
        char side;
        bool is_value;
        status =
            tf_link_value_read(TF_LINK_OURS, sides[i], arena, values[i], &side, &is_value, error);
        if (status) {
            return status;
        }
        if (!is_value) {
            return fail_node(&reader, sides[i],
                             "is no column, nor anything known that is made of one");
        }
    }
    return TF_OK;
}

void tf_link_key_write(const tf_link_key *key, tf_buffer *buffer) {
    tf_link_value_write(&key->left, buffer);
    if (!tf_link_value_equal(&key->left, &key->right)) {
        tf_buffer_append_text(buffer, " = ");
        tf_link_value_write(&key->right, buffer);
    }
}
