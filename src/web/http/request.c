#include "web/http/request.h"

#include "web/http/head.h"

tf_text tf_request_header(const tf_request *request, const char *name) {
    return tf_head_value(request->headers, request->header_count, name);
}
