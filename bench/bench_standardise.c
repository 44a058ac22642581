/* How many names are standardised each second, on one thread: bench_standardise [MILLIONS]. */
#include "trefoil/base/date.h"
#include "trefoil/linkage/standardise.h"

#include <stdio.h>
#include <stdlib.h>

static double names_per_second(tf_person_field field, size_t count) {
    static const char *const names[] = {"John",      "MARGARET",  "Ann-Marie", "Mr David",
                                        "O'Neill",   "Smith",     "Williams",  "McDonald",
                                        "Elizabeth", "Mohammed",  "Smith Jr",  "Thompson",
                                        "van Dyke",  "Oluwaseun", "Wu"};
    static const tf_standardiser usual = {0};
    tf_buffer out;
    tf_buffer_init(&out);
    size_t bytes = 0;
    double start = tf_seconds_monotonic();
    for (size_t i = 0; i < count; i++) {
        tf_text name = tf_text_of(names[i % (sizeof names / sizeof names[0])]);
        tf_standard outcome;
        if (field == TF_PERSON_COUNT
                ? tf_standardise_given_name(name, TF_FOLD_PLAIN, &out, NULL)
                : tf_standardise_value(&usual, field, name, &out, &outcome, NULL, NULL)) {
            break;
        }
        bytes += out.length;
    }
    double seconds = tf_seconds_monotonic() - start;
    tf_buffer_deinit(&out);
    return bytes > 0 ? (double)count / seconds : 0;
}

int main(int argument_count, char **arguments) {
    size_t millions = argument_count > 1 ? strtoul(arguments[1], NULL, 10) : 10;
    printf("given names alone:    %.1f million a second\n",
           names_per_second(TF_PERSON_COUNT, millions * 1000000) / 1e6);
    printf("as values of a field: %.1f million a second\n",
           names_per_second(TF_PERSON_FAMILY_NAME, millions * 1000000) / 1e6);
    return 0;
}
