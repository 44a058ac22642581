#ifndef WEB_HTTP_ROUTE_INTERNAL_H
#define WEB_HTTP_ROUTE_INTERNAL_H

#include "web/http/route.h"

/* Put the segments of a path, as sent, into the fields that the route's path names. */
tf_status tf_route_take_path(const tf_route *route, tf_text path, tf_form *form, tf_arena *arena,
                             tf_error *error);

#endif
