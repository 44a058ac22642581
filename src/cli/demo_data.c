/* trefoil demo-data */
#include "cli/command.h"
#include "cli/report.h"
#include "demo/demo.h"

#include <stdio.h>

static tf_exit run(const tf_arguments *arguments) {
    const char *folder = arguments->operands[0];
    tf_error error;
    tf_status status = tf_demo_write(folder, &error);
    tf_buffer out;
    tf_buffer_init(&out);
    tf_buffer_format(&out, "Larkenshire, a county that does not exist, is in %s.\n", folder);
    return tf_report_end(status, &out, &error);
}

const tf_command tf_command_demo_data = {
    .name = "demo-data",
    .summary = "write a fictional county to try the program on",
    .details =
        "Writes Larkenshire into the folder DIR, which is made if it is not there: three years of "
        "street crimes, outcomes and searches in the file format of data.police.uk, boundaries, "
        "populations and a lookup, about 65 MB.  Every run writes the same bytes.  All of it is "
        "invented; README.txt in the folder says so.",
    .example = "  trefoil demo-data larkenshire\n"
               "  trefoil import police larkenshire/police --db demo.db\n",
    .options = {.operand = "DIR", .least_operands = 1, .most_operands = 1},
    .run = run,
};
