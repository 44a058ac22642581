/* A form as data of a pack: its pages, its questions, what is asked only on a condition, in which
 * languages.  packs/uk/forms/NAME.yaml holds one form each; packs/form.schema.json describes them.
 * Reports, surveys, consultations and referrals are forms. */
#ifndef PACK_FORM_DEFINITION_H
#define PACK_FORM_DEFINITION_H

#include "pack/access_rules.h"

enum {
    TF_MOST_QUESTIONS = 200, /* of one form */
    TF_MOST_PAGES = 100,
    TF_MOST_OPTIONS = 50,      /* of one question */
    TF_MOST_CONDITIONS = 8,    /* of one page, question or urgency */
    TF_MOST_CHARACTERS = 5000, /* of one text */
};

typedef enum tf_language { TF_ENGLISH, TF_WELSH, TF_LANGUAGE_COUNT } tf_language;

/* "en", "cy". */
extern const char *const tf_language_codes[TF_LANGUAGE_COUNT];

/* The language of a code; English for what is none. */
tf_language tf_language_of(tf_text code);

/* A text in each language; NULL where there is none in any.  What is not translated is English. */
typedef struct tf_words {
    const char *in[TF_LANGUAGE_COUNT];
} tf_words;

typedef enum tf_question_type {
    TF_QUESTION_TEXT,      /* one line */
    TF_QUESTION_LONG_TEXT, /* several */
    TF_QUESTION_ONE_OF,    /* radios */
    TF_QUESTION_SOME_OF,   /* checkboxes */
    TF_QUESTION_DATE,      /* a day */
    TF_QUESTION_YES_NO,
    TF_QUESTION_NUMBER,  /* a whole number */
    TF_QUESTION_PLACE,   /* by name, or by a point on the map; coarse unless asked otherwise */
    TF_QUESTION_CONTACT, /* name, telephone, e-mail: each may be left out */
    TF_QUESTION_TYPE_COUNT
} tf_question_type;

typedef struct tf_form_option {
    const char *value; /* "dealing": in the data */
    tf_words label;
    tf_words hint;
    bool is_exclusive; /* of SOME_OF: "none of these" */
} tf_form_option;

typedef enum tf_test {
    TF_TEST_IS,       /* the one answer is the value, or one of several is */
    TF_TEST_IS_NOT,   /* it is not, or there is no answer */
    TF_TEST_ANSWERED, /* there is an answer */
    TF_TEST_COUNT
} tf_test;

/* About a question of an earlier page, so that without a script a page shows just what is asked (an
 * urgency may speak of any).  An answer to a question that is not asked is none. */
typedef struct tf_form_condition {
    size_t question; /* index */
    tf_test test;
    const char *value; /* of a choice; NULL for ANSWERED */
} tf_form_condition;

/* All must hold; none: always. */
typedef struct tf_form_conditions {
    const tf_form_condition *items;
    size_t count;
} tf_form_conditions;

typedef struct tf_question {
    const char *name; /* "what": in the data */
    tf_question_type type;
    tf_words label;
    tf_words subject; /* what messages call it: "Description"; or NULL */
    tf_words missing; /* what is said where a required answer lacks; or NULL */
    tf_words hint;
    int field; /* of the form's category, which says who sees the answer; -1: any */
    bool is_required;
    bool is_counted; /* of a choice: kept apart from the sealed answers, in the clear, for counting
                        and for the queue; never for what a person could be told by */
    const tf_form_option *options; /* of a choice */
    size_t option_count;
    int64_t minimum;    /* of a number (INT64_MIN: none); of a text: characters */
    int64_t maximum;    /* of a number (INT64_MAX: none); of a text: characters, never 0 */
    bool allows_future; /* of a date */
    tf_form_conditions when;
} tf_question;

/* One thing a page: mostly one question; none on a page that only says something.  "check" and
 * "done" are pages of every form and name none here. */
typedef struct tf_form_page {
    const char *name;   /* "what": in the address */
    tf_words title;     /* NULL: the label of its one question is the heading */
    tf_words text;      /* paragraphs, separated by empty lines; or NULL */
    bool has_emergency; /* it says 999 and 101 in full, as the start does */
    size_t first_question;
    size_t question_count;
    tf_form_conditions when;
} tf_form_page;

/* How soon somebody should look, from 1, the soonest; the first rule that holds decides. */
typedef struct tf_form_urgency {
    int level;            /* 1 to 4 */
    const char *title;    /* "A child at risk" */
    int64_t within_hours; /* somebody is to have looked by then */
    tf_form_conditions when;
} tf_form_urgency;

typedef struct tf_form_definition {
    const char *name; /* "report": in the address */
    int64_t version;
    const char *source;
    tf_words title;
    tf_words before;        /* what is said before the first page, paragraphs */
    tf_words after;         /* what is said on the confirmation, paragraphs */
    int category;           /* of the data, in the access rules */
    bool is_public;         /* anybody may fill it; else accounts whose role may collect the
                               category */
    bool has_emergency;     /* says 999 on every page, and has the button to leave quickly */
    bool has_receipt;       /* the sender gets a code to come back with */
    int32_t opens_on;       /* day since 1970-01-01, or TF_DAY_NONE */
    int32_t closes_on;      /* the last day, or TF_DAY_FOREVER */
    int64_t retention_days; /* after closing; then the content is erased */
    int64_t most_per_hour;  /* submissions of everybody together, against floods */
    bool speaks[TF_LANGUAGE_COUNT];
    const tf_form_page *pages;
    size_t page_count;
    const tf_question *questions; /* of all pages, in order */
    size_t question_count;
    const tf_form_urgency *urgencies;
    size_t urgency_count;
} tf_form_definition;

/* The forms of the pack in the order of their names; borrowed.  `_find` gives NULL for a name that
 * is not known. */
size_t tf_pack_form_count(const tf_pack *pack);
const tf_form_definition *tf_pack_form_at(const tf_pack *pack, size_t index);
const tf_form_definition *tf_pack_form_find(const tf_pack *pack, tf_text name);

/* The words in a language, else in English; NULL where there are none. */
const char *tf_words_in(const tf_words *words, tf_language language);

/* The index of the question, option or page of a name, or -1.  O(n). */
int tf_form_question(const tf_form_definition *form, const char *name);
int tf_form_page_of(const tf_form_definition *form, tf_text name);
int tf_question_option(const tf_question *question, tf_text value);

#endif
