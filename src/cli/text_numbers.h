/* Texts numbered from 0 in the order in which they first come. */
#ifndef CLI_TEXT_NUMBERS_H
#define CLI_TEXT_NUMBERS_H

#include "trefoil/base/text.h"

/* All zero is empty; to be given to tf_text_numbers_deinit. */
typedef struct tf_text_numbers {
    tf_buffer bytes;
    size_t *starts; /* count + 1 */
    size_t start_capacity;
    uint32_t count;
    uint32_t *slots; /* number + 1; 0 is free */
    size_t slot_count;
} tf_text_numbers;

void tf_text_numbers_deinit(tf_text_numbers *numbers);

/* The number of `text`, a new one if it is new.  Errors: TF_NO_MEMORY.  Amortised O(length). */
tf_status tf_text_number(tf_text_numbers *numbers, tf_text text, uint32_t *number_out,
                         tf_error *error);

/* Borrowed until the next is numbered. */
tf_text tf_text_numbered(const tf_text_numbers *numbers, uint32_t number);

#endif
