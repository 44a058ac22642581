/* The built program from the outside. */
#ifndef TREFOIL_TESTS_CLI_PROGRAM_H
#define TREFOIL_TESTS_CLI_PROGRAM_H

#include "check.h"

#include "trefoil/base/text.h"

#include <stdarg.h>
#include <sys/wait.h>

static char output[1 << 20];

/* Run the program with the words of a shell command line. */
static inline int run(const char *format, ...) TF_PRINTF(1, 2);
static inline int run(const char *format, ...) {
    char words[1024], command[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    snprintf(command, sizeof command, "exec 2>&1; '%s' %s", getenv("TREFOIL_PROGRAM"), words);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(output, 1, sizeof output - 1, pipe);
    output[length] = '\0';
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static inline char *read_file(const char *path) {
    static char text[1 << 16];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static inline bool says(const char *words) {
    if (!strstr(output, words)) {
        fprintf(stderr, "not in the output: %s\n%s\n", words, output);
        return false;
    }
    return true;
}

static inline size_t line_count(void) {
    size_t count = 0;
    for (const char *at = output; *at; at++) {
        count += *at == '\n';
    }
    return count;
}

/* The path of a file in a test's folder, valid for as long as the test may want it. */
static inline const char *path_of(void **state, const char *name) {
    static char paths[64][256];
    static unsigned next;
    char *path = paths[next++ % 64];
    snprintf(path, sizeof paths[0], "%s/%s", (char *)*state, name);
    return path;
}

#endif
