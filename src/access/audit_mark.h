/* The mark: how far the audit has come, in a small file beside the database.
 *
 * The record of the chain's end stands in the database, and one of an earlier day is as authentic
 * as that of today: whoever writes to the database alone can cut entries off and put back the
 * record that was there before them.  The mark is what they do not reach.  It only moves forward,
 * right after each commit of entries; one that lags, because the program was killed in between,
 * proves less and accuses nobody.
 *
 * A commit that did not wait for the disk may be lost with the power, while the mark of it is not.
 * So the mark has two places: of the last entry, which holds until the machine is started anew, and
 * of the last entry that the disk has for certain, which always holds. */
#ifndef ACCESS_AUDIT_MARK_H
#define ACCESS_AUDIT_MARK_H

#include "secret.h"

#include "trefoil/base/text.h"

/* An entry and its hash; the number 0 is before the first. */
typedef struct tf_audit_place {
    int64_t entry_id;
    uint8_t hash[TF_HASH_SIZE];
} tf_audit_place;

typedef struct tf_audit_mark {
    bool is_there;          /* an empty file is none */
    tf_audit_place last;    /* the last entry that was committed */
    tf_audit_place durable; /* the last of which the disk was waited for */
    int64_t booted_at;      /* when the machine was started on which `last` was committed */
} tf_audit_mark;

/* Append the path of the mark of a database: its own with ".mark" behind it. */
void tf_audit_mark_path(const char *db_path, tf_buffer *path_out);

/* Errors: TF_BAD_INPUT for a mark that was not written with the key; TF_IO.  That there is none is
 * no error. */
tf_status tf_audit_mark_read(const char *db_path, const uint8_t key[TF_KEY_SIZE],
                             tf_audit_mark *mark_out, tf_error *error);

/* The same for who is going to move it: makes sure that it can be written to.  Errors: TF_IO alone,
 * as whoever is at work when it is found is not to blame. */
tf_status tf_audit_mark_begin(const char *db_path, const uint8_t key[TF_KEY_SIZE],
                              tf_audit_mark *mark_out, tf_error *error);

/* Move the mark to an entry that has been committed, unless it is there or further already; made if
 * there is none.  Several programs may do so at once.  Errors: TF_IO. */
tf_status tf_audit_mark_move(const char *db_path, const uint8_t key[TF_KEY_SIZE],
                             const tf_audit_place *to, bool is_durable, tf_error *error);

/* What the audit must reach: the mark's last entry, or, where the machine was started anew since,
 * its last durable one. */
const tf_audit_place *tf_audit_mark_proved(const tf_audit_mark *mark);

/* Take away the mark of a database that is not there any more, or whose key is not. */
void tf_audit_mark_remove(const char *db_path);

/* The bytes of the file: lines of text of a fixed length, the last of which authenticates the
 * others. */
enum { TF_AUDIT_MARK_TEXT_SIZE = 364 };
void tf_audit_mark_format(const tf_audit_mark *mark, const uint8_t key[TF_KEY_SIZE],
                          char text_out[TF_AUDIT_MARK_TEXT_SIZE + 1]);

#endif
