/* A long file that is sealed to a public key: whoever writes it cannot read it again.
 *
 *     "Trefoil backup\n\0"   16 bytes
 *     version                 4 bytes, least first: 1
 *     public key             32 bytes: whom it is sealed to
 *     sealed key             80 bytes: 32 random ones, by crypto_box_seal
 *     stream header          24 bytes
 *     pieces                 each 65,536 bytes and 17 more; the last is shorter and says that it is
 *                            the last
 *
 * The stream's key is the BLAKE2b hash of the first 52 bytes, keyed with the random ones, so that
 * every byte of the file is authenticated; pieces can be neither dropped nor swapped. */
#ifndef ACCESS_SEALED_FILE_INTERNAL_H
#define ACCESS_SEALED_FILE_INTERNAL_H

#include "new_file.h"
#include "secret.h"

enum { TF_SEALED_PIECE_SIZE = 65536 };

typedef struct tf_sealed_writer tf_sealed_writer;
typedef struct tf_sealed_reader tf_sealed_reader;

/* `file` was begun and outlives the writer. */
tf_status tf_sealed_writer_new(tf_new_file *file, const uint8_t public_key[TF_KEY_SIZE],
                               tf_sealed_writer **writer_out, tf_error *error);
tf_status tf_sealed_write(tf_sealed_writer *writer, const void *bytes, size_t length,
                          tf_error *error);

/* Write the last piece; *size_out is the size of the whole file. */
tf_status tf_sealed_finish(tf_sealed_writer *writer, int64_t *size_out, tf_error *error);
void tf_sealed_writer_free(tf_sealed_writer *writer); /* accepts NULL; forgets what it held */

/* Errors, here and when reading: TF_NOT_FOUND; TF_IO; TF_BAD_INPUT for a file that is none, is
 * sealed to another key, is cut off or damaged; TF_UNSUPPORTED for a newer version. */
tf_status tf_sealed_reader_open(const char *path, const uint8_t public_key[TF_KEY_SIZE],
                                const uint8_t secret_key[TF_KEY_SIZE],
                                tf_sealed_reader **reader_out, tf_error *error);

/* Exactly `length` bytes: fewer are a fault. */
tf_status tf_sealed_read(tf_sealed_reader *reader, void *bytes_out, size_t length, tf_error *error);

/* Make sure that all has been read. */
tf_status tf_sealed_read_end(tf_sealed_reader *reader, tf_error *error);
int64_t tf_sealed_reader_size(const tf_sealed_reader *reader); /* bytes of the file read so far */
void tf_sealed_reader_close(tf_sealed_reader *reader); /* accepts NULL; forgets what it held */

#endif
