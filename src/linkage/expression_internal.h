/* A small strict parser of expressions: enough of SQL for Splink's conditions as sqlglot prints
 * them for DuckDB, and for our own, which are a part of it. */
#ifndef TREFOIL_LINKAGE_EXPRESSION_INTERNAL_H
#define TREFOIL_LINKAGE_EXPRESSION_INTERNAL_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

typedef enum tf_expression_kind {
    TF_EXPRESSION_NAME,   /* text; one child when qualified: l."text" */
    TF_EXPRESSION_NUMBER, /* number */
    TF_EXPRESSION_STRING, /* text */
    TF_EXPRESSION_CALL,   /* text is the function, in lower case */
    TF_EXPRESSION_BINARY, /* text is the operator, words in lower case */
    TF_EXPRESSION_UNARY,  /* "not", "-", "is null", "is not null" */
    TF_EXPRESSION_CASE,   /* condition, result, …, and the else at the end */
    TF_EXPRESSION_CAST,   /* text is the type, in lower case */
    TF_EXPRESSION_INDEX,  /* of the first child, by the second */
    TF_EXPRESSION_LIST,
    TF_EXPRESSION_LAMBDA, /* text is the parameter */
    TF_EXPRESSION_HOLE,   /* in a template only: `$` and its name */
} tf_expression_kind;

typedef struct tf_expression tf_expression;
struct tf_expression {
    tf_expression_kind kind;
    const char *text;
    double number;
    tf_expression **children;
    int child_count;
    size_t start; /* where it stands in the text that was parsed, for messages */
    size_t end;
};

/* Everything is allocated from the arena.  Holes are read if `is_template`.
 * Errors: TF_BAD_INPUT with the column of the fault, TF_NO_MEMORY. */
tf_status tf_expression_parse(tf_text text, bool is_template, tf_arena *arena,
                              tf_expression **expression_out, tf_error *error);

#endif
