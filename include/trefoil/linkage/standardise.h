/* From a value as it stands in a file to what is compared: letters without case and accents, names
 * without titles, and dates, postcodes, telephone numbers, e-mail addresses and identifiers in one
 * spelling each.  The original stays with the caller.
 *
 * Every function here is thread-safe and deterministic, reads any bytes, takes a byte that is not
 * UTF-8 for a space, costs O(length) unless it says otherwise, and gives the same again when it is
 * given its own result. */
#ifndef TREFOIL_LINKAGE_STANDARDISE_H
#define TREFOIL_LINKAGE_STANDARDISE_H

#include "trefoil/base/text.h"

/* What a column of a file about people holds. */
typedef enum tf_person_field {
    TF_PERSON_TEXT, /* words that are none of the below */
    TF_PERSON_GIVEN_NAME,
    TF_PERSON_FAMILY_NAME,
    TF_PERSON_FULL_NAME,
    TF_PERSON_DATE_OF_BIRTH,
    TF_PERSON_POSTCODE,
    TF_PERSON_PHONE,
    TF_PERSON_EMAIL,
    TF_PERSON_SEX,
    TF_PERSON_ADDRESS,
    TF_PERSON_CITY,
    TF_PERSON_NHS_NUMBER,
    TF_PERSON_PNC_ID,
    TF_PERSON_PERSON_ID, /* another identifier that a person keeps */
    TF_PERSON_RECORD_ID, /* of the row, not of the person */
    TF_PERSON_SOURCE,    /* which file or service the row came from */
    TF_PERSON_LABEL,     /* who the person truly is, where that is known: never compared */
    TF_PERSON_FREE_TEXT,
    TF_PERSON_COUNT
} tf_person_field;

/* "given_name", "date_of_birth", ..., and back; TF_PERSON_COUNT for a name that is none. */
TF_API const char *tf_person_field_name(tf_person_field field);
TF_API tf_person_field tf_person_field_by_name(tf_text name);

/* What became of a value. */
typedef enum tf_standard {
    TF_STANDARD_VALUE,     /* it is in its one spelling */
    TF_STANDARD_MISSING,   /* nothing is there, or what stands for nothing */
    TF_STANDARD_SET_ASIDE, /* it cannot be what the column holds; compare it with nothing */
} tf_standard;

/* --- words ------------------------------------------------------------------------------------ */

typedef enum tf_fold {
    TF_FOLD_PLAIN, /* "O'Neill Smith-Jones" gives "oneill smith jones": what is compared */
    TF_FOLD_JOINS, /* "o'neill smith-jones": apostrophe and hyphen kept between two letters */
} tf_fold;

/* Append `value` as it is, but in the one spelling that Unicode calls normalization form KC (UAX
 * #15): whatever keyboard it was typed on, it is the same bytes then.
 * Errors: TF_BAD_INPUT for what is no UTF-8; TF_NO_MEMORY. */
TF_API tf_status tf_normalise_text(tf_text value, tf_buffer *out, tf_error *error);

/* Replace what `out` holds by the letters and digits of `value` in words one space apart: Unicode
 * full case folding and NFKD (utf8proc), accents taken off, and letters that Unicode does not
 * take apart spelt out (ø o, ł l, æ ae, đ d, þ th, ...).  Vowel signs of Indic scripts and the
 * voicing marks of kana are letters and stay.  Everything else is a space.
 * Errors: TF_NO_MEMORY. */
TF_API tf_status tf_standardise_text(tf_text value, tf_fold fold, tf_buffer *out, tf_error *error);

/* The same without titles at the start (Mr, Dr, Councillor) and suffixes at the end (Jr, III); for
 * family names O, Mc and Mac are one word with what follows.  A word that may be a name as well
 * (Major, Senior) is taken off only where another stays. */
TF_API tf_status tf_standardise_given_name(tf_text value, tf_fold fold, tf_buffer *out,
                                           tf_error *error);
TF_API tf_status tf_standardise_family_name(tf_text value, tf_fold fold, tf_buffer *out,
                                            tf_error *error);

/* A full name taken apart; each part may be empty.  `given` and `family` point into
 * `words`. */
typedef struct tf_person_name {
    tf_buffer words;
    tf_text given;  /* "john paul" */
    tf_text family; /* "smith", with its particles: "van der berg" */
    tf_text suffix; /* "jr", "sr", "ii", "iii", "iv", in one spelling; "obe"; static */
} tf_person_name;

TF_API void tf_person_name_init(tf_person_name *name);
TF_API void tf_person_name_deinit(tf_person_name *name);

/* "SMITH, John Paul" and "John Paul Smith" give the same.  What stands before the first comma is
 * the family name; without a comma the last word is, together with the particles before it.  One
 * word alone is a family name.  `name` is overwritten.  Errors: TF_NO_MEMORY. */
TF_API tf_status tf_standardise_full_name(tf_text value, tf_fold fold, tf_person_name *name,
                                          tf_error *error);

/* --- nicknames -------------------------------------------------------------------------------- */

/* A name and the short and pet forms of it: Robert, and Bob, Rob, Bobby. */
typedef struct tf_nickname_group {
    const char *formal;
    size_t other_count;
    const char *const *others;
} tf_nickname_group;

/* Does not change once made, and may be used by several threads. */
typedef struct tf_nicknames tf_nicknames;

/* A table of these groups, which are copied.  A name may be in several (Alex).
 * Errors: TF_NO_MEMORY.  O(n log n) for n names. */
TF_API tf_status tf_nicknames_new(const tf_nickname_group *groups, size_t group_count,
                                  tf_nicknames **nicknames_out, tf_error *error);
TF_API void tf_nicknames_free(tf_nicknames *nicknames); /* accepts NULL */

/* Whether two different standard names are of one group.  O(log n). */
TF_API bool tf_nicknames_match(const tf_nicknames *nicknames, tf_text a, tf_text b);

/* The formal name of the first group that has the standard name, or NULL; borrowed.  O(log n). */
TF_API const char *tf_nicknames_formal(const tf_nicknames *nicknames, tf_text name);

/* --- what stands for nothing ------------------------------------------------------------------ */

/* Values that stand for nothing in the columns of one field; TF_PERSON_COUNT for all columns.  They
 * are written in any spelling that the field reads; a "*" at the end stands for any rest. */
typedef struct tf_missing_list {
    tf_person_field field;
    size_t value_count;
    const char *const *values;
} tf_missing_list;

typedef struct tf_missing tf_missing; /* shared by threads like the nicknames */

/* A table of these lists, which are copied.  Errors: TF_NO_MEMORY.  O(n log n). */
TF_API tf_status tf_missing_new(const tf_missing_list *lists, size_t list_count,
                                tf_missing **missing_out, tf_error *error);
TF_API void tf_missing_free(tf_missing *missing); /* accepts NULL */

/* Whether a standard value of a field stands for nothing; `missing` may be NULL.  O(log n), and
 * O(patterns) for those with a "*". */
TF_API bool tf_missing_has(const tf_missing *missing, tf_person_field field, tf_text standard);

/* --- dates ------------------------------------------------------------------------------------ */

typedef enum tf_date_fault {
    TF_DATE_NO_FAULT,
    TF_DATE_NOT_A_DATE,
    TF_DATE_INCOMPLETE,    /* a year, or month and year, alone */
    TF_DATE_NO_SUCH_MONTH, /* 31/13/1990 */
    TF_DATE_NO_SUCH_DAY,   /* 30 February */
    TF_DATE_OUT_OF_RANGE,  /* a year before the oldest or after the newest that is allowed */
} tf_date_fault;

TF_API const char *tf_date_fault_text(tf_date_fault fault); /* "there is no such month", ... */

/* Which years are allowed, and how doubts are settled.  All zero means 1000 to 2199, two digits
 * up to 29 read as 2000 to 2029, and the day always first. */
typedef struct tf_date_options {
    int oldest_year;
    int newest_year;        /* a year of two digits is the last one not after pivot_year */
    int pivot_year;         /* usually that of the extract */
    bool reads_month_first; /* 03/25/1990, which has no other reading, is 25 March */
} tf_date_options;

typedef struct tf_standard_date {
    tf_date_fault fault;
    int32_t days;         /* since 1970-01-01; valid without a fault */
    bool has_swap;        /* the date with day and month exchanged exists and is another */
    int32_t swapped_days; /* that date; also told where the fault is TF_DATE_NO_SUCH_MONTH */
} tf_standard_date;

enum { TF_STANDARD_DATE_SIZE = 11 }; /* "1990-03-25" and its terminator */

/* Read a date in the orders used in the UK: dd/mm/yyyy and dd-mm-yy with any of / - . or space,
 * yyyy-mm-dd, 25 March 1990, 25th Mar 90, March 25 1990, and eight digits, which are yyyymmdd
 * where that is a date of the years 1300 to 2199 and ddmmyyyy otherwise (they cannot be both).  A
 * time of day after it is passed over.  `options` may be NULL. */
TF_API tf_standard_date tf_standardise_date(tf_text value, const tf_date_options *options);

/* --- postcodes -------------------------------------------------------------------------------- */

typedef struct tf_postcode {
    char text[9];           /* "SW1A 1AA", terminated; "" if it has not the shape of a postcode */
    uint8_t length;         /* of text */
    uint8_t outward_length; /* "SW1A" */
    uint8_t sector_length;  /* "SW1A 1" */
    bool is_repaired;       /* an O was read as 0, an I as 1, or the other way round */
} tf_postcode;

/* A UK postcode by the shapes A9 A99 AA9 AA99 A9A AA9A, then 9AA, with the letters that each place
 * allows, and GIR 0AA (BS 7666-2; Royal Mail, Programmer's Guide to PAF, "Postcode format").  A
 * district of two digits does not start with 0.  O and 0, I and 1 are exchanged only where just
 * one shape then fits.  The pseudo-postcodes ZZ99 have the shape. */
TF_API tf_postcode tf_standardise_postcode(tf_text value);

/* --- telephone numbers and e-mail addresses --------------------------------------------------- */

enum { TF_STANDARD_PHONE_SIZE = 18 };

/* The digits of a telephone number: "07700900123" for +44 7700 900123, 0044 (0)7700 900 123 and
 * 7700900123; "+33123456789" for one from abroad.  Extensions, and a second number after a slash
 * or semicolon, are left out.  False, and an empty `phone_out`, for anything too short or too
 * long: UK numbers have nine or ten digits after the 0 (Ofcom, National Telephone Numbering
 * Plan), others seven to fifteen (ITU-T E.164). */
TF_API bool tf_standardise_phone(tf_text value, char phone_out[TF_STANDARD_PHONE_SIZE]);

enum {
    TF_EMAIL_DROP_TAG = 1,  /* "jo+news@x.org" is jo@x.org */
    TF_EMAIL_DROP_DOTS = 2, /* "j.o@x.org" is jo@x.org */
};

/* Replace what `out` holds by the address in lower case; the domain begins behind the only "@", at
 * `*domain_out`.  False, and `out` empty, where it has not the shape of an address.
 * Errors: TF_NO_MEMORY. */
TF_API tf_status tf_standardise_email(tf_text value, unsigned options, tf_buffer *out,
                                      size_t *domain_out, bool *is_email_out, tf_error *error);

/* --- sex, addresses, identifiers -------------------------------------------------------------- */

/* 'm', 'f', 'x' for another answer, 0 where none is given.  1 and 2 are read as male and female, 0
 * and 9 as not known and not specified (NHS Data Dictionary, PERSON STATED GENDER CODE). */
TF_API char tf_standardise_sex(tf_text value);

/* An address lightly taken apart; the texts point into `words` and may be empty. */
typedef struct tf_address {
    tf_buffer words; /* "flat 3 12a high street camford" */
    tf_text flat;    /* "3" */
    tf_text number;  /* "12a" */
    tf_text street;  /* "high street camford", usual abbreviations written out */
} tf_address;

TF_API void tf_address_init(tf_address *address);
TF_API void tf_address_deinit(tf_address *address);

/* `address` is overwritten.  Errors: TF_NO_MEMORY. */
TF_API tf_status tf_standardise_address(tf_text value, tf_address *address, tf_error *error);

enum { TF_NHS_NUMBER_SIZE = 11, TF_PNC_ID_SIZE = 14 };

/* The ten digits of an NHS number whose last is the check digit of the others, modulus 11 (NHS
 * Data Dictionary, NHS NUMBER).  False, and empty, for anything else. */
TF_API bool tf_standardise_nhs_number(tf_text value, char number_out[TF_NHS_NUMBER_SIZE]);

/* A Police National Computer identifier as "1979/0163001B", from that, "79/163001B", or either
 * without the stroke, if its letter is the one at place (year of two digits and serial of seven,
 * as one number) modulo 23 of ZABCDEFGHJKLMNPQRTUVWXY (Ministry of Justice, hmpps-person-record,
 * PNCIdentifier).  A year of two digits is the last one not after pivot_year (0: 2029).  False,
 * and empty, for anything else. */
TF_API bool tf_standardise_pnc_id(tf_text value, int pivot_year, char id_out[TF_PNC_ID_SIZE]);

/* --- any field -------------------------------------------------------------------------------- */

/* How columns are standardised; all zero is usual.  The tables are borrowed. */
typedef struct tf_standardiser {
    const tf_missing *missing; /* may be NULL: only what is empty is missing */
    tf_date_options date;
    unsigned email_options;
    tf_fold name_fold;
} tf_standardiser;

/* Replace what `out` holds by the standard spelling of a value of a column of `field`; a full name
 * as given, family and suffix.  `out` is empty unless the outcome is TF_STANDARD_VALUE, and
 * `*reason_out` (may be NULL; static) then tells in a few words why a value was set aside.
 * Errors: TF_NO_MEMORY. */
TF_API tf_status tf_standardise_value(const tf_standardiser *standardiser, tf_person_field field,
                                      tf_text value, tf_buffer *out, tf_standard *outcome_out,
                                      const char **reason_out, tf_error *error);

#endif
