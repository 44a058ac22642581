/* Whether a sanitised text still tells who the source is. */
#include "intelligence_internal.h"
#include "triage_internal.h"

enum { MOST_WARNINGS = 30, LEAST_NAME_LETTERS = 3, LEAST_DIGITS = 7, AROUND = 30 };

typedef struct scan {
    tf_arena *arena;
    tf_identity_warning *warnings;
    size_t count;
    bool failed;
    const char *where;
    tf_text text;
} scan;

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_word(char c) {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || (unsigned char)c >= 0x80;
}

/* Some words around a place, cut between characters. */
static void warn(scan *check, const char *what, size_t from, size_t to) {
    if (check->count == MOST_WARNINGS || check->failed) {
        return;
    }
    tf_text text = check->text;
    size_t first = from > AROUND ? from - AROUND : 0;
    size_t last = to + AROUND < text.length ? to + AROUND : text.length;
    while (first > 0 && ((unsigned char)text.data[first] & 0xC0) == 0x80) {
        first--;
    }
    while (last < text.length && ((unsigned char)text.data[last] & 0xC0) == 0x80) {
        last++;
    }
    const char *excerpt =
        tf_arena_format(check->arena, "%s%.*s%s", first ? "\xE2\x80\xA6" : "", (int)(last - first),
                        text.data + first, last < text.length ? "\xE2\x80\xA6" : "");
    check->failed |= !excerpt;
    check->warnings[check->count++] =
        (tf_identity_warning){.what = what, .where = check->where, .excerpt = excerpt};
}

static bool holds_at(tf_text text, size_t at, tf_text part) {
    if (at + part.length > text.length) {
        return false;
    }
    for (size_t i = 0; i < part.length; i++) {
        if (lower(text.data[at + i]) != lower(part.data[i])) {
            return false;
        }
    }
    return true;
}

/* A part as whole words, whatever the case of its letters. */
static void find_words(scan *check, const char *what, tf_text part) {
    tf_text text = check->text;
    for (size_t at = 0; part.length && at + part.length <= text.length; at++) {
        bool begins = at == 0 || !is_word(text.data[at - 1]);
        size_t end = at + part.length;
        bool ends = end == text.length || !is_word(text.data[end]);
        if (begins && ends && holds_at(text, at, part)) {
            warn(check, what, at, end);
        }
    }
}

static void find_name(scan *check, tf_text name) {
    size_t at = 0;
    while (at < name.length) {
        size_t end = at;
        while (end < name.length && is_word(name.data[end])) {
            end++;
        }
        if (end - at >= LEAST_NAME_LETTERS) {
            find_words(check, "the sender's name", (tf_text){name.data + at, end - at});
        }
        at = end + 1;
    }
}

/* The digits of a number, however they are grouped; its country and trunk codes are left out. */
static void find_telephone(scan *check, tf_text telephone) {
    char digits[20];
    size_t count = 0;
    for (size_t i = 0; i < telephone.length && count < sizeof digits; i++) {
        if (is_digit(telephone.data[i])) {
            digits[count++] = telephone.data[i];
        }
    }
    size_t skip = count > 9 ? count - 9 : 0;
    if (count < LEAST_DIGITS) {
        return;
    }
    tf_text text = check->text;
    for (size_t at = 0; at < text.length; at++) {
        size_t matched = skip;
        size_t i = at;
        while (i < text.length && matched < count) {
            char c = text.data[i];
            if (is_digit(c) && c == digits[matched]) {
                matched++;
            } else if (i == at || is_digit(c) || is_word(c)) {
                break;
            }
            i++;
        }
        if (matched == count) {
            warn(check, "the sender's telephone number", at, i);
            at = i - 1;
        }
    }
}

static void find_emails(scan *check, tf_text email) {
    tf_text text = check->text;
    for (size_t at = 1; at + 1 < text.length; at++) {
        if (text.data[at] == '@' && is_word(text.data[at - 1]) && is_word(text.data[at + 1])) {
            size_t start = at;
            while (start > 0 && (is_word(text.data[start - 1]) || text.data[start - 1] == '.')) {
                start--;
            }
            bool is_theirs = email.length && holds_at(text, start, email);
            warn(check, is_theirs ? "the sender's e-mail address" : "an e-mail address", start,
                 at + 1);
        }
    }
}

static void check_text(scan *check, const char *where, tf_text text, const tf_answers *answers) {
    check->where = where;
    check->text = text;
    bool found_contact = false;
    for (size_t q = 0; answers && q < answers->form->question_count; q++) {
        const tf_answer_texts *answer = &answers->values[q];
        if (answers->form->questions[q].type == TF_QUESTION_CONTACT &&
            answer->count == TF_CONTACT_PARTS) {
            found_contact = true;
            find_name(check, answer->texts[TF_CONTACT_NAME]);
            find_telephone(check, answer->texts[TF_CONTACT_TELEPHONE]);
            find_emails(check, answer->texts[TF_CONTACT_EMAIL]);
        }
    }
    if (!found_contact) {
        find_emails(check, (tf_text){0});
    }
}

/* Whether a form's questions that ask for the sender are shown by a decision's fields. */
static bool shows_sender(tf_access *access, const char *form_name, uint32_t fields) {
    const tf_form_definition *form =
        tf_pack_form_find(tf_access_pack(access), tf_text_of(form_name));
    for (size_t q = 0; form && q < form->question_count; q++) {
        if (form->questions[q].type == TF_QUESTION_CONTACT &&
            !tf_question_is_shown(&form->questions[q], fields)) {
            return false;
        }
    }
    return true;
}

bool tf_response_shows_sender(tf_access *access, const tf_actor *actor,
                              const tf_response_row *row) {
    tf_object object = tf_response_object(row);
    tf_decision decision = tf_access_ask(access, actor, TF_ACTION_CONSULT, &object, NULL);
    return decision.is_allowed && shows_sender(access, row->form, decision.fields) &&
           tf_sealed_is_reader(tf_access_db(access), actor,
                               (tf_sealed){TF_SEALED_RESPONSE, row->id});
}

/* What the sender answered, where the actor may see it: else nothing is looked at. */
static tf_status read_answers(tf_access *access, const tf_actor *actor, int64_t response_id,
                              tf_arena *arena, tf_answers *answers_out, bool *needs_officer_out,
                              tf_error *error) {
    tf_response_row row;
    uint8_t key[TF_KEY_SIZE];
    tf_status status = tf_response_row_get(access, response_id, NULL, arena, &row, error);
    if (status || row.erased_at) {
        return status;
    }
    if (!tf_response_shows_sender(access, actor, &row)) {
        *needs_officer_out = true;
        return TF_OK;
    }
    tf_object object = tf_response_object(&row);
    tf_audit_note note = {.detail = "to check an intelligence report against it"};
    status = tf_access_enter(access, actor, TF_ACTION_CONSULT, &object, NULL, &note, NULL, error);
    if (!status) {
        status = tf_sealed_take(tf_access_db(access), actor,
                                (tf_sealed){TF_SEALED_RESPONSE, response_id}, key, error);
    }
    if (!status) {
        status = tf_report_answers(access, &row, key, arena, answers_out, NULL, error);
        tf_secret_forget(key, sizeof key);
    }
    return status;
}

tf_status tf_intelligence_check(tf_access *access, const tf_actor *actor, int64_t response_id,
                                const tf_intelligence_form *form, tf_arena *arena,
                                tf_identity_check *check_out, tf_error *error) {
    *check_out = (tf_identity_check){0};
    tf_answers answers = {0};
    tf_status status = TF_OK;
    if (response_id) {
        status = tf_access_begin(access, error);
        if (!status) {
            status = tf_access_end(access,
                                   read_answers(access, actor, response_id, arena, &answers,
                                                &check_out->needs_officer, error),
                                   error);
        }
    }
    scan check = {.arena = arena,
                  .warnings = tf_arena_alloc(arena, MOST_WARNINGS, sizeof(tf_identity_warning))};
    if (!status && !check.warnings) {
        status = tf_fail_no_memory(error);
    }
    if (!status) {
        const tf_answers *known = answers.form ? &answers : NULL;
        check_text(&check, "the text", form->text, known);
        check_text(&check, "the conditions", form->conditions, known);
        check_text(&check, "the provenance", form->provenance, known);
        status = check.failed ? tf_fail_no_memory(error) : TF_OK;
    }
    check_out->warnings = check.warnings;
    check_out->count = check.count;
    return status;
}
