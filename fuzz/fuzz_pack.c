/* Any bytes in the place of one file of a pack: the first byte, a digit, says of which. */
#include "pack/pack_internal.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file of the pack "uk" by its name. */
static const tf_embedded_file *find(const char *name) {
    for (size_t i = 0; i < tf_packs.count; i++) {
        if (strcmp(tf_packs.files[i].name + strlen("uk/"), name) == 0) {
            return &tf_packs.files[i];
        }
    }
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    tf_embedded_file files[TF_PACK_FILE_COUNT];
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        files[i] = *find(tf_pack_file_names[i]);
    }
    files[(uint8_t)(data[0] - '0') % TF_PACK_FILE_COUNT] =
        (tf_embedded_file){"fuzzed", data + 1, size - 1};
    tf_pack *pack;
    tf_error error;
    if (tf_pack_read(files, &pack, &error) == TF_OK) {
        double days;
        (void)tf_pack_group_find(pack, tf_text_of("drugs"));
        (void)tf_pack_harm_weight(pack, tf_text_of("Drugs"), &days);
        (void)tf_pack_outcome_wording(pack, tf_text_of("Local resolution"));
        size_t count;
        (void)tf_pack_nicknames(pack, &count);
        (void)tf_pack_missing(pack, &count);
        (void)tf_pack_force_by_name(pack, tf_text_of("Kent Police"));
        (void)tf_access_role(tf_pack_access_rules(pack), "analyst");
    }
    tf_pack_free(pack);
    return 0;
}
