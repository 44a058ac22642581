/* Columns and what is done to them, as text: ours and Splink's. */
#include "linkage/condition_internal.h"

#include <ctype.h>
#include <math.h>

enum { MAX_POSITION = 1000000 };

typedef enum step_arguments { NO_ARGUMENT, TWO_NUMBERS, ONE_TEXT } step_arguments;

typedef struct step_name {
    const char *ours;
    const char *sql; /* NULL if SQL has none or it is read apart */
    tf_link_step_kind kind;
    step_arguments arguments;
} step_name;

static const step_name step_names[] = {
    {"lower", "lower", TF_LINK_LOWER, NO_ARGUMENT},
    {"upper", "upper", TF_LINK_UPPER, NO_ARGUMENT},
    {"trim", "trim", TF_LINK_TRIM, NO_ARGUMENT},
    {"substring", "substring", TF_LINK_SUBSTRING, TWO_NUMBERS},
    {"substr", "substr", TF_LINK_SUBSTRING, TWO_NUMBERS},
    {"soundex", "soundex", TF_LINK_SOUNDEX, NO_ARGUMENT},
    {"double_metaphone", NULL, TF_LINK_DOUBLE_METAPHONE, NO_ARGUMENT},
    {"year", "year", TF_LINK_YEAR, NO_ARGUMENT},
    {"month", "month", TF_LINK_MONTH, NO_ARGUMENT},
    {"day", "day", TF_LINK_DAY, NO_ARGUMENT},
    {"date", "try_strptime", TF_LINK_DATE, ONE_TEXT},
    {"null_if", "nullif", TF_LINK_NULL_IF, ONE_TEXT},
    {"postcode_area", NULL, TF_LINK_POSTCODE_AREA, NO_ARGUMENT},
    {"postcode_district", NULL, TF_LINK_POSTCODE_DISTRICT, NO_ARGUMENT},
    {"postcode_sector", NULL, TF_LINK_POSTCODE_SECTOR, NO_ARGUMENT},
    {"email_user", NULL, TF_LINK_EMAIL_USER, NO_ARGUMENT},
    {"given_name", NULL, TF_LINK_GIVEN_NAME, NO_ARGUMENT},
    {"family_name", NULL, TF_LINK_FAMILY_NAME, NO_ARGUMENT},
    {"house_number", NULL, TF_LINK_HOUSE_NUMBER, NO_ARGUMENT},
    {"street", NULL, TF_LINK_STREET, NO_ARGUMENT},
    {"first", NULL, TF_LINK_FIRST, NO_ARGUMENT},
    {"last", NULL, TF_LINK_LAST, NO_ARGUMENT},
    {"any", NULL, TF_LINK_ANY, NO_ARGUMENT},
};

enum { STEP_NAME_COUNT = sizeof step_names / sizeof *step_names };

/* What Splink's comparisons for postcodes and e-mail addresses extract (splink 5.0.0,
 * internals/comparison_library.py); no other pattern has an equivalent. */
static const struct pattern_name {
    const char *pattern;
    tf_link_step_kind kind;
} pattern_names[] = {
    {"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? [0-9]", TF_LINK_POSTCODE_SECTOR},
    {"^[A-Za-z]{1,2}[0-9][A-Za-z0-9]?", TF_LINK_POSTCODE_DISTRICT},
    {"^[A-Za-z]{1,2}", TF_LINK_POSTCODE_AREA},
    {"^[^@]+", TF_LINK_EMAIL_USER},
};

enum { PATTERN_COUNT = sizeof pattern_names / sizeof *pattern_names };

typedef struct value_reader {
    tf_link_dialect dialect;
    tf_arena *arena;
    tf_link_value *value;
    char side;
    bool is_value;
    tf_error *error;
} value_reader;

static tf_status read_any(value_reader *reader, const tf_expression *expression);

static tf_status not_a_value(value_reader *reader) {
    reader->is_value = false;
    return TF_OK;
}

static tf_status add_step(value_reader *reader, tf_link_step step) {
    tf_link_value *value = reader->value;
    if (!reader->is_value || value->step_count == TF_LINK_MAX_STEPS) {
        return not_a_value(reader);
    }
    /* Splink says twice how a date is written where a column was given as an expression. */
    const tf_link_step *last = value->step_count ? &value->steps[value->step_count - 1] : NULL;
    if (last && last->kind == TF_LINK_DATE && step.kind == TF_LINK_DATE &&
        strcmp(last->text, step.text) == 0) {
        return TF_OK;
    }
    value->steps[value->step_count++] = step;
    return TF_OK;
}

/* The side that `surname_l` names; 0 if it names none. */
static char side_of_suffix(const char *name) {
    size_t length = strlen(name);
    char side = length > 2 ? (char)tolower((unsigned char)name[length - 1]) : '\0';
    return length > 2 && name[length - 2] == '_' && (side == 'l' || side == 'r') ? side : '\0';
}

/* The side that the `l` of l."surname" names; 0 if there is none. */
static char side_of_qualifier(const tf_expression *name) {
    const char *qualifier = name->child_count == 1 ? name->children[0]->text : "";
    return strcmp(qualifier, "l") == 0 || strcmp(qualifier, "r") == 0 ? qualifier[0] : '\0';
}

static tf_status read_column(value_reader *reader, const tf_expression *name) {
    size_t length = strlen(name->text);
    bool is_qualified = reader->dialect == TF_LINK_SQL_RULE;
    if (length == 0 || (!is_qualified && name->child_count != 0)) {
        return not_a_value(reader);
    }
    if (reader->dialect != TF_LINK_OURS) {
        reader->side = is_qualified ? side_of_qualifier(name) : side_of_suffix(name->text);
        if (reader->side == '\0') {
            return not_a_value(reader);
        }
        length -= is_qualified ? 0 : 2;
    }
    reader->value->column = tf_arena_copy_text(reader->arena, name->text, length);
    return reader->value->column ? TF_OK : tf_fail_no_memory(reader->error);
}

static bool read_position(const tf_expression *expression, int smallest, int *position_out) {
    if (expression->kind != TF_EXPRESSION_NUMBER || expression->number < smallest ||
        expression->number > MAX_POSITION || expression->number != floor(expression->number)) {
        return false;
    }
    *position_out = (int)expression->number;
    return true;
}

/* NULLIF(regexp_extract(column, 'pattern', 0), ''): a part of the value, missing where it is not.
 */
static tf_status read_extract(value_reader *reader, const tf_expression *call) {
    bool is_known = call->child_count >= 2 && call->child_count <= 3 &&
                    call->children[1]->kind == TF_EXPRESSION_STRING &&
                    (call->child_count == 2 || (call->children[2]->kind == TF_EXPRESSION_NUMBER &&
                                                call->children[2]->number == 0));
    for (int i = 0; is_known && i < PATTERN_COUNT; i++) {
        if (strcmp(pattern_names[i].pattern, call->children[1]->text) == 0) {
            tf_status status = read_any(reader, call->children[0]);
            return status ? status
                          : add_step(reader, (tf_link_step){.kind = pattern_names[i].kind});
        }
    }
    return not_a_value(reader);
}

/* Whether every conversion of a pattern of strptime is one that dates are read by. */
static bool is_date_pattern(const char *pattern) {
    for (; *pattern; pattern++) {
        if (*pattern == '%' && (*++pattern == '\0' || !strchr("YymdbBHMS%", *pattern))) {
            return false;
        }
    }
    return true;
}

static tf_status read_step(value_reader *reader, const tf_expression *call, const step_name *name) {
    tf_link_step step = {.kind = name->kind};
    static const int counts[] = {[NO_ARGUMENT] = 1, [TWO_NUMBERS] = 3, [ONE_TEXT] = 2};
    if (call->child_count != counts[name->arguments]) {
        return not_a_value(reader);
    }
    if (name->arguments == TWO_NUMBERS && (!read_position(call->children[1], 1, &step.first) ||
                                           !read_position(call->children[2], 0, &step.length))) {
        return not_a_value(reader);
    }
    if (name->arguments == ONE_TEXT) {
        if (call->children[1]->kind != TF_EXPRESSION_STRING ||
            (step.kind == TF_LINK_DATE && !is_date_pattern(call->children[1]->text))) {
            return not_a_value(reader);
        }
        step.text = tf_arena_copy_text(reader->arena, call->children[1]->text,
                                       strlen(call->children[1]->text));
        if (!step.text) {
            return tf_fail_no_memory(reader->error);
        }
    }
    tf_status status = read_any(reader, call->children[0]);
    return status ? status : add_step(reader, step);
}

static tf_status read_call(value_reader *reader, const tf_expression *call) {
    bool is_ours = reader->dialect == TF_LINK_OURS;
    if (!is_ours && strcmp(call->text, "nullif") == 0 && call->child_count == 2 &&
        call->children[0]->kind == TF_EXPRESSION_CALL &&
        strcmp(call->children[0]->text, "regexp_extract") == 0 &&
        call->children[1]->kind == TF_EXPRESSION_STRING && call->children[1]->text[0] == '\0') {
        return read_extract(reader, call->children[0]);
    }
    for (int i = 0; i < STEP_NAME_COUNT; i++) {
        const char *name = is_ours ? step_names[i].ours : step_names[i].sql;
        if (name && strcmp(name, call->text) == 0) {
            return read_step(reader, call, &step_names[i]);
        }
    }
    return not_a_value(reader);
}

static tf_status read_any(value_reader *reader, const tf_expression *expression) {
    if (expression->kind == TF_EXPRESSION_NAME) {
        return read_column(reader, expression);
    }
    if (expression->kind == TF_EXPRESSION_CALL) {
        return read_call(reader, expression);
    }
    /* Values are text to us until a step says otherwise. */
    if (expression->kind == TF_EXPRESSION_CAST && reader->dialect != TF_LINK_OURS &&
        (strcmp(expression->text, "text") == 0 || strcmp(expression->text, "varchar") == 0)) {
        return read_any(reader, expression->children[0]);
    }
    if (expression->kind == TF_EXPRESSION_INDEX && reader->dialect != TF_LINK_OURS &&
        expression->child_count == 2 && expression->children[1]->kind == TF_EXPRESSION_NUMBER &&
        fabs(expression->children[1]->number) == 1) {
        bool is_first = expression->children[1]->number > 0;
        tf_status status = read_any(reader, expression->children[0]);
        return status ? status
                      : add_step(reader,
                                 (tf_link_step){.kind = is_first ? TF_LINK_FIRST : TF_LINK_LAST});
    }
    return not_a_value(reader);
}

tf_status tf_link_value_read(tf_link_dialect dialect, const tf_expression *expression,
                             tf_arena *arena, tf_link_value *value_out, char *side_out,
                             bool *is_value_out, tf_error *error) {
    *value_out = (tf_link_value){0};
    value_reader reader = {dialect, arena, value_out, '\0', true, error};
    tf_status status = read_any(&reader, expression);
    *side_out = reader.side;
    *is_value_out = !status && reader.is_value && value_out->column;
    return status;
}

/* Words that mean something else where a column could stand. */
static bool is_reserved(const char *name) {
    static const char *const words[] = {"and", "or", "not", "is", "null", "case", "cast", "else"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (tf_text_equal_fold(tf_text_of(name), tf_text_of(words[i]))) {
            return true;
        }
    }
    return false;
}

static void write_quoted(const char *text, char mark, tf_buffer *buffer) {
    tf_buffer_append(buffer, &mark, 1);
    for (; *text; text++) {
        tf_buffer_append(buffer, text, 1);
        if (*text == mark) {
            tf_buffer_append(buffer, &mark, 1);
        }
    }
    tf_buffer_append(buffer, &mark, 1);
}

static void write_column(const char *column, tf_buffer *buffer) {
    bool is_plain = !isdigit((unsigned char)column[0]) && !is_reserved(column);
    for (const char *c = column; *c && is_plain; c++) {
        is_plain = isalnum((unsigned char)*c) || *c == '_';
    }
    if (is_plain) {
        tf_buffer_append_text(buffer, column);
    } else {
        write_quoted(column, '"', buffer);
    }
}

void tf_link_value_write(const tf_link_value *value, tf_buffer *buffer) {
    for (int i = value->step_count - 1; i >= 0; i--) {
        for (int k = 0; k < STEP_NAME_COUNT; k++) {
            if (step_names[k].kind == value->steps[i].kind) {
                tf_buffer_format(buffer, "%s(", step_names[k].ours);
                break;
            }
        }
    }
    write_column(value->column, buffer);
    for (int i = 0; i < value->step_count; i++) {
        const tf_link_step *step = &value->steps[i];
        if (step->kind == TF_LINK_SUBSTRING) {
            tf_buffer_format(buffer, ", %d, %d", step->first, step->length);
        } else if (step->text) {
            tf_buffer_append_text(buffer, ", ");
            write_quoted(step->text, '\'', buffer);
        }
        tf_buffer_append_text(buffer, ")");
    }
}
