#include "trefoil/linkage/recognise.h"

#include "standardise_internal.h"

#include "trefoil/base/date.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_ROWS = 2000 };

/* Names of columns without case, spaces and signs. */
static const struct {
    const char *name;
    tf_person_field field;
} column_names[] = {
    {"firstname", TF_PERSON_GIVEN_NAME},
    {"forename", TF_PERSON_GIVEN_NAME},
    {"forenames", TF_PERSON_GIVEN_NAME},
    {"forename1", TF_PERSON_GIVEN_NAME},
    {"fname", TF_PERSON_GIVEN_NAME},
    {"givenname", TF_PERSON_GIVEN_NAME},
    {"givennames", TF_PERSON_GIVEN_NAME},
    {"given", TF_PERSON_GIVEN_NAME},
    {"christianname", TF_PERSON_GIVEN_NAME},
    {"personforename", TF_PERSON_GIVEN_NAME},
    {"first", TF_PERSON_GIVEN_NAME},
    {"namefirst", TF_PERSON_GIVEN_NAME},
    {"surname", TF_PERSON_FAMILY_NAME},
    {"lastname", TF_PERSON_FAMILY_NAME},
    {"lname", TF_PERSON_FAMILY_NAME},
    {"familyname", TF_PERSON_FAMILY_NAME},
    {"sname", TF_PERSON_FAMILY_NAME},
    {"family", TF_PERSON_FAMILY_NAME},
    {"last", TF_PERSON_FAMILY_NAME},
    {"namelast", TF_PERSON_FAMILY_NAME},
    {"personsurname", TF_PERSON_FAMILY_NAME},
    {"secondname", TF_PERSON_FAMILY_NAME},
    {"fullname", TF_PERSON_FULL_NAME},
    {"name", TF_PERSON_FULL_NAME},
    {"personname", TF_PERSON_FULL_NAME},
    {"clientname", TF_PERSON_FULL_NAME},
    {"patientname", TF_PERSON_FULL_NAME},
    {"firstandsurname", TF_PERSON_FULL_NAME},
    {"subjectname", TF_PERSON_FULL_NAME},
    {"nominalname", TF_PERSON_FULL_NAME},
    {"dob", TF_PERSON_DATE_OF_BIRTH},
    {"dateofbirth", TF_PERSON_DATE_OF_BIRTH},
    {"birthdate", TF_PERSON_DATE_OF_BIRTH},
    {"datebirth", TF_PERSON_DATE_OF_BIRTH},
    {"birthday", TF_PERSON_DATE_OF_BIRTH},
    {"bdate", TF_PERSON_DATE_OF_BIRTH},
    {"born", TF_PERSON_DATE_OF_BIRTH},
    {"persondob", TF_PERSON_DATE_OF_BIRTH},
    {"patientdob", TF_PERSON_DATE_OF_BIRTH},
    {"birthdt", TF_PERSON_DATE_OF_BIRTH},
    {"postcode", TF_PERSON_POSTCODE},
    {"pcode", TF_PERSON_POSTCODE},
    {"postalcode", TF_PERSON_POSTCODE},
    {"pcd", TF_PERSON_POSTCODE},
    {"homepostcode", TF_PERSON_POSTCODE},
    {"postcodefake", TF_PERSON_POSTCODE},
    {"zip", TF_PERSON_POSTCODE},
    {"zipcode", TF_PERSON_POSTCODE},
    {"phone", TF_PERSON_PHONE},
    {"telephone", TF_PERSON_PHONE},
    {"tel", TF_PERSON_PHONE},
    {"mobile", TF_PERSON_PHONE},
    {"phonenumber", TF_PERSON_PHONE},
    {"mobilenumber", TF_PERSON_PHONE},
    {"telno", TF_PERSON_PHONE},
    {"telephonenumber", TF_PERSON_PHONE},
    {"contactnumber", TF_PERSON_PHONE},
    {"homephone", TF_PERSON_PHONE},
    {"mobilephone", TF_PERSON_PHONE},
    {"landline", TF_PERSON_PHONE},
    {"email", TF_PERSON_EMAIL},
    {"emailaddress", TF_PERSON_EMAIL},
    {"mail", TF_PERSON_EMAIL},
    {"emailaddr", TF_PERSON_EMAIL},
    {"sex", TF_PERSON_SEX},
    {"gender", TF_PERSON_SEX},
    {"gendercode", TF_PERSON_SEX},
    {"sexcode", TF_PERSON_SEX},
    {"address", TF_PERSON_ADDRESS},
    {"address1", TF_PERSON_ADDRESS},
    {"addressline1", TF_PERSON_ADDRESS},
    {"fulladdress", TF_PERSON_ADDRESS},
    {"homeaddress", TF_PERSON_ADDRESS},
    {"streetaddress", TF_PERSON_ADDRESS},
    {"street", TF_PERSON_ADDRESS},
    {"addr", TF_PERSON_ADDRESS},
    {"addr1", TF_PERSON_ADDRESS},
    {"addresslineone", TF_PERSON_ADDRESS},
    {"city", TF_PERSON_CITY},
    {"town", TF_PERSON_CITY},
    {"posttown", TF_PERSON_CITY},
    {"suburb", TF_PERSON_CITY},
    {"towncity", TF_PERSON_CITY},
    {"locality", TF_PERSON_CITY},
    {"birthplace", TF_PERSON_CITY},
    {"placeofbirth", TF_PERSON_CITY},
    {"nhsnumber", TF_PERSON_NHS_NUMBER},
    {"nhsno", TF_PERSON_NHS_NUMBER},
    {"nhs", TF_PERSON_NHS_NUMBER},
    {"pnc", TF_PERSON_PNC_ID},
    {"pncid", TF_PERSON_PNC_ID},
    {"pncnumber", TF_PERSON_PNC_ID},
    {"pncno", TF_PERSON_PNC_ID},
    {"nino", TF_PERSON_PERSON_ID},
    {"ninumber", TF_PERSON_PERSON_ID},
    {"nationalinsurancenumber", TF_PERSON_PERSON_ID},
    {"ssn", TF_PERSON_PERSON_ID},
    {"socsecid", TF_PERSON_PERSON_ID},
    {"prisonnumber", TF_PERSON_PERSON_ID},
    {"nomsnumber", TF_PERSON_PERSON_ID},
    {"nomsid", TF_PERSON_PERSON_ID},
    {"cro", TF_PERSON_PERSON_ID},
    {"cronumber", TF_PERSON_PERSON_ID},
    {"crn", TF_PERSON_PERSON_ID},
    {"passportnumber", TF_PERSON_PERSON_ID},
    {"personid", TF_PERSON_PERSON_ID},
    {"id", TF_PERSON_RECORD_ID},
    {"uniqueid", TF_PERSON_RECORD_ID},
    {"recid", TF_PERSON_RECORD_ID},
    {"recordid", TF_PERSON_RECORD_ID},
    {"rowid", TF_PERSON_RECORD_ID},
    {"recordnumber", TF_PERSON_RECORD_ID},
    {"recno", TF_PERSON_RECORD_ID},
    {"uid", TF_PERSON_RECORD_ID},
    {"source", TF_PERSON_SOURCE},
    {"sourcedataset", TF_PERSON_SOURCE},
    {"dataset", TF_PERSON_SOURCE},
    {"system", TF_PERSON_SOURCE},
    {"sourcesystem", TF_PERSON_SOURCE},
    {"agency", TF_PERSON_SOURCE},
    {"cluster", TF_PERSON_LABEL},
    {"clusterid", TF_PERSON_LABEL},
    {"truth", TF_PERSON_LABEL},
    {"label", TF_PERSON_LABEL},
    {"truecluster", TF_PERSON_LABEL},
    {"trueid", TF_PERSON_LABEL},
    {"trueperson", TF_PERSON_LABEL},
    {"entityid", TF_PERSON_LABEL},
    {"notes", TF_PERSON_FREE_TEXT},
    {"note", TF_PERSON_FREE_TEXT},
    {"comments", TF_PERSON_FREE_TEXT},
    {"comment", TF_PERSON_FREE_TEXT},
    {"description", TF_PERSON_FREE_TEXT},
    {"narrative", TF_PERSON_FREE_TEXT},
};

/* What a reader is told that a field is. */
static const char *const titles[TF_PERSON_COUNT] = {
    [TF_PERSON_TEXT] = "words of no kind that is known",
    [TF_PERSON_GIVEN_NAME] = "given name",
    [TF_PERSON_FAMILY_NAME] = "family name",
    [TF_PERSON_FULL_NAME] = "full name",
    [TF_PERSON_DATE_OF_BIRTH] = "date of birth",
    [TF_PERSON_POSTCODE] = "UK postcode",
    [TF_PERSON_PHONE] = "telephone number",
    [TF_PERSON_EMAIL] = "e-mail address",
    [TF_PERSON_SEX] = "sex",
    [TF_PERSON_ADDRESS] = "address",
    [TF_PERSON_CITY] = "town",
    [TF_PERSON_NHS_NUMBER] = "NHS number",
    [TF_PERSON_PNC_ID] = "PNC identifier",
    [TF_PERSON_PERSON_ID] = "identifier of a person",
    [TF_PERSON_RECORD_ID] = "identifier of the record",
    [TF_PERSON_SOURCE] = "source of the record",
    [TF_PERSON_LABEL] = "label of who it truly is, not compared",
    [TF_PERSON_FREE_TEXT] = "free text",
};

/* What was seen in the rows looked at. */
typedef struct sight {
    size_t rows;
    size_t filled;
    size_t different;
    size_t words;
    size_t shaped[TF_PERSON_COUNT];
} sight;

tf_status tf_recognise_name(tf_text name, tf_person_field *field_out, tf_error *error) {
    tf_buffer folded;
    tf_buffer_init(&folded);
    *field_out = TF_PERSON_COUNT;
    tf_status status = tf_standardise_text(name, TF_FOLD_PLAIN, &folded, error);
    size_t length = 0;
    for (size_t i = 0; i < folded.length && !status; i++) {
        if (folded.data[i] != ' ') {
            folded.data[length++] = folded.data[i];
        }
    }
    tf_text plain = {folded.data, length};
    for (size_t i = 0; !status && i < sizeof column_names / sizeof column_names[0]; i++) {
        if (tf_text_equal(plain, tf_text_of(column_names[i].name))) {
            *field_out = column_names[i].field;
            break;
        }
    }
    tf_buffer_deinit(&folded);
    return status;
}

static size_t count_words(tf_text text) {
    size_t words = text.length > 0;
    for (size_t i = 0; i < text.length; i++) {
        words += text.data[i] == ' ';
    }
    return words;
}

static bool has_digit(tf_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (tf_is_digit(text.data[i])) {
            return true;
        }
    }
    return false;
}

/* Which fields a value can be of.  Those with a strict shape are asked by standardising it; names
 * and towns are words without digits. */
static tf_status look_at(tf_text value, tf_text words, tf_buffer *scratch, sight *seen,
                         tf_error *error) {
    static const tf_person_field strict[] = {
        TF_PERSON_DATE_OF_BIRTH, TF_PERSON_POSTCODE,   TF_PERSON_PHONE, TF_PERSON_EMAIL,
        TF_PERSON_SEX,           TF_PERSON_NHS_NUMBER, TF_PERSON_PNC_ID};
    static const tf_standardiser plain = {0};
    size_t word_count = count_words(words);
    bool is_name = !has_digit(words);
    seen->words += word_count;
    seen->shaped[TF_PERSON_GIVEN_NAME] += is_name && word_count <= 4;
    seen->shaped[TF_PERSON_FAMILY_NAME] += is_name && word_count <= 4;
    seen->shaped[TF_PERSON_CITY] += is_name && word_count <= 6;
    seen->shaped[TF_PERSON_FULL_NAME] += is_name && word_count >= 2 && word_count <= 8;
    seen->shaped[TF_PERSON_ADDRESS] += word_count >= 2 && word_count <= 20;
    seen->shaped[TF_PERSON_FREE_TEXT] += word_count >= 8;
    for (size_t i = 0; i < sizeof strict / sizeof strict[0]; i++) {
        tf_standard outcome = TF_STANDARD_MISSING;
        tf_status status =
            tf_standardise_value(&plain, strict[i], value, scratch, &outcome, NULL, error);
        if (status) {
            return status;
        }
        seen->shaped[strict[i]] += outcome == TF_STANDARD_VALUE;
    }
    return TF_OK;
}

static int compare_texts(const void *a, const void *b) {
    return tf_text_compare(*(const tf_text *)a, *(const tf_text *)b);
}

/* The text of a row, whatever the column's type: numbers are written out into `digits`. */
static tf_text text_of(const tf_column *column, int64_t row, char digits[32]) {
    if (tf_column_is_null(column, row)) {
        return (tf_text){NULL, 0};
    }
    switch (column->type) {
    case TF_TYPE_TEXT:
    case TF_TYPE_DICTIONARY:
        return tf_column_text(column, row);
    case TF_TYPE_INT32:
        snprintf(digits, 32, "%ld", (long)((const int32_t *)column->values)[row]);
        return tf_text_of(digits);
    case TF_TYPE_INT64:
        snprintf(digits, 32, "%lld", (long long)((const int64_t *)column->values)[row]);
        return tf_text_of(digits);
    case TF_TYPE_DATE: {
        int year, month, day;
        tf_days_split(((const int32_t *)column->values)[row], &year, &month, &day);
        snprintf(digits, 32, "%04d-%02d-%02d", year, month, day);
        return tf_text_of(digits);
    }
    default:
        return (tf_text){NULL, 0};
    }
}

static void count_different(tf_text *values, sight *seen) {
    qsort(values, seen->filled, sizeof *values, compare_texts);
    for (size_t i = 0; i < seen->filled; i++) {
        seen->different += i == 0 || !tf_text_equal(values[i - 1], values[i]);
    }
}

static tf_status look_through(const tf_column *column, const tf_missing *missing, tf_arena *arena,
                              sight *seen, tf_error *error) {
    tf_buffer words;
    tf_buffer scratch;
    char digits[32];
    tf_status status = TF_OK;
    *seen = (sight){.rows = column->length < MOST_ROWS ? (size_t)column->length : MOST_ROWS};
    tf_text *values = tf_arena_alloc(arena, seen->rows + 1, sizeof *values);
    if (!values) {
        return tf_fail_no_memory(error);
    }
    tf_buffer_init(&words);
    tf_buffer_init(&scratch);
    for (size_t i = 0; i < seen->rows && !status; i++) {
        /* Rows 0, step, 2 step, ... of the whole column, without overflow. */
        int64_t row = (int64_t)((double)i * (double)column->length / (double)seen->rows);
        tf_text value = text_of(column, row, digits);
        status = tf_standardise_text(value, TF_FOLD_PLAIN, &words, error);
        tf_text folded = {words.data, words.length};
        if (!status && folded.length > 0 && !tf_missing_has(missing, TF_PERSON_TEXT, folded)) {
            char *copy = tf_arena_copy_text(arena, folded.data, folded.length);
            values[seen->filled++] = (tf_text){copy, folded.length};
            status =
                copy ? look_at(value, folded, &scratch, seen, error) : tf_fail_no_memory(error);
        }
    }
    if (!status) {
        count_different(values, seen);
    }
    tf_buffer_deinit(&words);
    tf_buffer_deinit(&scratch);
    return status;
}

static double share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : 0;
}

/* Whether values of the field have a shape that tells right from wrong. */
static bool has_shape(tf_person_field field) {
    return (field >= TF_PERSON_GIVEN_NAME && field <= TF_PERSON_PNC_ID) &&
           field != TF_PERSON_ADDRESS;
}

/* The field that the values alone speak for, and how much; TF_PERSON_TEXT if none. */
static tf_person_field field_by_values(const sight *seen, double *score_out) {
    /* From the one hardest to meet by chance to the easiest. */
    static const struct {
        tf_person_field field;
        double least;
    } order[] = {{TF_PERSON_EMAIL, 0.8},         {TF_PERSON_PNC_ID, 0.8},
                 {TF_PERSON_NHS_NUMBER, 0.8},    {TF_PERSON_POSTCODE, 0.8},
                 {TF_PERSON_DATE_OF_BIRTH, 0.8}, {TF_PERSON_PHONE, 0.9},
                 {TF_PERSON_FREE_TEXT, 0.5}};
    for (size_t i = 0; seen->filled > 0 && i < sizeof order / sizeof order[0]; i++) {
        double shaped = share(seen->shaped[order[i].field], seen->filled);
        if (shaped >= order[i].least) {
            *score_out = 0.6 * shaped;
            return order[i].field;
        }
    }
    /* Letters of a sex say so only where there are a few of them and they are all there is. */
    if (seen->filled >= 4 && seen->different >= 2 && seen->different <= 4 &&
        seen->shaped[TF_PERSON_SEX] == seen->filled) {
        *score_out = 0.5;
        return TF_PERSON_SEX;
    }
    *score_out = 0;
    return TF_PERSON_TEXT;
}

/* What the name and the values say together. */
static void decide(tf_person_field named, const sight *seen, tf_recognised *found) {
    found->filled = share(seen->filled, seen->rows);
    found->different = share(seen->different, seen->filled);
    if (named == TF_PERSON_COUNT) {
        found->field = field_by_values(seen, &found->score);
        found->shaped = share(seen->shaped[found->field], seen->filled);
        return;
    }
    found->is_named = true;
    found->field = named;
    found->shaped = has_shape(named) ? share(seen->shaped[named], seen->filled) : 1;
    if (named == TF_PERSON_FULL_NAME && found->shaped < 0.5 && seen->filled > 0) {
        /* "Name" beside a forename is a family name as often as a full one. */
        found->field = TF_PERSON_FAMILY_NAME;
        found->shaped = share(seen->shaped[TF_PERSON_FAMILY_NAME], seen->filled);
    }
    if (seen->filled > 0 && found->shaped < 0.3) {
        found->field = TF_PERSON_TEXT;
        found->score = 0;
        return;
    }
    found->score = 0.5 + 0.5 * found->shaped;
    if (found->field == TF_PERSON_RECORD_ID && found->different < 1) {
        found->field = found->different > 0.2 ? TF_PERSON_PERSON_ID : TF_PERSON_TEXT;
        found->score = 0.5 * found->different;
    }
}

static const char *title_of(tf_person_field field) {
    return (size_t)field < TF_PERSON_COUNT ? titles[field] : titles[TF_PERSON_TEXT];
}

/* The first bytes of a column's name, cut where a character ends. */
static int name_length(const char *name) {
    enum { LONGEST_NAME = 60 };
    size_t length = strlen(name);
    if (length > LONGEST_NAME) {
        length = LONGEST_NAME;
        while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    return (int)length;
}

static void explain(const tf_column *column, tf_person_field named, tf_recognised *found) {
    char values[96];
    int shown = name_length(column->name);
    const char *title = title_of(found->field);
    snprintf(values, sizeof values, "%.0f%% of rows have a value, %.0f%% of these differ",
             100 * found->filled, 100 * found->different);
    if (found->is_named && found->field == named) {
        snprintf(found->sentence, sizeof found->sentence,
                 "%.*s: %s, by its name, and %.0f%% of its values can be one; %s", shown,
                 column->name, title, 100 * found->shaped, values);
    } else if (found->is_named) {
        snprintf(found->sentence, sizeof found->sentence,
                 "%.*s: %s, though its name says %s, which its values are not; %s", shown,
                 column->name, title, title_of(named), values);
    } else if (found->score > 0) {
        snprintf(found->sentence, sizeof found->sentence,
                 "%.*s: %s, as %.0f%% of its values have that shape; %s", shown, column->name,
                 title, 100 * found->shaped, values);
    } else {
        snprintf(found->sentence, sizeof found->sentence, "%.*s: %s; %s", shown, column->name,
                 title, values);
    }
}

/* One column is the identifier of the record: the first that is named so and differs in every
 * row.  Another of that name is one of the person. */
static void settle_record_id(const tf_table *table, tf_recognised *found) {
    bool has_one = false;
    for (size_t i = 0; i < table->column_count; i++) {
        if (found[i].field == TF_PERSON_RECORD_ID && has_one) {
            found[i].field = TF_PERSON_PERSON_ID;
            explain(&table->columns[i], TF_PERSON_RECORD_ID, &found[i]);
        }
        has_one = has_one || found[i].field == TF_PERSON_RECORD_ID;
    }
}

tf_status tf_recognise_columns(const tf_table *table, const tf_missing *missing,
                               tf_recognised *recognised_out, tf_error *error) {
    tf_arena *arena = tf_arena_new();
    tf_status status = arena ? TF_OK : tf_fail_no_memory(error);
    for (size_t i = 0; i < table->column_count && !status; i++) {
        const tf_column *column = &table->columns[i];
        sight seen = {.rows = 0};
        tf_person_field named = TF_PERSON_COUNT;
        recognised_out[i] = (tf_recognised){.field = TF_PERSON_TEXT};
        tf_arena_reset(arena);
        status = tf_recognise_name(tf_text_of(column->name), &named, error);
        if (!status) {
            status = look_through(column, missing, arena, &seen, error);
        }
        if (!status) {
            decide(named, &seen, &recognised_out[i]);
            explain(column, named, &recognised_out[i]);
        }
    }
    if (!status) {
        settle_record_id(table, recognised_out);
    }
    tf_arena_free(arena);
    return status;
}
