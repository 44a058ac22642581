#include "profile_internal.h"

/* Cases by code of outcome, in data->outcomes. */
static int64_t *count_cases(tf_profile_work *work) {
    tf_profile_outcomes *outcomes = &work->profile->outcomes;
    int64_t *counts = tf_profile_alloc(work, work->data->outcomes.count + 1, sizeof *counts);
    for (size_t i = 0; counts && i < work->case_count; i++) {
        const tf_profile_case *one = &work->cases[i];
        if (!tf_profile_is_in_period(work, one)) {
            continue;
        }
        outcomes->case_count++;
        if (!(one->flags & TF_CRIME_HAS_ID)) {
            outcomes->without_id++;
        } else if (one->flags & TF_CRIME_IS_JOINED) {
            outcomes->joined++;
            outcomes->several_outcomes += (one->flags & TF_CRIME_HAS_SEVERAL) != 0;
            counts[one->outcome]++;
        } else if (one->outcome != TF_CRIME_NONE) {
            outcomes->from_street_file++;
            counts[one->outcome]++;
        } else {
            outcomes->without_outcome++;
        }
    }
    return counts;
}

tf_status tf_profile_fill_outcomes(tf_profile_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_profile_outcomes *outcomes = &work->profile->outcomes;
    const int64_t *counts = count_cases(work);
    size_t room = data->outcomes.count + 1;
    outcomes->outcomes = tf_profile_alloc(work, room, sizeof *outcomes->outcomes);
    outcomes->groups = tf_profile_alloc(work, room, sizeof *outcomes->groups);
    if (!counts || !outcomes->outcomes || !outcomes->groups) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < data->outcomes.count; i++) {
        if (counts[i] == 0) {
            continue;
        }
        tf_text wording = data->outcomes.texts[i];
        const char *canonical = tf_pack_outcome_wording(data->pack, wording);
        const tf_outcome_group *group = tf_pack_outcome_group(data->pack, wording);
        const char *name = tf_arena_format(work->arena, "%s", canonical ? canonical : wording.data);
        const char *title =
            tf_arena_format(work->arena, "%s", group ? group->title : "Not known to the pack");
        if (!name || !title) {
            return tf_fail_no_memory(error);
        }
        tf_profile_add_share(outcomes->outcomes, &outcomes->outcome_count, name, counts[i]);
        tf_profile_add_share(outcomes->groups, &outcomes->group_count, title, counts[i]);
    }
    tf_profile_sort_shares(outcomes->outcomes, outcomes->outcome_count);
    tf_profile_sort_shares(outcomes->groups, outcomes->group_count);
    return TF_OK;
}
