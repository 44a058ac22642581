/* What other programs read in a PDF: qpdf, and pdfinfo and pdftotext of poppler. */
#ifndef TREFOIL_TESTS_WEB_PAPER_PDF_TOOLS_H
#define TREFOIL_TESTS_WEB_PAPER_PDF_TOOLS_H

#include "../../store/temporary.h"
#include "trefoil/base/text.h"

/* End the test where the programs are not installed. */
#define PDF_TOOLS()                                                                                \
    do {                                                                                           \
        if (system("command -v qpdf pdfinfo pdftotext >/dev/null 2>&1")) {                         \
            SKIP_TEST("no qpdf and poppler-utils");                                                \
        }                                                                                          \
    } while (0)

/* What a shell command says, with the path of the document put for %s; valid until the next call
 * but one. */
static inline const char *say_of(void **state, const tf_buffer *document, const char *command) {
    static char outputs[2][1 << 22];
    static int next;
    char *output = outputs[next++ % 2];
    const char *path = temporary_path(state, "document.pdf");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(document->data, 1, document->length, file), document->length);
    fclose(file);
    char words[1024];
    char *end = words;
    for (const char *at = command; *at; at++) {
        if (at[0] == '%' && at[1] == 's') {
            end += sprintf(end, "%s", path);
            at++;
        } else {
            *end++ = *at;
        }
    }
    sprintf(end, " 2>&1");
    FILE *pipe = popen(words, "r");
    assert_non_null(pipe);
    size_t length = fread(output, 1, sizeof outputs[0] - 1, pipe);
    output[length] = '\0';
    pclose(pipe);
    return output;
}

static inline void assert_says(const char *output, const char *words) {
    if (!strstr(output, words)) {
        fail_msg("not said: %s\nbut: %.3000s", words, output);
    }
}

static inline size_t count_of(const char *output, const char *words) {
    size_t count = 0;
    for (const char *at = strstr(output, words); at; at = strstr(at + strlen(words), words)) {
        count++;
    }
    return count;
}

/* qpdf finds no fault, and everything that is drawn is either tagged or decoration. */
static inline void assert_is_sound(void **state, const tf_buffer *document) {
    const char *check = say_of(state, document, "qpdf --check %s");
    assert_says(check, "No syntax or stream encoding errors found");
    assert_null(strstr(check, "WARNING"));
    const char *about = say_of(state, document, "pdfinfo %s");
    assert_says(about, "Tagged:          yes");
    assert_says(about, "(A4)");
}

#endif
