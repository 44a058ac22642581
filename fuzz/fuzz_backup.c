/* The reader of backups.  A first byte that is even: the rest is a file as somebody might hand it
 * in. Odd: the rest is sealed rightly, so that what is within is read: the manifest and the
 * database. */
#include "access/backup.h"
#include "access/backup_key.h"
#include "access/sealed_file_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char key_path[] = "/tmp/trefoil-fuzz-XXXXXX";

static void remove_key(void) {
    (void)unlink(key_path);
}

/* The same key in every run, or a seed of an earlier one would never open. */
static void write_key(void) {
    int file = mkstemp(key_path);
    FILE *stream = file < 0 ? NULL : fdopen(file, "w");
    if (!stream || tf_secret_begin(NULL) ||
        fprintf(stream,
                "Trefoil backup key, version 1: it opens every backup; keep it elsewhere\n%064d\n",
                1) < 0 ||
        fclose(stream) || atexit(remove_key)) {
        abort();
    }
}

static void seal(int file, const uint8_t *data, size_t size) {
    uint8_t public_key[TF_KEY_SIZE];
    uint8_t secret_key[TF_KEY_SIZE];
    tf_new_file target = {.path = "sealed", .file = file};
    tf_sealed_writer *writer = NULL;
    int64_t length;
    if (tf_backup_key_load(key_path, public_key, secret_key, NULL) ||
        tf_sealed_writer_new(&target, public_key, &writer, NULL) ||
        tf_sealed_write(writer, data, size, NULL) || tf_sealed_finish(writer, &length, NULL)) {
        abort();
    }
    tf_sealed_writer_free(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static bool has_key;
    if (!has_key) {
        write_key();
        has_key = true;
    }
    int file = memfd_create("backup", MFD_CLOEXEC);
    if (file < 0) {
        abort();
    }
    if (size && (data[0] & 1)) {
        seal(file, data + 1, size - 1);
    } else if (size && write(file, data + 1, size - 1) != (ssize_t)size - 1) {
        abort();
    }
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    tf_backup_facts facts;
    tf_error error;
    tf_status status = tf_backup_verify(path, key_path, "/tmp", &facts, &error);
    if (status ? error.message[0] == '\0'
               : facts.database_size < 512 || facts.file_size <= facts.database_size) {
        abort();
    }
    close(file);
    return 0;
}
