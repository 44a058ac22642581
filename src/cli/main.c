#include "cli/command.h"
#include "cli/report.h"

#include <locale.h>

int main(int word_count, char **words) {
    /* Which characters the terminal shows; numbers and order of words stay as in C. */
    setlocale(LC_CTYPE, "");
    tf_log_set_sink(tf_report_log, NULL);
    return tf_command_line_run(words + 1, word_count > 0 ? (size_t)word_count - 1 : 0);
}
