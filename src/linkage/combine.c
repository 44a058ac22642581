/* What several training sessions learnt, put together. */
#include "trefoil/linkage/train.h"

#include <math.h>
#include <stdlib.h>

enum { LEVELS = TF_LINK_MAX_LEVELS, MAX_COLUMNS = 2 * TF_LINK_MAX_KEYS };

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare_numbers);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static int find_column(const char *const *columns, int count, const char *column) {
    for (int i = 0; i < count; i++) {
        if (columns[i] && strcmp(columns[i], column) == 0) {
            return i;
        }
    }
    return -1;
}

/* The level agrees on these columns; they are used up if the rule has them all. */
static bool take_columns(const char **rule_columns, int rule_count, const char *const *columns,
                         int count) {
    for (int i = 0; i < count; i++) {
        if (find_column(rule_columns, rule_count, columns[i]) < 0) {
            return false;
        }
    }
    for (int i = 0; i < count; i++) {
        int found = find_column(rule_columns, rule_count, columns[i]);
        if (found >= 0) {
            rule_columns[found] = NULL;
        }
    }
    return true;
}

static int columns_of_rule(const tf_link_rule *rule, const char **columns) {
    int count = 0;
    for (int i = 0; i < rule->key_count && i < TF_LINK_MAX_KEYS; i++) {
        const char *sides[] = {rule->keys[i].left.column, rule->keys[i].right.column};
        for (int k = 0; k < 2; k++) {
            if (find_column(columns, count, sides[k]) < 0) {
                columns[count++] = sides[k];
            }
        }
    }
    return count;
}

static void plan_levels(const tf_link_model *model, int column_count, const char **rule_columns,
                        int rule_count, tf_link_session_plan *plan) {
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            const char *columns[MAX_COLUMNS];
            int count = tf_link_exact_columns(model->comparisons[c].levels[i].condition, columns,
                                              MAX_COLUMNS);
            if (count == column_count && plan->agreed_count < TF_LINK_MAX_AGREED &&
                take_columns(rule_columns, rule_count, columns, count)) {
                plan->agreed_comparison[plan->agreed_count] = c;
                plan->agreed_level[plan->agreed_count++] = i;
            }
        }
    }
}

void tf_link_plan_session(const tf_link_model *model, const tf_link_rule *rule,
                          tf_link_session_plan *plan_out) {
    const char *columns[MAX_COLUMNS];
    int count = columns_of_rule(rule, columns);
    *plan_out = (tf_link_session_plan){0};
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < count; i++) {
            plan_out->is_held[c] = plan_out->is_held[c] ||
                                   tf_link_comparison_reads(&model->comparisons[c], columns[i]);
        }
    }
    for (int wanted = count; wanted > 0; wanted--) {
        plan_levels(model, wanted, columns, count, plan_out);
    }
}

static double agreed_weight(const tf_link_model *model, const tf_link_session_plan *plan) {
    double weight = 0;
    for (int i = 0; i < plan->agreed_count; i++) {
        const tf_link_level *level =
            &model->comparisons[plan->agreed_comparison[i]].levels[plan->agreed_level[i]];
        weight += tf_link_level_weight(level);
    }
    return weight;
}

double tf_link_session_prior(const tf_link_model *model, const tf_link_session_plan *plan) {
    return tf_link_probability_of_weight(tf_link_weight_of_probability(model->prior) +
                                         agreed_weight(model, plan));
}

double tf_link_overall_prior(const tf_link_model *model, const tf_link_session_plan *plan,
                             double session_prior) {
    return tf_link_probability_of_weight(tf_link_weight_of_probability(session_prior) -
                                         agreed_weight(model, plan));
}

/* The median over the sessions that trained the level and saw it, or did not see it if none did. */
static double combined(const tf_link_training *trainings, int count, size_t place, bool is_m,
                       double before, double *values) {
    for (int is_seen = 1; is_seen >= 0; is_seen--) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            const tf_link_level_estimate *level = &trainings[i].levels[place];
            if (level->is_trained && level->is_seen == is_seen) {
                values[found++] = is_m ? level->m : level->u;
            }
        }
        if (found > 0) {
            return median(values, found);
        }
    }
    return before;
}

tf_status tf_link_combine(tf_link_model *model, const tf_link_training *trainings,
                          const tf_link_session_plan *plans, int count, tf_error *error) {
    if (count <= 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "no training session was given, so there is nothing to put together");
    }
    double *values = tf_alloc((size_t)count, sizeof *values);
    if (!values) {
        return tf_fail_no_memory(error);
    }
    for (int c = 0; c < model->comparison_count; c++) {
        for (int i = 0; i < model->comparisons[c].level_count; i++) {
            tf_link_level *level = &model->comparisons[c].levels[i];
            size_t place = (size_t)c * LEVELS + (size_t)i;
            level->m = combined(trainings, count, place, true, level->m, values);
            level->u = combined(trainings, count, place, false, level->u, values);
        }
    }
    if (plans) {
        for (int i = 0; i < count; i++) {
            values[i] = 1 / tf_link_overall_prior(model, &plans[i], trainings[i].prior);
        }
        model->prior = 1 / median(values, count);
    }
    tf_free(values);
    return TF_OK;
}
