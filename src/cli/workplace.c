#include "cli/workplace.h"

#include "access/organisation.h"
#include "cli/report.h"
#include "trefoil/base/date.h"

tf_status tf_workplace_enter(tf_workplace *place, const char *db_path) {
    tf_buffer_init(&place->out);
    place->opened = (tf_cli_access){0};
    place->arena = tf_arena_new();
    return place->arena ? tf_cli_access_open(db_path, &place->opened, &place->error)
                        : tf_fail_no_memory(&place->error);
}

tf_exit tf_workplace_leave(tf_workplace *place, tf_status status) {
    tf_arena_free(place->arena);
    tf_cli_access_close(&place->opened);
    return tf_report_end(status, &place->out, &place->error);
}

void tf_say_link(tf_buffer *out, const char *site, const char *email, tf_account_link_kind kind,
                 const char *token) {
    static const struct {
        const char *purpose;
        const char *duration;
    } kinds[TF_ACCOUNT_LINK_KIND_COUNT] = {
        [TF_ACCOUNT_LINK_INVITATION] = {"to choose a passphrase", "7 days"},
        [TF_ACCOUNT_LINK_RESET] = {"to choose a new passphrase", "24 hours"},
        [TF_ACCOUNT_LINK_DEVICE] = {"to make a browser known", "24 hours"},
    };
    site = site ? site : TF_SITE_DEFAULT;
    size_t length = strlen(site);
    while (length && site[length - 1] == '/') {
        length--;
    }
    tf_buffer_format(out,
                     "The link for %s %s.  It works once, within %s, and is not shown again:\n"
                     "%.*s%s%s\n",
                     email, kinds[kind].purpose, kinds[kind].duration, (int)length, site,
                     tf_account_link_path(kind), token);
}

tf_status tf_day_read(const char *text, const char *option, int32_t *day_out, tf_error *error) {
    *day_out = TF_DAY_NONE;
    if (text && !tf_date_parse(tf_text_of(text), day_out)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "--%s is '%s', which is no day; write it as 2027-03-31", option, text);
    }
    return TF_OK;
}
