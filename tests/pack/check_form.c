/* What the reader says of each form whose path is a line of the input: "ok", or what is wrong. */
#include "pack/form_internal.h"

#include <stdio.h>
#include <string.h>

static tf_embedded_file embedded(const char *name) {
    for (size_t i = 0; i < tf_packs.count; i++) {
        if (strcmp(tf_packs.files[i].name + strlen("uk/"), name) == 0) {
            return tf_packs.files[i];
        }
    }
    return (tf_embedded_file){0};
}

static tf_pack *open_rest(tf_error *error) {
    tf_embedded_file files[TF_PACK_FILE_COUNT];
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        files[i] = embedded(tf_pack_file_names[i]);
    }
    tf_pack *pack = NULL;
    return tf_pack_read(files, &pack, error) ? NULL : pack;
}

int main(void) {
    static unsigned char bytes[1 << 20];
    char path[1024];
    tf_error error;
    tf_embedded_file words = embedded("words.yaml");
    tf_pack *pack = open_rest(&error);
    while (pack && fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        FILE *file = fopen(path, "rb");
        if (!file) {
            printf("the file cannot be opened\n");
            continue;
        }
        size_t length = fread(bytes, 1, sizeof bytes, file);
        (void)fclose(file);
        tf_embedded_file form = {path, bytes, length};
        pack->form_count = 0;
        tf_status status = tf_pack_read_forms(pack, &words, &form, 1, &error);
        printf("%s\n", status ? error.message : "ok");
    }
    int result = pack ? 0 : 1;
    tf_pack_free(pack);
    return result;
}
