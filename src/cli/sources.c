/* trefoil sources */
#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "insight/profile_words.h"
#include "intake/inventory_json.h"

#include <stdio.h>

enum { DB, FORMAT, OPTION_COUNT };

static const tf_option options[OPTION_COUNT] = {
    [DB] = {"db", "FILE", "the database file, as trefoil import made it", true},
    [FORMAT] = TF_OPTION_FORMAT,
};

/* ---- text ---- */

static const char *plural(int64_t count, const char *singular, const char *plural) {
    return count == 1 ? singular : plural;
}

/* "none", or "2022-03, 2022-07 to 2022-09". */
static void say_gaps(const tf_inventory_series *series, tf_buffer *words) {
    char from[TF_MONTH_TEXT_SIZE], to[TF_MONTH_TEXT_SIZE];
    for (size_t i = 0; i < series->gap_count; i++) {
        const tf_inventory_gap *gap = &series->gaps[i];
        tf_buffer_format(words, "%s%s", i ? ", " : "", tf_month_format(gap->from, from));
        if (gap->to != gap->from) {
            tf_buffer_format(words, " to %s", tf_month_format(gap->to, to));
        }
    }
    if (series->gap_count == 0) {
        tf_buffer_append_text(words, "none");
    }
}

static void write_series(tf_terminal *page, const tf_inventory *inventory) {
    tf_terminal_heading(page, "Police files",
                        "months of a force, as data.police.uk publishes them");
    if (inventory->series_count == 0) {
        tf_terminal_paragraph(page, "", 2, "none; trefoil import police brings them");
        return;
    }
    tf_terminal_put(
        page, TF_INK_FAINT,
        "  feed             force                 from     to             rows  missing");
    tf_terminal_end_line(page);
    for (size_t i = 0; i < inventory->series_count; i++) {
        const tf_inventory_series *series = &inventory->series[i];
        char month[TF_MONTH_TEXT_SIZE];
        tf_terminal_spaces(page, 2);
        tf_terminal_left(page, TF_INK_PLAIN, series->feed, 17);
        tf_terminal_left(page, TF_INK_PLAIN, series->force, 21);
        tf_terminal_spaces(page, 1);
        tf_terminal_left(page, TF_INK_PLAIN, tf_month_format(series->from, month), 9);
        tf_terminal_left(page, TF_INK_PLAIN, tf_month_format(series->to, month), 8);
        tf_terminal_count_right(page, TF_INK_PLAIN, series->row_count, 11);
        tf_terminal_spaces(page, 2);
        /* Short gaps stand beside the row, long lists beneath it. */
        tf_buffer gaps;
        tf_buffer_init(&gaps);
        say_gaps(series, &gaps);
        const char *words = gaps.data ? gaps.data : "";
        if (gaps.length <= 9) {
            tf_terminal_put(page, series->gap_count ? TF_INK_MARK : TF_INK_PLAIN, words);
            tf_terminal_end_line(page);
        } else {
            tf_terminal_format(page, TF_INK_MARK, "%zu gap%s", series->gap_count,
                               series->gap_count == 1 ? "" : "s");
            tf_terminal_end_line(page);
            tf_terminal_paragraph(page, "    missing:", 13, words);
        }
        page->out->failed |= gaps.failed;
        tf_buffer_deinit(&gaps);
    }
}

static void write_geography(tf_terminal *page, const tf_inventory *inventory) {
    tf_terminal_heading(page, "Areas", NULL);
    for (size_t i = 0; i < inventory->layer_count; i++) {
        const tf_inventory_layer *layer = &inventory->layers[i];
        char count[TF_COUNT_TEXT_SIZE];
        tf_terminal_spaces(page, 2);
        tf_terminal_left(page, TF_INK_PLAIN, layer->name, 28);
        tf_terminal_count_right(page, TF_INK_PLAIN, layer->area_count, 9);
        tf_terminal_format(page, TF_INK_PLAIN, " %s", plural(layer->area_count, "area", "areas"));
        if (layer->outline_count < layer->area_count) {
            tf_terminal_format(page, TF_INK_PLAIN, ", %s without an outline",
                               tf_words_count(layer->area_count - layer->outline_count, count));
        }
        tf_terminal_end_line(page);
    }
    if (inventory->layer_count == 0) {
        tf_terminal_paragraph(page, "", 2,
                              "none, so no hot spots; trefoil import areas brings them");
    }

    tf_terminal_heading(page, "Population", NULL);
    char text[TF_COUNT_TEXT_SIZE];
    if (inventory->population_area_count == 0) {
        tf_terminal_paragraph(page, "", 2,
                              "none, so no rates; trefoil import population brings it");
    } else {
        tf_terminal_format(page, TF_INK_PLAIN, "  %s %s, %d to %d",
                           tf_words_count(inventory->population_area_count, text),
                           plural(inventory->population_area_count, "area", "areas"),
                           inventory->population_first_year, inventory->population_last_year);
        tf_terminal_end_line(page);
    }

    tf_terminal_heading(page, "Lookup", NULL);
    if (inventory->lookup_authority_count == 0) {
        tf_terminal_paragraph(page, "", 2,
                              "none, so no partnerships; trefoil import lookup brings it");
    } else {
        tf_terminal_format(
            page, TF_INK_PLAIN, "  %lld local %s, %lld %s, %lld police force %s",
            (long long)inventory->lookup_authority_count,
            plural(inventory->lookup_authority_count, "authority", "authorities"),
            (long long)inventory->lookup_partnership_count,
            plural(inventory->lookup_partnership_count, "partnership", "partnerships"),
            (long long)inventory->lookup_force_count,
            plural(inventory->lookup_force_count, "area", "areas"));
        tf_terminal_end_line(page);
    }
}

static void write_warnings(tf_terminal *page, const tf_inventory *inventory) {
    if (inventory->warning_count == 0) {
        return;
    }
    tf_terminal_heading(page, "Warnings",
                        "rows that are counted, though something is odd about them");
    for (size_t i = 0; i < inventory->warning_count; i++) {
        const tf_inventory_warning *warning = &inventory->warnings[i];
        tf_buffer words;
        tf_buffer_init(&words);
        char count[TF_COUNT_TEXT_SIZE];
        tf_buffer_format(&words, "%s rows %s", warning->feed, warning->kind);
        if (warning->example_line > 0) {
            tf_buffer_format(&words, " (for example %s, line %lld)", warning->example_file,
                             (long long)warning->example_line);
        }
        char mark[TF_COUNT_TEXT_SIZE + 2];
        snprintf(mark, sizeof mark, "%11s", tf_words_count(warning->count, count));
        tf_terminal_paragraph(page, mark, 12, words.data ? words.data : "");
        page->out->failed |= words.failed;
        tf_buffer_deinit(&words);
    }
}

static void write_text(const tf_inventory *inventory, const char *path, tf_buffer *out) {
    tf_terminal page = tf_terminal_for_output(out);
    tf_terminal_format(&page, TF_INK_STRONG, "What is in %s", path);
    tf_terminal_end_line(&page);
    write_series(&page, inventory);
    write_geography(&page, inventory);
    write_warnings(&page, inventory);
    char instant[TF_INSTANT_TEXT_SIZE], count[TF_COUNT_TEXT_SIZE];
    tf_terminal_heading(&page, "Imports", NULL);
    if (inventory->batch_count == 0) {
        tf_terminal_paragraph(&page, "", 2, "none yet");
        return;
    }
    tf_terminal_format(&page, TF_INK_PLAIN, "  %s %s",
                       tf_words_count(inventory->batch_count, count),
                       plural(inventory->batch_count, "file", "files"));
    if (inventory->last_import_at > 0) {
        tf_terminal_format(&page, TF_INK_PLAIN, ", the last at %s",
                           tf_instant_format(inventory->last_import_at, instant));
    }
    tf_terminal_format(&page, TF_INK_PLAIN, "; %s rows rejected",
                       tf_words_count(inventory->rejected_count, count));
    tf_terminal_end_line(&page);
}

static tf_exit run(const tf_arguments *arguments) {
    const char *path = arguments->values[DB];
    tf_error error;
    bool is_json;
    if (tf_option_format(arguments->values[FORMAT], &is_json, &error)) {
        return tf_report_usage(&tf_command_sources, "%s", error.message);
    }
    tf_db *db = NULL;
    tf_inventory *inventory = NULL;
    tf_buffer out;
    tf_buffer_init(&out);
    tf_status status = tf_db_open(path, TF_DB_READ, &db, &error);
    if (!status) {
        status = tf_inventory_make(db, &inventory, &error);
    }
    if (!status && is_json) {
        tf_json json;
        tf_json_init(&json, &out, true);
        tf_inventory_json_write(inventory, &json);
        tf_buffer_append_text(&out, "\n");
    } else if (!status) {
        write_text(inventory, path, &out);
    }
    tf_inventory_free(inventory);
    tf_db_close(db);
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_sources = {
    .name = "sources",
    .summary = "list what has been imported, with its gaps and warnings",
    .details =
        "Which months of each force and feed are there and which are missing between them, "
        "the layers of areas, the populations and the lookup, and what was odd about the "
        "rows.\n\n"
        "--format json gives one object, as the API does: police, layers, population, lookup, "
        "warnings, imports.",
    .example = "  trefoil sources --db county.db\n"
               "  trefoil sources --db county.db --format json | jq '.police[].gaps'\n",
    .options = {.options = options, .option_count = OPTION_COUNT},
    .run = run,
};
