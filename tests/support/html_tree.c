#include "html_tree.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_DEPTH = 100, MAX_ATTRIBUTES = 40 };

typedef enum place { AT_EDGE, AFTER_INLINE } place;

typedef struct tree_reader {
    const char *at, *end;
    tf_buffer *out;
    tf_text open[MAX_DEPTH];
    int depth;
    place before; /* what white space would be shown after */
    bool has_space;
} tree_reader;

typedef struct attribute {
    tf_text name, value;
} attribute;

static bool is_listed(tf_text name, const char *const *names) {
    for (; *names; names++) {
        if (tf_text_equal_fold(name, tf_text_of(*names))) {
            return true;
        }
    }
    return false;
}

static bool is_void(tf_text name) {
    static const char *const names[] = {"area",  "base", "br",   "col",    "embed", "hr",  "img",
                                        "input", "link", "meta", "source", "track", "wbr", NULL};
    return is_listed(name, names);
}

/* Part of a line of text: white space beside it shows. */
static bool is_inline(tf_text name) {
    static const char *const names[] = {"a",   "abbr",  "b",    "code", "em",     "i",
                                        "kbd", "small", "span", "s",    "strong", "sub",
                                        "sup", "time",  "u",    NULL};
    return is_listed(name, names);
}

/* What holds no elements. */
static bool is_text_only(tf_text name) {
    static const char *const names[] = {"textarea", "title", "script", "style", NULL};
    return is_listed(name, names);
}

static void append_code_point(tf_buffer *out, unsigned long code) {
    char bytes[4];
    size_t length = 0;
    if (code < 0x80) {
        bytes[length++] = (char)code;
    } else if (code < 0x800) {
        bytes[length++] = (char)(0xC0 | code >> 6);
        bytes[length++] = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        bytes[length++] = (char)(0xE0 | code >> 12);
        bytes[length++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[length++] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[length++] = (char)(0xF0 | code >> 18);
        bytes[length++] = (char)(0x80 | (code >> 12 & 0x3F));
        bytes[length++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[length++] = (char)(0x80 | (code & 0x3F));
    }
    tf_buffer_append(out, bytes, length);
}

/* The character reference at the start of the text: its length, 0 if it is none that is known. */
static size_t append_reference(tf_text text, tf_buffer *out) {
    static const struct {
        const char *name;
        unsigned long code;
    } named[] = {{"&amp;", '&'},   {"&lt;", '<'},       {"&gt;", '>'},
                 {"&quot;", '"'},  {"&apos;", '\''},    {"&nbsp;", 0xA0},
                 {"&copy;", 0xA9}, {"&ctdot;", 0x22EF}, {"&hellip;", 0x2026}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (tf_text_starts_with(text, named[i].name)) {
            append_code_point(out, named[i].code);
            return strlen(named[i].name);
        }
    }
    if (!tf_text_starts_with(text, "&#") || text.length < 4) {
        return 0;
    }
    bool is_hex = (text.data[2] | 0x20) == 'x';
    char *end = NULL;
    unsigned long code = strtoul(text.data + (is_hex ? 3 : 2), &end, is_hex ? 16 : 10);
    if (*end != ';' || code == 0 || code > 0x10FFFF) {
        return 0;
    }
    append_code_point(out, code);
    return (size_t)(end + 1 - text.data);
}

/* Decoded, and with line breaks spelt out, so that it stays one line. */
static void append_decoded(tf_text text, tf_buffer *out) {
    for (size_t i = 0; i < text.length;) {
        size_t length = 0;
        if (text.data[i] == '&') {
            length = append_reference((tf_text){text.data + i, text.length - i}, out);
        }
        if (length == 0) {
            length = 1;
            tf_buffer_append(out, text.data[i] == '\n' ? "\\n" : text.data + i,
                             text.data[i] == '\n' ? 2 : 1);
        }
        i += length;
    }
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static void begin_line(tree_reader *reader) {
    tf_buffer_format(reader->out, "%*s", reader->depth * 2, "");
}

static void complain(tree_reader *reader, const char *what, tf_text name) {
    begin_line(reader);
    tf_buffer_format(reader->out, "!! %s: %.*s\n", what, TF_TEXT_ARG(name));
}

/* White space that shows stands before what follows. */
static void write_space(tree_reader *reader) {
    if (reader->has_space && reader->before == AFTER_INLINE) {
        begin_line(reader);
        tf_buffer_append_text(reader->out, "(space)\n");
    }
    reader->has_space = false;
}

static void read_text(tree_reader *reader, tf_text text) {
    bool has_begun = false;
    for (size_t i = 0; i < text.length;) {
        if (is_space(text.data[i])) {
            reader->has_space = true;
            i++;
            continue;
        }
        size_t start = i;
        while (i < text.length && !is_space(text.data[i])) {
            i++;
        }
        if (!has_begun) {
            write_space(reader);
            begin_line(reader);
        } else {
            tf_buffer_append_text(reader->out, " ");
        }
        append_decoded((tf_text){text.data + start, i - start}, reader->out);
        has_begun = true;
        reader->has_space = false;
        reader->before = AFTER_INLINE;
    }
    tf_buffer_append_text(reader->out, has_begun ? "\n" : "");
}

/* A text of which every character counts; its first line break is not part of it. */
static void read_exact_text(tree_reader *reader, tf_text text) {
    if (text.length && text.data[0] == '\n') {
        text = (tf_text){text.data + 1, text.length - 1};
    }
    if (text.length) {
        begin_line(reader);
        append_decoded(text, reader->out);
        tf_buffer_append_text(reader->out, "\n");
    }
}

static int compare_attributes(const void *a, const void *b) {
    return tf_text_compare(((const attribute *)a)->name, ((const attribute *)b)->name);
}

static tf_text read_while(tree_reader *reader, const char *until) {
    const char *start = reader->at;
    while (reader->at < reader->end && !is_space(*reader->at) && !strchr(until, *reader->at)) {
        reader->at++;
    }
    return (tf_text){start, (size_t)(reader->at - start)};
}

static void skip_space(tree_reader *reader) {
    while (reader->at < reader->end && is_space(*reader->at)) {
        reader->at++;
    }
}

static tf_text read_value(tree_reader *reader) {
    skip_space(reader);
    if (reader->at == reader->end || *reader->at != '=') {
        return tf_text_of("");
    }
    reader->at++;
    skip_space(reader);
    if (reader->at == reader->end || (*reader->at != '"' && *reader->at != '\'')) {
        return read_while(reader, ">");
    }
    char quote = *reader->at++;
    const char *start = reader->at;
    while (reader->at < reader->end && *reader->at != quote) {
        reader->at++;
    }
    tf_text value = {start, (size_t)(reader->at - start)};
    reader->at += reader->at < reader->end;
    return value;
}

static void write_class_value(tree_reader *reader, tf_text value) {
    bool is_first = true;
    for (size_t i = 0; i < value.length;) {
        size_t start = i;
        while (i < value.length && !is_space(value.data[i])) {
            i++;
        }
        if (i > start) {
            tf_buffer_append_text(reader->out, is_first ? "" : " ");
            append_decoded((tf_text){value.data + start, i - start}, reader->out);
            is_first = false;
        }
        i++;
    }
}

/* The first of two attributes of one name is the one that counts. */
static void write_attributes(tree_reader *reader, attribute *attributes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (tf_text_equal_fold(attributes[i].name, attributes[j].name)) {
                attributes[j] = attributes[--count];
                j--;
            }
        }
    }
    qsort(attributes, count, sizeof *attributes, compare_attributes);
    for (size_t i = 0; i < count; i++) {
        begin_line(reader);
        tf_buffer_format(reader->out, "  @%.*s = \"", TF_TEXT_ARG(attributes[i].name));
        if (tf_text_equal_fold(attributes[i].name, tf_text_of("class"))) {
            write_class_value(reader, attributes[i].value);
        } else {
            append_decoded(attributes[i].value, reader->out);
        }
        tf_buffer_append_text(reader->out, "\"\n");
    }
}

/* Up to and with the ">": whether the tag closes itself. */
static bool read_attributes(tree_reader *reader) {
    attribute attributes[MAX_ATTRIBUTES];
    size_t count = 0;
    bool closes_itself = false;
    for (;;) {
        skip_space(reader);
        if (reader->at == reader->end || *reader->at == '>') {
            break;
        }
        if (*reader->at == '/') {
            closes_itself = true;
            reader->at++;
            continue;
        }
        attribute read = {.name = read_while(reader, "=/>")};
        read.value = read_value(reader);
        if (read.name.length == 0 || count == MAX_ATTRIBUTES) {
            complain(reader, "attribute without a name, or too many", read.value);
            break;
        }
        attributes[count++] = read;
    }
    reader->at += reader->at < reader->end;
    write_attributes(reader, attributes, count);
    return closes_itself;
}

static void close_element(tree_reader *reader, tf_text name) {
    if (reader->depth == 0 || !tf_text_equal_fold(reader->open[reader->depth - 1], name)) {
        complain(reader, "an end without its element", name);
        return;
    }
    reader->depth--;
    begin_line(reader);
    tf_buffer_format(reader->out, "/%.*s\n", TF_TEXT_ARG(name));
    reader->has_space = false;
    reader->before = is_inline(name) ? AFTER_INLINE : AT_EDGE;
}

static void read_end_tag(tree_reader *reader) {
    tf_text name = read_while(reader, ">");
    while (reader->at < reader->end && *reader->at != '>') {
        reader->at++;
    }
    reader->at += reader->at < reader->end;
    close_element(reader, name);
}

static void read_only_text(tree_reader *reader, tf_text name) {
    const char *start = reader->at;
    while (reader->at < reader->end) {
        tf_text rest = {reader->at + 2, name.length};
        if ((size_t)(reader->end - reader->at) >= name.length + 3 && reader->at[0] == '<' &&
            reader->at[1] == '/' && tf_text_equal_fold(rest, name)) {
            break;
        }
        reader->at++;
    }
    tf_text text = {start, (size_t)(reader->at - start)};
    if (tf_text_equal_fold(name, tf_text_of("textarea"))) {
        read_exact_text(reader, text);
    } else {
        read_text(reader, text);
    }
}

static void read_start_tag(tree_reader *reader) {
    tf_text name = read_while(reader, "/>");
    if (is_inline(name)) {
        write_space(reader);
    }
    begin_line(reader);
    tf_buffer_format(reader->out, "%.*s\n", TF_TEXT_ARG(name));
    bool closes_itself = read_attributes(reader);
    reader->has_space = false;
    reader->before = AT_EDGE;
    if (is_void(name)) {
        return;
    }
    if (reader->depth == MAX_DEPTH) {
        complain(reader, "nested too deeply", name);
        return;
    }
    reader->open[reader->depth++] = name;
    if (closes_itself) {
        close_element(reader, name);
    } else if (is_text_only(name)) {
        read_only_text(reader, name);
    }
}

static void skip_to(tree_reader *reader, const char *mark) {
    const char *found = memmem(reader->at, (size_t)(reader->end - reader->at), mark, strlen(mark));
    reader->at = found ? found + strlen(mark) : reader->end;
}

void html_tree_append(tf_text markup, tf_buffer *out) {
    tree_reader reader = {.at = markup.data, .end = markup.data + markup.length, .out = out};
    while (reader.at < reader.end) {
        size_t left = (size_t)(reader.end - reader.at);
        if (left >= 4 && memcmp(reader.at, "<!--", 4) == 0) {
            skip_to(&reader, "-->");
        } else if (left >= 2 && reader.at[0] == '<' && reader.at[1] == '!') {
            skip_to(&reader, ">");
        } else if (left >= 2 && reader.at[0] == '<' && reader.at[1] == '/') {
            reader.at += 2;
            read_end_tag(&reader);
        } else if (left >= 2 && reader.at[0] == '<' && isalpha((unsigned char)reader.at[1])) {
            reader.at++;
            read_start_tag(&reader);
        } else {
            const char *start = reader.at++;
            while (reader.at < reader.end && *reader.at != '<') {
                reader.at++;
            }
            read_text(&reader, (tf_text){start, (size_t)(reader.at - start)});
        }
    }
    while (reader.depth > 0) {
        complain(&reader, "an element without its end", reader.open[--reader.depth]);
    }
}

static size_t line_length(const char *line) {
    return strcspn(line, "\n");
}

static const char *next_line(const char *line) {
    line += line_length(line);
    return *line ? line + 1 : line;
}

static void print_difference(const char *expected, const char *actual) {
    enum { LINES_BEFORE = 8, LINES_AFTER = 12 };
    const char *shown[LINES_BEFORE] = {0};
    size_t same = 0;
    while (*expected && *actual && line_length(expected) == line_length(actual) &&
           memcmp(expected, actual, line_length(expected)) == 0) {
        shown[same++ % LINES_BEFORE] = expected;
        expected = next_line(expected);
        actual = next_line(actual);
    }
    fprintf(stderr, "the trees differ from line %zu\n", same + 1);
    for (size_t i = same > LINES_BEFORE ? same - LINES_BEFORE : 0; i < same; i++) {
        const char *line = shown[i % LINES_BEFORE];
        fprintf(stderr, "    %.*s\n", (int)line_length(line), line);
    }
    for (size_t i = 0; i < LINES_AFTER && *expected; i++, expected = next_line(expected)) {
        fprintf(stderr, "  - %.*s\n", (int)line_length(expected), expected);
    }
    for (size_t i = 0; i < LINES_AFTER && *actual; i++, actual = next_line(actual)) {
        fprintf(stderr, "  + %.*s\n", (int)line_length(actual), actual);
    }
}

bool html_tree_is_same(tf_text expected, tf_text actual) {
    tf_buffer trees[2];
    for (int i = 0; i < 2; i++) {
        tf_buffer_init(&trees[i]);
        tf_buffer_append_text(&trees[i], "");
        html_tree_append(i ? actual : expected, &trees[i]);
    }
    bool is_same = strcmp(trees[0].data, trees[1].data) == 0;
    if (!is_same) {
        print_difference(trees[0].data, trees[1].data);
        fprintf(stderr, "-- expected\n%.*s\n-- written\n%.*s\n", TF_TEXT_ARG(expected),
                TF_TEXT_ARG(actual));
    }
    tf_buffer_deinit(&trees[0]);
    tf_buffer_deinit(&trees[1]);
    return is_same;
}
