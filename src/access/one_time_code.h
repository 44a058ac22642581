/* One-time codes from an app (TOTP, RFC 6238 with HMAC-SHA-1, steps of 30 s, 6 digits).  Pure
 * functions; what is stored and who asks is sign_in's. */
#ifndef ACCESS_ONE_TIME_CODE_H
#define ACCESS_ONE_TIME_CODE_H

#include "trefoil/base/text.h"

enum {
    TF_CODE_SEED_SIZE = 20,      /* RFC 4226, 4: 160 bits are recommended */
    TF_CODE_SEED_TEXT_SIZE = 33, /* in base32, terminated */
    TF_CODE_DIGITS = 6,
    TF_CODE_STEP_SECONDS = 30,
    TF_RECOVERY_CODE_COUNT = 10,
    TF_RECOVERY_CODE_TEXT_SIZE = 12, /* "ABCDE-12345", terminated: 50 bits */
};

/* The step that an instant falls into. */
int64_t tf_code_step(int64_t instant);

/* The code of a step, in 6 to 8 digits. */
uint32_t tf_code_of(const uint8_t *seed, size_t seed_length, int64_t step, int digits);

/* Whether `text` is the code of the step of `instant`, of the one before or of the one after, and
 * that step comes after `last_step`; spaces are passed over.  *step_out is the step.  Takes the
 * same time whichever it is. */
bool tf_code_is_right(const uint8_t seed[TF_CODE_SEED_SIZE], tf_text text, int64_t instant,
                      int64_t last_step, int64_t *step_out);

/* The seed as a person types it into an app (RFC 4648 base32). */
void tf_code_seed_text(const uint8_t seed[TF_CODE_SEED_SIZE],
                       char text_out[TF_CODE_SEED_TEXT_SIZE]);

/* Append the address that a QR code holds: otpauth://totp/Trefoil:asha%40example.org?... */
void tf_code_address(const uint8_t seed[TF_CODE_SEED_SIZE], tf_text issuer, tf_text email,
                     tf_buffer *out);

/* A new recovery code, and one as somebody typed it (typed_code.h).  False for what is none. */
void tf_recovery_code_new(char text_out[TF_RECOVERY_CODE_TEXT_SIZE]);
bool tf_recovery_code_read(tf_text typed, char text_out[TF_RECOVERY_CODE_TEXT_SIZE]);

#endif
