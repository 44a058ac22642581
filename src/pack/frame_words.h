/* What is said around the questions of a form, in every language: buttons, headings, errors.  They
 * are data of the pack (words.yaml), so that a translation is mended without a programmer. */
#ifndef PACK_FRAME_WORDS_H
#define PACK_FRAME_WORDS_H

#include "pack/form_definition.h"

/* Each with its name in words.yaml and the places that it must leave for what is put in, such as
 * "%{count}". */
#define TF_FRAME_WORDS(WORD)                                                                       \
    WORD(TF_WORD_SKIP, "skip", "")                                                                 \
    WORD(TF_WORD_SERVICE_LABEL, "service_label", "")                                               \
    WORD(TF_WORD_ABOUT, "about", "")                                                               \
    WORD(TF_WORD_ACCESSIBILITY, "accessibility", "")                                               \
    WORD(TF_WORD_LANGUAGE, "language", "")                                                         \
    WORD(TF_WORD_EXIT, "exit", "")                                                                 \
    WORD(TF_WORD_EXIT_HIDDEN, "exit_hidden", "")                                                   \
    WORD(TF_WORD_EXIT_LINK, "exit_link", "")                                                       \
    WORD(TF_WORD_EXIT_ACTIVATED, "exit_activated", "")                                             \
    WORD(TF_WORD_EXIT_TIMED_OUT, "exit_timed_out", "")                                             \
    WORD(TF_WORD_EXIT_TWO_MORE, "exit_two_more", "")                                               \
    WORD(TF_WORD_EXIT_ONE_MORE, "exit_one_more", "")                                               \
    WORD(TF_WORD_EMERGENCY, "emergency", "")                                                       \
    WORD(TF_WORD_EMERGENCY_SHORT, "emergency_short", "number")                                     \
    WORD(TF_WORD_EMERGENCY_CALL, "emergency_call", "number")                                       \
    WORD(TF_WORD_NO_EMERGENCY_CALL, "no_emergency_call", "number")                                 \
    WORD(TF_WORD_START, "start", "")                                                               \
    WORD(TF_WORD_CONTINUE, "continue", "")                                                         \
    WORD(TF_WORD_BACK, "back", "")                                                                 \
    WORD(TF_WORD_CHANGE, "change", "")                                                             \
    WORD(TF_WORD_SEND, "send", "")                                                                 \
    WORD(TF_WORD_OPTIONAL, "optional", "what")                                                     \
    WORD(TF_WORD_YES, "yes", "")                                                                   \
    WORD(TF_WORD_NO, "no", "")                                                                     \
    WORD(TF_WORD_NO_ANSWER, "no_answer", "")                                                       \
    WORD(TF_WORD_YOUR_ANSWER, "your_answer", "")                                                   \
    WORD(TF_WORD_COUNT_LIMIT, "count_limit", "count")                                              \
    WORD(TF_WORD_COUNT_UNDER_ONE, "count_under_one", "count")                                      \
    WORD(TF_WORD_COUNT_UNDER, "count_under", "count")                                              \
    WORD(TF_WORD_COUNT_AT, "count_at", "")                                                         \
    WORD(TF_WORD_COUNT_OVER_ONE, "count_over_one", "count")                                        \
    WORD(TF_WORD_COUNT_OVER, "count_over", "count")                                                \
    WORD(TF_WORD_DAY, "day", "")                                                                   \
    WORD(TF_WORD_MONTH, "month", "")                                                               \
    WORD(TF_WORD_YEAR, "year", "")                                                                 \
    WORD(TF_WORD_MONTHS, "months", "")                                                             \
    WORD(TF_WORD_PLACE_NAME, "place_name", "")                                                     \
    WORD(TF_WORD_PLACE_POINT, "place_point", "")                                                   \
    WORD(TF_WORD_PLACE_LATITUDE, "place_latitude", "")                                             \
    WORD(TF_WORD_PLACE_LONGITUDE, "place_longitude", "")                                           \
    WORD(TF_WORD_PLACE_COARSE, "place_coarse", "")                                                 \
    WORD(TF_WORD_PLACE_EXACT, "place_exact", "")                                                   \
    WORD(TF_WORD_PLACE_CHOOSE, "place_choose", "")                                                 \
    WORD(TF_WORD_PLACE_SELECT, "place_select", "")                                                 \
    WORD(TF_WORD_PLACE_TOWN, "place_town", "")                                                     \
    WORD(TF_WORD_PLACE_COUNCIL, "place_council", "")                                               \
    WORD(TF_WORD_PLACE_POLICE, "place_police", "")                                                 \
    WORD(TF_WORD_PLACE_NEIGHBOURHOOD, "place_neighbourhood", "")                                   \
    WORD(TF_WORD_PLACE_OR, "place_or", "")                                                         \
    WORD(TF_WORD_PLACE_TYPED, "place_typed", "what")                                               \
    WORD(TF_WORD_POINT_NAMED, "point_named", "")                                                   \
    WORD(TF_WORD_POINT_COARSE, "point_coarse", "point")                                            \
    WORD(TF_WORD_POINT_EXACT, "point_exact", "point")                                              \
    WORD(TF_WORD_CONTACT_NAME, "contact_name", "")                                                 \
    WORD(TF_WORD_CONTACT_TELEPHONE, "contact_telephone", "")                                       \
    WORD(TF_WORD_CONTACT_EMAIL, "contact_email", "")                                               \
    WORD(TF_WORD_ERROR, "error", "")                                                               \
    WORD(TF_WORD_PROBLEM, "problem", "")                                                           \
    WORD(TF_WORD_ENTER_ANSWER, "enter_answer", "")                                                 \
    WORD(TF_WORD_SELECT_ANSWER, "select_answer", "")                                               \
    WORD(TF_WORD_SELECT_KNOWN, "select_known", "")                                                 \
    WORD(TF_WORD_SELECT_EXCLUSIVE, "select_exclusive", "what")                                     \
    WORD(TF_WORD_TOO_LONG, "too_long", "what count")                                               \
    WORD(TF_WORD_TOO_SHORT, "too_short", "what count")                                             \
    WORD(TF_WORD_DATE_INCOMPLETE, "date_incomplete", "what part")                                  \
    WORD(TF_WORD_DATE_REAL, "date_real", "what")                                                   \
    WORD(TF_WORD_DATE_FUTURE, "date_future", "what")                                               \
    WORD(TF_WORD_NUMBER_WHOLE, "number_whole", "what")                                             \
    WORD(TF_WORD_NUMBER_LOW, "number_low", "what count")                                           \
    WORD(TF_WORD_NUMBER_HIGH, "number_high", "what count")                                         \
    WORD(TF_WORD_TELEPHONE_BAD, "telephone_bad", "")                                               \
    WORD(TF_WORD_EMAIL_BAD, "email_bad", "")                                                       \
    WORD(TF_WORD_POINT_BAD, "point_bad", "")                                                       \
    WORD(TF_WORD_CHECK, "check", "")                                                               \
    WORD(TF_WORD_CHECK_SEND, "check_send", "")                                                     \
    WORD(TF_WORD_CHECK_HELP, "check_help", "")                                                     \
    WORD(TF_WORD_NOT_STORED, "not_stored", "")                                                     \
    WORD(TF_WORD_GONE, "gone", "")                                                                 \
    WORD(TF_WORD_GONE_HELP, "gone_help", "")                                                       \
    WORD(TF_WORD_CLOSED, "closed", "")                                                             \
    WORD(TF_WORD_CLOSED_HELP, "closed_help", "")                                                   \
    WORD(TF_WORD_SENT, "sent", "")                                                                 \
    WORD(TF_WORD_RECEIPT, "receipt", "")                                                           \
    WORD(TF_WORD_RECEIPT_HELP, "receipt_help", "")                                                 \
    WORD(TF_WORD_RECEIPT_BACK, "receipt_back", "")                                                 \
    WORD(TF_WORD_RECEIPT_ONCE, "receipt_once", "")                                                 \
    WORD(TF_WORD_RECEIPT_GONE, "receipt_gone", "")                                                 \
    WORD(TF_WORD_NEXT, "next", "")                                                                 \
    WORD(TF_WORD_RECEIPT_LEAD, "receipt_lead", "")                                                 \
    WORD(TF_WORD_RECEIPT_CODE, "receipt_code", "")                                                 \
    WORD(TF_WORD_RECEIPT_CODE_HINT, "receipt_code_hint", "")                                       \
    WORD(TF_WORD_RECEIPT_WRONG, "receipt_wrong", "")                                               \
    WORD(TF_WORD_RECEIPT_BUSY, "receipt_busy", "")                                                 \
    WORD(TF_WORD_REPORT, "report", "")                                                             \
    WORD(TF_WORD_STATE, "state", "")                                                               \
    WORD(TF_WORD_STATE_WAITING, "state_waiting", "")                                               \
    WORD(TF_WORD_STATE_SEEN, "state_seen", "")                                                     \
    WORD(TF_WORD_STATE_CLOSED, "state_closed", "")                                                 \
    WORD(TF_WORD_STATE_ERASED, "state_erased", "")                                                 \
    WORD(TF_WORD_OUTCOME, "outcome", "")                                                           \
    WORD(TF_WORD_MESSAGES, "messages", "")                                                         \
    WORD(TF_WORD_MESSAGE, "message", "")                                                           \
    WORD(TF_WORD_MESSAGE_NEW, "message_new", "what")                                               \
    WORD(TF_WORD_MESSAGE_LOST, "message_lost", "")                                                 \
    WORD(TF_WORD_YOU, "you", "")                                                                   \
    WORD(TF_WORD_OFFICER, "officer", "")                                                           \
    WORD(TF_WORD_WRITE, "write", "")                                                               \
    WORD(TF_WORD_WRITE_HINT, "write_hint", "")                                                     \
    WORD(TF_WORD_WRITE_EMPTY, "write_empty", "")                                                   \
    WORD(TF_WORD_WRITE_MOST, "write_most", "count")                                                \
    WORD(TF_WORD_WRITE_CLOSED, "write_closed", "")                                                 \
    WORD(TF_WORD_WRITTEN, "written", "")                                                           \
    WORD(TF_WORD_SUCCESS, "success", "")                                                           \
    WORD(TF_WORD_REFUSED_EARLY, "refused_early", "")                                               \
    WORD(TF_WORD_REFUSED_CLOSED, "refused_closed", "")                                             \
    WORD(TF_WORD_REFUSED_MANY, "refused_many", "")                                                 \
    WORD(TF_WORD_REFUSED_UNREAD, "refused_unread", "")                                             \
    WORD(TF_WORD_NO_PAGE, "no_page", "")                                                           \
    WORD(TF_WORD_NO_PAGE_HELP, "no_page_help", "")                                                 \
    WORD(TF_WORD_NOT_YOURS, "not_yours", "")                                                       \
    WORD(TF_WORD_NOT_YOURS_HELP, "not_yours_help", "")                                             \
    WORD(TF_WORD_FAULT, "fault", "")                                                               \
    WORD(TF_WORD_FAULT_HELP, "fault_help", "")                                                     \
    WORD(TF_WORD_MAP, "map", "")                                                                   \
    WORD(TF_WORD_MAP_HELP, "map_help", "")                                                         \
    WORD(TF_WORD_MAP_USE, "map_use", "")                                                           \
    WORD(TF_WORD_MAP_CROSS, "map_cross", "point")                                                  \
    WORD(TF_WORD_MAP_NEAR, "map_near", "point")                                                    \
    WORD(TF_WORD_MAP_AT, "map_at", "point")                                                        \
    WORD(TF_WORD_MAP_ZOOM_IN, "map_zoom_in", "")                                                   \
    WORD(TF_WORD_MAP_ZOOM_OUT, "map_zoom_out", "")                                                 \
    WORD(TF_WORD_MAP_FINGERS, "map_fingers", "")                                                   \
    WORD(TF_WORD_MAP_WHEEL, "map_wheel", "")

#define TF_FRAME_WORD_ID(id, name, places) id,
typedef enum tf_frame_word { TF_FRAME_WORDS(TF_FRAME_WORD_ID) TF_WORD_COUNT } tf_frame_word;
#undef TF_FRAME_WORD_ID

/* The words in a language, else in English; borrowed. */
const char *tf_pack_say(const tf_pack *pack, tf_frame_word word, tf_language language);

/* Put in: every %{what}, %{part}, %{number}, %{point} or %{count} is replaced.  `places` are pairs
 * of a name and a text, up to a NULL.  In the arena; NULL when out of memory. */
const char *tf_pack_say_of(const tf_pack *pack, tf_frame_word word, tf_language language,
                           tf_arena *arena, const char *const *places);

#endif
