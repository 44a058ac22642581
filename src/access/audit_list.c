#include "audit_list.h"

#include "audit_select_internal.h"

/* NULL for a null, and for want of memory, which is noted. */
static const char *copy(tf_arena *arena, tf_text text, bool *has_failed) {
    if (!text.data) {
        return NULL;
    }
    const char *copied = tf_arena_copy_text(arena, text.data, text.length);
    *has_failed |= !copied;
    return copied;
}

static tf_status take_entry(tf_statement *statement, tf_arena *arena, tf_audit_entry *entry_out,
                            tf_error *error) {
    tf_audit_row row;
    tf_audit_row_take(statement, &row);
    bool has_failed = false;
    *entry_out = (tf_audit_entry){
        .id = row.id,
        .at = row.at,
        .account_id = row.account_id,
        .organisation_id = row.organisation_id,
        .organisation =
            copy(arena, tf_column_at_text(statement, TF_AUDIT_ORGANISATION_COLUMN), &has_failed),
        .actor = copy(arena, row.actor, &has_failed),
        .action = copy(arena, row.action, &has_failed),
        .category = copy(arena, row.category, &has_failed),
        .object_id = row.object_id,
        .person_id = row.person_id,
        .purpose = copy(arena, row.purpose, &has_failed),
        .agreement_id = row.agreement_id,
        .recipients = copy(arena, row.recipients, &has_failed),
        .outcome = copy(arena, row.outcome, &has_failed),
        .detail = copy(arena, row.detail, &has_failed),
    };
    return has_failed ? tf_fail_no_memory(error) : TF_OK;
}

/* One more than the page holds tells whether there is another. */
static tf_status read_page(tf_statement *statement, size_t limit, tf_arena *arena,
                           tf_audit_page *page, tf_error *error) {
    page->entries = tf_arena_alloc(arena, limit, sizeof *page->entries);
    if (!page->entries) {
        return tf_fail_no_memory(error);
    }
    bool has_row = true;
    tf_status status = TF_OK;
    while (!status && !page->older_than) {
        status = tf_statement_step(statement, &has_row, error);
        if (status || !has_row) {
            break;
        }
        if (page->count == limit) {
            page->older_than = page->entries[limit - 1].id;
        } else {
            status = take_entry(statement, arena, &page->entries[page->count++], error);
        }
    }
    return status;
}

static tf_status list(tf_access *access, const tf_actor *actor, const tf_object *object,
                      const tf_audit_filter *filter, int64_t older_than, size_t limit,
                      tf_arena *arena, tf_audit_page *page_out, tf_error *error) {
    *page_out = (tf_audit_page){0};
    limit = limit ? limit : 1;
    tf_status status =
        tf_audit_enter(access, actor, TF_ACTION_CONSULT, object, filter, NULL, error);
    if (status) {
        return status;
    }
    tf_db *db = tf_access_db(access);
    tf_audit_selection selection = {
        .filter = filter,
        .newest_first = true,
        .older_than = older_than,
        .limit = (int64_t)limit + 1,
    };
    tf_statement *statement = NULL;
    status = tf_db_begin_reading(db, error);
    if (!status) {
        status = tf_audit_select(access, &selection, &statement, error);
    }
    if (!status) {
        status = read_page(statement, limit, arena, page_out, error);
    }
    tf_statement_free(statement);
    tf_db_rollback(db);
    return status;
}

tf_status tf_audit_list(tf_access *access, const tf_actor *actor, const tf_audit_filter *filter,
                        int64_t older_than, size_t limit, tf_arena *arena, tf_audit_page *page_out,
                        tf_error *error) {
    tf_object object = tf_audit_object(access, filter->reach, 0);
    return list(access, actor, &object, filter, older_than, limit, arena, page_out, error);
}

/* The account that the entries about a thing are assigned to: of an account its own, and of content
 * the actor's, who is of those whose content it is and may open it. */
static int64_t holder_of(tf_access *access, const tf_actor *actor, const tf_object *about) {
    if (about->category == tf_access_category_of(access, "account")) {
        return about->id;
    }
    bool is_keeper = tf_access_get_rules(access)->categories[about->category].is_content &&
                     tf_access_is_own(access, actor, about->organisation_id) &&
                     tf_access_ask(access, actor, TF_ACTION_CONSULT, about, NULL).is_allowed;
    return is_keeper ? actor->account_id : 0;
}

tf_status tf_audit_about(tf_access *access, const tf_actor *actor, const tf_object *about,
                         size_t limit, tf_arena *arena, tf_audit_look *look_out, tf_error *error) {
    *look_out = (tf_audit_look){.may = false};
    const tf_category *category = &tf_access_get_rules(access)->categories[about->category];
    tf_object object =
        tf_audit_object(access, about->organisation_id, holder_of(access, actor, about));
    tf_intent intent = tf_audit_intent(access);
    look_out->may = tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, &intent).is_allowed;
    tf_audit_filter filter = {.category = category->name,
                              .object_id = about->id,
                              .without_refusals = true}; /* who was refused has seen nothing */
    return look_out->may
               ? list(access, actor, &object, &filter, 0, limit, arena, &look_out->entries, error)
               : TF_OK;
}
