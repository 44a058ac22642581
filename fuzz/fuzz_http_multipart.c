/* Multipart forms: no crash, contents within what was sent, and names of files that are safe.  The
 * first line of the input is the Content-Type. */
#include "web/http/form.h"

#include <stdlib.h>

static const tf_field fields[] = {
    {.name = "note", .label = "Note"},
    {.name = "files", .label = "Files", .kind = TF_FIELD_FILES},
};

static void check(bool holds) {
    if (!holds) {
        abort();
    }
}

static void check_upload(const tf_upload *upload, tf_text body) {
    check(upload->field == &fields[1]);
    check(upload->name.length > 0 && upload->name.length <= 255);
    check(tf_text_is_utf8(upload->name));
    check(!memchr(upload->name.data, '/', upload->name.length));
    check(!tf_text_equal(upload->name, tf_text_of("..")));
    for (size_t i = 0; i < upload->name.length; i++) {
        check((unsigned char)upload->name.data[i] >= 0x20 && upload->name.data[i] != 0x7F);
    }
    check(upload->content.data >= body.data &&
          upload->content.data + upload->content.length <= body.data + body.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const char *text = (const char *)bytes;
    const char *line = length ? memchr(text, '\n', length) : NULL;
    tf_arena *arena = tf_arena_new();
    if (line && arena) {
        size_t type_length = (size_t)(line - text);
        tf_text type = {text, type_length};
        tf_text body = {line + 1, length - type_length - 1};
        tf_form form;
        if (tf_form_parse_multipart(fields, 2, type, body, arena, &form, NULL) == TF_OK) {
            for (size_t i = 0; i < form.upload_count; i++) {
                check_upload(&form.uploads[i], body);
            }
            check(tf_text_is_utf8(tf_form_value(&form, "note")->text));
        }
    }
    tf_arena_free(arena);
    return 0;
}
