#include "trefoil/table/csv.h"

void tf_csv_append_field(tf_buffer *out, tf_text text) {
    bool needs_quotes = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        needs_quotes |= c == ',' || c == '"' || c == '\r' || c == '\n';
    }
    if (!needs_quotes) {
        tf_buffer_append(out, text.data, text.length);
        return;
    }
    tf_buffer_append(out, "\"", 1);
    for (size_t i = 0; i < text.length; i++) {
        bool is_quote = text.data[i] == '"';
        tf_buffer_append(out, is_quote ? "\"\"" : &text.data[i], is_quote ? 2 : 1);
    }
    tf_buffer_append(out, "\"", 1);
}
