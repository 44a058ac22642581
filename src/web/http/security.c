#include "server_internal.h"

/* Everything a page needs comes from this site; a map may load its tiles from one other. */
char *tf_security_fields(const char *tile_origin) {
    const char *space = tile_origin ? " " : "";
    const char *tiles = tile_origin ? tile_origin : "";
    tf_buffer fields = {0};
    tf_buffer_format(&fields,
                     "Content-Security-Policy: default-src 'none'; script-src 'self'; "
                     "style-src 'self'; img-src 'self' data:%s%s; font-src 'self'; "
                     "connect-src 'self'%s%s; worker-src 'self'; form-action 'self'; "
                     "base-uri 'none'; frame-ancestors 'none'\r\n",
                     space, tiles, space, tiles);
    tf_buffer_append_text(&fields, "X-Content-Type-Options: nosniff\r\n"
                                   "Referrer-Policy: same-origin\r\n"
                                   "Permissions-Policy: camera=(), geolocation=(), microphone=(), "
                                   "payment=(), usb=()\r\n"
                                   "Cross-Origin-Opener-Policy: same-origin\r\n"
                                   "Cross-Origin-Resource-Policy: same-origin\r\n");
    if (fields.failed) {
        tf_buffer_deinit(&fields);
    }
    return fields.data;
}
