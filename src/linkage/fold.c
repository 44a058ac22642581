/* The adaptor of utf8proc.  Memory is the caller's. */
#include "standardise_internal.h"

#include <utf8proc.h>

enum { MOST_CODE_POINTS = 32 }; /* NFKD gives 18 at most (U+FDFA) */

/* Letters that Unicode does not take apart, after folding. */
static const struct {
    utf8proc_int32_t letter;
    const char *spelling;
} spelt_out[] = {
    {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"}, {0x00F8, "o"},  {0x00FE, "th"}, {0x0111, "d"},
    {0x0127, "h"},  {0x0131, "i"},  {0x0138, "k"}, {0x0142, "l"},  {0x014B, "ng"}, {0x0153, "oe"},
    {0x0167, "t"},  {0x0180, "b"},  {0x0192, "f"}, {0x0195, "hv"}, {0x019A, "l"},  {0x01B6, "z"},
    {0x01E5, "g"},  {0x0237, "j"},  {0x023C, "c"}, {0x0247, "e"},  {0x0249, "j"},  {0x024D, "r"},
    {0x024F, "y"},  {0x0253, "b"},  {0x0256, "d"}, {0x0257, "d"},  {0x0259, "e"},  {0x025B, "e"},
    {0x0260, "g"},  {0x0268, "i"},  {0x0289, "u"}, {0x0199, "k"},  {0x01B4, "y"},
};

static const char *find_spelling(utf8proc_int32_t letter) {
    for (size_t i = 0; i < sizeof spelt_out / sizeof spelt_out[0]; i++) {
        if (spelt_out[i].letter == letter) {
            return spelt_out[i].spelling;
        }
    }
    return NULL;
}

/* The characters that people and word processors write for an apostrophe and a hyphen; 0 for
 * others. */
static int find_join(utf8proc_int32_t c) {
    switch (c) {
    case '\'':
    case '`':
    case 0x00B4: /* acute accent */
    case 0x02B9: /* modifier letters: prime, turned comma, apostrophe, reversed comma */
    case 0x02BB:
    case 0x02BC:
    case 0x02BD:
    case 0x02BF:
    case 0x2018: /* quotation marks */
    case 0x2019:
    case 0x201B:
    case 0x2032:
    case 0xFF07:
        return TF_FOLDED_APOSTROPHE;
    case '-':
    case 0x2010: /* hyphens and dashes */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2212:
    case 0xFE63:
    case 0xFF0D:
        return TF_FOLDED_HYPHEN;
    default:
        return 0;
    }
}

/* Whether a decomposed character is part of a word.  Marks of class 10 and above are accents,
 * points and vowel marks that people leave out; those below are part of how a script spells. */
static bool is_kept(utf8proc_int32_t c, bool *is_space) {
    const utf8proc_property_t *property = utf8proc_get_property(c);
    *is_space = false;
    switch (property->category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return property->combining_class < 10;
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
        return false;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        *is_space = true;
        return false;
    }
}

/* Variation selectors and the like have class 0 and no look of their own. */
static bool is_ignorable(utf8proc_int32_t c) {
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) || c == 0x034F ||
           utf8proc_get_property(c)->ignorable;
}

int tf_fold_code_point(const char *bytes, size_t length, size_t *read_out,
                       char folded_out[TF_FOLDED_SIZE]) {
    utf8proc_int32_t c = 0;
    utf8proc_int32_t parts[MOST_CODE_POINTS];
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)bytes,
                                             (utf8proc_ssize_t)(length < 4 ? length : 4), &c);
    *read_out = size > 0 ? (size_t)size : 1;
    if (size <= 0) {
        return TF_FOLDED_SPACE;
    }
    int last_class = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        c, parts, MOST_CODE_POINTS,
        (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD), &last_class);
    int join = find_join(count == 1 ? parts[0] : c);
    if (join) {
        return join;
    }
    int written = 0;
    bool has_space = count <= 0 || count > MOST_CODE_POINTS;
    for (utf8proc_ssize_t i = 0; !has_space && i < count && written + 8 < TF_FOLDED_SIZE; i++) {
        const char *spelling = find_spelling(parts[i]);
        bool is_space = false;
        if (spelling) {
            size_t spelling_length = strlen(spelling);
            memcpy(folded_out + written, spelling, spelling_length);
            written += (int)spelling_length;
        } else if (find_join(parts[i])) {
            is_space = find_join(parts[i]) == TF_FOLDED_HYPHEN; /* U+0149 is an n with one */
        } else if (!is_ignorable(parts[i]) && is_kept(parts[i], &is_space)) {
            written +=
                (int)utf8proc_encode_char(parts[i], (utf8proc_uint8_t *)folded_out + written);
        }
        /* A symbol taken apart ("1/2", "(a)", a spacing accent) parts words as a whole. */
        has_space = is_space;
    }
    return has_space ? TF_FOLDED_SPACE : written;
}

/* ---- one spelling of a whole text ---- */

tf_status tf_normalise_text(tf_text value, tf_buffer *out, tf_error *error) {
    const utf8proc_option_t form =
        (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
    utf8proc_ssize_t length = 0;
    utf8proc_int32_t *letters = NULL;
    size_t room = 0;
    if (value.length) {
        const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)value.data;
        length = utf8proc_decompose(bytes, (utf8proc_ssize_t)value.length, NULL, 0, form);
        room = length < 0 ? 0 : (size_t)length + 1; /* utf8proc ends what it gives with a NUL */
        letters = room ? tf_alloc(room, sizeof *letters) : NULL;
        if (letters) {
            (void)utf8proc_decompose(bytes, (utf8proc_ssize_t)value.length, letters, length, form);
            length = utf8proc_reencode(letters, length, form);
        }
    }
    tf_status status = TF_OK;
    if (length < 0) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0, "the text has bytes that are no characters");
    } else if (length && !letters) {
        status = tf_fail_no_memory(error);
    } else if (length) {
        tf_buffer_append(out, letters, (size_t)length);
        status = tf_buffer_check(out, error);
    }
    if (letters) { /* it may be a secret */
        explicit_bzero(letters, room * sizeof *letters);
    }
    tf_free(letters);
    return status;
}
