#include "trefoil/linkage/suggest.h"

#include "linkage/condition_internal.h"
#include "linkage/suggest_internal.h"

#include "trefoil/table/builder.h"

#include <math.h>

enum { SAMPLE_RECORDS = 2000, LEVELS_MOST = 14 };

static const uint32_t RECORDS_A_VALUE = 10;     /* on average, for adjusting dates of birth */
static const uint32_t FREQUENCIES_FROM = 10000; /* records, for adjusting to common names */

tf_status tf_link_recognise(const tf_link_records *records, const tf_missing *missing,
                            tf_recognised *recognised_out, tf_error *error) {
    uint32_t columns = tf_link_records_column_count(records);
    uint32_t count = tf_link_records_count(records);
    tf_builder_field *fields = tf_alloc_zeroed(columns, sizeof *fields);
    tf_builder *builder = NULL;
    tf_table *table = NULL;
    tf_status status = fields ? TF_OK : tf_fail_no_memory(error);
    for (uint32_t c = 0; c < columns && !status; c++) {
        fields[c] =
            (tf_builder_field){tf_link_records_column_name(records, c).data, TF_TYPE_TEXT, 0};
    }
    if (!status) {
        builder = tf_builder_new(fields, columns, error);
        status = builder ? TF_OK : TF_NO_MEMORY;
    }
    uint32_t rows = count < SAMPLE_RECORDS ? count : SAMPLE_RECORDS;
    for (uint32_t i = 0; i < rows && !status; i++) {
        uint32_t record = (uint32_t)((uint64_t)i * count / rows);
        for (uint32_t c = 0; c < columns; c++) {
            tf_text value = tf_link_records_value(records, record, c);
            if (value.length) {
                tf_builder_append_text(builder, c, value);
            } else {
                tf_builder_append_null(builder, c);
            }
        }
    }
    if (!status) {
        status = tf_builder_finish(builder, &table, error);
    }
    if (!status) {
        status = tf_recognise_columns(table, missing, recognised_out, error);
    }
    tf_table_free(table);
    tf_builder_free(builder);
    tf_free(fields);
    return status;
}

/* ---- comparisons ---- */

const char *link_column_of(const link_suggestion *suggestion, tf_person_field field) {
    for (uint32_t c = 0; c < tf_link_records_column_count(suggestion->records); c++) {
        if (suggestion->fields[c] == field && suggestion->is_usable[c]) {
            return tf_link_records_column_name(suggestion->records, c).data;
        }
    }
    return NULL;
}

/* A pattern with columns put in: $a is `a`, $b is `b`, $g the given name and $d the date of birth,
 * in quotation marks where needed. */
static const char *fill_in(link_suggestion *suggestion, const char *pattern, const char *a,
                           const char *b) {
    tf_buffer out;
    tf_buffer_init(&out);
    for (const char *at = pattern; *at; at++) {
        if (at[0] == '$' && at[1] && strchr("abgd", at[1])) {
            tf_link_value value = {
                .column = at[1] == 'a'   ? a
                          : at[1] == 'b' ? b
                          : at[1] == 'g' ? link_column_of(suggestion, TF_PERSON_GIVEN_NAME)
                                         : link_column_of(suggestion, TF_PERSON_DATE_OF_BIRTH)};
            tf_link_value_write(&value, &out);
            at++;
        } else {
            tf_buffer_append(&out, at, 1);
        }
    }
    char *text =
        out.failed ? NULL : tf_arena_copy_text(suggestion->model->arena, out.data, out.length);
    tf_buffer_deinit(&out);
    return text;
}

/* One comparison: its levels as patterns, the first of which is the null level. */
typedef struct comparison_plan {
    const char *name;
    const char *description;
    const char *a;
    const char *b;
    const char *levels[LEVELS_MOST];
    bool has_frequencies;                 /* the level that asks for the exact match of `a` */
    const char *frequencies[LEVELS_MOST]; /* the column whose frequency adjusts a level; or NULL */
} comparison_plan;

static tf_status add_comparison(link_suggestion *suggestion, const comparison_plan *plan) {
    tf_link_model *model = suggestion->model;
    if (model->comparison_count == TF_LINK_MAX_COMPARISONS) {
        return TF_OK;
    }
    tf_link_comparison *comparison = &model->comparisons[model->comparison_count];
    int count = 0;
    while (count < LEVELS_MOST && plan->levels[count]) {
        count++;
    }
    *comparison = (tf_link_comparison){
        .name = plan->name,
        .description = plan->description,
        .levels = tf_arena_alloc(model->arena, (size_t)count, sizeof *comparison->levels),
        .level_count = count};
    if (!comparison->levels) {
        return tf_fail_no_memory(suggestion->error);
    }
    for (int i = 0; i < count; i++) {
        tf_link_level *level = &comparison->levels[i];
        *level =
            (tf_link_level){.label = "", .is_null = i == 0, .m = NAN, .u = NAN, .tf_weight = 1};
        const char *text = fill_in(suggestion, plan->levels[i], plan->a, plan->b);
        if (!text) {
            return tf_fail_no_memory(suggestion->error);
        }
        tf_status status = tf_link_condition_read(tf_text_of(text), model->arena, &level->condition,
                                                  suggestion->error);
        if (status) {
            return status;
        }
        bool is_exact = plan->has_frequencies && strcmp(plan->levels[i], "exact($a)") == 0;
        level->tf_column = is_exact ? plan->a : plan->frequencies[i];
        level->tf_minimum_u = level->tf_column ? 1e-6 : 0;
    }
    model->comparison_count++;
    return TF_OK;
}

/* A comparison of what people of one household share.  Where neither the given name nor the date of
 * birth is alike it says nothing: learning would else take households for matches, for there are
 * more of them and they are as far from chance. */
static tf_status add_shared(link_suggestion *suggestion, comparison_plan plan) {
    if (link_column_of(suggestion, TF_PERSON_GIVEN_NAME) &&
        link_column_of(suggestion, TF_PERSON_DATE_OF_BIRTH)) {
        plan.levels[0] = tf_arena_format(suggestion->model->arena,
                                         "%s or (not (nickname($g) or jaro_winkler($g) >= 0.8 or "
                                         "osa($d) <= 1 or day_month_swapped($d)))",
                                         plan.levels[0]);
        if (!plan.levels[0]) {
            return tf_fail_no_memory(suggestion->error);
        }
    }
    return add_comparison(suggestion, &plan);
}

/* Both names together: who has the given name of another has the family name more often than chance
 * says (a father's, a cousin's, a title taken for a name), so that two agreements are not twice the
 * evidence of one.  What is near the family name counts where it is not the same. */
static tf_status add_both_names(link_suggestion *suggestion, const char *given,
                                const char *family) {
    bool is_large = tf_link_records_count(suggestion->records) >= FREQUENCIES_FROM;
    const char *by_family = is_large ? family : NULL;
    comparison_plan names = {
        "names",
        "given and family name",
        given,
        family,
        {"missing($a) and missing($b)", "exact($a) and exact($b)", "reversed($a, $b)",
         "(nickname($a) or osa($a) <= 1) and exact($b)", "jaro_winkler($a) >= 0.8 and exact($b)",
         "missing($a) and exact($b)", "exact($b)", "exact($a)", "nickname($a) or osa($a) <= 1",
         "osa($a) <= 2 or jaro_winkler($a) >= 0.8", "else"},
        is_large,
        {[1] = by_family, [3] = by_family, [4] = by_family, [5] = by_family, [6] = by_family}};
    comparison_plan near = {family,
                            "family name, where it is not the same",
                            family,
                            given,
                            {"missing($a) or exact($a) or reversed($b, $a)", "osa($a) <= 1",
                             "osa($a) <= 2 or jaro_winkler($a) >= 0.92", "jaro_winkler($a) >= 0.8",
                             "else"},
                            false,
                            {NULL}};
    tf_status status = add_comparison(suggestion, &names);
    return status ? status : add_shared(suggestion, near);
}

static tf_status add_one_name(link_suggestion *suggestion, const char *column,
                              const char *description) {
    comparison_plan plan = {column,
                            description,
                            column,
                            NULL,
                            {"missing($a)", "exact($a)", "nickname($a)", "osa($a) <= 1",
                             "osa($a) <= 2 or jaro_winkler($a) >= 0.92", "jaro_winkler($a) >= 0.8",
                             "else"},
                            tf_link_records_count(suggestion->records) >= FREQUENCIES_FROM,
                            {NULL}};
    return add_comparison(suggestion, &plan);
}

static tf_status add_names(link_suggestion *suggestion) {
    const char *given = link_column_of(suggestion, TF_PERSON_GIVEN_NAME);
    const char *family = link_column_of(suggestion, TF_PERSON_FAMILY_NAME);
    if (given && family) {
        return add_both_names(suggestion, given, family);
    }
    return given    ? add_one_name(suggestion, given, "given name")
           : family ? add_one_name(suggestion, family, "family name")
                    : TF_OK;
}

/* A full name where there are no columns of its parts. */
static tf_status add_full_name(link_suggestion *suggestion) {
    const char *full = link_column_of(suggestion, TF_PERSON_FULL_NAME);
    if (!full || link_column_of(suggestion, TF_PERSON_FAMILY_NAME)) {
        return TF_OK;
    }
    comparison_plan given = {"given name",
                             "given name, from the full one",
                             full,
                             NULL,
                             {"missing(given_name($a))", "exact(given_name($a))",
                              "nickname(given_name($a))", "osa(given_name($a)) <= 1",
                              "jaro_winkler(given_name($a)) >= 0.92",
                              "jaro_winkler(given_name($a)) >= 0.8", "else"},
                             false,
                             {NULL}};
    comparison_plan family = {"family name",
                              "family name, from the full one",
                              full,
                              NULL,
                              {"missing(family_name($a))", "exact(family_name($a))",
                               "osa(family_name($a)) <= 1", "jaro_winkler(family_name($a)) >= 0.92",
                               "jaro_winkler(family_name($a)) >= 0.8", "else"},
                              false,
                              {NULL}};
    tf_status status = link_column_of(suggestion, TF_PERSON_GIVEN_NAME)
                           ? TF_OK /* it is compared by its own column */
                           : add_comparison(suggestion, &given);
    return status ? status : add_comparison(suggestion, &family);
}

static tf_status add_sex(link_suggestion *suggestion, const char *column) {
    const char *given = link_column_of(suggestion, TF_PERSON_GIVEN_NAME);
    comparison_plan plan = {
        column,
        "sex",
        column,
        given,
        {given ? "missing($a) or exact($b)" : "missing($a)", "exact($a)", "else"},
        false,
        {NULL}};
    return add_comparison(suggestion, &plan);
}

static tf_status add_postcode(link_suggestion *suggestion, const char *column) {
    const char *address = link_column_of(suggestion, TF_PERSON_ADDRESS);
    comparison_plan plan = {
        column,
        "postcode",
        column,
        address,
        {address ? "missing($a) or (osa($b) <= 2 or jaro_winkler($b) >= 0.95)" : "missing($a)",
         "exact($a)", "osa($a) <= 1", "exact(postcode_sector($a)) or osa($a) <= 2",
         "exact(postcode_district($a))", "else"},
        false,
        {NULL}};
    return add_shared(suggestion, plan);
}

static tf_status add_city(link_suggestion *suggestion, const char *column) {
    const char *postcode = link_column_of(suggestion, TF_PERSON_POSTCODE);
    const char *address = link_column_of(suggestion, TF_PERSON_ADDRESS);
    comparison_plan plan = {column,
                            "town",
                            column,
                            postcode ? postcode : address,
                            {postcode
                                 ? "missing($a) or osa($b) <= 2 or exact(postcode_district($b))"
                             : address ? "missing($a) or osa($b) <= 2 or jaro_winkler($b) >= 0.95"
                                       : "missing($a)",
                             "exact($a)", "osa($a) <= 2 or jaro_winkler($a) >= 0.92", "else"},
                            false,
                            {NULL}};
    return add_comparison(suggestion, &plan);
}

/* Whether a value's frequency tells how likely two records share it by chance.  Where each value
 * has a few records only, most of these are of one person, and each match would count against
 * itself. */
static bool has_common_values(const link_suggestion *suggestion, const char *column) {
    const tf_link_records *records = suggestion->records;
    uint32_t count = tf_link_records_count(records);
    uint32_t found = tf_link_records_column(records, tf_text_of(column));
    return count >= FREQUENCIES_FROM &&
           count / RECORDS_A_VALUE >= tf_link_records_distinct(records, found);
}

static tf_status add_by_field(link_suggestion *suggestion, const char *column,
                              tf_person_field field) {
    comparison_plan dob = {
        column,
        "date of birth",
        column,
        NULL,
        {"missing($a)", "exact($a)", "osa($a) <= 1 or day_month_swapped($a)",
         ("osa($a) <= 2 or (exact(year($a)) and (exact(month($a)) or exact(day($a)))) or "
          "(exact(month($a)) and exact(day($a)))"),
         "exact(year($a))", "else"},
        has_common_values(suggestion, column),
        {NULL}};
    comparison_plan address = {
        column,
        "address",
        column,
        NULL,
        {"missing($a)", "exact($a)", "osa($a) <= 2 or jaro_winkler($a) >= 0.95", "else"},
        false,
        {NULL}};
    comparison_plan email = {column,
                             "e-mail address",
                             column,
                             NULL,
                             {"missing($a)", "exact($a)", "osa($a) <= 1",
                              "osa($a) <= 2 or exact(email_user($a))", "else"},
                             false,
                             {NULL}};
    comparison_plan identifier = {
        column,
        "identifier",
        column,
        NULL,
        {"missing($a)", "exact($a)", "osa($a) <= 1", "osa($a) <= 2", "else"},
        false,
        {NULL}};
    comparison_plan phone = {column,
                             "telephone number",
                             column,
                             NULL,
                             {"missing($a)", "exact($a)", "osa($a) <= 1", "else"},
                             true,
                             {NULL}};
    comparison_plan text = {
        column,
        "text",
        column,
        NULL,
        {"missing($a)", "exact($a)", "osa($a) <= 1 or jaro_winkler($a) >= 0.92", "else"},
        false,
        {NULL}};
    switch (field) {
    case TF_PERSON_DATE_OF_BIRTH:
        return add_comparison(suggestion, &dob);
    case TF_PERSON_SEX:
        return add_sex(suggestion, column);
    case TF_PERSON_ADDRESS:
        return add_shared(suggestion, address);
    case TF_PERSON_POSTCODE:
        return add_postcode(suggestion, column);
    case TF_PERSON_CITY:
        return add_city(suggestion, column);
    case TF_PERSON_EMAIL:
        return add_comparison(suggestion, &email);
    case TF_PERSON_PHONE:
        return add_shared(suggestion, phone);
    case TF_PERSON_NHS_NUMBER:
    case TF_PERSON_PNC_ID:
    case TF_PERSON_PERSON_ID:
        return add_comparison(suggestion, &identifier);
    case TF_PERSON_TEXT:
        return add_comparison(suggestion, &text);
    default:
        return TF_OK;
    }
}

/* The first column of each name, address and the like is compared as it; another of them as text.
 */
static bool is_first_of_kind(const link_suggestion *suggestion, uint32_t column) {
    return link_column_of(suggestion, suggestion->fields[column]) ==
           tf_link_records_column_name(suggestion->records, column).data;
}

static tf_status add_comparisons(link_suggestion *suggestion) {
    tf_status status = add_names(suggestion);
    if (!status) {
        status = add_full_name(suggestion);
    }
    for (uint32_t c = 0; c < tf_link_records_column_count(suggestion->records) && !status; c++) {
        tf_person_field field = suggestion->fields[c];
        if (!suggestion->is_usable[c]) {
            continue;
        }
        bool is_name = field == TF_PERSON_GIVEN_NAME || field == TF_PERSON_FAMILY_NAME;
        if (is_name && !is_first_of_kind(suggestion, c)) {
            field = TF_PERSON_TEXT;
        }
        status = add_by_field(suggestion, tf_link_records_column_name(suggestion->records, c).data,
                              field);
    }
    return status;
}

/* ---- the whole ---- */

static bool is_compared(tf_person_field field) {
    return field < TF_PERSON_RECORD_ID;
}

static tf_status set_fields(link_suggestion *suggestion) {
    tf_link_model *model = suggestion->model;
    uint32_t columns = tf_link_records_column_count(suggestion->records);
    model->fields = tf_arena_alloc(model->arena, columns, sizeof *model->fields);
    if (!model->fields) {
        return tf_fail_no_memory(suggestion->error);
    }
    for (uint32_t c = 0; c < columns; c++) {
        if (suggestion->is_usable[c]) {
            tf_text name = tf_link_records_column_name(suggestion->records, c);
            char *copy = tf_arena_copy_text(model->arena, name.data, name.length);
            if (!copy) {
                return tf_fail_no_memory(suggestion->error);
            }
            model->fields[model->field_count++] =
                (tf_link_column_field){copy, suggestion->fields[c]};
        }
    }
    return TF_OK;
}

/* Texts of the records do not outlive them; the model's own copies do. */
static const char *own_name(const tf_link_model *model, const char *name) {
    for (int i = 0; name && i < model->field_count; i++) {
        if (strcmp(model->fields[i].column, name) == 0) {
            return model->fields[i].column;
        }
    }
    return name;
}

static void own_names(tf_link_model *model) {
    for (int c = 0; c < model->comparison_count; c++) {
        tf_link_comparison *comparison = &model->comparisons[c];
        comparison->name = own_name(model, comparison->name);
        for (int i = 0; i < comparison->level_count; i++) {
            comparison->levels[i].tf_column = own_name(model, comparison->levels[i].tf_column);
        }
    }
}

tf_status tf_link_suggest(const tf_link_records *records, const tf_person_field *fields,
                          tf_link_type type, const tf_standardiser *standardiser, double most_pairs,
                          tf_link_model **model_out, tf_error *error) {
    *model_out = NULL;
    tf_link_model *model;
    tf_status status = tf_link_model_new(&model, error);
    if (status) {
        return status;
    }
    link_suggestion suggestion = {.records = records,
                                  .fields = fields,
                                  .model = model,
                                  .standardiser = standardiser,
                                  .error = error};
    model->type = type;
    model->comparisons =
        tf_arena_alloc(model->arena, TF_LINK_MAX_COMPARISONS, sizeof *model->comparisons);
    if (!model->comparisons) {
        status = tf_fail_no_memory(error);
    }
    for (uint32_t c = 0; c < tf_link_records_column_count(records) && !status; c++) {
        suggestion.is_usable[c] =
            is_compared(fields[c]) && tf_link_records_distinct(records, c) > 1;
    }
    if (!status) {
        status = set_fields(&suggestion);
    }
    if (!status) {
        status = add_comparisons(&suggestion);
    }
    if (!status && model->comparison_count == 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "no column was recognised as saying anything of a person (names, date of "
                         "birth, address, numbers); write settings that name what to compare");
    }
    if (!status) {
        own_names(model);
        status = link_suggest_rules(&suggestion, most_pairs > 0 ? most_pairs : 6);
    }
    if (!status) {
        status = tf_link_model_check(model, error);
    }
    if (status) {
        tf_link_model_free(model);
        return status;
    }
    *model_out = model;
    return TF_OK;
}
