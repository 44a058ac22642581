#include "cli/options.h"

#include <stdio.h>

enum { WORD_MOST = 63 };

size_t tf_word_distance(const char *a, const char *b) {
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > WORD_MOST || b_length > WORD_MOST) {
        return SIZE_MAX;
    }
    /* Rows i-2, i-1 and i of the table of distances between beginnings of the words. */
    size_t rows[3][WORD_MOST + 1] = {0};
    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t least = above[j - 1] + (a[i - 1] != b[j - 1]);
            least = above[j] + 1 < least ? above[j] + 1 : least;
            least = row[j - 1] + 1 < least ? row[j - 1] + 1 : least;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                two_above[j - 2] + 1 < least) {
                least = two_above[j - 2] + 1;
            }
            row[j] = least;
        }
    }
    return rows[a_length % 3][b_length];
}

void tf_word_nearer(const char *word, const char *candidate, const char **nearest_out) {
    size_t distance = tf_word_distance(word, candidate);
    size_t length = strlen(word);
    bool is_beginning = length >= 2 && strncmp(word, candidate, length) == 0;
    size_t limit = length / 3 > 1 ? length / 3 : 1;
    if (!is_beginning && distance > limit) {
        return;
    }
    if (!*nearest_out || distance < tf_word_distance(word, *nearest_out)) {
        *nearest_out = candidate;
    }
}

/* The option that `name` of `length` bytes is, or NULL. */
static const tf_option *find_option(const tf_options *options, const char *name, size_t length) {
    for (size_t i = 0; i < options->option_count; i++) {
        const char *candidate = options->options[i].name;
        if (strlen(candidate) == length && memcmp(candidate, name, length) == 0) {
            return &options->options[i];
        }
    }
    return NULL;
}

static tf_status fail_unknown(const tf_options *options, const char *word, size_t name_length,
                              tf_error *error) {
    char name[WORD_MOST + 1];
    snprintf(name, sizeof name, "%.*s", (int)(name_length < WORD_MOST ? name_length : WORD_MOST),
             word);
    const char *bare = name + strspn(name, "-");
    const char *nearest = NULL;
    for (size_t i = 0; i < options->option_count; i++) {
        tf_word_nearer(bare, options->options[i].name, &nearest);
    }
    tf_word_nearer(bare, "help", &nearest);
    if (nearest) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there is no option %s; did you mean --%s?",
                       name, nearest);
    }
    return tf_fail(error, TF_BAD_INPUT, NULL, 0, "there is no option %s", name);
}

static bool is_repeated(const tf_options *options, const tf_option *option) {
    return options->repeated && strcmp(options->repeated, option->name) == 0;
}

/* Take the option at words[*at] and, where it has one, its value. */
static tf_status take_option(const tf_options *options, char **words, size_t word_count, size_t *at,
                             tf_arguments *arguments, tf_error *error) {
    const char *word = words[*at];
    size_t name_length = strcspn(word, "=");
    char *value = word[name_length] ? words[*at] + name_length + 1 : NULL;
    const tf_option *option =
        name_length > 2 ? find_option(options, word + 2, name_length - 2) : NULL;
    if (word[1] != '-' || !option) {
        return fail_unknown(options, word, name_length, error);
    }
    size_t index = (size_t)(option - options->options);
    if (arguments->values[index]) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s is given twice; give it once",
                       option->name);
    }
    if (!option->value) {
        if (value) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s takes no value; leave '=%s' out",
                           option->name, value);
        }
        arguments->values[index] = "";
        return TF_OK;
    }
    if (!value) {
        bool has_next = *at + 1 < word_count;
        if (!has_next || strncmp(words[*at + 1], "--", 2) == 0) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s lacks its value; write --%s %s",
                           option->name, option->name, option->value);
        }
        value = words[++*at];
    }
    if (!*value) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "the value of --%s is empty; write --%s %s",
                       option->name, option->name, option->value);
    }
    if (is_repeated(options, option)) {
        words[arguments->operand_count++] = value;
    } else {
        arguments->values[index] = value;
    }
    return TF_OK;
}

/* Whether all that must be there is there. */
static tf_status check_complete(const tf_options *options, const tf_arguments *arguments,
                                tf_error *error) {
    for (size_t i = 0; i < options->option_count; i++) {
        const tf_option *option = &options->options[i];
        if (option->is_required && !arguments->values[i]) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0, "--%s %s is missing", option->name,
                           option->value);
        }
    }
    if (arguments->operand_count < options->least_operands) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "%s is missing", options->operand);
    }
    if (arguments->operand_count > options->most_operands) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0, "'%s' is one word too many",
                       arguments->operands[options->most_operands]);
    }
    return TF_OK;
}

tf_status tf_options_parse(const tf_options *options, char **words, size_t word_count,
                           tf_arguments *arguments_out, tf_error *error) {
    tf_arguments arguments = {.operands = words};
    bool options_ended = false;
    for (size_t i = 0; i < word_count; i++) {
        char *word = words[i];
        bool is_option = !options_ended && word[0] == '-' && word[1];
        if (!is_option) {
            words[arguments.operand_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_ended = true;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            *arguments_out = (tf_arguments){.wants_help = true};
            return TF_OK;
        } else {
            tf_status status = take_option(options, words, word_count, &i, &arguments, error);
            if (status) {
                return status;
            }
        }
    }
    tf_status status = check_complete(options, &arguments, error);
    if (!status) {
        *arguments_out = arguments;
    }
    return status;
}
