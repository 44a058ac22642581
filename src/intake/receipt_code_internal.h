/* The code by which the sender of a report comes back: 80 random bits that nobody else is told.
 * What is stored of it finds the report but gives neither the code nor what the code opens. */
#ifndef INTAKE_RECEIPT_CODE_INTERNAL_H
#define INTAKE_RECEIPT_CODE_INTERNAL_H

#include "access/site_key.h"
#include "intake/response.h"

typedef struct tf_receipt_keys {
    uint8_t handle[TF_HASH_SIZE];    /* what the report is found by */
    uint8_t public_key[TF_KEY_SIZE]; /* messages to the sender are sealed to this */
    uint8_t secret_key[TF_KEY_SIZE]; /* and open with this, which only the code gives */
} tf_receipt_keys;

/* 16 symbols in groups of four (access/typed_code.h). */
void tf_receipt_new(char code_out[TF_RECEIPT_SIZE]);

/* What belongs to a code as somebody typed it.  False, and nothing written, for what cannot be one.
 */
bool tf_receipt_keys_of(const tf_site_key *site_key, tf_text code, tf_receipt_keys *keys_out);

#endif
