/* The lists of names that are built into the program. */
#include "generate_internal.h"

#include "base/embedded.h"
#include "trefoil/base/memory.h"

extern const tf_embedded_folder tf_generate_data;

typedef struct name_section {
    const char *heading;
    size_t offset; /* of the list in tf_names */
    uint32_t shift;
} name_section;

/* The shift flattens the top of Zipf's law, so that the first name has the share it has among
 * people: Smith one in a hundred, the first given name of a generation one in twenty. */
#define LIST(heading, member, shift)                                                               \
    { heading, offsetof(tf_names, member), shift }
#define ORIGIN(word, origin)                                                                       \
    LIST("given male " word, given[0][origin], 6),                                                 \
        LIST("given female " word, given[1][origin], 6), LIST("family " word, family[origin], 8)

static const name_section sections[] = {
    LIST("given male 1940", given_british[0][0], 5),
    LIST("given male 1965", given_british[0][1], 5),
    LIST("given male 1985", given_british[0][2], 6),
    LIST("given male 2000", given_british[0][3], 8),
    LIST("given male 2015", given_british[0][4], 12),
    LIST("given female 1940", given_british[1][0], 6),
    LIST("given female 1965", given_british[1][1], 6),
    LIST("given female 1985", given_british[1][2], 7),
    LIST("given female 2000", given_british[1][3], 9),
    LIST("given female 2015", given_british[1][4], 13),
    LIST("family british", family[ORIGIN_BRITISH], 9),
    ORIGIN("irish", ORIGIN_IRISH),
    ORIGIN("scottish", ORIGIN_SCOTTISH),
    ORIGIN("welsh", ORIGIN_WELSH),
    ORIGIN("muslim", ORIGIN_MUSLIM),
    ORIGIN("hindu", ORIGIN_HINDU),
    ORIGIN("sikh", ORIGIN_SIKH),
    ORIGIN("polish", ORIGIN_POLISH),
    ORIGIN("romanian", ORIGIN_ROMANIAN),
    ORIGIN("african", ORIGIN_AFRICAN),
    ORIGIN("chinese", ORIGIN_CHINESE),
    ORIGIN("other", ORIGIN_OTHER),
    LIST("family start", family_start, 60),
    LIST("family end", family_end, 12),
    LIST("towns", towns, 2),
    LIST("areas", areas, 2),
    LIST("street start", street_start, 20),
    LIST("street end", street_end, 1),
    LIST("nicknames", nicknames, 60),
};
enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static tf_name_list *list_of(tf_names *names, const name_section *section) {
    return (tf_name_list *)((char *)names + section->offset);
}

static const name_section *find_section(tf_text heading) {
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (tf_text_equal(heading, tf_text_of(sections[i].heading))) {
            return &sections[i];
        }
    }
    return NULL;
}

static tf_status add_name(tf_name_list *list, tf_text name, tf_error *error) {
    tf_status status =
        tf_reserve(&list->names, &list->capacity, list->count + 1, sizeof *list->names, error);
    if (!status) {
        list->names[list->count++] = name;
    }
    return status;
}

static tf_status add_words(tf_name_list *list, tf_text line, tf_error *error) {
    tf_status status = TF_OK;
    for (size_t at = 0; !status && at < line.length;) {
        size_t length = 0;
        while (at + length < line.length && line.data[at + length] != ' ') {
            length++;
        }
        if (length > 0) {
            status = add_name(list, (tf_text){line.data + at, length}, error);
        }
        at += length + 1;
    }
    return status;
}

/* In whole numbers, so that every machine draws the same names. */
static tf_status weigh(tf_name_list *list, uint32_t shift, tf_error *error) {
    list->cumulative = tf_alloc(list->count ? list->count : 1, sizeof *list->cumulative);
    if (!list->cumulative) {
        return tf_fail_no_memory(error);
    }
    uint64_t total = 0;
    for (size_t i = 0; i < list->count; i++) {
        total += (UINT64_C(1) << 24) / (i + 1 + shift);
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < list->count; i++) {
        sum += (UINT64_C(1) << 24) / (i + 1 + shift);
        list->cumulative[i] = (uint32_t)((sum << 32) / total - 1);
    }
    return TF_OK;
}

static tf_status read_lines(tf_names *names, tf_text text, tf_error *error) {
    tf_name_list *list = NULL;
    tf_status status = TF_OK;
    while (!status && text.length > 0) {
        const char *end = memchr(text.data, '\n', text.length);
        tf_text line = {text.data, end ? (size_t)(end - text.data) : text.length};
        size_t skipped = line.length + (end ? 1 : 0);
        text = (tf_text){text.data + skipped, text.length - skipped};
        if (line.length == 0 || line.data[0] == '#') {
            continue;
        }
        if (line.data[0] == '[') {
            const name_section *found = find_section((tf_text){line.data + 1, line.length - 2});
            list = found ? list_of(names, found) : NULL;
        } else if (list == &names->nicknames) {
            status = add_name(list, line, error);
        } else if (list) {
            status = add_words(list, line, error);
        }
        if (!list) {
            return tf_fail(error, TF_INTERNAL, "generate_names.txt", 0,
                           "the built-in list of names has an unknown section");
        }
    }
    return status;
}

tf_status tf_names_load(tf_names *names_out, tf_error *error) {
    *names_out = (tf_names){0};
    const tf_embedded_file *file = &tf_generate_data.files[0];
    tf_status status =
        read_lines(names_out, (tf_text){(const char *)file->bytes, file->length}, error);
    for (size_t i = 0; !status && i < SECTION_COUNT; i++) {
        tf_name_list *list = list_of(names_out, &sections[i]);
        if (list->count == 0) {
            return tf_fail(error, TF_INTERNAL, "generate_names.txt", 0,
                           "the built-in list of names lacks the section %s", sections[i].heading);
        }
        status = weigh(list, sections[i].shift, error);
    }
    return status;
}

void tf_names_free(tf_names *names) {
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        tf_name_list *list = list_of(names, &sections[i]);
        tf_free(list->names);
        tf_free(list->cumulative);
    }
}

tf_text tf_names_pick(const tf_name_list *list, tf_chance *chance) {
    uint32_t drawn = tf_chance_next(chance);
    size_t low = 0, high = list->count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (list->cumulative[middle] < drawn) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return list->names[low];
}

tf_text tf_names_nickname(const tf_names *names, tf_text name, tf_chance *chance) {
    for (size_t i = 0; i < names->nicknames.count; i++) {
        tf_text line = names->nicknames.names[i];
        if (line.length <= name.length + 1 || line.data[name.length] != ' ' ||
            memcmp(line.data, name.data, name.length) != 0) {
            continue;
        }
        tf_text found = name;
        uint32_t seen = 0;
        for (size_t at = name.length + 1; at < line.length;) {
            const char *space = memchr(line.data + at, ' ', line.length - at);
            size_t length = space ? (size_t)(space - line.data) - at : line.length - at;
            if (tf_chance_below(chance, ++seen) == 0) {
                found = (tf_text){line.data + at, length};
            }
            at += length + 1;
        }
        return found;
    }
    return name;
}
