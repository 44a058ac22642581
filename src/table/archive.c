#include "trefoil/table/archive.h"

#include "source_internal.h"

#include "trefoil/base/memory.h"
#include "trefoil/base/text.h"

#include <zip.h>

enum { MOST_MEMBERS = 1000000 };

struct tf_archive {
    zip_t *zip;
    char *name;
    uint64_t size; /* of the archive; no member can be stored in more */
    size_t member_count;
    const char **member_names; /* libzip's, or in `replaced_names` where that is not UTF-8 */
    tf_arena *replaced_names;
};

static tf_status fail_zip(const zip_error_t *fault, tf_error *error) {
    int code = zip_error_code_zip(fault);
    switch (code) {
    case ZIP_ER_MEMORY:
        return tf_fail_no_memory(error);
    case ZIP_ER_OPEN:
    case ZIP_ER_READ:
    case ZIP_ER_SEEK:
        return tf_fail(error, TF_IO, NULL, 0, "the file cannot be read: %s",
                       strerror(zip_error_code_system(fault)));
    case ZIP_ER_MULTIDISK:
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the ZIP archive is one part of several; join the parts first");
    case ZIP_ER_NOZIP:
    case ZIP_ER_EOF:
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the ZIP archive ends early; fetch the file again");
    default:
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the ZIP archive is damaged (libzip fault %d); fetch the file again", code);
    }
}

static tf_status fail_not_zip(const char *name, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, name, 0, "this is not a ZIP archive");
}

/* That the file is there and starts as an archive does; nothing is taken from a pipe. */
static tf_status check_file(const char *path, uint64_t *size_out, tf_error *error) {
    int file = -1;
    tf_status status = tf_file_open(path, &file, size_out, error);
    if (status) {
        return status;
    }
    unsigned char head[4];
    size_t length = 0;
    if (*size_out > 0) {
        status = tf_file_read(file, head, sizeof head, &length, error);
    }
    tf_file_close(file);
    if (status) {
        tf_error_set_place(error, path);
        return status;
    }
    return tf_starts_zip(head, length) ? TF_OK : fail_not_zip(path, error);
}

bool tf_archive_is_zip(const char *path) {
    uint64_t size = 0;
    return check_file(path, &size, NULL) == TF_OK;
}

/* Names that are not UTF-8 although the archive says so: every byte beyond ASCII becomes "?". */
static tf_status collect_names(tf_archive *archive, tf_error *error) {
    archive->member_names = tf_alloc(archive->member_count, sizeof *archive->member_names);
    archive->replaced_names = tf_arena_new();
    if (!archive->member_names || !archive->replaced_names) {
        return tf_fail_no_memory(error);
    }
    for (size_t i = 0; i < archive->member_count; i++) {
        const char *name = zip_get_name(archive->zip, i, ZIP_FL_ENC_GUESS);
        if (!name) {
            return fail_zip(zip_get_error(archive->zip), error);
        }
        if (!tf_text_is_utf8(tf_text_of(name))) {
            char *copy = tf_arena_copy_text(archive->replaced_names, name, strlen(name));
            if (!copy) {
                return tf_fail_no_memory(error);
            }
            for (char *at = copy; *at; at++) {
                *at = (unsigned char)*at < 0x80 ? *at : '?';
            }
            name = copy;
        }
        archive->member_names[i] = name;
    }
    return TF_OK;
}

/* Open what `bytes` gives; libzip takes it.  Its stricter checks are not asked for: they refuse
 * the archives of macOS, whose local headers hold a size where the standard wants none.  What
 * matters, each member's length and CRC, is checked as it is read. */
static tf_status open_zip(zip_source_t *bytes, zip_error_t *fault, const char *name, uint64_t size,
                          tf_archive **archive_out, tf_error *error) {
    *archive_out = NULL;
    tf_archive *archive = tf_alloc_zeroed(1, sizeof *archive);
    if (!bytes || !archive) {
        zip_source_free(bytes);
        tf_free(archive);
        return tf_fail_no_memory(error);
    }
    tf_status status = TF_OK;
    archive->zip = zip_open_from_source(bytes, ZIP_RDONLY, fault);
    if (!archive->zip) {
        zip_source_free(bytes);
        status = fail_zip(fault, error);
        goto done;
    }
    archive->size = size;
    archive->name = tf_copy_text(name, strlen(name));
    if (!archive->name) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    archive->member_count = (size_t)zip_get_num_entries(archive->zip, 0);
    if (archive->member_count > MOST_MEMBERS) {
        status = tf_fail(error, TF_BAD_INPUT, NULL, 0,
                         "the ZIP archive has %zu members, more than 1,000,000; split it",
                         archive->member_count);
        goto done;
    }
    status = collect_names(archive, error);
done:
    if (status) {
        tf_error_set_place(error, name);
        tf_archive_close(archive);
        return status;
    }
    *archive_out = archive;
    return TF_OK;
}

tf_status tf_archive_open(const char *path, tf_archive **archive_out, tf_error *error) {
    *archive_out = NULL;
    uint64_t size = 0;
    tf_status status = check_file(path, &size, error);
    if (status) {
        return status;
    }
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *bytes = zip_source_file_create(path, 0, 0, &fault);
    status = open_zip(bytes, &fault, path, size, archive_out, error);
    zip_error_fini(&fault);
    return status;
}

tf_status tf_archive_open_memory(const void *bytes, size_t length, const char *name,
                                 tf_archive **archive_out, tf_error *error) {
    *archive_out = NULL;
    if (!tf_starts_zip(bytes, length)) {
        return fail_not_zip(name, error);
    }
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &fault);
    tf_status status = open_zip(source, &fault, name, length, archive_out, error);
    zip_error_fini(&fault);
    return status;
}

void tf_archive_close(tf_archive *archive) {
    if (archive) {
        if (archive->zip) {
            zip_discard(archive->zip);
        }
        tf_free(archive->member_names);
        tf_arena_free(archive->replaced_names);
        tf_free(archive->name);
        tf_free(archive);
    }
}

size_t tf_archive_member_count(const tf_archive *archive) {
    return archive->member_count;
}

const char *tf_archive_member_name(const tf_archive *archive, size_t index) {
    return archive->member_names[index];
}

typedef struct member {
    zip_file_t *file;
    uint64_t stored; /* bytes that it takes in the archive, at most */
    uint64_t expanded;
} member;

static tf_status read_member(void *context, void *buffer, size_t capacity, size_t *length_out,
                             tf_error *error) {
    member *open = context;
    size_t length = 0;
    tf_status status = TF_OK;
    while (!status && length < capacity) {
        zip_int64_t step = zip_fread(open->file, (char *)buffer + length, capacity - length);
        if (step < 0) {
            status = fail_zip(zip_file_get_error(open->file), error);
            break;
        }
        if (step == 0) {
            break;
        }
        length += (size_t)step;
        open->expanded += (uint64_t)step;
        if (tf_is_decompression_bomb(open->stored, open->expanded)) {
            status = tf_fail_decompression_bomb(error);
        }
    }
    *length_out = length;
    return status;
}

static void close_member(void *context) {
    member *open = context;
    (void)zip_fclose(open->file); /* what it could report was reported by the last read */
    tf_free(open);
}

/* What the archive says of the member; its sizes are claims until it has been read. */
static tf_status look_up(const tf_archive *archive, size_t index, zip_stat_t *claims_out,
                         tf_error *error) {
    const zip_uint64_t needed =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    if (zip_stat_index(archive->zip, index, 0, claims_out) != 0) {
        return fail_zip(zip_get_error(archive->zip), error);
    }
    if ((claims_out->valid & needed) != needed) {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the ZIP archive does not say how the member is stored; fetch it again");
    }
    if (claims_out->encryption_method != ZIP_EM_NONE) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the member is encrypted; unpack the archive with its password first");
    }
    /* libzip knows more methods, but their decoders take as much memory as the file tells them. */
    if (claims_out->comp_method != ZIP_CM_STORE && claims_out->comp_method != ZIP_CM_DEFLATE) {
        return tf_fail(error, TF_UNSUPPORTED, NULL, 0,
                       "the member is compressed by method %d, which is not read; pack it again "
                       "with the ordinary method, Deflate",
                       claims_out->comp_method);
    }
    return TF_OK;
}

tf_status tf_archive_open_member(tf_archive *archive, size_t index, tf_source **source_out,
                                 tf_error *error) {
    *source_out = NULL;
    zip_stat_t claims;
    tf_buffer name;
    tf_buffer_init(&name);
    tf_buffer_append_text(&name, archive->name);
    tf_buffer_append_text(&name, "/");
    tf_buffer_append_text(&name, archive->member_names[index]);
    member *open = NULL;
    tf_status status = tf_buffer_check(&name, error);
    if (!status) {
        status = look_up(archive, index, &claims, error);
    }
    if (status) {
        goto done;
    }
    open = tf_alloc_zeroed(1, sizeof *open);
    if (!open) {
        status = tf_fail_no_memory(error);
        goto done;
    }
    open->file = zip_fopen_index(archive->zip, index, 0);
    if (!open->file) {
        tf_free(open);
        status = fail_zip(zip_get_error(archive->zip), error);
        goto done;
    }
    open->stored = claims.comp_size < archive->size ? claims.comp_size : archive->size;
    status = tf_source_open_stream((tf_stream){read_member, close_member, open}, claims.size,
                                   name.data, source_out, error);
done:
    if (status) {
        tf_error_set_place(error, name.data);
    }
    tf_buffer_deinit(&name);
    return status;
}
