/* Small numbers for texts that repeat: each distinct text gets the next number, for good. */
#ifndef INSIGHT_CODES_INTERNAL_H
#define INSIGHT_CODES_INTERNAL_H

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

/* Zeroed is empty.  In the caller's storage. */
typedef struct tf_codes {
    tf_text *texts; /* by code; terminated */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* code + 1; 0 is free; open addressing */
    size_t slot_count;
} tf_codes;

#define TF_CODE_NONE UINT32_MAX

void tf_codes_deinit(tf_codes *codes);

/* The code of `text`, new if need be.  Errors: TF_NO_MEMORY.  Amortised O(length). */
tf_status tf_codes_add(tf_codes *codes, tf_text text, uint32_t *code_out, tf_error *error);

/* TF_CODE_NONE for a text that has none. */
uint32_t tf_codes_find(const tf_codes *codes, tf_text text);

#endif
