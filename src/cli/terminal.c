#include "cli/terminal.h"

#include "insight/profile_words.h"

#include <langinfo.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const ink_codes[] = {
    [TF_INK_PLAIN] = NULL,     [TF_INK_STRONG] = "\x1b[1m",  [TF_INK_FAINT] = "\x1b[2m",
    [TF_INK_BAR] = "\x1b[36m", [TF_INK_MARK] = "\x1b[1;33m",
};

tf_terminal tf_terminal_for_output(tf_buffer *out) {
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return (tf_terminal){
        .out = out,
        .is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .has_colour = isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && terminal &&
                      strcmp(terminal, "dumb") != 0,
    };
}

static void start_ink(tf_terminal *page, tf_ink ink) {
    if (page->has_colour && ink_codes[ink]) {
        tf_buffer_append_text(page->out, ink_codes[ink]);
    }
}

static void end_ink(tf_terminal *page, tf_ink ink) {
    if (page->has_colour && ink_codes[ink]) {
        tf_buffer_append_text(page->out, "\x1b[0m");
    }
}

/* Bytes of the character at `text`, which is not empty. */
static size_t character_length(const char *text) {
    size_t length = 1;
    while (((unsigned char)text[length] & 0xC0) == 0x80) {
        length++;
    }
    return length;
}

/* What ASCII has instead of the punctuation that our own sentences use. */
static const char *ascii_for(const char *character, size_t length) {
    static const struct {
        const char *character;
        const char *ascii;
    } pairs[] = {{"\u2013", "-"},  {"\u2014", "-"},  {"\u2018", "'"}, {"\u2019", "'"},
                 {"\u201C", "\""}, {"\u201D", "\""}, {"\u2026", "."}, {"\u00B7", "-"},
                 {"\u00A0", " "},  {"\u00D7", "x"},  {"\u2212", "-"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (strlen(pairs[i].character) == length &&
            memcmp(pairs[i].character, character, length) == 0) {
            return pairs[i].ascii;
        }
    }
    return "?";
}

/* One character as this page can show it: a control character could steer the terminal. */
static void put_character(tf_terminal *page, const char *character, size_t length, bool is_utf8) {
    unsigned char first = (unsigned char)character[0];
    bool is_control = first < 0x20 || first == 0x7F ||
                      (first == 0xC2 && length == 2 && (unsigned char)character[1] < 0xA0);
    if (is_control || (first >= 0x80 && !is_utf8)) {
        tf_buffer_append_text(page->out, "?");
    } else if (first >= 0x80 && !page->is_utf8) {
        tf_buffer_append_text(page->out, ascii_for(character, length));
    } else {
        tf_buffer_append(page->out, character, length);
    }
}

/* At most `columns` characters of the text. */
static void put_characters(tf_terminal *page, tf_text text, size_t columns) {
    bool is_utf8 = tf_text_is_utf8(text);
    const char *at = text.data;
    for (size_t i = 0; i < columns && at < text.data + text.length; i++) {
        size_t length = is_utf8 ? character_length(at) : 1;
        put_character(page, at, length, is_utf8);
        at += length;
    }
}

static size_t width_of(tf_text text) {
    return tf_text_is_utf8(text) ? tf_text_width(text) : text.length;
}

void tf_terminal_end_line(tf_terminal *page) {
    while (page->out->length && page->out->data[page->out->length - 1] == ' ') {
        page->out->data[--page->out->length] = '\0';
    }
    tf_buffer_append_text(page->out, "\n");
}

void tf_terminal_spaces(tf_terminal *page, size_t count) {
    for (size_t i = 0; i < count; i++) {
        tf_buffer_append_text(page->out, " ");
    }
}

void tf_terminal_put(tf_terminal *page, tf_ink ink, const char *text) {
    if (*text) {
        start_ink(page, ink);
        put_characters(page, tf_text_of(text), SIZE_MAX);
        end_ink(page, ink);
    }
}

void tf_terminal_format(tf_terminal *page, tf_ink ink, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tf_terminal_put(page, ink, text);
}

/* The text in ink, cut to `width`, without filling. */
static void put_cut(tf_terminal *page, tf_ink ink, tf_text text, size_t width) {
    if (text.length == 0) {
        return;
    }
    start_ink(page, ink);
    if (width_of(text) <= width) {
        put_characters(page, text, width);
    } else {
        put_characters(page, text, width - 1);
        tf_buffer_append_text(page->out, page->is_utf8 ? "\u2026" : "~");
    }
    end_ink(page, ink);
}

void tf_terminal_left(tf_terminal *page, tf_ink ink, const char *text, size_t width) {
    tf_text view = tf_text_of(text);
    size_t used = width_of(view);
    put_cut(page, ink, view, width);
    tf_terminal_spaces(page, used < width ? width - used : 0);
}

void tf_terminal_right(tf_terminal *page, tf_ink ink, const char *text, size_t width) {
    tf_text view = tf_text_of(text);
    size_t used = width_of(view);
    tf_terminal_spaces(page, used < width ? width - used : 0);
    put_cut(page, ink, view, width);
}

void tf_terminal_count_right(tf_terminal *page, tf_ink ink, int64_t count, size_t width) {
    char text[TF_COUNT_TEXT_SIZE];
    tf_terminal_right(page, ink, tf_words_count(count, text), width);
}

void tf_terminal_bar(tf_terminal *page, double share, size_t width) {
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    share = share > 0 && width > 0 ? fmin(share, 1) : 0;
    size_t steps = page->is_utf8 ? 8 : 1;
    size_t filled = (size_t)lround(share * (double)(width * steps));
    if (filled == 0 && share > 0) {
        filled = 1;
    }
    start_ink(page, TF_INK_BAR);
    for (size_t i = 0; i < filled / steps; i++) {
        tf_buffer_append_text(page->out, page->is_utf8 ? "█" : "#");
    }
    tf_buffer_append_text(page->out, parts[filled % steps]);
    end_ink(page, TF_INK_BAR);
    tf_terminal_spaces(page, width - (filled + steps - 1) / steps);
}

void tf_terminal_heading(tf_terminal *page, const char *text, const char *note) {
    tf_terminal_end_line(page);
    tf_terminal_put(page, TF_INK_STRONG, text);
    if (note) {
        tf_terminal_put(page, TF_INK_PLAIN, "  ");
        tf_terminal_put(page, TF_INK_FAINT, note);
    }
    tf_terminal_end_line(page);
}

void tf_terminal_paragraph(tf_terminal *page, const char *mark, size_t indent, const char *text) {
    if (mark) {
        tf_terminal_left(page, TF_INK_PLAIN, mark, indent);
    }
    size_t column = indent;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " ");
        tf_text view = {word, length};
        size_t width = width_of(view);
        bool is_first = column == indent;
        if (!is_first && column + 1 + width > TF_TERMINAL_WIDTH) {
            tf_terminal_end_line(page);
            tf_terminal_spaces(page, indent);
            column = indent;
        } else if (!is_first) {
            tf_terminal_spaces(page, 1);
            column++;
        }
        put_characters(page, view, SIZE_MAX);
        column += width;
        word += length + strspn(word + length, " ");
    }
    tf_terminal_end_line(page);
}
