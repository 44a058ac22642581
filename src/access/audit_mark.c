#include "audit_mark.h"

#include "trefoil/base/date.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

void tf_audit_mark_path(const char *db_path, tf_buffer *path_out) {
    tf_buffer_format(path_out, "%s.mark", db_path);
}

/* ---- as a text ---- */

#define FIRST_LINE "Trefoil audit mark, version 1: how far the audit of the database has come\n"

/* Numbers have a fixed width, so that a mark that moves takes the place of the earlier one. */
enum {
    NUMBER_WIDTH = 20,
    NAME_WIDTH = 8,
    HASH_DIGITS = 2 * TF_HASH_SIZE,
    PLACE_LINE = NAME_WIDTH + NUMBER_WIDTH + 1 + HASH_DIGITS + 1,
    LAST_AT = sizeof FIRST_LINE - 1,
    DURABLE_AT = LAST_AT + PLACE_LINE,
    BOOTED_AT = DURABLE_AT + PLACE_LINE,
    MAC_AT = BOOTED_AT + NAME_WIDTH + NUMBER_WIDTH + 1,
    MAC_LINE = NAME_WIDTH + HASH_DIGITS + 1,
};

static_assert(MAC_AT + MAC_LINE == TF_AUDIT_MARK_TEXT_SIZE,
              "the size of the text is that of its lines");

/* The line that authenticates those before it. */
static void format_mac(const char *text, const uint8_t key[TF_KEY_SIZE],
                       char line_out[MAC_LINE + 1]) {
    uint8_t mac[TF_HASH_SIZE];
    char digits[HASH_DIGITS + 1];
    tf_secret_hash(key, text, MAC_AT, mac);
    tf_hex_write(mac, sizeof mac, digits);
    snprintf(line_out, MAC_LINE + 1, "mac     %s\n", digits);
}

void tf_audit_mark_format(const tf_audit_mark *mark, const uint8_t key[TF_KEY_SIZE],
                          char text_out[TF_AUDIT_MARK_TEXT_SIZE + 1]) {
    char last[HASH_DIGITS + 1], durable[HASH_DIGITS + 1];
    tf_hex_write(mark->last.hash, TF_HASH_SIZE, last);
    tf_hex_write(mark->durable.hash, TF_HASH_SIZE, durable);
    snprintf(text_out, TF_AUDIT_MARK_TEXT_SIZE + 1,
             FIRST_LINE "last    %-20lld %s\ndurable %-20lld %s\nbooted  %-20lld\n",
             (long long)mark->last.entry_id, last, (long long)mark->durable.entry_id, durable,
             (long long)mark->booted_at);
    format_mac(text_out, key, text_out + MAC_AT);
}

static bool read_number(const char *line, int64_t *number_out) {
    return tf_parse_int64(tf_text_trim((tf_text){line + NAME_WIDTH, NUMBER_WIDTH}), number_out);
}

static bool read_place(const char *line, tf_audit_place *place_out) {
    return read_number(line, &place_out->entry_id) &&
           tf_hex_read(line + NAME_WIDTH + NUMBER_WIDTH + 1, TF_HASH_SIZE, place_out->hash);
}

static bool read_text(const char *text, size_t length, const uint8_t key[TF_KEY_SIZE],
                      tf_audit_mark *mark_out) {
    char line[MAC_LINE + 1];
    if (length != TF_AUDIT_MARK_TEXT_SIZE) {
        return false;
    }
    format_mac(text, key, line);
    return tf_secret_equal((const uint8_t *)text + MAC_AT, (const uint8_t *)line, MAC_LINE) &&
           read_place(text + LAST_AT, &mark_out->last) &&
           read_place(text + DURABLE_AT, &mark_out->durable) &&
           read_number(text + BOOTED_AT, &mark_out->booted_at);
}

/* ---- when the machine was started ---- */

/* Both clocks are slewed alike, so that this is the same until the machine is started anew or its
 * clock is set, which is then taken for it. */
static int64_t find_booted_at(void) {
    struct timespec since;
    int64_t now = tf_instant_now();
    if (clock_gettime(CLOCK_BOOTTIME, &since)) {
        return 0;
    }
    return now - ((int64_t)since.tv_sec * 1000000 + since.tv_nsec / 1000);
}

static bool is_of_this_boot(const tf_audit_mark *mark) {
    enum { TOLERANCE = 1000000 }; /* microseconds; no machine starts anew in less */
    int64_t apart = find_booted_at() - mark->booted_at;
    return apart < TOLERANCE && apart > -TOLERANCE;
}

const tf_audit_place *tf_audit_mark_proved(const tf_audit_mark *mark) {
    return is_of_this_boot(mark) ? &mark->last : &mark->durable;
}

/* ---- the file ---- */

static tf_status fail_at(const char *path, const char *what, int fault, tf_error *error) {
    return tf_fail(error, TF_IO, path, 0,
                   "the mark of the audit cannot be %s: %s; it is the server's user that must be "
                   "able to read and write it, and its folder",
                   what, strerror(fault));
}

static tf_status fail_damaged(tf_status status, const char *path, tf_error *error) {
    return tf_fail(error, status, path, 0,
                   "the mark of the audit is not what was written with the site's key: it is "
                   "damaged, was changed, or is of another site; run 'trefoil audit verify' with a "
                   "head that was kept elsewhere, and remove the file if the audit is sound");
}

static tf_status make_path(const char *db_path, char path_out[PATH_SIZE], tf_error *error) {
    /* No buffer: after a commit nothing must fail for want of memory. */
    return snprintf(path_out, PATH_SIZE, "%s.mark", db_path) < PATH_SIZE
               ? TF_OK
               : tf_fail(error, TF_BAD_INPUT, db_path, 0, "the name is too long; name another");
}

static bool lock(int file, int how) {
    int result;
    while ((result = flock(file, how)) != 0 && errno == EINTR) {
    }
    return result == 0;
}

/* As SQLite does with its own files, that the server can use what the administrator made. */
static void give_to_owner(int file, const char *db_path) {
    struct stat facts, of_db;
    if (geteuid() == 0 && fstat(file, &facts) == 0 && facts.st_size == 0 &&
        stat(db_path, &of_db) == 0) {
        (void)!fchown(file, of_db.st_uid, of_db.st_gid);
    }
}

/* Open and lock it; -1 with TF_OK where there is none. */
static tf_status open_locked(const char *path, const char *db_path, bool for_writing, int lock_kind,
                             int *file_out, tf_error *error) {
    int flags = (for_writing ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW;
    int file = open(path, flags);
    if (file < 0 && errno == ENOENT && for_writing) {
        /* Not at once, as it takes longer where there is a file. */
        file = open(path, flags | O_CREAT, S_IRUSR | S_IWUSR);
    }
    *file_out = file;
    if (file < 0) {
        return errno == ENOENT && !for_writing
                   ? TF_OK
                   : fail_at(path, for_writing ? "written" : "read", errno, error);
    }
    if (!lock(file, lock_kind)) {
        int fault = errno;
        close(file);
        *file_out = -1;
        return fail_at(path, "locked", fault, error);
    }
    if (for_writing) {
        give_to_owner(file, db_path);
    }
    return TF_OK;
}

/* `damaged` is what to fail with where it is not authentic. */
static tf_status read_locked(int file, const char *path, const uint8_t key[TF_KEY_SIZE],
                             tf_status damaged, tf_audit_mark *mark_out, tf_error *error) {
    char text[TF_AUDIT_MARK_TEXT_SIZE + 1];
    ssize_t length = pread(file, text, sizeof text, 0);
    if (length < 0) {
        return fail_at(path, "read", errno, error);
    }
    mark_out->is_there = length > 0;
    return length == 0 || read_text(text, (size_t)length, key, mark_out)
               ? TF_OK
               : fail_damaged(damaged, path, error);
}

static tf_status read_mark(const char *db_path, const uint8_t key[TF_KEY_SIZE], bool for_writing,
                           tf_audit_mark *mark_out, tf_error *error) {
    *mark_out = (tf_audit_mark){0};
    char path[PATH_SIZE];
    int file = -1;
    tf_status status = make_path(db_path, path, error);
    if (!status) {
        status = open_locked(path, db_path, for_writing, LOCK_SH, &file, error);
    }
    if (file >= 0) {
        status = read_locked(file, path, key, for_writing ? TF_IO : TF_BAD_INPUT, mark_out, error);
        close(file);
    }
    return status;
}

tf_status tf_audit_mark_read(const char *db_path, const uint8_t key[TF_KEY_SIZE],
                             tf_audit_mark *mark_out, tf_error *error) {
    return read_mark(db_path, key, false, mark_out, error);
}

tf_status tf_audit_mark_begin(const char *db_path, const uint8_t key[TF_KEY_SIZE],
                              tf_audit_mark *mark_out, tf_error *error) {
    return read_mark(db_path, key, true, mark_out, error);
}

/* Whether it moved. */
static bool move(tf_audit_mark *mark, const tf_audit_place *to, bool is_durable) {
    bool is_further = to->entry_id > tf_audit_mark_proved(mark)->entry_id;
    bool is_more_durable = is_durable && to->entry_id > mark->durable.entry_id;
    if (is_further) {
        mark->last = *to;
        mark->booted_at = find_booted_at();
    }
    if (is_more_durable) {
        mark->durable = *to;
    }
    return is_further || is_more_durable;
}

tf_status tf_audit_mark_move(const char *db_path, const uint8_t key[TF_KEY_SIZE],
                             const tf_audit_place *to, bool is_durable, tf_error *error) {
    tf_audit_mark mark = {0};
    char path[PATH_SIZE];
    char text[TF_AUDIT_MARK_TEXT_SIZE + 1];
    int file = -1;
    tf_status status = make_path(db_path, path, error);
    if (!status) {
        status = open_locked(path, db_path, true, LOCK_EX, &file, error);
    }
    if (file < 0) {
        return status;
    }
    status = read_locked(file, path, key, TF_IO, &mark, error);
    if (!status && move(&mark, to, is_durable)) {
        tf_audit_mark_format(&mark, key, text);
        ssize_t written = pwrite(file, text, TF_AUDIT_MARK_TEXT_SIZE, 0);
        if (written != TF_AUDIT_MARK_TEXT_SIZE) {
            status = fail_at(path, "written", written < 0 ? errno : ENOSPC, error);
        }
    }
    close(file);
    return status;
}

void tf_audit_mark_remove(const char *db_path) {
    char path[PATH_SIZE];
    if (!make_path(db_path, path, NULL)) {
        (void)unlink(path);
    }
}
