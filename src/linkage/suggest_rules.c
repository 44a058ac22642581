/* Blocking rules that are as wide as can be afforded. */
#include "linkage/blocks_internal.h"
#include "linkage/condition_internal.h"
#include "linkage/suggest_internal.h"

#include <math.h>

enum { KEYS_MOST = 4, STEPS_MOST = 4, RULES_MOST = 24 };

static const uint32_t SAMPLE = 30000;

/* A kind of rule from the widest to the narrowest: the first that is affordable is taken.  Keys are
 * patterns; the letter after $ names the column: d birth, g given, f family, p postcode, e e-mail,
 * t telephone, a address, c town, n, o and i identifiers. */
static const char *const ladders[][STEPS_MOST][KEYS_MOST] = {
    {{"$n"}},
    {{"$o"}},
    {{"$i"}},
    {{"$e"}},
    {{"$d"}, {"$d", "substring($g, 1, 1)"}, {"$d", "$g"}},
    {{"$d", "substring($f, 1, 1)"}, {"$d", "$f"}},
    {{"$p"}, {"$p", "substring($g, 1, 1)"}, {"$p", "$g"}},
    {{"$t"}, {"$t", "substring($g, 1, 1)"}, {"$t", "$g"}},
    {{"$g", "$f"}, {"$g", "$f", "year($d)"}, {"$g", "$f", "substring($d, 1, 7)"}},
    {{"soundex($f)", "substring($g, 1, 1)", "year($d)"}, {"soundex($f)", "$g", "year($d)"}},
    {{"$g", "substring($d, 1, 7)"}, {"$g", "substring($d, 1, 7)", "substring($f, 1, 1)"}},
    {{"$a"}, {"$a", "$g"}, {"$a", "$g", "$c"}},
    {{"$f", "postcode_district($p)"},
     {"$f", "postcode_district($p)", "substring($g, 1, 1)"},
     {"$f", "$g", "postcode_district($p)"}},
    {{"$f = $g", "$g = $f", "year($d)"}},
    {{"$f", "$c"}, {"$f", "$c", "substring($g, 1, 1)"}},
};

enum { LADDER_COUNT = sizeof ladders / sizeof *ladders };

static const char *column_for(const link_suggestion *suggestion, char letter) {
    static const struct {
        char letter;
        tf_person_field field;
    } names[] = {
        {'d', TF_PERSON_DATE_OF_BIRTH}, {'g', TF_PERSON_GIVEN_NAME}, {'f', TF_PERSON_FAMILY_NAME},
        {'p', TF_PERSON_POSTCODE},      {'e', TF_PERSON_EMAIL},      {'t', TF_PERSON_PHONE},
        {'a', TF_PERSON_ADDRESS},       {'c', TF_PERSON_CITY},       {'n', TF_PERSON_NHS_NUMBER},
        {'o', TF_PERSON_PNC_ID},        {'i', TF_PERSON_PERSON_ID},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].letter == letter) {
            return link_column_of(suggestion, names[i].field);
        }
    }
    return NULL;
}

/* False if a column is not there. */
static bool write_key(const link_suggestion *suggestion, const char *pattern, tf_buffer *out) {
    const char *full = link_column_of(suggestion, TF_PERSON_FULL_NAME);
    for (const char *at = pattern; *at; at++) {
        if (*at != '$') {
            tf_buffer_append(out, at, 1);
            continue;
        }
        at++;
        tf_link_value value = {.column = column_for(suggestion, *at)};
        bool is_name = *at == 'g' || *at == 'f';
        if (!value.column && is_name && full) {
            value.column = full;
            value.steps[0].kind = *at == 'g' ? TF_LINK_GIVEN_NAME : TF_LINK_FAMILY_NAME;
            value.step_count = 1;
        }
        if (!value.column) {
            return false;
        }
        tf_link_value_write(&value, out);
    }
    return true;
}

/* `*is_rule_out` is false if a column is not there. */
static tf_status read_rule(link_suggestion *suggestion, const char *const keys[KEYS_MOST],
                           tf_link_rule *rule, bool *is_rule_out) {
    tf_buffer text;
    tf_buffer_init(&text);
    *rule = (tf_link_rule){0};
    *is_rule_out = true;
    rule->keys = tf_arena_alloc(suggestion->model->arena, KEYS_MOST, sizeof *rule->keys);
    tf_status status = rule->keys ? TF_OK : tf_fail_no_memory(suggestion->error);
    for (int k = 0; k < KEYS_MOST && keys[k] && !status && *is_rule_out; k++) {
        text.length = 0;
        *is_rule_out = write_key(suggestion, keys[k], &text);
        if (*is_rule_out) {
            status = tf_buffer_check(&text, suggestion->error);
        }
        if (*is_rule_out && !status) {
            status = tf_link_key_read((tf_text){text.data, text.length}, suggestion->model->arena,
                                      &rule->keys[rule->key_count++], suggestion->error);
        }
    }
    tf_buffer_deinit(&text);
    return status;
}

/* Records evenly spread, with dictionaries of just their values. */
static tf_status take_sample(const tf_link_records *records, tf_link_records *sample,
                             tf_error *error) {
    uint32_t count = records->count < SAMPLE ? records->count : SAMPLE;
    *sample = *records;
    sample->count = count;
    sample->sources = tf_alloc(count, sizeof *sample->sources);
    sample->columns = tf_alloc_zeroed(records->column_count, sizeof *sample->columns);
    if (!sample->sources || !sample->columns) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t i = 0; i < count; i++) {
        sample->sources[i] = records->sources[(uint64_t)i * records->count / count];
    }
    tf_status status = TF_OK;
    for (uint32_t c = 0; c < records->column_count && !status; c++) {
        link_column *column = &sample->columns[c];
        column->name = records->columns[c].name;
        column->codes = tf_alloc_zeroed(count, sizeof *column->codes);
        status =
            column->codes ? link_dictionary_init(&column->values, error) : tf_fail_no_memory(error);
        for (uint32_t i = 0; i < count && !status; i++) {
            tf_text value =
                tf_link_records_value(records, (uint32_t)((uint64_t)i * records->count / count), c);
            if (value.length) {
                status = link_dictionary_add(&column->values, value, link_text_hash(value),
                                             &column->codes[i], error);
            }
        }
    }
    return status;
}

static void drop_sample(tf_link_records *sample) {
    for (uint32_t c = 0; sample->columns && c < sample->column_count; c++) {
        tf_free(sample->columns[c].codes);
        link_dictionary_deinit(&sample->columns[c].values);
    }
    tf_free(sample->columns);
    tf_free(sample->sources);
}

/* Pairs that the rule would give for each record. */
static tf_status estimate_pairs(const link_suggestion *suggestion, const tf_link_records *sample,
                                const tf_link_rule *rule, double *pairs_out) {
    link_reading reading = {.model = suggestion->model, .standardiser = suggestion->standardiser};
    link_blocks *blocks;
    tf_status status = link_blocks_new(sample, &reading, rule, 1, suggestion->model->type,
                                       UINT32_MAX, 1, &blocks, suggestion->error);
    if (!status) {
        double scale = (double)suggestion->records->count / fmax(1, sample->count);
        *pairs_out = (double)blocks->rules[0].report.pairs * scale / fmax(1, sample->count);
        link_blocks_free(blocks);
    }
    return status;
}

tf_status link_suggest_rules(link_suggestion *suggestion, double most_pairs) {
    tf_link_model *model = suggestion->model;
    tf_link_records sample = {0};
    model->rules = tf_arena_alloc(model->arena, RULES_MOST, sizeof *model->rules);
    tf_status status = model->rules ? take_sample(suggestion->records, &sample, suggestion->error)
                                    : tf_fail_no_memory(suggestion->error);
    for (int l = 0; l < LADDER_COUNT && !status; l++) {
        for (int s = 0; s < STEPS_MOST && ladders[l][s][0] && !status; s++) {
            tf_link_rule *rule = &model->rules[model->rule_count];
            bool is_rule;
            double pairs = 0;
            status = read_rule(suggestion, ladders[l][s], rule, &is_rule);
            if (!status && is_rule) {
                status = estimate_pairs(suggestion, &sample, rule, &pairs);
            }
            if (!status && is_rule && pairs <= most_pairs) {
                model->rule_count++;
                break;
            }
        }
    }
    drop_sample(&sample);
    return status;
}
