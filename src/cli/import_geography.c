/* trefoil import areas, population, lookup */
#include "cli/import.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "insight/profile_words.h"
#include "intake/areas.h"
#include "intake/lookup.h"
#include "intake/population.h"

/* Append "690 areas", "1 area". */
static void say_count(tf_buffer *words, const char *before, int64_t count, const char *singular,
                      const char *plural) {
    char text[TF_COUNT_TEXT_SIZE];
    tf_buffer_format(words, "%s%s %s", before, tf_words_count(count, text),
                     count == 1 ? singular : plural);
}

/* ---- areas ---- */

enum { LAYER = TF_IMPORT_OPTION_COUNT, TITLE, CODE, LABEL, PARENT, AREAS_PUBLISHER, AREAS_COUNT };

static const tf_option areas_options[AREAS_COUNT] = {
    TF_IMPORT_OPTIONS,
    [LAYER] = {"layer", "NAME",
               "the layer that the areas belong to, such as lsoa21; guessed from the code's name",
               false},
    [TITLE] = {"title", "TEXT", "the layer's name for people", false},
    [CODE] = {"code", "FIELD", "the property that is the code; LSOA21CD and its like are known",
              false},
    [LABEL] = {"label", "FIELD", "the property that is the name; LSOA21NM and its like are known",
               false},
    [PARENT] = {"parent", "FIELD", "the property that is the code of the larger area", false},
    [AREAS_PUBLISHER] = {"publisher", "NAME", "who published the file (ONS)", false},
};

static tf_status import_areas(tf_db *db, const char *path, const tf_arguments *arguments,
                              tf_import_result *result_out, tf_buffer *words, tf_json *json,
                              tf_error *error) {
    const char *const *values = arguments->values;
    const tf_areas_options options = {
        .layer = values[LAYER],
        .title = values[TITLE],
        .code_property = values[CODE],
        .label_property = values[LABEL],
        .parent_property = values[PARENT],
        .publisher = values[AREAS_PUBLISHER],
    };
    tf_areas_summary summary;
    tf_status status = tf_areas_import(db, path, &options, &summary, error);
    if (status) {
        return status;
    }
    *result_out = (tf_import_result){summary.batch_id, summary.features_read, summary.accepted,
                                     summary.rejected};
    say_count(words, "", summary.accepted, "area", "areas");
    tf_buffer_format(words, " imported into layer %s, which has ", summary.layer);
    say_count(words, "", summary.layer_count, "area", "areas");
    say_count(words, " and ", summary.pair_count, "pair of neighbours", "pairs of neighbours");
    if (summary.replaced > 0) {
        say_count(words, "; ", summary.replaced, "was there and is replaced",
                  "were there and are replaced");
    }
    if (summary.repaired > 0) {
        say_count(words, "; ", summary.repaired, "outline crossed itself and is mended",
                  "outlines crossed themselves and are mended");
    }
    if (summary.no_outline > 0) {
        say_count(words, "; ", summary.no_outline, "has no outline", "have no outline");
    }
    tf_json_key(json, "layer");
    tf_json_string(json, summary.layer);
    tf_json_put_int(json, "replaced", summary.replaced);
    tf_json_put_int(json, "repaired", summary.repaired);
    tf_json_put_int(json, "without_outline", summary.no_outline);
    tf_json_put_int(json, "areas_in_layer", summary.layer_count);
    tf_json_put_int(json, "neighbour_pairs", summary.pair_count);
    return TF_OK;
}

static tf_exit run_areas(const tf_arguments *arguments) {
    return tf_import_run(arguments, import_areas);
}

const tf_command tf_command_import_areas = {
    .name = "import areas",
    .summary = "add areas with their outlines from a GeoJSON file",
    .details =
        "The file is plain or gzip, in degrees (WGS 84), as the Open Geography portal of the ONS "
        "has it.  Several files may fill one layer; an area of a code that the layer has takes the "
        "other's place.  Who touches whom is found anew, for the hot spots.",
    .example = "  trefoil import areas luton.geojson.gz --layer lsoa21 --db county.db\n",
    .options = {.options = areas_options,
                .option_count = AREAS_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_areas,
};

/* ---- population ---- */

enum {
    SHEET = TF_IMPORT_OPTION_COUNT,
    CODE_COLUMN,
    PEOPLE_COLUMN,
    YEAR,
    POPULATION_PUBLISHER,
    POPULATION_COUNT
};

static const tf_option population_options[POPULATION_COUNT] = {
    TF_IMPORT_OPTIONS,
    [SHEET] = {"sheet", "NAME", "the sheet of a workbook; otherwise the one with most years",
               false},
    [CODE_COLUMN] = {"code", "FIELD", "the column of the area's code, if it is not recognised",
                     false},
    [PEOPLE_COLUMN] = {"people", "FIELD", "the column of the number of people", false},
    [YEAR] = {"year", "YEAR", "the year of a file that does not say it", false},
    [POPULATION_PUBLISHER] = {"publisher", "NAME", "who published the file (ONS)", false},
};

static tf_status import_population(tf_db *db, const char *path, const tf_arguments *arguments,
                                   tf_import_result *result_out, tf_buffer *words, tf_json *json,
                                   tf_error *error) {
    const char *const *values = arguments->values;
    int64_t year = 0;
    if (values[YEAR]) {
        (void)tf_parse_int64(tf_text_of(values[YEAR]), &year);
    }
    const tf_population_options options = {
        .sheet = values[SHEET],
        .code_column = values[CODE_COLUMN],
        .people_column = values[PEOPLE_COLUMN],
        .year = (int)year,
        .publisher = values[POPULATION_PUBLISHER],
    };
    tf_population_summary summary;
    tf_status status = tf_population_import(db, path, &options, &summary, error);
    if (status) {
        return status;
    }
    *result_out =
        (tf_import_result){summary.batch_id, summary.rows_read, summary.accepted, summary.rejected};
    say_count(words, "", summary.figures, "population figure", "population figures");
    say_count(words, " imported, of ", summary.accepted, "row", "rows");
    if (summary.first_year == summary.last_year) {
        tf_buffer_format(words, " and the year %d", summary.first_year);
    } else {
        tf_buffer_format(words, " and the years %d to %d", summary.first_year, summary.last_year);
    }
    if (summary.sheet[0]) {
        tf_buffer_format(words, ", from the sheet %s", summary.sheet);
    }
    tf_json_key(json, "sheet");
    tf_json_string(json, summary.sheet[0] ? summary.sheet : NULL);
    tf_json_put_int(json, "figures", summary.figures);
    tf_json_put_int(json, "first_year", summary.first_year);
    tf_json_put_int(json, "last_year", summary.last_year);
    return TF_OK;
}

static tf_exit run_population(const tf_arguments *arguments) {
    int64_t year;
    tf_error error;
    if (tf_option_whole(arguments->values[YEAR], "year", 1801, 2199, &year, &error)) {
        return tf_report_usage(&tf_command_import_population, "%s", error.message);
    }
    return tf_import_run(arguments, import_population);
}

const tf_command tf_command_import_population = {
    .name = "import population",
    .summary = "add how many people live in each area",
    .details =
        "Rates need it.  The file is CSV, plain or gzip, or an XLSX workbook: a code and one "
        "figure a row, or a code and a column for each year, as the ONS publishes them.  A "
        "figure takes the place of the one there was for that area and year.",
    .example = "  trefoil import population mid-year-estimates.xlsx --db county.db\n",
    .options = {.options = population_options,
                .option_count = POPULATION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_population,
};

/* ---- lookup ---- */

static const tf_option lookup_options[TF_IMPORT_OPTION_COUNT] = {TF_IMPORT_OPTIONS};

static tf_status import_lookup(tf_db *db, const char *path, const tf_arguments *arguments,
                               tf_import_result *result_out, tf_buffer *words, tf_json *json,
                               tf_error *error) {
    (void)arguments;
    tf_lookup_summary summary;
    tf_status status = tf_lookup_import(db, path, &summary, error);
    if (status) {
        return status;
    }
    *result_out =
        (tf_import_result){summary.batch_id, summary.rows_read, summary.accepted, summary.rejected};
    say_count(words, "", summary.authorities, "local authority", "local authorities");
    say_count(words, ", ", summary.partnerships, "community safety partnership",
              "community safety partnerships");
    say_count(words, " and ", summary.forces, "police force area", "police force areas");
    tf_buffer_append_text(words, " imported, in the place of any earlier lookup");
    tf_json_put_int(json, "authorities", summary.authorities);
    tf_json_put_int(json, "partnerships", summary.partnerships);
    tf_json_put_int(json, "forces", summary.forces);
    return TF_OK;
}

static tf_exit run_lookup(const tf_arguments *arguments) {
    return tf_import_run(arguments, import_lookup);
}

const tf_command tf_command_import_lookup = {
    .name = "import lookup",
    .summary = "say which authorities make up each partnership and force",
    .details =
        "The file is the lookup of the ONS from local authority districts to community "
        "safety partnerships to police force areas, with the columns LADnnCD, LADnnNM, "
        "CSPnnCD, CSPnnNM, PFAnnCD and PFAnnNM of any year.  It takes the place of the whole "
        "lookup there was.",
    .example = "  trefoil import lookup lad23_csp23_pfa23.csv --db county.db\n",
    .options = {.options = lookup_options,
                .option_count = TF_IMPORT_OPTION_COUNT,
                .operand = "FILE",
                .least_operands = 1,
                .most_operands = 1},
    .run = run_lookup,
};
