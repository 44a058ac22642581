#include "profile_internal.h"

static void count_cases(tf_profile_work *work) {
    tf_profile_outcomes *outcomes = &work->profile->outcomes;
    for (size_t flags = 0; flags < TF_CRIME_FLAGS_END; flags++) {
        int64_t cases = work->tally.by_flags[flags];
        outcomes->case_count += cases;
        if (!(flags & TF_CRIME_HAS_ID)) {
            outcomes->without_id += cases;
        } else if (flags & TF_CRIME_IS_JOINED) {
            outcomes->joined += cases;
            outcomes->several_outcomes += flags & TF_CRIME_HAS_SEVERAL ? cases : 0;
        } else if (flags & TF_CRIME_HAS_OUTCOME) {
            outcomes->from_street_file += cases;
        } else {
            outcomes->without_outcome += cases;
        }
    }
}

tf_status tf_profile_fill_outcomes(tf_profile_work *work, tf_error *error) {
    const tf_crime_data *data = work->data;
    tf_profile_outcomes *outcomes = &work->profile->outcomes;
    const int64_t *counts = work->tally.by_outcome;
    size_t room = data->outcomes.count + 1;
    outcomes->outcomes = tf_profile_alloc(work, room, sizeof *outcomes->outcomes);
    outcomes->groups = tf_profile_alloc(work, room, sizeof *outcomes->groups);
    count_cases(work);
    if (!outcomes->outcomes || !outcomes->groups) {
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
