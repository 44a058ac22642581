#include "web/chart/profile_charts.h"

#include "insight/profile_words.h"

#include <math.h>
#include <stdlib.h>

static const tf_chart_unit OFFENCES_A_MONTH = {"Offences a month", "offence", "offences", 0};

/* What a buffer holds, in the arena; NULL when out of memory.  The buffer is freed. */
static const char *keep(tf_arena *arena, tf_buffer *buffer) {
    const char *text = NULL;
    if (!buffer->failed) {
        text = tf_arena_copy_text(arena, buffer->data ? buffer->data : "", buffer->length);
    }
    tf_buffer_deinit(buffer);
    return text;
}

/* "Drug offences by month, Larkenshire, May 2021 to April 2024" */
static const char *title_of(tf_arena *arena, const tf_profile *profile, const char *what) {
    tf_buffer text;
    tf_buffer_init(&text);
    tf_buffer_format(&text, "%s%s, %s, ", profile->group_title, what, profile->area_name);
    tf_words_period(profile->from, profile->to, &text);
    return keep(arena, &text);
}

/* "Recorded crime: police.uk" would name what we do not know; the feeds' files are counted. */
static const char *source_of(tf_arena *arena, const tf_profile *profile) {
    return tf_arena_format(arena, "Source: police recorded crime, %zu file%s. Made by Trefoil.",
                           profile->source_count, profile->source_count == 1 ? "" : "s");
}

/* ---- months ---- */

static tf_chart_mark mark_of(tf_chart_signal signal) {
    switch (signal) {
    case TF_SIGNAL_ABOVE_LIMIT:
    case TF_SIGNAL_RUN_ABOVE:
    case TF_SIGNAL_RISING:
    case TF_SIGNAL_NEAR_UPPER:
        return TF_MARK_HIGH;
    case TF_SIGNAL_BELOW_LIMIT:
    case TF_SIGNAL_RUN_BELOW:
    case TF_SIGNAL_FALLING:
    case TF_SIGNAL_NEAR_LOWER:
        return TF_MARK_LOW;
    case TF_SIGNAL_NONE:
        break;
    }
    return TF_MARK_NONE;
}

tf_status tf_profile_trend_chart(tf_arena *arena, const tf_profile *profile, tf_chart *chart_out,
                                 tf_error *error) {
    tf_line_point *points = tf_arena_alloc(arena, profile->month_count, sizeof *points);
    const char *title = title_of(arena, profile, " by month");
    const char *source = source_of(arena, profile);
    if (!points || !title || !source) {
        return tf_fail_no_memory(error);
    }
    tf_line_chart line = {.first = profile->from,
                          .points = points,
                          .count = profile->month_count,
                          .centre = NAN,
                          .limit_lower = NAN,
                          .limit_upper = NAN,
                          .unit = OFFENCES_A_MONTH};
    for (size_t i = 0; i < profile->month_count; i++) {
        const tf_profile_month *month = &profile->months[i];
        points[i] = (tf_line_point){.value = month->is_missing ? NAN : (double)month->count,
                                    .lower = NAN,
                                    .upper = NAN,
                                    .mark = mark_of(month->signal),
                                    .remark = tf_words_signal(month->signal)};
        if (isfinite(month->centre)) {
            line.centre = month->centre;
            line.limit_lower = month->lower;
            line.limit_upper = month->upper;
        }
    }
    *chart_out = (tf_chart){
        .kind = TF_CHART_LINE,
        .title = title,
        .source = source,
        .note = isfinite(line.centre)
                    ? "Limits: three standard deviations by the moving range (XmR chart). A month "
                      "marked is a reason to look, not a finding."
                    : "There are too few months for limits.",
        .empty = "No month of this period was imported.",
        .of.line = line};
    return TF_OK;
}

/* ---- small areas ---- */

static const char *link_of(tf_arena *arena, const tf_profile_links *links,
                           const tf_profile_area *area) {
    return links ? links->area(links->context, arena, area) : NULL;
}

/* The areas to show, changed ones first; the profile's own order, by offences, otherwise. */
static size_t choose_areas(const tf_profile *profile, size_t most, const tf_profile_area **chosen) {
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < profile->area_count; i++) {
            const tf_profile_area *area = &profile->areas[i];
            bool has_any = area->recent_count + area->previous_count > 0;
            if (area->is_changed == (pass == 0) && area->change.is_known && has_any &&
                (pass == 0 || count < most)) {
                chosen[count++] = area;
            }
        }
    }
    return count;
}

static int compare_changes(const void *a, const void *b) {
    const tf_profile_area *left = *(const tf_profile_area *const *)a;
    const tf_profile_area *right = *(const tf_profile_area *const *)b;
    double of_left = left->change.interval.value, of_right = right->change.interval.value;
    if (of_left > of_right || of_left < of_right) {
        return of_left > of_right ? -1 : 1;
    }
    if (left->recent_count != right->recent_count) {
        return left->recent_count > right->recent_count ? -1 : 1;
    }
    return strcmp(left->code, right->code);
}

static tf_status fill_dot(tf_arena *arena, const tf_profile_area *area,
                          const tf_profile_links *links, tf_dot *dot_out, tf_error *error) {
    tf_buffer text;
    tf_buffer_init(&text);
    tf_words_change_briefly(&area->change, &text);
    bool is_up = area->change.interval.value > 1;
    dot_out->text = keep(arena, &text);
    dot_out->name = area->name;
    dot_out->href = link_of(arena, links, area);
    dot_out->ratio = area->change.interval;
    dot_out->is_hot = area->is_hot;
    dot_out->mark = !area->is_changed ? TF_MARK_NONE : is_up ? TF_MARK_HIGH : TF_MARK_LOW;
    char recent[TF_COUNT_TEXT_SIZE], previous[TF_COUNT_TEXT_SIZE];
    dot_out->remark = tf_arena_format(
        arena, "%s, %s a year before%s%s", tf_words_count(area->recent_count, recent),
        tf_words_count(area->previous_count, previous),
        area->is_changed ? ", changed beyond chance" : "", area->is_hot ? ", a hot spot" : "");
    return dot_out->text && dot_out->remark ? TF_OK : tf_fail_no_memory(error);
}

static const char *changes_note(tf_arena *arena, const tf_profile *profile, size_t shown) {
    static const char rest[] =
        "An area is marked where its change passes at a false discovery rate of 5% among all.";
    if (shown == profile->area_count) {
        return rest;
    }
    return tf_arena_format(arena,
                           "%zu of %zu small areas: those that changed beyond chance, and those "
                           "with the most offences. %s",
                           shown, profile->area_count, rest);
}

static const char *changes_title(tf_arena *arena, const tf_profile *profile) {
    tf_buffer title;
    tf_buffer_init(&title);
    tf_buffer_format(&title, "%s by small area, %s, ", profile->group_title, profile->area_name);
    tf_words_period(profile->change.from, profile->change.to, &title);
    tf_buffer_append_text(&title, " against a year before");
    return keep(arena, &title);
}

tf_status tf_profile_changes_chart(tf_arena *arena, const tf_profile *profile, size_t most,
                                   const tf_profile_links *links, tf_chart *chart_out,
                                   tf_error *error) {
    const tf_profile_area **chosen = tf_arena_alloc(arena, profile->area_count, sizeof *chosen);
    if (!chosen) {
        return tf_fail_no_memory(error);
    }
    size_t count = choose_areas(profile, most, chosen);
    tf_dot *dots = tf_arena_alloc(arena, count, sizeof *dots);
    const char *title = changes_title(arena, profile);
    const char *note = changes_note(arena, profile, count);
    const char *source = source_of(arena, profile);
    if (!dots || !title || !note || !source) {
        return tf_fail_no_memory(error);
    }
    qsort(chosen, count, sizeof *chosen, compare_changes);
    for (size_t i = 0; i < count; i++) {
        tf_status status = fill_dot(arena, chosen[i], links, &dots[i], error);
        if (status != TF_OK) {
            return status;
        }
    }
    *chart_out = (tf_chart){.kind = TF_CHART_DOTS,
                            .title = title,
                            .note = note,
                            .source = source,
                            .empty = "The change on the year before is not known for any small "
                                     "area.",
                            .of.dots = {.dots = dots,
                                        .count = count,
                                        .unit = {"Times as many as a year before", NULL, NULL, 2},
                                        .heading = "Small area",
                                        .lower = "fewer than a year before",
                                        .higher = "more than a year before",
                                        .interval = "95% interval",
                                        .high = "More, beyond chance",
                                        .low = "Fewer, beyond chance",
                                        .hot = "Hot spot"}};
    return TF_OK;
}

/* ---- outcomes ---- */

static const char *const NO_OUTCOME = "No outcome yet";
static const char *const NO_ID = "Not followed: no Crime ID";
static const char *const NO_GROUP = "Not known to the pack";

static const char *group_of(const tf_pack *pack, const char *wording) {
    const tf_outcome_group *group = tf_pack_outcome_group(pack, tf_text_of(wording));
    return group ? group->title : NO_GROUP;
}

typedef struct flow_builder {
    tf_sankey_node *nodes;
    size_t node_count;
    tf_sankey_flow *flows;
    size_t flow_count;
} flow_builder;

static size_t add_node(flow_builder *build, const char *name, int column) {
    build->nodes[build->node_count] = (tf_sankey_node){name, column};
    return build->node_count++;
}

static void add_flow(flow_builder *build, size_t from, size_t to, int64_t value) {
    build->flows[build->flow_count++] = (tf_sankey_flow){from, to, (double)value};
}

/* All cases, their groups, their outcomes; outcomes in the order of the groups, so that few flows
 * cross. */
static void add_outcomes(flow_builder *build, const tf_profile_outcomes *outcomes,
                         const tf_pack *pack) {
    size_t all = add_node(build, "All cases", 0);
    for (size_t g = 0; g < outcomes->group_count; g++) {
        const tf_profile_share *share = &outcomes->groups[g];
        size_t group = add_node(build, share->name, 1);
        add_flow(build, all, group, share->count);
        for (size_t i = 0; i < outcomes->outcome_count; i++) {
            const tf_profile_share *outcome = &outcomes->outcomes[i];
            if (strcmp(group_of(pack, outcome->name), share->name) == 0) {
                add_flow(build, group, add_node(build, outcome->name, 2), outcome->count);
            }
        }
    }
    if (outcomes->without_outcome > 0) {
        add_flow(build, all, add_node(build, NO_OUTCOME, 1), outcomes->without_outcome);
    }
    if (outcomes->without_id > 0) {
        add_flow(build, all, add_node(build, NO_ID, 1), outcomes->without_id);
    }
}

tf_status tf_profile_outcomes_chart(tf_arena *arena, const tf_profile *profile, const tf_pack *pack,
                                    tf_chart *chart_out, tf_error *error) {
    const tf_profile_outcomes *outcomes = &profile->outcomes;
    size_t room = outcomes->group_count + outcomes->outcome_count + 3;
    flow_builder build = {.nodes = tf_arena_alloc(arena, room, sizeof *build.nodes),
                          .flows = tf_arena_alloc(arena, room, sizeof *build.flows)};
    const char *title = title_of(arena, profile, ": what became of the cases");
    const char *source = source_of(arena, profile);
    if (!build.nodes || !build.flows || !title || !source) {
        return tf_fail_no_memory(error);
    }
    add_outcomes(&build, outcomes, pack);
    *chart_out = (tf_chart){
        .kind = TF_CHART_SANKEY,
        .title = title,
        .source = source,
        .note = "Cases of the last months are open more often: do not compare shares between a "
                "recent and an older period.",
        .empty = "There are no cases in this period.",
        .of.sankey = {.nodes = build.nodes,
                      .node_count = build.node_count,
                      .flows = build.flows,
                      .flow_count = build.flow_count,
                      .columns = {"Cases", "Kind of outcome", "Latest outcome"},
                      .column_count = 3,
                      .unit = {"Cases", "case", "cases", 0},
                      .other = "Other outcomes",
                      .smallest_share = 0.02}};
    return TF_OK;
}
