/* The man page and the help say the same commands and options. */
#include "check.h"

#include "cli/command.h"

/* docs/trefoil.1 with its hyphens as they are read. */
static const char *manual(void) {
    static char text[1 << 17];
    char path[512];
    if (*text) {
        return text;
    }
    snprintf(path, sizeof path, "%s/docs/trefoil.1", getenv("TREFOIL_SOURCE"));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\\' || text[i + 1] != '-') {
            text[kept++] = text[i];
        }
    }
    text[kept] = '\0';
    return text;
}

static bool goes_on(char byte) {
    return (byte >= 'a' && byte <= 'z') || byte == '-';
}

/* Whether `word` stands between `start` and `end`, and no longer word begins with it. */
static bool has_word(const char *start, const char *end, const char *word) {
    size_t length = strlen(word);
    for (const char *at = start; (at = strstr(at, word)) && at + length <= end; at += length) {
        if (!goes_on(at[length]) && (at == start || !goes_on(at[-1]))) {
            return true;
        }
    }
    return false;
}

typedef struct section {
    const char *title;
    const char *title_end;
    const char *end;
} section;

/* The next section below `at`, false at the end of those that tell of commands. */
static bool next_section(const char *at, section *found) {
    const char *title = strstr(at, "\n.SS ");
    if (!title) {
        return false;
    }
    found->title = title + strlen("\n.SS ");
    found->title_end = strchr(found->title, '\n');
    const char *next = strstr(found->title_end, "\n.SS "), *last = strstr(title, "\n.SH ");
    found->end = next && next < last ? next : last;
    return true;
}

/* Whether the title names the command: "org add, org change", or all of a family. */
static bool is_about(const section *part, const char *command) {
    char family[32];
    snprintf(family, sizeof family, "every %.*s", (int)strcspn(command, " "), command);
    size_t length = strlen(command);
    for (const char *at = part->title; (at = strstr(at, command)) && at < part->title_end; at++) {
        bool is_start = at == part->title || strncmp(at - 2, ", ", 2) == 0;
        if (is_start && (at[length] == ',' || at[length] == '\n')) {
            return true;
        }
    }
    return has_word(part->title, part->title_end, family);
}

static void every_command_is_in_the_synopsis(void **state) {
    (void)state;
    const char *start = strstr(manual(), ".SH SYNOPSIS"), *end = strstr(start, ".SH DESCRIPTION");
    for (size_t i = 0; i < tf_command_count; i++) {
        char line[64];
        snprintf(line, sizeof line, ".B trefoil %s", tf_commands[i]->name);
        if (!has_word(start, end, line)) {
            fail_msg("%s is not in the synopsis", tf_commands[i]->name);
        }
    }
}

static void every_option_is_told_of_where_its_command_is(void **state) {
    (void)state;
    for (size_t i = 0; i < tf_command_count; i++) {
        const tf_options *options = &tf_commands[i]->options;
        for (size_t j = 0; j < options->option_count; j++) {
            char option[64];
            bool is_found = strcmp(options->options[j].name, "db") == 0; /* in the synopsis */
            snprintf(option, sizeof option, "--%s", options->options[j].name);
            section part;
            for (const char *at = manual(); next_section(at, &part); at = part.title_end) {
                is_found = is_found || (is_about(&part, tf_commands[i]->name) &&
                                        has_word(part.title_end, part.end, option));
            }
            if (!is_found) {
                fail_msg("%s of %s is not told of", option, tf_commands[i]->name);
            }
        }
    }
}

static bool has_option(const section *part, const char *name, size_t length) {
    for (size_t i = 0; i < tf_command_count; i++) {
        const tf_options *options = &tf_commands[i]->options;
        for (size_t j = 0; is_about(part, tf_commands[i]->name) && j < options->option_count; j++) {
            if (strlen(options->options[j].name) == length &&
                memcmp(options->options[j].name, name, length) == 0) {
                return true;
            }
        }
    }
    return false;
}

static void no_option_is_told_of_that_there_is_not(void **state) {
    (void)state;
    section part;
    for (const char *at = manual(); next_section(at, &part); at = part.title_end) {
        for (const char *option = part.title_end;
             (option = strstr(option, "--")) && option < part.end;) {
            const char *name = option + 2;
            option = name;
            while (goes_on(*option)) {
                option++;
            }
            if (!has_option(&part, name, (size_t)(option - name))) {
                fail_msg("--%.*s is told of in %.*s", (int)(option - name), name,
                         (int)(part.title_end - part.title), part.title);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_in_the_synopsis),
        cmocka_unit_test(every_option_is_told_of_where_its_command_is),
        cmocka_unit_test(no_option_is_told_of_that_there_is_not),
    };
    return cmocka_run_group_tests_name("manual", tests, NULL, NULL);
}
