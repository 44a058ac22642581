#include "linkage/expression_internal.h"

#include <ctype.h>
#include <stdio.h>

enum { MAX_DEPTH = 48, MAX_NODES = 4000, MAX_CHILDREN = 64 };

typedef enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_QUOTED,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_HOLE,
    TOKEN_SIGN,
} token_kind;

typedef struct parser {
    tf_text text;
    size_t at;       /* behind the current token */
    size_t start;    /* of the current token */
    size_t last_end; /* of the token before it */
    token_kind token;
    char *word; /* name, string or sign; names that are not quoted also in lower case */
    char *lower;
    double number;
    bool is_template;
    int depth;
    int node_count;
    tf_arena *arena;
    tf_error *error;
} parser;

static void report(parser *p, const char *what) {
    (void)tf_fail(p->error, TF_BAD_INPUT, NULL, 0, "\"%.*s\" cannot be read at character %zu: %s",
                  (int)(p->text.length < 200 ? p->text.length : 200), p->text.data, p->start + 1,
                  what);
}

/* The code in sight of the caller, so that an analyser sees that nothing is given back. */
#define fail_here(p, what) (report((p), (what)), TF_BAD_INPUT)

static bool is_name_start(char c) {
    return isalpha((unsigned char)c) || c == '_' || (c & 0x80) != 0;
}

static bool is_name_part(char c) {
    return is_name_start(c) || isdigit((unsigned char)c);
}

static char peek(const parser *p, size_t ahead) {
    return p->at + ahead < p->text.length ? p->text.data[p->at + ahead] : '\0';
}

static tf_status take_word(parser *p, const char *data, size_t length) {
    p->word = tf_arena_copy_text(p->arena, data, length);
    p->lower = p->word ? tf_arena_copy_text(p->arena, data, length) : NULL;
    if (!p->lower) {
        return tf_fail_no_memory(p->error);
    }
    for (char *c = p->lower; *c; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 'a' - 'A' : *c);
    }
    return TF_OK;
}

/* Between quotation marks, which stand doubled for themselves. */
static tf_status read_quoted(parser *p, char mark) {
    char *word = tf_arena_alloc(p->arena, p->text.length - p->at + 1, 1);
    if (!word) {
        return tf_fail_no_memory(p->error);
    }
    size_t length = 0;
    for (p->at++; p->at < p->text.length; p->at++) {
        if (p->text.data[p->at] == mark) {
            if (peek(p, 1) != mark) {
                p->at++;
                word[length] = '\0';
                p->word = word;
                p->lower = word;
                return TF_OK;
            }
            p->at++;
        }
        if (p->text.data[p->at] == '\0') {
            break;
        }
        word[length++] = p->text.data[p->at];
    }
    return fail_here(p, "the quotation mark is not closed");
}

static tf_status read_number(parser *p) {
    size_t length = 0;
    char buffer[64] = "";
    bool has_exponent = false;
    while (length < sizeof buffer - 1) {
        char c = peek(p, length);
        bool is_sign = (c == '+' || c == '-') && length > 0 &&
                       (buffer[length - 1] == 'e' || buffer[length - 1] == 'E');
        if (!isdigit((unsigned char)c) && c != '.' && !is_sign &&
            (has_exponent || (c != 'e' && c != 'E'))) {
            break;
        }
        has_exponent = has_exponent || c == 'e' || c == 'E';
        buffer[length++] = c;
    }
    /* ".9" and "5." are numbers of SQL, but not of JSON, whose rules tf_parse_double has. */
    char repaired[sizeof buffer + 2];
    int size = snprintf(repaired, sizeof repaired, "%s%.*s", buffer[0] == '.' ? "0" : "",
                        (int)length, buffer);
    if (size > 0 && repaired[size - 1] == '.') {
        size--;
    }
    if (!tf_parse_double((tf_text){repaired, (size_t)size}, &p->number) ||
        is_name_part(peek(p, length))) {
        return fail_here(p, "this is no number");
    }
    p->at += length;
    return TF_OK;
}

static tf_status read_sign(parser *p) {
    static const char *const signs[] = {"<=", ">=", "<>", "!=", "->", "<", ">", "=", "+",
                                        "-",  "*",  "/",  "(",  ")",  "[", "]", ",", "."};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t length = strlen(signs[i]);
        if (p->text.length - p->at >= length &&
            memcmp(p->text.data + p->at, signs[i], length) == 0) {
            p->at += length;
            return take_word(p, signs[i], length);
        }
    }
    return fail_here(p, "this character has no meaning here");
}

static tf_status next(parser *p) {
    p->last_end = p->at;
    while (p->at < p->text.length && isspace((unsigned char)p->text.data[p->at])) {
        p->at++;
    }
    p->start = p->at;
    p->word = NULL;
    p->lower = NULL;
    if (p->at == p->text.length) {
        p->token = TOKEN_END;
        return TF_OK;
    }
    char c = peek(p, 0);
    if (c == '"' || c == '\'') {
        p->token = c == '"' ? TOKEN_QUOTED : TOKEN_STRING;
        return read_quoted(p, c);
    }
    if (isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)peek(p, 1)))) {
        p->token = TOKEN_NUMBER;
        return read_number(p);
    }
    bool is_hole = p->is_template && c == '$';
    if (!is_hole && !is_name_start(c)) {
        p->token = TOKEN_SIGN;
        return read_sign(p);
    }
    size_t first = p->at + is_hole;
    p->at = first;
    while (is_name_part(peek(p, 0))) {
        p->at++;
    }
    p->token = is_hole ? TOKEN_HOLE : TOKEN_NAME;
    return take_word(p, p->text.data + first, p->at - first);
}

static bool is_sign(const parser *p, const char *sign) {
    return p->token == TOKEN_SIGN && strcmp(p->word, sign) == 0;
}

static bool is_word(const parser *p, const char *word) {
    return p->token == TOKEN_NAME && strcmp(p->lower, word) == 0;
}

static tf_status expect(parser *p, const char *sign_or_word) {
    if (!is_sign(p, sign_or_word) && !is_word(p, sign_or_word)) {
        char what[60];
        snprintf(what, sizeof what, "\"%s\" is needed here", sign_or_word);
        return fail_here(p, what);
    }
    return next(p);
}

/* `*node_out` is a node exactly if TF_OK is returned. */
static tf_status add_node(parser *p, tf_expression_kind kind, const char *text, size_t start,
                          tf_expression **node_out) {
    if (p->node_count == MAX_NODES) {
        return fail_here(p, "the expression is too long");
    }
    tf_expression *node = tf_arena_alloc(p->arena, 1, sizeof *node);
    if (!node) {
        return tf_fail_no_memory(p->error);
    }
    p->node_count++;
    *node = (tf_expression){.kind = kind, .text = text, .start = start};
    *node_out = node;
    return TF_OK;
}

static tf_status add_child(parser *p, tf_expression *node, tf_expression *child) {
    if (!node->children) {
        node->children = tf_arena_alloc(p->arena, 4, sizeof(tf_expression *));
        if (!node->children) {
            return tf_fail_no_memory(p->error);
        }
    } else if (node->child_count >= 4 && (node->child_count & (node->child_count - 1)) == 0) {
        if (node->child_count >= MAX_CHILDREN) {
            return fail_here(p, "there are too many parts");
        }
        size_t count = (size_t)node->child_count;
        tf_expression **more = tf_arena_alloc(p->arena, 2 * count, sizeof(tf_expression *));
        if (!more) {
            return tf_fail_no_memory(p->error);
        }
        memcpy(more, node->children, count * sizeof *more);
        node->children = more;
    }
    node->children[node->child_count++] = child;
    return TF_OK;
}

static tf_status parse_or(parser *p, tf_expression **node_out);

static tf_status parse_child(parser *p, tf_expression *node) {
    tf_expression *child = NULL;
    tf_status status = parse_or(p, &child);
    return status ? status : add_child(p, node, child);
}

/* What stands between commas up to the closing sign. */
static tf_status parse_children(parser *p, tf_expression *node, const char *closing) {
    tf_status status = next(p);
    bool is_first = true;
    while (!status && !is_sign(p, closing)) {
        status = is_first ? TF_OK : expect(p, ",");
        is_first = false;
        if (!status) {
            status = parse_child(p, node);
        }
    }
    return status ? status : next(p);
}

static tf_status parse_cast(parser *p, tf_expression *node) {
    node->kind = TF_EXPRESSION_CAST;
    tf_status status = next(p);
    if (!status) {
        status = parse_child(p, node);
    }
    if (!status) {
        status = expect(p, "as");
    }
    if (!status && p->token != TOKEN_NAME) {
        status = fail_here(p, "the name of a type is needed here");
    }
    if (!status) {
        node->text = p->lower;
        status = next(p);
    }
    return status ? status : expect(p, ")");
}

static tf_status parse_case(parser *p, tf_expression *node) {
    tf_status status = TF_OK;
    while (!status && is_word(p, "when")) {
        status = next(p);
        if (!status) {
            status = parse_child(p, node);
        }
        if (!status) {
            status = expect(p, "then");
        }
        if (!status) {
            status = parse_child(p, node);
        }
    }
    if (!status) {
        status = expect(p, "else");
    }
    if (!status) {
        status = parse_child(p, node);
    }
    return status ? status : expect(p, "end");
}

/* A name: of a column, qualified or not, of a function, of a lambda's parameter. */
static tf_status parse_name(parser *p, tf_expression **node_out) {
    tf_expression *node = NULL;
    bool is_quoted = p->token == TOKEN_QUOTED;
    const char *word = p->word;
    const char *lower = p->lower;
    tf_status status = add_node(p, TF_EXPRESSION_NAME, word, p->start, &node);
    if (!status) {
        status = next(p);
    }
    if (status) {
        return status;
    }
    *node_out = node;
    if (is_sign(p, ".")) {
        tf_expression *qualifier = NULL;
        status = next(p);
        if (!status && p->token != TOKEN_NAME && p->token != TOKEN_QUOTED) {
            status = fail_here(p, "the name of a column is needed here");
        }
        if (!status) {
            status =
                add_node(p, TF_EXPRESSION_NAME, is_quoted ? word : lower, node->start, &qualifier);
        }
        if (!status) {
            node->text = p->word;
            status = add_child(p, node, qualifier);
        }
        return status ? status : next(p);
    }
    if (is_quoted) {
        return TF_OK;
    }
    if (is_sign(p, "->")) {
        node->kind = TF_EXPRESSION_LAMBDA;
        status = next(p);
        return status ? status : parse_child(p, node);
    }
    if (strcmp(lower, "case") == 0) {
        node->kind = TF_EXPRESSION_CASE;
        node->text = "case";
        return parse_case(p, node);
    }
    if (!is_sign(p, "(")) {
        return TF_OK;
    }
    node->kind = TF_EXPRESSION_CALL;
    node->text = lower;
    return strcmp(lower, "cast") == 0 ? parse_cast(p, node) : parse_children(p, node, ")");
}

static tf_status parse_primary(parser *p, tf_expression **node_out) {
    tf_status status;
    if (p->token == TOKEN_NAME || p->token == TOKEN_QUOTED) {
        return parse_name(p, node_out);
    }
    if (is_sign(p, "(")) {
        status = next(p);
        if (!status) {
            status = parse_or(p, node_out);
        }
        return status ? status : expect(p, ")");
    }
    if (is_sign(p, "[")) {
        status = add_node(p, TF_EXPRESSION_LIST, "list", p->start, node_out);
        return status ? status : parse_children(p, *node_out, "]");
    }
    if (p->token != TOKEN_NUMBER && p->token != TOKEN_STRING && p->token != TOKEN_HOLE) {
        return fail_here(p, p->token == TOKEN_END ? "it ends too early" : "a value is needed here");
    }
    status = add_node(p,
                      p->token == TOKEN_NUMBER   ? TF_EXPRESSION_NUMBER
                      : p->token == TOKEN_STRING ? TF_EXPRESSION_STRING
                                                 : TF_EXPRESSION_HOLE,
                      p->word ? p->word : "", p->start, node_out);
    if (status) {
        return status;
    }
    (*node_out)->number = p->token == TOKEN_NUMBER ? p->number : 0;
    return next(p);
}

/* Signs before a value, indices behind it. */
static tf_status parse_unary(parser *p, tf_expression **node_out) {
    if (++p->depth > MAX_DEPTH) {
        return fail_here(p, "too many parts are within each other");
    }
    tf_status status;
    size_t start = p->start;
    if (is_sign(p, "-")) {
        status = next(p);
        tf_expression *operand = NULL;
        if (!status) {
            status = parse_unary(p, &operand);
        }
        if (!status && operand->kind == TF_EXPRESSION_NUMBER) {
            operand->number = -operand->number;
            *node_out = operand;
        } else if (!status) {
            status = add_node(p, TF_EXPRESSION_UNARY, "-", start, node_out);
            status = status ? status : add_child(p, *node_out, operand);
        }
    } else {
        status = parse_primary(p, node_out);
    }
    while (!status && is_sign(p, "[")) {
        tf_expression *index = NULL;
        status = add_node(p, TF_EXPRESSION_INDEX, "[]", start, &index);
        if (!status) {
            status = add_child(p, index, *node_out);
        }
        if (!status) {
            status = parse_children(p, index, "]");
        }
        if (!status) {
            *node_out = index;
        }
    }
    if (!status) {
        (*node_out)->start = start;
        (*node_out)->end = p->last_end;
    }
    p->depth--;
    return status;
}

typedef tf_status operand_parser(parser *p, tf_expression **node_out);

/* `operand (operator operand)*` for the operators of one rank, at most one if `is_single`. */
static tf_status parse_chain(parser *p, operand_parser *operand, const char *const *operators,
                             bool is_single, tf_expression **node_out) {
    size_t start = p->start;
    tf_status status = operand(p, node_out);
    for (const char *const *found = operators; !status && *found;) {
        if (!is_sign(p, *found) && !is_word(p, *found)) {
            found++;
            continue;
        }
        tf_expression *node = NULL;
        tf_expression *right = NULL;
        const char *text = strcmp(*found, "!=") == 0 ? "<>" : *found;
        status = next(p);
        if (!status) {
            status = operand(p, &right);
        }
        if (!status) {
            status = add_node(p, TF_EXPRESSION_BINARY, text, start, &node);
        }
        if (!status) {
            status = add_child(p, node, *node_out);
        }
        if (!status) {
            status = add_child(p, node, right);
        }
        if (!status) {
            node->end = p->last_end;
            *node_out = node;
            found = operators;
        }
        if (is_single) {
            break;
        }
    }
    return status;
}

static tf_status parse_product(parser *p, tf_expression **node_out) {
    static const char *const operators[] = {"*", "/", NULL};
    return parse_chain(p, parse_unary, operators, false, node_out);
}

static tf_status parse_sum(parser *p, tf_expression **node_out) {
    static const char *const operators[] = {"+", "-", NULL};
    return parse_chain(p, parse_product, operators, false, node_out);
}

static tf_status wrap(parser *p, const char *text, size_t start, tf_expression **node_out) {
    tf_expression *node = NULL;
    tf_status status = add_node(p, TF_EXPRESSION_UNARY, text, start, &node);
    if (!status) {
        status = add_child(p, node, *node_out);
    }
    if (!status) {
        node->end = p->last_end;
        *node_out = node;
    }
    return status;
}

static tf_status parse_comparison(parser *p, tf_expression **node_out) {
    static const char *const operators[] = {"<=", ">=", "<>", "!=", "<", ">", "=", NULL};
    size_t start = p->start;
    tf_status status = parse_chain(p, parse_sum, operators, true, node_out);
    if (status || !is_word(p, "is")) {
        return status;
    }
    status = next(p);
    bool is_negated = !status && is_word(p, "not");
    if (is_negated) {
        status = next(p);
    }
    if (!status) {
        status = expect(p, "null");
    }
    return status ? status : wrap(p, is_negated ? "is not null" : "is null", start, node_out);
}

static tf_status parse_not(parser *p, tf_expression **node_out) {
    if (!is_word(p, "not")) {
        return parse_comparison(p, node_out);
    }
    if (++p->depth > MAX_DEPTH) {
        return fail_here(p, "too many parts are within each other");
    }
    size_t start = p->start;
    tf_status status = next(p);
    if (!status) {
        status = parse_not(p, node_out);
    }
    p->depth--;
    return status ? status : wrap(p, "not", start, node_out);
}

static tf_status parse_and(parser *p, tf_expression **node_out) {
    static const char *const operators[] = {"and", NULL};
    return parse_chain(p, parse_not, operators, false, node_out);
}

static tf_status parse_or(parser *p, tf_expression **node_out) {
    static const char *const operators[] = {"or", NULL};
    if (++p->depth > MAX_DEPTH) {
        return fail_here(p, "too many parts are within each other");
    }
    tf_status status = parse_chain(p, parse_and, operators, false, node_out);
    p->depth--;
    return status;
}

tf_status tf_expression_parse(tf_text text, bool is_template, tf_arena *arena,
                              tf_expression **expression_out, tf_error *error) {
    parser p = {.text = text, .is_template = is_template, .arena = arena, .error = error};
    tf_status status = next(&p);
    if (!status) {
        status = parse_or(&p, expression_out);
    }
    if (!status && p.token != TOKEN_END) {
        status = fail_here(&p, "nothing more is needed here");
    }
    return status;
}
