#include "trefoil/linkage/review_sample.h"

#include "evaluate_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/table/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* The code must not be the number that decided the draw: among those drawn from a large stratum
 * that number is small, and would tell. */
enum { DRAW_STREAM = 1, CODE_STREAM = 2 };

typedef struct candidate {
    uint64_t number;
    uint32_t left;
    uint32_t right;
} candidate;

static uint64_t number_of(uint64_t seed, uint64_t stream, uint32_t left, uint32_t right) {
    return tf_evaluate_random_at(tf_evaluate_random_at(seed, stream), (uint64_t)left << 32 | right);
}

static size_t stratum_of(const tf_review_options *options, double weight) {
    size_t low = 0, high = options->bound_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (weight >= options->bounds[middle]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void tf_review_deinit(tf_review_sample *sample) {
    tf_free(sample->strata);
    tf_free(sample->rows);
    *sample = (tf_review_sample){0};
}

static tf_status check_bounds(const tf_review_options *options, size_t pair_count,
                              tf_error *error) {
    if (pair_count == 0 || options->bound_count == 0) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "there is no pair or no bound to draw a review sample by");
    }
    for (size_t i = 0; i < options->bound_count; i++) {
        if (isnan(options->bounds[i]) || (i > 0 && options->bounds[i] <= options->bounds[i - 1])) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "the bounds between strata must rise, but number %zu is %g", i + 1,
                           options->bounds[i]);
        }
    }
    if (options->sample_size <= options->bound_count) {
        return tf_fail(
            error, TF_BAD_INPUT, NULL, 0,
            "a sample of %u pairs is too small for %zu strata; take at least one of each",
            options->sample_size, options->bound_count + 1);
    }
    return TF_OK;
}

static tf_status count_strata(tf_review_sample *sample, const tf_evaluate_pair *pairs,
                              size_t pair_count, const tf_review_options *options,
                              tf_error *error) {
    for (size_t i = 0; i < sample->stratum_count; i++) {
        sample->strata[i].lower = i == 0 ? -INFINITY : options->bounds[i - 1];
        sample->strata[i].upper = i == options->bound_count ? INFINITY : options->bounds[i];
    }
    for (size_t i = 0; i < pair_count; i++) {
        if (isnan(pairs[i].weight)) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "pair %zu (records %u and %u) has a weight that is not a number", i,
                           pairs[i].left, pairs[i].right);
        }
        sample->strata[stratum_of(options, pairs[i].weight)].pairs++;
    }
    /* One to each in turn, as long as there are pairs and a stratum that has more. */
    uint32_t left = options->sample_size;
    for (uint32_t before = 0; left > 0 && left != before;) {
        before = left;
        for (size_t i = sample->stratum_count; i-- > 0 && left > 0;) {
            if (sample->strata[i].drawn < sample->strata[i].pairs) {
                sample->strata[i].drawn++;
                left--;
            }
        }
    }
    sample->row_count = options->sample_size - left;
    return TF_OK;
}

static bool comes_before(const candidate *a, const candidate *b) {
    if (a->number != b->number) {
        return a->number < b->number;
    }
    return a->left != b->left ? a->left < b->left : a->right < b->right;
}

/* Replace the greatest of a heap whose root is the greatest. */
static void replace_greatest(candidate *heap, size_t count, candidate item) {
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && comes_before(&heap[child], &heap[child + 1])) {
            child++;
        }
        if (!comes_before(&item, &heap[child])) {
            break;
        }
        heap[at] = heap[child];
    }
    heap[at] = item;
}

/* Of each stratum the pairs with the least random numbers. */
static void choose(const tf_review_sample *sample, const tf_evaluate_pair *pairs, size_t pair_count,
                   const tf_review_options *options, candidate *chosen, const size_t *starts) {
    for (size_t i = 0; i < sample->row_count; i++) {
        chosen[i] = (candidate){UINT64_MAX, UINT32_MAX, UINT32_MAX};
    }
    for (size_t i = 0; i < pair_count; i++) {
        uint32_t left = pairs[i].left, right = pairs[i].right;
        if (left > right) {
            left = pairs[i].right;
            right = pairs[i].left;
        }
        size_t stratum = stratum_of(options, pairs[i].weight);
        candidate item = {number_of(options->seed, DRAW_STREAM, left, right), left, right};
        candidate *heap = chosen + starts[stratum];
        if (comes_before(&item, heap)) {
            replace_greatest(heap, sample->strata[stratum].drawn, item);
        }
    }
}

static int compare_rows(const void *a, const void *b) {
    const tf_review_row *x = a, *y = b;
    return (x->code > y->code) - (x->code < y->code);
}

static tf_status draw_rows(tf_review_sample *sample, const tf_evaluate_pair *pairs,
                           size_t pair_count, const tf_review_options *options, tf_error *error) {
    candidate *chosen = tf_alloc(sample->row_count, sizeof *chosen);
    size_t *starts = tf_alloc_zeroed(sample->stratum_count + 1, sizeof *starts);
    sample->rows = tf_alloc(sample->row_count, sizeof *sample->rows);
    tf_status status = chosen && starts && sample->rows ? TF_OK : tf_fail_no_memory(error);
    if (status == TF_OK) {
        for (size_t i = 0; i < sample->stratum_count; i++) {
            starts[i + 1] = starts[i] + sample->strata[i].drawn;
        }
        choose(sample, pairs, pair_count, options, chosen, starts);
        for (size_t stratum = 0; stratum < sample->stratum_count; stratum++) {
            for (size_t i = starts[stratum]; i < starts[stratum + 1]; i++) {
                sample->rows[i] = (tf_review_row){
                    number_of(options->seed, CODE_STREAM, chosen[i].left, chosen[i].right),
                    chosen[i].left, chosen[i].right, (uint32_t)stratum};
            }
        }
        qsort(sample->rows, sample->row_count, sizeof *sample->rows, compare_rows);
    }
    tf_free(chosen);
    tf_free(starts);
    return status;
}

tf_status tf_review_draw(const tf_evaluate_pair *pairs, size_t pair_count,
                         const tf_review_options *options, tf_review_sample *sample_out,
                         tf_error *error) {
    *sample_out = (tf_review_sample){0};
    tf_status status = check_bounds(options, pair_count, error);
    if (status != TF_OK) {
        return status;
    }
    sample_out->stratum_count = options->bound_count + 1;
    sample_out->strata = tf_alloc_zeroed(sample_out->stratum_count, sizeof *sample_out->strata);
    status = sample_out->strata ? count_strata(sample_out, pairs, pair_count, options, error)
                                : tf_fail_no_memory(error);
    if (status == TF_OK) {
        status = draw_rows(sample_out, pairs, pair_count, options, error);
    }
    if (status != TF_OK) {
        tf_review_deinit(sample_out);
    }
    return status;
}

/* A letter in front, or a spreadsheet takes 12e4567890123456 for a number. */
static void append_code(tf_buffer *csv, uint64_t code) {
    tf_buffer_format(csv, "p%016" PRIx64, code);
}

tf_status tf_review_write(const tf_review_sample *sample, const tf_review_fields *fields,
                          tf_buffer *csv, tf_error *error) {
    tf_buffer name;
    tf_buffer_init(&name);
    tf_buffer_append_text(csv, "pair");
    for (size_t i = 0; i < 2 * fields->count; i++) {
        name.length = 0;
        tf_buffer_format(&name, "%s%s", fields->names[i / 2], i % 2 ? "_r" : "_l");
        tf_buffer_append_text(csv, ",");
        tf_csv_append_field(csv, (tf_text){name.data, name.length});
    }
    tf_buffer_append_text(csv, ",answer\n");
    for (size_t row = 0; row < sample->row_count; row++) {
        append_code(csv, sample->rows[row].code);
        for (size_t i = 0; i < 2 * fields->count; i++) {
            uint32_t record = i % 2 ? sample->rows[row].right : sample->rows[row].left;
            tf_buffer_append_text(csv, ",");
            tf_csv_append_field(csv, fields->value(fields->context, record, i / 2));
        }
        tf_buffer_append_text(csv, ",\n");
    }
    tf_status status = tf_buffer_check(&name, error);
    tf_buffer_deinit(&name);
    return status == TF_OK ? tf_buffer_check(csv, error) : status;
}

typedef struct sheet_reader {
    const tf_review_sample *sample;
    tf_review_answer *answers;
    bool *is_seen;
} sheet_reader;

static bool parse_answer(tf_text text, tf_review_answer *answer_out) {
    static const struct {
        const char *word;
        tf_review_answer answer;
    } words[] = {
        {"", TF_REVIEW_BLANK},
        {"match", TF_REVIEW_MATCH},
        {"yes", TF_REVIEW_MATCH},
        {"y", TF_REVIEW_MATCH},
        {"true", TF_REVIEW_MATCH},
        {"1", TF_REVIEW_MATCH},
        {"no match", TF_REVIEW_NO_MATCH},
        {"non-match", TF_REVIEW_NO_MATCH},
        {"no", TF_REVIEW_NO_MATCH},
        {"n", TF_REVIEW_NO_MATCH},
        {"false", TF_REVIEW_NO_MATCH},
        {"0", TF_REVIEW_NO_MATCH},
        {"unsure", TF_REVIEW_UNSURE},
        {"don't know", TF_REVIEW_UNSURE},
        {"?", TF_REVIEW_UNSURE},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (tf_text_equal_fold(tf_text_trim(text), tf_text_of(words[i].word))) {
            *answer_out = words[i].answer;
            return true;
        }
    }
    return false;
}

/* The row of that code, or row_count.  Text is the code exactly as it was written. */
static size_t find_row(const tf_review_sample *sample, tf_text text) {
    char digits[17] = {0}, *end = digits;
    if (text.length != sizeof digits || text.data[0] != 'p') {
        return sample->row_count;
    }
    memcpy(digits, text.data + 1, 16);
    if (strspn(digits, "0123456789abcdef") != 16) {
        return sample->row_count;
    }
    tf_review_row wanted = {.code = strtoull(digits, &end, 16)};
    const tf_review_row *row =
        bsearch(&wanted, sample->rows, sample->row_count, sizeof *row, compare_rows);
    return row ? (size_t)(row - sample->rows) : sample->row_count;
}

static tf_status take_answers(void *context, tf_csv_batch *batch, tf_error *error) {
    sheet_reader *reader = context;
    for (int64_t i = 0; i < batch->table->row_count; i++) {
        tf_text pair = tf_text_trim(tf_column_text(&batch->table->columns[0], i));
        tf_text answer = tf_column_text(&batch->table->columns[1], i);
        int64_t line = tf_csv_batch_line(batch, i);
        size_t row = find_row(reader->sample, pair);
        if (row == reader->sample->row_count) {
            return tf_fail(error, TF_BAD_INPUT, NULL, line,
                           "pair \"%.*s\" is not in this sample; read the sheet with the pairs, "
                           "bounds, size and seed it was drawn with",
                           TF_TEXT_ARG(pair));
        }
        if (reader->is_seen[row]) {
            return tf_fail(error, TF_BAD_INPUT, NULL, line,
                           "pair %.*s is there twice; keep one of the rows", TF_TEXT_ARG(pair));
        }
        reader->is_seen[row] = true;
        if (!parse_answer(answer, &reader->answers[row])) {
            return tf_fail(error, TF_BAD_INPUT, NULL, line,
                           "the answer \"%.*s\" is not known; write match, no match or unsure",
                           TF_TEXT_ARG(answer));
        }
    }
    return TF_OK;
}

static tf_status refuse(void *context, const tf_csv_reject *reject, tf_error *error) {
    (void)context;
    return tf_fail(error, TF_BAD_INPUT, NULL, reject->line, "the row cannot be read: %s",
                   reject->reason);
}

tf_status tf_review_read(const tf_review_sample *sample, const void *bytes, size_t length,
                         tf_review_answer *answers_out, tf_error *error) {
    static const tf_csv_field fields[] = {
        {.header = "pair", .name = "pair", .type = TF_CSV_TEXT},
        {.header = "answer", .name = "answer", .type = TF_CSV_TEXT},
    };
    for (size_t i = 0; i < sample->row_count; i++) {
        answers_out[i] = TF_REVIEW_BLANK;
    }
    bool *is_seen = tf_alloc_zeroed(sample->row_count, sizeof *is_seen);
    if (!is_seen) {
        return tf_fail_no_memory(error);
    }
    sheet_reader reader = {sample, answers_out, is_seen};
    tf_csv_options options = {.fields = fields, .field_count = 2, .thread_count = 1};
    tf_csv_handler handler = {.on_batch = take_answers, .on_reject = refuse, .context = &reader};
    tf_csv_counts counts;
    tf_source *source = NULL;
    tf_status status = tf_source_open_memory(bytes, length, "the answers", &source, error);
    if (status == TF_OK) {
        status = tf_csv_read(source, &options, &handler, &counts, error);
    }
    tf_source_close(source);
    tf_free(is_seen);
    return status;
}

/* Matches in some strata: the estimate, the same with unanimous strata made less sure, and the
 * variance. */
typedef struct total {
    double matches;
    double cautious;
    double variance;
} total;

static void add_stratum(const tf_review_stratum *stratum, tf_review_count count, total *sum) {
    double pairs = (double)stratum->pairs, n = (double)count.matches + count.no_matches;
    if (n == 0) {
        return;
    }
    double share = count.matches / n, spread = share * (1 - share) / (n - 1);
    double cautious = share;
    if (count.matches == 0 || count.no_matches == 0) {
        cautious = n < pairs ? (count.matches + 1) / (n + 2) : share;
        spread = cautious * (1 - cautious) / n;
    }
    sum->matches += pairs * share;
    sum->cautious += pairs * cautious;
    sum->variance += pairs * pairs * (1 - n / pairs) * spread;
}

static tf_interval limits_of(double share, double cautious, double variance, double confidence) {
    if (variance > 0) {
        return tf_evaluate_wilson(share, cautious * (1 - cautious) / variance, confidence);
    }
    return (tf_interval){share, share, share};
}

static tf_review_estimate estimate_at(const tf_review_sample *sample, const tf_review_count *counts,
                                      size_t first, double confidence) {
    total above = {0}, below = {0};
    tf_review_estimate estimate = {.threshold = sample->strata[first].lower};
    for (size_t i = 0; i < sample->stratum_count; i++) {
        add_stratum(&sample->strata[i], counts[i], i >= first ? &above : &below);
        estimate.linked += i >= first ? sample->strata[i].pairs : 0;
    }
    estimate.matches = above.matches;
    estimate.missed = below.matches;
    double linked = (double)estimate.linked;
    estimate.precision = limits_of(above.matches / linked, above.cautious / linked,
                                   above.variance / (linked * linked), confidence);
    double all = above.cautious + below.cautious, recall = above.cautious / all;
    double variance =
        ((1 - recall) * (1 - recall) * above.variance + recall * recall * below.variance) /
        (all * all);
    estimate.recall =
        limits_of(above.matches / (above.matches + below.matches), recall, variance, confidence);
    return estimate;
}

tf_status tf_review_estimates_of(const tf_review_sample *sample, const tf_review_answer *answers,
                                 double confidence, tf_review_estimate *estimates_out,
                                 tf_review_count *counts_out, tf_error *error) {
    if (!(confidence > 0 && confidence < 1)) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the confidence is %g, but must be between 0 and 1", confidence);
    }
    tf_review_count *counts = tf_alloc_zeroed(sample->stratum_count, sizeof *counts);
    if (!counts) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < sample->row_count; i++) {
        tf_review_count *count = &counts[sample->rows[i].stratum];
        count->matches += answers[i] == TF_REVIEW_MATCH;
        count->no_matches += answers[i] == TF_REVIEW_NO_MATCH;
        count->unsure += answers[i] == TF_REVIEW_UNSURE;
        count->blank += answers[i] == TF_REVIEW_BLANK;
    }
    tf_status status = TF_OK;
    for (size_t i = 0; i < sample->stratum_count && status == TF_OK; i++) {
        if (sample->strata[i].pairs > 0 && counts[i].matches + counts[i].no_matches == 0) {
            status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                             "no pair with a weight from %g to %g is answered match or no match; "
                             "answer some of each stratum",
                             sample->strata[i].lower, sample->strata[i].upper);
        }
    }
    for (size_t i = 0; i + 1 < sample->stratum_count && status == TF_OK; i++) {
        estimates_out[i] = estimate_at(sample, counts, i + 1, confidence);
    }
    for (size_t i = 0; counts_out && i < sample->stratum_count && status == TF_OK; i++) {
        counts_out[i] = counts[i];
    }
    tf_free(counts);
    return status;
}
