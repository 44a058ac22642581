#include "csv_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void tf_csv_scan_deinit(csv_scan *scan) {
    tf_free(scan->separators);
    tf_free(scan->malformed);
    *scan = (csv_scan){0};
}

/* A quote opens a field only where a field starts. */
static bool is_field_start(const char *data, size_t start, size_t at) {
    return at == start || data[at - 1] == ',' || data[at - 1] == '\n';
}

typedef enum closing { CLOSED, MALFORMED, UNDECIDED } closing;

/* Follow the quoted field that opens at `open`.  CLOSED: *after_out is the offset behind its
 * closing quote.  MALFORMED: it is not closed within the longest record, or goes on after its
 * closing quote; *after_out is the start of the next line.  UNDECIDED: more bytes are needed. */
static closing follow_quotes(const char *data, size_t length, size_t open, bool at_end,
                             size_t *after_out) {
    size_t limit = length - open > CSV_RECORD_LIMIT ? open + CSV_RECORD_LIMIT : length;
    size_t at = open + 1;
    closing result = limit < length || at_end ? MALFORMED : UNDECIDED;
    while (at < limit) {
        const char *quote = memchr(data + at, '"', limit - at);
        if (!quote) {
            break;
        }
        at = (size_t)(quote - data) + 1;
        if (at == length) {
            result = at_end ? CLOSED : UNDECIDED;
            break;
        }
        if (data[at] == '"') {
            at++;
            continue;
        }
        bool ends_line =
            data[at] == '\n' || (data[at] == '\r' && (at + 1 == length || data[at + 1] == '\n'));
        result = data[at] == ',' || ends_line ? CLOSED : MALFORMED;
        break;
    }
    if (result == MALFORMED) {
        const char *line_feed = memchr(data + open, '\n', length - open);
        *after_out = line_feed ? (size_t)(line_feed - data) + 1 : length;
    } else {
        *after_out = at;
    }
    return result;
}

static size_t after_last_line_feed(const char *data, size_t start, size_t end, size_t otherwise) {
    const char *line_feed = end > start ? memrchr(data + start, '\n', end - start) : NULL;
    return line_feed ? (size_t)(line_feed - data) + 1 : otherwise;
}

size_t tf_csv_whole_records(const char *data, size_t length, bool at_end) {
    if (at_end) {
        return length;
    }
    size_t whole = 0;
    size_t at = 0;
    for (;;) {
        const char *quote = at < length ? memchr(data + at, '"', length - at) : NULL;
        size_t open = quote ? (size_t)(quote - data) : length;
        whole = after_last_line_feed(data, at, open, whole);
        if (!quote) {
            return whole;
        }
        if (!is_field_start(data, 0, open)) {
            at = open + 1;
            continue;
        }
        switch (follow_quotes(data, length, open, false, &at)) {
        case UNDECIDED:
            return whole;
        case MALFORMED:
            whole = at <= length && data[at - 1] == '\n' ? at : whole;
            break;
        case CLOSED:
            break;
        }
    }
}

/* Room for every byte of a run to be a separator, and for the blind stores of emit(). */
static tf_status reserve_separators(csv_scan *scan, size_t run_length, tf_error *error) {
    return tf_reserve(&scan->separators, &scan->capacity, run_length + CSV_PADDING,
                      sizeof *scan->separators, error);
}

/* Append the offsets of the bits of `mask`.  The first four are stored without asking, because
 * most words have about that many. */
static inline uint32_t *emit(uint32_t *out, uint64_t mask, size_t offset) {
    int count = __builtin_popcountll(mask);
    uint32_t *end = out + count;
    for (int i = 0; i < 4; i++) {
        out[i] = (uint32_t)offset + (uint32_t)__builtin_ctzll(mask | (1ULL << 63));
        mask &= mask - 1;
    }
    out += 4;
    while (__builtin_expect(out < end, 0)) {
        *out++ = (uint32_t)offset + (uint32_t)__builtin_ctzll(mask);
        mask &= mask - 1;
    }
    return end;
}

/* Bits below `count` of a word. */
static inline uint64_t low_bits(size_t count) {
    return count >= 64 ? ~0ULL : (1ULL << count) - 1;
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,popcnt"))) static bool
scan_plain_avx2(csv_scan *scan, const char *block, size_t start, size_t end) {
    const __m256i comma = _mm256_set1_epi8(',');
    const __m256i line_feed = _mm256_set1_epi8('\n');
    const __m256i quote = _mm256_set1_epi8('"');
    uint32_t *out = scan->separators;
    __m256i least = _mm256_set1_epi8(1); /* of signed bytes: those beyond ASCII are negative */
    uint64_t quotes = 0;
    for (size_t at = start; at < end; at += 64) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(block + at));
        __m256i b = _mm256_loadu_si256((const __m256i *)(block + at + 32));
        least = _mm256_min_epi8(least, _mm256_min_epi8(a, b));
        __m256i quote_a = _mm256_cmpeq_epi8(a, quote);
        __m256i quote_b = _mm256_cmpeq_epi8(b, quote);
        quotes |= (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(quote_a, quote_b));
        __m256i separator_a =
            _mm256_or_si256(_mm256_cmpeq_epi8(a, comma), _mm256_cmpeq_epi8(a, line_feed));
        __m256i separator_b =
            _mm256_or_si256(_mm256_cmpeq_epi8(b, comma), _mm256_cmpeq_epi8(b, line_feed));
        uint64_t mask = (uint32_t)_mm256_movemask_epi8(separator_a) |
                        (uint64_t)(uint32_t)_mm256_movemask_epi8(separator_b) << 32;
        out = emit(out, mask & low_bits(end - at), at);
    }
    scan->count = (size_t)(out - scan->separators);
    __m256i is_odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(1), least);
    scan->has_odd_bytes = _mm256_movemask_epi8(is_odd) != 0;
    return quotes == 0;
}
#endif

#if defined(__x86_64__)
/* Where the processor can gather the numbers of a mask's bits by itself (Ice Lake and later). */
__attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,popcnt"))) static bool
scan_plain_avx512(csv_scan *scan, const char *block, size_t start, size_t end) {
    const __m512i comma = _mm512_set1_epi8(',');
    const __m512i line_feed = _mm512_set1_epi8('\n');
    const __m512i quote = _mm512_set1_epi8('"');
    uint8_t numbers[64];
    for (size_t i = 0; i < sizeof numbers; i++) {
        numbers[i] = (uint8_t)i;
    }
    const __m512i number = _mm512_loadu_si512(numbers);
    uint32_t *out = scan->separators;
    uint64_t odd = 0;
    uint64_t quotes = 0;
    for (size_t at = start; at < end; at += 64) {
        __m512i bytes = _mm512_loadu_si512(block + at);
        odd |= _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(1));
        quotes |= _mm512_cmpeq_epi8_mask(bytes, quote);
        uint64_t mask =
            _mm512_cmpeq_epi8_mask(bytes, comma) | _mm512_cmpeq_epi8_mask(bytes, line_feed);
        mask &= low_bits(end - at);
        int count = __builtin_popcountll(mask);
        if (__builtin_expect(count > 16, 0)) {
            out = emit(out, mask, at);
            continue;
        }
        __m128i few = _mm512_castsi512_si128(_mm512_maskz_compress_epi8(mask, number));
        __m512i offsets = _mm512_add_epi32(_mm512_cvtepu8_epi32(few), _mm512_set1_epi32((int)at));
        _mm512_storeu_si512(out, offsets);
        out += count;
    }
    scan->count = (size_t)(out - scan->separators);
    scan->has_odd_bytes = odd != 0;
    return quotes == 0;
}
#endif

/* The top bit of every byte of `word` that equals `byte` (exact, unlike the well-known form that
 * may also mark the byte above a match). */
static inline uint64_t matches(uint64_t word, char byte) {
    uint64_t x = word ^ (0x0101010101010101ULL * (unsigned char)byte);
    uint64_t low = (x & 0x7F7F7F7F7F7F7F7FULL) + 0x7F7F7F7F7F7F7F7FULL;
    return ~(low | x) & 0x8080808080808080ULL;
}

/* The same eight bytes at a time, for processors without AVX2. */
static bool scan_plain_words(csv_scan *scan, const char *block, size_t start, size_t end) {
    uint32_t *out = scan->separators;
    uint64_t odd = 0;
    uint64_t quotes = 0;
    for (size_t at = start; at < end; at += 8) {
        uint64_t word;
        memcpy(&word, block + at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        uint64_t inside = end - at >= 8 ? ~0ULL : (1ULL << ((end - at) * 8)) - 1;
        odd |= (word | matches(word, '\0')) & inside;
        quotes |= matches(word, '"') & inside;
        uint64_t mask = (matches(word, ',') | matches(word, '\n')) & inside;
        for (; mask; mask &= mask - 1) {
            *out++ = (uint32_t)(at + (size_t)__builtin_ctzll(mask) / 8);
        }
    }
    scan->count = (size_t)(out - scan->separators);
    scan->has_odd_bytes = (odd & 0x8080808080808080ULL) != 0;
    return quotes == 0;
}

/* Separators of a run without a quote; false if there is one. */
static bool scan_plain(csv_scan *scan, const char *block, size_t start, size_t end) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw")) {
        return scan_plain_avx512(scan, block, start, end);
    }
    if (__builtin_cpu_supports("avx2")) {
        return scan_plain_avx2(scan, block, start, end);
    }
#endif
    return scan_plain_words(scan, block, start, end);
}

static tf_status note_malformed(csv_scan *scan, size_t offset, tf_error *error) {
    tf_status status = tf_reserve(&scan->malformed, &scan->malformed_capacity,
                                  scan->malformed_count + 1, sizeof *scan->malformed, error);
    if (!status) {
        scan->malformed[scan->malformed_count++] = (uint32_t)offset;
    }
    return status;
}

static tf_status scan_quoted(csv_scan *scan, const char *block, size_t start, size_t end,
                             size_t block_length, tf_error *error) {
    uint32_t *out = scan->separators;
    size_t at = start;
    size_t literal_until = start; /* quotes before this offset are ordinary characters */
    while (at < end) {
        char c = block[at];
        if (c == ',' || c == '\n') {
            *out++ = (uint32_t)at;
        } else if (c == '"' && at >= literal_until && is_field_start(block, start, at)) {
            size_t after;
            if (follow_quotes(block, block_length, at, true, &after) == CLOSED) {
                at = after;
                continue;
            }
            tf_status status = note_malformed(scan, at, error);
            if (status) {
                return status;
            }
            literal_until = after;
        }
        at++;
    }
    scan->count = (size_t)(out - scan->separators);
    return TF_OK;
}

tf_status tf_csv_scan(csv_scan *scan, const char *block, size_t start, size_t end,
                      size_t block_length, tf_error *error) {
    tf_status status = reserve_separators(scan, end - start, error);
    if (status) {
        return status;
    }
    scan->malformed_count = 0;
    scan->has_quotes = !scan_plain(scan, block, start, end);
    return scan->has_quotes ? scan_quoted(scan, block, start, end, block_length, error) : TF_OK;
}
