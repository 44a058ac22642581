/* The tables that say which names are short for others, and which values stand for nothing. */
#include "standardise_internal.h"

#include <stdlib.h>

typedef struct nickname {
    tf_text name;
    uint32_t group;
} nickname;

struct tf_nicknames {
    tf_arena *arena;
    nickname *names; /* by name, then group */
    size_t count;
    const char **formal; /* of each group */
};

static int compare_nicknames(const void *a, const void *b) {
    const nickname *x = a;
    const nickname *y = b;
    int order = tf_text_compare(x->name, y->name);
    return order ? order : (x->group > y->group) - (x->group < y->group);
}

/* A copy in the arena of the standard spelling of a name. */
static tf_status copy_name(tf_arena *arena, const char *written, tf_buffer *scratch,
                           tf_text *name_out, tf_error *error) {
    tf_status status = tf_standardise_text(tf_text_of(written), TF_FOLD_PLAIN, scratch, error);
    if (status) {
        return status;
    }
    char *copy = tf_arena_copy_text(arena, scratch->data, scratch->length);
    *name_out = (tf_text){copy, scratch->length};
    return copy ? TF_OK : tf_fail_no_memory(error);
}

static tf_status add_groups(tf_nicknames *nicknames, const tf_nickname_group *groups, size_t count,
                            tf_buffer *scratch, tf_error *error) {
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j <= groups[i].other_count; j++) {
            const char *written = j ? groups[i].others[j - 1] : groups[i].formal;
            nickname *name = &nicknames->names[nicknames->count];
            tf_status status = copy_name(nicknames->arena, written, scratch, &name->name, error);
            if (status) {
                return status;
            }
            name->group = (uint32_t)i;
            if (j == 0) {
                nicknames->formal[i] = name->name.data;
            }
            nicknames->count++;
        }
    }
    qsort(nicknames->names, nicknames->count, sizeof *nicknames->names, compare_nicknames);
    return TF_OK;
}

tf_status tf_nicknames_new(const tf_nickname_group *groups, size_t group_count,
                           tf_nicknames **nicknames_out, tf_error *error) {
    *nicknames_out = NULL;
    size_t count = 0;
    for (size_t i = 0; i < group_count; i++) {
        count += 1 + groups[i].other_count;
    }
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    tf_status status = TF_NO_MEMORY;
    tf_nicknames *nicknames = tf_alloc_zeroed(1, sizeof *nicknames);
    if (nicknames && (nicknames->arena = tf_arena_new()) &&
        (nicknames->names =
             tf_arena_alloc(nicknames->arena, count + 1, sizeof *nicknames->names)) &&
        (nicknames->formal =
             tf_arena_alloc(nicknames->arena, group_count + 1, sizeof *nicknames->formal))) {
        status = add_groups(nicknames, groups, group_count, &scratch, error);
    } else {
        status = tf_fail_no_memory(error);
    }
    tf_buffer_deinit(&scratch);
    if (status) {
        tf_nicknames_free(nicknames);
        return status;
    }
    *nicknames_out = nicknames;
    return TF_OK;
}

void tf_nicknames_free(tf_nicknames *nicknames) {
    if (nicknames) {
        tf_arena_free(nicknames->arena);
        tf_free(nicknames);
    }
}

/* The first entry of a name, or the end. */
static size_t find_name(const tf_nicknames *nicknames, tf_text name) {
    size_t low = 0;
    size_t high = nicknames->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tf_text_compare(nicknames->names[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < nicknames->count && tf_text_equal(nicknames->names[low].name, name);
    return is_found ? low : nicknames->count;
}

static bool has_name(const tf_nicknames *nicknames, size_t i, tf_text name) {
    return i < nicknames->count && tf_text_equal(nicknames->names[i].name, name);
}

size_t tf_nicknames_groups(const tf_nicknames *nicknames, tf_text name, uint32_t *groups_out,
                           size_t most) {
    size_t count = 0;
    for (size_t i = find_name(nicknames, name); has_name(nicknames, i, name); i++) {
        if (count < most) {
            groups_out[count] = nicknames->names[i].group;
        }
        count++;
    }
    return count;
}

bool tf_nicknames_match(const tf_nicknames *nicknames, tf_text a, tf_text b) {
    size_t i = find_name(nicknames, a);
    size_t j = find_name(nicknames, b);
    if (tf_text_equal(a, b)) {
        return false;
    }
    while (has_name(nicknames, i, a) && has_name(nicknames, j, b)) {
        uint32_t group_a = nicknames->names[i].group;
        uint32_t group_b = nicknames->names[j].group;
        if (group_a == group_b) {
            return true;
        }
        i += group_a < group_b;
        j += group_b < group_a;
    }
    return false;
}

const char *tf_nicknames_formal(const tf_nicknames *nicknames, tf_text name) {
    size_t i = find_name(nicknames, name);
    return i < nicknames->count ? nicknames->formal[nicknames->names[i].group] : NULL;
}

typedef struct missing_value {
    tf_person_field field; /* TF_PERSON_COUNT: of any */
    tf_text value;
} missing_value;

struct tf_missing {
    tf_arena *arena;
    missing_value *values; /* by field, then value */
    size_t count;
    missing_value *starts; /* values written with a "*" */
    size_t start_count;
};

static int compare_values(const void *a, const void *b) {
    const missing_value *x = a;
    const missing_value *y = b;
    int order = (x->field > y->field) - (x->field < y->field);
    return order ? order : tf_text_compare(x->value, y->value);
}

/* Put one written value into the table in the spelling of its field, or as words where the field
 * cannot read it ("not known" in a column of dates). */
static tf_status add_value(tf_missing *missing, tf_person_field field, tf_text written,
                           tf_buffer *scratch, tf_error *error) {
    static const tf_standardiser plain = {0};
    bool is_start = written.length > 1 && written.data[written.length - 1] == '*';
    tf_standard outcome = TF_STANDARD_SET_ASIDE;
    tf_status status = TF_OK;
    if (field != TF_PERSON_COUNT && !is_start) {
        status = tf_standardise_value(&plain, field, written, scratch, &outcome, NULL, error);
    }
    if (!status && outcome != TF_STANDARD_VALUE) {
        status = tf_standardise_text(written, TF_FOLD_PLAIN, scratch, error);
    }
    if (status || scratch->length == 0) {
        return status;
    }
    char *copy = tf_arena_copy_text(missing->arena, scratch->data, scratch->length);
    missing_value value = {field, {copy, scratch->length}};
    if (!copy) {
        return tf_fail_no_memory(error);
    }
    if (is_start) {
        missing->starts[missing->start_count++] = value;
    } else {
        missing->values[missing->count++] = value;
    }
    return TF_OK;
}

tf_status tf_missing_new(const tf_missing_list *lists, size_t list_count, tf_missing **missing_out,
                         tf_error *error) {
    *missing_out = NULL;
    size_t count = 1;
    for (size_t i = 0; i < list_count; i++) {
        count += lists[i].value_count;
    }
    tf_buffer scratch;
    tf_buffer_init(&scratch);
    tf_status status = TF_OK;
    tf_missing *missing = tf_alloc_zeroed(1, sizeof *missing);
    if (!missing) {
        return tf_fail_no_memory(error);
    }
    if (!(missing->arena = tf_arena_new()) ||
        !(missing->values = tf_arena_alloc(missing->arena, count, sizeof *missing->values)) ||
        !(missing->starts = tf_arena_alloc(missing->arena, count, sizeof *missing->starts))) {
        status = tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < list_count && !status; i++) {
        for (size_t j = 0; j < lists[i].value_count && !status; j++) {
            status =
                add_value(missing, lists[i].field, tf_text_of(lists[i].values[j]), &scratch, error);
        }
    }
    tf_buffer_deinit(&scratch);
    if (status) {
        tf_missing_free(missing);
        return status;
    }
    qsort(missing->values, missing->count, sizeof *missing->values, compare_values);
    *missing_out = missing;
    return TF_OK;
}

void tf_missing_free(tf_missing *missing) {
    if (missing) {
        tf_arena_free(missing->arena);
        tf_free(missing);
    }
}

bool tf_missing_has(const tf_missing *missing, tf_person_field field, tf_text standard) {
    if (!missing) {
        return false;
    }
    missing_value own = {field, standard};
    missing_value any = {TF_PERSON_COUNT, standard};
    if (missing->count > 0 &&
        (bsearch(&own, missing->values, missing->count, sizeof own, compare_values) ||
         bsearch(&any, missing->values, missing->count, sizeof any, compare_values))) {
        return true;
    }
    for (size_t i = 0; i < missing->start_count; i++) {
        const missing_value *start = &missing->starts[i];
        if ((start->field == field || start->field == TF_PERSON_COUNT) &&
            standard.length >= start->value.length &&
            tf_text_equal_fold((tf_text){standard.data, start->value.length}, start->value)) {
            return true;
        }
    }
    return false;
}
