#include "pack/frame_words.h"

#include "form_internal.h"

#include <stdio.h>

#define NAME_OF(id, name, places)   [id] = (name),
#define PLACES_OF(id, name, places) [id] = (places),
static const char *const names[TF_WORD_COUNT + 1] = {TF_FRAME_WORDS(NAME_OF)};
static const char *const places_of[TF_WORD_COUNT] = {TF_FRAME_WORDS(PLACES_OF)};

/* Whether a text leaves the places that it must, and no others: "what count". */
static bool leaves_places(const char *text, const char *places) {
    size_t left = 0;
    size_t wanted = 0;
    for (const char *at = text; (at = strstr(at, "%{")); at++) {
        left++;
    }
    while (*places) {
        char mark[32];
        size_t length = strcspn(places, " ");
        int size = snprintf(mark, sizeof mark, "%%{%.*s}", (int)length, places);
        if (size < 0 || !strstr(text, mark)) {
            return false;
        }
        wanted++;
        places += length + (places[length] == ' ');
    }
    return left == wanted;
}

static size_t count_words(const char *text) {
    size_t count = 0;
    for (const char *at = text; *at; count++) {
        at += strspn(at, " ");
        at += strcspn(at, " ");
    }
    return count;
}

static void check_words(tf_form_reader *reader, const tf_yaml *node, size_t word,
                        const tf_words *words) {
    for (size_t i = 0; i < TF_LANGUAGE_COUNT && !reader->status; i++) {
        const char *text = words->in[i];
        if (text && !leaves_places(text, places_of[word])) {
            TF_FORM_FAIL(reader, node, "\"%s\" must leave these places, each as %%{name}: %s",
                         names[word], places_of[word][0] ? places_of[word] : "none");
        } else if (text && word == TF_WORD_MONTHS && count_words(text) != 12) {
            TF_FORM_FAIL(reader, node, "\"months\" must be twelve words");
        }
    }
}

tf_status tf_frame_words_read(tf_pack *pack, const tf_embedded_file *file, tf_error *error) {
    static const char *const fields[] = {"version", "date", "source", "words", NULL};
    tf_form_reader reader = {.pack = pack, .error = error};
    const tf_yaml *root = NULL;
    const char *source = NULL;
    reader.status = tf_pack_read_file(pack, file, fields, &root, &source, error);
    const tf_yaml *words = reader.status ? NULL : tf_form_reader_field(root, "words");
    if (!reader.status && !words) {
        TF_FORM_FAIL(&reader, root, "the field \"words\" is missing; add it");
    }
    if (words) {
        tf_form_reader_expect(&reader, words, names);
    }
    pack->words =
        reader.status ? NULL : tf_pack_allocate(pack, TF_WORD_COUNT, sizeof *pack->words, error);
    if (!reader.status && !pack->words) {
        reader.status = TF_NO_MEMORY;
    }
    for (size_t i = 0; i < TF_WORD_COUNT && !reader.status; i++) {
        pack->words[i] = tf_form_reader_take_words(&reader, words, names[i]);
        if (!reader.status) {
            check_words(&reader, tf_form_reader_field(words, names[i]), i, &pack->words[i]);
        }
    }
    return reader.status;
}

const char *tf_pack_say(const tf_pack *pack, tf_frame_word word, tf_language language) {
    return tf_words_in(&pack->words[word], language);
}

/* The value of the place that `mark`, behind its "%{", begins; NULL: it is none. */
static const char *value_of(const char *mark, const char *const *places, size_t *length_out) {
    for (; places[0]; places += 2) {
        size_t length = strlen(places[0]);
        if (strncmp(mark, places[0], length) == 0 && mark[length] == '}') {
            *length_out = length;
            return places[1] ? places[1] : "";
        }
    }
    return NULL;
}

const char *tf_pack_say_of(const tf_pack *pack, tf_frame_word word, tf_language language,
                           tf_arena *arena, const char *const *places) {
    tf_buffer made;
    tf_buffer_init(&made);
    for (const char *at = tf_pack_say(pack, word, language); *at;) {
        size_t length = 0;
        const char *value = at[0] == '%' && at[1] == '{' ? value_of(at + 2, places, &length) : NULL;
        if (value) {
            tf_buffer_append_text(&made, value);
            at += length + 3;
        } else {
            tf_buffer_append(&made, at++, 1);
        }
    }
    const char *text =
        made.failed || !made.data ? NULL : tf_arena_copy_text(arena, made.data, made.length);
    tf_buffer_deinit(&made);
    return text;
}
