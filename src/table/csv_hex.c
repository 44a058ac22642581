#include "csv_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

/* 32 digits at `text` to the 16-bit lanes' low bytes; *wrong collects what is no digit. */
__attribute__((target("avx2"))) static inline __m256i nibble_pairs(const char *text,
                                                                   __m256i *wrong) {
    __m256i digits = _mm256_loadu_si256((const __m256i *)text);
    __m256i number = _mm256_sub_epi8(digits, _mm256_set1_epi8('0'));
    __m256i letter =
        _mm256_sub_epi8(_mm256_or_si256(digits, _mm256_set1_epi8(0x20)), _mm256_set1_epi8('a'));
    __m256i is_number = _mm256_cmpeq_epi8(_mm256_min_epu8(number, _mm256_set1_epi8(9)), number);
    __m256i is_letter = _mm256_cmpeq_epi8(_mm256_min_epu8(letter, _mm256_set1_epi8(5)), letter);
    *wrong = _mm256_or_si256(
        *wrong, _mm256_andnot_si256(_mm256_or_si256(is_number, is_letter), _mm256_set1_epi8(-1)));
    __m256i value =
        _mm256_blendv_epi8(_mm256_add_epi8(letter, _mm256_set1_epi8(10)), number, is_number);
    /* The first digit of a pair counts 16 times, the second once. */
    return _mm256_maddubs_epi16(value, _mm256_set1_epi16(0x0110));
}

/* The 64 digits of a SHA-256, which is what the identifiers of open police data are. */
__attribute__((target("avx2"))) static bool decode_64_digits(const char *text, uint8_t *out) {
    __m256i wrong = _mm256_setzero_si256();
    __m256i first = nibble_pairs(text, &wrong);
    __m256i second = nibble_pairs(text + 32, &wrong);
    __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi16(first, second), 0xD8);
    _mm256_storeu_si256((__m256i *)out, packed);
    return _mm256_testz_si256(wrong, wrong);
}
#endif

static int digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool tf_csv_decode_hex(const char *text, size_t byte_count, uint8_t *out) {
#if defined(__x86_64__)
    if (byte_count == 32 && __builtin_cpu_supports("avx2")) {
        return decode_64_digits(text, out);
    }
#endif
    for (size_t i = 0; i < byte_count; i++) {
        int high = digit_value(text[2 * i]);
        int low = digit_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
