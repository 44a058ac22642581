#include "rejects_internal.h"

#include "intake/batch.h"
#include "trefoil/base/file.h"
#include "trefoil/table/csv.h"

#include <errno.h>
#include <unistd.h>

enum { MOST_IN_MEMORY = 1 << 20 };

/* A file can be nothing but rejects: what is more than fits in memory goes to a file that vanishes
 * when it has been sent. */
typedef struct csv_writer {
    tf_buffer *text;
    int file; /* -1 until it is needed */
    const char *folder;
} csv_writer;

static tf_status flush(csv_writer *writer, tf_error *error) {
    tf_buffer *text = writer->text;
    if (writer->file < 0) {
        writer->file = tf_file_open_unnamed(writer->folder);
    }
    for (size_t done = 0; writer->file >= 0 && done < text->length;) {
        ssize_t written = write(writer->file, text->data + done, text->length - done);
        if (written < 0 && errno != EINTR) {
            close(writer->file);
            writer->file = -1;
        }
        done += written > 0 ? (size_t)written : 0;
    }
    if (writer->file < 0) {
        return tf_fail(error, TF_IO, writer->folder, 0,
                       "a temporary file cannot be written there: %s; free some space",
                       strerror(errno));
    }
    text->length = 0;
    return TF_OK;
}

/* What a spreadsheet would take for a formula gets an apostrophe before it, as in every CSV that
 * the site hands out. */
static void append_field(tf_buffer *out, tf_text text) {
    bool is_formula = text.length && strchr("=+-@\t\r", text.data[0]);
    if (!is_formula) {
        tf_csv_append_field(out, text);
        return;
    }
    tf_buffer plain;
    tf_buffer_init(&plain);
    tf_buffer_append_text(&plain, "'");
    tf_buffer_append(&plain, text.data, text.length);
    tf_csv_append_field(out, (tf_text){plain.data, plain.length});
    out->failed |= plain.failed;
    tf_buffer_deinit(&plain);
}

static tf_status append_reject(void *context, const char *file, int64_t line, tf_text reason,
                               tf_text text, tf_error *error) {
    csv_writer *writer = context;
    append_field(writer->text, tf_text_of(file));
    tf_buffer_format(writer->text, ",%lld,", (long long)line);
    append_field(writer->text, reason);
    tf_buffer_append_text(writer->text, ",");
    append_field(writer->text, text);
    tf_buffer_append_text(writer->text, "\n");
    tf_status status = tf_buffer_check(writer->text, error);
    return !status && writer->text->length > MOST_IN_MEMORY ? flush(writer, error) : status;
}

tf_status tf_rejects_csv_write(tf_db *db, int64_t batch_id, const char *folder, tf_buffer *text,
                               int *file_out, tf_error *error) {
    csv_writer writer = {.text = text, .file = -1, .folder = folder};
    *file_out = -1;
    tf_buffer_append_text(text, "file,line,reason,text\n");
    tf_status status = tf_batch_each_reject(db, batch_id, append_reject, &writer, error);
    if (!status && writer.file >= 0) {
        status = flush(&writer, error);
    }
    if (status && writer.file >= 0) {
        close(writer.file);
        writer.file = -1;
    }
    *file_out = writer.file;
    return status;
}
