#include "profile_internal.h"

#include <math.h>
#include <stdlib.h>

void *tf_profile_alloc(tf_profile_work *work, size_t count, size_t size) {
    void *memory = tf_arena_alloc(work->arena, count, size);
    if (memory) {
        memset(memory, 0, count * size);
    }
    return memory;
}

tf_status tf_profile_note(tf_profile_work *work, const char *text, tf_error *error) {
    tf_profile *profile = work->profile;
    if (!text) {
        return tf_fail_no_memory(error);
    }
    if (profile->note_count == work->note_capacity) {
        size_t capacity = work->note_capacity ? work->note_capacity * 2 : 8;
        const char **notes = tf_profile_alloc(work, capacity, sizeof *notes);
        if (!notes) {
            return tf_fail_no_memory(error);
        }
        if (profile->note_count > 0) {
            memcpy(notes, profile->notes, profile->note_count * sizeof *notes);
        }
        profile->notes = notes;
        work->note_capacity = capacity;
    }
    profile->notes[profile->note_count++] = text;
    return TF_OK;
}

const char *tf_profile_list_months(tf_arena *arena, const bool *is_missing, tf_month first,
                                   tf_month from, tf_month to) {
    const char *list = "";
    for (tf_month month = from; month <= to && list; month++) {
        if (!is_missing[month - first]) {
            continue;
        }
        tf_month last = month;
        while (last < to && is_missing[last + 1 - first]) {
            last++;
        }
        char start[TF_MONTH_TEXT_SIZE], end[TF_MONTH_TEXT_SIZE];
        list = tf_arena_format(arena, "%s%s%s%s%s", list, *list ? ", " : "",
                               tf_month_format(month, start), last > month ? " to " : "",
                               last > month ? tf_month_format(last, end) : "");
        month = last;
    }
    return list;
}

static int compare_shares(const void *left, const void *right) {
    const tf_profile_share *a = left, *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return strcmp(a->name, b->name);
}

void tf_profile_sort_shares(tf_profile_share *shares, size_t count) {
    qsort(shares, count, sizeof *shares, compare_shares);
}

void tf_profile_add_share(tf_profile_share *shares, size_t *count, const char *name, int64_t more) {
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(shares[i].name, name) == 0) {
            shares[i].count += more;
            return;
        }
    }
    shares[(*count)++] = (tf_profile_share){name, more};
}

tf_status tf_profile_check_period(tf_month first, tf_month last, tf_error *error) {
    char from[TF_MONTH_TEXT_SIZE], to[TF_MONTH_TEXT_SIZE];
    if (first < TF_PROFILE_MONTHS_BEFORE || last < first) {
        return tf_fail(error, TF_BAD_INPUT, "period", 0,
                       "the period ends in %s, before it starts in %s; exchange the two",
                       tf_month_format(last, to), tf_month_format(first, from));
    }
    if (last - first >= TF_PROFILE_MAX_MONTHS) {
        return tf_fail(error, TF_BAD_INPUT, "period", 0,
                       "the period from %s to %s has more than %d months; choose a shorter one",
                       tf_month_format(first, from), tf_month_format(last, to),
                       TF_PROFILE_MAX_MONTHS);
    }
    return TF_OK;
}

tf_status tf_profile_find_group(const tf_pack *pack, const char *type,
                                const tf_offence_group **group_out, tf_error *error) {
    *group_out = tf_pack_group_find(pack, tf_text_trim(tf_text_of(type)));
    if (*group_out) {
        return TF_OK;
    }
    tf_buffer names;
    tf_buffer_init(&names);
    for (size_t i = 0; i < tf_pack_group_count(pack); i++) {
        tf_buffer_format(&names, "%s%s", i ? ", " : "", tf_pack_group_at(pack, i)->name);
    }
    tf_status status =
        tf_fail(error, TF_NOT_FOUND, type, 0,
                "there is no such offence group or crime type; the groups are %s, and a crime "
                "type is written as in the files (\"Shoplifting\")",
                names.data ? names.data : "those of the pack");
    tf_buffer_deinit(&names);
    return status;
}

static tf_status set_group(tf_profile_work *work, const char *type, tf_error *error) {
    tf_profile *profile = work->profile;
    tf_status status = tf_profile_find_group(work->data->pack, type, &work->group, error);
    if (status) {
        return status;
    }
    profile->group = tf_arena_format(work->arena, "%s", work->group->name);
    profile->group_title = tf_arena_format(work->arena, "%s", work->group->title);
    return profile->group && profile->group_title ? TF_OK : tf_fail_no_memory(error);
}

static tf_status fill(tf_profile_work *work, const tf_profile_request *request, tf_error *error) {
    static tf_status (*const steps[])(tf_profile_work *, tf_error *) = {
        tf_profile_count,        tf_profile_fill_figures,  tf_profile_fill_series,
        tf_profile_fill_areas,   tf_profile_fill_outcomes, tf_profile_fill_searches,
        tf_profile_fill_sources, tf_profile_fill_notes,
    };
    tf_status status = set_group(work, request->type, error);
    if (!status) {
        status = tf_crime_data_refresh(work->data, error);
    }
    if (!status) {
        status = tf_profile_find_scope(work, request->area, error);
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !status; i++) {
        status = steps[i](work, error);
    }
    return status;
}

tf_status tf_profile_make_with(tf_crime_data *data, const tf_profile_request *request,
                               tf_profile_step *last, void *context, tf_profile **profile_out,
                               tf_error *error) {
    *profile_out = NULL;
    tf_status status = tf_profile_check_period(request->from, request->to, error);
    if (status) {
        return status;
    }
    tf_arena *arena = tf_arena_new();
    tf_profile *profile = arena ? tf_arena_alloc(arena, 1, sizeof *profile) : NULL;
    if (!profile) {
        tf_arena_free(arena);
        return tf_fail_no_memory(error);
    }
    tf_month last_year = request->to - 11;
    *profile = (tf_profile){
        .arena = arena,
        .from = request->from,
        .to = request->to,
        .population = NAN,
        .change = {.from = last_year > request->from ? last_year : request->from,
                   .to = request->to},
    };
    tf_profile_work work = {
        .data = data,
        .profile = profile,
        .arena = arena,
        .first = request->from - TF_PROFILE_MONTHS_BEFORE,
        .month_count = (size_t)(request->to - request->from) + 1 + TF_PROFILE_MONTHS_BEFORE,
    };
    status = fill(&work, request, error);
    if (!status && last) {
        status = last(&work, context, error);
    }
    tf_area_set_deinit(&work.scope.small);
    if (status) {
        tf_profile_free(profile);
        return status;
    }
    *profile_out = profile;
    return TF_OK;
}

tf_status tf_profile_make(tf_crime_data *data, const tf_profile_request *request,
                          tf_profile **profile_out, tf_error *error) {
    return tf_profile_make_with(data, request, NULL, NULL, profile_out, error);
}

void tf_profile_free(tf_profile *profile) {
    if (profile) {
        tf_arena_free(profile->arena);
    }
}
