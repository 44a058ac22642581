/* The reader of answered review sheets on any bytes: it answers or refuses, and an answer is one of
 * those there are. */
#include "trefoil/linkage/review_sample.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const tf_evaluate_pair pairs[] = {{0, 1, -1}, {1, 2, 1}, {2, 3, 2}};
    static const double bound = 0;
    tf_review_options options = {&bound, 1, 3, 1};
    tf_review_sample sample;
    if (tf_review_draw(pairs, 3, &options, &sample, NULL) != TF_OK) {
        abort();
    }
    tf_review_answer answers[3];
    if (tf_review_read(&sample, data, size, answers, NULL) == TF_OK) {
        for (size_t i = 0; i < 3; i++) {
            if (answers[i] > TF_REVIEW_UNSURE) {
                abort();
            }
        }
    }
    tf_review_deinit(&sample);
    return 0;
}
