#include "qr_code.h"

#include "trefoil/base/memory.h"

#include <errno.h>
#include <qrencode.h>

tf_status tf_qr_code_make(tf_text text, tf_qr_code *code_out, tf_error *error) {
    *code_out = (tf_qr_code){0};
    /* Level M: readable with 15 % of it damaged. */
    QRcode *made =
        QRcode_encodeData((int)text.length, (const unsigned char *)text.data, 0, QR_ECLEVEL_M);
    if (!made) {
        return errno == ENOMEM ? tf_fail_no_memory(error)
                               : tf_fail(error, TF_BAD_INPUT, NULL, 0,
                                         "this is too much text for a QR code; type it instead");
    }
    size_t count = (size_t)made->width * (size_t)made->width;
    uint8_t *modules = tf_alloc(count, 1);
    for (size_t i = 0; modules && i < count; i++) {
        modules[i] = made->data[i] & 1;
    }
    *code_out = (tf_qr_code){.size = made->width, .modules = modules};
    QRcode_free(made);
    return modules ? TF_OK : tf_fail_no_memory(error);
}

void tf_qr_code_deinit(tf_qr_code *code) {
    tf_free(code->modules);
    *code = (tf_qr_code){0};
}
