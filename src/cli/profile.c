/* trefoil profile */
#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/profile_text.h"
#include "cli/report.h"
#include "insight/download.h"
#include "insight/profile_json.h"
#include "insight/profile_table.h"
#include "trefoil/table/arrow.h"
#include "web/pages/profile_document.h"
#include "web/paper/profile_paper.h"

#include <unistd.h>

enum { DB, AREA, TYPE, FROM, TO, FORMAT, OUTPUT, OPTION_COUNT };

enum { ARROW_ZSTD_LEVEL = 3 };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database file, as trefoil import made it", true},
    [AREA] = {"area", "AREA",
              "a force, authority, partnership or small area: its code or its name, such as "
              "bedfordshire, avon-and-somerset, E06000032 or Luton",
              true},
    [TYPE] = {"type", "TYPE",
              "a group of offences (drugs, acquisitive, violence, weapons, public-order, all) or "
              "one crime type, such as Shoplifting",
              true},
    [FROM] = {"from", "MONTH", "the first month, such as 2023-05", true},
    [TO] = {"to", "MONTH", "the last month, which is included", true},
    [FORMAT] = {"format", "FORMAT",
                "text (if nothing is said), json, csv, arrow, xlsx, geojson, html or pdf", false},
    [OUTPUT] = {"output", "FILE", "write to this file instead of standard output", false},
};

/* What a form is written from. */
typedef struct rendering {
    tf_crime_data *data;
    const tf_pack *pack;
    const tf_profile *profile;
    bool is_for_file;
} rendering;

static tf_status write_text(const rendering *from, tf_buffer *out, tf_error *error) {
    (void)error;
    tf_terminal page = tf_terminal_for_output(out);
    page.has_colour = page.has_colour && !from->is_for_file;
    tf_profile_text_write(from->profile, &page);
    return TF_OK;
}

static tf_status write_json(const rendering *from, tf_buffer *out, tf_error *error) {
    (void)error;
    tf_json json;
    tf_json_init(&json, out, true);
    tf_profile_json_write(from->profile, &json);
    tf_buffer_append_text(out, "\n");
    return TF_OK;
}

static tf_status write_csv(const rendering *from, tf_buffer *out, tf_error *error) {
    tf_table *table = NULL;
    tf_status status = tf_profile_table_make(from->profile, &table, error);
    if (!status) {
        tf_download_csv(table, out);
        tf_table_free(table);
    }
    return status;
}

static tf_status write_arrow(const rendering *from, tf_buffer *out, tf_error *error) {
    tf_table *table = NULL;
    tf_status status = tf_profile_table_make(from->profile, &table, error);
    if (!status) {
        status = tf_arrow_write(table, ARROW_ZSTD_LEVEL, out, error);
        tf_table_free(table);
    }
    return status;
}

static tf_status write_xlsx(const rendering *from, tf_buffer *out, tf_error *error) {
    return tf_download_profile_workbook(from->profile, out, error);
}

/* The small areas as they were imported, with their counts and hot spots. */
static tf_status write_geojson(const rendering *from, tf_buffer *out, tf_error *error) {
    static const char figure[] = "small-areas";
    const tf_profile *profile = from->profile;
    tf_boundaries_request request = {.within = profile->area_code, .layer = TF_LAYER_SMALL_AREA};
    tf_boundaries *boundaries = NULL;
    tf_table *table = NULL;
    tf_figure_about about;
    tf_figure_about_profile(profile, &about);
    tf_status status = tf_boundaries_make(from->data, &request, &boundaries, error);
    if (!status) {
        status = tf_profile_figure_table(profile, figure, &table, error);
    }
    if (!status) {
        status = tf_download_write(tf_profile_figure_find(figure), table, &about, boundaries,
                                   TF_DOWNLOAD_GEOJSON, out, error);
    }
    tf_table_free(table);
    tf_boundaries_free(boundaries);
    return status;
}

static tf_status write_pdf(const rendering *from, tf_buffer *out, tf_error *error) {
    return tf_profile_paper_write(from->data, from->profile, out, error);
}

static tf_status write_html(const rendering *from, tf_buffer *out, tf_error *error) {
    return tf_profile_document_write(from->data, from->pack, from->profile, out, error);
}

typedef struct format {
    const char *name;
    bool is_binary;
    tf_status (*write)(const rendering *from, tf_buffer *out, tf_error *error);
} format;

static const format formats[] = {
    {"text", false, write_text},  {"json", false, write_json}, {"csv", false, write_csv},
    {"arrow", true, write_arrow}, {"xlsx", true, write_xlsx},  {"geojson", false, write_geojson},
    {"html", false, write_html},  {"pdf", true, write_pdf},
};

static const format *find_format(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (!name || strcmp(formats[i].name, name) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

/* The groups have names of our own, so that a slip can be told.  What is nothing like one of them
 * is left to the profile. */
static tf_status check_type(const tf_pack *pack, const char *type, tf_error *error) {
    const char *nearest = NULL;
    bool is_known = tf_pack_group_find(pack, tf_text_trim(tf_text_of(type)));
    for (size_t i = 0; !is_known && i < tf_pack_group_count(pack); i++) {
        tf_word_nearer(type, tf_pack_group_at(pack, i)->name, &nearest);
    }
    return nearest
               ? tf_fail(error, TF_NOT_FOUND, type, 0,
                         "there is no such offence group or crime type; did you mean %s?", nearest)
               : TF_OK;
}

/* A page of nothing reads as if nothing had happened. */
static tf_status check_months(const tf_profile *profile, tf_error *error) {
    char from[TF_MONTH_TEXT_SIZE], to[TF_MONTH_TEXT_SIZE];
    for (size_t i = 0; i < profile->month_count; i++) {
        if (!profile->months[i].is_missing) {
            return TF_OK;
        }
    }
    return tf_fail(error, TF_NOT_FOUND, NULL, 0,
                   "no month from %s to %s was imported of %s; trefoil sources lists those that "
                   "are there",
                   tf_month_format(profile->from, from), tf_month_format(profile->to, to),
                   profile->area_name);
}

static tf_status make_profile(const char *path, const tf_profile_request *request,
                              const format *wanted, bool is_for_file, tf_buffer *out,
                              tf_error *error) {
    tf_pack *pack = NULL;
    tf_db *db = NULL;
    tf_crime_data *data = NULL;
    tf_profile *profile = NULL;
    tf_status status = tf_pack_open(NULL, &pack, error);
    if (!status) {
        status = check_type(pack, request->type, error);
    }
    if (!status) {
        status = tf_db_open(path, TF_DB_READ, &db, error);
    }
    if (!status) {
        status = tf_crime_data_new(db, pack, &data, error);
    }
    if (!status) {
        status = tf_profile_make(data, request, &profile, error);
    }
    if (!status) {
        status = check_months(profile, error);
    }
    if (!status) {
        status = wanted->write(&(rendering){data, pack, profile, is_for_file}, out, error);
    }
    tf_profile_free(profile);
    tf_crime_data_free(data);
    tf_db_close(db);
    tf_pack_free(pack);
    return status;
}

static tf_exit run(const tf_arguments *arguments) {
    const char *const *values = arguments->values;
    tf_profile_request request = {.area = values[AREA], .type = values[TYPE]};
    tf_error error;
    if (tf_option_month(values[FROM], "from", &request.from, &error) ||
        tf_option_month(values[TO], "to", &request.to, &error)) {
        return tf_report_usage(&tf_command_profile, "%s", error.message);
    }
    if (request.from > request.to) {
        return tf_report_usage(&tf_command_profile,
                               "the period ends (%s) before it starts (%s); exchange the two",
                               values[TO], values[FROM]);
    }
    const format *wanted = find_format(values[FORMAT]);
    if (!wanted) {
        return tf_report_usage(
            &tf_command_profile,
            "--format is '%s'; it can be text, json, csv, arrow, xlsx, geojson, html or pdf",
            values[FORMAT]);
    }
    if (wanted->is_binary && !values[OUTPUT] && isatty(STDOUT_FILENO)) {
        return tf_report_usage(&tf_command_profile,
                               "the %s form is not for a terminal; add --output profile.%s",
                               wanted->name, wanted->name);
    }
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status =
        make_profile(values[DB], &request, wanted, values[OUTPUT] != NULL, &out, &error);
    return values[OUTPUT] ? tf_report_end_in(status, values[OUTPUT], &out, &error)
                          : tf_report_end(status, &out, &error);
}

const tf_command tf_command_profile = {
    .name = "profile",
    .summary = "show the crime profile of an area",
    .details =
        "How many offences of a kind were recorded in an area, at what rate, whether that changes, "
        "where they gather, what became of the cases, and what was searched for and found.  A "
        "figure that cannot be known is not shown; the reason is.  Where no month of the period "
        "was "
        "imported there is no profile, and the exit code is 1."
        "\n\n"
        "The text form is a page of 80 columns for people; it uses colours on a terminal unless "
        "NO_COLOR is set."
        "\n\n"
        "The json form is one object for programs: area, period, group, count, population, "
        "rate_per_1000, previous_year, months, alerts, areas, no_location, outcomes, "
        "outcome_groups, outcome_join, searches, harm, sources, notes.  What is not known is null "
        "and has its reason beside it."
        "\n\n"
        "The csv form is one long table with the columns figure, area_code, area_name, month, "
        "category, value, lower, upper: one figure a row, of the area (count, rate_per_1000, "
        "change_rate_ratio, ...), of a month (month_count, month_chart, alert_count, ...) or of a "
        "small area (area_count, area_gi_star_z, ...).  An empty value is not known; category "
        "then says why.  The arrow form is the same table as an Arrow IPC stream.  A text that a "
        "spreadsheet would take for a formula has an apostrophe before it in csv."
        "\n\n"
        "The xlsx form is a workbook with a sheet for each figure, typed cells, and a last sheet "
        "on its sources.  The geojson form has the small areas with their outlines, counts and hot "
        "spots.  The html form is one file to mail or keep, with its charts and styles in it.  The "
        "pdf "
        "form is a document made to be read on paper, tagged for screen readers.",
    .example = "  trefoil profile --db county.db --area bedfordshire --type drugs \\\n"
               "      --from 2023-05 --to 2024-04\n"
               "  trefoil profile --db county.db --area Luton --type Shoplifting \\\n"
               "      --from 2021-05 --to 2024-04 --format csv > luton.csv\n"
               "  trefoil profile --db county.db --area Luton --type drugs \\\n"
               "      --from 2021-05 --to 2024-04 --format xlsx --output luton.xlsx\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};
