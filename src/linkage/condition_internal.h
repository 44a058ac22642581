/* Conditions and blocking keys as text: ours read and written, Splink's SQL read. */
#ifndef TREFOIL_LINKAGE_CONDITION_INTERNAL_H
#define TREFOIL_LINKAGE_CONDITION_INTERNAL_H

#include "linkage/expression_internal.h"
#include "trefoil/linkage/model.h"

/* How a column is named. */
typedef enum tf_link_dialect {
    TF_LINK_OURS,          /* surname */
    TF_LINK_SQL_CONDITION, /* "surname_l" */
    TF_LINK_SQL_RULE,      /* l."surname" */
} tf_link_dialect;

/* A column with what is done to it.  `*side_out` is 'l' or 'r', 0 for ours; `*is_value_out` is
 * false if the expression is anything else, which is no fault of its own.  Errors: TF_NO_MEMORY. */
tf_status tf_link_value_read(tf_link_dialect dialect, const tf_expression *expression,
                             tf_arena *arena, tf_link_value *value_out, char *side_out,
                             bool *is_value_out, tf_error *error);
void tf_link_value_write(const tf_link_value *value, tf_buffer *buffer);

/* The text of a condition: `jaro_winkler(surname) >= 0.9 and not exact(surname)`; docs/linkage.md
 * lists what there is.  Errors: TF_BAD_INPUT, TF_NO_MEMORY. */
tf_status tf_link_condition_read(tf_text text, tf_arena *arena,
                                 const tf_link_condition **condition_out, tf_error *error);
void tf_link_condition_write(const tf_link_condition *condition, tf_buffer *buffer);

/* One key of a blocking rule: `substring(surname, 1, 3)`, or `given = family` across columns. */
tf_status tf_link_key_read(tf_text text, tf_arena *arena, tf_link_key *key_out, tf_error *error);
void tf_link_key_write(const tf_link_key *key, tf_buffer *buffer);

/* An n-ary AND or OR of what a chain of it says: `*items_out` are its operands. */
tf_status tf_link_flatten(const tf_expression *expression, const char *operator_text,
                          tf_arena *arena, const tf_expression ***items_out, int *count_out,
                          tf_error *error);

/* The shapes that Splink's levels have, parsed once for a model. */
typedef struct tf_link_templates {
    tf_expression **shapes;
    tf_arena *arena;
} tf_link_templates;

tf_status tf_link_templates_parse(tf_arena *arena, tf_link_templates *templates_out,
                                  tf_error *error);

/* A condition in DuckDB's SQL.  TF_UNSUPPORTED names the part without an equivalent. */
tf_status tf_link_condition_read_sql(const tf_link_templates *templates, tf_text sql,
                                     tf_arena *arena, const tf_link_condition **condition_out,
                                     tf_error *error);

/* A blocking rule in SQL; the columns of `exploded` count by any of their elements. */
tf_status tf_link_rule_read_sql(tf_text sql, const char *const *exploded, int exploded_count,
                                tf_arena *arena, tf_link_rule *rule_out, tf_error *error);

#endif
