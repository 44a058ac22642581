/* Any bytes in the place of one file of a pack: the first byte says of which, "0" being the first
 * of tf_pack_file_names; behind those come the words of forms and a form. */
#include "pack/frame_words.h"
#include "pack/pack_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static tf_embedded_file find(const char *name) {
    for (size_t i = 0; i < tf_packs.count; i++) {
        if (strcmp(tf_packs.files[i].name + strlen("uk/"), name) == 0) {
            return tf_packs.files[i];
        }
    }
    abort();
}

static void look_up(const tf_pack *pack) {
    double days;
    size_t count;
    (void)tf_pack_group_find(pack, tf_text_of("drugs"));
    (void)tf_pack_harm_weight(pack, tf_text_of("Drugs"), &days);
    (void)tf_pack_outcome_wording(pack, tf_text_of("Local resolution"));
    (void)tf_pack_nicknames(pack, &count);
    (void)tf_pack_missing(pack, &count);
    (void)tf_pack_force_by_name(pack, tf_text_of("Kent Police"));
    (void)tf_access_role(tf_pack_access_rules(pack), "analyst");
    (void)tf_pack_say(pack, TF_WORD_BACK, TF_WELSH);
    for (size_t i = 0; i < tf_pack_form_count(pack); i++) {
        const tf_form_definition *form = tf_pack_form_at(pack, i);
        if (tf_form_page_of(form, tf_text_of(form->pages[0].name)) != 0 ||
            tf_pack_form_find(pack, tf_text_of(form->name)) != form ||
            !tf_words_in(&form->title, TF_WELSH)) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    enum { WORDS = TF_PACK_FILE_COUNT, FORM, FILE_COUNT };
    if (size == 0) {
        return 0;
    }
    tf_embedded_file files[FILE_COUNT];
    for (size_t i = 0; i < TF_PACK_FILE_COUNT; i++) {
        files[i] = find(tf_pack_file_names[i]);
    }
    files[WORDS] = find("words.yaml");
    files[FORM] = find("forms/report.yaml");
    files[(uint8_t)(data[0] - '0') % FILE_COUNT] = (tf_embedded_file){"fuzzed", data + 1, size - 1};
    tf_pack *pack;
    tf_error error;
    if (tf_pack_read(files, &pack, &error) == TF_OK &&
        tf_pack_read_forms(pack, &files[WORDS], &files[FORM], 1, &error) == TF_OK) {
        look_up(pack);
    }
    tf_pack_free(pack);
    return 0;
}
