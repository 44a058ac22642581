#include "trefoil/linkage/model.h"

#include <math.h>

static const double PROBABILITY_FLOOR = 1e-300;

tf_status tf_link_model_new(tf_link_model **model_out, tf_error *error) {
    *model_out = NULL;
    tf_arena *arena = tf_arena_new();
    tf_link_model *model = arena ? tf_arena_alloc(arena, 1, sizeof *model) : NULL;
    if (!model) {
        tf_arena_free(arena);
        return tf_fail_no_memory(error);
    }
    *model = (tf_link_model){
        .prior = NAN, .id_column = "unique_id", .source_column = "source_dataset", .arena = arena};
    *model_out = model;
    return TF_OK;
}

void tf_link_model_free(tf_link_model *model) {
    if (model) {
        tf_arena_free(model->arena);
    }
}

int tf_link_gamma(const tf_link_comparison *comparison, int level) {
    if (comparison->levels[level].is_null) {
        return -1;
    }
    int gamma = 0;
    for (int i = level + 1; i < comparison->level_count; i++) {
        gamma += !comparison->levels[i].is_null;
    }
    return gamma;
}

int tf_link_level_of_gamma(const tf_link_comparison *comparison, int gamma) {
    for (int i = 0; i < comparison->level_count; i++) {
        if (tf_link_gamma(comparison, i) == gamma) {
            return i;
        }
    }
    return -1;
}

double tf_link_level_weight(const tf_link_level *level) {
    if (level->is_null) {
        return 0;
    }
    if (isnan(level->m) || isnan(level->u)) {
        return NAN;
    }
    return log2(fmax(level->m, PROBABILITY_FLOOR) / fmax(level->u, PROBABILITY_FLOOR));
}

double tf_link_weight_of_probability(double probability) {
    return log2(probability / (1 - probability));
}

double tf_link_probability_of_weight(double weight) {
    if (weight >= 0) {
        return 1 / (1 + exp2(-weight));
    }
    double factor = exp2(weight);
    return factor / (1 + factor);
}

double tf_link_pattern_weight(const tf_link_model *model, const uint8_t *levels) {
    double weight = tf_link_weight_of_probability(model->prior);
    for (int i = 0; i < model->comparison_count; i++) {
        weight += tf_link_level_weight(&model->comparisons[i].levels[levels[i]]);
    }
    return weight;
}

/* The level that a term-frequency adjustment is measured against; NULL if there is none. */
static const tf_link_level *exact_level(const tf_link_comparison *comparison,
                                        const tf_link_level *adjusted) {
    if (adjusted->tf_own_u) {
        return adjusted;
    }
    for (int i = 0; i < comparison->level_count; i++) {
        const char *columns[2];
        const tf_link_level *level = &comparison->levels[i];
        if (tf_link_exact_columns(level->condition, columns, 2) == 1 &&
            tf_text_equal_fold(tf_text_of(columns[0]), tf_text_of(adjusted->tf_column))) {
            return level;
        }
    }
    return NULL;
}

double tf_link_term_adjustment(const tf_link_comparison *comparison, int level, double tf_left,
                               double tf_right) {
    const tf_link_level *adjusted = &comparison->levels[level];
    double frequency = fmax(tf_left, tf_right); /* fmax passes over a NaN */
    if (!adjusted->tf_column || adjusted->is_null || adjusted->tf_weight == 0 ||
        adjusted->condition->op == TF_LINK_ELSE || isnan(frequency)) {
        return 0;
    }
    const tf_link_level *base = exact_level(comparison, adjusted);
    if (!base) {
        return 0;
    }
    return adjusted->tf_weight *
           (log2(fmax(base->u, PROBABILITY_FLOOR)) - log2(fmax(frequency, adjusted->tf_minimum_u)));
}

int tf_link_exact_columns(const tf_link_condition *condition, const char **columns_out,
                          int capacity) {
    if (condition->op == TF_LINK_EXACT) {
        if (capacity < 1 || condition->values[0].step_count != 0) {
            return 0;
        }
        columns_out[0] = condition->values[0].column;
        return 1;
    }
    int count = 0;
    for (int i = 0; condition->op == TF_LINK_AND && i < condition->child_count; i++) {
        int added =
            tf_link_exact_columns(condition->children[i], columns_out + count, capacity - count);
        if (added == 0) {
            return 0;
        }
        count += added;
    }
    return count;
}

bool tf_link_condition_reads(const tf_link_condition *condition, const char *column) {
    for (int i = 0; i < condition->value_count; i++) {
        if (strcmp(condition->values[i].column, column) == 0) {
            return true;
        }
    }
    for (int i = 0; i < condition->child_count; i++) {
        if (tf_link_condition_reads(condition->children[i], column)) {
            return true;
        }
    }
    return false;
}

bool tf_link_comparison_reads(const tf_link_comparison *comparison, const char *column) {
    for (int i = 0; i < comparison->level_count; i++) {
        if (tf_link_condition_reads(comparison->levels[i].condition, column)) {
            return true;
        }
    }
    return false;
}

static bool is_same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool tf_link_value_equal(const tf_link_value *a, const tf_link_value *b) {
    if (a->step_count != b->step_count || !is_same_text(a->column, b->column)) {
        return false;
    }
    for (int i = 0; i < a->step_count; i++) {
        const tf_link_step *x = &a->steps[i];
        const tf_link_step *y = &b->steps[i];
        if (x->kind != y->kind || x->first != y->first || x->length != y->length ||
            !is_same_text(x->text, y->text)) {
            return false;
        }
    }
    return true;
}

bool tf_link_condition_equal(const tf_link_condition *a, const tf_link_condition *b) {
    if (a->op != b->op || a->value_count != b->value_count || a->child_count != b->child_count ||
        a->threshold != b->threshold || a->side != b->side || a->metric != b->metric ||
        !is_same_text(a->text, b->text)) {
        return false;
    }
    for (int i = 0; i < a->value_count; i++) {
        if (!tf_link_value_equal(&a->values[i], &b->values[i])) {
            return false;
        }
    }
    for (int i = 0; i < a->child_count; i++) {
        if (!tf_link_condition_equal(a->children[i], b->children[i])) {
            return false;
        }
    }
    return true;
}

double tf_link_pair_count(tf_link_type type, const uint32_t *source_sizes, int source_count) {
    double all = 0;
    double within = 0;
    for (int i = 0; i < source_count; i++) {
        all += source_sizes[i];
        within += (double)source_sizes[i] * ((double)source_sizes[i] - 1) / 2;
    }
    double pairs = all * (all - 1) / 2;
    return type == TF_LINK_DEDUPE ? within : type == TF_LINK_BETWEEN ? pairs - within : pairs;
}

static bool is_probability(double value) {
    return isnan(value) || (value >= 0 && value <= 1);
}

/* Taking any element is the last thing done to a list. */
static bool takes_any_too_early(const tf_link_value *value) {
    for (int i = 0; i + 1 < value->step_count; i++) {
        if (value->steps[i].kind == TF_LINK_ANY) {
            return true;
        }
    }
    return false;
}

static bool takes_any(const tf_link_value *value) {
    return value->step_count && value->steps[value->step_count - 1].kind == TF_LINK_ANY;
}

static tf_status check_condition(const tf_link_condition *condition, tf_error *error) {
    for (int i = 0; i < condition->value_count; i++) {
        const tf_link_value *value = &condition->values[i];
        bool can_take_any = condition->op == TF_LINK_EXACT || condition->op == TF_LINK_MISSING;
        if (takes_any_too_early(value) || (takes_any(value) && !can_take_any)) {
            return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                           "a condition takes any element of %.80s for something else than "
                           "exact(any(...)); use that, or best_pair",
                           value->column);
        }
    }
    tf_status status = TF_OK;
    for (int i = 0; i < condition->child_count && !status; i++) {
        status = check_condition(condition->children[i], error);
    }
    return status;
}

static tf_status check_rule(const tf_link_model *model, int number, tf_error *error) {
    const tf_link_rule *rule = &model->rules[number];
    for (int k = 0; k < rule->key_count; k++) {
        const tf_link_value *left = &rule->keys[k].left;
        if (takes_any_too_early(left) || takes_any_too_early(&rule->keys[k].right)) {
            return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                           "blocking rule %d changes the elements of %.80s one by one; take any "
                           "of them as they stand",
                           number + 1, left->column);
        }
    }
    return TF_OK;
}

static tf_status check_level(const tf_link_comparison *comparison, int index, tf_error *error) {
    const tf_link_level *level = &comparison->levels[index];
    int number = index + 1;
    if ((level->condition->op == TF_LINK_ELSE) != (number == comparison->level_count)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "level %d of the comparison %.80s: \"else\" belongs at the end, and there "
                       "alone; move or add it",
                       number, comparison->name);
    }
    tf_status status = check_condition(level->condition, error);
    if (status) {
        return status;
    }
    if (!is_probability(level->m) || !is_probability(level->u)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "level %d of the comparison %.80s has an m or u that is no probability; "
                       "give numbers from 0 to 1",
                       number, comparison->name);
    }
    if (!level->tf_column) {
        return TF_OK;
    }
    if (!isfinite(level->tf_weight) || !(level->tf_minimum_u >= 0 && level->tf_minimum_u <= 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "level %d of the comparison %.80s has a term-frequency weight or minimum "
                       "that cannot be used; give a number, and a minimum from 0 to 1",
                       number, comparison->name);
    }
    if (level->condition->op != TF_LINK_ELSE && !level->is_null && level->tf_weight != 0 &&
        !exact_level(comparison, level)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "level %d of the comparison %.80s is adjusted for the frequency of %.80s, "
                       "but no level asks for its exact match; add one, or adjust by the level's "
                       "own u",
                       number, comparison->name, level->tf_column);
    }
    return TF_OK;
}

static tf_status check_comparison(const tf_link_model *model, int index, tf_error *error) {
    const tf_link_comparison *comparison = &model->comparisons[index];
    if (comparison->name[0] == '\0') {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "comparison %d has no name; give it one",
                       index + 1);
    }
    for (int i = 0; i < index; i++) {
        if (strcmp(model->comparisons[i].name, comparison->name) == 0) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "two comparisons are called %.80s; give each its own name",
                           comparison->name);
        }
    }
    int evidence = 0;
    for (int i = 0; i < comparison->level_count; i++) {
        evidence += !comparison->levels[i].is_null;
        tf_status status = check_level(comparison, i, error);
        if (status) {
            return status;
        }
    }
    if (evidence < 2) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the comparison %.80s has fewer than two levels beside the missing one, so "
                       "it tells nothing; add a level",
                       comparison->name);
    }
    return TF_OK;
}

tf_status tf_link_model_check(const tf_link_model *model, tf_error *error) {
    if (!isnan(model->prior) && !(model->prior > 0 && model->prior < 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the prior is %g; give the probability that two random records match, "
                       "above 0 and below 1",
                       model->prior);
    }
    if (model->comparison_count == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the settings have no comparison; say what is to be compared");
    }
    for (int i = 0; i < model->comparison_count; i++) {
        tf_status status = check_comparison(model, i, error);
        if (status) {
            return status;
        }
    }
    for (int i = 0; i < model->rule_count; i++) {
        tf_status status = check_rule(model, i, error);
        if (status) {
            return status;
        }
    }
    return TF_OK;
}
