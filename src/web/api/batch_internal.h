/* What the list of batches and the list of rejects share. */
#ifndef WEB_API_BATCH_INTERNAL_H
#define WEB_API_BATCH_INTERNAL_H

#include "call_internal.h"
#include "intake/batch.h"

/* The largest whole number that every reader of JSON holds exactly (RFC 8259, section 6). */
#define TF_API_MOST_ID 9007199254740991

#define TF_API_BATCH_FIELD                                                                         \
    {                                                                                              \
        .name = "id", .label = "Batch", .help = "The number of the batch.", .kind = TF_FIELD_INT,  \
        .is_required = true, .minimum = 1, .maximum = TF_API_MOST_ID, .example = "1"               \
    }

/* The batch that the field "id" names. */
tf_status tf_api_find_batch(tf_api_call *call, tf_batch *batch_out, tf_error *error);

void tf_api_put_batch(tf_json *json, const tf_batch *batch);

#endif
