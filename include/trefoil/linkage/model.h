/* The model of a linkage: what is compared and how, what each agreement is worth, and which pairs
 * are looked at.  The vocabulary is Splink's: a comparison has levels tried in order, the first
 * that holds is the pair's; m is the probability of a level among matches, u among other pairs;
 * the match weight is log2(m / u), and a pair's is the sum with the prior's log2 odds
 * (Fellegi and Sunter, "A theory for record linkage", JASA 64, 1969). */
#ifndef TREFOIL_LINKAGE_MODEL_H
#define TREFOIL_LINKAGE_MODEL_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"
#include "trefoil/linkage/standardise.h"

#include <stdint.h>

enum {
    TF_LINK_MAX_STEPS = 6,
    TF_LINK_MAX_COMPARISONS = 64,
    TF_LINK_MAX_LEVELS = 64, /* of one comparison */
    TF_LINK_MAX_KEYS = 32,   /* of one blocking rule */
};

typedef enum tf_link_type {
    TF_LINK_DEDUPE,  /* pairs within one source; Splink's dedupe_only */
    TF_LINK_BETWEEN, /* pairs of different sources; link_only */
    TF_LINK_BOTH,    /* all pairs; link_and_dedupe */
} tf_link_type;

/* What is done to a value before it is compared.  A value that is missing, or for which a step
 * has no answer (no such date, no such part), is missing. */
typedef enum tf_link_step_kind {
    TF_LINK_LOWER,
    TF_LINK_UPPER,
    TF_LINK_TRIM,
    TF_LINK_SUBSTRING, /* `length` code points from the `first`, counted from 1 */
    TF_LINK_SOUNDEX,
    TF_LINK_DOUBLE_METAPHONE,
    TF_LINK_YEAR,
    TF_LINK_MONTH,
    TF_LINK_DAY,
    TF_LINK_DATE,    /* a date by the strptime pattern `text` */
    TF_LINK_NULL_IF, /* missing if it is `text` */
    TF_LINK_POSTCODE_AREA,
    TF_LINK_POSTCODE_DISTRICT,
    TF_LINK_POSTCODE_SECTOR,
    TF_LINK_EMAIL_USER, /* before the @ */
    TF_LINK_GIVEN_NAME, /* of a full name, as is the next */
    TF_LINK_FAMILY_NAME,
    TF_LINK_HOUSE_NUMBER, /* of an address, as is the next */
    TF_LINK_STREET,
    TF_LINK_FIRST, /* element of an array */
    TF_LINK_LAST,
    TF_LINK_ANY, /* in a blocking rule: agreement of any element counts */
} tf_link_step_kind;

typedef struct tf_link_step {
    tf_link_step_kind kind;
    int first;
    int length;
    const char *text;
} tf_link_step;

/* A column and what is done to it, first step first. */
typedef struct tf_link_value {
    const char *column;
    tf_link_step steps[TF_LINK_MAX_STEPS];
    int step_count;
} tf_link_value;

typedef enum tf_link_op {
    TF_LINK_ELSE,    /* holds always */
    TF_LINK_AND,     /* of the children, as are the next two */
    TF_LINK_OR,      /**/
    TF_LINK_NOT,     /**/
    TF_LINK_MISSING, /* on either side */
    TF_LINK_EXACT,
    TF_LINK_LITERAL, /* equal to `text`, on the sides that `side` names */
    TF_LINK_LEVENSHTEIN,
    TF_LINK_OSA,     /* Damerau-Levenshtein, no substring edited twice */
    TF_LINK_DAMERAU, /* unrestricted */
    TF_LINK_JARO,
    TF_LINK_JARO_WINKLER,
    TF_LINK_JACCARD, /* of the sets of characters, as DuckDB's */
    TF_LINK_DAYS,    /* between two dates; also fractions of a day, for 30.4375 is a month */
    TF_LINK_MONTHS,  /* of the calendar */
    TF_LINK_YEARS,
    TF_LINK_DAY_MONTH_SWAPPED,
    TF_LINK_DIFFERENCE, /* of two numbers */
    TF_LINK_PERCENTAGE, /* |a - b| / max(a, b), below the threshold and not at it, as Splink's */
    TF_LINK_KM,         /* great circle on a sphere of 6371 km; values[0] latitude, [1] longitude */
    TF_LINK_INTERSECTION, /* elements that two arrays share */
    TF_LINK_BEST_PAIR,    /* of elements of two arrays, by `metric` */
    TF_LINK_REVERSED,     /* left values[0] = right values[1], and the other way round unless
                             `side` is TF_LINK_LEFT */
    TF_LINK_NICKNAME,
} tf_link_op;

typedef enum tf_link_side { TF_LINK_BOTH_SIDES, TF_LINK_LEFT, TF_LINK_RIGHT } tf_link_side;

/* A typed tree.  As in SQL, what is asked about a missing value is unknown; NOT unknown is
 * unknown; only what is true holds.  Similarities hold from the threshold up (>=), distances from
 * it down (<=), but for TF_LINK_PERCENTAGE. */
typedef struct tf_link_condition tf_link_condition;
struct tf_link_condition {
    tf_link_op op;
    tf_link_value values[2];
    int value_count;
    double threshold;
    const char *text;
    tf_link_side side;
    tf_link_op metric;
    const tf_link_condition **children;
    int child_count;
};

typedef struct tf_link_level {
    const tf_link_condition *condition;
    const char *label; /* "" when there is none */
    bool is_null;      /* no evidence: neither m nor u, weight 0 */
    double m;          /* NaN: not yet known */
    double u;
    bool is_m_fixed; /* training leaves it as it is */
    bool is_u_fixed;
    const char *tf_column; /* term-frequency adjustment; NULL for none */
    double tf_weight;
    double tf_minimum_u;
    bool tf_own_u; /* adjust against this level's u, not that of the exact level */
} tf_link_level;

typedef struct tf_link_comparison {
    const char *name;
    const char *description; /* "" when there is none */
    tf_link_level *levels;
    int level_count;
} tf_link_comparison;

typedef struct tf_link_key {
    tf_link_value left;
    tf_link_value right; /* the same but for rules across columns */
} tf_link_key;

/* A pair is looked at if every key agrees; a missing value agrees with nothing. */
typedef struct tf_link_rule {
    tf_link_key *keys;
    int key_count;
} tf_link_rule;

/* What a column holds: its values are brought to the standard spelling of such a field before
 * anything else is done to them (standardise.h). */
typedef struct tf_link_column_field {
    const char *column;
    tf_person_field field;
} tf_link_column_field;

typedef struct tf_link_model {
    tf_link_type type;
    tf_link_column_field *fields; /* values of other columns are taken as they stand */
    int field_count;
    bool compares_bytes; /* of UTF-8, as Splink on DuckDB does; else letters */
    double prior;        /* that two random records match; NaN: not yet known */
    tf_link_comparison *comparisons;
    int comparison_count;
    tf_link_rule *rules;
    int rule_count;
    const char **kept_columns;
    int kept_count;
    const char *id_column;     /* "unique_id" unless told */
    const char *source_column; /* "source_dataset" unless told */
    tf_arena *arena;           /* owns everything above */
} tf_link_model;

/* An empty model, without a prior; free with tf_link_model_free, which accepts NULL. */
TF_API tf_status tf_link_model_new(tf_link_model **model_out, tf_error *error);
TF_API void tf_link_model_free(tf_link_model *model);

/* Whether the model can be used: names are there and different, probabilities lie in [0, 1], every
 * comparison has a level that is not the null level, "else" stands last only, and a term-frequency
 * level has an exact level to be adjusted against.  Errors: TF_BAD_INPUT, naming the place;
 * TF_UNSUPPORTED for TF_LINK_ANY where it is not the last step of an exact match or of a key. */
TF_API tf_status tf_link_model_check(const tf_link_model *model, tf_error *error);

/* Splink's comparison vector value: -1 for a null level, 0 for the last of the others, counting up
 * towards the first. */
TF_API int tf_link_gamma(const tf_link_comparison *comparison, int level);
TF_API int tf_link_level_of_gamma(const tf_link_comparison *comparison, int gamma); /* -1: none */

/* log2(m / u), either no less than 1e-300 (as Splink 5 has it, ComparisonLevel._match_weight); 0
 * for a null level; NaN while m or u is not known. */
TF_API double tf_link_level_weight(const tf_link_level *level);

/* log2(p / (1 - p)), and back without overflow at either end. */
TF_API double tf_link_weight_of_probability(double probability);
TF_API double tf_link_probability_of_weight(double weight);

/* The match weight of an agreement pattern, one level number for each comparison, without
 * term-frequency adjustments: the prior's weight and the levels', summed in the order of the
 * comparisons. */
TF_API double tf_link_pattern_weight(const tf_link_model *model, const uint8_t *levels);

/* What is added to a pair's weight for the frequency of its values.  Splink's rule
 * (splink 5.0.0, internals/comparison_level.py, _tf_adjustment_sql):
 *     tf_weight * (log2(u) - log2(max(tf_left, tf_right, tf_minimum_u)))
 * where u is that of the first level of the comparison that asks for the exact match of the
 * adjusted column alone (or the level's own, tf_own_u).  So on a fuzzy level the commoner of two
 * values counts.  A frequency that is not known is NaN: the other's stands for both, and without
 * either nothing is added.  The same for the null and the else level. */
TF_API double tf_link_term_adjustment(const tf_link_comparison *comparison, int level,
                                      double tf_left, double tf_right);

/* Whether the condition is a conjunction of exact matches of bare columns; these columns are
 * written to `columns_out` (room for `capacity`) and counted.  0 if it is anything else. */
TF_API int tf_link_exact_columns(const tf_link_condition *condition, const char **columns_out,
                                 int capacity);

/* Whether the condition reads the column, at any depth; and the same for a whole comparison. */
TF_API bool tf_link_condition_reads(const tf_link_condition *condition, const char *column);
TF_API bool tf_link_comparison_reads(const tf_link_comparison *comparison, const char *column);

TF_API bool tf_link_value_equal(const tf_link_value *a, const tf_link_value *b);
TF_API bool tf_link_condition_equal(const tf_link_condition *a, const tf_link_condition *b);

/* Pairs that the link type allows among sources of the given sizes. */
TF_API double tf_link_pair_count(tf_link_type type, const uint32_t *source_sizes, int source_count);

#endif
