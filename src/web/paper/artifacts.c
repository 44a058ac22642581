#include "artifacts_internal.h"

typedef enum wrap {
    NOTHING,
    A_PATH, /* up to the operator that paints it */
    A_TEXT, /* up to ET */
} wrap;

typedef struct scanner {
    tf_text content;
    size_t at;
    size_t copied;        /* content before this is in `out` */
    size_t operand_start; /* of the operator that comes next */
    int depth;            /* of marked content that the page has itself */
    int inner_depth;      /* of that within the artifact */
    wrap wrapped;
    size_t last_mark; /* where the last marked content ended */
    size_t foot_from; /* what is drawn from here on is the foot */
    tf_buffer *out;   /* NULL: only look */
} scanner;

static bool is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == '\f' ||
           byte == '\0';
}

static bool is_delimiter(char byte) {
    return byte != '\0' && strchr("()<>[]{}/%", byte) != NULL;
}

/* Past a string in parentheses; `at` is on the first. */
static size_t skip_string(tf_text content, size_t at) {
    int depth = 0;
    do {
        char byte = content.data[at++];
        if (byte == '\\') {
            at++;
        } else if (byte == '(') {
            depth++;
        } else if (byte == ')') {
            depth--;
        }
    } while (depth > 0 && at < content.length);
    return at < content.length ? at : content.length;
}

/* The next operator, with its operands passed over; empty at the end. */
static tf_text next_operator(scanner *scan) {
    const tf_text content = scan->content;
    scan->operand_start = SIZE_MAX;
    while (scan->at < content.length) {
        size_t start = scan->at;
        char byte = content.data[start];
        if (is_space(byte)) {
            scan->at++;
            continue;
        }
        if (scan->operand_start == SIZE_MAX) {
            scan->operand_start = start;
        }
        if (byte == '(') {
            scan->at = skip_string(content, start);
        } else if (byte == '%') {
            while (scan->at < content.length && content.data[scan->at] != '\n') {
                scan->at++;
            }
        } else {
            do {
                scan->at++;
            } while ((byte == '/' || !is_delimiter(byte)) && scan->at < content.length &&
                     !is_space(content.data[scan->at]) && !is_delimiter(content.data[scan->at]));
            if ((byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '\'' ||
                byte == '"') {
                return (tf_text){content.data + start, scan->at - start};
            }
        }
    }
    return (tf_text){content.data + content.length, 0};
}

static bool is_one_of(tf_text op, const char *const *names) {
    for (; *names; names++) {
        if (tf_text_equal(op, tf_text_of(*names))) {
            return true;
        }
    }
    return false;
}

static void copy_to(scanner *scan, size_t end) {
    if (scan->out) {
        tf_buffer_append(scan->out, scan->content.data + scan->copied, end - scan->copied);
    }
    scan->copied = end;
}

static void open_artifact(scanner *scan, wrap wrapped) {
    copy_to(scan, scan->operand_start);
    if (scan->out) {
        tf_buffer_append_text(scan->out,
                              scan->operand_start >= scan->foot_from
                                  ? "/Artifact << /Type /Pagination /Subtype /Footer >> BDC\n"
                                  : "/Artifact BMC\n");
    }
    scan->wrapped = wrapped;
}

static void close_artifact(scanner *scan) {
    copy_to(scan, scan->at);
    if (scan->out) {
        tf_buffer_append_text(scan->out, "\nEMC");
    }
    scan->wrapped = NOTHING;
}

static void take_mark(scanner *scan, bool is_begin) {
    if (scan->wrapped) {
        scan->inner_depth += is_begin ? 1 : -1;
    } else {
        scan->depth += is_begin ? 1 : -1;
        scan->last_mark = scan->at;
    }
}

static void take_drawing(scanner *scan, tf_text op) {
    static const char *const starts_path[] = {"m", "re", NULL};
    static const char *const paints[] = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n", NULL};
    static const char *const objects[] = {"Do", "sh", NULL};
    if (!scan->wrapped && scan->depth == 0) {
        if (is_one_of(op, starts_path)) {
            open_artifact(scan, A_PATH);
        } else if (tf_text_equal(op, tf_text_of("BT"))) {
            open_artifact(scan, A_TEXT);
        } else if (is_one_of(op, objects)) {
            open_artifact(scan, A_PATH);
            close_artifact(scan);
        }
    } else if ((scan->wrapped == A_PATH && is_one_of(op, paints)) ||
               (scan->wrapped == A_TEXT && tf_text_equal(op, tf_text_of("ET")))) {
        close_artifact(scan);
    }
}

static tf_status run(scanner *scan, tf_error *error) {
    static const char *const begins[] = {"BDC", "BMC", NULL};
    for (tf_text op = next_operator(scan); op.length; op = next_operator(scan)) {
        if (tf_text_equal(op, tf_text_of("BI"))) {
            return tf_fail(error, TF_INTERNAL, NULL, 0, "a page has an inline image");
        }
        if (is_one_of(op, begins)) {
            take_mark(scan, true);
        } else if (tf_text_equal(op, tf_text_of("EMC"))) {
            take_mark(scan, false);
        } else {
            take_drawing(scan, op);
        }
        if (scan->depth < 0 || scan->inner_depth < 0) {
            break;
        }
    }
    if (scan->depth || scan->inner_depth || scan->wrapped) {
        return tf_fail(error, TF_INTERNAL, NULL, 0, "the marks of a page do not match");
    }
    copy_to(scan, scan->content.length);
    return TF_OK;
}

tf_status tf_artifacts_mark(tf_text content, tf_buffer *out, tf_error *error) {
    scanner look = {.content = content, .foot_from = SIZE_MAX};
    tf_status status = run(&look, error);
    if (!status) {
        scanner mark = {.content = content, .foot_from = look.last_mark, .out = out};
        status = run(&mark, error);
    }
    return status;
}
