#include "linkage/screen_internal.h"
#include "linkage/similarity_internal.h"
#include "linkage/standardise_internal.h"

#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- signatures ---- */

static void sign(const tf_similarity_text *text, link_signature *signature) {
    for (uint32_t i = 0; i < text->length; i++) {
        uint32_t code = similarity_code_at(text, i);
        signature->counts[code & 15]++;
        signature->prefix |= i < LINK_PREFIX ? (code & 0xFF) << 8 * i : 0;
    }
}

static void sign_nicknames(const tf_nicknames *nicknames, tf_text name, link_signature *signature) {
    enum { MOST = sizeof signature->groups / sizeof *signature->groups };
    uint32_t groups[MOST];
    size_t count = tf_nicknames_groups(nicknames, name, groups, MOST);
    bool is_full = count > MOST;
    count = is_full ? MOST : count;
    for (size_t i = 0; i < count; i++) {
        is_full = is_full || groups[i] > UINT16_MAX;
        signature->groups[i] = (uint16_t)groups[i];
    }
    signature->group_count = (uint8_t)count;
    signature->flags |= count ? LINK_FLAG_NICKNAME : 0;
    signature->flags |= is_full ? LINK_FLAG_FULL : 0;
}

void link_signature_make(tf_text text, const tf_similarity_text *codes,
                         const tf_nicknames *nicknames, link_signature *signature_out) {
    *signature_out = (link_signature){0};
    if (codes->length <= LINK_SCREEN_LONGEST) {
        sign(codes, signature_out);
        signature_out->flags = (uint8_t)codes->length;
    }
    if (nicknames) {
        sign_nicknames(nicknames, text, signature_out);
    }
}

tf_status link_derived_read_signatures(link_derived *derived, const tf_nicknames *nicknames,
                                       tf_error *error) {
    if (derived->signatures) {
        return TF_OK;
    }
    size_t count = (size_t)derived->values->count + 1;
    link_signature *signatures = derived->signatures = tf_alloc_zeroed(count, sizeof *signatures);
    if (!signatures) {
        return tf_fail_no_memory(error);
    }
    for (uint32_t code = 1; code < count; code++) {
        tf_similarity_text text = link_derived_similarity(derived, code);
        link_signature_make(link_dictionary_text(derived->values, code), &text, nicknames,
                            &signatures[code]);
        signatures[code].start = derived->values->starts[code];
    }
    return TF_OK;
}

/* ---- limits ---- */

/* Jaro-Winkler of texts of which `common` codes and the first `prefix` ones agree. */
static double most_alike(uint32_t a, uint32_t b, double common, uint32_t prefix) {
    double jaro = common <= 0 ? 0 : (common / a + common / b + 1) / 3;
    return jaro + prefix * 0.1 * (1 - jaro);
}

/* The largest difference at which one test may hold. */
static int limit_of(const link_test *test, uint32_t a, uint32_t b, uint32_t prefix) {
    uint32_t apart = a > b ? a - b : b - a;
    if (test->op == TF_LINK_DAY_MONTH_SWAPPED) {
        return apart == 0 ? 0 : -1; /* the same digits in another order */
    }
    if (test->op == TF_LINK_LEVENSHTEIN || test->op == TF_LINK_OSA || test->op == TF_LINK_DAMERAU) {
        return test->threshold >= apart ? (int)fmin(2 * floor(test->threshold), 126) : -1;
    }
    for (int difference = (int)(a + b); difference >= 0; difference--) {
        double common = ((double)a + b - difference) / 2;
        double likeness = most_alike(a, b, common, test->op == TF_LINK_JARO_WINKLER ? prefix : 0);
        if (likeness + 1e-9 >= test->threshold) {
            return difference;
        }
    }
    return -1;
}

static bool is_screened(tf_link_op op) {
    return op == TF_LINK_LEVENSHTEIN || op == TF_LINK_OSA || op == TF_LINK_DAMERAU ||
           op == TF_LINK_JARO || op == TF_LINK_JARO_WINKLER || op == TF_LINK_DAY_MONTH_SWAPPED;
}

static void set_limits(const link_factor *factor, uint32_t prefix, link_screen *screen) {
    for (uint32_t a = 0; a <= LINK_SCREEN_LONGEST; a++) {
        for (uint32_t b = 0; b <= LINK_SCREEN_LONGEST; b++) {
            int most = a == 0 || b == 0 ? 127 : -1;
            for (int i = 0; i < factor->test_count && a && b; i++) {
                if (is_screened(factor->tests[i].op)) {
                    int limit = limit_of(&factor->tests[i], a, b, prefix);
                    most = limit > most ? limit : most;
                }
            }
            screen->limits[prefix][a][b] = (int8_t)most;
        }
    }
}

tf_status link_screen_new(const link_factor *factor, link_screen **screen_out, tf_error *error) {
    *screen_out = NULL;
    bool has_measure = false;
    for (int i = 0; i < factor->test_count; i++) {
        tf_link_op op = factor->tests[i].op;
        bool is_other = op == TF_LINK_MISSING || op == TF_LINK_EXACT || op == TF_LINK_NICKNAME;
        has_measure = has_measure || is_screened(op);
        if (!is_screened(op) && !is_other) {
            return TF_OK;
        }
    }
    if (!has_measure) {
        return TF_OK;
    }
    tf_status status = link_derived_read_signatures(factor->derived, factor->nicknames, error);
    if (status) {
        return status;
    }
    link_screen *screen = tf_alloc(1, sizeof *screen);
    if (!screen) {
        return tf_fail_no_memory(error);
    }
    screen->signatures = factor->derived->signatures;
    for (uint32_t prefix = 0; prefix <= LINK_PREFIX; prefix++) {
        set_limits(factor, prefix, screen);
    }
    *screen_out = screen;
    return TF_OK;
}

/* ---- looking ---- */

static inline int difference_of(const link_signature *a, const link_signature *b) {
#ifdef __SSE2__
    __m128i sums = _mm_sad_epu8(_mm_loadu_si128((const __m128i *)(const void *)a->counts),
                                _mm_loadu_si128((const __m128i *)(const void *)b->counts));
    return _mm_cvtsi128_si32(sums) + _mm_extract_epi16(sums, 4);
#else
    int sum = 0;
    for (int i = 0; i < 16; i++) {
        int apart = a->counts[i] - b->counts[i];
        sum += apart < 0 ? -apart : apart;
    }
    return sum;
#endif
}

static inline bool are_alike(const link_screen *screen, const link_signature *x,
                             const link_signature *y) {
    uint8_t a = x->flags;
    uint8_t b = y->flags;
    int difference = difference_of(x, y);
    uint32_t apart = x->prefix ^ y->prefix;
    int prefix = apart ? __builtin_ctz(apart) / 8 : LINK_PREFIX;
    return difference <= screen->limits[prefix][a & LINK_FLAG_LENGTH][b & LINK_FLAG_LENGTH] ||
           link_signatures_share(x, y) != LINK_NICKNAME_NO;
}

static inline bool passes(const link_screen *screen, uint32_t left, uint32_t right) {
    return are_alike(screen, &screen->signatures[left], &screen->signatures[right]);
}

bool link_screen_passes_new(const link_screen *screen, uint32_t left, const link_signature *right) {
    return are_alike(screen, &screen->signatures[left], right);
}

bool link_screen_passes(const link_screen *screen, uint32_t left, uint32_t right) {
    return left == right || passes(screen, left, right);
}

uint32_t link_screen_select(const link_screen *screen, uint32_t left, uint32_t first, uint32_t last,
                            uint32_t *codes_out) {
    uint32_t count = 0;
    for (uint32_t code = first; code < last; code++) {
        codes_out[count] = code;
        count += passes(screen, left, code) || code == left;
    }
    return count;
}
