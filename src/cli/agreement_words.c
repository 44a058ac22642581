#include "cli/agreement_words.h"

#include "access/organisation.h"

/* ---- as they are typed ---- */

tf_status tf_agreement_words_number(tf_workplace *place, const char *text, int64_t *number_out) {
    if (!tf_parse_int64(tf_text_of(text), number_out) || *number_out < 1) {
        return tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                       "'%s' is no number of an agreement; trefoil agreement list shows them",
                       text);
    }
    return TF_OK;
}

enum { MOST_PARTIES = 200 };

/* The next of a list's items, or false at its end.  `list` is moved behind it. */
static bool next_item(tf_text *list, char separator, tf_text *item_out) {
    if (!list->data) {
        return false;
    }
    const char *end = list->length ? memchr(list->data, separator, list->length) : NULL;
    size_t length = end ? (size_t)(end - list->data) : list->length;
    *item_out = tf_text_trim((tf_text){list->data, length});
    list->data = end ? end + 1 : NULL;
    list->length = end ? list->length - length - 1 : 0;
    return true;
}

static tf_status add_parties(tf_workplace *place, const char *names, bool gives,
                             tf_agreement_party *parties, size_t *count) {
    tf_text list = tf_text_of(names), name;
    tf_status status = TF_OK;
    while (!status && next_item(&list, ',', &name)) {
        tf_organisation found = {.id = 0};
        status = tf_organisation_find(place->access, name, place->arena, &found, &place->error);
        size_t i = 0;
        while (i < *count && parties[i].organisation_id != found.id) {
            i++;
        }
        if (!status && i == MOST_PARTIES) {
            status = tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                             "an agreement has at most %d parties", (int)MOST_PARTIES);
        } else if (!status) {
            *count += i == *count;
            parties[i].organisation_id = found.id;
            parties[i].gives = parties[i].gives || gives;
            parties[i].receives = parties[i].receives || !gives;
        }
    }
    return status;
}

tf_status tf_agreement_words_parties(tf_workplace *place, const char *gives, const char *receives,
                                     tf_agreement_terms *terms) {
    tf_agreement_party *parties = tf_arena_alloc(place->arena, MOST_PARTIES, sizeof *parties);
    if (!parties) {
        return tf_fail_no_memory(&place->error);
    }
    memset(parties, 0, MOST_PARTIES * sizeof *parties);
    tf_status status = add_parties(place, gives, true, parties, &terms->party_count);
    terms->parties = parties;
    return status ? status : add_parties(place, receives, false, parties, &terms->party_count);
}

/* A text of its own for a part of what was typed; NULL, and the error set, when out of memory. */
static const char *own(tf_workplace *place, tf_text text) {
    const char *copy = tf_arena_copy_text(place->arena, text.data, text.length);
    if (!copy) {
        (void)tf_fail_no_memory(&place->error);
    }
    return copy;
}

static tf_status read_share(tf_workplace *place, tf_text item, tf_agreement_share *share) {
    const tf_access_rules *rules = tf_access_get_rules(place->access);
    tf_text fields = item, text = {0};
    (void)next_item(&fields, ':', &text);
    const char *name = own(place, text);
    if (!name) {
        return TF_NO_MEMORY;
    }
    share->category = tf_access_category(rules, name);
    if (share->category < 0) {
        return tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                       "'%s' is no category of data; see access.yaml of the pack", name);
    }
    const tf_category *category = &rules->categories[share->category];
    share->fields = fields.data ? 0 : tf_access_all_fields(category);
    while (next_item(&fields, '+', &text)) {
        const char *field_name = own(place, text);
        int field = field_name ? tf_access_field(category, field_name) : -1;
        if (field < 0) {
            return field_name ? tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                                        "%s has no field '%s'; see access.yaml of the pack", name,
                                        field_name)
                              : TF_NO_MEMORY;
        }
        share->fields |= UINT32_C(1) << field;
    }
    return TF_OK;
}

tf_status tf_agreement_words_data(tf_workplace *place, const char *data,
                                  tf_agreement_terms *terms) {
    tf_text list = tf_text_of(data), item;
    tf_agreement_share *shares = tf_arena_alloc(place->arena, TF_MOST_CATEGORIES, sizeof *shares);
    tf_status status = shares ? TF_OK : tf_fail_no_memory(&place->error);
    while (!status && next_item(&list, ',', &item)) {
        if (terms->share_count == TF_MOST_CATEGORIES) {
            return tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                           "there are more categories than the pack has; take some out");
        }
        status = read_share(place, item, &shares[terms->share_count]);
        terms->share_count++;
    }
    terms->shares = shares;
    return status;
}

tf_status tf_agreement_words_purposes(tf_workplace *place, const char *purposes,
                                      tf_agreement_terms *terms) {
    const tf_access_rules *rules = tf_access_get_rules(place->access);
    tf_text list = tf_text_of(purposes), item;
    while (next_item(&list, ',', &item)) {
        const char *name = own(place, item);
        int purpose = name ? tf_access_purpose(rules, name) : -1;
        if (purpose < 0) {
            return name ? tf_fail(&place->error, TF_BAD_INPUT, NULL, 0,
                                  "'%s' is no purpose; see access.yaml of the pack", name)
                        : TF_NO_MEMORY;
        }
        terms->purposes |= UINT64_C(1) << purpose;
    }
    return TF_OK;
}

/* ---- as they are shown ---- */

static void say(tf_terminal *page, const char *mark, tf_buffer *words) {
    tf_terminal_paragraph(page, mark, 16, words->data ? words->data : "");
    page->out->failed |= words->failed;
    tf_buffer_deinit(words);
    tf_buffer_init(words);
}

static void show_party(tf_terminal *page, const tf_agreement_party *party, tf_buffer *words) {
    char instant[TF_INSTANT_TEXT_SIZE];
    tf_buffer_format(words, "%s %s", party->name,
                     !party->receives ? "gives"
                     : !party->gives  ? "receives"
                                      : "gives and receives");
    if (party->signed_at) {
        tf_buffer_format(words, "; signed by %s at %s", party->signed_by,
                         tf_instant_format(party->signed_at, instant));
        if (strcmp(party->signed_by, party->entered_by) != 0) {
            tf_buffer_format(words, ", entered by %s", party->entered_by);
        }
    } else {
        tf_buffer_append_text(words, "; has not signed");
    }
    say(page, "  party", words);
}

static void show_share(tf_terminal *page, const tf_access_rules *rules,
                       const tf_agreement_share *share, tf_buffer *words) {
    const tf_category *category = &rules->categories[share->category];
    const char *between = ": ";
    tf_buffer_append_text(words, category->title);
    for (size_t i = 0; i < category->field_count; i++) {
        if (share->fields >> i & 1) {
            tf_buffer_format(words, "%s%s", between, category->fields[i].name);
            between = ", ";
        }
    }
    say(page, "  data", words);
}

static void show_days(tf_terminal *page, const tf_agreement_terms *terms, tf_buffer *words) {
    char day[TF_DAY_TEXT_SIZE];
    tf_buffer_format(words, "from %s", tf_day_format(terms->starts_on, day));
    if (terms->ends_on == TF_DAY_FOREVER) {
        tf_buffer_append_text(words, " until a party ends it");
    } else {
        tf_buffer_format(words, " to %s", tf_day_format(terms->ends_on, day));
    }
    tf_buffer_format(words, "; reviewed by %s; what is given is kept for %lld days",
                     tf_day_format(terms->review_on, day), (long long)terms->retention_days);
    say(page, "  days", words);
}

void tf_agreement_words_show(tf_terminal *page, const tf_access_rules *rules,
                             const tf_agreement *agreement) {
    const tf_agreement_terms *terms = &agreement->terms;
    tf_buffer words;
    tf_buffer_init(&words);
    tf_terminal_format(page, TF_INK_STRONG, "Agreement %lld: ", (long long)agreement->id);
    tf_terminal_put(page, TF_INK_STRONG, terms->title);
    tf_terminal_end_line(page);
    tf_buffer_append_text(&words, tf_agreement_state_name(agreement->state));
    if (agreement->is_review_due) {
        tf_buffer_append_text(&words, "; its review is due");
    }
    say(page, "  state", &words);
    tf_buffer_format(&words, "%lld", (long long)agreement->revision);
    say(page, "  revision", &words);
    for (size_t i = 0; i < terms->party_count; i++) {
        show_party(page, &terms->parties[i], &words);
    }
    for (size_t i = 0; i < terms->share_count; i++) {
        show_share(page, rules, &terms->shares[i], &words);
    }
    for (size_t i = 0; i < rules->purpose_count; i++) {
        if (terms->purposes >> i & 1) {
            tf_buffer_append_text(&words, rules->purposes[i].title);
            say(page, "  purpose", &words);
        }
    }
    tf_buffer_append_text(&words, terms->lawful_basis < 0
                                      ? "one that the pack does not know any more"
                                      : rules->lawful_bases[terms->lawful_basis].title);
    say(page, "  lawful basis", &words);
    if (*terms->condition) {
        tf_buffer_append_text(&words, terms->condition);
        say(page, "  condition", &words);
    }
    tf_buffer_append_text(&words, terms->assessment);
    say(page, "  assessment", &words);
    show_days(page, terms, &words);
    if (agreement->ended_at) {
        char instant[TF_INSTANT_TEXT_SIZE];
        tf_buffer_format(&words, "at %s by %s: %s", tf_instant_format(agreement->ended_at, instant),
                         agreement->ended_by, agreement->end_reason);
        say(page, "  ended", &words);
    }
    tf_buffer_deinit(&words);
}

void tf_agreement_words_line(tf_terminal *page, const tf_agreement *agreement) {
    const tf_agreement_terms *terms = &agreement->terms;
    char day[TF_DAY_TEXT_SIZE];
    tf_terminal_count_right(page, TF_INK_PLAIN, agreement->id, 5);
    tf_terminal_spaces(page, 2);
    tf_terminal_left(page, agreement->state == TF_AGREEMENT_IN_FORCE ? TF_INK_PLAIN : TF_INK_MARK,
                     tf_agreement_state_name(agreement->state), 10);
    tf_terminal_left(page, agreement->is_review_due ? TF_INK_MARK : TF_INK_PLAIN,
                     tf_day_format(terms->review_on, day), 11);
    tf_terminal_put(page, TF_INK_PLAIN, agreement->is_review_due ? "due  " : "     ");
    tf_terminal_left(page, TF_INK_PLAIN, terms->title, 46);
    tf_terminal_end_line(page);
}
