#include "web/paper/linkage_words.h"

#include "insight/profile_words.h"

#include <math.h>
#include <stdio.h>

static void put(tf_buffer *out, const char *text) {
    tf_buffer_append_text(out, text);
}

void tf_linkage_words_column(const char *column, tf_buffer *out) {
    for (const char *at = column; *at; at++) {
        tf_buffer_append(out, *at == '_' ? " " : at, 1);
    }
}

/* What a step makes of the value that is named after these words; NULL for steps of spelling. */
static const char *words_of_step(tf_link_step_kind kind) {
    static const char *const words[] = {
        [TF_LINK_SOUNDEX] = "the sound (Soundex) of ",
        [TF_LINK_DOUBLE_METAPHONE] = "the sound (Double Metaphone) of ",
        [TF_LINK_YEAR] = "the year of ",
        [TF_LINK_MONTH] = "the month of ",
        [TF_LINK_DAY] = "the day of ",
        [TF_LINK_POSTCODE_AREA] = "the area of ",
        [TF_LINK_POSTCODE_DISTRICT] = "the district of ",
        [TF_LINK_POSTCODE_SECTOR] = "the sector of ",
        [TF_LINK_EMAIL_USER] = "what stands before the @ of ",
        [TF_LINK_GIVEN_NAME] = "the given name in ",
        [TF_LINK_FAMILY_NAME] = "the family name in ",
        [TF_LINK_HOUSE_NUMBER] = "the house number of ",
        [TF_LINK_STREET] = "the street of ",
        [TF_LINK_FIRST] = "the first of ",
        [TF_LINK_LAST] = "the last of ",
        [TF_LINK_ANY] = "any of ",
    };
    return (size_t)kind < sizeof words / sizeof *words ? words[kind] : NULL;
}

/* What is taken of a value: "the first 3 characters of ". */
static void put_steps(const tf_link_value *value, tf_buffer *out) {
    for (int i = value->step_count - 1; i >= 0; i--) {
        const tf_link_step *step = &value->steps[i];
        if (step->kind == TF_LINK_SUBSTRING && step->first == 1 && step->length == 1) {
            put(out, "the first character of ");
        } else if (step->kind == TF_LINK_SUBSTRING && step->first == 1) {
            tf_buffer_format(out, "the first %d characters of ", step->length);
        } else if (step->kind == TF_LINK_SUBSTRING) {
            tf_buffer_format(out, "characters %d to %d of ", step->first,
                             step->first + step->length - 1);
        } else if (words_of_step(step->kind)) {
            put(out, words_of_step(step->kind));
        }
    }
}

void tf_linkage_words_value(const tf_link_value *value, tf_buffer *out) {
    put_steps(value, out);
    tf_linkage_words_column(value->column, out);
}

/* ---- conditions ---- */

typedef struct telling {
    const char *subject; /* the column that needs no naming */
    tf_buffer *out;
} telling;

static void tell(const telling *to, const tf_link_condition *condition, bool is_within);

/* The value and a space; where it is of the subject, only what is taken of it: "the year ". */
static void put_subject(const telling *to, const tf_link_condition *condition) {
    const tf_link_value *value = &condition->values[0];
    size_t before = to->out->length;
    if (!condition->value_count) {
        return;
    }
    put_steps(value, to->out);
    if (!to->subject || strcmp(value->column, to->subject) != 0) {
        tf_linkage_words_column(value->column, to->out);
        put(to->out, " ");
    } else if (to->out->length > before) {
        to->out->length -= strlen("of "); /* every step's words end with "of " or "in " */
    }
}

static void tell_children(const telling *to, const tf_link_condition *condition, const char *word,
                          bool is_within) {
    bool has_brackets = is_within && condition->child_count > 1;
    put(to->out, has_brackets ? "(" : "");
    for (int i = 0; i < condition->child_count; i++) {
        put(to->out, i ? word : "");
        tell(to, condition->children[i], true);
    }
    put(to->out, has_brackets ? ")" : "");
}

static const char *name_of_measure(tf_link_op op) {
    switch (op) {
    case TF_LINK_LEVENSHTEIN:
        return "Levenshtein";
    case TF_LINK_OSA:
    case TF_LINK_DAMERAU:
        return "Damerau-Levenshtein";
    case TF_LINK_JARO:
        return "Jaro";
    case TF_LINK_JARO_WINKLER:
        return "Jaro-Winkler";
    case TF_LINK_JACCARD:
        return "Jaccard";
    default:
        return "similarity";
    }
}

static void put_amount(const telling *to, double amount, const char *one, const char *many) {
    char number[32];
    snprintf(number, sizeof number, "%g", amount);
    tf_buffer_format(to->out, "within %s%s%s", number, *one ? " " : "", amount == 1 ? one : many);
}

static void tell_distance(const telling *to, const tf_link_condition *condition) {
    static const struct {
        tf_link_op op;
        const char *one;
        const char *many;
    } units[] = {{TF_LINK_LEVENSHTEIN, "edit", "edits"}, {TF_LINK_OSA, "edit", "edits"},
                 {TF_LINK_DAMERAU, "edit", "edits"},     {TF_LINK_DAYS, "day", "days"},
                 {TF_LINK_MONTHS, "month", "months"},    {TF_LINK_YEARS, "year", "years"},
                 {TF_LINK_DIFFERENCE, "", ""},           {TF_LINK_KM, "km", "km"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].op == condition->op) {
            put_amount(to, condition->threshold, units[i].one, units[i].many);
            return;
        }
    }
    tf_buffer_format(to->out, "within %g%%", 100 * condition->threshold);
}

static void tell_reversed(const telling *to, const tf_link_condition *condition) {
    tf_linkage_words_value(&condition->values[0], to->out);
    put(to->out, " and ");
    tf_linkage_words_value(&condition->values[1], to->out);
    put(to->out, " swapped");
}

/* Conditions on values: those that are not made of others. */
static void tell_values(const telling *to, const tf_link_condition *condition) {
    put_subject(to, condition);
    switch (condition->op) {
    case TF_LINK_MISSING:
        put(to->out, "missing from one or both");
        break;
    case TF_LINK_EXACT:
        put(to->out, "the same");
        break;
    case TF_LINK_LITERAL:
        tf_buffer_format(to->out, "\xE2\x80\x9C%s\xE2\x80\x9D%s",
                         condition->text ? condition->text : "",
                         condition->side == TF_LINK_BOTH_SIDES ? " in both" : " in one");
        break;
    case TF_LINK_DAY_MONTH_SWAPPED:
        put(to->out, "day and month swapped");
        break;
    case TF_LINK_INTERSECTION:
        tf_buffer_format(to->out, "at least %g shared", condition->threshold);
        break;
    case TF_LINK_NICKNAME:
        put(to->out, "a nickname of the other");
        break;
    case TF_LINK_JARO:
    case TF_LINK_JARO_WINKLER:
    case TF_LINK_JACCARD:
        tf_buffer_format(to->out, "alike (%s %g+)", name_of_measure(condition->op),
                         condition->threshold);
        break;
    case TF_LINK_BEST_PAIR:
        tf_buffer_format(to->out, "alike in any two values (%s %g)",
                         name_of_measure(condition->metric), condition->threshold);
        break;
    default:
        tell_distance(to, condition);
        break;
    }
}

static void tell(const telling *to, const tf_link_condition *condition, bool is_within) {
    switch (condition->op) {
    case TF_LINK_ELSE:
        put(to->out, "different");
        break;
    case TF_LINK_AND:
        tell_children(to, condition, " and ", is_within);
        break;
    case TF_LINK_OR:
        tell_children(to, condition, " or ", is_within);
        break;
    case TF_LINK_NOT:
        put(to->out, "not ");
        tell_children(to, condition, "", true);
        break;
    case TF_LINK_REVERSED:
        tell_reversed(to, condition);
        break;
    default:
        tell_values(to, condition);
        break;
    }
}

static const char *first_column(const tf_link_condition *condition) {
    if (condition->value_count) {
        return condition->values[0].column;
    }
    for (int i = 0; i < condition->child_count; i++) {
        const char *column = first_column(condition->children[i]);
        if (column) {
            return column;
        }
    }
    return NULL;
}

const char *tf_linkage_first_column(const tf_link_comparison *comparison) {
    for (int i = 0; i < comparison->level_count; i++) {
        const char *column = first_column(comparison->levels[i].condition);
        if (column) {
            return column;
        }
    }
    return NULL;
}

void tf_linkage_words_level(const tf_link_comparison *comparison, int level, tf_buffer *out) {
    const tf_link_level *of = &comparison->levels[level];
    if (of->label && *of->label) {
        put(out, of->label);
        return;
    }
    telling to = {.subject = tf_linkage_first_column(comparison), .out = out};
    if (of->is_null && of->condition->op != TF_LINK_MISSING) {
        /* Such a level may be long, and what it means is that another comparison has it. */
        put(out, "missing, or counted elsewhere");
        return;
    }
    tell(&to, of->condition, false);
}

void tf_linkage_words_rule(const tf_link_rule *rule, tf_buffer *out) {
    for (int i = 0; i < rule->key_count; i++) {
        const tf_link_key *key = &rule->keys[i];
        put(out, i == 0 ? "" : i + 1 == rule->key_count ? " and " : ", ");
        tf_linkage_words_value(&key->left, out);
        if (!tf_link_value_equal(&key->left, &key->right)) {
            put(out, " as ");
            tf_linkage_words_value(&key->right, out);
        }
    }
    put(out, " the same");
}

/* ---- numbers ---- */

void tf_linkage_words_percent(double share, tf_buffer *out) {
    double percent = 100 * share;
    int decimals = 1;
    if (isnan(share)) {
        put(out, "not known");
        return;
    }
    double from_end = fmin(percent, 100 - percent);
    while (decimals < 6 && from_end > 0 && from_end < 0.5 * pow(10, -decimals) * 2) {
        decimals++;
    }
    if (from_end > 0 && from_end < 1e-6) {
        put(out, percent < 50 ? "under 0.000001%" : "over 99.999999%");
        return;
    }
    tf_buffer_format(out, "%.*f%%", from_end == 0 ? 0 : decimals, percent);
}

void tf_linkage_words_probability(double probability, tf_buffer *out) {
    static const double least = 1e-12;
    tf_linkage_words_percent(isnan(probability) ? NAN : fmax(fmin(probability, 1 - least), least),
                             out);
}

void tf_linkage_words_chance(double probability, tf_buffer *out) {
    char count[TF_COUNT_TEXT_SIZE];
    if (probability > 0 && probability < 0.01 && 1 / probability < 1e15) {
        double one_in = 1 / probability;
        double step = pow(10, fmax(floor(log10(one_in)) - 1, 0)); /* two digits say enough */
        tf_buffer_format(out, "1 in %s",
                         tf_words_count(llround(one_in / step) * (int64_t)step, count));
    } else {
        tf_linkage_words_percent(probability, out);
    }
}

void tf_linkage_words_weight(double weight, tf_buffer *out) {
    const char *sign = fabs(weight) < 0.005 ? "" : weight < 0 ? "\xE2\x88\x92" : "+";
    if (isnan(weight)) {
        put(out, "not known");
    } else {
        tf_buffer_format(out, "%s%.2f", sign, fabs(weight));
    }
}
