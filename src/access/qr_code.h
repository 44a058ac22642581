/* The one door to libqrencode (LGPL-2.1-or-later): a text as a square of dark and light modules. */
#ifndef ACCESS_QR_CODE_H
#define ACCESS_QR_CODE_H

#include "trefoil/base/text.h"

/* `modules` has size * size bytes, row by row, 1 for dark; the quiet zone of 4 modules around it is
 * the page's to draw. */
typedef struct tf_qr_code {
    int size;
    uint8_t *modules; /* free with tf_qr_code_deinit */
} tf_qr_code;

/* Errors: TF_BAD_INPUT for more text than a code holds (about 2,300 bytes); TF_NO_MEMORY. */
tf_status tf_qr_code_make(tf_text text, tf_qr_code *code_out, tf_error *error);
void tf_qr_code_deinit(tf_qr_code *code);

#endif
