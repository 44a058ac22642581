/* Help, made from the tables that the parser reads, so that it cannot be wrong. */
#include "cli/command.h"
#include "cli/terminal.h"
#include "trefoil/base/memory.h"

#include <stdio.h>

enum { COMMAND_COLUMN = 22, OPTION_COLUMN = 20 };

static void write_line(tf_terminal *page, const char *text) {
    tf_buffer_append_text(page->out, text);
    tf_terminal_end_line(page);
}

static void list_commands(tf_terminal *page, const char *family) {
    size_t length = strlen(family);
    for (size_t i = 0; i < tf_command_count; i++) {
        const char *name = tf_commands[i]->name;
        if (strncmp(name, family, length) != 0 || name[length] != ' ') {
            continue;
        }
        char mark[COMMAND_COLUMN];
        snprintf(mark, sizeof mark, "  %s", name);
        tf_terminal_paragraph(page, mark, COMMAND_COLUMN, tf_commands[i]->summary);
    }
}

/* The first words of all commands, by what they are for.  `about`: what a family does; NULL for a
 * command that stands alone. */
static const struct {
    const char *heading; /* above it; NULL: as the one before */
    const char *word;
    const char *about;
} entries[] = {
    {"The crime picture, from open data:", "import", "bring files in"},
    {NULL, "sources", NULL},
    {NULL, "profile", NULL},
    {NULL, "serve", NULL},
    {"The same person in many records:", "link", "find and judge matches"},
    {"The partnership:", "init", NULL},
    {NULL, "org", "its organisations"},
    {NULL, "user", "the accounts of its people"},
    {NULL, "agreement", "who shares what with whom"},
    {NULL, "reports", "what the public reports"},
    {"Keeping it safe:", "doctor", NULL},
    {NULL, "audit", "who did what with whose data"},
    {NULL, "backup", NULL},
    {NULL, "restore", NULL},
    {NULL, "setting", "what the installation is set to"},
    {"To try it:", "demo-data", NULL},
};

static const tf_command *command_named(const char *name) {
    for (size_t i = 0; i < tf_command_count; i++) {
        if (strcmp(tf_commands[i]->name, name) == 0) {
            return tf_commands[i];
        }
    }
    return NULL;
}

/* "its organisations: add, change, end, list" */
static void list_entry(tf_terminal *page, const char *word, const char *about) {
    enum { WORD_COLUMN = 13 };
    char mark[COMMAND_COLUMN];
    tf_buffer text = {0};
    const tf_command *command = command_named(word);
    const char *between = command ? "; also: " : ": ";
    size_t length = strlen(word);
    tf_buffer_append_text(&text, command ? command->summary : about);
    for (size_t i = 0; i < tf_command_count; i++) {
        const char *name = tf_commands[i]->name;
        if (strncmp(name, word, length) == 0 && name[length] == ' ') {
            tf_buffer_format(&text, "%s%s", between, name + length + 1);
            between = ", ";
        }
    }
    snprintf(mark, sizeof mark, "  %s", word);
    tf_terminal_paragraph(page, mark, WORD_COLUMN, text.data ? text.data : "");
    page->out->failed |= text.failed;
    tf_buffer_deinit(&text);
}

void tf_help_program(tf_buffer *out) {
    tf_terminal page = {.out = out};
    write_line(&page, "trefoil - one program for a local drugs partnership");
    tf_terminal_end_line(&page);
    write_line(&page, "Usage: trefoil COMMAND [OPTIONS]");
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (entries[i].heading) {
            tf_terminal_heading(&page, entries[i].heading, NULL);
        }
        list_entry(&page, entries[i].word, entries[i].about);
    }
    tf_terminal_heading(&page, "To learn more:", NULL);
    write_line(&page, "  trefoil org --help       tells what each command of org does;");
    write_line(&page, "  trefoil org add --help   tells all about one, with an example;");
    write_line(&page, "  trefoil --version        says which version this is.");
    tf_terminal_heading(&page, "Try it on a county that does not exist:", NULL);
    write_line(&page, "  trefoil demo-data larkenshire");
    write_line(&page, "  trefoil import police larkenshire/police --db demo.db");
    write_line(&page, "  trefoil profile --db demo.db --area larkenshire --type drugs \\");
    write_line(&page, "      --from 2023-04 --to 2024-03");
    tf_terminal_heading(&page, "Exit codes:", NULL);
    write_line(&page, "  0 done, 1 bad input, 2 wrong usage, 3 a defect of the program");
}

void tf_help_family(const char *word, tf_buffer *out) {
    tf_terminal page = {.out = out};
    tf_buffer_format(out, "Usage: trefoil %s WHAT [OPTIONS]\n", word);
    tf_terminal_heading(&page, "What:", NULL);
    list_commands(&page, word);
    tf_terminal_end_line(&page);
    tf_buffer_format(out, "  trefoil %s WHAT --help tells all about one, with an example.\n", word);
}

/* A piece of the usage line, which goes on on the next line where it would be too long. */
static void put_usage(tf_terminal *page, size_t indent, size_t *column, const char *text) {
    size_t width = strlen(text);
    if (*column + 1 + width > TF_TERMINAL_WIDTH) {
        tf_terminal_end_line(page);
        tf_terminal_spaces(page, indent);
        *column = indent;
    }
    tf_buffer_format(page->out, " %s", text);
    *column += 1 + width;
}

static void write_usage(tf_terminal *page, const tf_command *command) {
    const tf_options *options = &command->options;
    char text[64];
    tf_buffer_format(page->out, "Usage: trefoil %s", command->name);
    size_t indent = strlen("Usage: trefoil ") + strlen(command->name);
    size_t column = indent;
    if (options->operand) {
        bool is_needed = options->least_operands > 0;
        snprintf(text, sizeof text, "%s%s%s%s", is_needed ? "" : "[", options->operand,
                 options->most_operands > options->least_operands ? "..." : "",
                 is_needed ? "" : "]");
        put_usage(page, indent, &column, text);
    }
    for (int required = 1; required >= 0; required--) {
        for (size_t i = 0; i < options->option_count; i++) {
            const tf_option *option = &options->options[i];
            if (option->is_required == (required == 1)) {
                snprintf(text, sizeof text, "%s--%s%s%s%s", required ? "" : "[", option->name,
                         option->value ? " " : "", option->value ? option->value : "",
                         required ? "" : "]");
                put_usage(page, indent, &column, text);
            }
        }
    }
    tf_terminal_end_line(page);
}

static void write_details(tf_terminal *page, const char *details) {
    while (*details) {
        const char *end = strstr(details, "\n\n");
        size_t length = end ? (size_t)(end - details) : strlen(details);
        char *paragraph = tf_copy_text(details, length);
        if (!paragraph) {
            page->out->failed = true;
            return;
        }
        tf_terminal_end_line(page);
        tf_terminal_paragraph(page, "", 0, paragraph);
        tf_free(paragraph);
        details += length + (end ? 2 : 0);
    }
}

void tf_help_command(const tf_command *command, tf_buffer *out) {
    tf_terminal page = {.out = out};
    tf_buffer_format(out, "trefoil %s - %s\n\n", command->name, command->summary);
    write_usage(&page, command);
    write_details(&page, command->details);
    tf_terminal_heading(&page, "Options:", NULL);
    for (size_t i = 0; i < command->options.option_count; i++) {
        const tf_option *option = &command->options.options[i];
        char mark[64];
        snprintf(mark, sizeof mark, "  --%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        if (strlen(mark) >= OPTION_COLUMN) {
            write_line(&page, mark);
            mark[0] = '\0';
        }
        tf_terminal_paragraph(&page, mark, OPTION_COLUMN, option->help);
    }
    tf_terminal_paragraph(&page, "  --help", OPTION_COLUMN, "show this help");
    tf_terminal_heading(&page, "Example:", NULL);
    tf_buffer_append_text(out, command->example);
}
