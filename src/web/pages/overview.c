/* The first page: how things stand, and which small areas have more than a year ago. */
#include "figures_internal.h"
#include "routes_internal.h"

#include "insight/profile_words.h"
#include "web/html/buttons.h"

#include <ctype.h>
#include <math.h>

/* Before there are figures whoever comes here mostly wants to report something; what is to be done
 * is for somebody else. */
static void write_empty(tf_visit *visit) {
    tf_html *html = &visit->html;
    tf_page_begin(visit, &(tf_page_head){.title = "Overview", .section = "/"});
    if (tf_site_has_accounts(visit->site)) {
        tf_page_title(visit, NULL, "Report a concern about drugs");
        tf_page_paragraph(visit, "Tell the partnership about drug dealing, county lines, or "
                                 "someone who is being used by drug dealers. You do not have to "
                                 "say who you are.");
        tf_govuk_button(
            html,
            &(tf_button){.content.text = "Report a concern", .href = "/report", .is_start = true});
        tf_page_heading(visit, NULL, "Figures");
    } else {
        tf_page_title(visit, NULL, "Overview");
    }
    tf_page_paragraph(visit, "There are no figures about crime here yet.");
    tf_page_deed_heading(visit, NULL, "If you set this site up");
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_html_text(html, "Download the files of your police force from ");
    tf_page_link(visit, "https://data.police.uk/data/", "data.police.uk");
    if (tf_site_offers_import(visit->site, visit->request)) {
        tf_html_text(html, " and ");
        tf_page_link(visit, "/import", "import them here");
        tf_html_text(html, ".");
    } else {
        tf_html_text(html,
                     " and import them at the machine that runs this site, with the command ");
        tf_html_element(html, "code", NULL, "trefoil import police");
        tf_html_text(html, ".");
    }
    tf_html_close(html, "p");
    tf_page_end(visit);
}

/* "Possession of weapons" within a sentence. */
static const char *lower_words(tf_visit *visit, const char *title) {
    return tf_page_format(visit, "%c%s", tolower((unsigned char)title[0]), title + 1);
}

/* "3 small areas have more drugs offences than a year ago, beyond chance", and which they are. */
static void write_risen(tf_visit *visit, const tf_selection *selection,
                        const tf_overview *overview) {
    tf_html *html = &visit->html;
    const char *profile = tf_selection_address(visit, selection, "/profile", NULL, NULL);
    tf_page_heading(visit, "risen",
                    tf_page_format(visit, "More %s offences than a year ago, beyond chance",
                                   lower_words(visit, selection->type_title)));
    if (overview->untested_note) {
        tf_page_paragraph(visit, overview->untested_note);
        return;
    }
    tf_page_paragraph(
        visit, overview->risen_count == 0
                   ? tf_page_format(visit, "None of the %zu small areas that could be tested.",
                                    overview->tested_count)
                   : tf_page_format(visit,
                                    "%zu of the %zu small areas that could be tested %s more, "
                                    "allowing for the number of tests:",
                                    overview->risen_count, overview->tested_count,
                                    overview->risen_count == 1 ? "has" : "have"));
    tf_buffer words;
    tf_buffer_init(&words);
    if (overview->risen_count) {
        tf_html_open(html, "ul");
        tf_html_attribute(html, "class", "govuk-list govuk-list--bullet");
    }
    for (size_t i = 0; i < overview->risen_count; i++) {
        const tf_profile_area *area = overview->risen[i];
        tf_html_open(html, "li");
        tf_page_link(visit, tf_selection_area_address(visit, selection, area->code), area->name);
        tf_words_change(&area->change, &words);
        tf_html_format(html, ": %lld offences, %lld a year before, %s",
                       (long long)area->recent_count, (long long)area->previous_count,
                       tf_page_words(visit, &words));
        tf_html_close(html, "li");
    }
    if (overview->risen_count) {
        tf_html_close(html, "ul");
    }
    tf_buffer_deinit(&words);
    tf_html_open(html, "p");
    tf_html_attribute(html, "class", "govuk-body");
    tf_page_link(visit, tf_page_format(visit, "%s#changes", profile),
                 "All small areas, with what changed and how sure that is");
    tf_html_close(html, "p");
}

static void write_group(tf_visit *visit, const tf_selection *selection,
                        const tf_overview_group *group) {
    tf_html *html = &visit->html;
    tf_page_row_begin(visit);
    tf_page_row_header(visit, tf_selection_address(visit, selection, "/profile", NULL, group->name),
                       group->title);
    tf_page_count(visit, group->count);
    tf_html_open(html, "td");
    tf_html_attribute(html, "class", "govuk-table__cell");
    double *values = tf_arena_alloc(visit->arena, group->month_count, sizeof *values);
    if (values) {
        for (size_t i = 0; i < group->month_count; i++) {
            values[i] = group->months[i].is_missing ? NAN : (double)group->months[i].count;
        }
        tf_sparkline_write(html, values, group->month_count);
    }
    tf_html_close(html, "td");
    tf_buffer words;
    tf_buffer_init(&words);
    tf_words_change(&group->change.rate_ratio, &words);
    tf_page_cell(visit, tf_page_sentence(visit, tf_page_words(visit, &words)));
    tf_buffer_deinit(&words);
    tf_page_row_end(visit);
}

static void write_groups(tf_visit *visit, const tf_selection *selection,
                         const tf_overview *overview) {
    static const tf_page_column columns[] = {
        {"Kind of offence", false}, {"Offences", true}, {"Months", false}, {"Change", false}};
    tf_page_heading(visit, "groups", "All kinds of offence");
    tf_page_table_begin(visit, "Offences by kind, and the change on the year before", columns, 4);
    for (size_t i = 0; i < overview->group_count; i++) {
        write_group(visit, selection, &overview->groups[i]);
    }
    tf_page_table_end(visit);
}

/* The same kinds month by month, each on a scale of its own. */
static void write_panels(tf_visit *visit, const tf_selection *selection,
                         const tf_overview *overview) {
    size_t count = overview->group_count;
    size_t months = count ? overview->groups[0].month_count : 0;
    tf_panel *panels = tf_arena_alloc(visit->arena, count + 1, sizeof *panels);
    double *values = tf_arena_alloc(visit->arena, count * months + 1, sizeof *values);
    if (!panels || !values) {
        visit->response->body.failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const tf_overview_group *group = &overview->groups[i];
        double *own = values + i * months;
        for (size_t m = 0; m < months; m++) {
            own[m] = group->months[m].is_missing ? NAN : (double)group->months[m].count;
        }
        panels[i] = (tf_panel){
            .name = group->title,
            .values = own,
        };
    }
    tf_buffer types;
    tf_buffer_init(&types);
    for (size_t i = 0; i < count; i++) {
        tf_buffer_format(&types, "%s%s", i ? "," : "", overview->groups[i].name);
    }
    const char *address = tf_selection_address(visit, selection, "/api/v1/series", NULL,
                                               tf_page_words(visit, &types));
    tf_buffer_deinit(&types);
    const tf_chart_download downloads[] = {
        {"CSV", tf_address_with(visit, address, "format", "csv")},
        {"JSON", tf_address_with(visit, address, "format", "json")},
        {"Arrow", tf_address_with(visit, address, "format", "arrow")},
    };
    tf_chart chart = {
        .downloads = downloads,
        .download_count = sizeof downloads / sizeof *downloads,
        .kind = TF_CHART_MULTIPLES,
        .id = "kinds",
        .title = "Each kind of offence by month, on a scale of its own",
        .of.multiples = {.panels = panels,
                         .count = count,
                         .first = selection->from,
                         .month_count = months,
                         .unit = {"Offences a month", "offence", "offences", 0},
                         .heading = "Kind of offence"},
    };
    tf_chart_write(&visit->html, &chart);
}

static void write_next(tf_visit *visit, const tf_selection *selection) {
    tf_html *html = &visit->html;
    const struct {
        const char *href;
        const char *text;
    } links[] = {
        {tf_selection_address(visit, selection, "/profile", NULL, NULL),
         "The whole profile, with its map"},
        {tf_selection_address(visit, selection, "/compare", NULL, NULL),
         "Compare the areas with each other"},
        {tf_selection_address(visit, selection, "/profile.pdf", NULL, NULL),
         "The profile on paper (PDF)"},
        {"/areas", "Choose another area"},
    };
    tf_page_heading(visit, "next", "Go on");
    tf_html_open(html, "ul");
    tf_html_attribute(html, "class", "govuk-list");
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        tf_html_open(html, "li");
        tf_page_link(visit, links[i].href, links[i].text);
        tf_html_close(html, "li");
    }
    tf_html_close(html, "ul");
}

static tf_status write_overview(tf_visit *visit, const tf_selection *selection,
                                const tf_overview *overview, tf_error *error) {
    const tf_profile *profile = overview->profile;
    const char *title = tf_page_format(visit, "%s in %s", profile->group_title, profile->area_name);
    tf_page_begin(visit, &(tf_page_head){.title = title, .section = "/"});
    tf_page_title(visit, tf_selection_period(visit, selection), title);
    tf_figures_write_headline(visit, profile);
    write_risen(visit, selection, overview);
    tf_page_heading(visit, NULL, "Month by month");
    tf_status status = tf_figures_write_trend(visit, selection, profile, error);
    if (!status) {
        write_groups(visit, selection, overview);
        write_panels(visit, selection, overview);
        write_next(visit, selection);
        tf_page_end(visit);
    }
    return status;
}

static tf_status answer(tf_visit *visit, tf_error *error) {
    tf_selection selection;
    tf_status status = tf_selection_read(visit, &selection, error);
    if (status) {
        return status;
    }
    if (!selection.start.is_known) {
        write_empty(visit);
        return TF_OK;
    }
    if (selection.error_count) {
        return tf_selection_refuse(visit, &selection, "Crime profile", "/profile");
    }
    tf_profile_request request = {selection.area.code, selection.type, selection.from,
                                  selection.to};
    tf_overview *overview = NULL;
    status = tf_overview_make(visit->desk->data, &request, &overview, error);
    if (!status) {
        status = write_overview(visit, &selection, overview, error);
    }
    tf_overview_free(overview);
    return status;
}

static tf_status handle(void *context, const tf_request *request, tf_response *response,
                        tf_error *error) {
    return tf_visit_at_desk(context, request, response, answer, error);
}

static const tf_field fields[] = {TF_SELECTION_FIELDS};

const tf_route tf_route_overview = {
    .method = "GET",
    .path = "/",
    .title = "Overview",
    .help = "How things stand: the headline figures, what changed beyond chance, all kinds of "
            "offence.",
    .answers_errors = true,
    .fields = fields,
    .field_count = TF_SELECT_COUNT,
    .handle = handle,
};
