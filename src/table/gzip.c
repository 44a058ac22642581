#include "gzip_internal.h"

#include "trefoil/base/memory.h"

#include <inttypes.h>
#include <string.h>
#include <zlib.h>

enum {
    INPUT_SIZE = 256 * 1024,
    LARGEST_STEP = 1 << 30, /* zlib counts in unsigned int */
    GZIP_ONLY = 16,         /* added to the window bits: neither zlib's own format nor raw */
};

typedef enum position { IN_MEMBER, BETWEEN_MEMBERS, IN_PADDING, AT_END } position;

struct tf_gzip {
    tf_stream stored;
    z_stream zlib;
    position position;
    uint64_t fetched; /* bytes taken from `stored`, decoded or waiting in `input` */
    uint64_t decoded;
    unsigned char input[INPUT_SIZE];
};

static void *allocate(void *unused, unsigned count, unsigned size) {
    (void)unused;
    return tf_alloc(count, size);
}

static void release(void *unused, void *memory) {
    (void)unused;
    tf_free(memory);
}

tf_gzip *tf_gzip_new(tf_stream stored) {
    tf_gzip *gzip = tf_alloc(1, sizeof *gzip);
    if (!gzip) {
        return NULL;
    }
    gzip->stored = stored;
    gzip->zlib = (z_stream){.zalloc = allocate, .zfree = release, .next_in = gzip->input};
    gzip->position = IN_MEMBER;
    gzip->fetched = 0;
    gzip->decoded = 0;
    if (inflateInit2(&gzip->zlib, MAX_WBITS + GZIP_ONLY) != Z_OK) {
        tf_free(gzip);
        return NULL;
    }
    return gzip;
}

void tf_gzip_free(tf_gzip *gzip) {
    if (gzip) {
        (void)inflateEnd(&gzip->zlib);
        tf_free(gzip);
    }
}

/* Stored bytes that are decoded already. */
static uint64_t bytes_used(const tf_gzip *gzip) {
    return gzip->fetched - gzip->zlib.avail_in;
}

/* Keep what waits in `input` and fetch more behind it; at the end nothing is added. */
static tf_status refill(tf_gzip *gzip, tf_error *error) {
    size_t waiting = gzip->zlib.avail_in;
    memmove(gzip->input, gzip->zlib.next_in, waiting);
    size_t length = 0;
    tf_status status = gzip->stored.read(gzip->stored.context, gzip->input + waiting,
                                         sizeof gzip->input - waiting, &length, error);
    gzip->zlib.next_in = gzip->input;
    gzip->zlib.avail_in = (unsigned)(waiting + length);
    gzip->fetched += length;
    return status;
}

static tf_status fail_early_end(const tf_gzip *gzip, tf_error *error) {
    return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                   "the gzip data ends early, after %" PRIu64 " bytes; fetch the file again",
                   gzip->fetched);
}

/* Decode within one member, into `length_out` of at most `capacity` bytes. */
static tf_status decode(tf_gzip *gzip, unsigned char *buffer, size_t capacity, size_t *length_out,
                        tf_error *error) {
    *length_out = 0;
    if (gzip->zlib.avail_in == 0) {
        tf_status status = refill(gzip, error);
        if (status) {
            return status;
        }
        if (gzip->zlib.avail_in == 0) {
            return fail_early_end(gzip, error);
        }
    }
    unsigned step = capacity < LARGEST_STEP ? (unsigned)capacity : LARGEST_STEP;
    gzip->zlib.next_out = buffer;
    gzip->zlib.avail_out = step;
    int outcome = inflate(&gzip->zlib, Z_NO_FLUSH);
    *length_out = step - gzip->zlib.avail_out;
    gzip->decoded += *length_out;
    if (tf_is_decompression_bomb(bytes_used(gzip), gzip->decoded)) {
        return tf_fail_decompression_bomb(error);
    }
    switch (outcome) {
    case Z_STREAM_END:
        gzip->position = BETWEEN_MEMBERS;
        return TF_OK;
    case Z_OK:
    case Z_BUF_ERROR: /* it wants more of either; the next call gives it */
        return TF_OK;
    case Z_MEM_ERROR:
        return tf_fail_no_memory(error);
    default:
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "the gzip data is damaged near byte %" PRIu64 "; fetch the file again",
                       bytes_used(gzip));
    }
}

/* Decide what follows a member: another one, the end, or padding up to it (tar writes that). */
static tf_status look_behind_member(tf_gzip *gzip, tf_error *error) {
    if (gzip->zlib.avail_in < 2) {
        tf_status status = refill(gzip, error);
        if (status) {
            return status;
        }
    }
    const unsigned char *next = gzip->zlib.next_in;
    if (gzip->zlib.avail_in == 0) {
        gzip->position = AT_END;
    } else if (next[0] == 0) {
        gzip->position = IN_PADDING;
    } else if (gzip->zlib.avail_in >= 2 && next[0] == 0x1F && next[1] == 0x8B) {
        gzip->position = IN_MEMBER;
        (void)inflateReset(&gzip->zlib);
    } else {
        return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                       "other bytes follow the gzip data, from byte %" PRIu64
                       " on; fetch the file again",
                       bytes_used(gzip));
    }
    return TF_OK;
}

static tf_status skip_padding(tf_gzip *gzip, tf_error *error) {
    while (gzip->zlib.avail_in) {
        if (*gzip->zlib.next_in != 0) {
            return tf_fail(error, TF_BAD_INPUT, NULL, 0,
                           "other bytes follow the gzip data and its padding, from byte %" PRIu64
                           " on; fetch the file again",
                           bytes_used(gzip));
        }
        gzip->zlib.next_in++;
        gzip->zlib.avail_in--;
    }
    tf_status status = refill(gzip, error);
    if (!status && gzip->zlib.avail_in == 0) {
        gzip->position = AT_END;
    }
    return status;
}

tf_status tf_gzip_read(tf_gzip *gzip, void *buffer, size_t capacity, size_t *length_out,
                       tf_error *error) {
    size_t length = 0;
    tf_status status = TF_OK;
    while (!status && length < capacity && gzip->position != AT_END) {
        switch (gzip->position) {
        case IN_MEMBER: {
            size_t step;
            status =
                decode(gzip, (unsigned char *)buffer + length, capacity - length, &step, error);
            length += step;
            break;
        }
        case BETWEEN_MEMBERS:
            status = look_behind_member(gzip, error);
            break;
        case IN_PADDING:
            status = skip_padding(gzip, error);
            break;
        case AT_END:
            break;
        }
    }
    *length_out = length;
    return status;
}
